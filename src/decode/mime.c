/* SPDX-License-Identifier: ISC */

/*
 * The MIME reader (RFC 2045, RFC 2046): a state and a stack of the levels
 * around the place that is read.  Every line is looked at once, by memchr
 * for the most part; a field name is compared with a known one only if its
 * length and first letter fit.
 */

#include "config.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/die.h"
#include "decode/field.h"
#include "decode/levels.h"
#include "decode/mime.h"
#include "decode/parameter.h"
#include "decode/transfer.h"

/* What a reset keeps for boundaries that cannot be taken as they stand. */
#define ARENA_SIZE 1024

enum state { AT_MESSAGE, AT_PART, AT_BODY, AT_EPILOGUE, AT_END };

struct mime {
	const struct limits *limits;
	struct arena *arena;
	enum state state;
	const char *p; /* the next byte */
	const char *end;
	size_t base_depth;
	size_t parts;  /* that were begun, multiparts too */
	size_t leaves; /* that were given */
	struct mime_entity entity;
	struct levels levels;
};

struct known {
	struct span name;
	enum mime_field field;
};

/* The last five bits of a letter: the same for both cases. */
#define LETTER(c) ((c)&31)
#define LETTERS	  32

/* How many known field names start with the same letter, and one more. */
#define SAME_LETTER_MAX 5

#define KNOWN(name, field)                        \
	{                                         \
		{(name), sizeof(name) - 1}, field \
	}

/* The known field names by their first letters. */
static const struct known known_fields[LETTERS][SAME_LETTER_MAX] = {
    [LETTER('a')] = {KNOWN(
	"Authentication-Results", MIME_AUTHENTICATION_RESULTS)},
    [LETTER('c')] = {KNOWN("Content-Type", MIME_CONTENT_TYPE),
	KNOWN("Content-Disposition", MIME_CONTENT_DISPOSITION),
	KNOWN("Content-Transfer-Encoding", MIME_CONTENT_TRANSFER_ENCODING),
	KNOWN("ContentType", MIME_CONTENT_TYPE)},
    [LETTER('d')] = {KNOWN("Date", MIME_DATE),
	KNOWN("DKIM-Signature", MIME_DKIM_SIGNATURE)},
    [LETTER('r')] = {KNOWN("Received", MIME_RECEIVED)},
    [LETTER('s')] = {KNOWN("Subject", MIME_SUBJECT)},
    [LETTER('t')] = {KNOWN("TLS-Report-Domain", MIME_TLS_REPORT_DOMAIN),
	KNOWN("TLS-Report-Submitter", MIME_TLS_REPORT_SUBMITTER)}};

struct mime *
mime_new(const struct limits *limits)
{
	struct mime *m = xmalloc(sizeof(*m));

	m->limits = limits;
	m->arena = arena_new(ARENA_SIZE);
	mime_start(m, SPAN(""), 0);
	return m;
}

void
mime_free(struct mime *m)
{
	if (m == NULL)
		return;
	arena_free(m->arena);
	free(m);
}

void
mime_start(struct mime *m, struct span message, size_t base_depth)
{
	m->state = AT_MESSAGE;
	m->p = message.len > 0 ? message.p : "";
	m->end = m->p + message.len;
	m->base_depth = base_depth;
	m->parts = 0;
	m->leaves = 0;
	m->levels.depth = 0;
}

static struct span
rest_of(const struct mime *m)
{
	return (struct span){m->p, (size_t)(m->end - m->p)};
}

static size_t
depth_of(const struct mime *m)
{
	return m->base_depth + m->levels.depth;
}

/* The depth of the innermost message of the outer levels. */
static size_t
message_depth_of(const struct mime *m, size_t levels)
{
	return m->base_depth + levels_message(&m->levels, levels);
}

/* Returns what follows the empty line at p, or NULL if it is not empty.
 * Broken gateways double the CR. */
static const char *
skip_empty_line(const char *p, const char *end)
{
	while (p < end && *p == '\r')
		p++;
	return p < end && *p == '\n' ? p + 1 : NULL;
}

static void
note_field(struct mime_entity *e, struct span lines)
{
	const struct known *k = known_fields[LETTER(lines.p[0])];
	struct span value;

	for (; k->name.len > 0; k++) {
		if (!field_is(lines, k->name, &value))
			continue;
		if (e->fields[k->field].p == NULL)
			e->fields[k->field] = value;
		else
			e->repeated |= 1U << k->field;
	}
}

/* Reads a header block into the entity.  A delimiter ends it too: the part
 * has no body then. */
static int
read_header(struct mime *m, struct err *err)
{
	struct mime_entity *e = &m->entity;
	struct span rest = rest_of(m), lines;
	const char *after = NULL;
	struct delimiter d;

	*e = (struct mime_entity){.depth = depth_of(m), .header = {m->p, 0}};
	while (rest.len > 0) {
		if (*rest.p == '\r' || *rest.p == '\n') {
			after = skip_empty_line(rest.p, m->end);
			if (after != NULL)
				break;
		}
		if (*rest.p == '-' && levels_match(&m->levels, rest, &d))
			break;
		lines = field_lines(&rest);
		if ((size_t)(rest.p - m->p) > m->limits->header_bytes)
			return err_set(err, ERR_BOUND,
			    "header block of more than %zu bytes "
			    "(header_bytes)",
			    m->limits->header_bytes);
		note_field(e, lines);
		e->header.len = (size_t)(rest.p - m->p);
	}
	m->p = after != NULL ? after : rest.p;
	return 0;
}

/* True if a header may start at p: with a field, or with what mbox files
 * have before the first. */
static bool
is_header(const char *p, const char *end)
{
	struct span s = {p, (size_t)(end - p)};
	struct field f;

	return span_starts(s, "From ") || span_starts(s, ">From ") ||
	    (s.len > 0 && field_parse(field_lines(&s), &f));
}

/* Passes over empty lines before a message's header, unless they end an
 * empty header. */
static void
skip_empty_lines(struct mime *m)
{
	const char *p = m->p, *next;

	while ((next = skip_empty_line(p, m->end)) != NULL)
		p = next;
	if (p > m->p && is_header(p, m->end))
		m->p = p;
}

static int
read_message(struct mime *m, struct err *err)
{
	size_t around;

	if (depth_of(m) > m->limits->mime_depth)
		return err_set(err, ERR_BOUND,
		    "messages nested deeper than %zu (mime_depth)",
		    m->limits->mime_depth);
	skip_empty_lines(m);
	if (read_header(m, err) == -1)
		return -1;
	around = m->levels.depth > 0 ? m->levels.depth - 1 : 0;
	m->entity.message_depth = message_depth_of(m, around);
	m->state = AT_BODY;
	return MIME_MESSAGE;
}

/* Enters a multipart, or a message if there is no boundary. */
static int
enter(struct mime *m, struct span boundary, bool digest, struct err *err)
{
	if (m->levels.depth == LEVELS_MAX ||
	    depth_of(m) >= m->limits->mime_depth)
		return err_set(err, ERR_BOUND,
		    "parts nested deeper than %zu (mime_depth)",
		    m->limits->mime_depth);
	levels_push(&m->levels, boundary, digest);
	return 0;
}

/* Returns the boundary that a Content-Type names, or an empty span if that
 * is of no use. */
static struct span
find_boundary(struct mime *m, struct span type)
{
	struct parameter found;
	struct span b = {NULL, 0};

	if (parameter_find(m->arena, type, "boundary", &found))
		b = found.bytes;
	/* Delimiter lines are compared without white space at their end. */
	while (b.len > 0 && ascii_is_space(b.p[b.len - 1]))
		b.len--;
	return b.len <= BOUNDARY_MAX ? b : (struct span){NULL, 0};
}

enum kind { KIND_LEAF, KIND_MULTIPART, KIND_DIGEST, KIND_MESSAGE };

/* What the entity is by its Content-Type. */
static enum kind
kind_of_type(struct span type)
{
	struct span subtype = field_main(type);
	struct span major = span_trim(span_cut(&subtype, '/'));

	subtype = span_trim(subtype);
	if (span_is(major, "multipart"))
		return span_is(subtype, "digest") ? KIND_DIGEST
						  : KIND_MULTIPART;
	if (span_is(major, "message") &&
	    (span_is(subtype, "rfc822") || span_is(subtype, "global")))
		return KIND_MESSAGE;
	return KIND_LEAF;
}

/* What the entity is, by all that is known of it. */
static enum kind
kind_of(const struct mime *m)
{
	const struct span *fields = m->entity.fields;
	enum kind kind = KIND_LEAF;

	if (fields[MIME_CONTENT_TYPE].p != NULL)
		kind = kind_of_type(fields[MIME_CONTENT_TYPE]);
	else if (levels_in_digest(&m->levels))
		kind = KIND_MESSAGE;
	if (kind == KIND_MESSAGE &&
	    transfer_parse(fields[MIME_CONTENT_TRANSFER_ENCODING]) !=
		TRANSFER_IDENTITY)
		return KIND_LEAF;
	return kind;
}

/* Finds where the content at the reader's place ends. */
static bool
find_end(const struct mime *m, struct delimiter *d)
{
	return levels_find(&m->levels, rest_of(m), d);
}

/* Goes on behind a delimiter, or stops at the end of the message. */
static void
pass(struct mime *m, bool found, const struct delimiter *d)
{
	m->p = d->next;
	if (!found) {
		m->state = AT_END;
		return;
	}
	levels_pop(&m->levels, d);
	m->state = d->closing ? AT_EPILOGUE : AT_PART;
}

/* Returns -1 with ERR_BOUND if n are too many. */
static int
check_parts(const struct mime *m, size_t n, struct err *err)
{
	if (n <= m->limits->mime_parts)
		return 0;
	return err_set(err, ERR_BOUND, "more than %zu parts (mime_parts)",
	    m->limits->mime_parts);
}

/* Gives the entity as a leaf that goes on to the delimiter or the end. */
static int
give_leaf(
    struct mime *m, bool found, const struct delimiter *d, struct err *err)
{
	struct mime_entity *e = &m->entity;

	if (check_parts(m, m->leaves + 1, err) == -1)
		return -1;
	e->number = ++m->leaves;
	e->message_depth = message_depth_of(m, m->levels.depth);
	e->body = (struct span){m->p, (size_t)(d->end - m->p)};
	e->unclosed = !d->innermost;
	pass(m, found, d);
	return MIME_PART;
}

/* Goes to the first part of a multipart.  One that has none, for its boundary
 * is not known or does not come, is given as a leaf. */
static int
read_multipart(struct mime *m, bool digest, struct err *err)
{
	struct span b = find_boundary(m, m->entity.fields[MIME_CONTENT_TYPE]);
	int rc = b.len > 0 ? enter(m, b, digest, err) : 0;
	struct delimiter d = {0};
	bool found;

	arena_reset(m->arena);
	if (rc == -1)
		return -1;
	found = find_end(m, &d);
	if (b.len == 0 || !found || !d.innermost)
		return give_leaf(m, found, &d, err);
	pass(m, found, &d);
	return 0;
}

/* Reads what stands behind a header.  Returns 0 if that is no event. */
static int
read_body(struct mime *m, struct err *err)
{
	enum kind kind = kind_of(m);
	struct delimiter d = {0};
	bool found;

	if (kind == KIND_MULTIPART || kind == KIND_DIGEST)
		return read_multipart(m, kind == KIND_DIGEST, err);
	if (kind == KIND_MESSAGE) {
		m->state = AT_MESSAGE;
		return enter(m, SPAN(""), false, err);
	}
	found = find_end(m, &d);
	return give_leaf(m, found, &d, err);
}

static int
read_part(struct mime *m, struct err *err)
{
	if (check_parts(m, ++m->parts, err) == -1)
		return -1;
	m->state = AT_BODY;
	return read_header(m, err);
}

static void
skip_epilogue(struct mime *m)
{
	struct delimiter d = {0};
	bool found = find_end(m, &d);

	pass(m, found, &d);
}

/* Makes one step.  Returns an event, 0 for none, or -1. */
static int
step(struct mime *m, struct err *err)
{
	switch (m->state) {
	case AT_MESSAGE:
		return read_message(m, err);
	case AT_PART:
		return read_part(m, err);
	case AT_BODY:
		return read_body(m, err);
	case AT_EPILOGUE:
		skip_epilogue(m);
		break;
	case AT_END:
		break;
	}
	return 0;
}

int
mime_next(struct mime *m, struct mime_entity *e, struct err *err)
{
	int rc = MIME_END;

	while (rc == MIME_END && m->state != AT_END)
		rc = step(m, err);
	if (rc == -1)
		m->state = AT_END;
	if (rc != MIME_END)
		*e = m->entity;
	return rc;
}
