/* SPDX-License-Identifier: ISC */

/*
 * What of domain { } and group { } can be judged only when all sections are
 * known: a domain that another section takes first would never be told of,
 * and nobody would notice.  And how they are printed.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/ratio.h"
#include "cmd/conf_private.h"

static const char *
format(int64_t value, enum threshold_unit unit, char out[RATIO_SIZE])
{
	if (unit == UNIT_RATIO)
		ratio_format(value, out);
	else
		snprintf(out, RATIO_SIZE, "%" PRId64 "%s", value,
		    unit == UNIT_DAYS ? "d" : "");
	return out;
}

/* ---- what is right ---- */

struct bound {
	const char *name;
	int64_t value;
};

static int
check_order(const struct bound *low, const struct bound *high,
    enum threshold_unit unit, struct err *err)
{
	char a[RATIO_SIZE], b[RATIO_SIZE];

	if (low->value <= high->value)
		return 0;
	return err_set(err, ERR_CONFIG, "%s, %s, is more than %s, %s",
	    low->name, format(low->value, unit, a), high->name,
	    format(high->value, unit, b));
}

/* A silence of 0 is never told, and so has no order. */
static int
check_thresholds(const struct thresholds *t, struct err *err)
{
	const struct bound warning = {"warning_rate", t->warning_rate},
			   critical = {"critical_rate", t->critical_rate},
			   silence = {"silence_warning", t->silence_warning},
			   long_silence = {"silence_critical",
			       t->silence_critical},
			   report = {"report_days", t->report_days},
			   testing = {"testing_days", t->testing_days};

	if (check_order(&warning, &critical, UNIT_RATIO, err) == -1)
		return -1;
	if (t->silence_critical > 0 &&
	    check_order(&silence, &long_silence, UNIT_DAYS, err) == -1)
		return -1;
	return check_order(&report, &testing, UNIT_DAYS, err);
}

/* What is not set counts as its fellow, where nobody knows what else holds. */
static void
agree(int64_t *low, int64_t *high)
{
	if (*low == THRESHOLD_UNSET)
		*low = *high;
	if (*high == THRESHOLD_UNSET)
		*high = *low;
}

/* The thresholds of a domain section: for a domain all that hold for it; for
 * a pattern, whose domains may be in several groups, what it says itself. */
static struct thresholds
thresholds_of(const struct scope *s, const struct scope_domain *d)
{
	struct thresholds t = d->thresholds;

	if (scope_is_name(d->name))
		return scope_thresholds(s, d->name);
	agree(&t.warning_rate, &t.critical_rate);
	agree(&t.silence_warning, &t.silence_critical);
	agree(&t.report_days, &t.testing_days);
	return t;
}

static int
check_domain(
    const struct scope *s, const struct scope_domain *d, struct err *err)
{
	const struct scope_domain *first = scope_domain_of(s, d->name);
	struct thresholds t = thresholds_of(s, d);

	if (scope_is_name(d->name) && first != d)
		return err_set(err, ERR_CONFIG,
		    "domain \"%s\", which stands before it, takes it",
		    first->name);
	return check_thresholds(&t, err);
}

static int
check_group(const struct scope *s, const struct scope_group *g, struct err *err)
{
	const struct scope none = {0};
	struct thresholds t = scope_thresholds(&none, ""), own = g->thresholds;
	const struct scope_group *first;
	size_t i;

#define THRESHOLD_OVER(name_, value, unit) \
	if (own.name_ != THRESHOLD_UNSET)  \
		t.name_ = own.name_;
	THRESHOLDS(THRESHOLD_OVER)
#undef THRESHOLD_OVER
	for (i = 0; i < g->ndomains; i++) {
		if (!scope_is_name(g->domains[i]))
			continue;
		first = scope_group_of(s, g->domains[i]);
		if (first != g)
			return err_set(err, ERR_CONFIG,
			    "domains: %s: group \"%s\", which stands before "
			    "it, takes it",
			    g->domains[i], first->name);
	}
	return check_thresholds(&t, err);
}

/* Puts the section's place before what is wrong with it. */
static int
complain(cfg_t *section, struct err *err)
{
	return err_prefix(err, "%s:%d: %s \"%s\"", section->filename,
	    section->line, cfg_name(section), cfg_title(section));
}

int
conf_scope_check(const struct scope *s, cfg_t *cfg, struct err *err)
{
	unsigned i;

	for (i = 0; i < s->ngroups; i++)
		if (check_group(s, &s->groups[i], err) == -1)
			return complain(cfg_getnsec(cfg, "group", i), err);
	for (i = 0; i < s->ndomains; i++)
		if (check_domain(s, &s->domains[i], err) == -1)
			return complain(cfg_getnsec(cfg, "domain", i), err);
	return 0;
}

/* ---- how it is printed ---- */

int
conf_scope_is_hidden(cfg_t *cfg, cfg_opt_t *opt)
{
	static const char *const names[] = {
	    "domain", "group", "reporter", "ignore"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(cfg_name(cfg), names[i]) == 0)
			return cfg_opt_size(opt) == 0;
	return 0;
}

void
conf_scope_write_defaults(FILE *out)
{
	char text[RATIO_SIZE];

	fputs("# Where no domain or group says otherwise:\n", out);
#define THRESHOLD_WRITE(name, value, unit)       \
	fprintf(out, "#   " #name " = \"%s\"\n", \
	    format(value, UNIT_##unit, text));
	THRESHOLDS(THRESHOLD_WRITE)
#undef THRESHOLD_WRITE
}
