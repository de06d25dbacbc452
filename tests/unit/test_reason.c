/* SPDX-License-Identifier: ISC */

/*
 * Reason codes: what senders really write leads to the right reason, the
 * tables hold together, and hostile texts cost nothing and claim nothing.
 */

#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "digest/explain.h"
#include "digest/reason.h"
#include "digest/reason_private.h"
#include "digest/topic.h"
#include "prose_kit.h"
#include "support.h"

static const struct reason_part *const word_parts[] = {&reason_words_a_to_c,
    &reason_words_d_to_m, &reason_words_n_to_r, &reason_words_s_to_z};

#define NWORD_PARTS (sizeof(word_parts) / sizeof(word_parts[0]))

static const char *
key_of(const char *text)
{
	const struct reason *r = reason_find(text);

	return r != NULL ? r->key : "-";
}

static void
check_key(const char *text, const char *key)
{
	cr_assert_str_eq(
	    key_of(text), key, "\"%s\" is %s, not %s", text, key_of(text), key);
}

/* ---- what senders write ---- */

Test(reason, what_senders_write_leads_to_the_right_reason)
{
	struct buf data = support_read("reasons.tsv");
	struct span rest = {data.data, data.len};
	size_t n = 0;

	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');
		char text[512], *key;

		if (line.len == 0 || line.p[0] == '#')
			continue;
		cr_assert_lt(line.len, sizeof(text));
		memcpy(text, line.p, line.len);
		text[line.len] = '\0';
		key = strrchr(text, '\t');
		cr_assert_not_null(key, "%s", text);
		*key++ = '\0';
		check_key(text, key);
		n++;
	}
	cr_assert_gt(n, 200);
	buf_free(&data);
}

Test(reason, nothing_has_no_reason)
{
	cr_assert_null(reason_find(NULL));
	check_key("", "-");
	check_key(" \t\r\n.:-_", "-");
}

Test(reason, case_and_punctuation_do_not_matter)
{
	check_key("mx hosts mismatch", "mx-not-in-policy");
	check_key("MX-Hosts.Mismatch", "mx-not-in-policy");
	check_key("[MX__HOSTS]\n(mismatch)!", "mx-not-in-policy");
	check_key("\x01MX\x1b[0mHOSTS", "-");
	check_key("MX\x01HOSTS\x7f\x02MISMATCH", "mx-not-in-policy");
}

Test(reason, a_word_counts_only_as_a_whole)
{
	check_key("nxdomain", "no-such-name");
	check_key("nxdomains", "-");
	check_key("xnxdomain", "-");
	check_key("nxdomain\xc3\xa4", "-");
	check_key("\xffnxdomain", "-");
	check_key("no shared ciphers", "-");
}

Test(reason, numbers_with_points_are_one_word)
{
	check_key("4.7.321", "no-starttls");
	check_key("(4.7.321)", "no-starttls");
	check_key("code 4.7.321.", "no-starttls");
	check_key("4.7.3210", "-");
	check_key("4.7.321.1", "-");
	check_key("10.4.7.321", "-");
	check_key("4 7 321", "-");
	check_key("status 404.", "policy-not-there");
}

Test(reason, digits_stand_for_a_number_of_their_length)
{
	check_key("code 301", "policy-redirected");
	check_key("code 3011", "-");
	check_key("code 30", "-");
	check_key("code 30x", "-");
	check_key("code 404", "policy-not-there");
	check_key("code 405", "policy-http-error");
}

/* ---- which of several ---- */

Test(reason, the_exact_goes_before_the_vague_in_either_order)
{
	check_key("tls handshake failed: no shared cipher", "no-shared-cipher");
	check_key("no shared cipher: tls handshake failed", "no-shared-cipher");
	check_key("certificate verification failed, revoked", /* whole only */
	    "certificate-verification-failed");
	check_key("Failed to fetch STS policy: NXDOMAIN", "no-such-name");
}

Test(reason, the_longer_goes_before_the_shorter)
{
	check_key("self signed certificate in chain", "untrusted-root");
	check_key(
	    "timed out: connection refused by peer", "connection-refused");
	check_key("connection refused, timed out", "connection-refused");
}

Test(reason, of_the_same_length_the_first_counts)
{
	cr_assert_eq(strlen("weak key"), strlen("nxdomain"));
	check_key("weak key, nxdomain", "certificate-too-weak");
	check_key("nxdomain, weak key", "no-such-name");
}

Test(reason, whole_and_start_are_held_to)
{
	check_key("unknown", "no-details");
	check_key("unknown frob", "-");
	check_key("421 come back", "mx-turned-sender-away");
	check_key("frob 421 come back", "-");
}

/* ---- hostile texts ---- */

Test(reason, only_the_beginning_is_looked_at)
{
	static const char phrase[] = "nxdomain";
	const size_t len = sizeof(phrase) - 1;
	char *text = support_repeat('.', REASON_TEXT_MAX + 64);

	memcpy(text + REASON_TEXT_MAX - len, phrase, len);
	check_key(text, "no-such-name");
	memset(text, '.', REASON_TEXT_MAX);
	memcpy(text + REASON_TEXT_MAX - len + 1, phrase, len);
	check_key(text, "-");
	free(text);
}

Test(reason, a_long_text_is_as_good_as_its_beginning)
{
	char *text = support_repeat('a', 1000 * 1000);
	size_t i;

	check_key(text, "-");
	for (i = 0; i + 12 < 1000 * 1000; i += 12)
		memcpy(text + i, "certificate ", 12);
	check_key(text, "-");
	memcpy(text, "nxdomain ", 9);
	check_key(text, "no-such-name");
	free(text);
}

Test(reason, a_phrase_begun_in_vain_is_no_harm)
{
	check_key("certificate certificate has certificate has expired",
	    "certificate-has-expired");
	check_key("no no no no shared no shared cipher", "no-shared-cipher");
	check_key("mx hosts mx hosts mx", "-");
}

/* Every text of up to two bytes, and every phrase cut at every byte. */
Test(reason, any_bytes_can_be_looked_up)
{
	char text[3] = "";
	size_t i, j, k, n = 0;

	for (i = 1; i < 256; i++)
		for (j = 0; j < 256; j++) {
			text[0] = (char)i;
			text[1] = (char)j;
			n += reason_find(text) != NULL;
		}
	for (i = 0; i < NWORD_PARTS; i++)
		for (j = 0; j < word_parts[i]->n; j++) {
			char *copy = strdup(word_parts[i]->words[j].text);

			for (k = strlen(copy); k > 0; k--) {
				copy[k] = '\0';
				n += reason_find(copy) != NULL;
			}
			free(copy);
		}
	cr_assert_gt(n, 1000);
}

/* ---- the tables ---- */

static void
check_phrase(const char *p)
{
	const size_t first = strcspn(p, " ");
	size_t i;

	cr_assert(p[0] != '\0' && p[0] != ' ', "\"%s\"", p);
	for (i = 0; p[i] != '\0'; i++) {
		if (p[i] == ' ')
			cr_assert(p[i + 1] != ' ' && p[i + 1] != '\0', "%s", p);
		else if (p[i] == '.')
			cr_assert(i > 0 && ascii_is_digit(p[i - 1]) &&
				ascii_is_digit(p[i + 1]),
			    "%s", p);
		else if (p[i] == '#')
			cr_assert_gt(i, first, "%s", p);
		else
			cr_assert(islower((unsigned char)p[i]) ||
				ascii_is_digit(p[i]),
			    "%s", p);
	}
}

/* By the first word, then by the whole. */
static int
order(const char *a, const char *b)
{
	const size_t x = strcspn(a, " "), y = strcspn(b, " ");
	int c = memcmp(a, b, x < y ? x : y);

	if (c == 0 && x != y)
		return x < y ? -1 : 1;
	return c != 0 ? c : strcmp(a, b);
}

Test(reason, the_words_are_sorted_and_in_their_form)
{
	const char *before = "";
	size_t i, j;

	for (i = 0; i < NWORD_PARTS; i++)
		for (j = 0; j < word_parts[i]->n; j++) {
			const char *p = word_parts[i]->words[j].text;

			check_phrase(p);
			cr_assert_lt(order(before, p), 0, "%s, %s", before, p);
			if (i > 0 && j == 0)
				cr_assert_lt(before[0], p[0]);
			before = p;
		}
}

Test(reason, every_phrase_leads_to_its_reason)
{
	size_t i, j, k;

	for (i = 0; i < NWORD_PARTS; i++)
		for (j = 0; j < word_parts[i]->n; j++) {
			const struct reason_words *w = &word_parts[i]->words[j];
			char *copy = strdup(w->text);

			for (k = 0; copy[k] != '\0'; k++)
				if (copy[k] == '#')
					copy[k] = '7';
				else if (copy[k] == ' ')
					copy[k] = '_';
				else
					copy[k] = (char)toupper(copy[k]);
			check_key(copy, reason_at(w->id)->key);
			free(copy);
		}
}

Test(reason, every_reason_is_whole)
{
	const struct reason *r;
	size_t i, j;

	for (i = 0; (r = reason_at(i)) != NULL; i++) {
		prose_check_words(r->key);
		prose_check_words(r->cause);
		cr_assert_leq(
		    strlen(r->cause), REASON_CAUSE_MAX, "%s", r->cause);
		prose_check_words(r->where);
		prose_check_sentence(r->meaning);
		prose_check_sentence(r->remedy);
		for (j = 0; r->steps[j] != NULL; j++)
			cr_assert_gt(strlen(r->steps[j]), 20);
		cr_assert_gt(j, 0, "%s", r->key);
		prose_check_command(r->command);
		cr_assert_neq(r->types[0], RESULT_OTHER, "%s", r->key);
		cr_assert_gt(strlen(r->said_by), 2);
	}
	cr_assert_eq(i, REASON_COUNT);
	cr_assert_null(reason_at((size_t)-1));
}

Test(reason, a_reason_is_found_by_its_key_and_its_example)
{
	const struct reason *r;
	size_t i;

	for (i = 0; (r = reason_at(i)) != NULL; i++) {
		check_key(r->key, r->key);
		check_key(r->example, r->key);
	}
}

/* One name must not mean two things to the command. */
Test(reason, a_key_is_neither_a_result_type_nor_a_topic)
{
	const struct reason *r;
	size_t i;
	bool exact;

	for (i = 0; (r = reason_at(i)) != NULL; i++) {
		cr_assert_eq(result_type_parse(span_of(r->key), &exact),
		    RESULT_OTHER, "%s", r->key);
		cr_assert_null(topic_find(r->key), "%s", r->key);
	}
}

Test(reason, every_result_type_comes_with_reasons)
{
	const struct reason *r;
	int type;

	for (type = 1; type <= RESULT_RFC_COUNT; type++) {
		size_t i, n = 0;

		for (i = 0; (r = reason_at(i)) != NULL; i++)
			n += reason_goes_with(r, (enum result_type)type);
		cr_assert_gt(n, 0, "%d", type);
	}
	cr_assert(!reason_goes_with(reason_at(0), RESULT_OTHER));
}

/* RFC 8460 4.3.2.2: the certificate is that of the policy host then. */
Test(reason, what_sts_says_is_sought_at_the_policy_host)
{
	const struct reason *r = reason_find("certificate has expired");

	cr_assert_str_eq(
	    reason_command(r, RESULT_CERTIFICATE_EXPIRED), r->command);
	cr_assert_str_eq(reason_command(r, RESULT_OTHER), r->command);
	cr_assert_str_eq(reason_command(r, RESULT_STS_WEBPKI_INVALID),
	    explain(RESULT_STS_WEBPKI_INVALID)->command);
	cr_assert_not_null(strstr(r->command, "{mx}"));
}

/* ---- what is near ---- */

Test(reason, what_shares_words_is_near)
{
	const struct reason *near[REASON_COUNT + 1];
	size_t n = reason_near("no shared ciphers at all", near, 3);

	cr_assert_gt(n, 0);
	cr_assert_leq(n, 3);
	cr_assert_str_eq(near[0]->key, "no-shared-cipher");
	cr_assert_eq(reason_near("certificate", near, 0), 0);
	n = reason_near("certificate", near, REASON_COUNT + 1);
	cr_assert(n > 3 && n <= REASON_COUNT);
	cr_assert_eq(reason_near("frobnicated by 42", near, 3), 0);
	cr_assert_eq(reason_near("", near, 3), 0);
}
