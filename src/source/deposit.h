/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_DEPOSIT_H
#define TLSTALLY_SOURCE_DEPOSIT_H

#include "base/err.h"
#include "base/sharing.h"

/*
 * Puts a message into a Maildir, safely: who has handed it over may forget it
 * when this returns 0.
 */

/* Room for the name of a message in its Maildir, "new/" included. */
#define DEPOSIT_NAME_SIZE 256

/* What to put where. */
struct deposit {
	const char *maildir; /* made, with cur, new and tmp, if not there */
	const struct sharing *sharing;
	/* Writes the message to fd.  Returns 0, or -1 with err set. */
	int (*copy)(void *arg, int fd, struct err *err);
	void *arg;
	char name[DEPOSIT_NAME_SIZE]; /* out: "new/1668000000.M12P34.host" */
};

/* Writes the message into tmp, forces it to the disk, moves it into new and
 * forces that folder to the disk too.  Returns 0, or -1 with err set: nothing
 * is in new then, or what is there may not survive a power cut. */
int deposit_message(struct deposit *d, struct err *err);

#endif
