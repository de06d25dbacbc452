/* SPDX-License-Identifier: ISC */

/*
 * The facts of certificates of every kind, and all that is wrong with each.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/limits.h"
#include "base/span.h"
#include "net/cert.h"
#include "net/dane.h"
#include "net_kit.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"

static struct tls_trust *
trust_ours(void)
{
	struct tls_trust *trust;
	struct err err;

	cr_assert_eq(tls_trust_new_curious(&trust, net_kit_pki("ca.pem"), &err),
	    0, "%s", err.text);
	return trust;
}

/* Reads a file of tests/pki.sh, which the caller frees. */
static char *
read_pem(const char *cert)
{
	char name[64], *text = calloc(1, 65536);
	FILE *f;

	snprintf(name, sizeof(name), "%s.pem", cert);
	f = fopen(net_kit_pki(name), "r");
	cr_assert(f != NULL && text != NULL);
	cr_assert_neq(fread(text, 1, 65535, f), 0);
	fclose(f);
	return text;
}

static struct cert_facts
facts_of(const struct tls_trust *trust, const char *cert, const char *host)
{
	const char *pem[CHAIN_MAX + 1];
	char *text = read_pem(cert), *at = text;
	struct cert_facts facts;
	size_t n = 0;

	while ((at = strstr(at, BEGIN)) != NULL)
		pem[n++] = at++;
	cert_facts_of_pem(&facts, pem, n, trust, host);
	free(text);
	return facts;
}

Test(cert, each_fault_has_its_name)
{
	static const struct {
		char cert[20];
		char host[20];
		unsigned faults;
	} rows[] = {
	    {"good", "localhost", 0},
	    {"good", "imap.example.org.", 0},
	    {"good", "127.0.0.1", 0},
	    {"good", "[::1]", 0},
	    {"good", "127.0.0.2", CERT_WRONG_NAME},
	    {"good", "example.org", CERT_WRONG_NAME},
	    {"good", "", CERT_WRONG_NAME},
	    {"good", ".example.org", CERT_WRONG_NAME},
	    {"wrong-name", "localhost", CERT_WRONG_NAME},
	    {"cn-only", "localhost", CERT_CN_ONLY},
	    {"cn-only", "example.org", CERT_WRONG_NAME},
	    {"wildcard", "a.example.org", 0},
	    {"wildcard", "a.b.example.org", CERT_WRONG_NAME},
	    {"wildcard", "example.org", CERT_WRONG_NAME},
	    {"partial", "imap.example.org", CERT_WRONG_NAME},
	    {"expired", "localhost", CERT_EXPIRED},
	    {"expired", "example.org", CERT_EXPIRED | CERT_WRONG_NAME},
	    {"not-yet-valid", "localhost", CERT_NOT_YET_VALID},
	    {"self-signed", "localhost", CERT_SELF_SIGNED},
	    {"self-signed", "example.org", CERT_SELF_SIGNED | CERT_WRONG_NAME},
	    {"client-only", "localhost", CERT_NOT_SERVER},
	    {"unknown-ca", "localhost", CERT_INCOMPLETE},
	    {"unknown-root", "localhost", CERT_UNTRUSTED},
	    {"intermediate", "localhost", 0},
	    {"no-intermediate", "localhost", CERT_INCOMPLETE},
	    {"old-intermediate", "localhost", CERT_EXPIRED},
	    {"weak-key", "localhost", CERT_WEAK},
	};
	struct tls_trust *trust = trust_ours();
	struct cert_facts f;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		f = facts_of(trust, rows[i].cert, rows[i].host);
		cr_expect_eq(f.faults, rows[i].faults, "%s for %s: %x, not %x",
		    rows[i].cert, rows[i].host, f.faults, rows[i].faults);
		cert_facts_free(&f);
	}
	tls_trust_free(trust);
}

/* "ab01" is "AB:01". */
static bool
is_fingerprint(const char *hex, const char *colons)
{
	while (*hex != '\0' && ascii_lower(colons[0]) == hex[0] &&
	    ascii_lower(colons[1]) == hex[1]) {
		hex += 2;
		colons += colons[2] == ':' ? 3 : 2;
	}
	return *hex == '\0' && *colons == '\0';
}

Test(cert, facts_are_those_of_the_certificate)
{
	struct tls_trust *trust = trust_ours();
	struct cert_facts f = facts_of(trust, "intermediate", "localhost");

	cr_expect_eq(f.chain_n, 2);
	cr_expect_eq(f.names_n, 4);
	cr_expect_str_eq(f.names[0], "localhost");
	cr_expect_str_eq(f.names[2], "127.0.0.1");
	cr_expect_str_eq(f.names[3], "::1");
	cr_expect_str_eq(f.common_name, "no-intermediate");
	cr_expect_str_eq(f.issuer, "CN=Example Intermediate");
	cr_expect_str_eq(f.key, "EC 256");
	cr_expect_eq(f.not_before, 1577836800);
	cr_expect_eq(f.not_after, 2524607999);
	cr_expect_eq(f.chain_not_after, 2524607999);
	cr_expect(
	    is_fingerprint(f.sha256, net_kit_fingerprint("intermediate")));
	cr_expect_eq(strlen(f.spki_sha256), 64);
	cert_facts_free(&f);
	f = facts_of(trust, "old-intermediate", "localhost");
	cr_expect_eq(f.depth, 1);
	cr_expect_eq(f.chain_not_after, 1609459200);
	cert_facts_free(&f);
	tls_trust_free(trust);
}

Test(cert, names_are_made_printable)
{
	struct tls_trust *trust = trust_ours();
	struct cert_facts f = facts_of(trust, "hostile-name", "localhost");

	cr_expect_eq(f.faults, CERT_WRONG_NAME);
	cr_expect_eq(f.names_n, 2);
	cr_expect_str_eq(f.names[0], "?[31mevil");
	cr_expect_str_eq(f.names[1], "localhost?.example.net");
	cert_facts_free(&f);
	tls_trust_free(trust);
}

Test(cert, names_are_bound)
{
	struct tls_trust *trust = trust_ours();
	struct cert_facts f = facts_of(trust, "names-200", "n200.example.net");

	cr_expect_eq(f.names_n, CERT_NAMES_MAX);
	cr_expect_not(f.names_cut);
	cr_expect_eq(f.faults, 0);
	cert_facts_free(&f);
	f = facts_of(trust, "names-201", "n201.example.net");
	cr_expect_eq(f.names_n, CERT_NAMES_MAX);
	cr_expect(f.names_cut);
	cr_expect_eq(f.faults, 0, "one that is not kept counts, too");
	cert_facts_free(&f);
	tls_trust_free(trust);
}

Test(cert, chains_are_bound)
{
	struct tls_trust *trust = trust_ours();
	char *text = read_pem("good");
	const char *pem[CHAIN_MAX + 1];
	struct cert_facts f;
	int i;

	for (i = 0; i <= CHAIN_MAX; i++)
		pem[i] = text;
	for (i = CHAIN_MAX; i <= CHAIN_MAX + 1; i++) {
		cert_facts_of_pem(&f, pem, (size_t)i, trust, "localhost");
		cr_expect_eq(f.chain_n, CHAIN_MAX);
		cert_facts_free(&f);
	}
	free(text);
	tls_trust_free(trust);
}

Test(cert, what_is_no_certificate_is_none)
{
	const char *pem[] = {
	    "", "nonsense", BEGIN, BEGIN "\nAAAA\n-----END CERTIFICATE-----\n"};
	struct tls_trust *trust = trust_ours();
	struct cert_facts f;

	cert_facts_of_pem(&f, pem, 4, trust, "localhost");
	cr_expect_eq(f.faults, CERT_NONE);
	cert_facts_free(&f);
	cert_facts_of_pem(&f, NULL, 0, trust, "localhost");
	cr_expect_eq(f.faults, CERT_NONE);
	cert_facts_free(&f);
	tls_trust_free(trust);
}
