/* SPDX-License-Identifier: ISC */

/*
 * Names of hosts and domains.  They are compared octet by octet: an
 * internationalised name must be here in A-labels, as it is in the DNS.
 */

#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "domain/name.h"

/* RFC 1035 2.3.4, in text without the final dot. */
#define NAME_MAX_LEN  253
#define LABEL_MAX_LEN 63

static bool
label_is_good(struct span label, bool underscores)
{
	size_t i;

	if (label.len == 0 || label.len > LABEL_MAX_LEN || label.p[0] == '-' ||
	    label.p[label.len - 1] == '-')
		return false;
	for (i = 0; i < label.len; i++)
		if (!ascii_is_alnum(label.p[i]) && label.p[i] != '-' &&
		    !(underscores && label.p[i] == '_'))
			return false;
	return true;
}

static bool
is_all_digits(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return true;
}

static bool
name_is_good(struct span name, bool underscores)
{
	struct span label = name;

	if (name.len == 0 || name.len > NAME_MAX_LEN ||
	    name.p[name.len - 1] == '.')
		return false;
	while (name.len > 0) {
		label = span_cut(&name, '.');
		if (!label_is_good(label, underscores))
			return false;
	}
	/* 192.0.2.1 is no name; nor is any other with such an end. */
	return !is_all_digits(label);
}

bool
name_is_host(struct span name)
{
	return name_is_good(name, false);
}

bool
name_is_domain(struct span name)
{
	return name_is_good(name, true);
}

static struct span
without_final_dot(struct span name)
{
	if (name.len > 0 && name.p[name.len - 1] == '.')
		name.len--;
	return name;
}

bool
name_has_dot(struct span name)
{
	name = without_final_dot(name);
	return name.len > 0 && memchr(name.p, '.', name.len) != NULL;
}

const char *
name_normal(struct arena *arena, struct span name)
{
	char *s, *c;

	name = without_final_dot(name);
	s = arena_strndup(arena, name.p, name.len);
	for (c = s; *c != '\0'; c++)
		*c = ascii_lower(*c);
	return s;
}

bool
name_is_same(const char *a, const char *b)
{
	struct span x = without_final_dot(span_of(a));
	struct span y = without_final_dot(span_of(b));

	return x.len == y.len && span_same_fold(x.p, y.p, x.len);
}

bool
name_is_below(const char *name, const char *domain)
{
	struct span n = without_final_dot(span_of(name));
	struct span d = without_final_dot(span_of(domain));

	if (n.len < d.len || !span_same_fold(n.p + (n.len - d.len), d.p, d.len))
		return false;
	return n.len == d.len || n.p[n.len - d.len - 1] == '.';
}

bool
name_matches(const char *pattern, const char *host)
{
	const char *dot;

	if (strncmp(pattern, "*.", 2) != 0)
		return name_is_same(pattern, host);
	dot = strchr(host, '.');
	return dot != NULL && dot != host && name_is_same(pattern + 1, dot);
}

bool
name_is_address(struct span name)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (name.len > 1 && name.p[0] == '[' && name.p[name.len - 1] == ']') {
		name.p++;
		name.len -= 2;
	}
	if (name.len == 0 || name.len >= sizeof(text) ||
	    memchr(name.p, '\0', name.len) != NULL)
		return false;
	memcpy(text, name.p, name.len);
	text[name.len] = '\0';
	return inet_pton(AF_INET, text, &address) == 1 ||
	    inet_pton(AF_INET6, text, &address) == 1;
}

const char *
name_provider(const char *name)
{
	/* Those whose names stand in published records. */
	static const struct {
		const char *domain;
		const char *provider;
	} table[] = {
	    {"agari.com", "Agari"},
	    {"azurewebsites.net", "Microsoft Azure"},
	    {"cloudflare.net", "Cloudflare"},
	    {"dmarc-report.com", "Mailhardener"},
	    {"dmarc.report-uri.com", "Report URI"},
	    {"dmarcadvisor.com", "DMARC Advisor"},
	    {"dmarcanalyzer.com", "Mimecast"},
	    {"dmarcian.com", "dmarcian"},
	    {"easydmarc.com", "EasyDMARC"},
	    {"easydmarc.eu", "EasyDMARC"},
	    {"googlemail.com", "Google"},
	    {"gmail.com", "Google"},
	    {"google.com", "Google"},
	    {"mailhardener.com", "Mailhardener"},
	    {"mimecast.com", "Mimecast"},
	    {"mimecastreport.com", "Mimecast"},
	    {"microsoft.com", "Microsoft"},
	    {"ondmarc.com", "Red Sift"},
	    {"powerdmarc.com", "PowerDMARC"},
	    {"proofpoint.com", "Proofpoint"},
	    {"report-uri.com", "Report URI"},
	    {"sendmarc.com", "Sendmarc"},
	    {"uriports.com", "URIports"},
	    {"vali.email", "Valimail"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (name_is_below(name, table[i].domain))
			return table[i].provider;
	return NULL;
}
