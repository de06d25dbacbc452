/* SPDX-License-Identifier: ISC */

/*
 * The sandbox, tried from inside: children of a test that enter it.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox_kit.h"

int sandbox_kit_kept[2];

pid_t
sandbox_kit_start(int (*run)(void), size_t memory_bytes, bool talks)
{
	struct sandbox s = {.memory_bytes = memory_bytes,
	    .keep = sandbox_kit_kept,
	    .nkeep = 2,
	    .talks = talks};
	struct err err = {0};
	pid_t pid;

	cr_assert_eq(
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sandbox_kit_kept), 0);
	pid = fork();
	cr_assert_neq(pid, -1);
	if (pid == 0) {
		signal(SIGSYS, SIG_DFL);
		if (sandbox_enter(&s, &err) == -1)
			_exit(NO_SANDBOX);
		_exit(run());
	}
	return pid;
}

int
sandbox_kit_end(pid_t pid)
{
	int status;

	cr_assert_eq(waitpid(pid, &status, 0), pid);
	close(sandbox_kit_kept[0]);
	close(sandbox_kit_kept[1]);
	return status;
}

int
sandbox_kit_run(int (*run)(void), size_t memory_bytes, bool talks)
{
	return sandbox_kit_end(sandbox_kit_start(run, memory_bytes, talks));
}

void
sandbox_kit_works_in(int (*run)(void), bool talks)
{
	int status = sandbox_kit_run(run, (size_t)64 << 20, talks);

	cr_assert(WIFEXITED(status), "%d: killed by signal %d", talks,
	    WTERMSIG(status));
	cr_assert_eq(WEXITSTATUS(status), DONE, "%d: exit %d", talks,
	    WEXITSTATUS(status));
}

void
sandbox_kit_works(int (*run)(void))
{
	sandbox_kit_works_in(run, true);
	sandbox_kit_works_in(run, false);
}
