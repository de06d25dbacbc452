/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BENCH_GENREPORT_H
#define TLSTALLY_BENCH_GENREPORT_H

#include "genfacts.h"

/*
 * One report of the generator: its JSON in the dialect of its sender.
 */

/* Appends the JSON; the names in f must have been filled in. */
void report_write(struct buf *out, struct facts *f);

#endif
