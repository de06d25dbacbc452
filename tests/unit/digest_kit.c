/* SPDX-License-Identifier: ISC */

/*
 * The shortest way to a digest with rows in it.
 */

#include "config.h"

#include "digest_kit.h"
#include "stream_kit.h"

struct digest *
kit_digest(
    int32_t first, int32_t last, enum bucket by, const struct scope *scope)
{
	const struct digest_spec spec = {.first_day = first,
	    .last_day = last,
	    .by = by,
	    .now = ((int64_t)last + 4) * 86400,
	    .settle = (int64_t)36 * 3600,
	    .scope = scope};

	return digest_new(&spec);
}

static const struct stream *
stream_of(const struct kit_report *r)
{
	return stream_kit_intern(
	    &(struct stream){.domain = stream_kit_text(
				 r->domain != NULL ? r->domain : "example.com"),
		.policy_type = r->type != POLICY_OTHER ? r->type : POLICY_STS,
		.policy_type_text = stream_kit_text(""),
		.mode = r->mode != MODE_UNKNOWN ? r->mode : MODE_ENFORCE,
		.reporter = stream_kit_text(
		    r->reporter != NULL ? r->reporter : "google.com"),
		.organization = stream_kit_text("")});
}

void
kit_add(struct digest *d, struct kit_report r)
{
	const struct stream *stream = stream_of(&r);

	digest_add_policy(d,
	    &(struct policy_row){.stream = stream,
		.day = r.day,
		.lag = r.lag - 1,
		.text = r.text,
		.successful = r.successful,
		.failed = r.failed});
	if (r.failed == 0)
		return;
	digest_add_failure(d,
	    &(struct failure_row){.stream = stream,
		.day = r.day,
		.result = r.result,
		.result_text = stream_kit_text(""),
		.receiving_mx = stream_kit_text(r.mx != NULL ? r.mx : ""),
		.receiving_ip = stream_kit_text(""),
		.reason_code = stream_kit_text(""),
		.sessions = r.failed});
}
