/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_JAIL_WORKER_H
#define TLSTALLY_JAIL_WORKER_H

#include "base/fields.h"

/*
 * The process behind the door: it shuts itself in, says whether it could, and
 * answers question after question until nobody asks any more.
 */

/* Who answers: question_answer, or a test's stand-in for a decoder that a
 * stranger has taken over. */
struct worker_config {
	void (*answer)(
	    void *arg, struct fields *question, struct fields_out *answer);
	void *arg;
};

/* The work of a worker; arg is a struct worker_config.  Returns when the
 * other end of fd is closed. */
void worker_run(int fd, void *arg);

#endif
