/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_JAIL_POOL_H
#define TLSTALLY_JAIL_POOL_H

#include "base/err.h"
#include "jail/job.h"
#include "jail/worker.h"

/*
 * The workers, and which job is at which of them.  A worker that dies, takes
 * longer than the deadline or says what makes no sense is replaced.  If it had
 * several questions, they are asked again, one at a time: the one at which the
 * next worker fails too is answered by the pool, as refused for this reason.
 * So every job that is submitted will be done.
 *
 * All is done within the calls; nothing runs between them but the workers.
 */
struct pool;

struct pool_config {
	size_t workers;		     /* at most; 1 or more */
	int deadline_ms;	     /* for a question, and for a small job */
	struct worker_config worker; /* what it points to is borrowed */
};

/* Forks the zygote, so the store and secrets come later.  Workers follow when
 * there is work.  Returns 0, or -1 with ERR_TEMPORARY. */
int pool_new(
    struct pool **out, const struct pool_config *config, struct err *err);
void pool_free(struct pool *p);

/* Gives the pool a job, behind all others, or before all that no worker has
 * yet.  It stays the caller's, who may not free it until it is done. */
void pool_submit(struct pool *p, struct job *job, bool urgent);

/* Moves what can be moved without waiting. */
void pool_serve(struct pool *p);

/* Waits until a job has n answers.  Returns 0, or -1 with ERR_TEMPORARY when
 * no worker can be started: then nothing will be answered any more. */
int pool_wait(struct pool *p, const struct job *job, size_t n, struct err *err);

/* What a worker said that answered this job made no sense: if it is still
 * there, it is replaced. */
void pool_distrust(struct pool *p);

/* Why the workers have no sandbox; NULL while they have one. */
const char *pool_unconfined(const struct pool *p);

#endif
