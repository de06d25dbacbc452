/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_RENAME_H
#define TLSTALLY_BASE_RENAME_H

/*
 * Renaming that never overwrites.
 */

/* Renames the file from below fromfd to the name to below tofd.  Returns 0,
 * or -1 with errno set, to EEXIST if the new name is taken. */
int rename_new(int fromfd, const char *from, int tofd, const char *to);

/* The same for a file system that cannot do it in one step: a second link,
 * then the first is removed.  A crash in between leaves both, and loses
 * nothing.  Where there are no links, it looks first and then renames. */
int rename_by_link(int fromfd, const char *from, int tofd, const char *to);

#endif
