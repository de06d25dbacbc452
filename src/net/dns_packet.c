/* SPDX-License-Identifier: ISC */

/*
 * Messages of the DNS, as far as libunbound leaves something to do.  It tells
 * where a chain of aliases ends, but not which way it went, and the way is what
 * somebody has to mend; and it asks resolvers, not one name server of a zone.
 * Messages come from strangers, or were put together from what strangers said,
 * so nothing of them is taken for granted.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/dns_packet.h"

#define HEADER_BYTES 12
#define FIXED_BYTES  10 /* of a record, behind its name */
#define NAME_OCTETS  255
#define LABEL_OCTETS 63
#define JUMPS_MAX    127 /* as many labels as a name can have */

#define CLASS_IN   1
#define TYPE_CNAME 5
#define TYPE_OPT   41

/* What we take by UDP: what passes everywhere in one piece. */
#define UDP_BYTES 1232

/* In the second word of the header (RFC 1035 4.1.1). */
enum {
	FLAG_REPLY = 0x8000,
	FLAG_OPCODE = 0x7800,
	FLAG_AUTHORITATIVE = 0x0400,
	FLAG_TRUNCATED = 0x0200,
	FLAG_RCODE = 0x000f
};

static unsigned
get16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* Appends one label.  out has room for every name of NAME_OCTETS. */
static size_t
put_label(char *out, size_t n, const unsigned char *label, size_t len)
{
	size_t i;

	if (n > 0)
		out[n++] = '.';
	for (i = 0; i < len; i++) {
		if (label[i] <= ' ' || label[i] >= 0x7f)
			n += (size_t)snprintf(
			    out + n, 5, "\\%03u", (unsigned)label[i]);
		else {
			if (strchr(".\\\"();@$", label[i]) != NULL)
				out[n++] = '\\';
			out[n++] = (char)label[i];
		}
	}
	return n;
}

bool
dns_packet_name(const unsigned char *packet, size_t len, size_t *at,
    char out[DNS_NAME_SIZE])
{
	size_t pos = *at, back = pos, octets = 1, n = 0, step;
	bool jumped = false;
	int jumps = 0;

	for (;;) {
		if (pos >= len)
			return false;
		step = packet[pos];
		if (step == 0)
			break;
		if ((step & 0xc0) == 0xc0) {
			if (len - pos < 2)
				return false;
			if (!jumped)
				*at = pos + 2;
			jumped = true;
			pos = get16(packet + pos) & 0x3fff;
			/* Always further back, so it ends; and soon, since a
			 * pointer that leads to a pointer helps nobody. */
			if (pos >= back || ++jumps > JUMPS_MAX)
				return false;
			back = pos;
			continue;
		}
		octets += step + 1;
		if (step > LABEL_OCTETS || octets > NAME_OCTETS ||
		    len - pos <= step)
			return false;
		n = put_label(out, n, packet + pos + 1, step);
		pos += step + 1;
	}
	if (!jumped)
		*at = pos + 1;
	if (n == 0)
		out[n++] = '.';
	out[n] = '\0';
	return true;
}

/* Moves behind the head of a record.  Returns false if it is cut short. */
static bool
read_record(const unsigned char *packet, size_t len, size_t *at,
    char owner[DNS_NAME_SIZE], unsigned *type, size_t *rdlen)
{
	if (!dns_packet_name(packet, len, at, owner) || len - *at < FIXED_BYTES)
		return false;
	*type = get16(packet + *at);
	*rdlen = get16(packet + *at + 8);
	*at += FIXED_BYTES;
	return len - *at >= *rdlen;
}

/* Moves behind the head and the question.  Returns false if there is none, or
 * more than one. */
static bool
read_question(const unsigned char *packet, size_t len, size_t *at,
    char name[DNS_NAME_SIZE])
{
	*at = HEADER_BYTES;
	if (len < HEADER_BYTES || get16(packet + 4) != 1 ||
	    !dns_packet_name(packet, len, at, name) || len - *at < 4)
		return false;
	*at += 4;
	return true;
}

int
dns_packet_aliases(const unsigned char *packet, size_t len, int max,
    dns_alias *tell, void *arg)
{
	char owner[DNS_NAME_SIZE], at_name[DNS_NAME_SIZE];
	size_t at, rdlen, target;
	unsigned type, answers;
	int n = 0;

	if (!read_question(packet, len, &at, at_name))
		return -1;
	for (answers = get16(packet + 6); answers > 0 && n < max; answers--) {
		if (!read_record(packet, len, &at, owner, &type, &rdlen))
			return -1;
		target = at;
		at += rdlen;
		if (type != TYPE_CNAME || strcasecmp(owner, at_name) != 0)
			continue;
		if (!dns_packet_name(packet, at, &target, at_name) ||
		    target != at)
			return -1;
		tell(arg, at_name);
		n++;
	}
	return n;
}

int
dns_packet_records(
    const unsigned char *packet, size_t len, dns_rdata *tell, void *arg)
{
	char owner[DNS_NAME_SIZE], name[DNS_NAME_SIZE];
	size_t at, rdlen;
	unsigned type, wanted, answers;
	int n = 0;

	if (!read_question(packet, len, &at, name))
		return -1;
	wanted = get16(packet + at - 4);
	for (answers = get16(packet + 6); answers > 0; answers--) {
		if (!read_record(packet, len, &at, owner, &type, &rdlen))
			return -1;
		if (type == wanted && strcasecmp(owner, name) == 0) {
			tell(arg, packet + at, rdlen);
			n++;
		}
		at += rdlen;
	}
	return n;
}

/* ---- questions of our own ---- */

static unsigned char *
put16(unsigned char *p, unsigned value)
{
	*p++ = (unsigned char)(value >> 8);
	*p++ = (unsigned char)value;
	return p;
}

/* Returns the end of it, or NULL for what is no plain name. */
static unsigned char *
put_name(unsigned char *p, const char *name)
{
	const unsigned char *limit = p + NAME_OCTETS;
	size_t len;

	while (*name != '\0') {
		len = strcspn(name, ".");
		if (len == 0 || len > LABEL_OCTETS ||
		    memchr(name, '\\', len) != NULL ||
		    len + 2 > (size_t)(limit - p))
			return NULL;
		*p++ = (unsigned char)len;
		memcpy(p, name, len);
		p += len;
		name += len;
		if (*name == '.')
			name++;
	}
	*p++ = 0;
	return p;
}

size_t
dns_packet_ask(unsigned char out[DNS_QUESTION_SIZE],
    const struct dns_packet_question *question)
{
	unsigned char *p = out;

	p = put16(p, question->id);
	p = put16(p, 0); /* nothing is to be looked up for us */
	p = put16(p, 1);
	p = put16(p, 0);
	p = put16(p, 0);
	p = put16(p, question->edns);
	p = put_name(p, question->name);
	if (p == NULL)
		return 0;
	p = put16(p, question->type);
	p = put16(p, CLASS_IN);
	if (question->edns) { /* RFC 6891 6.1.2 */
		*p++ = 0;
		p = put16(p, TYPE_OPT);
		p = put16(p, UDP_BYTES);
		p = put16(p, 0);
		p = put16(p, 0);
		p = put16(p, 0);
	}
	return (size_t)(p - out);
}

/* Whether a reply is to that question.  A server that could not read it may
 * leave it out. */
static bool
is_of_question(const unsigned char *packet, size_t len, unsigned rcode,
    const struct dns_packet_question *question)
{
	char name[DNS_NAME_SIZE];
	size_t at, wanted = strlen(question->name);

	if (get16(packet + 4) == 0)
		return rcode != 0;
	if (wanted > 0 && question->name[wanted - 1] == '.')
		wanted--;
	return read_question(packet, len, &at, name) &&
	    strlen(name) == wanted &&
	    strncasecmp(name, question->name, wanted) == 0 &&
	    get16(packet + at - 4) == question->type &&
	    get16(packet + at - 2) == CLASS_IN;
}

bool
dns_packet_reply(const unsigned char *packet, size_t len,
    const struct dns_packet_question *question, struct dns_packet_head *head)
{
	unsigned flags;

	*head = (struct dns_packet_head){0};
	if (len < HEADER_BYTES || get16(packet) != question->id)
		return false;
	flags = get16(packet + 2);
	head->rcode = flags & FLAG_RCODE;
	head->authoritative = (flags & FLAG_AUTHORITATIVE) != 0;
	head->truncated = (flags & FLAG_TRUNCATED) != 0;
	return (flags & FLAG_REPLY) != 0 && (flags & FLAG_OPCODE) == 0 &&
	    is_of_question(packet, len, head->rcode, question);
}
