/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_HASHED_H
#define TLSTALLY_CMD_HASHED_H

#include <stdint.h>

#include "base/err.h"
#include "base/sha256.h"
#include "cmd/cmd.h"
#include "store/store.h"

/*
 * Stored reports with the SHA-256 of their JSON.  The store does not have it:
 * it is made of the original, which only a decoder decompresses.  So that one
 * works while reports are read and written, some are always on their way.
 */
struct hashed;

/* A report, and its hash; NULL if the original cannot be decompressed, which
 * has been told.  Anything but 0 ends all. */
typedef int (*hashed_fn)(void *arg, const struct stored_report *s,
    const unsigned char sha256[SHA256_LEN]);

/* Borrows ctx, with its store and jail. */
struct hashed *hashed_new(const struct context *ctx, hashed_fn fn, void *arg);
void hashed_free(struct hashed *h);

/* Reads a report and gives it in; fn gets those of before, in their order.
 * Returns 0, 1 if fn ended it, or -1: with ERR_TEMPORARY when nothing can be
 * decompressed, or as store_report. */
int hashed_put(struct hashed *h, int64_t number, struct err *err);

/* Gives fn all that are left.  Returns as hashed_put. */
int hashed_finish(struct hashed *h, struct err *err);

/* The exit status of the first original that could not be decompressed, or
 * EX_OK. */
int hashed_status(const struct hashed *h);

#endif
