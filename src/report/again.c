/* SPDX-License-Identifier: ISC */

/*
 * A report that is read again: what its JSON tells is read anew, what only
 * the mail around it told is carried over, and the two readings are compared.
 */

#include "config.h"

#include <string.h>

#include "report/report.h"

/* Two readings of a text that must be the same. */
struct pair {
	const char *a;
	const char *b;
};

static bool
are_same(const struct pair *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].a, list[i].b) != 0)
			return false;
	return true;
}

static bool
are_same_lists(const char *const *a, size_t na, const char *const *b, size_t nb)
{
	size_t i;

	if (na != nb)
		return false;
	for (i = 0; i < na; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

static unsigned
compare_failures(const struct failure *a, const struct failure *b)
{
	const struct pair figures[] = {
	    {a->type_text, b->type_text},
	    {a->receiving_mx, b->receiving_mx},
	    {a->receiving_ip, b->receiving_ip},
	    {a->reason_code, b->reason_code},
	};
	const struct pair texts[] = {
	    {a->sending_ip, b->sending_ip},
	    {a->receiving_helo, b->receiving_helo},
	    {a->additional_information, b->additional_information},
	};
	unsigned changes = 0;

	if (a->type != b->type || a->sessions != b->sessions ||
	    !are_same(figures, sizeof(figures) / sizeof(figures[0])))
		changes |= CHANGED_FIGURES;
	if (!are_same(texts, sizeof(texts) / sizeof(texts[0])))
		changes |= CHANGED_TEXTS;
	return changes;
}

static unsigned
compare_policies(const struct policy *a, const struct policy *b)
{
	unsigned changes = 0;
	size_t i;

	if (strcmp(a->domain, b->domain) != 0)
		changes |= CHANGED_FIGURES | CHANGED_IDENTITY;
	if (a->type != b->type || a->mode != b->mode ||
	    a->successful != b->successful || a->failed != b->failed ||
	    a->nfailures != b->nfailures ||
	    strcmp(a->type_text, b->type_text) != 0)
		changes |= CHANGED_FIGURES;
	if (!are_same_lists(a->strings, a->nstrings, b->strings, b->nstrings) ||
	    !are_same_lists(
		a->mx_hosts, a->nmx_hosts, b->mx_hosts, b->nmx_hosts))
		changes |= CHANGED_TEXTS;
	for (i = 0; i < a->nfailures && i < b->nfailures; i++)
		changes |= compare_failures(&a->failures[i], &b->failures[i]);
	return changes;
}

static bool
have_same_deviations(const struct report *a, const struct report *b)
{
	size_t i;

	if (a->ndeviations != b->ndeviations)
		return false;
	for (i = 0; i < a->ndeviations; i++)
		if (a->deviations[i].code != b->deviations[i].code ||
		    strcmp(a->deviations[i].where, b->deviations[i].where) != 0)
			return false;
	return true;
}

unsigned
report_compare(const struct report *a, const struct report *b)
{
	const struct pair texts[] = {
	    {a->organization, b->organization},
	    {a->contact, b->contact},
	    {a->submitter_header, b->submitter_header},
	    {a->domain_header, b->domain_header},
	    {a->filename, b->filename},
	    {a->subject, b->subject},
	};
	unsigned changes = 0;
	size_t i;

	if (a->start != b->start || a->end != b->end || a->day != b->day ||
	    strcmp(a->reporter, b->reporter) != 0 || strcmp(a->id, b->id) != 0)
		changes |= CHANGED_IDENTITY;
	if (!are_same(texts, sizeof(texts) / sizeof(texts[0])))
		changes |= CHANGED_TEXTS;
	if (!have_same_deviations(a, b))
		changes |= CHANGED_DEVIATIONS;
	if (a->npolicies != b->npolicies)
		changes |= CHANGED_FIGURES | CHANGED_IDENTITY;
	for (i = 0; i < a->npolicies && i < b->npolicies; i++)
		changes |= compare_policies(&a->policies[i], &b->policies[i]);
	return changes;
}

/* The carriage's come first, as they do when a mail is read. */
void
report_carry_over(
    struct report *fresh, const struct report *stored, struct arena *arena)
{
	struct deviation_list list = {.arena = arena};
	const struct deviation *d;
	size_t i;

	for (i = 0; i < stored->ndeviations; i++) {
		d = &stored->deviations[i];
		if (deviation_is_of_carriage(d->code))
			deviation_add(&list, d->code, "%s", d->where);
	}
	for (i = 0; i < fresh->ndeviations; i++) {
		d = &fresh->deviations[i];
		deviation_add(&list, d->code, "%s", d->where);
	}
	fresh->deviations = list.list;
	fresh->ndeviations = list.len;
	fresh->original = stored->original;
	fresh->received = stored->received;
	fresh->authenticity = stored->authenticity;
}
