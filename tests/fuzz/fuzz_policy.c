/* SPDX-License-Identifier: ISC */

/*
 * MTA-STS policies and records of any octets: what is called usable keeps
 * RFC 8461, and written down anew is read as the same.
 */

#include "config.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "domain/name.h"
#include "domain/sts.h"
#include "fuzz.h"

#define URL "https://mta-sts.example/.well-known/mta-sts.txt"

static void
check_findings(const struct findings *f, size_t len)
{
	const char *c;
	size_t i;

	check(f->n <= FINDINGS_MAX);
	for (i = 0; i < f->n; i++) {
		for (c = f->items[i].message; *c != '\0'; c++)
			check(*c >= ' ' && *c <= '~');
		if (f->items[i].from != NO_PLACE)
			check(f->items[i].from <= f->items[i].to &&
			    f->items[i].to <= len);
	}
}

static void
check_policy(const struct sts_policy *p)
{
	size_t i;

	for (i = 0; i < p->nmx; i++)
		check(name_is_host(
		    span_of(strncmp(p->mx[i], "*.", 2) == 0 ? p->mx[i] + 2
							    : p->mx[i])));
	if (!p->usable)
		return;
	check(p->mode != STS_MODE_NONE_GIVEN);
	check(p->max_age >= 0 && p->max_age <= STS_MAX_AGE_MAX);
	check(p->mode == STS_NONE || p->nmx > 0);
}

/* With a line more, that is to be ignored. */
static void
write_and_read(struct arena *a, const struct sts_policy *p)
{
	struct buf b = {.cap = STS_POLICY_BYTES_MAX * 3};
	struct findings f = findings_new(a);
	struct sts_policy again;
	const char *line;
	size_t i;

	line = arena_printf(a,
	    "version: STSv1\r\nmode: %s\r\nmax_age: %" PRId64 "\r\n",
	    sts_mode_name(p->mode), p->max_age);
	check(buf_append(&b, line, strlen(line)) == 0);
	for (i = 0; i < p->nmx; i++) {
		line = arena_printf(a, "mx: %s\r\n", p->mx[i]);
		check(buf_append(&b, line, strlen(line)) == 0);
	}
	sts_policy_parse(&again, (struct span){b.data, b.len}, URL, &f);
	if (b.len <= STS_POLICY_BYTES_MAX) {
		check(f.n == 0 && again.usable);
		check(again.mode == p->mode && again.max_age == p->max_age);
		check(again.nmx == p->nmx);
		for (i = 0; i < p->nmx; i++)
			check(strcmp(again.mx[i], p->mx[i]) == 0);
	}
	buf_free(&b);
}

static void
read_record(struct arena *a, struct span text)
{
	struct span texts[2] = {text, SPAN("x=y")};
	struct findings f = findings_new(a);
	struct sts_record r;
	size_t i;

	sts_record_read(&r, texts, 2, "_mta-sts.example", &f);
	check_findings(&f, text.len);
	check(!r.usable || r.present);
	check(r.usable == (r.id[0] != '\0'));
	check(!r.present || r.usable == (f.n == 0));
	check(strlen(r.id) <= 32);
	for (i = 0; r.id[i] != '\0'; i++)
		check(ascii_is_alnum(r.id[i]));
	texts[1] = text;
	sts_record_read(&r, texts, 2, "_mta-sts.example", &f);
	check(!r.usable);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span body = {(const char *)data, size};
	struct arena *a = arena_new(16384);
	struct findings f = findings_new(a);
	struct sts_policy policy;

	sts_policy_parse(&policy, body, URL, &f);
	check_findings(&f, size);
	check_policy(&policy);
	check(policy.usable || findings_worst(&f) == SEVERITY_ERROR);
	if (policy.usable)
		write_and_read(a, &policy);
	read_record(a, body);
	arena_free(a);
	return 0;
}
