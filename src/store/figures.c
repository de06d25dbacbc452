/* SPDX-License-Identifier: ISC */

/*
 * The figures of a report in one value.  Rows of their own for policies and
 * failures cost ingest a third of the store's time, and the digest of all
 * time three times as much: SQLite takes longer to find a column than it
 * takes to read a number here.
 */

#include "config.h"

#include "store/figures.h"

#define HEAD_NUMBERS	3
#define POLICY_NUMBERS	5
#define FAILURE_NUMBERS 6

/* What a buffer keeps from one report to the next. */
#define KEEP ((size_t)64 << 10)

static uint64_t
fold(int64_t n)
{
	return n < 0 ? ~((uint64_t)n << 1) : (uint64_t)n << 1;
}

static int64_t
unfold(uint64_t n)
{
	return (n & 1) != 0 ? (int64_t) ~(n >> 1) : (int64_t)(n >> 1);
}

static void
put_numbers(struct buf *b, const int64_t *list, size_t n)
{
	unsigned char bytes[FAILURE_NUMBERS * NUMBER_MAX];
	size_t len = 0, i;

	for (i = 0; i < n; i++)
		len += number_put(bytes + len, (uint64_t)list[i]);
	buf_append(b, bytes, len);
}

void
figures_begin(struct buf *b, int64_t lag, size_t npolicies)
{
	const int64_t head[HEAD_NUMBERS] = {
	    FIGURES_FORMAT, lag, (int64_t)npolicies};

	buf_reset(b, KEEP);
	put_numbers(b, head, HEAD_NUMBERS);
}

void
figures_put_policy(struct buf *b, const struct figure_policy *p)
{
	const int64_t list[POLICY_NUMBERS] = {
	    p->stream, p->successful, p->failed, p->text, p->nfailures};

	put_numbers(b, list, POLICY_NUMBERS);
}

void
figures_put_failure(struct buf *b, const struct figure_failure *f)
{
	const int64_t list[FAILURE_NUMBERS] = {f->result, f->result_text,
	    f->receiving_mx, f->receiving_ip, f->reason_code,
	    (int64_t)fold(f->sessions)};

	put_numbers(b, list, FAILURE_NUMBERS);
}

/* Takes n numbers, none of which but sessions can be negative. */
static inline bool
take(struct figures *g, uint64_t *list, size_t n)
{
	if (!numbers_take(&g->rest, list, n))
		g->damaged = true;
	return !g->damaged;
}

static inline int64_t
count(struct figures *g, uint64_t number)
{
	if (number > INT64_MAX)
		g->damaged = true;
	return (int64_t)number;
}

/* What is announced must fit into what is left: whoever makes room for it can
 * trust in the number. */
static inline void
check_room(struct figures *g, int64_t n, size_t numbers)
{
	if ((uint64_t)n > g->rest.len / numbers)
		g->damaged = true;
}

bool
figures_open(struct figures *g, struct span packed)
{
	uint64_t head[HEAD_NUMBERS];

	*g = (struct figures){.rest = packed};
	if (!take(g, head, HEAD_NUMBERS))
		return false;
	g->lag = count(g, head[1]);
	g->policies = count(g, head[2]);
	check_room(g, g->policies, POLICY_NUMBERS);
	if (head[0] != FIGURES_FORMAT || g->lag > FIGURES_LAG_MAX)
		g->damaged = true;
	return !g->damaged;
}

/* Is there another policy?  Passes over what is left of the last one. */
static bool
is_at_policy(struct figures *g)
{
	struct figure_failure unread;

	while (g->failures > 0 && figures_failure(g, &unread))
		;
	if (g->policies == 0 && g->rest.len > 0)
		g->damaged = true;
	return !g->damaged && g->policies > 0;
}

bool
figures_policy(struct figures *g, struct figure_policy *p)
{
	uint64_t list[POLICY_NUMBERS];

	if (!is_at_policy(g) || !take(g, list, POLICY_NUMBERS))
		return false;
	g->policies--;
	p->stream = count(g, list[0]);
	p->successful = count(g, list[1]);
	p->failed = count(g, list[2]);
	p->text = count(g, list[3]);
	p->nfailures = g->failures = count(g, list[4]);
	check_room(g, g->failures, FAILURE_NUMBERS);
	return !g->damaged;
}

bool
figures_short(struct span packed, int64_t *lag, struct figure_policy *p)
{
	uint64_t list[HEAD_NUMBERS + POLICY_NUMBERS];
	const uint64_t *policy = list + HEAD_NUMBERS;

	if (!numbers_take(&packed, list, HEAD_NUMBERS + POLICY_NUMBERS) ||
	    list[0] != FIGURES_FORMAT || list[1] > FIGURES_LAG_MAX ||
	    list[2] != 1 || policy[4] != 0 || packed.len > 0 ||
	    (policy[0] | policy[1] | policy[2] | policy[3]) > INT64_MAX)
		return false;
	*lag = (int64_t)list[1];
	*p = (struct figure_policy){.stream = (int64_t)policy[0],
	    .successful = (int64_t)policy[1],
	    .failed = (int64_t)policy[2],
	    .text = (int64_t)policy[3]};
	return true;
}

bool
figures_failure(struct figures *g, struct figure_failure *f)
{
	uint64_t list[FAILURE_NUMBERS];

	if (g->damaged || g->failures == 0 || !take(g, list, FAILURE_NUMBERS))
		return false;
	g->failures--;
	f->result = count(g, list[0]);
	f->result_text = count(g, list[1]);
	f->receiving_mx = count(g, list[2]);
	f->receiving_ip = count(g, list[3]);
	f->reason_code = count(g, list[4]);
	f->sessions = unfold(list[5]);
	return !g->damaged;
}
