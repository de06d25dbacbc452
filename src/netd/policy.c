/* SPDX-License-Identifier: ISC */

/*
 * The record and the policy of MTA-STS.  The policy is fetched wherever its
 * host has an address, for one without a record is a mistake to be told.
 */

#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "netd/inquiry.h"

struct policy_errand {
	struct errand errand; /* the first */
};

static void
on_policy(void *arg, const struct https_result *r)
{
	struct inquiry *q = errand_end(arg);
	struct policy_facts *p;

	if (q == NULL)
		return;
	p = &q->facts.policy;
	p->reach = https_read(q->arena, r, &p->why, &p->cert);
	p->status = r->outcome == HTTPS_CERTIFICATE ? 0 : (int)r->status;
	p->cut = r->outcome == HTTPS_TOO_LARGE;
	if (p->cut)
		p->reach = REACH_DONE;
	p->content_type = r->content_type[0] != '\0'
	    ? arena_strdup(q->arena, r->content_type)
	    : NULL;
	if (r->outcome == HTTPS_DONE)
		p->body = (struct span){
		    arena_strndup(q->arena, r->body, r->body_len), r->body_len};
}

static void
on_address(struct inquiry *q, void *arg)
{
	struct sockaddr_storage addresses[ADDRESSES_MAX];
	struct https_question question = {.addresses = addresses,
	    .timeout_ms = (int)q->look->settings->server_ms};
	struct policy_facts *p = &q->facts.policy;

	(void)arg;
	look_for_loop(q, &p->address);
	question.addresses_n =
	    addresses_of(&p->address, addresses, ADDRESSES_MAX, 443);
	if (question.addresses_n == 0)
		return;
	question.url = arena_printf(q->arena,
	    "https://" STS_HOST ".%s/.well-known/mta-sts.txt", q->facts.domain);
	p->reach = REACH_BLOCKED;
	p->why = UNANSWERED;
	https_ask(q->look->https, &question, on_policy,
	    errand_begin(q, sizeof(struct policy_errand)));
}

static void
on_record(struct inquiry *q, void *arg)
{
	(void)arg;
	look_for_loop(q, &q->facts.sts);
}

void
policy_begin(struct inquiry *q)
{
	ask(q, arena_printf(q->arena, STS_PREFIX ".%s", q->facts.domain),
	    DNS_TXT, &q->facts.sts, on_record, NULL);
	ask_addresses(q,
	    arena_printf(q->arena, STS_HOST ".%s", q->facts.domain),
	    &q->facts.policy.address, on_address, NULL);
}
