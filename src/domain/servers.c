/* SPDX-License-Identifier: ISC */

/*
 * The name servers of a zone beside each other: whether all say the same of the
 * record, and whether that is what the resolver said.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "domain/facts.h"
#include "domain/rdata.h"

/* Of a text, so much is shown; of servers that say the same, so many. */
#define SAID_MAX  ((size_t)70)
#define SHOWN_MAX ((size_t)3)

/* ---- one answer ---- */

static int
compare_data(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;
	int rc = n > 0 ? memcmp(x->p, y->p, n) : 0;

	return rc != 0 ? rc : (x->len > y->len) - (x->len < y->len);
}

/* The records in their own order, since servers give them in any, each behind
 * its length; of an alias, where it leads. */
static const char *
digest_of(struct arena *arena, const struct dns_fact *answer)
{
	struct span alias = {0}, *sorted;
	size_t n = answer->nrdata, size = 0, i;
	unsigned char hash[SHA256_LEN];
	char *hex = arena_alloc(arena, SHA256_HEX_SIZE), *all, *end;

	sorted = arena_calloc(arena, n + 1, sizeof(*sorted));
	if (answer->naliases > 0) {
		alias = span_of(answer->aliases[0]);
		n = 0;
	}
	for (i = 0; i < n; i++) {
		sorted[i] = answer->rdata[i];
		size += sizeof(size) + sorted[i].len;
	}
	qsort(sorted, n, sizeof(*sorted), compare_data);
	all = end = arena_alloc(arena, size + alias.len + 1);
	for (i = 0; i < n; i++) {
		memcpy(end, &sorted[i].len, sizeof(sorted[i].len));
		end += sizeof(sorted[i].len);
		memcpy(end, sorted[i].p, sorted[i].len);
		end += sorted[i].len;
	}
	if (alias.len > 0)
		memcpy(end, alias.p, alias.len);
	sha256(all, size + alias.len, hash);
	sha256_hex(hash, hex);
	return hex;
}

static const char *
words_of(struct arena *arena, const struct dns_fact *answer)
{
	struct span text;

	if (answer->naliases > 0)
		return arena_printf(
		    arena, "an alias of %s", answer->aliases[0]);
	if (answer->nrdata == 0)
		return "nothing";
	if (answer->nrdata > 1)
		return arena_printf(arena, "%zu texts", answer->nrdata);
	rdata_txt(arena, answer->rdata[0], &text, NULL);
	if (text.len <= SAID_MAX)
		return arena_printf(arena, "\"%s\"", printable(arena, text));
	text.len = SAID_MAX;
	return arena_printf(arena, "\"%s...\"", printable(arena, text));
}

void
server_read(
    struct arena *arena, const struct dns_fact *answer, struct server_facts *to)
{
	to->state = answer->state;
	if (fact_is_known(answer)) {
		to->digest = digest_of(arena, answer);
		to->said = words_of(arena, answer);
	} else if (answer->state == FACT_SERVFAIL) {
		to->said = answer->why != NULL ? answer->why : "no answer";
	}
}

/* ---- all of them ---- */

static bool
has_failed(const struct server_facts *s)
{
	return s->state == FACT_SERVFAIL;
}

/* One of the addresses of that host gave an answer. */
static bool
was_reached(const struct domain_facts *facts, const char *host)
{
	size_t i;

	for (i = 0; i < facts->nservers; i++)
		if (facts->servers[i].digest != NULL &&
		    strcmp(facts->servers[i].host, host) == 0)
			return true;
	return false;
}

bool
servers_confirm(struct arena *arena, const struct domain_facts *facts)
{
	const struct server_facts *s = facts->servers;
	const char *digest;
	size_t i;

	/* What an alias leads to is not theirs to say. */
	if (facts->nservers == 0 || !fact_is_known(&facts->tlsrpt) ||
	    facts->tlsrpt.naliases > 0)
		return false;
	digest = digest_of(arena, &facts->tlsrpt);
	for (i = 0; i < facts->nservers; i++, s++)
		if (has_failed(s) || !was_reached(facts, s->host) ||
		    (s->digest != NULL && strcmp(s->digest, digest) != 0))
			return false;
	return true;
}

static bool
says_the_same(const struct server_facts *a, const struct server_facts *b)
{
	if (a->digest == NULL || b->digest == NULL)
		return has_failed(a) && has_failed(b);
	return strcmp(a->digest, b->digest) == 0;
}

static bool
says_anything(const struct server_facts *s)
{
	return s->digest != NULL || has_failed(s);
}

/* "nothing" (ns1.example.com, ns2.example.com and 3 more) */
static const char *
describe(struct arena *arena, const struct domain_facts *facts, size_t first)
{
	const struct server_facts *like = &facts->servers[first], *s;
	const char *names = "";
	size_t i, n = 0;

	for (i = first; i < facts->nservers; i++) {
		s = &facts->servers[i];
		if (!says_anything(s) || !says_the_same(like, s) ||
		    n++ >= SHOWN_MAX)
			continue;
		names = arena_printf(arena, "%s%s%s", names,
		    *names != '\0' ? ", " : "", s->server);
	}
	if (n > SHOWN_MAX)
		names = arena_printf(
		    arena, "%s and %zu more", names, n - SHOWN_MAX);
	return arena_printf(arena, "%s (%s)",
	    like->said != NULL ? like->said : "something", names);
}

/* A server before it says the same. */
static bool
was_described(const struct domain_facts *facts, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (says_anything(&facts->servers[i]) &&
		    says_the_same(&facts->servers[i], &facts->servers[at]))
			return true;
	return false;
}

const char *
servers_differ(struct arena *arena, const struct domain_facts *facts)
{
	const char *all = NULL;
	size_t i, answers = 0;
	bool is_known = false;

	for (i = 0; i < facts->nservers; i++) {
		if (!says_anything(&facts->servers[i]))
			continue;
		is_known = is_known || facts->servers[i].digest != NULL;
		if (was_described(facts, i))
			continue;
		answers++;
		all = arena_printf(arena, "%s%s%s", all != NULL ? all : "",
		    all != NULL ? "; " : "", describe(arena, facts, i));
	}
	return is_known && answers > 1 ? all : NULL;
}
