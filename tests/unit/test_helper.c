/* SPDX-License-Identifier: ISC */

/*
 * Helper programs, tried with a real one: echo_helper.c says how it was
 * started.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "proc/frame.h"
#include "proc/helper.h"
#include "support.h"

static struct frame frame;

/* Where automake builds the helper: beside this program's folder. */
static void
find_helper(void)
{
	const char *folder = getenv("TESTHELPERS");

	cr_assert_not_null(folder, "TESTHELPERS names tests/ of the build");
	cr_assert_eq(setenv("TLSTALLY_LIBEXEC", folder, 1), 0);
}

static void
start_echo(struct helper *h)
{
	struct err err = {0};

	find_helper();
	cr_assert_eq(helper_start(h, "echo-helper", &err), 0, "%s", err.text);
	cr_assert_gt(h->pid, 0);
	cr_assert_eq(frame_receive(h->fd, &frame, 10000, &err), 1);
	cr_assert_eq(frame.kind, 1);
}

static void
check_description(pid_t pid)
{
	cr_assert_str_eq(frame_get_string(&frame), "echo-helper");
	cr_assert(frame_get_bool(&frame), "0 and 1 are /dev/null");
	cr_assert_eq(frame_get_u32(&frame), 0, "no more descriptors");
	cr_assert_eq(frame_get_u32(&frame), SIGKILL);
	cr_assert(frame_get_bool(&frame), "signals as by default");
	cr_assert_eq(frame_get_u32(&frame), 0, "none is blocked");
	cr_assert_eq(frame_get_u32(&frame), (uint32_t)pid);
	cr_assert(frame_is_whole(&frame));
}

static void
no_child_is_left(void)
{
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1);
	cr_assert_eq(errno, ECHILD);
}

Test(helper, starts_with_nothing_of_ours_but_the_socket)
{
	struct helper h;
	sigset_t all;
	int fd = open("/dev/null", O_RDONLY);

	cr_assert_geq(fd, 0);
	cr_assert_eq(dup2(fd, 100), 100);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&all);
	sigaddset(&all, SIGTERM);
	sigaddset(&all, SIGUSR1);
	sigprocmask(SIG_BLOCK, &all, NULL);
	start_echo(&h);
	check_description(h.pid);
	cr_assert_eq(fcntl(h.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	helper_end(&h, 5000);
	close(fd);
	close(100);
	no_child_is_left();
}

Test(helper, says_what_it_hears)
{
	struct err err = {0};
	struct helper h;
	uint32_t i;

	start_echo(&h);
	for (i = 0; i < 1000; i++) {
		frame_begin(&frame, 2);
		frame_put_u32(&frame, i);
		cr_assert_eq(frame_send(h.fd, &frame, &err), 0);
		cr_assert_eq(frame_receive(h.fd, &frame, 10000, &err), 1);
		cr_assert_eq(frame_get_u32(&frame), i);
		cr_assert(frame_is_whole(&frame));
	}
	helper_end(&h, 5000);
}

Test(helper, ends_at_once_when_the_socket_closes)
{
	struct helper h;
	int64_t start;

	start_echo(&h);
	start = clock_ms();
	helper_end(&h, 20000);
	cr_assert_lt(clock_ms() - start, 10000);
	cr_assert_eq(h.pid, 0);
	cr_assert_eq(h.fd, -1);
	helper_end(&h, 20000);
	no_child_is_left();
}

Test(helper, that_does_not_end_is_killed)
{
	struct err err = {0};
	struct helper h;
	int64_t start;

	start_echo(&h);
	frame_begin(&frame, 9);
	cr_assert_eq(frame_send(h.fd, &frame, &err), 0);
	start = clock_ms();
	helper_end(&h, 50);
	cr_assert_geq(clock_ms() - start, 50);
	cr_assert_lt(clock_ms() - start, 10000);
	no_child_is_left();
}

Test(helper, that_was_never_started_is_ended)
{
	struct helper zero = {0}, none = {.fd = -1};

	helper_end(&zero, 0);
	helper_end(&none, 0);
	cr_assert_neq(fcntl(0, F_GETFD), -1, "descriptor 0 is not ours");
}

Test(helper, that_died_gives_an_end_and_can_be_ended)
{
	struct err err = {0};
	struct helper h;

	start_echo(&h);
	kill(h.pid, SIGKILL);
	cr_assert_eq(frame_receive(h.fd, &frame, 10000, &err), 0);
	frame_begin(&frame, 2);
	cr_assert_eq(frame_send(h.fd, &frame, &err), -1);
	cr_assert_eq(err.code, ERR_UNAVAILABLE);
	helper_end(&h, 5000);
	no_child_is_left();
}

static void
start_fails(struct err *err)
{
	struct helper h;

	cr_assert_eq(helper_start(&h, "echo-helper", err), -1);
	cr_assert_eq(err->code, ERR_UNAVAILABLE);
	cr_assert_eq(h.pid, 0);
	cr_assert_eq(h.fd, -1);
	no_child_is_left();
}

Test(helper, that_is_not_installed_is_named_with_its_path)
{
	struct err err = {0};
	char *dir = support_tmpdir();
	char want[512];

	setenv("TLSTALLY_LIBEXEC", dir, 1);
	start_fails(&err);
	snprintf(want, sizeof(want),
	    "the helper program %s/echo-helper is not installed", dir);
	cr_assert_str_eq(err.text, want);
	support_remove(dir);
}

Test(helper, that_cannot_be_run_is_an_error)
{
	struct err err = {0};
	char *dir = support_tmpdir();

	setenv("TLSTALLY_LIBEXEC", dir, 1);
	support_write(dir, "echo-helper", SPAN("no program"));
	start_fails(&err);
	cr_assert_not_null(strstr(err.text, "cannot be started"));
	support_remove(dir);
}

Test(helper, with_a_path_too_long_is_an_error)
{
	struct err err = {0};
	char *dir = support_repeat('x', 5000);

	setenv("TLSTALLY_LIBEXEC", dir, 1);
	start_fails(&err);
	cr_assert_not_null(strstr(err.text, "too long"));
	free(dir);
}

Test(helper, comes_from_the_build_s_folder_without_the_variable)
{
	struct helper h;
	struct err err = {0};

	unsetenv("TLSTALLY_LIBEXEC");
	cr_assert_eq(helper_start(&h, "no-such-helper", &err), -1);
	cr_assert_not_null(strstr(err.text, "/tlstally/no-such-helper"));
	setenv("TLSTALLY_LIBEXEC", "", 1);
	cr_assert_eq(helper_start(&h, "no-such-helper", &err), -1);
	cr_assert_not_null(strstr(err.text, "/tlstally/no-such-helper"));
}

/* In a child, whose descriptors nobody else opens or closes. */
static int
start_often(void)
{
	struct err err = {0};
	struct helper h;
	int before = dup(0), i;

	for (i = 0; i < 3; i++) {
		if (helper_start(&h, "echo-helper", &err) == -1)
			return 1;
		helper_end(&h, 5000);
		if (helper_start(&h, "no-such-helper", &err) == 0)
			return 2;
	}
	return dup(0) == before + 1 ? 0 : 3;
}

/* Without descriptors 0 to 3, ours could be mistaken for the child's. */
static int
start_bare(void)
{
	struct err err = {0};
	struct helper h;
	int fd;

	for (fd = 0; fd < 64; fd++)
		close(fd);
	if (helper_start(&h, "echo-helper", &err) == -1 || h.fd < 3 ||
	    frame_receive(h.fd, &frame, 10000, &err) != 1)
		return 1;
	check_description(h.pid);
	helper_end(&h, 5000);
	return 0;
}

static void
in_a_child(int (*run)(void))
{
	int status;
	pid_t pid;

	find_helper();
	pid = fork();
	cr_assert_neq(pid, -1);
	if (pid == 0)
		_exit(run());
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
}

Test(helper, no_descriptor_is_lost_by_starting)
{
	in_a_child(start_often);
}

Test(helper, starts_from_a_process_without_any_descriptor)
{
	in_a_child(start_bare);
}

/* In a child: starts a helper, tells its process, and dies. */
static void
start_and_die(int out)
{
	struct err err = {0};
	struct helper h;

	if (helper_start(&h, "echo-helper", &err) == -1 ||
	    frame_receive(h.fd, &frame, 10000, &err) != 1)
		_exit(1);
	frame_begin(&frame, 9);
	frame_send(h.fd, &frame, &err);
	if (write(out, &h.pid, sizeof(h.pid)) != sizeof(h.pid))
		_exit(1);
	/* The pipe's other write end is the helper's standard error. */
	_exit(0);
}

Test(helper, dies_with_its_parent)
{
	int ends[2], status;
	pid_t pid, helper;
	char byte;

	find_helper();
	cr_assert_eq(pipe(ends), 0);
	pid = fork();
	cr_assert_neq(pid, -1);
	if (pid == 0) {
		close(ends[0]);
		dup2(ends[1], STDERR_FILENO);
		start_and_die(ends[1]);
	}
	close(ends[1]);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	cr_assert_eq(
	    read(ends[0], &helper, sizeof(helper)), (ssize_t)sizeof(helper));
	/* The end comes when nobody has the pipe any more. */
	cr_assert_eq(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}
