/* SPDX-License-Identifier: ISC */

/*
 * Making a record.  Mistakes are refused with what to write instead; what is
 * made is read by the reader of records before it is handed out.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "domain/name.h"
#include "domain/record_private.h"

#define STRING_MAX 255

/* ---- the domain ---- */

static int
take_domain(
    struct arena *a, const char *domain, const char **normal, struct err *err)
{
	const char *shown = printable(a, span_of(domain));
	size_t prefix = strlen(RECORD_PREFIX);

	*normal = name_normal(a, span_of(domain));
	if (strncmp(*normal, RECORD_PREFIX ".", prefix + 1) == 0)
		return err_set(err, ERR_USAGE, "%s: give the domain alone, %s",
		    shown, printable(a, span_of(*normal + prefix + 1)));
	if (strchr(domain, '@') != NULL)
		return err_set(err, ERR_USAGE,
		    "%s: a mail address; give the domain of your mail first",
		    shown);
	if (domain[0] == '\0')
		return err_set(err, ERR_USAGE, "an empty name is no domain");
	if (strchr(domain, ':') != NULL)
		return err_set(err, ERR_USAGE,
		    "%s: a URI; give the domain of your mail first", shown);
	if (!name_is_domain(span_of(*normal)) ||
	    strlen(*normal) + prefix + 1 > 253)
		return err_set(err, ERR_USAGE,
		    "%s: no domain name (letters, digits, hyphens and dots; "
		    "others as A-labels, xn--...)",
		    shown);
	return 0;
}

/* ---- the URIs ---- */

/* The first finding that a record of ours must not have. */
static const struct finding *
first_fault(const struct findings *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->items[i].severity != SEVERITY_INFO)
			return &f->items[i];
	return NULL;
}

/* The URI of a mailbox that stands alone or as "Name <MAILBOX>"; with a word
 * in its place if that would be refused, too. */
static const char *
offer_mailto(struct arena *a, struct span text)
{
	struct span behind = text, before = span_cut(&behind, '<');
	struct span mailbox = behind.len > 0 ? span_cut(&behind, '>') : before;
	struct findings findings = findings_new(a);
	struct record record;
	const char *uri;

	uri = arena_printf(
	    a, "mailto:%s", arena_strndup(a, mailbox.p, mailbox.len));
	uri = uri_encode(a, span_of(uri));
	record_parse(&record,
	    span_of(arena_printf(a, RECORD_VERSION "; rua=%s", uri)),
	    RECORD_PREFIX, &findings);
	return first_fault(&findings) == NULL ? uri : "mailto:LOCAL@DOMAIN";
}

/* A text in front of which something is missing, or stands too much. */
static int
refuse_stranger(struct arena *a, struct span text, struct err *err)
{
	const char *shown = printable(a, text);

	if (text.len == 0)
		return err_set(err, ERR_USAGE,
		    "an empty URI; write mailto:ADDRESS or https://HOST/PATH");
	if (span_starts(text, "rua="))
		return err_set(err, ERR_USAGE,
		    "%s: without rua=, it is put in front by itself", shown);
	if (span_find(text, "rua=") != NULL)
		return err_set(err, ERR_USAGE,
		    "%s: a whole record; give the URIs behind rua= alone",
		    shown);
	if (memchr(text.p, '@', text.len) != NULL &&
	    memchr(text.p, ',', text.len) != NULL)
		return err_set(err, ERR_USAGE,
		    "%s: several addresses; give each as an argument of its "
		    "own, with mailto: in front of each",
		    shown);
	if (memchr(text.p, '@', text.len) != NULL)
		return err_set(err, ERR_USAGE, "%s: a mail address; write %s",
		    shown, offer_mailto(a, text));
	if (name_is_host(text) && name_has_dot(text))
		return err_set(err, ERR_USAGE,
		    "%s: no URI; write mailto:ADDRESS or https://%s/", shown,
		    shown);
	return err_set(err, ERR_USAGE,
	    "%s: no URI; write mailto:ADDRESS or https://HOST/PATH", shown);
}

/* Mistakes that encoding would hide. */
static int
look_at_raw(struct arena *a, struct span text, struct err *err)
{
	struct uri uri;

	uri_split(text, &uri);
	if (uri.scheme == URI_NONE)
		return refuse_stranger(a, text, err);
	if (span_find(text, ",mailto:") != NULL ||
	    span_find(text, ",https:") != NULL || span_find(text, ", ") != NULL)
		return err_set(err, ERR_USAGE,
		    "%s: several URIs; give each as an argument of its own, "
		    "without a comma",
		    printable(a, text));
	return 0;
}

/* Reads a record of these URIs, and sets an error for its first fault, about
 * the text that the user gave. */
static int
read_again(
    struct arena *a, const char *value, struct span given, struct err *err)
{
	struct findings findings = findings_new(a);
	const struct finding *fault;
	struct record record;

	record_parse(&record, span_of(value), RECORD_PREFIX, &findings);
	fault = first_fault(&findings);
	if (fault == NULL)
		return 0;
	return err_set(err, ERR_USAGE, "%s: %s (%s)", printable(a, given),
	    fault->message, fault->fix);
}

static int
take_uri(struct arena *a, struct span text, const char **uri, struct err *err)
{
	text = span_trim(text);
	if (look_at_raw(a, text, err) == -1)
		return -1;
	*uri = uri_encode(a, text);
	return read_again(
	    a, arena_printf(a, RECORD_VERSION "; rua=%s", *uri), text, err);
}

/* ---- the record ---- */

static const char *
join(struct arena *a, const struct record_made *made)
{
	static const char start[] = RECORD_VERSION "; rua=";
	size_t len = sizeof(start), i;
	char *value, *end;

	for (i = 0; i < made->nuris; i++)
		len += strlen(made->uris[i]) + 1;
	value = arena_alloc(a, len);
	memcpy(value, start, sizeof(start));
	end = value + sizeof(start) - 1;
	for (i = 0; i < made->nuris; i++) {
		len = strlen(made->uris[i]);
		if (i > 0)
			*end++ = ',';
		memcpy(end, made->uris[i], len);
		end += len;
	}
	*end = '\0';
	return value;
}

int
record_make(struct record_made *made, struct arena *a, const char *domain,
    const struct span *uris, size_t n, struct err *err)
{
	const char *normal;
	size_t i;

	*made = (struct record_made){0};
	if (take_domain(a, domain, &normal, err) == -1)
		return -1;
	if (n == 0)
		return err_set(err, ERR_USAGE,
		    "where shall reports go? give mailto:ADDRESS or "
		    "https://HOST/PATH");
	if (n > RECORD_DESTINATIONS_MAX)
		return err_set(err, ERR_USAGE,
		    "%zu URIs, and no more than %zu are allowed; a sender may "
		    "use only one of them",
		    n, RECORD_DESTINATIONS_MAX);
	made->name = arena_printf(a, RECORD_PREFIX ".%s", normal);
	made->uris = arena_calloc(a, n, sizeof(*made->uris));
	for (i = 0; i < n; i++)
		if (take_uri(a, uris[i], &made->uris[i], err) == -1)
			return -1;
	made->nuris = n;
	made->value = join(a, made);
	if (strlen(made->value) > RECORD_TEXT_MAX)
		return err_set(err, ERR_USAGE,
		    "%zu octets, and a TXT record holds %zu; give fewer or "
		    "shorter URIs",
		    strlen(made->value), RECORD_TEXT_MAX);
	/* What is wrong with all together, is with one that stands twice. */
	return read_again(a, made->value, SPAN("these URIs"), err);
}

const char *
record_zone_line(struct arena *a, const struct record_made *made)
{
	size_t len = strlen(made->value), at, piece;
	struct buf b = {.cap = (size_t)1 << 20};
	const char *line;

	for (at = 0; at < len; at += piece) {
		piece = len - at < STRING_MAX ? len - at : STRING_MAX;
		/* Quotes and backslashes are not in a URI. */
		buf_append(&b, " \"", 2);
		buf_append(&b, made->value + at, piece);
		buf_append(&b, "\"", 1);
	}
	line = arena_printf(a, "%s. IN TXT%s", made->name, buf_string(&b));
	buf_free(&b);
	return line;
}
