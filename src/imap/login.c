/* SPDX-License-Identifier: ISC */

/*
 * From the greeting to a session that knows who we are.  What the server can
 * do is asked anew at each step: what it said in clear text does not count,
 * and many say more to whom they know.
 */

#include "config.h"

#include <string.h>

#include "imap/etpan.h"

/* What the server could do before it knows more of us is forgotten. */
static void
forget_capabilities(struct session *s)
{
	struct mailimap_connection_info *info = s->imap->imap_connection_info;

	if (info == NULL || info->imap_capability == NULL)
		return;
	mailimap_capability_data_free(info->imap_capability);
	info->imap_capability = NULL;
}

/* Asks, unless the greeting or the answer to the login has said it. */
static enum verdict
ask_capabilities(struct session *s, struct err *err)
{
	const struct mailimap_connection_info *info =
	    s->imap->imap_connection_info;

	if (info != NULL && info->imap_capability != NULL)
		return VERDICT_DONE;
	/* mailimap_capability crashes when the server says OK and nothing
	 * else. */
	return session_verdict(s,
	    mailimap_custom_command(s->imap, "CAPABILITY"), "CAPABILITY", err);
}

static bool
has_capability(struct session *s, const char *name)
{
	return mailimap_has_extension(s->imap, name) != 0;
}

static bool
has_mechanism(struct session *s, const char *name)
{
	return mailimap_has_authentication(s->imap, name) != 0;
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Over a line that is verified, or the machine's own, the password is safe in
 * itself: what every server understands goes first.  LOGIN has no say on
 * character sets, PLAIN has. */
static enum imap_auth
choose(struct session *s)
{
	const struct account *a = s->account;
	bool login = !has_capability(s, "LOGINDISABLED");

	if (a->auth != IMAP_AUTH_AUTO)
		return a->auth;
	if (a->token_command[0] != '\0')
		return IMAP_AUTH_XOAUTH2;
	if (login && is_ascii(a->user) && is_ascii(s->secret))
		return IMAP_AUTH_LOGIN;
	if (has_mechanism(s, "PLAIN"))
		return IMAP_AUTH_PLAIN;
	if (!login && has_mechanism(s, "SCRAM-SHA-256"))
		return IMAP_AUTH_SCRAM_SHA_256;
	return IMAP_AUTH_LOGIN;
}

static int
authenticate(struct session *s, const char *mechanism)
{
	const struct account *a = s->account;

	return mailimap_authenticate(s->imap, mechanism, a->host, NULL, NULL,
	    a->user, a->user, s->secret, NULL);
}

static int
log_in(struct session *s, enum imap_auth auth)
{
	switch (auth) {
	case IMAP_AUTH_PLAIN:
		return authenticate(s, "PLAIN");
	case IMAP_AUTH_SCRAM_SHA_256:
		return authenticate(s, "SCRAM-SHA-256");
	case IMAP_AUTH_XOAUTH2:
		return mailimap_oauth2_authenticate(
		    s->imap, s->account->user, s->secret);
	case IMAP_AUTH_AUTO:
	case IMAP_AUTH_LOGIN:
		break;
	}
	return mailimap_login(s->imap, s->account->user, s->secret);
}

static const char *
mechanism_name(enum imap_auth auth)
{
	static const char *const names[] = {
	    [IMAP_AUTH_AUTO] = "LOGIN",
	    [IMAP_AUTH_PLAIN] = "PLAIN",
	    [IMAP_AUTH_LOGIN] = "LOGIN",
	    [IMAP_AUTH_SCRAM_SHA_256] = "SCRAM-SHA-256",
	    [IMAP_AUTH_XOAUTH2] = "XOAUTH2",
	};

	return names[auth];
}

/* The login was not taken: says why, as well as can be known. */
static enum verdict
refuse(struct session *s, enum imap_auth auth, int r, struct err *err)
{
	const char *name = mechanism_name(auth);
	char text[QUOTE_MAX];

	session_quote(s, text);
	if (session_is_for_now(s)) {
		err_set(err, ERR_TEMPORARY,
		    "no login at present, the server says: %s", text);
		return VERDICT_LOST;
	}
	if (r == MAILIMAP_ERROR_SASL)
		err_set(err, ERR_REFUSED,
		    "authentication by %s failed on our side (Debian package "
		    "libsasl2-modules)",
		    name);
	else
		err_set(err, ERR_REFUSED,
		    "login by %s refused, the server says: %s", name,
		    text[0] != '\0' ? text : "no");
	return VERDICT_FAILED;
}

static enum verdict
check_mechanism(struct session *s, enum imap_auth auth, struct err *err)
{
	const char *name = mechanism_name(auth);

	if (auth == IMAP_AUTH_LOGIN ? !has_capability(s, "LOGINDISABLED")
				    : has_mechanism(s, name))
		return VERDICT_DONE;
	err_set(
	    err, ERR_REFUSED, "the server does not offer login by %s", name);
	return VERDICT_FAILED;
}

enum verdict
session_login(struct session *s, bool *stale, struct err *err)
{
	enum imap_auth auth;
	enum verdict v;
	int r;

	*stale = false;
	r = mailimap_connect(s->imap, stream_new(s));
	v = session_verdict(s, r, "greeting", err);
	if (v != VERDICT_DONE)
		return v == VERDICT_FAILED ? VERDICT_BROKEN : v;
	v = ask_capabilities(s, err);
	if (v != VERDICT_DONE)
		return v;
	if (r == MAILIMAP_NO_ERROR_AUTHENTICATED) /* PREAUTH */
		return v;
	auth = choose(s);
	v = check_mechanism(s, auth, err);
	if (v != VERDICT_DONE)
		return v;
	forget_capabilities(s);
	/* A refusal without words must not be given those of the greeting. */
	if (s->imap->imap_response != NULL)
		s->imap->imap_response[0] = '\0';
	r = log_in(s, auth);
	v = session_verdict(s, r, "login", err);
	if (v == VERDICT_FAILED) {
		*stale = auth == IMAP_AUTH_XOAUTH2;
		return refuse(s, auth, r, err);
	}
	return v == VERDICT_DONE ? ask_capabilities(s, err) : v;
}
