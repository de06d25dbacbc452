/* SPDX-License-Identifier: ISC */

/*
 * The sandbox: bounds first, then descriptors, then Landlock and seccomp,
 * each of which would forbid the step before it.  Landlock and seccomp both
 * keep files and the network away: the one where a system call is allowed
 * that should not be, the other where the kernel lacks the one.
 */

#include "config.h"

#include <errno.h>
#include <linux/futex.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc/landlock.h"
#include "proc/privileges.h"
#include "proc/sandbox.h"

#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

static int
failed(struct err *err, const char *what)
{
	return err_set(err, ERR_UNAVAILABLE,
	    "the sandbox cannot be entered: %s: %s", what, strerror(errno));
}

/* ---- descriptors ---- */

static bool
stays_open(const struct sandbox *s, int fd)
{
	size_t i;

	for (i = 0; i < s->nkeep; i++) {
		if (s->keep[i] == fd)
			return true;
	}
	return fd == STDERR_FILENO;
}

static int
highest_descriptor(const struct sandbox *s)
{
	int highest = STDERR_FILENO;
	size_t i;

	for (i = 0; i < s->nkeep; i++) {
		if (s->keep[i] > highest)
			highest = s->keep[i];
	}
	return highest;
}

static void
close_others(const struct sandbox *s)
{
	int highest = highest_descriptor(s), fd;

	for (fd = 0; fd < highest; fd++) {
		if (!stays_open(s, fd))
			close(fd);
	}
	closefrom(highest + 1);
}

/* ---- bounds ---- */

static int
set_bound(int resource, rlim_t bound)
{
	const struct rlimit limit = {.rlim_cur = bound, .rlim_max = bound};

	return setrlimit(resource, &limit);
}

#if SANDBOX_IS_REAL
/* RLIMIT_FSIZE is not among them: standard error may well be a file. */
static int
set_bounds(const struct sandbox *s)
{
	if (s->memory_bytes > 0 &&
	    set_bound(RLIMIT_DATA, s->memory_bytes) == -1)
		return -1;
	if (set_bound(RLIMIT_NOFILE, (rlim_t)highest_descriptor(s) + 1) == -1)
		return -1;
	return set_bound(RLIMIT_NPROC, 0);
}

/* ---- Landlock ---- */

/* Forbids all that this kernel can forbid; not having it is no error.  For a
 * moment it takes a descriptor, so it comes before these are bounded. */
static int
enter_landlock(void)
{
	int rules;

	if (!landlock_is_there())
		return 0;
	rules = landlock_new(true);
	return rules == -1 ? -1 : landlock_enter(rules);
}

/* ---- seccomp ---- */

/* What reads and writes open descriptors, keeps memory and time, and ends.
 * Signals are for abort(), sysinfo for qsort(), sched_getaffinity for malloc()
 * when memory runs out, and writev for what the C library says last. */
static const int ALLOWED[] = {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev),
    SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fstat),

    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(sysinfo),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(getrandom),

    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
    SCMP_SYS(time),

    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit), SCMP_SYS(exit_group)};

/* What a conversation by TLS and SASL takes as well. */
static const int ALLOWED_TALKING[] = {SCMP_SYS(shutdown), SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(sched_yield), SCMP_SYS(getppid),
    SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(uname)};

/* What libraries try, and do without: configuration, terminals, names of
 * memory. */
static const int REFUSED[] = {SCMP_SYS(open), SCMP_SYS(openat),
    SCMP_SYS(openat2), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat),
    SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd), SCMP_SYS(ioctl), SCMP_SYS(fcntl), SCMP_SYS(prctl),
    SCMP_SYS(prlimit64)};

/* And these when they talk: the name service's cache, who is at the other
 * end, locked memory. */
static const int REFUSED_TALKING[] = {SCMP_SYS(socket), SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt), SCMP_SYS(getpeername), SCMP_SYS(getsockname),
    SCMP_SYS(mlock), SCMP_SYS(getrusage)};

/* Memory that a kernel of 2024 may take back: where newer C libraries keep the
 * state of getrandom(). */
#define MAP_TAKEN_BACK 0x08

#define MEMORY_HINTS (MAP_NORESERVE | MAP_STACK)
#define FUTEX_HINTS  (FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)

/* What is allowed where arguments (masked) have these values.  Shared memory
 * and stacks that grow are not counted by RLIMIT_DATA; a message with
 * MSG_FASTOPEN may connect, which Landlock does not see; and most of what
 * futex, madvise and setsockopt can do is there for attackers only. */
static const struct narrow {
	int call;
	struct {
		unsigned arg;
		uint64_t mask; /* 0: there is no such condition */
		uint64_t value;
	} where[2];
} NARROW[] = {
    {SCMP_SYS(mmap),
	{{2, PROT_EXEC, 0},
	    {3, UINT32_MAX & ~MEMORY_HINTS, MAP_PRIVATE | MAP_ANONYMOUS}}},
    {SCMP_SYS(mmap),
	{{2, PROT_EXEC, 0}, {3, UINT32_MAX, MAP_TAKEN_BACK | MAP_ANONYMOUS}}},
    {SCMP_SYS(mprotect), {{2, PROT_EXEC, 0}}},
    {SCMP_SYS(madvise), {{2, UINT32_MAX, MADV_DONTNEED}}},
    {SCMP_SYS(madvise), {{2, UINT32_MAX, MADV_FREE}}},
    {SCMP_SYS(madvise), {{2, UINT32_MAX, MADV_HUGEPAGE}}},
    {SCMP_SYS(futex), {{1, UINT32_MAX & ~FUTEX_HINTS, FUTEX_WAIT}}},
    {SCMP_SYS(futex), {{1, UINT32_MAX & ~FUTEX_HINTS, FUTEX_WAKE}}},
    {SCMP_SYS(futex), {{1, UINT32_MAX & ~FUTEX_HINTS, FUTEX_WAIT_BITSET}}},
    {SCMP_SYS(sendto), {{4, UINT64_MAX, 0}}}, /* no address */
    {SCMP_SYS(sendmsg), {{2, MSG_FASTOPEN, 0}}},
};

/* Adds rules without conditions.  A call that this architecture does not have
 * is a negative number. */
static int
add_list(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t n)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		if (calls[i] >= 0)
			rc = seccomp_rule_add(filter, action, calls[i], 0);
	}
	return rc;
}

static int
add_lists(scmp_filter_ctx filter, bool talks)
{
	const uint32_t refuse = SCMP_ACT_ERRNO(EPERM);
	int rc;

	rc = add_list(filter, SCMP_ACT_ALLOW, ALLOWED, NELEM(ALLOWED));
	if (rc == 0)
		rc = add_list(filter, refuse, REFUSED, NELEM(REFUSED));
	if (rc == 0 && talks)
		rc = add_list(filter, SCMP_ACT_ALLOW, ALLOWED_TALKING,
		    NELEM(ALLOWED_TALKING));
	if (rc == 0 && talks)
		rc = add_list(
		    filter, refuse, REFUSED_TALKING, NELEM(REFUSED_TALKING));
	return rc;
}

static int
add_narrow(scmp_filter_ctx filter, const struct narrow *narrow)
{
	struct scmp_arg_cmp where[NELEM(narrow->where)];
	unsigned n;

	for (n = 0; n < NELEM(where) && narrow->where[n].mask != 0; n++)
		where[n] = (struct scmp_arg_cmp){
		    .arg = narrow->where[n].arg,
		    .op = SCMP_CMP_MASKED_EQ,
		    .datum_a = narrow->where[n].mask,
		    .datum_b = narrow->where[n].value,
		};
	return seccomp_rule_add_array(
	    filter, SCMP_ACT_ALLOW, narrow->call, n, where);
}

static int
add_all_narrow(scmp_filter_ctx filter)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < NELEM(NARROW); i++) {
		if (NARROW[i].call >= 0)
			rc = add_narrow(filter, &NARROW[i]);
	}
	return rc;
}

/* abort() sends a signal to its own thread. */
static int
add_abort(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	    SCMP_CMP(0, SCMP_CMP_EQ, (uint64_t)getpid(), 0));
}

/* Returns 0, or the negative of an errno as libseccomp does. */
static int
enter_seccomp(bool talks)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc;

	if (filter == NULL)
		return -ENOSYS;
	rc = seccomp_attr_set(
	    filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (rc == 0)
		rc = add_lists(filter, talks);
	if (rc == 0)
		rc = add_all_narrow(filter);
	if (rc == 0)
		rc = add_abort(filter);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc;
}

/* ---- all together ---- */

int
sandbox_enter(const struct sandbox *s, struct err *err)
{
	int rc;

	close_others(s);
	if (privileges_drop() == -1)
		return failed(err, "privileges");
	if (enter_landlock() == -1)
		return failed(err, "Landlock");
	if (set_bounds(s) == -1)
		return failed(err, "bounds");
	rc = enter_seccomp(s->talks);
	if (rc < 0) {
		errno = -rc;
		return failed(err, "seccomp");
	}
	return 0;
}

const char *
sandbox_backend(void)
{
	return landlock_is_there() ? "seccomp and Landlock" : "seccomp";
}

#else

/* Sanitizers look into /proc, trace the process and map memory beyond any
 * bound: what is left is what does not disturb them. */
int
sandbox_enter(const struct sandbox *s, struct err *err)
{
	close_others(s);
	if (set_bound(RLIMIT_CORE, 0) == -1)
		return failed(err, "bounds");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return failed(err, "privileges");
	return 0;
}

const char *
sandbox_backend(void)
{
	return "none (sanitizers)";
}

#endif
