/* SPDX-License-Identifier: ISC */

/*
 * Rows of reports.  One function names and fills the columns of a kind of
 * row; the heading of CSV is written by the same function, so that names and
 * cells cannot part.
 */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "base/sha256.h"
#include "output/escape.h"
#include "output/export.h"

/* What the heading is written from: nothing of it is looked at. */
static const struct report no_report;
static const struct policy no_policy = {.domain = "", .type_text = ""};
static const struct failure no_failure;

/* Begins a cell.  Returns whether its value is to follow. */
static bool
begin_cell(struct export_rows *x, const char *name)
{
	bool json = x->format == EXPORT_NDJSON;

	if (x->within)
		putc(',', x->out);
	else if (json)
		putc('{', x->out);
	x->within = true;
	if (json)
		fprintf(x->out, "\"%s\":", name);
	else if (x->heading)
		fputs(name, x->out);
	return !x->heading;
}

static void
end_row(struct export_rows *x)
{
	fputs(x->format == EXPORT_NDJSON ? "}\n" : "\r\n", x->out);
	x->within = false;
}

static void
put_text(struct export_rows *x, const char *name, const char *text)
{
	if (!begin_cell(x, name))
		return;
	if (x->format == EXPORT_NDJSON)
		escape_json(x->out, text);
	else
		escape_csv(x->out, text, ',', false);
}

static void
put_number(struct export_rows *x, const char *name, int64_t n)
{
	if (begin_cell(x, name))
		fprintf(x->out, "%" PRId64, n);
}

static void
put_truth(struct export_rows *x, const char *name, bool truth)
{
	if (!begin_cell(x, name))
		return;
	if (x->format == EXPORT_NDJSON)
		fputs(truth ? "true" : "false", x->out);
	else
		fputs(truth ? "yes" : "no", x->out);
}

static void
put_day(struct export_rows *x, const char *name, int32_t day)
{
	char text[DATE_SIZE];

	date_format_day(day, text);
	put_text(x, name, text);
}

static void
put_time(struct export_rows *x, const char *name, int64_t t)
{
	char text[TIME_SIZE];

	if (t != TIME_NONE) {
		date_format_time(t, text);
		put_text(x, name, text);
	} else if (begin_cell(x, name) && x->format == EXPORT_NDJSON) {
		fputs("null", x->out);
	}
}

/* Adds one of a list's strings to what is joined, or writes it. */
static void
add_string(struct export_rows *x, const char *text, size_t i)
{
	if (x->format == EXPORT_NDJSON) {
		if (i > 0)
			putc(',', x->out);
		escape_json(x->out, text);
		return;
	}
	if (i > 0)
		buf_append(&x->joined, "\n", 1);
	buf_append(&x->joined, text, strlen(text));
}

static bool
begin_list(struct export_rows *x, const char *name)
{
	if (!begin_cell(x, name))
		return false;
	x->joined.len = 0;
	if (x->format == EXPORT_NDJSON)
		putc('[', x->out);
	return true;
}

static void
end_list(struct export_rows *x)
{
	if (x->format == EXPORT_NDJSON)
		putc(']', x->out);
	else
		escape_csv(x->out, buf_string(&x->joined), ',', false);
}

static void
put_list(
    struct export_rows *x, const char *name, const char *const *list, size_t n)
{
	size_t i;

	if (!begin_list(x, name))
		return;
	for (i = 0; i < n; i++)
		add_string(x, list[i], i);
	end_list(x);
}

/* Each as "name" or "name at place". */
static void
put_deviations(struct export_rows *x, const char *name, const struct report *r)
{
	struct buf text = {.cap = SIZE_MAX / 4};
	const struct deviation *d;
	size_t i;

	if (!begin_list(x, name))
		return;
	for (i = 0; i < r->ndeviations; i++) {
		d = &r->deviations[i];
		text.len = 0;
		buf_append(&text, deviation_name(d->code),
		    strlen(deviation_name(d->code)));
		if (d->where[0] != '\0') {
			buf_append(&text, " at ", 4);
			buf_append(&text, d->where, strlen(d->where));
		}
		add_string(x, buf_string(&text), i);
	}
	end_list(x);
	buf_free(&text);
}

static void
put_sha256(struct export_rows *x, const char *name, const unsigned char *sha256)
{
	char hex[SHA256_HEX_SIZE];

	if (sha256 != NULL) {
		sha256_hex(sha256, hex);
		put_text(x, name, hex);
	} else if (begin_cell(x, name) && x->format == EXPORT_NDJSON) {
		fputs("null", x->out);
	}
}

/* What both kinds of rows begin with, behind their numbers. */
static void
put_common(struct export_rows *x, const struct export_report *r)
{
	put_truth(x, "counted", r->counted);
	put_day(x, "day", r->report->day);
	put_text(x, "reporter", r->report->reporter);
	put_text(x, "authenticity", authenticity_name(r->report->authenticity));
}

static void
put_kind(struct export_rows *x, const struct policy *p)
{
	put_text(x, "policy_type",
	    p->type == POLICY_OTHER ? p->type_text : policy_type_name(p->type));
	put_text(x, "policy_mode", policy_mode_name(p->mode));
}

static void
put_policy(struct export_rows *x, const struct export_report *r,
    const struct policy *p, size_t number)
{
	const struct report *report = r->report;

	put_number(x, "report", r->number);
	put_number(x, "policy_number", (int64_t)number);
	put_common(x, r);
	put_text(x, "organization_name", report->organization);
	put_time(x, "start_datetime", report->start);
	put_time(x, "end_datetime", report->end);
	put_text(x, "contact_info", report->contact);
	put_text(x, "report_id", report->id);
	put_kind(x, p);
	put_list(x, "policy_string", p->strings, p->nstrings);
	put_text(x, "policy_domain", p->domain);
	put_list(x, "mx_host", p->mx_hosts, p->nmx_hosts);
	put_number(x, "total_successful_session_count", p->successful);
	put_number(x, "total_failure_session_count", p->failed);
	put_text(x, "tls_report_submitter", report->submitter_header);
	put_text(x, "tls_report_domain", report->domain_header);
	put_text(x, "filename", report->filename);
	put_text(x, "subject", report->subject);
	put_time(x, "received", report->received);
	put_time(x, "stored", r->stored);
	put_text(x, "source", r->source);
	put_text(x, "message", r->message);
	put_sha256(x, "sha256", r->sha256);
	put_deviations(x, "deviations", report);
	end_row(x);
}

static void
put_failure(struct export_rows *x, const struct export_report *r,
    const struct policy *p, const struct failure *f, const size_t numbers[2])
{
	put_number(x, "report", r->number);
	put_number(x, "policy_number", (int64_t)numbers[0]);
	put_number(x, "failure_number", (int64_t)numbers[1]);
	put_common(x, r);
	put_kind(x, p);
	put_text(x, "policy_domain", p->domain);
	put_text(x, "result_type",
	    f->type == RESULT_OTHER ? f->type_text : result_type_name(f->type));
	put_text(x, "sending_mta_ip", f->sending_ip);
	put_text(x, "receiving_mx_hostname", f->receiving_mx);
	put_text(x, "receiving_mx_helo", f->receiving_helo);
	put_text(x, "receiving_ip", f->receiving_ip);
	put_number(x, "failed_session_count", f->sessions);
	put_text(x, "additional_information", f->additional_information);
	put_text(x, "failure_reason_code", f->reason_code);
	end_row(x);
}

/* The failures, and what they leave of the summary, as the digest has it: so
 * that the rows sum to the policies'. */
static void
put_failures(struct export_rows *x, const struct export_report *r,
    const struct policy *p, size_t number)
{
	int64_t left = policy_rest(p);
	const struct failure rest = {
	    .type = left > 0 ? RESULT_UNSPECIFIED : RESULT_OVERLAP,
	    .type_text = "",
	    .sending_ip = "",
	    .receiving_mx = "",
	    .receiving_helo = "",
	    .receiving_ip = "",
	    .additional_information = "",
	    .reason_code = "",
	    .sessions = left};
	size_t numbers[2] = {number, 0};

	while (numbers[1] < p->nfailures) {
		numbers[1]++;
		put_failure(x, r, p, &p->failures[numbers[1] - 1], numbers);
	}
	numbers[1]++;
	if (left != 0)
		put_failure(x, r, p, &rest, numbers);
}

void
export_begin(struct export_rows *x)
{
	static const struct export_report nothing = {.report = &no_report};
	static const size_t numbers[2];

	x->joined.cap = SIZE_MAX / 4;
	if (x->format == EXPORT_NDJSON)
		return;
	x->heading = true;
	if (x->rows == ROWS_FAILURES)
		put_failure(x, &nothing, &no_policy, &no_failure, numbers);
	else
		put_policy(x, &nothing, &no_policy, 0);
	x->heading = false;
}

void
export_policy(
    struct export_rows *x, const struct export_report *r, size_t policy)
{
	const struct policy *p = &r->report->policies[policy];

	if (x->rows == ROWS_FAILURES)
		put_failures(x, r, p, policy + 1);
	else
		put_policy(x, r, p, policy + 1);
}

void
export_empty(struct export_rows *x, const struct export_report *r)
{
	if (x->rows != ROWS_FAILURES)
		put_policy(x, r, &no_policy, 0);
}

int
export_end(struct export_rows *x, struct err *err)
{
	buf_free(&x->joined);
	return output_finish(x->out, err);
}
