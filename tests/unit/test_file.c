/* SPDX-License-Identifier: ISC */

/*
 * Folders that are made with their parents, and what stands in their way.
 */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/file.h"
#include "support.h"

static char *scratch;
static int scratch_fd;

static void
set_up(void)
{
	scratch = support_tmpdir();
	scratch_fd = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_neq(scratch_fd, -1);
}

static void
tear_down(void)
{
	close(scratch_fd);
	support_remove(scratch);
}

TestSuite(file, .init = set_up, .fini = tear_down, .timeout = 20);

static void
check_dirs(const char *name, const char *there)
{
	struct err err = {0};
	struct stat st;
	char path[1024];

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	cr_assert_eq(
	    file_make_dirs(path, 0750, &err), 0, "%s: %s", name, err.text);
	cr_assert_eq(fstatat(scratch_fd, there, &st, 0), 0, "%s", there);
	cr_assert(S_ISDIR(st.st_mode));
	cr_assert_eq(st.st_mode & 0777, 0750);
}

Test(file, folders_are_made_with_their_parents)
{
	umask(022);
	check_dirs("a/b/c", "a/b/c");
	check_dirs("a/b/c", "a/b");
	check_dirs("a", "a");
	check_dirs("a//d///", "a/d");
	check_dirs("a/./e/../f/.", "a/f");
	check_dirs("g", "g");
}

Test(file, folders_are_made_relative_to_the_current_one)
{
	struct err err = {0};
	struct stat st;

	cr_assert_eq(fchdir(scratch_fd), 0);
	cr_assert_eq(file_make_dirs("r/s", 0700, &err), 0, "%s", err.text);
	cr_assert_eq(stat("r/s", &st), 0);
	cr_assert_eq(file_make_dirs("/", 0700, &err), 0, "%s", err.text);
	cr_assert_eq(file_make_dirs(".", 0700, &err), 0, "%s", err.text);
	cr_assert_eq(file_make_dirs("", 0700, &err), -1);
	cr_assert_eq(chdir("/"), 0);
}

Test(file, a_file_in_the_way_of_a_folder_is_an_error)
{
	struct err err = {0};
	char path[1024];

	support_write(scratch, "mail", SPAN("x"));
	snprintf(path, sizeof(path), "%s/mail", scratch);
	cr_assert_eq(file_make_dirs(path, 0700, &err), -1);
	cr_assert_eq(err.code, ERR_IO);
	cr_assert_not_null(strstr(err.text, "mail: not a directory"));
	snprintf(path, sizeof(path), "%s/mail/a/b", scratch);
	cr_assert_eq(file_make_dirs(path, 0700, &err), -1);
	cr_assert_not_null(strstr(err.text, "mail: not a directory"));
}

Test(file, folders_are_synced)
{
	struct err err = {0};
	char path[1024];

	cr_assert_eq(file_sync_dir(scratch, &err), 0, "%s", err.text);
	snprintf(path, sizeof(path), "%s/none", scratch);
	cr_assert_eq(file_sync_dir(path, &err), -1);
	cr_assert_eq(err.code, ERR_NOINPUT);
	support_write(scratch, "mail", SPAN("x"));
	snprintf(path, sizeof(path), "%s/mail", scratch);
	cr_assert_eq(file_sync_dir(path, &err), -1);
}

Test(file, a_path_is_cut_down_to_its_root)
{
	static const char *const up[] = {"/a/b//c", "/a/b/", "/a/b", "/a", "/"};
	char path[32] = "/a/b//c/d";
	size_t i;

	for (i = 0; i < sizeof(up) / sizeof(up[0]); i++) {
		cr_assert(file_go_up(path));
		cr_assert_str_eq(path, up[i]);
	}
	cr_assert_not(file_go_up(path));
	snprintf(path, sizeof(path), "a/b");
	cr_assert(file_go_up(path));
	cr_assert_not(file_go_up(path));
	cr_assert_str_eq(path, "a");
}

Test(file, the_way_to_a_file_is_synced)
{
	struct err err = {0};
	char path[1024];

	snprintf(path, sizeof(path), "%s/mail", scratch);
	cr_assert_eq(file_sync_way(path, &err), 0, "%s", err.text);
	cr_assert_eq(file_sync_way("/", &err), 0, "%s", err.text);
	cr_assert_eq(chdir(scratch), 0);
	cr_assert_eq(file_sync_way("mail", &err), 0, "%s", err.text);
	cr_assert_eq(file_sync_way("none/mail", &err), -1);
	cr_assert_eq(err.code, ERR_NOINPUT);
}
