/* SPDX-License-Identifier: ISC */

/*
 * What reason codes say of certificates.  A certificate is that of an MX, or
 * with the result types of MTA-STS that of the policy host: the texts hold
 * for both.
 */

#include "config.h"

#include "digest/reason_private.h"

#define LOOK	   "openssl s_client -starttls smtp -connect {mx}:25"
#define LOOK_CHAIN LOOK " -showcerts"

const struct reason reason_certificate[] = {
    [CERT_EXPIRED - CERT_FIRST] =
	{
	    .key = "certificate-has-expired",
	    .cause = "a certificate is past its last day",
	    .where = "certificate",
	    .meaning = "The certificate that the server showed, or one above "
		       "it in the chain, is past its last day.",
	    .remedy =
		"Renew the certificate, and make the server load the new one.",
	    .steps =
		REASON_LIST("Look at the dates of what is shown from outside, "
			    "not of the file on disk: a server that was never "
			    "reloaded still shows the old certificate.",
		    "Look at every host behind the name, over IPv4 and IPv6.",
		    "If the leaf is fresh, look at the intermediates: serve "
		    "the chain that came with it."),
	    .command = LOOK,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_EXPIRED,
		RESULT_CERTIFICATE_NOT_TRUSTED, RESULT_STS_WEBPKI_INVALID,
		RESULT_VALIDATION_FAILURE),
	    .example = "certificate has expired",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, Go, Microsoft",
	},
    [CERT_NOT_YET_VALID - CERT_FIRST] =
	{
	    .key = "certificate-not-yet-valid",
	    .cause = "the certificate is not valid yet",
	    .where = "certificate",
	    .meaning = "The first day of the certificate lies in the future, "
		       "as the sender's clock has it.",
	    .remedy = "Compare the first day of the certificate with the "
		      "clock; take one into use only when it is valid.",
	    .steps = REASON_LIST("Look at notBefore of the certificate that is "
				 "shown, and of those above it.",
		"Check the clock of the host that made the certificate.",
		"If only one reporter says so, its clock may be wrong: the "
		"others would say so too."),
	    .command = LOOK,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_CERTIFICATE_EXPIRED, RESULT_STS_WEBPKI_INVALID,
		RESULT_VALIDATION_FAILURE),
	    .example = "certificate is not yet valid",
	    .said_by = "OpenSSL, GnuTLS",
	},
    [CERT_NAME - CERT_FIRST] =
	{
	    .key = "certificate-name-mismatch",
	    .cause = "the certificate does not carry the name of the host",
	    .where = "certificate",
	    .meaning = "None of the names in the certificate is the one that "
		       "was asked for: the MX host for mail, mta-sts.DOMAIN "
		       "for the policy. The common name does not count.",
	    .remedy = "Get a certificate that lists the host's name as a "
		      "subject alternative name.",
	    .steps = REASON_LIST("Compare the MX records with the names in the "
				 "certificate that each of these hosts shows.",
		"If the server has several certificates, see that it chooses "
		"by the name that the sender asks for (SNI), and that the "
		"default one fits too.",
		"A wildcard covers one label: *.example.com covers neither "
		"a.b.example.com nor example.com."),
	    .command = LOOK " -servername {mx} -verify_hostname {mx}",
	    .types = REASON_TYPES(RESULT_CERTIFICATE_HOST_MISMATCH,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE,
		RESULT_CERTIFICATE_NOT_TRUSTED),
	    .example = "hostname mismatch",
	    .said_by =
		"OpenSSL (Postfix, Exim, Halon), GnuTLS, Microsoft, SparkPost",
	},
    [CERT_SELF_SIGNED - CERT_FIRST] =
	{
	    .key = "self-signed-certificate",
	    .cause = "the server shows a self-signed certificate",
	    .where = "certificate",
	    .meaning =
		"The server's own certificate is signed by itself. Often it is "
		"the one that the system made when it was installed, shown "
		"because the right one is not configured.",
	    .remedy = "Configure a certificate of a public authority in place "
		      "of the self-signed one.",
	    .steps = REASON_LIST(
		"Look which certificate is shown: \"snakeoil\" or the host's "
		"own name as issuer means the one of the installation.",
		"For MTA-STS get one of a public authority, for each MX and "
		"for the policy host.",
		"For DANE a self-signed one is fine, with a 3 1 1 record of "
		"its key; the sender that complains does not use DANE."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "self-signed certificate",
	    .said_by = "OpenSSL (Postfix, Exim, Halon)",
	},
    [CERT_PRIVATE_ROOT - CERT_FIRST] =
	{
	    .key = "untrusted-root",
	    .cause = "the chain ends at an authority that senders do not trust",
	    .where = "certificate",
	    .meaning = "The chain is complete, but its root is not among those "
		       "that the sender trusts: a private authority, one that "
		       "was distrusted, or one too new for the sender's list.",
	    .remedy =
		"Use a certificate of an authority that all senders trust.",
	    .steps =
		REASON_LIST("Look who issued the certificate; a proxy or a "
			    "filter in front of the server may show its own.",
		    "Serve the chain that the authority recommends: a long one "
		    "may lead to an older root that more senders know.",
		    "Do not send the root itself: it makes nobody trust it."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "self-signed certificate in certificate chain",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), Microsoft",
	},
    [CERT_NO_ISSUER - CERT_FIRST] =
	{
	    .key = "missing-intermediate",
	    .cause = "the chain is incomplete: an intermediate is missing",
	    .where = "certificate",
	    .meaning = "The sender could not find the certificate of the "
		       "issuer. Nearly always the server sends its own "
		       "certificate without the intermediates; browsers find "
		       "these by themselves, mail servers do not.",
	    .remedy = "Make the server send its certificate together with the "
		      "intermediates.",
	    .steps = REASON_LIST("Count the certificates that the server "
				 "sends: one alone is the fault.",
		"Configure the full chain, leaf first (fullchain.pem, not "
		"cert.pem), and reload.",
		"If the chain is whole, the sender does not trust its root: as "
		"for untrusted-root."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "unable to get local issuer certificate",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, Go, Microsoft",
	},
    [CERT_REVOKED - CERT_FIRST] =
	{
	    .key = "certificate-revoked",
	    .cause = "the certificate has been revoked",
	    .where = "certificate",
	    .meaning = "The authority has withdrawn the certificate, or one "
		       "above it, before its last day.",
	    .remedy = "Get a new certificate, with a new key if the old one "
		      "may be known to others.",
	    .steps =
		REASON_LIST("Ask the authority why: it tells its customers by "
			    "mail before it revokes many at once.",
		    "Make a new key, get a certificate for it, and reload the "
		    "server.",
		    "With a TLSA record, publish that of the new key first."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "certificate revoked",
	    .said_by = "OpenSSL, GnuTLS, Microsoft",
	},
    [CERT_REVOCATION_UNKNOWN - CERT_FIRST] =
	{
	    .key = "revocation-not-checked",
	    .cause =
		"the sender could not check whether the certificate is revoked",
	    .where = "certificate",
	    .meaning = "The sender asks the authority whether the certificate "
		       "was revoked, or wants the server to bring proof (OCSP "
		       "stapling), and got no usable answer.",
	    .remedy = "If the certificate demands stapling, staple; else it is "
		      "a matter of the authority and the sender.",
	    .steps = REASON_LIST(
		"Look whether the certificate demands stapling (\"TLS Feature: "
		"status_request\"): few mail servers can, so get one without.",
		"Look whether one reporter alone says so, and whether it has "
		"passed: then nothing need be done."),
	    .command = LOOK " -status",
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_VALIDATION_FAILURE, RESULT_STS_WEBPKI_INVALID),
	    .example = "unable to get certificate CRL",
	    .said_by = "OpenSSL, GnuTLS, Microsoft",
	},
    [CERT_WEAK - CERT_FIRST] =
	{
	    .key = "certificate-too-weak",
	    .cause = "a key or signature in the chain is too weak",
	    .where = "certificate",
	    .meaning = "The certificate or one above it has a short key (RSA "
		       "under 2048 bits) or an old signature (SHA-1, MD5) that "
		       "the sender no longer accepts.",
	    .remedy = "Get a certificate with an RSA key of 2048 bits or an "
		      "ECDSA P-256 key, signed with SHA-256.",
	    .steps = REASON_LIST("Look at key and signature algorithm of every "
				 "certificate that is sent.",
		"Replace old intermediates by those that came with the "
		"certificate.",
		"Make a new key rather than renewing with an old one."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "CA signature digest algorithm too weak",
	    .said_by = "OpenSSL, GnuTLS, Microsoft",
	},
    [CERT_CONSTRAINT - CERT_FIRST] =
	{
	    .key = "certificate-constraint",
	    .cause = "a certificate in the chain may not issue this one",
	    .where = "certificate",
	    .meaning = "An authority in the chain is limited to other names, "
		       "to a shorter chain, or is no authority at all: the "
		       "certificate was issued beyond its rights, or the chain "
		       "holds the wrong certificates.",
	    .remedy = "Serve exactly the chain that the authority gave; if it "
		      "did, get the certificate elsewhere.",
	    .steps = REASON_LIST("Compare the chain that is sent with the one "
				 "that the authority publishes.",
		"With a private authority, look at its name constraints and "
		"path length."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "path length constraint exceeded",
	    .said_by = "OpenSSL, GnuTLS, Go",
	},
    [CERT_PURPOSE - CERT_FIRST] =
	{
	    .key = "certificate-purpose",
	    .cause = "the certificate is not made for servers",
	    .where = "certificate",
	    .meaning = "The extended key usage of the certificate, or of one "
		       "above it, does not allow it to stand for a TLS server: "
		       "it is one for clients, for mail (S/MIME) or for code.",
	    .remedy = "Get a certificate for TLS servers (extended key usage "
		      "serverAuth).",
	    .steps = REASON_LIST("Look at the extended key usage: it must hold "
				 "TLS Web Server Authentication.",
		"Check that the server was not given the certificate of "
		"another service."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "unsuitable certificate purpose",
	    .said_by = "OpenSSL, GnuTLS, Go, Microsoft",
	},
    [CERT_MALFORMED - CERT_FIRST] =
	{
	    .key = "certificate-malformed",
	    .cause = "the certificate is damaged or breaks the rules",
	    .where = "certificate",
	    .meaning = "The sender could not read the certificate, could not "
		       "verify its signature, or refuses something in it, as a "
		       "critical extension that it does not know.",
	    .remedy = "Install the certificate anew from what the authority "
		      "sent, or get another.",
	    .steps = REASON_LIST("Verify the chain yourself, with the newest "
				 "version of the library.",
		"Check that leaf and intermediates belong together and stand "
		"in order.",
		"Certificates made by hand often lack what RFC 5280 asks for: "
		"let a public authority make it."),
	    .command = LOOK_CHAIN " -x509_strict",
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_VALIDATION_FAILURE, RESULT_STS_WEBPKI_INVALID),
	    .example = "certificate signature failure",
	    .said_by = "OpenSSL, GnuTLS, Go",
	},
    [CERT_CHAIN_TOO_LONG - CERT_FIRST] =
	{
	    .key = "certificate-chain-too-long",
	    .cause =
		"the chain holds more certificates than the sender follows",
	    .where = "certificate",
	    .meaning = "The sender gave up building a chain: it is very long, "
		       "or leads in a circle.",
	    .remedy = "Send the leaf and the intermediates that it needs, and "
		      "nothing else.",
	    .steps = REASON_LIST("Look what the server sends: a bundle of all "
				 "authorities is a usual mistake.",
		"Postfix follows nine certificates by default "
		"(smtp_tls_scert_verifydepth), others fewer."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "certificate chain too long",
	    .said_by = "OpenSSL, Go",
	},
    [CERT_PROXY - CERT_FIRST] =
	{
	    .key = "proxy-certificate",
	    .cause = "a proxy certificate that the sender does not accept",
	    .where = "certificate",
	    .meaning = "A proxy certificate (RFC 3820) is in the chain. No "
		       "public mail server uses these. The code stands in the "
		       "example of RFC 8460, and is mostly seen in test "
		       "reports that were made from it.",
	    .remedy = "If the report is not a test, look for a proxy that "
		      "shows certificates of its own.",
	    .steps = REASON_LIST("Look who sent the report, and whether other "
				 "reporters see a failure.",
		"Look at the chain that the server shows from outside."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_STS_WEBPKI_INVALID,
		RESULT_VALIDATION_FAILURE),
	    .example = "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED",
	    .said_by = "OpenSSL; the example of RFC 8460",
	},
    [CERT_TRANSPARENCY - CERT_FIRST] =
	{
	    .key = "no-transparency-proof",
	    .cause =
		"the certificate is in no public log that the sender accepts",
	    .where = "certificate",
	    .meaning =
		"The sender demands proof of Certificate Transparency (SCTs), "
		"and the certificate brings none that it accepts.",
	    .remedy = "Get a certificate of a public authority: these log what "
		      "they issue.",
	    .steps = REASON_LIST(
		"Look for CT Precertificate SCTs in the certificate.",
		"A certificate of a private authority has none."),
	    .command = LOOK_CHAIN,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_STS_WEBPKI_INVALID, RESULT_VALIDATION_FAILURE),
	    .example =
		"Certificate Transparency required, but no valid SCTs found",
	    .said_by = "OpenSSL",
	},
    [CERT_MISSING - CERT_FIRST] =
	{
	    .key = "no-certificate",
	    .cause = "the server showed no certificate",
	    .where = "certificate",
	    .meaning = "TLS was begun, but the server has no certificate to "
		       "show, or none for the key types that the sender knows.",
	    .remedy = "Configure a certificate and its key for the mail "
		      "service; offer an RSA one beside an ECDSA one.",
	    .steps = REASON_LIST("Read the log of the server at its start: it "
				 "may not be able to read certificate or key.",
		"Check that the file holds the certificate before the "
		"intermediates."),
	    .command = LOOK,
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_VALIDATION_FAILURE, RESULT_STS_WEBPKI_INVALID),
	    .example = "No certificate was found",
	    .said_by = "GnuTLS, OpenSSL, Microsoft",
	},
    [CERT_UNTRUSTED - CERT_FIRST] =
	{
	    .key = "certificate-verification-failed",
	    .cause = "the certificate was not accepted; the reporter does not "
		     "say why",
	    .where = "certificate",
	    .meaning =
		"The sender could not verify the certificate: its chain, its "
		"dates or its name. Which of these is not said.",
	    .remedy = "Verify the certificate yourself: chain, dates and name.",
	    .steps = REASON_LIST("Look at the verify return code at the end of "
				 "what the command prints.",
		"Look at the names: a chain that is in order says nothing of "
		"them.",
		"With DANE compare the TLSA record: see tlstally explain "
		"tlsa-invalid."),
	    .command = LOOK " -servername {mx} -verify_hostname {mx}",
	    .types = REASON_TYPES(RESULT_CERTIFICATE_NOT_TRUSTED,
		RESULT_VALIDATION_FAILURE, RESULT_STS_WEBPKI_INVALID,
		RESULT_TLSA_INVALID),
	    .example = "Server certificate not verified",
	    .said_by = "Postfix, Exim, Microsoft, OpenSSL, GnuTLS, SparkPost",
	    .vague = true,
	},
};
