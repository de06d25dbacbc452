/* SPDX-License-Identifier: ISC */

/* The summary of a domain with which all is well. */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/sha256.h"
#include "snapshot_kit.h"

#define END(days) (KIT_TIME_OF_LOOK + (int64_t)(days)*DAY_SECONDS)

static struct summary_text record_data[] = {{KIT_RECORD}};
static struct summary_text sts_data[] = {{"v=STSv1; id=20261101;"}};
static struct summary_text patterns[] = {{"mx2.e.example"}, {"mx1.e.example"}};
static const unsigned char body[SHA256_LEN] = "the body of the policy";

static void
set_answer(
    struct summary_answer *a, const char *name, struct summary_text *data)
{
	*a = (struct summary_answer){.name = name,
	    .type = "TXT",
	    .state = FACT_ANSWER,
	    .secure = true,
	    .ttl = 3600,
	    .data = data,
	    .ndata = 1};
}

static struct summary_certificate
certificate(int days)
{
	return (struct summary_certificate){.trust = TRUST_GOOD,
	    .not_before = END(-30),
	    .not_after = END(days)};
}

void
snapshot_kit_setup(struct snapshot_kit *k)
{
	*k = (struct snapshot_kit){.arena = arena_new(65536)};
	set_answer(
	    &k->answers[SUMMARY_TLSRPT], "_smtp._tls.e.example", record_data);
	set_answer(&k->answers[SUMMARY_STS], "_mta-sts.e.example", sts_data);
	k->destinations[0] =
	    (struct summary_destination){.text = "mailto:tls@r.example",
		.scheme = URI_MAILTO,
		.host = "r.example",
		.usable = true,
		.not_after = TIME_NONE};
	k->destinations[1] =
	    (struct summary_destination){.text = "https://h.example/v1",
		.scheme = URI_HTTPS,
		.host = "h.example",
		.usable = true,
		.not_after = END(50)};
	k->mx[0] = (struct summary_mx){.host = "mx1.e.example",
	    .tlsa = FACT_ANSWER,
	    .tlsa_secure = true,
	    .ntlsa = 1,
	    .cert = certificate(40)};
	k->mx[1] = (struct summary_mx){.host = "mx2.e.example",
	    .tlsa = FACT_NXDOMAIN,
	    .cert = {.not_before = TIME_NONE, .not_after = TIME_NONE}};
	k->summary = (struct domain_summary){.domain = "e.example",
	    .at = KIT_TIME_OF_LOOK,
	    .has_record = true,
	    .record = KIT_RECORD,
	    .destinations = k->destinations,
	    .ndestinations = 2,
	    .answers = k->answers,
	    .nanswers = 2,
	    .sts_id = "20261101",
	    .policy = {.seen = true,
		.usable = true,
		.mode = STS_TESTING,
		.max_age = 604800,
		.mx = patterns,
		.nmx = 2,
		.sha256 = body,
		.cert = certificate(60)},
	    .mx = k->mx,
	    .nmx = 2,
	    .findings = k->findings};
}

void
snapshot_kit_teardown(struct snapshot_kit *k)
{
	arena_free(k->arena);
}

void
snapshot_kit_find(
    struct snapshot_kit *k, enum check_id check, enum severity severity)
{
	cr_assert_lt(k->summary.nfindings, 8);
	k->findings[k->summary.nfindings++] =
	    (struct summary_finding){.check = check,
		.severity = severity,
		.subject = "",
		.message = "said so"};
}

void
snapshot_kit_expect_same(struct snapshot_kit *k, const struct snapshot *got,
    const struct snapshot *wanted)
{
	struct buf a = {.cap = SNAPSHOT_BYTES_MAX}, b = a;

	(void)k;
	cr_assert_eq(snapshot_pack(&a, got), 0);
	cr_assert_eq(snapshot_pack(&b, wanted), 0);
	cr_expect_eq(a.len, b.len);
	cr_expect(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
	buf_free(&a);
	buf_free(&b);
}
