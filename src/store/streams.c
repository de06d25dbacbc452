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

void
streams_close(struct store *s)
{
	memo_free(s->streams);
	/* The blocks lie in the arena of the names. */
	free(s->blocks);
}

bool
stream_unpack(struct span packed, struct stream_key *key)
{
	uint64_t list[KEY_NUMBERS];
	size_t i;

	if (!numbers_take(&packed, list, KEY_NUMBERS) || packed.len > 0)
		return false;
	for (i = 0; i < KEY_NUMBERS; i++)
		if (list[i] > INT64_MAX)
			return false;
	*key = (struct stream_key){.domain = (int64_t)list[0],
	    .reporter = (int64_t)list[1],
	    .organization = (int64_t)list[2],
	    .type = (int64_t)list[3],
	    .type_text = (int64_t)list[4],
	    .mode = (int64_t)list[5]};
	return true;
}

static int
find_or_add(struct store *s, struct span packed, int64_t *id, struct err *err)
{
	struct binder find = {sql_kept(s, KEPT_STREAM_FIND, err), 0};
	struct binder add = {sql_kept(s, KEPT_STREAM_ADD, err), 0};

	if (find.st == NULL || add.st == NULL)
		return -1;
	bind_blob(&find, packed.p, packed.len);
	if (sql_integer(s, find.st, id, err) == -1)
		return -1;
	if (*id != 0)
		return 0;
	bind_blob(&add, packed.p, packed.len);
	if (sql_run(s, add.st, err) == -1)
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
	if (find_or_add(s, packed, id, err) == -1)
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
	struct stream_key key;

	if (!stream_unpack(column_packed(st, 1), &key))
		return sql_damaged(s, "a stream", err);
	*out = (struct stream){.number = (size_t)sqlite3_column_int64(st, 0),
	    .domain = name_text(s, key.domain, err),
	    .policy_type = (enum policy_type)key.type,
	    .policy_type_text = name_text(s, key.type_text, err),
	    .mode = (enum policy_mode)key.mode,
	    .reporter = name_text(s, key.reporter, err),
	    .organization = name_text(s, key.organization, err)};
	k->domain = key.domain;
	k->reporter = key.reporter;
	k->known = out->domain != NULL && out->policy_type_text != NULL &&
	    out->reporter != NULL && out->organization != NULL;
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
		k = &list[sqlite3_column_int64(b.st, 0) % STREAM_BLOCK];
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
