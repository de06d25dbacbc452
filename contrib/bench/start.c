/* SPDX-License-Identifier: ISC */

/*
 * What every program that measures another begins with.
 */

#include "config.h"

#include <err.h>
#include <sysexits.h>
#include <unistd.h>

#include "start.h"

pid_t
start_command(char **argv)
{
	pid_t pid = fork();

	if (pid == -1)
		err(EX_OSERR, "fork");
	if (pid > 0)
		return pid;
	execvp(argv[0], argv);
	warn("%s", argv[0]);
	_exit(127);
}
