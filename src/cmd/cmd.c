/* SPDX-License-Identifier: ISC */

/*
 * The table of commands, and what happens around each: help, configuration,
 * store, and the one place where an error becomes words and a status.
 */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/die.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/mta.h"
#include "cmd/options.h"
#include "domain/checks.h"

static const struct command *const commands[] = {&cmd_ingest, &cmd_digest,
    &cmd_monitor, &cmd_advise, &cmd_check, &cmd_list, &cmd_show, &cmd_export,
    &cmd_rejects, &cmd_explain, &cmd_make_record, &cmd_status, &cmd_reparse,
    &cmd_prune, &cmd_backup, &cmd_config};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

/* Set for tests and for looking at the past: the time to take for now. */
#define NOW_VARIABLE "TLSTALLY_NOW"

int
cmd_exit_status(enum err_code code)
{
	static const int status[] = {
	    [ERR_NONE] = EX_OK,
	    [ERR_USAGE] = EX_USAGE,
	    [ERR_DATA] = EX_DATAERR,
	    [ERR_BOUND] = EX_DATAERR,
	    [ERR_NOINPUT] = EX_NOINPUT,
	    [ERR_UNAVAILABLE] = EX_UNAVAILABLE,
	    [ERR_IO] = EX_IOERR,
	    [ERR_TEMPORARY] = EX_TEMPFAIL,
	    [ERR_REFUSED] = EX_NOPERM,
	    [ERR_CONFIG] = EX_CONFIG,
	    [ERR_STORE] = EX_IOERR,
	    [ERR_VANISHED] = EX_NOINPUT,
	};

	return status[code];
}

int
cmd_fail(const struct err *err)
{
	log_error("%s", err->text);
	return cmd_exit_status(err->code);
}

int
cmd_fail_unknown(const struct err *err)
{
	cmd_fail(err);
	return severity_status(SEVERITY_UNKNOWN);
}

int
cmd_arguments(const struct context *ctx, int most, struct err *err)
{
	if (ctx->argc <= most)
		return 0;
	return err_set(
	    err, ERR_USAGE, "one argument too many: %s", ctx->argv[most]);
}

int
cmd_open_store(struct context *ctx, enum store_mode mode, struct err *err)
{
	return store_open(&ctx->store, ctx->store_path, mode, err);
}

int
cmd_open_jail(struct context *ctx, size_t jobs, struct err *err)
{
	return jail_new(&ctx->jail, &ctx->config->limits, jobs, err);
}

/* Whoever decoded without a sandbox shall know. */
static void
close_jail(struct jail *j)
{
	const char *why = j != NULL ? jail_unconfined(j) : NULL;

	if (why != NULL)
		log_warn("mail was decoded WITHOUT A SANDBOX, where a fault in "
			 "a library could do harm: %s",
		    why);
	jail_free(j);
}

bool
cmd_is_talkative(void)
{
	return log_level() == LOG_LEVEL_VERBOSE ||
	    (log_level() == LOG_LEVEL_NORMAL && isatty(STDERR_FILENO));
}

int
cmd_take_flag(void *state, size_t index, const char *arg, struct err *err)
{
	(void)index;
	(void)arg;
	(void)err;
	*(bool *)state = true;
	return 0;
}

int
cmd_parse_number(
    const char *text, const char *where, int64_t *number, struct err *err)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || *number < 1)
		return err_set(
		    err, ERR_USAGE, "not a number: %s (see %s)", text, where);
	return 0;
}

int
cmd_flush(void)
{
	struct err err = {0};

	if (fflush(stdout) == 0 && !ferror(stdout))
		return EX_OK;
	err_errno(&err, "standard output");
	return cmd_fail(&err);
}

int
cmd_end(int rc, const struct err *err)
{
	return rc == 0 ? cmd_flush() : cmd_fail(err);
}

int
cmd_end_plugin(int status)
{
	return cmd_flush() == EX_OK ? status
				    : severity_status(SEVERITY_UNKNOWN);
}

static void
print_help(void)
{
	size_t i;

	puts("usage: tlstally COMMAND [OPTION...] [ARGUMENT...]\n\n"
	     "Daily figures from a mailbox of SMTP TLS reports (RFC 8460).\n");
	for (i = 0; i < NCOMMANDS; i++)
		printf("  %-11s %s\n", commands[i]->name, commands[i]->summary);
	puts("\nOptions of every command:");
	options_print_global();
	puts("\ntlstally COMMAND --help says more; so does tlstally(1).\n"
	     "Try: tlstally ingest ~/Maildir && tlstally digest --last 7d");
}

static void
print_version(void)
{
	printf("%s\nsandbox: %s\n", PACKAGE_STRING, jail_backend());
}

static const struct command *
find_command(const char *name)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int
read_clock(int64_t *now, struct err *err)
{
	const char *text = getenv(NOW_VARIABLE);
	unsigned quirks;

	*now = time(NULL);
	if (text == NULL ||
	    date_parse_rfc3339(span_of(text), now, &quirks) == 0)
		return 0;
	return err_set(
	    err, ERR_USAGE, "%s: not a date-time: %s", NOW_VARIABLE, text);
}

/* The store's path: -s, the configuration, or the usual place. */
static char *
find_store(const struct context *ctx)
{
	const char *dir = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	char *path;

	if (ctx->store_option != NULL)
		return xstrdup(ctx->store_option);
	if (ctx->config->store_path[0] != '\0')
		return xstrdup(ctx->config->store_path);
	if (geteuid() == 0)
		return xstrdup(LOCALSTATEDIR "/lib/tlstally/tlstally.db");
	if (dir != NULL && dir[0] == '/') {
		if (asprintf(&path, "%s/tlstally/tlstally.db", dir) == -1)
			die("no memory for a path");
		return path;
	}
	if (home == NULL || home[0] != '/')
		return NULL;
	if (asprintf(&path, "%s/.local/share/tlstally/tlstally.db", home) == -1)
		die("no memory for a path");
	return path;
}

int
cmd_read_config(struct context *ctx, struct err *err)
{
	if (conf_read(&ctx->config, ctx->config_path, err) == -1)
		return -1;
	if (ctx->store_option != NULL && ctx->store_option[0] == '\0')
		return err_set(err, ERR_USAGE, "--store needs a path");
	ctx->store_path = find_store(ctx);
	return 0;
}

static int
open_needs(struct context *ctx, enum cmd_needs needs, struct err *err)
{
	if (needs == NEEDS_NOTHING)
		return 0;
	if (cmd_read_config(ctx, err) == -1)
		return -1;
	if (ctx->store_path == NULL)
		return err_set(err, ERR_CONFIG,
		    "where is the store? HOME is not set; name it with -s or "
		    "in the configuration");
	if (needs == NEEDS_JAIL && cmd_open_jail(ctx, 1, err) == -1)
		return -1;
	if (needs == NEEDS_CONFIG)
		return 0;
	return cmd_open_store(ctx, STORE_READ, err);
}

/* Says why a command could not run. */
static int
fail_early(const struct command *command, struct err *err)
{
	struct err said = {.code = err->code};

	if (err->code == ERR_USAGE)
		err_set(&said, err->code, "%s: %s (see tlstally %s --help)",
		    command->name, err->text, command->name);
	else
		said = *err;
	return command->fail != NULL ? command->fail(&said) : cmd_fail(&said);
}

static int
run_command(
    const struct command *command, struct context *ctx, int argc, char **argv)
{
	struct err err = {0};
	void *state = xcalloc(1, command->state_size);
	int status, got;

	ctx->arena = arena_new(1024);
	got = options_parse(command, state, ctx, argc, argv, &err);
	if (got == OPTIONS_HELP) {
		options_print_help(command);
		status = cmd_flush();
	} else if (got == OPTIONS_VERSION) {
		print_version();
		status = cmd_flush();
	} else if (got == -1 || read_clock(&ctx->now, &err) == -1 ||
	    open_needs(ctx, command->needs, &err) == -1) {
		status = fail_early(command, &err);
	} else {
		status = command->run(ctx, state);
	}
	close_jail(ctx->jail);
	store_close(ctx->store);
	conf_free(ctx->config);
	free(ctx->store_path);
	if (command->release != NULL)
		command->release(state);
	arena_free(ctx->arena);
	free(state);
	return status;
}

static int
run_line(int argc, char **argv)
{
	const struct command *command;
	struct context ctx = {0};
	int asked, at = options_find_command(argc, argv, &asked);

	if (at < argc) {
		command = find_command(argv[at]);
		if (command == NULL) {
			log_error("no such command: %s (see tlstally --help)",
			    argv[at]);
			return EX_USAGE;
		}
		memmove(argv + at, argv + at + 1,
		    (size_t)(argc - at) * sizeof(*argv));
		return run_command(command, &ctx, argc - 1, argv);
	}
	if (asked == 0) {
		log_error("which command? (see tlstally --help)");
		return EX_USAGE;
	}
	if (asked == OPTIONS_HELP)
		print_help();
	else
		print_version();
	return cmd_flush();
}

int
cmd_main(int argc, char **argv)
{
	if (mta_is_asked(argc, argv))
		return mta_run(run_line, argc, argv);
	return run_line(argc, argv);
}
