/* SPDX-License-Identifier: ISC */

/*
 * Runs a fuzz harness over files, as a test: each is a seed or was once a
 * finding.
 */

#include "config.h"

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No seed is larger. */
#define SEED_MAX ((size_t)64 << 20)

static int
read_seed(const char *path, struct buf *b)
{
	FILE *in = fopen(path, "rb");
	char piece[4096];
	size_t n;
	int rc = 0;

	if (in == NULL)
		return -1;
	while (rc == 0 && (n = fread(piece, 1, sizeof(piece), in)) > 0)
		rc = buf_append(b, piece, n);
	if (ferror(in))
		rc = -1;
	fclose(in);
	return rc;
}

int
main(int argc, char **argv)
{
	struct buf b = {.cap = SEED_MAX};
	int i;

	for (i = 1; i < argc; i++) {
		b.len = 0;
		if (read_seed(argv[i], &b) == -1) {
			fprintf(stderr, "%s: cannot read it\n", argv[i]);
			return 1;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)buf_string(&b), b.len);
	}
	buf_free(&b);
	return 0;
}
