/* SPDX-License-Identifier: ISC */

/*
 * The name servers of the zone that a record is in, each asked by itself: one
 * may serve an old zone, or none.  The zone is found by its NS records, from
 * the record's own name upwards, since that name may be delegated to whoever
 * takes the reports.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "domain/name.h"
#include "domain/rdata.h"
#include "net/address.h"
#include "netd/inquiry.h"

#define DNS_PORT 53

/* _smtp._tls.D, _tls.D and D, which are asked about at once. */
#define NEAR 3

struct server_host {
	const char *name;
	struct dns_fact address;
};

struct server_search {
	struct dns_fact near[NEAR];
	size_t near_left;
	struct dns_fact above;
	const char *zone; /* that may be it */
	unsigned levels;
	struct server_host *hosts;
	size_t nhosts;
	size_t hosts_left;
	bool others; /* that are not looked at */
};

/* ---- asking them ---- */

/* Of a host with several addresses, with the one that was asked. */
static const char *
server_name(struct arena *arena, const struct server_host *host,
    const struct sockaddr_storage *address, size_t n)
{
	char text[ADDRESS_TEXT_SIZE];

	if (n == 1)
		return host->name;
	address_text((const struct sockaddr *)address, text);
	return arena_printf(arena, "%s [%s]", host->name, text);
}

static struct server_facts *
add_server(struct inquiry *q, const char *host, enum fact_state state)
{
	struct server_facts *to = &q->facts.servers[q->facts.nservers++];

	to->host = to->server = host;
	to->state = state;
	return to;
}

static void
ask_host(struct inquiry *q, const struct server_host *host)
{
	struct sockaddr_storage addresses[SERVER_ADDRESSES_MAX];
	struct server_facts *to;
	size_t i, n;

	n = addresses_of(
	    &host->address, addresses, SERVER_ADDRESSES_MAX, DNS_PORT);
	if (n == 0)
		add_server(q, host->name, FACT_TIMEOUT);
	for (i = 0; i < n; i++) {
		to = add_server(q, host->name, FACT_TIMEOUT);
		to->server = server_name(q->arena, host, &addresses[i], n);
		visit_begin(q, to, &addresses[i]);
	}
}

static void
ask_all(struct inquiry *q, const struct server_search *s)
{
	size_t i;

	q->facts.servers = arena_calloc(q->arena,
	    s->nhosts * SERVER_ADDRESSES_MAX + 1, sizeof(*q->facts.servers));
	for (i = 0; i < s->nhosts; i++)
		ask_host(q, &s->hosts[i]);
	if (s->others)
		add_server(q, "", FACT_NOT_ASKED);
}

static void
on_host(struct inquiry *q, void *arg)
{
	struct server_search *s = arg;

	if (--s->hosts_left == 0)
		ask_all(q, s);
}

/* ---- who they are ---- */

static int
by_name(const void *a, const void *b)
{
	const struct server_host *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
read_hosts(
    struct inquiry *q, struct server_search *s, const struct dns_fact *answer)
{
	const char *host;
	size_t i;

	s->hosts =
	    arena_calloc(q->arena, answer->nrdata + 1, sizeof(*s->hosts));
	for (i = 0; i < answer->nrdata; i++)
		if (rdata_name(q->arena, answer->rdata[i], &host) == 0)
			s->hosts[s->nhosts++].name =
			    name_normal(q->arena, span_of(host));
	qsort(s->hosts, s->nhosts, sizeof(*s->hosts), by_name);
	s->others = s->nhosts > SERVER_HOSTS_MAX;
	if (s->others)
		s->nhosts = SERVER_HOSTS_MAX;
}

static void
use_zone(
    struct inquiry *q, struct server_search *s, const struct dns_fact *answer)
{
	size_t i;

	read_hosts(q, s, answer);
	s->hosts_left = s->nhosts;
	for (i = 0; i < s->nhosts; i++)
		ask_addresses(
		    q, s->hosts[i].name, &s->hosts[i].address, on_host, s);
}

/* ---- the zone ---- */

/* An alias answers with the servers of where it leads. */
static bool
is_zone(const struct dns_fact *answer)
{
	return answer->state == FACT_ANSWER && answer->naliases == 0;
}

static void on_above(struct inquiry *q, void *arg);

/* A domain that is no zone is a name in one above; but not in that of a
 * registry, which has nothing to say of it. */
static void
climb(struct inquiry *q, struct server_search *s)
{
	const char *dot = strchr(s->zone, '.');

	if (dot == NULL || !name_has_dot(span_of(dot + 1)) ||
	    ++s->levels > ZONE_LEVELS_MAX)
		return;
	s->zone = dot + 1;
	ask(q, s->zone, DNS_NS, &s->above, on_above, s);
}

static void
on_above(struct inquiry *q, void *arg)
{
	struct server_search *s = arg;

	if (is_zone(&s->above))
		use_zone(q, s, &s->above);
	else if (s->above.state == FACT_NODATA)
		climb(q, s);
}

static void
on_near(struct inquiry *q, void *arg)
{
	struct server_search *s = arg;
	size_t i;

	if (--s->near_left > 0)
		return;
	for (i = 0; i < NEAR; i++) {
		if (is_zone(&s->near[i])) {
			use_zone(q, s, &s->near[i]);
			return;
		}
		if (!fact_is_known(&s->near[i]))
			return;
	}
	if (s->near[NEAR - 1].state == FACT_NODATA)
		climb(q, s);
}

void
servers_begin(struct inquiry *q)
{
	static const char *const prefixes[NEAR] = {
	    RECORD_PREFIX ".", "_tls.", ""};
	struct server_search *s = arena_calloc(q->arena, 1, sizeof(*s));
	size_t i;

	s->zone = q->facts.domain;
	s->near_left = NEAR;
	for (i = 0; i < NEAR; i++)
		ask(q,
		    arena_printf(
			q->arena, "%s%s", prefixes[i], q->facts.domain),
		    DNS_NS, &s->near[i], on_near, s);
}
