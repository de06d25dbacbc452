/* SPDX-License-Identifier: ISC */

/*
 * A stored report that a better decoder reads otherwise.  It is taken out and
 * written anew under its number, by the way that every report comes in, so
 * that one place decides what is a duplicate and who counts; then whoever it
 * leaves behind is looked after.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "store/private.h"
#include "store/upkeep.h"

int
store_next_report(
    struct store *s, int64_t after, int64_t *number, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_REPORT_NEXT, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, after);
	if (sql_integer(s, b.st, number, err) == -1)
		return -1;
	/* In a damaged file it need not come behind, and would go round. */
	if (*number != 0 && *number <= after)
		return sql_damaged(s, "its reports are in disorder", err);
	return *number != 0;
}

/* What the store has of a report, and the decoder has no say in. */
struct old {
	int32_t day;
	enum authenticity authenticity;
	int64_t reporter; /* a name */
	unsigned char identity[IDENTITY_LEN];
	char *locator;
	struct receipt receipt;
};

/* Returns 1, 0 if the report is gone, or -1. */
static int
read_old(struct store *s, int64_t number, struct old *old, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_REPORT_OLD, err), 0};
	struct span identity;
	int rc;

	if (b.st == NULL)
		return -1;
	bind_int(&b, number);
	rc = sql_step(s, b.st, err);
	if (rc != 1)
		return rc;
	old->day = sqlite3_column_int(b.st, 0);
	old->authenticity = sqlite3_column_int(b.st, 1);
	old->reporter = sqlite3_column_int64(b.st, 2);
	identity = column_packed(b.st, 3);
	if (identity.len == IDENTITY_LEN)
		memcpy(old->identity, identity.p, IDENTITY_LEN);
	else
		rc = sql_damaged(s, "a report without an identity", err);
	old->locator = xstrdup(column_text(b.st, 5));
	old->receipt = (struct receipt){
	    .source = sqlite3_column_int64(b.st, 4),
	    .locator = old->locator,
	    .now = sqlite3_column_int64(b.st, 6),
	};
	sqlite3_reset(b.st);
	return rc;
}

/* Makes one of those count whom the report that has left kept from it. */
static int
find_heir(struct store *s, const struct old *old, struct err *err)
{
	struct twin twin;
	int rc = twin_find_rival(s, old->day, old->identity, &twin, err);

	if (rc != 0)
		return rc == -1 ? -1 : 0;
	rc = twin_find_heir(s, old->day, old->identity, &twin, err);
	if (rc != 1)
		return rc;
	return twin_set(s, &twin, true, twin.authenticity, err);
}

/* What is known of the report's authenticity, if it is still of the same
 * reporter. */
static int
judge(struct store *s, const struct old *old, const struct report *fresh,
    enum authenticity *authenticity, struct err *err)
{
	const char *reporter = name_text(s, old->reporter, err);

	if (reporter == NULL)
		return -1;
	*authenticity = old->authenticity;
	if (*authenticity == AUTH_VERIFIED &&
	    strcmp(reporter, fresh->reporter) != 0)
		*authenticity = AUTH_UNCHECKED;
	return 0;
}

static int
write_anew(struct store *s, int64_t number, const struct old *old,
    const struct report *fresh, enum replaced *what, struct err *err)
{
	struct stored stored = {.number = number};
	struct report r = *fresh;

	if (judge(s, old, fresh, &r.authenticity, err) == -1 ||
	    report_drop(s, old->day, number, err) == -1 ||
	    meta_raise(s, META_LEFT_OVER, 1, err) == -1)
		return -1;
	*what = REPLACED_EXPIRED;
	if (r.day >= s->floor_day) {
		if (report_write_again(s, &old->receipt, &r, &stored, err) ==
		    -1)
			return -1;
		*what = stored.outcome == OUTCOME_DUPLICATE ? REPLACED_TWICE
							    : REPLACED;
	}
	/* Nobody else is ever to have the number of one that is dropped. */
	if (*what != REPLACED &&
	    meta_raise(s, META_LAST_REPORT, s->last_report, err) == -1)
		return -1;
	return find_heir(s, old, err);
}

int
store_replace(struct store *s, int64_t number, const struct report *fresh,
    enum replaced *what, struct err *err)
{
	struct old old = {0};
	int rc;

	/* Outside a transaction half a report could stay behind. */
	if (sqlite3_get_autocommit(s->db))
		die("store_replace without store_begin");
	*what = REPLACED_GONE;
	rc = read_old(s, number, &old, err);
	if (rc == 1)
		rc = write_anew(s, number, &old, fresh, what, err);
	free(old.locator);
	return rc == -1 ? -1 : 0;
}
