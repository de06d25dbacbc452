/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_TELL_FILE_H
#define TLSTALLY_CMD_TELL_FILE_H

#include <stdint.h>

#include "cmd/tell.h"

/*
 * The names of the files that digests are written to.
 */

/* Fills in the pattern of t->file, for the caller to free; NULL for none.  A
 * group's name cannot leave its folder: "/" and what is no plain character
 * becomes "_", and so does a leading ".". {period} is "2026-11-20",
 * "2026-W47", "2026-11", or "2026-11-01_2026-11-05". */
char *tell_file_name(
    const struct telling *t, int32_t first_day, int32_t last_day);

/* Checks that a pattern has no other word in braces, and {group} if there are
 * to be several.  Returns 0, or -1 with ERR_USAGE. */
int tell_check_file(const char *pattern, bool each_group, struct err *err);

/* Checks that no two groups have the same {group}: the digest of one would
 * replace the other's.  Returns 0, or -1 with ERR_USAGE. */
int tell_check_groups(const struct scope *scope, struct err *err);

#endif
