/* SPDX-License-Identifier: ISC */

/*
 * The name servers of a zone beside each other, and beside the resolver.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "domain/facts.h"
#include "domain/rdata.h"

#define RECORD "v=TLSRPTv1; rua=mailto:a@a.example"

static struct arena *arena;
static struct domain_facts facts;
static struct server_facts servers[8];

static void
setup(void)
{
	arena = arena_new(4096);
	facts =
	    (struct domain_facts){.domain = "a.example", .servers = servers};
	facts.tlsrpt = (struct dns_fact){.name = "_smtp._tls.a.example"};
}

static void
teardown(void)
{
	arena_free(arena);
}

TestSuite(servers, .init = setup, .fini = teardown);

/* An answer with up to two texts; NULL for fewer. */
static struct dns_fact
answer_of(enum fact_state state, const char *one, const char *two)
{
	struct dns_fact answer = {.state = state};
	struct span *rdata = arena_calloc(arena, 2, sizeof(*rdata));

	if (one != NULL)
		rdata[answer.nrdata++] = rdata_txt_make(arena, span_of(one));
	if (two != NULL)
		rdata[answer.nrdata++] = rdata_txt_make(arena, span_of(two));
	answer.rdata = rdata;
	return answer;
}

static struct server_facts *
add(const char *host, const struct dns_fact *answer)
{
	struct server_facts *s = &servers[facts.nservers++];

	*s = (struct server_facts){.host = host, .server = host};
	server_read(arena, answer, s);
	return s;
}

static void
add_text(const char *host, const char *text)
{
	struct dns_fact answer =
	    answer_of(text != NULL ? FACT_ANSWER : FACT_NODATA, text, NULL);

	add(host, &answer);
}

static void
add_failure(const char *host, enum fact_state state, const char *why)
{
	const struct dns_fact answer = {.state = state, .why = why};

	add(host, &answer);
}

static const char *
difference(void)
{
	const char *text = servers_differ(arena, &facts);

	return text != NULL ? text : "none";
}

static bool
is_confirmed(enum fact_state state, const char *text)
{
	struct dns_fact answer = answer_of(state, text, NULL);

	facts.tlsrpt = answer;
	return servers_confirm(arena, &facts);
}

Test(servers, the_order_of_records_is_no_difference)
{
	struct dns_fact one = answer_of(FACT_ANSWER, "a", "bc"),
			other = answer_of(FACT_ANSWER, "bc", "a"),
			longer = answer_of(FACT_ANSWER, "ab", "c");

	add("ns1", &one);
	add("ns2", &other);
	cr_expect_str_eq(difference(), "none");
	add("ns3", &longer);
	cr_expect_str_eq(difference(), "2 texts (ns1, ns2); 2 texts (ns3)");
}

Test(servers, nothing_is_an_answer_however_it_is_said)
{
	struct dns_fact nodata = {.state = FACT_NODATA},
			nxdomain = {.state = FACT_NXDOMAIN};

	add("ns1", &nodata);
	add("ns2", &nxdomain);
	cr_expect_str_eq(difference(), "none");
	add_text("ns3", RECORD);
	cr_expect_str_eq(
	    difference(), "nothing (ns1, ns2); \"" RECORD "\" (ns3)");
}

Test(servers, an_alias_is_compared_by_where_it_leads)
{
	static const char *const to[] = {"x.example", "y.example"};
	struct dns_fact alias = {
	    .state = FACT_ANSWER, .aliases = to, .naliases = 1};

	add("ns1", &alias);
	add("ns2", &alias);
	cr_expect_str_eq(difference(), "none");
	alias.aliases = to + 1;
	add("ns3", &alias);
	cr_expect_str_eq(difference(),
	    "an alias of x.example (ns1, ns2); an alias of y.example (ns3)");
}

Test(servers, one_that_fails_differs_from_one_that_answers)
{
	add_failure("ns1", FACT_SERVFAIL, "it refuses to answer");
	add_failure("ns2", FACT_SERVFAIL, NULL);
	cr_expect_str_eq(difference(), "none", "nothing to compare with");
	add_text("ns3", NULL);
	cr_expect_str_eq(
	    difference(), "it refuses to answer (ns1, ns2); nothing (ns3)");
}

Test(servers, of_one_that_is_silent_nothing_is_known)
{
	add_text("ns1", RECORD);
	add_failure("ns2", FACT_TIMEOUT, "Connection refused");
	add_failure("ns3", FACT_NOT_ASKED, NULL);
	cr_expect_str_eq(difference(), "none");
	cr_expect_not(is_confirmed(FACT_ANSWER, RECORD));
}

Test(servers, long_texts_and_many_names_are_cut)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	char text[72];
	size_t i;

	memset(text, 'x', sizeof(text));
	text[70] = '\0';
	for (i = 0; i < 3; i++)
		add_text(names[i], NULL);
	add_text("f", text);
	cr_expect_str_eq(difference(),
	    "nothing (a, b, c); \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxx\" (f)");
	text[70] = 'x';
	text[71] = '\0';
	facts.nservers = 0;
	for (i = 0; i < 4; i++)
		add_text(names[i], NULL);
	add_text("f", text);
	cr_expect_str_eq(difference(),
	    "nothing (a, b, c and 1 more); \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\" (f)");
}

Test(servers, they_confirm_what_all_of_them_say)
{
	cr_expect_not(is_confirmed(FACT_NXDOMAIN, NULL), "nobody was asked");
	add_text("ns1", NULL);
	add_text("ns2", NULL);
	cr_expect(is_confirmed(FACT_NXDOMAIN, NULL));
	cr_expect(is_confirmed(FACT_NODATA, NULL));
	cr_expect_not(is_confirmed(FACT_TIMEOUT, NULL));
	cr_expect_not(is_confirmed(FACT_ANSWER, RECORD));
	add_text("ns3", RECORD);
	cr_expect_not(is_confirmed(FACT_NXDOMAIN, NULL));
	cr_expect_not(is_confirmed(FACT_ANSWER, RECORD));
}

Test(servers, each_is_reached_at_one_address_at_least)
{
	add_text("ns1", NULL);
	add_failure("ns1", FACT_TIMEOUT, NULL);
	cr_expect(is_confirmed(FACT_NODATA, NULL));
	add_failure("ns2", FACT_TIMEOUT, NULL);
	cr_expect_not(is_confirmed(FACT_NODATA, NULL));
	facts.nservers = 2;
	add_failure("", FACT_NOT_ASKED, NULL);
	cr_expect_not(is_confirmed(FACT_NODATA, NULL), "others left out");
	facts.nservers = 2;
	add_failure("ns1", FACT_SERVFAIL, NULL);
	cr_expect_not(is_confirmed(FACT_NODATA, NULL), "lame at one of them");
}

Test(servers, what_is_behind_an_alias_is_not_theirs)
{
	static const char *const to[] = {"x.example"};

	facts.tlsrpt = (struct dns_fact){
	    .state = FACT_NXDOMAIN, .aliases = to, .naliases = 1};
	add("ns1", &facts.tlsrpt);
	cr_expect_not(servers_confirm(arena, &facts));
}
