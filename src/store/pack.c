/* SPDX-License-Identifier: ISC */

/*
 * Lists of strings in one value, each string ended by NUL, which none of
 * them can hold.  What a policy says in words is the same day after day, so
 * it is stored once and rows hold its number.
 */

#include "config.h"

#include <string.h>

#include "store/private.h"

/* Longer ones are rare; the memo holds 4 MiB of these at most. */
#define MEMO_LONGEST 1024

/* What scratch keeps from one report to the next. */
#define SCRATCH_KEEP ((size_t)64 << 10)

/* The first byte of every string in policy_text says what it is. */
#define KIND_STRING  "S"
#define KIND_MX_HOST "M"

static void
append(struct buf *b, const char *prefix, const char *text)
{
	buf_append(b, prefix, strlen(prefix));
	buf_append(b, text, strlen(text) + 1);
}

/* Takes the next string off *packed; NULL at the end. */
static const char *
take(struct span *packed)
{
	const char *p = packed->p, *end;

	if (packed->len == 0)
		return NULL;
	end = memchr(p, '\0', packed->len);
	/* Ours always end in NUL; what does not is from a damaged file. */
	if (end == NULL)
		return NULL;
	packed->len -= (size_t)(end + 1 - p);
	packed->p = end + 1;
	return p;
}

struct span
column_packed(sqlite3_stmt *st, int column)
{
	struct span s;

	/* In this order: the length is that of what was asked for last. */
	s.p = sqlite3_column_blob(st, column);
	s.len = (size_t)sqlite3_column_bytes(st, column);
	if (s.p == NULL)
		s.p = ""; /* of no bytes SQLite has no place */
	return s;
}

/* Leaves the policy's strings and MX hosts in scratch. */
static struct span
pack_policy(struct buf *b, const struct policy *p)
{
	size_t i;

	buf_reset(b, SCRATCH_KEEP);
	for (i = 0; i < p->nstrings; i++)
		append(b, KIND_STRING, p->strings[i]);
	for (i = 0; i < p->nmx_hosts; i++)
		append(b, KIND_MX_HOST, p->mx_hosts[i]);
	return (struct span){b->data, b->len};
}

/* The index is on this, since an index on the texts would repeat them. */
static int64_t
hash(struct store *s, struct span packed)
{
	unsigned char sum[KEYED_HASH_LEN];
	uint64_t h = 0;
	size_t i;

	key_hash(s, packed, sum);
	for (i = 0; i < sizeof(h); i++)
		h = h << 8 | sum[i];
	return (int64_t)h;
}

/* Looks the packed strings up in the table and adds them if need be. */
static int
find_or_add(struct store *s, struct span packed, int64_t *id, struct err *err)
{
	struct binder find = {sql_kept(s, KEPT_TEXT_FIND, err), 0};
	struct binder add = {NULL, 0};
	int64_t h = hash(s, packed);

	if (find.st == NULL)
		return -1;
	bind_int(&find, h);
	bind_blob(&find, packed.p, packed.len);
	if (sql_integer(s, find.st, id, err) == -1)
		return -1;
	if (*id != 0)
		return 0;
	add.st = sql_kept(s, KEPT_TEXT_ADD, err);
	if (add.st == NULL)
		return -1;
	bind_int(&add, h);
	bind_blob(&add, packed.p, packed.len);
	if (sql_run(s, add.st, err) == -1)
		return -1;
	*id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

int
policy_text_intern(
    struct store *s, const struct policy *p, int64_t *id, struct err *err)
{
	struct span packed;

	*id = 0;
	if (p->nstrings == 0 && p->nmx_hosts == 0)
		return 0;
	packed = pack_policy(&s->scratch, p);
	if (s->texts == NULL)
		s->texts = memo_new(MEMO_LONGEST);
	*id = memo_get(s->texts, packed);
	if (*id != 0)
		return 0;
	if (find_or_add(s, packed, id, err) == -1)
		return -1;
	memo_put(s->texts, packed, *id);
	return 0;
}

/* Copies the strings of one kind out of packed and returns how many. */
static size_t
unpack_kind(struct span packed, const char *kind, struct arena *arena,
    const char ***out)
{
	struct span rest = packed;
	const char *text;
	size_t n = 0;

	while ((text = take(&rest)) != NULL)
		n += text[0] == kind[0];
	*out = arena_calloc(arena, n, sizeof(**out));
	n = 0;
	while ((text = take(&packed)) != NULL)
		if (text[0] == kind[0])
			(*out)[n++] = arena_strdup(arena, text + 1);
	return n;
}

int
policy_text_read(struct store *s, int64_t id, struct arena *arena,
    struct policy *p, struct err *err)
{
	struct binder b = {NULL, 0};
	struct span packed;
	int rc;

	if (id == 0)
		return 0;
	b.st = sql_kept(s, KEPT_TEXT_READ, err);
	if (b.st == NULL)
		return -1;
	bind_int(&b, id);
	rc = sql_step(s, b.st, err);
	if (rc == 0)
		sql_damaged(s, "a policy's text is not there", err);
	if (rc != 1)
		return -1;
	packed = column_packed(b.st, 0);
	p->nstrings = unpack_kind(packed, KIND_STRING, arena, &p->strings);
	p->nmx_hosts = unpack_kind(packed, KIND_MX_HOST, arena, &p->mx_hosts);
	sqlite3_reset(b.st);
	return 0;
}

void
deviations_pack(struct store *s, const struct report *r)
{
	const struct deviation *d;
	size_t i;

	buf_reset(&s->scratch, SCRATCH_KEEP);
	for (i = 0; i < r->ndeviations; i++) {
		d = &r->deviations[i];
		append(&s->scratch, "", deviation_name(d->code));
		append(&s->scratch, "", d->where);
	}
}

void
details_pack(struct store *s, const struct report *r)
{
	struct buf *b = &s->details;
	const struct policy *p;
	size_t i, k;

	buf_reset(b, SCRATCH_KEEP);
	for (k = 0, p = r->policies; k < r->npolicies; k++, p++)
		for (i = 0; i < p->nfailures; i++) {
			append(b, "", p->failures[i].sending_ip);
			append(b, "", p->failures[i].receiving_helo);
			append(b, "", p->failures[i].additional_information);
		}
}

bool
details_fit(struct span packed, size_t n)
{
	size_t strings = 0;

	while (take(&packed) != NULL)
		strings++;
	return packed.len == 0 && strings == n * 3;
}

int
details_unpack(struct span *packed, struct arena *arena, struct failure *f)
{
	const char **const texts[] = {
	    &f->sending_ip, &f->receiving_helo, &f->additional_information};
	const char *text;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		text = take(packed);
		if (text == NULL)
			return -1;
		*texts[i] = arena_strdup(arena, text);
	}
	return 0;
}

size_t
deviations_count(struct span packed)
{
	size_t n = 0;

	while (take(&packed) != NULL)
		n++;
	return n / 2;
}

void
deviations_unpack(struct span packed, struct arena *arena, struct report *r)
{
	const char *name, *where;
	enum deviation_code code;

	r->deviations = arena_calloc(
	    arena, deviations_count(packed), sizeof(*r->deviations));
	r->ndeviations = 0;
	while (
	    (name = take(&packed)) != NULL && (where = take(&packed)) != NULL) {
		code = deviation_parse(span_of(name));
		if (code == DEVIATION_COUNT)
			continue;
		r->deviations[r->ndeviations++] =
		    (struct deviation){code, arena_strdup(arena, where)};
	}
}

int
store_mx_hosts(struct store *s, int64_t text, struct arena *arena,
    const char ***hosts, size_t *n, struct err *err)
{
	struct policy p = {.nmx_hosts = 0};

	if (policy_text_read(s, text, arena, &p, err) == -1)
		return -1;
	*hosts = p.mx_hosts;
	*n = p.nmx_hosts;
	return 0;
}
