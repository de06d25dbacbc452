/* SPDX-License-Identifier: ISC */

/*
 * The list of reports, for people.  Their numbers are put in order first,
 * so that no report's row goes through a sort.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "store/private.h"

/* A list of reports while it is made.  Its statements are its own, so that
 * whoever is given a line may ask the store other questions. */
struct listing {
	struct store *s;
	struct sieve sieve;
	sqlite3_stmt *numbers; /* of all reports, in the list's order */
	sqlite3_stmt *report;  /* one of them */
	struct report_line line;
	bool taken; /* one of its domains passed the filter */
	int64_t *domains;
	size_t ndomains;
	size_t size; /* allocated */
};

enum {
	REPORT_DAY,
	REPORT_COUNTED,
	REPORT_AUTHENTICITY,
	REPORT_REPORTER,
	REPORT_ORGANIZATION,
	REPORT_ID,
	REPORT_DEVIATIONS,
	REPORT_FIGURES
};

static const char numbers_sql[] =
    "SELECT id FROM report WHERE day BETWEEN ? AND ? ORDER BY day, id";
static const char report_sql[] =
    "SELECT day, counted, authenticity, reporter, organization, report_id,"
    " deviations, figures FROM report WHERE id = ?";

/* Takes a policy of the line's report into account. */
static int
read_policy(struct listing *l, const struct figure_policy *p, struct err *err)
{
	const struct known_stream *k = stream_get(l->s, p->stream, err);
	int taken;

	if (k == NULL)
		return -1;
	if (l->ndomains == l->size) {
		l->size = l->size > 0 ? l->size * 2 : 16;
		l->domains =
		    xreallocarray(l->domains, l->size, sizeof(*l->domains));
	}
	l->domains[l->ndomains++] = k->domain;
	l->line.successful = count_add(l->line.successful, p->successful);
	l->line.failed = count_add(l->line.failed, p->failed);
	taken = sieve_domain(&l->sieve, k->domain, err);
	l->taken = l->taken || taken == 1;
	return taken == -1 ? -1 : 0;
}

static int
read_policies(struct listing *l, struct err *err)
{
	struct figure_policy p;
	struct figures figures;

	l->ndomains = 0;
	/* A report of nothing is of no domain: no pattern means it. */
	l->taken = filter_takes_all_domains(l->sieve.filter);
	if (figures_open(&figures, column_packed(l->report, REPORT_FIGURES)))
		while (figures_policy(&figures, &p))
			if (read_policy(l, &p, err) == -1)
				return -1;
	if (figures.damaged)
		return sql_damaged(l->s, "a report's figures", err);
	l->line.domain =
	    name_text(l->s, l->ndomains > 0 ? l->domains[0] : 0, err);
	l->line.ndomains = numbers_unique(l->domains, l->ndomains);
	return l->line.domain == NULL ? -1 : 0;
}

/* Fills the line from the row of its report. */
static int
read_report(struct listing *l, struct err *err)
{
	struct report_line *line = &l->line;
	sqlite3_stmt *st = l->report;

	*line = (struct report_line){.number = line->number};
	line->day = sqlite3_column_int(st, REPORT_DAY);
	line->conflict = sqlite3_column_int(st, REPORT_COUNTED) == 0;
	line->authenticity = sqlite3_column_int(st, REPORT_AUTHENTICITY);
	line->id = column_text(st, REPORT_ID);
	line->ndeviations =
	    deviations_count(column_packed(st, REPORT_DEVIATIONS));
	line->reporter =
	    name_text(l->s, sqlite3_column_int64(st, REPORT_REPORTER), err);
	if (line->reporter == NULL)
		return -1;
	line->organization =
	    name_text(l->s, sqlite3_column_int64(st, REPORT_ORGANIZATION), err);
	if (line->organization == NULL)
		return -1;
	return read_policies(l, err);
}

/* Reads the report of the line's number.  Returns 1 if it is to be listed,
 * 0 if not, or -1; after 1 the row is still held. */
static int
read_line(struct listing *l, struct err *err)
{
	struct binder b = {l->report, 0};
	int rc;

	bind_int(&b, l->line.number);
	rc = sql_step(l->s, l->report, err);
	if (rc != 1)
		return rc;
	rc = sieve_reporter(
	    &l->sieve, sqlite3_column_int64(l->report, REPORT_REPORTER), err);
	if (rc == 1)
		rc = read_report(l, err);
	else if (rc == 0)
		return 0;
	return rc == -1 ? -1 : l->taken;
}

static int
prepare_listing(struct listing *l, struct err *err)
{
	struct binder b = {NULL, 0};

	if ((l->numbers = sql_prepare(l->s, numbers_sql, err)) == NULL ||
	    (l->report = sql_prepare(l->s, report_sql, err)) == NULL)
		return -1;
	b.st = l->numbers;
	bind_int(&b, l->sieve.filter->first_day);
	bind_int(&b, l->sieve.filter->last_day);
	return 0;
}

int
store_each_report(struct store *s, const struct filter *f,
    int (*fn)(void *arg, const struct report_line *line), void *arg,
    struct err *err)
{
	struct listing l = {.s = s, .sieve = {.store = s, .filter = f}};
	int rc, stop = 0;

	rc = prepare_listing(&l, err);
	while (
	    rc != -1 && stop == 0 && (rc = sql_step(s, l.numbers, err)) == 1) {
		l.line.number = sqlite3_column_int64(l.numbers, 0);
		rc = read_line(&l, err);
		if (rc == 1)
			stop = fn(arg, &l.line);
		sqlite3_reset(l.report);
	}
	sqlite3_finalize(l.numbers);
	sqlite3_finalize(l.report);
	sieve_free(&l.sieve);
	free(l.domains);
	return rc == -1 ? -1 : 0;
}
