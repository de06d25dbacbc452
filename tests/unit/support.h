/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_SUPPORT_H
#define TLSTALLY_TESTS_SUPPORT_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/span.h"
#include "jail/jail.h"

/* What the unit tests share: fixtures and scratch folders. */

/* The path of a file below tests/data; in a static buffer. */
const char *support_data(const char *name);

/* Reads a file below tests/data whole; fails the test if it cannot.  The
 * caller frees it with buf_free. */
struct buf support_read(const char *name);

/* Makes a scratch folder and returns its path, which the caller frees. */
char *support_tmpdir(void);

/* Removes a scratch folder with everything in it, and frees the path. */
void support_remove(char *dir);

/* Writes a file, making it new; fails the test if it cannot. */
void support_write(const char *dir, const char *name, struct span data);

/* Returns a string of n times c, which the caller frees. */
char *support_repeat(char c, size_t n);

/* What a function writes of a text: a new string, for the caller to free. */
char *support_written(void (*write)(FILE *, const char *), const char *text);

/* Makes a jail with one decoder; fails the test if it cannot. */
struct jail *support_jail(const struct limits *limits);

#endif
