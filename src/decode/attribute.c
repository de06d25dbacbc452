/* SPDX-License-Identifier: ISC */

/*
 * Postfix and Google leave out the policy domain where no policy was found,
 * and some senders leave out who they are.  What stood around the report
 * then has to serve.  It is text from a stranger in fields made for other
 * ends, so it is taken only if it is one plausible host name.
 */

#include "config.h"

#include <string.h>

#include "decode/attribute.h"

/* RFC 1035 2.3.4. */
#define NAME_MAX_BYTES	253
#define LABEL_MAX_BYTES 63

static bool
is_host_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' ||
	    (unsigned char)c >= 0x80;
}

/* Returns what of s, from its start, may be a host name. */
static struct span
host_prefix(struct span s)
{
	size_t n = 0;

	while (n < s.len && (is_host_char(s.p[n]) || s.p[n] == '.'))
		n++;
	s.len = n;
	return s;
}

static struct span
strip_final_dot(struct span name)
{
	if (name.len > 1 && name.p[name.len - 1] == '.')
		name.len--;
	return name;
}

/* True for two or more labels that a host name may have, the last of them no
 * number: an address is not meant. */
static bool
is_host(struct span name)
{
	struct span rest = strip_final_dot(name), label = {NULL, 0};
	size_t i, labels = 0;

	if (rest.len > NAME_MAX_BYTES || span_ends(rest, "."))
		return false;
	while (rest.len > 0) {
		label = span_cut(&rest, '.');
		if (label.len == 0 || label.len > LABEL_MAX_BYTES)
			return false;
		for (i = 0; i < label.len; i++)
			if (!is_host_char(label.p[i]))
				return false;
		labels++;
	}
	return labels >= 2 && !ascii_is_digit(label.p[0]);
}

static char *
lower_copy(struct arena *arena, struct span s)
{
	char *copy = arena_strndup(arena, s.len > 0 ? s.p : "", s.len);
	char *p;

	for (p = copy; *p != '\0'; p++)
		*p = ascii_lower(*p);
	return copy;
}

const char *
attribute_host(struct arena *arena, struct span name)
{
	name = strip_final_dot(span_trim(name));
	return name.len == 0 ? "" : lower_copy(arena, name);
}

static bool
is_digits(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.len > 0;
}

/* Returns the second field of "sender!domain!begin!end[!id].json[.gz]" (RFC
 * 8460 5.1), or nothing if the name is not of that form. */
static struct span
domain_of_filename(const char *filename)
{
	static const struct span none = {NULL, 0};
	struct span rest = span_of(filename), domain, begin;

	(void)span_cut(&rest, '!');
	domain = span_cut(&rest, '!');
	begin = span_cut(&rest, '!');
	if (!is_digits(begin) || rest.len == 0 || !ascii_is_digit(rest.p[0]))
		return none;
	return domain;
}

/* Returns the word behind "Report Domain:" (RFC 8460 5.3). */
static struct span
domain_of_subject(const char *subject)
{
	static const char words[] = "report domain:";
	struct span s = span_of(subject);
	const char *at = span_find(s, words);

	if (at == NULL)
		return (struct span){NULL, 0};
	at += strlen(words);
	s.len -= (size_t)(at - s.p);
	s.p = at;
	return host_prefix(span_trim(s));
}

void
attribute_domain(struct attribution *a, const struct tlsrpt_context *context,
    struct arena *arena)
{
	const struct {
		struct span domain;
		enum deviation_code how;
	} sources[] = {
	    {span_trim(span_of(context->domain_header)),
		DEVIATION_DOMAIN_FROM_HEADER},
	    {domain_of_filename(context->filename),
		DEVIATION_DOMAIN_FROM_FILENAME},
	    {domain_of_subject(context->subject),
		DEVIATION_DOMAIN_FROM_SUBJECT},
	};
	size_t i;

	*a = (struct attribution){true, "", DEVIATION_DOMAIN_UNKNOWN};
	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (is_host(sources[i].domain)) {
			a->domain = attribute_host(arena, sources[i].domain);
			a->how = sources[i].how;
			return;
		}
}

struct span
attribute_contact_domain(const char *contact)
{
	const char *at = strrchr(contact, '@');
	struct span domain = {at, 0};

	if (at == NULL)
		return domain;
	domain = host_prefix(span_of(at + 1));
	if (!is_host(domain))
		domain.len = 0;
	return domain;
}

const char *
attribute_reporter(struct arena *arena, const char *submitter,
    const char *contact, const char *organization)
{
	const struct span sources[] = {
	    span_of(submitter),
	    attribute_contact_domain(contact),
	    span_of(organization),
	};
	struct span name;
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		name = span_trim(sources[i]);
		if (is_host(name))
			name = strip_final_dot(name); /* not of "Inc." */
		if (name.len > 0)
			return lower_copy(arena, name);
	}
	return "(unknown)";
}

/* True if name is domain or ends in "." and domain. */
static bool
is_within(const char *name, const char *domain)
{
	size_t len = strlen(name), tail = strlen(domain);

	return len >= tail && strcmp(name + len - tail, domain) == 0 &&
	    (len == tail || name[len - tail - 1] == '.');
}

bool
attribute_is_related(const char *a, const char *b)
{
	return is_within(a, b) || is_within(b, a);
}
