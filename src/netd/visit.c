/* SPDX-License-Identifier: ISC */

/*
 * Questions to name servers on behalf of inquiries.  Each has a descriptor, so
 * only some are under way at once; the others wait for their turn.
 */

#include "config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "net/nameserver.h"
#include "netd/inquiry.h"

/* A server that is there answers in a tenth of it. */
#define VISIT_MS 4000

struct visit {
	struct errand errand; /* the first */
	struct visit *next;
	struct server_facts *to;
	struct sockaddr_storage address;
	struct nameserver *asked; /* NULL: it waits */
};

void
visit_begin(struct inquiry *q, struct server_facts *to,
    const struct sockaddr_storage *address)
{
	struct visit *v = (struct visit *)errand_begin(q, sizeof(*v)), **at;

	v->to = to;
	v->address = *address;
	for (at = &q->look->visits; *at != NULL; at = &(*at)->next)
		continue;
	*at = v;
}

static void
start(const struct look *l, struct visit *v)
{
	const uint32_t patience = l->settings->question_ms;
	const struct nameserver_question question = {
	    .address = (const struct sockaddr *)&v->address,
	    .policy = &l->policy,
	    .name = v->errand.inquiry->facts.tlsrpt.name,
	    .type = DNS_TXT,
	    .timeout_ms = patience < VISIT_MS ? (int)patience : VISIT_MS};

	v->asked = nameserver_new(&question);
}

static void
end(struct visit *v)
{
	nameserver_free(v->asked);
	errand_end(&v->errand);
}

static void
take(struct visit *v)
{
	struct inquiry *q = v->errand.inquiry;
	struct dns_fact answer = {.name = q->facts.tlsrpt.name};

	fact_read(q->arena, nameserver_answer(v->asked), &answer);
	server_read(q->arena, &answer, v->to);
}

void
visit_watch(const struct look *l, struct watch *w)
{
	const struct visit *v;

	for (v = l->visits; v != NULL; v = v->next)
		if (v->asked != NULL)
			nameserver_watch(v->asked, w);
}

void
visit_work(struct look *l)
{
	struct visit **at = &l->visits, *v;
	size_t under_way = 0;

	while ((v = *at) != NULL) {
		if (v->asked == NULL && under_way < VISITS_MAX)
			start(l, v);
		if (v->asked == NULL || !nameserver_work(v->asked)) {
			under_way += v->asked != NULL;
			at = &v->next;
			continue;
		}
		take(v);
		*at = v->next;
		end(v);
	}
}

void
visit_drop(struct look *l, bool all)
{
	struct visit **at = &l->visits, *v;

	while ((v = *at) != NULL) {
		if (!all && v->errand.inquiry != NULL) {
			at = &v->next;
			continue;
		}
		*at = v->next;
		end(v);
	}
}
