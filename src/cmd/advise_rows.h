/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_ADVISE_ROWS_H
#define TLSTALLY_CMD_ADVISE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/*
 * The rows that advise is made of, looked at before any is summed up.  How
 * many there are says into how many parts the domains must be divided: the
 * figures of a day are as many as its rows, and those of many domains over
 * months would not fit into the memory that a command may take.
 */

struct stream_note {
	const char *domain; /* interned by the store; NULL: no row */
	int64_t text;	    /* that of the latest policy; 0: none */
	size_t at;	    /* the row that said so */
};

/* Zero it first. */
struct advise_rows {
	const struct filter *filter;
	size_t n;		   /* rows of policies */
	struct stream_note *notes; /* by stream number */
	size_t nnotes;
	size_t parts; /* into which the domains are divided; 1 at least */
	size_t part;  /* the one that the filter below takes, from 0 */
};

/* Looks at all rows that the filter takes, which must last as long as they
 * do.  Returns 0 or -1; advise_rows_free either way. */
int advise_rows_find(struct advise_rows *rows, struct store *store,
    const struct filter *filter, struct err *err);
void advise_rows_free(struct advise_rows *rows);

/* The filter of rows->part: of each domain all rows are in one. */
struct filter advise_rows_part(const struct advise_rows *rows);

/* The number of the text of the latest policy under sts that reports of the
 * domain show, 0 if none does.  The domain is one of the store's texts. */
int64_t advise_rows_text(const struct advise_rows *rows, const char *domain);

#endif
