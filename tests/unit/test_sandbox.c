/* SPDX-License-Identifier: ISC */

/*
 * The sandbox: what works within, and what others see of it.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "proc/frame.h"
#include "sandbox_kit.h"

TestSuite(sandbox, .timeout = 60);

/* ---- what works ---- */

static int
use_descriptors(void)
{
	struct pollfd p = {.fd = sandbox_kit_kept[1], .events = POLLIN};
	struct iovec iov;
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	char buf[16];

	iov = (struct iovec){buf, sizeof(buf)};
	if (write(sandbox_kit_kept[0], "abc", 3) != 3 ||
	    poll(&p, 1, 1000) != 1 ||
	    read(sandbox_kit_kept[1], buf, sizeof(buf)) != 3)
		return 1;
	if (send(sandbox_kit_kept[0], "abcd", 4, MSG_NOSIGNAL) != 4 ||
	    recv(sandbox_kit_kept[1], buf, sizeof(buf), 0) != 4)
		return 2;
	iov.iov_len = 5;
	if (sendmsg(sandbox_kit_kept[0], &msg, MSG_NOSIGNAL) != 5 ||
	    recvmsg(sandbox_kit_kept[1], &msg, 0) != 5)
		return 3;
	if (poll(&p, 1, 1) != 0 ||
	    recv(sandbox_kit_kept[1], buf, sizeof(buf), MSG_DONTWAIT) != -1 ||
	    errno != EAGAIN)
		return 4;
	return close(sandbox_kit_kept[0]) == -1 || poll(&p, 1, 1) == -1 ? 5
									: DONE;
}

Test(sandbox, kept_descriptors_work)
{
	sandbox_kit_works(use_descriptors);
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(void *));
}

static int
use_memory_and_time(void)
{
	struct timespec ts = {.tv_nsec = 1000};
	unsigned char bytes[8];
	void *p[100];
	size_t i;

	for (i = 0; i < 100; i++) {
		p[i] = malloc(i * 1000 + 1);
		if (p[i] == NULL)
			return 1;
		memset(p[i], 1, i * 1000 + 1);
	}
	for (i = 0; i < 100; i++)
		free(p[i]);
	p[0] = realloc(malloc(1 << 20), 4 << 20);
	if (p[0] == NULL)
		return 2;
	free(p[0]);
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return 3;
	if (clock_gettime(CLOCK_MONOTONIC, &ts) == -1 || time(NULL) < 1)
		return 4;
	qsort(p, 100, sizeof(p[0]), compare);
	return DONE;
}

Test(sandbox, memory_and_time_work)
{
	sandbox_kit_works(use_memory_and_time);
}

static int
take_a_nap(void)
{
	const struct timespec ts = {.tv_nsec = 1000};

	return nanosleep(&ts, NULL) == -1 ||
	    shutdown(sandbox_kit_kept[0], SHUT_WR) == -1 ||
	    getuid() == (uid_t)-1;
}

Test(sandbox, who_talks_may_sleep)
{
	sandbox_kit_works_in(take_a_nap, true);
}

/* The test's own descriptors, a pipe's end among them, are gone. */
static int leaked;

static bool
is_open(int fd)
{
	struct pollfd p = {.fd = fd};

	return poll(&p, 1, 0) != -1 && (p.revents & POLLNVAL) == 0;
}

static int
find_leak(void)
{
	char byte;
	int fd;

	if (read(leaked, &byte, 1) != -1 || errno != EBADF)
		return 1;
	for (fd = 0; fd < 1000; fd++) {
		if (fd == 2 || fd == sandbox_kit_kept[0] ||
		    fd == sandbox_kit_kept[1])
			continue;
		if (is_open(fd))
			return 2;
	}
	return is_open(2) && is_open(sandbox_kit_kept[0]) &&
		is_open(sandbox_kit_kept[1])
	    ? DONE
	    : 3;
}

Test(sandbox, other_descriptors_are_closed)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	leaked = dup2(ends[0], 900);
	sandbox_kit_works(find_leak);
	close(900);
	close(ends[0]);
	close(ends[1]);
}

static int
look_at_limits(void)
{
	struct rlimit core;

	return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max != 0;
}

Test(sandbox, leaves_no_core_dump)
{
	sandbox_kit_works(look_at_limits);
}

#if SANDBOX_IS_REAL

/* ---- what others see ---- */

static int
wait_for_the_end(void)
{
	struct pollfd p = {.fd = sandbox_kit_kept[1], .events = POLLIN};
	char c;

	return write(sandbox_kit_kept[1], "x", 1) != 1 ||
	    poll(&p, 1, 10000) != 1 || read(sandbox_kit_kept[1], &c, 1) != 1;
}

/* A descriptor cannot be kept from being sent, nor need it be taken. */
static int
send_descriptor(void)
{
	char c = 'x', room[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec iov = {&c, 1};
	struct msghdr msg = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = room,
	    .msg_controllen = sizeof(room)};
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &sandbox_kit_kept[1], sizeof(int));
	return sendmsg(sandbox_kit_kept[1], &msg, MSG_NOSIGNAL) != 1;
}

Test(sandbox, a_descriptor_that_it_sends_is_not_taken)
{
	static struct frame f;
	pid_t pid = sandbox_kit_start(send_descriptor, 0, false);
	struct err err = {0};
	int next = dup(sandbox_kit_kept[0]), after;

	close(next);
	cr_assert_eq(frame_receive(sandbox_kit_kept[0], &f, 5000, &err), -1);
	cr_assert_eq(err.code, ERR_DATA);
	after = dup(sandbox_kit_kept[0]);
	close(after);
	cr_assert_eq(after, next);
	cr_assert_eq(sandbox_kit_end(pid), 0);
}

/* A line of /proc/PID/status. */
static void
check_status(pid_t pid, const char *wanted)
{
	char path[64], line[256];
	bool found = false;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	in = fopen(path, "r");
	cr_assert_not_null(in);
	while (!found && fgets(line, sizeof(line), in) != NULL)
		found = strcmp(line, wanted) == 0;
	fclose(in);
	cr_expect(found, "%s", wanted);
}

Test(sandbox, the_kernel_knows_it_has_no_rights)
{
	pid_t pid = sandbox_kit_start(wait_for_the_end, 0, false);
	char c;

	cr_assert_eq(read(sandbox_kit_kept[0], &c, 1), 1);
	check_status(pid, "CapInh:\t0000000000000000\n");
	check_status(pid, "CapPrm:\t0000000000000000\n");
	check_status(pid, "CapEff:\t0000000000000000\n");
	check_status(pid, "NoNewPrivs:\t1\n");
	check_status(pid, "Seccomp:\t2\n");
	cr_assert_eq(write(sandbox_kit_kept[0], "x", 1), 1);
	cr_assert_eq(sandbox_kit_end(pid), 0);
}

/* Nobody of the same user looks into it. */
Test(sandbox, what_is_in_its_memory_is_its_own)
{
	pid_t pid = sandbox_kit_start(wait_for_the_end, 0, false);
	struct stat st;
	char path[64], c;

	cr_assert_eq(read(sandbox_kit_kept[0], &c, 1), 1);
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_uid, 0, "it is dumpable");
	cr_assert_eq(write(sandbox_kit_kept[0], "x", 1), 1);
	cr_assert_eq(sandbox_kit_end(pid), 0);
}

static int
abort_inside(void)
{
	signal(SIGABRT, SIG_DFL);
	abort();
}

Test(sandbox, abort_still_aborts)
{
	int status = sandbox_kit_run(abort_inside, 0, false);

	cr_assert(WIFSIGNALED(status));
	cr_assert_eq(WTERMSIG(status), SIGABRT);
}

/* Memory is not bound where it is not asked for. */
static int
take_memory(void)
{
	char *p = malloc((size_t)256 << 20);

	if (p == NULL)
		return NOT_STOPPED;
	p[0] = 1;
	return p[0] == 1 ? DONE : NOT_STOPPED;
}

Test(sandbox, without_a_bound_memory_is_free)
{
	cr_assert_eq(sandbox_kit_run(take_memory, 0, false), 0);
}

/* Entered twice: the second time is refused, and nothing opens. */
static int
enter_again(void)
{
	struct sandbox s = {.keep = sandbox_kit_kept, .nkeep = 2};
	struct err err = {0};

	return sandbox_enter(&s, &err) == -1 && err.code == ERR_UNAVAILABLE
	    ? DONE
	    : NOT_STOPPED;
}

Test(sandbox, is_entered_once)
{
	int status = sandbox_kit_run(enter_again, 0, true);

	cr_assert(WIFSIGNALED(status) ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == DONE));
}

Test(sandbox, the_backend_has_a_name)
{
	const char *name = sandbox_backend();

	cr_assert(strcmp(name, "seccomp") == 0 ||
	    strcmp(name, "seccomp and Landlock") == 0);
}

#else

Test(sandbox, the_backend_has_a_name)
{
	cr_assert_str_eq(sandbox_backend(), "none (sanitizers)");
}

#endif
