/* SPDX-License-Identifier: ISC */

/*
 * What reason codes say of the DNS: TLSA records (RFC 7672), DNSSEC, and
 * look-ups that fail.
 */

#include "config.h"

#include "digest/reason_private.h"

#define TLSA "dig +dnssec _25._tcp.{mx} TLSA"
#define DELV "delv _25._tcp.{mx} TLSA"

const struct reason reason_dns[] = {
    [DNS_TLSA_MISMATCH - DNS_FIRST] =
	{
	    .key = "no-matching-tlsa",
	    .cause = "no TLSA record fits the certificate of the MX",
	    .where = "DNS of the MX host",
	    .meaning =
		"The MX has TLSA records, and none of them is that of the key "
		"or the authority that it shows. Mostly the certificate was "
		"renewed with a new key, and the record was not.",
	    .remedy = "Publish a 3 1 1 record of the key in use; next time "
		      "publish the new one first, and wait two TTLs.",
	    .steps = REASON_LIST("Compute the digest of the key in use: "
				 "openssl x509 -in cert.pem -noout -pubkey | "
				 "openssl pkey -pubin -outform DER | sha256sum",
		"Compare it with the record, on every host behind the MX name.",
		"Keep the key when renewing (certbot: --reuse-key), or let the "
		"renewal change the record."),
	    .command = TLSA,
	    .types = REASON_TYPES(RESULT_TLSA_INVALID,
		RESULT_VALIDATION_FAILURE, RESULT_CERTIFICATE_NOT_TRUSTED),
	    .example = "no matching DANE TLSA records",
	    .said_by = "OpenSSL (Postfix, Exim, Halon), Microsoft (4.7.323)",
	},
    [DNS_TLSA_UNUSABLE - DNS_FIRST] =
	{
	    .key = "unusable-tlsa",
	    .cause = "no TLSA record can be used as it is written",
	    .where = "DNS of the MX host",
	    .meaning =
		"The TLSA records were found, but each has an unknown or, for "
		"mail, unusable form: usage 0 or 1, a digest of the wrong "
		"length, an unknown selector or matching type.",
	    .remedy = "Publish a well-formed record: 3 1 1 and the SHA-256 "
		      "digest of the key, 64 hex digits.",
	    .steps = REASON_LIST("Look at the four fields of each record.",
		"Avoid usages 0 and 1, which SMTP senders do not use (RFC 7672 "
		"3.1.3)."),
	    .command = TLSA,
	    .types =
		REASON_TYPES(RESULT_TLSA_INVALID, RESULT_VALIDATION_FAILURE),
	    .example = "TLSA records unusable",
	    .said_by = "Postfix, OpenSSL",
	},
    [DNS_TLSA_MISSING - DNS_FIRST] =
	{
	    .key = "no-tlsa",
	    .cause = "the sender demands DANE, and the MX has no TLSA record",
	    .where = "DNS of the MX host",
	    .meaning = "This sender is set to insist on DANE, and found no "
		       "TLSA record at this MX.",
	    .remedy = "Publish a TLSA record for every MX host, or settle it "
		      "with that sender.",
	    .steps = REASON_LIST("Look at every MX host: a new or backup one "
				 "is easily left out.",
		"Publish: _25._tcp.MX-HOST. IN TLSA 3 1 1 DIGEST of the key in "
		"use, in a signed zone.",
		"If DANE was given up, tell the sender: its rule is of its own "
		"making."),
	    .command = TLSA,
	    .types = REASON_TYPES(RESULT_DANE_REQUIRED, RESULT_TLSA_INVALID),
	    .example = "no TLSA records found",
	    .said_by = "Postfix, Exim, Stalwart",
	},
    [DNS_TLSA_LOOKUP - DNS_FIRST] =
	{
	    .key = "tlsa-lookup-failed",
	    .cause = "the look-up of the TLSA records failed",
	    .where = "DNS of the MX host",
	    .meaning = "The name servers of the MX host did not give a valid "
		       "answer for TLSA: they failed, were silent, or DNSSEC "
		       "did not hold. Then a DANE sender must not deliver.",
	    .remedy =
		"Make the name servers of the MX host answer queries for TLSA, "
		"with valid signatures, even where there is no record.",
	    .steps = REASON_LIST("Ask every name server of the zone for TLSA; "
				 "some firewalls drop unknown types.",
		"Ask a validating resolver: delv names the broken link.",
		"The zone that matters is that of the MX host, which need not "
		"be yours."),
	    .command = DELV,
	    .types = REASON_TYPES(RESULT_DNSSEC_INVALID, RESULT_TLSA_INVALID),
	    .example = "TLSA lookup error",
	    .said_by = "Postfix, Exim",
	},
    [DNS_SIGNATURE_EXPIRED - DNS_FIRST] =
	{
	    .key = "dnssec-signature-expired",
	    .cause = "the DNSSEC signatures of a zone have expired",
	    .where = "DNS of the MX host",
	    .meaning =
		"The zone is signed, but the dates of its signatures are over: "
		"the signer has stopped, or a secondary serves an old copy.",
	    .remedy =
		"Sign the zone again, and see that all name servers serve it.",
	    .steps = REASON_LIST("Compare the serials of all name servers.",
		"Look why the signer stopped: disk, key files, a failed "
		"update.",
		"Watch the signatures' last day from outside."),
	    .command = DELV,
	    .types = REASON_TYPES(RESULT_DNSSEC_INVALID, RESULT_TLSA_INVALID),
	    .example = "RRSIG has expired",
	    .said_by = "Unbound, BIND, as senders pass it on",
	},
    [DNS_CHAIN_BROKEN - DNS_FIRST] =
	{
	    .key = "dnssec-chain-broken",
	    .cause = "the DS record at the parent does not fit the zone's keys",
	    .where = "DNS of the MX host",
	    .meaning =
		"The parent zone vouches for a key that the zone does not "
		"have, or the zone lacks its keys or signatures: mostly after "
		"a key rollover or a move to another DNS provider.",
	    .remedy = "Correct the DS record at the registrar, or put the old "
		      "key back until it is corrected.",
	    .steps =
		REASON_LIST("Compare DS at the parent with DNSKEY in the zone.",
		    "When you move a signed zone, remove the DS first and wait "
		    "for its TTL, or let both providers sign.",
		    "delv names the broken link."),
	    .command = DELV,
	    .types = REASON_TYPES(RESULT_DNSSEC_INVALID, RESULT_TLSA_INVALID),
	    .example = "no DNSKEY matches DS",
	    .said_by = "Unbound, BIND, as senders pass it on",
	},
    [DNS_INSECURE - DNS_FIRST] =
	{
	    .key = "no-dnssec",
	    .cause = "the zone is not signed, so DANE cannot be used",
	    .where = "DNS",
	    .meaning = "The sender insists on DANE, and DNSSEC vouches neither "
		       "for the MX records nor for the MX host's addresses and "
		       "TLSA records.",
	    .remedy = "Sign both zones, that of the domain and that of the MX "
		      "host, or settle it with that sender.",
	    .steps =
		REASON_LIST("Look for a DS record at the parent of each zone.",
		    "TLSA records in an unsigned zone do nothing."),
	    .command = TLSA,
	    .types = REASON_TYPES(RESULT_DANE_REQUIRED, RESULT_DNSSEC_INVALID,
		RESULT_TLSA_INVALID),
	    .example = "non DNSSEC destination",
	    .said_by = "Postfix, Exim",
	},
    [DNS_BOGUS - DNS_FIRST] =
	{
	    .key = "dnssec-not-valid",
	    .cause = "DNSSEC does not hold; the reporter does not say where",
	    .where = "DNS of the MX host",
	    .meaning = "The sender's resolver could not validate an answer: "
		       "the zone of the domain, that of the MX host, or one "
		       "above them is signed wrongly.",
	    .remedy = "Find the broken link with delv, and repair the "
		      "signatures or the DS record.",
	    .steps = REASON_LIST("Ask for the MX, the address and the TLSA "
				 "record: one of them fails.",
		"Ask every name server of the zone: if one alone is wrong, it "
		"comes and goes.",
		"Look at the denial of existence (NSEC, NSEC3) too, where "
		"there is no TLSA record."),
	    .command = DELV,
	    .types = REASON_TYPES(RESULT_DNSSEC_INVALID, RESULT_TLSA_INVALID),
	    .example = "4.7.324 dnssec-invalid",
	    .said_by = "Microsoft, Unbound and others",
	    .vague = true,
	},
    [DNS_NO_SUCH_NAME - DNS_FIRST] =
	{
	    .key = "no-such-name",
	    .cause = "the DNS has no such name",
	    .where = "DNS",
	    .meaning =
		"The name of the MX host or of the policy host does not exist, "
		"or has no address, as the sender's resolver sees it.",
	    .remedy =
		"Publish the A and AAAA records of the name, or take it out of "
		"the MX records, the policy or the _mta-sts record.",
	    .steps = REASON_LIST("Ask several resolvers, and the name servers "
				 "of the zone themselves.",
		"For MTA-STS the name is mta-sts.DOMAIN: each domain with the "
		"TXT record _mta-sts needs it.",
		"An MX record must name a host, not an address."),
	    .command = "dig {mx} A {mx} AAAA",
	    .types = REASON_TYPES(RESULT_STS_POLICY_FETCH_ERROR,
		RESULT_VALIDATION_FAILURE, RESULT_DNSSEC_INVALID),
	    .example = "NXDOMAIN",
	    .said_by = "all, in words of their own",
	},
    [DNS_NO_MX - DNS_FIRST] =
	{
	    .key = "no-mx",
	    .cause = "no usable MX record was found",
	    .where = "DNS",
	    .meaning = "The sender found no MX record for the domain, or one "
		       "that says that it takes no mail (a null MX).",
	    .remedy = "Publish the MX records of the domain.",
	    .steps = REASON_LIST("Ask several resolvers, and the name servers "
				 "of the zone themselves.",
		"A domain that takes no mail needs neither MTA-STS nor "
		"reports."),
	    .command = "dig MX {domain}",
	    .types =
		REASON_TYPES(RESULT_VALIDATION_FAILURE, RESULT_DNSSEC_INVALID),
	    .example = "MX lookup failed",
	    .said_by = "senders in words of their own",
	},
    [DNS_TIMEOUT - DNS_FIRST] =
	{
	    .key = "dns-timed-out",
	    .cause = "the name servers did not answer in time",
	    .where = "DNS",
	    .meaning = "The sender's resolver waited for the name servers of "
		       "the zone in vain.",
	    .remedy = "See that all name servers of the zone answer, over UDP "
		      "and TCP, IPv4 and IPv6.",
	    .steps = REASON_LIST("Ask each name server, with +dnssec and with "
				 "+tcp: large signed answers need TCP.",
		"Look for firewalls that drop fragments or TCP on port 53."),
	    .command = "dig +dnssec +tcp _25._tcp.{mx} TLSA",
	    .types = REASON_TYPES(RESULT_DNSSEC_INVALID,
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_VALIDATION_FAILURE,
		RESULT_TLSA_INVALID),
	    .example = "DNS query timed out",
	    .said_by = "all, in words of their own",
	},
    [DNS_FAILED - DNS_FIRST] =
	{
	    .key = "dns-failed",
	    .cause = "the DNS look-up failed",
	    .where = "DNS",
	    .meaning = "The sender's resolver got no usable answer (SERVFAIL, "
		       "REFUSED). With a signed zone that is mostly DNSSEC "
		       "that does not hold; else name servers that are down or "
		       "do not know the zone.",
	    .remedy = "Ask a validating resolver, then each name server of the "
		      "zone, and mend the one that fails.",
	    .steps = REASON_LIST(
		"If delv complains and dig +cd does not, it is DNSSEC.",
		"If a name server answers REFUSED, it does not serve the zone: "
		"correct the delegation."),
	    .command = DELV,
	    .types = REASON_TYPES(RESULT_DNSSEC_INVALID,
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_TLSA_INVALID,
		RESULT_VALIDATION_FAILURE),
	    .example = "SERVFAIL",
	    .said_by = "all, in words of their own",
	    .vague = true,
	},
};
