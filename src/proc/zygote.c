/* SPDX-License-Identifier: ISC */

/*
 * The zygote.  It sits in a loop and does one of two things when it is told
 * to: it forks a worker on a socket that came with the order, or ends one and
 * says how that one died.  It listens to nobody but the process that made it,
 * so that its orders need no checks; no stranger's byte ever comes here.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proc/child.h"
#include "proc/sandbox.h"
#include "proc/zygote.h"

/* An order: a worker to be ended, or 0 for a new one, whose socket is sent
 * along. */
struct order {
	pid_t kill;
};

/* The answer: the new worker, or how the old one ended. */
struct report_back {
	pid_t pid; /* 0 if it could not be forked ... */
	int error; /* ... for this reason (errno) */
	int status;
};

/* Room for one descriptor beside a packet. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* ---- in the zygote ---- */

/* Receives an order; *fd is what came with it, or -1.  Returns 0, or -1 when
 * nobody is left to give any. */
static int
receive_order(int from, struct order *order, int *fd)
{
	union control control;
	struct iovec iov = {order, sizeof(*order)};
	struct msghdr msg = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control)};
	struct cmsghdr *c;
	ssize_t n;

	*fd = -1;
	do {
		n = recvmsg(from, &msg, MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n != sizeof(*order))
		return -1;
	c = CMSG_FIRSTHDR(&msg);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return 0;
}

/* Memory of workers may show what stands in it: tokens, say. */
static void
wipe_environment(void)
{
	char **variable;

	for (variable = environ; variable != NULL && *variable != NULL;
	     variable++)
		explicit_bzero(*variable, strlen(*variable));
	environ = NULL;
}

/* Standard error stays open where sanitizers shall be heard. */
static void
keep_only(int fd)
{
	int null = open("/dev/null", O_RDWR), last;

	if (null != -1) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		if (SANDBOX_IS_REAL)
			dup2(null, STDERR_FILENO);
	}
	for (last = STDERR_FILENO + 1; last < fd; last++)
		close(last);
	closefrom(fd + 1);
}

static void __attribute__((noreturn))
run_worker(pid_t zygote, int fd, zygote_work *work, void *arg)
{
	if (child_tie_to(zygote) == 0)
		work(fd, arg);
	_exit(0);
}

static struct report_back
obey(
    int socket, const struct order *order, int fd, zygote_work *work, void *arg)
{
	struct report_back back = {.pid = order->kill};
	pid_t self = getpid();

	if (order->kill != 0) {
		kill(order->kill, SIGKILL);
		back.status = child_wait(order->kill);
		return back;
	}
	back.pid = fork();
	if (back.pid == 0) {
		close(socket);
		run_worker(self, fd, work, arg);
	}
	back.error = errno;
	if (back.pid == -1)
		back.pid = 0;
	return back;
}

static void __attribute__((noreturn))
run_zygote(pid_t parent, int socket, zygote_work *work, void *arg)
{
	const struct rlimit none = {0, 0};
	struct report_back back;
	struct order order;
	int fd;

	if (child_tie_to(parent) == -1)
		_exit(1);
	/* Who ignores it would not be told how a worker ended. */
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_NAME, "tlstally-decode");
	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &none);
	keep_only(socket);
	wipe_environment();
	while (receive_order(socket, &order, &fd) == 0) {
		back = obey(socket, &order, fd, work, arg);
		if (fd != -1)
			close(fd);
		if (send(socket, &back, sizeof(back), MSG_NOSIGNAL) == -1)
			break;
	}
	_exit(0);
}

/* ---- in its parent ---- */

int
zygote_start(struct zygote *z, zygote_work *work, void *arg, struct err *err)
{
	pid_t self = getpid();
	int sv[2];

	*z = (struct zygote){.fd = -1};
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) == -1)
		return err_set(err, ERR_TEMPORARY,
		    "no process can be started: %s", strerror(errno));
	z->pid = fork();
	if (z->pid == 0)
		run_zygote(self, sv[1], work, arg);
	close(sv[1]);
	if (z->pid == -1) {
		err_set(err, ERR_TEMPORARY, "no process can be started: %s",
		    strerror(errno));
		close(sv[0]);
		*z = (struct zygote){.fd = -1};
		return -1;
	}
	z->fd = sv[0];
	return 0;
}

/* Gives an order, with a descriptor unless it is -1, and waits until it is
 * carried out.  Returns 0, or -1 if the zygote is gone. */
static int
order(struct zygote *z, pid_t victim, int fd, struct report_back *back)
{
	union control control = {.bytes = {0}};
	struct order order = {.kill = victim};
	struct iovec iov = {&order, sizeof(order)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *c;
	ssize_t n;

	if (fd != -1) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	do {
		n = sendmsg(z->fd, &msg, MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return -1;
	do {
		n = recv(z->fd, back, sizeof(*back), 0);
	} while (n == -1 && errno == EINTR);
	return n == sizeof(*back) ? 0 : -1;
}

int
zygote_fork(struct zygote *z, struct worker_process *w, struct err *err)
{
	struct report_back back = {0};
	int sv[2];

	*w = (struct worker_process){.fd = -1};
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) == -1)
		return err_set(err, ERR_TEMPORARY,
		    "no process can be started: %s", strerror(errno));
	if (order(z, 0, sv[1], &back) == -1)
		err_set(err, ERR_TEMPORARY,
		    "the process that starts others is gone");
	else if (back.pid == 0)
		err_set(err, ERR_TEMPORARY, "no process can be started: %s",
		    strerror(back.error));
	close(sv[1]);
	if (back.pid == 0) {
		close(sv[0]);
		return -1;
	}
	*w = (struct worker_process){.pid = back.pid, .fd = sv[0]};
	return 0;
}

int
zygote_kill(struct zygote *z, struct worker_process *w)
{
	struct report_back back = {0};

	if (w->pid == 0)
		return 0;
	close(w->fd);
	/* If the zygote is gone, so is the worker. */
	(void)order(z, w->pid, -1, &back);
	*w = (struct worker_process){.fd = -1};
	return back.status;
}

void
zygote_stop(struct zygote *z)
{
	if (z->pid == 0)
		return;
	close(z->fd);
	child_wait(z->pid);
	*z = (struct zygote){.fd = -1};
}
