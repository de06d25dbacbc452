/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_RESOLVER_H
#define TLSTALLY_BASE_RESOLVER_H

#include <stdbool.h>

/*
 * A resolver as people name it: "192.0.2.1", "2001:db8::1" or "[2001:db8::1]",
 * and behind "@" a port that is not 53.  No names and no zones.
 */

/* Room for an address, "@", a port and NUL. */
#define RESOLVER_SIZE 56

/* Writes the resolver in its shortest form, without brackets.  False if the
 * text names none. */
bool resolver_parse(const char *text, char out[RESOLVER_SIZE]);

#endif
