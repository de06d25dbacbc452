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
	struct span details; /* of the failures still to come */
};

/* The columns of KEPT_REPORT_READ, in their order. */
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
	REPORT_SUM,
	REPORT_ID,
	REPORT_LOCATOR,
	REPORT_FILENAME,
	REPORT_SUBJECT,
	REPORT_DEVIATIONS,
	REPORT_DETAILS,
	REPORT_FIGURES,
	REPORT_SOURCE,
	REPORT_ORIGINAL
};
/* A name, and where its text goes. */
struct named {
	int64_t name;
	const char **text;
};

/* Copies the texts: the report outlives the store. */
static int
read_names(
    struct reading *g, const struct named *list, size_t n, struct err *err)
{
	const char *text;
	size_t i;

	for (i = 0; i < n; i++) {
		text = name_text(g->s, list[i].name, err);
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
	struct span sum = column_packed(st, REPORT_SUM);
	const struct named list[] = {
	    {sqlite3_column_int64(st, REPORT_REPORTER), &r->reporter},
	    {sqlite3_column_int64(st, REPORT_ORGANIZATION), &r->organization},
	    {sqlite3_column_int64(st, REPORT_CONTACT), &r->contact},
	    {sqlite3_column_int64(st, REPORT_SUBMITTER_HEADER),
		&r->submitter_header},
	    {sqlite3_column_int64(st, REPORT_DOMAIN_HEADER), &r->domain_header},
	};

	if (sum.len != sizeof(r->sum))
		return sql_damaged(g->s, "a report without a sum", err);
	memcpy(r->sum, sum.p, sizeof(r->sum));
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
	g->details = column_packed(st, REPORT_DETAILS);
	read_original(g, st);
	return read_names(g, list, sizeof(list) / sizeof(list[0]), err);
}

static int
read_failure(struct reading *g, const struct figure_failure *in,
    struct failure *f, struct err *err)
{
	const struct named list[] = {
	    {in->result_text, &f->type_text},
	    {in->receiving_mx, &f->receiving_mx},
	    {in->receiving_ip, &f->receiving_ip},
	    {in->reason_code, &f->reason_code},
	};

	f->type = (enum result_type)in->result;
	f->sessions = in->sessions;
	if (details_unpack(&g->details, g->arena, f) == -1)
		return sql_damaged(g->s, "a failure lacks its texts", err);
	return read_names(g, list, sizeof(list) / sizeof(list[0]), err);
}

/* Reads the failures of the policy that was read last, but for what they
 * left of the summary. */
static int
read_failures(
    struct reading *g, struct figures *from, struct policy *p, struct err *err)
{
	struct figure_failure in;

	p->failures = arena_calloc(
	    g->arena, (size_t)from->failures, sizeof(*p->failures));
	while (figures_failure(from, &in))
		if (in.result < RESULT_UNSPECIFIED &&
		    read_failure(g, &in, &p->failures[p->nfailures++], err) ==
			-1)
			return -1;
	return 0;
}

static int
read_policy(struct reading *g, const struct figure_policy *in, struct policy *p,
    struct err *err)
{
	const struct known_stream *k = stream_get(g->s, in->stream, err);

	if (k == NULL)
		return -1;
	p->domain = arena_strdup(g->arena, k->stream.domain);
	p->type = k->stream.policy_type;
	p->type_text = arena_strdup(g->arena, k->stream.policy_type_text);
	p->mode = k->stream.mode;
	p->successful = in->successful;
	p->failed = in->failed;
	return policy_text_read(g->s, in->text, g->arena, p, err);
}

static int
read_policies(struct reading *g, struct figures *from, struct err *err)
{
	struct figure_policy in;
	struct report *r = g->r;
	struct policy *p;

	if ((uint64_t)from->policies != r->npolicies)
		return sql_damaged(g->s, "a report lacks policies", err);
	p = r->policies =
	    arena_calloc(g->arena, r->npolicies, sizeof(*r->policies));
	for (; figures_policy(from, &in); p++)
		if (read_policy(g, &in, p, err) == -1 ||
		    read_failures(g, from, p, err) == -1)
			return -1;
	return 0;
}

/* Reads policies and failures. */
static int
read_figures(struct reading *g, sqlite3_stmt *st, struct err *err)
{
	struct figures figures;
	int rc = 0;

	if (figures_open(&figures, column_packed(st, REPORT_FIGURES)))
		rc = read_policies(g, &figures, err);
	if (rc == 0 && figures.damaged)
		rc = sql_damaged(g->s, "a report's figures", err);
	return rc;
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
		rc = read_figures(&g, b.st, err);
	sqlite3_reset(b.st);
	return rc == -1 ? -1 : 0;
}
