/* SPDX-License-Identifier: ISC */

/*
 * What every result type of RFC 8460 means to the person who must mend it.
 * The texts name the host that is meant, because the types do not: a
 * certificate may be that of an MX or that of the policy host, and a missing
 * record one in the DNS of either.
 */

#include "config.h"

#include <stddef.h>

#include "digest/explain.h"

/* A NULL-terminated list of texts. */
#define LIST(...)                 \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static const struct explanation other = {
    .type = RESULT_OTHER,
    .where = "unknown",
    .meaning = "The reporter uses a result type that RFC 8460 does not know. "
	       "The sessions failed all the same.",
    .remedy = "RFC 8460 does not know this result type: its own words and "
	      "the failure reason codes are all there is to go by.",
    .causes = LIST("A newer or private type of the sending software.",
	"A misspelt type; the text is kept as it came."),
    .steps = LIST("Read the failure_reason_code column of the failure rows.",
	"Ask the reporter, whose contact is in the report: tlstally show.",
	"Try the MX from outside, as under validation-failure."),
    .command = "tlstally digest --last 7d --domain {domain} --rows failures "
	       "--format csv",
    .law = "RFC 8460 4.3",
};

static const struct explanation starttls_not_supported = {
    .type = RESULT_STARTTLS_NOT_SUPPORTED,
    .where = "MX host",
    .meaning = "The MX did not offer STARTTLS in its EHLO answer, or refused "
	       "it, so no encrypted session could begin.",
    .remedy = "This MX did not offer STARTTLS. Switch TLS on for port 25, "
	      "and see that no firewall or proxy on the way strips it.",
    .causes = LIST("TLS is not switched on at this MX; a backup or newly "
		   "added MX is often the one.",
	"A firewall or SMTP proxy in front of the MX removes STARTTLS from "
	"the EHLO answer, or masks it as XXXXXXXX.",
	"The server could not read its certificate or key and went on "
	"without TLS, or answers STARTTLS with 454.",
	"STARTTLS is offered to some clients or on some addresses only; IPv6 "
	"is easily forgotten.",
	"Someone between the sender and the MX strips STARTTLS: the very "
	"attack that MTA-STS and DANE are for."),
    .steps = LIST("Look at the EHLO answer of every MX on every address, IPv4 "
		  "and IPv6, from outside your network: 250-STARTTLS must be "
		  "there.",
	"Configure certificate and key, and offer TLS to all (Postfix: "
	"smtpd_tls_security_level = may; Exim: tls_advertise_hosts = *).",
	"Read the log of the MX at start and at the times in question.",
	"Switch SMTP inspection off in firewalls (Cisco: inspect esmtp)."),
    .command = "openssl s_client -starttls smtp -connect {mx}:25",
    .law = "RFC 8460 4.3.1",
};

static const struct explanation certificate_host_mismatch = {
    .type = RESULT_CERTIFICATE_HOST_MISMATCH,
    .where = "MX host",
    .meaning = "The certificate of the MX does not carry the name that the "
	       "policy asks for. For MTA-STS that is the name of the MX host, "
	       "not that of the mail domain, as a DNS name among the subject "
	       "alternative names; the common name does not count.",
    .remedy = "The certificate of this MX does not carry the MX's name. Get "
	      "one that lists it as a subject alternative name, or point the "
	      "MX record to a name that it lists.",
    .causes = LIST("The certificate was issued for the web site or the mail "
		   "domain, not for the MX host.",
	"The MX record names an alias, or an old name of the same host.",
	"The server has several certificates and shows its default one, "
	"whatever name the sender asks for (SNI).",
	"The name is in the common name only.",
	"A wildcard covers exactly one label: *.example.com covers neither "
	"a.b.example.com nor example.com.",
	"Some senders also report an MX host that no mx line of the policy "
	"covers in this way."),
    .steps = LIST("Compare the MX records with the names in the certificate "
		  "that each of those hosts shows.",
	"Reissue the certificate with every MX name, reload the server, and "
	"look again from outside.",
	"Check that every MX host is covered by an mx line of the MTA-STS "
	"policy.",
	"With DANE, names matter for usage 2 only; a 3 1 1 record needs "
	"none."),
    .command = "openssl s_client -starttls smtp -connect {mx}:25 "
	       "-servername {mx} -verify_hostname {mx}",
    .law = "RFC 8460 4.3.1",
};

static const struct explanation certificate_expired = {
    .type = RESULT_CERTIFICATE_EXPIRED,
    .where = "MX host",
    .meaning = "The certificate that the MX showed, or one above it in the "
	       "chain, is past its last day.",
    .remedy = "The certificate of this MX has expired. Renew it, and check "
	      "that the server has loaded the new one.",
    .causes = LIST("The renewal was made, but the mail server was never "
		   "reloaded: it still shows what it read at its start.",
	"The automatic renewal fails, or was never set up for this host.",
	"Several hosts stand behind one MX name, and one was left out.",
	"The leaf is fresh, but an intermediate in the chain has expired."),
    .steps = LIST("Look at the dates of the certificate that is shown on port "
		  "25, on every address of the MX.",
	"Renew it, and reload the mail server.",
	"Let the renewal reload the server by itself (certbot: --deploy-hook), "
	"and watch the date from outside.",
	"With a TLSA record for this MX, mind it first: see tlsa-invalid."),
    .command = "openssl s_client -starttls smtp -connect {mx}:25",
    .law = "RFC 8460 4.3.1",
};

static const struct explanation certificate_not_trusted = {
    .type = RESULT_CERTIFICATE_NOT_TRUSTED,
    .where = "MX host",
    .meaning = "The sender could not build a chain from the certificate of "
	       "the MX to an authority that it trusts.",
    .remedy = "Senders do not trust the certificate of this MX. Serve one of "
	      "a public authority, together with its intermediates.",
    .causes = LIST("The server sends its own certificate without the "
		   "intermediates; browsers often hide that, mail servers "
		   "do not.",
	"The certificate is self-signed, or of a private authority.",
	"The authority, or its root, is no longer trusted by the sender.",
	"Name constraints, a weak key or an old signature algorithm in the "
	"chain."),
    .steps = LIST("Look at the chain that the MX sends, and at the verify "
		  "return code at the end.",
	"Configure the full chain: leaf first, then the intermediates "
	"(fullchain.pem, not cert.pem).",
	"MTA-STS needs a public authority. DANE does not: there a self-signed "
	"certificate with a 3 1 1 record is fine.",
	"The failure reason code should name the error: see the failure "
	"rows."),
    .command = "openssl s_client -starttls smtp -connect {mx}:25 -showcerts",
    .law = "RFC 8460 4.3.1",
};

static const struct explanation validation_failure = {
    .type = RESULT_VALIDATION_FAILURE,
    .where = "MX host",
    .meaning = "The session failed for a reason that has no type of its own: "
	       "the catch-all of RFC 8460. The failure reason code may say "
	       "more.",
    .remedy = "The session failed for a reason that has no type of its own. "
	      "The failure reason codes may tell it (digest --rows failures); "
	      "then try the handshake yourself.",
    .causes = LIST("The TLS handshake failed: no common version or cipher; "
		   "MTA-STS asks for TLS 1.2 or later.",
	"The connection broke off, or timed out, after STARTTLS.",
	"The MX host is covered by no mx line of the MTA-STS policy.",
	"A fault at the sender: look whether more than one reporter sees it."),
    .steps = LIST("Read the failure_reason_code column of the failure rows.",
	"Try the handshake with TLS 1.2 and with TLS 1.3.",
	"Compare the MX records with the mx lines of the policy.",
	"Search the log of the MX for TLS errors from the sending addresses."),
    .command = "openssl s_client -starttls smtp -connect {mx}:25 -tls1_2",
    .law = "RFC 8460 4.3.3",
};

static const struct explanation tlsa_invalid = {
    .type = RESULT_TLSA_INVALID,
    .where = "DNS of the MX host",
    .meaning = "The MX has TLSA records that DNSSEC vouches for, but none of "
	       "them is valid for the certificate that it showed.",
    .remedy = "No TLSA record of this MX fits its certificate. Publish a "
	      "3 1 1 record of the key in use; at the next change publish "
	      "the new record first, and wait two TTLs before using the key.",
    .causes = LIST("The certificate was renewed with a new key, and the TLSA "
		   "record still holds the old one: the usual case.",
	"With usage 2, the authority has changed its intermediate, or the "
	"server does not send the certificate that the record names.",
	"The new record was published, but old ones are still in caches.",
	"A typing error: a digest of the wrong length, of the wrong file, or "
	"of the certificate (selector 0) where the key (1) is meant.",
	"Only one of several hosts behind the MX name has the new key."),
    .steps = LIST("Compute the digest of the key in use: openssl x509 -in "
		  "cert.pem -noout -pubkey | openssl pkey -pubin -outform DER "
		  "| sha256sum",
	"Publish it as: _25._tcp.MX-HOST. IN TLSA 3 1 1 DIGEST",
	"To roll over: make the next key, publish its record beside the "
	"present one, wait two TTLs, let the server use it, check, and only "
	"then remove the old record.",
	"Or keep the key when renewing (certbot: --reuse-key): a 3 1 1 record "
	"then stays right.",
	"Avoid usages 0 and 1, which SMTP senders do not use (RFC 7672 "
	"3.1.3)."),
    .command = "dig +dnssec _25._tcp.{mx} TLSA",
    .law = "RFC 8460 4.3.2.1",
};

static const struct explanation dnssec_invalid = {
    .type = RESULT_DNSSEC_INVALID,
    .where = "DNS of the MX host",
    .meaning = "The sender's validating resolver got no valid answer for the "
	       "TLSA records of the MX: most often SERVFAIL, because the "
	       "signatures do not hold.",
    .remedy = "Validating resolvers get no valid answer for the TLSA records "
	      "of this MX. Repair the signatures of its zone, or the DS "
	      "record at the parent.",
    .causes = LIST("The signatures of the zone have expired: the signer has "
		   "stopped, or a secondary serves an old zone.",
	"The DS record at the parent belongs to an old key, often after a key "
	"rollover or a change of the DNS provider.",
	"Name servers or firewalls that do not answer queries for TLSA, or "
	"deny them wrongly (NSEC, NSEC3).",
	"Only one of several name servers is at fault: then it comes and "
	"goes."),
    .steps = LIST("Ask a validating resolver; delv names the broken link.",
	"Sign the zone again, and see that all name servers serve the same "
	"serial.",
	"Compare the DS at the parent with the DNSKEY of the zone. Do not "
	"remove a key before its DS is gone from all caches.",
	"The zone that matters is that of the MX host, which need not be "
	"yours: then tell its operator."),
    .command = "delv _25._tcp.{mx} TLSA",
    .law = "RFC 8460 4.3.2.1",
};

static const struct explanation dane_required = {
    .type = RESULT_DANE_REQUIRED,
    .where = "DNS of the MX host",
    .meaning = "This sender is set to require DANE for the domain, and found "
	       "no TLSA records that DNSSEC vouches for at this MX.",
    .remedy = "A sender insists on DANE, and this MX has no validated TLSA "
	      "record. Publish one, 3 1 1, in a signed zone, or settle it "
	      "with that sender.",
    .causes = LIST("A new or moved MX host without TLSA records.",
	"The zone of the MX, or that of the domain with its MX records, has "
	"lost its DNSSEC: no DS at the parent.",
	"The MX is now at a provider that has no DANE.",
	"The sender's rule is older than your change."),
    .steps = LIST("Look for the TLSA records of every MX host; every one "
		  "needs them.",
	"Check that both zones are signed: the domain's, and the MX host's.",
	"Publish first: _25._tcp.MX-HOST. IN TLSA 3 1 1 DIGEST of the key in "
	"use, as under tlsa-invalid.",
	"If DANE was given up on purpose, ask the reporter to drop the rule "
	"(RFC 7672 6)."),
    .command = "dig +dnssec _25._tcp.{mx} TLSA",
    .law = "RFC 8460 4.3.2.1",
};

static const struct explanation sts_policy_fetch_error = {
    .type = RESULT_STS_POLICY_FETCH_ERROR,
    .where = "policy host",
    .meaning = "The domain announces MTA-STS in the DNS, but its policy could "
	       "not be fetched from https://mta-sts.DOMAIN/.well-known/"
	       "mta-sts.txt.",
    .remedy = "The MTA-STS policy could not be fetched. The web server at "
	      "mta-sts in front of the domain must answer 200, without a "
	      "redirect, within a minute.",
    .causes = LIST("The web server is down, slow or out of reach, or the "
		   "name mta-sts.DOMAIN does not resolve.",
	"The answer is 404, 403 or 5xx: the file is missing, or a protection "
	"against robots turns senders away.",
	"The answer is a redirect, which senders must not follow.",
	"IPv6 is announced and does not work.",
	"The TXT record _mta-sts was left behind when MTA-STS was given up."),
    .steps = LIST("Fetch the policy from outside your network, over IPv4 and "
		  "over IPv6: the first line must say 200.",
	"Serve the file itself under that very name, as text/plain and under "
	"64 KB (RFC 8461 3.3).",
	"Exempt the path from redirects, robot checks and country blocks.",
	"To give MTA-STS up, serve mode: none first, and remove it when the "
	"old policies have run out (RFC 8461 8.3)."),
    .command = "curl -i https://mta-sts.{domain}/.well-known/mta-sts.txt",
    .law = "RFC 8460 4.3.2.2",
};

static const struct explanation sts_policy_invalid = {
    .type = RESULT_STS_POLICY_INVALID,
    .where = "policy host",
    .meaning = "The MTA-STS policy was fetched, but it is no valid policy.",
    .remedy = "Senders cannot use the MTA-STS policy as it is written. It "
	      "needs version: STSv1, mode, max_age and an mx line for each "
	      "MX (RFC 8461 3.2).",
    .causes = LIST("A line is missing or misspelt; keys and values are case-"
		   "sensitive, so mode: Enforce is wrong.",
	"The server answers 200 with an HTML page instead of the file.",
	"The mx lines hold preferences, commas or addresses; each holds one "
	"host name or *.DOMAIN.",
	"max_age is missing, or over 31557600.",
	"Some senders report an MX host that no mx line covers in this way."),
    .steps = LIST("Fetch the policy and read it line by line.",
	"Compare the mx lines with the MX records.",
	"After a correction change the id in the TXT record _mta-sts, or "
	"senders will not look again."),
    .command = "curl -i https://mta-sts.{domain}/.well-known/mta-sts.txt",
    .law = "RFC 8460 4.3.2.2",
};

static const struct explanation sts_webpki_invalid = {
    .type = RESULT_STS_WEBPKI_INVALID,
    .where = "policy host",
    .meaning = "The certificate of the policy host, the web server "
	       "mta-sts.DOMAIN, was not accepted. No MX is meant.",
    .remedy = "The certificate of the policy host, mta-sts in front of the "
	      "domain, is not valid; no MX is meant. It must be trusted, "
	      "unexpired and carry that name.",
    .causes = LIST("The certificate of the web server has expired.",
	"mta-sts.DOMAIN is not among its names; with many domains on one "
	"host, one was left out.",
	"The server sends no intermediates.",
	"Without SNI, or for unknown names, the server shows another "
	"certificate."),
    .steps = LIST("Fetch the policy with a tool that checks certificates; "
		  "never with one that was told not to.",
	"Get a certificate of a public authority that lists mta-sts.DOMAIN, "
	"and reload the web server.",
	"See that the renewal covers this name: nobody visits it, so nobody "
	"will tell you."),
    .command = "curl -v https://mta-sts.{domain}/.well-known/mta-sts.txt",
    .law = "RFC 8460 4.3.2.2",
};

static const struct explanation unspecified = {
    .type = RESULT_UNSPECIFIED,
    .where = "unknown",
    .meaning = "The summary of a report counts more failed sessions than its "
	       "details explain. The rest stands here, so that the totals "
	       "are the reporters' own.",
    .remedy = "The reports count these failures and do not say why. Other "
	      "failures of the same days, and the log of the MX, may.",
    .causes = LIST("The reporter gives totals only, or leaves details out.",
	"The reporter counts details in another way than totals."),
    .steps = LIST("Look whether other reporters name a failure on those days.",
	"Look at the reports themselves: tlstally list, tlstally show."),
    .command = "tlstally list --domain {domain}",
    .law = "RFC 8460 4.4",
};

static const struct explanation overlap = {
    .type = RESULT_OVERLAP,
    .where = "nowhere",
    .meaning = "The details of a report count more failed sessions than its "
	       "summary, as one session may fail in more than one way. The "
	       "difference stands here, negative, so that the totals are the "
	       "reporters' own.",
    .remedy = "Nothing needs to be mended: one session may be counted under "
	      "several failures.",
    .causes = LIST("A session that failed in more than one way.",
	"A reporter that counts every attempt in the details, and every "
	"session once in the summary."),
    .steps = LIST("Mend the failures that stand beside it."),
    .command = "tlstally list --domain {domain}",
    .law = "RFC 8460 4",
};

const struct explanation *
explain(enum result_type type)
{
	static const struct explanation *const all[] = {
	    [RESULT_OTHER] = &other,
	    [RESULT_STARTTLS_NOT_SUPPORTED] = &starttls_not_supported,
	    [RESULT_CERTIFICATE_HOST_MISMATCH] = &certificate_host_mismatch,
	    [RESULT_CERTIFICATE_EXPIRED] = &certificate_expired,
	    [RESULT_CERTIFICATE_NOT_TRUSTED] = &certificate_not_trusted,
	    [RESULT_VALIDATION_FAILURE] = &validation_failure,
	    [RESULT_TLSA_INVALID] = &tlsa_invalid,
	    [RESULT_DNSSEC_INVALID] = &dnssec_invalid,
	    [RESULT_DANE_REQUIRED] = &dane_required,
	    [RESULT_STS_POLICY_FETCH_ERROR] = &sts_policy_fetch_error,
	    [RESULT_STS_POLICY_INVALID] = &sts_policy_invalid,
	    [RESULT_STS_WEBPKI_INVALID] = &sts_webpki_invalid,
	};

	if (type == RESULT_UNSPECIFIED)
		return &unspecified;
	if (type == RESULT_OVERLAP)
		return &overlap;
	return (size_t)type < sizeof(all) / sizeof(all[0]) ? all[type] : &other;
}

/* True where the sender could not get at the policy that it looked for, so
 * that there was nothing to enforce (RFC 8461 5.1). */
static bool
is_without_policy(enum result_type result)
{
	return result == RESULT_STS_POLICY_FETCH_ERROR ||
	    result == RESULT_STS_POLICY_INVALID ||
	    result == RESULT_STS_WEBPKI_INVALID;
}

const char *
explain_effect(
    enum result_type result, enum policy_type type, enum policy_mode mode)
{
	static const char held[] = "this mail waited or bounced";
	static const char *const sts[] = {
	    [MODE_UNKNOWN] = "held back if the policy says enforce",
	    [MODE_ENFORCE] = held,
	    [MODE_TESTING] = "delivered, but enforce would have held it back",
	    [MODE_NONE] = "delivered all the same",
	};

	if (is_without_policy(result))
		return "delivered, but not protected unless the sender has an "
		       "older copy of the policy";
	if (result == RESULT_DANE_REQUIRED || type == POLICY_TLSA)
		return held;
	if (type == POLICY_STS)
		return (size_t)mode < sizeof(sts) / sizeof(sts[0])
		    ? sts[mode]
		    : sts[MODE_UNKNOWN];
	return type == POLICY_NONE ? "delivered, perhaps without TLS"
				   : "what became of this mail is not known";
}

bool
explain_holds_mail(
    enum result_type result, enum policy_type type, enum policy_mode mode)
{
	if (is_without_policy(result))
		return false;
	if (result == RESULT_DANE_REQUIRED || type == POLICY_TLSA)
		return true;
	return type == POLICY_STS &&
	    (mode == MODE_ENFORCE || mode == MODE_UNKNOWN);
}
