/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_STORE_PRIVATE_H
#define TLSTALLY_STORE_PRIVATE_H

/*
 * What the files of store/ share, and no one else sees: the handle, its
 * statements, the interned texts, and how SQLite's errors become ours.
 */

#include <sqlite3.h>

#include "base/buf.h"
#include "base/keyed_hash.h"
#include "store/figures.h"
#include "store/ledger.h"
#include "store/store.h"

/*
 * Statements that are compiled when first used and kept: those that run for
 * every message or for every line of a list.  Their SQL is in sql.c.
 */
enum kept {
	KEPT_BEGIN,
	KEPT_SNAPSHOT,
	KEPT_COMMIT,
	KEPT_ROLLBACK,
	KEPT_DATA_VERSION,
	KEPT_BOUNDS,
	KEPT_NAME_FIND,
	KEPT_NAME_ADD,
	KEPT_NAME_TEXT,
	KEPT_STREAM_FIND,
	KEPT_STREAM_ADD,
	KEPT_STREAM_READ,
	KEPT_TEXT_FIND,
	KEPT_TEXT_ADD,
	KEPT_TEXT_READ,
	KEPT_REPORT_SAME,
	KEPT_REPORT_RIVAL,
	KEPT_REPORT_ADD,
	KEPT_LEDGER_LAST,
	KEPT_LEDGER_READ,
	KEPT_LEDGER_WRITE,
	KEPT_REPORT_SET,
	KEPT_REPORT_FIGURES,
	KEPT_SOURCE_FIND,
	KEPT_SOURCE_ADD,
	KEPT_SOURCE_RAN,
	KEPT_SEEN_FIND,
	KEPT_SEEN_ADD,
	KEPT_SEEN_SET,
	KEPT_REJECT_SINCE,
	KEPT_REJECT_DROP,
	KEPT_REJECT_ADD,
	KEPT_REPORT_READ,
	KEPT_REPORT_NEXT,
	KEPT_REPORT_OLD,
	KEPT_REPORT_HEIR,
	KEPT_REPORT_DROP,
	KEPT_COUNT
};

/* Between two tries to get a lock that SQLite does not wait for. */
#define RETRY_MS 5

struct memo;

struct store {
	sqlite3 *db;
	char *path;
	sqlite3_stmt *kept[KEPT_COUNT];
	bool remembers;	      /* the memos and bounds were right ... */
	int64_t data_version; /* ... when the file was of this version */
	int64_t floor_day;    /* reports of earlier days are expired */
	int64_t last_report;  /* the highest number that was ever given */
	struct memo *names;   /* text -> name.id, for ingest */
	struct memo *texts;   /* packed strings -> policy_text.id */
	struct memo *streams; /* packed struct stream_key -> stream.id */
	struct arena *arena;  /* what text[] points to */
	const char **text;    /* name.id -> text, for queries; NULL where it
				 was not asked for yet */
	size_t ntext;
	struct known_stream **blocks; /* stream.id -> stream, for queries */
	size_t nblocks;
	struct buf scratch; /* what is being packed or hashed */
	struct buf figures; /* of the report that is being written */
	struct buf details;
	int telling;	       /* the folder, locked by store_tell_alone; -1 */
	struct ledger *ledger; /* pages that are being added to */
	int64_t *domains; /* a report's names of domains, sorted, each once */
	size_t ndomains;
	size_t domains_size; /* allocated */
	unsigned char key[KEYED_HASH_KEY_LEN];
	struct keyed_hash *hash; /* under the key; NULL until it is used */
};

/* ---- sql.c: statements and errors ---- */

/* To be called before SQLite is: sql_fail will look at errno. */
void sql_clear_reason(void);

/* Sets err from the handle's last error and names the store.  The one place
 * where SQLite's codes become ours.  To be called right behind what failed.
 * Returns -1. */
int sql_fail(struct store *s, struct err *err);

/* For what this program never writes.  Returns -1. */
int sql_damaged(struct store *s, const char *what, struct err *err);

/* Returns a kept statement, to be bound and run; NULL on error. */
sqlite3_stmt *sql_kept(struct store *s, enum kept which, struct err *err);

/* Compiles a statement for one use, which the caller finalizes; NULL on
 * error, which may be finalized too. */
sqlite3_stmt *sql_prepare(struct store *s, const char *sql, struct err *err);

/* Returns 1 for a row, 0 at the end, -1 on error.  After a row the caller
 * steps on or resets the statement: it holds a transaction open.  After 0
 * and -1 it has been reset. */
int sql_step(struct store *s, sqlite3_stmt *st, struct err *err);

/* Runs a statement that gives no row, or one that is not looked at. */
int sql_run(struct store *s, sqlite3_stmt *st, struct err *err);

/* Runs a statement for the integer in the first column of its first row; 0
 * when there is no row or it is NULL.  The statement is reset. */
int sql_integer(
    struct store *s, sqlite3_stmt *st, int64_t *value, struct err *err);

/* The same for a text of SQL. */
int sql_ask(struct store *s, const char *sql, int64_t *value, struct err *err);

/* Runs a text of SQL statements. */
int sql_exec(struct store *s, const char *sql, struct err *err);

/* Binds a statement's parameters, one after the other.  Nothing is copied:
 * what is bound must live until the statement is reset. */
struct binder {
	sqlite3_stmt *st;
	int at; /* the last one bound */
};

void bind_int(struct binder *b, int64_t value);
void bind_time(struct binder *b, int64_t t); /* TIME_NONE becomes NULL */
void bind_text(struct binder *b, const char *text);
void bind_blob(struct binder *b, const void *data, size_t len);

/* Columns; NULL gives "" and TIME_NONE.  A text lives until the next step. */
const char *column_text(sqlite3_stmt *st, int column);
int64_t column_time(sqlite3_stmt *st, int column);

/* ---- key.c: the store's key ---- */

/* Makes a key for a store that is just being made, in the transaction that
 * makes it.  Returns 0 or -1. */
int key_make(struct store *s, struct err *err);

/* Reads the key of a store that was just opened.  Returns 0, or -1: with
 * ERR_STORE when there is none, or it is none. */
int key_read(struct store *s, struct err *err);

/* Hashes a text under the key. */
void key_hash(
    struct store *s, struct span text, unsigned char sum[KEYED_HASH_LEN]);

/* ---- prune.c ---- */

/* Keeps a number in meta, unless a higher one is there. */
int meta_raise(
    struct store *s, const char *key, int64_t value, struct err *err);

/* ---- schema.c: what is in the file ---- */

/* Keys of the table meta. */
#define META_FLOOR_DAY	 "floor_day"
#define META_LAST_REPORT "last_report"
#define META_KEY	 "key" /* KEYED_HASH_KEY_LEN random bytes */

/* No store has as many reports; it leaves room for what they are reckoned
 * with. */
#define REPORT_MAX (INT64_MAX / 8)

/* Reports have gone, and texts that only they used may still be there. */
#define META_LEFT_OVER "left_over"

/* steps[i] is the SQL that leads from version i to version i + 1. */
struct schema {
	const char *const *steps;
	int version; /* how many steps there are */
	bool keyed;  /* whoever makes a store of it puts META_KEY into meta */
};

/* The schema of this program, of STORE_VERSION. */
const struct schema *schema_current(void);

/* Judges a file that was just opened.  Returns 1 if it is of this version, 0
 * if it must be migrated, which an empty one is too in STORE_CREATE, or -1
 * as store_open. */
int schema_check(struct store *s, enum store_mode mode,
    const struct schema *schema, struct err *err);

/* Who is told where a schema departs from this program's; a function returns
 * 0, or anything else to stop. */
struct schema_faults {
	/* not there, or otherwise */
	int (*missing)(void *arg, const char *type, const char *name);
	/* not of ours */
	int (*strange)(void *arg, const char *type, const char *name);
};

/* check_schema.c: compares the store's schema with the one that this program
 * makes. */
int schema_compare(struct store *s, const struct schema_faults *faults,
    void *arg, struct err *err);

/* Brings the file to the schema's version in one transaction, in which its
 * version is read anew: another process may have been faster. */
int schema_migrate(
    struct store *s, const struct schema *schema, struct err *err);

/* ---- open.c ---- */

/* store_open with a schema of the caller's. */
int store_open_schema(struct store **out, const char *path,
    enum store_mode mode, const struct schema *schema, struct err *err);

/* ---- ingest.c ---- */

/* Forgets what is remembered of the file's content: the next store_begin
 * reads it anew. */
void store_forget(struct store *s);

/* ---- names.c: interned texts ---- */

/* Ids are given one after the other; a file with a larger one is damaged,
 * and the array that it would need not to be had. */
#define NAME_MAX_ID ((int64_t)1 << 30)

/* Forgets what a rollback, or another process, may have made void. */
void names_forget(struct store *s);
void names_close(struct store *s);

/* Returns in *id the number of a text, made if it is new; 0 stands for "".
 * Within a transaction. */
int name_intern(
    struct store *s, const char *text, int64_t *id, struct err *err);

/* name_text returns the text of a number: the same pointer every time, until
 * the store is closed.  NULL with ERR_STORE for a number that is not there. */
const char *name_load(struct store *s, int64_t id, struct err *err);

static inline const char *
name_text(struct store *s, int64_t id, struct err *err)
{
	if ((uint64_t)id < s->ntext && s->text[id] != NULL)
		return s->text[id];
	return name_load(s, id, err);
}

/* ---- streams.c: who reports about what ---- */

/* What stream.packed holds, in this order; all but type and mode are names. */
struct stream_key {
	int64_t domain;
	int64_t reporter;
	int64_t organization;
	int64_t type;
	int64_t type_text;
	int64_t mode;
};

/* Returns in *id the number of a stream, made if it is new.  Within a
 * transaction. */
int stream_intern(struct store *s, const struct stream_key *key, int64_t *id,
    struct err *err);

/* Reads a stream's packed value.  False when it is none of ours. */
bool stream_unpack(struct span packed, struct stream_key *key);

struct known_stream {
	struct stream stream;
	int64_t domain; /* names, for filters */
	int64_t reporter;
	bool known;
};

/* Streams are read in blocks of so many. */
#define STREAM_BLOCK 64

/* stream_get returns a stream by its number: the same pointer every time,
 * until the store is closed.  NULL with ERR_STORE for one that is not there. */
const struct known_stream *stream_load(
    struct store *s, int64_t id, struct err *err);

static inline const struct known_stream *
stream_get(struct store *s, int64_t id, struct err *err)
{
	size_t block = (uint64_t)id / STREAM_BLOCK;
	const struct known_stream *k;

	if (block < s->nblocks && s->blocks[block] != NULL) {
		k = &s->blocks[block][(uint64_t)id % STREAM_BLOCK];
		if (k->known)
			return k;
	}
	return stream_load(s, id, err);
}

void streams_close(struct store *s);

/* ---- ledger.c: the rest is in ledger.h ---- */

void ledger_close(struct store *s);

/* ---- numbers.c: sets of row numbers ---- */

/* Start with zeros. */
struct numbers {
	unsigned char *has; /* by number: 1 if it is in the set */
	size_t size;
	size_t n; /* how many there are */
};

/* A number that no row can have, as in a damaged file, is left out: whoever
 * reads what it stands for says so. */
void numbers_add(struct numbers *set, int64_t number);
bool numbers_have(const struct numbers *set, int64_t number);

/* Adds the first column of all rows that a statement gives. */
int numbers_select(
    struct store *s, const char *sql, struct numbers *set, struct err *err);
void numbers_free(struct numbers *set);

/* ---- backup.c ---- */

/* Makes a copy of the store beside it, named for its version, before that
 * version is left behind; while a transaction of the caller's keeps others
 * from writing.  *copy is its path, to be freed. */
int backup_version(
    struct store *s, int64_t version, char **copy, struct err *err);

/* ---- pack.c: lists of strings in one value ---- */

/* Returns in *id the number of the policy's strings and MX hosts, made if
 * they are new; 0 when it has none.  Within a transaction. */
int policy_text_intern(
    struct store *s, const struct policy *p, int64_t *id, struct err *err);

/* Reads them back into the policy and the arena. */
int policy_text_read(struct store *s, int64_t id, struct arena *arena,
    struct policy *p, struct err *err);

/* Leaves the report's deviations, packed, in scratch. */
void deviations_pack(struct store *s, const struct report *r);

/* Reads them back; names that this program does not know are left out. */
void deviations_unpack(
    struct span packed, struct arena *arena, struct report *r);

/* How many there are. */
size_t deviations_count(struct span packed);

/* Leaves in s->details what figures leave out of the report's failures: their
 * sending IP, HELO and additional information. */
void details_pack(struct store *s, const struct report *r);

/* True if packed holds what details_pack makes of n failures. */
bool details_fit(struct span packed, size_t n);

/* Takes those of the next failure off *packed.  Returns 0, or -1 when there
 * are none left. */
int details_unpack(struct span *packed, struct arena *arena, struct failure *f);

/* A column's packed value; lives until the next step. */
struct span column_packed(sqlite3_stmt *st, int column);

/* ---- memo.c: the bounded cache behind the interning ---- */

/* Returns a memo of texts up to longest bytes; longer ones are not kept. */
struct memo *memo_new(size_t longest);
void memo_free(struct memo *m);
void memo_clear(struct memo *m);

/* Returns the number kept for a text, or 0. */
int64_t memo_get(const struct memo *m, struct span text);
void memo_put(struct memo *m, struct span text, int64_t id);

/* ---- twins.c: is a report new? ---- */

#define IDENTITY_LEN KEYED_HASH_LEN

/* A report in the store that the new one has to do with. */
struct twin {
	int64_t number;
	int32_t day;
	bool counted;
	enum authenticity authenticity;
	int64_t reporter; /* a name */
	unsigned char identity[IDENTITY_LEN];
};

/* Looks for the report of the same JSON.  Returns 1, 0 or -1. */
int twin_find_same(struct store *s, const struct report *r, struct twin *twin,
    struct err *err);

/* Looks for the counted report of a day and identity.  Returns 1, 0, -1. */
int twin_find_rival(struct store *s, int32_t day,
    const unsigned char identity[IDENTITY_LEN], struct twin *twin,
    struct err *err);

/* Finds who is to count of an identity that no counted report has: of those
 * in conflict the first verified one, or else the first.  Returns 1, 0, -1. */
int twin_find_heir(struct store *s, int32_t day,
    const unsigned char identity[IDENTITY_LEN], struct twin *twin,
    struct err *err);

/* Makes a report count or not, and sets its authenticity. */
int twin_set(struct store *s, const struct twin *twin, bool counted,
    enum authenticity authenticity, struct err *err);

/* A duplicate of twin, verified to be of its reporter, has come: the stored
 * report is verified too, and takes the place of one that is not. */
int twin_verify(struct store *s, const struct twin *twin, struct err *err);

/* Hashes what two reports must share to be one: reporter (a name), id, range
 * and set of policy domains; equal hashes are taken for equal reports. */
int twin_identity(struct store *s, const struct report *r, int64_t reporter,
    unsigned char identity[IDENTITY_LEN], struct err *err);

/* Sorts numbers, keeps one of each, and returns how many are left. */
size_t numbers_unique(int64_t *numbers, size_t n);

/* ---- report_write.c ---- */

/* What became of one report. */
struct stored {
	enum outcome outcome;
	int64_t number; /* its own, that of which it is a duplicate, or 0 for
			   one that is expired */
};

/* Adds a report, or finds that it is known. */
int store_write_report(struct store *s, const struct receipt *receipt,
    const struct report *r, struct stored *out, struct err *err);

/* The same under the number out->number, which is free, and whatever the
 * floor. */
int report_write_again(struct store *s, const struct receipt *receipt,
    const struct report *r, struct stored *out, struct err *err);

/* Takes a report and its figures out. */
int report_drop(struct store *s, int32_t day, int64_t number, struct err *err);

/* ---- sieve.c: a filter at work ---- */

/* What a filter said of the texts it was asked about, by name.id. */
struct verdicts {
	unsigned char *of;
	size_t size;
};

struct sieve {
	struct store *store;
	const struct filter *filter;
	struct verdicts domains;
	struct verdicts reporters;
};

void sieve_free(struct sieve *v);

/* Does the filter take a policy domain, a reporter?  Returns 1, 0 or -1. */
int sieve_domain(struct sieve *v, int64_t name, struct err *err);
int sieve_reporter(struct sieve *v, int64_t name, struct err *err);

/* Does it take both of a stream? */
int sieve_stream(
    struct sieve *v, const struct known_stream *k, struct err *err);

#endif
