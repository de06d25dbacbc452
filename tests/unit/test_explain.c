/* SPDX-License-Identifier: ISC */

/*
 * The explanations: every type has one, whole, in plain ASCII, and with no
 * other names to fill in than the two that the callers know.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "digest/explain.h"
#include "prose_kit.h"

static const enum result_type all_types[] = {RESULT_OTHER,
    RESULT_STARTTLS_NOT_SUPPORTED, RESULT_CERTIFICATE_HOST_MISMATCH,
    RESULT_CERTIFICATE_EXPIRED, RESULT_CERTIFICATE_NOT_TRUSTED,
    RESULT_VALIDATION_FAILURE, RESULT_TLSA_INVALID, RESULT_DNSSEC_INVALID,
    RESULT_DANE_REQUIRED, RESULT_STS_POLICY_FETCH_ERROR,
    RESULT_STS_POLICY_INVALID, RESULT_STS_WEBPKI_INVALID, RESULT_UNSPECIFIED,
    RESULT_OVERLAP};

#define NTYPES (sizeof(all_types) / sizeof(all_types[0]))

static size_t
check_list(const char *const *list)
{
	size_t n = 0;

	cr_assert_not_null(list);
	for (; list[n] != NULL; n++)
		prose_check(list[n]);
	return n;
}

Test(explain, every_type_has_a_whole_explanation)
{
	size_t i;

	for (i = 0; i < NTYPES; i++) {
		const struct explanation *e = explain(all_types[i]);

		cr_assert_not_null(e);
		cr_assert_eq(e->type, all_types[i]);
		prose_check_words(e->where);
		prose_check_sentence(e->meaning);
		prose_check_sentence(e->remedy);
		prose_check_words(e->law);
		cr_assert_eq(strncmp(e->law, "RFC 8460 4", 10), 0);
		cr_assert_geq(check_list(e->causes), 1);
		cr_assert_geq(check_list(e->steps), 1);
	}
}

Test(explain, an_rfc_type_has_several_causes_and_steps)
{
	int type;

	for (type = 1; type <= RESULT_RFC_COUNT; type++) {
		const struct explanation *e = explain((enum result_type)type);

		cr_assert_geq(check_list(e->causes), 3);
		cr_assert_geq(check_list(e->steps), 3);
	}
}

Test(explain, a_number_of_no_type_has_the_general_explanation)
{
	const int odd[] = {-1, RESULT_RFC_COUNT + 1, 99, 102, 1 << 20};
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		cr_assert_eq(
		    explain((enum result_type)odd[i]), explain(RESULT_OTHER));
}

Test(explain, a_command_has_no_other_names_than_mx_and_domain)
{
	size_t i;

	for (i = 0; i < NTYPES; i++)
		prose_check_command(explain(all_types[i])->command);
}

Test(explain, a_remedy_is_short_enough_for_a_digest)
{
	size_t i;

	for (i = 0; i < NTYPES; i++)
		cr_assert_leq(strlen(explain(all_types[i])->remedy), 210);
}

/* RFC 8460 4.3.2.2: it is the policy host whose certificate failed. */
Test(explain, sts_webpki_is_about_the_policy_host_and_not_the_mx)
{
	const struct explanation *e = explain(RESULT_STS_WEBPKI_INVALID);

	cr_assert_str_eq(e->where, "policy host");
	cr_assert_not_null(strstr(e->command, "https://mta-sts.{domain}/"));
	cr_assert_null(strstr(e->command, "{mx}"));
}

Test(explain, the_laws_are_the_sections_of_rfc_8460)
{
	static const char *const law[] = {[1] = "4.3.1",
	    "4.3.1",
	    "4.3.1",
	    "4.3.1",
	    "4.3.3",
	    "4.3.2.1",
	    "4.3.2.1",
	    "4.3.2.1",
	    "4.3.2.2",
	    "4.3.2.2",
	    "4.3.2.2"};
	int type;

	for (type = 1; type <= RESULT_RFC_COUNT; type++)
		cr_assert_str_eq(
		    explain((enum result_type)type)->law + 9, law[type]);
}

/* ---- what became of the mail ---- */

static void
check_effect(enum result_type result, enum policy_type type,
    enum policy_mode mode, const char *begins)
{
	const char *text = explain_effect(result, type, mode);

	cr_assert_eq(strncmp(text, begins, strlen(begins)), 0,
	    "\"%s\", not \"%s\"", text, begins);
}

Test(explain, enforce_and_dane_hold_mail_back)
{
	check_effect(RESULT_CERTIFICATE_EXPIRED, POLICY_STS, MODE_ENFORCE,
	    "this mail waited or bounced");
	check_effect(RESULT_UNSPECIFIED, POLICY_STS, MODE_ENFORCE,
	    "this mail waited or bounced");
	check_effect(RESULT_TLSA_INVALID, POLICY_TLSA, MODE_UNKNOWN,
	    "this mail waited or bounced");
	check_effect(RESULT_DANE_REQUIRED, POLICY_NONE, MODE_UNKNOWN,
	    "this mail waited or bounced");
}

Test(explain, testing_none_and_no_policy_let_it_pass)
{
	check_effect(RESULT_CERTIFICATE_EXPIRED, POLICY_STS, MODE_TESTING,
	    "delivered, but enforce");
	check_effect(RESULT_CERTIFICATE_EXPIRED, POLICY_STS, MODE_NONE,
	    "delivered all the same");
	check_effect(RESULT_STARTTLS_NOT_SUPPORTED, POLICY_NONE, MODE_UNKNOWN,
	    "delivered, perhaps without TLS");
}

Test(explain, a_policy_that_could_not_be_had_holds_no_mail_back)
{
	int mode;

	for (mode = MODE_UNKNOWN; mode <= MODE_NONE; mode++) {
		check_effect(RESULT_STS_POLICY_FETCH_ERROR, POLICY_STS,
		    (enum policy_mode)mode, "delivered, but not protected");
		check_effect(RESULT_STS_WEBPKI_INVALID, POLICY_NONE,
		    (enum policy_mode)mode, "delivered, but not protected");
		check_effect(RESULT_STS_POLICY_INVALID, POLICY_STS,
		    (enum policy_mode)mode, "delivered, but not protected");
	}
}

Test(explain, what_is_not_known_is_not_claimed)
{
	check_effect(RESULT_CERTIFICATE_EXPIRED, POLICY_STS, MODE_UNKNOWN,
	    "held back if the policy says enforce");
	check_effect(RESULT_CERTIFICATE_EXPIRED, POLICY_OTHER, MODE_ENFORCE,
	    "what became of this mail is not known");
	check_effect(RESULT_OTHER, (enum policy_type)77, MODE_UNKNOWN,
	    "what became of this mail is not known");
	check_effect(RESULT_OTHER, POLICY_STS, (enum policy_mode)77,
	    "held back if the policy says enforce");
}
