/* SPDX-License-Identifier: ISC */

/*
 * The words between tlstally and tlstally-net: settings there and back,
 * answers in pieces, and what must not pass.
 */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proc/net_wire.h"

static struct frame frame;

static struct net_settings
good(void)
{
	return (struct net_settings){.resolvers = {"192.0.2.1", "::1@5353"},
	    .nresolvers = 2,
	    .anchor = "/etc/anchor",
	    .ca = "",
	    .proxy = "http://proxy.example:3128",
	    .helo = "mail.example.com",
	    .private = true,
	    .smtp_port = 25,
	    .question_ms = 1,
	    .server_ms = 2,
	    .domain_ms = 3,
	    .now = -1};
}

static bool
passes(const struct net_settings *s, struct net_settings *out)
{
	frame_begin(&frame, NET_ASK_SETTINGS);
	net_settings_put(&frame, s);
	net_settings_get(&frame, out);
	return frame_is_whole(&frame);
}

Test(net_wire, settings_come_over_as_they_are)
{
	struct net_settings s = good(), got;

	cr_assert(passes(&s, &got));
	cr_assert_eq(got.nresolvers, 2);
	cr_assert_str_eq(got.resolvers[1], "::1@5353");
	cr_assert_str_eq(got.anchor, s.anchor);
	cr_assert_str_eq(got.proxy, s.proxy);
	cr_assert_str_eq(got.helo, s.helo);
	cr_assert(got.private);
	cr_assert_eq(got.domain_ms, 3);
	cr_assert_eq(got.now, -1);
}

Test(net_wire, settings_that_make_no_sense_are_bad)
{
	struct net_settings s, got;

	s = good();
	s.helo = "a\r\nMAIL FROM:<>";
	cr_assert_not(passes(&s, &got));
	s = good();
	s.smtp_port = 0;
	cr_assert_not(passes(&s, &got));
	s = good();
	s.domain_ms = 0;
	cr_assert_not(passes(&s, &got));
	s = good();
	s.server_ms = UINT32_MAX;
	cr_assert_not(passes(&s, &got));
}

Test(net_wire, too_many_resolvers_are_bad)
{
	struct net_settings got;
	uint32_t n;

	for (n = NET_RESOLVERS_MAX; n <= NET_RESOLVERS_MAX + 1; n++) {
		struct net_settings s = good();
		uint32_t i;

		frame_begin(&frame, NET_ASK_SETTINGS);
		frame_put_u32(&frame, n);
		for (i = 0; i < n; i++)
			frame_put_string(&frame, "::1");
		net_settings_get(&frame, &got);
		cr_assert_eq(got.nresolvers, n <= NET_RESOLVERS_MAX ? n : 0);
		for (i = 0; i < NET_RESOLVERS_MAX; i++)
			s.resolvers[i] = "::1";
		s.nresolvers = NET_RESOLVERS_MAX;
		cr_assert(passes(&s, &got));
	}
}

Test(net_wire, settings_that_are_cut_anywhere_are_bad)
{
	struct net_settings s = good(), got;
	size_t len, whole;

	frame_begin(&frame, NET_ASK_SETTINGS);
	net_settings_put(&frame, &s);
	whole = frame.fields.len;
	for (len = 0; len < whole; len++) {
		frame.fields = fields_of(frame.bytes, len);
		net_settings_get(&frame, &got);
		cr_assert_not(frame_is_whole(&frame));
	}
}

/* ---- answers ---- */

static void
hear(size_t len, size_t pieces)
{
	static char bytes[3 * NET_PIECE_MAX];
	int fd[2];
	struct err err;
	size_t i, got, sum = 0;

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	cr_assert_eq(net_send_answer(fd[0], &frame, 7, bytes, len), 0);
	for (i = 0; i < pieces; i++) {
		cr_assert_eq(frame_receive(fd[1], &frame, 0, &err), 1);
		cr_assert_eq(frame.kind,
		    i + 1 < pieces ? NET_SAY_BYTES : NET_SAY_DOMAIN);
		cr_assert_eq(frame_get_u32(&frame), 7);
		frame_get_rest(&frame, &got);
		cr_assert(frame_is_whole(&frame));
		sum += got;
	}
	cr_assert_eq(sum, len);
	cr_assert_eq(frame_receive(fd[1], &frame, 0, &err), -1);
	close(fd[0]);
	close(fd[1]);
}

Test(net_wire, an_answer_has_as_many_pieces_as_it_takes)
{
	hear(0, 1);
	hear(1, 1);
	hear(NET_PIECE_MAX, 1);
	hear(NET_PIECE_MAX + 1, 2);
}
