/* SPDX-License-Identifier: ISC */

/*
 * TLS-RPT records of any octets: findings are printable and within the text;
 * the verdict is the one that a plain reading of the grammar gives, which is
 * written here apart; other texts beside a record do not change it.  And what
 * record_make makes of any URI is read without a fault.
 */

#include "config.h"

#include "base/arena.h"
#include "base/limits.h"
#include "domain/rdata.h"
#include "domain/record.h"
#include "fuzz.h"

#define NAME "_smtp._tls.example.com"

/* ---- the grammar, read plainly ---- */

static bool
wsp(char c)
{
	return c == ' ' || c == '\t';
}

static bool
in_set(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool
alnum(char c)
{
	return in_set(c,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

static struct span
cut(struct span s)
{
	while (s.len > 0 && wsp(s.p[0]))
		s = (struct span){s.p + 1, s.len - 1};
	while (s.len > 0 && wsp(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* "rua" URI: a scheme, and octets that may be in one. */
static bool
is_rua_uri(struct span s)
{
	size_t i, colon = s.len;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '%') {
			if (s.len - i < 3 ||
			    !in_set(s.p[i + 1], "0123456789abcdefABCDEF") ||
			    !in_set(s.p[i + 2], "0123456789abcdefABCDEF"))
				return false;
		} else if (!alnum(s.p[i]) &&
		    !in_set(s.p[i], "-._~:/?#[]@$&'()*+=")) {
			return false;
		}
		if (s.p[i] == ':' && colon == s.len)
			colon = i;
	}
	if (colon == s.len || colon == 0 || !alnum(s.p[0]) ||
	    in_set(s.p[0], "0123456789"))
		return false;
	for (i = 0; i < colon; i++)
		if (!alnum(s.p[i]) && !in_set(s.p[i], "+-."))
			return false;
	return true;
}

static bool
is_rua_list(struct span s)
{
	size_t i, from = 0;

	for (i = 0; i <= s.len; i++) {
		if (i < s.len && s.p[i] != ',')
			continue;
		if (!is_rua_uri(cut((struct span){s.p + from, i - from})))
			return false;
		from = i + 1;
	}
	return true;
}

static bool
is_ext(struct span s)
{
	size_t i, equals = 0;

	while (equals < s.len && s.p[equals] != '=')
		equals++;
	if (equals == 0 || equals > 32 || equals + 1 >= s.len || !alnum(s.p[0]))
		return false;
	for (i = 1; i < equals; i++)
		if (!alnum(s.p[i]) && !in_set(s.p[i], "_-."))
			return false;
	for (i = equals + 1; i < s.len; i++)
		if (s.p[i] < 0x21 || s.p[i] > 0x7e || s.p[i] == '=')
			return false;
	return true;
}

/* White space at the very end is let pass: it is told of. */
static bool
is_grammatical(struct span s)
{
	struct span version = SPAN(RECORD_VERSION), field;
	bool has_rua = false;
	size_t i;

	if (s.len < version.len || memcmp(s.p, version.p, version.len) != 0)
		return false;
	s = (struct span){s.p + version.len, s.len - version.len};
	for (i = 0; i < s.len && wsp(s.p[i]); i++)
		continue;
	if (i == s.len || s.p[i] != ';')
		return false;
	s = (struct span){s.p + i + 1, s.len - i - 1};
	while (cut(s).len > 0) {
		for (i = 0; i < s.len && s.p[i] != ';'; i++)
			continue;
		field = cut((struct span){s.p, i});
		s = i < s.len ? (struct span){s.p + i + 1, s.len - i - 1}
			      : (struct span){s.p + i, 0};
		if (field.len >= 4 && memcmp(field.p, "rua=", 4) == 0) {
			if (!is_rua_list(
				(struct span){field.p + 4, field.len - 4}) ||
			    (field.len > 4 && wsp(field.p[4])))
				return false;
			has_rua = true;
		} else if (!is_ext(field)) {
			return false;
		}
	}
	return has_rua;
}

/* ---- promises ---- */

static void
check_printable(const char *s)
{
	for (; *s != '\0'; s++)
		check(*s >= ' ' && *s <= '~');
}

static void
check_findings(const struct findings *f, size_t len)
{
	const struct finding *item;
	size_t i;

	check(f->n <= FINDINGS_MAX);
	for (i = 0; i < f->n; i++) {
		item = &f->items[i];
		check(item->check < CHECK_COUNT);
		check_printable(item->message);
		check_printable(item->subject);
		if (item->fix != NULL)
			check_printable(item->fix);
		check((item->from == NO_PLACE) == (item->to == NO_PLACE));
		if (item->from != NO_PLACE)
			check(item->from <= item->to && item->to <= len);
	}
}

static bool
check_destinations(const struct record *r)
{
	const struct record_destination *d;
	bool usable = false;
	size_t i;

	check(r->ndestinations <= RECORD_DESTINATIONS_MAX);
	for (i = 0; i < r->ndestinations; i++) {
		d = &r->destinations[i];
		check(d->text.len > 0);
		check(d->text.p == r->text.p + d->at);
		check(d->at + d->text.len <= r->text.len);
		if (!d->usable)
			continue;
		usable = true;
		check(d->host[0] != '\0');
		check_printable(d->host);
		check(is_rua_uri(d->text));
		check((d->uri.scheme == URI_MAILTO) == (d->mailbox != NULL));
		if (d->mailbox != NULL)
			check(strchr(d->mailbox, '@') != NULL);
		else
			check(d->uri.scheme == URI_HTTPS &&
			    uri_port(&d->uri) != 0);
	}
	return usable;
}

static void
check_verdict(const struct record *r, const struct findings *f)
{
	enum severity worst = findings_worst(f);
	bool usable = check_destinations(r);
	bool many = r->ndestinations == RECORD_DESTINATIONS_MAX;

	check((r->verdict == RECORD_INVALID) == (worst == SEVERITY_ERROR));
	check((r->verdict == RECORD_WARN) == (worst == SEVERITY_WARNING));
	if (r->verdict != RECORD_INVALID) {
		check(is_grammatical(r->text));
		check(usable || many);
	} else {
		check(!is_grammatical(r->text) || !usable);
	}
}

static void
read_beside_others(struct arena *a, const struct record *r)
{
	struct span texts[3] = {SPAN("x"), r->text, SPAN("v=spf1 -all")};
	enum record_likeness likeness = record_likeness(r->text);
	struct findings f = findings_new(a);
	struct record_set set;

	record_read(&set, texts, 3, NAME, &f);
	check_findings(&f, r->text.len);
	check(set.present == (likeness >= RECORD_MEANT));
	if (likeness >= RECORD_LOOSE)
		check(set.verdict == r->verdict);
	else
		check(set.verdict == RECORD_INVALID);
	/* Two are none. */
	texts[0] = r->text;
	record_read(&set, texts, 2, NAME, &f);
	check(set.verdict == RECORD_INVALID);
}

static void
make_and_read(struct arena *a, struct span text)
{
	struct span uris[4], rest = text, joined;
	struct findings f = findings_new(a);
	struct record_made made;
	struct record_set set;
	struct err err = {0};
	size_t n = 0;

	while (rest.len > 0 && n < 4)
		uris[n++] = span_cut(&rest, '\n');
	if (record_make(&made, a, "e.example", uris, n, &err) == -1) {
		check(err.code == ERR_USAGE);
		check_printable(err.text);
		return;
	}
	check(rdata_txt(a, rdata_txt_make(a, span_of(made.value)), &joined,
		  NULL) == 0);
	record_read(&set, &joined, 1, NAME, &f);
	check(set.verdict == RECORD_VALID);
	check(set.record.ndestinations == n);
	check(findings_worst(&f) <= SEVERITY_INFO);
	check_printable(record_zone_line(a, &made));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = {(const char *)data, size};
	struct arena *a = arena_new(16384);
	struct findings f = findings_new(a);
	struct span joined;
	struct record r;

	record_parse(&r, text, NAME, &f);
	check_findings(&f, size);
	check_verdict(&r, &f);
	read_beside_others(a, &r);
	make_and_read(a, text);
	rdata_txt(a, text, &joined, NULL);
	check(joined.len <= size);
	arena_free(a);
	return 0;
}
