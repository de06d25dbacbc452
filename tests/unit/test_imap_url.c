/* SPDX-License-Identifier: ISC */

/*
 * IMAP URLs and the settings of an account.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/die.h"

#include "imap_kit.h"
#include "support.h"

static const struct good_url {
	const char *url;
	const char *user;
	const char *host;
	uint16_t port;
	enum imap_tls tls;
	const char *folder;
} good_urls[] = {
    {"imaps://joe@mail.example.org", "joe", "mail.example.org", 993,
	IMAP_TLS_IMPLICIT, "INBOX"},
    {"imaps://joe@mail.example.org/", "joe", "mail.example.org", 993,
	IMAP_TLS_IMPLICIT, "INBOX"},
    {"IMAPS://joe@mail.example.org/Reports", "joe", "mail.example.org", 993,
	IMAP_TLS_IMPLICIT, "Reports"},
    {"Imap://joe@mail.example.org/a/b", "joe", "mail.example.org", 143,
	IMAP_TLS_STARTTLS, "a/b"},
    {"imap://joe@h:1/.x", "joe", "h", 1, IMAP_TLS_STARTTLS, ".x"},
    {"imaps://joe@h:65535/x", "joe", "h", 65535, IMAP_TLS_IMPLICIT, "x"},
    {"imaps://joe@h:00993/x", "joe", "h", 993, IMAP_TLS_IMPLICIT, "x"},
    {"imaps://joe@example.org@mail.example.org/x", "joe@example.org",
	"mail.example.org", 993, IMAP_TLS_IMPLICIT, "x"},
    {"imaps://joe%40example.org@h/x", "joe@example.org", "h", 993,
	IMAP_TLS_IMPLICIT, "x"},
    {"imaps://a%3Ab%2fc%25@h/%c3%a4%20%2B?#@", "a:b/c%", "h", 993,
	IMAP_TLS_IMPLICIT, "\xc3\xa4 +?#@"},
    {"imaps://joe@[2001:db8::1]/x", "joe", "2001:db8::1", 993,
	IMAP_TLS_IMPLICIT, "x"},
    {"imap://joe@[::1]:1143", "joe", "::1", 1143, IMAP_TLS_STARTTLS, "INBOX"},
    {"imap://joe@[::1]:1143/x@y", "joe", "::1", 1143, IMAP_TLS_STARTTLS, "x@y"},
    {"imap://joe@[fe80::a]/x@y", "joe", "fe80::a", 143, IMAP_TLS_STARTTLS,
	"x@y"},
    {"imap://joe@h:143/x@y", "joe", "h", 143, IMAP_TLS_STARTTLS, "x@y"},
};

Test(imap_url, good_ones_are_taken_apart)
{
	struct arena *a = arena_new(4096);
	struct imap_config c;
	struct err err = {0};
	const char *folder;
	size_t i;

	for (i = 0; i < sizeof(good_urls) / sizeof(good_urls[0]); i++) {
		const struct good_url *g = &good_urls[i];

		c = imap_config_default();
		cr_assert(imap_url_is(g->url));
		cr_assert_eq(imap_url_parse(&c, &folder, g->url, a, &err), 0,
		    "%s: %s", g->url, err.text);
		cr_expect_str_eq(c.account.user, g->user, "%s", g->url);
		cr_expect_str_eq(c.account.host, g->host, "%s", g->url);
		cr_expect_eq(c.account.port, g->port, "%s", g->url);
		cr_expect_eq(c.account.tls, g->tls, "%s", g->url);
		cr_expect_str_eq(folder, g->folder, "%s", g->url);
		cr_expect_eq(
		    imap_config_check(&c, &err), 0, "%s: %s", g->url, err.text);
	}
	arena_free(a);
}

static const struct bad_url {
	const char *url;
	const char *reason;
} bad_urls[] = {
    {"http://joe@h/x", "begins with"},
    {"imaps:/joe@h/x", "begins with"},
    {"", "begins with"},
    {"imaps://", "user"},
    {"imaps://h", "user"},
    {"imaps://h/joe@x", "user"},
    {"imaps://@h/x", "user"},
    {"imaps://joe@", "host"},
    {"imaps://joe@/x", "host"},
    {"imaps://joe@:993/x", "host"},
    {"imaps://joe@[]/x", "host"},
    {"imaps://joe@[::1/x", "']'"},
    {"imaps://joe@[::1]x/x", "port may follow"},
    {"imaps://joe@::1/x", "brackets"},
    {"imaps://joe@h h/x", "host"},
    {"imaps://joe@h\n/x", "control character"},
    {"imaps://joe@h:/x", "port"},
    {"imaps://joe@h:0/x", "port"},
    {"imaps://joe@h:65536/x", "port"},
    {"imaps://joe@h:99999999999999999999999/x", "port"},
    {"imaps://joe@h:-1/x", "port"},
    {"imaps://joe@h:+1/x", "port"},
    {"imaps://joe@h:1x/x", "port"},
    {"imaps://joe:S3cret@h/x", "password"},
    {"imaps://joe:S3cret@example.org@h/x", "password"},
    {"imaps://:S3cret@h/x", "password"},
    {"imaps://joe:@h/x", "password"},
    {"imaps://joe:S3/cret@h/x", "password"},
    {"imaps://joe:/S3cret@h/x", "password"},
    {"imaps://joe@example.org:S3/cret@h/x", "password"},
    {"imaps://joe:S3/cr@et@h:993/x", "password"},
    {"imaps://j%0Ae@h/x", "control character"},
    {"imaps://j%00e@h/x", "control character"},
    {"imaps://j%7fe@h/x", "control character"},
    {"imaps://j%c2%9be@h/x", "control character"},
    {"imaps://joe@h/x\xc2\x80", "control character"},
    {"imaps://joe@h/x%0d%0aA LOGOUT", "control character"},
    {"imaps://joe@h/x\ty", "control character"},
    {"imaps://joe@h/%", "%25"},
    {"imaps://joe@h/%4", "%25"},
    {"imaps://joe@h/100%", "%25"},
    {"imaps://joe@h/%g1", "%25"},
    {"imaps://joe@h/%1g", "%25"},
    {"imaps://j%e@h/x", "%25"},
    {"imaps://j%ff@h/x", "UTF-8"},
    {"imaps://joe@h/\xff", "UTF-8"},
};

Test(imap_url, bad_ones_are_refused_with_the_reason_and_never_repeated)
{
	struct arena *a = arena_new(4096);
	struct imap_config c;
	struct err err;
	const char *folder;
	size_t i;

	for (i = 0; i < sizeof(bad_urls) / sizeof(bad_urls[0]); i++) {
		const struct bad_url *b = &bad_urls[i];

		c = imap_config_default();
		memset(&err, 0, sizeof(err));
		cr_assert_eq(imap_url_parse(&c, &folder, b->url, a, &err), -1,
		    "%s", b->url);
		cr_expect_eq(err.code, ERR_USAGE);
		cr_expect_not_null(
		    strstr(err.text, b->reason), "%s: %s", b->url, err.text);
		cr_expect_null(strstr(err.text, "S3cret"), "%s", err.text);
	}
	arena_free(a);
}

Test(imap_url, a_password_is_refused_with_the_ways_to_give_it)
{
	struct arena *a = arena_new(4096);
	struct imap_config c = imap_config_default();
	struct err err = {0};
	const char *folder;

	imap_url_parse(&c, &folder, "imaps://joe:x@h/x", a, &err);
	cr_expect_not_null(strstr(err.text, "TLSTALLY_PASSWORD_COMMAND"));
	cr_expect_not_null(strstr(err.text, "--password-file"));
	cr_expect_not_null(strstr(err.text, "terminal"));
	cr_expect_not_null(strstr(err.text, "others see"));
	arena_free(a);
}

Test(imap_url, every_text_cut_short_is_taken_or_refused)
{
	static const char url[] = "imaps://j%40e@[2001:db8::1]:993/a%20b";
	struct arena *a = arena_new(4096);
	struct imap_config c = imap_config_default();
	const char *folder;
	size_t i;

	for (i = 0; i < sizeof(url); i++) {
		char *cut = xstrdup(url);

		cut[i] = '\0';
		imap_url_parse(&c, &folder, cut, a, NULL);
		free(cut);
	}
	arena_free(a);
}

static const struct named {
	const char *host;
	uint16_t port;
	enum imap_tls tls;
	const char *name;
} names[] = {
    {"mail.example.org", 993, IMAP_TLS_IMPLICIT,
	"imaps://joe@mail.example.org"},
    {"MAIL.Example.org", 993, IMAP_TLS_IMPLICIT,
	"imaps://joe@mail.example.org"},
    {"h", 143, IMAP_TLS_IMPLICIT, "imaps://joe@h:143"},
    {"h", 143, IMAP_TLS_STARTTLS, "imap://joe@h"},
    {"h", 143, IMAP_TLS_NONE, "imap://joe@h"},
    {"h", 65535, IMAP_TLS_NONE, "imap://joe@h:65535"},
    {"2001:DB8::1", 993, IMAP_TLS_STARTTLS, "imap://joe@[2001:db8::1]:993"},
};

Test(imap_url, the_source_is_named_for_scheme_user_host_and_unusual_port)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct imap_config c = imap_config_default();
		char *name;

		c.account.user = "joe";
		c.account.host = names[i].host;
		c.account.port = names[i].port;
		c.account.tls = names[i].tls;
		name = imap_source_name(&c);
		cr_expect_str_eq(name, names[i].name);
		free(name);
	}
}

static struct imap_config
sound_config(void)
{
	struct imap_config c = imap_config_default();

	c.account.host = "mail.example.org";
	c.account.user = "joe";
	return c;
}

/* The setting that is named when the configuration is refused; "" if it is
 * not. */
static const char *
refused(const struct imap_config *c)
{
	static char setting[64];
	struct err err = {0};

	if (imap_config_check(c, &err) == 0)
		return "";
	cr_expect_eq(err.code, ERR_USAGE);
	snprintf(setting, sizeof(setting), "%.*s", (int)strcspn(err.text, ":,"),
	    err.text);
	return setting;
}

#define FINGERPRINT \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

Test(imap_url, a_configuration_names_the_setting_that_is_wrong)
{
	struct imap_config c = sound_config();

#define TRY(change, setting)                              \
	do {                                              \
		c = sound_config();                       \
		change;                                   \
		cr_expect_str_eq(refused(&c), (setting)); \
	} while (0)
	TRY(c.batch = 1, "");
	TRY(c.account.host = "", "host");
	TRY(c.account.host = "a b", "host");
	TRY(c.account.host = "a\nb", "host");
	TRY(c.account.user = "", "user");
	TRY(c.account.user = "a\rb", "user");
	TRY(c.account.user = "\xc3", "user");
	TRY(c.account.port = 0, "port");
	TRY(c.batch = 0, "batch");
	TRY(c.batch = IMAP_BATCH_MAX, "");
	TRY(c.batch = IMAP_BATCH_MAX + 1, "batch");
	TRY(c.account.timeout_ms = 999, "timeout");
	TRY(c.account.timeout_ms = 1000, "");
	TRY(c.account.timeout_ms = 3600000, "");
	TRY(c.account.timeout_ms = 3600001, "timeout");
	TRY(c.account.password_file = "a\nb", "password_file");
	TRY((c.account.password_file = "a", c.account.password_command = "b"),
	    "password_command");
	TRY((c.account.password_file = "a", c.account.token_command = "b"),
	    "password_command");
	TRY(c.account.token_command = "a", "");
	TRY((c.account.token_command = "a", c.account.auth = IMAP_AUTH_PLAIN),
	    "token_command");
	TRY((c.account.token_command = "a", c.account.auth = IMAP_AUTH_XOAUTH2),
	    "");
	TRY(c.account.auth = IMAP_AUTH_XOAUTH2, "auth");
	TRY(c.account.fingerprint = FINGERPRINT, "");
	TRY(c.account.fingerprint = FINGERPRINT "0", "fingerprint");
	TRY(c.account.fingerprint = &FINGERPRINT[1], "fingerprint");
	TRY(c.account.fingerprint = "AB:CD", "fingerprint");
	TRY((c.account.fingerprint = FINGERPRINT, c.account.ca_file = "/x"),
	    "fingerprint");
	TRY(c.account.ca_file = "/x", "");
	TRY((c.account.tls = IMAP_TLS_NONE, c.account.ca_file = "/x"),
	    "ca_file");
	TRY((c.account.tls = IMAP_TLS_NONE,
		c.account.fingerprint = FINGERPRINT),
	    "fingerprint");
	TRY(c.account.tls = IMAP_TLS_NONE, "");
	TRY(c.rejects_folder = "x\ny", "rejects_folder");
	TRY(c.rejects_folder = "..a//b", "");
#undef TRY
}
