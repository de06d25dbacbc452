/* SPDX-License-Identifier: ISC */

/*
 * The sandbox: what an attacker would do from inside is stopped, by what is
 * not there or by the process's end.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sandbox_kit.h"

#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

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

static int
try_ioctl(void)
{
	return ioctl(STDERR_FILENO, TIOCSTI, "x") == -1 && errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

static int
try_prctl(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == -1 && errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

static int
try_dup_of_descriptor(void)
{
	return fcntl(sandbox_kit_kept[0], F_DUPFD, 0) == -1 && errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

static int (*const FAILS[])(void) = {try_open, try_create, try_stat, try_ioctl,
    try_prctl, try_dup_of_descriptor, try_memory,
    try_much_memory_in_small_pieces};

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
	sandbox_kit_works(FAILS[*row]);
}

static int
try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

static int
try_socket_option(void)
{
	return setsockopt(sandbox_kit_kept[0], SOL_SOCKET, SO_ATTACH_FILTER,
		   NULL, 0) == -1 &&
		errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

/* TLS and SASL look for the name service's cache. */
Test(sandbox, who_talks_is_told_that_there_are_no_sockets)
{
	sandbox_kit_works_in(try_socket, true);
	sandbox_kit_works_in(try_socket_option, true);
}

static int
try_connect(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

	return connect(sandbox_kit_kept[0], (struct sockaddr *)&to, sizeof(to)),
	       DONE;
}

static int
try_send_to_address(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

	return (int)sendto(
	    sandbox_kit_kept[0], "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
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

	return fexecve(sandbox_kit_kept[0], argv, envp);
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
try_bind(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET};

	return bind(sandbox_kit_kept[0], (struct sockaddr *)&to, sizeof(to));
}

/* It may connect anew, past Landlock. */
static int
try_to_send_and_connect(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct msghdr msg = {.msg_name = &to, .msg_namelen = sizeof(to)};

	return (int)sendmsg(sandbox_kit_kept[0], &msg, MSG_FASTOPEN);
}

/* Neither counts as data, which is bounded. */
static int
try_shared_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int
try_memory_that_grows(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1,
		   0) == MAP_FAILED;
}

/* It takes pages from the whole machine, if root asks. */
static int
try_to_poison_memory(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED || madvise(p, 4096, MADV_HWPOISON);
}

static int
try_futex_of_priority(void)
{
	uint32_t word = 0;

	return (int)syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
}

static int
try_process_memory(void)
{
	char buf[8];
	struct iovec iov = {buf, sizeof(buf)};

	return (int)process_vm_readv(getpid(), &iov, 1, &iov, 1, 0);
}

#ifdef __x86_64__
/* The same kernel by other doors: 32 bits, and x32. */
static int
try_calls_of_32_bits(void)
{
	int rc;

	__asm__ volatile("int $0x80" : "=a"(rc) : "a"(20) : "memory");
	return rc;
}

static int
try_calls_of_x32(void)
{
	return (int)syscall(0x40000000 + SYS_getpid);
}
#endif

static int (*const KILLS[])(void) = {
    try_connect,
    try_send_to_address,
    try_exec,
    try_exec_of_descriptor,
    try_ptrace,
    try_fork,
    try_raw_clone,
    try_kill,
    try_tgkill_of_parent,
    try_executable_memory,
    try_to_make_memory_executable,
    try_bind,
    try_to_send_and_connect,
    try_shared_memory,
    try_memory_that_grows,
    try_to_poison_memory,
    try_futex_of_priority,
    try_process_memory,
#ifdef __x86_64__
    try_calls_of_32_bits,
    try_calls_of_x32,
#endif
};

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
	int talks, status;

	for (talks = 0; talks < 2; talks++) {
		status = sandbox_kit_run(KILLS[*row], 0, talks);
		cr_assert(WIFSIGNALED(status), "row %d, %d: exit %d", *row,
		    talks, WEXITSTATUS(status));
		cr_assert_eq(
		    WTERMSIG(status), SIGSYS, "row %d, %d", *row, talks);
	}
}

static int
try_to_sleep(void)
{
	const struct timespec ts = {.tv_nsec = 1000};

	return nanosleep(&ts, NULL);
}

Test(sandbox, who_does_not_talk_has_no_sockets_at_all)
{
	cr_assert_eq(WTERMSIG(sandbox_kit_run(try_socket, 0, false)), SIGSYS);
	cr_assert_eq(
	    WTERMSIG(sandbox_kit_run(try_socket_option, 0, false)), SIGSYS);
	cr_assert_eq(WTERMSIG(sandbox_kit_run(try_to_sleep, 0, false)), SIGSYS);
}

/* ---- every call that there is ---- */

/* Newer architectures have no such calls. */
#ifndef SYS_poll
#define SYS_poll (-1)
#endif
#ifndef SYS_time
#define SYS_time (-1)
#endif

/* More than any kernel has. */
#define CALLS_MAX 600

/* Where a kernel's own probes return to: no filter is asked, and whoever does
 * not come from one is refused. */
#define PROBE_RETURN 335
#define PROBE_ENTRY  336

/* What neither fails nor kills, in all and for those who talk. */
static const int OPEN_TO_ALL[] = {SYS_read, SYS_write, SYS_writev, SYS_recvfrom,
    SYS_recvmsg, SYS_poll, SYS_ppoll, SYS_close, SYS_lseek, SYS_fstat, SYS_brk,
    SYS_munmap, SYS_mremap, SYS_sysinfo, SYS_sched_getaffinity, SYS_getrandom,
    SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_time, SYS_getpid,
    SYS_gettid, SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigreturn,
    SYS_restart_syscall, SYS_exit, SYS_exit_group};
static const int OPEN_TO_TALKERS[] = {SYS_shutdown, SYS_nanosleep,
    SYS_clock_nanosleep, SYS_sched_yield, SYS_getppid, SYS_getuid, SYS_geteuid,
    SYS_getgid, SYS_getegid, SYS_uname};

static bool
is_among(int call, const int *calls, size_t n)
{
	while (n > 0)
		if (calls[--n] == call)
			return true;
	return false;
}

static bool
is_allowed(int call, bool talks)
{
	return is_among(call, OPEN_TO_ALL, NELEM(OPEN_TO_ALL)) ||
	    (talks && is_among(call, OPEN_TO_TALKERS, NELEM(OPEN_TO_TALKERS)));
}

static int tried;

/* With arguments that make no sense, and so fit no condition. */
static int
try_call(void)
{
	return syscall(tried, -1L, -1L, -1L, -1L, -1L, -1L) == -1 &&
		errno == EPERM
	    ? DONE
	    : NOT_STOPPED;
}

static void
try_all_calls(bool talks)
{
	bool stopped;
	int status;

	for (tried = 0; tried < CALLS_MAX; tried++) {
		if (tried == PROBE_RETURN || tried == PROBE_ENTRY)
			continue;
		status = sandbox_kit_run(try_call, 0, talks);
		stopped = (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) ||
		    (WIFEXITED(status) && WEXITSTATUS(status) == DONE);
		cr_expect_neq(stopped, is_allowed(tried, talks),
		    "system call %d: status %#x", tried, (unsigned)status);
	}
}

Test(sandbox, of_all_calls_few_are_left)
{
	try_all_calls(false);
}

Test(sandbox, of_all_calls_few_are_left_to_who_talks)
{
	try_all_calls(true);
}

#endif
