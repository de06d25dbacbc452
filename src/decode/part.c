/* SPDX-License-Identifier: ISC */

/*
 * One leaf of a mail: is it worth a look, and what are its bytes?  Most
 * leaves are text for people and are passed over at little cost.
 */

#include "config.h"

#include "decode/claim.h"
#include "decode/field.h"
#include "decode/intake.h"
#include "decode/part.h"
#include "decode/transfer.h"

/* The name of a file as the part gives it, in one place or the other. */
static const char *
filename_of(struct arena *a, const struct mime_entity *e)
{
	static const struct {
		enum mime_field field;
		const char *parameter;
	} places[] = {
	    {MIME_CONTENT_DISPOSITION, "filename"},
	    {MIME_CONTENT_TYPE, "name"},
	};
	const char *name;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (e->fields[places[i].field].p == NULL)
			continue;
		name = field_parameter(
		    a, e->fields[places[i].field], places[i].parameter);
		if (name != NULL && name[0] != '\0')
			return name;
	}
	return "";
}

void
part_look(struct arena *a, const struct mime_entity *e, struct part *p)
{
	struct span type = e->fields[MIME_CONTENT_TYPE];

	*p = (struct part){.filename = filename_of(a, e)};
	p->claim = claim_of_type(field_main(type)) | claim_of_name(p->filename);
	if (unpack_magic(e->body) != MAGIC_OTHER)
		p->claim |= CLAIM_CANDIDATE;
	if (!(p->claim & CLAIM_STANDARD))
		p->notes |= INTAKE_NOTE(MEDIA_TYPE);
	if (e->unclosed)
		p->notes |= INTAKE_NOTE(BOUNDARY_UNCLOSED);
}

/* Decodes body by an encoding into out, which never takes more than body. */
static struct span
decode(enum transfer encoding, struct span body, struct buf *out, bool *noise)
{
	out->len = 0;
	out->cap = body.len;
	transfer_decode(encoding, body, out, noise);
	return (struct span){buf_string(out), out->len};
}

void
part_decode(const struct mime_entity *e, struct buf *out, struct part *p)
{
	enum transfer encoding =
	    transfer_parse(e->fields[MIME_CONTENT_TRANSFER_ENCODING]);
	bool packed = unpack_magic(e->body) != MAGIC_OTHER;
	bool noise = encoding == TRANSFER_UNKNOWN, ignored = false;

	p->bytes = e->body;
	if (encoding == TRANSFER_QUOTED_PRINTABLE ||
	    (encoding == TRANSFER_BASE64 && !packed)) {
		p->bytes = decode(encoding, e->body, out, &noise);
	} else if (encoding == TRANSFER_BASE64) {
		noise = true;
	} else if (!packed) {
		p->bytes = decode(TRANSFER_BASE64, e->body, out, &ignored);
		if (unpack_magic(p->bytes) != MAGIC_OTHER)
			noise = true;
		else
			p->bytes = e->body;
	}
	if (noise)
		p->notes |= INTAKE_NOTE(TRANSFER_ENCODING);
}
