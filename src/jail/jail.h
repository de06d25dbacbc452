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
 * out.  The decoder runs in processes of its own, which have nothing but
 * these bytes: no files, no network, no other processes (proc/sandbox.h).
 * What comes back is checked again.  A message at which such a process dies,
 * hangs or talks nonsense gets a fault that says so, and the next gets a new
 * process.
 *
 * Messages are given in by jail_ask and come back, in the same order, from
 * jail_answer, and so do originals; the more there are between the two, the
 * better the processes are used.
 */
struct jail;

struct jail_input {
	const char *bytes; /* borrowed until jail_ask returns */
	size_t len;
	const char *name;	 /* file name of a bare report, or "" */
	int64_t received;	 /* what counts when the mail does not tell */
	const char *authserv_id; /* of the source, or "" */
	/* The store's key, under which a report's sum is made; NULL for all
	 * zeros, where nobody asks for the sum. */
	const unsigned char *key;
	/* NULL, or a stored report whose JSON the bytes are: what stood around
	 * it then helps to attribute it again; name and authserv_id are not
	 * looked at. */
	const struct report *stored;
};

/* Makes a jail whose decoders hold limits: up to jobs of them (1 to
 * JOBS_MAX), started when they are needed.  As they are forked, this comes
 * before anything is open or in memory that is not for them: the store, say.
 * Returns 0, or -1 with ERR_TEMPORARY. */
int jail_new(struct jail **out, const struct limits *limits, size_t jobs,
    struct err *err);
void jail_free(struct jail *j);

/* How many processes are of use on this machine, when nobody says. */
size_t jail_usual_jobs(void);

/* Gives in a message.  Returns 0, or -1 with ERR_TEMPORARY when there are no
 * decoders: then no answer will come, neither to this nor to those before
 * it. */
int jail_ask(struct jail *j, const struct jail_input *in, struct err *err);

/* Takes what became of the message that was given in first, waiting for it if
 * need be; it lives in arena.  There must be one.  Returns as jail_ask. */
int jail_answer(
    struct jail *j, struct arena *arena, struct decoded *out, struct err *err);

/* The same for the original of a report, of which the JSON is appended to out.
 * jail_answer_original gets what jail_ask_original got; it returns 0, or -1
 * with ERR_DATA or ERR_BOUND, or with ERR_TEMPORARY as jail_answer. */
int jail_ask_original(
    struct jail *j, const struct original *original, struct err *err);
int jail_answer_original(struct jail *j, const struct original *original,
    struct buf *out, struct err *err);

/* How many of both have been given in and not come back; and true if some
 * should be taken back before more are given in. */
size_t jail_waiting(const struct jail *j);
bool jail_is_full(const struct jail *j);

/* Lets the decoders go on with what was given in, without waiting; for who is
 * busy for long with something else. */
void jail_serve(struct jail *j);

/* jail_ask and jail_answer in one, while nothing else is waiting. */
int jail_decode(struct jail *j, const struct jail_input *in,
    struct arena *arena, struct decoded *out, struct err *err);

/* Looks at some of a message's header fields (Subject, From, Content-Type,
 * Content-Disposition, TLS-Report-...): false if it surely need not be
 * decoded, as it is foreign.  True in doubt, and when the jail cannot tell. */
bool jail_may_be_report(struct jail *j, const char *head, size_t len);

/* Decompresses the original JSON of a report behind what out holds, before all
 * that waits.  Returns 0, or -1 with ERR_DATA, ERR_BOUND or ERR_TEMPORARY. */
int jail_original(struct jail *j, const struct original *original,
    struct buf *out, struct err *err);

/* Why the decoders run without a sandbox, as far as they have started; NULL
 * if they have one. */
const char *jail_unconfined(const struct jail *j);

/* What the sandbox is made of, for people. */
const char *jail_backend(void);

/* A library that decodes, and its version. */
struct jail_library {
	const char *name;
	const char *version;
};

/* Fills list with the libraries behind the door. */
#define JAIL_LIBRARIES 3
void jail_libraries(struct jail_library list[JAIL_LIBRARIES]);

#endif
