/* SPDX-License-Identifier: ISC */

/*
 * Replies of SMTP servers, read as they come in.  The servers are those of
 * strangers: everything has a bound.
 */

#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "base/span.h"
#include "net/smtp_reply.h"

#define CODE_LEN 3

void
smtp_reply_begin(struct smtp_reply *r)
{
	r->buf.cap = SMTP_REPLY_MAX;
	buf_reset(&r->buf, SMTP_REPLY_MAX);
	r->code = 0;
	r->first[0] = '\0';
	r->why = "";
	r->line = r->whole = 0;
}

void
smtp_reply_free(struct smtp_reply *r)
{
	buf_free(&r->buf);
}

static enum smtp_reply_state
bad(struct smtp_reply *r, const char *why)
{
	r->why = why;
	return SMTP_REPLY_BAD;
}

static int
parse_code(struct span line)
{
	if (line.len < CODE_LEN || line.p[0] < '2' || line.p[0] > '5' ||
	    !ascii_is_digit(line.p[1]) || !ascii_is_digit(line.p[2]))
		return -1;
	/* What comes without a code, as 3xx does, is no answer to anything
	 * that we say. */
	if (line.p[0] == '3' ||
	    (line.len > CODE_LEN && line.p[CODE_LEN] != ' ' &&
		line.p[CODE_LEN] != '-'))
		return -1;
	return (line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 +
	    (line.p[2] - '0');
}

static enum smtp_reply_state
take_line(struct smtp_reply *r, struct span line)
{
	int code;

	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	if (memchr(line.p, '\0', line.len) != NULL)
		return bad(r, "a reply holds a NUL");
	code = parse_code(line);
	if (code == -1)
		return bad(r, "a reply begins with no code of SMTP");
	if (r->code != 0 && code != r->code)
		return bad(r, "the lines of a reply have different codes");
	if (r->code == 0)
		span_copy_printable(r->first, sizeof(r->first), line);
	r->code = code;
	return line.len > CODE_LEN && line.p[CODE_LEN] == '-'
	    ? SMTP_REPLY_MORE
	    : SMTP_REPLY_WHOLE;
}

enum smtp_reply_state
smtp_reply_add(struct smtp_reply *r, const char *data, size_t len)
{
	enum smtp_reply_state state = SMTP_REPLY_MORE;
	const char *nl;
	size_t n;

	if (buf_append(&r->buf, data, len) == -1)
		return bad(r, "a reply is too long");
	while (state == SMTP_REPLY_MORE && r->line < r->buf.len) {
		nl = memchr(r->buf.data + r->line, '\n', r->buf.len - r->line);
		n = nl == NULL ? r->buf.len - r->line
			       : (size_t)(nl - (r->buf.data + r->line));
		if (n > SMTP_LINE_MAX)
			return bad(r, "a line of a reply is too long");
		if (nl == NULL)
			break;
		state = take_line(r, (struct span){r->buf.data + r->line, n});
		r->line += n + 1;
	}
	r->whole = r->line;
	return state;
}

bool
smtp_reply_has(const struct smtp_reply *r, const char *keyword)
{
	struct span rest = {r->buf.data, r->whole}, line;

	/* The first line is the server's name. */
	span_cut(&rest, '\n');
	while (rest.len > 0) {
		line = span_cut(&rest, '\n');
		line.p += line.len > CODE_LEN ? CODE_LEN + 1 : line.len;
		line.len -= line.len > CODE_LEN ? CODE_LEN + 1 : line.len;
		if (span_is(span_trim(span_cut(&line, ' ')), keyword))
			return true;
	}
	return false;
}

bool
smtp_reply_has_more(const struct smtp_reply *r)
{
	return r->buf.len > r->whole;
}
