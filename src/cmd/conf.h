/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_CONF_H
#define TLSTALLY_CMD_CONF_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/sharing.h"
#include "digest/scope.h"
#include "output/output.h"
#include "source/source.h"

/*
 * The configuration, tlstally.conf(5): read by libConfuse, checked whole
 * before anything runs, every error with its file and line.
 */

/* A source { } section. */
struct source_section {
	const char *name;
	const char *path;		/* "" for an IMAP account */
	const struct imap_config *imap; /* NULL for what has a path */
	const char **folders;
	size_t nfolders;
	enum disposal dispose;
	const char *dispose_folder; /* for DISPOSE_MOVE, else "" */
	const char *authserv_id;    /* "" when unset */
};

struct conf {
	const char *store_path; /* "" when unset */
	const char *rejects;	/* store { rejects }, "" when unset */
	struct sharing sharing; /* store { group } */
	struct source_section *sources;
	size_t nsources;
	const struct output *format; /* digest { format } */
	enum excel excel;	     /* digest { excel } */
	int64_t settle;		     /* digest { settle }, seconds */
	const char **domains;	     /* digest { domains } */
	size_t ndomains;
	struct scope scope; /* domain, group, reporter and ignore { }, and
			       digest { domains }; with its index */
	struct limits limits;
	struct conf_private *private;
};

/* Reads the file at path; without one, $sysconfdir/tlstally.conf and then
 * $XDG_CONFIG_HOME/tlstally/tlstally.conf on top, where they are.  Returns 0,
 * or -1 with ERR_CONFIG (or ERR_NOINPUT when path is not there). */
int conf_read(struct conf **out, const char *path, struct err *err);
void conf_free(struct conf *c);

/* The section of that name, or NULL. */
const struct source_section *conf_source(
    const struct conf *c, const char *name);

/* Parses "keep", "seen", "move:FOLDER" or "delete"; *folder points into text
 * or is "".  Returns 0, or -1 with ERR_USAGE. */
int conf_parse_disposal(const char *text, enum disposal *dispose,
    const char **folder, struct err *err);

/* Parses "no", "yes", "comma" or "semicolon" (NULL: yes).  Returns 0, or -1
 * with ERR_USAGE. */
int conf_parse_excel(const char *text, enum excel *excel, struct err *err);

/* Parses "36h" or "2d", up to 31 days, into seconds.  Returns 0, or -1 with
 * ERR_USAGE. */
int conf_parse_settle(const char *text, int64_t *seconds, struct err *err);

/* Parses seconds as "60" or "60s", or minutes as "2m", within the bounds of
 * source/imap.h.  Returns 0, or -1 with ERR_USAGE. */
int conf_parse_timeout(const char *text, uint32_t *ms, struct err *err);

/* What a threshold counts: millionths of a whole, things or days. */
enum threshold_unit { UNIT_RATIO, UNIT_COUNT, UNIT_DAYS };

/* Parses "0.1 %", "100" or "3d", as the unit is.  Returns 0, or -1 with
 * ERR_USAGE. */
int conf_parse_threshold(const char *text, enum threshold_unit unit,
    int64_t *value, struct err *err);

/* Writes the effective settings as a configuration file.  There are no
 * secrets in it: a configuration holds none. */
void conf_write(const struct conf *c, const char *store_path, FILE *out);

#endif
