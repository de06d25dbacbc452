/* SPDX-License-Identifier: ISC */

/*
 * Interned texts: what a report says over and over is stored once, and rows
 * hold its number.  Ingest asks from text to number, through a memo; queries
 * ask from number to text, and keep what they were told.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "store/private.h"

/* Longer texts are rare; the memo holds 1 MiB of these at most. */
#define MEMO_LONGEST 256

/* The one text of number 0: equal texts have equal addresses. */
static const char empty[] = "";

/* What queries keep stays: they run on what was committed, and their numbers
 * are never given again. */
void
names_forget(struct store *s)
{
	memo_clear(s->names);
	memo_clear(s->texts);
	memo_clear(s->streams);
}

void
names_close(struct store *s)
{
	memo_free(s->names);
	memo_free(s->texts);
	arena_free(s->arena);
	free(s->text);
}

/* Looks the text up in the table and adds it if it is not there. */
static int
find_or_add(struct store *s, const char *text, int64_t *id, struct err *err)
{
	struct binder find = {sql_kept(s, KEPT_NAME_FIND, err), 0};
	struct binder add = {NULL, 0};

	if (find.st == NULL)
		return -1;
	bind_text(&find, text);
	if (sql_integer(s, find.st, id, err) == -1)
		return -1;
	if (*id != 0)
		return 0;
	add.st = sql_kept(s, KEPT_NAME_ADD, err);
	if (add.st == NULL)
		return -1;
	bind_text(&add, text);
	if (sql_run(s, add.st, err) == -1)
		return -1;
	*id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

int
name_intern(struct store *s, const char *text, int64_t *id, struct err *err)
{
	struct span span = span_of(text);

	*id = 0;
	if (span.len == 0)
		return 0;
	if (s->names == NULL)
		s->names = memo_new(MEMO_LONGEST);
	*id = memo_get(s->names, span);
	if (*id != 0)
		return 0;
	if (find_or_add(s, text, id, err) == -1)
		return -1;
	memo_put(s->names, span, *id);
	return 0;
}

/* Makes room for text[id]. */
static void
reserve_text(struct store *s, size_t id)
{
	size_t n = s->ntext > 0 ? s->ntext : 256, i;

	if (s->arena == NULL)
		s->arena = arena_new(4096);
	while (n <= id)
		n *= 2;
	s->text = xreallocarray(s->text, n, sizeof(*s->text));
	for (i = s->ntext; i < n; i++)
		s->text[i] = NULL;
	s->ntext = n;
	s->text[0] = empty;
}

const char *
name_load(struct store *s, int64_t id, struct err *err)
{
	struct binder b = {NULL, 0};
	int rc;

	if (id == 0)
		return empty;
	b.st = sql_kept(s, KEPT_NAME_TEXT, err);
	if (b.st == NULL)
		return NULL;
	bind_int(&b, id);
	rc = sql_step(s, b.st, err);
	if (rc == -1)
		return NULL;
	if (rc == 0 || id > NAME_MAX_ID) {
		sqlite3_reset(b.st);
		sql_damaged(s, "a row names a text that is not there", err);
		return NULL;
	}
	reserve_text(s, (size_t)id);
	s->text[id] = arena_strdup(s->arena, column_text(b.st, 0));
	sqlite3_reset(b.st);
	return s->text[id];
}
