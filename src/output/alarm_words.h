/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_ALARM_WORDS_H
#define TLSTALLY_OUTPUT_ALARM_WORDS_H

#include "digest/alarm.h"
#include "output/words.h"

/* What is said of an alarm, in sentences as words.h has them. */

/* What is wrong, and where: "example.com: 32 of 480 sessions (6.66 %) failed,
 * more than 5 %: certificate-expired on mx2.example.com, since 2026-11-12". */
void alarm_words_why(const struct words *w, const struct alarm *a);

/* What to do about it; several sentences. */
void alarm_words_what(const struct words *w, const struct alarm *a);

#endif
