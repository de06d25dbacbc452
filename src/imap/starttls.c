/* SPDX-License-Identifier: ISC */

/*
 * STARTTLS by hand.  Nothing is said before the server has been verified but
 * that TLS is wanted, and what was heard before that does not count.
 */

#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/span.h"
#include "imap/starttls.h"

/* Lines in clear text: how long, and how many before an answer must come. */
#define CLEAR_LINE_MAX	8192
#define CLEAR_LINES_MAX 32

/* There is none.  Where TLS comes first, it is the server who waits. */
static int
refuse_greeting(const struct err *why, struct err *err)
{
	if (why->code != ERR_TEMPORARY)
		return err_set(err, why->code, "%s", why->text);
	return err_set(err, why->code,
	    "%s, before its greeting (is this the right port for STARTTLS?)",
	    why->text);
}

static int
read_greeting(struct link *l, char *line, struct err *err)
{
	struct err why;
	struct span s;

	if (link_read_line(l, line, CLEAR_LINE_MAX, &why) == -1)
		return refuse_greeting(&why, err);
	s = span_of(line);
	if (span_starts(s, "* OK"))
		return 0;
	if (span_starts(s, "* PREAUTH"))
		return err_set(err, ERR_REFUSED,
		    "the server knows us already (PREAUTH) before TLS: "
		    "somebody may be in between");
	if (span_starts(s, "* BYE"))
		return err_set(err, ERR_TEMPORARY,
		    "the server takes no connections at present");
	return err_set(
	    err, ERR_UNAVAILABLE, "what answers there is no IMAP server");
}

/* True if a line of untagged capabilities has the word STARTTLS. */
static bool
offers_starttls(const char *line)
{
	struct span s = span_of(line);

	if (!span_starts(s, "* CAPABILITY "))
		return false;
	while (s.len > 0)
		if (span_is(span_cut(&s, ' '), "STARTTLS"))
			return true;
	return false;
}

/* Sends a command and reads to its tagged answer.  Returns 1 for OK, 0 for
 * another answer, -1; *offered is set when STARTTLS is offered on the way. */
static int
ask(struct link *l, const char *tag, const char *command, bool *offered,
    struct err *err)
{
	char line[CLEAR_LINE_MAX];
	size_t len = strlen(tag);
	int n;

	if (link_write(l, tag, len, err) == -1 ||
	    link_write(l, command, strlen(command), err) == -1)
		return -1;
	for (n = 0; n < CLEAR_LINES_MAX; n++) {
		if (link_read_line(l, line, sizeof(line), err) == -1)
			return -1;
		if (strncmp(line, tag, len) == 0)
			return span_starts(span_of(line + len), "OK");
		if (offers_starttls(line))
			*offered = true;
	}
	return err_set(err, ERR_UNAVAILABLE,
	    "the server does not answer"
	    " but talks of other things");
}

int
starttls(struct link *l, const struct tls_trust *trust, struct err *err)
{
	char line[CLEAR_LINE_MAX];
	bool offered = false;
	int said;

	if (read_greeting(l, line, err) == -1)
		return -1;
	if (ask(l, "a ", "CAPABILITY\r\n", &offered, err) == -1)
		return -1;
	if (!offered)
		return err_set(err, ERR_REFUSED,
		    "the server does not offer STARTTLS: somebody may be "
		    "in between (imaps:// or tls = implicit may work)");
	said = ask(l, "b ", "STARTTLS\r\n", &offered, err);
	if (said == -1)
		return -1;
	if (said == 0)
		return err_set(
		    err, ERR_REFUSED, "the server does not agree to STARTTLS");
	return link_start_tls(l, trust, err);
}
