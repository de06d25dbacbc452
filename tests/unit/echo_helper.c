/* SPDX-License-Identifier: ISC */

/*
 * A helper program for test_helper.c: says in a frame how it was started,
 * then sends every frame back as it came.  A frame of kind 9 makes it deaf:
 * it sleeps until it is killed.
 */

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/frame.h"

/* No test opens more descriptors. */
#define FDS_MAX 256

static struct frame frame;

static bool
is_null(int fd)
{
	struct stat st, null;

	return fstat(fd, &st) == 0 && stat("/dev/null", &null) == 0 &&
	    st.st_rdev == null.st_rdev;
}

/* Fields: the name, /dev/null on 0 and 1, descriptors above 3, the signal at
 * our parent's death, SIGPIPE and SIGXFSZ as by default, none blocked. */
static void
describe(int argc, char **argv)
{
	sigset_t mask;
	uint32_t extra = 0;
	int fd, sig = 0, blocked = 0;

	for (fd = FRAME_HELPER_FD + 1; fd < FDS_MAX; fd++)
		extra += fcntl(fd, F_GETFD) != -1;
	prctl(PR_GET_PDEATHSIG, &sig);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (fd = 1; fd < NSIG; fd++)
		blocked += sigismember(&mask, fd) == 1;
	frame_begin(&frame, 1);
	frame_put_string(&frame, argc == 1 ? argv[0] : "arguments");
	frame_put_u8(&frame, is_null(0) && is_null(1));
	frame_put_u32(&frame, extra);
	frame_put_u32(&frame, (uint32_t)sig);
	frame_put_u8(&frame,
	    signal(SIGPIPE, SIG_DFL) == SIG_DFL &&
		signal(SIGXFSZ, SIG_DFL) == SIG_DFL);
	frame_put_u32(&frame, (uint32_t)blocked);
	frame_put_u32(&frame, (uint32_t)getpid());
}

int
main(int argc, char **argv)
{
	struct err err;

	describe(argc, argv);
	if (frame_send(FRAME_HELPER_FD, &frame, &err) == -1)
		return 1;
	while (frame_receive(FRAME_HELPER_FD, &frame, -1, &err) == 1) {
		if (frame.kind == 9)
			for (;;)
				pause();
		if (frame_send(FRAME_HELPER_FD, &frame, &err) == -1)
			return 1;
	}
	return 0;
}
