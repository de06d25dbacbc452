/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_SUMMARY_PRIVATE_H
#define TLSTALLY_DOMAIN_SUMMARY_PRIVATE_H

#include "domain/summary.h"

/* What the files that make and carry summaries share: bounds of what is
 * shown. */

/* A text: a record of 4 KiB is a curiosity, and nobody reads more. */
#define SUMMARY_TEXT_MAX ((size_t)4096)

/* Records of an answer; names of a certificate, and patterns of a policy. */
#define SUMMARY_DATA_MAX  ((size_t)32)
#define SUMMARY_NAMES_MAX ((size_t)32)

#endif
