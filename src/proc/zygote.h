/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_ZYGOTE_H
#define TLSTALLY_PROC_ZYGOTE_H

#include <sys/types.h>

#include "base/err.h"

/*
 * A zygote: a process that is forked early, while there is nothing yet in
 * memory or open that is not for everybody, and from which workers are forked
 * whenever they are needed.  Neither it nor they have a descriptor of ours
 * but the end of a socket pair; standard input, output and error are
 * /dev/null; the environment is wiped.  Each dies with who made it.
 */
struct zygote {
	pid_t pid; /* 0: none */
	int fd;	   /* our end of the socket pair, close-on-exec; -1: none */
};

/* A worker; its work is given the other end of fd. */
struct worker_process {
	pid_t pid; /* 0: none */
	int fd;	   /* SOCK_SEQPACKET, close-on-exec; -1: none */
};

/* What a worker does; it ends when this returns. */
typedef void zygote_work(int fd, void *arg);

/* Forks a zygote whose workers do that work.  Returns 0, or -1 with
 * ERR_TEMPORARY without processes, memory or descriptors; *z is without a
 * process then. */
int zygote_start(
    struct zygote *z, zygote_work *work, void *arg, struct err *err);

/* Forks a worker.  Returns 0, or -1 with ERR_TEMPORARY; *w is without a
 * process then. */
int zygote_fork(struct zygote *z, struct worker_process *w, struct err *err);

/* Kills a worker, unless it has ended, and closes fd.  Returns its status, as
 * waitpid(2) gives it.  Leaves *w without a process; does nothing, and returns
 * 0, for one without. */
int zygote_kill(struct zygote *z, struct worker_process *w);

/* Ends the zygote, whose workers have been killed, and waits for it.  Leaves
 * *z without a process; does nothing to one without. */
void zygote_stop(struct zygote *z);

#endif
