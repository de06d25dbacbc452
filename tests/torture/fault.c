/* SPDX-License-Identifier: ISC */

/*
 * What a program calls for its files, in the place of the C library's own:
 * see fault_plan.h.  The kernel is asked itself, so that the sanitizers, which
 * put themselves in the same place, are not in the way.
 */

#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fault_plan.h"

/* What open becomes under _FORTIFY_SOURCE; no header has it. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int dir, const char *path, int flags);
int __openat64_2(int dir, const char *path, int flags);

static int
open_it(int dir, const char *path, int flags, mode_t mode)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
	enum fault_need need = !writes ? FAULT_READS
	    : (flags & O_CREAT) != 0   ? FAULT_GROWS
				       : FAULT_WRITES;
	char full[FAULT_PATH_BYTES];
	bool ours = fault_is_ours(dir, path, full);
	int fd;

	if (ours && fault_meet(need, "open", full) == -1)
		return -1;
	fd = (int)syscall(SYS_openat, dir, path, flags, mode);
	if (ours)
		fault_opened(fd, full);
	return fd;
}

#define TAKE_MODE(mode, flags)                              \
	do {                                                \
		va_list ap;                                 \
		va_start(ap, flags);                        \
		if ((flags & (O_CREAT | __O_TMPFILE)) != 0) \
			mode = va_arg(ap, mode_t);          \
		va_end(ap);                                 \
	} while (0)

int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	TAKE_MODE(mode, flags);
	return open_it(AT_FDCWD, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	mode_t mode = 0;

	TAKE_MODE(mode, flags);
	return open_it(AT_FDCWD, path, flags, mode);
}

int
openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;

	TAKE_MODE(mode, flags);
	return open_it(dir, path, flags, mode);
}

int
openat64(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;

	TAKE_MODE(mode, flags);
	return open_it(dir, path, flags, mode);
}

int
__open_2(const char *path, int flags)
{
	return open_it(AT_FDCWD, path, flags, 0);
}

int
__open64_2(const char *path, int flags)
{
	return open_it(AT_FDCWD, path, flags, 0);
}

int
__openat_2(int dir, const char *path, int flags)
{
	return open_it(dir, path, flags, 0);
}

int
__openat64_2(int dir, const char *path, int flags)
{
	return open_it(dir, path, flags, 0);
}

int
mkostemp(char *template, int flags)
{
	static unsigned tries;
	size_t len = strlen(template);
	char digits[16];
	int fd;

	if (len < 6) {
		errno = EINVAL;
		return -1;
	}
	do {
		snprintf(digits, sizeof(digits), "%06u",
		    ((unsigned)getpid() * 101 + tries++) % 1000000);
		memcpy(template + len - 6, digits, 6);
		fd = open_it(AT_FDCWD, template,
		    O_RDWR | O_CREAT | O_EXCL | flags, 0600);
	} while (fd == -1 && errno == EEXIST);
	return fd;
}

int
close(int fd)
{
	fault_closed(fd);
	return (int)syscall(SYS_close, fd);
}

ssize_t
write(int fd, const void *data, size_t len)
{
	const char *path = fault_path(fd);

	if (path != NULL && fault_meet_write("write", path, &len) == -1)
		return -1;
	return syscall(SYS_write, fd, data, len);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	const char *path = fault_path(fd);

	if (path != NULL && fault_meet_write("pwrite", path, &len) == -1)
		return -1;
	return syscall(SYS_pwrite64, fd, data, len, at);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	return pwrite64(fd, data, len, at);
}

ssize_t
read(int fd, void *data, size_t len)
{
	const char *path = fault_path(fd);

	if (path != NULL && fault_meet(FAULT_READS, "read", path) == -1)
		return -1;
	return syscall(SYS_read, fd, data, len);
}

ssize_t
pread64(int fd, void *data, size_t len, off64_t at)
{
	const char *path = fault_path(fd);

	if (path != NULL && fault_meet(FAULT_READS, "pread", path) == -1)
		return -1;
	return syscall(SYS_pread64, fd, data, len, at);
}

ssize_t
pread(int fd, void *data, size_t len, off_t at)
{
	return pread64(fd, data, len, at);
}

static int
sync_it(long number, const char *what, int fd)
{
	const char *path = fault_path(fd);
	int rc;

	if (path != NULL && fault_meet(FAULT_WRITES, what, path) == -1)
		return -1;
	rc = (int)syscall(number, fd);
	if (rc == 0 && path != NULL)
		fault_synced(fd);
	return rc;
}

int
fsync(int fd)
{
	return sync_it(SYS_fsync, "fsync", fd);
}

int
fdatasync(int fd)
{
	return sync_it(SYS_fdatasync, "fdatasync", fd);
}

int
ftruncate64(int fd, off64_t len)
{
	const char *path = fault_path(fd);

	if (path != NULL && fault_meet(FAULT_WRITES, "ftruncate", path) == -1)
		return -1;
	return (int)syscall(SYS_ftruncate, fd, len);
}

int
ftruncate(int fd, off_t len)
{
	return ftruncate64(fd, len);
}

int
renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	char full[FAULT_PATH_BYTES];

	if (fault_is_ours(to, new, full)) {
		if (fault_meet(FAULT_GROWS, "rename", full) == -1)
			return -1;
		if ((flags & RENAME_NOREPLACE) == 0)
			fault_keep(to, new);
	}
	return (int)syscall(SYS_renameat2, from, old, to, new, flags);
}

int
renameat(int from, const char *old, int to, const char *new)
{
	return renameat2(from, old, to, new, 0);
}

int
rename(const char *old, const char *new)
{
	return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int
linkat(int from, const char *old, int to, const char *new, int flags)
{
	char full[FAULT_PATH_BYTES];

	if (fault_is_ours(to, new, full) &&
	    fault_meet(FAULT_GROWS, "link", full) == -1)
		return -1;
	return (int)syscall(SYS_linkat, from, old, to, new, flags);
}

int
unlinkat(int dir, const char *path, int flags)
{
	char full[FAULT_PATH_BYTES];

	if (fault_is_ours(dir, path, full)) {
		if (fault_meet(FAULT_WRITES, "unlink", full) == -1)
			return -1;
		fault_keep(dir, path);
	}
	return (int)syscall(SYS_unlinkat, dir, path, flags);
}

int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	char full[FAULT_PATH_BYTES];

	if (fault_is_ours(dir, path, full) &&
	    fault_meet(FAULT_GROWS, "mkdir", full) == -1)
		return -1;
	return (int)syscall(SYS_mkdirat, dir, path, mode);
}

int
mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

/* ---- Streams, which write from within the C library ---- */

/* dlsym gives a pointer to data, which ISO C does not turn into one to code. */
#define NEXT(name)                     \
	static __typeof__(name) *next; \
	if (next == NULL)              \
	*(void **)&next = dlsym(RTLD_NEXT, #name)

/* The stream is about to write what it holds. */
static int
meet_flush(FILE *stream)
{
	int fd = stream != NULL ? fileno(stream) : -1, num;

	if (fault_path(fd) == NULL || __fpending(stream) == 0)
		return 0;
	if (fault_meet(FAULT_GROWS, "flush", fault_path(fd)) == 0)
		return 0;
	num = errno;
	__fpurge(stream);
	errno = num;
	return -1;
}

int
fflush(FILE *stream)
{
	NEXT(fflush);
	return meet_flush(stream) == -1 ? EOF : next(stream);
}

int
fclose(FILE *stream)
{
	NEXT(fclose);
	int fd = stream != NULL ? fileno(stream) : -1;
	int rc = meet_flush(stream), num = errno;

	fault_closed(fd);
	if (next(stream) == EOF)
		return EOF;
	errno = num;
	return rc == -1 ? EOF : 0;
}

/* ---- Children ---- */

pid_t
fork(void)
{
	NEXT(fork);
	pid_t pid = next();

	if (pid == 0)
		fault_forked();
	return pid;
}
