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
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

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
	size_t i, label = 0, last = 0, labels = 0;

	name = strip_final_dot(name);
	if (name.len == 0 || name.len > NAME_MAX_BYTES)
		return false;
	for (i = 0; i <= name.len; i++) {
		if (i < name.len && is_host_char(name.p[i]))
			continue;
		if ((i < name.len && name.p[i] != '.') || i == label ||
		    i - label > LABEL_MAX_BYTES)
			return false;
		labels++;
		last = label;
		label = i + 1;
	}
	return labels >= 2 && !ascii_is_digit(name.p[last]);
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

/* True for a name that surely is in its normal form. */
static bool
is_normal(const char *name)
{
	const char *p = name;

	while ((unsigned char)*p > ' ' && !is_upper(*p))
		p++;
	return *p == '\0' && (p == name || p[-1] != '.');
}

const char *
attribute_host(struct arena *arena, const char *name)
{
	if (is_normal(name))
		return name;
	return lower_copy(arena, strip_final_dot(span_trim(span_of(name))));
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

static struct span
domain_of_header(const struct tlsrpt_context *context)
{
	return span_trim(span_of(context->domain_header));
}

/* Returns the second field of "sender!domain!begin!end[!id].json[.gz]" (RFC
 * 8460 5.1), or nothing if the name is not of that form. */
static struct span
domain_of_filename(const struct tlsrpt_context *context)
{
	static const struct span none = {NULL, 0};
	struct span rest = span_of(context->filename), domain, begin;

	(void)span_cut(&rest, '!');
	domain = span_cut(&rest, '!');
	begin = span_cut(&rest, '!');
	if (!is_digits(begin) || rest.len == 0 || !ascii_is_digit(rest.p[0]))
		return none;
	return domain;
}

/* Returns the word behind "Report Domain:" (RFC 8460 5.3). */
static struct span
domain_of_subject(const struct tlsrpt_context *context)
{
	static const char words[] = "report domain:";
	struct span s = span_of(context->subject);
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
	static const struct {
		struct span (*find)(const struct tlsrpt_context *context);
		enum deviation_code how;
	} sources[] = {
	    {domain_of_header, DEVIATION_DOMAIN_FROM_HEADER},
	    {domain_of_filename, DEVIATION_DOMAIN_FROM_FILENAME},
	    {domain_of_subject, DEVIATION_DOMAIN_FROM_SUBJECT},
	};
	struct span domain;
	size_t i;

	*a = (struct attribution){true, "", DEVIATION_DOMAIN_UNKNOWN};
	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		domain = sources[i].find(context);
		if (is_host(domain)) {
			a->domain = lower_copy(arena, strip_final_dot(domain));
			a->how = sources[i].how;
			return;
		}
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
	struct span name = span_trim(span_of(submitter));

	if (name.len == 0)
		name = attribute_contact_domain(contact);
	if (name.len == 0)
		name = span_trim(span_of(organization));
	if (name.len == 0)
		return "(unknown)";
	if (is_host(name))
		name = strip_final_dot(name); /* not of "Inc." */
	return lower_copy(arena, name);
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
