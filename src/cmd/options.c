/* SPDX-License-Identifier: ISC */

/*
 * The command line.  The tables that say what options there are also print
 * their help, so that the two cannot part.
 */

#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/options.h"

enum global {
	GLOBAL_CONFIG,
	GLOBAL_STORE,
	GLOBAL_QUIET,
	GLOBAL_VERBOSE,
	GLOBAL_HELP,
	GLOBAL_VERSION,
	GLOBAL_COUNT
};

static const struct cmd_option globals[] = {
    [GLOBAL_CONFIG] = {"config", 'c', "FILE", "the configuration to read"},
    [GLOBAL_STORE] = {"store", 's', "FILE", "the store to use"},
    [GLOBAL_QUIET] = {"quiet", 'q', NULL, "say nothing but errors"},
    [GLOBAL_VERBOSE] = {"verbose", 'v', NULL, "say more"},
    [GLOBAL_HELP] = {"help", 'h', NULL, "print this help"},
    [GLOBAL_VERSION] = {"version", 0, NULL, "print the version"},
    [GLOBAL_COUNT] = {0}};

/* The most options that a command may have of its own. */
#define OWN_MAX 32

/* getopt's values: globals from here on, a command's own behind them. */
#define VALUE_BASE 1000
#define VALUE_OWN  (VALUE_BASE + GLOBAL_COUNT)

/* Adds a table to getopt's, and its letters to the short options. */
static size_t
add_table(const struct cmd_option *table, struct option *longs, size_t n,
    char *shorts, int base)
{
	size_t i, at;

	for (i = 0; table != NULL && table[i].name != NULL; i++) {
		longs[n].name = table[i].name;
		longs[n].has_arg = table[i].arg == NULL ? no_argument
		    : table[i].arg[0] == '['		? optional_argument
							: required_argument;
		longs[n].flag = NULL;
		longs[n++].val = base + (int)i;
		if (table[i].letter == 0)
			continue;
		at = strlen(shorts);
		shorts[at++] = table[i].letter;
		if (table[i].arg != NULL)
			shorts[at++] = ':';
		shorts[at] = '\0';
	}
	return n;
}

int
options_find_command(int argc, char **argv, int *asked)
{
	struct option longs[GLOBAL_COUNT + 1];
	char shorts[2 * GLOBAL_COUNT + 3] = "+:"; /* stop at the first word */
	size_t n = add_table(globals, longs, 0, shorts, VALUE_BASE);
	int value;

	memset(&longs[n], 0, sizeof(longs[n]));
	*asked = 0;
	opterr = 0;
	optind = 0; /* glibc: start anew, with these letters */
	while ((value = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (*asked != 0)
			continue;
		if (value == 'h' || value == VALUE_BASE + GLOBAL_HELP)
			*asked = OPTIONS_HELP;
		else if (value == VALUE_BASE + GLOBAL_VERSION)
			*asked = OPTIONS_VERSION;
	}
	return optind;
}

/* The value that stands for a letter. */
static int
value_of_letter(const struct command *command, int letter)
{
	size_t i;

	for (i = 0; i < GLOBAL_COUNT; i++)
		if (globals[i].letter == letter)
			return VALUE_BASE + (int)i;
	for (i = 0; command->options != NULL; i++)
		if (command->options[i].letter == letter)
			return VALUE_OWN + (int)i;
	return -1;
}

/* A name that is empty most often was a variable that is not set. */
static int
take_path(const char **out, enum global which, const char *arg, struct err *err)
{
	if (arg[0] == '\0')
		return err_set(err, ERR_USAGE, "--%s needs the name of a file",
		    globals[which].name);
	*out = arg;
	return 0;
}

static int
take_global(
    struct context *ctx, enum global which, const char *arg, struct err *err)
{
	switch (which) {
	case GLOBAL_CONFIG:
		return take_path(&ctx->config_path, which, arg, err);
	case GLOBAL_STORE:
		return take_path(&ctx->store_option, which, arg, err);
	case GLOBAL_QUIET:
		log_set_level(LOG_LEVEL_QUIET);
		break;
	case GLOBAL_VERBOSE:
		log_set_level(LOG_LEVEL_VERBOSE);
		break;
	case GLOBAL_HELP:
		return OPTIONS_HELP;
	case GLOBAL_VERSION:
		return OPTIONS_VERSION;
	case GLOBAL_COUNT:
		break;
	}
	return 0;
}

static int
bad_option(int kind, char **argv, struct err *err)
{
	const char *word = argv[optind - 1];

	/* A long option that exists has its value here. */
	if (kind == '?' && optopt >= VALUE_BASE)
		return err_set(
		    err, ERR_USAGE, "no argument belongs to %s", word);
	if (optopt > 0 && optopt < VALUE_BASE)
		return err_set(err, ERR_USAGE,
		    kind == ':' ? "-%c needs an argument"
				: "no such option: -%c",
		    optopt);
	return err_set(err, ERR_USAGE,
	    kind == ':' ? "%s needs an argument" : "no such option: %s", word);
}

int
options_parse(const struct command *command, void *state, struct context *ctx,
    int argc, char **argv, struct err *err)
{
	struct option longs[GLOBAL_COUNT + OWN_MAX + 1];
	char shorts[2 * (GLOBAL_COUNT + OWN_MAX) + 2] = ":";
	size_t n;
	int value, rc;

	n = add_table(globals, longs, 0, shorts, VALUE_BASE);
	n = add_table(command->options, longs, n, shorts, VALUE_OWN);
	memset(&longs[n], 0, sizeof(longs[n]));
	opterr = 0;
	optind = 0; /* glibc: start anew, with these letters */
	while ((value = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (value == '?' || value == ':')
			return bad_option(value, argv, err);
		if (value < VALUE_BASE)
			value = value_of_letter(command, value);
		if (value < VALUE_OWN) {
			rc = take_global(ctx, (enum global)(value - VALUE_BASE),
			    optarg, err);
		} else {
			rc = command->option(
			    state, (size_t)(value - VALUE_OWN), optarg, err);
		}
		if (rc != 0)
			return rc;
	}
	ctx->argc = argc - optind;
	ctx->argv = argv + optind;
	return 0;
}

static void
print_table(const struct cmd_option *table)
{
	char left[64], letter[5];
	const char *arg;

	for (; table != NULL && table->name != NULL; table++) {
		letter[0] = '\0';
		if (table->letter != 0)
			snprintf(
			    letter, sizeof(letter), "-%c, ", table->letter);
		arg = table->arg != NULL ? table->arg : "";
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, table->name,
		    arg[0] == '\0' || arg[0] == '[' ? "" : " ", arg);
		printf("  %-24s %s\n", left, table->help);
	}
}

void
options_print_global(void)
{
	print_table(globals);
}

void
options_print_help(const struct command *command)
{
	printf("usage: tlstally %s%s%s\n\n%s\n\n", command->name,
	    command->usage[0] != '\0' ? " " : "", command->usage,
	    command->summary);
	print_table(command->options);
	print_table(globals);
}
