/* SPDX-License-Identifier: ISC */

/*
 * A reader of Authentication-Results (RFC 8601 2.2), for the one question
 * whether DKIM passed for the reporter.  The text is cut into tokens; what
 * stands in comments and quoted strings can so never pass for a result.
 */

#include "config.h"

#include <string.h>

#include "decode/auth.h"
#include "decode/field.h"
#include "decode/parameter.h"

/* Longer than any key that we know: "header.d", "dkim/1". */
#define KEY_SIZE 16

/* What ends a word: white space, a comment, a quoted string, ";" and "=". */
#define WORD_END " \t\r\n\v\f(\";="

enum token { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_OTHER };

/* One result: the method with its outcome, and whom it was found for.  Of
 * each the first counts: what follows may be a stranger's text that the
 * server repeated. */
struct result {
	bool has_method;
	bool dkim_pass;
	struct span d; /* header.d */
	struct span i; /* the domain of header.i */
};

/* A key, whose pieces may stand apart: "header . d" (RFC 8601 2.2). */
struct key {
	char text[KEY_SIZE];
	size_t len;
};

static void
skip(struct span *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

/* Takes a quoted string off the front and returns what is within. */
static struct span
take_string(struct span *s)
{
	struct span content;

	skip(s, 1);
	content = *s;
	while (s->len > 0 && s->p[0] != '"')
		skip(s, s->p[0] == '\\' && s->len > 1 ? 2 : 1);
	content.len -= s->len;
	if (s->len > 0)
		skip(s, 1);
	return content;
}

/* Takes the next token off the front; comments and space are passed over,
 * and so is a quoted local part: "google.com"@example.net is no word of
 * Google's. */
static enum token
next_token(struct span *s, struct span *text)
{
	size_t n = 0;

	parameter_skip_comments(s);
	if (s->len > 0 && s->p[0] == '"') {
		*text = take_string(s);
		parameter_skip_comments(s);
		if (s->len == 0 || s->p[0] != '@')
			return TOKEN_STRING;
	}
	if (s->len == 0)
		return TOKEN_END;
	while (n < s->len && (s->p[n] == '\0' || !strchr(WORD_END, s->p[n])))
		n++;
	*text = (struct span){s->p, n > 0 ? n : 1};
	skip(s, text->len);
	return n > 0 ? TOKEN_WORD : TOKEN_OTHER;
}

/* Adds a word to the key if the two belong together, else starts anew.  A
 * key that is too long becomes one that nobody knows. */
static void
key_add(struct key *k, struct span word)
{
	bool joined = k->len > 0 &&
	    (strchr("./", k->text[k->len - 1]) != NULL || word.p[0] == '.' ||
		word.p[0] == '/');

	if (!joined)
		k->len = 0;
	if (word.len > KEY_SIZE - k->len) {
		k->len = 0;
		return;
	}
	memcpy(k->text + k->len, word.p, word.len);
	k->len += word.len;
}

/* Returns the part of an address behind its last "@"; "" without one. */
static struct span
domain_of(struct span address)
{
	size_t n = address.len;

	while (n > 0 && address.p[n - 1] != '@')
		n--;
	if (n == 0)
		address.len = 0;
	skip(&address, n);
	return address;
}

static void
set_property(struct result *r, const struct key *k, struct span value)
{
	struct span key = {k->text, k->len};

	if (!r->has_method)
		r->dkim_pass =
		    (span_is(key, "dkim") || span_starts(key, "dkim/")) &&
		    span_is(value, "pass");
	else if (span_is(key, "header.d") && r->d.p == NULL)
		r->d = value;
	else if (span_is(key, "header.i") && r->i.p == NULL)
		r->i = domain_of(value);
	r->has_method = true;
}

/* Takes one result off the front, up to its ";".  Returns false at the end. */
static bool
next_result(struct span *s, struct result *r)
{
	struct key key = {.len = 0};
	struct span text;
	enum token token;
	bool value = false;

	*r = (struct result){.has_method = false};
	if (s->len == 0)
		return false;
	while ((token = next_token(s, &text)) != TOKEN_END) {
		if (token == TOKEN_OTHER) {
			if (text.p[0] == ';')
				break;
			value = true;
		} else if (value) {
			/* Something glued to it makes it another value. */
			if (s->len > 0 && strchr("=\"", s->p[0]) != NULL)
				text.len = 0;
			set_property(r, &key, text);
			key.len = 0;
			value = false;
		} else if (token == TOKEN_WORD) {
			key_add(&key, text);
		} else {
			key.len = 0;
		}
	}
	return true;
}

/* Takes the authserv-id and its version off the front of a field's value;
 * what is left are the results. */
static struct span
take_authserv_id(struct span *value)
{
	struct span id, text = {NULL, 0};
	enum token token = next_token(value, &text);

	id = text;
	if (token == TOKEN_OTHER)
		id.len = 0;
	while (
	    token != TOKEN_END && !(token == TOKEN_OTHER && text.p[0] == ';'))
		token = next_token(value, &text);
	return id;
}

static bool
has_two_labels(struct span domain)
{
	return span_cut(&domain, '.').len > 0 && domain.len > 0;
}

/* True if upper is domain itself or stands above it. */
static bool
is_above(struct span upper, struct span domain)
{
	size_t more, i;

	if (upper.len > domain.len)
		return false;
	more = domain.len - upper.len;
	if (more > 0 && (domain.p[more - 1] != '.' || !has_two_labels(upper)))
		return false;
	for (i = 0; i < upper.len; i++)
		if (ascii_lower(upper.p[i]) != ascii_lower(domain.p[more + i]))
			return false;
	return true;
}

static void
add_signer(struct auth *a, const struct result *r)
{
	struct span signer = r->d.p != NULL ? r->d : r->i;

	if (signer.len > 0 && signer.p[signer.len - 1] == '.')
		signer.len--;
	if (r->dkim_pass && signer.len > 0 && a->nsigners < SIGNERS_MAX)
		a->signers[a->nsigners++] = signer;
}

void
auth_read(struct auth *a, struct span header, const char *authserv_id)
{
	struct field f;
	struct result r;
	struct span id;
	bool found = false;

	a->nsigners = 0;
	a->is_checked = authserv_id[0] != '\0';
	while (a->is_checked && field_next(&header, &f)) {
		if (found && span_is(f.name, "Received"))
			break;
		if (!span_is(f.name, "Authentication-Results"))
			continue;
		id = take_authserv_id(&f.value);
		if (found && !span_is(id, authserv_id))
			break;
		if (!span_is(id, authserv_id))
			continue;
		found = true;
		while (next_result(&f.value, &r))
			add_signer(a, &r);
	}
}

static bool
is_aligned(struct span signer, struct span reporter)
{
	return reporter.len > 0 &&
	    (is_above(signer, reporter) || is_above(reporter, signer));
}

enum authenticity
auth_judge(const struct auth *a, const char *reporter)
{
	size_t i;

	if (!a->is_checked)
		return AUTH_UNCHECKED;
	for (i = 0; i < a->nsigners; i++)
		if (is_aligned(a->signers[i], span_of(reporter)))
			return AUTH_VERIFIED;
	return AUTH_FAILED;
}

/* True if a tag-list has the tag l (RFC 6376 3.2: tags are told by case). */
static bool
tag_list_has_length(struct span list)
{
	struct span tag, name;

	while (list.len > 0) {
		tag = span_cut(&list, ';');
		if (tag.len == 0 || memchr(tag.p, '=', tag.len) == NULL)
			continue;
		name = span_trim(span_cut(&tag, '='));
		if (name.len == 1 && name.p[0] == 'l')
			return true;
	}
	return false;
}

bool
auth_has_length_tag(struct span header, struct span signature, bool has_more)
{
	struct field f;

	if (tag_list_has_length(signature))
		return true;
	if (!has_more)
		return false;
	skip(&header, (size_t)(signature.p + signature.len - header.p));
	while (field_next(&header, &f))
		if (span_is(f.name, "DKIM-Signature") &&
		    tag_list_has_length(f.value))
			return true;
	return false;
}
