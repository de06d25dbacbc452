/* SPDX-License-Identifier: ISC */

/*
 * Files that are not what they seem: pipes, devices, sizes that lie, caps
 * that are just enough and just too small.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/file.h"
#include "support.h"

/* A user who owns nothing. */
#define NOBODY 65534

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

/* Asserts that name cannot be read, for that reason and with nothing done. */
static void
check_refused(const char *name, size_t cap, enum err_code code)
{
	struct buf b = {.cap = cap};
	struct err err = {0};

	cr_assert_eq(file_read_at(scratch_fd, name, &b, &err), -1);
	cr_assert_eq(err.code, code, "%s: %d %s", name, err.code, err.text);
	cr_assert_eq(strncmp(err.text, name, strlen(name)), 0, "%s", err.text);
	cr_assert_eq(b.len, 0);
	buf_free(&b);
}

static void
check_read(const char *name, size_t cap, struct span want)
{
	struct buf b = {.cap = cap};
	struct err err = {0};

	cr_assert_eq(file_read_at(scratch_fd, name, &b, &err), 0, "%s: %s",
	    name, err.text);
	cr_assert_eq(b.len, want.len);
	cr_assert(span_equal((struct span){b.data, b.len}, want));
	buf_free(&b);
}

Test(file, a_file_is_read_as_it_is)
{
	struct span text = SPAN("line\r\n\0\xff more");

	support_write(scratch, "mail", text);
	check_read("mail", 1000, text);
}

Test(file, an_empty_file_gives_nothing)
{
	support_write(scratch, "empty", SPAN(""));
	check_read("empty", 1000, SPAN(""));
	check_read("empty", 0, SPAN(""));
}

Test(file, the_cap_is_inclusive)
{
	support_write(scratch, "mail", SPAN("12345678"));
	check_read("mail", 9, SPAN("12345678"));
	check_read("mail", 8, SPAN("12345678"));
	check_refused("mail", 7, ERR_BOUND);
	check_refused("mail", 0, ERR_BOUND);
}

Test(file, a_read_goes_behind_what_is_there)
{
	struct buf b = {.cap = 7};
	struct err err = {0};

	support_write(scratch, "mail", SPAN("1234"));
	cr_assert_eq(buf_append(&b, "ab", 2), 0);
	cr_assert_eq(file_read_at(scratch_fd, "mail", &b, &err), 0);
	cr_assert_str_eq(buf_string(&b), "ab1234");
	cr_assert_eq(file_read_at(scratch_fd, "mail", &b, &err), -1);
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_str_eq(buf_string(&b), "ab1234");
	buf_free(&b);
}

Test(file, big_files_are_read_whole)
{
	size_t len = 3 * 1000 * 1000 + 1;
	char *text = support_repeat('x', len);

	support_write(scratch, "big", (struct span){text, len});
	check_read("big", len, (struct span){text, len});
	check_refused("big", len - 1, ERR_BOUND);
	free(text);
}

Test(file, a_sparse_giant_is_refused_unread)
{
	int fd = openat(scratch_fd, "giant", O_WRONLY | O_CREAT, 0600);

	cr_assert_eq(ftruncate(fd, (off_t)1 << 40), 0);
	close(fd);
	check_refused("giant", (size_t)50 << 20, ERR_BOUND);
}

Test(file, a_file_that_says_it_is_empty_is_read_to_its_end)
{
	struct buf b = {.cap = 1 << 20};
	struct err err = {0};

	cr_assert_eq(file_read_at(AT_FDCWD, "/proc/self/status", &b, &err), 0);
	cr_assert_gt(b.len, 0);
	b.cap = 5;
	buf_reset(&b, 0);
	cr_assert_eq(file_read_at(AT_FDCWD, "/proc/self/status", &b, &err), -1);
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_eq(b.len, 0);
	buf_free(&b);
}

Test(file, what_is_not_there_has_vanished)
{
	support_write(scratch, "mail", SPAN("x"));
	cr_assert_eq(symlinkat("nowhere", scratch_fd, "dangling"), 0);
	check_refused("none", 10, ERR_VANISHED);
	check_refused("none/none", 10, ERR_VANISHED);
	check_refused("mail/none", 10, ERR_VANISHED);
	check_refused("dangling", 10, ERR_VANISHED);
}

Test(file, links_are_followed)
{
	support_write(scratch, "mail", SPAN("x"));
	cr_assert_eq(symlinkat("mail", scratch_fd, "link"), 0);
	check_read("link", 10, SPAN("x"));
}

Test(file, pipes_sockets_folders_and_devices_are_refused_at_once)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/socket", scratch);
	cr_assert_eq(bind(s, (struct sockaddr *)&sun, sizeof(sun)), 0);
	cr_assert_eq(mkfifoat(scratch_fd, "fifo", 0600), 0);
	cr_assert_eq(mkdirat(scratch_fd, "folder", 0700), 0);
	cr_assert_eq(symlinkat("/dev/zero", scratch_fd, "device"), 0);
	check_refused("socket", 10, ERR_DATA);
	check_refused("fifo", 10, ERR_DATA);
	check_refused("folder", 10, ERR_DATA);
	check_refused("device", 10, ERR_DATA);
	close(s);
}

Test(file, links_in_a_circle_are_an_error)
{
	cr_assert_eq(symlinkat("b", scratch_fd, "a"), 0);
	cr_assert_eq(symlinkat("a", scratch_fd, "b"), 0);
	check_refused("a", 10, ERR_IO);
}

Test(file, a_file_that_may_not_be_read_is_refused)
{
	bool root = geteuid() == 0; /* who may read everything */

	support_write(scratch, "secret", SPAN("x"));
	cr_assert_eq(fchmodat(scratch_fd, "secret", 0, 0), 0);
	if (root)
		cr_assert_eq(seteuid(NOBODY), 0);
	check_refused("secret", 10, ERR_REFUSED);
	if (root)
		cr_assert_eq(seteuid(0), 0);
}

Test(file, no_descriptor_is_left_open)
{
	int before = dup(0), after;

	close(before);
	support_write(scratch, "mail", SPAN("12345678"));
	check_read("mail", 100, SPAN("12345678"));
	check_refused("mail", 1, ERR_BOUND);
	check_refused("none", 1, ERR_VANISHED);
	check_refused(".", 1, ERR_DATA);
	after = dup(0);
	close(after);
	cr_assert_eq(before, after);
}

/* Starts a child that writes text n times into a pipe, in pieces with a
 * pause; returns the pipe's other end. */
static int
slow_pipe(const char *text, int n, int flags)
{
	int fds[2], i;
	struct err err = {0};

	cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
	if (fork() == 0) {
		close(fds[0]);
		for (i = 0; i < n; i++) {
			usleep(2000);
			file_write(fds[1], text, strlen(text), &err);
		}
		_exit(0);
	}
	close(fds[1]);
	cr_assert_eq(fcntl(fds[0], F_SETFL, flags), 0);
	return fds[0];
}

static void
check_pipe(int flags)
{
	struct buf b = {.cap = 30};
	struct err err = {0};
	int fd = slow_pipe("abc", 10, flags);

	cr_assert_eq(file_read_fd(fd, &b, &err), 0, "%s", err.text);
	cr_assert_str_eq(buf_string(&b), "abcabcabcabcabcabcabcabcabcabc");
	close(fd);
	fd = slow_pipe("abc", 10, flags);
	b.len = 0;
	b.cap = 29;
	cr_assert_eq(file_read_fd(fd, &b, &err), -1);
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_eq(b.len, 0);
	close(fd);
	while (wait(NULL) != -1)
		;
	buf_free(&b);
}

Test(file, a_slow_pipe_is_read_to_its_end)
{
	check_pipe(0);
}

Test(file, a_non_blocking_pipe_is_waited_for)
{
	check_pipe(O_NONBLOCK);
}

static void
on_alarm(int sig)
{
	(void)sig;
}

Test(file, a_signal_does_not_end_a_read)
{
	struct sigaction act = {.sa_handler = on_alarm};
	struct buf b = {.cap = 100};
	struct err err = {0};
	int fd;

	cr_assert_eq(sigaction(SIGUSR1, &act, NULL), 0);
	fd = slow_pipe("abc", 10, 0);
	if (fork() == 0) {
		usleep(5000);
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	cr_assert_eq(file_read_fd(fd, &b, &err), 0, "%s", err.text);
	cr_assert_eq(b.len, 30);
	while (wait(NULL) != -1 || errno == EINTR)
		;
	close(fd);
	buf_free(&b);
}

Test(file, a_bad_descriptor_is_an_error)
{
	struct buf b = {.cap = 100};
	struct err err = {0};

	cr_assert_eq(file_read_fd(-1, &b, &err), -1);
	cr_assert_eq(err.code, ERR_IO);
	cr_assert_eq(file_write(-1, "x", 1, &err), -1);
	cr_assert_eq(err.code, ERR_IO);
	cr_assert_eq(file_write(-1, NULL, 0, &err), 0);
	cr_assert_eq(file_read_fd(-1, &b, NULL), -1);
	buf_free(&b);
}

Test(file, a_full_disk_is_a_passing_trouble)
{
	struct err err = {0};
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		cr_skip_test("no /dev/full");
	cr_assert_eq(file_write(fd, "x", 1, &err), -1);
	cr_assert_eq(err.code, ERR_TEMPORARY, "%s", err.text);
	close(fd);
}

Test(file, writes_go_through_a_full_pipe)
{
	size_t len = 1000 * 1000;
	char *text = support_repeat('y', len);
	struct buf b = {.cap = len};
	struct err err = {0};
	int fds[2];

	cr_assert_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	if (fork() == 0) {
		close(fds[0]);
		_exit(file_write(fds[1], text, len, &err) == -1);
	}
	close(fds[1]);
	cr_assert_eq(file_read_fd(fds[0], &b, &err), 0, "%s", err.text);
	cr_assert_eq(b.len, len);
	cr_assert_eq(memcmp(b.data, text, len), 0);
	wait(NULL);
	close(fds[0]);
	buf_free(&b);
	free(text);
}

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
