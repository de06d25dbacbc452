/* SPDX-License-Identifier: ISC */

/*
 * Pages of figures.  Those that reports are being added to stay in memory
 * until the transaction ends, so that a batch of a thousand writes a dozen
 * rows; a delivery alone adds to the last page of its day.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "store/private.h"

/* A day has 2^20 pages, of ninety million reports. */
#define PAGES_BITS     20
#define PAGES_OF_A_DAY ((int64_t)1 << PAGES_BITS)

/* An authenticity and a number are one number. */
#define AUTHENTICITIES 4

/* Each day has one slot; a batch is seldom of more days than this. */
#define SLOTS 64

/* A page that is being added to. */
struct slot {
	bool used;
	int32_t day;
	int64_t page;
	struct buf data;
};

struct ledger {
	struct slot slots[SLOTS];
	int64_t removed_from; /* the page of the last removal */
};

int64_t
ledger_first_page(int32_t day)
{
	return (int64_t)day * PAGES_OF_A_DAY;
}

int64_t
ledger_last_page(int32_t day)
{
	return ledger_first_page(day) + PAGES_OF_A_DAY - 1;
}

int32_t
ledger_day(int64_t page)
{
	int64_t day = page / PAGES_OF_A_DAY;

	return (int32_t)(day - (page % PAGES_OF_A_DAY < 0));
}

static int
write_page(struct store *s, int64_t page, struct span data, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_LEDGER_WRITE, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, page);
	bind_blob(&b, data.p, data.len);
	return sql_run(s, b.st, err);
}

static int
write_slot(struct store *s, struct slot *slot, struct err *err)
{
	const struct span data = {slot->data.data, slot->data.len};

	slot->used = false;
	return write_page(s, slot->page, data, err);
}

/* Opens the last page of the day, or its first. */
static int
load_slot(struct store *s, struct slot *slot, int32_t day, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_LEDGER_LAST, err), 0};
	struct span data;
	int rc;

	if (b.st == NULL)
		return -1;
	bind_int(&b, ledger_first_page(day));
	bind_int(&b, ledger_last_page(day));
	rc = sql_step(s, b.st, err);
	if (rc == -1)
		return -1;
	slot->used = true;
	slot->day = day;
	slot->page = ledger_first_page(day);
	buf_reset(&slot->data, LEDGER_PAGE_BYTES);
	slot->data.cap = SIZE_MAX / 4;
	if (rc == 1) {
		slot->page = sqlite3_column_int64(b.st, 0);
		data = column_packed(b.st, 1);
		buf_append(&slot->data, data.p, data.len);
		sqlite3_reset(b.st);
	}
	return 0;
}

/* Returns the slot of the day, with room for len bytes; NULL on error. */
static struct slot *
open_slot(struct store *s, int32_t day, size_t len, struct err *err)
{
	struct slot *slot;

	if (s->ledger == NULL)
		s->ledger = xcalloc(1, sizeof(*s->ledger));
	slot = &s->ledger->slots[(uint32_t)day % SLOTS];
	if (slot->used && slot->day != day && write_slot(s, slot, err) == -1)
		return NULL;
	if (!slot->used && load_slot(s, slot, day, err) == -1)
		return NULL;
	if (slot->data.len == 0 || slot->data.len + len <= LEDGER_PAGE_BYTES)
		return slot;
	if (slot->page == ledger_last_page(day)) {
		err_set(
		    err, ERR_STORE, "%s: no more pages for this day", s->path);
		return NULL;
	}
	if (write_slot(s, slot, err) == -1)
		return NULL;
	slot->used = true;
	slot->page++;
	slot->data.len = 0;
	return slot;
}

int
ledger_add(struct store *s, int32_t day, int64_t number,
    enum authenticity authenticity, struct span figures, struct err *err)
{
	unsigned char head[NUMBER_MAX], length[NUMBER_MAX];
	size_t head_len, length_len;
	struct slot *slot;

	head_len = number_put(
	    head, (uint64_t)number * AUTHENTICITIES + (uint64_t)authenticity);
	length_len = number_put(length, head_len + figures.len);
	slot = open_slot(s, day, length_len + head_len + figures.len, err);
	if (slot == NULL)
		return -1;
	buf_append(&slot->data, length, length_len);
	buf_append(&slot->data, head, head_len);
	buf_append(&slot->data, figures.p, figures.len);
	return 0;
}

int
ledger_flush(struct store *s, struct err *err)
{
	size_t i;

	for (i = 0; s->ledger != NULL && i < SLOTS; i++)
		if (s->ledger->slots[i].used &&
		    write_slot(s, &s->ledger->slots[i], err) == -1)
			return -1;
	return 0;
}

void
ledger_forget(struct store *s)
{
	size_t i;

	for (i = 0; s->ledger != NULL && i < SLOTS; i++)
		s->ledger->slots[i].used = false;
}

void
ledger_close(struct store *s)
{
	size_t i;

	for (i = 0; s->ledger != NULL && i < SLOTS; i++)
		buf_free(&s->ledger->slots[i].data);
	free(s->ledger);
}

int
ledger_next(struct span *page, struct ledger_entry *e)
{
	uint64_t len, head;
	struct span entry;

	if (page->len == 0)
		return 0;
	if (!numbers_take(page, &len, 1) || len > page->len)
		return -1;
	entry = (struct span){page->p, (size_t)len};
	page->p += len;
	page->len -= (size_t)len;
	if (!numbers_take(&entry, &head, 1))
		return -1;
	e->number = (int64_t)(head / AUTHENTICITIES);
	e->authenticity = (enum authenticity)(head % AUTHENTICITIES);
	if (e->authenticity >= AUTHENTICITY_COUNT)
		return -1;
	e->figures = entry;
	return 1;
}

/* Looks for a report's entry on a page: leaves in *before what stands before
 * it, and in *page what stands behind.  Returns 1, 0 or -1. */
static int
find_entry(struct span *page, int64_t number, struct span *before)
{
	struct ledger_entry e;
	const char *start = page->p;
	int rc;

	do {
		*before = (struct span){start, (size_t)(page->p - start)};
		rc = ledger_next(page, &e);
	} while (rc == 1 && e.number != number);
	return rc;
}

/* Writes a page anew without one entry. */
static int
write_without(struct store *s, int64_t page, struct span before,
    struct span behind, struct err *err)
{
	struct buf *b = &s->scratch;

	b->len = 0;
	buf_append(b, before.p, before.len);
	buf_append(b, behind.p, behind.len);
	return write_page(s, page, (struct span){b->data, b->len}, err);
}

/* Removes a report's entry from the pages first to last.  Returns 1, 0 if it
 * is not there, or -1. */
static int
remove_from(struct store *s, int64_t first, int64_t last, int64_t number,
    struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_LEDGER_READ, err), 0};
	struct span data, before;
	int rc, found = 0;

	if (b.st == NULL)
		return -1;
	bind_int(&b, first);
	bind_int(&b, last);
	while ((rc = sql_step(s, b.st, err)) == 1) {
		s->ledger->removed_from = sqlite3_column_int64(b.st, 0);
		data = column_packed(b.st, 1);
		found = find_entry(&data, number, &before);
		if (found != 0)
			break;
	}
	if (found == -1)
		rc = sql_damaged(s, "the ledger", err);
	else if (found == 1)
		rc = write_without(
		    s, s->ledger->removed_from, before, data, err);
	sqlite3_reset(b.st);
	return rc == -1 ? -1 : found;
}

/* Reports that come again do so in the order in which they came, so one is
 * first looked for where the last one was: else each would be looked for on
 * all pages of its day. */
int
ledger_remove(struct store *s, int32_t day, int64_t number, struct err *err)
{
	const int64_t first = ledger_first_page(day);
	const int64_t last = ledger_last_page(day);
	int64_t near;
	int rc = 0;

	if (s->ledger == NULL)
		s->ledger = xcalloc(1, sizeof(*s->ledger));
	/* What lies in memory must be found too. */
	if (ledger_flush(s, err) == -1)
		return -1;
	near = s->ledger->removed_from;
	if (near >= first && near < last)
		rc = remove_from(s, near, near + 1, number, err);
	if (rc == 0)
		rc = remove_from(s, first, last, number, err);
	return rc == -1 ? -1 : 0;
}
