/* SPDX-License-Identifier: ISC */

/*
 * Streams: who reports about what under which policy, interned like texts.
 * A row of figures names its stream by one number instead of six, and the
 * digest finds its sums by an address.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "store/private.h"

#define KEY_NUMBERS 6

/* A packed key; the memo holds half a MiB of these at most. */
#define KEY_LONGEST ((size_t)KEY_NUMBERS * NUMBER_MAX)

enum {
	STREAM_ID,
	STREAM_DOMAIN,
	STREAM_REPORTER,
	STREAM_ORGANIZATION,
	STREAM_TYPE,
	STREAM_TYPE_TEXT,
	STREAM_MODE
};

void
streams_close(struct store *s)
{
	memo_free(s->streams);
	/* The blocks lie in the arena of the names. */
	free(s->blocks);
}

static sqlite3_stmt *
bind_key(struct store *s, enum kept which, const int64_t key[KEY_NUMBERS],
    struct err *err)
{
	struct binder b = {sql_kept(s, which, err), 0};
	size_t i;

	for (i = 0; b.st != NULL && i < KEY_NUMBERS; i++)
		bind_int(&b, key[i]);
	return b.st;
}

static int
find_or_add(struct store *s, const int64_t key[KEY_NUMBERS], int64_t *id,
    struct err *err)
{
	sqlite3_stmt *st = bind_key(s, KEPT_STREAM_FIND, key, err);

	if (st == NULL || sql_integer(s, st, id, err) == -1)
		return -1;
	if (*id != 0)
		return 0;
	st = bind_key(s, KEPT_STREAM_ADD, key, err);
	if (st == NULL || sql_run(s, st, err) == -1)
		return -1;
	*id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

int
stream_intern(
    struct store *s, const struct stream_key *k, int64_t *id, struct err *err)
{
	const int64_t key[KEY_NUMBERS] = {k->domain, k->reporter,
	    k->organization, k->type, k->type_text, k->mode};
	unsigned char bytes[KEY_LONGEST];
	struct span packed = {(const char *)bytes, 0};
	size_t i;

	for (i = 0; i < KEY_NUMBERS; i++)
		packed.len += number_put(bytes + packed.len, (uint64_t)key[i]);
	if (s->streams == NULL)
		s->streams = memo_new(KEY_LONGEST);
	*id = memo_get(s->streams, packed);
	if (*id != 0)
		return 0;
	if (find_or_add(s, key, id, err) == -1)
		return -1;
	memo_put(s->streams, packed, *id);
	return 0;
}

/* Makes room for a block. */
static struct known_stream *
reserve_block(struct store *s, size_t block)
{
	size_t n = s->nblocks > 0 ? s->nblocks : 64, i;

	while (n <= block)
		n *= 2;
	if (n > s->nblocks) {
		s->blocks = xreallocarray(s->blocks, n, sizeof(*s->blocks));
		for (i = s->nblocks; i < n; i++)
			s->blocks[i] = NULL;
		s->nblocks = n;
	}
	if (s->arena == NULL)
		s->arena = arena_new(4096);
	if (s->blocks[block] == NULL)
		s->blocks[block] =
		    arena_calloc(s->arena, STREAM_BLOCK, sizeof(**s->blocks));
	return s->blocks[block];
}

static int
read_stream(
    struct store *s, sqlite3_stmt *st, struct known_stream *k, struct err *err)
{
	struct stream *out = &k->stream;

	out->number = (size_t)sqlite3_column_int64(st, STREAM_ID);
	k->domain = sqlite3_column_int64(st, STREAM_DOMAIN);
	k->reporter = sqlite3_column_int64(st, STREAM_REPORTER);
	out->domain = name_text(s, k->domain, err);
	out->reporter = name_text(s, k->reporter, err);
	out->organization =
	    name_text(s, sqlite3_column_int64(st, STREAM_ORGANIZATION), err);
	out->policy_type_text =
	    name_text(s, sqlite3_column_int64(st, STREAM_TYPE_TEXT), err);
	out->policy_type =
	    (enum policy_type)sqlite3_column_int(st, STREAM_TYPE);
	out->mode = (enum policy_mode)sqlite3_column_int(st, STREAM_MODE);
	k->known = out->domain != NULL && out->reporter != NULL &&
	    out->organization != NULL && out->policy_type_text != NULL;
	return k->known ? 0 : -1;
}

/* Reads the streams of a block that are there by now and not known yet. */
static int
read_block(struct store *s, size_t block, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_STREAM_READ, err), 0};
	struct known_stream *list, *k;
	int rc;

	if (b.st == NULL)
		return -1;
	list = reserve_block(s, block);
	bind_int(&b, (int64_t)(block * STREAM_BLOCK));
	bind_int(&b, (int64_t)(block * STREAM_BLOCK) + STREAM_BLOCK - 1);
	while ((rc = sql_step(s, b.st, err)) == 1) {
		k = &list[sqlite3_column_int64(b.st, STREAM_ID) % STREAM_BLOCK];
		if (!k->known && read_stream(s, b.st, k, err) == -1) {
			sqlite3_reset(b.st);
			return -1;
		}
	}
	return rc;
}

const struct known_stream *
stream_load(struct store *s, int64_t id, struct err *err)
{
	size_t block = (uint64_t)id / STREAM_BLOCK;
	const struct known_stream *k;

	if (id > 0 && id <= NAME_MAX_ID) {
		if (read_block(s, block, err) == -1)
			return NULL;
		k = &s->blocks[block][id % STREAM_BLOCK];
		if (k->known)
			return k;
	}
	sql_damaged(s, "figures name a stream that is not there", err);
	return NULL;
}
