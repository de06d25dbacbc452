/* SPDX-License-Identifier: ISC */

/*
 * Takes secrets out of what is going to be shown.  Pieces count, not only the
 * whole: a server may quote the begin of a line.
 */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/span.h"
#include "imap/redact.h"

/* How many bytes a and b have in common at their begin, whatever the case. */
static size_t
common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] != '\0' && ascii_lower(a[n]) == ascii_lower(b[n]))
		n++;
	return n;
}

/* The longest piece of secret that text begins with. */
static size_t
longest(const char *text, const char *secret)
{
	size_t most = 0, n;

	for (; *secret != '\0'; secret++) {
		n = common(text, secret);
		if (n > most)
			most = n;
	}
	return most;
}

/* All forms are looked for in the text as it came: what one has covered must
 * not break another into pieces too short to be noticed. */
struct cover {
	const char *text;
	size_t len;
	bool *hidden; /* by byte */
};

static void
hide(struct cover *c, const char *secret)
{
	size_t run = strlen(secret), at, n;

	if (run == 0)
		return;
	if (run > REDACT_RUN)
		run = REDACT_RUN;
	for (at = 0; at < c->len; at++) {
		n = longest(c->text + at, secret);
		if (n >= run)
			memset(c->hidden + at, true, n * sizeof(*c->hidden));
	}
}

/* One "*" a piece. */
static void
cut_hidden(char *text, const struct cover *c)
{
	size_t at, n = 0;

	for (at = 0; at < c->len; at++) {
		if (!c->hidden[at])
			text[n++] = text[at];
		else if (at == 0 || !c->hidden[at - 1])
			text[n++] = '*';
	}
	text[n] = '\0';
}

static void
wipe(char *text, size_t size)
{
	explicit_bzero(text, size);
	free(text);
}

static void
hide_quoted(struct cover *c, const char *secret)
{
	size_t size = 2 * strlen(secret) + 1, n = 0;
	char *quoted = xmalloc(size);

	for (; *secret != '\0'; secret++) {
		if (*secret == '"' || *secret == '\\')
			quoted[n++] = '\\';
		quoted[n++] = *secret;
	}
	quoted[n] = '\0';
	hide(c, quoted);
	wipe(quoted, size);
}

/* Without padding: that says nothing. */
static void
encode_base64(char *out, const char *p, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	int nbits = 0;

	for (; len > 0; len--) {
		bits = bits << 8 | (unsigned char)*p++;
		for (nbits += 8; nbits >= 6; nbits -= 6)
			*out++ = digits[bits >> (nbits - 6) & 0x3f];
	}
	if (nbits > 0)
		*out++ = digits[bits << (6 - nbits) & 0x3f];
	*out = '\0';
}

static void
hide_base64(struct cover *c, const char *plain, size_t len)
{
	size_t size = (len + 2) / 3 * 4 + 1;
	char *encoded = xmalloc(size);

	encode_base64(encoded, plain, len);
	hide(c, encoded);
	wipe(encoded, size);
}

static void
hide_plain(struct cover *c, const char *user, const char *secret)
{
	size_t size = 2 * strlen(user) + strlen(secret) + 3;
	char *plain = xmalloc(size);
	int len;

	len =
	    snprintf(plain, size, "%s%c%s%c%s", user, '\0', user, '\0', secret);
	hide_base64(c, plain, (size_t)len);
	/* Others leave out who is spoken for. */
	hide_base64(c, plain + strlen(user), (size_t)len - strlen(user));
	wipe(plain, size);
}

static void
hide_xoauth2(struct cover *c, const char *user, const char *secret)
{
	static const char format[] = "user=%s\1auth=Bearer %s\1\1";
	size_t size = sizeof(format) + strlen(user) + strlen(secret);
	char *plain = xmalloc(size);
	int len;

	len = snprintf(plain, size, format, user, secret);
	hide_base64(c, plain, (size_t)len);
	wipe(plain, size);
}

void
redact(char *text, const char *user, const char *secret)
{
	struct cover c = {.text = text, .len = strlen(text)};

	c.hidden = xcalloc(c.len, sizeof(*c.hidden));
	hide(&c, secret);
	hide_quoted(&c, secret);
	hide_base64(&c, secret, strlen(secret));
	hide_plain(&c, user, secret);
	hide_xoauth2(&c, user, secret);
	cut_hidden(text, &c);
	free(c.hidden);
}
