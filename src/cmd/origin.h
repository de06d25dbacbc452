/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_ORIGIN_H
#define TLSTALLY_CMD_ORIGIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "cmd/conf.h"
#include "source/imap.h"
#include "source/source.h"

/* The command that prints the password of an IMAP URL's user. */
#define PASSWORD_COMMAND_VARIABLE "TLSTALLY_PASSWORD_COMMAND"

/* Where ingest reads: what an argument names, be it a section of the
 * configuration, an IMAP URL or a path. */
struct origin {
	struct source_config source; /* but for limits and callbacks */
	struct imap_config imap;     /* source.imap points here, or is NULL */
	const char *folder;	     /* of a URL; source.folders points here */
	const char *label;	     /* for progress */
	const char *authserv_id;     /* "" when unset */
	bool is_pipe;
	bool is_section; /* of the configuration */
};

/* What the command line says beside the arguments. */
struct origin_options {
	const char *when_done;	   /* was parsed before, or NULL */
	const char *password_file; /* of an IMAP URL, or NULL */
	bool dry_run;		   /* nothing is touched */
	struct arena *arena;	   /* for strings */
};

/* True if arg is an IMAP URL and no section's name. */
bool origin_is_url(const struct conf *c, const char *arg);

/* Fills in *o, which must stay where it is, from an argument; strings are the
 * caller's, or in the arena.  Returns 0, or -1 with ERR_USAGE for a URL that
 * cannot be used. */
int origin_find(struct origin *o, const char *arg, const struct conf *c,
    const struct origin_options *options, struct err *err);

#endif
