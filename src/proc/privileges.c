/* SPDX-License-Identifier: ISC */

/*
 * Privileges of a process, before it reads what strangers sent.  Started by
 * root, it keeps none of what root may.
 */

#include "config.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc/privileges.h"

/* C libraries do not wrap the call. */
static int
drop_capabilities(void)
{
	struct __user_cap_header_struct self = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
	    {0}};

	return (int)syscall(SYS_capset, &self, none);
}

int
privileges_drop(void)
{
	const struct rlimit nothing = {0};

	if (drop_capabilities() == -1 ||
	    setrlimit(RLIMIT_CORE, &nothing) == -1 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
