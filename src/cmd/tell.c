/* SPDX-License-Identifier: ISC */

/*
 * Here store, digest and output meet: the days are found, rows summed up,
 * and the figures written down, together with what only the store knows.
 */

#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/die.h"
#include "base/limits.h"
#include "base/log.h"
#include "cmd/conflicts.h"
#include "cmd/figures.h"
#include "cmd/period.h"
#include "cmd/send.h"
#include "cmd/tell.h"
#include "cmd/tell_file.h"
#include "output/atomic_file.h"
#include "store/upkeep.h"

/* By this name it is remembered what was told of all domains. */
#define STATE_DEFAULT "default"

/* A digest that is being made. */
struct job {
	struct context *ctx;
	const struct telling *t;
	struct pick *pick;
	struct filter filter; /* its first day is DAY_NONE: of no days */
	char *file;	      /* NULL: standard output */
	/* For --new, else zero. */
	char *name; /* by which it is remembered what was told */
	struct told before;
	int64_t highest; /* number of a report in the snapshot */
	bool silent;	 /* there was nothing to say */
};

/* Closes an open period by the days that the store has. */
static int
bound_days(struct store *store, int32_t days[2], struct err *err)
{
	int32_t first, last;

	bool open_start = days[0] == PERIOD_OPEN_START;
	bool open_end = days[1] == PERIOD_OPEN_END;

	if (!open_start && !open_end)
		return 0;
	if (store_day_range(store, &first, &last, err) == -1)
		return -1;
	if (open_start)
		days[0] = first != DAY_NONE && first < days[1] ? first
		    : !open_end				       ? days[1]
							       : 0;
	if (open_end)
		days[1] = last != DAY_NONE && last > days[0] ? last : days[0];
	return 0;
}

/* The name by which it is remembered what was told.  Digests of different
 * domains must not take reports from each other, so they have different ones
 * without being asked to. */
static char *
default_name(const struct telling *t, const struct pick *pick)
{
	const char *sep = "";
	char *name;
	size_t i, size;
	FILE *text;

	if (t->state != NULL && !t->each_group)
		return xstrdup(t->state);
	if (!pick_is_given(pick))
		return xstrdup(STATE_DEFAULT);
	text = xmemstream(&name, &size);
	for (i = 0; i < pick->ndomains; i++, sep = ",")
		fprintf(text, "%s%s", sep, pick->domains[i]);
	for (i = 0; i < pick->ngroups; i++, sep = ",")
		fprintf(text, "%sgroup %s", sep, pick->groups[i]);
	if (t->state != NULL)
		fprintf(text, " %s", t->state);
	xmemstream_end(text);
	return name;
}

/* Finds what is new, and the days that it is of. */
static int
find_news(struct job *j, int32_t days[2], struct err *err)
{
	struct store *s = j->ctx->store;

	j->name = default_name(j->t, j->pick);
	if (store_told(s, j->name, &j->before, err) == -1)
		return -1;
	return store_new_days(s, j->before.report, &j->highest, days, err);
}

/* Of days whose reports are gone there are no figures. */
static int
note_floor(struct store *store, const struct filter *f, struct view *view,
    struct err *err)
{
	if (store_floor_day(store, &view->floor_day, err) == -1)
		return -1;
	/* A digest of nothing new is of no day at all. */
	view->pruned = view->floor_day != DAY_NONE &&
	    f->first_day != DAY_NONE && f->first_day < view->floor_day;
	return 0;
}

static struct mail_addresses
addresses(const struct telling *t)
{
	struct mail_addresses mail = t->mail;

	if (mail.to == NULL)
		mail.to = t->group != NULL ? t->group->mail_to : "";
	return mail;
}

/* What an output is told besides the figures. */
static int
fill_view(const struct job *j, struct view *view, struct err *err)
{
	const char *no_color = getenv("NO_COLOR");
	const struct telling *t = j->t;
	struct store *s = j->ctx->store;

	view->rows = t->rows;
	view->excel = t->excel;
	view->failures_only = t->failures_only;
	view->filtered = !filter_takes_all_domains(&j->filter);
	view->group = t->group != NULL ? t->group->name : NULL;
	view->mail = addresses(t);
	view->scope = &j->ctx->config->scope;
	view->store = j->ctx->store_path;
	view->colour = j->file == NULL && isatty(STDOUT_FILENO) &&
	    (no_color == NULL || no_color[0] == '\0');
	view->state = j->name;
	view->told = j->before.at;
	view->latest_day = DAY_NONE;
	if (note_floor(s, &j->filter, view, err) == -1 ||
	    store_count_rejects(s, &view->rejects, err) == -1 ||
	    store_empty_reports(s, &j->filter, j->before.report,
		&view->empty_reports, err) == -1)
		return -1;
	if (t->only_new)
		return 0;
	return store_latest_day(s, &j->filter, &view->latest_day, err);
}

/* Nothing new is no mail, be it ours or cron's; who watches a terminal or a
 * file wants to read that.  That no mail is read any more is always said. */
static bool
is_nothing_new(const struct job *j, const struct view *view)
{
	const struct telling *t = j->t;
	const bool by_cron = t->format == &output_text && j->file == NULL &&
	    !isatty(STDOUT_FILENO);

	return t->only_new && (by_cron || t->sending != SEND_NOT) &&
	    view->figures->ndomains == 0 && view->empty_reports == 0 &&
	    view->health.nfaults == 0;
}

/* What there is to tell of own domains and of the store. */
static unsigned
find_flags(const struct view *view)
{
	static const unsigned states[INCIDENT_STATES] = {
	    [INCIDENT_NEW] = NEWS_NEW,
	    [INCIDENT_ONGOING] = NEWS_ONGOING,
	    [INCIDENT_GONE] = NEWS_GONE,
	};
	const struct domain_figure *dom = view->figures->domains;
	unsigned flags = view->health.nfaults > 0 ? NEWS_HEALTH : 0;
	size_t i, k;

	for (i = 0; i < view->figures->ndomains; i++, dom++) {
		if (!dom->own)
			continue;
		for (k = 0; k < dom->nincidents; k++)
			flags |= states[dom->incidents[k].state];
		if (dom->nsilences > 0 || dom->verdict == VERDICT_SILENT)
			flags |= NEWS_SILENCE;
	}
	return flags;
}

static bool
is_silent(const struct job *j, const struct view *view)
{
	return j->t->sending != SEND_ALWAYS &&
	    (is_nothing_new(j, view) ||
		(j->t->only_if != 0 &&
		    (find_flags(view) & j->t->only_if) == 0));
}

/* Writes the message to a file that has no name, and hands that over. */
static int
send_view(const struct job *j, const struct view *view, struct err *err)
{
	FILE *message = tmpfile();
	int rc = -1;

	if (message == NULL)
		return err_errno(err, "no temporary file for the mail");
	if (fcntl(fileno(message), F_SETFD, FD_CLOEXEC) == -1)
		err_errno(err, "the mail");
	else if (j->t->format->write(message, view, err) == -1)
		err_prefix(err, "the mail");
	else
		rc = send_message(message, view->mail.to, err);
	fclose(message);
	return rc;
}

static int
write_view(const struct job *j, const struct view *view, struct err *err)
{
	const struct output *format = j->t->format;
	struct atomic_file *file;
	char day[DATE_SIZE];

	/* A table has no place for it. */
	if (view->pruned && !format->is_page) {
		date_format_day(view->floor_day, day);
		log_warn("reports of days before %s were pruned: none is "
			 "counted here",
		    day);
	}
	if (atomic_file_open(&file, j->file, err) == -1)
		return -1;
	if (format->write(atomic_file_stream(file), view, err) == -1) {
		atomic_file_abandon(file);
		err_prefix(
		    err, "%s", j->file != NULL ? j->file : "standard output");
		return -1;
	}
	return atomic_file_commit(file, err);
}

static bool
takes_domain(const void *filter, const char *domain)
{
	return filter_takes_domain(filter, domain);
}

/* True if nobody asks how the domains fare. */
static bool
is_lines_only(const struct telling *t)
{
	return t->format->is_lines && t->rows != ROWS_COVERAGE && !t->zeros &&
	    t->only_if == 0;
}

/* Every domain in every period is a line: of how many periods, at most? */
static int
check_zeros(
    const struct job *j, const struct digest_spec *spec, struct err *err)
{
	static const int64_t shortest[] = {
	    [BY_DAY] = 1, [BY_WEEK] = 7, [BY_MONTH] = 28, [BY_TOTAL] = DAY_MAX};
	const struct filter *f = &j->filter;
	const int64_t days = (int64_t)f->last_day - f->first_day + 1;

	if (!j->t->zeros || f->first_day == DAY_NONE ||
	    days / shortest[spec->by] <= ZERO_PERIODS_MAX)
		return 0;
	return err_set(err, ERR_USAGE,
	    "--zeros: %" PRId64 " days are over %d periods; choose a shorter "
	    "time, or --by month or total",
	    days, ZERO_PERIODS_MAX);
}

/* Sums up and writes down. */
static int
write_digest(struct job *j, struct err *err)
{
	struct digest_spec spec = {.by = j->t->by,
	    .told = j->before.report,
	    .now = j->ctx->now,
	    .settle = j->ctx->config->settle,
	    .news = j->t->only_new,
	    .lines_only = is_lines_only(j->t),
	    .zeros = j->t->zeros || j->t->format->is_state,
	    .takes = takes_domain,
	    .takes_arg = &j->filter,
	    .asked = j->t->asked,
	    .scope = &j->ctx->config->scope,
	    .group = j->t->group};
	struct figures_job made = {.store = NULL};
	struct conflicts_job conflicts = {.scope = spec.scope,
	    .all_own = spec.asked || spec.group != NULL,
	    .by_domain =
		j->t->format->has_coverage || j->t->rows == ROWS_COVERAGE};
	struct view view = {0};
	int rc;

	if (!j->t->by_given && !j->t->only_new &&
	    (j->t->format->is_page || j->t->rows == ROWS_COVERAGE))
		spec.by = BY_TOTAL; /* a person reads one page */
	if (check_zeros(j, &spec, err) == -1)
		return -1;
	rc = figures_make(&made, j->ctx->store, &j->filter, &spec,
	    j->t->format->looks_back || j->t->only_if != 0, err);
	if (rc == 0)
		rc = fill_view(j, &view, err);
	if (rc == 0)
		rc = conflicts_find(
		    &conflicts, j->ctx->store, &j->filter, &view, err);
	if (rc == 0)
		rc = figures_health(j->ctx, made.arena, &view.health, err);
	if (rc == 0) {
		view.figures = made.figures;
		j->silent = is_silent(j, &view);
		if (!j->silent && j->t->sending != SEND_NOT)
			rc = send_view(j, &view, err);
		else if (!j->silent)
			rc = write_view(j, &view, err);
	}
	conflicts_free(&conflicts);
	figures_close(&made);
	return rc;
}

/* A file that standard output goes to must be on the disk first, as one that
 * we name ourselves is. */
static int
finish_stdout(void)
{
	struct stat st;

	if (fflush(stdout) == EOF || fstat(STDOUT_FILENO, &st) == -1)
		return -1;
	if (S_ISREG(st.st_mode) && fsync(STDOUT_FILENO) == -1)
		return -1;
	return fclose(stdout) == EOF ? -1 : 0;
}

/* Remembers what was told, once it is certain to be written: standard output
 * may fail as late as when it is closed. */
static int
remember(const struct job *j, struct err *err)
{
	const struct told told = {j->highest, j->ctx->now};

	if (j->t->sending == SEND_NOT &&
	    (j->file == NULL || strcmp(j->file, "-") == 0) &&
	    finish_stdout() == -1)
		return err_errno(err, "standard output");
	store_rollback(j->ctx->store);
	if (store_tell(j->ctx->store, j->name, &told, err) == 0)
		return 0;
	err_prefix(err, "this digest will be repeated");
	return -1;
}

/* Opens the store, to be written if what was told is to be remembered. */
static int
open_store(const struct telling *t, struct err *err)
{
	struct context *ctx = t->ctx;

	if (store_open(&ctx->store, ctx->store_path,
		t->only_new ? STORE_WRITE : STORE_READ, err) == -1)
		return -1;
	return t->only_new ? store_tell_alone(ctx->store, err) : 0;
}

static int
find_days(struct job *j, struct err *err)
{
	int32_t days[2] = {j->t->days[0], j->t->days[1]};
	int rc;

	if (j->t->only_new)
		rc = find_news(j, days, err);
	else
		rc = bound_days(j->ctx->store, days, err);
	j->filter.first_day = days[0];
	j->filter.last_day = days[1];
	return rc;
}

/* The digest of the store as it is now. */
static int
tell_now(const struct telling *t, struct pick *pick, struct err *err)
{
	struct job j = {
	    .ctx = t->ctx, .t = t, .pick = pick, .before.at = TIME_NONE};
	int rc = -1;

	if (pick_filter(pick, &t->ctx->config->scope, &j.filter, err) == 0 &&
	    store_snapshot(t->ctx->store, err) == 0 &&
	    find_days(&j, err) == 0) {
		j.file =
		    tell_file_name(t, j.filter.first_day, j.filter.last_day);
		rc = write_digest(&j, err);
	}
	if (rc == 0 && t->only_new && (t->sending == SEND_NOT || !j.silent))
		rc = remember(&j, err);
	store_rollback(t->ctx->store);
	free(j.name);
	free(j.file);
	return rc;
}

int
tell(const struct telling *t, struct err *err)
{
	struct telling one = *t;

	/* A digest of one group is headed by its name. */
	if (t->pick->ngroups == 1 && t->pick->ndomains == 0)
		one.group = scope_group_find(
		    &t->ctx->config->scope, t->pick->groups[0]);
	return open_store(t, err) == -1 ? -1 : tell_now(&one, t->pick, err);
}

/* Tells of one group.  Where others may go on without it, the first error is
 * kept, and all are said but that one, which the caller says. */
static int
tell_group(const struct telling *t, struct err *err)
{
	struct pick pick = {.ndomains = 0};
	struct err now = {0};
	int rc;

	if (t->sending != SEND_NOT && addresses(t).to[0] == '\0')
		return 0;
	pick_group(&pick, t->group->name);
	rc = tell_now(t, &pick, &now);
	pick_free(&pick);
	if (rc == 0)
		return 0;
	err_prefix(&now, "group %s", t->group->name);
	if (err->code == ERR_NONE)
		*err = now;
	else
		log_error("%s", now.text);
	return -1;
}

int
tell_each_group(const struct telling *t, struct err *err)
{
	const struct scope *scope = &t->ctx->config->scope;
	struct telling one = *t;
	size_t i;
	int rc = 0;

	if (open_store(t, err) == -1)
		return -1;
	for (i = 0; i < scope->ngroups; i++) {
		one.group = &scope->groups[i];
		if (tell_group(&one, err) == 0)
			continue;
		if (t->sending == SEND_NOT)
			return -1;
		rc = -1;
	}
	return rc;
}

int
tell_parse_news(const char *text, unsigned *flags, struct err *err)
{
	static const struct {
		const char *name;
		unsigned flag;
	} words[] = {{"new", NEWS_NEW}, {"ongoing", NEWS_ONGOING},
	    {"gone", NEWS_GONE}, {"silence", NEWS_SILENCE},
	    {"health", NEWS_HEALTH}};
	const char *p = text;
	size_t i, len;

	*flags = 0;
	do {
		len = strcspn(p, ",");
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strlen(words[i].name) == len &&
			    strncmp(p, words[i].name, len) == 0)
				break;
		if (i == sizeof(words) / sizeof(words[0]))
			return err_set(err, ERR_USAGE,
			    "--only-if: no such word: %.*s (new, ongoing, "
			    "gone, silence, health)",
			    (int)len, p);
		*flags |= words[i].flag;
		p += len;
	} while (*p++ == ',');
	return 0;
}
