/* SPDX-License-Identifier: ISC */

/*
 * The first steps of a helper program.  Started by hand it would wait for
 * frames that nobody sends, so it looks first whether somebody can.
 */

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>

#include "proc/frame.h"
#include "proc/program.h"

static int
answer_option(const struct program *program, const char *option)
{
	if (strcmp(option, "--version") == 0) {
		printf("%s (" PACKAGE_NAME ") " PACKAGE_VERSION "\n",
		    program->name);
	} else if (strcmp(option, "--help") == 0) {
		fputs(program->help, stdout);
	} else {
		fputs(program->help, stderr);
		return EX_USAGE;
	}
	return EX_OK;
}

static bool
speaks_in_frames(int fd)
{
	int type;
	socklen_t len = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	    type == SOCK_SEQPACKET;
}

bool
program_begin(const struct program *program, int argc, char **argv, int *status)
{
	if (argc > 1) {
		*status = answer_option(program, argv[1]);
		return false;
	}
	if (!speaks_in_frames(FRAME_HELPER_FD)) {
		fprintf(stderr, "%s is started by tlstally, not by hand\n",
		    program->name);
		*status = EX_USAGE;
		return false;
	}
	fcntl(FRAME_HELPER_FD, F_SETFD, FD_CLOEXEC);
	signal(SIGPIPE, SIG_IGN);
	return true;
}
