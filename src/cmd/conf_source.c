/* SPDX-License-Identifier: ISC */

/*
 * The source { } section of the configuration.  A source is what stands at a
 * path, or an account on an IMAP server; settings that are for the other kind
 * are refused, as they would be without effect.
 */

#include "config.h"

#include <string.h>
#include <strings.h>

#include "base/die.h"
#include "cmd/conf_private.h"
#include "source/imap.h"
#include "source/utf7.h"

#define ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
#define INBOX	    "INBOX"

/* The number of a macro as text. */
#define TEXT_OF(number) #number
#define TEXT(number)	TEXT_OF(number)

enum source_type { SOURCE_AUTO, SOURCE_IMAP };

/* The settings that are one of some words; a word's index is its value. */
static const struct vocabulary {
	const char *key;
	const char *words[6]; /* the last is NULL */
} vocabularies[] = {
    {"type", {[SOURCE_AUTO] = "auto", [SOURCE_IMAP] = "imap"}},
    {"tls",
	{[IMAP_TLS_IMPLICIT] = "implicit",
	    [IMAP_TLS_STARTTLS] = "starttls",
	    [IMAP_TLS_NONE] = "none"}},
    {"auth",
	{[IMAP_AUTH_AUTO] = "auto",
	    [IMAP_AUTH_PLAIN] = "plain",
	    [IMAP_AUTH_LOGIN] = "login",
	    [IMAP_AUTH_SCRAM_SHA_256] = "scram-sha-256",
	    [IMAP_AUTH_XOAUTH2] = "xoauth2"}},
    {"candidates",
	{[IMAP_CANDIDATES_DEFAULT] = "auto",
	    [IMAP_CANDIDATES_ALL] = "all",
	    [IMAP_CANDIDATES_LIKELY] = "likely"}},
};

/* The settings that only an IMAP account has. */
static const char *const imap_keys[] = {"host", "port", "tls", "user",
    "password_command", "password_file", "auth", "token_command", "ca_file",
    "fingerprint", "candidates", "rejects_folder", "batch", "timeout"};

/* Those of all settings that are nothing but a string. */
static const char *const texts[] = {"path", "folders", "authserv_id", "host",
    "user", "password_command", "password_file", "token_command", "ca_file",
    "fingerprint", "rejects_folder"};

/* The word that the setting has in the section, by its index. */
static int
word_of(cfg_t *section, const char *key)
{
	const char *word = cfg_getstr(section, key);
	size_t i;
	int n;

	for (i = 0; i < ELEMENTS(vocabularies); i++)
		if (strcmp(vocabularies[i].key, key) == 0)
			for (n = 0; vocabularies[i].words[n] != NULL; n++)
				if (strcmp(vocabularies[i].words[n], word) == 0)
					return n;
	die("%s: not validated: %s", key, word);
}

static bool
is_imap(cfg_t *section)
{
	return word_of(section, "type") == SOURCE_IMAP;
}

static bool
is_imap_key(const char *key)
{
	size_t i;

	for (i = 0; i < ELEMENTS(imap_keys); i++)
		if (strcmp(imap_keys[i], key) == 0)
			return true;
	return false;
}

static bool
is_given(cfg_t *section, const char *key)
{
	return (cfg_getopt(section, key)->flags & CFGF_MODIFIED) != 0;
}

/* ---- what there is ---- */

/* libConfuse's type wants a default that could be written to. */
static char no_words[] = "{}";

cfg_opt_t *
conf_source_options(void)
{
	static cfg_opt_t options[] = {CFG_STR("type", "auto", CFGF_NONE),
	    CFG_STR("path", "", CFGF_NONE), CFG_STR("host", "", CFGF_NONE),
	    CFG_INT("port", 0, CFGF_NONE),
	    CFG_STR("tls", "implicit", CFGF_NONE),
	    CFG_STR("user", "", CFGF_NONE), CFG_STR("password", "", CFGF_NONE),
	    CFG_STR("password_command", "", CFGF_NONE),
	    CFG_STR("password_file", "", CFGF_NONE),
	    CFG_STR("auth", "auto", CFGF_NONE),
	    CFG_STR("token_command", "", CFGF_NONE),
	    CFG_STR("ca_file", "", CFGF_NONE),
	    CFG_STR("fingerprint", "", CFGF_NONE),
	    CFG_STR_LIST("folders", no_words, CFGF_NONE),
	    CFG_STR("candidates", "auto", CFGF_NONE),
	    CFG_STR("when_done", "keep", CFGF_NONE),
	    CFG_STR("rejects_folder", "", CFGF_NONE),
	    CFG_INT("batch", IMAP_BATCH_DEFAULT, CFGF_NONE),
	    CFG_STR("timeout", TEXT(IMAP_TIMEOUT_DEFAULT) "s", CFGF_NONE),
	    CFG_STR("authserv_id", "", CFGF_NONE), CFG_END()};

	return options;
}

/* ---- an account ---- */

/* Programs write fingerprints with colons and in capitals. */
static const char *
take_fingerprint(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text), *out = copy, *p;

	for (p = copy; *p != '\0'; p++)
		if (*p != ':')
			*out++ = ascii_lower(*p);
	*out = '\0';
	return copy;
}

static long
port_of(cfg_t *section)
{
	long port = cfg_getint(section, "port");

	if (port != 0)
		return port;
	return word_of(section, "tls") == IMAP_TLS_IMPLICIT ? IMAPS_PORT
							    : IMAP_PORT;
}

static struct imap_config
take_imap(struct arena *a, cfg_t *section)
{
	struct imap_config c = imap_config_default();
	struct account *t = &c.account;

	t->host = cfg_getstr(section, "host");
	t->port = (uint16_t)port_of(section);
	t->tls = (enum imap_tls)word_of(section, "tls");
	t->user = cfg_getstr(section, "user");
	t->auth = (enum imap_auth)word_of(section, "auth");
	t->password_command = cfg_getstr(section, "password_command");
	t->password_file =
	    conf_take_path(a, cfg_getstr(section, "password_file"));
	t->token_command = cfg_getstr(section, "token_command");
	t->ca_file = conf_take_path(a, cfg_getstr(section, "ca_file"));
	t->fingerprint =
	    take_fingerprint(a, cfg_getstr(section, "fingerprint"));
	conf_parse_timeout(
	    cfg_getstr(section, "timeout"), &t->timeout_ms, NULL);
	c.candidates = (enum imap_candidates)word_of(section, "candidates");
	c.rejects_folder = cfg_getstr(section, "rejects_folder");
	c.batch = (size_t)cfg_getint(section, "batch");
	return c;
}

/* ---- what is right ---- */

static int
valid_word(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct vocabulary *v = vocabularies;
	const char *word = cfg_opt_getstr(opt);
	char list[64] = "";
	size_t i;

	while (strcmp(v->key, opt->name) != 0)
		v++;
	for (i = 0; v->words[i] != NULL; i++) {
		if (strcmp(v->words[i], word) == 0)
			return 0;
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
		    "%s%s", i > 0 ? ", " : "", v->words[i]);
	}
	cfg_error(cfg, "%s: not one of these: %s (%s)", opt->name, word, list);
	return -1;
}

static int
valid_range(cfg_t *cfg, cfg_opt_t *opt, long most)
{
	long value = cfg_opt_getnint(opt, 0);

	if (value >= 1 && value <= most)
		return 0;
	cfg_error(cfg, "%s: must lie between 1 and %ld", opt->name, most);
	return -1;
}

static int
valid_port(cfg_t *cfg, cfg_opt_t *opt)
{
	return valid_range(cfg, opt, UINT16_MAX);
}

static int
valid_batch(cfg_t *cfg, cfg_opt_t *opt)
{
	return valid_range(cfg, opt, IMAP_BATCH_MAX);
}

static int
valid_timeout(cfg_t *cfg, cfg_opt_t *opt)
{
	struct err err = {0};
	uint32_t ms;

	if (conf_parse_timeout(cfg_opt_getstr(opt), &ms, &err) == 0)
		return 0;
	cfg_error(cfg, "%s: %s", opt->name, err.text);
	return -1;
}

static int
valid_when_done(cfg_t *cfg, cfg_opt_t *opt)
{
	enum disposal dispose;
	const char *folder;
	struct err err = {0};

	if (conf_valid_text(cfg, opt) == -1)
		return -1;
	if (conf_parse_disposal(cfg_opt_getstr(opt), &dispose, &folder, &err) ==
	    0)
		return 0;
	cfg_error(cfg, "%s: %s", opt->name, err.text);
	return -1;
}

/* Backups, mails for help and version control carry configurations about. */
static int
valid_password(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_error(cfg,
	    "%s: no password stands in a configuration: name a "
	    "password_command or a password_file",
	    opt->name);
	return -1;
}

/* Refuses a setting that is for another kind of source. */
static int
check_keys(cfg_t *cfg, cfg_t *section)
{
	const char *title = cfg_title(section);
	size_t i;

	if (is_imap(section)) {
		if (!is_given(section, "path"))
			return 0;
		cfg_error(cfg, "source \"%s\": path: an IMAP account has none",
		    title);
		return -1;
	}
	for (i = 0; i < ELEMENTS(imap_keys); i++)
		if (is_given(section, imap_keys[i])) {
			cfg_error(cfg,
			    "source \"%s\": %s: it is for type = imap only",
			    title, imap_keys[i]);
			return -1;
		}
	if (cfg_getstr(section, "path")[0] != '\0')
		return 0;
	cfg_error(cfg, "source \"%s\": no path", title);
	return -1;
}

static bool
same_folder(const char *a, const char *b)
{
	return strcmp(a, b) == 0 ||
	    (strcasecmp(a, INBOX) == 0 && strcasecmp(b, INBOX) == 0);
}

static bool
reads_folder(cfg_t *section, const char *folder)
{
	unsigned i, n = cfg_size(section, "folders");

	for (i = 0; i < n; i++)
		if (same_folder(cfg_getnstr(section, "folders", i), folder))
			return true;
	return n == 0 && same_folder(INBOX, folder);
}

/* Better said now than in a run at night. */
static int
check_names(cfg_t *section, const char *target, struct err *err)
{
	unsigned i, n = cfg_size(section, "folders");

	for (i = 0; i < n; i++)
		if (utf7_check(cfg_getnstr(section, "folders", i), err) == -1)
			return err_prefix(err, "folders");
	if (target[0] != '\0' && utf7_check(target, err) == -1)
		return err_prefix(err, "when_done");
	return 0;
}

/* A message that is put into a folder comes as a new one when that folder is
 * read, and so would be put there again and again. */
static int
check_folders(cfg_t *cfg, cfg_t *section, const struct imap_config *imap)
{
	enum disposal dispose;
	const char *folder;
	struct err err;

	conf_parse_disposal(
	    cfg_getstr(section, "when_done"), &dispose, &folder, NULL);
	if (check_names(section, folder, &err) == -1) {
		cfg_error(
		    cfg, "source \"%s\": %s", cfg_title(section), err.text);
		return -1;
	}
	if (dispose != DISPOSE_MOVE || !reads_folder(section, folder)) {
		folder = imap->rejects_folder;
		if (folder[0] == '\0' || !reads_folder(section, folder))
			return 0;
	}
	cfg_error(cfg,
	    "source \"%s\": mail cannot be moved to %s, as that is read",
	    cfg_title(section), folder);
	return -1;
}

static int
check_imap(cfg_t *cfg, cfg_t *section)
{
	struct arena *a = arena_new(256);
	struct imap_config imap = take_imap(a, section);
	struct err err = {0};
	int rc = imap_config_check(&imap, &err);

	if (rc == -1)
		cfg_error(
		    cfg, "source \"%s\": %s", cfg_title(section), err.text);
	else
		rc = check_folders(cfg, section, &imap);
	arena_free(a);
	return rc;
}

static int
check_section(cfg_t *cfg, cfg_t *section)
{
	if (!conf_is_clean(cfg_title(section))) {
		cfg_error(cfg, "source: a control character in its name");
		return -1;
	}
	if (check_keys(cfg, section) == -1)
		return -1;
	return is_imap(section) ? check_imap(cfg, section) : 0;
}

/* A section takes the place of one with its name, wherever that stands: so
 * all are looked at. */
static int
valid_source(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned i;

	for (i = 0; i < cfg_opt_size(opt); i++)
		if (check_section(cfg, cfg_opt_getnsec(opt, i)) == -1)
			return -1;
	return 0;
}

static void
set_validate(cfg_t *cfg, const char *key, cfg_validate_callback_t function)
{
	char name[64];

	snprintf(name, sizeof(name), "source|%s", key);
	cfg_set_validate_func(cfg, name, function);
}

void
conf_source_validate(cfg_t *cfg)
{
	size_t i;

	cfg_set_validate_func(cfg, "source", valid_source);
	for (i = 0; i < ELEMENTS(texts); i++)
		set_validate(cfg, texts[i], conf_valid_text);
	for (i = 0; i < ELEMENTS(vocabularies); i++)
		set_validate(cfg, vocabularies[i].key, valid_word);
	set_validate(cfg, "when_done", valid_when_done);
	set_validate(cfg, "password", valid_password);
	set_validate(cfg, "port", valid_port);
	set_validate(cfg, "batch", valid_batch);
	set_validate(cfg, "timeout", valid_timeout);
}

/* ---- what is in force ---- */

/* Puts in what follows from other settings. */
static void
complete(cfg_t *section)
{
	if (!is_imap(section))
		return;
	cfg_setint(section, "port", port_of(section));
	if (cfg_size(section, "folders") == 0)
		cfg_setnstr(section, "folders", INBOX, 0);
}

static void
take_section(struct source_section *s, cfg_t *section, struct arena *a)
{
	struct imap_config *imap;

	s->name = cfg_title(section);
	s->path = conf_take_path(a, cfg_getstr(section, "path"));
	s->folders = conf_take_list(a, section, "folders", &s->nfolders);
	s->authserv_id = cfg_getstr(section, "authserv_id");
	/* Already validated. */
	conf_parse_disposal(cfg_getstr(section, "when_done"), &s->dispose,
	    &s->dispose_folder, NULL);
	if (is_imap(section)) {
		imap = arena_alloc(a, sizeof(*imap));
		*imap = take_imap(a, section);
		s->imap = imap;
	}
}

void
conf_source_take(struct conf *c, cfg_t *cfg, struct arena *a)
{
	unsigned i;

	c->nsources = cfg_size(cfg, "source");
	c->sources = arena_calloc(a, c->nsources, sizeof(*c->sources));
	for (i = 0; i < c->nsources; i++) {
		complete(cfg_getnsec(cfg, "source", i));
		take_section(&c->sources[i], cfg_getnsec(cfg, "source", i), a);
	}
}

const struct source_section *
conf_source(const struct conf *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->nsources; i++)
		if (strcmp(c->sources[i].name, name) == 0)
			return &c->sources[i];
	return NULL;
}

int
conf_source_is_hidden(cfg_t *cfg, cfg_opt_t *opt)
{
	if (strcmp(cfg_name(cfg), "source") != 0)
		return 0;
	if (strcmp(opt->name, "password") == 0)
		return 1;
	if (is_imap(cfg))
		return strcmp(opt->name, "path") == 0;
	return is_imap_key(opt->name);
}
