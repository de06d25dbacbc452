/* SPDX-License-Identifier: ISC */

/*
 * Landlock by its system calls, which C libraries do not wrap, and whose
 * header is older than the kernel more often than not.
 */

#include "config.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc/landlock.h"

#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

/* The kernel's interface. */
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

/* What each version of it can forbid, beyond the one before. */
static const struct {
	int version;
	struct landlock_ruleset rights;
} RIGHTS[] = {
    {1, {.fs = 0x1fff}},  /* all that there is to do with files */
    {2, {.fs = 1 << 13}}, /* linking and renaming between folders */
    {3, {.fs = 1 << 14}}, /* truncating */
    {4, {.net = 0x3}},	  /* binding and connecting TCP */
    {5, {.fs = 1 << 15}}, /* ioctl on devices */
    {6, {.scoped = 0x3}}, /* abstract sockets and signals of others */
};

static long
version_here(void)
{
	return syscall(
	    SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_ASK_VERSION);
}

bool
landlock_is_there(void)
{
	return version_here() > 0;
}

int
landlock_new(bool network)
{
	struct landlock_ruleset all = {0};
	long version = version_here();
	size_t i;

	for (i = 0; i < NELEM(RIGHTS) && RIGHTS[i].version <= version; i++) {
		all.fs |= RIGHTS[i].rights.fs;
		all.net |= network ? RIGHTS[i].rights.net : 0;
		all.scoped |= RIGHTS[i].rights.scoped;
	}
	/* An older kernel takes a longer struct that ends in zeros. */
	return (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0u);
}

int
landlock_allow_reading(int rules, const char *path)
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
	rc = syscall(SYS_landlock_add_rule, rules, LANDLOCK_PATH, &rule, 0u);
	close(rule.fd);
	return (int)rc;
}

int
landlock_enter(int rules)
{
	int rc = (int)syscall(SYS_landlock_restrict_self, rules, 0u);

	close(rules);
	return rc;
}
