/* SPDX-License-Identifier: ISC */

/*
 * Is the schema the one that this program makes?  A missing index would be
 * noticed by nobody until a report counts twice.  The model is made anew, in
 * memory, by the same steps that make a store.
 */

#include "config.h"

#include <string.h>

#include "store/private.h"

/* Looks each thing of one schema up in the other. */
struct comparison {
	sqlite3 *all;
	sqlite3 *in;
	bool texts; /* what has the same name must have the same text */
	int (*fn)(void *arg, const char *type, const char *name);
	void *arg;
};

static int
make_model(sqlite3 **model)
{
	const struct schema *schema = schema_current();
	int i, result = sqlite3_open(":memory:", model);

	for (i = 0; result == SQLITE_OK && i < schema->version; i++)
		result =
		    sqlite3_exec(*model, schema->steps[i], NULL, NULL, NULL);
	return result == SQLITE_OK ? 0 : -1;
}

/* Is the row that all stands at in the other schema too? */
static bool
is_there(const struct comparison *c, sqlite3_stmt *row, sqlite3_stmt *find)
{
	const char *sql = column_text(row, 2);
	bool there;

	sqlite3_bind_text(find, 1, column_text(row, 0), -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(find, 2, column_text(row, 1), -1, SQLITE_TRANSIENT);
	there = sqlite3_step(find) == SQLITE_ROW &&
	    (!c->texts || strcmp(column_text(find, 0), sql) == 0);
	sqlite3_reset(find);
	return there;
}

/* Returns 0, or -1 when one of the two cannot be read. */
static int
compare(const struct comparison *c)
{
	sqlite3_stmt *row = NULL, *find = NULL;
	int result = SQLITE_ERROR;

	if (sqlite3_prepare_v2(c->all,
		"SELECT type, name, sql FROM sqlite_schema", -1, &row,
		NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(c->in,
		"SELECT sql FROM sqlite_schema WHERE type = ? AND name = ?", -1,
		&find, NULL) == SQLITE_OK)
		while ((result = sqlite3_step(row)) == SQLITE_ROW)
			if (!is_there(c, row, find) &&
			    c->fn(c->arg, column_text(row, 0),
				column_text(row, 1)) != 0) {
				result = SQLITE_DONE;
				break;
			}
	sqlite3_finalize(row);
	sqlite3_finalize(find);
	return result == SQLITE_DONE ? 0 : -1;
}

int
schema_compare(struct store *s, const struct schema_faults *faults, void *arg,
    struct err *err)
{
	sqlite3 *model = NULL;
	struct comparison missing = {
	    .in = s->db, .texts = true, .fn = faults->missing, .arg = arg};
	struct comparison strange = {
	    .all = s->db, .fn = faults->strange, .arg = arg};
	int rc = make_model(&model);

	missing.all = strange.in = model;
	if (rc == 0 && (compare(&missing) == -1 || compare(&strange) == -1))
		rc = -1;
	sqlite3_close(model);
	return rc == 0 ? 0 : sql_damaged(s, "the schema", err);
}
