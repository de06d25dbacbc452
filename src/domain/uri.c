/* SPDX-License-Identifier: ISC */

/*
 * URIs of destinations.  Taking one apart accepts anything, since the faults
 * of published records are to be named and not only refused.
 */

#include "config.h"

#include <string.h>

#include "domain/uri.h"

/* RFC 5321 4.5.3.1.1. */
#define LOCAL_PART_MAX 64

/* Characters beside letters and digits ... */
#define UNRESERVED  "-._~"
#define GEN_DELIMS  ":/?#[]@"
/* ... without those that RFC 8460 3 wants encoded. */
#define SUB_DELIMS  "$&'()*+="
/* A dot-atom's (RFC 5322 3.2.3). */
#define ATEXT	    "!#$%&'*+-/=?^_`{|}~"
/* A local part's that stand as they are in a mailto URI (RFC 6068 2: qchar
 * and unreserved, without what RFC 8460 3 or an rua list would trip over). */
#define LOCAL_PLAIN "-._~$'*+"

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* The octet that "%" and two digits at place i stand for, or -1. */
static int
encoded_at(struct span s, size_t i)
{
	if (s.p[i] != '%')
		return -1;
	return ascii_hex(s.p + i + 1, s.len - i - 1);
}

/* RFC 3986 3.1.  Returns the length in front of ":", or 0. */
static size_t
scheme_length(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == ':')
			return i;
		if (!ascii_is_alnum(s.p[i]) &&
		    (i == 0 || !is_one_of(s.p[i], "+-.")))
			return 0;
		if (i == 0 && ascii_is_digit(s.p[i]))
			return 0;
	}
	return 0;
}

static enum uri_scheme
scheme_of(struct span name)
{
	static const struct {
		const char *name;
		enum uri_scheme scheme;
	} table[] = {{"mailto", URI_MAILTO}, {"https", URI_HTTPS},
	    {"http", URI_HTTP}, {"", URI_NONE}};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (span_is(name, table[i].name))
			return table[i].scheme;
	return URI_OTHER;
}

/* What is behind the first octet that is one of set goes into *tail, with
 * it. */
static struct span
cut_before(struct span s, const char *set, struct span *tail)
{
	size_t i;

	for (i = 0; i < s.len && !is_one_of(s.p[i], set); i++)
		continue;
	*tail = (struct span){s.p + i, s.len - i};
	return (struct span){s.p, i};
}

/* The place of the last c in s; s.len if there is none. */
static size_t
last_of(struct span s, char c)
{
	size_t i;

	for (i = s.len; i > 0; i--)
		if (s.p[i - 1] == c)
			return i - 1;
	return s.len;
}

static void
split_query(struct uri *uri, struct span tail)
{
	uri->has_query = tail.len > 0 && tail.p[0] == '?';
	if (uri->has_query)
		uri->query = (struct span){tail.p + 1, tail.len - 1};
}

static void
split_mailto(struct uri *uri, struct span rest)
{
	struct span tail, mailbox = cut_before(rest, "?", &tail);
	size_t at = last_of(mailbox, '@');

	split_query(uri, tail);
	uri->has_authority = span_starts(mailbox, "//");
	uri->has_at = at < mailbox.len;
	uri->local = (struct span){mailbox.p, at};
	if (uri->has_at)
		uri->host =
		    (struct span){mailbox.p + at + 1, mailbox.len - at - 1};
}

/* HOST[:PORT]; colons within brackets are the address's. */
static void
split_host(struct uri *uri, struct span s)
{
	size_t colon = last_of(s, ':'), bracket = last_of(s, ']');

	uri->host = s;
	if (colon == s.len || (bracket < s.len && bracket > colon))
		return;
	uri->has_port = true;
	uri->host = (struct span){s.p, colon};
	uri->port = (struct span){s.p + colon + 1, s.len - colon - 1};
}

static void
split_hierarchy(struct uri *uri, struct span rest)
{
	struct span authority;
	size_t at;

	uri->has_authority = span_starts(rest, "//");
	if (uri->has_authority) {
		rest.p += 2;
		rest.len -= 2;
		authority = cut_before(rest, "/?", &rest);
		at = last_of(authority, '@');
		uri->has_at = at < authority.len;
		if (uri->has_at) {
			uri->userinfo = (struct span){authority.p, at};
			authority.p += at + 1;
			authority.len -= at + 1;
		}
		split_host(uri, authority);
	}
	uri->path = cut_before(rest, "?", &rest);
	split_query(uri, rest);
}

void
uri_split(struct span text, struct uri *uri)
{
	size_t len = scheme_length(text);
	struct span rest, fragment;

	*uri = (struct uri){.scheme_name = {text.p, len}};
	uri->scheme = scheme_of(uri->scheme_name);
	if (uri->scheme == URI_NONE)
		return;
	rest = (struct span){text.p + len + 1, text.len - len - 1};
	rest = cut_before(rest, "#", &fragment);
	uri->has_fragment = fragment.len > 0;
	uri->fragment = text.len - fragment.len;
	if (uri->scheme == URI_MAILTO)
		split_mailto(uri, rest);
	else
		split_hierarchy(uri, rest);
}

size_t
uri_bad_octet(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.p[i] == '%' && encoded_at(text, i) == -1)
			return i;
		if (!ascii_is_alnum(text.p[i]) &&
		    !is_one_of(text.p[i], UNRESERVED GEN_DELIMS SUB_DELIMS "%"))
			return i;
	}
	return text.len;
}

struct span
uri_decode(struct arena *arena, struct span text)
{
	char *s = arena_alloc(arena, text.len + 1);
	size_t i, len = 0;
	int c;

	for (i = 0; i < text.len; i++) {
		c = encoded_at(text, i);
		s[len++] = c == -1 ? text.p[i] : (char)c;
		if (c != -1)
			i += 2;
	}
	s[len] = '\0';
	return (struct span){s, len};
}

bool
uri_is_dot_atom(struct span local)
{
	size_t i;

	if (local.len == 0 || local.len > LOCAL_PART_MAX || local.p[0] == '.' ||
	    local.p[local.len - 1] == '.')
		return false;
	for (i = 0; i < local.len; i++) {
		if (local.p[i] == '.' && local.p[i - 1] == '.')
			return false;
		if (!ascii_is_alnum(local.p[i]) &&
		    !is_one_of(local.p[i], ATEXT "."))
			return false;
	}
	return true;
}

uint16_t
uri_port(const struct uri *uri)
{
	uint32_t port = 0;
	size_t i;

	/* An empty port is the usual one (RFC 3986 3.2.3). */
	if (uri->port.len == 0)
		return 443;
	for (i = 0; i < uri->port.len; i++) {
		if (!ascii_is_digit(uri->port.p[i]))
			return 0;
		port = port * 10 + (uint32_t)(uri->port.p[i] - '0');
		if (port > UINT16_MAX)
			return 0;
	}
	return (uint16_t)port;
}

/* Whether an octet in front of the "@" of mailto, or elsewhere, may stay. */
static bool
may_stay(char c, bool in_local)
{
	if (ascii_is_alnum(c))
		return true;
	return is_one_of(
	    c, in_local ? LOCAL_PLAIN : UNRESERVED GEN_DELIMS SUB_DELIMS);
}

const char *
uri_encode(struct arena *arena, struct span text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *s = arena_alloc(arena, text.len * 3 + 1), *end = s;
	size_t scheme = scheme_length(text), at = last_of(text, '@'), i;
	bool is_mailto = span_is((struct span){text.p, scheme}, "mailto");
	bool in_local;

	for (i = 0; i < text.len; i++) {
		in_local = is_mailto && at < text.len && i > scheme && i < at;
		if (may_stay(text.p[i], in_local) ||
		    encoded_at(text, i) != -1) {
			*end++ =
			    i < scheme ? ascii_lower(text.p[i]) : text.p[i];
			continue;
		}
		*end++ = '%';
		*end++ = digits[(unsigned char)text.p[i] >> 4];
		*end++ = digits[text.p[i] & 15];
	}
	*end = '\0';
	return s;
}
