/* SPDX-License-Identifier: ISC */

/*
 * Walking a folder that holds everything: files, mailboxes, loops, pipes and
 * depths.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "source_kit.h"
#include "support.h"

#define FROM "From r@example.com Sat Nov 21 06:00:12 2026\n"

static const struct kit_mail *
find_bytes(const struct kit_mails *mails, const char *bytes)
{
	size_t i;

	for (i = 0; i < mails->n; i++)
		if (strcmp(mails->m[i].bytes, bytes) == 0)
			return &mails->m[i];
	return NULL;
}

Test(source_folder, an_empty_one_gives_nothing)
{
	char *dir = support_tmpdir();
	struct kit_mails mails = kit_read(dir);

	cr_assert_eq(mails.n + mails.errors, 0);
	cr_assert_eq(mails.progress.total, 0);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, files_come_in_the_order_of_their_names)
{
	char *dir = support_tmpdir();
	struct kit_mails mails;
	size_t i;

	kit_put(dir, "c.json", "3");
	kit_put(dir, "a.eml", "1");
	kit_mkdir(dir, "b");
	kit_put(dir, "b/z", "2b");
	kit_put(dir, "b/a", "2a");
	kit_put(dir, ".hidden", "no");
	kit_mkdir(dir, ".git");
	kit_put(dir, ".git/x", "no");
	kit_put(dir, "d\n.zip", "4");
	mails = kit_read(dir);
	cr_assert_eq(mails.n, 5);
	static const char *const want[] = {"1", "2a", "2b", "3", "4"};
	for (i = 0; i < 5; i++)
		cr_assert_str_eq(mails.m[i].bytes, want[i]);
	cr_assert_str_eq(mails.m[1].name, "a");
	cr_assert_str_eq(mails.m[1].locator, kit_path(dir, "b/a"));
	cr_assert_eq(strlen(mails.m[1].key), 64);
	cr_assert_eq(mails.progress.total, 5);
	cr_assert_eq(mails.progress.done, 5);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, an_mbox_and_a_maildir_are_read_as_such)
{
	char *dir = support_tmpdir();
	const struct kit_mail *m;
	struct kit_mails mails;

	kit_mkdir(dir, "sub");
	kit_put(dir, "sub/box", FROM "one\n\n" FROM "two\n");
	kit_maildir(dir, "sub/mail");
	kit_put(dir, "sub/mail/new/1.a", FROM "three\n");
	kit_put(dir, "sub/mail/cur/2.b:2,S", "four");
	kit_put(dir, "sub/mail/dovecot.index", "no");
	kit_put(dir, "sub/none", "");
	kit_put(dir, "z", "five");
	mails = kit_read(dir);
	cr_assert_eq(mails.errors, 0);
	cr_assert_eq(mails.n, 5);
	m = find_bytes(&mails, "two\n");
	cr_assert_eq(strncmp(m->key, "sub/box/49:", 11), 0, "%s", m->key);
	cr_assert_eq(strncmp(m->locator, kit_path(dir, "sub/box, message 2"),
			 strlen(dir) + 18),
	    0);
	cr_assert(kit_has(&mails, "sub/mail/1.a", FROM "three\n"));
	cr_assert(kit_has(&mails, "sub/mail/2.b", "four"));
	cr_assert_str_eq(find_bytes(&mails, "four")->locator,
	    kit_path(dir, "sub/mail/cur/2.b:2,S"));
	cr_assert_not_null(find_bytes(&mails, "five"));
	cr_assert_eq(mails.progress.done, 5);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, folders_inside_of_a_maildir_are_walked)
{
	char *dir = support_tmpdir();
	struct kit_mails mails;

	kit_maildir(dir, "mail");
	kit_maildir(dir, "mail/Reports");
	kit_maildir(dir, "mail/.Plus");
	kit_mkdir(dir, "mail/cur/odd");
	kit_put(dir, "mail/cur/odd/x", "no");
	kit_put(dir, "mail/new/1.a", "one");
	kit_put(dir, "mail/Reports/new/1.a", "two");
	kit_put(dir, "mail/.Plus/new/1.a", "no");
	mails = kit_read(dir);
	cr_assert_eq(mails.n, 2);
	cr_assert(kit_has(&mails, "mail/1.a", "one"));
	cr_assert(kit_has(&mails, "mail/Reports/1.a", "two"));
	cr_assert_eq(mails.progress.total, 2);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, links_to_folders_are_not_followed_and_others_are)
{
	char *dir = support_tmpdir();
	struct kit_mails mails;

	kit_mkdir(dir, "a");
	kit_put(dir, "a/file", "one");
	cr_assert_eq(symlink("..", kit_path(dir, "a/up")), 0);
	cr_assert_eq(symlink("a", kit_path(dir, "b")), 0);
	cr_assert_eq(symlink("c", kit_path(dir, "c")), 0);
	cr_assert_eq(symlink("nowhere", kit_path(dir, "d")), 0);
	cr_assert_eq(symlink("/dev/zero", kit_path(dir, "e")), 0);
	cr_assert_eq(symlink("a/file", kit_path(dir, "f")), 0);
	mails = kit_read(dir);
	cr_assert_eq(mails.errors, 0);
	cr_assert_eq(mails.n, 2);
	cr_assert_str_eq(mails.m[1].bytes, "one");
	cr_assert_str_eq(mails.m[1].name, "f");
	cr_assert_str_eq(mails.m[1].key, mails.m[0].key);
	cr_assert_eq(mails.progress.total, 2);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, a_link_to_a_folder_may_be_the_source_itself)
{
	char *dir = support_tmpdir();
	struct kit_mails mails;

	kit_mkdir(dir, "a");
	kit_put(dir, "a/file", "one");
	cr_assert_eq(symlink("a", kit_path(dir, "b")), 0);
	mails = kit_read(kit_path(dir, "b"));
	cr_assert_eq(mails.n, 1);
	cr_assert_str_eq(mails.m[0].locator, kit_path(dir, "a/file"));
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, pipes_are_passed_over_without_waiting, .timeout = 5)
{
	char *dir = support_tmpdir();
	struct kit_mails mails;

	cr_assert_eq(mkfifo(kit_path(dir, "a"), 0600), 0);
	kit_put(dir, "b", "one");
	cr_assert_eq(symlink("a", kit_path(dir, "c")), 0);
	mails = kit_read(dir);
	cr_assert_eq(mails.errors, 0);
	cr_assert_eq(mails.n, 1);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, it_goes_32_folders_deep_and_says_where_it_stops)
{
	char *dir = support_tmpdir(), path[256] = "";
	struct kit_mails mails;
	size_t i;

	for (i = 1; i <= 40; i++) {
		strcat(path, "d/");
		kit_mkdir(dir, path);
		if (i == 31 || i == 32) {
			strcat(path, "file");
			kit_put(dir, path, i == 31 ? "31" : "32");
			path[strlen(path) - 4] = '\0';
		}
	}
	kit_put(dir, "z", "last");
	mails = kit_read(dir);
	cr_assert_eq(mails.n, 2);
	cr_assert_str_eq(mails.m[0].bytes, "31");
	cr_assert_str_eq(mails.m[1].bytes, "last");
	cr_assert_eq(mails.errors, 1);
	cr_assert_eq(mails.err.code, ERR_BOUND);
	cr_assert_not_null(strstr(mails.err.text, "32 folders deep"));
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, what_cannot_be_read_costs_no_other)
{
	char *dir = support_tmpdir();
	struct kit_mails mails;

	kit_put(dir, "a", "one");
	kit_mkdir(dir, "b");
	kit_put(dir, "b/x", "no");
	kit_maildir(dir, "c");
	kit_put(dir, "c/new/1.a", "no");
	kit_put(dir, "d", FROM "no\n");
	kit_put(dir, "e", "two");
	cr_assert_eq(chmod(kit_path(dir, "a"), 0644), 0);
	cr_assert_eq(chmod(kit_path(dir, "e"), 0644), 0);
	cr_assert_eq(chmod(kit_path(dir, "b"), 0), 0);
	cr_assert_eq(chmod(kit_path(dir, "c/new"), 0), 0);
	cr_assert_eq(chmod(kit_path(dir, "d"), 0), 0);
	kit_become_nobody(dir);
	mails = kit_read(dir);
	kit_become_root();
	cr_assert_eq(mails.n, 2);
	cr_assert_eq(mails.errors, 3, "%zu", mails.errors);
	cr_assert_not(mails.fatal);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, what_vanishes_is_passed_over)
{
	char *dir = support_tmpdir();
	struct source_config config = kit_config(dir);
	struct source *s;
	struct kit_mails mails;

	kit_put(dir, "a", "one");
	kit_put(dir, "b", "two");
	kit_mkdir(dir, "c");
	kit_put(dir, "d", "three");
	s = kit_open(&config);
	kit_next(s);
	kit_unlink(dir, "b");
	cr_assert_eq(rmdir(kit_path(dir, "c")), 0);
	mails = kit_drain(s);
	cr_assert_eq(mails.errors, 0);
	cr_assert_eq(mails.n, 1);
	cr_assert_eq(mails.progress.done, mails.progress.total);
	source_close(s);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, a_truncated_mbox_ends_itself_only)
{
	char *dir = support_tmpdir(), *text = support_repeat('x', 600000);
	struct source_config config = kit_config(dir);
	struct source *s;
	struct kit_mails mails;

	memcpy(text, FROM "a\n\n" FROM, 2 * strlen(FROM) + 3);
	kit_put(dir, "a", text);
	kit_put(dir, "b", "two");
	s = kit_open(&config);
	cr_assert_eq(kit_next(s).len, 2);
	cr_assert_eq(truncate(kit_path(dir, "a"), 1000), 0);
	mails = kit_drain(s);
	cr_assert_eq(mails.errors, 1);
	cr_assert_not(mails.fatal);
	cr_assert_eq(mails.n, 1);
	source_close(s);
	kit_free(&mails);
	free(text);
	support_remove(dir);
}

static bool
knows_mail(void *arg, const char *key)
{
	size_t *asked = arg;

	(*asked)++;
	return strcmp(key, "m/1.a") == 0;
}

Test(source_folder, is_known_is_asked_with_the_keys_that_are_given)
{
	char *dir = support_tmpdir();
	struct source_config config = kit_config(dir);
	struct kit_mails mails;
	size_t asked = 0;

	kit_maildir(dir, "m");
	kit_put(dir, "m/new/1.a", "no");
	kit_put(dir, "m/new/2.b", "yes");
	kit_put(dir, "x", "yes too");
	config.is_known = knows_mail;
	config.arg = &asked;
	mails = kit_read_config(&config);
	cr_assert_eq(mails.n, 2);
	cr_assert_str_eq(mails.m[0].key, "m/2.b");
	cr_assert_eq(asked, 3);
	cr_assert_eq(mails.progress.known, 1);
	cr_assert_eq(mails.progress.done, 3);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_folder, it_can_be_closed_in_the_middle_of_anything)
{
	char *dir = support_tmpdir();
	struct source_config config = kit_config(dir);
	struct source *s;
	size_t i, k;

	kit_mkdir(dir, "a");
	kit_put(dir, "a/box", FROM "1\n\n" FROM "2\n");
	kit_maildir(dir, "b");
	kit_put(dir, "b/new/1.a", "3");
	kit_put(dir, "b/new/2.a", "4");
	for (i = 0; i <= 4; i++) {
		s = kit_open(&config);
		for (k = 0; k < i; k++)
			kit_next(s);
		source_close(s);
	}
	support_remove(dir);
}

Test(source_folder, a_file_over_the_limit_is_told)
{
	struct limits limits = LIMITS_DEFAULT;
	char *dir = support_tmpdir();
	struct source_config config = kit_config(dir);
	struct kit_mails mails;

	limits.message_bytes = 100;
	config.limits = &limits;
	kit_put(dir, "a", "one");
	char *text = support_repeat('x', 101);
	kit_put(dir, "b", text);
	/* An mbox may be larger than a message. */
	kit_put(dir, "c", FROM "1\n\n" FROM "2\n\n" FROM "3\n");
	mails = kit_read_config(&config);
	cr_assert_eq(mails.n, 5);
	cr_assert(mails.m[1].oversize);
	cr_assert_not(mails.m[2].oversize);
	kit_free(&mails);
	free(text);
	support_remove(dir);
}
