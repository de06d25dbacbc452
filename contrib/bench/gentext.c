/* SPDX-License-Identifier: ISC */

/*
 * Text and chance for the generator.  The numbers come from splitmix64, as
 * rand(3) differs between machines; the dates from tables, as strftime(3)
 * follows the locale.
 */

#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "gentext.h"

static const char *const weekdays[] = {
    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

uint64_t
rng_next(struct rng *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

unsigned
rng_below(struct rng *r, unsigned n)
{
	return (unsigned)(((rng_next(r) >> 32) * n) >> 32);
}

/* Makes room; the generator's buffers have no cap to speak of. */
static char *
room(struct buf *b, size_t n)
{
	if (buf_reserve(b, n) == -1)
		die("a buffer of the generator is full");
	return b->data + b->len;
}

void
put(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	size_t left;
	int n;

	room(b, 1);
	left = b->size - b->len + 1;
	va_start(ap, fmt);
	n = vsnprintf(b->data + b->len, left, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("vsnprintf failed");
	if ((size_t)n >= left) {
		room(b, (size_t)n);
		va_start(ap, fmt);
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	b->len += (size_t)n;
}

void
put_random(struct buf *b, struct rng *r, size_t n, const char *alphabet)
{
	size_t letters = strlen(alphabet);
	char *p = room(b, n);
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++) {
		/* One draw is good for eight letters of a byte each. */
		v = i % 8 == 0 ? rng_next(r) : v >> 8;
		p[i] = alphabet[(v & 0xff) * letters >> 8];
	}
	b->len += n;
}

void
put_signature(struct buf *b, struct rng *r, size_t n, const char *indent)
{
	while (n > 64) {
		put_random(b, r, 64, ALPHABET_BASE64);
		put(b, "\n%s", indent);
		n -= 64;
	}
	put_random(b, r, n, ALPHABET_BASE64);
}

static struct tm
civil(int64_t t)
{
	time_t when = (time_t)t;
	struct tm tm;

	if (gmtime_r(&when, &tm) == NULL)
		die("a time out of range");
	return tm;
}

void
put_date(struct buf *b, int64_t t)
{
	struct tm tm = civil(t);

	put(b, "%s, %02d %s %d %02d:%02d:%02d +0000", weekdays[tm.tm_wday],
	    tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
}

void
put_ctime(struct buf *b, int64_t t)
{
	struct tm tm = civil(t);

	put(b, "%s %s %2d %02d:%02d:%02d %d", weekdays[tm.tm_wday],
	    months[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    tm.tm_year + 1900);
}

void
put_rfc3339(struct buf *b, int64_t t)
{
	struct tm tm = civil(t);

	put(b, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
