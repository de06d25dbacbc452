/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_JAIL_JAIL_H
#define TLSTALLY_JAIL_JAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "report/decoded.h"

/*
 * The only door to the decoder: bytes of a stranger in, a list of reports
 * out.  Behind it the decoder runs in this process today; callers may rely
 * on no more than what is written here, so that it can move away.
 */
struct jail;

struct jail_input {
	const char *bytes; /* borrowed until jail_decode returns */
	size_t len;
	const char *name;	 /* file name of a bare report, or "" */
	int64_t received;	 /* the source's time for the message */
	const char *authserv_id; /* of the source, or "" */
	/* NULL, or a stored report whose JSON the bytes are: what stood around
	 * it then helps to attribute it again; name and authserv_id are not
	 * looked at. */
	const struct report *stored;
};

/* Returns a jail whose decoder holds limits. */
struct jail *jail_new(const struct limits *limits);
void jail_free(struct jail *j);

/* Decodes one message; what comes out lives in arena.  Returns 0: the
 * message was judged, whatever the verdict; or -1 with ERR_TEMPORARY when
 * the jail itself failed and the message should be offered again. */
int jail_decode(struct jail *j, const struct jail_input *in,
    struct arena *arena, struct decoded *out, struct err *err);

/* Looks at some of a message's header fields (Subject, From, Content-Type,
 * Content-Disposition, TLS-Report-...): false if it surely need not be
 * decoded, as it is foreign.  True in doubt, and when the jail cannot tell. */
bool jail_may_be_report(struct jail *j, const char *head, size_t len);

/* Decompresses the original JSON of a report behind what out holds.  Returns
 * 0, or -1 with ERR_DATA, ERR_BOUND or ERR_TEMPORARY. */
int jail_original(struct jail *j, const struct original *original,
    struct buf *out, struct err *err);

/* A library that decodes, and its version. */
struct jail_library {
	const char *name;
	const char *version;
};

/* Fills list with the libraries behind the door. */
#define JAIL_LIBRARIES 3
void jail_libraries(struct jail_library list[JAIL_LIBRARIES]);

#endif
