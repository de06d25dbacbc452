/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BENCH_GENSHAPE_H
#define TLSTALLY_BENCH_GENSHAPE_H

#include "genpack.h"
#include "genreport.h"

/*
 * One mail of the generator: a report, packed and encoded, behind the header
 * block that it would have at its recipient's.
 */

/* Appends the mail, with LF line ends, that carries json.  The names in f
 * must have been filled in. */
void mail_write(struct buf *out, struct facts *f, struct packer *p,
    enum carriage how, const struct buf *json);

/* Appends the envelope sender. */
void mail_sender(struct buf *out, const struct facts *f);

#endif
