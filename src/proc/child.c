/* SPDX-License-Identifier: ISC */

/*
 * The first and the last of a child's life.  No process of ours outlives the
 * one that it works for.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/child.h"

int
child_tie_to(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		return -1;
	if (getppid() != parent)
		_exit(127);
	return 0;
}

int
child_wait(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) == -1) {
		if (errno != EINTR)
			return 0;
	}
	return status;
}
