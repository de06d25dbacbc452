/* SPDX-License-Identifier: ISC */

/*
 * The JSON of one report.  The five senders differ in the order of the keys,
 * in white space, and in what they leave out; a reader that only ever meets
 * one of them is not measured by anything.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "genjson.h"
#include "genreport.h"

#define DAY 86400

/* So many failure details make a little more than 5 MB of compact JSON. */
#define HUGE_DETAILS 28500

enum field {
	F_RESULT,
	F_SENDING_IP,
	F_RECEIVING_IP,
	F_MX,
	F_HELO,
	F_COUNT,
	F_INFO,
	F_REASON,
	F_END
};

/* The order in which each sender writes the fields of a failure detail;
 * what is not listed it leaves out. */
static const enum field field_order[SHAPE_COUNT][9] = {
    [SHAPE_GOOGLE] = {F_RESULT, F_SENDING_IP, F_RECEIVING_IP, F_MX, F_COUNT,
	F_END},
    [SHAPE_MICROSOFT] = {F_RESULT, F_SENDING_IP, F_MX, F_COUNT, F_REASON,
	F_END},
    [SHAPE_MAILRU] = {F_COUNT, F_REASON, F_RECEIVING_IP, F_MX, F_RESULT,
	F_SENDING_IP, F_END},
    [SHAPE_YAHOO] = {F_RESULT, F_SENDING_IP, F_MX, F_RECEIVING_IP, F_COUNT,
	F_INFO, F_REASON, F_END},
    [SHAPE_POSTFIX] = {F_REASON, F_HELO, F_MX, F_RECEIVING_IP, F_SENDING_IP,
	F_RESULT, F_COUNT, F_END},
};

static const struct {
	const char *result;
	const char *reason;
} failures[] = {
    {"certificate-expired", "X509_V_ERR_CERT_HAS_EXPIRED"},
    {"certificate-host-mismatch", "X509_V_ERR_HOSTNAME_MISMATCH"},
    {"certificate-not-trusted", "unable to get local issuer certificate"},
    {"starttls-not-supported", "502 5.5.1 command not implemented"},
    {"validation-failure", "tls handshake failed: connection reset by peer"},
};

struct detail {
	unsigned failure; /* index into failures */
	unsigned mx;
	unsigned sender; /* the last bytes of the sender's address */
	unsigned count;
};

/* Draws the failure details: mostly a few, as of a server with a problem. */
static struct detail *
draw_details(struct facts *f, size_t *n, unsigned *sum)
{
	struct detail *d;

	*n = f->huge ? HUGE_DETAILS : rng_below(&f->rng, 4);
	*sum = 0;
	d = xcalloc(*n, sizeof(*d));
	for (size_t i = 0; i < *n; i++) {
		d[i].failure =
		    rng_below(&f->rng, sizeof(failures) / sizeof(*failures));
		d[i].mx = 1 + rng_below(&f->rng, 2);
		d[i].sender = rng_below(&f->rng, 1 << 24);
		d[i].count = 1 + rng_below(&f->rng, 40);
		*sum += d[i].count;
	}
	return d;
}

static void
write_field(struct json *j, enum field field, const struct detail *d,
    const struct facts *f)
{
	char text[160];

	switch (field) {
	case F_RESULT:
		json_string(j, "result-type", failures[d->failure].result);
		break;
	case F_SENDING_IP:
		snprintf(text, sizeof(text), "2001:db8:%x::%x", d->sender >> 12,
		    1 + (d->sender & 0xfff));
		json_string(j, "sending-mta-ip", text);
		break;
	case F_RECEIVING_IP:
		snprintf(text, sizeof(text), "203.0.113.%u", 10 + d->mx);
		json_string(j, "receiving-ip", text);
		break;
	case F_MX:
	case F_HELO:
		snprintf(text, sizeof(text), "mx%u.%s", d->mx, f->domain_name);
		json_string(j,
		    field == F_MX ? "receiving-mx-hostname"
				  : "receiving-mx-helo",
		    text);
		break;
	case F_COUNT:
		json_number(j, "failed-session-count", d->count);
		break;
	case F_INFO:
		snprintf(text, sizeof(text), "https://reports.%s/%s",
		    f->submitter, failures[d->failure].result);
		json_string(j, "additional-information", text);
		break;
	case F_REASON:
		json_string(
		    j, "failure-reason-code", failures[d->failure].reason);
		break;
	case F_END:
		break;
	}
}

static void
write_details(
    struct json *j, const struct facts *f, const struct detail *d, size_t n)
{
	/* Postfix always writes the array, the others only a full one. */
	if (n == 0 && f->shape != SHAPE_POSTFIX)
		return;
	json_begin(j, "failure-details", '[');
	for (size_t i = 0; i < n; i++) {
		const enum field *order = field_order[f->shape];

		json_begin(j, NULL, '{');
		for (; *order != F_END; order++)
			write_field(j, *order, &d[i], f);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void
write_mx(
    struct json *j, const char *key, const char *prefix, const struct facts *f)
{
	char text[96];

	if (key != NULL)
		json_begin(j, key, '[');
	for (unsigned i = 1; i <= 2; i++) {
		snprintf(
		    text, sizeof(text), "%smx%u.%s", prefix, i, f->domain_name);
		json_string(j, NULL, text);
	}
	if (key != NULL)
		json_end(j, ']');
}

static void
write_sts_string(struct json *j, const struct facts *f)
{
	json_begin(j, "policy-string", '[');
	json_string(j, NULL, "version: STSv1");
	json_string(
	    j, NULL, f->domain % 3 == 0 ? "mode: testing" : "mode: enforce");
	write_mx(j, NULL, "mx: ", f);
	json_string(j, NULL, "max_age: 604800");
	json_end(j, ']');
}

static void
write_policy(struct json *j, const struct facts *f)
{
	json_begin(j, "policy", '{');
	switch (f->shape) {
	case SHAPE_MAILRU:
		write_mx(j, "mx-host", "", f);
		json_string(j, "policy-domain", f->domain_name);
		write_sts_string(j, f);
		json_string(j, "policy-type", "sts");
		break;
	case SHAPE_POSTFIX:
		json_string(j, "policy-type", "no-policy-found");
		break;
	default:
		json_string(j, "policy-type", "sts");
		write_sts_string(j, f);
		json_string(j, "policy-domain", f->domain_name);
		if (f->shape != SHAPE_MICROSOFT)
			write_mx(j, "mx-host", "", f);
		break;
	}
	json_end(j, '}');
}

static void
write_summary(
    struct json *j, const struct facts *f, unsigned good, unsigned bad)
{
	bool bad_first = f->shape == SHAPE_MAILRU || f->shape == SHAPE_POSTFIX;

	json_begin(j, "summary", '{');
	if (bad_first)
		json_number(j, "total-failure-session-count", bad);
	json_number(j, "total-successful-session-count", good);
	if (!bad_first)
		json_number(j, "total-failure-session-count", bad);
	json_end(j, '}');
}

/* Microsoft's second policy: the TLSA records as JSON within a string. */
static void
write_tlsa(struct json *j, struct facts *f, unsigned good)
{
	struct buf records = {.cap = 1024};

	put(&records, "[\"3 1 1 ");
	put_random(&records, &f->rng, 64, "0123456789ABCDEF");
	put(&records, "\",\"2 1 1 ");
	put_random(&records, &f->rng, 64, "0123456789ABCDEF");
	put(&records, "\"]");
	json_begin(j, NULL, '{');
	json_begin(j, "policy", '{');
	json_string(j, "policy-type", "tlsa");
	json_begin(j, "policy-string", '[');
	json_string(j, NULL, buf_string(&records));
	json_end(j, ']');
	json_string(j, "policy-domain", f->domain_name);
	json_end(j, '}');
	write_summary(j, f, good, 0);
	json_end(j, '}');
	buf_free(&records);
}

static void
write_policies(struct json *j, struct facts *f)
{
	unsigned good = 10 + rng_below(&f->rng, 5000), bad;
	size_t n;
	struct detail *d = draw_details(f, &n, &bad);

	json_begin(j, "policies", '[');
	json_begin(j, NULL, '{');
	if (f->shape == SHAPE_MAILRU)
		write_details(j, f, d, n);
	if (f->shape == SHAPE_POSTFIX)
		write_summary(j, f, good, bad);
	write_policy(j, f);
	if (f->shape != SHAPE_POSTFIX)
		write_summary(j, f, good, bad);
	if (f->shape != SHAPE_MAILRU)
		write_details(j, f, d, n);
	json_end(j, '}');
	if (f->shape == SHAPE_MICROSOFT)
		write_tlsa(j, f, good);
	json_end(j, ']');
	free(d);
}

static void
write_range(struct json *j, const struct facts *f)
{
	struct buf start = {.cap = 64}, end = {.cap = 64};
	bool mailru = f->shape == SHAPE_MAILRU;

	put_rfc3339(&start, f->day);
	put_rfc3339(&end, f->day + (mailru ? DAY : DAY - 1));
	json_begin(j, "date-range", '{');
	if (mailru)
		json_string(j, "end-datetime", buf_string(&end));
	json_string(j, "start-datetime", buf_string(&start));
	if (!mailru)
		json_string(j, "end-datetime", buf_string(&end));
	json_end(j, '}');
	buf_free(&start);
	buf_free(&end);
}

void
report_write(struct buf *out, struct facts *f)
{
	static const struct json styles[SHAPE_COUNT] = {
	    [SHAPE_GOOGLE] = {.colon = ":", .comma = ","},
	    [SHAPE_MICROSOFT] = {.colon = ":", .comma = ","},
	    [SHAPE_MAILRU] = {.colon = ": ", .comma = ",", .indent = 3},
	    [SHAPE_YAHOO] = {.colon = ":", .comma = ","},
	    [SHAPE_POSTFIX] = {.colon = ": ", .comma = ", "},
	};
	struct json j = styles[f->shape];

	j.out = out;
	if (f->pretty)
		j.indent = 2;
	json_begin(&j, NULL, '{');
	if (f->shape == SHAPE_MAILRU) {
		json_string(&j, "contact-info", f->contact);
		write_range(&j, f);
		json_string(&j, "organization-name", f->organization);
		write_policies(&j, f);
		json_string(&j, "report-id", f->id);
	} else {
		json_string(&j, "organization-name", f->organization);
		write_range(&j, f);
		json_string(&j, "contact-info", f->contact);
		if (f->shape != SHAPE_POSTFIX)
			json_string(&j, "report-id", f->id);
		write_policies(&j, f);
		if (f->shape == SHAPE_POSTFIX)
			json_string(&j, "report-id", f->id);
	}
	json_end(&j, '}');
}
