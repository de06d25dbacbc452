/* SPDX-License-Identifier: ISC */

/*
 * The sandbox, tried from inside: each case runs in a child that enters it
 * and then does one thing.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "proc/sandbox.h"

/* What a child leaves with. */
enum { DONE = 0, NO_SANDBOX = 90, NOT_STOPPED = 91 };

/* Kept in every child: a socket to itself. */
static int kept[2];

/* Runs it in a sandboxed child; returns what waitpid says. */
static int
run_inside(int (*run)(void), size_t memory_bytes)
{
	struct sandbox s = {
	    .memory_bytes = memory_bytes, .keep = kept, .nkeep = 2};
	struct err err = {0};
	int status;
	pid_t pid;

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, kept), 0);
	pid = fork();
	cr_assert_neq(pid, -1);
	if (pid == 0) {
		signal(SIGSYS, SIG_DFL);
		if (sandbox_enter(&s, &err) == -1)
			_exit(NO_SANDBOX);
		_exit(run());
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	close(kept[0]);
	close(kept[1]);
	return status;
}

static void
works(int (*run)(void))
{
	int status = run_inside(run, (size_t)64 << 20);

	cr_assert(WIFEXITED(status), "killed by signal %d", WTERMSIG(status));
	cr_assert_eq(WEXITSTATUS(status), DONE, "exit %d", WEXITSTATUS(status));
}

/* ---- what works ---- */

static int
use_descriptors(void)
{
	struct pollfd p = {.fd = kept[1], .events = POLLIN};
	struct iovec iov;
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	char buf[16];

	iov = (struct iovec){buf, sizeof(buf)};
	if (write(kept[0], "abc", 3) != 3 || poll(&p, 1, 1000) != 1 ||
	    read(kept[1], buf, sizeof(buf)) != 3)
		return 1;
	if (send(kept[0], "abcd", 4, MSG_NOSIGNAL) != 4 ||
	    recv(kept[1], buf, sizeof(buf), 0) != 4)
		return 2;
	iov.iov_len = 5;
	if (sendmsg(kept[0], &msg, MSG_NOSIGNAL) != 5 ||
	    recvmsg(kept[1], &msg, 0) != 5)
		return 3;
	if (fcntl(kept[0], F_SETFL, O_NONBLOCK) == -1 ||
	    (fcntl(kept[0], F_GETFL) & O_NONBLOCK) == 0)
		return 4;
	if (poll(&p, 1, 1) != 0 || shutdown(kept[0], SHUT_WR) == -1 ||
	    read(kept[1], buf, sizeof(buf)) != 0 || close(kept[0]) == -1)
		return 5;
	return DONE;
}

Test(sandbox, kept_descriptors_work)
{
	works(use_descriptors);
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
	ts = (struct timespec){.tv_nsec = 1000};
	return nanosleep(&ts, NULL) == -1 ? 5 : DONE;
}

Test(sandbox, memory_and_time_work)
{
	works(use_memory_and_time);
}

/* The test's own descriptors, a pipe's end among them, are gone. */
static int leaked;

static int
find_leak(void)
{
	char byte;
	int fd;

	if (read(leaked, &byte, 1) != -1 || errno != EBADF)
		return 1;
	for (fd = 0; fd < 1000; fd++) {
		if (fd == 2 || fd == kept[0] || fd == kept[1])
			continue;
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			return 2;
	}
	return fcntl(2, F_GETFD) == -1 || fcntl(kept[0], F_GETFD) == -1 ||
		fcntl(kept[1], F_GETFD) == -1
	    ? 3
	    : DONE;
}

Test(sandbox, other_descriptors_are_closed)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	leaked = dup2(ends[0], 900);
	works(find_leak);
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
	works(look_at_limits);
}

#if SANDBOX_IS_REAL

/* ---- what is stopped ---- */

static int
try_open(void)
{
	return open("/etc/passwd", O_RDONLY) == -1 && errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

static int
try_create(void)
{
	return open("/tmp/tlstally-test-sandbox", O_WRONLY | O_CREAT, 0600) ==
		    -1 &&
		errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

static int
try_stat(void)
{
	struct stat st;

	return stat("/etc/passwd", &st) == -1 && errno == EPERM ? DONE
								: NOT_STOPPED;
}

static int
try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

static int
try_memory(void)
{
	/* Compilers may leave out an allocation that nobody looks at. */
	char *volatile p = malloc((size_t)256 << 20);

	return p == NULL ? DONE : NOT_STOPPED;
}

static int
try_much_memory_in_small_pieces(void)
{
	size_t i;
	char *volatile p;

	for (i = 0; i < 1024; i++) {
		p = malloc(256 << 10);
		if (p == NULL)
			return DONE;
		memset(p, 1, 256 << 10);
	}
	return NOT_STOPPED;
}

static int (*const FAILS[])(void) = {try_open, try_create, try_stat, try_socket,
    try_memory, try_much_memory_in_small_pieces};

ParameterizedTestParameters(sandbox, what_libraries_try_fails)
{
	static int rows[sizeof(FAILS) / sizeof(FAILS[0])];
	size_t i;

	for (i = 0; i < sizeof(FAILS) / sizeof(FAILS[0]); i++)
		rows[i] = (int)i;
	return cr_make_param_array(int, rows, i);
}

ParameterizedTest(int *row, sandbox, what_libraries_try_fails)
{
	works(FAILS[*row]);
}

static int
try_connect(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

	return connect(kept[0], (struct sockaddr *)&to, sizeof(to)), DONE;
}

static int
try_send_to_address(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

	return (int)sendto(
	    kept[0], "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
}

static int
try_exec(void)
{
	char *argv[] = {NULL}, *envp[] = {NULL};

	return execve("/bin/true", argv, envp);
}

static int
try_exec_of_descriptor(void)
{
	char *argv[] = {NULL}, *envp[] = {NULL};

	return fexecve(kept[0], argv, envp);
}

static int
try_ptrace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int
try_fork(void)
{
	return fork() == -1 ? 1 : 0;
}

static int
try_raw_clone(void)
{
	return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static int
try_kill(void)
{
	return kill(getppid(), SIGCONT);
}

static int
try_tgkill_of_parent(void)
{
	return (int)syscall(SYS_tgkill, getppid(), getppid(), SIGCONT);
}

static int
try_executable_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int
try_to_make_memory_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED || mprotect(p, 4096, PROT_EXEC) == -1;
}

static int
try_unlink(void)
{
	return unlink("/tmp/tlstally-test-sandbox");
}

static int
try_dup_of_descriptor(void)
{
	return fcntl(kept[0], F_DUPFD, 0);
}

static int
try_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static int
try_io_uring(void)
{
	return (int)syscall(SYS_io_uring_setup, 1, NULL);
}

static int
try_seccomp(void)
{
	return (int)syscall(SYS_seccomp, 0, 0, NULL);
}

static int
try_raising_a_bound(void)
{
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

	return (int)syscall(SYS_setrlimit, RLIMIT_NOFILE, &limit);
}

static int
try_bind(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET};

	return bind(kept[0], (struct sockaddr *)&to, sizeof(to));
}

static int (*const KILLS[])(void) = {try_connect, try_send_to_address, try_exec,
    try_exec_of_descriptor, try_ptrace, try_fork, try_raw_clone, try_kill,
    try_tgkill_of_parent, try_executable_memory, try_to_make_memory_executable,
    try_unlink, try_dup_of_descriptor, try_unshare, try_io_uring, try_seccomp,
    try_raising_a_bound, try_bind};

ParameterizedTestParameters(sandbox, what_nothing_needs_kills)
{
	static int rows[sizeof(KILLS) / sizeof(KILLS[0])];
	size_t i;

	for (i = 0; i < sizeof(KILLS) / sizeof(KILLS[0]); i++)
		rows[i] = (int)i;
	return cr_make_param_array(int, rows, i);
}

ParameterizedTest(int *row, sandbox, what_nothing_needs_kills)
{
	int status = run_inside(KILLS[*row], 0);

	cr_assert(
	    WIFSIGNALED(status), "row %d: exit %d", *row, WEXITSTATUS(status));
	cr_assert_eq(WTERMSIG(status), SIGSYS);
}

static int
abort_inside(void)
{
	signal(SIGABRT, SIG_DFL);
	abort();
}

Test(sandbox, abort_still_aborts)
{
	int status = run_inside(abort_inside, 0);

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
	cr_assert_eq(run_inside(take_memory, 0), 0);
}

/* Entered twice: the second time is refused, and nothing opens. */
static int
enter_again(void)
{
	struct sandbox s = {.keep = kept, .nkeep = 2};
	struct err err = {0};

	return sandbox_enter(&s, &err) == -1 && err.code == ERR_UNAVAILABLE
	    ? DONE
	    : NOT_STOPPED;
}

Test(sandbox, is_entered_once)
{
	int status = run_inside(enter_again, 0);

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
