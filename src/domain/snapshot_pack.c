/* SPDX-License-Identifier: ISC */

/*
 * Snapshots as bytes.  One description serves to write and to read, so that
 * the two cannot differ; what is read may come from a damaged file, and is
 * checked as if a stranger had written it.
 */

#include "config.h"

#include "base/date.h"
#include "base/fields.h"
#include "base/sha256.h"
#include "domain/snapshot.h"
#include "domain/sts.h"
#include "domain/summary_private.h"

/* Stands first: another version, or another order of bytes, reads as another
 * number. */
#define SNAPSHOT_VERSION 0x54570001u

/* Reads or writes. */
struct pen {
	struct fields *in; /* NULL: writes */
	struct fields_out *out;
	struct arena *arena;
};

static void
move_number(struct pen *p, int64_t *n)
{
	if (p->in == NULL) {
		fields_put_u64(p->out, (uint64_t)*n);
		return;
	}
	*n = (int64_t)fields_u64(p->in);
}

/* A time of the calendar of base/date.h, or TIME_NONE: two of them can be
 * subtracted from one another. */
static void
move_time(struct pen *p, int64_t *t)
{
	move_number(p, t);
	if (p->in != NULL && *t != TIME_NONE &&
	    (*t < (int64_t)DAY_MIN * DAY_SECONDS ||
		*t >= ((int64_t)DAY_MAX + 1) * DAY_SECONDS))
		p->in->bad = true;
}

/* How long a policy is kept, or -1; it is added to times. */
static void
move_age(struct pen *p, int64_t *age)
{
	move_number(p, age);
	if (p->in != NULL && (*age < -1 || *age > STS_MAX_AGE_MAX))
		p->in->bad = true;
}

/* A number from 0 to most. */
static unsigned
move_small(struct pen *p, unsigned n, unsigned most)
{
	if (p->in == NULL) {
		fields_put_u8(p->out, (uint8_t)n);
		return n;
	}
	n = fields_u8(p->in);
	if (n > most)
		p->in->bad = true;
	return n > most ? 0 : n;
}

static void
move_bool(struct pen *p, bool *b)
{
	*b = move_small(p, *b, 1) == 1;
}

static void
move_text(struct pen *p, const char **text)
{
	const char *c;

	if (p->in == NULL) {
		fields_put_string(p->out, *text);
		return;
	}
	*text = fields_string(p->in, SUMMARY_TEXT_MAX);
	for (c = *text; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			p->in->bad = true;
}

static void
move_hash(struct pen *p, const unsigned char **hash)
{
	size_t len;

	if (p->in == NULL) {
		fields_put_bytes(p->out, *hash, *hash != NULL ? SHA256_LEN : 0);
		return;
	}
	*hash = fields_bytes(p->in, &len);
	if (len != 0 && len != SHA256_LEN)
		p->in->bad = true;
	if (len != SHA256_LEN)
		*hash = NULL;
}

/* The length of a list, for which there is room then. */
static size_t
move_length(struct pen *p, size_t n)
{
	return move_small(p, (unsigned)n, (unsigned)SNAPSHOT_NAMES_MAX);
}

static void
move_names(struct pen *p, struct thing_names *names)
{
	size_t i;

	names->n = move_length(p, names->n);
	if (p->in != NULL)
		names->list =
		    arena_calloc(p->arena, names->n + 1, sizeof(*names->list));
	for (i = 0; i < names->n; i++)
		move_text(p, &names->list[i]);
}

static void
move_certs(struct pen *p, struct snapshot *s)
{
	size_t i;

	s->ncerts = move_length(p, s->ncerts);
	if (p->in != NULL)
		s->certs =
		    arena_calloc(p->arena, s->ncerts + 1, sizeof(*s->certs));
	for (i = 0; i < s->ncerts; i++) {
		move_text(p, &s->certs[i].host);
		move_time(p, &s->certs[i].not_after);
	}
}

static void
move_record(struct pen *p, struct thing_record *r)
{
	r->state = move_small(p, r->state, THING_SEVERAL);
	r->missed = move_small(p, r->missed, SNAPSHOT_MISSES);
	move_bool(p, &r->secure);
	move_text(p, &r->text);
	move_names(p, &r->aliases);
	move_names(p, &r->destinations);
}

static void
move_policy(struct pen *p, struct thing_policy *policy)
{
	policy->state = move_small(p, policy->state, THING_SEVERAL);
	policy->missed = move_small(p, policy->missed, SNAPSHOT_MISSES);
	policy->mode = move_small(p, policy->mode, STS_NONE);
	move_time(p, &policy->mode_since);
	move_age(p, &policy->max_age);
	move_names(p, &policy->mx);
	move_hash(p, &policy->sha256);
	move_hash(p, &policy->first);
}

static void
move_snapshot(struct pen *p, struct snapshot *s)
{
	move_time(p, &s->at);
	move_record(p, &s->tlsrpt);
	move_record(p, &s->sts);
	move_policy(p, &s->policy);
	move_names(p, &s->dane);
	move_certs(p, s);
}

int
snapshot_pack(struct buf *b, const struct snapshot *s)
{
	struct fields_out out = {.buf = b};
	struct pen p = {.out = &out};
	struct snapshot copy = *s;

	fields_put_u32(&out, SNAPSHOT_VERSION);
	move_snapshot(&p, &copy);
	return out.over ? -1 : 0;
}

int
snapshot_unpack(
    struct snapshot *s, struct arena *arena, const void *data, size_t len)
{
	struct fields in = fields_of(data, len);
	struct pen p = {.in = &in, .arena = arena};

	snapshot_clear(s);
	if (fields_u32(&in) != SNAPSHOT_VERSION)
		return -1;
	move_snapshot(&p, s);
	if (fields_are_whole(&in))
		return 0;
	snapshot_clear(s);
	return -1;
}
