/* SPDX-License-Identifier: ISC */

/*
 * How a path is judged, and the sources of one message: a file and standard
 * input.
 */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "source_kit.h"
#include "support.h"

/* SHA-256 of "" and of "abc" (FIPS 180-2 B.1). */
#define HASH_EMPTY                         \
	"e3b0c44298fc1c149afbf4c8996fb924" \
	"27ae41e4649b934ca495991b7852b855"
#define HASH_ABC                           \
	"ba7816bf8f01cfea414140de5dae2223" \
	"b00361a396177a9cb410ff61f20015ad"

static void
expect_error(const char *path, enum err_code code, const char *text)
{
	struct source_config config = kit_config(path);
	struct source *s = (struct source *)1;
	struct err err = {0};

	cr_assert_eq(source_open(&s, &config, &err), -1, "%s", path);
	cr_assert_null(s);
	cr_assert_eq(err.code, code, "%d: %s", err.code, err.text);
	cr_assert_not_null(strstr(err.text, text), "%s", err.text);
}

static void
expect_kind(const char *path, const char *kind)
{
	struct source_config config = kit_config(path);
	struct source *s = kit_open(&config);

	cr_assert_str_eq(
	    source_kind(s), kind, "%s is %s", path, source_kind(s));
	source_close(s);
}

/* ---- what a path is ---- */

Test(source_open, the_kind_is_told_by_what_is_there)
{
	char *dir = support_tmpdir();

	kit_maildir(dir, "maildir");
	kit_mkdir(dir, "folder");
	kit_mkdir(dir, "half");
	kit_mkdir(dir, "half/cur");
	kit_mkdir(dir, "half/new");
	kit_put(dir, "half/tmp", "");
	kit_put(dir, "x.json", "From a@b Sat Nov 21 06:00:12 2026\n");
	kit_put(dir, "mbox", "From: a@b\n\n");
	kit_put(dir, "short", "From");
	kit_put(dir, "empty", "");
	expect_kind(kit_path(dir, "maildir"), "maildir");
	expect_kind(kit_path(dir, "folder"), "folder");
	expect_kind(kit_path(dir, "half"), "folder");
	expect_kind(kit_path(dir, "x.json"), "mbox");
	expect_kind(kit_path(dir, "mbox"), "file");
	expect_kind(kit_path(dir, "short"), "file");
	expect_kind(kit_path(dir, "empty"), "mbox");
	expect_kind("-", "stdin");
	support_remove(dir);
}

Test(source_open, the_name_is_the_path_without_links_and_dots)
{
	char *dir = support_tmpdir();
	struct source_config config;
	struct source *s;

	kit_maildir(dir, "real");
	cr_assert_eq(symlink("real", kit_path(dir, "link")), 0);
	config = kit_config(kit_path(dir, "./link/../link/"));
	s = kit_open(&config);
	cr_assert_str_eq(source_name(s), kit_path(dir, "real"));
	cr_assert_str_eq(source_kind(s), "maildir");
	source_close(s);
	support_remove(dir);
}

static void
expect_name(const char *path, const char *wanted)
{
	char *name = source_name_of(path);

	cr_expect_not_null(name, "%s", path);
	cr_expect_str_eq(name != NULL ? name : "", wanted, "%s", path);
	free(name);
}

Test(source_open, what_is_not_there_has_the_name_that_it_would_have)
{
	char *dir = support_tmpdir();

	kit_maildir(dir, "real");
	cr_assert_eq(symlink("real", kit_path(dir, "link")), 0);
	expect_name(kit_path(dir, "link"), kit_path(dir, "real"));
	expect_name(kit_path(dir, "link/gone"), kit_path(dir, "real/gone"));
	expect_name(kit_path(dir, "link//a/b//"), kit_path(dir, "real/a/b"));
	expect_name("/there/is/no/such", "/there/is/no/such");
	expect_name("/no-such/", "/no-such");
	cr_assert_eq(chdir(dir), 0);
	expect_name("gone", kit_path(dir, "gone"));
	expect_name("a/b", kit_path(dir, "a/b"));
	expect_name("./a/b", kit_path(dir, "a/b"));
	cr_assert_eq(chdir("/"), 0);
	support_remove(dir);
}

Test(source_open, a_relative_path_is_made_absolute)
{
	char *dir = support_tmpdir();
	struct source_config config = kit_config("a.json");
	struct source *s;

	kit_put(dir, "a.json", "{}");
	cr_assert_eq(chdir(dir), 0);
	s = kit_open(&config);
	cr_assert_str_eq(source_name(s), kit_path(dir, "a.json"));
	source_close(s);
	cr_assert_eq(chdir("/"), 0);
	support_remove(dir);
}

Test(source_open, what_is_not_there_is_named)
{
	char *dir = support_tmpdir();

	kit_put(dir, "file", "x");
	cr_assert_eq(symlink("nowhere", kit_path(dir, "dangling")), 0);
	expect_error("", ERR_NOINPUT, "no such source: ");
	expect_error("/no/where", ERR_NOINPUT, "no such source: /no/where");
	expect_error(kit_path(dir, "file/x"), ERR_NOINPUT, "no such source");
	expect_error(kit_path(dir, "dangling"), ERR_NOINPUT, "no such source");
	support_remove(dir);
}

Test(source_open, a_link_that_leads_to_itself_is_an_error)
{
	char *dir = support_tmpdir();

	cr_assert_eq(symlink("loop", kit_path(dir, "loop")), 0);
	expect_error(kit_path(dir, "loop"), ERR_IO, "loop");
	support_remove(dir);
}

Test(source_open, pipes_devices_and_sockets_are_refused_without_waiting,
    .timeout = 5)
{
	char *dir = support_tmpdir();
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	cr_assert_eq(mkfifo(kit_path(dir, "pipe"), 0600), 0);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s",
	    kit_path(dir, "socket"));
	cr_assert_eq(bind(fd, (const struct sockaddr *)&addr, sizeof(addr)), 0);
	expect_error(kit_path(dir, "pipe"), ERR_REFUSED, "pipe: neither");
	expect_error(kit_path(dir, "socket"), ERR_REFUSED, "neither");
	expect_error("/dev/null", ERR_REFUSED, "/dev/null: neither");
	expect_error("/dev/zero", ERR_REFUSED, "standard input");
	close(fd);
	support_remove(dir);
}

Test(source_open, what_may_not_be_read_is_refused)
{
	char *dir = support_tmpdir();

	kit_put(dir, "file", "x");
	kit_mkdir(dir, "folder");
	cr_assert_eq(chmod(kit_path(dir, "file"), 0), 0);
	cr_assert_eq(chmod(kit_path(dir, "folder"), 0), 0);
	kit_become_nobody(dir);
	expect_error(kit_path(dir, "file"), ERR_REFUSED, "/file: ");
	expect_error(kit_path(dir, "folder"), ERR_REFUSED, "/folder: ");
	expect_error(kit_path(dir, "folder/x"), ERR_REFUSED, "/folder/x: ");
	kit_become_root();
	support_remove(dir);
}

/* ---- one file ---- */

Test(source_file, its_key_is_the_hash_of_its_bytes_whatever_its_name)
{
	static const struct timespec times[2] = {{5, 0}, {1234567890, 0}};
	char *dir = support_tmpdir();
	struct kit_mails mails;

	kit_put(dir, "a!b!1!2.json", "abc");
	cr_assert_eq(
	    utimensat(AT_FDCWD, kit_path(dir, "a!b!1!2.json"), times, 0), 0);
	mails = kit_read(kit_path(dir, "a!b!1!2.json"));
	cr_assert_eq(mails.n, 1);
	cr_assert_str_eq(mails.m[0].key, HASH_ABC);
	cr_assert_str_eq(mails.m[0].bytes, "abc");
	cr_assert_str_eq(mails.m[0].name, "a!b!1!2.json");
	cr_assert_str_eq(mails.m[0].locator, kit_path(dir, "a!b!1!2.json"));
	cr_assert_eq(mails.m[0].received, 1234567890);
	cr_assert_eq(mails.progress.total, 1);
	cr_assert_eq(mails.progress.done, 1);
	kit_free(&mails);
	kit_rename(dir, "a!b!1!2.json", "b");
	mails = kit_read(kit_path(dir, "b"));
	cr_assert_str_eq(mails.m[0].key, HASH_ABC);
	kit_free(&mails);
	support_remove(dir);
}

static struct kit_mails
read_with_limit(const char *path, size_t limit)
{
	struct limits limits = LIMITS_DEFAULT;
	struct source_config config = kit_config(path);

	limits.message_bytes = limit;
	config.limits = &limits;
	return kit_read_config(&config);
}

Test(source_file, one_over_the_limit_is_told_under_a_key_of_its_beginning)
{
	char *dir = support_tmpdir();
	struct kit_mails mails;

	kit_put(dir, "a", "abcd");
	mails = read_with_limit(kit_path(dir, "a"), 4);
	cr_assert_not(mails.m[0].oversize);
	cr_assert_eq(mails.m[0].len, 4);
	kit_free(&mails);
	mails = read_with_limit(kit_path(dir, "a"), 3);
	cr_assert(mails.m[0].oversize);
	cr_assert_eq(mails.m[0].len, 0);
	cr_assert_str_eq(mails.m[0].key, HASH_ABC);
	kit_free(&mails);
	support_remove(dir);
}

static bool
knows_abc(void *arg, const char *key)
{
	(void)arg;
	return strcmp(key, HASH_ABC) == 0;
}

Test(source_file, a_known_one_is_passed_over)
{
	char *dir = support_tmpdir();
	struct source_config config;
	struct kit_mails mails;

	kit_put(dir, "a", "abc");
	config = kit_config(kit_path(dir, "a"));
	config.is_known = knows_abc;
	mails = kit_read_config(&config);
	cr_assert_eq(mails.n, 0);
	cr_assert_eq(mails.progress.known, 1);
	cr_assert_eq(mails.progress.done, 1);
	kit_free(&mails);
	support_remove(dir);
}

Test(source_file, one_that_grows_or_vanishes_is_read_as_it_is_then)
{
	char *dir = support_tmpdir();
	struct source_config config;
	struct source *s;
	struct kit_mails mails;

	kit_put(dir, "a", "a");
	config = kit_config(kit_path(dir, "a"));
	s = kit_open(&config);
	kit_put(dir, "a", "abc");
	kit_unlink(dir, "a");
	mails = kit_drain(s);
	cr_assert_eq(mails.n, 1);
	cr_assert_str_eq(mails.m[0].key, HASH_ABC);
	source_close(s);
	kit_free(&mails);
	support_remove(dir);
}

/* ---- standard input ---- */

/* Puts the bytes into a pipe as standard input, in pieces of size step. */
static pid_t
feed(struct span data, size_t step)
{
	int fds[2];
	pid_t pid;
	size_t n;

	cr_assert_eq(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		while (data.len > 0) {
			n = data.len < step ? data.len : step;
			if (write(fds[1], data.p, n) != (ssize_t)n)
				_exit(1);
			data.p += n;
			data.len -= n;
		}
		_exit(0);
	}
	cr_assert_eq(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	close(fds[0]);
	close(fds[1]);
	return pid;
}

static struct kit_mails
read_fed(struct span data, size_t step, size_t limit)
{
	pid_t pid = feed(data, step);
	struct kit_mails mails = read_with_limit("-", limit);

	close(STDIN_FILENO);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	return mails;
}

Test(source_stdin, all_of_it_is_one_message)
{
	struct kit_mails mails = read_fed(SPAN("abc"), 1, 100);

	cr_assert_eq(mails.n, 1);
	cr_assert_str_eq(mails.m[0].key, HASH_ABC);
	cr_assert_str_eq(mails.m[0].bytes, "abc");
	cr_assert_str_eq(mails.m[0].locator, "standard input");
	cr_assert_str_eq(mails.m[0].name, "");
	cr_assert_lt(llabs((long long)time(NULL) - mails.m[0].received), 60);
	kit_free(&mails);
}

Test(source_stdin, nothing_is_a_message_of_no_bytes)
{
	struct kit_mails mails = read_fed(SPAN(""), 1, 100);

	cr_assert_eq(mails.n, 1);
	cr_assert_str_eq(mails.m[0].key, HASH_EMPTY);
	cr_assert_eq(mails.m[0].len, 0);
	kit_free(&mails);
}

Test(source_stdin, from_lines_are_left_as_they_are)
{
	static const char text[] = "From a@b Sat Nov 21 06:00:12 2026\na: b\n\n"
				   "From a@b Sat Nov 21 06:00:12 2026\nc\n";
	struct kit_mails mails = read_fed(SPAN(text), 1000, 1000);

	cr_assert_eq(mails.n, 1);
	cr_assert_eq(mails.m[0].len, strlen(text));
	cr_assert_str_eq(mails.m[0].bytes, text);
	kit_free(&mails);
}

Test(source_stdin, a_large_message_comes_whole_through_a_pipe)
{
	size_t len = 3000000;
	char *text = support_repeat('x', len);
	struct kit_mails mails;

	mails = read_fed((struct span){text, len}, 60001, len);
	cr_assert_eq(mails.n, 1);
	cr_assert_eq(mails.m[0].len, len);
	cr_assert_str_eq(mails.m[0].bytes, text);
	kit_free(&mails);
	free(text);
}

Test(source_stdin, one_over_the_limit_is_told_and_not_kept)
{
	struct kit_mails mails = read_fed(SPAN("abcd"), 4, 3);

	cr_assert_eq(mails.n, 1);
	cr_assert(mails.m[0].oversize);
	cr_assert_eq(mails.m[0].len, 0);
	cr_assert_str_eq(mails.m[0].key, HASH_ABC);
	kit_free(&mails);
}

/* Reads len bytes with the given limit, copies the message, and compares. */
static void
check_copy(size_t len, size_t limit)
{
	struct source_config config = kit_config("-");
	struct limits limits = *config.limits;
	char *text = support_repeat('x', len), *got = calloc(1, len + 2);
	FILE *copy = tmpfile();
	struct err err = {0};
	struct source *s;
	pid_t pid;

	limits.message_bytes = limit;
	config.limits = &limits;
	if (len > 0)
		text[len - 1] = 'y';
	pid = feed((struct span){text, len}, 4099);
	s = kit_open(&config);
	cr_assert_eq(kit_next(s).oversize, len > limit);
	cr_assert_eq(source_copy(s, fileno(copy), &err), 0, "%s", err.text);
	source_close(s);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	rewind(copy);
	cr_assert_eq(fread(got, 1, len + 1, copy), len);
	cr_assert_str_eq(got, text);
	fclose(copy);
	free(got);
	free(text);
}

Test(source_stdin, a_message_is_copied_whole_whatever_the_limit)
{
	static const size_t limits[] = {1, 2, 99, 100, 101, 65536};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		check_copy(0, limits[i]);
		check_copy(100, limits[i]);
		check_copy(200000, limits[i]);
	}
}

Test(source_stdin, a_copy_that_cannot_be_written_is_an_error)
{
	struct source_config config = kit_config("-");
	struct err err = {0};
	pid_t pid = feed(SPAN("abc"), 3);
	struct source *s = kit_open(&config);
	int full = open("/dev/full", O_WRONLY);

	kit_next(s);
	cr_assert_eq(source_copy(s, full, &err), -1);
	cr_assert_eq(err.code, full == -1 ? ERR_IO : ERR_TEMPORARY);
	close(full);
	source_close(s);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
}

Test(source_stdin, a_stream_without_end_is_left_at_the_limit, .timeout = 20)
{
	struct kit_mails mails;
	int fd = open("/dev/zero", O_RDONLY);

	cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	mails = read_with_limit("-", 1000000);
	cr_assert(mails.m[0].oversize);
	kit_free(&mails);
}

Test(source_stdin, a_pipe_that_does_not_block_is_waited_for)
{
	pid_t pid = feed(SPAN("abc"), 1);
	struct kit_mails mails;

	cr_assert_eq(fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK), 0);
	mails = kit_read("-");
	cr_assert_eq(mails.errors, 0);
	cr_assert_str_eq(mails.m[0].bytes, "abc");
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	kit_free(&mails);
}

Test(source_stdin, when_it_is_closed_or_a_folder_it_fails_for_good)
{
	struct kit_mails mails;
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	mails = kit_read("-");
	cr_assert_eq(mails.errors, 1);
	cr_assert(mails.fatal);
	kit_free(&mails);
	close(STDIN_FILENO);
	mails = kit_read("-");
	cr_assert(mails.fatal);
	cr_assert_eq(mails.err.code, ERR_IO);
	kit_free(&mails);
}
