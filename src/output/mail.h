/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_MAIL_H
#define TLSTALLY_OUTPUT_MAIL_H

#include <stdint.h>
#include <stdio.h>

#include "output/output.h"

/* Writes the subject: the verdict of all domains together, and what of which
 * period.  In one line, with what is dangerous escaped as in escape_text. */
void mail_subject(FILE *out, const struct view *view);

/* "Fri, 20 Nov 2026 06:00:00 +0000" and its NUL (RFC 5322 3.3). */
#define MAIL_DATE_SIZE 32
void mail_date(int64_t t, char out[MAIL_DATE_SIZE]);

#endif
