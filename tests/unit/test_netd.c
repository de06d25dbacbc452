/* SPDX-License-Identifier: ISC */

/*
 * What a domain's answers may cost tlstally-net: addresses, hosts and tries.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/limits.h"
#include "netd/inquiry.h"
#include "proc/net_wire.h"

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(4096);
}

static void
teardown(void)
{
	arena_free(arena);
}

TestSuite(netd, .init = setup, .fini = teardown);

/* An answer of n addresses. */
static struct dns_fact
addresses(size_t n)
{
	struct span *rdata = arena_calloc(arena, n + 1, sizeof(*rdata));
	size_t i;

	for (i = 0; i < n; i++)
		rdata[i] = SPAN("\xc0\x00\x02\x01");
	return (struct dns_fact){
	    .state = FACT_ANSWER, .rdata = rdata, .nrdata = n};
}

Test(netd, so_many_addresses_of_a_host_are_tried)
{
	struct sockaddr_storage out[ADDRESSES_MAX];
	size_t n;

	for (n = ADDRESSES_MAX - 1; n <= ADDRESSES_MAX + 1; n++) {
		const struct dns_fact fact = addresses(n);

		cr_expect_eq(addresses_of(&fact, out, ADDRESSES_MAX, 443),
		    n < ADDRESSES_MAX ? n : ADDRESSES_MAX);
	}
}

/* The last is the most preferred one. */
Test(netd, so_many_hosts_are_looked_at)
{
	struct mx_host *hosts;
	struct dns_fact mx = {.state = FACT_ANSWER};
	struct span *rdata;
	size_t n, i;

	for (n = MX_HOSTS_MAX - 1; n <= MX_HOSTS_MAX + 1; n++) {
		rdata = arena_calloc(arena, n, sizeof(*rdata));
		for (i = 0; i < n; i++)
			rdata[i] = SPAN("\x00\x09\x01m\x07"
					"example\x00");
		rdata[n - 1] = SPAN("\x00\x01\x04"
				    "best\x07"
				    "example\x00");
		mx.rdata = rdata;
		mx.nrdata = n;
		cr_expect_eq(mx_hosts(arena, &mx, &hosts),
		    n < MX_HOSTS_MAX ? n : MX_HOSTS_MAX);
		cr_expect_str_eq(hosts[0].host, "best.example");
	}
}

Test(netd, so_many_addresses_of_all_hosts_are_tried)
{
	const struct net_settings settings = {.smtp_port = 25};
	struct look look = {.settings = &settings};
	struct inquiry q = {.look = &look};
	struct mx_host host = {.host = "mx.example"};
	struct probe_plan plan = {.n = 0};

	host.address = addresses(PROBE_TRIES_MAX - 1);
	probe_add_host(&q, &plan, &host);
	cr_expect_eq(plan.n, PROBE_TRIES_MAX - 1);
	probe_add_host(&q, &plan, &host);
	cr_expect_eq(plan.n, PROBE_TRIES_MAX);
	plan.n = 0;
	host.address = addresses(PROBE_TRIES_MAX + 1);
	probe_add_host(&q, &plan, &host);
	cr_expect_eq(plan.n, PROBE_TRIES_MAX);
}
