/* SPDX-License-Identifier: ISC */

/*
 * One report into the store: its row, and its figures, among them a failure
 * for what the others leave of the policy's summary.
 */

#include "config.h"

#include "base/date.h"
#include "store/private.h"

/* A report that is being written, with the names that its rows repeat. */
struct writing {
	struct store *s;
	const struct receipt *receipt;
	const struct report *r;
	int64_t number; /* of its row, once there is one; before that, what
			   it is to be */
	bool counted;
	int64_t reporter;
	int64_t organization;
	int64_t contact;
	int64_t submitter_header;
	int64_t domain_header;
	unsigned char identity[IDENTITY_LEN];
};

/* A text to be interned, and where its number goes. */
struct interning {
	const char *text;
	int64_t *id;
};

static int
intern_all(
    struct store *s, const struct interning *list, size_t n, struct err *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (name_intern(s, list[i].text, list[i].id, err) == -1)
			return -1;
	return 0;
}

static int
intern_report(struct writing *w, struct err *err)
{
	const struct interning list[] = {
	    {w->r->reporter, &w->reporter},
	    {w->r->organization, &w->organization},
	    {w->r->contact, &w->contact},
	    {w->r->submitter_header, &w->submitter_header},
	    {w->r->domain_header, &w->domain_header},
	};

	if (intern_all(w->s, list, sizeof(list) / sizeof(list[0]), err) == -1)
		return -1;
	return twin_identity(w->s, w->r, w->reporter, w->identity, err);
}

/* Returns 1 when the row was written, 0 when it has a twin, or -1. */
static int
write_report(struct writing *w, struct err *err)
{
	struct binder b = {sql_kept(w->s, KEPT_REPORT_ADD, err), 0};
	const struct report *r = w->r;

	if (b.st == NULL)
		return -1;
	deviations_pack(w->s, r);
	details_pack(w->s, r);
	bind_int(&b, w->number);
	bind_int(&b, r->day);
	bind_int(&b, w->counted);
	bind_int(&b, r->authenticity);
	bind_int(&b, (int64_t)r->npolicies);
	bind_int(&b, w->reporter);
	bind_int(&b, w->organization);
	bind_int(&b, w->contact);
	bind_int(&b, w->submitter_header);
	bind_int(&b, w->domain_header);
	bind_int(&b, r->start);
	bind_int(&b, r->end);
	bind_time(&b, r->received);
	bind_int(&b, w->receipt->now);
	bind_int(&b, w->receipt->source);
	bind_int(&b, r->original.encoding);
	bind_int(&b, (int64_t)r->original.json_len);
	bind_blob(&b, w->identity, IDENTITY_LEN);
	bind_blob(&b, r->sum, KEYED_HASH_LEN);
	bind_text(&b, r->id);
	bind_text(&b, w->receipt->locator);
	bind_text(&b, r->filename);
	bind_text(&b, r->subject);
	bind_blob(&b, w->s->scratch.data, w->s->scratch.len);
	bind_blob(&b, w->s->details.data, w->s->details.len);
	bind_blob(&b, w->s->figures.data, w->s->figures.len);
	bind_blob(&b, r->original.data, r->original.len);
	if (sql_run(w->s, b.st, err) == -1)
		return -1;
	return sqlite3_changes(w->s->db);
}

static int
put_failure(struct writing *w, const struct failure *f, struct err *err)
{
	struct figure_failure out = {
	    .result = (int64_t)f->type, .sessions = f->sessions};
	const struct interning list[] = {
	    {f->type_text, &out.result_text},
	    {f->receiving_mx, &out.receiving_mx},
	    {f->receiving_ip, &out.receiving_ip},
	    {f->reason_code, &out.reason_code},
	};

	if (intern_all(w->s, list, sizeof(list) / sizeof(list[0]), err) == -1)
		return -1;
	figures_put_failure(&w->s->figures, &out);
	return 0;
}

/* Packs a policy with its failures, and with what makes their sum that of
 * the summary. */
static int
put_policy(struct writing *w, const struct policy *p, struct err *err)
{
	int64_t left = policy_rest(p);
	const struct figure_failure rest = {
	    .result = left > 0 ? RESULT_UNSPECIFIED : RESULT_OVERLAP,
	    .sessions = left,
	};
	struct stream_key key = {.reporter = w->reporter,
	    .organization = w->organization,
	    .type = (int64_t)p->type,
	    .mode = (int64_t)p->mode};
	struct figure_policy out = {.successful = p->successful,
	    .failed = p->failed,
	    .nfailures = (int64_t)p->nfailures + (left != 0)};
	size_t i;

	if (name_intern(w->s, p->domain, &key.domain, err) == -1 ||
	    name_intern(w->s, p->type_text, &key.type_text, err) == -1 ||
	    stream_intern(w->s, &key, &out.stream, err) == -1 ||
	    policy_text_intern(w->s, p, &out.text, err) == -1)
		return -1;
	figures_put_policy(&w->s->figures, &out);
	for (i = 0; i < p->nfailures; i++)
		if (put_failure(w, &p->failures[i], err) == -1)
			return -1;
	if (left != 0)
		figures_put_failure(&w->s->figures, &rest);
	return 0;
}

/* Returns figures.h's lag.  What came without the time of its receipt is
 * taken for received when it is stored, unless that is so late that it was
 * kept elsewhere in between. */
static int64_t
lag_of(const struct writing *w)
{
	const struct report *r = w->r;
	const bool known = r->received != TIME_NONE;
	int64_t late = (known ? r->received : w->receipt->now) -
	    ((int64_t)r->day + 1) * DAY_SECONDS;
	int64_t hours =
	    late <= 0 ? 0 : (late + HOUR_SECONDS - 1) / HOUR_SECONDS;

	if (hours < FIGURES_LAG_MAX)
		return hours + 1;
	return known ? FIGURES_LAG_MAX : 0;
}

/* Leaves the report's figures in s->figures. */
static int
pack_figures(struct writing *w, struct err *err)
{
	const struct report *r = w->r;
	size_t i;

	figures_begin(&w->s->figures, lag_of(w), r->npolicies);
	for (i = 0; i < r->npolicies; i++)
		if (put_policy(w, &r->policies[i], err) == -1)
			return -1;
	return 0;
}

/* Who counts, of two reports of one identity?  One that is verified, or else
 * the first: which among mails is the one that was there. */
static bool
precedes(const struct writing *w, const struct twin *rival)
{
	bool verified = w->r->authenticity == AUTH_VERIFIED;

	if (verified != (rival->authenticity == AUTH_VERIFIED))
		return verified;
	return w->number < rival->number;
}

/* Takes the place of a counted report that may be displaced, or yields. */
static int
find_place(struct writing *w, struct err *err)
{
	struct twin rival;
	int rc;

	rc = twin_find_rival(w->s, w->r->day, w->identity, &rival, err);
	if (rc == -1)
		return -1;
	w->counted = rc == 0 || precedes(w, &rival);
	if (rc == 0 || !w->counted)
		return 0;
	return twin_set(w->s, &rival, false, rival.authenticity, err);
}

/* The JSON is known.  A verification speaks for the reporter that it was
 * made of: under another name it proves nothing of the stored report. */
static int
repeat(struct writing *w, const struct twin *twin, struct err *err)
{
	if (w->r->authenticity != AUTH_VERIFIED ||
	    twin->authenticity == AUTH_VERIFIED ||
	    w->reporter != twin->reporter)
		return 0;
	return twin_verify(w->s, twin, err);
}

/* The database has refused the report for a twin's sake.  Returns 0 if it is
 * a duplicate, 1 when it was written after all: as a conflict, or in its
 * twin's place. */
static int
settle(struct writing *w, struct err *err)
{
	struct twin same;
	int rc;

	rc = twin_find_same(w->s, w->r, &same, err);
	if (rc == -1)
		return -1;
	if (rc == 1) {
		w->number = same.number;
		return repeat(w, &same, err);
	}
	if (find_place(w, err) == -1)
		return -1;
	rc = write_report(w, err);
	if (rc == 0)
		return sql_damaged(w->s, "an index is wrong", err);
	return rc;
}

/* Nearly every report is new: so it is written without a look, and the
 * unique indexes tell when it is not. */
static int
write_whole(struct writing *w, struct stored *out, struct err *err)
{
	int rc;

	if (intern_report(w, err) == -1 || pack_figures(w, err) == -1)
		return -1;
	rc = write_report(w, err);
	if (rc == 0)
		rc = settle(w, err);
	if (rc == -1)
		return -1;
	out->number = w->number;
	out->outcome = OUTCOME_DUPLICATE;
	if (rc == 0)
		return 0;
	out->outcome = w->counted ? OUTCOME_REPORT : OUTCOME_CONFLICT;
	if (!w->counted)
		return 0;
	return ledger_add(w->s, w->r->day, w->number, w->r->authenticity,
	    (struct span){w->s->figures.data, w->s->figures.len}, err);
}

int
store_write_report(struct store *s, const struct receipt *receipt,
    const struct report *r, struct stored *out, struct err *err)
{
	struct writing w = {.s = s,
	    .receipt = receipt,
	    .r = r,
	    .counted = true,
	    .number = s->last_report + 1};

	*out = (struct stored){.outcome = OUTCOME_EXPIRED};
	if (r->day < s->floor_day)
		return 0;
	if (write_whole(&w, out, err) == -1)
		return -1;
	/* A number that was given is never given again. */
	if (out->number > s->last_report)
		s->last_report = out->number;
	return 0;
}

int
report_write_again(struct store *s, const struct receipt *receipt,
    const struct report *r, struct stored *out, struct err *err)
{
	struct writing w = {.s = s,
	    .receipt = receipt,
	    .r = r,
	    .counted = true,
	    .number = out->number};

	return write_whole(&w, out, err);
}

int
report_drop(struct store *s, int32_t day, int64_t number, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_REPORT_DROP, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, number);
	if (sql_run(s, b.st, err) == -1)
		return -1;
	/* Whoever drops all that an index finds would never come to an end. */
	if (sqlite3_changes(s->db) == 0)
		return sql_damaged(s, "an index names no report", err);
	return ledger_remove(s, day, number, err);
}
