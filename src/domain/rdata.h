/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_RDATA_H
#define TLSTALLY_DOMAIN_RDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/* The data of DNS records as they come in an answer, names uncompressed. */

/* Joins the strings of TXT data, each behind its length, without anything
 * between them (RFC 8460 3).  Sets *text, and *strings to their number, if it
 * is not NULL.  Returns 0, or -1 if the data are cut; *text then holds what is
 * there. */
int rdata_txt(
    struct arena *arena, struct span rdata, struct span *text, size_t *strings);

/* Puts a text into TXT data: in strings of 255 octets. */
struct span rdata_txt_make(struct arena *arena, struct span text);

/* Reads data that are a name, as those of a CNAME: text without a final dot,
 * "." for the root; odd octets of labels, and dots in them, are written as
 * \DDD.  Returns 0 or -1. */
int rdata_name(struct arena *arena, struct span rdata, const char **name);

/* Reads MX data, the host as rdata_name does. */
int rdata_mx(struct arena *arena, struct span rdata, uint16_t *preference,
    const char **host);

#endif
