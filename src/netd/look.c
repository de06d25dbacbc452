/* SPDX-License-Identifier: ISC */

/*
 * The inquiries: what each begins with, and what it comes to.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/span.h"
#include "netd/inquiry.h"

/* What one domain takes, as a rule. */
#define ARENA_SIZE ((size_t)32 << 10)

/* ---- the means ---- */

/* The zone that an anchor file trusts: the first word in it. */
static const char *
anchor_zone(struct arena *arena, const char *path)
{
	char line[512];
	struct span text = {0}, name;
	FILE *f = *path != '\0' ? fopen(path, "re") : NULL;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		text = span_trim(span_of(line));
		if (text.len > 0 && *text.p != ';')
			break;
		text.len = 0;
	}
	if (f != NULL)
		fclose(f);
	for (name = text; name.len > 0 && !ascii_is_space(*name.p);) {
		name.p++;
		name.len--;
	}
	text.len -= name.len;
	return text.len > 0 ? arena_strndup(arena, text.p, text.len) : ".";
}

static unsigned
allowed_kinds(bool private)
{
	const unsigned never = ADDRESS_BIT(ADDRESS_UNSPECIFIED) |
	    ADDRESS_BIT(ADDRESS_MULTICAST) | ADDRESS_BIT(ADDRESS_RESERVED);

	return private ? (ADDRESS_BIT(ADDRESS_KINDS) - 1) & ~never : 0;
}

static int
open_servers(struct look *l, struct err *err)
{
	const struct net_settings *s = l->settings;
	struct https_config config = {.ca_file = s->ca,
	    .policy = l->policy,
	    .proxy = *s->proxy != '\0' ? s->proxy : NULL,
	    .port = s->https_port};

	if (tls_trust_new_curious(&l->trust, s->ca, err) == -1)
		return -1;
	config.trust = l->trust;
	return https_new(&l->https, &config, err);
}

int
look_open(struct look *l, const struct net_settings *s, struct err *err)
{
	struct dns_config config = {.resolvers = s->resolvers,
	    .resolvers_n = s->nresolvers,
	    .anchor_file = *s->anchor != '\0' ? s->anchor : NULL,
	    .timeout_ms = (int)(s->question_ms < s->domain_ms ? s->question_ms
							      : s->domain_ms)};

	*l = (struct look){.settings = s,
	    .policy.allowed = allowed_kinds(s->private),
	    .arena = arena_new(ARENA_SIZE)};
	l->anchor.name = anchor_zone(l->arena, s->anchor);
	if (dns_new(&l->dns, &config, err) == -1)
		return -1;
	config.unvalidated = true;
	if (dns_new(&l->plain, &config, err) == -1)
		return -1;
	return open_servers(l, err);
}

void
look_start(struct look *l)
{
	struct dns_answer *answer =
	    dns_ask_now(l->dns, l->anchor.name, DNS_DNSKEY);
	struct dns *spare = l->plain;

	fact_read(l->arena, answer, &l->anchor);
	dns_answer_free(answer);
	if (l->anchor.state == FACT_BOGUS) {
		spare = l->dns;
		l->dns = l->plain;
	}
	dns_free(spare);
	l->plain = NULL;
}

/* ---- one domain ---- */

/* Whether the name servers are asked in any case. */
static bool
asks_servers(const struct inquiry *q)
{
	return q->question.probe && !q->question.spare_destinations;
}

/* A name beside the record's that nobody can have thought of. */
static const char *
wild_name(struct inquiry *q)
{
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)clock_ms();
	return arena_printf(q->arena, "tlstally-%016" PRIx64 "._tls.%s", random,
	    q->facts.domain);
}

/* Beside a good record, only names matter at which senders may look, too. */
static void
ask_wrong_names(struct inquiry *q)
{
	struct domain_facts *facts = &q->facts;
	struct wrong_name wrong;
	const char *name;
	size_t i, n = 0;

	while (domain_wrong_name(q->arena, facts->domain, n, &wrong) != NULL)
		n++;
	facts->wrong_names =
	    arena_calloc(q->arena, n, sizeof(*facts->wrong_names));
	for (i = 0; i < n; i++) {
		name = domain_wrong_name(q->arena, facts->domain, i, &wrong);
		if (q->has_record && !wrong.old && !wrong.doubled)
			continue;
		facts->wrong_names[facts->nwrong_names] = wrong;
		ask(q, name, DNS_TXT,
		    &facts->wrong_names[facts->nwrong_names++].answer, NULL,
		    NULL);
	}
}

/* Whether the zone's name servers are to be asked about the record's absence:
 * a proof is as good as their word. */
static bool
is_to_be_confirmed(const struct inquiry *q)
{
	const struct dns_fact *answer = &q->facts.tlsrpt;

	return q->question.confirm_absence && !asks_servers(q) &&
	    !answer->secure && answer->naliases == 0 &&
	    (answer->state == FACT_NODATA || answer->state == FACT_NXDOMAIN);
}

static void
on_record(struct inquiry *q, void *arg)
{
	(void)arg;
	look_for_loop(q, &q->facts.tlsrpt);
	if (is_to_be_confirmed(q))
		servers_begin(q);
	if (q->facts.tlsrpt.state == FACT_ANSWER)
		destinations_begin(q);
	if (fact_is_known(&q->facts.tlsrpt))
		ask_wrong_names(q);
}

void
look_begin(struct look *l, uint32_t number, struct arena *arena,
    const struct domain_question *question)
{
	struct inquiry *q = arena_calloc(arena, 1, sizeof(*q));
	struct domain_facts *facts = &q->facts;

	q->look = l;
	q->number = number;
	q->arena = arena;
	q->question = *question;
	q->errands.next = q->errands.prev = &q->errands;
	q->deadline = clock_ms() + l->settings->domain_ms;
	q->next = l->inquiries;
	l->inquiries = q;
	l->n++;
	facts->domain = question->domain;
	facts->past = &q->question.past;
	facts->policy.cert.common_name = "";
	ask(q, arena_printf(arena, RECORD_PREFIX ".%s", facts->domain), DNS_TXT,
	    &facts->tlsrpt, on_record, NULL);
	ask(q, wild_name(q), DNS_TXT, &facts->wildcard, NULL, NULL);
	ask(q, facts->domain, DNS_SOA, &facts->apex, NULL, NULL);
	mx_begin(q);
	policy_begin(q);
	if (asks_servers(q))
		servers_begin(q);
}

/* What is still under way goes on without us. */
static void
cut_loose(struct inquiry *q)
{
	struct errand *e;

	for (e = q->errands.next; e != &q->errands; e = e->next)
		e->inquiry = NULL;
}

static void
judge(struct inquiry *q, look_answered *answered, void *arg)
{
	struct findings findings = findings_new(q->arena);
	struct domain_judgement judgement;
	struct domain_summary summary = {0};
	int64_t now = q->look->settings->now;

	q->facts.anchor = q->look->anchor;
	q->facts.tlsrpt.authoritative = servers_confirm(q->arena, &q->facts);
	domain_judge(&q->facts, now, &judgement, &findings);
	summary_make(&summary, q->arena, &q->facts, &judgement, &findings);
	summary.at = now;
	answered(arg, q->number, &summary);
}

static bool
is_complete(const struct inquiry *q)
{
	if (clock_ms() >= q->deadline)
		return true;
	return q->errands.next == &q->errands;
}

/* ---- all of them ---- */

void
look_watch(const struct look *l, struct watch *w)
{
	const struct inquiry *q;

	dns_watch(l->dns, w);
	https_watch(l->https, w);
	probe_watch(l, w);
	visit_watch(l, w);
	for (q = l->inquiries; q != NULL; q = q->next)
		watch_until(w, q->deadline);
}

void
look_work(
    struct look *l, const struct watch *w, look_answered *answered, void *arg)
{
	struct inquiry **at = &l->inquiries, *q;

	dns_work(l->dns);
	https_work(l->https, w);
	probe_work(l);
	visit_work(l);
	while ((q = *at) != NULL) {
		if (!is_complete(q)) {
			at = &q->next;
			continue;
		}
		*at = q->next;
		l->n--;
		judge(q, answered, arg);
		cut_loose(q);
		arena_free(q->arena);
	}
	probe_drop(l);
	visit_drop(l, false);
}

void
look_close(struct look *l)
{
	struct inquiry *q;

	while ((q = l->inquiries) != NULL) {
		l->inquiries = q->next;
		cut_loose(q);
		arena_free(q->arena);
	}
	probe_end_all(l);
	visit_drop(l, true);
	https_free(l->https);
	dns_free(l->dns);
	dns_free(l->plain);
	tls_trust_free(l->trust);
	arena_free(l->arena);
}
