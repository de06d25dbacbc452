/* SPDX-License-Identifier: ISC */

/*
 * A kernel that grants no sandbox: loaded before a program, it lets
 * libseccomp fail.
 */

#include <errno.h>

int seccomp_load(const void *filter);

int
seccomp_load(const void *filter)
{
	(void)filter;
	return -ENOSYS;
}
