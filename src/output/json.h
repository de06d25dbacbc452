/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_JSON_H
#define TLSTALLY_OUTPUT_JSON_H

#include "digest/digest.h"
#include "output/json_write.h"

/* The parts of the JSON output, which docs/digest.schema.json describes.
 * Each writes one element of a list. */

void json_domain(struct json_writer *w, const struct domain_figure *dom);
void json_policy_row(struct json_writer *w, const struct policy_figure *p);
void json_failure_row(struct json_writer *w, const struct failure_figure *f);

#endif
