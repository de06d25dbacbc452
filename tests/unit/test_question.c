/* SPDX-License-Identifier: ISC */

/*
 * Questions about domains, on their way to the program that looks: what is no
 * name, and what cannot be known beforehand, is not asked.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"
#include "domain/sts.h"
#include "domain/summary.h"

/* What is remembered of a policy may come from a damaged store. */
static int
ask_with_max_age(int64_t max_age)
{
	struct domain_question question = {.domain = "e.example"}, got;
	struct buf buf = {.cap = 1 << 16};
	struct fields_out o = {.buf = &buf};
	struct arena *arena = arena_new(256);
	struct fields f;
	int rc;

	question.past.policy_max_age = max_age;
	question_put(&o, &question);
	f = fields_of(buf.data, buf.len);
	rc = question_get(&f, arena, &got);
	arena_free(arena);
	buf_free(&buf);
	return rc;
}

Test(question, a_question_has_a_max_age_that_there_is)
{
	cr_assert_eq(ask_with_max_age(-1), 0);
	cr_assert_eq(ask_with_max_age(STS_MAX_AGE_MAX), 0);
	cr_assert_eq(ask_with_max_age(STS_MAX_AGE_MAX + 1), -1);
	cr_assert_eq(ask_with_max_age(INT64_MAX), -1);
	cr_assert_eq(ask_with_max_age(INT64_MIN), -1);
}

static int
ask_about(const char *domain, const char *against)
{
	struct domain_question question = {.domain = domain,
				   .probe = true,
				   .confirm_absence = true},
			       got;
	struct buf buf = {.cap = 1 << 16};
	struct fields_out o = {.buf = &buf};
	struct arena *arena = arena_new(256);
	struct fields f;
	int rc;

	question.past.against = against;
	question.past.last_report = TIME_NONE;
	question_put(&o, &question);
	f = fields_of(buf.data, buf.len);
	rc = question_get(&f, arena, &got);
	if (rc == 0) {
		cr_assert_str_eq(got.domain, domain);
		cr_assert_str_eq(got.past.against, against);
		cr_assert_eq(got.past.last_report, TIME_NONE);
		cr_assert(got.probe && got.confirm_absence);
	}
	arena_free(arena);
	buf_free(&buf);
	return rc;
}

Test(question, a_question_is_about_a_host_name)
{
	cr_assert_eq(ask_about("e.example", "a@b.example"), 0);
	cr_assert_eq(ask_about("", ""), -1);
	cr_assert_eq(ask_about("e_.example", ""), -1);
	cr_assert_eq(ask_about("e.example.", ""), -1);
	cr_assert_eq(ask_about("e.example\n", ""), -1);
	cr_assert_eq(ask_about("e.example", "\x1b"), -1);
}
