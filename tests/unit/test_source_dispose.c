/* SPDX-License-Identifier: ISC */

/*
 * Marking, moving and deleting: nothing is ever overwritten or lost, and
 * what another client did meanwhile is respected.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/rename.h"
#include "source_kit.h"
#include "support.h"

static char *
new_maildir(void)
{
	char *dir = support_tmpdir();

	kit_maildir(dir, "");
	return dir;
}

static struct source *
open_with(const char *dir, enum disposal dispose, const char *folder)
{
	struct source_config config = kit_config(dir);

	config.dispose = dispose;
	config.dispose_folder = folder;
	return kit_open(&config);
}

static void
sync_and_close(struct source *s)
{
	struct err err = {0};

	cr_assert_eq(source_sync(s, &err), 0, "%s", err.text);
	cr_assert_eq(source_sync(s, &err), 0, "%s", err.text);
	source_close(s);
}

/* Reads all there is, then finishes all of it. */
static void
dispose_all(const char *dir, enum disposal dispose, const char *folder)
{
	struct source *s = open_with(dir, dispose, folder);
	struct kit_mails mails = kit_drain(s);
	size_t i;

	for (i = 0; i < mails.n; i++)
		kit_finish(s, mails.m[i].key);
	sync_and_close(s);
	kit_free(&mails);
}

static void
expect_text(const char *dir, const char *name, const char *text)
{
	char got[64] = {0};
	int fd = open(kit_path(dir, name), O_RDONLY);

	cr_assert_neq(fd, -1, "%s is not there", name);
	cr_assert_neq(read(fd, got, sizeof(got) - 1), -1);
	close(fd);
	cr_assert_str_eq(got, text);
}

struct renaming {
	char from[32];
	char to[32];
};

static const struct renaming seen[] = {
    {"new/1.a", "cur/1.a:2,S"},
    {"cur/1.a", "cur/1.a:2,S"},
    {"cur/1.a:2,", "cur/1.a:2,S"},
    {"cur/1.a:2,S", "cur/1.a:2,S"},
    {"cur/1.a:2,F", "cur/1.a:2,FS"},
    {"cur/1.a:2,T", "cur/1.a:2,ST"},
    {"cur/1.a:2,DFPRT", "cur/1.a:2,DFPRST"},
    {"cur/1.a:2,TSF", "cur/1.a:2,TSF"},
    {"cur/1.a:2,Rab", "cur/1.a:2,RSab"},
    {"cur/1.a:2,F,x", "cur/1.a:2,FS,x"},
    {"new/1.a:2,F", "cur/1.a:2,FS"},
    {"new/1.a:1,odd", "cur/1.a:1,odd"},
    {"cur/1.a:1,odd", "cur/1.a:1,odd"},
    {"cur/1.a:", "cur/1.a:"},
    {"new/:1,F", "cur/:1,F"},
};

Test(source_dispose, seen_adds_the_flag_in_its_place)
{
	size_t i;

	for (i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		char *dir = new_maildir();

		kit_put(dir, seen[i].from, "mail");
		dispose_all(dir, DISPOSE_SEEN, NULL);
		cr_assert(kit_exists(dir, seen[i].to), "%s", seen[i].from);
		cr_assert_eq(kit_count(dir, "cur") + kit_count(dir, "new"), 1);
		support_remove(dir);
	}
}

Test(source_dispose, seen_twice_is_no_error)
{
	char *dir = new_maildir();
	struct source *s;

	kit_put(dir, "new/1.a", "mail");
	s = open_with(dir, DISPOSE_SEEN, NULL);
	cr_assert_str_eq(kit_next(s).key, "1.a");
	kit_finish(s, "1.a");
	kit_finish(s, "1.a");
	cr_assert(kit_exists(dir, "cur/1.a:2,S"));
	sync_and_close(s);
	support_remove(dir);
}

Test(source_dispose, delete_removes_only_what_was_finished)
{
	char *dir = new_maildir();
	struct source *s;
	struct kit_mails mails;

	kit_put(dir, "new/1.a", "one");
	kit_put(dir, "cur/2.b:2,S", "two");
	kit_put(dir, "cur/3.c:2,S", "three");
	s = open_with(dir, DISPOSE_DELETE, NULL);
	mails = kit_drain(s);
	kit_finish(s, "1.a");
	kit_finish(s, "3.c");
	sync_and_close(s);
	cr_assert_eq(kit_count(dir, "new"), 0);
	cr_assert_eq(kit_count(dir, "cur"), 1);
	expect_text(dir, "cur/2.b:2,S", "two");
	kit_free(&mails);
	support_remove(dir);
}

Test(source_dispose, move_makes_the_folder_private_and_marks_it)
{
	char *dir = new_maildir();
	struct stat st;

	kit_put(dir, "new/1.a,S=3", "one");
	kit_put(dir, "cur/2.b:2,F", "two");
	dispose_all(dir, DISPOSE_MOVE, "Done/2026");
	expect_text(dir, ".Done.2026/cur/1.a,S=3:2,S", "one");
	expect_text(dir, ".Done.2026/cur/2.b:2,FS", "two");
	cr_assert(kit_exists(dir, ".Done.2026/new"));
	cr_assert(kit_exists(dir, ".Done.2026/tmp"));
	cr_assert(kit_exists(dir, ".Done.2026/maildirfolder"));
	cr_assert_eq(stat(kit_path(dir, ".Done.2026"), &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0700);
	cr_assert_eq(stat(kit_path(dir, ".Done.2026/cur"), &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0700);
	cr_assert_eq(kit_count(dir, "new") + kit_count(dir, "cur"), 0);
	support_remove(dir);
}

Test(source_dispose, move_into_a_folder_with_a_name_in_utf_8)
{
	char *dir = new_maildir();

	kit_put(dir, "new/1.a", "one");
	dispose_all(dir, DISPOSE_MOVE, "Erledigt \xe2\x9c\x93");
	expect_text(dir, ".Erledigt &JxM-/cur/1.a:2,S", "one");
	support_remove(dir);
}

Test(source_dispose, move_completes_a_folder_that_lacks_something)
{
	char *dir = new_maildir();

	kit_put(dir, "new/1.a", "one");
	kit_mkdir(dir, ".Done");
	kit_mkdir(dir, ".Done/tmp");
	dispose_all(dir, DISPOSE_MOVE, "Done");
	expect_text(dir, ".Done/cur/1.a:2,S", "one");
	support_remove(dir);
}

Test(source_dispose, no_folder_is_made_before_there_is_something_to_move)
{
	char *dir = new_maildir();
	struct source *s = open_with(dir, DISPOSE_MOVE, "Done");

	sync_and_close(s);
	cr_assert_not(kit_exists(dir, ".Done"));
	support_remove(dir);
}

Test(source_dispose, move_from_a_folder_goes_beside_it_not_below)
{
	char *dir = new_maildir();

	kit_maildir(dir, ".Reports");
	kit_put(dir, ".Reports/new/1.a", "one");
	dispose_all(kit_path(dir, ".Reports"), DISPOSE_MOVE, "Done");
	expect_text(dir, ".Done/cur/1.a:2,S", "one");
	kit_put(dir, ".Reports/new/2.b", "two");
	dispose_all(kit_path(dir, ".Reports"), DISPOSE_MOVE, "INBOX");
	expect_text(dir, "cur/2.b:2,S", "two");
	support_remove(dir);
}

Test(source_dispose, move_to_where_the_mail_is_marks_it_seen)
{
	char *dir = new_maildir();

	kit_put(dir, "new/1.a", "one");
	kit_put(dir, "cur/2.b:2,S", "two");
	dispose_all(dir, DISPOSE_MOVE, "INBOX");
	expect_text(dir, "cur/1.a:2,S", "one");
	expect_text(dir, "cur/2.b:2,S", "two");
	support_remove(dir);
}

Test(source_dispose, a_mail_that_has_the_new_name_is_never_overwritten)
{
	char *dir = new_maildir();
	struct source *s;
	struct err err = {0};

	kit_maildir(dir, ".Done");
	kit_put(dir, ".Done/cur/1.a:2,S", "precious");
	kit_put(dir, "new/1.a", "one");
	s = open_with(dir, DISPOSE_MOVE, "Done");
	kit_next(s);
	cr_assert_eq(source_finish(s, "1.a", &err), -1);
	cr_assert_not_null(strstr(err.text, "1.a"), "%s", err.text);
	sync_and_close(s);
	expect_text(dir, ".Done/cur/1.a:2,S", "precious");
	expect_text(dir, "new/1.a", "one");
	support_remove(dir);
}

/* As a power cut may leave it: the new name was on the disk, and the old one
 * was still there. */
Test(source_dispose, a_mail_that_is_in_both_places_is_moved)
{
	char *dir = new_maildir();
	struct source *s;
	struct kit_mails mails;
	struct err err = {0};

	kit_maildir(dir, ".Done");
	kit_put(dir, ".Done/cur/1.a:2,S", "same");
	kit_put(dir, "new/1.a", "same");
	kit_put(dir, ".Done/cur/2.a:2,S", "longer");
	kit_put(dir, "new/2.a", "long");
	s = open_with(dir, DISPOSE_MOVE, "Done");
	mails = kit_drain(s);
	kit_finish(s, "1.a");
	cr_assert_eq(source_finish(s, "2.a", &err), -1);
	cr_assert(strstr(err.text, "File exists") != NULL, "%s", err.text);
	sync_and_close(s);
	kit_free(&mails);
	cr_assert_not(kit_exists(dir, "new/1.a"));
	expect_text(dir, ".Done/cur/1.a:2,S", "same");
	expect_text(dir, "new/2.a", "long");
	expect_text(dir, ".Done/cur/2.a:2,S", "longer");
	support_remove(dir);
}

Test(source_dispose, a_renamed_mail_that_cannot_be_moved_is_named)
{
	char *dir = new_maildir();
	struct source *s;
	struct err err = {0};

	kit_maildir(dir, ".Done");
	kit_put(dir, ".Done/cur/1.a:2,S", "precious");
	kit_put(dir, "new/1.a", "one");
	s = open_with(dir, DISPOSE_MOVE, "Done");
	struct message m = kit_next(s);
	kit_rename(dir, "new/1.a", "cur/1.a:2,");
	/* The key is of a list that is thrown away on the way. */
	cr_assert_eq(source_finish(s, m.key, &err), -1);
	cr_assert_not_null(strstr(err.text, "mail 1.a: "), "%s", err.text);
	source_close(s);
	expect_text(dir, "cur/1.a:2,", "one");
	support_remove(dir);
}

Test(source_dispose, hostile_folder_names_are_refused_at_once)
{
	static const char *const names[] = {"", ".", "..", "/", "../x",
	    "a/../b", "a/./b", ".hidden", "a//b", "/etc", "a/", "a.", "a..b",
	    "a\nb", "a\x7f", "\xff"};
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct source *s;
	size_t i;

	config.dispose = DISPOSE_MOVE;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct err err = {0};

		config.dispose_folder = names[i];
		cr_assert_eq(
		    source_open(&s, &config, &err), -1, "%s", names[i]);
		cr_assert_eq(err.code, ERR_USAGE);
	}
	cr_assert_eq(kit_count(dir, ""), 3);
	support_remove(dir);
}

Test(source_dispose, a_mail_that_is_gone_is_no_error)
{
	static const enum disposal all[] = {
	    DISPOSE_SEEN, DISPOSE_MOVE, DISPOSE_DELETE};
	size_t i;

	for (i = 0; i < 3; i++) {
		char *dir = new_maildir();
		struct source *s;

		kit_put(dir, "new/1.a", "one");
		s = open_with(dir, all[i], "Done");
		kit_next(s);
		kit_unlink(dir, "new/1.a");
		kit_finish(s, "1.a");
		kit_finish(s, "never.was");
		sync_and_close(s);
		support_remove(dir);
	}
}

Test(source_dispose, a_mail_that_was_renamed_meanwhile_is_found)
{
	char *dir = new_maildir();
	struct source *s;
	struct kit_mails mails;

	kit_put(dir, "new/1.a", "one");
	kit_put(dir, "new/2.b", "two");
	s = open_with(dir, DISPOSE_MOVE, "Done");
	mails = kit_drain(s);
	kit_rename(dir, "new/1.a", "cur/1.a:2,F");
	kit_rename(dir, "new/2.b", "cur/2.b:2,RS");
	kit_finish(s, "1.a");
	kit_finish(s, "2.b");
	sync_and_close(s);
	expect_text(dir, ".Done/cur/1.a:2,FS", "one");
	expect_text(dir, ".Done/cur/2.b:2,RS", "two");
	kit_free(&mails);
	support_remove(dir);
}

Test(source_dispose, finishing_while_reading_neither_skips_nor_repeats)
{
	static const enum disposal all[] = {
	    DISPOSE_SEEN, DISPOSE_MOVE, DISPOSE_DELETE};
	size_t i, k;

	for (i = 0; i < 3; i++) {
		char *dir = new_maildir(), name[32];
		struct source *s;
		struct err err = {0};

		for (k = 0; k < 50; k++) {
			snprintf(name, sizeof(name), "new/%02zu.a", k);
			kit_put(dir, name, "mail");
		}
		s = open_with(dir, all[i], "Done");
		for (k = 0; k < 50; k++) {
			snprintf(name, sizeof(name), "%02zu.a", k);
			cr_assert_str_eq(kit_next(s).key, name);
			/* Another client is faster with some. */
			if (k % 7 == 0)
				kit_unlink(dir, kit_path("new", name));
			kit_finish(s, name);
			if (k % 10 == 9)
				cr_assert_eq(source_sync(s, &err), 0);
		}
		sync_and_close(s);
		cr_assert_eq(kit_count(dir, "new"), 0);
		support_remove(dir);
	}
}

Test(source_dispose, folders_that_were_left_are_still_finished)
{
	static const char *const folders[] = {"INBOX", "A", "A/B"};
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct source *s;
	struct kit_mails mails;
	struct err err = {0};

	kit_maildir(dir, ".A");
	kit_maildir(dir, ".A.B");
	kit_put(dir, "new/1.a", "one");
	kit_put(dir, ".A/new/1.a", "two");
	kit_put(dir, ".A.B/new/1.a", "three");
	kit_put(dir, ".A.B/new/2.a", "four");
	config.folders = folders;
	config.nfolders = 3;
	config.dispose = DISPOSE_MOVE;
	config.dispose_folder = "A";
	s = kit_open(&config);
	mails = kit_drain(s);
	cr_assert_eq(mails.n, 4);
	kit_finish(s, "A.B/2.a");
	/* Forgets the lists of all three. */
	cr_assert_eq(source_sync(s, &err), 0);
	kit_finish(s, "1.a");
	kit_finish(s, "A/1.a");
	sync_and_close(s);
	/* Two mails of one unique name: the second stays where it is. */
	expect_text(dir, ".A/cur/1.a:2,S", "one");
	expect_text(dir, ".A/new/1.a", "two");
	expect_text(dir, ".A/cur/2.a:2,S", "four");
	expect_text(dir, ".A.B/new/1.a", "three");
	kit_free(&mails);
	support_remove(dir);
}

Test(source_dispose, a_key_of_no_folder_is_refused)
{
	char *dir = new_maildir();
	struct source *s = open_with(dir, DISPOSE_DELETE, NULL);
	struct err err = {0};

	cr_assert_eq(source_finish(s, "Other/1.a", &err), -1);
	cr_assert_eq(err.code, ERR_USAGE);
	cr_assert_eq(source_finish(s, "../1.a", &err), -1);
	source_close(s);
	support_remove(dir);
}

Test(source_dispose, without_rights_the_mail_stays_where_it_is)
{
	char *dir = new_maildir();
	struct source *s;
	struct err err = {0};

	kit_put(dir, "new/1.a", "one");
	cr_assert_eq(chmod(kit_path(dir, "new/1.a"), 0644), 0);
	kit_become_nobody(dir);
	s = open_with(dir, DISPOSE_DELETE, NULL);
	kit_next(s);
	if (getuid() == 0) {
		cr_assert_eq(source_finish(s, "1.a", &err), -1);
		cr_assert_eq(err.code, ERR_REFUSED);
		cr_assert(kit_exists(dir, "new/1.a"));
	}
	source_close(s);
	kit_become_root();
	support_remove(dir);
}

Test(source_dispose, only_a_maildir_can_do_it)
{
	static const char *const names[] = {"mbox", "file.json", "folder"};
	char *dir = support_tmpdir();
	struct source *s;
	size_t i;

	kit_put(dir, "mbox", "From a Sat Nov 21 06:00:12 2026\n\n");
	kit_put(dir, "file.json", "{}");
	kit_mkdir(dir, "folder");
	for (i = 0; i < 4; i++) {
		const char *path = i < 3 ? kit_path(dir, names[i]) : "-";
		struct source_config config = kit_config(path);
		struct err err = {0};

		config.dispose = DISPOSE_SEEN;
		cr_assert_eq(source_open(&s, &config, &err), -1);
		cr_assert_eq(err.code, ERR_USAGE);
		cr_assert_not_null(strstr(err.text, "Maildir"));
		config.dispose = DISPOSE_KEEP;
		config.folders = names;
		config.nfolders = 1;
		cr_assert_eq(source_open(&s, &config, &err), -1);
		cr_assert_eq(err.code, ERR_USAGE);
	}
	support_remove(dir);
}

/* ---- renaming ---- */

static void
try_renaming(int (*rename_it)(int, const char *, int, const char *))
{
	char *dir = support_tmpdir();
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	kit_put(dir, "a", "a");
	kit_put(dir, "b", "b");
	cr_assert_eq(rename_it(fd, "a", fd, "b"), -1);
	cr_assert_eq(errno, EEXIST);
	expect_text(dir, "a", "a");
	expect_text(dir, "b", "b");
	cr_assert_eq(rename_it(fd, "none", fd, "c"), -1);
	cr_assert_eq(errno, ENOENT);
	cr_assert_eq(rename_it(fd, "a", fd, "c"), 0);
	expect_text(dir, "c", "a");
	cr_assert_not(kit_exists(dir, "a"));
	close(fd);
	support_remove(dir);
}

Test(source_dispose, renaming_in_one_step_overwrites_nothing)
{
	try_renaming(rename_new);
}

Test(source_dispose, renaming_by_link_overwrites_nothing)
{
	try_renaming(rename_by_link);
}

Test(source_dispose, renaming_where_links_are_refused_overwrites_nothing)
{
	char *dir = support_tmpdir();
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	/* Linux lets no one link to a file that he may not write. */
	kit_put(dir, "a", "a");
	kit_put(dir, "b", "b");
	cr_assert_eq(chmod(dir, 0777), 0);
	if (geteuid() == 0)
		cr_assert_eq(seteuid(65534), 0);
	cr_assert_eq(rename_by_link(fd, "a", fd, "b"), -1);
	cr_assert_eq(errno, EEXIST);
	cr_assert_eq(rename_by_link(fd, "a", fd, "c"), 0);
	kit_become_root();
	expect_text(dir, "c", "a");
	expect_text(dir, "b", "b");
	cr_assert_not(kit_exists(dir, "a"));
	close(fd);
	support_remove(dir);
}
