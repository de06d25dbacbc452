/* SPDX-License-Identifier: ISC */

/*
 * What the parts of the digest share: the order of keys,
 * and days as bits.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "digest/sums.h"

/* The tables compare keys byte by byte: padding would make them differ. */
_Static_assert(sizeof(struct policy_id) == sizeof(char *) + 8, "padding");
_Static_assert(sizeof(struct stream_days_id) == sizeof(char *) + 8, "padding");
_Static_assert(
    sizeof(struct failure_id) == sizeof(struct policy_id) + 4 * sizeof(char *),
    "padding");
_Static_assert(sizeof(struct heard_id) == 2 * sizeof(char *) + 8, "padding");
_Static_assert(sizeof(struct seen_id) == 3 * sizeof(char *) + 8, "padding");
_Static_assert(sizeof(struct text_id) == 2 * sizeof(char *) + 8, "padding");
_Static_assert(sizeof(struct kind_id) == 3 * sizeof(char *) + 8, "padding");
_Static_assert(sizeof(struct day_sums_id) == sizeof(char *) + 8, "padding");

int
sums_compare_text(const char *a, const char *b)
{
	return a == b ? 0 : strcmp(a, b);
}

int
sums_compare_number(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int
sums_compare_policy(const struct row_key *a, const struct row_key *b)
{
	int c;

	if ((c = sums_compare_number(a->policy_type, b->policy_type)) != 0 ||
	    (c = sums_compare_text(a->policy_type_text, b->policy_type_text)) !=
		0)
		return c;
	return sums_compare_number(a->mode, b->mode);
}

static int
bit_of_day(int32_t day)
{
	int bit = day % BLOCK_DAYS;

	return bit < 0 ? bit + BLOCK_DAYS : bit;
}

int32_t
sums_block(int32_t day)
{
	return (day - bit_of_day(day)) / BLOCK_DAYS;
}

uint64_t
sums_day_bit(int32_t day)
{
	return UINT64_C(1) << bit_of_day(day);
}

const void **
sums_refs(struct refs *s, size_t n)
{
	if (n > s->room) {
		s->room = 2 * n;
		s->list = xreallocarray(s->list, s->room, sizeof(*s->list));
	}
	return s->list;
}

void
sums_sort_refs(
    const void **refs, size_t n, int (*cmp)(const void *, const void *))
{
	if (n > 1)
		qsort(refs, n, sizeof(*refs), cmp);
}

const char *
sums_group_name(const struct digest *d, const char *domain)
{
	const struct scope_group *group = d->spec.group;

	if (group == NULL)
		group = scope_group_of(&d->scope, domain);
	return group != NULL ? group->name : "";
}
