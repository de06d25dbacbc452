/* SPDX-License-Identifier: ISC */

/*
 * One report into the store: its row, a row for each policy, a row for each
 * failure, and one for what the failures leave of the policy's summary.
 */

#include "config.h"

#include "base/sha256.h"
#include "store/private.h"

/* A report that is being written, with the names that its rows repeat. */
struct writing {
	struct store *s;
	const struct receipt *receipt;
	const struct report *r;
	int64_t number; /* of its row, once there is one */
	bool counted;
	int64_t reporter;
	int64_t organization;
	int64_t contact;
	int64_t submitter_header;
	int64_t domain_header;
	unsigned char identity[IDENTITY_LEN];
};

/* A policy of it. */
struct writing_policy {
	const struct policy *p;
	size_t n; /* its place in the report */
	int64_t domain;
	int64_t type_text;
	int64_t text;
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
	bind_blob(&b, r->sha256, SHA256_LEN);
	bind_text(&b, r->id);
	bind_text(&b, w->receipt->locator);
	bind_text(&b, r->filename);
	bind_text(&b, r->subject);
	bind_blob(&b, w->s->scratch.data, w->s->scratch.len);
	bind_blob(&b, r->original.data, r->original.len);
	if (sql_run(w->s, b.st, err) == -1)
		return -1;
	w->number = sqlite3_last_insert_rowid(w->s->db);
	return sqlite3_changes(w->s->db);
}

/* What rows of policies and of failures have in common. */
static void
bind_key(
    struct binder *b, const struct writing *w, const struct writing_policy *wp)
{
	bind_int(b, w->counted);
	bind_int(b, wp->domain);
	bind_int(b, wp->p->type);
	bind_int(b, wp->type_text);
	bind_int(b, wp->p->mode);
	bind_int(b, w->reporter);
	bind_int(b, w->r->authenticity);
	bind_int(b, w->organization);
}

static int
write_policy(
    struct writing *w, const struct writing_policy *wp, struct err *err)
{
	struct binder b = {sql_kept(w->s, KEPT_POLICY_ADD, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, w->r->day);
	bind_int(&b, w->number);
	bind_int(&b, (int64_t)wp->n);
	bind_key(&b, w, wp);
	bind_int(&b, wp->p->successful);
	bind_int(&b, wp->p->failed);
	bind_int(&b, wp->text);
	return sql_run(w->s, b.st, err);
}

/* Writes failure n of a policy. */
static int
write_failure(struct writing *w, const struct writing_policy *wp, size_t n,
    const struct failure *f, struct err *err)
{
	struct binder b = {sql_kept(w->s, KEPT_FAILURE_ADD, err), 0};
	int64_t type_text, mx, ip, reason;
	const struct interning list[] = {
	    {f->type_text, &type_text},
	    {f->receiving_mx, &mx},
	    {f->receiving_ip, &ip},
	    {f->reason_code, &reason},
	};

	if (b.st == NULL ||
	    intern_all(w->s, list, sizeof(list) / sizeof(list[0]), err) == -1)
		return -1;
	bind_int(&b, w->r->day);
	bind_int(&b, w->number);
	bind_int(&b, (int64_t)wp->n);
	bind_int(&b, (int64_t)n);
	bind_key(&b, w, wp);
	bind_int(&b, f->type);
	bind_int(&b, type_text);
	bind_int(&b, mx);
	bind_int(&b, ip);
	bind_int(&b, reason);
	bind_int(&b, f->sessions);
	bind_text(&b, f->sending_ip);
	bind_text(&b, f->receiving_helo);
	bind_text(&b, f->additional_information);
	return sql_run(w->s, b.st, err);
}

/* Writes the failures, and the row that makes their sum the summary's. */
static int
write_failures(
    struct writing *w, const struct writing_policy *wp, struct err *err)
{
	int64_t left = policy_rest(wp->p);
	const struct failure rest = {
	    .type = left > 0 ? RESULT_UNSPECIFIED : RESULT_OVERLAP,
	    .type_text = "",
	    .sending_ip = "",
	    .receiving_mx = "",
	    .receiving_helo = "",
	    .receiving_ip = "",
	    .additional_information = "",
	    .reason_code = "",
	    .sessions = left,
	};
	size_t i;

	for (i = 0; i < wp->p->nfailures; i++)
		if (write_failure(w, wp, i, &wp->p->failures[i], err) == -1)
			return -1;
	return left == 0 ? 0 : write_failure(w, wp, i, &rest, err);
}

static int
write_rows(struct writing *w, struct err *err)
{
	struct writing_policy wp;
	size_t i;

	for (i = 0; i < w->r->npolicies; i++) {
		wp.p = &w->r->policies[i];
		wp.n = i;
		if (name_intern(w->s, wp.p->domain, &wp.domain, err) == -1 ||
		    name_intern(w->s, wp.p->type_text, &wp.type_text, err) ==
			-1 ||
		    policy_text_intern(w->s, wp.p, &wp.text, err) == -1 ||
		    write_policy(w, &wp, err) == -1 ||
		    write_failures(w, &wp, err) == -1)
			return -1;
	}
	return 0;
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
	w->counted = rc == 0 ||
	    (w->r->authenticity == AUTH_VERIFIED &&
		rival.authenticity != AUTH_VERIFIED);
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
int
store_write_report(struct store *s, const struct receipt *receipt,
    const struct report *r, struct stored *out, struct err *err)
{
	struct writing w = {
	    .s = s, .receipt = receipt, .r = r, .counted = true};
	int rc;

	if (intern_report(&w, err) == -1)
		return -1;
	rc = write_report(&w, err);
	if (rc == 0)
		rc = settle(&w, err);
	if (rc == -1)
		return -1;
	out->number = w.number;
	out->outcome = OUTCOME_DUPLICATE;
	if (rc == 0)
		return 0;
	out->outcome = w.counted ? OUTCOME_REPORT : OUTCOME_CONFLICT;
	return write_rows(&w, err);
}
