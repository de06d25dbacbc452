/* SPDX-License-Identifier: ISC */

/*
 * cost: decodes files, each as one message, and writes a line about each:
 *
 *	CPU-MICROSECONDS REPORTS FAULTS REASON
 *
 * The time is user and system time together, the best of several: other
 * programs run too.  Bounds would only cut the work short, so those of which
 * nothing but time and memory depend are out of force, unless -b is given.
 */

#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "decode/decode.h"

#define AUTHSERV "mx.example.com"
#define ARENA	 ((size_t)512 << 10)
#define FAR_OFF	 ((size_t)1 << 30)

/* So often a file is decoded at least, and so long, in seconds. */
#define RUNS	2
#define RUNTIME 0.01

static struct buf
read_file(const char *path)
{
	struct buf b = {.cap = FAR_OFF};
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		err(EX_NOINPUT, "%s", path);
	do {
		if (buf_reserve(&b, 1 << 16) == -1)
			errx(EX_DATAERR, "%s: too long", path);
		n = fread(b.data + b.len, 1, 1 << 16, f);
		b.len += n;
	} while (n > 0);
	if (ferror(f))
		err(EX_IOERR, "%s", path);
	fclose(f);
	return b;
}

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Decodes a message until the best time is known. */
static void
measure(struct decoder *d, struct span bytes)
{
	const struct decode_input in = {.bytes = bytes.p,
	    .len = bytes.len,
	    .name = "",
	    .authserv_id = AUTHSERV};
	struct arena *arena = arena_new(ARENA);
	struct decoded out;
	double start, one, best = 1e9, sum = 0;
	int i;

	for (i = 0; i < RUNS || sum < RUNTIME; i++) {
		arena_reset(arena);
		start = cpu_seconds();
		decode_message(d, &in, arena, &out);
		one = cpu_seconds() - start;
		sum += one;
		best = one < best ? one : best;
	}
	printf("%.0f %zu %zu %s\n", best * 1e6, out.nreports, out.nfaults,
	    out.nfaults > 0 ? out.faults[0].reason : "");
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	struct limits limits = LIMITS_DEFAULT;
	struct decoder *d;
	struct buf b;
	int i = 1;

	if (argc > 1 && strcmp(argv[1], "-b") == 0)
		i = 2;
	else
		limits = (struct limits){.mime_depth = limits.mime_depth,
		    .json_depth = limits.json_depth,
		    .string_bytes = limits.string_bytes,
		    .message_bytes = FAR_OFF,
		    .mime_parts = FAR_OFF,
		    .header_bytes = FAR_OFF,
		    .json_bytes = FAR_OFF,
		    .inflate_ratio = FAR_OFF,
		    .inflate_free_bytes = FAR_OFF,
		    .archive_entries = limits.archive_entries,
		    .json_values = FAR_OFF,
		    .policies = FAR_OFF,
		    .failure_details = FAR_OFF,
		    .policy_strings = FAR_OFF};
	d = decoder_new(&limits);
	for (; i < argc; i++) {
		b = read_file(argv[i]);
		measure(d, (struct span){b.data, b.len});
		buf_free(&b);
	}
	decoder_free(d);
	return 0;
}
