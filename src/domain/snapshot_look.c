/* SPDX-License-Identifier: ISC */

/*
 * What of a look at a domain is worth remembering.
 */

#include "config.h"

#include <string.h>

#include "base/date.h"
#include "domain/snapshot.h"

/* Of all the texts at a name, so much is kept to see whether they change. */
#define TEXTS_MAX ((size_t)2000)

struct looking {
	struct snapshot *look;
	struct arena *arena;
	const struct domain_summary *summary;
};

/* ---- names ---- */

static struct thing_names
names_new(struct arena *arena, size_t most)
{
	return (struct thing_names){
	    arena_calloc(arena, most + 1, sizeof(const char *)), 0};
}

static void
add_name(struct thing_names *names, const char *name)
{
	if (names->n < SNAPSHOT_NAMES_MAX)
		names->list[names->n++] = name;
}

static struct thing_names
names_of(struct arena *arena, const struct summary_text *texts, size_t n)
{
	struct thing_names names = names_new(arena, n);
	size_t i;

	for (i = 0; i < n; i++)
		add_name(&names, texts[i].text);
	return names;
}

/* ---- findings ---- */

static const struct summary_finding *
find(const struct domain_summary *s, enum check_id check)
{
	size_t i;

	for (i = 0; i < s->nfindings; i++)
		if (s->findings[i].check == check)
			return &s->findings[i];
	return NULL;
}

/* ---- records ---- */

/* All texts of an answer in one: servers give them in any order. */
static const char *
all_texts(struct arena *arena, const struct summary_answer *answer)
{
	struct thing_names texts = names_of(arena, answer->data, answer->ndata);
	const char *all = "";
	size_t i;

	thing_names_sort(&texts);
	for (i = 0; i < texts.n && strlen(all) < TEXTS_MAX; i++)
		all = arena_printf(
		    arena, "%s%s\"%s\"", all, i > 0 ? " " : "", texts.list[i]);
	if (strlen(all) > TEXTS_MAX)
		all = arena_strndup(arena, all, TEXTS_MAX);
	return all;
}

static const char *
why_unknown(const struct summary_answer *answer)
{
	if (answer->why != NULL)
		return answer->why;
	return fact_state_name(answer->state);
}

/* What an answer says whatever it is about.  True if there are data, and
 * their meaning is left to be found. */
static bool
look_at_answer(const struct looking *l, const struct summary_answer *answer,
    struct thing_record *record)
{
	record->bogus = answer->state == FACT_BOGUS;
	switch (answer->state) {
	case FACT_ANSWER:
	case FACT_NODATA:
	case FACT_NXDOMAIN:
		break;
	case FACT_NOT_ASKED:
	case FACT_SERVFAIL:
	case FACT_TIMEOUT:
	case FACT_BOGUS:
	default:
		record->why = why_unknown(answer);
		return false;
	}
	record->state = THING_ABSENT;
	record->secure = answer->secure;
	record->certain = answer->secure || answer->authoritative;
	record->aliases = names_of(l->arena, answer->aliases, answer->naliases);
	return answer->state == FACT_ANSWER;
}

static void
look_at_tlsrpt(const struct looking *l)
{
	const struct domain_summary *s = l->summary;
	const struct summary_answer *answer = &s->answers[SUMMARY_TLSRPT];
	struct thing_record *to = &l->look->tlsrpt;
	size_t i;

	if (!look_at_answer(l, answer, to) || !s->has_record)
		return;
	to->text = s->record;
	to->state = s->verdict != RECORD_INVALID ? THING_GOOD : THING_BROKEN;
	if (find(s, CHECK_TLSRPT_MULTIPLE) != NULL) {
		to->state = THING_SEVERAL;
		to->text = all_texts(l->arena, answer);
	}
	to->destinations = names_new(l->arena, s->ndestinations);
	for (i = 0; i < s->ndestinations; i++)
		add_name(&to->destinations, s->destinations[i].text);
	thing_names_sort(&to->destinations);
}

static void
look_at_sts(const struct looking *l)
{
	const struct domain_summary *s = l->summary;
	const struct summary_answer *answer = &s->answers[SUMMARY_STS];
	struct thing_record *to = &l->look->sts;

	if (!look_at_answer(l, answer, to))
		return;
	to->text = all_texts(l->arena, answer);
	if (find(s, CHECK_STS_RECORD_MULTIPLE) != NULL) {
		to->state = THING_SEVERAL;
	} else if (s->sts_id[0] != '\0') {
		to->state = THING_GOOD;
		to->text = s->sts_id;
	} else if (find(s, CHECK_STS_RECORD_SYNTAX) != NULL) {
		to->state = THING_BROKEN;
	} else {
		to->text = ""; /* something else is there */
	}
}

/* ---- the policy ---- */

/* The finding that says why there is no policy, or NULL. */
static const struct summary_finding *
find_fetch(const struct domain_summary *s)
{
	static const enum check_id checks[] = {CHECK_STS_WEBPKI_INVALID,
	    CHECK_STS_HOST_NXDOMAIN, CHECK_STS_REDIRECT, CHECK_STS_FETCH_ERROR,
	    CHECK_STS_TOO_LARGE};
	const struct summary_finding *f = NULL;
	size_t i;

	for (i = 0; f == NULL && i < sizeof(checks) / sizeof(checks[0]); i++)
		f = find(s, checks[i]);
	return f;
}

static void
look_at_policy(const struct looking *l)
{
	const struct summary_policy *from = &l->summary->policy;
	const struct summary_finding *f = find_fetch(l->summary);
	struct thing_policy *to = &l->look->policy;

	if (l->look->sts.state != THING_GOOD)
		return;
	if (from->seen) {
		to->state = from->usable ? THING_GOOD : THING_BROKEN;
		to->mode = from->mode;
		to->max_age = from->max_age;
		to->sha256 = to->first = from->sha256;
		to->mode_since = l->look->at;
		to->mx = names_of(l->arena, from->mx, from->nmx);
		thing_names_sort(&to->mx);
		if (!from->usable)
			to->why = "no sender can read it";
		return;
	}
	to->why = f != NULL ? f->message : "it could not be fetched";
	if (f != NULL && f->severity == SEVERITY_ERROR)
		to->state = THING_BROKEN;
}

/* ---- servers ---- */

static void
add_cert(const struct looking *l, const char *host, int64_t not_after)
{
	struct snapshot *look = l->look;
	size_t i;

	if (not_after == TIME_NONE || host[0] == '\0')
		return;
	for (i = 0; i < look->ncerts; i++)
		if (strcmp(look->certs[i].host, host) == 0)
			return;
	if (look->ncerts < SNAPSHOT_NAMES_MAX)
		look->certs[look->ncerts++] =
		    (struct thing_cert){host, not_after};
}

static void
look_at_certs(const struct looking *l)
{
	const struct domain_summary *s = l->summary;
	size_t i;

	l->look->certs =
	    arena_calloc(l->arena, SNAPSHOT_NAMES_MAX, sizeof(*l->look->certs));
	add_cert(l, arena_printf(l->arena, STS_HOST ".%s", s->domain),
	    s->policy.cert.not_after);
	for (i = 0; i < s->ndestinations; i++)
		if (s->destinations[i].scheme == URI_HTTPS)
			add_cert(l, s->destinations[i].host,
			    s->destinations[i].not_after);
	for (i = 0; i < s->nmx; i++)
		add_cert(l, s->mx[i].host, s->mx[i].cert.not_after);
}

/* Which MX hosts DANE protects.  A host of which that is not known is in
 * neither list. */
static void
look_at_dane(const struct looking *l)
{
	const struct domain_summary *s = l->summary;
	const struct summary_mx *mx;
	size_t i;

	l->look->dane = names_new(l->arena, s->nmx);
	l->look->no_dane = names_new(l->arena, s->nmx);
	for (i = 0; i < s->nmx; i++) {
		mx = &s->mx[i];
		if (mx->tlsa == FACT_ANSWER && mx->tlsa_secure)
			add_name(&l->look->dane, mx->host);
		else if (mx->tlsa == FACT_ANSWER || mx->tlsa == FACT_NODATA ||
		    mx->tlsa == FACT_NXDOMAIN)
			add_name(&l->look->no_dane, mx->host);
	}
	thing_names_sort(&l->look->dane);
	thing_names_sort(&l->look->no_dane);
}

void
snapshot_look(struct snapshot *look, struct arena *arena,
    const struct domain_summary *summary)
{
	const struct looking l = {look, arena, summary};

	snapshot_clear(look);
	look->at = summary->at;
	look->lying = find(summary, CHECK_DNS_CANARY_BOGUS) != NULL;
	look_at_tlsrpt(&l);
	look_at_sts(&l);
	look_at_policy(&l);
	look_at_certs(&l);
	look_at_dane(&l);
}
