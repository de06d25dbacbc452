/* SPDX-License-Identifier: ISC */

/*
 * The chain of aliases of an answer.  libunbound tells where it ends, but not
 * which way it went, and the way is what somebody has to mend.  The message
 * was put together by libunbound from the answers of strangers, so nothing of
 * it is taken for granted.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/dns_packet.h"

#define HEADER_BYTES 12
#define FIXED_BYTES  10 /* of a record, behind its name */
#define NAME_OCTETS  255
#define JUMPS_MAX    127 /* as many labels as a name can have */

#define TYPE_CNAME 5

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
		if (step > 63 || octets > NAME_OCTETS || len - pos <= step)
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
