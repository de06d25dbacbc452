/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_STORE_LEDGER_H
#define TLSTALLY_STORE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "report/vocabulary.h"

struct store;

/*
 * The ledger: the figures of all reports that count, by day, some ninety
 * reports to a page, which is a row of the table.  A digest sweeps through it
 * ten times as fast as through rows of one report each.  It repeats what the
 * reports' own rows hold (report.figures) and is kept right with them, within
 * the same transactions.
 *
 * A page is a row of entries: how many bytes follow, four times the report's
 * number and its authenticity, its figures (figures.h), all numbers as
 * number.h has them.  Pages are numbered so that those of a day lie together.
 */

/* A page is full when another entry would make it longer: as much as SQLite
 * keeps within one of its own pages. */
#define LEDGER_PAGE_BYTES 3900

/* The numbers of a day's first and last page. */
int64_t ledger_first_page(int32_t day);
int64_t ledger_last_page(int32_t day);
int32_t ledger_day(int64_t page);

/* Adds a report's figures.  Within a transaction. */
int ledger_add(struct store *s, int32_t day, int64_t number,
    enum authenticity authenticity, struct span figures, struct err *err);

/* Takes a report out, if it is there. */
int ledger_remove(
    struct store *s, int32_t day, int64_t number, struct err *err);

/* Writes what was added, before the transaction ends. */
int ledger_flush(struct store *s, struct err *err);

/* Drops what was added and not written. */
void ledger_forget(struct store *s);

struct ledger_entry {
	int64_t number;
	enum authenticity authenticity;
	struct span figures;
};

/* Takes the next entry off a page.  Returns 1, 0 at the end, or -1 when these
 * are no bytes of ours. */
int ledger_next(struct span *page, struct ledger_entry *e);

#endif
