/* SPDX-License-Identifier: ISC */

/*
 * What the tests of the sources share.
 */

#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "source_kit.h"
#include "support.h"

#define NOBODY 65534

const char *
kit_path(const char *dir, const char *name)
{
	static char paths[16][4096];
	static size_t turn;
	char *path = paths[turn++ % 16];

	snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
	return path;
}

struct source_config
kit_config(const char *path)
{
	static const struct limits limits = LIMITS_DEFAULT;

	return (struct source_config){.path = path, .limits = &limits};
}

struct source *
kit_open(const struct source_config *config)
{
	struct source *s;
	struct err err = {0};

	cr_assert_eq(source_open(&s, config, &err), 0, "%s", err.text);
	return s;
}

static char *
copy_bytes(const char *p, size_t len)
{
	char *copy = xmalloc(len + 1);

	memcpy(copy, p, len);
	copy[len] = '\0';
	return copy;
}

static void
keep_mail(struct kit_mails *all, const struct message *m)
{
	all->m = xreallocarray(all->m, all->n + 1, sizeof(all->m[0]));
	all->m[all->n++] = (struct kit_mail){.key = xstrdup(m->key),
	    .bytes = copy_bytes(m->bytes, m->len),
	    .len = m->len,
	    .locator = xstrdup(m->locator),
	    .name = xstrdup(m->name),
	    .received = m->received,
	    .oversize = m->oversize,
	    .foreign = m->foreign};
}

struct kit_mails
kit_drain(struct source *s)
{
	struct kit_mails all = {0};
	struct message m;
	int rc;

	while (!all.fatal &&
	    (rc = source_next(s, &m, &all.fatal, &all.err)) != 0) {
		if (rc == -1)
			all.errors++;
		else
			keep_mail(&all, &m);
		cr_assert_lt(all.n + all.errors, 1000000, "no end");
	}
	all.progress = source_progress(s);
	return all;
}

struct kit_mails
kit_read_config(const struct source_config *config)
{
	struct source *s = kit_open(config);
	struct kit_mails all = kit_drain(s);

	source_close(s);
	return all;
}

struct kit_mails
kit_read(const char *path)
{
	struct source_config config = kit_config(path);

	return kit_read_config(&config);
}

void
kit_free(struct kit_mails *mails)
{
	size_t i;

	for (i = 0; i < mails->n; i++) {
		free(mails->m[i].key);
		free(mails->m[i].bytes);
		free(mails->m[i].locator);
		free(mails->m[i].name);
	}
	free(mails->m);
}

struct message
kit_next(struct source *s)
{
	struct message m;
	struct err err = {0};
	bool fatal;

	cr_assert_eq(source_next(s, &m, &fatal, &err), 1, "%s", err.text);
	return m;
}

void
kit_finish(struct source *s, const char *key)
{
	struct err err = {0};

	cr_assert_eq(source_finish(s, key, &err), 0, "%s", err.text);
}

bool
kit_has(const struct kit_mails *mails, const char *key, const char *bytes)
{
	size_t i;

	for (i = 0; i < mails->n; i++)
		if (strcmp(mails->m[i].key, key) == 0)
			return strcmp(mails->m[i].bytes, bytes) == 0;
	return false;
}

void
kit_mkdir(const char *dir, const char *name)
{
	cr_assert_eq(mkdir(kit_path(dir, name), 0755), 0, "%s/%s", dir, name);
}

void
kit_maildir(const char *dir, const char *name)
{
	const char *path = kit_path(dir, name);

	if (name[0] != '\0')
		kit_mkdir(dir, name);
	kit_mkdir(path, "cur");
	kit_mkdir(path, "new");
	kit_mkdir(path, "tmp");
}

void
kit_put(const char *dir, const char *name, const char *text)
{
	support_write(dir, name, span_of(text));
}

void
kit_rename(const char *dir, const char *from, const char *to)
{
	cr_assert_eq(rename(kit_path(dir, from), kit_path(dir, to)), 0,
	    "%s to %s", from, to);
}

void
kit_unlink(const char *dir, const char *name)
{
	cr_assert_eq(unlink(kit_path(dir, name)), 0, "%s", name);
}

bool
kit_exists(const char *dir, const char *name)
{
	struct stat st;

	return lstat(kit_path(dir, name), &st) == 0;
}

size_t
kit_count(const char *dir, const char *name)
{
	DIR *d = opendir(kit_path(dir, name));
	const struct dirent *e;
	size_t n = 0;

	cr_assert_not_null(d);
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

void
kit_become_nobody(const char *dir)
{
	cr_assert_eq(chmod(dir, 0755), 0);
	if (geteuid() == 0)
		cr_assert_eq(seteuid(NOBODY), 0);
}

void
kit_become_root(void)
{
	if (getuid() == 0)
		cr_assert_eq(seteuid(0), 0);
}
