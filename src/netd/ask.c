/* SPDX-License-Identifier: ISC */

/*
 * Questions to the DNS on behalf of an inquiry, and their answers as facts.
 * Until an answer comes, its fact says that none came in time: so an inquiry
 * can be judged at any moment.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/limits.h"
#include "domain/name.h"
#include "domain/rdata.h"
#include "netd/inquiry.h"

/* ---- errands ---- */

struct errand *
errand_begin(struct inquiry *q, size_t size)
{
	struct errand *e = xcalloc(1, size);

	e->inquiry = q;
	e->next = &q->errands;
	e->prev = q->errands.prev;
	q->errands.prev->next = e;
	q->errands.prev = e;
	return e;
}

struct inquiry *
errand_end(struct errand *e)
{
	struct inquiry *q = e->inquiry;

	if (q != NULL) {
		e->prev->next = e->next;
		e->next->prev = e->prev;
	}
	free(e);
	return q;
}

/* ---- facts ---- */

static const enum fact_state states[DNS_STATES] = {[DNS_DATA] = FACT_ANSWER,
    [DNS_NODATA] = FACT_NODATA,
    [DNS_NXDOMAIN] = FACT_NXDOMAIN,
    [DNS_BOGUS] = FACT_BOGUS,
    [DNS_SERVFAIL] = FACT_SERVFAIL,
    [DNS_REFUSED] = FACT_SERVFAIL,
    [DNS_TIMEOUT] = FACT_TIMEOUT,
    [DNS_BAD_NAME] = FACT_SERVFAIL,
    [DNS_FAILED] = FACT_SERVFAIL};

/* In words, of a failure. */
static const char *
why_of(struct arena *arena, const struct dns_answer *a)
{
	if (dns_is_known(a))
		return NULL;
	if (a->why[0] != '\0')
		return printable(arena, span_of(a->why));
	if (a->state == DNS_BAD_NAME)
		return "this is no name that can be asked for";
	if (a->state == DNS_SERVFAIL || a->state == DNS_BOGUS)
		return NULL;
	return dns_state_name(a->state);
}

/* The aliases come back to a name that was there before. */
static bool
goes_round(const struct dns_answer *a)
{
	size_t i, k;

	for (i = 0; i < a->aliases_n; i++) {
		if (name_is_same(a->aliases[i], a->name))
			return true;
		for (k = 0; k < i; k++)
			if (name_is_same(a->aliases[i], a->aliases[k]))
				return true;
	}
	return false;
}

void
fact_read(struct arena *arena, const struct dns_answer *a, struct dns_fact *f)
{
	const char **aliases;
	struct span *rdata;
	size_t i;

	f->state = states[a->state];
	f->secure = a->security == DNS_SECURE;
	f->loop = goes_round(a);
	f->ttl = a->ttl;
	f->why = why_of(arena, a);
	aliases = arena_calloc(arena, a->aliases_n + 1, sizeof(*aliases));
	for (i = 0; i < a->aliases_n; i++)
		aliases[i] = name_normal(arena, span_of(a->aliases[i]));
	f->aliases = aliases;
	f->naliases = a->aliases_n;
	rdata = arena_calloc(arena, a->records_n + 1, sizeof(*rdata));
	for (i = 0; i < a->records_n; i++)
		rdata[i] = (struct span){
		    arena_strndup(arena, (const char *)a->records[i].data,
			a->records[i].len),
		    a->records[i].len};
	f->rdata = rdata;
	f->nrdata = a->records_n;
}

/* ---- questions ---- */

struct dns_errand {
	struct errand errand; /* the first */
	struct dns_fact *fact;
	fact_known *known;
	void *arg;
};

static void
on_answer(void *p, struct dns_answer *answer)
{
	struct dns_errand e = *(struct dns_errand *)p;
	struct inquiry *q = errand_end(p);

	if (q != NULL)
		fact_read(q->arena, answer, e.fact);
	dns_answer_free(answer);
	if (q != NULL && e.known != NULL)
		e.known(q, e.arg);
}

void
ask(struct inquiry *q, const char *name, unsigned type, struct dns_fact *fact,
    fact_known *known, void *arg)
{
	struct dns_errand *e = (struct dns_errand *)errand_begin(q, sizeof(*e));

	*fact = (struct dns_fact){.name = name, .state = FACT_TIMEOUT};
	e->fact = fact;
	e->known = known;
	e->arg = arg;
	dns_ask(q->look->dns, name, type, on_answer, e);
}

/* ---- addresses ---- */

struct address_pair {
	struct dns_fact v4;
	struct dns_fact v6;
	unsigned left;
	struct dns_fact *fact;
	fact_known *known;
	void *arg;
};

/* What two answers without data say together: what is not known of one is
 * not known of both. */
static const struct dns_fact *
weaker(const struct dns_fact *a, const struct dns_fact *b)
{
	if (!fact_is_known(a))
		return a;
	if (!fact_is_known(b))
		return b;
	return b->state == FACT_NODATA ? b : a;
}

static void
join_addresses(struct arena *arena, const struct address_pair *p)
{
	struct dns_fact *to = p->fact;
	struct span *all;
	size_t n = p->v4.nrdata + p->v6.nrdata;

	if (n == 0) {
		*to = *weaker(&p->v4, &p->v6);
		return;
	}
	*to = p->v4.nrdata > 0 ? p->v4 : p->v6;
	to->secure = p->v4.secure && p->v6.secure;
	all = arena_calloc(arena, n, sizeof(*all));
	if (p->v4.nrdata > 0)
		memcpy(all, p->v4.rdata, p->v4.nrdata * sizeof(*all));
	if (p->v6.nrdata > 0)
		memcpy(all + p->v4.nrdata, p->v6.rdata,
		    p->v6.nrdata * sizeof(*all));
	to->rdata = all;
	to->nrdata = n;
}

static void
on_one(struct inquiry *q, void *arg)
{
	struct address_pair *p = arg;

	if (--p->left > 0)
		return;
	join_addresses(q->arena, p);
	if (p->known != NULL)
		p->known(q, p->arg);
}

void
ask_addresses(struct inquiry *q, const char *name, struct dns_fact *fact,
    fact_known *known, void *arg)
{
	struct address_pair *p = arena_calloc(q->arena, 1, sizeof(*p));

	*fact = (struct dns_fact){.name = name, .state = FACT_TIMEOUT};
	p->left = 2;
	p->fact = fact;
	p->known = known;
	p->arg = arg;
	ask(q, name, DNS_A, &p->v4, on_one, p);
	ask(q, name, DNS_AAAA, &p->v6, on_one, p);
}

size_t
addresses_of(const struct dns_fact *fact, struct sockaddr_storage *out,
    size_t most, uint16_t port)
{
	size_t i, n = 0;

	for (i = 0; i < fact->nrdata && n < most; i++)
		if (address_from_rdata(&out[n], fact->rdata[i].p,
			fact->rdata[i].len, port) > 0)
			n++;
	return n;
}

/* ---- MX hosts ---- */

size_t
mx_hosts(struct arena *arena, const struct dns_fact *mx, struct mx_host **hosts)
{
	struct mx_host one = {0};
	const char *host;
	size_t i, at, n = 0;

	*hosts = arena_calloc(arena, MX_HOSTS_MAX + 1, sizeof(**hosts));
	for (i = 0; i < mx->nrdata; i++) {
		if (rdata_mx(arena, mx->rdata[i], &one.preference, &host) == -1)
			continue;
		one.host = strcmp(host, ".") == 0
		    ? host
		    : name_normal(arena, span_of(host));
		for (at = n;
		     at > 0 && (*hosts)[at - 1].preference > one.preference;
		     at--)
			(*hosts)[at] = (*hosts)[at - 1];
		(*hosts)[at] = one;
		n = n < MX_HOSTS_MAX ? n + 1 : n;
	}
	return n;
}
