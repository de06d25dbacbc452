/* SPDX-License-Identifier: ISC */

/*
 * Runs a fuzz harness over files, as a test: each is a seed or was once a
 * finding.
 */

#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No seed is larger. */
#define SEED_MAX ((size_t)64 << 20)

int
main(int argc, char **argv)
{
	struct buf b = {.cap = SEED_MAX};
	struct err err = {0};
	int i;

	for (i = 1; i < argc; i++) {
		b.len = 0;
		if (file_read_at(AT_FDCWD, argv[i], &b, &err) == -1) {
			fprintf(stderr, "%s: %s\n", argv[i], err.text);
			return 1;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)buf_string(&b), b.len);
	}
	buf_free(&b);
	return 0;
}
