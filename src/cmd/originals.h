/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_ORIGINALS_H
#define TLSTALLY_CMD_ORIGINALS_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/*
 * A folder of reports as they were received, one file each, under names of
 * our own.  A file is there whole or not at all, and none is overwritten.
 */

/* Opens the folder, which is made if it is not there.  Returns a descriptor,
 * to be closed, or -1. */
int originals_open(const char *dir, struct err *err);

/* Writes report number, of day, as DAY-NUMBER.json.  A file of the same
 * content that is there already will do.  Returns 0, or -1: with ERR_IO when
 * there is one of other content, which is left alone. */
int originals_write(
    int dir, int32_t day, int64_t number, struct span json, struct err *err);

#endif
