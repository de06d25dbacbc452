/* SPDX-License-Identifier: ISC */

/*
 * Content transfer encodings.  Nothing here fails but for the lack of room:
 * whether what comes out is of use is for its reader to say.
 */

#include "config.h"

#include <string.h>

#include "decode/base64.h"
#include "decode/field.h"
#include "decode/transfer.h"

struct encoding {
	const char *name;
	enum transfer transfer;
};

static const struct encoding encodings[] = {{"base64", TRANSFER_BASE64},
    {"quoted-printable", TRANSFER_QUOTED_PRINTABLE},
    {"7bit", TRANSFER_IDENTITY}, {"8bit", TRANSFER_IDENTITY},
    {"binary", TRANSFER_IDENTITY}, {"7-bit", TRANSFER_IDENTITY},
    {"8-bit", TRANSFER_IDENTITY}, {"", TRANSFER_IDENTITY}};

enum transfer
transfer_parse(struct span value)
{
	struct span name = field_main(value);
	size_t i;

	if (name.len >= 2 && name.p[0] == '"' && name.p[name.len - 1] == '"')
		name = (struct span){name.p + 1, name.len - 2};
	for (i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
		if (span_is(name, encodings[i].name))
			return encodings[i].transfer;
	return TRANSFER_UNKNOWN;
}

static int
decode_base64(struct span body, struct buf *out, bool *noise)
{
	/* Counting is slower: only when the guess does not fit. */
	if (buf_reserve(out, base64_bound(body)) == -1 &&
	    buf_reserve(out, base64_size(body)) == -1)
		return -1;
	if (body.len > 0)
		out->len += base64_decode(body, out->data + out->len, noise);
	return 0;
}

/* Decodes the escapes of a line or a part of one. */
static int
decode_escapes(struct span s, struct buf *out, bool *noise)
{
	const char *eq;
	size_t len;
	char byte;
	int value;

	while (s.len > 0 && (eq = memchr(s.p, '=', s.len)) != NULL) {
		len = (size_t)(eq - s.p);
		value = ascii_hex(eq + 1, s.len - len - 1);
		if (value == -1) {
			*noise = true;
			len++;
		}
		if (buf_append(out, s.p, len) == -1)
			return -1;
		if (value != -1) {
			byte = (char)value;
			if (buf_append(out, &byte, 1) == -1)
				return -1;
			len += 3;
		}
		s.p += len;
		s.len -= len;
	}
	return buf_append(out, s.p, s.len);
}

/* Decodes one line, which has its line end if it is not the last. */
static int
decode_line(struct span line, struct buf *out, bool *noise)
{
	size_t end = line.len, text;

	if (end > 0 && line.p[end - 1] == '\n')
		end--;
	if (end > 0 && line.p[end - 1] == '\r')
		end--;
	text = end;
	while (text > 0 && ascii_is_space(line.p[text - 1]))
		text--;
	if (text > 0 && line.p[text - 1] == '=')
		return decode_escapes(
		    (struct span){line.p, text - 1}, out, noise);
	if (decode_escapes((struct span){line.p, text}, out, noise) == -1)
		return -1;
	return buf_append(out, line.p + end, line.len - end);
}

static int
decode_quoted_printable(struct span body, struct buf *out, bool *noise)
{
	const char *nl;
	struct span line;

	while (body.len > 0) {
		nl = memchr(body.p, '\n', body.len);
		line.p = body.p;
		line.len = nl != NULL ? (size_t)(nl - body.p) + 1 : body.len;
		if (decode_line(line, out, noise) == -1)
			return -1;
		body.p += line.len;
		body.len -= line.len;
	}
	return 0;
}

int
transfer_decode(
    enum transfer encoding, struct span body, struct buf *out, bool *noise)
{
	switch (encoding) {
	case TRANSFER_BASE64:
		return decode_base64(body, out, noise);
	case TRANSFER_QUOTED_PRINTABLE:
		return decode_quoted_printable(body, out, noise);
	case TRANSFER_IDENTITY:
	case TRANSFER_UNKNOWN:
		break;
	}
	return buf_append(out, body.p, body.len);
}
