/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_UTF8_H
#define TLSTALLY_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* UTF-8 (RFC 3629): no overlong forms, no surrogates, up to U+10FFFF. */

/* The bytes of the longest code point. */
#define UTF8_MAX 4

/* Stands for what could not be decoded, U+FFFD. */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"

/* Decodes the code point at p, of len bytes (len > 0).  Returns how many
 * bytes it takes and sets *cp; an invalid sequence takes 1 byte and gives
 * UINT32_MAX. */
size_t utf8_decode(const char *p, size_t len, uint32_t *cp);

/* Writes cp (a valid code point) and returns how many bytes it took. */
size_t utf8_encode(uint32_t cp, char out[UTF8_MAX]);

/* Returns how many bytes from the start of p are ASCII; len if all. */
size_t utf8_ascii_prefix(const char *p, size_t len);

/* Returns how many bytes from the start of p are valid UTF-8; len if all. */
size_t utf8_valid_prefix(const char *p, size_t len);

/* Returns len, less the bytes of a sequence that the end of p cuts in two:
 * for a text that was cut to fit a buffer. */
size_t utf8_whole_prefix(const char *p, size_t len);

/* True if there is a control character in p: C0, DEL, or C1 in UTF-8. */
bool utf8_has_control(const char *p, size_t len);

/* Returns how many columns a terminal gives to cp: 0 for combining marks
 * and controls, 2 for wide East Asian and emoji, else 1. */
int utf8_columns(uint32_t cp);

/* True for what must never reach a terminal, a log or a page as it is: C0,
 * DEL, C1, the bidi marks, embeddings, overrides and isolates, the line and
 * paragraph separators, invisible formatting, noncharacters and tags. */
bool utf8_is_dangerous(uint32_t cp);

#endif
