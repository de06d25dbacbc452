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
#include "cmd/tell.h"
#include "cmd/tell_file.h"

struct state {
	struct telling t; /* but for what needs the configuration */
	struct period_options period;
	const char **domains; /* of --domain, with room for all arguments */
	size_t ndomains;
	const char *group;
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
    [OPT_DOMAIN] = {"domain", 'd', "GLOB", "only these policy domains"},
    [OPT_GROUP] = {"group", 0, "NAME", "only the domains of that group"},
    [OPT_EACH_GROUP] = {"each-group", 0, NULL, "one digest for every group"},
    [OPT_ZEROS] = {"zeros", 0, NULL, "configured domains without reports too"},
    [OPT_ONLY_IF] = {"only-if", 0, "LIST",
	"if any of new, ongoing, gone, silence, health"},
    [OPT_FORMAT] = {"format", 'f', "FORMAT", "text, csv, html or mail"},
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
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;
	int value = 0, rc = 0;

	st->to.cap = TO_BYTES_MAX;
	if (index < PERIOD_OPTIONS)
		return period_option(&st->period, index, arg, err);
	switch (index) {
	case OPT_BY:
		rc = find_word(units, arg, "--by", &value, err);
		st->t.by = (enum bucket)value;
		st->t.by_given = true;
		break;
	case OPT_DOMAIN:
		st->domains = xreallocarray(
		    st->domains, st->ndomains + 1, sizeof(*st->domains));
		st->domains[st->ndomains++] = arg;
		break;
	case OPT_GROUP:
		st->group = arg;
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
		rc = take_to(st, arg, err);
		break;
	case OPT_FROM:
		rc = take_from(st, arg, err);
		break;
	case OPT_SEND:
		rc = take_send(st, arg, err);
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
	    (st->rows_given || st->excel_given))
		return err_set(err, ERR_USAGE,
		    "--rows and --excel go with --format csv or mail only");
	if (t->only_new && st->period.given)
		return err_set(err, ERR_USAGE,
		    "--new is a period of its own: no other goes with it");
	if (t->state != NULL && !t->only_new)
		return err_set(err, ERR_USAGE, "--state goes with --new only");
	if (t->zeros && t->only_new)
		return err_set(
		    err, ERR_USAGE, "--zeros does not go with --new");
	if ((st->group != NULL) + t->each_group + (st->ndomains > 0) > 1)
		return err_set(err, ERR_USAGE,
		    "--domain, --group and --each-group exclude each other");
	return tell_check_file(
	    t->file, t->each_group && t->sending == SEND_NOT, err);
}

/* True if some group that is to be told of has an address. */
static bool
has_address(const struct telling *t, const struct scope *scope)
{
	size_t i = 0;

	if (t->mail.to != NULL)
		return true;
	if (!t->each_group)
		return t->group != NULL && t->group->mail_to[0] != '\0';
	/* A file without an address is no mail; a group that gets no mail is
	 * left out. */
	while (i < scope->ngroups &&
	    (scope->groups[i].mail_to[0] == '\0') == (t->sending != SEND_NOT))
		i++;
	return (i < scope->ngroups) == (t->sending != SEND_NOT);
}

/* A mail has somebody who sends it, and somebody who gets it. */
static int
check_mail(struct telling *t, const struct scope *scope, struct err *err)
{
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
	if (!has_address(t, scope))
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

static int
find_group(struct state *st, const struct scope *scope, struct err *err)
{
	if (st->t.each_group && scope->ngroups == 0)
		return err_set(
		    err, ERR_USAGE, "--each-group: no group is configured");
	if (st->group == NULL)
		return 0;
	st->t.group = scope_group_find(scope, st->group);
	return st->t.group != NULL
	    ? 0
	    : err_set(err, ERR_USAGE, "no such group: %s", st->group);
}

static int
digest(struct context *ctx, struct state *st, struct err *err)
{
	struct telling *t = &st->t;

	t->ctx = ctx;
	if (st->to.len > 0)
		t->mail.to = buf_string(&st->to);
	if (t->format == NULL)
		t->format = ctx->config->format;
	if (!st->excel_given)
		t->excel = ctx->config->excel;
	t->asked = st->ndomains > 0;
	t->domains = t->asked ? st->domains : ctx->config->domains;
	t->ndomains = t->asked ? st->ndomains : ctx->config->ndomains;
	if (check_options(st, t, err) == -1 ||
	    find_group(st, &ctx->config->scope, err) == -1 ||
	    check_mail(t, &ctx->config->scope, err) == -1 ||
	    period_days(&st->period, ctx->now, 0, t->days, err) == -1)
		return -1;
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

	free(st->domains);
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
