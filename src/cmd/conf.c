/* SPDX-License-Identifier: ISC */

/*
 * The configuration: its files, their rights, and all sections but source.
 * One table a section says what there is; what libConfuse cannot judge is
 * validated beside it, where file and line are still known.
 */

#include "config.h"

#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/die.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cmd/conf.h"
#include "cmd/conf_private.h"

struct conf_private {
	cfg_t *cfg;
	struct arena *arena;
};

/* libConfuse's error function has no argument of ours, so what it needs
 * stands here while a file is parsed: where the error goes, and the whole
 * configuration, for a section does not know its file. */
static struct {
	struct err *err;
	const cfg_t *whole;
} parsing;

__attribute__((format(printf, 2, 0))) static void
take_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	const char *file = cfg->filename;
	char text[ERR_TEXT_MAX / 2];

	if (parsing.err == NULL || parsing.err->code != ERR_NONE)
		return; /* the first error is the cause of the rest */
	if (file == NULL)
		file = parsing.whole->filename;
	vsnprintf(text, sizeof(text), fmt, ap);
	err_set(parsing.err, ERR_CONFIG, "%s:%d: %s",
	    file != NULL ? file : "configuration", cfg->line, text);
}

/* Refuses a file that somebody else could have written: it names commands
 * and paths that run with our rights. */
static int
check_rights(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return err_set(err, ERR_CONFIG, "configuration %s: %s", path,
		    strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG,
		    "configuration %s: not a regular file", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return err_set(err, ERR_CONFIG,
		    "configuration %s: it belongs to another user", path);
	if ((st.st_mode & S_IWOTH) != 0 ||
	    ((st.st_mode & S_IWGRP) != 0 && st.st_gid != getegid()))
		return err_set(err, ERR_CONFIG,
		    "configuration %s: others can write it (chmod go-w)", path);
	if (file_check_place(path, err) == 0)
		return 0;
	err->code = ERR_CONFIG;
	return err_prefix(err, "configuration %s", path);
}

/* The path of a file that another one includes: what is relative stands
 * beside that other, wherever the program was started. */
static char *
included_path(const cfg_t *cfg, const char *name)
{
	const char *slash = strrchr(cfg->filename, '/');
	size_t len = slash != NULL ? (size_t)(slash - cfg->filename) + 1 : 0;
	char *path;

	if (name[0] == '~')
		path = cfg_tilde_expand(name);
	else if (name[0] == '/' || len == 0)
		path = strdup(name);
	else if (asprintf(&path, "%.*s%s", (int)len, cfg->filename, name) == -1)
		path = NULL;
	if (path == NULL)
		die("no memory for a path");
	return path;
}

static int
include_file(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	struct err err = {0};
	char *path;
	const char *args[1];
	int rc;

	if (argc != 1)
		return cfg_include(cfg, opt, argc, argv);
	path = included_path(cfg, argv[0]);
	args[0] = path;
	rc = check_rights(path, &err);
	if (rc == -1)
		cfg_error(cfg, "%s", err.text);
	else
		rc = cfg_include(cfg, opt, argc, args);
	free(path);
	return rc;
}

bool
conf_is_clean(const char *text)
{
	return !utf8_has_control(text, strlen(text));
}

int
conf_valid_text(cfg_t *cfg, cfg_opt_t *opt)
{
	if (conf_is_clean(cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1)))
		return 0;
	cfg_error(cfg, "%s: a control character", opt->name);
	return -1;
}

static int
valid_excel(cfg_t *cfg, cfg_opt_t *opt)
{
	enum excel excel;
	struct err err = {0};

	if (conf_parse_excel(cfg_opt_getstr(opt), &excel, &err) == 0)
		return 0;
	cfg_error(cfg, "%s: %s", opt->name, err.text);
	return -1;
}

static int
valid_group(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *name = cfg_opt_getstr(opt);

	if (name[0] == '\0' || getgrnam(name) != NULL)
		return 0;
	cfg_error(cfg, "%s: no such group: %s", opt->name, name);
	return -1;
}

static int
valid_settle(cfg_t *cfg, cfg_opt_t *opt)
{
	int64_t seconds;
	struct err err = {0};

	if (conf_parse_settle(cfg_opt_getstr(opt), &seconds, &err) == 0)
		return 0;
	cfg_error(cfg, "%s: %s", opt->name, err.text);
	return -1;
}

static int
valid_format(cfg_t *cfg, cfg_opt_t *opt)
{
	if (output_find(cfg_opt_getstr(opt)) != NULL)
		return 0;
	cfg_error(cfg, "%s: no such format: %s (%s)", opt->name,
	    cfg_opt_getstr(opt), output_names());
	return -1;
}

/* A bound may be lowered, never raised: each has its reason. */
static int
valid_limit(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct limits most = LIMITS_DEFAULT;
	size_t bound = 0;
	long value = cfg_opt_getnint(opt, 0);

#define LIMIT_BOUND(name_, value_)          \
	if (strcmp(opt->name, #name_) == 0) \
		bound = most.name_;
	LIMITS(LIMIT_BOUND)
#undef LIMIT_BOUND
	if (value >= 1 && (unsigned long)value <= bound)
		return 0;
	cfg_error(cfg, "%s: must lie between 1 and %zu", opt->name, bound);
	return -1;
}

/* The tables. */

/* libConfuse's type wants a default that could be written to. */
static char no_words[] = "{}";

static cfg_opt_t store_options[] = {CFG_STR("path", "", CFGF_NONE),
    CFG_STR("group", "", CFGF_NONE), CFG_STR("rejects", "", CFGF_NONE),
    CFG_END()};

static cfg_opt_t digest_options[] = {CFG_STR("format", "text", CFGF_NONE),
    CFG_STR("excel", "no", CFGF_NONE), CFG_STR("settle", "36h", CFGF_NONE),
    CFG_STR_LIST("domains", no_words, CFGF_NONE), CFG_END()};

#define LIMIT_OPTION(name, value) CFG_INT(#name, (long)(value), CFGF_NONE),
static cfg_opt_t limit_options[] = {LIMITS(LIMIT_OPTION) CFG_END()};
#undef LIMIT_OPTION

/* Sections that have a name which no other of their kind has. */
#define NAMED (CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES)

static int
is_hidden(cfg_t *cfg, cfg_opt_t *opt)
{
	return conf_source_is_hidden(cfg, opt) ||
	    conf_scope_is_hidden(cfg, opt);
}

static cfg_t *
new_parser(void)
{
	cfg_opt_t sections[] = {CFG_SEC("store", store_options, CFGF_NONE),
	    CFG_SEC("source", conf_source_options(), CFGF_MULTI | CFGF_TITLE),
	    CFG_SEC("digest", digest_options, CFGF_NONE),
	    CFG_SEC("domain", conf_scope_domain_options(), NAMED),
	    CFG_SEC("group", conf_scope_group_options(), NAMED),
	    CFG_SEC("reporter", conf_scope_reporter_options(), NAMED),
	    CFG_SEC("ignore", conf_scope_ignore_options(), NAMED),
	    CFG_SEC("limits", limit_options, CFGF_NONE),
	    CFG_FUNC("include", include_file), CFG_END()};
	cfg_t *cfg = cfg_init(sections, CFGF_NONE);

	if (cfg == NULL)
		die("no memory for the configuration");
	cfg_set_error_function(cfg, take_error);
	cfg_set_print_filter_func(cfg, is_hidden);
	conf_source_validate(cfg);
	conf_scope_validate(cfg);
	cfg_set_validate_func(cfg, "store|path", conf_valid_text);
	cfg_set_validate_func(cfg, "store|rejects", conf_valid_text);
	cfg_set_validate_func(cfg, "store|group", valid_group);
	cfg_set_validate_func(cfg, "digest|domains", conf_valid_text);
	cfg_set_validate_func(cfg, "digest|format", valid_format);
	cfg_set_validate_func(cfg, "digest|excel", valid_excel);
	cfg_set_validate_func(cfg, "digest|settle", valid_settle);
#define LIMIT_VALIDATE(name, value) \
	cfg_set_validate_func(cfg, "limits|" #name, valid_limit);
	LIMITS(LIMIT_VALIDATE)
#undef LIMIT_VALIDATE
	return cfg;
}

static int
parse_file(cfg_t *cfg, const char *path, struct err *err)
{
	int rc;

	if (check_rights(path, err) == -1)
		return -1;
	parsing.err = err;
	parsing.whole = cfg;
	err->code = ERR_NONE;
	rc = cfg_parse(cfg, path);
	parsing.err = NULL;
	if (rc == CFG_SUCCESS)
		return 0;
	if (err->code == ERR_NONE)
		err_set(
		    err, ERR_CONFIG, "configuration %s: cannot be read", path);
	return -1;
}

/* Parses path if there is such a file. */
static int
parse_optional(cfg_t *cfg, const char *path, struct err *err)
{
	if (access(path, F_OK) == -1 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	return parse_file(cfg, path, err);
}

static int
parse_usual(cfg_t *cfg, struct arena *a, struct err *err)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path = NULL;

	if (parse_optional(cfg, SYSCONFDIR "/tlstally.conf", err) == -1)
		return -1;
	if (dir != NULL && dir[0] == '/')
		path = arena_printf(a, "%s/tlstally/tlstally.conf", dir);
	else if (home != NULL && home[0] == '/')
		path =
		    arena_printf(a, "%s/.config/tlstally/tlstally.conf", home);
	return path == NULL ? 0 : parse_optional(cfg, path, err);
}

const char *
conf_take_path(struct arena *a, const char *path)
{
	char *full;
	const char *copy;

	if (path[0] != '~')
		return path;
	full = cfg_tilde_expand(path);
	if (full == NULL)
		die("no memory for a path");
	copy = arena_strdup(a, full);
	free(full);
	return copy;
}

const char **
conf_take_list(struct arena *a, cfg_t *cfg, const char *name, size_t *n)
{
	const char **list;
	unsigned i;

	*n = cfg_size(cfg, name);
	list = arena_calloc(a, *n, sizeof(*list));
	for (i = 0; i < *n; i++)
		list[i] = cfg_getnstr(cfg, name, i);
	return list;
}

/* The group was there when the file was parsed; should it be gone now, nobody
 * is in it. */
static void
take_store(struct conf *c, cfg_t *section, struct arena *a)
{
	const char *name = cfg_getstr(section, "group");
	const struct group *group;

	c->store_path = conf_take_path(a, cfg_getstr(section, "path"));
	c->rejects = conf_take_path(a, cfg_getstr(section, "rejects"));
	if (name[0] == '\0')
		return;
	group = getgrnam(name);
	c->sharing.group = name;
	c->sharing.gid = group != NULL ? group->gr_gid : (gid_t)-1;
}

static void
take_settings(struct conf *c)
{
	cfg_t *cfg = c->private->cfg, *section;
	struct arena *a = c->private->arena;

	take_store(c, cfg_getsec(cfg, "store"), a);
	conf_source_take(c, cfg, a);
	section = cfg_getsec(cfg, "digest");
	c->format = output_find(cfg_getstr(section, "format"));
	conf_parse_excel(cfg_getstr(section, "excel"), &c->excel, NULL);
	conf_parse_settle(cfg_getstr(section, "settle"), &c->settle, NULL);
	c->domains = conf_take_list(a, section, "domains", &c->ndomains);
	conf_scope_take(c, cfg, a);
	section = cfg_getsec(cfg, "limits");
#define LIMIT_TAKE(name, value) \
	c->limits.name = (size_t)cfg_getint(section, #name);
	LIMITS(LIMIT_TAKE)
#undef LIMIT_TAKE
}

int
conf_read(struct conf **out, const char *path, struct err *err)
{
	struct conf *c = xcalloc(1, sizeof(*c));
	int rc;

	*out = NULL;
	c->private = xcalloc(1, sizeof(*c->private));
	c->private->cfg = new_parser();
	c->private->arena = arena_new(1024);
	if (path != NULL)
		rc = parse_file(c->private->cfg, path, err);
	else
		rc = parse_usual(c->private->cfg, c->private->arena, err);
	if (rc == 0) {
		take_settings(c);
		rc = conf_scope_check(&c->scope, c->private->cfg, err);
	}
	if (rc == -1)
		conf_free(c);
	else
		*out = c;
	return rc;
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	cfg_free(c->private->cfg);
	arena_free(c->private->arena);
	free(c->private);
	free(c);
}

void
conf_write(const struct conf *c, const char *store_path, FILE *out)
{
	fprintf(out, "# The store in use: %s\n", store_path);
	conf_scope_write_defaults(out);
	cfg_print(c->private->cfg, out);
}
