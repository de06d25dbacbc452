/* SPDX-License-Identifier: ISC */

/*
 * The MIME reader over any bytes, and over each part whatever a decoder asks
 * of it.  What is promised of the answers is checked: spans lie within the
 * message one behind the other, texts are UTF-8, bounds hold.  A reader that
 * was used before gives the same, and so does the message with other line
 * ends.
 */

#include "config.h"

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
	if (s.p != NULL)
		check(s.p >= whole.p && s.p + s.len <= whole.p + whole.len);
}

static void
check_text(const char *text)
{
	if (text != NULL)
		check(is_utf8(text, strlen(text)));
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
			check(out.len == base64_size(e->body) &&
			    out.len <= base64_bound(e->body));
	}
	buf_free(&out);
}

/* What a walk through a message comes to. */
struct outcome {
	size_t parts;
	size_t messages;
	size_t depths; /* their sum */
	uint64_t hash; /* of all bodies, CRLF taken for LF */
	int rc;
};

static void
add_to_hash(struct outcome *o, struct span body)
{
	size_t i;

	for (i = 0; i < body.len; i++)
		if (body.p[i] != '\r' || i + 1 == body.len ||
		    body.p[i + 1] != '\n')
			o->hash = (o->hash ^ (unsigned char)body.p[i]) *
			    UINT64_C(1099511628211);
	o->hash = (o->hash ^ 256) * UINT64_C(1099511628211);
}

/* Goes through a message; base is what the reader is told of its depth. */
static struct outcome
walk(struct mime *m, struct span message, size_t base)
{
	struct arena *a = arena_new(1024);
	struct outcome o = {0};
	const char *at = message.p;
	struct mime_entity e;
	struct err err = {0};

	mime_start(m, message, base);
	while ((o.rc = mime_next(m, &e, &err)) > 0) {
		check(e.depth >= base && e.depth <= DEPTH_MAX);
		check(e.message_depth >= base && e.message_depth <= e.depth);
		o.depths += e.depth - base;
		use_header(a, &e, message);
		if (o.rc == MIME_PART) {
			check(e.number == ++o.parts && o.parts <= PARTS_MAX);
			/* None lies in another's, and all are in order. */
			check(e.header.p <= e.body.p && at <= e.body.p);
			at = e.body.p + e.body.len;
			use_body(&e, message);
			add_to_hash(&o, e.body);
		} else {
			check(o.rc == MIME_MESSAGE && e.header.p >= at);
			o.messages++;
		}
		arena_reset(a);
	}
	check(o.rc == MIME_END || err.code == ERR_BOUND);
	check(mime_next(m, &e, &err) == MIME_END);
	arena_free(a);
	return o;
}

static void
check_same(const struct outcome *a, const struct outcome *b)
{
	check(a->rc == b->rc && a->parts == b->parts);
	check(a->messages == b->messages && a->depths == b->depths);
	check(a->hash == b->hash);
}

/* The same with CRLF for every LF: only the bound on headers could tell. */
static void
walk_crlf(struct mime *m, struct span message, const struct outcome *o)
{
	char *copy = malloc(message.len * 2 + 1);
	struct outcome other;
	size_t i, n = 0;

	check(copy != NULL);
	for (i = 0; i < message.len; i++) {
		if (message.p[i] == '\n')
			copy[n++] = '\r';
		copy[n++] = message.p[i];
	}
	other = walk(m, (struct span){copy, n}, 0);
	check_same(o, &other);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mime *m;
	static struct limits limits;
	struct span message = {(const char *)data, size};
	struct outcome first, again, deeper;

	limits = LIMITS_DEFAULT;
	limits.mime_parts = PARTS_MAX;
	limits.mime_depth = DEPTH_MAX;
	limits.header_bytes = HEADER_MAX;
	if (m == NULL)
		m = mime_new(&limits);
	if (size == 0)
		return 0;
	first = walk(m, message, 0);
	again = walk(m, message, 0);
	check_same(&first, &again);
	deeper = walk(m, message, 1);
	if (deeper.rc == MIME_END)
		check_same(&first, &deeper);
	if (memchr(message.p, '\r', size) == NULL && size < HEADER_MAX / 2)
		walk_crlf(m, message, &first);
	return 0;
}
