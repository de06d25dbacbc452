/* SPDX-License-Identifier: ISC */

/*
 * Starting and ending helper programs.  A child between fork and exec can
 * say what went wrong only by number: it writes errno into a pipe that a
 * successful exec closes.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "proc/child.h"
#include "proc/frame.h"
#include "proc/helper.h"

/* Where the child has the pipe until exec closes it. */
#define STATUS_FD (FRAME_HELPER_FD + 1)

/* What the child needs to know. */
struct launch {
	const char *path;
	const char *name;
	pid_t parent;
	int socket;
	int status; /* write end of the pipe */
};

static int
helper_path(char path[PATH_MAX], const char *name, struct err *err)
{
	const char *folder = secure_getenv("TLSTALLY_LIBEXEC");
	int n;

	if (folder == NULL || *folder == '\0')
		folder = PKGLIBEXECDIR;
	n = snprintf(path, PATH_MAX, "%s/%s", folder, name);
	if (n < 0 || n >= PATH_MAX)
		return err_set(err, ERR_UNAVAILABLE,
		    "the path of the helper program %s is too long", name);
	return 0;
}

/* In the child: what the parent ignores or blocks is no rule for others. */
static int
reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	if (signal(SIGPIPE, SIG_DFL) == SIG_ERR ||
	    signal(SIGXFSZ, SIG_DFL) == SIG_ERR)
		return -1;
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child: puts every descriptor in its place and closes the others.
 * Any may be where another shall go, so they first move out of the way. */
static int
arrange_descriptors(const struct launch *l)
{
	int sock = fcntl(l->socket, F_DUPFD, STATUS_FD + 1);
	int status = fcntl(l->status, F_DUPFD, STATUS_FD + 1);
	int null = open("/dev/null", O_RDWR);

	if (sock == -1 || status == -1 || null == -1 ||
	    dup2(null, STDIN_FILENO) == -1 || dup2(null, STDOUT_FILENO) == -1 ||
	    dup2(sock, FRAME_HELPER_FD) == -1 ||
	    dup3(status, STATUS_FD, O_CLOEXEC) == -1)
		return -1;
	closefrom(STATUS_FD + 1);
	return 0;
}

static void __attribute__((noreturn)) run_child(const struct launch *l)
{
	union {
		const char *given;
		char *argument; /* execv does not write to it */
	} name = {.given = l->name};
	char *argv[] = {name.argument, NULL};
	int status = l->status, num;

	if (child_tie_to(l->parent) == 0 && reset_signals() == 0 &&
	    arrange_descriptors(l) == 0) {
		status = STATUS_FD;
		execv(l->path, argv);
	}
	num = errno;
	/* Nobody is left to tell if this does not work. */
	if (write(status, &num, sizeof(num)) == -1)
		_exit(126);
	_exit(127);
}

/* Reads from the pipe why the helper could not be started; 0: it was. */
static int
read_status(int fd)
{
	int num = 0;
	ssize_t n;

	do {
		n = read(fd, &num, sizeof(num));
	} while (n == -1 && errno == EINTR);
	return n == sizeof(num) ? num : 0;
}

static int
start_failed(const char *path, int num, struct err *err)
{
	if (num == ENOENT || num == ENOTDIR)
		return err_set(err, ERR_UNAVAILABLE,
		    "the helper program %s is not installed", path);
	errno = num;
	err_errno(err, "the helper program %s cannot be started", path);
	if (err != NULL && err->code != ERR_TEMPORARY)
		err->code = ERR_UNAVAILABLE;
	return -1;
}

/* Our descriptors shall not become the child's standard ones: those that we
 * lack are /dev/null from now on. */
static int
fill_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd == -1)
		return -1;
	close(fd);
	return 0;
}

/* Forks and waits until the child is the helper.  Returns 0 or errno. */
static int
launch(struct helper *h, struct launch *l, int status_read)
{
	int num;

	l->parent = getpid();
	h->pid = fork();
	if (h->pid == -1)
		return errno;
	if (h->pid == 0)
		run_child(l);
	/* The last write end is the child's: it ends with its exec. */
	close(l->status);
	l->status = -1;
	num = read_status(status_read);
	if (num != 0)
		child_wait(h->pid);
	return num;
}

static void
close_pair(const int fds[2])
{
	if (fds[0] != -1)
		close(fds[0]);
	if (fds[1] != -1)
		close(fds[1]);
}

int
helper_start(struct helper *h, const char *name, struct err *err)
{
	char path[PATH_MAX];
	struct launch l = {.path = path, .name = name};
	int sv[2] = {-1, -1}, status[2] = {-1, -1};
	int num = 0;

	*h = (struct helper){.pid = 0, .fd = -1};
	if (helper_path(path, name, err) == -1)
		return -1;
	if (fill_standard_descriptors() == -1 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) == -1 ||
	    pipe2(status, O_CLOEXEC) == -1) {
		num = errno;
	} else {
		l.socket = sv[1];
		l.status = status[1];
		num = launch(h, &l, status[0]);
		status[1] = l.status;
	}
	close_pair(status);
	if (num != 0) {
		close_pair(sv);
		*h = (struct helper){.pid = 0, .fd = -1};
		return start_failed(path, num, err);
	}
	close(sv[1]);
	h->fd = sv[0];
	return 0;
}

/* True when the helper has ended, within grace_ms. */
static bool
ends_within(pid_t pid, int grace_ms)
{
	const struct timespec nap = {.tv_nsec = 2000000};
	int64_t until = clock_ms() + grace_ms;
	pid_t got;

	for (;;) {
		got = waitpid(pid, NULL, WNOHANG);
		/* Somebody else may have waited for it: ECHILD. */
		if (got == pid || (got == -1 && errno != EINTR))
			return true;
		if (clock_ms() >= until)
			return false;
		nanosleep(&nap, NULL);
	}
}

void
helper_end(struct helper *h, int grace_ms)
{
	if (h->pid == 0)
		return;
	close(h->fd);
	if (!ends_within(h->pid, grace_ms)) {
		kill(h->pid, SIGKILL);
		child_wait(h->pid);
	}
	*h = (struct helper){.pid = 0, .fd = -1};
}
