/* SPDX-License-Identifier: ISC */

/*
 * What reason codes say of sessions: STARTTLS, the TLS handshake, and the
 * connection below it.
 */

#include "config.h"

#include "digest/reason_private.h"

#define LOOK "openssl s_client -starttls smtp -connect {mx}:25"

const struct reason reason_session[] = {
    [SESSION_NO_STARTTLS - SESSION_FIRST] =
	{
	    .key = "no-starttls",
	    .cause = "the MX did not offer STARTTLS",
	    .where = "MX host",
	    .meaning = "STARTTLS is missing from the MX's answer to EHLO, and "
		       "the sender needs it.",
	    .remedy = "Switch TLS on for port 25, and see that nothing on the "
		      "way strips it.",
	    .steps = REASON_LIST("Look at the EHLO answer of every MX on every "
				 "address from outside your network.",
		"Switch SMTP inspection off in firewalls (Cisco: inspect "
		"esmtp).",
		"Read the log of the MX: without a readable certificate many "
		"servers go on without TLS."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_STARTTLS_NOT_SUPPORTED, RESULT_VALIDATION_FAILURE),
	    .example = "4.7.321 starttls-not-supported",
	    .said_by = "Microsoft, Postfix, Exim, SparkPost, Stalwart",
	},
    [SESSION_STARTTLS_REFUSED - SESSION_FIRST] =
	{
	    .key = "starttls-refused",
	    .cause = "the MX offers STARTTLS and refuses it when asked",
	    .where = "MX host",
	    .meaning = "The MX announced STARTTLS, but answered the command "
		       "itself with an error, mostly 454.",
	    .remedy = "Read the log of the MX: it cannot load its certificate "
		      "or key, or has run out of something.",
	    .steps = REASON_LIST("Check that the server may read certificate "
				 "and key, and that the two belong together.",
		"Look whether a limit on TLS sessions or processes was reached "
		"at those times.",
		"If it comes and goes, try all hosts behind the MX name."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_STARTTLS_NOT_SUPPORTED, RESULT_VALIDATION_FAILURE),
	    .example = "454 4.7.0 TLS not available due to local problem",
	    .said_by = "Postfix, Exim, as an MX answered",
	},
    [SESSION_NO_CIPHER - SESSION_FIRST] =
	{
	    .key = "no-shared-cipher",
	    .cause = "MX and sender have no cipher in common",
	    .where = "MX host",
	    .meaning =
		"The handshake ended at once: the MX accepts none of the "
		"ciphers, curves or signature types that the sender offers. A "
		"server without a usable certificate says so too.",
	    .remedy = "Offer TLS 1.2 and 1.3 with the usual ciphers, and have "
		      "an RSA certificate that they can use.",
	    .steps = REASON_LIST(
		"Take cipher lists of your own out of the configuration: the "
		"defaults of the library are better.",
		"If the server has an ECDSA certificate only, give it an RSA "
		"one besides.",
		"Try the handshake with TLS 1.2 and with TLS 1.3."),
	    .command = LOOK " -tls1_2",
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_STS_WEBPKI_INVALID),
	    .example = "sslv3 alert handshake failure",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, mox, Microsoft",
	},
    [SESSION_VERSION - SESSION_FIRST] =
	{
	    .key = "no-shared-tls-version",
	    .cause = "MX and sender have no version of TLS in common",
	    .where = "MX host",
	    .meaning =
		"The MX speaks only versions that the sender no longer does "
		"(TLS 1.0, 1.1, SSL), or only newer ones than the sender can.",
	    .remedy = "Offer TLS 1.2 and TLS 1.3.",
	    .steps = REASON_LIST("Try the handshake with either version.",
		"MTA-STS asks for TLS 1.2 or later (RFC 8461 7.2); an old "
		"server needs a new library.",
		"Do not switch TLS 1.2 off: not all senders have TLS 1.3."),
	    .command = LOOK " -tls1_2",
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_STS_WEBPKI_INVALID),
	    .example = "tlsv1 alert protocol version",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, mox, Microsoft",
	},
    [SESSION_NOT_TLS - SESSION_FIRST] =
	{
	    .key = "not-tls",
	    .cause = "what the server sent is not TLS",
	    .where = "MX host",
	    .meaning =
		"After STARTTLS the server, or something in front of it, went "
		"on in plain text or sent anything else than TLS.",
	    .remedy = "Look for a proxy, a load balancer or a filter that "
		      "takes part in SMTP without understanding STARTTLS.",
	    .steps = REASON_LIST(
		"Watch a session from outside, and one from the server itself: "
		"where they differ stands the fault.",
		"See that the server sends nothing between its answer to "
		"STARTTLS and the handshake.",
		"For the policy host: port 443 must speak TLS, not plain "
		"HTTP."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "wrong version number",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, mox",
	},
    [SESSION_WEAK_KEY_EXCHANGE - SESSION_FIRST] =
	{
	    .key = "weak-key-exchange",
	    .cause = "the key exchange of the server is too weak",
	    .where = "MX host",
	    .meaning =
		"The server uses Diffie-Hellman parameters that are too short, "
		"or something else below the sender's level of security.",
	    .remedy =
		"Offer ECDHE, and Diffie-Hellman with 2048 bits or not at all.",
	    .steps =
		REASON_LIST("Remove old parameter files (Postfix: "
			    "smtpd_tls_dh1024_param_file; Exim: tls_dhparam).",
		    "Update the TLS library of the server.",
		    "Look at \"Server Temp Key\" in what the command prints."),
	    .command = LOOK " -tls1_2",
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "dh key too small",
	    .said_by = "OpenSSL (Postfix, Exim), GnuTLS, mox",
	},
    [SESSION_SIGNATURE - SESSION_FIRST] =
	{
	    .key = "no-shared-signature",
	    .cause = "MX and sender have no signature type or curve in common",
	    .where = "MX host",
	    .meaning = "The server's key can only sign in a way that the "
		       "sender refuses (SHA-1, DSA, a rare curve), or none of "
		       "the offered curves is shared.",
	    .remedy = "Use an RSA key of 2048 bits or an ECDSA key on P-256, "
		      "with a current TLS library.",
	    .steps = REASON_LIST("Look at the key type of the certificate.",
		"Take lists of curves and signature algorithms of your own out "
		"of the configuration.",
		"Keys in a hardware module may be able to do less than TLS 1.3 "
		"needs."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "no suitable signature algorithm",
	    .said_by = "OpenSSL (Postfix, Exim), GnuTLS",
	},
    [SESSION_WRONG_KEY - SESSION_FIRST] =
	{
	    .key = "wrong-key",
	    .cause = "the server's key does not fit its certificate",
	    .where = "MX host",
	    .meaning = "What the server signed could not be verified with the "
		       "certificate that it showed: certificate and key do not "
		       "belong together, or the data was changed on the way.",
	    .remedy =
		"Install certificate and key as a pair, and reload the server.",
	    .steps = REASON_LIST(
		"Compare the public keys of both: openssl x509 -noout -pubkey "
		"-in cert.pem, and openssl pkey -pubout -in key.pem.",
		"After a renewal see that both files were replaced.",
		"If it comes and goes, one of several hosts is wrong."),
	    .command = LOOK,
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_CERTIFICATE_NOT_TRUSTED, RESULT_STS_WEBPKI_INVALID),
	    .example = "tlsv1 alert decrypt error",
	    .said_by = "OpenSSL (Postfix, Exim), GnuTLS, mox",
	},
    [SESSION_SNI - SESSION_FIRST] =
	{
	    .key = "unrecognized-name",
	    .cause = "the server does not know the name that it was asked for",
	    .where = "MX host",
	    .meaning = "The sender named the host that it wanted (SNI), as "
		       "MTA-STS and DANE demand, and the server refused that "
		       "name in place of showing its default certificate.",
	    .remedy = "Make the server answer to every name that an MX record "
		      "or the policy uses, and to unknown ones with its "
		      "default certificate.",
	    .steps = REASON_LIST("Compare the names in the server's "
				 "configuration with the MX records.",
		"For the policy host: the virtual host mta-sts.DOMAIN must "
		"exist for port 443."),
	    .command = LOOK " -servername {mx}",
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_CERTIFICATE_HOST_MISMATCH, RESULT_STS_POLICY_FETCH_ERROR,
		RESULT_STS_WEBPKI_INVALID),
	    .example = "tlsv1 unrecognized name",
	    .said_by = "OpenSSL, GnuTLS, mox",
	},
    [SESSION_CLIENT_CERT - SESSION_FIRST] =
	{
	    .key = "client-certificate-refused",
	    .cause = "the MX wants, or refused, a certificate of the sender",
	    .where = "MX host",
	    .meaning =
		"The alert came from the server, and is about the certificate "
		"of the client: the MX asks for one and accepts no session "
		"without one that it trusts. Some senders use the same words "
		"for their own refusal of your certificate.",
	    .remedy = "Do not demand client certificates on port 25; then "
		      "check your own certificate too.",
	    .steps =
		REASON_LIST("Switch it off (Postfix: smtpd_tls_req_ccert and "
			    "smtpd_tls_ask_ccert; Exim: tls_verify_hosts).",
		    "Look whether a proxy in front of the MX does so.",
		    "Verify your own certificate and chain from outside."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_CERTIFICATE_NOT_TRUSTED),
	    .example = "tlsv1 alert unknown ca",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, mox",
	},
    [SESSION_SERVER_FAULT - SESSION_FIRST] =
	{
	    .key = "server-internal-error",
	    .cause = "the TLS of the server had an internal error",
	    .where = "MX host",
	    .meaning =
		"The server ended the handshake for a reason of its own: no "
		"key, no memory, an engine that failed, a wrong setting.",
	    .remedy = "Read the log of the server at those times.",
	    .steps = REASON_LIST("Check that it can read certificate, key and "
				 "parameters after a reload.",
		"Look for limits of memory and files.",
		"Update the TLS library; then restart, do not only reload."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "tlsv1 alert internal error",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, mox",
	},
    [SESSION_PROTOCOL - SESSION_FIRST] =
	{
	    .key = "broken-handshake",
	    .cause = "the two sides do not understand each other's TLS",
	    .where = "MX host",
	    .meaning =
		"One side sent what the other does not expect at that point or "
		"could not decode: an old or odd TLS implementation, or a box "
		"between them that changes the data.",
	    .remedy = "Update the TLS library of the MX, and try without "
		      "firewalls and proxies that look into TLS.",
	    .steps = REASON_LIST("Try the handshake from several networks, "
				 "with TLS 1.2 and TLS 1.3.",
		"Look whether one reporter alone sees it: then it may be its "
		"fault.",
		"Load balancers and mail gateways have TLS libraries of their "
		"own: update those too."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "sslv3 alert unexpected message",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, mox",
	},
    [SESSION_RENEGOTIATION - SESSION_FIRST] =
	{
	    .key = "unsafe-renegotiation",
	    .cause = "the server lacks secure renegotiation",
	    .where = "MX host",
	    .meaning = "The server does not know secure renegotiation (RFC "
		       "5746), which current libraries insist on, or saw the "
		       "sender fall back to an older version.",
	    .remedy = "Update the TLS library of the server, or the appliance "
		      "in front of it: it is older than 2010.",
	    .steps = REASON_LIST("Look for \"Secure Renegotiation IS "
				 "supported\" in what the command prints.",
		"Offer TLS 1.3, which has no renegotiation."),
	    .command = LOOK " -tls1_2",
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "unsafe legacy renegotiation disabled",
	    .said_by = "OpenSSL 3, GnuTLS, mox",
	},
    [SESSION_CLOSED - SESSION_FIRST] =
	{
	    .key = "connection-closed",
	    .cause = "the connection broke off",
	    .where = "network",
	    .meaning = "The server, or something on the way, closed or reset "
		       "the connection before the session had begun or ended "
		       "as it should.",
	    .remedy = "Read the log of the server at those times; look at "
		      "limits, filters and firewalls in front of it.",
	    .steps = REASON_LIST("A few of many sessions are the noise of the "
				 "net; look whether they grow.",
		"Look for limits on connections by address (Postfix: anvil; "
		"firewalls, fail2ban) that a big sender reaches.",
		"Look for crashes of the server process.",
		"Large handshakes that break off point to a wrong MTU."),
	    .command = LOOK,
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_STARTTLS_NOT_SUPPORTED),
	    .example = "unexpected eof while reading",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), GnuTLS, mox, Microsoft",
	},
    [SESSION_TIMEOUT - SESSION_FIRST] =
	{
	    .key = "connection-timed-out",
	    .cause = "the host did not answer in time",
	    .where = "network",
	    .meaning = "The host did not take the connection, or said nothing "
		       "more for longer than the sender waits: minutes for "
		       "SMTP, seconds up to a minute for the policy.",
	    .remedy = "See that the host can be reached and answers within "
		      "seconds, over IPv4 and IPv6.",
	    .steps = REASON_LIST(
		"Try from outside your network, with -4 and with -6: an IPv6 "
		"address that does not work is easily overlooked.",
		"Look for firewalls that drop what they should refuse, and for "
		"country blocks.",
		"Look for look-ups (DNS lists, reverse names) that delay the "
		"greeting."),
	    .command = LOOK,
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_STARTTLS_NOT_SUPPORTED),
	    .example = "connection timed out",
	    .said_by = "all, in words of their own",
	},
    [SESSION_REFUSED - SESSION_FIRST] =
	{
	    .key = "connection-refused",
	    .cause = "the host refused the connection",
	    .where = "network",
	    .meaning = "Nothing listens at that port, or a firewall says so.",
	    .remedy = "Start the service, or take the host out of the DNS: "
		      "port 25 for an MX, 443 for the policy host.",
	    .steps = REASON_LIST("Look whether the service listens on every "
				 "address that the name has, IPv6 too.",
		"Look for firewalls and fail2ban.",
		"Take MX hosts that are no more out of the MX records and out "
		"of the policy."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "connection refused",
	    .said_by = "all; Microsoft as 4.4.316",
	},
    [SESSION_UNREACHABLE - SESSION_FIRST] =
	{
	    .key = "host-unreachable",
	    .cause = "the host could not be reached",
	    .where = "network",
	    .meaning = "There is no way to the host from where the sender is, "
		       "or no connection came about.",
	    .remedy = "See that every address of the host can be reached from "
		      "outside.",
	    .steps = REASON_LIST("Compare the A and AAAA records with the "
				 "addresses that the host really has.",
		"A private address in the public DNS cannot be reached by "
		"anyone.",
		"Try from other networks."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "4.4.317 Cannot connect to remote server",
	    .said_by = "Microsoft, Postfix, Exim, Stalwart",
	},
    [SESSION_SMTP - SESSION_FIRST] =
	{
	    .key = "mx-turned-sender-away",
	    .cause = "the MX turned the sender away before TLS began",
	    .where = "MX host",
	    .meaning =
		"The MX greeted or answered EHLO with an error, so the session "
		"never came to STARTTLS: too busy, or the sender is blocked.",
	    .remedy = "Read the log of the MX for the sending addresses; "
		      "exempt reporters that you trust from blocks.",
	    .steps = REASON_LIST("Look for DNS lists, greylisting and limits "
				 "that act before EHLO.",
		"Look whether the MX was overloaded at those times."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_STARTTLS_NOT_SUPPORTED),
	    .example = "421 Service not available",
	    .said_by = "Postfix, Exim, as an MX answered",
	},
    [SESSION_SENDER_FAULT - SESSION_FIRST] =
	{
	    .key = "fault-of-the-sender",
	    .cause = "the sender had a fault of its own",
	    .where = "sender",
	    .meaning = "The words speak of the sender's own software: its "
		       "memory, its list of authorities, its library. Nothing "
		       "that you run has failed.",
	    .remedy = "Nothing need be mended here; if it goes on, tell the "
		      "reporter.",
	    .steps = REASON_LIST(
		"Look whether other reporters see failures on those days.",
		"The contact of the reporter stands in its report: tlstally "
		"show."),
	    .command = LOOK,
	    .types = REASON_TYPES(
		RESULT_VALIDATION_FAILURE, RESULT_CERTIFICATE_NOT_TRUSTED),
	    .example = "no-system-roots",
	    .said_by = "mox, Postfix, OpenSSL, GnuTLS",
	},
    [SESSION_HANDSHAKE - SESSION_FIRST] =
	{
	    .key = "tls-handshake-failed",
	    .cause = "the TLS handshake failed; the reporter does not say why",
	    .where = "MX host",
	    .meaning = "STARTTLS was accepted, but no encrypted session came "
		       "about. Why is not said.",
	    .remedy = "Try the handshake yourself, and read the log of the MX "
		      "at those times: its side knows the reason.",
	    .steps = REASON_LIST("Try it with TLS 1.2 and with TLS 1.3, from "
				 "outside your network.",
		"Search the log of the MX for TLS errors from the sending "
		"addresses.",
		"Look what other reporters say of the same MX."),
	    .command = LOOK " -tls1_2",
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_STARTTLS_NOT_SUPPORTED, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "Cannot start TLS: handshake failure",
	    .said_by = "Postfix, Exim, Microsoft, SparkPost, GnuTLS",
	    .vague = true,
	},
    [SESSION_NO_DETAILS - SESSION_FIRST] =
	{
	    .key = "no-details",
	    .cause = "the code says no more than the result type",
	    .where = "unknown",
	    .meaning = "The reporter repeats the result type, or says that it "
		       "does not know.",
	    .remedy = "Go by the result type, and by what other reporters say "
		      "of the same days.",
	    .steps = REASON_LIST("Read the explanation of the result type: "
				 "tlstally explain TYPE.",
		"Try the MX yourself, and read its log at those times."),
	    .command = LOOK,
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE),
	    .example = "VALIDATION_FAILURE",
	    .said_by = "Microsoft and others",
	    .vague = true,
	},
};
