/* SPDX-License-Identifier: ISC */

/*
 * The words of RFC 8460 and their numbers, which are stored.
 */

#include "config.h"

#include <stdint.h>

#include <criterion/criterion.h>

#include "report/vocabulary.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
	const char *name;
	enum result_type type;
	int number;
	const char *category;
} results[] = {
    {"starttls-not-supported", RESULT_STARTTLS_NOT_SUPPORTED, 1, "negotiation"},
    {"certificate-host-mismatch", RESULT_CERTIFICATE_HOST_MISMATCH, 2,
	"negotiation"},
    {"certificate-expired", RESULT_CERTIFICATE_EXPIRED, 3, "negotiation"},
    {"certificate-not-trusted", RESULT_CERTIFICATE_NOT_TRUSTED, 4,
	"negotiation"},
    {"validation-failure", RESULT_VALIDATION_FAILURE, 5, "general"},
    {"tlsa-invalid", RESULT_TLSA_INVALID, 6, "dane"},
    {"dnssec-invalid", RESULT_DNSSEC_INVALID, 7, "dane"},
    {"dane-required", RESULT_DANE_REQUIRED, 8, "dane"},
    {"sts-policy-fetch-error", RESULT_STS_POLICY_FETCH_ERROR, 9, "mta-sts"},
    {"sts-policy-invalid", RESULT_STS_POLICY_INVALID, 10, "mta-sts"},
    {"sts-webpki-invalid", RESULT_STS_WEBPKI_INVALID, 11, "mta-sts"},
};

Test(vocabulary, conformance_39_each_of_the_11_result_types)
{
	bool exact;
	size_t i;

	cr_assert_eq(COUNT(results), RESULT_RFC_COUNT);
	for (i = 0; i < COUNT(results); i++) {
		exact = false;
		cr_assert_eq(
		    result_type_parse(span_of(results[i].name), &exact),
		    results[i].type);
		cr_assert(exact);
		cr_assert_eq((int)results[i].type, results[i].number);
		cr_assert_str_eq(
		    result_type_name(results[i].type), results[i].name);
		cr_assert_str_eq(
		    result_type_category(results[i].type), results[i].category);
	}
}

Test(vocabulary, another_case_is_known_but_not_exact)
{
	bool exact = true;

	cr_assert_eq(result_type_parse(SPAN("Certificate-Expired"), &exact),
	    RESULT_CERTIFICATE_EXPIRED);
	cr_assert_not(exact);
	exact = true;
	cr_assert_eq(policy_type_parse(SPAN("STS"), &exact), POLICY_STS);
	cr_assert_not(exact);
	cr_assert_eq(policy_mode_parse(SPAN("Enforce")), MODE_ENFORCE);
}

Test(vocabulary, conformance_40_unknown_result_types_are_other)
{
	static const struct span unknown[] = {{"", 0}, {NULL, 0},
	    {"certificate", 11}, {"certificate-expired ", 20},
	    {"certificate-expired\0", 20}, {"certificate_expired", 19},
	    {"(unspecified)", 13}, {"(overlap)", 9}, {"unspecified", 11}};
	bool exact;
	size_t i;

	for (i = 0; i < COUNT(unknown); i++) {
		exact = true;
		cr_assert_eq(
		    result_type_parse(unknown[i], &exact), RESULT_OTHER);
		cr_assert_not(exact);
	}
	cr_assert_str_eq(result_type_name(RESULT_OTHER), "");
	cr_assert_str_eq(result_type_category(RESULT_OTHER), "other");
}

Test(vocabulary, rows_that_make_the_sums_add_up)
{
	cr_assert_eq((int)RESULT_UNSPECIFIED, 100);
	cr_assert_eq((int)RESULT_OVERLAP, 101);
	cr_assert_str_eq(result_type_name(RESULT_UNSPECIFIED), "(unspecified)");
	cr_assert_str_eq(result_type_name(RESULT_OVERLAP), "(overlap)");
	cr_assert_str_eq(
	    result_type_category(RESULT_UNSPECIFIED), "unspecified");
	cr_assert_str_eq(result_type_category(RESULT_OVERLAP), "overlap");
}

Test(vocabulary, conformance_41_policy_types_known_and_other)
{
	static const char *const names[] = {
	    "", "sts", "tlsa", "no-policy-found"};
	bool exact;
	int i;

	for (i = 1; i < (int)COUNT(names); i++) {
		exact = false;
		cr_assert_eq(
		    (int)policy_type_parse(span_of(names[i]), &exact), i);
		cr_assert(exact);
		cr_assert_str_eq(
		    policy_type_name((enum policy_type)i), names[i]);
	}
	cr_assert_eq(policy_type_parse(SPAN("tls"), &exact), POLICY_OTHER);
	cr_assert_not(exact);
	cr_assert_eq(policy_type_parse(SPAN(""), &exact), POLICY_OTHER);
	cr_assert_str_eq(policy_type_name(POLICY_OTHER), "");
}

Test(vocabulary, policy_modes)
{
	static const char *const names[] = {"", "enforce", "testing", "none"};
	int i;

	for (i = 0; i < (int)COUNT(names); i++) {
		cr_assert_eq((int)policy_mode_parse(span_of(names[i])), i);
		cr_assert_str_eq(
		    policy_mode_name((enum policy_mode)i), names[i]);
	}
	cr_assert_eq(policy_mode_parse(SPAN("report")), MODE_UNKNOWN);
}

Test(vocabulary, authenticities_and_outcomes)
{
	static const char *const auths[] = {"unchecked", "verified", "failed"};
	static const char *const outcomes[OUTCOME_COUNT] = {"", "report",
	    "duplicate", "conflict", "reject", "foreign", "expired"};
	int i;

	for (i = 0; i < (int)COUNT(auths); i++)
		cr_assert_str_eq(
		    authenticity_name((enum authenticity)i), auths[i]);
	for (i = 0; i < OUTCOME_COUNT; i++)
		cr_assert_str_eq(outcome_name((enum outcome)i), outcomes[i]);
}

Test(vocabulary, numbers_of_nothing_have_the_empty_word)
{
	static const int numbers[] = {
	    12, 99, 102, 1000, -1, INT32_MAX, INT32_MIN};
	size_t i;
	int n;

	for (i = 0; i < COUNT(numbers); i++) {
		n = numbers[i];
		cr_assert_str_eq(result_type_name((enum result_type)n), "");
		cr_assert_str_eq(policy_type_name((enum policy_type)n), "");
		cr_assert_str_eq(policy_mode_name((enum policy_mode)n), "");
		cr_assert_str_eq(authenticity_name((enum authenticity)n), "");
		cr_assert_str_eq(outcome_name((enum outcome)n), "");
		cr_assert_str_eq(
		    result_type_category((enum result_type)n), "other");
	}
}
