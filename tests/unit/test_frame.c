/* SPDX-License-Identifier: ISC */

/*
 * Frames: what is put comes out, what is bad stays bad, and a socket takes
 * nothing else in.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "proc/frame.h"

static struct frame frame, other;

static void
pair(int sv[2])
{
	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv), 0);
}

/* ---- fields ---- */

static void
put_one_of_each(void)
{
	frame_begin(&frame, 200);
	frame_put_u8(&frame, 1);
	frame_put_u32(&frame, UINT32_MAX);
	frame_put_u64(&frame, UINT64_MAX - 1);
	frame_put_string(&frame, "gr\xc3\xbc\xc3\x9f");
	frame_put_string(&frame, NULL);
	frame_put_bytes(&frame, "a\0b", 3);
	frame_put_u8(&frame, 77);
}

static void
get_one_of_each(struct frame *f)
{
	const char *p;
	size_t len;

	cr_assert(frame_get_bool(f));
	cr_assert_eq(frame_get_u32(f), UINT32_MAX);
	cr_assert_eq(frame_get_u64(f), UINT64_MAX - 1);
	cr_assert_str_eq(frame_get_string(f), "gr\xc3\xbc\xc3\x9f");
	cr_assert_str_eq(frame_get_string(f), "");
	p = frame_get_bytes(f, &len);
	cr_assert_eq(len, 3);
	cr_assert_eq(memcmp(p, "a\0b", 3), 0);
	cr_assert_eq(frame_left(f), 1);
	p = frame_get_rest(f, &len);
	cr_assert_eq(len, 1);
	cr_assert_eq(*p, 77);
}

Test(frame, fields_come_out_as_they_were_put)
{
	put_one_of_each();
	get_one_of_each(&frame);
	cr_assert(frame_is_whole(&frame));
}

Test(frame, a_frame_cut_anywhere_is_bad)
{
	size_t cut, len, n;

	put_one_of_each();
	len = frame.fields.len - 1;
	for (cut = 0; cut < len; cut++) {
		frame.fields.len = cut;
		frame.fields.at = 0;
		frame.fields.bad = false;
		frame_get_bool(&frame);
		frame_get_u32(&frame);
		frame_get_u64(&frame);
		cr_assert_not_null(frame_get_string(&frame));
		cr_assert_not_null(frame_get_string(&frame));
		cr_assert_not_null(frame_get_bytes(&frame, &n));
		cr_assert_not(frame_is_whole(&frame), "%zu bytes", cut);
		cr_assert_eq(frame_left(&frame), 0);
	}
}

Test(frame, a_bad_frame_reads_as_nothing)
{
	size_t len = 9;

	frame_begin(&frame, 1);
	frame_put_u8(&frame, 2);
	frame_put_u32(&frame, 4711);
	cr_assert_not(frame_get_bool(&frame));
	cr_assert_eq(frame_get_u32(&frame), 0);
	cr_assert_eq(frame_get_u64(&frame), 0);
	cr_assert_eq(frame_get_u8(&frame), 0);
	cr_assert_str_eq(frame_get_string(&frame), "");
	cr_assert_not_null(frame_get_bytes(&frame, &len));
	cr_assert_eq(len, 0);
	len = 9;
	cr_assert_not_null(frame_get_rest(&frame, &len));
	cr_assert_eq(len, 0);
	cr_assert_not(frame_is_whole(&frame));
}

Test(frame, left_over_bytes_are_not_whole)
{
	frame_begin(&frame, 1);
	cr_assert(frame_is_whole(&frame));
	frame_put_u8(&frame, 0);
	cr_assert_not(frame_is_whole(&frame));
	cr_assert_not(frame_get_bool(&frame));
	cr_assert(frame_is_whole(&frame));
}

/* Puts a string's length and bytes by hand, and says if it is read. */
static bool
string_is_read(uint32_t len, const char *bytes, size_t n)
{
	const char *s;
	size_t i;

	frame_begin(&frame, 1);
	frame_put_u32(&frame, len);
	for (i = 0; i < n; i++)
		frame_put_u8(&frame, (uint8_t)bytes[i]);
	s = frame_get_string(&frame);
	if (!frame_is_whole(&frame)) {
		cr_assert_str_eq(s, "");
		return false;
	}
	return true;
}

Test(frame, strings_that_are_none_are_bad)
{
	cr_assert(string_is_read(2, "ab", 3));
	cr_assert(string_is_read(0, "", 1));
	cr_assert_not(string_is_read(0, "", 0));
	cr_assert_not(string_is_read(2, "ab", 2));
	cr_assert_not(string_is_read(2, "abc", 3));
	cr_assert_not(string_is_read(3, "a\0b", 4));
	cr_assert_not(string_is_read(3, "ab\0", 4));
	cr_assert_not(string_is_read(1, "\xff", 2));
	cr_assert_not(string_is_read(1, "\xc3\xa4", 3));
	cr_assert_not(string_is_read(3, "\xed\xa0\x80", 4));
	cr_assert_not(string_is_read(UINT32_MAX, "ab", 3));
	cr_assert_not(string_is_read(UINT32_MAX - 3, "ab", 3));
}

Test(frame, a_number_out_of_its_bounds_is_bad)
{
	static const struct {
		uint32_t v;
		bool good;
	} numbers[] = {
	    {4, false}, {5, true}, {7, true}, {8, false}, {UINT32_MAX, false}};
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		frame_begin(&frame, 1);
		frame_put_u32(&frame, numbers[i].v);
		cr_assert_eq(frame_get_within(&frame, 5, 7),
		    numbers[i].good ? numbers[i].v : 0);
		cr_assert_eq(frame_is_whole(&frame), numbers[i].good);
	}
}

Test(frame, a_line_has_no_control_characters)
{
	static const struct {
		const char *text;
		bool good;
	} lines[] = {{"", true}, {" ~\xc3\xbc", true}, {"a\n", false},
	    {"\x1f", false}, {"\x7f", false}, {"\t", false}};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		frame_begin(&frame, 1);
		frame_put_string(&frame, lines[i].text);
		cr_assert_str_eq(
		    frame_get_line(&frame), lines[i].good ? lines[i].text : "");
		cr_assert_eq(frame_is_whole(&frame), lines[i].good);
	}
}

Test(frame, lengths_beyond_the_end_are_bad)
{
	size_t len;

	frame_begin(&frame, 1);
	frame_put_u32(&frame, UINT32_MAX);
	frame_put_u32(&frame, 0);
	cr_assert_not_null(frame_get_bytes(&frame, &len));
	cr_assert_eq(len, 0);
	cr_assert_not(frame_is_whole(&frame));
}

Test(frame, a_frame_is_full_at_its_bound)
{
	static const char zeros[FRAME_BYTES_MAX];
	struct err err = {0};
	int sv[2];

	pair(sv);
	frame_begin(&frame, 1);
	frame_put_bytes(&frame, zeros, FRAME_REST_MAX - 5);
	cr_assert_not(frame.fields.bad);
	frame_put_u8(&frame, 1);
	cr_assert_not(frame.fields.bad);
	cr_assert_eq(frame.fields.len, FRAME_REST_MAX);
	frame_put_bytes(&frame, zeros, 0);
	cr_assert(frame.fields.bad);
	cr_assert_eq(frame_send(sv[0], &frame, &err), -1);
	cr_assert_eq(err.code, ERR_BOUND);
	frame_begin(&frame, 1);
	frame_put_bytes(&frame, zeros, SIZE_MAX);
	cr_assert(frame.fields.bad);
	frame_put_u8(&frame, 1);
	cr_assert_eq(frame_send(sv[0], &frame, &err), -1);
	frame_begin(&frame, 1);
	cr_assert_not(frame.fields.bad);
	close(sv[0]);
	close(sv[1]);
}

/* ---- the socket ---- */

Test(frame, frames_travel_in_order)
{
	struct err err = {0};
	int sv[2];
	uint8_t i;

	pair(sv);
	put_one_of_each();
	cr_assert_eq(frame_send(sv[0], &frame, &err), 0);
	for (i = 0; i < 10; i++) {
		frame_begin(&frame, i);
		cr_assert_eq(frame_send(sv[0], &frame, &err), 0);
	}
	cr_assert_eq(frame_receive(sv[1], &other, 1000, &err), 1);
	cr_assert_eq(other.kind, 200);
	get_one_of_each(&other);
	cr_assert(frame_is_whole(&other));
	for (i = 0; i < 10; i++) {
		cr_assert_eq(frame_receive(sv[1], &other, -1, &err), 1);
		cr_assert_eq(other.kind, i);
		cr_assert(frame_is_whole(&other));
	}
	close(sv[0]);
	close(sv[1]);
}

Test(frame, the_largest_rest_travels_whole)
{
	static char bytes[FRAME_BYTES_MAX];
	struct err err = {0};
	const char *p;
	size_t len;
	int sv[2];

	memset(bytes, 'x', sizeof(bytes));
	pair(sv);
	cr_assert_eq(frame_send_rest(sv[0], 7, bytes, FRAME_REST_MAX, &err), 0);
	cr_assert_eq(frame_receive(sv[1], &other, 1000, &err), 1);
	cr_assert_eq(other.kind, 7);
	p = frame_get_rest(&other, &len);
	cr_assert_eq(len, FRAME_REST_MAX);
	cr_assert_eq(memcmp(p, bytes, len), 0);
	cr_assert(frame_is_whole(&other));
	cr_assert_eq(
	    frame_send_rest(sv[0], 7, bytes, FRAME_REST_MAX + 1, &err), -1);
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_eq(frame_send_rest(sv[0], 8, NULL, 0, &err), 0);
	cr_assert_eq(frame_receive(sv[1], &other, 1000, &err), 1);
	cr_assert_eq(other.kind, 8);
	frame_get_rest(&other, &len);
	cr_assert_eq(len, 0);
	close(sv[0]);
	close(sv[1]);
}

Test(frame, time_runs_out)
{
	struct err err = {0};
	int64_t start = clock_ms();
	int sv[2];

	pair(sv);
	cr_assert_eq(frame_receive(sv[1], &other, 0, &err), -1);
	cr_assert_eq(err.code, ERR_TEMPORARY);
	cr_assert_eq(frame_receive(sv[1], &other, 50, &err), -1);
	cr_assert_eq(err.code, ERR_TEMPORARY);
	cr_assert_geq(clock_ms() - start, 50);
	close(sv[0]);
	close(sv[1]);
}

static void
do_nothing(int sig)
{
	(void)sig;
}

Test(frame, a_signal_does_not_disturb_or_lengthen_the_wait)
{
	struct sigaction act = {.sa_handler = do_nothing};
	struct err err = {0};
	int64_t start;
	int sv[2], i, status;
	pid_t pid;

	pair(sv);
	sigaction(SIGUSR1, &act, NULL);
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < 40; i++) {
			kill(getppid(), SIGUSR1);
			usleep(10000);
		}
		_exit(0);
	}
	start = clock_ms();
	cr_assert_eq(frame_receive(sv[1], &other, 200, &err), -1);
	cr_assert_eq(err.code, ERR_TEMPORARY);
	cr_assert_geq(clock_ms() - start, 200);
	while (waitpid(pid, &status, 0) == -1)
		cr_assert_eq(errno, EINTR);
	cr_assert_lt(clock_ms() - start, 5000);
	close(sv[0]);
	close(sv[1]);
}

Test(frame, the_last_words_of_the_dead_are_read)
{
	struct err err = {0};
	int sv[2];

	pair(sv);
	frame_begin(&frame, 1);
	cr_assert_eq(frame_send(sv[1], &frame, &err), 0);
	frame_begin(&frame, 2);
	cr_assert_eq(frame_send(sv[0], &frame, &err), 0);
	/* Closed with a packet unread: the kernel says ECONNRESET first. */
	close(sv[0]);
	cr_assert_eq(frame_receive(sv[1], &other, 1000, &err), 1);
	cr_assert_eq(other.kind, 2);
	cr_assert_eq(frame_receive(sv[1], &other, 1000, &err), 0);
	cr_assert_eq(frame_receive(sv[1], &other, -1, &err), 0);
	close(sv[1]);
}

Test(frame, sending_to_nobody_is_an_error_and_no_signal)
{
	struct err err = {0};
	int sv[2];

	pair(sv);
	close(sv[1]);
	signal(SIGPIPE, SIG_DFL);
	frame_begin(&frame, 1);
	cr_assert_eq(frame_send(sv[0], &frame, &err), -1);
	cr_assert_eq(err.code, ERR_UNAVAILABLE);
	cr_assert_eq(frame_send_rest(sv[0], 1, "x", 1, &err), -1);
	cr_assert_eq(err.code, ERR_UNAVAILABLE);
	close(sv[0]);
}

Test(frame, a_full_socket_is_waited_for_even_if_it_does_not_block)
{
	struct err err = {0};
	int sv[2], i, status;
	pid_t pid;

	pair(sv);
	pid = fork();
	if (pid == 0) {
		close(sv[1]);
		fcntl(sv[0], F_SETFL, O_NONBLOCK);
		frame_begin(&frame, 5);
		frame_put_bytes(&frame, other.bytes, FRAME_REST_MAX - 4);
		for (i = 0; i < 20; i++)
			if (frame_send(sv[0], &frame, &err) == -1)
				_exit(1);
		_exit(0);
	}
	close(sv[0]);
	usleep(20000);
	for (i = 0; i < 20; i++) {
		cr_assert_eq(frame_receive(sv[1], &other, 5000, &err), 1);
		cr_assert_eq(other.fields.len, FRAME_REST_MAX);
	}
	cr_assert_eq(frame_receive(sv[1], &other, 5000, &err), 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	close(sv[1]);
}

static void
is_no_frame(int fd)
{
	struct err err = {0};

	cr_assert_eq(frame_receive(fd, &other, 1000, &err), -1);
	cr_assert_eq(err.code, ERR_DATA);
	cr_assert_eq(other.kind, 0);
	cr_assert_eq(other.fields.len, 0);
	cr_assert_eq(frame_left(&other), 0);
}

Test(frame, packets_that_are_empty_or_too_large_are_no_frames)
{
	static char bytes[FRAME_BYTES_MAX + 1];
	struct err err = {0};
	int sv[2];

	pair(sv);
	cr_assert_eq(send(sv[0], bytes, 0, 0), 0);
	is_no_frame(sv[1]);
	cr_assert_eq(
	    send(sv[0], bytes, sizeof(bytes), 0), (ssize_t)sizeof(bytes));
	is_no_frame(sv[1]);
	/* What comes behind is read as ever. */
	cr_assert_eq(send(sv[0], "x", 1, 0), 1);
	cr_assert_eq(frame_receive(sv[1], &other, 1000, &err), 1);
	cr_assert_eq(other.kind, 'x');
	close(sv[0]);
	close(sv[1]);
}

Test(frame, descriptors_are_not_let_in)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
			 .cmsg_level = SOL_SOCKET,
			 .cmsg_type = SCM_RIGHTS}};
	char byte = 1;
	struct iovec iov = {&byte, 1};
	struct msghdr msg = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control.room,
	    .msg_controllen = sizeof(control.room)};
	int sv[2], ends[2];

	pair(sv);
	cr_assert_eq(pipe(ends), 0);
	memcpy(CMSG_DATA(&control.head), &ends[1], sizeof(int));
	cr_assert_eq(sendmsg(sv[0], &msg, 0), 1);
	close(ends[1]);
	is_no_frame(sv[1]);
	/* The pipe's end comes when nobody can write to it any more. */
	cr_assert_eq(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	close(sv[0]);
	close(sv[1]);
}

Test(frame, what_is_no_socket_is_an_error)
{
	struct err err = {0};

	frame_begin(&frame, 1);
	cr_assert_eq(frame_send(999, &frame, &err), -1);
	cr_assert_eq(err.code, ERR_IO);
	cr_assert_eq(frame_receive(999, &other, 10, &err), -1);
	cr_assert_eq(err.code, ERR_IO);
}
