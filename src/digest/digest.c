/* SPDX-License-Identifier: ISC */

/*
 * From rows to sums.  A row costs two or three look-ups in a hash table and
 * is forgotten; text is compared only when the sums are sorted in the end,
 * so what is kept grows with the number of different keys, not of rows.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "digest/sums.h"

void
digest_bucket(
    const struct digest_spec *spec, int32_t day, int32_t *start, int32_t *end)
{
	*start = *end = day;
	switch (spec->by) {
	case BY_DAY:
		break;
	case BY_WEEK:
		*start = day_week_start(day);
		*end = *start + 6;
		break;
	case BY_MONTH:
		*start = day_month_start(day);
		*end = day_add_months(day, 1) - 1;
		break;
	case BY_TOTAL:
		*start = spec->first_day;
		*end = spec->last_day;
		break;
	}
	if (*start < spec->first_day)
		*start = spec->first_day;
	if (*end > spec->last_day)
		*end = spec->last_day;
}

/* How many days a bucket is compared with; 0: it is not compared. */
static int32_t
previous_length(const struct digest_spec *spec, int32_t start, int32_t end)
{
	int64_t length = (int64_t)end - start + 1;

	if (spec->by == BY_DAY)
		return 1;
	if (start == day_month_start(start) &&
	    end == day_add_months(start, 1) - 1)
		return start - day_add_months(start, -1);
	return length > DIGEST_COMPARE_DAYS ? 0 : (int32_t)length;
}

void
digest_previous(const struct digest_spec *spec, int32_t start, int32_t days[2])
{
	int32_t end, length;

	digest_bucket(spec, start, &start, &end);
	length = previous_length(spec, start, end);
	days[0] = length > 0 ? start - length : DAY_NONE;
	days[1] = length > 0 ? start - 1 : DAY_NONE;
}

int32_t
digest_lookback(const struct digest_spec *spec)
{
	int32_t days[2], length;

	if (spec->first_day == DAY_NONE)
		return DIGEST_LOOKBACK_DAYS;
	digest_previous(spec, spec->first_day, days);
	length = days[0] == DAY_NONE ? 0 : days[1] - days[0] + 1;
	return length > DIGEST_LOOKBACK_DAYS ? length : DIGEST_LOOKBACK_DAYS;
}

struct digest *
digest_new(const struct digest_spec *spec)
{
	struct digest *d = xcalloc(1, sizeof(*d));

	d->spec = *spec;
	if (spec->scope != NULL)
		d->scope = *spec->scope;
	d->first_wanted = spec->first_day > DAY_MIN + digest_lookback(spec)
	    ? spec->first_day - digest_lookback(spec)
	    : DAY_MIN;
	d->row_day = DAY_NONE;
	d->today = day_of_time(spec->now);
	d->young =
	    spec->settle > 0 ? day_of_time(spec->now - spec->settle) : DAY_MAX;
	d->figures.spec = *spec;
	d->arena = arena_new(4096);
	table_init(
	    &d->policies, sizeof(struct policy_id), sizeof(struct policy_sum));
	table_init(&d->failures, sizeof(struct failure_id),
	    sizeof(struct failure_sum));
	table_init(&d->stream_days, sizeof(struct stream_days_id),
	    sizeof(struct stream_days));
	table_init(&d->heard, sizeof(struct heard_id), sizeof(struct heard));
	table_init(&d->seen, sizeof(struct seen_id), sizeof(struct seen));
	table_init(&d->texts, sizeof(struct text_id), sizeof(struct text_days));
	table_init(&d->kinds, sizeof(struct kind_id), sizeof(struct kind_days));
	table_init(
	    &d->days, sizeof(struct day_sums_id), sizeof(struct day_sums));
	return d;
}

static void
free_tables(struct digest *d)
{
	table_free(&d->policies);
	table_free(&d->failures);
	table_free(&d->stream_days);
	table_free(&d->heard);
	table_free(&d->seen);
	table_free(&d->texts);
	table_free(&d->kinds);
	table_free(&d->days);
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	free_tables(d);
	arena_free(d->arena);
	free(d->recent);
	free(d->merged);
	free(d->figures.policies);
	free(d->figures.failures);
	free(d->figures.domains);
	free(d);
}

/* Takes up the day of a row.  Rows come many to a day, and to find a month
 * takes longer than to look up a sum. */
static void
enter_day(struct digest *d, int32_t day)
{
	int32_t end;

	d->row_day = day;
	d->row_block = sums_block(day);
	d->row_bit = sums_day_bit(day);
	d->row_is_recent =
	    (int64_t)day >= (int64_t)d->young - DIGEST_LOOKBACK_DAYS;
	d->row_is_wanted = day <= d->spec.last_day && day >= d->first_wanted;
	digest_bucket(&d->spec, day, &d->row_start, &end);
}

/* False for a row of a day that is neither of the period nor of the
 * look-back. */
static inline bool
is_wanted(struct digest *d, int32_t day)
{
	if (d->summed)
		die("digest: a row came after the figures");
	if (day != d->row_day)
		enter_day(d, day);
	return d->row_is_wanted;
}

/* Makes room in a list that is indexed by the numbers of streams. */
static void *
reserve(void *list, size_t *n, size_t number, size_t size)
{
	size_t room = *n > 0 ? *n : 1024;

	if (number < *n)
		return list;
	while (room <= number)
		room *= 2;
	list = xreallocarray(list, room, size);
	memset((char *)list + *n * size, 0, (room - *n) * size);
	*n = room;
	return list;
}

/* Returns where the latest record of a stream is remembered: its next row is
 * nearly always of the same weeks. */
static uint32_t *
recent_of(struct digest *d, const struct stream *stream)
{
	d->recent =
	    reserve(d->recent, &d->nrecent, stream->number, sizeof(*d->recent));
	return &d->recent[stream->number];
}

/* The stream under the name that its reporter goes by.  Equal names must have
 * equal addresses: so the configured one stands for a reporter of just that
 * name, too. */
static const struct stream *
merge(struct digest *d, const struct stream *stream)
{
	const char *name = scope_reporter_name(&d->scope, stream->reporter);
	struct stream *merged;
	size_t i;

	for (i = 0; i < d->scope.nreporters; i++)
		if (strcmp(d->scope.reporters[i].name, name) == 0)
			name = d->scope.reporters[i].name;
	if (name == stream->reporter)
		return stream;
	merged = arena_calloc(d->arena, 1, sizeof(*merged));
	*merged = *stream;
	merged->reporter = name;
	return merged;
}

static const struct stream *
merged_stream(struct digest *d, const struct stream *stream)
{
	if (d->scope.nreporters == 0)
		return stream;
	d->merged =
	    reserve(d->merged, &d->nmerged, stream->number, sizeof(*d->merged));
	if (d->merged[stream->number] == NULL)
		d->merged[stream->number] = merge(d, stream);
	return d->merged[stream->number];
}

/* Remembers that a reporter read such a policy.  It nearly always reads the
 * one that it read the day before. */
static void
mark_text(
    struct digest *d, struct stream_days *heard, const struct policy_row *row)
{
	const struct text_id id = {.domain = heard->id.stream->domain,
	    .reporter = heard->id.stream->reporter,
	    .text = row->text};
	struct text_days *days;

	if (heard->text_at == 0 || heard->text != row->text) {
		days = table_add(&d->texts, &id);
		heard->text = row->text;
		heard->text_at =
		    (uint32_t)(days -
			(struct text_days *)(void *)d->texts.items) +
		    1;
		if (!days->known)
			days->first_day = days->last_day = row->day;
		days->known = true;
	}
	days = (struct text_days *)(void *)d->texts.items + heard->text_at - 1;
	if (row->day < days->first_day)
		days->first_day = row->day;
	if (row->day > days->last_day)
		days->last_day = row->day;
}

/* Returns the record of the row's stream. */
static struct stream_days *
mark_heard(
    struct digest *d, const struct policy_row *row, const struct stream *stream)
{
	const struct stream_days_id id = {
	    .stream = stream, .block = d->row_block};
	uint32_t *recent = recent_of(d, stream);
	struct stream_days *heard = (void *)d->stream_days.items;

	if (*recent == 0 || heard[*recent - 1].id.block != d->row_block) {
		heard = table_add(&d->stream_days, &id);
		*recent =
		    (uint32_t)(heard -
			(struct stream_days *)(void *)d->stream_days.items) +
		    1;
	} else {
		heard += *recent - 1;
	}
	heard->days |= d->row_bit;
	if (row->text != 0 && d->spec.hosts != NULL)
		mark_text(d, heard, row);
	if (row->lag != LAG_UNKNOWN && d->row_is_recent)
		usual_keep_lag(
		    heard->slowest, (struct lag){row->day, row->lag + 1});
	return heard;
}

/* Rows of the look-back, and of reports that were told before, are in no
 * sum. */
static bool
is_summed(const struct digest *d, int32_t day, int64_t report)
{
	return day >= d->spec.first_day &&
	    (d->spec.told == 0 || report > d->spec.told);
}

void
digest_add_policy(struct digest *d, const struct policy_row *row)
{
	const struct stream *stream;
	struct stream_days *heard;
	struct policy_sum *sum;
	struct policy_id id;

	if (!is_wanted(d, row->day))
		return;
	stream = merged_stream(d, row->stream);
	heard = mark_heard(d, row, stream);
	if (!is_summed(d, row->day, row->report)) {
		if (row->day < d->spec.first_day)
			days_add(d, heard, row);
		else
			days_mark_told(d, heard, row->day);
		return;
	}
	id = (struct policy_id){.stream = stream,
	    .start = d->row_start,
	    .authenticity = (uint8_t)row->authenticity};
	sum = table_add(&d->policies, &id);
	if (sum->entries++ == 0 || row->day > sum->last_day)
		sum->last_day = row->day;
	sum->successful = count_add(sum->successful, row->successful);
	sum->failed = count_add(sum->failed, row->failed);
	days_add(d, heard, row);
}

/* Remembers that a fault was there; none is where no session failed. */
static void
mark_seen(struct digest *d, const struct failure_row *row,
    const struct stream *stream)
{
	const struct seen_id id = {.domain = row->stream->domain,
	    .result_text = row->result_text,
	    .receiving_mx = row->receiving_mx,
	    .result = (int32_t)row->result,
	    .block = d->row_block};
	struct seen *seen;

	if (row->result == RESULT_OVERLAP || row->sessions <= 0)
		return;
	seen = table_add(&d->seen, &id);
	seen->days |= d->row_bit;
	/* Of two on one day the order of rows must not decide. */
	if (seen->reporter == NULL || row->day > seen->last_day ||
	    (row->day == seen->last_day &&
		sums_compare_text(stream->reporter, seen->reporter) < 0)) {
		seen->reporter = stream->reporter;
		seen->last_day = row->day;
	}
}

static bool
is_detail(enum result_type result)
{
	return result != RESULT_UNSPECIFIED && result != RESULT_OVERLAP;
}

static void
add_to_failure(struct failure_sum *sum, const struct failure_row *row)
{
	if (sum->rows == 0 || row->day < sum->first_day)
		sum->first_day = row->day;
	if (sum->rows == 0 || row->day > sum->last_day)
		sum->last_day = row->day;
	sum->rows++;
	sum->sessions = count_add(sum->sessions, row->sessions);
	sum->details += is_detail(row->result);
}

void
digest_add_failure(struct digest *d, const struct failure_row *row)
{
	const struct stream *stream;
	struct failure_id id;

	if (!is_wanted(d, row->day))
		return;
	stream = merged_stream(d, row->stream);
	mark_seen(d, row, stream);
	if (!is_summed(d, row->day, row->report))
		return;
	id = (struct failure_id){.policy = {.stream = stream,
				     .start = d->row_start,
				     .authenticity = (uint8_t)row->authenticity,
				     .result = (uint8_t)row->result},
	    .result_text = row->result_text,
	    .receiving_mx = row->receiving_mx,
	    .receiving_ip = row->receiving_ip,
	    .reason_code = row->reason_code};
	add_to_failure(table_add(&d->failures, &id), row);
}

/* Joins the streams of each reporter, domain and kind of policy. */
static void
mark_kind(struct digest *d, const struct stream_days *s)
{
	const struct stream *stream = s->id.stream;
	const int32_t block = s->id.block * BLOCK_DAYS;
	const struct kind_id id = {.domain = stream->domain,
	    .reporter = stream->reporter,
	    .policy_type_text = stream->policy_type_text,
	    .policy_type = (int32_t)stream->policy_type,
	    .mode = (int32_t)stream->mode};
	const int32_t first = block + __builtin_ctzll(s->days);
	const int32_t last = block + 63 - __builtin_clzll(s->days);
	struct kind_days *kind = table_add(&d->kinds, &id);

	if (!kind->known || first < kind->first_day)
		kind->first_day = first;
	if (!kind->known || last > kind->last_day)
		kind->last_day = last;
	kind->known = true;
}

/* Joins the streams of each reporter and domain. */
static void
make_heard(struct digest *d)
{
	const struct stream_days *s = (const void *)d->stream_days.items;
	struct heard *heard;
	size_t i, j;

	for (i = 0; i < d->stream_days.n; i++, s++) {
		const struct heard_id id = {.domain = s->id.stream->domain,
		    .reporter = s->id.stream->reporter,
		    .block = s->id.block};

		heard = table_add(&d->heard, &id);
		heard->days |= s->days;
		for (j = 0; j < 2; j++)
			if (s->slowest[j].hours > 0)
				usual_keep_lag(heard->slowest, s->slowest[j]);
		if (!d->spec.news)
			mark_kind(d, s);
	}
}

const struct figures *
digest_figures(struct digest *d)
{
	if (!d->summed) {
		d->summed = true;
		lines_make(d);
		if (!d->spec.lines_only) {
			make_heard(d);
			domain_make_figures(d);
		}
		free_tables(d);
	}
	return &d->figures;
}
