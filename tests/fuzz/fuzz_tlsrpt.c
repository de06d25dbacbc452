/* SPDX-License-Identifier: ISC */

/*
 * Fuzzes the way from JSON text to a report.  Besides not crashing, what
 * comes out must keep the promises of report.h, and JSON that our own scan
 * took must never be refused by the library behind it.
 */

#include "config.h"

#include "base/utf8.h"
#include "decode/tlsrpt.h"
#include "fuzz.h"

static void
check_text(const char *s)
{
	size_t len = strlen(s);

	check(len <= LIMITS_DEFAULT.string_bytes);
	check(utf8_valid_prefix(s, len) == len);
}

static void
check_count(int64_t n)
{
	check(n >= 0 && n <= COUNT_MAX);
}

static void
check_failure(const struct failure *f)
{
	check_count(f->sessions);
	check((f->type_text[0] == '\0') || f->type == RESULT_OTHER);
	check_text(f->type_text);
	check_text(f->sending_ip);
	check_text(f->receiving_mx);
	check_text(f->receiving_helo);
	check_text(f->receiving_ip);
	check_text(f->additional_information);
	check_text(f->reason_code);
}

static void
check_policy(const struct policy *p)
{
	size_t i;

	check_count(p->successful);
	check_count(p->failed);
	check_text(p->domain);
	check_text(p->type_text);
	check(p->type == POLICY_STS || p->mode == MODE_UNKNOWN);
	for (i = 0; i < p->nstrings; i++)
		check_text(p->strings[i]);
	for (i = 0; i < p->nmx_hosts; i++)
		check_text(p->mx_hosts[i]);
	for (i = 0; i < p->nfailures; i++)
		check_failure(&p->failures[i]);
	check(policy_rest(p) >= -COUNT_MAX && policy_rest(p) <= COUNT_MAX);
}

static void
check_report(const struct report *r)
{
	int64_t successful = 0, failed = 0;
	size_t i;

	check(r->start <= r->end);
	check(r->reporter[0] != '\0');
	check_text(r->reporter);
	check_text(r->organization);
	check_text(r->contact);
	check_text(r->id);
	check(r->ndeviations <= DEVIATIONS_MAX);
	for (i = 0; i < r->npolicies; i++) {
		check_policy(&r->policies[i]);
		successful = count_add(successful, r->policies[i].successful);
		failed = count_add(failed, r->policies[i].failed);
	}
	check_count(successful);
	check_count(failed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tlsrpt *t;
	static struct arena *arena;
	const struct tlsrpt_context context = {
	    "sender.example", "", "s!file.example!1!2.json", ""};
	struct deviation_list notes = {0};
	struct report *r;
	struct err err = {0};
	enum tlsrpt_verdict verdict;

	if (t == NULL) {
		t = tlsrpt_new(&LIMITS_DEFAULT);
		arena = arena_new(4096);
	}
	notes.arena = arena;
	verdict = tlsrpt_parse(t, (struct span){(const char *)data, size},
	    &context, &notes, &r, &err);
	check((verdict == TLSRPT_REPORT) == (r != NULL));
	if (verdict == TLSRPT_REPORT)
		check_report(r);
	if (verdict == TLSRPT_UNUSABLE || verdict == TLSRPT_NOT_JSON)
		check(err.code == ERR_DATA || err.code == ERR_BOUND);
	check(strcmp(err.text, "the JSON cannot be read") != 0);
	arena_reset(arena);
	return 0;
}
