/* SPDX-License-Identifier: ISC */

/*
 * The sources that messages come from, how their runs ended, and what is
 * remembered of a message, so that it need not be read again.
 */

#include "config.h"

#include "store/private.h"

int
store_find_source(
    struct store *s, const char *name, int64_t *id, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_SOURCE_FIND, err), 0};

	*id = 0;
	if (b.st == NULL)
		return -1;
	bind_text(&b, name);
	return sql_integer(s, b.st, id, err);
}

static int
add_source(struct store *s, const char *name, const char *kind, int64_t *id,
    struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_SOURCE_ADD, err), 0};

	if (b.st == NULL)
		return -1;
	bind_text(&b, name);
	bind_text(&b, kind);
	if (sql_run(s, b.st, err) == -1)
		return -1;
	*id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

int
store_source(struct store *s, const char *name, const char *kind, int64_t *id,
    struct err *err)
{
	if (store_find_source(s, name, id, err) == -1)
		return -1;
	return *id == 0 ? add_source(s, name, kind, id, err) : 0;
}

int
store_source_ran(struct store *s, const struct source_run *run, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_SOURCE_RAN, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, run->now);
	bind_text(&b, run->error != NULL ? run->error : "");
	bind_int(&b, run->source);
	bind_text(&b, run->kind);
	return sql_run(s, b.st, err);
}

int
store_seen(struct store *s, int64_t source, const char *key, struct seen *seen,
    struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_SEEN_FIND, err), 0};
	int rc;

	if (b.st == NULL)
		return -1;
	bind_int(&b, source);
	bind_text(&b, key);
	rc = sql_step(s, b.st, err);
	if (rc != 1)
		return rc;
	seen->outcome = sqlite3_column_int(b.st, 0);
	seen->decoder = sqlite3_column_int(b.st, 1);
	seen->tries = sqlite3_column_int(b.st, 2);
	sqlite3_reset(b.st);
	return 1;
}

bool
seen_is_final(const struct seen *seen)
{
	if (seen->outcome != OUTCOME_REJECT && seen->outcome != OUTCOME_FOREIGN)
		return true;
	if (seen->decoder < DECODER_VERSION)
		return false;
	return seen->tries == 0 || seen->tries >= SEEN_TRIES_MAX;
}
