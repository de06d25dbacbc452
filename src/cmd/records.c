/* SPDX-License-Identifier: ISC */

/*
 * What is published, against what is remembered.  The store holds two
 * snapshots of a domain (domain/snapshot.h): whatever differs from the
 * accepted one is told by each run, until it is accepted or undone.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "cmd/record_names.h"
#include "cmd/records.h"
#include "domain/compare.h"
#include "domain/snapshot.h"
#include "output/escape.h"
#include "store/watch.h"

/* Characters of a record that a line shows. */
#define RECORD_SHOWN 400

struct watching {
	struct records *r;
	const struct records_spec *spec;
	struct record_names names;
	struct err *err;
	bool failed;
};

/* ---- what is told ---- */

/* The text as the lines of a plugin have it. */
static char *
escaped(const char *text)
{
	char *out;
	size_t size;
	FILE *stream = xmemstream(&out, &size);

	plugin_put(stream, text);
	xmemstream_end(stream);
	return out;
}

static void
add_finding(
    struct records *r, enum level level, const char *why, const char *what)
{
	r->findings =
	    xreallocarray(r->findings, r->nfindings + 1, sizeof(*r->findings));
	r->findings[r->nfindings++] = (struct plugin_finding){
	    .level = level, .why = escaped(why), .what = escaped(what)};
}

static void
add_note(struct records *r, const char *text)
{
	r->notes = xreallocarray(r->notes, r->nnotes + 1, sizeof(*r->notes));
	r->notes[r->nnotes++] = escaped(text);
}

static enum level
level_of(enum severity severity)
{
	static const enum level levels[] = {[SEVERITY_OK] = LEVEL_OK,
	    [SEVERITY_INFO] = LEVEL_OK,
	    [SEVERITY_WARNING] = LEVEL_WARNING,
	    [SEVERITY_ERROR] = LEVEL_CRITICAL,
	    [SEVERITY_UNKNOWN] = LEVEL_UNKNOWN};

	return levels[severity];
}

static void
tell(struct records *r, const struct differences *differences)
{
	const struct difference *d;
	bool is_change = false;
	size_t i;

	for (i = 0; i < differences->n; i++) {
		d = &differences->items[i];
		add_finding(r, level_of(d->severity), d->message, d->fix);
		is_change = is_change || d->severity != SEVERITY_UNKNOWN;
	}
	r->changed += is_change;
}

/* ---- what is remembered ---- */

/* The two snapshots of a domain. */
struct memory {
	struct snapshot accepted;
	struct snapshot known;
	int64_t since; /* TIME_NONE: it was not watched before */
	bool is_damaged;
};

/* What cannot be read is as if it were not there, but that is told. */
static int
read_memory(struct store *s, const char *domain, struct arena *arena,
    struct memory *m, struct err *err)
{
	struct watched w;
	int rc = store_watched(s, domain, arena, &w, err);

	*m = (struct memory){.since = TIME_NONE};
	snapshot_clear(&m->accepted);
	snapshot_clear(&m->known);
	if (rc != 1)
		return rc;
	m->since = w.since;
	if (snapshot_unpack(
		&m->accepted, arena, w.accepted.p, w.accepted.len) == 0 &&
	    snapshot_unpack(&m->known, arena, w.known.p, w.known.len) == 0)
		return 1;
	m->is_damaged = true;
	snapshot_clear(&m->accepted);
	snapshot_clear(&m->known);
	return 1;
}

static int
write_memory(struct store *s, const char *domain, const struct memory *m,
    struct err *err)
{
	struct buf accepted = {.cap = SNAPSHOT_BYTES_MAX}, known = accepted;
	int rc;

	if (snapshot_pack(&accepted, &m->accepted) == -1 ||
	    snapshot_pack(&known, &m->known) == -1)
		rc = err_set(err, ERR_BOUND,
		    "%s: there is too much to remember of it", domain);
	else
		rc = store_watch(s,
		    &(struct watched){.domain = domain,
			.accepted = {accepted.data, accepted.len},
			.known = {known.data, known.len},
			.since = m->since,
			.at = m->known.at},
		    err);
	buf_free(&accepted);
	buf_free(&known);
	return rc;
}

static void
note_first(struct records *r, struct arena *arena, const char *domain,
    const struct snapshot *known)
{
	const struct thing_record *t = &known->tlsrpt;

	add_note(r,
	    arena_printf(arena, "%s: watched from now on; the record is %.*s",
		domain, RECORD_SHOWN,
		t->state == THING_NEVER	       ? "not known yet"
		    : t->state == THING_ABSENT ? "not there"
					       : t->text));
}

/* ---- a domain ---- */

static void
compare(const struct watching *w, struct arena *arena, const char *domain,
    const struct memory *m, const struct snapshot *look)
{
	const struct thresholds t =
	    scope_thresholds(w->spec->asked->spec.scope, domain);
	const struct comparison comparison = {.domain = domain,
	    .accepted = &m->accepted,
	    .now = &m->known,
	    .look = look,
	    .time = w->spec->ctx->now,
	    .warning_days = t.certificate_warning,
	    .critical_days = t.certificate_critical};
	struct differences differences = {.items = NULL};

	compare_snapshots(&differences, arena, &comparison);
	tell(w->r, &differences);
}

/* Brings what is remembered up to date; what another run remembered or
 * accepted meanwhile is read anew. */
static int
remember(const struct watching *w, struct arena *arena, const char *domain,
    const struct snapshot *look, struct err *err)
{
	struct store *s = w->spec->ctx->store;
	struct snapshot now = {.at = TIME_NONE};
	struct memory m;

	if (read_memory(s, domain, arena, &m, err) == -1)
		return -1;
	snapshot_merge(&now, arena, &m.known, look);
	m.known = now;
	snapshot_adopt(&m.accepted, arena, &m.known);
	if (m.is_damaged)
		add_finding(w->r, LEVEL_WARNING,
		    arena_printf(arena,
			"%s: what was remembered of it cannot be read; it "
			"begins anew",
			domain),
		    "Look whether the store is sound: tlstally status "
		    "--check");
	else if (m.since == TIME_NONE && !w->spec->reads_only)
		note_first(w->r, arena, domain, &m.known);
	if (m.since == TIME_NONE)
		m.since = look->at;
	compare(w, arena, domain, &m, look);
	return w->spec->reads_only ? 0 : write_memory(s, domain, &m, err);
}

static int
remember_whole(const struct watching *w, struct arena *arena,
    const char *domain, const struct snapshot *look, struct err *err)
{
	struct store *s = w->spec->ctx->store;

	if (w->spec->reads_only)
		return remember(w, arena, domain, look, err);
	if (store_begin(s, err) == -1)
		return -1;
	if (remember(w, arena, domain, look, err) == 0 &&
	    store_commit(s, err) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

/* ---- looking ---- */

/* The helper judges ids and modes of policies by what was there before. */
static void
ask(void *arg, size_t i, struct arena *arena, struct domain_question *question)
{
	struct watching *w = arg;
	struct err ignored = {0};
	struct memory m;

	*question = (struct domain_question){.domain = w->names.list[i],
	    .probe = w->spec->looking->probe,
	    .past = {
		.record_valid_since = TIME_NONE, .last_report = TIME_NONE}};
	if (read_memory(w->spec->ctx->store, question->domain, arena, &m,
		&ignored) == -1)
		snapshot_clear(&m.known);
	question->confirm_absence = m.known.tlsrpt.state != THING_NEVER &&
	    m.known.tlsrpt.state != THING_ABSENT;
	snapshot_past(&m.known, &question->past);
}

static void
take(void *arg, size_t i, const struct domain_summary *summary,
    const struct err *why)
{
	struct watching *w = arg;
	const char *domain = w->names.list[i];
	struct arena *arena;
	struct snapshot look = {.at = TIME_NONE};

	if (w->failed)
		return;
	arena = arena_new(16384);
	w->r->watched++;
	if (summary == NULL) {
		add_finding(w->r, LEVEL_UNKNOWN,
		    arena_printf(arena, "%s: %s", domain, why->text),
		    arena_printf(arena, "Try: tlstally check %s", domain));
	} else {
		snapshot_look(&look, arena, summary);
		look.at = w->spec->ctx->now;
		w->failed =
		    remember_whole(w, arena, domain, &look, w->err) == -1;
	}
	arena_free(arena);
}

static void
look_at_all(struct watching *w)
{
	const struct net_job job = {
	    .settings = &w->spec->looking->settings,
	    .n = w->names.n,
	    .ask = ask,
	    .take = take,
	    .arg = w,
	};
	struct err err = {0};

	if (w->names.n > 0 && net_run(&job, &err) == -1)
		add_finding(w->r, LEVEL_UNKNOWN, err.text,
		    "Nothing is known of the records now; without looking at "
		    "them: tlstally monitor --offline");
}

int
records_watch(
    struct records *r, const struct records_spec *spec, struct err *err)
{
	struct watching w = {.r = r, .spec = spec, .err = err};
	int rc;

	*r = (struct records){.findings = NULL};
	rc = record_names_find(&w.names, spec, err);
	if (rc == 0) {
		if (spec->reads_only)
			add_finding(r, LEVEL_UNKNOWN,
			    "the store may only be read: what is seen of the "
			    "domains is not remembered",
			    "Run it as a user who may write the store, or with "
			    "--offline");
		if (w.names.left_out > 0)
			add_note(r,
			    "there are more domains than are looked at: "
			    "configure those that are yours");
		look_at_all(&w);
	}
	record_names_free(&w.names);
	return rc == 0 && !w.failed ? 0 : -1;
}

void
records_free(struct records *r)
{
	size_t i;

	for (i = 0; i < r->nfindings; i++) {
		free(r->findings[i].why);
		free(r->findings[i].what);
	}
	for (i = 0; i < r->nnotes; i++)
		free(r->notes[i]);
	free(r->findings);
	free(r->notes);
	*r = (struct records){.findings = NULL};
}

/* ---- accepting ---- */

static int
accept_one(struct store *s, const char *domain, bool is_named, struct err *err)
{
	struct arena *arena = arena_new(16384);
	struct memory m;
	int rc = read_memory(s, domain, arena, &m, err);

	if (rc == 0 && is_named)
		rc = err_set(err, ERR_NOINPUT,
		    "%s is not watched: run tlstally monitor first", domain);
	if (rc == 1 && !m.is_damaged) {
		snapshot_accept(&m.accepted, &m.known);
		rc = write_memory(s, domain, &m, err);
		if (rc == 0) {
			escape_text(stdout, domain);
			fputs(": accepted as it is\n", stdout);
		}
	}
	arena_free(arena);
	return rc == -1 ? -1 : 0;
}

int
records_accept(struct context *ctx, const struct asked *asked, struct err *err)
{
	struct record_names names = {.n = 0};
	const bool is_named = ctx->argc > 0;
	size_t i;
	int rc = record_names_watched(&names, ctx, asked, err);

	if (rc == 0)
		rc = store_begin(ctx->store, err);
	for (i = 0; rc == 0 && i < names.n; i++)
		rc = accept_one(ctx->store, names.list[i], is_named, err);
	if (rc == 0)
		rc = store_commit(ctx->store, err);
	if (rc == -1)
		store_rollback(ctx->store);
	if (rc == 0 && names.n == 0)
		puts("no domain is watched");
	record_names_free(&names);
	return rc;
}
