/* SPDX-License-Identifier: ISC */

/*
 * What the header of a message says of the parts in it: whether they are
 * reports, of whom about whom, and when they came.
 */

#include "config.h"

#include "base/date.h"
#include "decode/auth.h"
#include "decode/claim.h"
#include "decode/envelope.h"
#include "decode/field.h"
#include "decode/intake.h"

const struct envelope envelope_none = {
    .context = {.submitter_header = "",
	.domain_header = "",
	.filename = "",
	.subject = ""},
};

/* Takes over what a field says, if it says anything.  Returns whether it is
 * there at all. */
static bool
take_text(struct arena *a, const struct mime_entity *e, enum mime_field field,
    const char **text)
{
	const char *s;

	if (e->fields[field].p == NULL)
		return false;
	s = field_text(a, e->fields[field]);
	if (s[0] != '\0')
		*text = s;
	return true;
}

static uint64_t
deviations(const struct envelope *v, const struct mime_entity *e)
{
	struct span signature = e->fields[MIME_DKIM_SIGNATURE];
	bool more = (e->repeated & 1U << MIME_DKIM_SIGNATURE) != 0;
	uint64_t notes = 0;

	if (!v->is_tlsrpt)
		notes |= INTAKE_NOTE(REPORT_TYPE_MISSING);
	if (v->context.submitter_header[0] == '\0')
		notes |= INTAKE_NOTE(SUBMITTER_HEADER_MISSING);
	if (v->context.domain_header[0] == '\0')
		notes |= INTAKE_NOTE(DOMAIN_HEADER_MISSING);
	if (signature.p != NULL &&
	    auth_has_length_tag(e->header, signature, more))
		notes |= INTAKE_NOTE(DKIM_LENGTH_TAG);
	return notes;
}

void
envelope_read(struct arena *a, const struct mime_entity *e,
    const struct envelope *around, struct envelope *v)
{
	unsigned type = claim_of_report_type(a, e->fields[MIME_CONTENT_TYPE]);
	struct tlsrpt_context *c = &v->context;

	*v = *around;
	v->depth = e->depth;
	v->is_message = true;
	v->is_tlsrpt |= (type & CLAIM_STANDARD) != 0;
	v->is_returned |= (type & CLAIM_RETURNED) != 0;
	v->claim = type & CLAIM_REPORT ? "report-type=tlsrpt" : NULL;
	take_text(a, e, MIME_SUBJECT, &c->subject);
	if (take_text(a, e, MIME_TLS_REPORT_DOMAIN, &c->domain_header))
		v->claim = "TLS-Report-Domain header";
	if (take_text(a, e, MIME_TLS_REPORT_SUBMITTER, &c->submitter_header))
		v->claim = "TLS-Report-Submitter header";
	if (v->is_returned)
		v->claim = NULL;
	v->notes = deviations(v, e);
	if (around->is_message)
		v->notes |= INTAKE_NOTE(FORWARDED);
}

int64_t
envelope_time(const struct mime_entity *e, int64_t otherwise)
{
	struct span received = {NULL, 0}, rest = e->fields[MIME_RECEIVED];
	int64_t t;

	while (rest.len > 0)
		received = span_cut(&rest, ';');
	if (date_parse_rfc5322(received, &t) == 0 ||
	    date_parse_rfc5322(e->fields[MIME_DATE], &t) == 0)
		return t;
	return otherwise;
}
