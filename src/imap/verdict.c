/* SPDX-License-Identifier: ISC */

/*
 * What libetpan's return codes mean.  It has three that say "no error", some
 * sixty that say the server refused something, and for all that is wrong
 * with a connection just one or two: what it was, the link and the guard
 * know better.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "imap/etpan.h"
#include "imap/redact.h"

/* How much of a server's words is looked at, of which a secret may be the
 * most. */
#define LOOK_MAX 2000

void
session_quote(const struct session *s, char text[QUOTE_MAX])
{
	const char *response = s->imap->imap_response;
	char words[LOOK_MAX + 1], *p = words;
	size_t len, took, n = 0;
	uint32_t cp;

	snprintf(words, sizeof(words), "%s", response != NULL ? response : "");
	redact(words, s->account->user, s->secret);
	for (len = strlen(words); len > 0; p += took, len -= took) {
		took = utf8_decode(p, len, &cp);
		if (n + took >= QUOTE_MAX)
			break;
		if (cp == UINT32_MAX || utf8_is_dangerous(cp)) {
			text[n++] = '?';
			continue;
		}
		memcpy(text + n, p, took);
		n += took;
	}
	while (n > 0 && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
}

bool
session_has_code(const struct session *s, const char *code)
{
	const struct mailimap_response_info *info = s->imap->imap_response_info;

	return info != NULL && info->rsp_atom != NULL &&
	    strcasecmp(info->rsp_atom, code) == 0;
}

bool
session_is_for_now(const struct session *s)
{
	return session_has_code(s, "UNAVAILABLE") ||
	    session_has_code(s, "INUSE") || session_has_code(s, "LIMIT");
}

/* True for codes that say nothing of the connection: the server answered, and
 * its answer was no. */
static bool
is_refusal(int r)
{
	switch (r) {
	case MAILIMAP_ERROR_BAD_STATE:
	case MAILIMAP_ERROR_STREAM:
	case MAILIMAP_ERROR_PARSE:
	case MAILIMAP_ERROR_CONNECTION_REFUSED:
	case MAILIMAP_ERROR_MEMORY:
	case MAILIMAP_ERROR_FATAL:
	case MAILIMAP_ERROR_PROTOCOL:
	case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
	case MAILIMAP_ERROR_SSL:
	case MAILIMAP_ERROR_NEEDS_MORE_DATA:
		return false;
	default:
		return true;
	}
}

static enum err_code
refusal_code(const struct session *s)
{
	if (session_is_for_now(s))
		return ERR_TEMPORARY;
	if (session_has_code(s, "NOPERM"))
		return ERR_REFUSED;
	return ERR_UNAVAILABLE;
}

enum verdict
session_verdict(struct session *s, int r, const char *what, struct err *err)
{
	const struct err *failure = link_failure(s->link);
	char text[QUOTE_MAX];

	if (s->guard_err.code != ERR_NONE) {
		err_set(
		    err, ERR_UNAVAILABLE, "%s: %s", what, s->guard_err.text);
		return VERDICT_BROKEN;
	}
	if (failure != NULL) {
		*err = *failure;
		if (err->code == ERR_TEMPORARY)
			return VERDICT_LOST;
		err->code = ERR_UNAVAILABLE;
		return VERDICT_BROKEN;
	}
	if (r == MAILIMAP_NO_ERROR || r == MAILIMAP_NO_ERROR_AUTHENTICATED ||
	    r == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return VERDICT_DONE;
	session_quote(s, text);
	if (is_refusal(r)) {
		err_set(err, refusal_code(s), "%s: the server says: %s", what,
		    text[0] != '\0' ? text : "no");
		return VERDICT_FAILED;
	}
	if (r == MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION) {
		err_set(err, ERR_TEMPORARY,
		    "the server takes no connections at present: %s", text);
		return VERDICT_LOST;
	}
	err_set(err, ERR_UNAVAILABLE,
	    "%s: what the server sent makes no sense (libetpan %d)", what, r);
	return VERDICT_BROKEN;
}
