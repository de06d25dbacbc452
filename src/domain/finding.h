/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_FINDING_H
#define TLSTALLY_DOMAIN_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"
#include "domain/checks.h"

/*
 * Findings: what the checks have to say.  A finding carries its sentences
 * ready made, in printable ASCII: octets of strangers that are none are
 * written as \DDD, like in a zone file, so that no control or bidi character
 * is in them.  All memory is the arena's.
 */

/* No place in a text. */
#define NO_PLACE ((size_t)-1)

struct finding {
	enum check_id check;
	enum severity severity;
	const char *subject; /* a name, URI or MX host; "" if the domain */
	const char *message; /* what is wrong, one sentence without full stop */
	const char *fix;     /* what to do about it, or NULL */
	/* For a fault in a text: the octets from and up to, but not with, to,
	 * in the joined text of the subject.  Equal where something is
	 * missing.  Else both NO_PLACE. */
	size_t from;
	size_t to;
};

struct findings {
	struct arena *arena; /* the caller's, for the texts and the list */
	struct finding *items;
	size_t n;
	size_t size;
	bool cut;		 /* there were more than FINDINGS_MAX ... */
	enum severity cut_worst; /* ... of which the worst was this */
};

/* An empty list, whose memory will be the arena's. */
struct findings findings_new(struct arena *arena);

/* Adds a finding: findings_add(f, check, subject, ...).  The arguments behind
 * the subject are pairs of strings: a name, which stands in braces in the
 * check's texts, and what goes there; {subject} is always there.  Values are
 * made printable by this function.  Returns the finding, whose severity and
 * place may be changed by the caller until the next one is added; one that is
 * thrown away, if the list is full. */
#define findings_add(f, check, ...) \
	findings_put(f, check, __VA_ARGS__, (const char *)NULL)

/* Octets of a text. */
struct place {
	size_t from;
	size_t to;
};

/* As findings_add, for the octets of a place: findings_add_at(f, check,
 * subject, place, ...). */
#define findings_add_at(f, check, subject, ...) \
	findings_put_at(f, check, subject, __VA_ARGS__, (const char *)NULL)

/* What the two above are made of: the list of pairs is ended by NULL. */
struct finding *findings_put(struct findings *f, enum check_id check,
    const char *subject, ...) __attribute__((sentinel));
struct finding *findings_put_at(struct findings *f, enum check_id check,
    const char *subject, struct place at, ...) __attribute__((sentinel));

/* Appends the findings of another list on the same arena. */
void findings_join(struct findings *f, const struct findings *other);

/* Sorts by group, then by severity, the worst first; what is alike stays in
 * order. */
void findings_sort(struct findings *f);

/* How grave it is: of error, which is certain, 4; then unknown, warning, info,
 * and ok with 0. */
int severity_rank(enum severity severity);

/* The worst of them by that, of those that were cut too. */
enum severity findings_worst(const struct findings *f);

/* True if there is a finding of this check. */
bool findings_have(const struct findings *f, enum check_id check);

/* The text with all that is not printable ASCII as \DDD, and "\" as "\\". */
const char *printable(struct arena *arena, struct span text);

/* The columns that the first len octets of text take when printable. */
size_t printable_columns(struct span text, size_t len);

#endif
