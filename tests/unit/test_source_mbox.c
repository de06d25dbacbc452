/* SPDX-License-Identifier: ISC */

/*
 * Reading an mbox: where messages begin and end, at every border of the
 * window, and with other programs that lock, append and cut.
 */

#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/buf.h"
#include "source/mbox.h"
#include "source_kit.h"
#include "support.h"

#define FROM "From r@example.com Sat Nov 21 06:00:12 2026\n"
#define THEN INT64_C(1795240812)

/* The window's step, as in mbox_window.c. */
#define STEP ((size_t)256 << 10)

/* A scratch folder with a file "mbox" of that text. */
static char *
new_mbox(const char *text)
{
	char *dir = support_tmpdir();

	kit_put(dir, "mbox", text);
	return dir;
}

static void
append(const char *dir, const char *text)
{
	int fd = open(kit_path(dir, "mbox"), O_WRONLY | O_APPEND);
	size_t len = strlen(text);

	cr_assert_eq(write(fd, text, len), (ssize_t)len);
	close(fd);
}

static struct kit_mails
read_limited(const char *dir, size_t limit)
{
	struct limits limits = LIMITS_DEFAULT;
	struct source_config config = kit_config(kit_path(dir, "mbox"));

	limits.message_bytes = limit;
	config.limits = &limits;
	return kit_read_config(&config);
}

/* Reads text as an mbox and compares the messages with the n expected. */
static void
expect(const char *text, const char *const *want, size_t n)
{
	char *dir = new_mbox(text);
	struct kit_mails mails = kit_read(kit_path(dir, "mbox"));
	size_t i;

	cr_assert_eq(mails.errors, 0, "%s", mails.err.text);
	cr_assert_eq(
	    mails.n, n, "%zu messages, not %zu, in: %s", mails.n, n, text);
	for (i = 0; i < n; i++) {
		cr_assert_str_eq(mails.m[i].bytes, want[i]);
		cr_assert_not(mails.m[i].oversize);
	}
	kit_free(&mails);
	support_remove(dir);
}

#define EXPECT(text, ...)                                             \
	do {                                                          \
		static const char *const want[] = {__VA_ARGS__};      \
		expect((text), want, sizeof(want) / sizeof(want[0])); \
	} while (0)

Test(source_mbox, an_empty_file_has_no_message)
{
	expect("", NULL, 0);
}

Test(source_mbox, messages_come_in_order_with_key_place_and_time)
{
	char *dir =
	    new_mbox(FROM "Subject: a\n\none\n\n" FROM "Subject: b\n\ntwo\n");
	struct kit_mails mails = kit_read(kit_path(dir, "mbox"));
	const char *path = kit_path(dir, "mbox");
	char locator[4200];

	cr_assert_eq(mails.n, 2);
	cr_assert_str_eq(mails.m[0].bytes, "Subject: a\n\none\n");
	cr_assert_str_eq(mails.m[1].bytes, "Subject: b\n\ntwo\n");
	cr_assert_eq(strncmp(mails.m[0].key, "0:", 2), 0);
	cr_assert_eq(strlen(mails.m[0].key), 18);
	cr_assert_eq(strncmp(mails.m[1].key, "61:", 3), 0);
	snprintf(locator, sizeof(locator), "%s, message 2 (byte 61)", path);
	cr_assert_str_eq(mails.m[1].locator, locator);
	cr_assert_str_eq(mails.m[0].name, "");
	cr_assert_eq(mails.m[0].received, THEN);
	cr_assert_eq(mails.progress.done, 2);
	cr_assert_eq(mails.progress.total, 0);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_mbox, the_last_message_may_lack_its_newline)
{
	EXPECT(FROM "a: b\n\none", "a: b\n\none");
	EXPECT(FROM "a: b", "a: b");
	EXPECT(FROM "a\n\n" FROM "b", "a\n", "b");
}

/* A first line of len bytes, line end included, which has a date at its
 * beginning, and a mail behind it. */
static struct kit_mails
read_first_line(char *dir, size_t len)
{
	char *fill = support_repeat('x', len - strlen(FROM) - 1);
	struct buf b = {.cap = 5000};
	struct kit_mails mails;

	buf_append(&b, FROM, strlen(FROM) - 1);
	buf_append(&b, " ", 1);
	buf_append(&b, fill, strlen(fill));
	buf_append(&b, "\nSubject: a\n", 12);
	support_write(dir, "mbox", (struct span){b.data, b.len});
	mails = kit_read(kit_path(dir, "mbox"));
	free(fill);
	buf_free(&b);
	return mails;
}

Test(source_mbox, a_first_line_over_the_bound_is_a_line_of_the_message)
{
	char *dir = support_tmpdir();
	struct kit_mails mails = read_first_line(dir, 1024);

	cr_assert_eq(mails.n, 1);
	cr_assert_eq(mails.m[0].received, THEN);
	cr_assert_str_eq(mails.m[0].bytes, "Subject: a\n");
	kit_free(&mails);
	mails = read_first_line(dir, 1025);
	cr_assert_eq(mails.n, 1);
	cr_assert_neq(mails.m[0].received, THEN);
	cr_assert_eq(mails.m[0].len, 1025 + 11);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_mbox, only_one_empty_line_belongs_to_the_separator)
{
	EXPECT(FROM "a\n\n\n\n" FROM "b\n\n\n", "a\n\n\n", "b\n\n");
	EXPECT(FROM "\n" FROM "\n\n" FROM, "", "\n", "");
}

Test(source_mbox, from_lines_alone_are_empty_messages)
{
	EXPECT(FROM, "");
	EXPECT("From a@b Sat Nov 21 06:00:12 2026", "");
	EXPECT(FROM "\n" FROM "\n" FROM "\n", "", "", "");
	/* Without an empty line between them the second is not a new one: so
	 * look mails that were saved with their "From " line once more. */
	EXPECT(FROM FROM "a: b\n", FROM "a: b\n");
}

Test(source_mbox, line_ends_of_dos_are_kept_and_understood)
{
	EXPECT("From a Sat Nov 21 06:00:12 2026\r\na: b\r\n\r\none\r\n\r\n"
	       "From b Sat Nov 21 06:00:12 2026\r\n>From x\r\ntwo\r\n",
	    "a: b\r\n\r\none\r\n", "From x\r\ntwo\r\n");
	EXPECT("From a Sat Nov 21 06:00:12 2026\r\n\r\n", "");
}

Test(source_mbox, a_from_line_needs_an_empty_line_before_it)
{
	EXPECT(FROM "text\n" FROM "text\n", "text\n" FROM "text\n");
	EXPECT(FROM "text\n \n" FROM "text\n", "text\n \n" FROM "text\n");
}

Test(source_mbox, a_from_line_needs_a_date)
{
	EXPECT(FROM "a\n\nFrom what I see, all is well.\n\nb\n",
	    "a\n\nFrom what I see, all is well.\n\nb\n");
	EXPECT(FROM "a\n\nFrom\n\nFrom \n\nFrom: b\n",
	    "a\n\nFrom\n\nFrom \n\nFrom: b\n");
}

Test(source_mbox, the_first_line_needs_no_date_and_the_file_has_one)
{
	static const struct timespec times[2] = {{5, 0}, {1234567890, 0}};
	char *dir = new_mbox("From nobody\na: b\n");
	struct kit_mails mails;

	cr_assert_eq(utimensat(AT_FDCWD, kit_path(dir, "mbox"), times, 0), 0);
	mails = kit_read(kit_path(dir, "mbox"));
	cr_assert_eq(mails.n, 1);
	cr_assert_str_eq(mails.m[0].bytes, "a: b\n");
	cr_assert_eq(mails.m[0].received, 1234567890);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_mbox, quoted_lines_lose_one_mark)
{
	EXPECT(FROM "a\n\n>From me\n>>From you\n> From\n>Fromage\n>From\n"
		    "x>From y\n>>>>From z",
	    "a\n\nFrom me\n>From you\n> From\n>Fromage\n>From\n"
	    "x>From y\n>>>From z");
	EXPECT(FROM ">" FROM "\n>" FROM "b\n", FROM "\n" FROM "b\n");
}

Test(source_mbox, nul_and_eight_bits_pass)
{
	char *dir = support_tmpdir();
	struct kit_mails mails;

	support_write(dir, "mbox", SPAN(FROM "a\0\xff\n\0\n\n" FROM "\0"));
	mails = kit_read(kit_path(dir, "mbox"));
	cr_assert_eq(mails.n, 2);
	cr_assert_eq(mails.m[0].len, 6);
	cr_assert_eq(memcmp(mails.m[0].bytes, "a\0\xff\n\0\n", 6), 0);
	cr_assert_eq(mails.m[1].len, 1);
	kit_free(&mails);
	support_remove(dir);
}

/* ---- the window ---- */

/* An mbox whose second message begins pad bytes after the start. */
static char *
padded_mbox(size_t pad)
{
	struct buf b = {.cap = (size_t)8 << 20};
	char *fill = support_repeat('x', pad), *dir = support_tmpdir();
	size_t used = strlen(FROM) + 2;

	cr_assert_geq(pad, used);
	buf_append(&b, FROM, strlen(FROM));
	buf_append(&b, fill, pad - used);
	buf_append(&b, "\n\n", 2);
	buf_append(&b, FROM ">From \ntwo\n", strlen(FROM) + 11);
	buf_append(&b, "\n" FROM "three", strlen(FROM) + 6);
	support_write(dir, "mbox", (struct span){b.data, b.len});
	buf_free(&b);
	free(fill);
	return dir;
}

Test(source_mbox, a_message_may_begin_anywhere_at_the_windows_border)
{
	size_t pad;

	for (pad = STEP - 70; pad <= STEP + 10; pad++) {
		char *dir = padded_mbox(pad);
		struct kit_mails mails = kit_read(kit_path(dir, "mbox"));

		cr_assert_eq(mails.n, 3, "at %zu", pad);
		cr_assert_eq(mails.m[0].len, pad - strlen(FROM) - 1);
		cr_assert_str_eq(mails.m[1].bytes, "From \ntwo\n");
		cr_assert_str_eq(mails.m[2].bytes, "three");
		cr_assert_eq(strtoul(mails.m[1].key, NULL, 10), pad);
		kit_free(&mails);
		support_remove(dir);
	}
}

Test(source_mbox, a_text_cut_at_every_byte_never_breaks)
{
	static const char text[] =
	    FROM "a: b\n\n>From x\n\n" FROM "c\r\n\r\n" FROM "\n\n" FROM "d\n";
	char *dir = support_tmpdir();
	size_t i, last = 0;

	for (i = 0; i < sizeof(text); i++) {
		struct kit_mails mails;

		support_write(dir, "mbox", (struct span){text, i});
		mails = kit_read(kit_path(dir, "mbox"));
		cr_assert_eq(mails.errors, 0);
		cr_assert_geq(mails.n, i < 5 ? 0 : last);
		last = i < 5 ? 0 : mails.n;
		kit_free(&mails);
	}
	cr_assert_eq(last, 4);
	support_remove(dir);
}

Test(source_mbox, many_messages_of_many_sizes_come_out_whole)
{
	struct buf b = {.cap = (size_t)64 << 20};
	char *fill = support_repeat('y', 70000), *dir = support_tmpdir();
	struct kit_mails mails;
	size_t i;

	for (i = 0; i < 1000; i++) {
		buf_append(&b, FROM, strlen(FROM));
		buf_append(&b, fill, i * 7919 % 70000);
		buf_append(&b, "\n\n", 2);
	}
	support_write(dir, "mbox", (struct span){b.data, b.len});
	mails = kit_read(kit_path(dir, "mbox"));
	cr_assert_eq(mails.n, 1000);
	for (i = 0; i < 1000; i++)
		cr_assert_eq(mails.m[i].len, i * 7919 % 70000 + 1, "%zu", i);
	kit_free(&mails);
	buf_free(&b);
	free(fill);
	support_remove(dir);
}

/* ---- the limit ---- */

Test(source_mbox, a_message_at_the_limit_is_given_and_one_over_is_not)
{
	char *dir =
	    new_mbox(FROM "1234567\n\n" FROM "12345678\n\n" FROM "123\n");
	struct kit_mails mails = read_limited(dir, 8);

	cr_assert_eq(mails.n, 3);
	cr_assert_str_eq(mails.m[0].bytes, "1234567\n");
	cr_assert_not(mails.m[0].oversize);
	cr_assert(mails.m[1].oversize);
	cr_assert_eq(mails.m[1].len, 0);
	cr_assert_str_eq(mails.m[2].bytes, "123\n");
	kit_free(&mails);
	support_remove(dir);
}

/* An mbox of a huge message between two small ones; its lines are len bytes
 * long, 0 for one without an end. */
static char *
huge_mbox(size_t size, size_t len)
{
	struct buf b = {.cap = (size_t)64 << 20};
	char *dir = support_tmpdir(), *fill = support_repeat('z', size);
	size_t i;

	for (i = len; len > 0 && i < size; i += len)
		fill[i] = '\n';
	buf_append(&b, FROM "one\n\n" FROM, strlen(FROM) * 2 + 5);
	buf_append(&b, fill, size);
	buf_append(&b, "\n\n" FROM "three\n", strlen(FROM) + 8);
	support_write(dir, "mbox", (struct span){b.data, b.len});
	buf_free(&b);
	free(fill);
	return dir;
}

static const size_t line_lengths[] = {
    0, 1, 2, 70, 1000, 1023, 1024, 1025, 5000, 262144, 300000};

Test(source_mbox, a_huge_message_is_skipped_whatever_its_lines)
{
	size_t i;

	for (i = 0; i < sizeof(line_lengths) / sizeof(line_lengths[0]); i++) {
		char *dir = huge_mbox(3000000, line_lengths[i]);
		struct kit_mails mails = read_limited(dir, 100000);

		cr_assert_eq(mails.n, 3, "lines of %zu", line_lengths[i]);
		cr_assert_eq(mails.errors, 0);
		cr_assert_str_eq(mails.m[0].bytes, "one\n");
		cr_assert(mails.m[1].oversize);
		cr_assert_str_eq(mails.m[2].bytes, "three\n");
		kit_free(&mails);
		mails = kit_read(kit_path(dir, "mbox"));
		cr_assert_eq(mails.n, 3);
		cr_assert_eq(mails.m[1].len, 3000001);
		cr_assert_str_eq(mails.m[2].bytes, "three\n");
		kit_free(&mails);
		support_remove(dir);
	}
}

Test(source_mbox, a_huge_message_may_be_the_last)
{
	char *dir = huge_mbox(3000000, 70);
	struct kit_mails mails;

	cr_assert_eq(truncate(kit_path(dir, "mbox"), 2000000), 0);
	mails = read_limited(dir, 1000);
	cr_assert_eq(mails.n, 2);
	cr_assert(mails.m[1].oversize);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_mbox, a_sparse_file_of_64_gigabytes_costs_no_memory)
{
	char *dir = new_mbox(FROM "a\n");
	struct source_config config = kit_config(kit_path(dir, "mbox"));
	struct source *s;
	struct rusage before, after;

	cr_assert_eq(truncate(kit_path(dir, "mbox"), (off_t)64 << 30), 0);
	s = kit_open(&config);
	getrusage(RUSAGE_SELF, &before);
	cr_assert(kit_next(s).oversize);
	getrusage(RUSAGE_SELF, &after);
	cr_assert_lt(after.ru_maxrss - before.ru_maxrss, 400 << 10);
	source_close(s);
	support_remove(dir);
}

Test(source_mbox, a_first_line_without_end_is_no_trouble)
{
	char *dir = support_tmpdir(), *text = support_repeat('x', 600000);
	struct kit_mails mails;

	memcpy(text, "From ", 5);
	kit_put(dir, "mbox", text);
	mails = kit_read(kit_path(dir, "mbox"));
	cr_assert_eq(mails.n, 1);
	cr_assert_str_eq(mails.m[0].bytes, text);
	kit_free(&mails);
	free(text);
	support_remove(dir);
}

/* CPU seconds to read the file. */
static double
time_to_read(const char *dir)
{
	clock_t start = clock();
	struct kit_mails mails = kit_read(kit_path(dir, "mbox"));

	kit_free(&mails);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

Test(source_mbox, time_is_linear_for_lines_that_look_like_a_beginning)
{
	static const char line[] = "\nFrom x Sat Nov 21 06:00:12 202\n";
	struct buf b = {.cap = (size_t)64 << 20};
	char *dir = support_tmpdir();
	size_t i;

	buf_append(&b, FROM, strlen(FROM));
	for (i = 0; i < 300000; i++)
		buf_append(&b, line, strlen(line));
	support_write(dir, "mbox", (struct span){b.data, b.len});
	cr_assert_lt(time_to_read(dir), 5);
	buf_free(&b);
	support_remove(dir);
}

/* ---- keys ---- */

Test(source_mbox, the_key_of_the_last_message_survives_growth)
{
	static const char *const tails[] = {"\n\n", "\n", ""};
	size_t i;

	for (i = 0; i < 3; i++) {
		char *dir = new_mbox(FROM "a: b\n\none");
		struct kit_mails before, after;

		append(dir, tails[i]);
		before = kit_read(kit_path(dir, "mbox"));
		append(dir, &"\n\n"[strlen(tails[i])]);
		append(dir, FROM "two\n");
		after = kit_read(kit_path(dir, "mbox"));
		cr_assert_eq(before.n, 1);
		cr_assert_eq(after.n, 2);
		cr_assert_str_eq(before.m[0].key, after.m[0].key);
		kit_free(&before);
		kit_free(&after);
		support_remove(dir);
	}
}

Test(source_mbox, a_message_that_was_cut_has_another_key_when_whole)
{
	char *dir = new_mbox(FROM "a: b\n\non");
	struct kit_mails before = kit_read(kit_path(dir, "mbox")), after;

	append(dir, "e\n");
	after = kit_read(kit_path(dir, "mbox"));
	cr_assert_str_neq(before.m[0].key, after.m[0].key);
	kit_free(&before);
	kit_free(&after);
	support_remove(dir);
}

Test(source_mbox, a_changed_bit_anywhere_changes_the_key)
{
	char text[] = FROM "0123456789abcdefghijk\n";
	char *dir = support_tmpdir(), *first = NULL;
	size_t i;

	for (i = strlen(FROM); i < strlen(text); i++) {
		struct kit_mails mails;

		text[i] ^= i > strlen(FROM) ? 1 : 0;
		kit_put(dir, "mbox", text);
		mails = kit_read(kit_path(dir, "mbox"));
		if (first == NULL)
			first = strdup(mails.m[0].key);
		else
			cr_assert_str_neq(mails.m[0].key, first, "%zu", i);
		text[i] ^= i > strlen(FROM) ? 1 : 0;
		kit_free(&mails);
	}
	free(first);
	support_remove(dir);
}

static bool
knows_the_first(void *arg, const char *key)
{
	(void)arg;
	return strncmp(key, "0:", 2) == 0;
}

Test(source_mbox, a_known_message_is_passed_over)
{
	char *dir = new_mbox(FROM "one\n\n" FROM "two\n");
	struct source_config config = kit_config(kit_path(dir, "mbox"));
	struct kit_mails mails;

	config.is_known = knows_the_first;
	mails = kit_read_config(&config);
	cr_assert_eq(mails.n, 1);
	cr_assert_str_eq(mails.m[0].bytes, "two\n");
	cr_assert_eq(mails.progress.known, 1);
	cr_assert_eq(mails.progress.done, 2);
	kit_free(&mails);
	support_remove(dir);
}

/* ---- other programs at work ---- */

/* Forks a child that write-locks dir/mbox, and after so many milliseconds
 * adds a message and ends. */
static pid_t
lock_for(const char *dir, int ms)
{
	static const char late[] = "\n" FROM "late\n";
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fds[2], fd;
	pid_t pid;
	char c;

	cr_assert_eq(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		fd = open(kit_path(dir, "mbox"), O_RDWR | O_APPEND);
		if (fcntl(fd, F_SETLK, &lock) == -1 ||
		    write(fds[1], "x", 1) != 1)
			_exit(1);
		poll(NULL, 0, ms);
		_exit(write(fd, late, sizeof(late) - 1) == -1);
	}
	close(fds[1]);
	cr_assert_eq(read(fds[0], &c, 1), 1);
	close(fds[0]);
	return pid;
}

Test(source_mbox, a_lock_that_ends_is_waited_for)
{
	char *dir = new_mbox(FROM "one\n");
	struct source_config config = kit_config(kit_path(dir, "mbox"));
	struct source *s;
	struct kit_mails mails;
	pid_t pid;
	int status;

	pid = lock_for(dir, 300);
	s = kit_open(&config);
	mails = kit_drain(s);
	cr_assert_eq(mails.n, 2);
	cr_assert_str_eq(mails.m[1].bytes, "late\n");
	source_close(s);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_mbox, a_lock_that_stays_is_given_up_on_for_now)
{
	char *dir = new_mbox(FROM "one\n");
	struct err err = {0};
	pid_t pid = lock_for(dir, 60000);
	int fd = open(kit_path(dir, "mbox"), O_RDONLY);

	cr_assert_eq(mbox_lock(fd, 200, &err), -1);
	cr_assert_eq(err.code, ERR_TEMPORARY);
	cr_assert_str_eq(err.text, "locked by another program");
	cr_assert_eq(kill(pid, SIGKILL), 0);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	cr_assert_eq(mbox_lock(fd, 0, &err), 0);
	close(fd);
	support_remove(dir);
}

/* True if another process could write-lock dir/mbox. */
static bool
can_be_locked(const char *dir)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(kit_path(dir, "mbox"), O_RDWR);

	cr_assert_eq(fcntl(fd, F_GETLK, &lock), 0);
	close(fd);
	return lock.l_type == F_UNLCK;
}

Test(source_mbox, it_is_locked_while_it_is_read_and_no_longer)
{
	char *dir = new_mbox(FROM "one\n\n" FROM "two\n");
	struct source_config config = kit_config(kit_path(dir, "mbox"));
	struct source *s = kit_open(&config);
	struct kit_mails mails;

	cr_assert_not(can_be_locked(dir));
	kit_next(s);
	cr_assert_not(can_be_locked(dir));
	mails = kit_drain(s);
	cr_assert_eq(mails.n, 1);
	cr_assert(can_be_locked(dir));
	source_close(s);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_mbox, what_is_appended_while_it_is_read_waits_for_the_next_run)
{
	char *dir = new_mbox(FROM "one\n\n" FROM "two\n");
	struct source_config config = kit_config(kit_path(dir, "mbox"));
	struct source *s = kit_open(&config);
	struct kit_mails mails;

	append(dir, "\n" FROM "half a mess");
	mails = kit_drain(s);
	cr_assert_eq(mails.n, 2);
	cr_assert_str_eq(mails.m[1].bytes, "two\n");
	source_close(s);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_mbox, a_file_that_becomes_shorter_is_told_and_ends)
{
	char *dir = huge_mbox(3000000, 70);
	struct source_config config = kit_config(kit_path(dir, "mbox"));
	struct source *s = kit_open(&config);
	struct kit_mails mails;

	kit_next(s);
	cr_assert_eq(truncate(kit_path(dir, "mbox"), 1000000), 0);
	mails = kit_drain(s);
	cr_assert_eq(mails.n, 0);
	cr_assert_eq(mails.errors, 1);
	cr_assert(mails.fatal);
	cr_assert_eq(mails.err.code, ERR_TEMPORARY);
	cr_assert_not_null(strstr(mails.err.text, "shorter"));
	source_close(s);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_mbox, its_access_time_is_left_alone)
{
	static const struct timespec times[2] = {{1000, 0}, {2000, 0}};
	char *dir = new_mbox(FROM "one\n");
	struct kit_mails mails;
	struct stat st;

	cr_assert_eq(utimensat(AT_FDCWD, kit_path(dir, "mbox"), times, 0), 0);
	mails = kit_read(kit_path(dir, "mbox"));
	cr_assert_eq(stat(kit_path(dir, "mbox"), &st), 0);
	cr_assert_eq(st.st_atime, 1000);
	kit_free(&mails);
	support_remove(dir);
}
