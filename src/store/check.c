/* SPDX-License-Identifier: ISC */

/*
 * Is the store sound?  SQLite looks at its pages and indexes; here it is
 * asked whether what is stored fits together, as every digest takes for
 * granted.
 */

#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "store/private.h"
#include "store/upkeep.h"

/* A check under way. */
struct checking {
	struct store *s;
	int (*fn)(void *arg, const char *fault);
	void *arg;
	bool found; /* anything at all */
	bool stopped;
	struct numbers names;
	struct numbers texts;
	struct numbers streams;
	struct numbers entered; /* reports that are in the ledger */
};

/* Each gives the numbers of the things at fault. */
static const struct question {
	const char *sql;
	const char *thing;
	const char *fault;
} questions[] = {
    {"SELECT id FROM report WHERE counted NOT IN (0, 1)"
     " OR authenticity NOT IN (0, 1, 2) OR length(identity) <> 16"
     " OR length(sum) <> 16 OR npolicies < 0 OR json_len < 0"
     " OR encoding NOT IN (1, 2) OR start > \"end\""
     " OR (start >= 0 AND day <> start / 86400)",
	"report", "has a field that cannot be"},
    {"SELECT max(id) FROM report WHERE counted = 1"
     " GROUP BY day, identity HAVING count(*) > 1",
	"report", "is counted beside another of the same identity"},
    {"SELECT r.id FROM report r WHERE r.counted = 0 AND NOT EXISTS"
     " (SELECT 1 FROM report c WHERE c.day = r.day"
     " AND c.identity = r.identity AND c.counted = 1)",
	"report", "is not counted, and no other in its place"},
    {"SELECT 1 FROM meta WHERE iif(key = '" META_KEY "',"
     " typeof(value) <> 'blob' OR length(value) <> 16,"
     " typeof(value) <> 'integer')"
     " OR (key = '" META_FLOOR_DAY "' AND value NOT BETWEEN -719162 AND"
     " 2932896) OR (key = '" META_LAST_REPORT "' AND value < 0)",
	"meta", "has a value that cannot be"},
    {"SELECT report FROM digest_state WHERE report < 0 OR report >"
     " max(coalesce((SELECT value FROM meta WHERE key = '" META_LAST_REPORT
     "'), 0), coalesce((SELECT max(id) FROM report), 0))",
	"report", "was told of by --new, and was never there"},
    {"SELECT 1 FROM watch WHERE domain = '' OR domain <> lower(domain)"
     " OR length(domain) > 253 OR length(accepted) NOT BETWEEN 1 AND 262144"
     " OR length(known) NOT BETWEEN 1 AND 262144 OR since > at",
	"watch", "has a domain or value that cannot be"},
    {"SELECT id FROM reject WHERE kind NOT BETWEEN 1 AND 3", "reject",
	"is of no kind"},
    {"SELECT id FROM report WHERE source NOT IN (SELECT id FROM source)",
	"report", "is of a source that is not there"},
    {"SELECT id FROM reject WHERE source NOT IN (SELECT id FROM source)",
	"reject", "is of a source that is not there"},
    {"SELECT r.id FROM reject r LEFT JOIN seen s"
     " ON s.source = r.source AND s.key = r.key WHERE s.key IS NULL",
	"reject", "is of a message that is not remembered"},
    {"SELECT DISTINCT source FROM seen WHERE outcome NOT BETWEEN 1 AND 6"
     " OR source NOT IN (SELECT id FROM source)",
	"source", "is not there, or a message of it has no outcome"},
};

static void fault(struct checking *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
fault(struct checking *c, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	c->found = true;
	c->stopped = c->stopped || c->fn(c->arg, text) != 0;
}

/* SQLite's own check says "ok", or what is wrong, a row each. */
static int
check_file(struct checking *c, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(c->s, "PRAGMA integrity_check", err);
	const char *text;
	int rc = -1;

	while (
	    st != NULL && !c->stopped && (rc = sql_step(c->s, st, err)) == 1) {
		text = column_text(st, 0);
		if (sqlite3_stricmp(text, "ok") != 0)
			fault(c, "%s", text);
	}
	sqlite3_finalize(st);
	return rc == -1 && !c->stopped ? -1 : 0;
}

static int
miss_thing(void *arg, const char *type, const char *name)
{
	struct checking *c = arg;

	fault(c, "the %s %s is missing or otherwise", type, name);
	return c->stopped;
}

static int
meet_stranger(void *arg, const char *type, const char *name)
{
	struct checking *c = arg;

	fault(c, "the %s %s is not of this program", type, name);
	return c->stopped;
}

static int
ask_question(struct checking *c, const struct question *q, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(c->s, q->sql, err);
	int rc = -1;

	while (st != NULL && !c->stopped && (rc = sql_step(c->s, st, err)) == 1)
		fault(c, "%s %lld %s", q->thing,
		    (long long)sqlite3_column_int64(st, 0), q->fault);
	sqlite3_finalize(st);
	return rc == -1 && !c->stopped ? -1 : 0;
}

/* True for the number of a text, or 0, which stands for "". */
static bool
is_name(const struct checking *c, int64_t name)
{
	return name == 0 || numbers_have(&c->names, name);
}

static bool
is_failure(const struct checking *c, const struct figure_failure *f)
{
	return (f->result <= RESULT_RFC_COUNT ||
		   f->result == RESULT_UNSPECIFIED ||
		   f->result == RESULT_OVERLAP) &&
	    is_name(c, f->result_text) && is_name(c, f->receiving_mx) &&
	    is_name(c, f->receiving_ip) && is_name(c, f->reason_code);
}

static bool
is_policy(const struct checking *c, const struct figure_policy *p)
{
	return p->text == 0 || numbers_have(&c->texts, p->text);
}

/* What stands in the report's row, and must be so in its figures. */
struct row {
	long long number;
	int64_t names[5]; /* reporter and organization first */
	int64_t npolicies;
	struct span details;
};

/* A policy's stream must be there, and of the report's reporter. */
static int
check_stream(struct checking *c, const struct row *row,
    const struct figure_policy *p, struct err *err)
{
	const struct known_stream *k;

	if (!numbers_have(&c->streams, p->stream)) {
		fault(c, "report %lld names a stream that is not there",
		    row->number);
		return 0;
	}
	/* One that names no text was told of already. */
	if (c->found)
		return 0;
	k = stream_get(c->s, p->stream, err);
	if (k == NULL)
		return -1;
	if (k->reporter != row->names[0])
		fault(c, "report %lld and its figures differ in the reporter",
		    row->number);
	return 0;
}

/* Goes through the failures of a policy; *n is added those of the report. */
static void
check_failures(struct checking *c, const struct row *row, struct figures *g,
    const struct figure_policy *p, size_t *n)
{
	struct figure_failure f;
	int64_t sum = 0;
	bool known = is_policy(c, p);

	while (figures_failure(g, &f)) {
		sum = count_add(sum, f.sessions);
		known = known && is_failure(c, &f);
		*n += f.result < RESULT_UNSPECIFIED;
	}
	if (!known)
		fault(c, "report %lld names a text that is not there",
		    row->number);
	if (!g->damaged && sum != p->failed)
		fault(c,
		    "report %lld: the failures of a policy sum to %lld, its "
		    "summary says %lld",
		    row->number, (long long)sum, (long long)p->failed);
}

static int
check_figures(struct checking *c, const struct row *row, struct span packed,
    struct err *err)
{
	struct figure_policy p;
	struct figures g;
	int64_t npolicies = 0;
	size_t nfailures = 0, i;

	if (figures_open(&g, packed))
		for (; figures_policy(&g, &p); npolicies++) {
			if (check_stream(c, row, &p, err) == -1)
				return -1;
			check_failures(c, row, &g, &p, &nfailures);
		}
	if (g.damaged)
		fault(c, "the figures of report %lld are damaged", row->number);
	else if (npolicies != row->npolicies)
		fault(c, "report %lld has %lld policies, its figures %lld",
		    row->number, (long long)row->npolicies,
		    (long long)npolicies);
	else if (!details_fit(row->details, nfailures))
		fault(c, "the details of report %lld are damaged", row->number);
	for (i = 0; i < sizeof(row->names) / sizeof(row->names[0]); i++)
		if (!is_name(c, row->names[i]))
			fault(c, "report %lld names a text that is not there",
			    row->number);
	return 0;
}

/* A stream must name texts that are there. */
static int
check_streams(struct checking *c, struct err *err)
{
	sqlite3_stmt *st =
	    sql_prepare(c->s, "SELECT id, packed FROM stream", err);
	struct stream_key key;
	int rc = -1;

	while (
	    st != NULL && !c->stopped && (rc = sql_step(c->s, st, err)) == 1) {
		numbers_add(&c->streams, sqlite3_column_int64(st, 0));
		if (!stream_unpack(column_packed(st, 1), &key) ||
		    key.type > POLICY_NONE || key.mode > MODE_NONE)
			fault(c, "stream %lld is damaged",
			    (long long)sqlite3_column_int64(st, 0));
		else if (!is_name(c, key.domain) || !is_name(c, key.reporter) ||
		    !is_name(c, key.organization) || !is_name(c, key.type_text))
			fault(c, "stream %lld names a text that is not there",
			    (long long)sqlite3_column_int64(st, 0));
	}
	sqlite3_finalize(st);
	return rc == -1 && !c->stopped ? -1 : 0;
}

/* Everything that figures may name. */
static int
select_numbers(struct checking *c, struct err *err)
{
	if (numbers_select(c->s, "SELECT id FROM name", &c->names, err) == -1)
		return -1;
	return numbers_select(
	    c->s, "SELECT id FROM policy_text", &c->texts, err);
}

/* A report of a day below the floor is about to go, and in no figure. */
static const char reports_sql[] =
    "SELECT id, reporter, organization, contact, submitter_header,"
    " domain_header, npolicies, details, figures, counted = 1 AND day >="
    " coalesce((SELECT value FROM meta WHERE key = '" META_FLOOR_DAY
    "'), day) FROM report";

static int
check_reports(struct checking *c, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(c->s, reports_sql, err);
	struct row row;
	int rc = -1, i;

	while (
	    st != NULL && !c->stopped && (rc = sql_step(c->s, st, err)) == 1) {
		row.number = sqlite3_column_int64(st, 0);
		for (i = 0; i < 5; i++)
			row.names[i] = sqlite3_column_int64(st, 1 + i);
		row.npolicies = sqlite3_column_int64(st, 6);
		row.details = column_packed(st, 7);
		if (check_figures(c, &row, column_packed(st, 8), err) == -1) {
			rc = -1;
			break;
		}
		if (sqlite3_column_int(st, 9) == 1 &&
		    !numbers_have(&c->entered, row.number))
			fault(
			    c, "report %lld is not in the ledger", row.number);
	}
	sqlite3_finalize(st);
	return rc == -1 && !c->stopped ? -1 : 0;
}

/* An entry must say of its report what the report's row says. */
static int
check_entry(struct checking *c, sqlite3_stmt *st, int32_t day,
    const struct ledger_entry *e, struct err *err)
{
	long long number = (long long)e->number;
	struct binder b = {st, 0};
	int rc;

	if (numbers_have(&c->entered, e->number))
		fault(c, "report %lld is in the ledger twice", number);
	numbers_add(&c->entered, e->number);
	bind_int(&b, e->number);
	bind_int(&b, day);
	bind_int(&b, (int64_t)e->authenticity);
	bind_blob(&b, e->figures.p, e->figures.len);
	rc = sql_step(c->s, st, err);
	if (rc == 0)
		fault(c, "report %lld is in the ledger and not there", number);
	else if (rc == 1 && sqlite3_column_int(st, 0) != 1)
		fault(c, "report %lld is otherwise in the ledger", number);
	sqlite3_reset(st);
	return rc == -1 ? -1 : 0;
}

static int
check_page(struct checking *c, sqlite3_stmt *entry, sqlite3_stmt *page,
    struct err *err)
{
	int64_t number = sqlite3_column_int64(page, 0);
	struct span data = column_packed(page, 1);
	struct ledger_entry e;
	int rc = 0;

	while (!c->stopped && (rc = ledger_next(&data, &e)) == 1)
		if (check_entry(c, entry, ledger_day(number), &e, err) == -1)
			return -1;
	if (rc == -1)
		fault(
		    c, "page %lld of the ledger is damaged", (long long)number);
	return 0;
}

static int
check_ledger(struct checking *c, struct err *err)
{
	sqlite3_stmt *page =
	    sql_prepare(c->s, "SELECT page, packed FROM ledger", err);
	sqlite3_stmt *entry = sql_prepare(c->s,
	    "SELECT day = ?2 AND counted = 1 AND authenticity = ?3"
	    " AND figures = ?4 FROM report WHERE id = ?1",
	    err);
	int rc = -1;

	while (page != NULL && entry != NULL && !c->stopped &&
	    (rc = sql_step(c->s, page, err)) == 1)
		if (check_page(c, entry, page, err) == -1) {
			rc = -1;
			break;
		}
	sqlite3_finalize(page);
	sqlite3_finalize(entry);
	return rc == -1 && !c->stopped ? -1 : 0;
}

static int
check_content(struct checking *c, struct err *err)
{
	static const struct schema_faults faults = {miss_thing, meet_stranger};
	size_t i;

	if (schema_compare(c->s, &faults, c, err) == -1)
		return -1;
	/* Questions to another schema would only repeat that. */
	if (c->found)
		return 0;
	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (!c->stopped && ask_question(c, &questions[i], err) == -1)
			return -1;
	if (c->stopped)
		return 0;
	if (select_numbers(c, err) == -1 || check_streams(c, err) == -1 ||
	    check_ledger(c, err) == -1)
		return -1;
	return check_reports(c, err);
}

/* Where the file itself is unsound, the rest would only repeat it. */
int
store_check(struct store *s, int (*fn)(void *arg, const char *fault), void *arg,
    struct err *err)
{
	struct checking c = {.s = s, .fn = fn, .arg = arg};
	int rc = check_file(&c, err);

	if (rc == 0 && !c.found)
		rc = check_content(&c, err);
	numbers_free(&c.names);
	numbers_free(&c.texts);
	numbers_free(&c.streams);
	numbers_free(&c.entered);
	return rc;
}
