/* SPDX-License-Identifier: ISC */

/*
 * The small parts of the domain floor: names, URIs, data of DNS records, and
 * the texts of findings.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "domain/finding.h"
#include "domain/name.h"
#include "domain/rdata.h"
#include "domain/uri.h"
#include "support.h"

/* ---- names ---- */

Test(name, hosts_have_labels_of_letters_digits_and_hyphens)
{
	static const char *const good[] = {
	    "a", "a.b", "1.example", "a-b.c1", "xn--74h.example", "A.B"};
	static const char *const bad[] = {"", ".", "a.", ".a", "a..b", "-a.b",
	    "a-.b", "a_b.c", "a b", "192.0.2.1", "a.1", "b\xc3\xbc.example"};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect(name_is_host(span_of(good[i])), "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(!name_is_host(span_of(bad[i])), "%s", bad[i]);
	cr_expect(name_is_domain(span_of("_smtp._tls.example")));
}

Test(name, labels_and_names_are_bound)
{
	char *label = support_repeat('a', 64), name[300];

	cr_expect(!name_is_host(span_of(label)));
	label[63] = '\0';
	cr_expect(name_is_host(span_of(label)));
	snprintf(
	    name, sizeof(name), "%s.%s.%s.%.61s", label, label, label, label);
	cr_expect_eq(strlen(name), 253);
	cr_expect(name_is_host(span_of(name)));
	strcat(name, "a");
	cr_expect(!name_is_host(span_of(name)));
	free(label);
}

Test(name, below_is_the_domain_itself_and_what_ends_with_it)
{
	cr_expect(name_is_below("e.com", "E.com."));
	cr_expect(name_is_below("a.b.e.com", "e.com"));
	cr_expect(!name_is_below("note.com", "e.com"));
	cr_expect(!name_is_below("com", "e.com"));
}

Test(name, addresses_are_told_from_names)
{
	cr_expect(name_is_address(span_of("192.0.2.1")));
	cr_expect(name_is_address(span_of("[2001:db8::1]")));
	cr_expect(name_is_address(span_of("::1")));
	cr_expect(!name_is_address(span_of("[]")));
	cr_expect(!name_is_address(span_of("192.0.2")));
	cr_expect(!name_is_address(SPAN("::1\0")));
	cr_expect(!name_is_address(span_of("")));
}

Test(name, providers_are_known_by_their_domains)
{
	cr_expect_str_eq(name_provider("TLS.eu.dmarcian.com"), "dmarcian");
	cr_expect_null(name_provider("notdmarcian.com"));
}

/* ---- URIs ---- */

Test(uri, parts_are_found)
{
	struct uri u;

	uri_split(SPAN("HTTPS://u:p@h.example:8443/p/q?r=s#t"), &u);
	cr_expect_eq(u.scheme, URI_HTTPS);
	cr_expect(span_equal(u.scheme_name, SPAN("HTTPS")));
	cr_expect(u.has_at && span_equal(u.userinfo, SPAN("u:p")));
	cr_expect(span_equal(u.host, SPAN("h.example")));
	cr_expect(u.has_port && uri_port(&u) == 8443);
	cr_expect(span_equal(u.path, SPAN("/p/q")));
	cr_expect(span_equal(u.query, SPAN("r=s")));
	cr_expect(u.has_fragment && u.fragment == 34);
	uri_split(SPAN("https://[2001:db8::1]"), &u);
	cr_expect(span_equal(u.host, SPAN("[2001:db8::1]")) && !u.has_port);
	cr_expect_eq(uri_port(&u), 443);
	uri_split(SPAN("https://[::1]:25?x"), &u);
	cr_expect(span_equal(u.host, SPAN("[::1]")) && uri_port(&u) == 25);
	uri_split(SPAN("mailto:a@b@c?x=y"), &u);
	cr_expect_eq(u.scheme, URI_MAILTO);
	cr_expect(span_equal(u.local, SPAN("a@b")));
	cr_expect(span_equal(u.host, SPAN("c")));
	cr_expect(u.has_query && span_equal(u.query, SPAN("x=y")));
	uri_split(SPAN("1a:b"), &u);
	cr_expect_eq(u.scheme, URI_NONE);
	uri_split(SPAN("a+b.c-1:d"), &u);
	cr_expect_eq(u.scheme, URI_OTHER);
	uri_split(SPAN(":"), &u);
	cr_expect_eq(u.scheme, URI_NONE);
	uri_split(SPAN(""), &u);
	cr_expect_eq(u.scheme, URI_NONE);
}

Test(uri, ports_are_numbers_up_to_65535)
{
	static const struct {
		const char *text;
		unsigned port;
	} table[] = {{"https://h:1", 1}, {"https://h:65535", 65535},
	    {"https://h:65536", 0}, {"https://h:", 443}, {"https://h:0", 0},
	    {"https://h:x", 0}, {"https://h:99999999999999999999", 0},
	    {"https://h:+1", 0}};
	struct uri u;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		uri_split(span_of(table[i].text), &u);
		cr_expect_eq(uri_port(&u), table[i].port, "%s", table[i].text);
	}
}

Test(uri, the_first_bad_octet_is_found)
{
	cr_expect_eq(uri_bad_octet(SPAN("a%2Cb")), 5);
	cr_expect_eq(uri_bad_octet(SPAN("a%2")), 1);
	cr_expect_eq(uri_bad_octet(SPAN("a%")), 1);
	cr_expect_eq(uri_bad_octet(SPAN("a%g0")), 1);
	cr_expect_eq(uri_bad_octet(SPAN("a!b")), 1);
	cr_expect_eq(uri_bad_octet(SPAN("ab\0")), 2);
	cr_expect_eq(uri_bad_octet(SPAN("\"")), 0);
	cr_expect_eq(uri_bad_octet(SPAN("-._~:/?#[]@$&'()*+=")), 19);
}

Test(uri, decoding_undoes_encoding)
{
	struct arena *a = arena_new(256);

	cr_expect(span_equal(
	    uri_decode(a, SPAN("a%2Cb%00%zz%2")), SPAN("a,b\0%zz%2")));
	cr_expect_str_eq(uri_encode(a, SPAN("https://h/!,;% %41")),
	    "https://h/%21%2C%3B%25%20%41");
	arena_free(a);
}

Test(uri, dot_atoms_are_up_to_64_octets)
{
	char *local = support_repeat('a', 65);

	cr_expect(!uri_is_dot_atom(span_of(local)));
	local[64] = '\0';
	cr_expect(uri_is_dot_atom(span_of(local)));
	cr_expect(uri_is_dot_atom(span_of("a.b!#$%&'*+-/=?^_`{|}~")));
	cr_expect(!uri_is_dot_atom(span_of("")));
	cr_expect(!uri_is_dot_atom(span_of(".")));
	cr_expect(!uri_is_dot_atom(span_of("a..b")));
	cr_expect(!uri_is_dot_atom(span_of("\"a b\"")));
	cr_expect(!uri_is_dot_atom(SPAN("a\0b")));
	free(local);
}

/* ---- data of DNS records ---- */

Test(rdata, an_mx_has_a_preference_and_a_host)
{
	struct arena *a = arena_new(256);
	uint16_t preference;
	const char *host;

	cr_assert_eq(
	    rdata_mx(a, SPAN("\1\2\2mx\1e\3com\0"), &preference, &host), 0);
	cr_expect_eq(preference, 258);
	cr_expect_str_eq(host, "mx.e.com");
	cr_assert_eq(rdata_mx(a, SPAN("\0\0\0"), &preference, &host), 0);
	cr_expect_str_eq(host, ".");
	cr_assert_eq(
	    rdata_mx(a, SPAN("\0\0\4a.\0\x1b\0"), &preference, &host), 0);
	cr_expect_str_eq(host, "a\\046\\000\\027");
	arena_free(a);
}

Test(rdata, an_mx_that_is_none_is_refused)
{
	static const char good[] = "\1\2\2mx\1e\3com";
	struct arena *a = arena_new(256);
	uint16_t preference;
	const char *host;
	char *cut;
	size_t len;

	for (len = 0; len < sizeof(good); len++) {
		cut = malloc(len + 1);
		memcpy(cut, good, len);
		cr_expect_eq(
		    rdata_mx(a, (struct span){cut, len}, &preference, &host),
		    -1, "%zu", len);
		free(cut);
	}
	cr_expect_eq(rdata_mx(a, SPAN("\0\0\1e\0x"), &preference, &host), -1);
	cr_expect_eq(
	    rdata_mx(a, SPAN("\0\0\xc0\x0c\0"), &preference, &host), -1);
	arena_free(a);
}

/* The host of an MX, in n octets: labels of one letter, and one of two if that
 * is needed. */
static int
read_host(size_t n)
{
	struct arena *a = arena_new(1024);
	char data[2 + 300] = "\0\1";
	uint16_t preference;
	const char *host;
	size_t at = 2, left;
	int rc;

	for (left = n - 1; left > 0; left -= left == 3 ? 3 : 2) {
		data[at++] = left == 3 ? 2 : 1;
		data[at++] = 'x';
		if (left == 3)
			data[at++] = 'x';
	}
	data[at] = '\0';
	rc = rdata_mx(a, (struct span){data, 2 + n}, &preference, &host);
	arena_free(a);
	return rc;
}

Test(rdata, a_name_has_255_octets_at_most)
{
	cr_expect_eq(read_host(254), 0);
	cr_expect_eq(read_host(255), 0);
	cr_expect_eq(read_host(256), -1);
	cr_expect_eq(read_host(257), -1);
}

Test(rdata, a_text_of_any_octets_goes_there_and_back)
{
	struct arena *a = arena_new(256);
	char all[1000];
	struct span text;
	size_t i;

	for (i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	for (i = 0; i <= sizeof(all); i++) {
		cr_assert_eq(
		    rdata_txt(a, rdata_txt_make(a, (struct span){all, i}),
			&text, NULL),
		    0);
		cr_assert(span_equal(text, (struct span){all, i}));
	}
	arena_free(a);
}

/* ---- findings ---- */

Test(finding, values_are_put_into_the_texts)
{
	struct arena *a = arena_new(256);
	struct findings f = findings_new(a);
	struct finding *one = findings_add(&f, CHECK_DNS_CNAME, "x\x1b.example",
	    "provider", "P\n", "canon", "{subject}");

	cr_expect_str_eq(one->message,
	    "x\\027.example is an alias of {subject} (P\\010), where it can "
	    "be changed without you");
	cr_expect_null(one->fix);
	cr_expect_eq(one->from, NO_PLACE);
	arena_free(a);
}

Test(finding, long_values_are_cut)
{
	struct arena *a = arena_new(256);
	struct findings f = findings_new(a);
	char *name = support_repeat('x', 5000);

	findings_add(&f, CHECK_DNS_NXDOMAIN, name);
	cr_expect_lt(strlen(f.items[0].message), 400);
	free(name);
	arena_free(a);
}

Test(finding, a_full_list_says_so_and_stays_whole)
{
	struct arena *a = arena_new(256);
	struct findings f = findings_new(a), more = findings_new(a);
	size_t i;

	for (i = 0; i < FINDINGS_MAX; i++)
		findings_add(&f, CHECK_DNS_INSECURE, "x");
	cr_expect(!f.cut && f.n == FINDINGS_MAX);
	findings_add(&more, CHECK_DNS_NXDOMAIN, "x");
	findings_join(&f, &more);
	cr_expect(f.cut && f.n == FINDINGS_MAX);
	cr_expect(!findings_have(&f, CHECK_DNS_NXDOMAIN));
	findings_sort(&f);
	findings_add(&f, CHECK_DNS_NXDOMAIN, "x");
	cr_expect_eq(f.n, FINDINGS_MAX);
	arena_free(a);
}

Test(finding, an_error_is_worse_than_what_is_unknown)
{
	struct arena *a = arena_new(256);
	struct findings f = findings_new(a);

	cr_expect_eq(findings_worst(&f), SEVERITY_OK);
	findings_add(&f, CHECK_DNS_INSECURE, "x");
	cr_expect_eq(findings_worst(&f), SEVERITY_INFO);
	findings_add(&f, CHECK_DNS_WILDCARD, "x");
	findings_add(&f, CHECK_DNS_TIMEOUT, "x");
	cr_expect_eq(findings_worst(&f), SEVERITY_UNKNOWN);
	findings_add(&f, CHECK_DNS_NXDOMAIN, "x");
	cr_expect_eq(findings_worst(&f), SEVERITY_ERROR);
	cr_expect_eq(severity_status(SEVERITY_UNKNOWN), 3);
	cr_expect_eq(severity_status(SEVERITY_ERROR), 2);
	cr_expect_eq(severity_status(SEVERITY_WARNING), 1);
	cr_expect_eq(severity_status(SEVERITY_INFO), 0);
	arena_free(a);
}

Test(finding, columns_are_those_of_the_printable_text)
{
	struct span text = SPAN("a\\b\x00\xff;");
	struct arena *a = arena_new(256);

	cr_expect_str_eq(printable(a, text), "a\\\\b\\000\\255;");
	cr_expect_eq(printable_columns(text, 2), 3);
	cr_expect_eq(printable_columns(text, 100), 13);
	arena_free(a);
}
