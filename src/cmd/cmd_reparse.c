/* SPDX-License-Identifier: ISC */

/*
 * tlstally reparse: today's decoder reads again what the store has kept as it
 * came.  No transaction waits for the decoder: what has changed is gathered
 * and written in batches, each whole in itself, so that a run that was
 * stopped is completed by the next.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/date.h"
#include "base/die.h"
#include "base/limits.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "output/escape.h"
#include "store/upkeep.h"

/* Enough for a batch of ordinary reports without growing. */
#define ARENA_BYTES ((size_t)512 << 10)

/* Progress is shown once in so many reports. */
#define PROGRESS_EVERY 64

struct state {
	bool dry_run; /* first, for cmd_take_flag */
};

static const struct cmd_option options[] = {
    {"dry-run", 'n', NULL, "list what would change, change nothing"}, {0}};

/* A report that has changed and is still to be written. */
struct change {
	int64_t number;
	struct report *fresh;
};

struct run {
	struct context *ctx;
	bool dry_run;
	struct arena *arena; /* of the batch */
	struct buf json;
	struct change *changes;
	size_t nchanges;
	size_t read;
	size_t changed;
	size_t dropped; /* of these: twice there, or before the floor day */
	size_t unusable;
};

/* What a report adds up to. */
struct sums {
	int64_t policies;
	int64_t successful;
	int64_t failed;
	int64_t failures;
};

static struct sums
sum_up(const struct report *r)
{
	struct sums s = {.policies = (int64_t)r->npolicies};
	size_t i;

	for (i = 0; i < r->npolicies; i++) {
		s.successful =
		    count_add(s.successful, r->policies[i].successful);
		s.failed = count_add(s.failed, r->policies[i].failed);
		s.failures += (int64_t)r->policies[i].nfailures;
	}
	return s;
}

static void
print_figure(const char *name, int64_t before, int64_t after)
{
	if (before != after)
		printf(
		    "  %s: %" PRId64 " -> %" PRId64 "\n", name, before, after);
}

static void
print_text(const char *name, const char *before, const char *after)
{
	if (strcmp(before, after) == 0)
		return;
	printf("  %s: ", name);
	escape_text(stdout, before);
	fputs(" -> ", stdout);
	escape_text(stdout, after);
	putchar('\n');
}

/* Says what another reading of a report changes. */
static void
print_change(int64_t number, const struct report *old,
    const struct report *fresh, unsigned changes)
{
	const struct sums before = sum_up(old), after = sum_up(fresh);
	char day[DATE_SIZE], new_day[DATE_SIZE];

	date_format_day(old->day, day);
	date_format_day(fresh->day, new_day);
	printf("report %" PRId64 ", %s, ", number, day);
	escape_text(stdout, old->reporter);
	putchar('\n');
	print_text("day", day, new_day);
	print_text("reporter", old->reporter, fresh->reporter);
	print_figure("policies", before.policies, after.policies);
	print_figure("successful", before.successful, after.successful);
	print_figure("failed", before.failed, after.failed);
	print_figure("failures", before.failures, after.failures);
	if ((changes & CHANGED_FIGURES) != 0 &&
	    memcmp(&before, &after, sizeof(before)) == 0)
		puts("  figures: the same sums, otherwise divided");
	if ((changes & CHANGED_IDENTITY) != 0)
		puts("  identity: may make or resolve a conflict");
	if ((changes & CHANGED_TEXTS) != 0)
		puts("  texts");
	if ((changes & CHANGED_DEVIATIONS) != 0)
		puts("  deviations");
}

static int
replace(struct run *r, const struct change *c, struct err *err)
{
	enum replaced what;

	if (store_replace(r->ctx->store, c->number, c->fresh, &what, err) == -1)
		return -1;
	r->changed += what != REPLACED_GONE;
	r->dropped += what == REPLACED_TWICE || what == REPLACED_EXPIRED;
	return 0;
}

/* Writes what has been gathered, and forgets it. */
static int
flush(struct run *r, struct err *err)
{
	size_t i;

	if (r->nchanges > 0 && store_begin(r->ctx->store, err) == -1)
		return -1;
	for (i = 0; i < r->nchanges; i++)
		if (replace(r, &r->changes[i], err) == -1)
			goto fail;
	if (r->nchanges > 0 && store_commit(r->ctx->store, err) == -1)
		goto fail;
	r->nchanges = 0;
	arena_reset(r->arena);
	return 0;
fail:
	store_rollback(r->ctx->store);
	return -1;
}

/* Decodes a stored report again.  Returns 0, or -1 with what is wrong with
 * it. */
static int
decode(struct run *r, const struct report *stored, struct report **fresh,
    struct err *err)
{
	struct jail_input in = {.name = "",
	    .authserv_id = "",
	    .key = store_key(r->ctx->store),
	    .stored = stored};
	struct decoded d = {0};

	r->json.len = 0;
	if (jail_original(r->ctx->jail, &stored->original, &r->json, err) == -1)
		return -1;
	in.bytes = buf_string(&r->json);
	in.len = r->json.len;
	if (jail_decode(r->ctx->jail, &in, r->arena, &d, err) == -1)
		return -1;
	if (d.nreports != 1 || d.nfaults > 0)
		return err_set(err, ERR_DATA, "%s",
		    d.nfaults > 0 ? d.faults[0].reason : "no report any more");
	*fresh = d.reports[0];
	if (memcmp((*fresh)->sum, stored->sum, KEYED_HASH_LEN) != 0)
		return err_set(err, ERR_DATA,
		    "its JSON is not the one that its sum was made of");
	report_carry_over(*fresh, stored, r->arena);
	return 0;
}

/* Reads one report again.  What cannot be read stays as it is. */
static int
reparse_one(struct run *r, int64_t number, struct err *err)
{
	struct stored_report s;
	struct report *fresh = NULL;
	unsigned changes;

	if (store_report(r->ctx->store, number, r->arena, &s, err) == -1)
		/* Somebody may have pruned it a moment ago. */
		return err->code == ERR_NOINPUT ? 0 : -1;
	r->read++;
	if (decode(r, s.report, &fresh, err) == -1) {
		if (err->code == ERR_TEMPORARY)
			return -1;
		r->unusable++;
		log_error(
		    "report %" PRId64 " stays as it is: %s", number, err->text);
		return 0;
	}
	changes = report_compare(s.report, fresh);
	if (changes == 0)
		return 0;
	if (r->dry_run) {
		r->changed++;
		print_change(number, s.report, fresh, changes);
		return 0;
	}
	r->changes[r->nchanges++] = (struct change){number, fresh};
	return 0;
}

static int
reparse_all(struct run *r, struct err *err)
{
	int64_t number = 0;
	int rc;

	while ((rc = store_next_report(r->ctx->store, number, &number, err)) ==
	    1) {
		if (reparse_one(r, number, err) == -1)
			return -1;
		if (r->nchanges == 0)
			arena_reset(r->arena);
		else if ((r->nchanges == BATCH_MESSAGES ||
			     arena_used(r->arena) >= BATCH_BYTES) &&
		    flush(r, err) == -1)
			return -1;
		if (r->read % PROGRESS_EVERY == 0)
			log_progress("%zu reports", r->read);
	}
	log_progress("%s", "");
	return rc == -1 ? -1 : flush(r, err);
}

static void
print_summary(const struct run *r)
{
	if (!r->dry_run && !cmd_is_talkative())
		return;
	fprintf(stderr, "read %zu report%s again: %zu %s, %zu unusable",
	    r->read, r->read == 1 ? "" : "s", r->changed,
	    r->dry_run ? "would change" : "changed", r->unusable);
	if (r->dropped > 0)
		fprintf(stderr, "; %zu of the changed dropped", r->dropped);
	fputc('\n', stderr);
}

static int
run(struct context *ctx, void *state)
{
	const struct state *st = state;
	struct run r = {.ctx = ctx, .dry_run = st->dry_run};
	struct err err = {0};
	int rc;

	if (cmd_arguments(ctx, 0, &err) == -1)
		return cmd_fail(&err);
	r.arena = arena_new(ARENA_BYTES);
	r.changes = xcalloc(BATCH_MESSAGES, sizeof(*r.changes));
	rc = cmd_open_jail(ctx, 1, &err);
	if (rc == 0)
		rc = cmd_open_store(
		    ctx, st->dry_run ? STORE_READ : STORE_WRITE, &err);
	if (rc == 0)
		rc = reparse_all(&r, &err);
	if (rc == 0)
		print_summary(&r);
	arena_free(r.arena);
	buf_free(&r.json);
	free(r.changes);
	if (rc == -1)
		return cmd_fail(&err);
	rc = cmd_flush();
	return rc == EX_OK && r.unusable > 0 ? EX_DATAERR : rc;
}

const struct command cmd_reparse = {
    .name = "reparse",
    .summary = "read all stored reports again, with a better decoder",
    .usage = "[--dry-run]",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = cmd_take_flag,
    .run = run,
};
