/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_MAIL_KIT_H
#define TLSTALLY_TESTS_MAIL_KIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "decode/decode.h"

/*
 * Mails for tests of the decoder, built part by part, and what must come of
 * them.  The reports in it depart from nothing.
 */

#define AUTHSERV "mx.example.net"
#define NAME	 "mail.example.org!example.com!1795132800!1795219199.json"

#define BEFORE_POLICIES                                                        \
	"{\"organization-name\":\"Example Mail\",\"date-range\":{"             \
	"\"start-datetime\":\"2026-11-20T00:00:00Z\","                         \
	"\"end-datetime\":\"2026-11-20T23:59:59Z\"},"                          \
	"\"contact-info\":\"tlsrpt@mail.example.org\",\"report-id\":\"id-1\"," \
	"\"policies\":["
#define POLICY(domain)                                                \
	"{\"policy\":{\"policy-type\":\"no-policy-found\"" domain "}" \
	",\"summary\":{\"total-successful-session-count\":7,"         \
	"\"total-failure-session-count\":0}}"
#define REPORT	   BEFORE_POLICIES POLICY(",\"policy-domain\":\"example.com\"") "]}"
#define DOMAINLESS BEFORE_POLICIES POLICY("") "]}"
#define NEGATIVE                                                            \
	BEFORE_POLICIES "{\"policy\":{\"policy-type\":\"no-policy-found\"," \
			"\"policy-domain\":\"example.com\"},\"summary\":{"  \
			"\"total-successful-session-count\":-7,"            \
			"\"total-failure-session-count\":0}}]}"

#define FROM                                                             \
	"From: reports@mail.example.org\r\nTo: tlsrpt@example.com\r\n"   \
	"Date: Sat, 21 Nov 2026 02:14:06 +0000\r\nSubject: A report\r\n" \
	"MIME-Version: 1.0\r\n"
#define HEADERS                              \
	"TLS-Report-Domain: example.com\r\n" \
	"TLS-Report-Submitter: mail.example.org\r\n"
#define TYPE                                                  \
	"Content-Type: multipart/report; report-type=tlsrpt;" \
	" boundary=b\r\n"
#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n"
#define TEXT  "\r\n--b\r\nContent-Type: text/plain\r\n\r\nFor people.\r\n"

#define CT	 "Content-Type: "
#define CD(name) "Content-Disposition: attachment; filename=\"" name "\"\r\n"

/* A deviation as a bit, so that sets can be compared. */
#define BIT(code)  (UINT64_C(1) << DEVIATION_##code)
#define OTHER_TYPE BIT(MEDIA_TYPE)
#define IN_ZIP	   (BIT(MEDIA_TYPE) | BIT(ZIP))

/* A decoder, what it decodes, and what came of it. */
struct mail_run {
	struct limits limits;
	struct decoder *d;
	struct arena *arena;
	struct decoded out;
	struct buf bytes;
};

/* How a report is wrapped. */
enum packing { PLAIN, GZIP, ZIP, GZIP_IN_ZIP, GZIP_IN_GZIP, ZIP_IN_GZIP };

/* Starts with a decoder of limits, or of the usual ones; mail_end frees. */
void mail_start_with(struct mail_run *r, struct limits limits);
void mail_start(struct mail_run *r);
void mail_end(struct mail_run *r);

/* Start a mail that claims to be a report, or one that claims nothing, with
 * a text for people as its first part. */
void mail_put_claiming(struct mail_run *r);
void mail_put_plain(struct mail_run *r);

/* Add a part with a body as it stands, or in base64; then the end. */
void mail_put_part(struct mail_run *r, const char *header, struct span body);
void mail_put_base64(struct mail_run *r, const char *header, struct span body);
void mail_put_end(struct mail_run *r);

/* Decode the mail that was built, other bytes, or a file below tests/data:
 * a copy, which is spoilt before anyone looks at what came of it. */
void mail_decode(struct mail_run *r);
void mail_decode_named(struct mail_run *r, struct span bytes, const char *name);
void mail_decode_file(struct mail_run *r, const char *file);

/* The deviations of a report, each as a BIT. */
uint64_t mail_deviations(const struct report *report);

/* Fail the test unless this came out; what names it in the message. */
void mail_assert_counts(
    const struct mail_run *r, size_t reports, size_t faults, const char *what);
void mail_assert_foreign(const struct mail_run *r, const char *what);
void mail_assert_fault(
    const struct mail_run *r, enum fault_kind kind, const char *reason);
void mail_assert_report(
    const struct mail_run *r, uint64_t expected, const char *what);

/* Returns the only report of a message that has no fault. */
const struct report *mail_only_report(
    const struct mail_run *r, const char *what);

/* What a buffer holds. */
struct span mail_bytes_of(const struct buf *b);

/* Packs data; the caller frees it with buf_free. */
struct buf mail_pack(enum packing packing, struct span data);

#endif
