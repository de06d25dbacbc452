/* SPDX-License-Identifier: ISC */

/*
 * The MIME reader's events as text.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "decode/mime.h"
#include "events.h"
#include "pack.h"

static const char *const bound_names[] = {
    "mime_parts", "mime_depth", "header_bytes"};

static void
write_error(struct buf *b, const struct err *err)
{
	size_t i;

	cr_assert_eq(err->code, ERR_BOUND);
	for (i = 0; i < sizeof(bound_names) / sizeof(bound_names[0]); i++)
		if (strstr(err->text, bound_names[i]) != NULL)
			pack_text(b, "E(%s)", bound_names[i]);
}

void
events_write(
    struct buf *b, const struct limits *limits, struct span s, size_t depth)
{
	struct mime *m = mime_new(limits);
	struct mime_entity e;
	struct err err = {0};
	int rc;

	mime_start(m, s, depth);
	while ((rc = mime_next(m, &e, &err)) > 0) {
		if (rc == MIME_MESSAGE)
			pack_text(b, "M%zu ", e.depth);
		else
			pack_text(b, "P%zu@%zu{%.*s}%s ", e.number, e.depth,
			    (int)e.body.len, e.body.p, e.unclosed ? "!" : "");
	}
	if (rc == -1) {
		write_error(b, &err);
		cr_assert_eq(mime_next(m, &e, &err), MIME_END);
	} else if (b->len > 0) {
		b->len--;
	}
	cr_assert_eq(mime_next(m, &e, &err), MIME_END);
	mime_free(m);
}

void
events_expect(
    const struct limits *limits, size_t depth, struct span s, const char *want)
{
	struct buf b = {.cap = EVENTS_CAP};

	events_write(&b, limits, s, depth);
	cr_assert_str_eq(
	    buf_string(&b), want, "\ngot  %s\nwant %s", b.data, want);
	buf_free(&b);
}
