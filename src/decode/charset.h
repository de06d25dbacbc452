/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_CHARSET_H
#define TLSTALLY_DECODE_CHARSET_H

#include "base/span.h"

/*
 * Character sets of header text.  There is no iconv(3): it would read files
 * where the decoder has none.
 */
enum charset {
	CHARSET_UTF8 = 0,     /* US-ASCII too, which is often said of UTF-8 */
	CHARSET_WINDOWS_1252, /* ISO-8859-1 too, but for its 32 controls */
	CHARSET_UNKNOWN	      /* only its ASCII can be read */
};

/* How many bytes one byte may become. */
#define CHARSET_GROWTH 3

/* The set that name means; "" is UTF-8. */
enum charset charset_parse(struct span name);

/* Writes bytes as UTF-8 to out, at most CHARSET_GROWTH times as many, and
 * returns where they end.  A NUL, and what cannot be decoded, is U+FFFD. */
char *charset_decode(enum charset charset, struct span bytes, char *out);

#endif
