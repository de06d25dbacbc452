/* SPDX-License-Identifier: ISC */

/*
 * What the unit tests share.
 */

#include "config.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "support.h"

#define FIXTURE_MAX ((size_t)64 << 20)

const char *
support_data(const char *name)
{
	static char path[1024];
	const char *dir = getenv("TESTDATA");

	snprintf(path, sizeof(path), "%s/%s", dir != NULL ? dir : "tests/data",
	    name);
	return path;
}

struct buf
support_read(const char *name)
{
	struct buf b = {.cap = FIXTURE_MAX};
	FILE *in = fopen(support_data(name), "rb");
	char piece[4096];
	size_t n;

	cr_assert_not_null(in, "%s", name);
	while ((n = fread(piece, 1, sizeof(piece), in)) > 0)
		cr_assert_eq(buf_append(&b, piece, n), 0, "%s", name);
	cr_assert_not(ferror(in), "%s", name);
	fclose(in);
	buf_string(&b);
	return b;
}

char *
support_tmpdir(void)
{
	const char *base = getenv("TMPDIR");
	char path[1024];

	snprintf(path, sizeof(path), "%s/tlstally-test-XXXXXX",
	    base != NULL ? base : "/tmp");
	cr_assert_not_null(mkdtemp(path));
	return xstrdup(path);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
support_remove(char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(dir);
}

void
support_write(const char *dir, const char *name, struct span data)
{
	char path[2048];
	FILE *out;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	cr_assert_neq(fd, -1, "%s", path);
	out = fdopen(fd, "wb");
	cr_assert_not_null(out, "%s", path);
	cr_assert_eq(fwrite(data.p, 1, data.len, out), data.len, "%s", path);
	cr_assert_eq(fclose(out), 0, "%s", path);
}

char *
support_repeat(char c, size_t n)
{
	char *s = xmalloc(n + 1);

	memset(s, c, n);
	s[n] = '\0';
	return s;
}

char *
support_written(void (*write)(FILE *, const char *), const char *text)
{
	char *got = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&got, &size);

	cr_assert_not_null(out);
	write(out, text);
	cr_assert_eq(fclose(out), 0);
	return got;
}

struct jail *
support_jail(const struct limits *limits)
{
	struct jail *j;
	struct err err;

	cr_assert_eq(jail_new(&j, limits, 1, &err), 0);
	return j;
}
