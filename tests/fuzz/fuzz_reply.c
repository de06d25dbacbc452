/* SPDX-License-Identifier: ISC */

/*
 * What name and mail servers of strangers say: names and aliases of a DNS
 * message, and SMTP replies, which must be read alike wherever they are cut.
 */

#include "config.h"

#include "base/limits.h"
#include "fuzz.h"
#include "net/dns_packet.h"
#include "net/smtp_reply.h"

static void
check_name(const char *name)
{
	size_t i, len = strlen(name);

	check(len > 0 && len < DNS_NAME_SIZE);
	for (i = 0; i < len; i++)
		check(name[i] > ' ' && name[i] < 0x7f);
}

struct taken {
	const uint8_t *data;
	size_t size;
	int n;
};

static void
take_alias(void *arg, const char *target)
{
	check_name(target);
	++*(int *)arg;
}

static void
take_record(void *arg, const unsigned char *rdata, size_t len)
{
	struct taken *t = arg;

	t->n++;
	check(rdata >= t->data && len <= t->size - (size_t)(rdata - t->data));
}

/* A question for what the message says that it answers. */
static void
try_reply(const uint8_t *data, size_t size)
{
	struct taken taken = {data, size, 0};
	struct dns_packet_question q = {
	    .name = "_smtp._tls.a.example", .type = 16};
	struct dns_packet_head head;
	int n;

	if (size >= 2)
		q.id = (uint16_t)(data[0] << 8 | data[1]);
	dns_packet_reply(data, size, &q, &head);
	check(head.rcode < 16);
	n = dns_packet_records(data, size, take_record, &taken);
	check(n == -1 || n == taken.n);
}

static void
try_packet(const uint8_t *data, size_t size)
{
	char name[DNS_NAME_SIZE];
	size_t start, at;
	int told = 0, n;

	n = dns_packet_aliases(data, size, DNS_ALIASES_MAX, take_alias, &told);
	check(n == -1 || n == told);
	check(told <= DNS_ALIASES_MAX);
	for (start = 0; start < size && start < 64; start++) {
		at = start;
		if (!dns_packet_name(data, size, &at, name))
			continue;
		check(at > start && at <= size);
		check_name(name);
	}
}

static enum smtp_reply_state
feed(struct smtp_reply *r, const char *p, size_t size, size_t piece)
{
	enum smtp_reply_state state = SMTP_REPLY_MORE;
	size_t i, n;

	smtp_reply_begin(r);
	for (i = 0; i < size && state == SMTP_REPLY_MORE; i += n) {
		n = size - i < piece ? size - i : piece;
		state = smtp_reply_add(r, p + i, n);
	}
	return state;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smtp_reply whole = {0}, cut = {0};
	enum smtp_reply_state state;
	const char *p = (const char *)data;

	try_packet(data, size);
	try_reply(data, size);
	/* Over the bound it matters how much comes at once. */
	if (size > SMTP_REPLY_MAX)
		size = SMTP_REPLY_MAX;
	state = feed(&whole, p, size, SIZE_MAX);
	check(feed(&cut, p, size, 1) == state);
	if (state == SMTP_REPLY_WHOLE) {
		check(whole.code >= 200 && whole.code <= 599);
		check(whole.code == cut.code);
		check(strcmp(whole.first, cut.first) == 0);
		check(smtp_reply_has(&whole, "STARTTLS") ==
		    smtp_reply_has(&cut, "STARTTLS"));
		check(!smtp_reply_has_more(&cut));
	}
	smtp_reply_free(&whole);
	smtp_reply_free(&cut);
	return 0;
}
