/* SPDX-License-Identifier: ISC */

/*
 * The confinement of what must have the network.  A list of what is forbidden
 * is weaker than one of what is allowed; but what libunbound, libcurl and
 * GnuTLS call is not ours to say, and differs from version to version.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc/confine.h"
#include "proc/sandbox.h"

#if SANDBOX_IS_REAL

#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

static int
failed(struct err *err, const char *what)
{
	return err_set(err, ERR_UNAVAILABLE,
	    "the network program cannot be confined: %s: %s", what,
	    strerror(errno));
}

/* ---- privileges ---- */

/* Started by root, it keeps none of what root may. */
static int
drop_privileges(void)
{
	struct __user_cap_header_struct self = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
	    {0}};
	const struct rlimit nothing = {0};

	if (syscall(SYS_capset, &self, none) == -1 ||
	    setrlimit(RLIMIT_CORE, &nothing) == -1 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* ---- Landlock ---- */

/* The kernel's interface, whose header is older than the kernel more often
 * than not. */
struct landlock_ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

struct landlock_path {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

#define LANDLOCK_ASK_VERSION 1u
#define LANDLOCK_PATH	     1
#define LANDLOCK_READ_FILE   (UINT64_C(1) << 2)
#define LANDLOCK_READ_FOLDER (UINT64_C(1) << 3)

/* Rights over files of versions 1, 2, 3 and 5; scopes of version 6. */
static uint64_t
file_rights(long version)
{
	return UINT64_C(0x1fff) | (version >= 2 ? UINT64_C(1) << 13 : 0) |
	    (version >= 3 ? UINT64_C(1) << 14 : 0) |
	    (version >= 5 ? UINT64_C(1) << 15 : 0);
}

/* Authorities; what C libraries and GnuTLS read at their leisure. */
static const char *const readable_paths[] = {"/etc/ssl", "/etc/pki",
    "/etc/gnutls", "/etc/ca-certificates", "/etc/hosts", "/etc/localtime",
    "/usr/lib/ssl", "/usr/local/share/ca-certificates",
    "/usr/share/ca-certificates", "/usr/share/zoneinfo"};

static int
allow_reading(int ruleset, const char *path)
{
	struct landlock_path rule = {.allowed = LANDLOCK_READ_FILE,
	    .fd = open(path, O_PATH | O_CLOEXEC | O_DIRECTORY)};
	long rc;

	if (rule.fd != -1)
		rule.allowed |= LANDLOCK_READ_FOLDER;
	else
		rule.fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.fd == -1)
		return 0;
	rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_PATH, &rule, 0u);
	close(rule.fd);
	return (int)rc;
}

/* Not having it is no error. */
static int
enter_landlock(const char *readable)
{
	long version = syscall(
	    SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_ASK_VERSION);
	struct landlock_ruleset all = {
	    .fs = file_rights(version), .scoped = version >= 6 ? 0x3 : 0};
	const char *file = secure_getenv("SSL_CERT_FILE");
	size_t i;
	int fd, rc;

	if (version <= 0)
		return 0;
	fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0u);
	if (fd == -1)
		return -1;
	rc = *readable != '\0' ? allow_reading(fd, readable) : 0;
	if (rc == 0 && file != NULL)
		rc = allow_reading(fd, file);
	for (i = 0; rc == 0 && i < NELEM(readable_paths); i++)
		rc = allow_reading(fd, readable_paths[i]);
	if (rc == 0)
		rc = (int)syscall(SYS_landlock_restrict_self, fd, 0u);
	close(fd);
	return rc;
}

/* ---- seccomp ---- */

/* What no one needs to look at servers. */
static const int FORBIDDEN[] = {SCMP_SYS(execve), SCMP_SYS(execveat),
    SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ptrace), SCMP_SYS(kill),
    SCMP_SYS(tkill), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal), SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev), SCMP_SYS(process_madvise), SCMP_SYS(kcmp),

    SCMP_SYS(creat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
    SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(symlink),
    SCMP_SYS(symlinkat), SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(chmod),
    SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchown),
    SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(truncate),
    SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(utime), SCMP_SYS(utimes),
    SCMP_SYS(utimensat), SCMP_SYS(futimesat), SCMP_SYS(setxattr),
    SCMP_SYS(lsetxattr), SCMP_SYS(fsetxattr), SCMP_SYS(removexattr),
    SCMP_SYS(lremovexattr), SCMP_SYS(fremovexattr),

    SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4),

    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
    SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open), SCMP_SYS(keyctl), SCMP_SYS(add_key),
    SCMP_SYS(request_key), SCMP_SYS(init_module), SCMP_SYS(finit_module),
    SCMP_SYS(delete_module), SCMP_SYS(kexec_load), SCMP_SYS(swapon),
    SCMP_SYS(swapoff), SCMP_SYS(reboot), SCMP_SYS(userfaultfd),
    SCMP_SYS(memfd_create), SCMP_SYS(io_uring_setup),
    SCMP_SYS(open_by_handle_at), SCMP_SYS(personality), SCMP_SYS(setrlimit),
    SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(msgget), SCMP_SYS(semget)};

/* The same where a bit of an argument is set, or not. */
static const struct narrow {
	int call;
	unsigned arg;
	uint64_t mask;
	uint64_t value;
} NARROW[] = {
    {SCMP_SYS(open), 1, O_WRONLY, O_WRONLY},
    {SCMP_SYS(open), 1, O_RDWR, O_RDWR}, {SCMP_SYS(open), 1, O_CREAT, O_CREAT},
    {SCMP_SYS(openat), 2, O_WRONLY, O_WRONLY},
    {SCMP_SYS(openat), 2, O_RDWR, O_RDWR},
    {SCMP_SYS(openat), 2, O_CREAT, O_CREAT},
    {SCMP_SYS(mmap), 2, PROT_EXEC, PROT_EXEC},
    {SCMP_SYS(mprotect), 2, PROT_EXEC, PROT_EXEC},
    {SCMP_SYS(pkey_mprotect), 2, PROT_EXEC, PROT_EXEC},
    {SCMP_SYS(clone), 0, CLONE_THREAD, 0}, /* a process of its own */
};

/* What hides its arguments from a filter is not there at all: the C library
 * then takes the older call. */
static const int UNKNOWN[] = {SCMP_SYS(clone3), SCMP_SYS(openat2)};

static int
add_lists(scmp_filter_ctx filter)
{
	const uint32_t no = SCMP_ACT_ERRNO(EPERM);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < NELEM(FORBIDDEN); i++)
		if (FORBIDDEN[i] >= 0)
			rc = seccomp_rule_add(filter, no, FORBIDDEN[i], 0);
	for (i = 0; rc == 0 && i < NELEM(NARROW); i++)
		if (NARROW[i].call >= 0)
			rc = seccomp_rule_add(filter, no, NARROW[i].call, 1,
			    SCMP_CMP(NARROW[i].arg, SCMP_CMP_MASKED_EQ,
				NARROW[i].mask, NARROW[i].value));
	for (i = 0; rc == 0 && i < NELEM(UNKNOWN); i++)
		if (UNKNOWN[i] >= 0)
			rc = seccomp_rule_add(
			    filter, SCMP_ACT_ERRNO(ENOSYS), UNKNOWN[i], 0);
	return rc;
}

/* Returns 0, or the negative of an errno as libseccomp does. */
static int
enter_seccomp(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc;

	if (filter == NULL)
		return -ENOSYS;
	rc = seccomp_attr_set(
	    filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (rc == 0)
		rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (rc == 0)
		rc = add_lists(filter);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc;
}

int
confine_enter(const char *readable, struct err *err)
{
	int rc;

	if (drop_privileges() == -1)
		return failed(err, "privileges");
	if (enter_landlock(readable) == -1)
		return failed(err, "Landlock");
	rc = enter_seccomp();
	if (rc < 0) {
		errno = -rc;
		return failed(err, "seccomp");
	}
	return 0;
}

#else

int
confine_enter(const char *readable, struct err *err)
{
	(void)readable;
	(void)err;
	return 0;
}

#endif
