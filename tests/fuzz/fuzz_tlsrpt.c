/* SPDX-License-Identifier: ISC */

/*
 * The way from JSON text to a report.  What comes out keeps the promises of
 * report.h; JSON that our own scan took is never refused by the library
 * behind it; the same text makes the same report again; and white space around
 * it makes no difference.
 */

#include "config.h"

#include "decode/tlsrpt.h"
#include "fuzz.h"
#include "promises.h"

/* One reading of a text. */
struct reading {
	enum tlsrpt_verdict verdict;
	struct report *report;
	struct err err;
};

static void
read_json(
    struct tlsrpt *t, struct arena *arena, struct span json, struct reading *r)
{
	const struct tlsrpt_context context = {
	    "sender.example", "", "s!file.example!1!2.json", ""};
	struct deviation_list notes = {.arena = arena};

	r->err = (struct err){0};
	r->verdict =
	    tlsrpt_parse(t, json, &context, &notes, &r->report, &r->err);
	check((r->verdict == TLSRPT_REPORT) == (r->report != NULL));
	if (r->verdict == TLSRPT_REPORT)
		check_report(r->report);
	if (r->verdict == TLSRPT_UNUSABLE || r->verdict == TLSRPT_NOT_JSON) {
		check(r->err.code == ERR_DATA || r->err.code == ERR_BOUND);
		check(r->err.text[0] != '\0');
		check(is_utf8(r->err.text, strlen(r->err.text)));
	}
	check(strcmp(r->err.text, "the JSON cannot be read") != 0);
}

/* Puts the text between white space, and a NUL or two are not behind it. */
static char *
pad(struct span json, struct span *padded)
{
	static const struct span before = {" \r\n", 3}, after = {"\t \n", 3};
	char *p = malloc(before.len + json.len + after.len);

	check(p != NULL);
	memcpy(p, before.p, before.len);
	if (json.len > 0)
		memcpy(p + before.len, json.p, json.len);
	memcpy(p + before.len + json.len, after.p, after.len);
	*padded = (struct span){p, before.len + json.len + after.len};
	return p;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tlsrpt *t;
	static struct arena *arena;
	struct span json = {(const char *)data, size}, padded;
	struct reading first, again;
	char *copy;

	if (t == NULL) {
		t = tlsrpt_new(&LIMITS_DEFAULT);
		arena = arena_new(4096);
	}
	read_json(t, arena, json, &first);
	read_json(t, arena, json, &again);
	check(first.verdict == again.verdict);
	check(strcmp(first.err.text, again.err.text) == 0);
	if (first.report != NULL) {
		check(report_compare(first.report, again.report) == 0);
		copy = pad(json, &padded);
		read_json(t, arena, padded, &again);
		free(copy);
		/* A BOM is one at the start alone. */
		if (size > 0 && data[0] != 0xef && data[size - 1] != 0)
			check(again.report != NULL &&
			    report_compare(first.report, again.report) == 0);
	}
	arena_reset(arena);
	return 0;
}
