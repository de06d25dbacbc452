/* SPDX-License-Identifier: ISC */

/*
 * The confinement of what must have the network.  A list of what is forbidden
 * is weaker than one of what is allowed; but what libunbound, libcurl and
 * GnuTLS call is not ours to say, and differs from version to version.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "proc/confine.h"
#include "proc/landlock.h"
#include "proc/privileges.h"
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

/* ---- Landlock ---- */

/* Authorities; what C libraries and GnuTLS read at their leisure. */
static const char *const readable_paths[] = {"/etc/ssl", "/etc/pki",
    "/etc/gnutls", "/etc/ca-certificates", "/etc/hosts", "/etc/localtime",
    "/usr/lib/ssl", "/usr/local/share/ca-certificates",
    "/usr/share/ca-certificates", "/usr/share/zoneinfo"};

/* Not having it is no error. */
static int
enter_landlock(const char *readable)
{
	const char *file = secure_getenv("SSL_CERT_FILE");
	size_t i;
	int rules, rc;

	if (!landlock_is_there())
		return 0;
	rules = landlock_new(false);
	if (rules == -1)
		return -1;
	rc = *readable != '\0' ? landlock_allow_reading(rules, readable) : 0;
	if (rc == 0 && file != NULL)
		rc = landlock_allow_reading(rules, file);
	for (i = 0; rc == 0 && i < NELEM(readable_paths); i++)
		rc = landlock_allow_reading(rules, readable_paths[i]);
	if (rc == 0)
		return landlock_enter(rules);
	close(rules);
	return -1;
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

	if (privileges_drop() == -1)
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
