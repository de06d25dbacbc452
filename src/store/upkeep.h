/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_STORE_UPKEEP_H
#define TLSTALLY_STORE_UPKEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/*
 * The upkeep of a store: what is done to it now and then, by a person or a
 * timer, and not on the way of a mail.  Errors are those of store.h.
 */

/* ---- rejects.c ---- */

/* What store_retry_rejects set free. */
struct retry {
	size_t messages; /* will be read at the next ingest of their source */
	size_t piped;	 /* came on standard input: nobody can read them again
			    unless they are piped in again */
};

/* Offers all rejected messages again, whatever their tries and the decoder
 * that rejected them.  They stay in the list until they are read.  Within a
 * transaction. */
int store_retry_rejects(struct store *s, struct retry *out, struct err *err);

/* Takes reject number off the list; its message is not read again, nor by a
 * better decoder.  Returns 0, or -1 with ERR_NOINPUT.  Within a
 * transaction. */
int store_forget_reject(struct store *s, int64_t number, struct err *err);

/* ---- prune.c ---- */

/* The floor day: earlier reports were pruned, and expire when they come
 * again.  DAY_NONE when nothing was ever pruned. */
int store_floor_day(struct store *s, int32_t *day, struct err *err);

/* What a prune took, or would take. */
struct pruned {
	int32_t floor_day; /* in force */
	size_t reports;
	int32_t first_day; /* of these reports; DAY_NONE if there are none */
	int32_t last_day;
	bool given_back; /* the file was made smaller */
};

/* Counts what store_prune would take. */
int store_prunable(
    struct store *s, int32_t floor_day, struct pruned *out, struct err *err);

/* Raises the floor to floor_day (it never sinks), drops all reports of
 * earlier days, and the texts that no other report uses, and gives the room
 * back when it is a good part of the file.  Domains that monitor has not looked
 * at since that day are forgotten, too.  In several transactions, each
 * whole in itself: the floor first, so that a prune that was stopped is
 * completed by the next.  What is remembered of messages stays, so that they
 * are not read again.  Numbers of reports are never given again. */
int store_prune(
    struct store *s, int32_t floor_day, struct pruned *out, struct err *err);

/* ---- backup.c ---- */

/* Writes a copy of the store, as it is at one moment, to path: one file, for
 * its owner alone, on the disk when this returns.  Others may write
 * meanwhile.  Returns 0, or -1: nothing is at path then but what was there
 * before, which is never overwritten. */
int store_backup(struct store *s, const char *path, struct err *err);

/* ---- reparse.c ---- */

/* Finds the first report whose number is above after.  Returns 1, 0 when
 * there is none, or -1. */
int store_next_report(
    struct store *s, int64_t after, int64_t *number, struct err *err);

/* What store_replace did. */
enum replaced {
	REPLACED = 1,
	REPLACED_GONE,	 /* there is no such report any more */
	REPLACED_TWICE,	 /* the same JSON is stored as another report, on the
			    day that this one moves to: this one was dropped */
	REPLACED_EXPIRED /* it belongs before the floor day: dropped */
};

/* Puts fresh, what a better decoder made of its JSON, in the place of report
 * number: its fields, figures, day and identity.  Original, source, and when
 * it came stay.  Where day or identity change, conflicts arise or are
 * resolved: of two verified or two other reports the one with the lower
 * number counts.  A verification speaks for a reporter: under another one
 * the report is unchecked.  Within a transaction. */
int store_replace(struct store *s, int64_t number, const struct report *fresh,
    enum replaced *what, struct err *err);

/* ---- check.c ---- */

/* Looks through the whole file: SQLite's own check, and whether what is
 * stored fits together.  fn is given a sentence for each fault, and returns
 * 0, or anything else to stop.  Returns 0 whatever was found, or -1. */
int store_check(struct store *s, int (*fn)(void *arg, const char *fault),
    void *arg, struct err *err);

/* ---- status.c ---- */

/* The version of the database library. */
const char *store_library_version(void);

#endif
