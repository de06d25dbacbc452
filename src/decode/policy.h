/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_POLICY_H
#define TLSTALLY_DECODE_POLICY_H

#include "decode/json.h"
#include "decode/reading.h"
#include "decode/tlsrpt.h"
#include "report/report.h"

/* Reads the policies of a report into out: v is what stands at "policies" in
 * the report root, NULL for nothing; then a policy may stand in root itself.
 * Returns 0, or -1 with ERR_DATA or ERR_BOUND (policies, failure_details,
 * policy_strings, string_bytes). */
int policies_read(struct reading *r, const struct json_value *root,
    const struct json_value *v, struct report *out);

#endif
