/* SPDX-License-Identifier: ISC */

/*
 * Mails for tests of the decoder, built part by part, and what must come of
 * them.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "mail_kit.h"
#include "pack.h"
#include "support.h"

void
mail_start_with(struct mail_run *r, struct limits limits)
{
	*r = (struct mail_run){
	    .limits = limits, .bytes = {.cap = (size_t)64 << 20}};
	r->d = decoder_new(&r->limits);
	r->arena = arena_new(16384);
}

void
mail_start(struct mail_run *r)
{
	mail_start_with(r, LIMITS_DEFAULT);
}

void
mail_end(struct mail_run *r)
{
	decoder_free(r->d);
	arena_free(r->arena);
	buf_free(&r->bytes);
}

/* Decodes a copy that is freed before anyone looks at what came of it. */
void
mail_decode_named(struct mail_run *r, struct span bytes, const char *name)
{
	struct decode_input in = {.len = bytes.len,
	    .name = name,
	    .received = 12345,
	    .authserv_id = AUTHSERV};
	char *copy = malloc(bytes.len + 1);

	memcpy(copy, bytes.p, bytes.len);
	in.bytes = copy;
	arena_reset(r->arena);
	decode_message(r->d, &in, r->arena, &r->out);
	memset(copy, 'x', bytes.len);
	free(copy);
	cr_assert_eq(r->out.arena, r->arena);
}

void
mail_decode(struct mail_run *r)
{
	mail_decode_named(r, (struct span){r->bytes.data, r->bytes.len}, "");
}

uint64_t
mail_deviations(const struct report *report)
{
	uint64_t bits = 0;
	size_t i;

	for (i = 0; i < report->ndeviations; i++)
		bits |= UINT64_C(1) << report->deviations[i].code;
	return bits;
}

void
mail_assert_counts(
    const struct mail_run *r, size_t reports, size_t faults, const char *what)
{
	cr_assert_eq(r->out.nfaults, faults, "%s: %zu faults: %s", what,
	    r->out.nfaults, r->out.nfaults > 0 ? r->out.faults[0].reason : "");
	cr_assert_eq(
	    r->out.nreports, reports, "%s: %zu reports", what, r->out.nreports);
}

void
mail_assert_foreign(const struct mail_run *r, const char *what)
{
	mail_assert_counts(r, 0, 0, what);
}

void
mail_assert_fault(
    const struct mail_run *r, enum fault_kind kind, const char *reason)
{
	mail_assert_counts(r, 0, 1, reason);
	cr_assert_eq(r->out.faults[0].kind, kind, "%s", reason);
	cr_assert_not_null(strstr(r->out.faults[0].reason, reason), "%s: %s",
	    reason, r->out.faults[0].reason);
}

/* The only report of a message that has no fault. */
const struct report *
mail_only_report(const struct mail_run *r, const char *what)
{
	mail_assert_counts(r, 1, 0, what);
	cr_assert_eq(r->out.reports[0]->npolicies, 1);
	return r->out.reports[0];
}

void
mail_assert_report(
    const struct mail_run *r, uint64_t expected, const char *what)
{
	const struct report *report = mail_only_report(r, what);
	uint64_t got = mail_deviations(report);

	cr_assert_str_eq(report->policies[0].domain, "example.com");
	cr_assert_eq(got, expected, "%s: %#llx, not %#llx", what,
	    (unsigned long long)got, (unsigned long long)expected);
}

/* Starts a mail that claims to be a report, or one that claims nothing. */
void
mail_put_claiming(struct mail_run *r)
{
	r->bytes.len = 0;
	pack_text(&r->bytes, "%s", FROM HEADERS TYPE TEXT);
}

void
mail_put_plain(struct mail_run *r)
{
	r->bytes.len = 0;
	pack_text(&r->bytes, "%s", FROM MIXED TEXT);
}

/* Adds a part with a body as it stands, or in base64. */
void
mail_put_part(struct mail_run *r, const char *header, struct span body)
{
	pack_text(&r->bytes, "--b\r\n%s\r\n", header);
	cr_assert_eq(buf_append(&r->bytes, body.p, body.len), 0);
	pack_text(&r->bytes, "\r\n");
}

void
mail_put_base64(struct mail_run *r, const char *header, struct span body)
{
	struct buf b = pack_base64(body);
	char *with = NULL;

	cr_assert_neq(
	    asprintf(&with, "%sContent-Transfer-Encoding: base64\r\n", header),
	    -1);
	mail_put_part(r, with, (struct span){b.data, b.len});
	free(with);
	buf_free(&b);
}

void
mail_put_end(struct mail_run *r)
{
	pack_text(&r->bytes, "--b--\r\n");
}

struct span
mail_bytes_of(const struct buf *b)
{
	return (struct span){b->data, b->len};
}

struct buf
mail_pack(enum packing packing, struct span data)
{
	struct pack_entry entry = {"report.json", data, 0, 0};
	struct buf inner = {.cap = 1000000}, outer;

	if (packing == ZIP)
		return pack_zip(&entry, 1);
	if (packing == GZIP)
		return pack_gzip(data);
	if (packing == PLAIN) {
		buf_append(&inner, data.p, data.len);
		return inner;
	}
	inner = packing == ZIP_IN_GZIP ? pack_zip(&entry, 1) : pack_gzip(data);
	entry.data = mail_bytes_of(&inner);
	outer = packing == GZIP_IN_ZIP ? pack_zip(&entry, 1)
				       : pack_gzip(mail_bytes_of(&inner));
	buf_free(&inner);
	return outer;
}

void
mail_decode_file(struct mail_run *r, const char *file)
{
	struct buf b = support_read(file);

	mail_decode_named(r, mail_bytes_of(&b), "");
	buf_free(&b);
}
