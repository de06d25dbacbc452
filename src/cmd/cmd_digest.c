/* SPDX-License-Identifier: ISC */

/*
 * tlstally digest: the figures of a period.  What the options say; what is
 * done about it stands in tell.c.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/address.h"
#include "base/buf.h"
#include "base/die.h"
#include "cmd/cmd.h"
#include "cmd/period.h"
#include "cmd/pick.h"
#include "cmd/tell.h"
#include "cmd/tell_file.h"

struct state {
	struct telling t; /* but for what needs the configuration */
	struct period_options period;
	struct pick pick;
	struct buf to; /* of --to */
	bool excel_given;
	bool rows_given;
};

/* Addresses that one mail can go to; more belong into an alias. */
#define TO_BYTES_MAX ((size_t)16 << 10)

enum {
	OPT_BY = PERIOD_OPTIONS,
	OPT_DOMAIN,
	OPT_GROUP,
	OPT_EACH_GROUP,
	OPT_ZEROS,
	OPT_ONLY_IF,
	OPT_FORMAT,
	OPT_ROWS,
	OPT_FAILURES_ONLY,
	OPT_EXCEL,
	OPT_NEW,
	OPT_STATE,
	OPT_TO,
	OPT_FROM,
	OPT_SEND,
	OPT_OUTPUT
};

static const struct cmd_option options[] = {PERIOD_OPTION_TABLE,
    [OPT_BY] = {"by", 0, "UNIT", "day, week, month or total"},
    [OPT_DOMAIN] = PICK_DOMAIN_OPTION, [OPT_GROUP] = PICK_GROUP_OPTION,
    [OPT_EACH_GROUP] = {"each-group", 0, NULL, "one digest for every group"},
    [OPT_ZEROS] = {"zeros", 0, NULL, "configured domains without reports too"},
    [OPT_ONLY_IF] = {"only-if", 0, "LIST",
	"if any of new, ongoing, gone, silence, health"},
    [OPT_FORMAT] = {"format", 'f', "FORMAT",
	"text, csv, json, html, prometheus or mail"},
    [OPT_ROWS] = {"rows", 0, "ROWS", "csv: policies, failures or coverage"},
    [OPT_FAILURES_ONLY] = {"failures-only", 0, NULL, "only what failed"},
    [OPT_EXCEL] = {"excel", 0, "[=KIND]", "csv for Excel: comma or semicolon"},
    [OPT_NEW] = {"new", 0, NULL, "what came since this digest was last told"},
    [OPT_STATE] = {"state", 0, "NAME", "which digest --new is about"},
    [OPT_TO] = {"to", 0, "ADDRESS", "mail: for whom it is"},
    [OPT_FROM] = {"from", 0, "ADDRESS", "mail: by whom it is"},
    [OPT_SEND] = {"send", 0, "[=always]",
	"mail: by sendmail, if there is something to say"},
    [OPT_OUTPUT] = {"output", 'o', "FILE", "write FILE, not to the screen"},
    {0}};

struct word {
	const char *name;
	int value;
};

static const struct word units[] = {{"day", BY_DAY}, {"week", BY_WEEK},
    {"month", BY_MONTH}, {"total", BY_TOTAL}, {0}};
static const struct word row_kinds[] = {{"policies", ROWS_POLICIES},
    {"failures", ROWS_FAILURES}, {"coverage", ROWS_COVERAGE}, {0}};

static int
find_word(const struct word *words, const char *name, const char *what,
    int *value, struct err *err)
{
	for (; words->name != NULL; words++) {
		if (strcmp(words->name, name) != 0)
			continue;
		*value = words->value;
		return 0;
	}
	return err_set(err, ERR_USAGE, "%s: no such word: %s", what, name);
}

static int
take_format(struct state *st, const char *name, struct err *err)
{
	st->t.format = output_find(name);
	if (st->t.format != NULL)
		return 0;
	return err_set(
	    err, ERR_USAGE, "no such format: %s (%s)", name, output_names());
}

/* Puts the addresses of a list behind those that came before. */
static int
take_to(struct state *st, const char *text, struct err *err)
{
	struct span list = span_of(text), address;

	st->to.cap = TO_BYTES_MAX;
	while (address_next(&list, &address)) {
		if (!address_is_plain(address))
			return err_set(err, ERR_USAGE,
			    "--to: not a plain mail address: %.*s",
			    (int)address.len, address.p);
		if ((st->to.len > 0 && buf_append(&st->to, ", ", 2) == -1) ||
		    buf_append(&st->to, address.p, address.len) == -1)
			return err_set(
			    err, ERR_USAGE, "--to: too many addresses");
	}
	return 0;
}

static int
take_from(struct state *st, const char *text, struct err *err)
{
	st->t.mail.from = text;
	if (address_is_plain(span_of(text)))
		return 0;
	return err_set(
	    err, ERR_USAGE, "--from: not a plain mail address: %s", text);
}

static int
take_send(struct state *st, const char *text, struct err *err)
{
	st->t.sending = SEND_NEWS;
	if (text == NULL)
		return 0;
	st->t.sending = SEND_ALWAYS;
	if (strcmp(text, "always") == 0)
		return 0;
	return err_set(err, ERR_USAGE, "--send: no such word: %s", text);
}

static int
mail_option(struct state *st, size_t index, const char *arg, struct err *err)
{
	if (index == OPT_TO)
		return take_to(st, arg, err);
	if (index == OPT_FROM)
		return take_from(st, arg, err);
	return take_send(st, arg, err);
}

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;
	int value = 0, rc = 0;

	if (index < PERIOD_OPTIONS)
		return period_option(&st->period, index, arg, err);
	switch (index) {
	case OPT_BY:
		rc = find_word(units, arg, "--by", &value, err);
		st->t.by = (enum bucket)value;
		st->t.by_given = true;
		break;
	case OPT_DOMAIN:
		pick_domain(&st->pick, arg);
		break;
	case OPT_GROUP:
		pick_group(&st->pick, arg);
		break;
	case OPT_EACH_GROUP:
		st->t.each_group = true;
		break;
	case OPT_ZEROS:
		st->t.zeros = true;
		break;
	case OPT_ONLY_IF:
		rc = tell_parse_news(arg, &st->t.only_if, err);
		break;
	case OPT_FORMAT:
		rc = take_format(st, arg, err);
		break;
	case OPT_ROWS:
		rc = find_word(row_kinds, arg, "--rows", &value, err);
		st->t.rows = (enum rows)value;
		st->rows_given = true;
		break;
	case OPT_FAILURES_ONLY:
		st->t.failures_only = true;
		break;
	case OPT_EXCEL:
		rc = conf_parse_excel(arg, &st->t.excel, err);
		st->excel_given = true;
		break;
	case OPT_NEW:
		st->t.only_new = true;
		break;
	case OPT_STATE:
		st->t.state = arg;
		if (arg[0] == '\0')
			rc = err_set(err, ERR_USAGE, "--state needs a name");
		break;
	case OPT_TO:
	case OPT_FROM:
	case OPT_SEND:
		rc = mail_option(st, index, arg, err);
		break;
	case OPT_OUTPUT:
		st->t.file = arg;
		if (arg[0] == '\0')
			rc = err_set(err, ERR_USAGE,
			    "--output needs the name of a file");
		break;
	}
	return rc;
}

/* Options that do not go together are a mistake, not silence. */
static int
check_options(const struct state *st, const struct telling *t, struct err *err)
{
	if (t->format != &output_csv && t->format != &output_mail &&
	    st->excel_given)
		return err_set(err, ERR_USAGE,
		    "--excel goes with --format csv or mail only");
	if (!t->format->takes_rows && st->rows_given)
		return err_set(err, ERR_USAGE,
		    "--rows goes with --format csv, mail and json only");
	if (t->format == &output_json && t->rows == ROWS_COVERAGE)
		return err_set(err, ERR_USAGE,
		    "--rows coverage goes with --format csv or mail only");
	/* Half of the metrics would look like all of them, and two files with
	 * the same ones break their collector. */
	if (t->format->is_state &&
	    (t->only_new || t->only_if != 0 || t->failures_only ||
		t->each_group || t->by_given))
		return err_set(err, ERR_USAGE,
		    "--by, --each-group, --failures-only, --new and --only-if "
		    "do not go with --format %s",
		    t->format->name);
	if (t->only_new && st->period.given)
		return err_set(err, ERR_USAGE,
		    "--new is a period of its own: no other goes with it");
	if (t->state != NULL && !t->only_new)
		return err_set(err, ERR_USAGE, "--state goes with --new only");
	if (t->zeros && t->only_new)
		return err_set(
		    err, ERR_USAGE, "--zeros does not go with --new");
	if (t->each_group && pick_is_given(&st->pick))
		return err_set(err, ERR_USAGE,
		    "--each-group goes without --domain and --group");
	return tell_check_file(
	    t->file, t->each_group && t->sending == SEND_NOT, err);
}

/* True if whoever is to be told has an address: of several groups all, unless
 * those without one are to get no mail. */
static bool
has_address(const struct state *st, const struct scope *scope)
{
	const struct scope_group *group;
	size_t i, n = 0;

	if (st->t.mail.to != NULL)
		return true;
	if (!st->t.each_group) {
		group = st->pick.ngroups == 1 && st->pick.ndomains == 0
		    ? scope_group_find(scope, st->pick.groups[0])
		    : NULL;
		return group != NULL && group->mail_to[0] != '\0';
	}
	for (i = 0; i < scope->ngroups; i++)
		n += scope->groups[i].mail_to[0] != '\0';
	return st->t.sending != SEND_NOT ? n > 0 : n == scope->ngroups;
}

/* A mail has somebody who sends it, and somebody who gets it. */
static int
check_mail(struct state *st, const struct scope *scope, struct err *err)
{
	struct telling *t = &st->t;

	if (t->format != &output_mail) {
		if (t->mail.to == NULL && t->mail.from == NULL &&
		    t->sending == SEND_NOT)
			return 0;
		return err_set(err, ERR_USAGE,
		    "--to, --from and --send go with --format mail only");
	}
	if (t->mail.from == NULL)
		return err_set(err, ERR_USAGE,
		    "--format mail needs --from with an address");
	if (!has_address(st, scope))
		return err_set(err, ERR_USAGE,
		    "--format mail needs --to with an address, or mail_to in "
		    "the group");
	if (t->sending != SEND_NOT && t->file != NULL)
		return err_set(
		    err, ERR_USAGE, "--send and --output exclude each other");
	if (t->sending == SEND_NEWS && t->only_if == 0 && !t->only_new)
		t->only_if = NEWS_ALL;
	return 0;
}

/* What was not asked for by options is as the configuration has it. */
static void
complete(struct state *st, struct context *ctx)
{
	struct telling *t = &st->t;
	size_t i;

	t->ctx = ctx;
	t->pick = &st->pick;
	if (t->format == NULL)
		t->format = ctx->config->format;
	if (!st->excel_given)
		t->excel = ctx->config->excel;
	t->asked = pick_is_given(&st->pick);
	for (i = 0; !t->asked && !t->each_group && i < ctx->config->ndomains;
	     i++)
		pick_domain(&st->pick, ctx->config->domains[i]);
}

static int
digest(struct context *ctx, struct state *st, struct err *err)
{
	struct telling *t = &st->t;

	if (t->each_group && ctx->config->scope.ngroups == 0)
		return err_set(
		    err, ERR_USAGE, "--each-group: no group is configured");
	if (st->to.len > 0)
		t->mail.to = buf_string(&st->to);
	if (t->format == NULL)
		t->format = ctx->config->format;
	if (check_options(st, t, err) == -1 ||
	    check_mail(st, &ctx->config->scope, err) == -1 ||
	    period_days(&st->period, ctx->now, 0, t->days, err) == -1)
		return -1;
	if (t->each_group && t->sending == SEND_NOT &&
	    tell_check_groups(&ctx->config->scope, err) == -1)
		return -1;
	complete(st, ctx);
	return t->each_group ? tell_each_group(t, err) : tell(t, err);
}

static int
run(struct context *ctx, void *state)
{
	struct state *st = state;
	struct err err = {0};
	int rc;

	rc = cmd_arguments(ctx, 0, &err);
	if (rc == 0)
		rc = digest(ctx, st, &err);
	return rc == 0 ? EX_OK : cmd_fail(&err);
}

static void
release(void *state)
{
	struct state *st = state;

	pick_free(&st->pick);
	buf_free(&st->to);
}

const struct command cmd_digest = {
    .name = "digest",
    .summary = "print the figures of a day, a week, a month or more",
    .usage = "[PERIOD] [OPTION...]",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
    .release = release,
};
