/* SPDX-License-Identifier: ISC */

/*
 * Whose a report is, and about whom, when only what stood around it says so.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "decode/attribute.h"
#include "parsed.h"
#include "support.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define REPORT(contact, policy)                                           \
	"{\"organization-name\":\"Sender Example\",\"date-range\":{"      \
	"\"start-datetime\":\"2026-11-20T00:00:00Z\",\"end-datetime\":"   \
	"\"2026-11-20T23:59:59Z\"},\"contact-info\":\"" contact "\","     \
	"\"report-id\":\"1\",\"policies\":[{\"policy\":{\"policy-type\":" \
	"\"no-policy-found\"" policy "},\"summary\":{"                    \
	"\"total-successful-session-count\":3,"                           \
	"\"total-failure-session-count\":0}}]}"

#define FULL_CONTEXT                                              \
	(struct tlsrpt_context)                                   \
	{                                                         \
		"sender.example", "header.example",               \
		    "sender.example!file.example!1!2!id.json.gz", \
		    "Report Domain: subject.example Submitter: "  \
		    "sender.example Report-ID: <1>"               \
	}

static const char where[] = "policies[0].policy.policy-domain";

static struct parsed
parse_around(const char *json, struct tlsrpt_context context)
{
	struct parsed p =
	    parsed_bytes(span_of(json), &context, &LIMITS_DEFAULT);

	cr_assert_eq(p.verdict, TLSRPT_REPORT, "%s", p.err.text);
	return p;
}

Test(attribute, conformance_37_a_missing_domain_comes_from_the_header)
{
	struct parsed p =
	    parse_around(REPORT("tls@sender.example", ""), FULL_CONTEXT);

	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_DOMAIN_FROM_HEADER, where));
	cr_assert_str_eq(p.report->policies[0].domain, "header.example");
	cr_assert_str_eq(p.report->domain_header, "header.example");
	cr_assert_str_eq(p.report->submitter_header, "sender.example");
	cr_assert_str_eq(p.report->filename, "");
	cr_assert_str_eq(p.report->subject, "");
	parsed_free(&p);
}

Test(attribute, conformance_37_else_from_the_file_name)
{
	struct tlsrpt_context c = FULL_CONTEXT;
	struct parsed p;

	c.domain_header = "";
	p = parse_around(REPORT("tls@sender.example", ""), c);
	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_DOMAIN_FROM_FILENAME, where));
	cr_assert_str_eq(p.report->policies[0].domain, "file.example");
	cr_assert_str_eq(p.report->filename, c.filename);
	cr_assert_str_eq(p.report->subject, "");
	parsed_free(&p);
}

Test(attribute, conformance_37_else_from_the_subject)
{
	struct tlsrpt_context c = FULL_CONTEXT;
	struct parsed p;

	c.domain_header = c.filename = "";
	p = parse_around(REPORT("tls@sender.example", ""), c);
	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_DOMAIN_FROM_SUBJECT, where));
	cr_assert_str_eq(p.report->policies[0].domain, "subject.example");
	cr_assert_str_eq(p.report->filename, "");
	cr_assert_str_eq(p.report->subject, c.subject);
	parsed_free(&p);
}

Test(attribute, conformance_37_else_it_is_unknown)
{
	struct parsed p =
	    parse_around(REPORT("tls@sender.example", ""), parsed_no_context);

	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_DOMAIN_UNKNOWN, where));
	cr_assert_str_eq(p.report->policies[0].domain, "");
	parsed_free(&p);
}

Test(attribute, conformance_71_the_body_wins)
{
	struct parsed p = parse_around(REPORT("tls@sender.example",
					   ",\"policy-domain\":"
					   "\" Body.EXAMPLE. \""),
	    FULL_CONTEXT);

	parsed_expect_report(&p, 0);
	cr_assert_str_eq(p.report->policies[0].domain, "body.example");
	cr_assert_str_eq(p.report->domain_header, "header.example");
	cr_assert_str_eq(p.report->filename, "");
	cr_assert_str_eq(p.report->subject, "");
	parsed_free(&p);
}

Test(attribute, an_empty_or_null_domain_is_missing_too)
{
	struct parsed p = parse_around(
	    REPORT("tls@sender.example", ",\"policy-domain\":\" \""),
	    FULL_CONTEXT);

	cr_assert_str_eq(p.report->policies[0].domain, "header.example");
	parsed_free(&p);
	p = parse_around(
	    REPORT("tls@sender.example", ",\"policy-domain\":null"),
	    FULL_CONTEXT);
	cr_assert_str_eq(p.report->policies[0].domain, "header.example");
	parsed_free(&p);
}

/* Headers, and the domain that is taken from them; "" for none. */
static const struct {
	char header[40];
	char domain[32];
} headers[] = {
    {"example.com", "example.com"},
    {" Example.COM. ", "example.com"},
    {"xn--bcher-kva.example", "xn--bcher-kva.example"},
    {"_dmarc.example.com", "_dmarc.example.com"},
    {"b\xc3\xbc"
     "cher.example",
	"b\xc3\xbc"
	"cher.example"},
    {"example.com, example.net", ""},
    {"example.com example.net", ""},
    {"<example.com>", ""},
    {"localhost", ""},
    {"192.0.2.1", ""},
    {"example..com", ""},
    {".example.com", ""},
    {"example.com..", ""},
    {"*.example.com", ""},
    {"../../etc/passwd", ""},
    {"a@example.com", ""},
    {".", ""},
    {"..", ""},
    {" ", ""},
};

Test(attribute, a_header_is_taken_only_if_it_is_one_host_name)
{
	struct tlsrpt_context c = parsed_no_context;
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(headers); i++) {
		c.domain_header = headers[i].header;
		p = parse_around(REPORT("tls@sender.example", ""), c);
		cr_expect_str_eq(
		    p.report->policies[0].domain, headers[i].domain);
		cr_expect_str_eq(p.report->domain_header, headers[i].header);
		parsed_free(&p);
	}
}

static const struct {
	char name[72];
	char domain[32];
} filenames[] = {
    {"s.example!e.example!1!2.json", "e.example"},
    {"s.example!e.example!1795132800!1795219199!001.json.gz", "e.example"},
    {"!e.example!1!2.json", "e.example"},
    {"../../x!e.example!1!2.json", "e.example"},
    {"s.example!../../x!1!2.json", ""},
    {"s.example!..!1!2.json", ""},
    {"s.example!e.example!1.json", ""},
    {"s.example!e.example!x!2.json", ""},
    {"s.example!e.example!1!x.json", ""},
    {"s.example!e.example!!2.json", ""},
    {"s.example!e.example!1!", ""},
    {"s.example!!1!2.json", ""},
    {"s.example!/etc/passwd!1!2.json", ""},
    {"!!!!", ""},
    {"report.json", ""},
};

Test(attribute, conformance_70_a_file_name_is_no_path)
{
	struct tlsrpt_context c = parsed_no_context;
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(filenames); i++) {
		c.filename = filenames[i].name;
		p = parse_around(REPORT("tls@sender.example", ""), c);
		cr_expect_str_eq(p.report->policies[0].domain,
		    filenames[i].domain, "%s", filenames[i].name);
		cr_expect_str_eq(p.report->filename,
		    filenames[i].domain[0] != '\0' ? filenames[i].name : "");
		parsed_free(&p);
	}
}

static const struct {
	char subject[72];
	char domain[32];
} subjects[] = {
    {"Report Domain: e.example Submitter: s.example Report-ID: <1>",
	"e.example"},
    {"report domain:e.example", "e.example"},
    {"Fwd: Report Domain:  E.Example;Submitter: s", "e.example"},
    {"Report Domain: e.example. Submitter: s", "e.example"},
    {"Report Domain: <e.example>", ""},
    {"Report Domain: Submitter: s.example", ""},
    {"Report Domain:", ""},
    {"e.example", ""},
};

Test(attribute, a_subject_gives_the_word_behind_report_domain)
{
	struct tlsrpt_context c = parsed_no_context;
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(subjects); i++) {
		c.subject = subjects[i].subject;
		p = parse_around(REPORT("tls@sender.example", ""), c);
		cr_expect_str_eq(p.report->policies[0].domain,
		    subjects[i].domain, "%s", subjects[i].subject);
		parsed_free(&p);
	}
}

Test(attribute, host_names_are_bound_in_length)
{
	struct tlsrpt_context c = parsed_no_context;
	struct parsed p;
	char name[300];
	size_t len;

	for (len = 63; len <= 64; len++) {
		memset(name, 'a', len);
		strcpy(name + len, ".example");
		c.domain_header = name;
		p = parse_around(REPORT("tls@sender.example", ""), c);
		cr_expect_str_eq(
		    p.report->policies[0].domain, len == 63 ? name : "");
		parsed_free(&p);
	}
	for (len = 253; len <= 254; len++) {
		memset(name, 'a', len);
		name[len] = '\0';
		name[60] = name[120] = name[180] = name[240] = '.';
		p = parse_around(REPORT("tls@sender.example", ""), c);
		cr_expect_str_eq(
		    p.report->policies[0].domain, len == 253 ? name : "");
		parsed_free(&p);
	}
}

/* Submitter, contact, organization, and the reporter that they make. */
static const char *const reporters[][4] = {
    {"Sender.Example", "a@other.example", "Org", "sender.example"},
    {" sender.example. ", "", "Org", "sender.example"},
    {"", "TLS@Contact.Example", "Org", "contact.example"},
    {" ", "Reports <tls@contact.example>", "Org", "contact.example"},
    {"", "mailto:tls@contact.example?subject=x", "", "contact.example"},
    {"", "a@b@contact.example", "", "contact.example"},
    {"", "tls@localhost", "Org", "org"},
    {"", "tls@", "Org", "org"},
    {"", "contact.example", " Org, Inc. ", "org, inc."},
    {"", "", "Example.COM.", "example.com"},
    {"not a host", "a@contact.example", "Org", "not a host"},
    {"", "", "", "(unknown)"},
    {" ", " ", " ", "(unknown)"},
};

Test(attribute, the_reporter_is_the_first_that_is_named)
{
	struct arena *arena = arena_new(4096);
	size_t i;

	for (i = 0; i < COUNT(reporters); i++)
		cr_expect_str_eq(attribute_reporter(arena, reporters[i][0],
				     reporters[i][1], reporters[i][2]),
		    reporters[i][3]);
	arena_free(arena);
}

static const struct {
	bool related;
	const char *submitter;
} submitters[] = {
    {true, "mail.example"},
    {true, "MAIL.example."},
    {true, "corp.mail.example"},
    {true, "example"},
    {true, ""},
    {false, "other.example"},
    {false, "xmail.example"},
    {false, "mail.example.net"},
};

Test(attribute, conformance_73_a_submitter_other_than_the_contact_is_noted)
{
	struct tlsrpt_context c = FULL_CONTEXT;
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(submitters); i++) {
		c.submitter_header = submitters[i].submitter;
		p = parse_around(REPORT("tls@Mail.Example",
				     ",\"policy-domain\":\"e.example\""),
		    c);
		cr_expect_eq(
		    parsed_noted(&p, DEVIATION_SUBMITTER_NOT_CONTACT, ""),
		    !submitters[i].related, "%s", submitters[i].submitter);
		parsed_free(&p);
	}
	c.submitter_header = "other.example";
	p = parse_around(
	    REPORT("nobody", ",\"policy-domain\":\"e.example\""), c);
	parsed_expect_report(&p, 0);
	parsed_free(&p);
}

Test(attribute, headers_are_cut_between_characters)
{
	struct limits l = LIMITS_DEFAULT;
	struct tlsrpt_context c = parsed_no_context;
	struct parsed p;

	l.string_bytes = 40;
	c.submitter_header = "1234567890123456789012345678901234567890";
	c.domain_header = "123456789012345678901234567890123456789\xc3\xa9";
	p = parsed_bytes(span_of(REPORT("t@s.example", "")), &c, &l);
	cr_assert_eq(p.verdict, TLSRPT_REPORT, "%s", p.err.text);
	cr_assert_str_eq(p.report->submitter_header, c.submitter_header);
	cr_assert_str_eq(
	    p.report->domain_header, "123456789012345678901234567890123456789");
	parsed_free(&p);
}
