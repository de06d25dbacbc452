/* SPDX-License-Identifier: ISC */

/*
 * Messages put into a Maildir: whole or not at all.
 */

#include "config.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "source/deposit.h"
#include "support.h"

static char *scratch;
static char maildir[1024];
static const struct sharing alone;

static void
set_up(void)
{
	scratch = support_tmpdir();
	snprintf(maildir, sizeof(maildir), "%s/a/b", scratch);
}

static void
tear_down(void)
{
	support_remove(scratch);
}

TestSuite(deposit, .init = set_up, .fini = tear_down, .timeout = 20);

/* Writes the text arg. */
static int
write_text(void *arg, int fd, struct err *err)
{
	const char *text = arg;
	ssize_t n;

	while (*text != '\0') {
		n = write(fd, text, strlen(text));
		if (n <= 0)
			return err_errno(err, "text");
		text += n;
	}
	return 0;
}

/* Writes half of the text, and fails. */
static int
write_half(void *arg, int fd, struct err *err)
{
	ssize_t n = write(fd, arg, strlen(arg) / 2);

	return err_set(err, ERR_IO, "after %zd bytes", n);
}

static struct deposit
deposit_of(char *text)
{
	struct deposit d = {.maildir = maildir,
	    .sharing = &alone,
	    .copy = write_text,
	    .arg = text};

	return d;
}

/* How many files there are in a folder of the Maildir. */
static size_t
count(const char *folder)
{
	char path[1100];
	struct dirent *e;
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s", maildir, folder);
	dir = opendir(path);
	while (dir != NULL && (e = readdir(dir)) != NULL)
		n += e->d_name[0] != '.';
	if (dir != NULL)
		closedir(dir);
	return n;
}

Test(deposit, a_message_is_in_new_and_nothing_in_tmp)
{
	char text[] = "Subject: x\n\nbody\n", got[64], path[1400];
	struct deposit d = deposit_of(text);
	struct err err = {0};
	FILE *f;
	size_t n;

	cr_assert_eq(deposit_message(&d, &err), 0, "%s", err.text);
	cr_assert_eq(count("new"), 1);
	cr_assert_eq(count("tmp") + count("cur"), 0);
	snprintf(path, sizeof(path), "%s/%s", maildir, d.name);
	f = fopen(path, "r");
	cr_assert_not_null(f, "%s", path);
	n = fread(got, 1, sizeof(got), f);
	fclose(f);
	cr_assert_eq(n, strlen(text));
	cr_assert_eq(memcmp(got, text, n), 0);
}

Test(deposit, a_name_has_nothing_that_a_maildir_gives_a_meaning_to)
{
	char text[] = "x";
	struct deposit d = deposit_of(text);

	cr_assert_eq(deposit_message(&d, NULL), 0);
	cr_assert_eq(strncmp(d.name, "new/", 4), 0);
	cr_assert_null(strpbrk(d.name + 4, "/: \n"));
}

Test(deposit, many_get_names_of_their_own)
{
	char text[] = "the same";
	struct deposit d = deposit_of(text);
	size_t i;

	for (i = 0; i < 200; i++)
		cr_assert_eq(deposit_message(&d, NULL), 0);
	cr_assert_eq(count("new"), 200);
}

Test(deposit, half_a_message_is_none)
{
	char text[] = "a message that is cut";
	struct deposit d = deposit_of(text);
	struct err err = {0};

	d.copy = write_half;
	cr_assert_eq(deposit_message(&d, &err), -1);
	cr_assert(strstr(err.text, "/tmp/") != NULL, "%s", err.text);
	cr_assert(strstr(err.text, ": after 10 bytes") != NULL, "%s", err.text);
	cr_assert_eq(count("new") + count("tmp"), 0);
}

Test(deposit, a_file_that_may_not_grow_is_tried_again_later)
{
	static char text[8192];
	struct deposit d = deposit_of(text);
	struct rlimit most = {4096, 4096};
	struct err err = {0};

	memset(text, 'x', sizeof(text) - 1);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &most);
	cr_assert_eq(deposit_message(&d, &err), -1);
	cr_assert_eq(err.code, ERR_TEMPORARY);
	cr_assert_eq(count("new") + count("tmp"), 0);
}

Test(deposit, a_place_that_is_none_is_named)
{
	char text[] = "x";
	struct deposit d = deposit_of(text);
	struct err err = {0};

	support_write(scratch, "a", span_of("a file"));
	cr_assert_eq(deposit_message(&d, &err), -1);
	cr_assert_not_null(strstr(err.text, "/a"));
}

Test(deposit, a_group_s_maildir_is_open_to_it)
{
	struct sharing group = {"ours", getegid()};
	char text[] = "x", path[1400];
	struct deposit d = deposit_of(text);
	struct err err = {0};
	struct stat st;

	snprintf(maildir, sizeof(maildir), "%s/shared", scratch);
	d.sharing = &group;
	cr_assert_eq(deposit_message(&d, &err), 0, "%s", err.text);
	snprintf(path, sizeof(path), "%s/%s", maildir, d.name);
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0660);
	snprintf(path, sizeof(path), "%s/new", maildir);
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_mode & 07777, 02770);
}
