/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_REPORT_WIRE_H
#define TLSTALLY_REPORT_WIRE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "base/limits.h"
#include "report/decoded.h"

/*
 * Reports on their way from one process to another.  What is read is judged
 * anew, as a stranger may have taken over the process that wrote it: every
 * length, count and number must be one that the decoder could have given, and
 * every string UTF-8.  That the figures are those of the mail, only the
 * decoder knows.
 *
 * Strings and bytes that are read stay where they lie, so the fields must
 * live as long as the reports; all else is in the arena.
 */

/* Writes a report, or all that the decoder made of a message. */
void wire_put_report(struct fields_out *o, const struct report *r);
void wire_put_decoded(struct fields_out *o, const struct decoded *d);

/* Read them back.  Return 0, or -1 with ERR_DATA and what makes no sense. */
int wire_get_report(struct fields *f, const struct limits *limits,
    struct arena *arena, struct report **out, struct err *err);
int wire_get_decoded(struct fields *f, const struct limits *limits,
    struct arena *arena, struct decoded *out, struct err *err);

#endif
