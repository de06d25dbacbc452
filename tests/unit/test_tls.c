/* SPDX-License-Identifier: ISC */

/*
 * Which servers are trusted, which are not, and what is said of these; and
 * that nothing was sent to them.
 */

#include "config.h"

#include <ctype.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/clock.h"
#include "net/host.h"
#include "net_kit.h"
#include "support.h"

#define PATIENCE_MS 20000

static struct tls_trust *
trust_in(const char *ca_file, const char *fingerprint)
{
	struct tls_trust *trust;
	struct err err = {0};

	cr_assert_eq(tls_trust_new(&trust, ca_file, fingerprint, &err), 0, "%s",
	    err.text);
	return trust;
}

/* Greets a server under TLS and says whether it answered; err is of the
 * handshake. */
static bool
greet(struct net_kit_peer *peer, const char *host,
    const struct tls_trust *trust, struct err *err)
{
	struct link *l = link_new(peer->fd, host, 993, PATIENCE_MS);
	char line[100];
	bool good;

	*err = (struct err){0};
	good = link_start_tls(l, trust, err) == 0;
	if (good) {
		cr_assert(link_read_line(l, line, sizeof(line), err) == 5, "%s",
		    err->text);
		cr_assert_str_eq(line, "hello");
		cr_assert_eq(link_write(l, "thanks", 6, err), 0);
	} else {
		/* Whatever is tried now goes nowhere. */
		cr_assert_eq(link_write(l, "secret", 6, NULL), -1);
		cr_assert_str_eq(link_failure(l)->text, err->text);
	}
	link_free(l);
	return good;
}

#define UNTRUSTED \
	"the certificate is not signed by an authority that is trusted here "

static const struct {
	const char *cert;
	const char *host;
	const char *refusal; /* NULL: accepted */
} cases[] = {
    {"good", "localhost", NULL},
    {"good", "LOCALHOST", NULL},
    {"good", "localhost.", NULL},
    {"good", "imap.example.org", NULL},
    {"good", "127.0.0.1", NULL},
    {"good", "::1", NULL},
    {"good", "[::1]", NULL},
    {"intermediate", "localhost", NULL},
    {"wildcard", "imap.example.org", NULL},
    {"good", "127.0.0.2",
	"the certificate is for localhost, imap.example.org, 127.0.0.1 and 1 "
	"more, not for 127.0.0.2"},
    {"good", "::2",
	"the certificate is for localhost, imap.example.org, 127.0.0.1 and 1 "
	"more, not for ::2"},
    {"good", "imap.example.org.evil.example",
	"the certificate is for localhost, imap.example.org, 127.0.0.1 and 1 "
	"more, not for imap.example.org.evil.example"},
    {"wildcard", "example.org",
	"the certificate is for *.example.org, not for example.org"},
    {"wildcard", "a.imap.example.org",
	"the certificate is for *.example.org, not for a.imap.example.org"},
    {"wildcard", ".example.org", "there is no name to seek in the certificate"},
    {"wildcard", "..", "there is no name to seek in the certificate"},
    {"good", "", "there is no name to seek in the certificate"},
    {"partial", "imap.example.org",
	"the certificate is for im*.example.org, not for imap.example.org"},
    {"wrong-name", "imap.example.org",
	"the certificate is for mail.example.net, www.example.net, not for "
	"imap.example.org"},
    {"many-names", "imap.example.org",
	"the certificate is for a.example.net, b.example.net, c.example.net "
	"and 2 more, not for imap.example.org"},
    {"hostile-name", "localhost",
	"the certificate is for ?[31mevil, localhost?.example.net, not for "
	"localhost"},
    {"cn-only", "localhost",
	"the certificate names no host (subjectAltName), not for localhost"},
    {"expired", "localhost", "the certificate expired on 2021-01-01"},
    {"expired", "mail.example.net",
	"the certificate is for localhost, imap.example.org, 127.0.0.1 and 1 "
	"more, not for mail.example.net"},
    {"self-signed", "mail.example.net",
	UNTRUSTED
	"(self-signed); and it is for localhost, imap.example.org, 127.0.0.1 "
	"and 1 more, not for mail.example.net"},
    {"not-yet-valid", "localhost",
	"the certificate is not valid before 2048-01-01"},
    {"self-signed", "localhost", UNTRUSTED "(self-signed)"},
    {"unknown-ca", "localhost", UNTRUSTED "(unknown issuer: CN=Nobody's Root)"},
    {"unknown-root", "localhost",
	UNTRUSTED "(unknown issuer: CN=Nobody's Root)"},
    {"no-intermediate", "localhost",
	UNTRUSTED "(unknown issuer: CN=Example Intermediate)"},
    {"old-intermediate", "localhost",
	"the certificate of its authority CN=Example Old Intermediate expired "
	"on 2021-01-01"},
    {"client-only", "localhost",
	"the certificate is not for servers (extended key usage)"},
    {"weak-key", "localhost", "the certificate has a key that is too short"},
};

static void
check_case(size_t i, const char *mode)
{
	struct tls_trust *trust = trust_in(net_kit_pki("ca.pem"), "");
	struct net_kit_peer peer = net_kit_serve(mode, cases[i].cert);
	char label[HOST_LABEL_SIZE], expected[2048];
	const char *report;
	struct err err;
	bool good;

	good = greet(&peer, cases[i].host, trust, &err);
	report = net_kit_report(&peer);
	if (cases[i].refusal == NULL) {
		cr_assert(good, "%zu %s: %s", i, mode, err.text);
		cr_assert_not_null(strstr(report, "received 6"), "%s", report);
		cr_assert_not_null(strstr(report, "farewell"), "%s", report);
	} else {
		host_label(cases[i].host, 993, label);
		snprintf(expected, sizeof(expected), "%s: %s", label,
		    cases[i].refusal);
		cr_expect(!good, "%zu %s", i, mode);
		cr_expect_str_eq(err.text, expected);
		cr_expect_eq(err.code, ERR_REFUSED);
		cr_expect_not_null(
		    strstr(report, "refused"), "%zu %s", i, report);
		cr_expect_null(strstr(report, "version"), "%zu %s", i, report);
	}
	tls_trust_free(trust);
}

Test(tls, certificates_are_judged_under_1_3)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_case(
		    i, strcmp(cases[i].cert, "weak-key") == 0 ? "weak" : "tls");
}

/* The same code of ours, but at another place of the handshake: some of the
 * cases will do. */
Test(tls, certificates_are_judged_under_1_2)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases) - 1; i += 4)
		check_case(i, "tls12");
}

/* Greets the server, expects a refusal with this text, and returns what the
 * server says. */
static const char *
expect_refusal(struct net_kit_peer *peer, const struct tls_trust *trust,
    enum err_code code, const char *text)
{
	struct err err;

	cr_expect(!greet(peer, "localhost", trust, &err));
	cr_expect_eq(err.code, code);
	cr_expect_eq(strncmp(err.text, "localhost:993: ", 15), 0);
	cr_expect_str_eq(err.text + 15, text);
	return net_kit_report(peer);
}

Test(tls, the_name_is_asked_for_but_an_address_is_not)
{
	struct tls_trust *trust = trust_in(net_kit_pki("ca.pem"), "");
	struct net_kit_peer peer;
	struct err err;

	peer = net_kit_serve("tls", "good");
	cr_assert(greet(&peer, "imap.example.org.", trust, &err));
	cr_expect_not_null(
	    strstr(net_kit_report(&peer), "sni imap.example.org\n"));
	peer = net_kit_serve("tls", "good");
	cr_assert(greet(&peer, "[::1]", trust, &err));
	cr_expect_not_null(strstr(net_kit_report(&peer), "sni None\n"));
	tls_trust_free(trust);
}

/* ---- fingerprints ---- */

static const char *const pinned[] = {
    "good", "expired", "self-signed", "wrong-name", "client-only"};

Test(tls, a_pinned_certificate_is_trusted_whatever_it_says)
{
	struct net_kit_peer peer;
	struct tls_trust *trust;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(pinned) / sizeof(*pinned); i++) {
		trust = trust_in("", net_kit_fingerprint(pinned[i]));
		peer = net_kit_serve(i % 2 ? "tls" : "tls12", pinned[i]);
		cr_expect(greet(&peer, "localhost", trust, &err), "%s: %s",
		    pinned[i], err.text);
		cr_expect_not_null(strstr(net_kit_report(&peer), "received 6"));
		tls_trust_free(trust);
	}
}

/* Writes what openssl prints in lower case and without colons. */
static void
plain_hex(const char *from, char *to)
{
	for (; *from != '\0'; from++)
		if (*from != ':')
			*to++ = (char)tolower((unsigned char)*from);
	*to = '\0';
}

Test(tls, another_than_the_pinned_certificate_is_refused)
{
	struct tls_trust *trust = trust_in("", net_kit_fingerprint("good"));
	struct net_kit_peer peer = net_kit_serve("tls", "unknown-ca");
	char expected[300], hex[100];
	const char *report;

	plain_hex(net_kit_fingerprint("unknown-ca"), hex);
	snprintf(expected, sizeof(expected),
	    "the certificate's SHA-256 fingerprint is %s, not the pinned one",
	    hex);
	report = expect_refusal(&peer, trust, ERR_REFUSED, expected);
	cr_expect_not_null(strstr(report, "refused"));
	cr_expect_null(strstr(report, "version"));
	tls_trust_free(trust);
}

Test(tls, a_fingerprint_that_differs_in_any_one_bit_is_another)
{
	char hex[100], one[100];
	struct net_kit_peer peer;
	struct tls_trust *trust;
	struct err err;
	int i;

	plain_hex(net_kit_fingerprint("good"), hex);
	for (i = 0; i < 64; i += 21) {
		strcpy(one, hex);
		one[i] = one[i] == '0' ? '1' : '0';
		trust = trust_in("", one);
		peer = net_kit_serve("tls", "good");
		cr_expect(!greet(&peer, "localhost", trust, &err), "%d", i);
		net_kit_report(&peer);
		tls_trust_free(trust);
	}
}

static const char *const no_fingerprints[] = {"a", "aa", ":", "zz",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef:",
    ":0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "0:123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "01::23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    " 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg"};

Test(tls, what_is_no_fingerprint_is_a_fault_of_the_configuration)
{
	struct tls_trust *trust;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(no_fingerprints) / sizeof(*no_fingerprints);
	     i++) {
		cr_expect_eq(
		    tls_trust_new(&trust, "", no_fingerprints[i], &err), -1,
		    "%s", no_fingerprints[i]);
		cr_expect_null(trust);
		cr_expect_eq(err.code, ERR_CONFIG);
	}
}

/* ---- anchors ---- */

static void
expect_no_trust(const char *ca_file, const char *fingerprint, const char *text)
{
	struct tls_trust *trust;
	struct err err;

	cr_expect_eq(tls_trust_new(&trust, ca_file, fingerprint, &err), -1);
	cr_expect_null(trust);
	cr_expect_eq(err.code, ERR_CONFIG);
	cr_expect_not_null(strstr(err.text, text), "%s", err.text);
}

Test(tls, a_file_without_certificates_is_a_fault_of_the_configuration)
{
	expect_no_trust("/nowhere/ca.pem", "", "No such file or directory");
	expect_no_trust("/dev/null", "", "not one certificate");
	expect_no_trust("/", "", "not one certificate");
	expect_no_trust(
	    support_data("good/gzip.eml"), "", "not one certificate");
	expect_no_trust(net_kit_pki("good.key"), "", "not one certificate");
	expect_no_trust(net_kit_pki("ca.pem"), net_kit_fingerprint("good"),
	    "needs no authority");
}

Test(tls, a_certificate_may_be_its_own_anchor)
{
	struct net_kit_peer peer;
	struct tls_trust *trust;
	struct err err;

	trust = trust_in(net_kit_pki("self-signed.pem"), "");
	peer = net_kit_serve("tls", "self-signed");
	cr_expect(greet(&peer, "localhost", trust, &err), "%s", err.text);
	net_kit_report(&peer);
	tls_trust_free(trust);
	trust = trust_in(net_kit_pki("middle.pem"), "");
	peer = net_kit_serve("tls", "no-intermediate");
	cr_expect(greet(&peer, "localhost", trust, &err), "%s", err.text);
	net_kit_report(&peer);
	tls_trust_free(trust);
}

Test(tls, the_system_s_anchors_are_those_that_the_variables_name)
{
	char *dir = support_tmpdir(), path[1024], link_name[1024];
	struct net_kit_peer peer;
	struct tls_trust *trust;
	struct err err;

	snprintf(path, sizeof(path), "%s", net_kit_pki("ca.pem"));
	unsetenv("SSL_CERT_DIR");
	setenv("SSL_CERT_FILE", path, 1);
	trust = trust_in("", "");
	peer = net_kit_serve("tls", "good");
	cr_expect(greet(&peer, "localhost", trust, &err), "%s", err.text);
	net_kit_report(&peer);
	tls_trust_free(trust);

	setenv("SSL_CERT_FILE", "/nowhere", 1);
	cr_expect_eq(tls_trust_new(&trust, "", "", &err), -1);
	cr_expect_eq(err.code, ERR_UNAVAILABLE);

	/* Only what is named for its hash counts as an anchor. */
	unsetenv("SSL_CERT_FILE");
	snprintf(link_name, sizeof(link_name), "/nowhere:%s", dir);
	setenv("SSL_CERT_DIR", link_name, 1);
	snprintf(link_name, sizeof(link_name), "%s/ca.pem", dir);
	cr_assert_eq(symlink(path, link_name), 0);
	cr_expect_eq(tls_trust_new(&trust, "", "", &err), -1);
	snprintf(link_name, sizeof(link_name), "%s/0123abcd.0", dir);
	cr_assert_eq(symlink(path, link_name), 0);
	trust = trust_in("", "");
	peer = net_kit_serve("tls", "good");
	cr_expect(greet(&peer, "localhost", trust, &err), "%s", err.text);
	net_kit_report(&peer);
	tls_trust_free(trust);
	support_remove(dir);
}

/* ---- servers that are no good ---- */

#define NO_TLS_1_2 "the server offers no TLS 1.2 or newer"

static const struct {
	const char *mode;
	enum err_code code;
	const char *text;
} servers[] = {
    {"tls11", ERR_REFUSED, NO_TLS_1_2},
    {"rsa-only", ERR_REFUSED,
	"the server has no cipher in common with us, or wants more of us (TLS "
	"alert handshake_failure)"},
    {"unknown-name", ERR_REFUSED,
	"the server says that this is not its name (TLS alert "
	"unrecognized_name)"},
};

Test(tls, a_server_that_we_cannot_talk_to_is_refused_with_the_reason)
{
	struct tls_trust *trust = trust_in(net_kit_pki("ca.pem"), "");
	struct net_kit_peer peer;
	const char *report;
	size_t i;

	for (i = 0; i < sizeof(servers) / sizeof(*servers); i++) {
		peer = net_kit_serve(servers[i].mode, "good");
		report = expect_refusal(
		    &peer, trust, servers[i].code, servers[i].text);
		cr_expect_not_null(strstr(report, "refused"), "%s", report);
	}
	tls_trust_free(trust);
}

Test(tls, a_server_that_wants_a_certificate_of_ours_gets_none)
{
	struct tls_trust *trust = trust_in(net_kit_pki("ca.pem"), "");
	struct net_kit_peer peer = net_kit_serve("wants-certificate", "good");
	struct link *l = link_new(peer.fd, "localhost", 993, PATIENCE_MS);
	struct err err;
	char c;

	/* Under TLS 1.3 its complaint comes behind the handshake. */
	cr_expect_eq(link_start_tls(l, trust, &err), 0);
	cr_expect_eq(link_read(l, &c, 1, &err), -1);
	cr_expect_eq(err.code, ERR_TEMPORARY);
	cr_expect_not_null(
	    strstr(err.text, "certificate required"), "%s", err.text);
	link_free(l);
	net_kit_report(&peer);
	tls_trust_free(trust);
}

static const struct {
	const char *bytes;
	enum err_code code;
	const char *text;
} speakers[] = {
    {"* OK IMAP4rev1 ready\r\n", ERR_UNAVAILABLE,
	"what the server sent is no TLS (is this the right port?)"},
    {"220 mx.example.org ESMTP\r\n", ERR_UNAVAILABLE,
	"what the server sent is no TLS (is this the right port?)"},
    {"HTTP/1.1 400 Bad Request\r\n\r\n", ERR_UNAVAILABLE,
	"what the server sent is no TLS (is this the right port?)"},
    {"\x15\x03\x01\x00\x02\x02\x46", ERR_REFUSED, NO_TLS_1_2},
    {"\x15\x03\x03\x00\x02\x02\x50", ERR_TEMPORARY,
	"the server has trouble of its own (TLS alert internal_error)"},
    {"", ERR_TEMPORARY,
	"the server has closed the connection during the handshake"},
    {"\x16", ERR_TEMPORARY,
	"the server has closed the connection during the handshake"},
};

/* strlen would stop at the NULs of an alert. */
static size_t
length_of(const char *bytes)
{
	return bytes[0] == '\x15' ? 7 : strlen(bytes);
}

Test(tls, a_server_that_speaks_no_tls_is_told_from_one_that_went_away)
{
	struct tls_trust *trust = trust_in(net_kit_pki("ca.pem"), "");
	struct link *l;
	struct err err;
	int fds[2];
	size_t i, len;

	for (i = 0; i < sizeof(speakers) / sizeof(*speakers); i++) {
		net_kit_pair(fds);
		len = length_of(speakers[i].bytes);
		cr_assert_eq(
		    write(fds[1], speakers[i].bytes, len), (ssize_t)len);
		shutdown(fds[1], SHUT_WR);
		l = link_new(fds[0], "localhost", 993, PATIENCE_MS);
		cr_expect_eq(link_start_tls(l, trust, &err), -1);
		cr_expect_eq(err.code, speakers[i].code, "%zu", i);
		cr_expect_str_eq(err.text + 15, speakers[i].text);
		link_free(l);
		close(fds[1]);
	}
	tls_trust_free(trust);
}

Test(tls, garbage_in_a_handshake_never_ends_well)
{
	struct tls_trust *trust = trust_in(net_kit_pki("ca.pem"), "");
	unsigned char junk[512];
	unsigned seed = 1, i, k;
	struct link *l;
	struct err err;
	int fds[2];

	for (i = 0; i < 500; i++) {
		for (k = 0; k < sizeof(junk); k++)
			junk[k] = (unsigned char)((seed = seed * 1103515245 +
							  12345) >>
			    16);
		/* A record of a handshake, and half of the time a ServerHello
		 * in it. */
		memcpy(junk, "\x16\x03\x03\x01\x00\x02\x00\x00\xfc\x03\x03",
		    i % 2 ? 5 : 11);
		net_kit_pair(fds);
		cr_assert_eq(write(fds[1], junk, sizeof(junk)), sizeof(junk));
		shutdown(fds[1], SHUT_WR);
		l = link_new(fds[0], "localhost", 993, PATIENCE_MS);
		cr_expect_eq(link_start_tls(l, trust, &err), -1);
		link_free(l);
		close(fds[1]);
	}
	tls_trust_free(trust);
}

Test(tls, the_end_of_a_session_is_told_with_a_farewell_or_without)
{
	static const char *const modes[] = {"farewell", "cut"};
	struct tls_trust *trust = trust_in(net_kit_pki("ca.pem"), "");
	struct net_kit_peer peer;
	struct link *l;
	struct err err;
	char line[10];
	size_t i;

	for (i = 0; i < 2; i++) {
		peer = net_kit_serve(modes[i], "good");
		l = link_new(peer.fd, "localhost", 993, PATIENCE_MS);
		cr_assert_eq(link_start_tls(l, trust, &err), 0);
		cr_assert_eq(link_read_line(l, line, 10, &err), 5);
		cr_expect_eq(link_read(l, line, 1, &err), -1);
		cr_expect_eq(err.code, ERR_TEMPORARY);
		cr_expect_str_eq(err.text,
		    "localhost:993: the server has closed the connection");
		link_free(l);
		net_kit_report(&peer);
	}
	tls_trust_free(trust);
}

/* ---- behind the sandbox's door ---- */

#define DENY(name)                                             \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)

/* From now on whoever looks for a file, or opens a socket, dies. */
static void
shut_the_door(void)
{
	struct sock_filter rules[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					  offsetof(struct seccomp_data, nr)),
	    DENY(openat), DENY(socket), DENY(connect), DENY(readlinkat),
#ifdef SYS_open
	    DENY(open), DENY(access), DENY(stat), DENY(readlink),
#endif
	    DENY(faccessat), DENY(execve), DENY(clone),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {
	    .len = sizeof(rules) / sizeof(*rules), .filter = rules};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
		_exit(99);
}

/* In a process without files: a server that is trusted and one that is not.
 * Returns the process's status. */
static int
greet_behind_the_door(const char *cert, const struct tls_trust *trust)
{
	struct net_kit_peer peer = net_kit_serve("tls", cert);
	struct err err;
	pid_t pid = fork();
	int status;

	cr_assert_neq(pid, -1);
	if (pid == 0) {
		struct link *l =
		    link_new(peer.fd, "localhost", 993, PATIENCE_MS);
		char line[10];

		shut_the_door();
		if (link_start_tls(l, trust, &err) == -1)
			_exit(1);
		if (link_read_line(l, line, 10, &err) == -1)
			_exit(2);
		link_free(l);
		_exit(0);
	}
	close(peer.fd);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	net_kit_report(&peer);
	return status;
}

Test(tls, once_the_anchors_are_read_no_file_is_opened)
{
	struct tls_trust *trust = trust_in(net_kit_pki("ca.pem"), "");
	int status = greet_behind_the_door("good", trust);

	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
	status = greet_behind_the_door("expired", trust);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%x", status);
	status = greet_behind_the_door("unknown-root", trust);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%x", status);
	tls_trust_free(trust);
}
