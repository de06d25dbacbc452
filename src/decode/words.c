/* SPDX-License-Identifier: ISC */

/*
 * Encoded words.  The bytes of adjacent words in one character set are
 * collected and decoded at once, for senders cut characters in two.  Every
 * scan for a word ends at the fourth "?", so that the time is linear.
 */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "decode/base64.h"
#include "decode/charset.h"
#include "decode/words.h"

struct word {
	enum charset charset;
	char encoding; /* 'b' or 'q' */
	struct span text;
	const char *end;
};

struct joiner {
	char *out;
	char *bytes; /* of the words since the last other text */
	size_t len;
	enum charset charset; /* theirs */
	bool after_word;
};

/* Finds the next "=?" from p on. */
static const char *
find_mark(const char *p, const char *end)
{
	while ((p = memchr(p, '=', (size_t)(end - p))) != NULL) {
		if (++p == end)
			return NULL;
		if (*p == '?')
			return p - 1;
	}
	return NULL;
}

/* True if text is what it decodes to. */
static bool
is_plain(struct span text)
{
	return memchr(text.p, '\0', text.len) == NULL &&
	    utf8_ascii_prefix(text.p, text.len) == text.len &&
	    find_mark(text.p, text.p + text.len) == NULL;
}

/* Takes what stands before the next "?" off the front of *s.  False if white
 * space or the end comes first. */
static bool
take_piece(struct span *s, struct span *piece)
{
	size_t i = 0;

	while (i < s->len && s->p[i] != '?' && !ascii_is_space(s->p[i]))
		i++;
	if (i == s->len || s->p[i] != '?')
		return false;
	*piece = (struct span){s->p, i};
	s->p += i + 1;
	s->len -= i + 1;
	return true;
}

/* Reads the word whose "=?" is at the start of s. */
static bool
word_parse(struct span s, struct word *w)
{
	struct span charset, encoding;

	s.p += 2;
	s.len -= 2;
	if (!take_piece(&s, &charset) || !take_piece(&s, &encoding) ||
	    !take_piece(&s, &w->text))
		return false;
	if (charset.len == 0 || encoding.len != 1 || s.len == 0 ||
	    s.p[0] != '=')
		return false;
	/* RFC 2231 5: a language may follow. */
	w->charset = charset_parse(span_cut(&charset, '*'));
	w->encoding = ascii_lower(encoding.p[0]);
	w->end = s.p + 1;
	return w->encoding == 'b' || w->encoding == 'q';
}

/* Writes the bytes of a "Q" text to out, *n of them.  False if it is broken.
 */
static bool
decode_q(struct span s, char *out, size_t *n)
{
	size_t i;
	int value;

	*n = 0;
	for (i = 0; i < s.len; i++) {
		if (s.p[i] != '=') {
			out[(*n)++] = s.p[i] == '_' ? ' ' : s.p[i];
			continue;
		}
		value = ascii_hex(s.p + i + 1, s.len - i - 1);
		if (value == -1)
			return false;
		out[(*n)++] = (char)value;
		i += 2;
	}
	return true;
}

static bool
decode_b(struct span s, char *out, size_t *n)
{
	bool noise = false;

	*n = base64_decode(s, out, &noise);
	return !noise;
}

/* Writes the words that were collected. */
static void
flush(struct joiner *j)
{
	j->out =
	    charset_decode(j->charset, (struct span){j->bytes, j->len}, j->out);
	j->len = 0;
	j->after_word = false;
}

static void
put_text(struct joiner *j, struct span text)
{
	flush(j);
	j->out = charset_decode(CHARSET_UTF8, text, j->out);
}

/* Puts a word with the text between it and the last one.  False if it is
 * broken; nothing is put then. */
static bool
put_word(struct joiner *j, struct span before, const struct word *w)
{
	char *bytes = j->bytes + j->len;
	size_t n = 0;

	if (!(w->encoding == 'b' ? decode_b : decode_q)(w->text, bytes, &n))
		return false;
	if (!j->after_word || span_trim(before).len > 0)
		put_text(j, before);
	else if (w->charset != j->charset)
		flush(j);
	memmove(j->bytes + j->len, bytes, n);
	j->len += n;
	j->charset = w->charset;
	j->after_word = true;
	return true;
}

char *
words_decode(struct arena *a, struct span text)
{
	const char *p = text.p, *done = text.p, *end;
	struct joiner j = {0};
	struct word w;
	char *start;

	if (text.len == 0)
		return arena_strdup(a, "");
	if (is_plain(text))
		return arena_strndup(a, text.p, text.len);
	end = p + text.len;
	start = j.out = arena_alloc(a, CHARSET_GROWTH * text.len + 1);
	j.bytes = arena_alloc(a, text.len);
	while ((p = find_mark(p, end)) != NULL) {
		struct span before = {done, (size_t)(p - done)};
		struct span rest = {p, (size_t)(end - p)};

		if (word_parse(rest, &w) && put_word(&j, before, &w))
			p = done = w.end;
		else
			p += 2;
	}
	put_text(&j, (struct span){done, (size_t)(end - done)});
	*j.out = '\0';
	return start;
}
