/* SPDX-License-Identifier: ISC */

/*
 * tlstally advise: may a domain go from testing to enforce?
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "cmd/advise_rows.h"
#include "cmd/asked.h"
#include "cmd/cmd.h"
#include "cmd/figures.h"
#include "cmd/live.h"
#include "digest/readiness.h"
#include "output/advice.h"

struct state {
	const char *group;
	bool all;
	bool json;
	int32_t fixed_on; /* with has_fixed_on */
	bool has_fixed_on;
	bool offline;
	struct looking looking;
};

enum { OPT_GROUP, OPT_ALL, OPT_FIXED_ON, OPT_JSON, OPT_OFFLINE, OPT_LOOKING };

static const struct cmd_option options[] = {
    [OPT_GROUP] = {"group", 0, "NAME", "the domains of that group, a table"},
    [OPT_ALL] = {"all-domains", 0, NULL, "every domain, as a table"},
    [OPT_FIXED_ON] = {"fixed-on", 0, "DAY", "leave out failures before"},
    [OPT_JSON] = {"json", 0, NULL, "write JSON"},
    [OPT_OFFLINE] = {"offline", 0, NULL,
	"read the reports alone; look at no domain"},
    LOOKING_ROWS(OPT_LOOKING),
    {0}};

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;

	switch (index) {
	case OPT_GROUP:
		st->group = arg;
		break;
	case OPT_ALL:
		st->all = true;
		break;
	case OPT_JSON:
		st->json = true;
		break;
	case OPT_FIXED_ON:
		st->has_fixed_on = true;
		if (date_parse_day(span_of(arg), &st->fixed_on) == -1)
			return err_set(err, ERR_USAGE,
			    "--fixed-on: not a day: %s (2026-11-20)", arg);
		break;
	case OPT_OFFLINE:
		st->offline = true;
		break;
	default:
		return looking_option(
		    &st->looking, index - OPT_LOOKING, arg, err);
	}
	return 0;
}

struct job {
	struct context *ctx;
	const struct state *st;
	struct asked asked;
	struct advise_rows rows;
	struct figures_job made; /* of one part */
	const char **names;	 /* domains to tell of in any case */
	size_t nnames;
	struct readiness_list advice;
	struct err *err; /* of has_one_mx */
	bool failed;
};

/* ---- what is asked for ---- */

static int
check_options(const struct job *j, struct err *err)
{
	const struct state *st = j->st;

	if ((j->ctx->argc > 0) + (st->group != NULL) + st->all != 1)
		return err_set(err, ERR_USAGE,
		    "it is either domains, or --group, or --all-domains");
	if (st->has_fixed_on && st->fixed_on > day_of_time(j->asked.spec.now))
		return err_set(
		    err, ERR_USAGE, "--fixed-on: that day has not come yet");
	return 0;
}

static void
add_names(struct job *j, const char *const *names, size_t n)
{
	size_t i;

	j->names = xreallocarray(j->names, j->nnames + n, sizeof(*j->names));
	for (i = 0; i < n; i++)
		if (scope_is_name(names[i]))
			j->names[j->nnames++] = names[i];
}

/* A domain that is asked for is told of, whatever is known. */
static void
collect_names(struct job *j)
{
	const struct scope *s = &j->ctx->config->scope;
	size_t i;

	if (j->asked.spec.group != NULL) {
		add_names(j, (const char *const *)j->asked.spec.group->domains,
		    j->asked.spec.group->ndomains);
		return;
	}
	for (i = 0; i < s->ndomains; i++)
		add_names(j, &s->domains[i].name, 1);
	for (i = 0; i < s->ngroups; i++)
		add_names(j, (const char *const *)s->groups[i].domains,
		    s->groups[i].ndomains);
	add_names(j, (const char *const *)s->listed, s->nlisted);
}

/* ---- the policy's MX hosts ---- */

/* Asks the store for what the latest policy names; seldom, as it is of use
 * only where all failures are at one host. */
static bool
has_one_mx(void *arg, const char *domain)
{
	struct job *j = arg;
	const int64_t text = advise_rows_text(&j->rows, domain);
	const char **hosts = NULL;
	size_t n = 0;

	if (j->failed || text == 0)
		return false;
	if (store_mx_hosts(
		j->ctx->store, text, j->made.arena, &hosts, &n, j->err) == -1) {
		j->failed = true;
		return false;
	}
	return n == 1 && scope_is_name(hosts[0]);
}

/* ---- all ---- */

/* Judges the domains of one part.  What is said of them lasts without the
 * figures: its texts are the store's. */
static int
judge_part(struct job *j, struct err *err)
{
	const struct filter f = advise_rows_part(&j->rows);
	const bool is_last = j->rows.part + 1 == j->rows.parts;
	struct readiness_spec spec = {
	    .fixed_on = j->st->has_fixed_on ? j->st->fixed_on : DAY_NONE,
	    .names = j->names,
	    .nnames = is_last ? j->nnames : 0,
	    .has_one_mx = has_one_mx,
	    .arg = j};
	int rc = figures_make(
	    &j->made, j->ctx->store, &f, &j->asked.spec, false, err);

	if (rc == 0) {
		spec.figures = j->made.figures;
		j->err = err;
		readiness_judge(&j->advice, &spec);
	}
	figures_close(&j->made);
	return rc == 0 && !j->failed ? 0 : -1;
}

static int
judge(struct job *j, struct err *err)
{
	struct filter *f = &j->asked.filter;

	j->asked.spec.by = BY_DAY;
	j->asked.spec.lines_only = true;
	f->last_day = day_of_time(j->asked.spec.now) - 1;
	f->first_day = f->last_day - readiness_days(j->asked.spec.scope) + 1;
	if (cmd_open_store(j->ctx, STORE_READ, err) == -1 ||
	    store_snapshot(j->ctx->store, err) == -1 ||
	    advise_rows_find(&j->rows, j->ctx->store, f, err) == -1)
		return -1;
	collect_names(j);
	for (; j->rows.part < j->rows.parts; j->rows.part++)
		if (judge_part(j, err) == -1)
			return -1;
	return 0;
}

/* A report may speak of any domain: where none are configured or named, whoever
 * wrote it must not decide where we look. */
static void
look(struct job *j)
{
	if (WITH_NET && !j->st->offline &&
	    (j->ctx->argc > 0 || scope_is_set(j->asked.spec.scope)))
		live_judge(&j->advice, &j->st->looking);
}

static enum readiness_verdict
worst(const struct readiness_list *list)
{
	enum readiness_verdict verdict = READINESS_READY;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->list[i].verdict > verdict)
			verdict = list->list[i].verdict;
	return list->n > 0 ? verdict : READINESS_LACKING;
}

static void
write_all(const struct job *j)
{
	size_t i;

	if (j->st->json) {
		advice_write_json(stdout, &j->advice);
		return;
	}
	if (j->ctx->argc == 0) {
		advice_write_table(stdout, &j->advice);
		return;
	}
	for (i = 0; i < j->advice.n; i++) {
		if (i > 0)
			putchar('\n');
		advice_write(stdout, &j->advice.list[i], j->asked.spec.now);
	}
}

static int
run(struct context *ctx, void *state)
{
	struct state *st = state;
	struct job j = {.ctx = ctx, .st = st};
	struct err err = {0};
	int rc = asked_find(&j.asked, ctx, st->group, &err);

	looking_complete(&st->looking, ctx->arena, ctx->now);
	if (rc == 0)
		rc = check_options(&j, &err);
	if (rc == 0)
		rc = judge(&j, &err);
	if (rc == 0) {
		store_rollback(ctx->store);
		look(&j);
		write_all(&j);
		rc = cmd_end_plugin((int)worst(&j.advice));
	} else {
		rc = cmd_fail_unknown(&err);
	}
	readiness_free(&j.advice);
	advise_rows_free(&j.rows);
	free(j.names);
	asked_free(&j.asked);
	return rc;
}

const struct command cmd_advise = {
    .name = "advise",
    .summary = "say whether MTA-STS may go from testing to enforce",
    .usage = "[OPTION...] DOMAIN...",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
    .fail = cmd_fail_unknown,
};
