/* SPDX-License-Identifier: ISC */

/*
 * The figures of a report in one value.  Rows of their own for policies and
 * failures cost ingest a third of the store's time, and the digest of all
 * time three times as much: SQLite takes longer to find a column than we to
 * read a number.
 */

#include "config.h"

#include "store/figures.h"

#define POLICY_NUMBERS	8
#define FAILURE_NUMBERS 6

/* The bytes of a number of 64 bits. */
#define NUMBER_MAX 10

/* What a buffer keeps from one report to the next. */
#define KEEP ((size_t)64 << 10)

static unsigned char *
put_number(unsigned char *p, uint64_t n)
{
	for (; n > 127; n >>= 7)
		*p++ = (unsigned char)(n | 128);
	*p++ = (unsigned char)n;
	return p;
}

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
	unsigned char bytes[POLICY_NUMBERS * NUMBER_MAX], *p = bytes;
	size_t i;

	for (i = 0; i < n; i++)
		p = put_number(p, (uint64_t)list[i]);
	buf_append(b, bytes, (size_t)(p - bytes));
}

void
figures_begin(struct buf *b, int64_t reporter, int64_t organization,
    int64_t lag, size_t npolicies)
{
	const int64_t head[] = {
	    FIGURES_FORMAT, reporter, organization, lag, (int64_t)npolicies};

	buf_reset(b, KEEP);
	put_numbers(b, head, sizeof(head) / sizeof(head[0]));
}

void
figures_put_policy(struct buf *b, const struct figure_policy *p)
{
	const int64_t list[POLICY_NUMBERS] = {p->domain, p->type, p->type_text,
	    p->mode, p->successful, p->failed, p->text, p->nfailures};

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

/* Takes the next number; past the end, or in ten bytes without an end, there
 * is none. */
static uint64_t
take_long(struct figures *g)
{
	uint64_t n = 0;
	unsigned shift;

	for (shift = 0; g->at < g->end && shift < 7 * NUMBER_MAX; shift += 7) {
		n |= (uint64_t)(*g->at & 127) << shift;
		if (*g->at++ < 128)
			return n;
	}
	g->damaged = true;
	return 0;
}

static inline uint64_t
take(struct figures *g)
{
	if (g->at < g->end && *g->at < 128)
		return *g->at++;
	return take_long(g);
}

/* Takes a number that is never negative. */
static inline int64_t
take_count(struct figures *g)
{
	int64_t n = (int64_t)take(g);

	if (n < 0)
		g->damaged = true;
	return n;
}

/* What is announced must fit into what is left: whoever makes room for it can
 * trust in the number. */
static inline void
check_room(struct figures *g, int64_t n, int64_t numbers)
{
	if (n > (g->end - g->at) / numbers)
		g->damaged = true;
}

bool
figures_open(struct figures *g, struct span packed)
{
	*g = (struct figures){.at = (const unsigned char *)packed.p,
	    .end = (const unsigned char *)packed.p + packed.len};
	if (take(g) != FIGURES_FORMAT)
		g->damaged = true;
	g->reporter = take_count(g);
	g->organization = take_count(g);
	g->lag = take_count(g);
	if (g->lag > FIGURES_LAG_MAX)
		g->damaged = true;
	g->policies = take_count(g);
	check_room(g, g->policies, POLICY_NUMBERS);
	return !g->damaged;
}

bool
figures_policy(struct figures *g, struct figure_policy *p)
{
	struct figure_failure unread;

	while (figures_failure(g, &unread))
		;
	if (g->policies == 0 && g->at < g->end)
		g->damaged = true;
	if (g->damaged || g->policies == 0)
		return false;
	g->policies--;
	p->domain = take_count(g);
	p->type = take_count(g);
	p->type_text = take_count(g);
	p->mode = take_count(g);
	p->successful = take_count(g);
	p->failed = take_count(g);
	p->text = take_count(g);
	p->nfailures = g->failures = take_count(g);
	check_room(g, g->failures, FAILURE_NUMBERS);
	return !g->damaged;
}

bool
figures_failure(struct figures *g, struct figure_failure *f)
{
	if (g->damaged || g->failures == 0)
		return false;
	g->failures--;
	f->result = take_count(g);
	f->result_text = take_count(g);
	f->receiving_mx = take_count(g);
	f->receiving_ip = take_count(g);
	f->reason_code = take_count(g);
	f->sessions = unfold(take(g));
	return !g->damaged;
}
