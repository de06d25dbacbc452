/* SPDX-License-Identifier: ISC */

/*
 * One report back from the store, as it was put in.
 */

#include "config.h"

#include <string.h>

#include "store/private.h"

/* A report that is being read. */
struct reading {
	struct store *s;
	struct arena *arena;
	struct report *r;
	int64_t number;
};

/* The columns of the three statements, in their order. */
enum {
	REPORT_DAY,
	REPORT_COUNTED,
	REPORT_AUTHENTICITY,
	REPORT_NPOLICIES,
	REPORT_REPORTER,
	REPORT_ORGANIZATION,
	REPORT_CONTACT,
	REPORT_SUBMITTER_HEADER,
	REPORT_DOMAIN_HEADER,
	REPORT_START,
	REPORT_END,
	REPORT_RECEIVED,
	REPORT_STORED,
	REPORT_ENCODING,
	REPORT_JSON_LEN,
	REPORT_IDENTITY,
	REPORT_SHA256,
	REPORT_ID,
	REPORT_LOCATOR,
	REPORT_FILENAME,
	REPORT_SUBJECT,
	REPORT_DEVIATIONS,
	REPORT_SOURCE,
	REPORT_ORIGINAL
};
enum {
	POLICY_DOMAIN,
	POLICY_TYPE,
	POLICY_TYPE_TEXT,
	POLICY_MODE,
	POLICY_SUCCESSFUL,
	POLICY_FAILED,
	POLICY_TEXT
};
enum {
	FAILURE_POLICY,
	FAILURE_RESULT,
	FAILURE_RESULT_TEXT,
	FAILURE_SENDING_IP,
	FAILURE_RECEIVING_MX,
	FAILURE_RECEIVING_HELO,
	FAILURE_RECEIVING_IP,
	FAILURE_INFORMATION,
	FAILURE_REASON,
	FAILURE_SESSIONS
};

/* A column that holds a name, and where its text goes. */
struct named {
	int column;
	const char **text;
};

/* Copies the texts: the report outlives the store. */
static int
read_names(struct reading *g, sqlite3_stmt *st, const struct named *list,
    size_t n, struct err *err)
{
	const char *text;
	size_t i;

	for (i = 0; i < n; i++) {
		text = name_text(
		    g->s, sqlite3_column_int64(st, list[i].column), err);
		if (text == NULL)
			return -1;
		*list[i].text = arena_strdup(g->arena, text);
	}
	return 0;
}

static const char *
read_text(struct reading *g, sqlite3_stmt *st, int column)
{
	return arena_strdup(g->arena, column_text(st, column));
}

static void
read_original(struct reading *g, sqlite3_stmt *st)
{
	struct original *o = &g->r->original;
	struct span data = column_packed(st, REPORT_ORIGINAL);
	unsigned char *copy = arena_alloc(g->arena, data.len);

	if (data.len > 0)
		memcpy(copy, data.p, data.len);
	o->data = copy;
	o->len = data.len;
	o->json_len = (size_t)sqlite3_column_int64(st, REPORT_JSON_LEN);
	o->encoding = sqlite3_column_int(st, REPORT_ENCODING);
}

/* Reads what stands in the report's own row. */
static int
read_row(struct reading *g, sqlite3_stmt *st, struct err *err)
{
	struct report *r = g->r;
	struct span sum = column_packed(st, REPORT_SHA256);
	const struct named list[] = {
	    {REPORT_REPORTER, &r->reporter},
	    {REPORT_ORGANIZATION, &r->organization},
	    {REPORT_CONTACT, &r->contact},
	    {REPORT_SUBMITTER_HEADER, &r->submitter_header},
	    {REPORT_DOMAIN_HEADER, &r->domain_header},
	};

	if (sum.len != sizeof(r->sha256))
		return sql_damaged(g->s, "a report without a hash", err);
	memcpy(r->sha256, sum.p, sizeof(r->sha256));
	r->day = sqlite3_column_int(st, REPORT_DAY);
	r->authenticity = sqlite3_column_int(st, REPORT_AUTHENTICITY);
	r->start = sqlite3_column_int64(st, REPORT_START);
	r->end = sqlite3_column_int64(st, REPORT_END);
	r->received = column_time(st, REPORT_RECEIVED);
	r->npolicies = (size_t)sqlite3_column_int64(st, REPORT_NPOLICIES);
	r->id = read_text(g, st, REPORT_ID);
	r->filename = read_text(g, st, REPORT_FILENAME);
	r->subject = read_text(g, st, REPORT_SUBJECT);
	deviations_unpack(column_packed(st, REPORT_DEVIATIONS), g->arena, r);
	read_original(g, st);
	return read_names(g, st, list, sizeof(list) / sizeof(list[0]), err);
}

static int
read_policy(
    struct reading *g, sqlite3_stmt *st, struct policy *p, struct err *err)
{
	const struct named list[] = {
	    {POLICY_DOMAIN, &p->domain},
	    {POLICY_TYPE_TEXT, &p->type_text},
	};

	p->type = sqlite3_column_int(st, POLICY_TYPE);
	p->mode = sqlite3_column_int(st, POLICY_MODE);
	p->successful = sqlite3_column_int64(st, POLICY_SUCCESSFUL);
	p->failed = sqlite3_column_int64(st, POLICY_FAILED);
	if (read_names(g, st, list, sizeof(list) / sizeof(list[0]), err) == -1)
		return -1;
	return policy_text_read(
	    g->s, sqlite3_column_int64(st, POLICY_TEXT), g->arena, p, err);
}

/* Returns a statement bound to the day and number of the report. */
static sqlite3_stmt *
rows_of(struct reading *g, enum kept which, struct err *err)
{
	struct binder b = {sql_kept(g->s, which, err), 0};

	if (b.st != NULL) {
		bind_int(&b, g->r->day);
		bind_int(&b, g->number);
	}
	return b.st;
}

/* Counts the rows of a statement, which is left ready to run again. */
static int
count_rows(struct reading *g, sqlite3_stmt *st, size_t *n, struct err *err)
{
	int rc;

	*n = 0;
	while ((rc = sql_step(g->s, st, err)) == 1)
		++*n;
	return rc;
}

static int
read_policies(struct reading *g, struct err *err)
{
	sqlite3_stmt *st = rows_of(g, KEPT_POLICY_READ, err);
	struct report *r = g->r;
	size_t n, i;

	if (st == NULL || count_rows(g, st, &n, err) == -1)
		return -1;
	if (n != r->npolicies)
		return sql_damaged(g->s, "a report lacks policies", err);
	r->policies = arena_calloc(g->arena, n, sizeof(*r->policies));
	for (i = 0; i < n; i++)
		if (sql_step(g->s, st, err) != 1 ||
		    read_policy(g, st, &r->policies[i], err) == -1) {
			sqlite3_reset(st);
			return -1;
		}
	sqlite3_reset(st);
	return 0;
}

static int
read_failure(
    struct reading *g, sqlite3_stmt *st, struct failure *f, struct err *err)
{
	const struct named list[] = {
	    {FAILURE_RESULT_TEXT, &f->type_text},
	    {FAILURE_RECEIVING_MX, &f->receiving_mx},
	    {FAILURE_RECEIVING_IP, &f->receiving_ip},
	    {FAILURE_REASON, &f->reason_code},
	};

	f->type = sqlite3_column_int(st, FAILURE_RESULT);
	f->sessions = sqlite3_column_int64(st, FAILURE_SESSIONS);
	f->sending_ip = read_text(g, st, FAILURE_SENDING_IP);
	f->receiving_helo = read_text(g, st, FAILURE_RECEIVING_HELO);
	f->additional_information = read_text(g, st, FAILURE_INFORMATION);
	return read_names(g, st, list, sizeof(list) / sizeof(list[0]), err);
}

/* Returns the policy that the failure in the row belongs to. */
static struct policy *
policy_of(struct reading *g, sqlite3_stmt *st, struct err *err)
{
	int64_t n = sqlite3_column_int64(st, FAILURE_POLICY);

	if (n >= 0 && (uint64_t)n < g->r->npolicies)
		return &g->r->policies[n];
	sql_damaged(g->s, "a failure without its policy", err);
	return NULL;
}

/* Goes through the failures: counts them into their policies, or, once
 * there is room, reads them. */
static int
each_failure(
    struct reading *g, sqlite3_stmt *st, bool counting, struct err *err)
{
	struct policy *p;
	int rc;

	while ((rc = sql_step(g->s, st, err)) == 1) {
		p = policy_of(g, st, err);
		if (p == NULL)
			goto fail;
		if (!counting &&
		    read_failure(g, st, &p->failures[p->nfailures], err) == -1)
			goto fail;
		p->nfailures++;
	}
	return rc;
fail:
	sqlite3_reset(st);
	return -1;
}

static int
read_failures(struct reading *g, struct err *err)
{
	sqlite3_stmt *st = rows_of(g, KEPT_FAILURE_READ, err);
	struct policy *p = g->r->policies, *end = p + g->r->npolicies;

	if (st == NULL || each_failure(g, st, true, err) == -1)
		return -1;
	for (; p < end; p++) {
		p->failures =
		    arena_calloc(g->arena, p->nfailures, sizeof(*p->failures));
		p->nfailures = 0;
	}
	return each_failure(g, st, false, err);
}

/* Finds the counted report that a conflict yielded to; 0 if it is gone. */
static int
read_rival(struct reading *g, const unsigned char identity[IDENTITY_LEN],
    struct stored_report *out, struct err *err)
{
	struct twin twin;
	int rc;

	rc = twin_find_rival(g->s, g->r->day, identity, &twin, err);
	if (rc == 1)
		out->rival = twin.number;
	return rc == -1 ? -1 : 0;
}

/* Reads all that the report's row tells, while the statement holds it. */
static int
read_stored(struct reading *g, sqlite3_stmt *st, struct stored_report *out,
    struct err *err)
{
	struct span identity = column_packed(st, REPORT_IDENTITY);

	if (identity.len != IDENTITY_LEN)
		return sql_damaged(g->s, "a report without an identity", err);
	out->conflict = sqlite3_column_int(st, REPORT_COUNTED) == 0;
	out->stored = sqlite3_column_int64(st, REPORT_STORED);
	out->source = read_text(g, st, REPORT_SOURCE);
	out->locator = read_text(g, st, REPORT_LOCATOR);
	if (read_row(g, st, err) == -1)
		return -1;
	if (!out->conflict)
		return 0;
	return read_rival(g, (const unsigned char *)identity.p, out, err);
}

int
store_report(struct store *s, int64_t number, struct arena *arena,
    struct stored_report *out, struct err *err)
{
	struct reading g = {.s = s, .arena = arena, .number = number};
	struct binder b = {sql_kept(s, KEPT_REPORT_READ, err), 0};
	int rc;

	if (b.st == NULL)
		return -1;
	g.r = arena_calloc(arena, 1, sizeof(*g.r));
	*out = (struct stored_report){.report = g.r, .number = number};
	bind_int(&b, number);
	rc = sql_step(s, b.st, err);
	if (rc == 0)
		return err_set(err, ERR_NOINPUT, "%s: no report %lld", s->path,
		    (long long)number);
	if (rc == 1)
		rc = read_stored(&g, b.st, out, err);
	if (rc == 0)
		rc = read_policies(&g, err);
	if (rc == 0)
		rc = read_failures(&g, err);
	sqlite3_reset(b.st);
	return rc == -1 ? -1 : 0;
}
