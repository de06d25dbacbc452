/* SPDX-License-Identifier: ISC */

/*
 * Reads and judges what says where an IMAP account is.  What comes out of
 * here goes into commands to a server, so nothing with a control character
 * does; and no message repeats a URL, which may hold a password by mistake.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/span.h"
#include "base/utf8.h"
#include "source/imap.h"
#include "source/utf7.h"

/* Hex digits of a certificate's SHA-256. */
#define FINGERPRINT_LEN 64

#define PORT_MAX 65535

static const struct scheme {
	const char *prefix;
	enum imap_tls tls;
	uint16_t port;
} schemes[] = {
    {"imaps://", IMAP_TLS_IMPLICIT, IMAPS_PORT},
    {"imap://", IMAP_TLS_STARTTLS, IMAP_PORT},
};

struct imap_config
imap_config_default(void)
{
	return (struct imap_config){
	    .account = {.host = "",
		.port = IMAPS_PORT,
		.tls = IMAP_TLS_IMPLICIT,
		.user = "",
		.auth = IMAP_AUTH_AUTO,
		.password_command = "",
		.password_file = "",
		.token_command = "",
		.ca_file = "",
		.fingerprint = "",
		.timeout_ms = IMAP_TIMEOUT_DEFAULT * 1000},
	    .candidates = IMAP_CANDIDATES_DEFAULT,
	    .rejects_folder = "",
	    .batch = IMAP_BATCH_DEFAULT};
}

static const struct scheme *
find_scheme(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (span_starts(span_of(text), schemes[i].prefix))
			return &schemes[i];
	return NULL;
}

bool
imap_url_is(const char *text)
{
	return find_scheme(text) != NULL;
}

/* ---- what holds for texts ---- */

static int
check_text(struct span s, const char *what, struct err *err)
{
	if (utf8_has_control(s.p, s.len))
		return err_set(
		    err, ERR_USAGE, "%s: holds a control character", what);
	if (utf8_valid_prefix(s.p, s.len) != s.len)
		return err_set(err, ERR_USAGE, "%s: not UTF-8", what);
	return 0;
}

static int
check_host(const char *host, struct err *err)
{
	if (host[0] == '\0')
		return err_set(err, ERR_USAGE, "host: none is given");
	if (check_text(span_of(host), "host", err) == -1)
		return -1;
	if (strpbrk(host, " /@[]") != NULL)
		return err_set(err, ERR_USAGE,
		    "host: \"%s\" is neither a name nor an address", host);
	return 0;
}

static int
check_user(const char *user, struct err *err)
{
	if (user[0] == '\0')
		return err_set(err, ERR_USAGE, "user: none is given");
	return check_text(span_of(user), "user", err);
}

/* ---- URLs ---- */

/* Decodes %XX.  Returns a string in a, or NULL with err set. */
static const char *
decode(struct span s, const char *what, struct arena *a, struct err *err)
{
	char *out = arena_strndup(a, s.p, s.len);
	size_t i, n = 0;
	int value;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] != '%') {
			out[n++] = s.p[i];
			continue;
		}
		value = ascii_hex(s.p + i + 1, s.len - i - 1);
		if (value == -1) {
			err_set(err, ERR_USAGE,
			    "the URL's %s: two hex digits follow a '%%'; the "
			    "character itself is written %%25",
			    what);
			return NULL;
		}
		out[n++] = (char)value;
		i += 2;
	}
	out[n] = '\0';
	if (check_text((struct span){out, n}, what, err) == -1) {
		err_prefix(err, "the URL");
		return NULL;
	}
	return out;
}

static int
refuse_password(struct err *err)
{
	return err_set(err, ERR_USAGE,
	    "the URL holds a password, which others see in the list of "
	    "processes: leave it out, and give TLSTALLY_PASSWORD_COMMAND, "
	    "--password-file, or the password at the terminal (a ':' in the "
	    "name of a user is written %%3A)");
}

/* True if what seems to be the host ends with no port, but the begin of a
 * password with a '/' in it: "user:pass/word@host". */
static bool
ends_with_password(struct span host, struct span path)
{
	const char *colon =
	    host.len > 0 ? memrchr(host.p, ':', host.len) : NULL;
	const char *end = host.p + host.len;

	if (colon == NULL || end[-1] == ']' || path.len == 0 ||
	    memchr(path.p, '@', path.len) == NULL)
		return false;
	while (++colon < end && ascii_is_digit(*colon))
		;
	return colon < end || colon[-1] == ':';
}

static int
parse_user(
    struct account *account, struct span user, struct arena *a, struct err *err)
{
	if (memchr(user.p, ':', user.len) != NULL)
		return refuse_password(err);
	if (user.len == 0)
		return err_set(
		    err, ERR_USAGE, "the URL's user: none stands before '@'");
	account->user = decode(user, "user", a, err);
	return account->user == NULL ? -1 : 0;
}

static int
parse_port(struct account *account, struct span port, struct err *err)
{
	unsigned long v = 0;
	size_t i;

	for (i = 0; i < port.len && v <= PORT_MAX; i++) {
		if (!ascii_is_digit(port.p[i]))
			break;
		v = v * 10 + (unsigned long)(port.p[i] - '0');
	}
	if (port.len == 0 || i < port.len || v < 1 || v > PORT_MAX)
		return err_set(err, ERR_USAGE,
		    "the URL's port: not a number from 1 to %d", PORT_MAX);
	account->port = (uint16_t)v;
	return 0;
}

/* Splits "[ADDRESS]" from the begin of *rest. */
static int
cut_address(struct span *host, struct span *rest, struct err *err)
{
	const char *end = memchr(rest->p, ']', rest->len);
	size_t len;

	if (end == NULL)
		return err_set(
		    err, ERR_USAGE, "the URL's host: a '[' without its ']'");
	len = (size_t)(end - rest->p);
	*host = (struct span){rest->p + 1, len - 1};
	*rest = (struct span){end + 1, rest->len - len - 1};
	if (rest->len > 0 && rest->p[0] != ':')
		return err_set(err, ERR_USAGE,
		    "the URL's host: only ':' and a port may follow the ']'");
	return 0;
}

static int
cut_name(struct span *host, struct span *rest, struct err *err)
{
	const char *colon = memchr(rest->p, ':', rest->len);
	size_t len = colon == NULL ? rest->len : (size_t)(colon - rest->p);

	*host = (struct span){rest->p, len};
	*rest = (struct span){rest->p + len, rest->len - len};
	if (rest->len > 0 && memchr(rest->p + 1, ':', rest->len - 1) != NULL)
		return err_set(err, ERR_USAGE,
		    "the URL's host: an IPv6 address stands in [brackets]");
	return 0;
}

static int
parse_host(
    struct account *account, struct span rest, struct arena *a, struct err *err)
{
	struct span host = {0};
	int rc;

	if (rest.len > 0 && rest.p[0] == '[')
		rc = cut_address(&host, &rest, err);
	else
		rc = cut_name(&host, &rest, err);
	if (rc == -1)
		return -1;
	account->host = arena_strndup(a, host.p, host.len);
	if (check_host(account->host, err) == -1)
		return err_prefix(err, "the URL");
	if (rest.len == 0)
		return 0;
	return parse_port(
	    account, (struct span){rest.p + 1, rest.len - 1}, err);
}

int
imap_url_parse(struct imap_config *c, const char **folder, const char *url,
    struct arena *a, struct err *err)
{
	const struct scheme *scheme = find_scheme(url);
	struct span path, host, user;
	const char *at;

	*folder = NULL;
	if (scheme == NULL)
		return err_set(err, ERR_USAGE,
		    "an IMAP URL begins with imaps:// or imap://");
	path = span_of(url + strlen(scheme->prefix));
	host = span_cut(&path, '/');
	if (ends_with_password(host, path))
		return refuse_password(err);
	at = host.len > 0 ? memrchr(host.p, '@', host.len) : NULL;
	if (at == NULL)
		return err_set(err, ERR_USAGE,
		    "the URL's user: none is given; write %sUSER@HOST/FOLDER",
		    scheme->prefix);
	user = (struct span){host.p, (size_t)(at - host.p)};
	host = (struct span){at + 1, host.len - user.len - 1};
	c->account.tls = scheme->tls;
	c->account.port = scheme->port;
	if (parse_user(&c->account, user, a, err) == -1 ||
	    parse_host(&c->account, host, a, err) == -1)
		return -1;
	*folder = path.len == 0 ? "INBOX" : decode(path, "folder", a, err);
	return *folder == NULL ? -1 : 0;
}

/* ---- the whole configuration ---- */

static int
check_credentials(const struct account *a, struct err *err)
{
	int n = (a->password_command[0] != '\0') +
	    (a->password_file[0] != '\0') + (a->token_command[0] != '\0');

	if (n > 1)
		return err_set(err, ERR_USAGE,
		    "password_command, password_file, token_command: only one "
		    "of them can be used");
	if (a->token_command[0] != '\0' && a->auth != IMAP_AUTH_AUTO &&
	    a->auth != IMAP_AUTH_XOAUTH2)
		return err_set(err, ERR_USAGE,
		    "token_command: a token is for auth = xoauth2 only");
	if (a->token_command[0] == '\0' && a->auth == IMAP_AUTH_XOAUTH2)
		return err_set(
		    err, ERR_USAGE, "auth: xoauth2 needs a token_command");
	return 0;
}

static int
check_certificate(const struct account *a, struct err *err)
{
	const char *p = a->fingerprint;

	if (a->tls == IMAP_TLS_NONE && (a->ca_file[0] != '\0' || p[0] != '\0'))
		return err_set(err, ERR_USAGE,
		    "%s: there is no certificate without TLS",
		    p[0] != '\0' ? "fingerprint" : "ca_file");
	if (p[0] == '\0')
		return 0;
	if (strspn(p, "0123456789abcdef") != FINGERPRINT_LEN ||
	    p[FINGERPRINT_LEN] != '\0')
		return err_set(err, ERR_USAGE,
		    "fingerprint: not the SHA-256 of a certificate, %d hex "
		    "digits in lower case",
		    FINGERPRINT_LEN);
	if (a->ca_file[0] != '\0')
		return err_set(err, ERR_USAGE,
		    "fingerprint: it stands for all trust, so a ca_file beside "
		    "it makes no sense");
	return 0;
}

/* Settings that are passed on as they are. */
static int
check_texts(const struct account *a, struct err *err)
{
	const struct {
		const char *name;
		const char *text;
	} texts[] = {
	    {"password_command", a->password_command},
	    {"password_file", a->password_file},
	    {"token_command", a->token_command},
	    {"ca_file", a->ca_file},
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (check_text(span_of(texts[i].text), texts[i].name, err) ==
		    -1)
			return -1;
	return 0;
}

static int
check_numbers(const struct imap_config *c, struct err *err)
{
	uint32_t ms = c->account.timeout_ms;

	if (c->account.port == 0)
		return err_set(err, ERR_USAGE,
		    "port: not a number from 1 to %d", PORT_MAX);
	if (c->batch < 1 || c->batch > IMAP_BATCH_MAX)
		return err_set(err, ERR_USAGE,
		    "batch: not a number from 1 to %d", IMAP_BATCH_MAX);
	if (ms < IMAP_TIMEOUT_MIN * 1000 || ms > IMAP_TIMEOUT_MAX * 1000)
		return err_set(err, ERR_USAGE,
		    "timeout: not a number of seconds from %d to %d",
		    IMAP_TIMEOUT_MIN, IMAP_TIMEOUT_MAX);
	return 0;
}

int
imap_config_check(const struct imap_config *c, struct err *err)
{
	const struct account *a = &c->account;

	if (check_host(a->host, err) == -1 || check_user(a->user, err) == -1 ||
	    check_numbers(c, err) == -1 || check_texts(a, err) == -1 ||
	    check_credentials(a, err) == -1 || check_certificate(a, err) == -1)
		return -1;
	if (c->rejects_folder[0] != '\0' &&
	    utf7_check(c->rejects_folder, err) == -1)
		return err_prefix(err, "rejects_folder");
	return 0;
}

char *
imap_source_name(const struct imap_config *c)
{
	const struct account *a = &c->account;
	const bool implicit = a->tls == IMAP_TLS_IMPLICIT;
	const char *scheme = implicit ? "imaps" : "imap";
	const bool is_ipv6 = strchr(a->host, ':') != NULL;
	char port[sizeof(":65535")] = "";
	char *name, *p;

	if (a->port != (implicit ? IMAPS_PORT : IMAP_PORT))
		snprintf(port, sizeof(port), ":%u", (unsigned)a->port);
	if (asprintf(&name, "%s://%s@%s%s%s%s", scheme, a->user,
		is_ipv6 ? "[" : "", a->host, is_ipv6 ? "]" : "", port) == -1)
		die("no memory for a name");
	/* Mail.Example.ORG is the same server, and the same source. */
	for (p = strrchr(name, '@'); *p != '\0'; p++)
		*p = ascii_lower(*p);
	return name;
}
