/* SPDX-License-Identifier: ISC */

/*
 * The guard in front of libetpan's parser: a state machine over the bytes, of
 * one state a byte, that keeps nothing but a word.  A line is data (untagged,
 * may hold literals and quoted strings) or status (OK, NO, BAD, BYE, PREAUTH,
 * tagged or not, and continuations: a response code, and text in which
 * nothing has a meaning).
 */

#include "config.h"

#include <string.h>

#include "base/span.h"
#include "imap/guard.h"

enum {
	/* The begin of a line. */
	AT_START,
	AT_STAR, /* "*", and then the word that tells */

	/* Data. */
	IN_DATA,
	IN_QUOTED,
	IN_QUOTED_ESCAPE,
	IN_BRACE,  /* "{" */
	IN_DIGITS, /* "{12" */
	IN_PLUS,   /* "{12+" */
	IN_CLOSED, /* "{12}" */
	IN_CLOSED_CR,

	/* Status, up to its response code. */
	IN_TAG,
	IN_TAG_GAP,
	IN_STATUS,
	BEFORE_CODE,
	IN_CODE,

	/* What a code needs that libetpan crashes on. */
	NEEDS_BRACKET,	 /* [ALERT */
	NEEDS_TEXT,	 /* [ALERT] */
	BEFORE_LIST,	 /* [PERMANENTFLAGS */
	BEFORE_ASTRINGS, /* [BADCHARSET */
	NEEDS_FLAG,	 /* [PERMANENTFLAGS ( */
	NEEDS_FLAG_NAME, /* [PERMANENTFLAGS (\ */
	IN_LIST,

	IN_TEXT
};

/* What begins a status; libetpan, too, compares no more than that. */
static const char *const STATUSES[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};

/* The codes that matter, and what state they lead to. */
static const struct {
	const char *name;
	int state;
} CODES[] = {
    {"ALERT", NEEDS_BRACKET},
    {"PARSE", NEEDS_BRACKET},
    {"PERMANENTFLAGS", BEFORE_LIST},
    {"BADCHARSET", BEFORE_ASTRINGS},
};

#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

static int
refuse(struct err *err, const char *what)
{
	return err_set(
	    err, ERR_DATA, "the server's answer is not safe to read: %s", what);
}

/* ---- words ---- */

/* Takes c into the word; false if it does not belong to one. */
static bool
extend_word(struct guard *g, char c)
{
	if (!ascii_is_alnum(c))
		return false;
	if (g->nword < sizeof(g->word))
		g->word[g->nword++] = c;
	return true;
}

static bool
word_starts(const struct guard *g, const char *with)
{
	return span_starts((struct span){g->word, g->nword}, with);
}

static bool
word_is_status(const struct guard *g)
{
	size_t i;

	for (i = 0; i < NELEM(STATUSES); i++) {
		if (word_starts(g, STATUSES[i]))
			return true;
	}
	return false;
}

/* The state behind the name of a code. */
static int
after_code(const struct guard *g)
{
	size_t i;

	for (i = 0; i < NELEM(CODES); i++) {
		if (word_starts(g, CODES[i].name))
			return CODES[i].state;
	}
	return IN_TEXT;
}

/* ---- data ---- */

static int
open_parenthesis(struct guard *g, struct err *err)
{
	if (++g->depth > GUARD_NESTING_MAX)
		return refuse(err, "parentheses are nested too deeply");
	return 0;
}

static int
look_at_data(struct guard *g, char c, struct err *err)
{
	switch (c) {
	case '"':
		g->state = IN_QUOTED;
		return 0;
	case '{':
		g->state = IN_BRACE;
		g->literal_size = 0;
		return 0;
	case '(':
		return open_parenthesis(g, err);
	case ')':
		if (g->depth > 0)
			g->depth--;
		return 0;
	default:
		return 0;
	}
}

static int
add_digit(struct guard *g, char c, struct err *err)
{
	g->literal_size = g->literal_size * 10 + (uint64_t)(c - '0');
	/* libetpan keeps 32 bits of a larger number. */
	if (g->literal_size > UINT32_MAX || g->literal_size > g->literal_max)
		return refuse(err, "a literal is too large");
	g->state = IN_DIGITS;
	return 0;
}

/* "{12}" and "{12+}", and nothing behind it but the line's end. */
static int
look_at_literal(struct guard *g, char c, struct err *err)
{
	int next = -1;

	if (g->state <= IN_DIGITS && ascii_is_digit(c))
		return add_digit(g, c, err);
	if (g->state == IN_DIGITS && c == '+')
		next = IN_PLUS;
	else if ((g->state == IN_DIGITS || g->state == IN_PLUS) && c == '}')
		next = IN_CLOSED;
	else if (g->state == IN_CLOSED && c == '\r')
		next = IN_CLOSED_CR;
	if (next == -1)
		return refuse(err, "a brace that begins no literal");
	g->state = next;
	return 0;
}

static int
look_at_quoted(struct guard *g, char c)
{
	if (g->state == IN_QUOTED_ESCAPE)
		g->state = IN_QUOTED;
	else if (c == '\\')
		g->state = IN_QUOTED_ESCAPE;
	else if (c == '"')
		g->state = IN_DATA;
	return 0;
}

/* ---- the begin of a line ---- */

static int
look_at_start(struct guard *g, char c)
{
	if (ascii_is_wsp(c) || c == '\r')
		return 0;
	g->nword = 0;
	g->strict = !g->greeted || c == '+';
	g->state = c == '*' ? AT_STAR : c == '+' ? BEFORE_CODE : IN_TAG;
	return 0;
}

/* ---- status ---- */

/* The words up to the response code. */
static int
look_at_status(struct guard *g, char c)
{
	if (c == '[' && g->state >= IN_STATUS) {
		g->state = IN_CODE;
		g->nword = 0;
	} else if (ascii_is_wsp(c)) {
		if (g->state == IN_TAG)
			g->state = IN_TAG_GAP;
		else if (g->state == IN_STATUS)
			g->state = BEFORE_CODE;
	} else if (g->state == IN_TAG_GAP) {
		g->state = IN_STATUS;
	} else if (g->state == BEFORE_CODE) {
		g->state = IN_TEXT;
	}
	return 0;
}

static int
look_at_bracket(struct guard *g, char c)
{
	if (g->state == NEEDS_BRACKET && c == ']')
		g->state = NEEDS_TEXT;
	else if (g->state == NEEDS_TEXT && c != '\r' && !ascii_is_wsp(c))
		g->state = IN_TEXT;
	return 0;
}

/* Behind PERMANENTFLAGS or BADCHARSET. */
static int
look_before_list(struct guard *g, char c, struct err *err)
{
	if (ascii_is_wsp(c))
		return 0;
	if (c != '(') {
		g->state = IN_TEXT;
		return 0;
	}
	if (g->strict)
		return refuse(err, "a list where only text is expected");
	g->state = g->state == BEFORE_LIST ? NEEDS_FLAG : IN_LIST;
	return 0;
}

/* Where libetpan finds no first flag it has no list, and frees it. */
static int
look_for_flag(struct guard *g, char c, struct err *err)
{
	if (ascii_is_wsp(c) && g->state == NEEDS_FLAG)
		return 0;
	if (c == '\\' && g->state == NEEDS_FLAG) {
		g->state = NEEDS_FLAG_NAME;
		return 0;
	}
	if (c == ')' && g->state == NEEDS_FLAG) {
		g->state = IN_TEXT;
		return 0;
	}
	if (c == '*' && g->state == NEEDS_FLAG_NAME) {
		g->state = IN_LIST;
		return 0;
	}
	if ((unsigned char)c <= ' ' || strchr("\"%()*\\]{", c) != NULL)
		return refuse(err, "a list of flags without a flag");
	g->state = IN_LIST;
	return 0;
}

static int
look_at_list(struct guard *g, char c, struct err *err)
{
	if (c == '"' || c == '{')
		return refuse(err, "a string in a response code");
	if (c == ')')
		g->state = IN_TEXT;
	return 0;
}

/* ---- all together ---- */

/* One byte that does not end a line. */
static int
look_at(struct guard *g, char c, struct err *err)
{
	switch (g->state) {
	case AT_START:
		return look_at_start(g, c);
	case AT_STAR:
		if (extend_word(g, c) || (ascii_is_wsp(c) && g->nword == 0))
			return 0;
		g->state = word_is_status(g) ? IN_STATUS : IN_DATA;
		return look_at(g, c, err);
	case IN_DATA:
		return look_at_data(g, c, err);
	case IN_QUOTED:
	case IN_QUOTED_ESCAPE:
		return look_at_quoted(g, c);
	case IN_BRACE:
	case IN_DIGITS:
	case IN_PLUS:
	case IN_CLOSED:
	case IN_CLOSED_CR:
		return look_at_literal(g, c, err);
	case IN_CODE:
		if (extend_word(g, c) || (ascii_is_wsp(c) && g->nword == 0))
			return 0;
		g->state = after_code(g);
		return look_at(g, c, err);
	case NEEDS_BRACKET:
	case NEEDS_TEXT:
		return look_at_bracket(g, c);
	case BEFORE_LIST:
	case BEFORE_ASTRINGS:
		return look_before_list(g, c, err);
	case NEEDS_FLAG:
	case NEEDS_FLAG_NAME:
		return look_for_flag(g, c, err);
	case IN_LIST:
		return look_at_list(g, c, err);
	case IN_TEXT:
		return 0;
	default:
		return look_at_status(g, c);
	}
}

/* The line's end, or that of the part of it before a literal. */
static int
end_line(struct guard *g, struct err *err)
{
	switch (g->state) {
	case IN_CLOSED:
	case IN_CLOSED_CR:
		g->literal_left = g->literal_size;
		g->state = IN_DATA;
		return 0;
	case IN_BRACE:
	case IN_DIGITS:
	case IN_PLUS:
		return refuse(err, "a brace that begins no literal");
	case IN_QUOTED:
	case IN_QUOTED_ESCAPE:
		return refuse(err, "a quoted string goes on behind its line");
	case NEEDS_BRACKET:
	case NEEDS_TEXT:
		return refuse(err, "a response code without text behind it");
	case NEEDS_FLAG:
	case NEEDS_FLAG_NAME:
		return refuse(err, "a list of flags without a flag");
	default:
		g->greeted = g->greeted || g->state != AT_START;
		g->state = AT_START;
		g->line = 0;
		g->depth = 0;
		return 0;
	}
}

int
guard_feed(struct guard *g, const char *p, size_t len, struct err *err)
{
	size_t i = 0, skip;

	while (i < len) {
		if (g->literal_left > 0) {
			skip = len - i;
			if (skip > g->literal_left)
				skip = (size_t)g->literal_left;
			g->literal_left -= skip;
			i += skip;
			continue;
		}
		if (++g->line > GUARD_LINE_MAX)
			return refuse(err, "a line is too long");
		/* Some of libetpan's readers would take it for the end. */
		if (p[i] == '\0')
			return refuse(err, "a NUL");
		if (p[i] == '\n' ? end_line(g, err) == -1
				 : look_at(g, p[i], err) == -1)
			return -1;
		i++;
	}
	return 0;
}
