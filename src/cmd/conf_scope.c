/* SPDX-License-Identifier: ISC */

/*
 * The sections of the configuration that say whose domains these are and
 * what about them is worth an alert: domain, group, reporter and ignore { }.
 * What can be judged of one setting or section is validated here, as it is
 * read.
 */

#include "config.h"

#include <string.h>

#include "base/address.h"
#include "base/date.h"
#include "cmd/conf_private.h"

/* ---- what there is ---- */

#define THRESHOLD_OPTION(name, value, unit) \
	CFG_STR(#name, NULL, CFGF_NODEFAULT),

/* Nothing has a default: a value for each of ten settings of each of a
 * thousand groups takes longer to make than all else. */

cfg_opt_t *
conf_scope_domain_options(void)
{
	static cfg_opt_t options[] = {THRESHOLDS(THRESHOLD_OPTION) CFG_END()};

	return options;
}

cfg_opt_t *
conf_scope_group_options(void)
{
	static cfg_opt_t options[] = {CFG_STR_LIST("domains", NULL, CFGF_NONE),
	    CFG_STR_LIST("mail_to", NULL, CFGF_NONE),
	    THRESHOLDS(THRESHOLD_OPTION) CFG_END()};

	return options;
}

cfg_opt_t *
conf_scope_reporter_options(void)
{
	static cfg_opt_t options[] = {
	    CFG_STR_LIST("match", NULL, CFGF_NONE), CFG_END()};

	return options;
}

cfg_opt_t *
conf_scope_ignore_options(void)
{
	static cfg_opt_t options[] = {CFG_STR("domain", NULL, CFGF_NODEFAULT),
	    CFG_STR("mx", NULL, CFGF_NODEFAULT),
	    CFG_STR("reporter", NULL, CFGF_NODEFAULT),
	    CFG_STR("result", NULL, CFGF_NODEFAULT),
	    CFG_STR("until", NULL, CFGF_NODEFAULT),
	    CFG_STR("below_percent", NULL, CFGF_NODEFAULT), CFG_END()};

	return options;
}

#undef THRESHOLD_OPTION

/* ---- what is right ---- */

/* The text of a setting, or "". */
static const char *
text_of(cfg_t *section, const char *key)
{
	return cfg_size(section, key) > 0 ? cfg_getstr(section, key) : "";
}

/* The text that was set last, of a string or a list. */
static const char *
latest(cfg_opt_t *opt)
{
	return cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
}

/* A pattern of domains or hosts.  Space and comma are those of a list in one
 * string, the others those of an address or a URL: it would take nothing. */
static int
check_pattern(cfg_t *cfg, const char *key, const char *text)
{
	if (conf_is_clean(text) && text[0] != '\0' &&
	    strpbrk(text, " ,;@:/\"\\") == NULL)
		return 0;
	cfg_error(cfg, "%s: not a domain or a pattern for one: %s", key,
	    conf_is_clean(text) ? text : "a control character");
	return -1;
}

static int
valid_pattern(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_pattern(cfg, opt->name, latest(opt));
}

static int
valid_reporter_pattern(cfg_t *cfg, cfg_opt_t *opt)
{
	if (conf_valid_text(cfg, opt) == -1)
		return -1;
	if (latest(opt)[0] != '\0')
		return 0;
	cfg_error(cfg, "%s: an empty pattern takes nothing", opt->name);
	return -1;
}

static int
valid_mail_to(cfg_t *cfg, cfg_opt_t *opt)
{
	struct span list = span_of(latest(opt)), address;

	if (conf_valid_text(cfg, opt) == -1)
		return -1;
	while (address_next(&list, &address))
		if (!address_is_plain(address)) {
			cfg_error(cfg, "%s: not a plain mail address: %.*s",
			    opt->name, (int)address.len, address.p);
			return -1;
		}
	return 0;
}

static int
valid_result(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *word = latest(opt);
	bool exact;

	if (result_type_parse(span_of(word), &exact) != RESULT_OTHER ||
	    strcmp(word, result_type_name(RESULT_UNSPECIFIED)) == 0)
		return 0;
	if (conf_valid_text(cfg, opt) == 0)
		cfg_error(cfg,
		    "%s: no such result type: %s (tlstally explain lists them)",
		    opt->name, word);
	return -1;
}

static int
valid_until(cfg_t *cfg, cfg_opt_t *opt)
{
	int32_t day;

	if (conf_valid_text(cfg, opt) == -1)
		return -1;
	if (date_parse_day(span_of(latest(opt)), &day) == 0)
		return 0;
	cfg_error(
	    cfg, "%s: not a date: %s (2026-11-30)", opt->name, latest(opt));
	return -1;
}

/* As a threshold of that unit; a least share of 0 would ignore nothing. */
static int
check_threshold(
    cfg_t *cfg, cfg_opt_t *opt, enum threshold_unit unit, int64_t least)
{
	struct err err = {0};
	int64_t value;

	if (conf_valid_text(cfg, opt) == -1)
		return -1;
	if (conf_parse_threshold(latest(opt), unit, &value, &err) == -1)
		cfg_error(cfg, "%s: %s", opt->name, err.text);
	else if (value < least)
		cfg_error(cfg, "%s: must be more than 0", opt->name);
	else
		return 0;
	return -1;
}

static int
valid_below(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_threshold(cfg, opt, UNIT_RATIO, 1);
}

static int
valid_ratio(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_threshold(cfg, opt, UNIT_RATIO, 0);
}

static int
valid_count(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_threshold(cfg, opt, UNIT_COUNT, 0);
}

static int
valid_days(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_threshold(cfg, opt, UNIT_DAYS, 0);
}

/* The section that was read last: a name comes once, so none is replaced. */
static cfg_t *
latest_section(cfg_opt_t *opt)
{
	return cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
}

/* Names stand in headings and subjects, and those of groups in the names of
 * files.  libConfuse prints them without an escape for a quote. */
static int
check_name(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *name = cfg_title(latest_section(opt));
	bool group = strcmp(opt->name, "group") == 0;

	if (!conf_is_clean(name))
		cfg_error(
		    cfg, "%s: a control character in its name", opt->name);
	else if (name[0] == '\0')
		cfg_error(cfg, "%s \"\": no name", opt->name);
	else if (strpbrk(name, "\"\\") != NULL)
		cfg_error(cfg, "%s \"%s\": a quote or a backslash in its name",
		    opt->name, name);
	else if (group && (strchr(name, '/') != NULL || name[0] == '.'))
		cfg_error(cfg,
		    "group \"%s\": its name must serve for a file: no slash, "
		    "no dot at its start",
		    name);
	else
		return 0;
	return -1;
}

static int
valid_domain(cfg_t *cfg, cfg_opt_t *opt)
{
	if (check_name(cfg, opt) == -1)
		return -1;
	return check_pattern(cfg, "domain", cfg_title(latest_section(opt)));
}

/* A section with a list that must not be empty. */
static int
check_list(cfg_t *cfg, cfg_opt_t *opt, const char *key)
{
	cfg_t *section = latest_section(opt);

	if (check_name(cfg, opt) == -1)
		return -1;
	if (cfg_size(section, key) > 0)
		return 0;
	cfg_error(cfg, "%s \"%s\": no %s", opt->name, cfg_title(section), key);
	return -1;
}

static int
valid_group(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_list(cfg, opt, "domains");
}

static int
valid_reporter(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_list(cfg, opt, "match");
}

static int
valid_ignore(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = latest_section(opt);

	if (check_name(cfg, opt) == -1)
		return -1;
	if (text_of(section, "domain")[0] != '\0' ||
	    text_of(section, "mx")[0] != '\0' ||
	    text_of(section, "reporter")[0] != '\0' ||
	    text_of(section, "result")[0] != '\0')
		return 0;
	cfg_error(cfg,
	    "ignore \"%s\": it would ignore everything: name a domain, mx, "
	    "reporter or result",
	    cfg_title(section));
	return -1;
}

void
conf_scope_validate(cfg_t *cfg)
{
	static const cfg_validate_callback_t valid[] = {
	    [UNIT_RATIO] = valid_ratio,
	    [UNIT_COUNT] = valid_count,
	    [UNIT_DAYS] = valid_days};

#define THRESHOLD_VALIDATE(name, value, unit)                            \
	cfg_set_validate_func(cfg, "domain|" #name, valid[UNIT_##unit]); \
	cfg_set_validate_func(cfg, "group|" #name, valid[UNIT_##unit]);
	THRESHOLDS(THRESHOLD_VALIDATE)
#undef THRESHOLD_VALIDATE
	cfg_set_validate_func(cfg, "domain", valid_domain);
	cfg_set_validate_func(cfg, "group", valid_group);
	cfg_set_validate_func(cfg, "group|domains", valid_pattern);
	cfg_set_validate_func(cfg, "group|mail_to", valid_mail_to);
	cfg_set_validate_func(cfg, "reporter", valid_reporter);
	cfg_set_validate_func(cfg, "reporter|match", valid_reporter_pattern);
	cfg_set_validate_func(cfg, "ignore", valid_ignore);
	cfg_set_validate_func(cfg, "ignore|domain", valid_pattern);
	cfg_set_validate_func(cfg, "ignore|mx", valid_pattern);
	cfg_set_validate_func(cfg, "ignore|reporter", valid_reporter_pattern);
	cfg_set_validate_func(cfg, "ignore|result", valid_result);
	cfg_set_validate_func(cfg, "ignore|until", valid_until);
	cfg_set_validate_func(cfg, "ignore|below_percent", valid_below);
}

/* ---- what is in force ---- */

/* The settings were validated. */
static int64_t
take_threshold(cfg_t *section, const char *key, enum threshold_unit unit)
{
	const char *text = text_of(section, key);
	int64_t value = THRESHOLD_UNSET;

	if (text[0] != '\0')
		conf_parse_threshold(text, unit, &value, NULL);
	return value;
}

static struct thresholds
take_thresholds(cfg_t *section)
{
	struct thresholds t;

#define THRESHOLD_TAKE(name_, value, unit) \
	t.name_ = take_threshold(section, #name_, UNIT_##unit);
	THRESHOLDS(THRESHOLD_TAKE)
#undef THRESHOLD_TAKE
	return t;
}

/* All addresses as one list: "a@example.com, b@example.com". */
static const char *
take_mail_to(struct arena *a, cfg_t *section)
{
	const char *text = "";
	struct span list, address;
	unsigned i;

	for (i = 0; i < cfg_size(section, "mail_to"); i++) {
		list = span_of(cfg_getnstr(section, "mail_to", i));
		while (address_next(&list, &address))
			text = arena_printf(a, "%s%s%.*s", text,
			    text[0] != '\0' ? ", " : "", (int)address.len,
			    address.p);
	}
	return text;
}

static struct scope_ignore
take_ignore(cfg_t *section)
{
	struct scope_ignore r = {.name = cfg_title(section),
	    .domain = text_of(section, "domain"),
	    .mx = text_of(section, "mx"),
	    .reporter = text_of(section, "reporter"),
	    .result = text_of(section, "result"),
	    .until = DAY_MAX,
	    .below = take_threshold(section, "below_percent", UNIT_RATIO)};
	const char *until = text_of(section, "until");

	if (until[0] != '\0')
		date_parse_day(span_of(until), &r.until);
	return r;
}

static struct scope_group
take_group(struct arena *a, cfg_t *section)
{
	struct scope_group g = {.name = cfg_title(section),
	    .mail_to = take_mail_to(a, section),
	    .thresholds = take_thresholds(section)};

	g.domains = conf_take_list(a, section, "domains", &g.ndomains);
	return g;
}

static struct scope_reporter
take_reporter(struct arena *a, cfg_t *section)
{
	struct scope_reporter r = {.name = cfg_title(section)};

	r.match = conf_take_list(a, section, "match", &r.nmatch);
	return r;
}

void
conf_scope_take(struct conf *c, cfg_t *cfg, struct arena *a)
{
	struct scope *s = &c->scope;
	cfg_t *section;
	unsigned i;

	s->ndomains = cfg_size(cfg, "domain");
	s->domains = arena_calloc(a, s->ndomains, sizeof(*s->domains));
	for (i = 0; i < s->ndomains; i++) {
		section = cfg_getnsec(cfg, "domain", i);
		s->domains[i].name = cfg_title(section);
		s->domains[i].thresholds = take_thresholds(section);
	}
	s->ngroups = cfg_size(cfg, "group");
	s->groups = arena_calloc(a, s->ngroups, sizeof(*s->groups));
	for (i = 0; i < s->ngroups; i++)
		s->groups[i] = take_group(a, cfg_getnsec(cfg, "group", i));
	s->nreporters = cfg_size(cfg, "reporter");
	s->reporters = arena_calloc(a, s->nreporters, sizeof(*s->reporters));
	for (i = 0; i < s->nreporters; i++)
		s->reporters[i] =
		    take_reporter(a, cfg_getnsec(cfg, "reporter", i));
	s->nignores = cfg_size(cfg, "ignore");
	s->ignores = arena_calloc(a, s->nignores, sizeof(*s->ignores));
	for (i = 0; i < s->nignores; i++)
		s->ignores[i] = take_ignore(cfg_getnsec(cfg, "ignore", i));
	s->listed = c->domains;
	s->nlisted = c->ndomains;
	scope_index(s, a);
}
