/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_RECORD_H
#define TLSTALLY_DOMAIN_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "domain/finding.h"
#include "domain/uri.h"

/*
 * The TLS-RPT record (RFC 8460 3): read with every fault in its place, and
 * made.  Reading never fails: it ends with findings and a verdict.
 */

/* The name in front of the domain. */
#define RECORD_PREFIX  "_smtp._tls"
#define RECORD_VERSION "v=TLSRPTv1"

enum record_verdict {
	RECORD_VALID = 0, /* the grammar holds, and a destination is usable */
	RECORD_WARN,	  /* so it is for a strict sender, but it is doubtful */
	RECORD_INVALID	  /* a strict sender finds no destination */
};

enum tag_kind {
	TAG_VERSION,
	TAG_RUA,
	TAG_EXTENSION, /* well formed; ignored by senders */
	TAG_BAD
};

/* A field, where it stands in the text. */
struct record_tag {
	enum tag_kind kind;
	struct span name;
	struct span value;
	size_t at; /* where the name begins */
};

struct record_destination {
	struct span text; /* as written, within the record */
	size_t at;	  /* where it begins */
	struct uri uri;
	/* The mailbox "local@host", decoded, for mailto; else NULL. */
	const char *mailbox;
	/* The mail domain or host in lower case, without a final dot; "" if
	 * there is none. */
	const char *host;
	bool usable; /* a strict sender can deliver to it */
};

struct record {
	struct span text; /* joined; the arena's, or the caller's */
	enum record_verdict verdict;
	struct record_tag *tags;
	size_t ntags;
	struct record_destination *destinations; /* of all rua fields */
	size_t ndestinations;			 /* RECORD_DESTINATIONS_MAX */
};

/* Reads one text, as if it were the only one at its name.  The subject of the
 * findings is name; their places are in text. */
void record_parse(struct record *record, struct span text, const char *name,
    struct findings *findings);

/* What a text at the record's name is. */
enum record_likeness {
	RECORD_UNRELATED = 0,
	RECORD_OTHER_KIND, /* SPF, DMARC or MTA-STS */
	RECORD_MEANT,	   /* meant as one, but no sender takes it as such */
	RECORD_LOOSE,	   /* legal alone: white space in front of ";" */
	RECORD_STRICT	   /* begins with v=TLSRPTv1; */
};

enum record_likeness record_likeness(struct span text);

/* "SPF", "DMARC", "MTA-STS", or NULL. */
const char *record_other_kind(struct span text);

/* The texts at one name. */
struct record_set {
	size_t strict; /* how many begin with v=TLSRPTv1; */
	/* What a sender finds; if nothing or too much, the first that was
	 * meant as a record.  text.p is NULL if there is none at all. */
	struct record record;
	enum record_verdict verdict;
	bool present; /* something was meant as a record */
};

/* Reads the n texts of a TXT RRset: selects by RFC 8460 3, then reads.  What
 * is missing altogether is left to the caller, who knows why. */
void record_read(struct record_set *set, const struct span *texts, size_t n,
    const char *name, struct findings *findings);

/* ---- making one ---- */

struct record_made {
	const char *name;  /* "_smtp._tls.example.com" */
	const char *value; /* "v=TLSRPTv1; rua=..." */
	const char **uris; /* as they stand in value */
	size_t nuris;
};

/* Makes the record of domain for n URIs, each encoded where it must be.
 * Returns 0, or -1 with ERR_USAGE and a text that says what to write instead.
 * What it makes is valid by record_parse, without errors and warnings. */
int record_make(struct record_made *made, struct arena *arena,
    const char *domain, const struct span *uris, size_t n, struct err *err);

/* The record as one line of a zone file, in strings of up to 255 octets. */
const char *record_zone_line(
    struct arena *arena, const struct record_made *made);

#endif
