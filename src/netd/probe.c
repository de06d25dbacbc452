/* SPDX-License-Identifier: ISC */

/*
 * Sessions with mail servers.  Of a host with several addresses the first one
 * that answers is taken, as a sender would.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "netd/inquiry.h"

struct probe {
	struct errand errand; /* the first */
	struct probe *next;
	struct look *look;
	struct probe_plan plan;
	size_t at; /* the target that is tried */
	struct smtp *smtp;
};

const char *
probe_why(const struct smtp_result *r)
{
	if (r->why[0] != '\0')
		return r->why;
	return r->reply[0] != '\0' ? r->reply : smtp_outcome_name(r->outcome);
}

void
probe_add_host(
    struct inquiry *q, struct probe_plan *plan, const struct mx_host *host)
{
	struct sockaddr_storage addresses[PROBE_TRIES_MAX];
	size_t i, n;

	n = addresses_of(&host->address, addresses, PROBE_TRIES_MAX,
	    q->look->settings->smtp_port);
	for (i = 0; i < n && plan->n < PROBE_TRIES_MAX; i++)
		plan->targets[plan->n++] =
		    (struct probe_target){host->host, addresses[i]};
}

static void
try_target(struct probe *p)
{
	const struct probe_target *target = &p->plan.targets[p->at];
	const struct net_settings *s = p->look->settings;
	const struct smtp_question question = {
	    .address = (const struct sockaddr *)&target->address,
	    .policy = &p->look->policy,
	    .trust = p->look->trust,
	    .host = target->host,
	    .helo = s->helo,
	    .dane = p->plan.dane,
	    .recipient = p->plan.recipient,
	    .timeout_ms = (int)s->server_ms};

	p->smtp = smtp_new(&question);
}

void
probe_begin(struct inquiry *q, const struct probe_plan *plan)
{
	struct probe *p = (struct probe *)errand_begin(q, sizeof(*p));

	p->look = q->look;
	p->plan = *plan;
	p->next = q->look->probes;
	q->look->probes = p;
	try_target(p);
}

/* Nobody there; somebody may be at the next address. */
static bool
goes_on(const struct probe *p)
{
	enum smtp_outcome outcome = smtp_result(p->smtp)->outcome;

	return p->at + 1 < p->plan.n &&
	    (outcome == SMTP_BLOCKED || outcome == SMTP_NOBODY ||
		outcome == SMTP_ADDRESS);
}

/* Does a step.  Returns true when it has ended. */
static bool
work(struct probe *p)
{
	while (smtp_work(p->smtp)) {
		if (!goes_on(p)) {
			p->plan.done(p->errand.inquiry, p->plan.arg,
			    smtp_result(p->smtp));
			return true;
		}
		smtp_free(p->smtp);
		p->at++;
		try_target(p);
	}
	return false;
}

static void
end(struct probe *p)
{
	smtp_free(p->smtp);
	errand_end(&p->errand);
}

void
probe_watch(const struct look *l, struct watch *w)
{
	const struct probe *p;

	for (p = l->probes; p != NULL; p = p->next)
		smtp_watch(p->smtp, w);
}

void
probe_work(struct look *l)
{
	struct probe *todo = l->probes, *p;

	/* One that ends may begin others. */
	l->probes = NULL;
	while ((p = todo) != NULL) {
		todo = p->next;
		if (work(p)) {
			end(p);
			continue;
		}
		p->next = l->probes;
		l->probes = p;
	}
}

void
probe_drop(struct look *l)
{
	struct probe **at = &l->probes, *p;

	while ((p = *at) != NULL) {
		if (p->errand.inquiry != NULL) {
			at = &p->next;
			continue;
		}
		*at = p->next;
		end(p);
	}
}

void
probe_end_all(struct look *l)
{
	struct probe *p;

	while ((p = l->probes) != NULL) {
		l->probes = p->next;
		end(p);
	}
}
