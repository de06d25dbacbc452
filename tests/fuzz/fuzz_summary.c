/* SPDX-License-Identifier: ISC */

/*
 * A tlstally-net in the hands of another: the bytes are what it says of a
 * domain.  What is taken for a summary keeps what the tables promise, is shown
 * without a character that could do harm, and is remembered so that it can be
 * read again.  Questions, which go the other way, are read by it from bytes
 * too.
 */

#include "config.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/limits.h"
#include "domain/compare.h"
#include "domain/snapshot.h"
#include "domain/sts.h"
#include "domain/summary.h"
#include "fuzz.h"
#include "output/check.h"

/* ---- what is read ---- */

static void
check_findings(const struct domain_summary *s)
{
	const struct summary_finding *f;
	size_t i;

	check(s->nfindings <= FINDINGS_MAX);
	for (i = 0; i < s->nfindings; i++) {
		f = &s->findings[i];
		check(f->check < CHECK_COUNT && f->from <= f->to);
		check(f->excerpt == NULL ||
		    f->column + f->width <= strlen(f->excerpt));
	}
}

static void
check_summary(const struct domain_summary *s)
{
	size_t i;

	check(s->nanswers >= SUMMARY_ANSWERS_LEAST && s->nmx <= MX_HOSTS_MAX);
	check(s->ndestinations <= RECORD_DESTINATIONS_MAX);
	check(s->policy.max_age >= -1 && s->policy.max_age <= STS_MAX_AGE_MAX);
	check(!s->policy.seen || s->policy.sha256 != NULL);
	check_is_time(s->at);
	check_is_time(s->policy.cert.not_before);
	check_is_time(s->policy.cert.not_after);
	for (i = 0; i < s->nmx; i++)
		check_is_time(s->mx[i].cert.not_after);
	for (i = 0; i < s->ndestinations; i++)
		check_is_time(s->destinations[i].not_after);
	check_findings(s);
}

/* ---- how it is shown ---- */

static void
check_shown(const struct check_output *output, const struct domain_summary *s)
{
	const struct check_view view = {.summary = s, .domain = s->domain};
	struct check_writer w = {.now = NOW};
	char *text = NULL;
	size_t len = 0, i;

	w.out = open_memstream(&text, &len);
	check(w.out != NULL);
	check_begin(&w);
	check_domain(&w, output, &view);
	check_end(&w, output);
	check(fclose(w.out) == 0);
	check(len > 0 && is_utf8(text, len));
	for (i = 0; i < len; i++)
		check(text[i] == '\n' || (text[i] >= ' ' && text[i] != 0x7f));
	free(text);
}

/* ---- how it is remembered ---- */

/* It can be packed, and what is packed can be read. */
static void
check_kept(const struct snapshot *s, struct arena *arena)
{
	struct buf b = {.cap = SNAPSHOT_BYTES_MAX};
	struct snapshot back;

	check(snapshot_pack(&b, s) == 0);
	check(snapshot_unpack(&back, arena, b.data, b.len) == 0);
	check(back.at == s->at && back.tlsrpt.state == s->tlsrpt.state);
	buf_free(&b);
}

static void
remember(const struct domain_summary *s, struct arena *arena)
{
	struct snapshot before, accepted, look, now;
	struct differences found;
	struct past_facts past = {0};
	struct comparison c = {.domain = s->domain,
	    .accepted = &accepted,
	    .now = &now,
	    .look = &look,
	    .time = NOW,
	    .warning_days = CERTIFICATE_WARNING_DAYS,
	    .critical_days = CERTIFICATE_CRITICAL_DAYS};

	/* No message names another domain than the one that was asked for. */
	if (strlen(s->domain) > 253)
		return;
	snapshot_clear(&before);
	snapshot_clear(&accepted);
	snapshot_look(&look, arena, s);
	snapshot_merge(&now, arena, &before, &look);
	snapshot_adopt(&accepted, arena, &now);
	compare_snapshots(&found, arena, &c);
	check_kept(&now, arena);
	check_kept(&accepted, arena);
	snapshot_past(&now, &past);
	check_is_time(past.policy_seen);
}

/* ---- there and back ---- */

/* What was read is written again, and is the same when that is read. */
static void
check_again(const struct domain_summary *s, struct arena *arena, size_t len)
{
	struct buf once = {.cap = SIZE_MAX / 2}, twice = once;
	struct fields_out o = {.buf = &once}, p = {.buf = &twice};
	struct domain_summary back;
	struct fields f;

	summary_put(&o, s);
	check(!o.over && once.len == len);
	f = fields_of(once.data, once.len);
	check(summary_get(&f, arena, &back) == 0);
	summary_put(&p, &back);
	check(!p.over && twice.len == once.len);
	check(memcmp(once.data, twice.data, once.len) == 0);
	buf_free(&once);
	buf_free(&twice);
}

static void
read_summary(const uint8_t *data, size_t size, struct arena *arena)
{
	static const struct check_output *const outputs[] = {
	    &check_text, &check_json, &check_nagios};
	struct fields f = fields_of(data, size);
	struct domain_summary s;
	size_t i;

	if (summary_get(&f, arena, &s) == -1)
		return;
	check_summary(&s);
	for (i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		check_shown(outputs[i], &s);
	remember(&s, arena);
	check_again(&s, arena, size);
}

static void
read_question(const uint8_t *data, size_t size, struct arena *arena)
{
	struct fields f = fields_of(data, size);
	struct domain_question q;

	if (question_get(&f, arena, &q) == -1)
		return;
	check(strlen(q.domain) > 0 && strlen(q.domain) <= 253);
	check(q.past.policy_max_age <= STS_MAX_AGE_MAX);
	check_is_time(q.past.policy_seen);
	check_is_time(q.past.last_report);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;

	if (arena == NULL)
		arena = arena_new(65536);
	read_summary(data, size, arena);
	read_question(data, size, arena);
	arena_reset(arena);
	return 0;
}
