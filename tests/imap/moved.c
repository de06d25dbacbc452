/* SPDX-License-Identifier: ISC */

/*
 * Lets a Dovecot run from where it was unpacked: it looks for its modules
 * below a path that is built in, and nowhere else.  Preloaded into it, this
 * turns that path into the one that MOVED_MODULES names.
 */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUILT_IN "/usr/lib/dovecot/modules"

DIR *opendir(const char *name);

static const char *
moved(const char *path, char *buf, size_t size)
{
	const char *to = getenv("MOVED_MODULES");

	if (!path || !to || strncmp(path, BUILT_IN, strlen(BUILT_IN)) != 0)
		return path;
	snprintf(buf, size, "%s%s", to, path + strlen(BUILT_IN));
	return buf;
}

DIR *
opendir(const char *name)
{
	DIR *(*next)(const char *);
	char buf[4096];

	*(void **)&next = dlsym(RTLD_NEXT, "opendir");
	return next(moved(name, buf, sizeof(buf)));
}

void *
dlopen(const char *name, int flags)
{
	void *(*next)(const char *, int);
	char buf[4096];

	*(void **)&next = dlsym(RTLD_NEXT, "dlopen");
	return next(moved(name, buf, sizeof(buf)), flags);
}
