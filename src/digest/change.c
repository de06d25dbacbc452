/* SPDX-License-Identifier: ISC */

/*
 * What has changed in a domain's policies.  Each sender has its own view of
 * them, as it keeps a policy for days: so a change is told when the first of
 * them sees it, and something is gone only when each that had seen it sees
 * something else.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/die.h"
#include "digest/sums.h"

/* A kind of policy or an MX host that a reporter saw. */
struct sight {
	struct policy_change what; /* its kind and day are not used */
	const char *reporter;
	int32_t first_day;
	int32_t last_day;
	int32_t reporter_first; /* of all that it saw */
	int32_t reporter_last;
};

struct sights {
	struct sight *list;
	size_t n;
	size_t room;
};

static void
add_sight(struct sights *s, const struct sight *sight)
{
	if (s->n == s->room) {
		s->room = s->room == 0 ? 16 : 2 * s->room;
		s->list = xreallocarray(s->list, s->room, sizeof(*s->list));
	}
	s->list[s->n++] = *sight;
}

static int
compare_by_reporter(const void *a, const void *b)
{
	const struct sight *x = a, *y = b;

	return sums_compare_text(x->reporter, y->reporter);
}

static int
compare_by_what(const void *a, const void *b)
{
	const struct policy_change *x = &((const struct sight *)a)->what;
	const struct policy_change *y = &((const struct sight *)b)->what;
	int c;

	if ((c = sums_compare_number(x->policy_type, y->policy_type)) != 0 ||
	    (c = sums_compare_text(x->policy_type_text, y->policy_type_text)) !=
		0 ||
	    (c = sums_compare_number(x->mode, y->mode)) != 0)
		return c;
	return sums_compare_text(x->host, y->host);
}

/* Notes with every sight from when to when its reporter saw anything. */
static void
span_reporters(struct sights *s)
{
	size_t i, j, end;
	int32_t first, last;

	qsort(s->list, s->n, sizeof(*s->list), compare_by_reporter);
	for (i = 0; i < s->n; i = end) {
		first = s->list[i].first_day;
		last = s->list[i].last_day;
		for (end = i; end < s->n &&
		     compare_by_reporter(&s->list[i], &s->list[end]) == 0;
		     end++) {
			if (s->list[end].first_day < first)
				first = s->list[end].first_day;
			if (s->list[end].last_day > last)
				last = s->list[end].last_day;
		}
		for (j = i; j < end; j++) {
			s->list[j].reporter_first = first;
			s->list[j].reporter_last = last;
		}
	}
}

/* What all that saw one thing make of it. */
struct sum {
	int32_t first_day;
	int32_t last_day;
	bool is_new;  /* one of them had seen something else before */
	bool is_held; /* one of them has seen nothing else since */
};

/* One reporter may have several sights of a thing: the texts of policies that
 * name the same host. */
static struct sum
sum_up(const struct sight *list, size_t n)
{
	struct sum sum = {DAY_MAX, DAY_MIN, false, false};
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i].first_day < sum.first_day)
			sum.first_day = list[i].first_day;
		if (list[i].last_day > sum.last_day)
			sum.last_day = list[i].last_day;
		sum.is_held |= list[i].last_day == list[i].reporter_last;
	}
	for (i = 0; i < n; i++)
		sum.is_new |= list[i].reporter_first < sum.first_day;
	return sum;
}

static void
add_change(struct domain_figure *dom, const struct sight *sight,
    enum change_kind kind, int32_t day)
{
	struct policy_change *c = &dom->changes[dom->nchanges++];

	*c = sight->what;
	c->kind = kind;
	c->day = day;
}

/* Tells of what is new or gone within the period; kind is the one for new,
 * behind which stands that for gone. */
static void
tell(struct digest *d, struct domain_figure *dom, struct sights *s,
    enum change_kind kind)
{
	struct policy_change *old = dom->changes;
	size_t i, end;
	struct sum sum;

	span_reporters(s);
	qsort(s->list, s->n, sizeof(*s->list), compare_by_what);
	dom->changes = arena_calloc(
	    d->arena, dom->nchanges + 2 * s->n, sizeof(*dom->changes));
	for (i = 0; i < dom->nchanges; i++)
		dom->changes[i] = old[i];
	for (i = 0; i < s->n; i = end) {
		for (end = i + 1; end < s->n &&
		     compare_by_what(&s->list[i], &s->list[end]) == 0;
		     end++)
			;
		sum = sum_up(&s->list[i], end - i);
		if (sum.is_new && sum.first_day >= dom->start &&
		    sum.first_day <= dom->end)
			add_change(dom, &s->list[i], kind, sum.first_day);
		if (!sum.is_held && sum.last_day + 1 >= dom->start &&
		    sum.last_day + 1 <= dom->end)
			add_change(
			    dom, &s->list[i], kind + 1, sum.last_day + 1);
	}
}

/* ---- kinds of policies ---- */

int
change_compare_kinds(const void *a, const void *b)
{
	const struct kind_id *x = &((const struct kind_days *)a)->id;
	const struct kind_id *y = &((const struct kind_days *)b)->id;
	int c;

	if ((c = sums_compare_text(x->domain, y->domain)) != 0 ||
	    (c = sums_compare_text(x->reporter, y->reporter)) != 0 ||
	    (c = sums_compare_number(x->policy_type, y->policy_type)) != 0 ||
	    (c = sums_compare_text(x->policy_type_text, y->policy_type_text)) !=
		0)
		return c;
	return sums_compare_number(x->mode, y->mode);
}

static void
find_kinds(struct digest *d, struct domain_figure *dom, struct sights *s)
{
	const struct kind_days key = {
	    .id = {
		.domain = dom->domain, .reporter = "", .policy_type_text = ""}};
	const struct kind_days *k, *kinds = (const void *)d->kinds.items;
	size_t i = table_lower_bound(&d->kinds, &key, change_compare_kinds);

	for (; i < d->kinds.n && kinds[i].id.domain == dom->domain; i++) {
		k = &kinds[i];
		if (k->first_day <= dom->end)
			add_sight(s,
			    &(struct sight){
				.what = {.policy_type = (enum policy_type)
							    k->id.policy_type,
				    .policy_type_text = k->id.policy_type_text,
				    .mode = (enum policy_mode)k->id.mode,
				    .host = ""},
				.reporter = k->id.reporter,
				.first_day = k->first_day,
				.last_day = k->last_day});
	}
}

/* ---- MX hosts ---- */

int
change_compare_texts(const void *a, const void *b)
{
	const struct text_id *x = &((const struct text_days *)a)->id;
	const struct text_id *y = &((const struct text_days *)b)->id;
	int c;

	if ((c = sums_compare_text(x->domain, y->domain)) != 0 ||
	    (c = sums_compare_text(x->reporter, y->reporter)) != 0)
		return c;
	return sums_compare_number(x->text, y->text);
}

static void
add_hosts(struct digest *d, struct sights *s, const struct text_days *text)
{
	struct mx_hosts hosts = d->spec.hosts(d->spec.hosts_arg, text->id.text);
	size_t i;

	for (i = 0; i < hosts.n; i++)
		add_sight(s,
		    &(struct sight){.what = {.policy_type_text = "",
					.host = hosts.names[i]},
			.reporter = text->id.reporter,
			.first_day = text->first_day,
			.last_day = text->last_day});
}

/* Where all say the same there is nothing to look up. */
static void
find_hosts(struct digest *d, struct domain_figure *dom, struct sights *s)
{
	const struct text_days key = {
	    .id = {.domain = dom->domain, .reporter = "", .text = INT64_MIN}};
	const struct text_days *texts = (const void *)d->texts.items;
	const size_t first =
	    table_lower_bound(&d->texts, &key, change_compare_texts);
	bool differ = false;
	size_t i, end;

	for (end = first;
	     end < d->texts.n && texts[end].id.domain == dom->domain; end++)
		differ |= texts[end].id.text != texts[first].id.text;
	for (i = first; differ && i < end; i++)
		if (texts[i].first_day <= dom->end)
			add_hosts(d, s, &texts[i]);
}

/* ---- all ---- */

static int
compare_changes(const void *a, const void *b)
{
	const struct sight x = {.what = *(const struct policy_change *)a};
	const struct sight y = {.what = *(const struct policy_change *)b};
	int c;

	if ((c = sums_compare_number(x.what.day, y.what.day)) != 0 ||
	    (c = sums_compare_number(x.what.kind, y.what.kind)) != 0)
		return c;
	return compare_by_what(&x, &y);
}

void
change_find(struct digest *d, struct domain_figure *dom)
{
	struct sights kinds = {NULL, 0, 0}, hosts = {NULL, 0, 0};

	find_kinds(d, dom, &kinds);
	if (kinds.n > 1)
		tell(d, dom, &kinds, CHANGE_POLICY_NEW);
	if (d->spec.hosts != NULL)
		find_hosts(d, dom, &hosts);
	if (hosts.n > 1)
		tell(d, dom, &hosts, CHANGE_MX_NEW);
	if (dom->nchanges > 1)
		qsort(dom->changes, dom->nchanges, sizeof(*dom->changes),
		    compare_changes);
	free(kinds.list);
	free(hosts.list);
}
