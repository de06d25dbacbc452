/* SPDX-License-Identifier: ISC */

/*
 * The store's key.  Everything that is looked up by a hash of what strangers
 * wrote is hashed under it: nobody who has not read the store can make two
 * texts of one hash.
 */

#include "config.h"

#include <string.h>

#include "base/keyed_hash.h"
#include "store/private.h"

_Static_assert(KEYED_HASH_KEY_LEN == 16, "as randomblob(16) in schema.c");

/* Takes the key out of a row, which is as this program never writes it if it
 * is of another length or type. */
static int
take_key(struct store *s, sqlite3_stmt *st, struct err *err)
{
	struct span key;

	if (sqlite3_column_type(st, 0) != SQLITE_BLOB)
		return sql_damaged(s, "its key is no key", err);
	key = column_packed(st, 0);
	if (key.len != sizeof(s->key))
		return sql_damaged(s, "its key is of a wrong length", err);
	memcpy(s->key, key.p, sizeof(s->key));
	return 0;
}

int
key_read(struct store *s, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(
	    s, "SELECT value FROM meta WHERE key = '" META_KEY "'", err);
	int rc = -1;

	if (st != NULL)
		rc = sql_step(s, st, err);
	if (rc == 1)
		rc = take_key(s, st, err);
	else if (rc == 0)
		rc = err_set(err, ERR_STORE,
		    "%s: the store has no key: it was made by a development "
		    "version of tlstally, or is damaged; move it away and "
		    "read the mail again",
		    s->path);
	sqlite3_finalize(st);
	return rc;
}

const unsigned char *
store_key(const struct store *s)
{
	return s->key;
}

void
key_hash(struct store *s, struct span text, unsigned char sum[KEYED_HASH_LEN])
{
	if (s->hash == NULL)
		s->hash = keyed_hash_new();
	keyed_hash_set_key(s->hash, s->key);
	keyed_hash_sum(s->hash, text.p, text.len, sum);
}
