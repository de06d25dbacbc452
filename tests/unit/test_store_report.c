/* SPDX-License-Identifier: ISC */

/*
 * A report comes back as it was put in.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/limits.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store_report, .init = store_kit_setup, .fini = store_kit_teardown);

static void
expect_failure(const struct failure *a, const struct failure *b)
{
	cr_expect_eq(a->type, b->type);
	cr_expect_str_eq(a->type_text, b->type_text);
	cr_expect_str_eq(a->sending_ip, b->sending_ip);
	cr_expect_str_eq(a->receiving_mx, b->receiving_mx);
	cr_expect_str_eq(a->receiving_helo, b->receiving_helo);
	cr_expect_str_eq(a->receiving_ip, b->receiving_ip);
	cr_expect_str_eq(a->additional_information, b->additional_information);
	cr_expect_str_eq(a->reason_code, b->reason_code);
	cr_expect_eq(a->sessions, b->sessions);
}

static void
expect_strings(const char **a, size_t na, const char **b, size_t nb)
{
	size_t i;

	cr_assert_eq(na, nb);
	for (i = 0; i < na; i++)
		cr_expect_str_eq(a[i], b[i]);
}

static void
expect_policy(const struct policy *a, const struct policy *b)
{
	size_t i;

	cr_expect_eq(a->type, b->type);
	cr_expect_str_eq(a->type_text, b->type_text);
	cr_expect_eq(a->mode, b->mode);
	cr_expect_str_eq(a->domain, b->domain);
	cr_expect_eq(a->successful, b->successful);
	cr_expect_eq(a->failed, b->failed);
	expect_strings(a->strings, a->nstrings, b->strings, b->nstrings);
	expect_strings(a->mx_hosts, a->nmx_hosts, b->mx_hosts, b->nmx_hosts);
	cr_assert_eq(a->nfailures, b->nfailures);
	for (i = 0; i < a->nfailures; i++)
		expect_failure(&a->failures[i], &b->failures[i]);
}

static void
expect_scalars(const struct report *a, const struct report *b)
{
	cr_expect_str_eq(a->reporter, b->reporter);
	cr_expect_str_eq(a->organization, b->organization);
	cr_expect_str_eq(a->contact, b->contact);
	cr_expect_str_eq(a->id, b->id);
	cr_expect_eq(a->start, b->start);
	cr_expect_eq(a->end, b->end);
	cr_expect_eq(a->day, b->day);
	cr_expect_eq(a->received, b->received);
	cr_expect_eq(a->authenticity, b->authenticity);
	cr_expect_str_eq(a->submitter_header, b->submitter_header);
	cr_expect_str_eq(a->domain_header, b->domain_header);
	cr_expect_str_eq(a->filename, b->filename);
	cr_expect_str_eq(a->subject, b->subject);
	cr_expect_arr_eq(a->sum, b->sum, sizeof(a->sum));
	cr_expect_eq(a->original.encoding, b->original.encoding);
	cr_expect_eq(a->original.json_len, b->original.json_len);
	cr_assert_eq(a->original.len, b->original.len);
	cr_expect_eq(
	    memcmp(a->original.data, b->original.data, a->original.len), 0);
}

static void
expect_report(const struct report *a, const struct report *b)
{
	size_t i;

	expect_scalars(a, b);
	cr_assert_eq(a->ndeviations, b->ndeviations);
	for (i = 0; i < a->ndeviations; i++) {
		cr_expect_eq(a->deviations[i].code, b->deviations[i].code);
		cr_expect_str_eq(
		    a->deviations[i].where, b->deviations[i].where);
	}
	cr_assert_eq(a->npolicies, b->npolicies);
	for (i = 0; i < a->npolicies; i++)
		expect_policy(&a->policies[i], &b->policies[i]);
}

/* Adds a report and expects it back, from this handle and from a new one. */
static void
expect_back(struct report *r)
{
	int64_t number = store_kit_sql(&kit, "SELECT count(*) FROM report") + 1;

	cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
	expect_report(store_kit_read(&kit, number).report, r);
	store_kit_reopen(&kit, STORE_READ);
	expect_report(store_kit_read(&kit, number).report, r);
	store_kit_reopen(&kit, STORE_WRITE);
}

static void
fill_policies(struct report *r)
{
	static const char *strings[] = {
	    "version: STSv1", "mode: enforce", "", "mx: mx1.example.com"};
	static const char *hosts[] = {"mx1.example.com", "*.example.com"};
	struct failure *f;

	store_kit_policies(&kit, r, 3);
	r->policies[0].strings = strings;
	r->policies[0].nstrings = 4;
	r->policies[0].mx_hosts = hosts;
	r->policies[0].nmx_hosts = 2;
	r->policies[0].failed = 20;
	r->policies[1].type = POLICY_OTHER;
	r->policies[1].type_text = "sts2";
	r->policies[1].mode = MODE_UNKNOWN;
	r->policies[1].mx_hosts = hosts;
	r->policies[1].nmx_hosts = 1;
	r->policies[2].type = POLICY_TLSA;
	r->policies[2].domain = "";
	r->policies[2].successful = COUNT_MAX;
	r->policies[2].failed = COUNT_MAX;
	store_kit_fail(&kit, &r->policies[0], RESULT_STARTTLS_NOT_SUPPORTED, 1);
	f = store_kit_fail(&kit, &r->policies[0], RESULT_OTHER, 0);
	f->type_text = "new-type";
	f->sending_ip = "2001:db8::1";
	f->receiving_mx = "";
	f->receiving_helo = "mx1 ESMTP\r\n250 OK";
	f->receiving_ip = "";
	f->additional_information = "https://example.net/?a=1";
	f->reason_code = "a \"quoted\" reason";
	store_kit_fail(&kit, &r->policies[2], RESULT_DANE_REQUIRED, 7);
}

Test(store_report, every_field_comes_back)
{
	static struct deviation deviations[] = {{DEVIATION_ZIP, ""},
	    {DEVIATION_COUNTS_DIFFER, "policies[2]"},
	    {DEVIATION_TOO_MANY, "a place\nof two lines"}};
	struct report *r =
	    store_kit_report(&kit, "example.net", "id@1", "example.com");

	r->organization = "Example, Inc.";
	r->contact = "tls-reports@example.net";
	r->received = KIT_NOW - 7;
	r->authenticity = AUTH_VERIFIED;
	r->submitter_header = "Example.NET";
	r->domain_header = "example.com.";
	r->filename = "example.net!example.com!1!2.json.gz";
	r->subject = "Report Domain: example.com";
	r->original.encoding = ENCODING_GZIP;
	r->original.json_len = 123456789;
	r->deviations = deviations;
	r->ndeviations = 3;
	fill_policies(r);
	expect_back(r);
}

Test(store_report, a_report_of_empty_fields_comes_back)
{
	struct report *r = store_kit_report(&kit, "", "", "");

	r->organization = r->contact = "";
	r->original.len = 0;
	expect_back(r);
}

Test(store_report, a_report_without_policies_comes_back)
{
	struct report *r = store_kit_report(&kit, "a", "b", "");

	r->npolicies = 0;
	expect_back(r);
}

Test(store_report, what_was_not_in_the_report_comes_back_with_it)
{
	struct stored_report stored;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	stored = store_kit_read(&kit, 1);
	cr_expect_eq(stored.number, 1);
	cr_expect_eq(stored.stored, KIT_NOW);
	cr_expect_str_eq(stored.source, "/var/mail/reports");
	cr_expect_str_eq(stored.locator, "reports/INBOX");
}

Test(store_report, extreme_numbers_come_back)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");

	r->day = DAY_MIN;
	r->start = (int64_t)DAY_MIN * DAY_SECONDS;
	r->end = (int64_t)DAY_MAX * DAY_SECONDS;
	r->received = -1;
	r->policies[0].successful = r->policies[0].failed = 0;
	expect_back(r);
	r = store_kit_other(&kit, r);
	r->day = DAY_MAX;
	expect_back(r);
}

/* Text that means something to SQL, C, terminals or UTF-8. */
static const char *const odd[] = {
    "'; DROP TABLE report; --",
    "a\"b`c[d]e",
    "%s%n%d",
    "line\nfeed\rreturn\ttab\vvt\033[31mescape\177",
    "\xe2\x80\xae right to left",
    "\xf0\x9f\x93\xa7 mail",
    "not UTF-8: \xff\xfe\xc3",
    "?1 :name @name $name",
    "x'00'",
    " ",
};

Test(store_report, odd_characters_come_back)
{
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct report *r =
		    store_kit_report(&kit, odd[i], odd[i], odd[i]);
		const char *list[] = {odd[i], "", odd[i]};
		struct failure *f;

		r->organization = r->contact = r->submitter_header = odd[i];
		r->domain_header = r->filename = r->subject = odd[i];
		r->policies[0].type = POLICY_OTHER;
		r->policies[0].type_text = odd[i];
		r->policies[0].strings = r->policies[0].mx_hosts = list;
		r->policies[0].nstrings = 3;
		r->policies[0].nmx_hosts = 2;
		f = store_kit_fail(&kit, &r->policies[0], RESULT_OTHER, 1);
		f->type_text = f->sending_ip = f->receiving_mx = odd[i];
		f->receiving_helo = f->receiving_ip = odd[i];
		f->additional_information = f->reason_code = odd[i];
		expect_back(r);
	}
}

Test(store_report, texts_as_long_as_they_may_be_come_back)
{
	size_t max = LIMITS_DEFAULT.string_bytes, len;
	const char *list[2];

	for (len = max - 1; len <= max; len++) {
		char *text = support_repeat('x', len);
		struct report *r = store_kit_report(&kit, text, text, text);

		r->organization = r->subject = text;
		list[0] = list[1] = text;
		r->policies[0].strings = list;
		r->policies[0].nstrings = 2;
		expect_back(r);
		free(text);
	}
}

Test(store_report, texts_that_differ_in_their_last_byte_stay_apart)
{
	char *a = support_repeat('x', 300), *b = support_repeat('x', 300);

	b[299] = 'y';
	expect_back(store_kit_report(&kit, a, "i", b));
	expect_back(store_kit_report(&kit, b, "i", a));
	free(a);
	free(b);
}

Test(store_report, ten_thousand_policies_come_back)
{
	size_t n = LIMITS_DEFAULT.policies, i;
	struct report *r = store_kit_report(&kit, "a", "b", "c");
	char name[64];

	store_kit_policies(&kit, r, n);
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "d%zu.example", i);
		r->policies[i].domain = arena_strdup(kit.arena, name);
		r->policies[i].successful = (int64_t)i;
		r->policies[i].failed = (int64_t)(i % 3);
	}
	expect_back(r);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, n);
}

Test(store_report, many_failures_come_back_in_their_order)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");
	struct policy *p = r->policies;
	size_t n = 20000, i;
	char ip[32];

	p->failures = arena_calloc(kit.arena, n, sizeof(*p->failures));
	p->nfailures = n;
	for (i = 0; i < n; i++) {
		snprintf(ip, sizeof(ip), "2001:db8::%zx", n - i);
		p->failures[i] = (struct failure){.type = RESULT_TLSA_INVALID,
		    .type_text = "",
		    .sending_ip = arena_strdup(kit.arena, ip),
		    .receiving_mx = "",
		    .receiving_helo = "",
		    .receiving_ip = "",
		    .additional_information = "",
		    .reason_code = "",
		    .sessions = (int64_t)i};
	}
	expect_back(r);
}

Test(store_report, a_large_original_comes_back)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");
	char *data = support_repeat('z', (size_t)5 << 20);

	r->original.data = (unsigned char *)data;
	r->original.len = (size_t)5 << 20;
	expect_back(r);
	free(data);
}

Test(store_report, the_same_policy_text_is_stored_once)
{
	static const char *a[] = {"version: STSv1", "mode: testing"};
	static const char *b[] = {"version: STSv1mode: testing"};
	struct report *r;
	int i;

	for (i = 0; i < 3; i++) {
		r = store_kit_report(&kit, i == 1 ? "x" : "y", "i", "d");
		r->start -= i;
		r->policies[0].strings = a;
		r->policies[0].nstrings = 2;
		expect_back(r);
	}
	cr_expect_eq(
	    store_kit_sql(&kit, "SELECT count(*) FROM policy_text"), 1);
	r = store_kit_report(&kit, "z", "i", "d");
	r->policies[0].strings = b;
	r->policies[0].nstrings = 1;
	expect_back(r);
	r = store_kit_report(&kit, "zz", "i", "d");
	r->policies[0].mx_hosts = b;
	r->policies[0].nmx_hosts = 1;
	expect_back(r);
	cr_expect_eq(
	    store_kit_sql(&kit, "SELECT count(*) FROM policy_text"), 3);
}

Test(store_report, a_report_that_is_not_there_is_said_so)
{
	struct stored_report out;
	static const int64_t numbers[] = {0, -1, 2, INT64_MAX, INT64_MIN};
	char expected[1200];
	size_t i;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		cr_expect_eq(
		    store_report(kit.s, numbers[i], kit.arena, &out, &kit.err),
		    -1);
		cr_expect_eq(kit.err.code, ERR_NOINPUT);
		snprintf(expected, sizeof(expected), "%s: no report %lld",
		    kit.path, (long long)numbers[i]);
		cr_expect_str_eq(kit.err.text, expected);
	}
}

/* Rows that this program never writes, and what is said of them. */
static const struct {
	const char *sql;
	const char *text;
} damages[] = {
    {"UPDATE report SET figures = x''", "a report's figures"},
    {"UPDATE report SET figures = x'0200'", "a report's figures"},
    {"UPDATE report SET figures = substr(figures, 1, length(figures) - 1)",
	"a report's figures"},
    {"UPDATE report SET figures = CAST(figures || x'00' AS BLOB)",
	"a report's figures"},
    {"UPDATE report SET figures = x'010200'", "lacks policies"},
    {"UPDATE report SET npolicies = npolicies + 1", "lacks policies"},
    {"UPDATE report SET npolicies = 1000000000000", "lacks policies"},
    {"UPDATE report SET details = x''", "a failure lacks its texts"},
    {"UPDATE report SET details = substr(details, 1, length(details) - 1)",
	"a failure lacks its texts"},
    {"UPDATE report SET sum = x'00'", "without a sum"},
    {"UPDATE report SET identity = x'00'", "without an identity"},
};

/* The same of figures of one policy with one failure. */
static const struct {
	const char *packed;
	const char *text;
} misfits[] = {
    {"0102016364010001030001010002",
	"name a stream that is not there"}, /* stream 99 */
    {"0102010064010001030001010002",
	"name a stream that is not there"}, /* stream 0 */
    {"0102010164016301030001010002",
	"a policy's text is not there"}, /* text 99 */
    {"0102010164010001030063010002",
	"names a text that is not there"}, /* receiving_mx 99 */
    {"010201ffffffffffffffffff0164010001030001010002",
	"a report's figures"}, /* stream -1 */
    {"0102010164010002030001010002", "a report's figures"},
    {"010201016401ffffffffffffffff7f01", "a report's figures"},
    {"01800101016400000100", "a report's figures"}, /* lag 128 */
    {"0102ffffffffffffffff7f", "a report's figures"},
    {"010280808080808080808080808001", "a report's figures"},
};

/* Runs sql on a store of one report; reading that must fail with text. */
static void
expect_damage(struct report *r, const char *sql, const char *text)
{
	struct stored_report out;

	store_kit_add(&kit, r);
	store_kit_sql(&kit, sql);
	store_kit_reopen(&kit, STORE_READ);
	cr_expect_eq(
	    store_report(kit.s, 1, kit.arena, &out, &kit.err), -1, "%s", sql);
	cr_expect_eq(kit.err.code, ERR_STORE, "%s", sql);
	cr_expect_not_null(
	    strstr(kit.err.text, text), "%s: %s", sql, kit.err.text);
	cr_expect_eq(strncmp(kit.err.text, kit.path, strlen(kit.path)), 0);
	store_kit_teardown();
	store_kit_setup();
}

Test(store_report, a_row_that_makes_no_sense_is_damage)
{
	struct report *r;
	size_t i;

	for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		r = store_kit_report(&kit, "a", "b", "c");
		fill_policies(r);
		expect_damage(r, damages[i].sql, damages[i].text);
	}
}

Test(store_report, figures_that_make_no_sense_are_damage)
{
	struct report *r;
	char sql[256];
	size_t i;

	for (i = 0; i < sizeof(misfits) / sizeof(misfits[0]); i++) {
		r = store_kit_report(&kit, "a", "b", "c");
		r->policies[0].failed = 1;
		store_kit_fail(
		    &kit, &r->policies[0], RESULT_CERTIFICATE_EXPIRED, 1);
		snprintf(sql, sizeof(sql), "UPDATE report SET figures = x'%s'",
		    misfits[i].packed);
		expect_damage(r, sql, misfits[i].text);
	}
}

Test(store_report, a_deviation_of_a_newer_program_is_passed_over)
{
	static struct deviation deviations[] = {{DEVIATION_ZIP, "x"}};
	struct report *r = store_kit_report(&kit, "a", "b", "c");

	r->deviations = deviations;
	r->ndeviations = 1;
	store_kit_add(&kit, r);
	store_kit_sql(&kit,
	    "UPDATE report SET deviations = CAST('new-one' AS BLOB) ||"
	    " x'0000' || deviations || CAST('cut' AS BLOB)");
	store_kit_sql(
	    &kit, "UPDATE report SET deviations = CAST(deviations AS BLOB)");
	r = store_kit_read(&kit, 1).report;
	cr_assert_eq(r->ndeviations, 1);
	cr_expect_eq(r->deviations[0].code, DEVIATION_ZIP);
	cr_expect_str_eq(r->deviations[0].where, "x");
}
