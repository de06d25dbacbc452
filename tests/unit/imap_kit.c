/* SPDX-License-Identifier: ISC */

/*
 * Sets a stage for the source under test: a folder with the script, and with
 * the player under the helper program's name.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "base/file.h"
#include "imap_kit.h"
#include "support.h"

static bool
knows(void *arg, const char *key)
{
	const struct imap_play *play = arg;
	char quoted[256];

	snprintf(quoted, sizeof(quoted), "|%s|", key);
	return play->known != NULL && strstr(play->known, quoted) != NULL;
}

static bool
is_new(void *arg)
{
	const struct imap_play *play = arg;

	return play->is_new;
}

static bool
may_be_report(void *arg, const char *head, size_t len)
{
	const struct imap_play *play = arg;

	return span_find((struct span){head, len}, play->likely) != NULL;
}

struct imap_play
imap_play_begin(const char *script)
{
	struct imap_play play = {.dir = support_tmpdir()};
	const char *helper = getenv("SCRIPT_HELPER");

	cr_assert_not_null(helper, "SCRIPT_HELPER is not set");
	kit_put(play.dir, "script", script);
	cr_assert_eq(symlink(helper, kit_path(play.dir, "tlstally-imap")), 0);
	cr_assert_eq(setenv("TLSTALLY_LIBEXEC", play.dir, 1), 0);
	cr_assert_eq(setenv("TLSTALLY_TEST_SCRIPT", play.dir, 1), 0);
	play.imap = imap_config_default();
	play.imap.account.host = "mail.example.org";
	play.imap.account.user = "user";
	play.config = kit_config("");
	play.limits = *play.config.limits;
	return play;
}

/* Lines of text, and what a small file of the stage holds. */
static size_t
count_lines(const struct imap_play *play)
{
	FILE *f = fopen(kit_path(play->dir, "script"), "r");
	size_t n = 0;
	int c;

	cr_assert_not_null(f);
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

static void
read_small(const struct imap_play *play, const char *name, char out[512])
{
	FILE *f = fopen(kit_path(play->dir, name), "r");

	out[0] = '\0';
	if (f == NULL)
		return;
	if (fgets(out, 512, f) == NULL)
		out[0] = '\0';
	fclose(f);
}

void
imap_play_end(struct imap_play *play)
{
	char odd[512], at[512];

	read_small(play, "odd", odd);
	read_small(play, "at", at);
	cr_assert_str_empty(odd, "%s", odd);
	cr_assert_eq(strtoul(at, NULL, 10), count_lines(play),
	    "the script ended at line %s", at);
	support_remove(play->dir);
}

struct kit_mails
imap_play_all(struct imap_play *play)
{
	struct kit_mails all;

	play->config.imap = &play->imap;
	play->config.limits = &play->limits;
	play->config.arg = play;
	play->config.is_known = knows;
	play->config.is_new = is_new;
	if (play->likely != NULL)
		play->config.is_candidate = may_be_report;
	all = kit_read_config(&play->config);
	imap_play_end(play);
	return all;
}

struct kit_mails
imap_play_script(const char *script)
{
	struct imap_play play = imap_play_begin(script);

	return imap_play_all(&play);
}

void
imap_play_refused(struct imap_play *play, struct err *err)
{
	struct source *s;

	play->config.imap = &play->imap;
	cr_assert_eq(source_open(&s, &play->config, err), -1);
	imap_play_end(play);
}
