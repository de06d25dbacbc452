/* SPDX-License-Identifier: ISC */

/*
 * The MIME reader over any bytes, and over each part whatever a decoder asks
 * of it.  What is promised of the answers is checked: spans lie within the
 * message, texts are UTF-8, bounds hold.
 */

#include "config.h"

#include "base/utf8.h"
#include "decode/base64.h"
#include "decode/field.h"
#include "decode/mime.h"
#include "decode/transfer.h"
#include "fuzz.h"

/* Low enough for a small input to meet them. */
#define PARTS_MAX  30
#define DEPTH_MAX  6
#define HEADER_MAX 2000

static const char *const parameters[] = {
    "boundary", "filename", "name", "report-type", "x"};

static void
check_within(struct span s, struct span whole)
{
	if (s.p != NULL && whole.len > 0)
		check(s.p >= whole.p && s.p + s.len <= whole.p + whole.len);
}

static void
check_text(const char *text)
{
	if (text != NULL)
		check(utf8_valid_prefix(text, strlen(text)) == strlen(text));
}

static void
use_value(struct arena *a, struct span value)
{
	size_t i;

	check_text(field_text(a, value));
	check_within(field_main(value), value);
	for (i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		check_text(field_parameter(a, value, parameters[i]));
}

static void
use_header(struct arena *a, const struct mime_entity *e, struct span message)
{
	struct span rest = e->header;
	struct field f;
	size_t i;

	check_within(e->header, message);
	check(e->header.len <= HEADER_MAX);
	for (i = 0; i < MIME_FIELD_COUNT; i++)
		check_within(e->fields[i], e->header);
	while (field_next(&rest, &f)) {
		check_within(f.name, e->header);
		check_within(f.value, e->header);
		check(f.name.len > 0);
		use_value(a, f.value);
	}
}

/* Decodes a body by every encoding, not only its own. */
static void
use_body(const struct mime_entity *e, struct span message)
{
	enum transfer t =
	    transfer_parse(e->fields[MIME_CONTENT_TRANSFER_ENCODING]);
	struct buf out = {.cap = e->body.len};
	bool noise = false;

	check(t <= TRANSFER_UNKNOWN);
	check_within(e->body, message);
	for (t = TRANSFER_IDENTITY; t <= TRANSFER_UNKNOWN; t++) {
		out.len = 0;
		check(transfer_decode(t, e->body, &out, &noise) == 0);
		if (t == TRANSFER_BASE64)
			check(out.len == base64_size(e->body));
	}
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span message = {(const char *)data, size};
	struct limits limits = LIMITS_DEFAULT;
	struct arena *a = arena_new(1024);
	struct mime_entity e;
	struct err err = {0};
	struct mime *m;
	size_t parts = 0;
	int rc;

	limits.mime_parts = PARTS_MAX;
	limits.mime_depth = DEPTH_MAX;
	limits.header_bytes = HEADER_MAX;
	m = mime_new(&limits);
	mime_start(m, message, 0);
	while ((rc = mime_next(m, &e, &err)) > 0) {
		check(e.depth <= DEPTH_MAX);
		use_header(a, &e, message);
		if (rc == MIME_PART) {
			check(e.number == ++parts && parts <= PARTS_MAX);
			use_body(&e, message);
		}
		arena_reset(a);
	}
	check(rc == MIME_END || err.code == ERR_BOUND);
	check(mime_next(m, &e, &err) == MIME_END);
	mime_free(m);
	arena_free(a);
	return 0;
}
