/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_CMD_H
#define TLSTALLY_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "cmd/conf.h"
#include "jail/jail.h"
#include "store/store.h"

/*
 * The commands.  Each is one struct command; cmd_main reads the options that
 * its table names, opens what it needs, and calls it.  Only this floor
 * prints errors and picks exit statuses, by cmd_exit_status.
 */

/* What stands ready when a command runs. */
struct context {
	const char *config_path;  /* -c, or NULL for the usual places */
	const char *store_option; /* -s, or NULL */
	struct conf *config;	  /* NULL unless the command needs it */
	struct jail *jail;	  /* NULL until the command needs it */
	struct store *store;	  /* NULL unless the command needs it */
	char *store_path;	  /* where the store is, or would be */
	struct arena *arena;	  /* for what the command holds to its end */
	int64_t now; /* the time to take for now, seconds since 1970 */
	int argc;    /* what stands behind the options */
	char **argv;
};

/* An option; a table of them ends with a zero name. */
struct cmd_option {
	const char *name; /* without "--" */
	char letter;	  /* the short form, or 0 */
	const char *arg;  /* the name of its argument, or NULL */
	const char *help;
};

enum cmd_needs {
	NEEDS_NOTHING = 0,
	NEEDS_CONFIG, /* the configuration, and with it store_path */
	NEEDS_STORE,  /* that, and the store, opened to be read */
	NEEDS_JAIL    /* that, and before the store a jail with one decoder */
};

struct command {
	const char *name;
	const char *summary; /* half a line */
	const char *usage;   /* what stands behind the name */
	enum cmd_needs needs;
	const struct cmd_option *options; /* NULL: none but the global */
	size_t state_size; /* bytes of the command's own state, zeroed */
	/* Takes an option of the table by its index, in the order of the
	 * command line.  Returns 0, or -1 with ERR_USAGE. */
	int (*option)(
	    void *state, size_t index, const char *arg, struct err *err);
	/* Does the work and returns the exit status (sysexits(3)). */
	int (*run)(struct context *ctx, void *state);
	/* Frees what the state holds, whether it came to run or not; NULL if
	 * it holds nothing. */
	void (*release)(void *state);
	/* Says what was wrong before it could run, and returns the exit
	 * status; NULL: cmd_fail. */
	int (*fail)(const struct err *err);
};

extern const struct command cmd_advise;
extern const struct command cmd_backup;
extern const struct command cmd_check;
extern const struct command cmd_config;
extern const struct command cmd_digest;
extern const struct command cmd_explain;
extern const struct command cmd_export;
extern const struct command cmd_ingest;
extern const struct command cmd_list;
extern const struct command cmd_make_record;
extern const struct command cmd_monitor;
extern const struct command cmd_prune;
extern const struct command cmd_rejects;
extern const struct command cmd_reparse;
extern const struct command cmd_show;
extern const struct command cmd_status;

/* Runs the command line and returns the exit status. */
int cmd_main(int argc, char **argv);

/* Says the error on standard error and returns its exit status. */
int cmd_fail(const struct err *err);

/* The same for a plugin of a monitoring system, whose status is then 3:
 * unknown. */
int cmd_fail_unknown(const struct err *err);

/* The exit status of an error code. */
int cmd_exit_status(enum err_code code);

/* The option function of a command whose one option is a flag: sets the bool
 * that its state begins with. */
int cmd_take_flag(void *state, size_t index, const char *arg, struct err *err);

/* Sets ERR_USAGE if more arguments than most stand behind the options. */
int cmd_arguments(const struct context *ctx, int most, struct err *err);

/* For a command that needs nothing but may want the configuration: reads it,
 * and finds out where the store is, or would be; store_path stays NULL if
 * nothing says so.  Returns 0 or -1. */
int cmd_read_config(struct context *ctx, struct err *err);

/* For a command of NEEDS_CONFIG: opens the store that must exist, to be
 * written. */
int cmd_open_store(struct context *ctx, enum store_mode mode, struct err *err);

/* For a command of NEEDS_CONFIG: makes a jail with up to jobs decoders, before
 * the store is opened.  Returns 0, or -1 with ERR_TEMPORARY. */
int cmd_open_jail(struct context *ctx, size_t jobs, struct err *err);

/* True if a command that did as it was told should say so: somebody watches
 * at a terminal, or wants to know by -v. */
bool cmd_is_talkative(void);

/* Reads the number of a thing that a list gave; where names the list.
 * Returns 0, or -1 with ERR_USAGE. */
int cmd_parse_number(
    const char *text, const char *where, int64_t *number, struct err *err);

/* Flushes standard output.  Returns EX_OK, or the status of having told that
 * it could not be written. */
int cmd_flush(void);

/* The end of a command: flushes what it printed if rc is 0, else says the
 * error.  Returns the exit status. */
int cmd_end(int rc, const struct err *err);

/* The same where all went well, for a plugin of a monitoring system: returns
 * status, or 3 if it could not be written. */
int cmd_end_plugin(int status);

#endif
