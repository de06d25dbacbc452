/* SPDX-License-Identifier: ISC */

/*
 * JSON as it is written: commas, numbers at their ends, and days that share a
 * place where they are kept.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "output/json.h"
#include "output/output.h"
#include "page_kit.h"

struct sheet {
	struct json_writer w;
	char *text;
	size_t size;
};

static void
begin(struct sheet *s)
{
	*s = (struct sheet){.text = NULL};
	s->w.out = open_memstream(&s->text, &s->size);
	cr_assert_not_null(s->w.out);
}

static void
expect(struct sheet *s, const char *want)
{
	cr_assert_eq(fclose(s->w.out), 0);
	cr_expect_str_eq(s->text, want);
	free(s->text);
}

Test(json_write, commas_stand_between_and_nowhere_else)
{
	struct sheet s;

	begin(&s);
	json_write_open(&s.w, NULL);
	json_write_open_list(&s.w, "a");
	json_write_close_list(&s.w);
	json_write_open(&s.w, "b");
	json_write_close(&s.w);
	json_write_open_list(&s.w, "c");
	json_write_line(&s.w, 0);
	json_write_number(&s.w, NULL, 1);
	json_write_line(&s.w, 0);
	json_write_number(&s.w, NULL, 2);
	json_write_close_list(&s.w);
	json_write_truth(&s.w, "d", true);
	json_write_truth(&s.w, "e", false);
	json_write_null(&s.w, "f");
	json_write_text(&s.w, "g", "\"\\\n\xe2\x80\xae\xff\xc3\xbc");
	json_write_close(&s.w);
	expect(&s,
	    "{\"a\":[],\"b\":{},\"c\":[\n1,\n2],\"d\":true,\"e\":false,"
	    "\"f\":null,\"g\":\"\\\"\\\\\\u000a\\u202e\\ufffd\xc3\xbc\"}");
}

Test(json_write, lines_are_indented_and_spaces_stand_within_them_only)
{
	struct sheet s;

	begin(&s);
	s.w.spaced = true;
	json_write_open(&s.w, NULL);
	json_write_number(&s.w, "a", 1);
	json_write_text(&s.w, "b", NULL);
	json_write_line(&s.w, 2);
	json_write_open_list(&s.w, "c");
	json_write_line(&s.w, 4);
	json_write_open(&s.w, NULL);
	json_write_close(&s.w);
	json_write_line(&s.w, 4);
	json_write_day(&s.w, NULL, DAY_NONE);
	json_write_truth(&s.w, NULL, true);
	json_write_line(&s.w, 2);
	json_write_close_list(&s.w);
	json_write_line(&s.w, 0);
	json_write_close(&s.w);
	expect(&s,
	    "{\"a\": 1, \"b\": null,\n  \"c\": [\n    {},\n    null, "
	    "true\n  ]\n}");
}

Test(json_write, numbers_reach_their_ends)
{
	struct sheet s;

	begin(&s);
	json_write_number(&s.w, NULL, 0);
	json_write_number(&s.w, NULL, -1);
	json_write_number(&s.w, NULL, INT64_MAX);
	json_write_number(&s.w, NULL, INT64_MIN);
	expect(&s, "0,-1,9223372036854775807,-9223372036854775808");
}

Test(json_write, days_and_times_may_be_unknown)
{
	struct sheet s;

	begin(&s);
	json_write_day(&s.w, NULL, 0);
	json_write_day(&s.w, NULL, PLAIN_DAYS);
	json_write_day(&s.w, NULL, 0);
	json_write_day(&s.w, NULL, -PLAIN_DAYS);
	json_write_day(&s.w, NULL, DAY_NONE);
	json_write_day(&s.w, NULL, DAY_MAX);
	json_write_day(&s.w, NULL, DAY_MIN);
	json_write_time(&s.w, NULL, 1);
	json_write_time(&s.w, NULL, TIME_NONE);
	expect(&s,
	    "\"1970-01-01\",\"1970-03-06\",\"1970-01-01\",\"1969-10-29\","
	    "null,\"9999-12-31\",\"0001-01-01\",\"1970-01-01T00:00:01Z\",null");
}

/* ---- the output ---- */

static struct figures nothing = {.spec = {.first_day = DAY_NONE,
				     .last_day = DAY_NONE,
				     .by = BY_TOTAL,
				     .news = true},
    .awaited_from = DAY_MAX};

static const struct view view = {.figures = &nothing,
    .store = "t.db",
    .state = "default",
    .told = TIME_NONE,
    .latest_day = DAY_NONE};

Test(json_write, nothing_new_has_no_period_but_all_its_members)
{
	static const char *const members[] = {"\"period\":null,",
	    "\"new\":{\"state\":\"default\",\"told\":null}",
	    "\"latest_day\":null", "\"faults\":[]", "\"domains\":[]}\n"};
	char *text = page_written(&output_json, &view);
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		cr_expect_not_null(
		    strstr(text, members[i]), "%s in %s", members[i], text);
	cr_expect_null(strstr(text, "_rows"));
	free(text);
}

Test(json_write, a_full_disk_is_no_digest)
{
	FILE *out = fopen("/dev/full", "w");
	struct err err = {0};

	cr_assert_not_null(out);
	cr_expect_eq(output_json.write(out, &view, &err), -1);
	fclose(out);
	out = fopen("/dev/full", "w");
	cr_assert_not_null(out);
	cr_expect_eq(output_prometheus.write(out, &view, &err), -1);
	fclose(out);
}
