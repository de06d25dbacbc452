/* SPDX-License-Identifier: ISC */

/*
 * Data of DNS records, as a resolver hands them over.  They come from
 * strangers: every length is looked at before it is believed.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "domain/rdata.h"

#define STRING_MAX 255

int
rdata_txt(
    struct arena *arena, struct span rdata, struct span *text, size_t *strings)
{
	char *joined = arena_alloc(arena, rdata.len + 1);
	size_t at = 0, len = 0, n = 0, piece = 0, left;
	int rc = 0;

	for (; at < rdata.len && rc == 0; at += piece, n++) {
		piece = (unsigned char)rdata.p[at++];
		left = rdata.len - at;
		if (piece > left) {
			piece = left;
			rc = -1;
		}
		memcpy(joined + len, rdata.p + at, piece);
		len += piece;
	}
	joined[len] = '\0';
	*text = (struct span){joined, len};
	if (strings != NULL)
		*strings = n;
	return rc;
}

struct span
rdata_txt_make(struct arena *arena, struct span text)
{
	size_t n = text.len / STRING_MAX + 1, piece, at = 0;
	char *data = arena_alloc(arena, text.len + n + 1);
	size_t len = 0;

	do {
		piece = text.len - at;
		if (piece > STRING_MAX)
			piece = STRING_MAX;
		data[len++] = (char)piece;
		if (piece > 0)
			memcpy(data + len, text.p + at, piece);
		len += piece;
		at += piece;
	} while (at < text.len);
	return (struct span){data, len};
}

/* One octet of a label; returns how much was written to out. */
static size_t
put_octet(char *out, char c)
{
	if (ascii_is_alnum(c) || c == '-' || c == '_' || c == '*') {
		out[0] = c;
		return 1;
	}
	return (size_t)snprintf(out, 5, "\\%03u", (unsigned char)c);
}

int
rdata_name(struct arena *arena, struct span s, const char **name)
{
	/* Each octet as \DDD at worst. */
	char *text = arena_alloc(arena, s.len * 4 + 2);
	size_t at = 0, len = 0, label, i;

	*name = "";
	if (s.len < 1 || s.len > STRING_MAX)
		return -1;
	while ((label = (unsigned char)s.p[at++]) != 0) {
		/* Room for its end too; no compression. */
		if (label > 63 || label >= s.len - at)
			return -1;
		if (len > 0)
			text[len++] = '.';
		for (i = 0; i < label; i++)
			len += put_octet(text + len, s.p[at + i]);
		at += label;
	}
	if (at != s.len)
		return -1;
	if (len == 0)
		text[len++] = '.';
	text[len] = '\0';
	*name = text;
	return 0;
}

int
rdata_mx(struct arena *arena, struct span rdata, uint16_t *preference,
    const char **host)
{
	*preference = 0;
	*host = "";
	if (rdata.len < 3 ||
	    rdata_name(
		arena, (struct span){rdata.p + 2, rdata.len - 2}, host) == -1)
		return -1;
	*preference = (uint16_t)((unsigned char)rdata.p[0] << 8 |
	    (unsigned char)rdata.p[1]);
	return 0;
}
