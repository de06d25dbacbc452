/* SPDX-License-Identifier: ISC */

/*
 * Every carriage in which reports come, and the fixtures: what comes out of
 * each, and with which deviations.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "decode/unpack.h"
#include "mail_kit.h"
#include "pack.h"

/* Every header under which a report was seen or can be expected, with what
 * it departs in. */
struct carriage {
	const char *header;
	enum packing packing;
	uint64_t deviations;
};

static const struct carriage carriages[] = {
    {CT "application/tlsrpt+gzip\r\n", GZIP, 0},
    {CT "application/tlsrpt+json\r\n", PLAIN, 0},
    {CT "Application/TLSRPT+GZIP; name=x\r\n" CD("x"), GZIP, 0},
    {CT "application/tlsrpt+gzip\r\n", PLAIN, BIT(GZIP_EXPECTED)},
    {CT "application/tlsrpt+json\r\n", GZIP, BIT(GZIP_UNANNOUNCED)},
    {CT "application/tlsrpt+gzip\r\n", GZIP_IN_GZIP, 0},
    {CT "application/tlsrpt+gzip\r\n", ZIP, BIT(ZIP)},
    {CT "application/tlsrpt\r\n", GZIP, OTHER_TYPE},
    {CT "application/tlsrpt\r\n", PLAIN, OTHER_TYPE},
    {CT "application/tlsrpt+x-gzip\r\n", GZIP, OTHER_TYPE},
    {CT "application/tlsrpt+zip\r\n", ZIP, IN_ZIP},
    {CT "application/gzip\r\n", GZIP, OTHER_TYPE},
    {CT "application/gzip\r\n", PLAIN, OTHER_TYPE | BIT(GZIP_EXPECTED)},
    {CT "application/x-gzip\r\n", GZIP, OTHER_TYPE},
    {CT "application/json\r\n", PLAIN, OTHER_TYPE},
    {CT "application/json\r\n", GZIP, OTHER_TYPE | BIT(GZIP_UNANNOUNCED)},
    {CT "application/zip\r\n", ZIP, IN_ZIP},
    {CT "application/zip\r\n", GZIP_IN_ZIP, IN_ZIP},
    {CT "application/zip\r\n", ZIP_IN_GZIP, IN_ZIP},
    {CT "application/x-zip-compressed\r\n", ZIP, IN_ZIP},
    {CT "application/octet-stream\r\n", PLAIN, OTHER_TYPE},
    {CT "application/octet-stream\r\n", GZIP, OTHER_TYPE},
    {CT "application/octet-stream\r\n", ZIP, IN_ZIP},
    {CT "application/octet-stream\r\n" CD("x.json.gz"), GZIP, OTHER_TYPE},
    {CT "application/octet-stream\r\n" CD("x.zip"), ZIP, IN_ZIP},
    {CT "text/plain\r\n" CD("x.json"), PLAIN, OTHER_TYPE},
    {CT "text/plain\r\n" CD("x.json.gz"), GZIP, OTHER_TYPE},
    {CT "text/plain; name=x.json\r\n", PLAIN, OTHER_TYPE},
    {CT "image/png\r\n" CD(NAME), PLAIN, OTHER_TYPE},
    {"ContentType: application/tlsrpt+gzip\r\n", GZIP, 0},
    {CD("x.json"), PLAIN, OTHER_TYPE},
    {CD("x.json.gz"), GZIP, OTHER_TYPE},
    {CD("x.zip"), ZIP, IN_ZIP},
    {CT "garbage\r\n" CD(NAME ".gz"), GZIP, OTHER_TYPE},
};
#define NCARRIAGES (sizeof(carriages) / sizeof(carriages[0]))

Test(carriage, every_carriage_arrives_in_a_mail_that_claims_a_report)
{
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < NCARRIAGES; i++) {
		const struct carriage *c = &carriages[i];
		struct buf body = mail_pack(c->packing, SPAN(REPORT));

		mail_put_claiming(&r);
		mail_put_base64(&r, c->header, mail_bytes_of(&body));
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_report(&r, c->deviations, c->header);
		buf_free(&body);
	}
	mail_end(&r);
}

Test(carriage, every_carriage_arrives_in_a_mail_that_claims_nothing)
{
	const uint64_t bare = BIT(REPORT_TYPE_MISSING) |
	    BIT(SUBMITTER_HEADER_MISSING) | BIT(DOMAIN_HEADER_MISSING);
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < NCARRIAGES; i++) {
		const struct carriage *c = &carriages[i];
		struct buf body = mail_pack(c->packing, SPAN(REPORT));

		mail_put_plain(&r);
		mail_put_base64(&r, c->header, mail_bytes_of(&body));
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_report(&r, c->deviations | bare, c->header);
		buf_free(&body);
	}
	mail_end(&r);
}

Test(carriage, every_carriage_arrives_in_binary_and_unannounced_base64)
{
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < NCARRIAGES; i++) {
		const struct carriage *c = &carriages[i];
		struct buf body = mail_pack(c->packing, SPAN(REPORT));
		struct buf base64 = pack_base64(mail_bytes_of(&body));

		mail_put_claiming(&r);
		mail_put_part(&r, c->header, mail_bytes_of(&body));
		mail_put_end(&r);
		mail_decode(&r);
		/* The line end before the boundary is no part of it. */
		mail_assert_report(&r, c->deviations, c->header);
		mail_put_claiming(&r);
		mail_put_part(&r, c->header, mail_bytes_of(&base64));
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_report(
		    &r, c->deviations | BIT(TRANSFER_ENCODING), c->header);
		buf_free(&body);
		buf_free(&base64);
	}
	mail_end(&r);
}

Test(carriage, every_carriage_arrives_as_the_only_part)
{
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < NCARRIAGES; i++) {
		const struct carriage *c = &carriages[i];
		struct buf body = mail_pack(c->packing, SPAN(REPORT));
		struct buf base64 = pack_base64(mail_bytes_of(&body));

		r.bytes.len = 0;
		pack_text(&r.bytes,
		    "%s%sContent-Transfer-Encoding: base64\r\n\r\n",
		    FROM HEADERS, c->header);
		buf_append(&r.bytes, base64.data, base64.len);
		mail_decode(&r);
		mail_assert_report(
		    &r, c->deviations | BIT(REPORT_TYPE_MISSING), c->header);
		buf_free(&body);
		buf_free(&base64);
	}
	mail_end(&r);
}

Test(carriage, json_in_the_text_of_a_claiming_mail_is_found)
{
	struct mail_run r;

	mail_start(&r);
	pack_text(&r.bytes, "%s", FROM HEADERS "\r\n" REPORT "\r\n");
	mail_decode(&r);
	mail_assert_report(
	    &r, BIT(REPORT_TYPE_MISSING) | BIT(MEDIA_TYPE), "text");
	mail_end(&r);
}

Test(carriage, the_original_can_always_be_had_back)
{
	struct limits limits = LIMITS_DEFAULT;
	struct unpacker *u = unpacker_new(&limits);
	struct buf out = {0};
	struct err err;
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < NCARRIAGES; i++) {
		struct buf body = mail_pack(carriages[i].packing, SPAN(REPORT));

		mail_put_claiming(&r);
		mail_put_base64(&r, carriages[i].header, mail_bytes_of(&body));
		mail_put_end(&r);
		mail_decode(&r);
		out.len = 0;
		cr_assert_eq(unpack_original(u,
				 &mail_only_report(&r, "original")->original,
				 &out, &err),
		    0);
		cr_assert_str_eq(buf_string(&out), REPORT);
		buf_free(&body);
	}
	unpacker_free(u);
	buf_free(&out);
	mail_end(&r);
}

/* Fixtures, and what must come of each. */
struct fixture_row {
	const char *file;
	size_t reports;
	uint64_t deviations; /* of the first report */
	enum fault_kind kind;
	const char *reason; /* of the only fault; NULL if there is none */
};

#define FWD BIT(FORWARDED)

static const struct fixture_row fixtures[] = {
    {"good/gzip.eml", 1, 0, 0, NULL},
    {"good/gzip-lf-only.eml", 1, 0, 0, NULL},
    {"good/gzip-of-two-members.eml", 1, 0, 0, NULL},
    {"good/json-quoted-printable.eml", 1, 0, 0, NULL},
    {"good/json-8bit.eml", 1, 0, 0, NULL},
    {"good/two-reports.eml", 2, 0, 0, NULL},
    {"good/extra-parts.eml", 1, 0, 0, NULL},
    {"lenient/octet-stream-named-json-gz.eml", 1, OTHER_TYPE, 0, NULL},
    {"lenient/content-type-without-hyphen.eml", 1, 0, 0, NULL},
    {"lenient/no-content-type-but-a-name.eml", 1, OTHER_TYPE, 0, NULL},
    {"lenient/says-gzip-is-json.eml", 1, BIT(GZIP_EXPECTED), 0, NULL},
    {"lenient/says-json-is-gzip.eml", 1, BIT(GZIP_UNANNOUNCED), 0, NULL},
    {"lenient/bare-tlsrpt-type.eml", 1, OTHER_TYPE, 0, NULL},
    {"lenient/bytes-behind-the-gzip.eml", 1, BIT(GZIP_TRAILING), 0, NULL},
    {"lenient/zip.eml", 1, IN_ZIP, 0, NULL},
    {"lenient/gzip-in-zip.eml", 1, IN_ZIP, 0, NULL},
    {"lenient/gzip-in-gzip.eml", 1, 0, 0, NULL},
    {"lenient/text-attachment.eml", 1, OTHER_TYPE, 0, NULL},
    {"lenient/base64-not-announced.eml", 1, BIT(TRANSFER_ENCODING), 0, NULL},
    {"lenient/noise-in-base64.eml", 1, BIT(TRANSFER_ENCODING), 0, NULL},
    {"lenient/no-report-headers.eml", 1,
	BIT(SUBMITTER_HEADER_MISSING) | BIT(DOMAIN_HEADER_MISSING), 0, NULL},
    {"lenient/multipart-mixed.eml", 1, BIT(REPORT_TYPE_MISSING), 0, NULL},
    {"lenient/dkim-length-tag.eml", 1, BIT(DKIM_LENGTH_TAG), 0, NULL},
    {"lenient/no-closing-boundary.eml", 1, BIT(BOUNDARY_UNCLOSED), 0, NULL},
    {"lenient/single-part.eml", 1, BIT(REPORT_TYPE_MISSING), 0, NULL},
    {"lenient/list-banner.eml", 1, BIT(REPORT_TYPE_MISSING), 0, NULL},
    {"lenient/forwarded.eml", 1, FWD, 0, NULL},
    {"lenient/forwarded-in-base64.eml", 1, FWD, 0, NULL},
    {"lenient/forwarded-as-a-file.eml", 1, FWD, 0, NULL},
    {"lenient/submitter-not-contact.eml", 1, BIT(SUBMITTER_NOT_CONTACT), 0,
	NULL},
    {"lenient/domain-from-header.eml", 1, BIT(DOMAIN_FROM_HEADER), 0, NULL},
    {"lenient/domain-from-filename.eml", 1,
	BIT(DOMAIN_HEADER_MISSING) | BIT(DOMAIN_FROM_FILENAME), 0, NULL},
    {"lenient/domain-from-subject.eml", 1,
	BIT(DOMAIN_HEADER_MISSING) | BIT(DOMAIN_FROM_SUBJECT), 0, NULL},
    {"hostile/gzip-bad-crc.eml", 0, 0, FAULT_UNUSABLE,
	"part 2: gzip: incorrect data check (RFC 1952)"},
    {"hostile/gzip-bad-length.eml", 0, 0, FAULT_UNUSABLE,
	"part 2: gzip: incorrect length check (RFC 1952)"},
    {"hostile/gzip-truncated.eml", 0, 0, FAULT_UNUSABLE,
	"part 2: gzip: truncated (RFC 1952)"},
    {"hostile/gzip-bomb.eml", 0, 0, FAULT_BOUND, "(inflate_ratio)"},
    {"hostile/gzip-matryoshka.eml", 0, 0, FAULT_BOUND, "(GZIP_LAYERS)"},
    {"hostile/zip-bomb.eml", 0, 0, FAULT_BOUND, "(inflate_ratio)"},
    {"hostile/zip-encrypted.eml", 0, 0, FAULT_UNUSABLE,
	"part 2: zip: encrypted"},
    {"hostile/zip-of-many-entries.eml", 0, 0, FAULT_BOUND, "(archive_entries)"},
    {"hostile/zip-path-traversal.eml", 1, IN_ZIP, 0, NULL},
    {"hostile/no-report-in-it.eml", 0, 0, FAULT_UNUSABLE,
	"no report in it (RFC 8460 5.3)"},
    {"hostile/empty-attachment.eml", 0, 0, FAULT_UNUSABLE, "part 2: "},
    {"hostile/json-cut.eml", 0, 0, FAULT_UNUSABLE, "part 2: JSON line 1"},
    {"hostile/control-characters-in-names.eml", 1, 0, 0, NULL},
    {"hostile/forged-authentication-results.eml", 1, 0, 0, NULL},
};

Test(carriage, fixtures_come_out_as_they_should)
{
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++) {
		const struct fixture_row *f = &fixtures[i];

		mail_decode_file(&r, f->file);
		mail_assert_counts(&r, f->reports, f->reason != NULL, f->file);
		if (f->reason != NULL)
			mail_assert_fault(&r, f->kind, f->reason);
		if (f->reports > 0)
			cr_assert_eq(mail_deviations(r.out.reports[0]),
			    f->deviations, "%s", f->file);
	}
	mail_end(&r);
}
