/* SPDX-License-Identifier: ISC */

/*
 * CSV (RFC 4180): the columns are a promise.  New ones are only ever added
 * at the end, so that a spreadsheet or a script of last year still works.
 * Rows may be many: cells are written without printf.
 */

#include "config.h"

#include "base/date.h"
#include "output/coverage.h"
#include "output/escape.h"
#include "output/output.h"
#include "output/plain.h"

#define KEY_COLUMNS                                                            \
	"period_start", "period_end", "group", "policy_domain", "policy_type", \
	    "policy_mode", "reporter", "authenticity", "organization"

struct csv {
	FILE *out;
	char separator;
	bool long_digits;
	bool within; /* a cell was written on this line */
	struct plain_days days;
};

static void
next_cell(struct csv *csv)
{
	if (csv->within)
		putc_unlocked(csv->separator, csv->out);
	csv->within = true;
}

static void
put_text(struct csv *csv, const char *text)
{
	next_cell(csv);
	escape_csv(csv->out, text, csv->separator, csv->long_digits);
}

static void
put_number(struct csv *csv, int64_t n)
{
	next_cell(csv);
	plain_number(csv->out, n);
}

static void
put_day(struct csv *csv, int32_t day)
{
	next_cell(csv);
	fputs(plain_day(&csv->days, day), csv->out);
}

static void
end_line(struct csv *csv)
{
	fputs("\r\n", csv->out);
	csv->within = false;
}

static void
put_header(struct csv *csv, const char *const *names)
{
	for (; *names != NULL; names++)
		put_text(csv, *names);
	end_line(csv);
}

static void
put_key(struct csv *csv, int32_t start, int32_t end, const struct row_key *key)
{
	put_day(csv, start);
	put_day(csv, end);
	put_text(csv, key->group);
	put_text(csv, key->domain[0] != '\0' ? key->domain : "(unknown)");
	put_text(csv,
	    key->policy_type == POLICY_OTHER
		? key->policy_type_text
		: policy_type_name(key->policy_type));
	put_text(csv, policy_mode_name(key->mode));
	put_text(csv, key->reporter);
	put_text(csv, authenticity_name(key->authenticity));
	put_text(csv, key->organization);
}

static void
write_policies(struct csv *csv, const struct view *view)
{
	static const char *const names[] = {KEY_COLUMNS, "policy_entries",
	    "successful_sessions", "failed_sessions", NULL};
	const struct policy_figure *p = view->figures->policies;
	size_t i;

	put_header(csv, names);
	for (i = 0; i < view->figures->npolicies; i++, p++) {
		if (view->failures_only && p->failed == 0)
			continue;
		put_key(csv, p->start, p->end, &p->key);
		put_number(csv, p->entries);
		put_number(csv, p->successful);
		put_number(csv, p->failed);
		end_line(csv);
	}
}

static void
write_failures(struct csv *csv, const struct view *view)
{
	static const char *const names[] = {KEY_COLUMNS, "result_type",
	    "category", "receiving_mx_hostname", "receiving_ip",
	    "failure_reason_code", "failed_sessions", "failure_details",
	    "first_day", "last_day", NULL};
	const struct failure_figure *f = view->figures->failures;
	size_t i;

	put_header(csv, names);
	for (i = 0; i < view->figures->nfailures; i++, f++) {
		put_key(csv, f->start, f->end, &f->key);
		put_text(csv,
		    f->result == RESULT_OTHER ? f->result_text
					      : result_type_name(f->result));
		put_text(csv, result_type_category(f->result));
		put_text(csv, f->receiving_mx);
		put_text(csv, f->receiving_ip);
		put_text(csv, f->reason_code);
		put_number(csv, f->sessions);
		put_number(csv, f->details);
		put_day(csv, f->first_day);
		put_day(csv, f->last_day);
		end_line(csv);
	}
}

static int64_t
entries_of(const struct domain_figure *d)
{
	int64_t sum = 0;
	int a;

	for (a = 0; a < AUTHENTICITY_COUNT; a++)
		sum = count_add(sum, d->entries[a]);
	return sum;
}

/* The days without reports: "2026-11-03 2026-11-07/2026-11-09". */
static void
put_gaps(struct csv *csv, struct coverage *c)
{
	char first[DATE_SIZE], last[DATE_SIZE];
	const char *sep = "";
	int32_t gap[2];

	next_cell(csv);
	while (coverage_gap(c, gap)) {
		date_format_day(gap[0], first);
		date_format_day(gap[1], last);
		fprintf(csv->out, "%s%s", sep, first);
		if (gap[0] != gap[1])
			fprintf(csv->out, "/%s", last);
		sep = " ";
	}
}

static void
write_coverage(struct csv *csv, const struct view *view)
{
	static const char *const names[] = {"period_start", "period_end",
	    "group", "policy_domain", "days_in_period", "days_with_reports",
	    "days_without_reports", "complete", "reporters", "policy_entries",
	    "verified_entries", "unchecked_entries", "failed_entries",
	    "successful_sessions", "failed_sessions", "conflicts", "rejects",
	    NULL};
	const struct domain_figure *d = view->figures->domains;
	struct coverage c;
	size_t i;

	put_header(csv, names);
	for (i = 0; i < view->figures->ndomains; i++, d++) {
		c = coverage_begin(d->days, d->ndays, d->start, d->end,
		    view->figures->spec.now);
		put_day(csv, d->start);
		put_day(csv, d->end);
		put_text(csv, d->group);
		put_text(csv, d->domain[0] != '\0' ? d->domain : "(unknown)");
		put_number(csv, (int64_t)d->end - d->start + 1);
		put_number(csv, (int64_t)d->ndays);
		put_gaps(csv, &c);
		put_text(csv, d->incomplete ? "no" : "yes");
		put_number(csv, (int64_t)d->nreporters);
		put_number(csv, entries_of(d));
		put_number(csv, d->entries[AUTH_VERIFIED]);
		put_number(csv, d->entries[AUTH_UNCHECKED]);
		put_number(csv, d->entries[AUTH_FAILED]);
		put_number(csv, d->successful);
		put_number(csv, d->failed);
		put_number(csv, (int64_t)coverage_conflicts_of(view, d));
		put_number(csv, (int64_t)view->rejects);
		end_line(csv);
	}
}

static int
write_csv(FILE *out, const struct view *view, struct err *err)
{
	struct csv csv = {.out = out,
	    .separator = view->excel == EXCEL_SEMICOLON ? ';' : ',',
	    .long_digits = view->excel != EXCEL_NO};

	if (view->excel != EXCEL_NO)
		fputs("\xef\xbb\xbf", out);
	if (view->rows == ROWS_FAILURES)
		write_failures(&csv, view);
	else if (view->rows == ROWS_COVERAGE)
		write_coverage(&csv, view);
	else
		write_policies(&csv, view);
	return output_finish(out, err);
}

const struct output output_csv = {.name = "csv",
    .is_lines = true,
    .takes_rows = true,
    .write = write_csv};
