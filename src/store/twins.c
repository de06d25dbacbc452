/* SPDX-License-Identifier: ISC */

/*
 * Is a report new?  The same JSON is the same report, whatever headers it
 * came with and whoever is taken for its reporter: it is looked for by
 * nothing but its day, which the JSON says, and its sum.  Only then is it
 * asked whether another JSON claims to be the same report; that depends
 * on the reporter and the domains, which headers may have told.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "store/private.h"

/* Reads the twin that a statement finds.  Returns 1, 0 or -1. */
static int
read_twin(struct store *s, sqlite3_stmt *st, int32_t day, struct twin *twin,
    struct err *err)
{
	const void *identity;
	int rc = sql_step(s, st, err);

	if (rc != 1)
		return rc;
	twin->day = day;
	twin->number = sqlite3_column_int64(st, 0);
	twin->counted = sqlite3_column_int(st, 1) != 0;
	twin->authenticity = sqlite3_column_int(st, 2);
	twin->reporter = sqlite3_column_int64(st, 3);
	identity = sqlite3_column_blob(st, 4);
	if (sqlite3_column_bytes(st, 4) == IDENTITY_LEN)
		memcpy(twin->identity, identity, IDENTITY_LEN);
	else
		rc = sql_damaged(s, "a report without an identity", err);
	sqlite3_reset(st);
	return rc;
}

int
twin_find_same(
    struct store *s, const struct report *r, struct twin *twin, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_REPORT_SAME, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, r->day);
	bind_blob(&b, r->sum, KEYED_HASH_LEN);
	return read_twin(s, b.st, r->day, twin, err);
}

/* Finds a report by its day and identity. */
static int
find_identity(struct store *s, enum kept which, int32_t day,
    const unsigned char *identity, struct twin *twin, struct err *err)
{
	struct binder b = {sql_kept(s, which, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, day);
	bind_blob(&b, identity, IDENTITY_LEN);
	return read_twin(s, b.st, day, twin, err);
}

int
twin_find_rival(struct store *s, int32_t day,
    const unsigned char identity[IDENTITY_LEN], struct twin *twin,
    struct err *err)
{
	return find_identity(s, KEPT_REPORT_RIVAL, day, identity, twin, err);
}

int
twin_find_heir(struct store *s, int32_t day,
    const unsigned char identity[IDENTITY_LEN], struct twin *twin,
    struct err *err)
{
	return find_identity(s, KEPT_REPORT_HEIR, day, identity, twin, err);
}

/* Enters a report that is to count into the ledger. */
static int
enter(struct store *s, const struct twin *twin, enum authenticity authenticity,
    struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_REPORT_FIGURES, err), 0};
	int rc;

	if (b.st == NULL)
		return -1;
	bind_int(&b, twin->number);
	rc = sql_step(s, b.st, err);
	if (rc == 1)
		rc = ledger_add(s, twin->day, twin->number, authenticity,
		    column_packed(b.st, 0), err);
	sqlite3_reset(b.st);
	return rc;
}

int
twin_set(struct store *s, const struct twin *twin, bool counted,
    enum authenticity authenticity, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_REPORT_SET, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, counted);
	bind_int(&b, authenticity);
	bind_int(&b, twin->number);
	if (sql_run(s, b.st, err) == -1)
		return -1;
	if (twin->counted &&
	    ledger_remove(s, twin->day, twin->number, err) == -1)
		return -1;
	return counted ? enter(s, twin, authenticity, err) : 0;
}

int
twin_verify(struct store *s, const struct twin *twin, struct err *err)
{
	struct twin rival;
	bool counted = twin->counted;
	int rc;

	if (!counted) {
		rc = twin_find_rival(s, twin->day, twin->identity, &rival, err);
		if (rc == -1)
			return -1;
		counted = rc == 0 || rival.authenticity != AUTH_VERIFIED;
		if (rc == 1 && counted &&
		    twin_set(s, &rival, false, rival.authenticity, err) == -1)
			return -1;
	}
	return twin_set(s, twin, counted, AUTH_VERIFIED, err);
}

static int
compare_numbers(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

size_t
numbers_unique(int64_t *numbers, size_t n)
{
	size_t i, kept = 0;

	if (n > 1)
		qsort(numbers, n, sizeof(*numbers), compare_numbers);
	for (i = 0; i < n; i++)
		if (kept == 0 || numbers[kept - 1] != numbers[i])
			numbers[kept++] = numbers[i];
	return kept;
}

/* Leaves the names of the report's domains in s->domains. */
static int
collect_domains(struct store *s, const struct report *r, struct err *err)
{
	size_t i;

	if (s->domains_size < r->npolicies) {
		s->domains = xreallocarray(
		    s->domains, r->npolicies, sizeof(*s->domains));
		s->domains_size = r->npolicies;
	}
	for (i = 0; i < r->npolicies; i++)
		if (name_intern(
			s, r->policies[i].domain, &s->domains[i], err) == -1)
			return -1;
	s->ndomains = numbers_unique(s->domains, r->npolicies);
	return 0;
}

static void
append_number(struct buf *b, int64_t number)
{
	unsigned char bytes[NUMBER_MAX];

	buf_append(b, bytes, number_put(bytes, (uint64_t)number));
}

/* Texts go in by their numbers in this store; the report id comes last,
 * behind the count of the domains, so that no two different identities give
 * the same bytes. */
int
twin_identity(struct store *s, const struct report *r, int64_t reporter,
    unsigned char identity[IDENTITY_LEN], struct err *err)
{
	struct buf *b = &s->scratch;
	size_t i;

	if (collect_domains(s, r, err) == -1)
		return -1;
	b->len = 0;
	append_number(b, reporter);
	append_number(b, r->start);
	append_number(b, r->end);
	append_number(b, (int64_t)s->ndomains);
	for (i = 0; i < s->ndomains; i++)
		append_number(b, s->domains[i]);
	buf_append(b, r->id, strlen(r->id));
	key_hash(s, (struct span){b->data, b->len}, identity);
	return 0;
}
