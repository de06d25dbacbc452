/* SPDX-License-Identifier: ISC */

/*
 * The destinations of a record.  A list that breaks the grammar makes the
 * whole record void for a strict sender; a URI that is one, but leads nowhere,
 * only itself.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "domain/name.h"
#include "domain/record_private.h"

/* An item on its way. */
struct item {
	struct reading *r;
	struct span text;
	struct record_destination *destination;
	const char *shown; /* the text, for findings */
	bool kept;	   /* has a place in the record */
	bool is_last;	   /* nothing follows it in its list */
	bool is_broken;	   /* a sender cannot use it */
};

static void
tell(struct item *item, enum check_id check, struct span s)
{
	findings_add_at(item->r->findings, check, item->r->name,
	    place_of(item->r, s), "item", item->shown);
}

/* Of what is no error it is told for items that are kept only: the list of
 * findings is bound, and errors must have room. */
static void
tell_if_kept(struct item *item, enum check_id check, struct span s)
{
	if (item->kept)
		tell(item, check, s);
}

static void
tell_broken(struct item *item, enum check_id check, struct span s)
{
	tell(item, check, s);
	item->is_broken = true;
}

static size_t
find_octet(struct span s, const char *set)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] != '\0' && strchr(set, s.p[i]) != NULL)
			break;
	return i;
}

/* ---- what is no URI ---- */

/* An octet that may not be in a URI.  Those that cannot be seen have been told
 * of with the whole text. */
static void
look_at_octets(struct item *item)
{
	struct arena *a = item->r->findings->arena;
	struct span s = item->text;
	size_t i = uri_bad_octet(s);
	char c;

	if (i == s.len)
		return;
	item->is_broken = true;
	c = s.p[i];
	if (c == '!')
		tell(item, CHECK_RUA_UNENCODED_EXCLAMATION, part(s, i, i + 1));
	else if (c > ' ' && c < 0x7f)
		findings_add_at(item->r->findings, CHECK_RUA_BAD_CHARACTER,
		    item->r->name, place_of(item->r, part(s, i, i + 1)), "char",
		    arena_printf(a, "%c", c), "hex",
		    arena_printf(a, "%%%02X", (unsigned)c));
}

/* An item without a scheme. */
static void
look_at_stranger(struct item *item)
{
	struct span s = item->text;

	item->is_broken = true;
	if (item->is_last && (span_is(s, "mailto") || span_is(s, "https"))) {
		tell(item, CHECK_RUA_SEMICOLON_LIST, s);
		item->r->excused = true;
	} else if (find_octet(s, "@") < s.len)
		tell(item, CHECK_RUA_MISSING_MAILTO, s);
	else
		tell(item, CHECK_RUA_NOT_A_URI, s);
}

/* ---- hosts ---- */

/* Lower case and without the final dot, of which it is told; "" for none. */
static void
take_host(struct item *item)
{
	struct arena *a = item->r->findings->arena;
	struct record_destination *d = item->destination;
	struct span host = d->uri.host;

	if (host.len > 1 && host.p[host.len - 1] == '.')
		tell_if_kept(item, CHECK_RUA_HOST_TRAILING_DOT,
		    part(host, host.len - 1, host.len));
	d->host = name_normal(a, uri_decode(a, host));
}

/* ---- mailto ---- */

static void
look_at_mail_domain(struct item *item)
{
	struct record_destination *d = item->destination;
	struct span host = span_of(d->host);

	/* One label is a name, but not of a mail domain in public. */
	if (!name_is_host(host) || name_is_address(host))
		tell_broken(item, CHECK_RUA_MAILTO_BAD_DOMAIN, d->uri.host);
	else if (!name_has_dot(host) && item->kept)
		findings_add_at(item->r->findings, CHECK_RUA_MAILTO_BAD_DOMAIN,
		    item->r->name, place_of(item->r, d->uri.host), "item",
		    item->shown)
		    ->severity = SEVERITY_WARNING;
}

static void
look_at_mailto(struct item *item)
{
	struct arena *a = item->r->findings->arena;
	struct record_destination *d = item->destination;
	const struct uri *uri = &d->uri;
	struct span local = uri_decode(a, uri->local);

	if (!uri->has_at || uri->local.len == 0 || uri->host.len == 0) {
		tell_broken(item, CHECK_RUA_MAILTO_NO_ADDRESS, item->text);
		return;
	}
	take_host(item);
	if (!uri_is_dot_atom(local))
		tell_broken(item, CHECK_RUA_MAILTO_BAD_LOCALPART, uri->local);
	else if (uri->has_authority)
		tell_if_kept(
		    item, CHECK_RUA_MAILTO_SLASHES, part(uri->local, 0, 2));
	look_at_mail_domain(item);
	if (uri->has_query)
		tell_if_kept(item, CHECK_RUA_MAILTO_HEADERS, uri->query);
	if (!item->is_broken)
		d->mailbox = arena_printf(a, "%s@%s", local.p, d->host);
}

/* ---- https ---- */

static void
look_at_https(struct item *item)
{
	struct record_destination *d = item->destination;
	const struct uri *uri = &d->uri;
	struct span host;

	take_host(item);
	host = span_of(d->host);
	if (name_is_address(host))
		tell_if_kept(item, CHECK_RUA_HTTPS_IP_LITERAL, uri->host);
	else if (!name_is_host(host) || uri_port(uri) == 0)
		tell_broken(item, CHECK_RUA_HTTPS_BAD_HOST, item->text);
	if (uri->has_at)
		tell_if_kept(item, CHECK_RUA_HTTPS_USERINFO, uri->userinfo);
	if (uri_port(uri) != 0 && uri_port(uri) != 443)
		tell_if_kept(item, CHECK_RUA_HTTPS_PORT, uri->port);
}

/* ---- any ---- */

static void
look_at_scheme(struct item *item)
{
	struct arena *a = item->r->findings->arena;
	const struct uri *uri = &item->destination->uri;
	struct span name = uri->scheme_name;
	const char *shown = printable(a, name);
	size_t i;

	if (uri->scheme == URI_HTTP)
		tell_broken(item, CHECK_RUA_HTTP_NOT_HTTPS, name);
	if (uri->scheme == URI_OTHER) {
		item->is_broken = true;
		findings_add_at(item->r->findings, CHECK_RUA_SCHEME_UNSUPPORTED,
		    item->r->name, place_of(item->r, name), "scheme", shown);
	}
	for (i = 0; i < name.len; i++)
		if (ascii_lower(name.p[i]) != name.p[i])
			break;
	if (i < name.len && item->kept)
		findings_add_at(item->r->findings, CHECK_RUA_SCHEME_UPPERCASE,
		    item->r->name, place_of(item->r, name), "scheme", shown);
}

static void
look_at_uri(struct item *item)
{
	const struct uri *uri = &item->destination->uri;
	size_t percent = find_octet(item->text, "%");

	look_at_octets(item);
	look_at_scheme(item);
	/* What is behind an octet that may not be there is not judged. */
	if (!item->is_broken && uri->scheme == URI_MAILTO)
		look_at_mailto(item);
	else if (!item->is_broken && uri->scheme == URI_HTTPS)
		look_at_https(item);
	if (uri->has_fragment && !item->is_broken)
		tell_if_kept(item, CHECK_RUA_HTTPS_FRAGMENT,
		    part(item->text, uri->fragment, item->text.len));
	if (percent < item->text.len && !item->is_broken)
		tell_if_kept(item, CHECK_RUA_PERCENT_ENCODED,
		    part(item->text, percent, percent + 3));
}

/* The same mailbox, or the same URI but for the case of scheme and host. */
static bool
is_same(const struct record_destination *a, const struct record_destination *b)
{
	struct uri x = a->uri, y = b->uri;

	if (x.scheme != y.scheme || !a->usable || !b->usable)
		return false;
	if (x.scheme == URI_MAILTO)
		return strcmp(a->mailbox, b->mailbox) == 0;
	return strcmp(a->host, b->host) == 0 && uri_port(&x) == uri_port(&y) &&
	    span_equal(x.userinfo, y.userinfo) &&
	    (span_equal(x.path, y.path) ||
		(x.path.len + y.path.len == 1)) && /* "" is "/" */
	    span_equal(x.query, y.query);
}

static void
look_for_twin(struct item *item)
{
	const struct record *record = item->r->record;
	size_t i;

	for (i = 0; i < record->ndestinations; i++) {
		if (!is_same(&record->destinations[i], item->destination))
			continue;
		tell(item, CHECK_RUA_DUPLICATE, item->text);
		return;
	}
}

static void
look_at_item(struct item *item)
{
	struct span s = item->text;
	size_t space = find_octet(s, " \t");

	uri_split(s, &item->destination->uri);
	if (span_starts(s, "ruf=")) {
		tell_broken(item, CHECK_RUA_RUF_IN_LIST, s);
	} else if (space < s.len) {
		tell_broken(
		    item, CHECK_RUA_SPACE_INSIDE, part(s, space, space + 1));
	} else if (item->destination->uri.scheme == URI_NONE) {
		look_at_octets(item);
		if (!item->is_broken)
			look_at_stranger(item);
	} else {
		look_at_uri(item);
	}
}

static void
read_item(struct reading *r, struct span text, bool is_last)
{
	struct record *record = r->record;
	struct record_destination spare = {0};
	struct item item = {.r = r,
	    .text = text,
	    .shown = printable(r->findings->arena, text),
	    .kept = record->ndestinations < RECORD_DESTINATIONS_MAX,
	    .is_last = is_last};

	item.destination =
	    item.kept ? &record->destinations[record->ndestinations] : &spare;
	item.destination->text = text;
	item.destination->at = place_of(r, text).from;
	item.destination->host = "";
	look_at_item(&item);
	item.destination->usable = !item.is_broken;
	r->items++;
	r->usable += !item.is_broken;
	if (!item.kept)
		return;
	look_for_twin(&item);
	record->ndestinations++;
}

void
record_read_list(struct reading *r, struct span list)
{
	size_t end;
	struct span text;
	bool is_last;

	do {
		for (end = 0; end < list.len && list.p[end] != ','; end++)
			continue;
		is_last = end == list.len;
		text = span_trim_wsp(part(list, 0, end));
		if (text.len > 0)
			read_item(r, text, is_last);
		else
			findings_add_at(r->findings, CHECK_RUA_EMPTY_ITEM,
			    r->name, place_of(r, part(list, 0, end)));
		list = part(list, is_last ? end : end + 1, list.len);
	} while (!is_last);
}
