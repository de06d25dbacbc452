/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_SHARING_H
#define TLSTALLY_BASE_SHARING_H

#include <sys/types.h>

#include "base/err.h"

/*
 * Whose the files and folders are that we make: their owner's alone (0600 in
 * 0700), or also those of a group (0660 in 2770).  A folder with the set-gid
 * bit gives its group to all that is made in it, by whomever; without it,
 * what one user makes could be closed to the next.  The umask has no say.
 */
struct sharing {
	const char *group; /* its name, for messages; NULL: the owner alone */
	gid_t gid;
};

/* Sets ERR_REFUSED unless this process may work as a member of the group:
 * root may. */
int sharing_check_member(const struct sharing *sharing, struct err *err);

/* Makes the folder at path.  Missing folders above are made for an owner, but
 * not for a group: who may pass through them is not known.  One that is there
 * already is left as it is; for a group it must be the group's to write,
 * with the set-gid bit, and nobody else's, else ERR_REFUSED.  Returns 0 or
 * -1. */
int sharing_make_dir(
    const char *path, const struct sharing *sharing, struct err *err);

/* Creates the file at path, to be read and written.  Returns the descriptor,
 * or -1 with errno, EEXIST if there is one.  For a group the folder must be
 * one that sharing_make_dir accepts. */
int sharing_create(const char *path, const struct sharing *sharing);

/* Sets ERR_REFUSED if the file at path is not the group's to read and write.
 * What belongs to its owner alone is not looked at. */
int sharing_check_file(
    const char *path, const struct sharing *sharing, struct err *err);

#endif
