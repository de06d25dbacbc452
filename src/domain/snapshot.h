/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_SNAPSHOT_H
#define TLSTALLY_DOMAIN_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "domain/facts.h"
#include "domain/summary.h"

/*
 * What is worth remembering of a domain from one look to the next: its
 * records, its policy, and how long its certificates are good.  Two are kept
 * of each domain: what was last known, and what somebody has accepted; what
 * differs is told (compare.h).
 *
 * What could not be looked at is THING_NEVER in a look, and leaves what is
 * remembered as it is: a server that fails removes nothing.
 *
 * Strings are printable ASCII and never NULL, where no comment allows it;
 * times are seconds since 1970.  A zeroed snapshot knows nothing, but its
 * strings must be made by snapshot_clear.
 */

enum thing_state {
	THING_NEVER = 0, /* not known */
	THING_ABSENT,
	THING_GOOD,
	THING_BROKEN, /* there, and of no use */
	THING_SEVERAL /* more than one: senders must ignore them all */
};

/* Names, each once, in alphabetical order; aliases in the order in which they
 * lead on. */
struct thing_names {
	const char **list;
	size_t n;
};

/* As many aliases, destinations, patterns or hosts are kept of one thing. */
#define SNAPSHOT_NAMES_MAX ((size_t)100)

/* A snapshot in bytes: more than one of full lists of the longest texts takes,
 * so that no domain is too large to be remembered. */
#define SNAPSHOT_BYTES_MAX ((size_t)2 << 20)

/* Looks in a row that must miss a thing before it counts as gone, unless one
 * of them is certain of it. */
#define SNAPSHOT_MISSES 2

/* A TXT record: that of TLS-RPT, or of MTA-STS. */
struct thing_record {
	enum thing_state state;
	const char *text; /* as published; the id, of a good one of MTA-STS */
	struct thing_names aliases;
	struct thing_names destinations; /* of TLS-RPT */
	bool secure;			 /* by DNSSEC */
	unsigned missed; /* looks in a row that did not find it */
	/* Of a look alone, and not remembered: */
	bool certain;	 /* it is absent by the word of its own servers */
	bool bogus;	 /* unknown, for signatures that do not fit */
	const char *why; /* unknown, and why; or NULL */
};

struct thing_policy {
	enum thing_state state;
	enum sts_mode mode;
	/* First seen in that mode, without a break; of a policy that is gone or
	 * broken, when it was last seen, in the mode and with the max_age of
	 * then. */
	int64_t mode_since;
	int64_t max_age;
	struct thing_names mx;
	const unsigned char *sha256; /* of the body; NULL without one */
	/* The body that was first seen under the id of now: whoever has that
	 * one does not ask for another.  NULL without one. */
	const unsigned char *first;
	unsigned missed; /* looks in a row that could not have it */
	/* Of a look alone: */
	const char *why; /* it is broken or unknown, and why; or NULL */
};

/* When a certificate ends. */
struct thing_cert {
	const char *host;
	int64_t not_after;
};

struct snapshot {
	int64_t at; /* the latest look; TIME_NONE: none yet */
	struct thing_record tlsrpt;
	struct thing_record sts;
	struct thing_policy policy;
	struct thing_names dane; /* MX hosts whose TLSA records count */
	struct thing_cert *certs;
	size_t ncerts;
	/* Of a look alone: */
	struct thing_names no_dane; /* MX hosts that have none that count */
	bool lying;		    /* the resolver strips DNSSEC */
};

/* Makes it one that knows nothing. */
void snapshot_clear(struct snapshot *s);

/* Takes what is to be remembered from a look at a domain.  It shares the
 * summary's memory, and the arena's. */
void snapshot_look(struct snapshot *look, struct arena *arena,
    const struct domain_summary *summary);

/* Makes of what was known before, and of a look, what is known now.  A thing
 * that is missing is gone when the look is certain of it, or after
 * SNAPSHOT_MISSES looks that missed it; so is a policy that was to be had.
 * Shares the memory of both. */
void snapshot_merge(struct snapshot *now, struct arena *arena,
    const struct snapshot *before, const struct snapshot *look);

/* Takes over into what is accepted what nobody needs to accept: what was not
 * known before and is good, and what DNSSEC has come to protect. */
void snapshot_adopt(
    struct snapshot *accepted, struct arena *arena, const struct snapshot *now);

/* Accepts all of what is known now. */
void snapshot_accept(struct snapshot *accepted, struct snapshot *now);

/* What whoever looks next should know of the policy; past is added to. */
void snapshot_past(const struct snapshot *known, struct past_facts *past);

/* True if the list holds the name. */
bool thing_names_have(const struct thing_names *names, const char *name);

/* Sorts, and drops what is there twice. */
void thing_names_sort(struct thing_names *names);

/* ---- as bytes, for the store ---- */

/* Appends to b.  Returns 0, or -1 if it is over the cap of b. */
int snapshot_pack(struct buf *b, const struct snapshot *s);

/* Reads what snapshot_pack wrote, which the snapshot borrows.  Returns 0, or
 * -1 for anything else, be it damaged, of another version, or written by a
 * machine of another byte order. */
int snapshot_unpack(
    struct snapshot *s, struct arena *arena, const void *p, size_t len);

#endif
