/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_SOURCE_KIT_H
#define TLSTALLY_TESTS_SOURCE_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/source.h"

/* What the tests of the sources share: mailboxes, and what came out. */

/* A message, copied; bytes have a NUL behind them. */
struct kit_mail {
	char *key;
	char *bytes;
	size_t len;
	char *locator;
	char *name;
	int64_t received;
	bool oversize;
	bool foreign;
};

/* All that a source gave. */
struct kit_mails {
	struct kit_mail *m;
	size_t n;
	size_t errors; /* entries that failed */
	bool fatal;
	struct err err; /* the last error */
	struct source_progress progress;
};

/* The configuration for a path with the default limits. */
struct source_config kit_config(const char *path);

/* Opens the source; fails the test if it cannot. */
struct source *kit_open(const struct source_config *config);

/* Reads what is left of an open source. */
struct kit_mails kit_drain(struct source *s);

/* Opens, drains and closes; kit_read with kit_config(path). */
struct kit_mails kit_read_config(const struct source_config *config);
struct kit_mails kit_read(const char *path);
void kit_free(struct kit_mails *mails);

/* Takes one message; fails the test unless there is one.  It is the source's
 * until the next call. */
struct message kit_next(struct source *s);

/* Finishes one key; fails the test if that fails. */
void kit_finish(struct source *s, const char *key);

/* True if a mail with that key and those bytes is among them. */
bool kit_has(const struct kit_mails *mails, const char *key, const char *bytes);

/* Makes the folder dir/name with cur, new and tmp in it; name may be "". */
void kit_maildir(const char *dir, const char *name);

/* Writes text to dir/name. */
void kit_put(const char *dir, const char *name, const char *text);

/* Renames, removes, and asks about dir/name. */
void kit_rename(const char *dir, const char *from, const char *to);
void kit_unlink(const char *dir, const char *name);
void kit_mkdir(const char *dir, const char *name);
bool kit_exists(const char *dir, const char *name);

/* How many entries dir/name has besides those that lead with a dot. */
size_t kit_count(const char *dir, const char *name);

/* "dir/name", in one of a few static buffers. */
const char *kit_path(const char *dir, const char *name);

/* Root may read everything: becomes nobody, and root again. */
void kit_become_nobody(const char *dir);
void kit_become_root(void);

#endif
