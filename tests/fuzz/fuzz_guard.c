/* SPDX-License-Identifier: ISC */

/*
 * The guard in front of libetpan: its verdict does not hang on where the
 * bytes are cut, and what passes keeps to the bounds.
 */

#include "config.h"

#include "fuzz.h"
#include "imap/guard.h"

/* Small enough to be reached. */
#define LITERAL_MAX 1000

/* Feeds data in pieces; returns how many bytes passed, to a piece. */
static int
feed(const char *p, size_t size, size_t piece, struct guard *g)
{
	struct err err = {0};
	size_t i, n;

	for (i = 0; i < size; i += n) {
		n = size - i < piece ? size - i : piece;
		if (guard_feed(g, p + i, n, &err) == -1) {
			if (err.code != ERR_DATA)
				abort();
			return -1;
		}
		if (g->depth > GUARD_NESTING_MAX || g->line > GUARD_LINE_MAX ||
		    g->literal_left > LITERAL_MAX)
			abort();
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = {1, 7, 4096};
	struct guard whole = {.literal_max = LITERAL_MAX}, g;
	const char *p = (const char *)data;
	int rc = feed(p, size, SIZE_MAX, &whole);
	size_t i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		g = (struct guard){.literal_max = LITERAL_MAX};
		if (feed(p, size, pieces[i], &g) != rc)
			abort();
		if (rc == 0 &&
		    (g.state != whole.state || g.depth != whole.depth ||
			g.literal_left != whole.literal_left))
			abort();
	}
	return 0;
}
