/* SPDX-License-Identifier: ISC */

/*
 * The guard in front of libetpan: what servers send passes, what libetpan
 * cannot bear does not, wherever the bytes are cut.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#include "imap/guard.h"
#include "support.h"

#define LITERAL_MAX 100
#define GREETING    "* OK ready\r\n"

/* Feeds the text in pieces. */
static bool
passes_in_pieces(struct guard g, const char *text, size_t len, size_t piece)
{
	struct err err = {0};
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = len - i < piece ? len - i : piece;
		if (guard_feed(&g, text + i, n, &err) == -1) {
			cr_assert_eq(err.code, ERR_DATA);
			cr_assert_neq(err.text[0], '\0');
			return false;
		}
	}
	return true;
}

/* Cut anywhere, the verdict is the same. */
static bool
passes_from(struct guard start, const char *text, size_t len)
{
	bool whole = passes_in_pieces(start, text, len, len + 1);
	size_t piece;

	for (piece = 1; piece <= 7; piece++)
		cr_assert_eq(passes_in_pieces(start, text, len, piece), whole,
		    "in pieces of %zu: %s", piece, text);
	return whole;
}

static bool
passes_as_greeting(const char *text)
{
	return passes_from(
	    (struct guard){.literal_max = LITERAL_MAX}, text, strlen(text));
}

/* Behind a greeting. */
static bool
passes(const char *text)
{
	struct guard g = {.literal_max = LITERAL_MAX};
	struct err err;

	cr_assert_eq(guard_feed(&g, GREETING, strlen(GREETING), &err), 0);
	return passes_from(g, text, strlen(text));
}

/* ---- what servers send ---- */

static const char *const SENT[] = {
    "* OK [PERMANENTFLAGS ()] Read-only mailbox.\r\n",
    "* OK [PERMANENTFLAGS ()]\r\n",
    ("* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen "
     "$Forwarded NonJunk \\*)] Flags permitted.\r\n"),
    "* OK [PERMANENTFLAGS (\\*)] x\r\n",
    "* OK [PERMANENTFLAGS ($Junk)] \"quoted\" {brace\r\n",
    "* OK [UIDVALIDITY 1] UIDs valid\r\n",
    "* OK [UIDVALIDITY 1]\r\n",
    "* OK [HIGHESTMODSEQ 715194045007]\r\n",
    "* OK [UNSEEN 12] first unseen\r\n",
    "* OK Still here\r\n",
    "* OK\r\n",
    "* BYE [ALERT] shutting down\r\n",
    "* NO [ALERT] Mailbox is at 98% of quota\r\n",
    "1 OK [READ-WRITE] SELECT completed\r\n",
    "1 OK [READ-ONLY]\r\n",
    "a1 OK [COPYUID 38505 304,319:320 3956:3958] Done\r\n",
    "1 NO [TRYCREATE] no such mailbox\r\n",
    "1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n",
    "1 NO [BADCHARSET (US-ASCII)] unknown\r\n",
    "1 OK \"unbalanced, and a {12}\r\n1 OK x\r\n",
    "1 BAD [PARSE] Could not parse {3}\r\n",
    "* CAPABILITY IMAP4rev1 AUTH=PLAIN LITERAL+ UTF8=ACCEPT\r\n",
    "* FLAGS (\\Answered \\Flagged)\r\n* FLAGS ()\r\n",
    "* 3 EXISTS\r\n* 0 RECENT\r\n* 2 EXPUNGE\r\n* SEARCH\r\n* SEARCH 1 2\r\n",
    "* LIST (\\HasNoChildren) \"/\" \"[Gmail]/All \\\"Mail\\\"\"\r\n",
    "* LIST () \"/\" {5}\r\na\"(\r\n\r\n* LIST () NIL x\r\n",
    "* STATUS INBOX (MESSAGES 1)\r\n",
    "* 3 FETCH (UID 4 BODY[] {11}\r\n((((\r\n\"{9}() FLAGS (\\Seen))\r\n",
    "* 3 FETCH (UID 4 BODY[] {0}\r\n)\r\n* 4 FETCH (BODY[] {1}\na)\n",
    "* 3 FETCH (BINARY[1] ~{3+}\r\nxxx)\r\n",
    "* 3 FETCH (BODY[HEADER.FIELDS (SUBJECT \"FROM\")] {2}\r\n\r\n)\r\n",
    "* ID (\"name\" \"Dovecot\")\r\n",
    "+ idling\r\n+ \r\n+\r\n+ dGVzdA==\r\n+ [ALERT] text {3}\r\n",
    "\r\n\r\n* OK x\r\n",
};

ParameterizedTestParameters(guard, what_servers_send_passes)
{
	static int rows[sizeof(SENT) / sizeof(SENT[0])];
	size_t i;

	for (i = 0; i < sizeof(SENT) / sizeof(SENT[0]); i++)
		rows[i] = (int)i;
	return cr_make_param_array(int, rows, i);
}

ParameterizedTest(int *row, guard, what_servers_send_passes)
{
	cr_assert(passes(SENT[*row]), "%s", SENT[*row]);
}

static const char *const GREETINGS[] = {
    ("* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS AUTH=PLAIN] "
     "Dovecot (Debian) ready.\r\n"),
    "* OK Gimap ready for requests from 192.0.2.1 a1b2c3\r\n",
    "* OK The Microsoft Exchange IMAP4 service is ready. [QQBNADAA]\r\n",
    "* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n",
    "* BYE [ALERT] too many connections\r\n",
    "* OK [ALERT] the word PERMANENTFLAGS (\r\n",
    "* OK hello [BADCHARSET (x)]\r\n",
};

Test(guard, greetings_of_servers_pass)
{
	size_t i;

	for (i = 0; i < sizeof(GREETINGS) / sizeof(GREETINGS[0]); i++)
		cr_assert(passes_as_greeting(GREETINGS[i]), "%s", GREETINGS[i]);
}

/* ---- what libetpan crashes on ---- */

static const char *const CRASHES[] = {
    "* OK [PARSE]\r\n",
    "* OK [PARSE] \r\n",
    "* OK [PARSE ]\t \n",
    "* OK [ALERT]\r\n",
    "* OK [alert]\r\n",
    "* OK [ ALERT ]\r\n",
    " *\t OK \t[ALERT]\r\n",
    "\r\n* NO [ALERT]\r\n",
    "* BAD [ALERT]\r\n",
    "1 OK [ALERT]\r\n",
    ("a.tag.that.is.very.long.because.nobody.says.how.long.it.may.be OK "
     "[ALERT]\r\n"),
    "1  OK  [PARSE]\r\n",
    "* OK [PERMANENTFLAGS (\r\n",
    "* OK [PERMANENTFLAGS ( \r\n",
    "* OK [PERMANENTFLAGS (\\\r\n",
    "* OK [PERMANENTFLAGS (\\ a)] x\r\n",
    "* OK [PERMANENTFLAGS (\\)] x\r\n",
    "* OK [PERMANENTFLAGS (\\]\r\n",
    "* OK [PERMANENTFLAGS (*)] x\r\n",
    "* OK [PERMANENTFLAGS (%)] x\r\n",
    "* OK [PERMANENTFLAGS (()] x\r\n",
    "* OK [PERMANENTFLAGS (\x01)] x\r\n",
    "* OK [PERMANENTFLAGS (\"a]\r\n",
    "* ok [permanentflags ({\r\n",
    "1 OK [PERMANENTFLAGS (\r\n",
    "+ [PERMANENTFLAGS ()] x\r\n",
    "+ [PERMANENTFLAGS (\\Seen)] x\r\n",
    " + [BADCHARSET (\r\n",
    "+ [BADCHARSET (x)] x\r\n",
    "+[BADCHARSET(\r\n",
};

Test(guard, what_libetpan_crashes_on_is_refused)
{
	size_t i;

	for (i = 0; i < sizeof(CRASHES) / sizeof(CRASHES[0]); i++)
		cr_assert_not(passes(CRASHES[i]), "%s", CRASHES[i]);
}

static const char *const BAD_GREETINGS[] = {
    "* OK [PERMANENTFLAGS ()] Read-only mailbox.\r\n",
    "* OK [PERMANENTFLAGS (\\Seen)] x\r\n",
    "* BYE [PERMANENTFLAGS ()] x\r\n",
    "* PREAUTH [BADCHARSET (utf-8)] x\r\n",
    "\r\n * OK [BADCHARSET (\r\n",
};

Test(guard, lists_in_the_greeting_are_refused)
{
	size_t i;

	for (i = 0; i < sizeof(BAD_GREETINGS) / sizeof(BAD_GREETINGS[0]); i++)
		cr_assert_not(passes_as_greeting(BAD_GREETINGS[i]), "%s",
		    BAD_GREETINGS[i]);
}

/* ---- what the guard and libetpan would see differently ---- */

static const char *const UNCLEAR[] = {
    "* LIST () \"/\" \"a\r\nb\"\r\n",
    "* LIST () \"/\" \"a\\\r\n",
    "* LIST () \"/\" {\r\n",
    "* LIST () \"/\" {}\r\n",
    "* LIST () \"/\" {3\r\n",
    "* LIST () \"/\" {3+\r\n",
    "* LIST () \"/\" {+}\r\n",
    "* LIST () \"/\" {3++}\r\n",
    "* LIST () \"/\" { 3}\r\n",
    "* LIST () \"/\" {3} \r\n",
    "* LIST () \"/\" {3}x\r\n",
    "* LIST () \"/\" {3}\r\r\n",
    "* LIST () \"/\" {-3}\r\n",
    "* LIST () \"/\" {3}{3}\r\n",
    "* LIST () \"/\" a{b\r\n",
    "* OK [PERMANENTFLAGS (a {3}\r\n",
    "* OK [PERMANENTFLAGS (a] \"\r\n",
    "1 NO [BADCHARSET (\"x\")] x\r\n",
    "1 NO [BADCHARSET ({3}\r\n",
};

Test(guard, what_libetpan_may_see_differently_is_refused)
{
	size_t i;

	for (i = 0; i < sizeof(UNCLEAR) / sizeof(UNCLEAR[0]); i++)
		cr_assert_not(passes(UNCLEAR[i]), "%s", UNCLEAR[i]);
}

Test(guard, a_status_hides_nothing_behind_a_literal)
{
	cr_assert_not(passes("* OK x {13}\r\n* OK [ALERT]\r\n"));
	cr_assert_not(passes("1 OK x {13}\r\n* OK [ALERT]\r\n"));
	cr_assert_not(passes("+ x {13}\r\n* OK [ALERT]\r\n"));
	cr_assert_not(passes("* OKAY {13}\r\n* OK [ALERT]\r\n"));
	cr_assert_not(passes("* OK \"x\r\n* OK [ALERT]\r\n"));
	cr_assert(passes("* LIST () NIL {13}\r\n* OK [ALERT]\r\n\r\n"));
	cr_assert_not(
	    passes("* LIST () NIL {12}\r\n* OK [ALERT]\r\n* OK [ALERT]\r\n"));
}

Test(guard, a_nul_passes_in_literals_only)
{
	static const char in[] = "* X {3}\r\na\0b\r\n", out[] = "* OK a\0\r\n";
	struct guard g = {.literal_max = LITERAL_MAX};

	cr_assert(passes_from(g, in, sizeof(in) - 1));
	cr_assert_not(passes_from(g, out, sizeof(out) - 1));
}

/* ---- bounds ---- */

/* before, n times c, after. */
static bool
passes_with(const char *before, char c, size_t n, const char *after)
{
	struct guard g = {.literal_max = LITERAL_MAX};
	char *many = support_repeat(c, n);
	struct err err;
	bool rc;

	cr_assert_eq(guard_feed(&g, GREETING, strlen(GREETING), &err), 0);
	rc = guard_feed(&g, before, strlen(before), &err) == 0 &&
	    guard_feed(&g, many, n, &err) == 0 &&
	    guard_feed(&g, after, strlen(after), &err) == 0;
	free(many);
	return rc;
}

Test(guard, parentheses_are_nested_up_to_a_bound)
{
	cr_assert(passes_with("* X ", '(', GUARD_NESTING_MAX, "\r\n"));
	cr_assert_not(passes_with("* X ", '(', GUARD_NESTING_MAX + 1, ""));
	/* Those of one line only, and not those in strings. */
	cr_assert(
	    passes_with("* X ((((\r\n* X ", '(', GUARD_NESTING_MAX, "\r\n"));
	cr_assert(passes_with("* X \"", '(', 100, "\"\r\n"));
	cr_assert(passes_with("* X {100}\r\n", '(', 100, "\r\n"));
	cr_assert(passes_with("* OK ", '(', 100, "\r\n"));
	cr_assert(passes_with("* X ()()()()", '(', GUARD_NESTING_MAX, "\n"));
	cr_assert_not(
	    passes_with("* X ({3}\r\nabc ", '(', GUARD_NESTING_MAX, "\n"));
	cr_assert(passes_with("* X ))))", '(', GUARD_NESTING_MAX, "\n"));
	cr_assert_not(passes_with("*", '(', GUARD_NESTING_MAX + 1, "\n"));
}

Test(guard, a_line_is_long_up_to_a_bound)
{
	cr_assert(passes_with("* X ", 'a', GUARD_LINE_MAX - 4 - 2, "\r\n"));
	cr_assert_not(passes_with("* X ", 'a', GUARD_LINE_MAX - 4, "\n"));
	cr_assert(passes_with(
	    "* X {3}\r\nabc", 'a', GUARD_LINE_MAX - 9 - 2, "\r\n* X\r\n"));
	cr_assert_not(
	    passes_with("* X {3}\r\nabc", 'a', GUARD_LINE_MAX - 9, "\n"));
	cr_assert_not(passes_with("* OK ", 'a', GUARD_LINE_MAX, "\n"));
	cr_assert_not(passes_with("", ' ', GUARD_LINE_MAX + 1, ""));
}

Test(guard, a_literal_is_large_up_to_a_bound)
{
	struct guard none = {0}, most = {.literal_max = UINT64_MAX};
	struct err err;

	cr_assert(passes("* X {100}\r\n"));
	cr_assert_not(passes("* X {101}\r\n"));
	cr_assert_not(passes("* X {18446744073709551617}\r\n"));
	cr_assert_not(passes("* X {99999999999999999999999999999}\r\n"));
	cr_assert(passes("* X {000000000000000000000000000000100}\r\n"));
	cr_assert_eq(guard_feed(&none, "* X {0}\r\n", 9, &err), 0);
	cr_assert_eq(guard_feed(&none, " {1}\r\n", 6, &err), -1);
	/* libetpan would read 3. */
	cr_assert_eq(guard_feed(&most, "* X {4294967295}\r\n", 18, &err), 0);
	cr_assert_eq(most.literal_left, UINT32_MAX);
	most.literal_left = 0;
	cr_assert_eq(guard_feed(&most, " {4294967299}\r\n", 15, &err), -1);
}

Test(guard, what_is_left_of_a_literal_shows)
{
	struct guard g = {.literal_max = LITERAL_MAX};
	struct err err;

	cr_assert_eq(guard_feed(&g, "* X {5}\r\nab", 11, &err), 0);
	cr_assert_eq(g.literal_left, 3);
	cr_assert_eq(guard_feed(&g, "\r\n(", 3, &err), 0);
	cr_assert_eq(g.literal_left, 0);
	cr_assert_eq(guard_feed(&g, "", 0, &err), 0);
	cr_assert_eq(guard_feed(&g, ")\r\n", 3, &err), 0);
}

/* Any byte in any place that a line's meaning hangs on. */
Test(guard, any_byte_anywhere_is_borne)
{
	static const char line[] =
	    "* OK [PERMANENTFLAGS (\\Seen)] x\r\n* X \"a\" {3}\r\nabc)\r\n";
	char text[sizeof(line)];
	struct guard start = {.literal_max = LITERAL_MAX, .greeted = true};
	size_t i;
	int c;

	for (i = 0; i < sizeof(line) - 1; i++) {
		for (c = 0; c < 256; c++) {
			memcpy(text, line, sizeof(line));
			text[i] = (char)c;
			passes_from(start, text, sizeof(line) - 1);
		}
	}
}
