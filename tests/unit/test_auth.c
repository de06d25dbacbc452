/* SPDX-License-Identifier: ISC */

/*
 * Authentication-Results as servers write them, as RFC 8601 allows them, and
 * as a stranger would forge them.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "decode/auth.h"
#include "support.h"

#define ID "mx.example.net"

static enum authenticity
judge(const char *header, const char *reporter)
{
	size_t len = strlen(header);
	char *copy = malloc(len + 1); /* so that ASan sees overreads */
	enum authenticity verdict;
	struct auth a;

	memcpy(copy, header, len);
	auth_read(&a, (struct span){copy, len}, ID);
	verdict = auth_judge(&a, reporter);
	free(copy);
	return verdict;
}

/* Rows of one table: what stands behind "Authentication-Results: ". */
struct row {
	const char *value;
	const char *reporter;
	enum authenticity expected;
};

static const struct row rows[] = {
    /* as real servers write */
    {ID "; dkim=pass header.d=example.com", "example.com", AUTH_VERIFIED},
    {ID ";\r\n\tdkim=pass (2048-bit key; unprotected) header.d=example.com\r\n"
	"\theader.i=@example.com header.a=rsa-sha256 header.s=sel "
	"header.b=Ab/+c="
	"=;\r\n\tspf=pass smtp.mailfrom=bounce@example.com",
	"example.com", AUTH_VERIFIED},
    {ID "; iprev=pass policy.iprev=192.0.2.1; dkim=pass (1024 bit rsa)\n"
	"\theader.d=example.com header.s=s; spf=pass",
	"example.com", AUTH_VERIFIED},
    {ID "; dkim=pass (signature verified) header.i=@example.com", "example.com",
	AUTH_VERIFIED},
    {ID "; dkim=pass header.i=user@mail.example.com", "example.com",
	AUTH_VERIFIED},
    {ID "; dkim=fail header.d=example.com; dkim=pass header.d=example.com",
	"example.com", AUTH_VERIFIED},
    {ID "; dkim=pass header.d=list.example.org; dkim=pass "
	"header.d=example.com",
	"example.com", AUTH_VERIFIED},
    /* as RFC 8601 allows */
    {ID " 1; dkim=pass header.d=example.com", "example.com", AUTH_VERIFIED},
    {"(c) " ID " (c) 1 (c(d)\\)) ; (e) dkim (f) / (g) 1 = (h) pass (i)\r\n"
     " reason=\"good; really\" header . d = example.com",
	"example.com", AUTH_VERIFIED},
    {"\"" ID "\"; DKIM=PASS HEADER.D=\"EXAMPLE.com\"", "example.com",
	AUTH_VERIFIED},
    {"MX.Example.NET;dkim=pass header.d=example.com.", "example.com",
	AUTH_VERIFIED},
    {ID ";dkim/1=pass header.d=example.com", "example.com", AUTH_VERIFIED},
    {ID "; none", "example.com", AUTH_FAILED},
    {ID "", "example.com", AUTH_FAILED},
    {ID ";", "example.com", AUTH_FAILED},
    /* alignment */
    {ID "; dkim=pass header.d=corp.example.com", "example.com", AUTH_VERIFIED},
    {ID "; dkim=pass header.d=example.com", "mail.example.com", AUTH_VERIFIED},
    {ID "; dkim=pass header.d=com", "example.com", AUTH_FAILED},
    {ID "; dkim=pass header.d=com.", "example.com", AUTH_FAILED},
    {ID "; dkim=pass header.d=.com", "example.com", AUTH_FAILED},
    {ID "; dkim=pass header.d=example.com", "com", AUTH_FAILED},
    {ID "; dkim=pass header.d=localhost", "localhost", AUTH_VERIFIED},
    {ID "; dkim=pass header.d=notexample.com", "example.com", AUTH_FAILED},
    {ID "; dkim=pass header.d=example.com", "notexample.com", AUTH_FAILED},
    {ID "; dkim=pass header.d=example.org", "example.com", AUTH_FAILED},
    {ID "; dkim=pass header.d=example.com.evil.test", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.d=example.com", "", AUTH_FAILED},
    {ID "; dkim=pass header.d=", "example.com", AUTH_FAILED},
    {ID "; dkim=pass", "example.com", AUTH_FAILED},
    {ID "; dkim=pass header.d=evil.test header.i=@example.com", "example.com",
	AUTH_FAILED},
    /* other results */
    {ID "; dkim=fail header.d=example.com", "example.com", AUTH_FAILED},
    {ID "; dkim=none", "example.com", AUTH_FAILED},
    {ID "; dkim=temperror header.d=example.com", "example.com", AUTH_FAILED},
    {ID "; dkim=passed header.d=example.com", "example.com", AUTH_FAILED},
    {ID "; dkim-atps=pass header.d=example.com", "example.com", AUTH_FAILED},
    {ID "; xdkim=pass header.d=example.com", "example.com", AUTH_FAILED},
    {ID "; arc=pass header.d=example.com", "example.com", AUTH_FAILED},
    {ID "; dmarc=pass header.from=example.com; spf=pass "
	"smtp.mailfrom=example.com",
	"example.com", AUTH_FAILED},
    /* a stranger's text that the server repeats */
    {ID "; dkim=fail (dkim=pass header.d=example.com)", "example.com",
	AUTH_FAILED},
    {ID "; dkim=fail reason=\"; dkim=pass header.d=example.com\"",
	"example.com", AUTH_FAILED},
    {ID "; dkim=fail (\\); dkim=pass header.d=example.com", "example.com",
	AUTH_FAILED},
    {ID "; dkim=fail reason=\"\\\"; dkim=pass header.d=example.com",
	"example.com", AUTH_FAILED},
    {ID "; spf=pass smtp.mailfrom=x dkim=pass header.d=example.com",
	"example.com", AUTH_FAILED},
    {ID "; dkim=pass header.d=evil.test header.d=example.com", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.i=\"x@example.com\"@evil.test", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.i=\"x@example.com\" @evil.test", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.i=\"example.com\"@evil.test", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.i=a@example.com\"x\"@evil.test", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.i=example.com@evil.test", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.i=x@example.com@evil.test", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.d=example.com=.evil.test", "example.com",
	AUTH_FAILED},
    {ID "; dkim=pass header.ddddddddddddddddddddddddddddd=example.com",
	"example.com", AUTH_FAILED},
    {ID "; (dkim=pass header.d=example.com", "example.com", AUTH_FAILED},
    {ID "; \"dkim\"=pass header.d=example.com", "example.com", AUTH_FAILED},
    /* other ids, or none */
    {"mx.example.org; dkim=pass header.d=example.com", "example.com",
	AUTH_FAILED},
    {"x" ID "; dkim=pass header.d=example.com", "example.com", AUTH_FAILED},
    {ID ".evil.test; dkim=pass header.d=example.com", "example.com",
	AUTH_FAILED},
    {"(" ID "); dkim=pass header.d=example.com", "example.com", AUTH_FAILED},
    {"dkim=pass header.d=example.com", "example.com", AUTH_FAILED},
    {"; dkim=pass header.d=example.com", "example.com", AUTH_FAILED},
    {"", "example.com", AUTH_FAILED},
};

Test(auth, results_are_read_as_rfc_8601_has_them)
{
	char header[1024];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(header, sizeof(header),
		    "Subject: x\r\nAuthentication-Results: %s\r\nTo: y\r\n",
		    rows[i].value);
		cr_assert_eq(judge(header, rows[i].reporter), rows[i].expected,
		    "row %zu: %s", i, rows[i].value);
	}
}

Test(auth, a_field_cut_anywhere_is_read_without_harm)
{
	char header[1024];
	size_t i, len;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(header, sizeof(header), "Authentication-Results: %s",
		    rows[i].value);
		for (len = strlen(header); len-- > 0;) {
			header[len] = '\0';
			judge(header, rows[i].reporter);
		}
	}
}

Test(auth, without_an_authserv_id_nothing_is_checked)
{
	struct auth a;

	auth_read(&a,
	    SPAN("Authentication-Results: " ID
		 "; dkim=pass header.d=example.com\n"),
	    "");
	cr_assert_eq(auth_judge(&a, "example.com"), AUTH_UNCHECKED);
}

/* Judges a header in which n good signatures of others come first. */
static enum authenticity
judge_behind(size_t n)
{
	char *header = support_repeat(' ', 64 * (n + 2)), *end = header;
	enum authenticity verdict;

	end += sprintf(end, "Authentication-Results: " ID);
	while (n-- > 0)
		end += sprintf(end, "; dkim=pass header.d=other.test");
	sprintf(end, "; dkim=pass header.d=example.com\r\n");
	verdict = judge(header, "example.com");
	free(header);
	return verdict;
}

Test(auth, so_many_signers_are_looked_at)
{
	cr_assert_eq(judge_behind(SIGNERS_MAX - 1), AUTH_VERIFIED);
	cr_assert_eq(judge_behind(SIGNERS_MAX), AUTH_FAILED);
}

Test(auth, a_field_that_is_missing_is_a_failure)
{
	cr_assert_eq(judge("Subject: x\r\n", "example.com"), AUTH_FAILED);
	cr_assert_eq(judge("", "example.com"), AUTH_FAILED);
	cr_assert_eq(judge("X-Authentication-Results: " ID
			   "; dkim=pass header.d=example.com\n"
			   "ARC-Authentication-Results: i=1; " ID
			   "; dkim=pass header.d=example.com\n",
			 "example.com"),
	    AUTH_FAILED);
}

#define AR(id, result) \
	"Authentication-Results: " id "; " result " header.d=example.com\r\n"

Test(auth, the_topmost_field_of_the_id_counts)
{
	static const struct {
		const char *header;
		enum authenticity expected;
	} orders[] = {
	    /* below our own Received, as the server puts it */
	    {"Received: by store\r\nReceived: by mx\r\n" AR(
		 ID, "dkim=pass") "Received: from stranger\r\n",
		AUTH_VERIFIED},
	    /* one lower may be forged */
	    {AR(ID, "dkim=fail") "Received: from stranger\r\n" AR(
		 ID, "dkim=pass"),
		AUTH_FAILED},
	    /* fields of one server, one on the other */
	    {AR(ID, "spf=pass") AR(ID, "dkim=pass") AR(ID, "arc=none"),
		AUTH_VERIFIED},
	    {AR(ID, "spf=pass") "Received-SPF: pass\r\nX-Spam: no\r\n" AR(
		 ID, "dkim=pass"),
		AUTH_VERIFIED},
	    /* not across another server's */
	    {AR(ID, "spf=pass") AR("other.test", "dkim=none")
		    AR(ID, "dkim=pass"),
		AUTH_FAILED},
	    {AR(ID, "spf=pass") "Authentication-Results: \r\n" AR(
		 ID, "dkim=pass"),
		AUTH_FAILED},
	    /* those above are of others and do not matter */
	    {AR("list.test", "dkim=fail") AR(ID, "dkim=pass"), AUTH_VERIFIED},
	    {AR("other.test", "dkim=pass") AR(ID, "dkim=fail"), AUTH_FAILED},
	};
	size_t i;

	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		cr_assert_eq(judge(orders[i].header, "example.com"),
		    orders[i].expected, "row %zu", i);
}

Test(auth, hostile_fields_take_linear_time)
{
	static const char *const units[] = {"(", "\"", "\\", ";", "=", "a.",
	    "dkim=pass ", "(\\", "header.i=\"a\"@"};
	static const char start[] = "Authentication-Results: " ID ";";
	const size_t total = 4000000;
	char *text = support_repeat(' ', total);
	size_t i, n, at;

	memcpy(text, start, strlen(start));
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		n = strlen(units[i]);
		for (at = strlen(start); at + n < total; at += n)
			memcpy(text + at, units[i], n);
		cr_assert_eq(judge(text, "example.com"), AUTH_FAILED);
	}
	free(text);
}

Test(auth, a_length_tag_is_found_in_any_signature)
{
	static const struct {
		const char *first;
		const char *rest;
		bool expected;
	} headers[] = {
	    {" v=1; d=a.test; l=100; b=x", "\r\n", true},
	    {"v=1; d=a.test;\r\n l = 100;\r\n b=x", "\r\n", true},
	    {" l=0", "\n", true},
	    {" l=0", "", true},
	    {" b=x", "\r\nSubject: y\r\nDKIM-Signature: v=1; b=x;l=5", true},
	    {" b=x", "\r\ndkim-signature:\r\n\tl=5\r\n", true},
	    {" v=1; bl=3; s=l; b=l=4; L=3; l", "\r\n", false},
	    {"", "\r\n", false},
	    {" ;;;=;", "\r\n", false},
	    {"", "", false},
	    {" b=x", "\r\nX-Google-DKIM-Signature: l=3\r\n", false},
	    {" b=x", "\r\nARC-Message-Signature: l=3\r\n", false},
	};
	char header[200];
	struct span first;
	size_t i;

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		snprintf(header, sizeof(header),
		    "To: x; l=1\r\nDKIM-Signature:%s%s", headers[i].first,
		    headers[i].rest);
		first.p = strstr(header, "Signature:") + 10;
		first.len = strlen(headers[i].first);
		cr_assert_eq(auth_has_length_tag(span_of(header), first, true),
		    headers[i].expected, "row %zu", i);
	}
}
