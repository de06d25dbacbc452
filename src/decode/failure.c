/* SPDX-License-Identifier: ISC */

/*
 * failure-details (RFC 8460 4.3, 4.4).  Nothing in an entry is certain to be
 * there: a policy that could not be fetched has no MX and no address, and
 * one large sender leaves the addresses out of all entries.
 */

#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "decode/failure.h"

enum detail_slot {
	RESULT_TYPE,
	SENDING_IP,
	RECEIVING_MX,
	RECEIVING_HELO,
	RECEIVING_IP,
	SESSIONS,
	ADDITIONAL,
	REASON
};

_Static_assert(REASON < MEMBERS_MAX, "every member of a detail has a slot");

static const struct member_name detail_names[] = {
    MEMBER(RESULT_TYPE, "result-type"),
    MEMBER(SENDING_IP, "sending-mta-ip"),
    MEMBER(RECEIVING_MX, "receiving-mx-hostname"),
    MEMBER(RECEIVING_HELO, "receiving-mx-helo"),
    MEMBER(RECEIVING_IP, "receiving-ip"),
    MEMBER(SESSIONS, "failed-session-count"),
    MEMBER(ADDITIONAL, "additional-information"),
    MEMBER(REASON, "failure-reason-code"),
    /* "receiving-mx-host-name" differs by punctuation only. */
    MEMBER_ALIAS(SESSIONS, "session-count"),
    MEMBER_ALIAS(ADDITIONAL, "additional-info-uri"),
    MEMBER_ALIAS(REASON, "failure-error-code"),
    MEMBER_ALIAS(SENDING_IP, "sending-ip"),
    MEMBER_ALIAS(RECEIVING_IP, "receiving-mta-ip"),
};

static const struct member_table detail_table = {
    detail_names, sizeof(detail_names) / sizeof(detail_names[0])};

static int
parse_result_type(struct span s, bool *exact)
{
	return (int)result_type_parse(s, exact);
}

static const struct members_vocabulary result_types = {parse_result_type,
    DEVIATION_RESULT_TYPE_MISSING, DEVIATION_RESULT_TYPE_SPELLING,
    DEVIATION_RESULT_TYPE_UNKNOWN};

static int
read_result_type(const struct members *m, struct reading *r, struct failure *f)
{
	int n = members_word(m, r, RESULT_TYPE, &result_types, &f->type_text);

	if (n == -1)
		return -1;
	f->type = (enum result_type)n;
	return 0;
}

/* True for an IPv4 address, as inet_pton(3) takes it: no leading zeros. */
static bool
is_ipv4(const char *s)
{
	unsigned octet, octets;
	const char *start;

	for (octets = 1;; octets++) {
		start = s;
		for (octet = 0; ascii_is_digit(*s) && octet <= 255; s++)
			octet = octet * 10 + (unsigned)(*s - '0');
		if (s == start || octet > 255 ||
		    (*start == '0' && s - start > 1))
			return false;
		if (octets == 4)
			return *s == '\0';
		if (*s++ != '.')
			return false;
	}
}

/*
 * True for most IPv6 addresses in the form of RFC 5952, and for nothing else:
 * in lower case, without a zero at the start of a group, and if shortened,
 * then by two groups at least.  Those that start with "::" it leaves to
 * inet_ntop(3), which shows the end of some as IPv4.
 */
static bool
is_plain_ipv6(const char *s)
{
	bool shortened = false;
	const char *start;
	unsigned groups;

	for (groups = 1;; groups++) {
		start = s;
		while (ascii_is_digit(*s) || (*s >= 'a' && *s <= 'f'))
			s++;
		if (s == start || s - start > 4 || *start == '0')
			return false;
		if (!shortened && s[0] == ':' && s[1] == ':') {
			shortened = true;
			s++;
			if (s[1] == '\0')
				return groups <= 6;
		}
		if (*s == '\0')
			return shortened ? groups <= 6 : groups == 8;
		if (*s++ != ':')
			return false;
	}
}

/* Puts an address into its normal form, or notes that it is none. */
static void
normalise_ip(
    const struct members *m, struct reading *r, size_t slot, const char **ip)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr addr;

	if (inet_pton(AF_INET6, *ip, &addr) != 1) {
		members_note(m, r, slot, DEVIATION_IP_FORM);
		return;
	}
	inet_ntop(AF_INET6, &addr, text, sizeof(text));
	if (strcmp(text, *ip) != 0)
		*ip = arena_strdup(r->arena, text);
}

/* Reads an address: IPv6 in the form of RFC 5952, what is none as it is. */
static int
read_ip(
    const struct members *m, struct reading *r, size_t slot, const char **out)
{
	if (members_text(m, r, slot, out) == -1)
		return -1;
	if (**out != '\0' && !is_ipv4(*out) && !is_plain_ipv6(*out))
		normalise_ip(m, r, slot, out);
	return 0;
}

static int
read_mx(const struct members *m, struct reading *r, const char **out)
{
	if (members_text(m, r, RECEIVING_MX, out) == -1)
		return -1;
	*out = attribute_host(r->arena, *out);
	return 0;
}

static int
read_failure(struct reading *r, const struct place *at,
    const struct json_value *v, struct failure *f)
{
	struct members m;

	if (json_type(v) != JSON_OBJECT)
		return reading_fail(r, at, "", "not an object (RFC 8460 4.4)");
	members_read(&m, r, at, &detail_table, v);
	if (read_result_type(&m, r, f) == -1 ||
	    read_ip(&m, r, SENDING_IP, &f->sending_ip) == -1 ||
	    read_mx(&m, r, &f->receiving_mx) == -1 ||
	    members_text(&m, r, RECEIVING_HELO, &f->receiving_helo) == -1 ||
	    read_ip(&m, r, RECEIVING_IP, &f->receiving_ip) == -1 ||
	    members_text(&m, r, ADDITIONAL, &f->additional_information) == -1 ||
	    members_text(&m, r, REASON, &f->reason_code) == -1 ||
	    members_count(&m, r, SESSIONS, &f->sessions) == -1)
		return -1;
	return reading_add(r, &r->detailed, f->sessions, at, "");
}

/* Reads n entries, v and those behind it, passing over null. */
static int
read_entries(struct reading *r, struct place *at, const struct json_value *v,
    size_t n, struct policy *p)
{
	size_t bound = r->limits->failure_details;

	if (n > bound - r->nfailures)
		return reading_bound(
		    r, at->up, at->name, "failure_details", bound);
	r->nfailures += n;
	p->failures = arena_calloc(r->arena, n, sizeof(*p->failures));
	for (; n > 0; n--, v = json_next(v)) {
		if (json_type(v) == JSON_NULL)
			reading_note(r, DEVIATION_NULL_ELEMENT, at, "");
		else if (read_failure(r, at, v, &p->failures[p->nfailures++]) ==
		    -1)
			return -1;
		if (at->index != PLACE_WHOLE)
			at->index++;
	}
	return 0;
}

int
failures_read(const struct members *m, struct reading *r, size_t slot,
    struct policy *p, int64_t *sum)
{
	const struct json_value *v = m->slots[slot];
	struct place at = {&m->place, members_name(m, slot), 0};
	size_t i;
	int rc;

	*sum = 0;
	if (v == NULL)
		return 0;
	if (json_type(v) == JSON_ARRAY) {
		rc = read_entries(r, &at, json_first(v), json_count(v), p);
	} else if (json_type(v) == JSON_OBJECT) {
		members_note(m, r, slot, DEVIATION_DETAILS_FORM);
		at.index = PLACE_WHOLE;
		rc = read_entries(r, &at, v, 1, p);
	} else {
		rc = members_fail(m, r, slot, "not an array (RFC 8460 4.4)");
	}
	for (i = 0; rc == 0 && i < p->nfailures; i++)
		*sum += p->failures[i].sessions;
	return rc;
}
