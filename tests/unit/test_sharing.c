/* SPDX-License-Identifier: ISC */

/*
 * Files and folders of one user or of a group: their rights, whatever the
 * umask is.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/sharing.h"
#include "support.h"

static char *scratch;
static char path[1024];
static const struct sharing alone;
static struct sharing group = {.group = "ours"};

static void
set_up(void)
{
	scratch = support_tmpdir();
	group.gid = getegid();
	snprintf(path, sizeof(path), "%s/it", scratch);
}

static void
tear_down(void)
{
	umask(022);
	support_remove(scratch);
}

TestSuite(sharing, .init = set_up, .fini = tear_down, .timeout = 20);

static unsigned
mode_of(const char *name)
{
	struct stat st;

	cr_assert_eq(stat(name, &st), 0, "%s", name);
	return st.st_mode & 07777;
}

Test(sharing, a_file_has_its_rights_under_any_umask)
{
	static const mode_t masks[] = {0, 022, 077, 0777};
	size_t i;
	int fd;

	for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		umask(masks[i]);
		fd = sharing_create(path, &alone);
		cr_assert_neq(fd, -1);
		close(fd);
		cr_assert_eq(mode_of(path), 0600);
		cr_assert_eq(sharing_create(path, &group), -1);
		cr_assert_eq(errno, EEXIST);
		unlink(path);
		fd = sharing_create(path, &group);
		cr_assert_neq(fd, -1);
		close(fd);
		cr_assert_eq(mode_of(path), 0660);
		unlink(path);
		cr_assert_eq(umask(022), masks[i]);
	}
}

Test(sharing, a_folder_is_made_with_its_rights)
{
	struct err err = {0};

	umask(0777);
	cr_assert_eq(sharing_make_dir(path, &group, &err), 0, "%s", err.text);
	cr_assert_eq(mode_of(path), 02770);
	cr_assert_eq(sharing_make_dir(path, &group, &err), 0);
	rmdir(path);
	umask(0);
	cr_assert_eq(sharing_make_dir(path, &alone, &err), 0, "%s", err.text);
	cr_assert_eq(mode_of(path), 0700);
}

Test(sharing, folders_above_are_made_for_an_owner_only)
{
	struct err err = {0};

	snprintf(path, sizeof(path), "%s/a/b", scratch);
	cr_assert_eq(sharing_make_dir(path, &group, &err), -1);
	cr_assert_eq(err.code, ERR_NOINPUT);
	cr_assert_eq(sharing_make_dir(path, &alone, &err), 0);
}

static void
check_refused(mode_t mode, enum err_code code)
{
	struct err err = {0};
	int rc;

	chmod(path, mode);
	rc = sharing_make_dir(path, &group, &err);
	cr_assert_eq(rc, code == ERR_NONE ? 0 : -1, "%04o", (unsigned)mode);
	cr_assert_eq(err.code, code, "%04o", (unsigned)mode);
	cr_assert_eq(mode_of(path), mode, "it is left as it was");
}

Test(sharing, a_folder_that_is_not_the_group_s_is_refused)
{
	struct err err = {0};

	mkdir(path, 0700);
	check_refused(0700, ERR_REFUSED);
	check_refused(0770, ERR_REFUSED);
	check_refused(02700, ERR_REFUSED);
	check_refused(02750, ERR_REFUSED);
	check_refused(02772, ERR_REFUSED);
	check_refused(02770, ERR_NONE);
	check_refused(02775, ERR_NONE);
	group.gid = getegid() + 1;
	cr_assert_eq(sharing_make_dir(path, &group, &err), -1);
	cr_assert_not_null(strstr(err.text, "chgrp ours"));
}

Test(sharing, a_file_that_is_not_the_group_s_is_refused)
{
	struct err err = {0};

	close(sharing_create(path, &alone));
	cr_assert_eq(sharing_check_file(path, &alone, &err), 0);
	cr_assert_eq(sharing_check_file(path, &group, &err), -1);
	cr_assert_eq(err.code, ERR_REFUSED);
	chmod(path, 0660);
	cr_assert_eq(sharing_check_file(path, &group, &err), 0);
	group.gid = getegid() + 1;
	cr_assert_eq(sharing_check_file(path, &group, &err), -1);
	unlink(path);
	cr_assert_eq(sharing_check_file(path, &group, &err), -1);
	cr_assert_eq(err.code, ERR_NOINPUT);
}

Test(sharing, a_member_is_one_by_his_first_group)
{
	struct err err = {0};

	cr_assert_eq(sharing_check_member(&group, &err), 0);
	group.gid = (gid_t)-2;
	cr_assert_eq(
	    sharing_check_member(&group, &err), geteuid() == 0 ? 0 : -1);
}
