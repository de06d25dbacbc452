/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_MAIL_H
#define TLSTALLY_OUTPUT_MAIL_H

#include <stdint.h>

#include "output/output.h"
#include "output/words.h"

/* Writes the subject, or the title of a page: the verdict of all domains
 * together, and of which period. */
void mail_subject(const struct words *w, const struct view *view);

/* "Fri, 20 Nov 2026 06:00:00 +0000" and its NUL (RFC 5322 3.3). */
#define MAIL_DATE_SIZE 32
void mail_date(int64_t t, char out[MAIL_DATE_SIZE]);

#endif
