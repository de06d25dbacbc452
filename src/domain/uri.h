/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_URI_H
#define TLSTALLY_DOMAIN_URI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * The URIs of rua (RFC 8460 3): mailto (RFC 6068) and https (RFC 3986).
 */

enum uri_scheme {
	URI_NONE = 0, /* it has none, so it is no URI */
	URI_MAILTO,
	URI_HTTPS,
	URI_HTTP, /* not allowed for reports, and often written */
	URI_OTHER
};

/* Parts of a text; spans are within it.  What is not there is empty. */
struct uri {
	enum uri_scheme scheme;
	struct span scheme_name; /* as written, without ":" */
	/* mailto: the mailbox up to "?", split at the last "@". */
	struct span local;
	struct span host;  /* of both; brackets of an IPv6 address included */
	struct span query; /* behind "?" */
	bool has_at;	   /* mailto has an "@", https user information */
	bool has_query;
	/* https only */
	struct span userinfo;
	struct span port;   /* digits, or what stands there */
	struct span path;   /* with its "/" */
	bool has_authority; /* begins with "//"; a fault in mailto */
	bool has_port;
	bool has_fragment;
	size_t fragment; /* where "#" is in the text */
};

/* Takes text apart, whatever it is. */
void uri_split(struct span text, struct uri *uri);

/* The place of the first octet that no URI may hold (RFC 3986 2), or of a "%"
 * without two hexadecimal digits, or of one of "!" "," ";", which RFC 8460 3
 * wants encoded; text.len if there is none. */
size_t uri_bad_octet(struct span text);

/* Undoes percent-encoding; the result may hold any octet. */
struct span uri_decode(struct arena *arena, struct span text);

/* True for a dot-atom (RFC 5322 3.2.3) of at most 64 octets (RFC 5321), as the
 * local part of a mailbox; quoted strings are not taken. */
bool uri_is_dot_atom(struct span local);

/* The port of an https URI: 443 without one, 0 if it is none. */
uint16_t uri_port(const struct uri *uri);

/* The URI with all encoded that RFC 3986, 6068 and 8460 want encoded in an rua
 * list: "!" "," ";" and octets that no URI may hold.  "%" and two digits stay
 * as they are.  In a mailto URI, what stands in front of the last "@" is a
 * local part, in which "?", "#", "/" and the like are encoded too: so no
 * header fields are possible.  The scheme becomes lower case. */
const char *uri_encode(struct arena *arena, struct span text);

#endif
