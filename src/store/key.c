/* SPDX-License-Identifier: ISC */

/*
 * The store's key.  Everything that is looked up by a hash of what strangers
 * wrote is hashed under it: nobody who has not read the store can make two
 * texts of one hash.
 */

#include "config.h"

#include <string.h>
#include <sys/random.h>

#include "base/keyed_hash.h"
#include "store/private.h"

/* SQLite's own random bytes are of the time and the process where there is no
 * /dev/urandom, as in some delivery agents' chroots. */
int
key_make(struct store *s, struct err *err)
{
	unsigned char key[KEYED_HASH_KEY_LEN];
	struct binder b = {NULL, 0};
	int rc = -1;

	/* So few bytes come whole, or not at all. */
	if (getrandom(key, sizeof(key), 0) != sizeof(key))
		return err_errno(err, "no random bytes for the store's key");
	b.st =
	    sql_prepare(s, "INSERT INTO meta VALUES('" META_KEY "', ?)", err);
	if (b.st != NULL) {
		bind_blob(&b, key, sizeof(key));
		rc = sql_run(s, b.st, err);
	}
	sqlite3_finalize(b.st);
	explicit_bzero(key, sizeof(key));
	return rc;
}

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
