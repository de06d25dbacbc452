/* SPDX-License-Identifier: ISC */

/*
 * Which of several TXT records is the one for TLS reports: those that do not
 * begin with v=TLSRPTv1; are dropped, and unless one is left there is none
 * (RFC 8460 3).  Count first, then read: a broken one counts.
 */

#include "config.h"

#include <stdio.h>

#include "domain/record_private.h"

static const struct {
	const char *start;
	const char *kind;
} other_kinds[] = {{"v=spf1", "SPF"}, {"v=DMARC1", "DMARC"},
    {"v=STSv1", "MTA-STS"}, {"v=DKIM1", "DKIM"}, {"v=BIMI1", "BIMI"}};

const char *
record_other_kind(struct span text)
{
	size_t i;

	text = span_trim_wsp(text);
	for (i = 0; i < sizeof(other_kinds) / sizeof(other_kinds[0]); i++)
		if (span_starts(text, other_kinds[i].start))
			return other_kinds[i].kind;
	return NULL;
}

/* True for the version, white space and ";". */
static bool
is_loose(struct span text)
{
	struct span version = SPAN(RECORD_VERSION);
	size_t i = version.len;

	if (text.len < i || !span_equal((struct span){text.p, i}, version))
		return false;
	while (i < text.len && ascii_is_wsp(text.p[i]))
		i++;
	return i < text.len && text.p[i] == ';';
}

enum record_likeness
record_likeness(struct span text)
{
	struct span version = SPAN(RECORD_VERSION);

	if (is_loose(text))
		return text.p[version.len] == ';' ? RECORD_STRICT
						  : RECORD_LOOSE;
	if (record_other_kind(text) != NULL)
		return RECORD_OTHER_KIND;
	return span_find(text, "TLSRPT") != NULL ||
		span_find(text, "rua=") != NULL
	    ? RECORD_MEANT
	    : RECORD_UNRELATED;
}

struct counts {
	size_t of[RECORD_STRICT + 1];
	size_t first[RECORD_STRICT + 1];
};

static struct counts
count(const struct span *texts, size_t n)
{
	struct counts counts = {0};
	enum record_likeness likeness;
	size_t i;

	for (i = 0; i < n; i++) {
		likeness = record_likeness(texts[i]);
		if (counts.of[likeness]++ == 0)
			counts.first[likeness] = i;
	}
	return counts;
}

/* More than one: which of them a sender would take, nobody knows. */
static void
refuse_several(struct record_set *set, struct span first, size_t n,
    const char *name, struct findings *findings)
{
	struct findings unused = findings_new(findings->arena);

	record_parse(&set->record, first, name, &unused);
	set->record.verdict = RECORD_INVALID;
	findings_add(findings, CHECK_TLSRPT_MULTIPLE, name, "n",
	    arena_printf(findings->arena, "%zu", n));
}

/* The likeness of what a sender would find, or else of what comes nearest. */
static enum record_likeness
best_of(const struct counts *counts)
{
	int best = RECORD_STRICT;

	while (best > RECORD_UNRELATED && counts->of[best] == 0)
		best--;
	return (enum record_likeness)best;
}

static void
tell_of_others(const struct counts *counts, enum record_likeness best,
    const char *name, struct findings *findings)
{
	int limit = best > RECORD_LOOSE ? RECORD_LOOSE : (int)best, i;
	size_t others = counts->of[RECORD_UNRELATED];

	/* Senders that are less strict take it for a second one. */
	if (best == RECORD_STRICT && counts->of[RECORD_LOOSE] > 0)
		findings_add(
		    findings, CHECK_VERSION_SPACE_BEFORE_SEMICOLON, name);
	for (i = RECORD_UNRELATED + 1; i < limit; i++)
		others += counts->of[i];
	if (others > 0)
		findings_add(findings, CHECK_TLSRPT_UNRELATED_TXT, name);
}

void
record_read(struct record_set *set, const struct span *texts, size_t n,
    const char *name, struct findings *findings)
{
	struct counts counts = count(texts, n);
	enum record_likeness best = best_of(&counts);
	struct span first;

	*set = (struct record_set){
	    .strict = counts.of[RECORD_STRICT], .verdict = RECORD_INVALID};
	if (n == 0)
		return;
	first = texts[counts.first[best]];
	set->present = best >= RECORD_MEANT;
	if (best >= RECORD_LOOSE && counts.of[best] > 1) {
		refuse_several(set, first, counts.of[best], name, findings);
	} else if (best > RECORD_UNRELATED) {
		record_parse(&set->record, first, name, findings);
		set->verdict = set->record.verdict;
	}
	tell_of_others(&counts, best, name, findings);
	if (best < RECORD_LOOSE)
		set->verdict = RECORD_INVALID;
	else if (best == RECORD_STRICT && set->verdict == RECORD_VALID &&
	    counts.of[RECORD_LOOSE] > 0)
		set->verdict = RECORD_WARN;
}
