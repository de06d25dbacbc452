/* SPDX-License-Identifier: ISC */

/*
 * The digest as a mail (RFC 5322): text and HTML, of which a mail program
 * shows what it can, and the figures as CSV.  What a report says stands in
 * encoded parts and in one encoded field, so it can end neither; the
 * boundaries hold "=_", which no encoded part does.
 *
 * Lines end in LF, as sendmail(8) takes them and mail folders have them.
 */

#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "base/sha256.h"
#include "output/encode.h"
#include "output/escape.h"
#include "output/html.h"
#include "output/mail.h"

#define MIXED	    "=_tlstally_mixed"
#define ALTERNATIVE "=_tlstally_alternative"

/* Bytes of a hash that make an id as unique as a random one of UUID's
 * size. */
#define ID_BYTES 16

/* Text in memory, to be encoded. */
struct piece {
	FILE *stream;
	char *data;
	size_t len;
};

static void
begin_piece(struct piece *p)
{
	p->stream = xmemstream(&p->data, &p->len);
}

static void
end_piece(struct piece *p)
{
	xmemstream_end(p->stream);
	p->stream = NULL;
}

void
mail_date(int64_t t, char out[MAIL_DATE_SIZE])
{
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	const int32_t day = day_of_time(t);
	const struct civil c = civil_from_day(day);
	const int second = (int)(t - (int64_t)day * DAY_SECONDS) % DAY_SECONDS;

	snprintf(out, MAIL_DATE_SIZE, "%.3s, %u %s %04u %02u:%02u:%02u +0000",
	    date_weekday_name(day), (unsigned)c.day % 32,
	    months[(c.month - 1) % 12], (unsigned)c.year % 10000,
	    (unsigned)second / HOUR_SECONDS % 24, (unsigned)second / 60 % 60,
	    (unsigned)second % 60);
}

/* ---- header ---- */

/* An id from what makes this mail another than any other: to whom it goes,
 * when, and what it says. */
static void
write_id(FILE *out, const struct view *view, const struct piece *text)
{
	const char *at = strchr(view->mail.from, '@');
	unsigned char hash[SHA256_LEN];
	char hex[SHA256_HEX_SIZE], time[TIME_SIZE];
	struct piece all;

	date_format_time(view->figures->spec.now, time);
	begin_piece(&all);
	fprintf(
	    all.stream, "%s\n%s\n%s\n", view->mail.from, view->mail.to, time);
	fwrite(text->data, 1, text->len, all.stream);
	end_piece(&all);
	sha256(all.data, all.len, hash);
	sha256_hex(hash, hex);
	free(all.data);
	fprintf(out, "Message-ID: <%.*s@%s>\n", 2 * ID_BYTES, hex,
	    at != NULL ? at + 1 : "localhost");
}

static void
write_header(FILE *out, const struct view *view, const struct piece *text)
{
	char date[MAIL_DATE_SIZE];
	struct piece subject;

	mail_date(view->figures->spec.now, date);
	begin_piece(&subject);
	mail_subject(
	    &(const struct words){.out = subject.stream, .put = escape_text},
	    view);
	end_piece(&subject);
	encode_field(out, "Date", date);
	encode_field(out, "From", view->mail.from);
	encode_field(out, "To", view->mail.to);
	encode_field(out, "Subject", subject.data);
	free(subject.data);
	write_id(out, view, text);
	fputs("Auto-Submitted: auto-generated\n"
	      "MIME-Version: 1.0\n"
	      "Content-Type: multipart/mixed; boundary=\"" MIXED "\"\n"
	      "\n"
	      "This is a message in parts (MIME).\n"
	      "\n",
	    out);
}

/* ---- parts ---- */

static void
write_text_part(FILE *out, const char *type, const struct piece *p)
{
	fprintf(out,
	    "\n--" ALTERNATIVE "\n"
	    "Content-Type: text/%s; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n"
	    "\n",
	    type);
	encode_quoted_printable(out, p->data, p->len);
}

/* "tlstally-2026-11-20.csv", "tlstally-2026-11-01_2026-11-30.csv". */
static void
put_file_name(FILE *out, const struct digest_spec *spec)
{
	char first[DATE_SIZE], last[DATE_SIZE];

	fputs("tlstally", out);
	if (spec->first_day != DAY_NONE) {
		date_format_day(spec->first_day, first);
		date_format_day(spec->last_day, last);
		fprintf(out, "-%s", first);
		if (spec->first_day != spec->last_day)
			fprintf(out, "_%s", last);
	}
	fputs(".csv", out);
}

static void
write_attachment(FILE *out, const struct view *view, const struct piece *csv)
{
	fputs("\n--" MIXED "\n"
	      "Content-Type: text/csv; charset=utf-8; header=present\n"
	      "Content-Transfer-Encoding: base64\n"
	      "Content-Disposition: attachment; filename=\"",
	    out);
	put_file_name(out, &view->figures->spec);
	fputs("\"\n\n", out);
	encode_base64(out, csv->data, csv->len);
	fputs("\n--" MIXED "--\n", out);
}

/* Has another output write to memory.  Returns 0, or -1 as that does. */
static int
make_piece(struct piece *p, const struct view *view, const struct output *by,
    struct err *err)
{
	struct view plain = *view;
	int rc;

	plain.colour = false;
	begin_piece(p);
	rc = by != NULL ? by->write(p->stream, &plain, err)
			: html_write(p->stream, &plain, true, err);
	end_piece(p);
	return rc;
}

static int
write_mail(FILE *out, const struct view *view, struct err *err)
{
	struct piece text = {0}, html = {0}, csv = {0};
	int rc = -1;

	if (make_piece(&text, view, &output_text, err) == 0 &&
	    make_piece(&html, view, NULL, err) == 0 &&
	    make_piece(&csv, view, &output_csv, err) == 0) {
		write_header(out, view, &text);
		fputs("--" MIXED "\n"
		      "Content-Type: multipart/alternative; "
		      "boundary=\"" ALTERNATIVE "\"\n",
		    out);
		write_text_part(out, "plain", &text);
		write_text_part(out, "html", &html);
		fputs("\n--" ALTERNATIVE "--\n", out);
		write_attachment(out, view, &csv);
		rc = output_finish(out, err);
	}
	free(text.data);
	free(html.data);
	free(csv.data);
	return rc;
}

const struct output output_mail = {.name = "mail",
    .has_coverage = true,
    .looks_back = true,
    .takes_rows = true,
    .is_page = true,
    .write = write_mail};
