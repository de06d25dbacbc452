/* SPDX-License-Identifier: ISC */

/*
 * Sets of row numbers, a byte for each number up to the highest: numbers are
 * given one after the other, so that little is wasted.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "store/private.h"

void
numbers_add(struct numbers *set, int64_t number)
{
	size_t size = set->size > 0 ? set->size : 256;

	if (number < 0 || number > NAME_MAX_ID)
		return;
	while (size <= (size_t)number)
		size *= 2;
	if (size > set->size) {
		set->has = xreallocarray(set->has, size, 1);
		memset(set->has + set->size, 0, size - set->size);
		set->size = size;
	}
	set->n += set->has[number] == 0;
	set->has[number] = 1;
}

bool
numbers_have(const struct numbers *set, int64_t number)
{
	return number >= 0 && (uint64_t)number < set->size &&
	    set->has[number] != 0;
}

int
numbers_select(
    struct store *s, const char *sql, struct numbers *set, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, sql, err);
	int rc = -1;

	while (st != NULL && (rc = sql_step(s, st, err)) == 1)
		numbers_add(set, sqlite3_column_int64(st, 0));
	sqlite3_finalize(st);
	return rc;
}

void
numbers_free(struct numbers *set)
{
	free(set->has);
	*set = (struct numbers){0};
}
