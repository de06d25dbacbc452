/* SPDX-License-Identifier: ISC */

/*
 * What libunbound says, copied out within bounds, in our own words.
 */

#include "config.h"

#include <string.h>

#include <unbound.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "net/dns_private.h"

enum { RCODE_OK = 0, RCODE_SERVFAIL = 2, RCODE_REFUSED = 5 };

/* Why an answer is bogus, with the names that it is about. */
#define WHY_BYTES_MAX 400

void
dns_answer_free(struct dns_answer *answer)
{
	if (answer != NULL)
		arena_free(answer->arena);
}

const char *
dns_state_name(enum dns_state state)
{
	static const char *const names[DNS_STATES] = {
	    [DNS_DATA] = "data",
	    [DNS_NODATA] = "nodata",
	    [DNS_NXDOMAIN] = "nxdomain",
	    [DNS_BOGUS] = "bogus",
	    [DNS_SERVFAIL] = "servfail",
	    [DNS_REFUSED] = "refused",
	    [DNS_TIMEOUT] = "timeout",
	    [DNS_BAD_NAME] = "bad-name",
	    [DNS_FAILED] = "failed",
	};

	return (unsigned)state < DNS_STATES ? names[state] : "unknown";
}

const char *
dns_security_name(enum dns_security security)
{
	static const char *const names[] = {
	    "unknown", "insecure", "secure", "bogus"};

	return (unsigned)security <= DNS_WRONG ? names[security] : "unknown";
}

bool
dns_is_known(const struct dns_answer *answer)
{
	return answer->state <= DNS_NXDOMAIN;
}

struct dns_answer *
dns_answer_new(const char *name, unsigned type, enum dns_state state)
{
	struct arena *arena = arena_new(1024);
	struct dns_answer *a = arena_calloc(arena, 1, sizeof(*a));

	a->arena = arena;
	a->name = arena_strdup(arena, name);
	a->type = type;
	a->state = state;
	a->rcode = -1;
	a->why = "";
	return a;
}

void
dns_answer_say(struct dns_answer *a, const char *why)
{
	size_t len = strlen(why);

	if (len > WHY_BYTES_MAX)
		len = utf8_whole_prefix(why, WHY_BYTES_MAX);
	a->why = arena_strndup(a->arena, why, len);
}

/* A bogus answer can come with rcode 0 and with data: it is looked for
 * first. */
static enum dns_state
classify(const struct ub_result *r)
{
	if (r->bogus)
		return DNS_BOGUS;
	if (r->havedata)
		return DNS_DATA;
	if (r->nxdomain)
		return DNS_NXDOMAIN;
	switch (r->rcode) {
	case RCODE_OK:
		return DNS_NODATA;
	case RCODE_SERVFAIL:
		return DNS_SERVFAIL;
	case RCODE_REFUSED:
		return DNS_REFUSED;
	default:
		return DNS_FAILED;
	}
}

static void
copy_records(struct dns_answer *a, const struct ub_result *r)
{
	struct dns_record *records;
	size_t n = 0, i;

	while (n < DNS_RECORDS_MAX && r->data[n] != NULL)
		n++;
	if (r->data[n] != NULL)
		a->cut = true;
	records = arena_calloc(a->arena, n, sizeof(*records));
	for (i = 0; i < n; i++) {
		records[i].len = r->len[i] < 0 ? 0 : (size_t)r->len[i];
		records[i].data = (const void *)arena_strndup(
		    a->arena, r->data[i], records[i].len);
	}
	a->records = records;
	a->records_n = n;
}

struct chain {
	struct dns_answer *answer;
	const char *targets[DNS_ALIASES_MAX];
};

static void
add_alias(void *arg, const char *target)
{
	struct chain *c = arg;

	if (c->answer->aliases_n == DNS_ALIASES_MAX) {
		c->answer->cut = true;
		return;
	}
	c->targets[c->answer->aliases_n++] =
	    arena_strdup(c->answer->arena, target);
}

void
dns_answer_aliases(
    struct dns_answer *a, const unsigned char *packet, size_t len)
{
	struct chain c = {.answer = a};
	const char **copy;

	/* One more than is kept, to see whether there is one. */
	dns_packet_aliases(packet, len, DNS_ALIASES_MAX + 1, add_alias, &c);
	copy = arena_calloc(a->arena, a->aliases_n + 1, sizeof(*copy));
	memcpy(copy, c.targets, a->aliases_n * sizeof(*copy));
	a->aliases = copy;
}

struct dns_answer *
dns_answer_read(
    const char *name, unsigned type, int error, const struct ub_result *r)
{
	struct dns_answer *a;

	if (error != 0 || r == NULL) {
		a = dns_answer_new(
		    name, type, error == UB_SYNTAX ? DNS_BAD_NAME : DNS_FAILED);
		dns_answer_say(a, ub_strerror(error));
		return a;
	}
	a = dns_answer_new(name, type, classify(r));
	a->rcode = r->rcode;
	a->ttl = r->ttl < 0 ? 0 : (uint32_t)r->ttl;
	if (a->state == DNS_BOGUS)
		a->security = DNS_WRONG;
	else if (dns_is_known(a))
		a->security = r->secure ? DNS_SECURE : DNS_INSECURE;
	if (r->why_bogus != NULL)
		dns_answer_say(a, r->why_bogus);
	if (a->state == DNS_FAILED)
		a->why = arena_printf(a->arena, "rcode %d", r->rcode);
	if (r->data != NULL && a->state == DNS_DATA)
		copy_records(a, r);
	if (a->state != DNS_BOGUS && r->answer_packet != NULL &&
	    r->answer_len > 0)
		dns_answer_aliases(a, r->answer_packet, (size_t)r->answer_len);
	return a;
}
