/* SPDX-License-Identifier: ISC */

/*
 * Reading a Maildir that other programs change at the same time, and that
 * holds what no mail server would put there.
 */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "source_kit.h"
#include "support.h"

/* A scratch Maildir. */
static char *
new_maildir(void)
{
	char *dir = support_tmpdir();

	kit_maildir(dir, "");
	return dir;
}

static struct kit_mails
read_folders(const char *dir, const char *const *folders, size_t n)
{
	struct source_config config = kit_config(dir);

	config.folders = folders;
	config.nfolders = n;
	return kit_read_config(&config);
}

static void
expect_open_error(
    const struct source_config *config, enum err_code code, const char *text)
{
	struct source *s = (struct source *)1;
	struct err err = {0};

	cr_assert_eq(source_open(&s, config, &err), -1);
	cr_assert_null(s);
	cr_assert_eq(err.code, code, "%d: %s", err.code, err.text);
	cr_assert_not_null(strstr(err.text, text), "%s", err.text);
}

Test(source_maildir, an_empty_one_gives_nothing_and_says_what_it_is)
{
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct source *s = kit_open(&config);
	struct kit_mails mails = kit_drain(s);

	cr_assert_eq(mails.n + mails.errors, 0);
	cr_assert_str_eq(source_kind(s), "maildir");
	cr_assert_str_eq(source_name(s), dir);
	kit_free(&mails);
	mails = kit_drain(s);
	cr_assert_eq(mails.n, 0);
	source_close(s);
	support_remove(dir);
}

Test(source_maildir, new_and_cur_are_read_together_sorted_by_name)
{
	char *dir = new_maildir();
	struct kit_mails mails;

	kit_put(dir, "cur/30.c:2,S", "three");
	kit_put(dir, "new/20.b", "two");
	kit_put(dir, "cur/10.a:2,", "one");
	kit_put(dir, "new/40.d", "four");
	mails = kit_read(dir);
	cr_assert_eq(mails.n, 4);
	cr_assert_str_eq(mails.m[0].key, "10.a");
	cr_assert_str_eq(mails.m[0].bytes, "one");
	cr_assert_str_eq(mails.m[1].key, "20.b");
	cr_assert_str_eq(mails.m[2].key, "30.c");
	cr_assert_str_eq(mails.m[3].bytes, "four");
	cr_assert_str_eq(mails.m[3].locator, kit_path(dir, "new/40.d"));
	cr_assert_str_eq(mails.m[2].locator, kit_path(dir, "cur/30.c:2,S"));
	cr_assert_str_eq(mails.m[0].name, "");
	cr_assert_eq(mails.progress.total, 4);
	cr_assert_eq(mails.progress.done, 4);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, names_with_odd_letters_and_flags_are_read)
{
	static const char *const names[] = {"cur/1\n.a:2,S", "cur/2 b:2,,S",
	    "cur/3.c:1,old", "cur/4.d:", "cur/:2,S", "cur/6.f:2,zyxSF",
	    "new/7.g:2,T", "cur/8\xff\xfe.h:2,S", "cur/--help"};
	char *dir = new_maildir();
	struct kit_mails mails;
	size_t i, n = sizeof(names) / sizeof(names[0]);

	for (i = 0; i < n; i++)
		kit_put(dir, names[i], names[i]);
	mails = kit_read(dir);
	cr_assert_eq(mails.n, n);
	cr_assert_eq(mails.errors, 0);
	cr_assert(kit_has(&mails, "1\n.a", names[0]));
	cr_assert(kit_has(&mails, "2 b", names[1]));
	cr_assert(kit_has(&mails, "3.c", names[2]));
	cr_assert(kit_has(&mails, "4.d", names[3]));
	cr_assert(kit_has(&mails, ":2,S", names[4]));
	cr_assert(kit_has(&mails, "7.g", names[6]));
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, a_key_does_not_change_with_flags_or_directory)
{
	char *dir = new_maildir();
	struct kit_mails before, after;

	kit_put(dir, "new/1.a,S=3", "mail");
	before = kit_read(dir);
	kit_rename(dir, "new/1.a,S=3", "cur/1.a,S=3:2,FRS");
	after = kit_read(dir);
	cr_assert_eq(after.n, 1);
	cr_assert_str_eq(before.m[0].key, after.m[0].key);
	kit_free(&before);
	kit_free(&after);
	support_remove(dir);
}

Test(source_maildir, the_same_key_in_new_and_cur_is_given_once_from_cur)
{
	char *dir = new_maildir();
	struct kit_mails mails;

	kit_put(dir, "new/1.a", "new");
	kit_put(dir, "cur/1.a:2,S", "cur");
	kit_put(dir, "cur/1.a-b:2,S", "other");
	mails = kit_read(dir);
	cr_assert_eq(mails.n, 2);
	cr_assert(kit_has(&mails, "1.a", "cur"));
	cr_assert(kit_has(&mails, "1.a-b", "other"));
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, dot_files_folders_pipes_and_tmp_are_passed_over)
{
	char *dir = new_maildir();
	struct kit_mails mails;

	kit_put(dir, "cur/.nfs0001", "no");
	kit_put(dir, "tmp/1.a", "no");
	kit_put(dir, "dovecot-uidlist", "no");
	kit_mkdir(dir, "cur/2.b");
	cr_assert_eq(mkfifo(kit_path(dir, "new/3.c"), 0600), 0);
	kit_mkdir(dir, "elsewhere");
	cr_assert_eq(symlink("../elsewhere", kit_path(dir, "new/4.d")), 0);
	cr_assert_eq(symlink("../new/3.c", kit_path(dir, "cur/5.e")), 0);
	cr_assert_eq(symlink("/nowhere", kit_path(dir, "cur/6.f")), 0);
	cr_assert_eq(symlink("7.g", kit_path(dir, "cur/7.h")), 0);
	kit_put(dir, "cur/7.g", "yes");
	mails = kit_read(dir);
	cr_assert_eq(mails.errors, 0, "%s", mails.err.text);
	cr_assert_eq(mails.n, 2);
	cr_assert(kit_has(&mails, "7.h", "yes"));
	cr_assert_eq(mails.progress.done, mails.progress.total);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, an_empty_mail_is_a_mail)
{
	char *dir = new_maildir();
	struct kit_mails mails;

	kit_put(dir, "new/1.a", "");
	mails = kit_read(dir);
	cr_assert_eq(mails.n, 1);
	cr_assert_eq(mails.m[0].len, 0);
	cr_assert_not(mails.m[0].oversize);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, bytes_come_as_they_are_with_nul_and_without_newline)
{
	char *dir = new_maildir();
	struct kit_mails mails;

	support_write(dir, "new/1.a", SPAN("a\0b\r\n\xff"));
	mails = kit_read(dir);
	cr_assert_eq(mails.m[0].len, 6);
	cr_assert_eq(memcmp(mails.m[0].bytes, "a\0b\r\n\xff", 6), 0);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, received_is_the_time_of_the_file)
{
	static const struct timespec times[2] = {{1000000000, 0}, {-5, 0}};
	char *dir = new_maildir();
	struct kit_mails mails;

	kit_put(dir, "new/1.a", "mail");
	cr_assert_eq(
	    utimensat(AT_FDCWD, kit_path(dir, "new/1.a"), times, 0), 0);
	mails = kit_read(dir);
	cr_assert_eq(mails.m[0].received, -5);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, a_mail_over_the_limit_is_told_and_not_read)
{
	struct limits limits = LIMITS_DEFAULT;
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct kit_mails mails;

	limits.message_bytes = 4;
	config.limits = &limits;
	kit_put(dir, "new/1.a", "1234");
	kit_put(dir, "new/2.b", "12345");
	kit_put(dir, "new/3.c", "123");
	mails = kit_read_config(&config);
	cr_assert_eq(mails.n, 3);
	cr_assert(kit_has(&mails, "1.a", "1234"));
	cr_assert_not(mails.m[0].oversize);
	cr_assert(mails.m[1].oversize);
	cr_assert_eq(mails.m[1].len, 0);
	cr_assert_str_eq(mails.m[1].key, "2.b");
	cr_assert_eq(mails.m[1].locator[0], '/');
	cr_assert(kit_has(&mails, "3.c", "123"));
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, a_large_mail_between_small_ones_is_read_whole)
{
	char *dir = new_maildir(), *large = support_repeat('x', 3000000);
	struct kit_mails mails;

	kit_put(dir, "new/1.a", "small");
	kit_put(dir, "new/2.b", large);
	kit_put(dir, "new/3.c", "tiny");
	mails = kit_read(dir);
	cr_assert(kit_has(&mails, "1.a", "small"));
	cr_assert(kit_has(&mails, "2.b", large));
	cr_assert(kit_has(&mails, "3.c", "tiny"));
	kit_free(&mails);
	free(large);
	support_remove(dir);
}

/* ---- is_known ---- */

struct knower {
	const char *known;
	size_t asked;
};

static bool
knows(void *arg, const char *key)
{
	struct knower *k = arg;

	k->asked++;
	return strcmp(key, k->known) == 0;
}

Test(source_maildir, a_known_mail_is_not_even_opened)
{
	struct knower k = {.known = "2.b"};
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct kit_mails mails;

	config.is_known = knows;
	config.arg = &k;
	kit_put(dir, "new/1.a", "one");
	kit_put(dir, "new/2.b", "two");
	cr_assert_eq(chmod(kit_path(dir, "new/2.b"), 0), 0);
	kit_become_nobody(dir);
	mails = kit_read_config(&config);
	kit_become_root();
	cr_assert_eq(mails.errors, 1);
	cr_assert_not_null(strstr(mails.err.text, "new/1.a: "));
	cr_assert_eq(k.asked, 2);
	cr_assert_eq(mails.progress.known, 1);
	cr_assert_eq(mails.progress.done, 2);
	kit_free(&mails);
	support_remove(dir);
}

/* ---- other programs at work ---- */

Test(source_maildir, a_mail_that_vanished_is_passed_over_silently)
{
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct source *s;
	struct kit_mails rest;

	kit_put(dir, "new/1.a", "one");
	kit_put(dir, "new/2.b", "two");
	kit_put(dir, "new/3.c", "three");
	s = kit_open(&config);
	cr_assert_str_eq(kit_next(s).key, "1.a");
	kit_unlink(dir, "new/2.b");
	rest = kit_drain(s);
	cr_assert_eq(rest.errors, 0);
	cr_assert_eq(rest.n, 1);
	cr_assert_str_eq(rest.m[0].key, "3.c");
	cr_assert_eq(rest.progress.done, rest.progress.total);
	source_close(s);
	kit_free(&rest);
	support_remove(dir);
}

Test(source_maildir, a_mail_whose_flags_changed_is_found_again)
{
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct source *s;
	struct kit_mails rest;

	kit_put(dir, "new/1.a", "one");
	kit_put(dir, "new/2.b", "two");
	kit_put(dir, "cur/3.c:2,", "three");
	s = kit_open(&config);
	kit_next(s);
	kit_rename(dir, "new/2.b", "cur/2.b:2,S");
	kit_rename(dir, "cur/3.c:2,", "cur/3.c:2,RS");
	rest = kit_drain(s);
	cr_assert_eq(rest.n, 2);
	cr_assert(kit_has(&rest, "2.b", "two"));
	cr_assert(kit_has(&rest, "3.c", "three"));
	cr_assert_str_eq(rest.m[0].locator, kit_path(dir, "cur/2.b:2,S"));
	source_close(s);
	kit_free(&rest);
	support_remove(dir);
}

Test(source_maildir, all_that_changes_between_any_two_mails_is_found)
{
	char *dir = new_maildir(), from[64], to[64];
	struct source_config config = kit_config(dir);
	struct source *s;
	size_t i;

	for (i = 0; i < 200; i++) {
		snprintf(from, sizeof(from), "new/%03zu.a", i);
		kit_put(dir, from, from);
	}
	s = kit_open(&config);
	for (i = 0; i < 200; i++) {
		snprintf(from, sizeof(from), "%03zu.a", i);
		cr_assert_str_eq(kit_next(s).key, from);
		snprintf(from, sizeof(from), "new/%03zu.a", i + 1);
		snprintf(to, sizeof(to), "cur/%03zu.a:2,S", i + 1);
		if (i + 1 < 200)
			kit_rename(dir, from, to);
	}
	cr_assert_eq(source_progress(s).done, 200);
	source_close(s);
	support_remove(dir);
}

Test(source_maildir, what_arrives_meanwhile_does_not_disturb)
{
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct source *s;
	struct kit_mails rest;

	kit_put(dir, "new/20.a", "one");
	kit_put(dir, "new/30.b", "two");
	kit_put(dir, "new/40.c", "three");
	s = kit_open(&config);
	kit_next(s);
	kit_put(dir, "new/10.x", "early");
	kit_put(dir, "new/35.y", "late");
	/* Makes the reader look again. */
	kit_unlink(dir, "new/30.b");
	rest = kit_drain(s);
	cr_assert_not(kit_has(&rest, "10.x", "early"));
	cr_assert_not(kit_has(&rest, "20.a", "one"));
	cr_assert(kit_has(&rest, "40.c", "three"));
	cr_assert_eq(rest.errors, 0);
	source_close(s);
	kit_free(&rest);
	support_remove(dir);
}

Test(source_maildir, the_whole_mailbox_may_vanish)
{
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);
	struct source *s;
	struct kit_mails rest;

	kit_put(dir, "new/1.a", "one");
	kit_put(dir, "new/2.b", "two");
	s = kit_open(&config);
	kit_next(s);
	support_remove(dir);
	rest = kit_drain(s);
	cr_assert_eq(rest.n, 0);
	source_close(s);
	kit_free(&rest);
}

Test(source_maildir, one_unreadable_mail_costs_no_other)
{
	char *dir = new_maildir();
	struct kit_mails mails;

	kit_put(dir, "new/1.a", "one");
	kit_put(dir, "new/2.b", "two");
	kit_put(dir, "new/3.c", "three");
	cr_assert_eq(chmod(kit_path(dir, "new/1.a"), 0644), 0);
	cr_assert_eq(chmod(kit_path(dir, "new/3.c"), 0644), 0);
	cr_assert_eq(chmod(kit_path(dir, "new/2.b"), 0), 0);
	kit_become_nobody(dir);
	mails = kit_read(dir);
	kit_become_root();
	cr_assert_eq(mails.n, 2);
	cr_assert_eq(mails.errors, 1);
	cr_assert_not(mails.fatal);
	cr_assert_eq(mails.err.code, ERR_REFUSED);
	cr_assert_not_null(strstr(mails.err.text, "/new/2.b: "));
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, nothing_is_touched_by_reading)
{
	char *dir = new_maildir();
	struct kit_mails mails;
	struct stat before, after;
	struct err err = {0};
	struct source_config config = kit_config(dir);
	struct source *s;

	kit_put(dir, "new/1.a", "one");
	cr_assert_eq(stat(kit_path(dir, "new"), &before), 0);
	s = kit_open(&config);
	mails = kit_drain(s);
	kit_finish(s, "1.a");
	cr_assert_eq(source_sync(s, &err), 0);
	source_close(s);
	cr_assert(kit_exists(dir, "new/1.a"));
	cr_assert_eq(stat(kit_path(dir, "new"), &after), 0);
	cr_assert_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	cr_assert_eq(kit_count(dir, ""), 3);
	kit_free(&mails);
	support_remove(dir);
}

/* ---- folders ---- */

/* An inbox and three folders with a mail in each. */
static char *
with_folders(void)
{
	char *dir = new_maildir();

	kit_maildir(dir, ".Reports");
	kit_maildir(dir, ".Reports.2026");
	kit_maildir(dir, ".Entw&APw-rfe");
	kit_put(dir, "new/1.a", "inbox");
	kit_put(dir, ".Reports/new/1.a", "reports");
	kit_put(dir, ".Reports.2026/cur/1.a:2,S", "2026");
	kit_put(dir, ".Entw&APw-rfe/cur/2.b:2,S", "drafts");
	return dir;
}

Test(source_maildir, the_inbox_alone_is_read_unless_folders_are_named)
{
	char *dir = with_folders();
	struct kit_mails mails = kit_read(dir);

	cr_assert_eq(mails.n, 1);
	cr_assert(kit_has(&mails, "1.a", "inbox"));
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, folders_are_read_in_turn_under_keys_of_their_own)
{
	static const char *const folders[] = {
	    "Reports/2026", "inbox", "Entw\xc3\xbcrfe", "Reports"};
	char *dir = with_folders();
	struct kit_mails mails = read_folders(dir, folders, 4);

	cr_assert_eq(mails.n, 4);
	cr_assert(kit_has(&mails, "Reports.2026/1.a", "2026"));
	cr_assert(kit_has(&mails, "1.a", "inbox"));
	cr_assert(kit_has(&mails, "Entw&APw-rfe/2.b", "drafts"));
	cr_assert(kit_has(&mails, "Reports/1.a", "reports"));
	cr_assert_str_eq(mails.m[0].key, "Reports.2026/1.a");
	cr_assert_str_eq(
	    mails.m[0].locator, kit_path(dir, ".Reports.2026/cur/1.a:2,S"));
	cr_assert_eq(mails.progress.total, 4);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, a_folder_spelled_in_two_ways_is_read_once)
{
	static const char *const folders[] = {"Reports.2026", "Reports/2026",
	    "INBOX", "Inbox", "Entw&APw-rfe", "Entw\xc3\xbcrfe"};
	char *dir = with_folders();
	struct kit_mails mails = read_folders(dir, folders, 6);

	cr_assert_eq(mails.n, 3);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, a_folder_that_is_missing_is_named_before_the_work)
{
	static const char *const folders[] = {"Reports", "No\nthere", "Where"};
	char *dir = with_folders();
	struct source_config config = kit_config(dir);

	config.folders = &folders[2];
	config.nfolders = 1;
	expect_open_error(&config, ERR_NOINPUT, "/.Where/new");
	config.folders = folders;
	config.nfolders = 2;
	expect_open_error(&config, ERR_USAGE, "control character");
	support_remove(dir);
}

Test(source_maildir, a_folder_itself_may_be_the_source)
{
	static const char *const folders[] = {"INBOX", "Reports"};
	char *dir = with_folders();
	struct kit_mails mails = kit_read(kit_path(dir, ".Reports"));

	cr_assert_eq(mails.n, 1);
	cr_assert(kit_has(&mails, "1.a", "reports"));
	kit_free(&mails);
	/* Names are those of the Maildir that it lies in. */
	mails = read_folders(kit_path(dir, ".Reports"), folders, 2);
	cr_assert_eq(mails.n, 2);
	cr_assert(kit_has(&mails, "INBOX/1.a", "inbox"));
	cr_assert(kit_has(&mails, "1.a", "reports"));
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, a_folder_that_cannot_be_listed_costs_no_other)
{
	static const char *const folders[] = {"Reports", "Reports.2026"};
	char *dir = with_folders();
	struct source_config config = kit_config(dir);
	struct source *s;
	struct kit_mails mails;

	config.folders = folders;
	config.nfolders = 2;
	s = kit_open(&config);
	kit_rename(dir, ".Reports", ".Gone");
	mails = kit_drain(s);
	cr_assert_eq(mails.errors, 1);
	cr_assert_eq(mails.n, 1);
	cr_assert(kit_has(&mails, "Reports.2026/1.a", "2026"));
	source_close(s);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_maildir, an_unreadable_one_is_refused_when_it_is_opened)
{
	char *dir = new_maildir();
	struct source_config config = kit_config(dir);

	cr_assert_eq(chmod(kit_path(dir, "new"), 0), 0);
	kit_become_nobody(dir);
	expect_open_error(&config, ERR_REFUSED, "/new: ");
	kit_become_root();
	support_remove(dir);
}
