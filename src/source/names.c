/* SPDX-License-Identifier: ISC */

/*
 * The names in directories, sorted.  A mailbox of 100 000 mails is listed in
 * one go, so that reports come in the order of their arrival: the store
 * takes them several times faster so.  In the pool a name is
 *
 *	bits key NUL            or, with NAME_SPLIT,
 *	bits key NUL rest NUL
 *
 * so that strcmp(3) compares keys and nothing but keys.
 */

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/limits.h"
#include "source/names.h"

/* Enough for a small mailbox without growing. */
#define FIRST_POOL ((size_t)16 << 10)

unsigned
names_bits(const char *key)
{
	return (unsigned char)key[-1];
}

/* The name that follows in the pool. */
static char *
next_name(char *key)
{
	char *p = key + strlen(key) + 1;

	if (names_bits(key) & NAME_SPLIT)
		p += strlen(p) + 1;
	return p + 1;
}

void
names_file(const char *key, char out[NAMES_FILE_SIZE])
{
	size_t len = strlen(key);

	memcpy(out, key, len + 1);
	if ((names_bits(key) & NAME_SPLIT) == 0)
		return;
	out[len] = ':';
	memcpy(out + len + 1, key + len + 1, strlen(key + len + 1) + 1);
}

/* What to note of an entry; -1 for one that is not wanted. */
static int
judge_entry(const struct dirent *d, unsigned wanted)
{
	unsigned bits = wanted & NAME_CUR;
	const char *colon;

	if (d->d_name[0] == '.' || strlen(d->d_name) >= NAMES_FILE_SIZE)
		return -1;
	switch (d->d_type) {
	case DT_REG:
		break;
	case DT_DIR:
		if ((wanted & NAME_DIRS) == 0)
			return -1;
		bits |= NAME_DIRS;
		break;
	case DT_LNK:
	case DT_UNKNOWN:
		bits |= NAME_CHECK;
		break;
	default:
		return -1;
	}
	if (wanted & NAME_SPLIT) {
		colon = strchr(d->d_name, ':');
		/* A key must not be empty. */
		if (colon != NULL && colon > d->d_name)
			bits |= NAME_SPLIT;
	}
	return (int)bits;
}

static void
append_name(struct names *l, const char *name, unsigned bits)
{
	size_t len = strlen(name);
	char *key;

	if (l->size - l->len < len + 2) {
		l->size = l->size > 0 ? l->size * 2 : FIRST_POOL;
		l->pool = xreallocarray(l->pool, l->size, 1);
	}
	key = l->pool + l->len + 1;
	key[-1] = (char)bits;
	memcpy(key, name, len + 1);
	if (bits & NAME_SPLIT)
		*strchr(key, ':') = '\0';
	l->len += len + 2;
	l->n++;
}

static int
read_entries(struct names *l, DIR *dir, unsigned wanted, struct err *err)
{
	const struct dirent *d;
	int bits;

	for (errno = 0; (d = readdir(dir)) != NULL; errno = 0) {
		bits = judge_entry(d, wanted);
		if (bits == -1)
			continue;
		if (l->n == ENTRIES_MAX)
			return err_set(err, ERR_BOUND,
			    "more than %zu entries in one folder", ENTRIES_MAX);
		append_name(l, d->d_name, (unsigned)bits);
	}
	return errno != 0 ? err_errno(err, "cannot list") : 0;
}

int
names_read(struct names *l, int fd, unsigned bits, struct err *err)
{
	DIR *dir;
	int copy, rc;

	/* Not dup(2): that would share the place in the directory. */
	copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (copy == -1)
		return err_errno(err, "cannot list");
	dir = fdopendir(copy);
	if (dir == NULL) {
		close(copy);
		return err_errno(err, "cannot list");
	}
	rc = read_entries(l, dir, bits, err);
	closedir(dir);
	return rc;
}

static int
compare_keys(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int order = strcmp(x, y);

	if (order != 0)
		return order;
	return (int)(names_bits(x) & NAME_CUR) -
	    (int)(names_bits(y) & NAME_CUR);
}

/* Of equal keys the last stays: names in cur were sorted behind. */
static void
drop_twins(struct names *l)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++) {
		if (n > 0 && strcmp(l->keys[n - 1], l->keys[i]) == 0)
			n--;
		l->keys[n++] = l->keys[i];
	}
	l->n = n;
}

void
names_sort(struct names *l)
{
	char *key;
	size_t i;

	if (l->n == 0)
		return;
	l->pool = xreallocarray(l->pool, l->len, 1);
	l->size = l->len;
	l->keys = xreallocarray(l->keys, l->n, sizeof(l->keys[0]));
	key = l->pool + 1;
	for (i = 0; i < l->n; i++) {
		l->keys[i] = key;
		if (i + 1 < l->n)
			key = next_name(key);
	}
	qsort(l->keys, l->n, sizeof(l->keys[0]), compare_keys);
	drop_twins(l);
}

size_t
names_find(const struct names *l, const char *key)
{
	size_t low = 0, high = l->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(l->keys[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void
names_free(struct names *l)
{
	free(l->pool);
	free(l->keys);
	memset(l, 0, sizeof(*l));
}
