/* SPDX-License-Identifier: ISC */

/*
 * Originals as files: whole, under names of our own, nothing overwritten.
 */

#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "cmd/originals.h"
#include "support.h"

static char *scratch;
static char path[2048];
static struct err err;

static void
setup(void)
{
	scratch = support_tmpdir();
	snprintf(path, sizeof(path), "%s/deep/er", scratch);
}

static void
teardown(void)
{
	support_remove(scratch);
}

TestSuite(originals, .init = setup, .fini = teardown);

static int
open_dir(void)
{
	int dir = originals_open(path, &err);

	cr_assert_neq(dir, -1, "%s", err.text);
	return dir;
}

static size_t
count_entries(void)
{
	DIR *d = opendir(path);
	size_t n = 0;

	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static void
expect_content(int dir, const char *name, const char *wanted)
{
	char got[64] = "";
	int fd = openat(dir, name, O_RDONLY);

	cr_assert_neq(fd, -1, "%s", name);
	cr_expect_eq(read(fd, got, sizeof(got) - 1), (ssize_t)strlen(wanted));
	cr_expect_str_eq(got, wanted);
	close(fd);
}

Test(originals, a_report_is_named_for_its_day_and_number)
{
	int dir = open_dir();

	cr_expect_eq(originals_write(dir, 20777, 42, SPAN("{}"), &err), 0);
	expect_content(dir, "2026-11-20-42.json", "{}");
	cr_expect_eq(count_entries(), 1);
	close(dir);
}

Test(originals, what_is_there_already_with_the_same_content_will_do)
{
	int dir = open_dir();

	cr_expect_eq(originals_write(dir, 20777, 1, SPAN("{}"), &err), 0);
	cr_expect_eq(originals_write(dir, 20777, 1, SPAN("{}"), &err), 0);
	cr_expect_eq(count_entries(), 1);
	close(dir);
}

Test(originals, other_content_is_left_alone_and_named)
{
	static const char *const others[] = {"", "{", "{]", "{}x"};
	const char *name = "2026-11-20-1.json";
	int dir = open_dir(), fd;
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		fd = openat(dir, name, O_CREAT | O_TRUNC | O_WRONLY, 0600);
		cr_assert_eq(write(fd, others[i], strlen(others[i])),
		    (ssize_t)strlen(others[i]));
		close(fd);
		cr_expect_eq(
		    originals_write(dir, 20777, 1, SPAN("{}"), &err), -1);
		cr_expect_eq(err.code, ERR_IO);
		cr_expect_not_null(strstr(err.text, name));
		expect_content(dir, name, others[i]);
	}
	close(dir);
}

Test(originals, neither_links_nor_pipes_nor_folders_are_followed)
{
	int dir = open_dir();

	cr_assert_eq(symlinkat("../outside", dir, "2026-11-20-1.json"), 0);
	cr_assert_eq(mkfifoat(dir, "2026-11-20-2.json", 0600), 0);
	cr_assert_eq(mkdirat(dir, "2026-11-20-3.json", 0700), 0);
	cr_expect_eq(originals_write(dir, 20777, 1, SPAN("{}"), &err), -1);
	cr_expect_eq(originals_write(dir, 20777, 2, SPAN("{}"), &err), -1);
	cr_expect_eq(originals_write(dir, 20777, 3, SPAN("{}"), &err), -1);
	cr_expect_eq(count_entries(), 3);
	cr_expect_eq(faccessat(dir, "../outside", F_OK, 0), -1);
	close(dir);
}

/* Another export may be writing into the folder, as process 1 of a container,
 * say, with the number that we have in ours. */
Test(originals, a_temporary_of_another_export_is_left_alone)
{
	char names[2][64];
	int dir = open_dir();
	size_t i;

	snprintf(names[0], sizeof(names[0]), ".tlstally-export.tmp");
	snprintf(names[1], sizeof(names[1]), ".tlstally-export.%ld.0.tmp",
	    (long)getpid());
	for (i = 0; i < 2; i++)
		cr_assert_eq(symlinkat("../outside", dir, names[i]), 0);
	cr_expect_eq(originals_write(dir, 20777, 1, SPAN("{}"), &err), 0);
	expect_content(dir, "2026-11-20-1.json", "{}");
	cr_expect_eq(count_entries(), 3);
	cr_expect_eq(faccessat(dir, "../outside", F_OK, 0), -1);
	close(dir);
}

Test(originals, what_cannot_be_read_is_not_said_to_be_of_other_content)
{
	const char *name = "2026-11-20-1.json";
	int dir = open_dir();

	close(openat(dir, name, O_CREAT | O_WRONLY, 0));
	if (geteuid() == 0)
		cr_assert_eq(seteuid(65534), 0);
	cr_expect_eq(originals_write(dir, 20777, 1, SPAN("{}"), &err), -1);
	cr_expect_eq(err.code, ERR_REFUSED);
	cr_expect_not_null(strstr(err.text, name));
	cr_expect_null(strstr(err.text, "content"), "%s", err.text);
	if (getuid() == 0)
		cr_assert_eq(seteuid(0), 0);
	close(dir);
}

Test(originals, a_folder_that_cannot_be_is_named)
{
	int fd;

	snprintf(path, sizeof(path), "%s/file", scratch);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	cr_expect_eq(originals_open(path, &err), -1);
	cr_expect_not_null(strstr(err.text, path));
}
