/* SPDX-License-Identifier: ISC */

/*
 * Which thing fails, and what is on the disk by then: see fault_plan.h.  Files
 * are read and written by calls of the kernel itself, for the C library's own
 * are those that fail.
 */

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fault_plan.h"

/* Files with higher numbers are not looked at; the program has few. */
#define FDS 256

enum kind { NONE, ERROR, ONWARD, SHORT, KILL, DIE };

static struct {
	char root[FAULT_PATH_BYTES];
	char disk[FAULT_PATH_BYTES];
	char log[FAULT_PATH_BYTES];
	char trace[FAULT_PATH_BYTES];
	enum kind kind;
	long at;
	int num;
	bool reads;
	int fork; /* how many forks away from the program */
} plan;

static bool active;
static bool broken; /* onward has begun */
static long count;
static int forks;
static char paths[FDS][FAULT_PATH_BYTES]; /* of open files below the root */

static void
take_text(char text[FAULT_PATH_BYTES], const char *name)
{
	const char *value = getenv(name);

	snprintf(text, FAULT_PATH_BYTES, "%s", value != NULL ? value : "");
}

static long
take_number(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? strtol(value, NULL, 10) : 0;
}

__attribute__((constructor)) static void
make_plan(void)
{
	static const char *const kinds[] = {
	    "", "error", "onward", "short", "kill", "die"};
	const char *kind = getenv("FAULT_KIND");
	int i;

	take_text(plan.root, "FAULT_ROOT");
	take_text(plan.disk, "FAULT_DISK");
	take_text(plan.log, "FAULT_LOG");
	take_text(plan.trace, "FAULT_TRACE");
	for (i = ERROR; kind != NULL && i <= DIE; i++)
		if (strcmp(kind, kinds[i]) == 0)
			plan.kind = (enum kind)i;
	plan.at = take_number("FAULT_AT");
	plan.num = (int)take_number("FAULT_ERRNO");
	plan.reads = take_number("FAULT_READS") != 0;
	plan.fork = (int)take_number("FAULT_FORK");
	active = plan.root[0] == '/' && plan.fork == 0;
}

/* ---- What is below the root ---- */

const char *
fault_path(int fd)
{
	if (!active || fd < 0 || fd >= FDS || paths[fd][0] == '\0')
		return NULL;
	return paths[fd];
}

void
fault_opened(int fd, const char full[FAULT_PATH_BYTES])
{
	if (fd >= 0 && fd < FDS)
		memcpy(paths[fd], full, FAULT_PATH_BYTES);
}

void
fault_closed(int fd)
{
	if (fd >= 0 && fd < FDS)
		paths[fd][0] = '\0';
}

void
fault_forked(void)
{
	forks++;
	active = plan.root[0] == '/' && forks == plan.fork;
}

bool
fault_is_ours(int dir, const char *path, char full[FAULT_PATH_BYTES])
{
	size_t len = strlen(plan.root);

	if (!active)
		return false;
	if (path[0] == '/') {
		snprintf(full, FAULT_PATH_BYTES, "%s", path);
		return strncmp(path, plan.root, len) == 0 &&
		    (path[len] == '/' || path[len] == '\0');
	}
	if (dir != AT_FDCWD && fault_path(dir) == NULL)
		return false;
	snprintf(full, FAULT_PATH_BYTES, "%.255s/%.255s",
	    dir == AT_FDCWD ? plan.root : fault_path(dir), path);
	return true;
}

/* ---- The fault ---- */

static void
tell(const char *file, const char *what, const char *path)
{
	char line[2 * FAULT_PATH_BYTES];
	int fd, len;

	if (file[0] == '\0')
		return;
	len = snprintf(line, sizeof(line), "%ld %s %s\n", count, what, path);
	fd = (int)syscall(SYS_openat, AT_FDCWD, file,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd == -1)
		return;
	syscall(SYS_write, fd, line, (size_t)len);
	syscall(SYS_close, fd);
}

static bool
goes_on(enum fault_need need)
{
	return broken &&
	    (need == FAULT_GROWS || (plan.num != ENOSPC && plan.num != EDQUOT));
}

static int
fail(void)
{
	errno = plan.num;
	return -1;
}

int
fault_meet(enum fault_need need, const char *what, const char *path)
{
	if ((need == FAULT_READS) != plan.reads)
		return 0;
	count++;
	tell(plan.trace, what, path);
	if (goes_on(need))
		return fail();
	if (count != plan.at)
		return 0;
	tell(plan.log, what, path);
	switch (plan.kind) {
	case ONWARD:
	case SHORT:
		broken = true;
		return goes_on(need) ? fail() : 0;
	case KILL:
		kill(0, SIGKILL);
		break;
	case DIE:
		kill(getpid(), SIGKILL);
		break;
	case ERROR:
		return fail();
	case NONE:
		break;
	}
	return 0;
}

int
fault_meet_write(const char *what, const char *path, size_t *len)
{
	if (plan.kind == SHORT && !plan.reads && !broken &&
	    count + 1 == plan.at && *len > 1) {
		count++;
		tell(plan.trace, what, path);
		tell(plan.log, what, path);
		broken = true;
		*len /= 2;
		return 0;
	}
	return fault_meet(FAULT_GROWS, what, path);
}

/* ---- What a power cut leaves ---- */

static int
create_shadow(char type, const struct stat *st)
{
	char name[FAULT_PATH_BYTES + 32];

	snprintf(name, sizeof(name), "%s/%c%llu", plan.disk, type,
	    (unsigned long long)st->st_ino);
	return (int)syscall(SYS_openat, AT_FDCWD, name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static void
shadow_file(int fd, const struct stat *st)
{
	char piece[16384], link[64];
	int to = create_shadow('f', st), from = -1;
	long n;
	off_t at = 0;

	/* Another handle on it is only opened where this one cannot be read:
	 * closing that would take the program's locks away. */
	if (syscall(SYS_pread64, fd, piece, 1, 0) == -1) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		from = (int)syscall(
		    SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
		fd = from;
	}
	while ((n = syscall(SYS_pread64, fd, piece, sizeof(piece), at)) > 0) {
		syscall(SYS_write, to, piece, (size_t)n);
		at += n;
	}
	syscall(SYS_close, to);
	if (from != -1)
		syscall(SYS_close, from);
}

static void
shadow_dir(int fd, const struct stat *st)
{
	int copy = (int)syscall(
	    SYS_openat, fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int to = create_shadow('d', st), len;
	DIR *dir = fdopendir(copy);
	struct dirent *entry;
	char line[FAULT_PATH_BYTES];

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		len = snprintf(line, sizeof(line), "%llu %s\n",
		    (unsigned long long)entry->d_ino, entry->d_name);
		syscall(SYS_write, to, line, (size_t)len);
	}
	if (dir != NULL)
		closedir(dir);
	syscall(SYS_close, to);
}

void
fault_synced(int fd)
{
	struct stat st;

	if (plan.disk[0] == '\0' || fstat(fd, &st) == -1)
		return;
	if (S_ISREG(st.st_mode))
		shadow_file(fd, &st);
	else if (S_ISDIR(st.st_mode))
		shadow_dir(fd, &st);
}

void
fault_keep(int dir, const char *path)
{
	static int kept;
	char name[FAULT_PATH_BYTES + 32];

	if (plan.disk[0] == '\0')
		return;
	snprintf(
	    name, sizeof(name), "%s/k%d.%d", plan.disk, (int)getpid(), kept++);
	syscall(SYS_linkat, dir, path, AT_FDCWD, name, 0);
}
