/* SPDX-License-Identifier: ISC */

/*
 * The words between tlstally and tlstally-net.  Both sides judge what they
 * read here, so that neither has to trust the other.
 */

#include "config.h"

#include "proc/net_wire.h"

/* A time for a poll(2): more than nothing, and an int. */
static uint32_t
get_ms(struct frame *f)
{
	return frame_get_within(f, 1, INT32_MAX);
}

void
net_settings_put(struct frame *f, const struct net_settings *s)
{
	uint32_t i;

	frame_put_u32(f, s->nresolvers);
	for (i = 0; i < s->nresolvers; i++)
		frame_put_string(f, s->resolvers[i]);
	frame_put_string(f, s->anchor);
	frame_put_string(f, s->ca);
	frame_put_string(f, s->proxy);
	frame_put_string(f, s->helo);
	frame_put_u8(f, s->private);
	frame_put_u32(f, s->smtp_port);
	frame_put_u32(f, s->https_port);
	frame_put_u32(f, s->question_ms);
	frame_put_u32(f, s->server_ms);
	frame_put_u32(f, s->domain_ms);
	frame_put_u64(f, (uint64_t)s->now);
}

void
net_settings_get(struct frame *f, struct net_settings *s)
{
	uint32_t i;

	s->nresolvers = frame_get_within(f, 0, NET_RESOLVERS_MAX);
	for (i = 0; i < s->nresolvers; i++)
		s->resolvers[i] = frame_get_line(f);
	s->anchor = frame_get_line(f);
	s->ca = frame_get_line(f);
	s->proxy = frame_get_line(f);
	s->helo = frame_get_line(f);
	s->private = frame_get_bool(f);
	s->smtp_port = (uint16_t)frame_get_within(f, 1, UINT16_MAX);
	s->https_port = (uint16_t)frame_get_within(f, 0, UINT16_MAX);
	s->question_ms = get_ms(f);
	s->server_ms = get_ms(f);
	s->domain_ms = get_ms(f);
	s->now = (int64_t)frame_get_u64(f);
}

int
net_send_answer(
    int fd, struct frame *f, uint32_t number, const void *p, size_t len)
{
	const char *bytes = p;
	struct err err;
	size_t piece;

	do {
		piece = len < NET_PIECE_MAX ? len : NET_PIECE_MAX;
		frame_begin(f, piece == len ? NET_SAY_DOMAIN : NET_SAY_BYTES);
		frame_put_u32(f, number);
		frame_put_rest(f, bytes, piece);
		if (frame_send(fd, f, &err) == -1)
			return -1;
		bytes += piece;
		len -= piece;
	} while (f->kind != NET_SAY_DOMAIN);
	return 0;
}
