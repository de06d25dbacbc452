/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_FAULT_PLAN_H
#define TLSTALLY_FAULT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A disk that fails, for the tests: a library that is loaded before a program
 * (LD_PRELOAD) and lets the N-th thing that it asks of the disk go wrong.  It
 * can also keep what would be on the disk after a power cut: of every file
 * what it held when it was last synced, of every folder the names.
 *
 * Only what is below one folder counts, and only in one process: a child that
 * is confined is not looked into, and makes no call that it would not have
 * made.  A program is told by the environment what is to happen to it:
 *
 *	FAULT_ROOT	the folder; relative paths are taken to be in it
 *	FAULT_AT	which thing fails, counted from 1; 0: none
 *	FAULT_KIND	error: this one; onward: it and all that follow (of
 *			ENOSPC and EDQUOT: all that need room); short: half of
 *			it is written, and then onward; kill: the whole process
 *			group ends before it; die: this process does
 *	FAULT_ERRNO	the number of the error
 *	FAULT_READS	1: count what reads, and not what writes
 *	FAULT_FORK	1: in the first child, and not in the program itself
 *	FAULT_LOG	a file for a line on what failed
 *	FAULT_TRACE	a file for a line on each thing
 *	FAULT_DISK	a folder on the same file system for what a power cut
 *			leaves: f and an inode's number for a file's content,
 *			d and the number for a folder's list, a line each
 */

/* A longer path is cut. */
#define FAULT_PATH_BYTES 512

/* What a thing is that the program asks for. */
enum fault_need {
	FAULT_READS,
	FAULT_WRITES, /* but needs no room */
	FAULT_GROWS
};

/* The path of an open file that counts, else NULL. */
const char *fault_path(int fd);
void fault_opened(int fd, const char full[FAULT_PATH_BYTES]);
void fault_closed(int fd);

/* To be called in a child. */
void fault_forked(void);

/* Fills full with the path, or returns false when it does not count. */
bool fault_is_ours(int dir, const char *path, char full[FAULT_PATH_BYTES]);

/* Counts a thing.  Returns -1 with errno if it is to fail, else 0. */
int fault_meet(enum fault_need need, const char *what, const char *path);

/* Counts the writing of *len bytes, which may become fewer. */
int fault_meet_write(const char *what, const char *path, size_t *len);

/* What is open there has reached the disk. */
void fault_synced(int fd);

/* Something is about to lose its name.  Its number must not be given to
 * another file: what the disk holds of that would pass for its own. */
void fault_keep(int dir, const char *path);

#endif
