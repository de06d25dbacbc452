/* SPDX-License-Identifier: ISC */

/*
 * The policy types of RFC 8460 and the modes of MTA-STS: what they promise,
 * and what becomes of mail under each.
 */

#include "config.h"

#include "base/span.h"
#include "digest/topic_private.h"

#define FETCH "curl -i https://mta-sts.{domain}/.well-known/mta-sts.txt"

static const struct topic policy_types = {
    .name = "policy-types",
    .also = "policy-type",
    .summary = "what sts, tlsa and no-policy-found mean",
    .law = "RFC 8460 4.4",
    .meaning = "A report counts its sessions by policy: what the sender found "
	       "that your domain demands of TLS. One report may hold several "
	       "policies, each with sessions of its own.",
    .parts = TOPIC_PARTS(
	{"The types",
	    TOPIC_POINTS("sts: an MTA-STS policy, from a web server. The "
			 "certificate must be one of a public authority and "
			 "carry the name of the MX.",
		"tlsa: DANE, from TLSA records that DNSSEC vouches for. The "
		"key or authority must be the one that the records name.",
		"no-policy-found: neither. TLS is used if it can be had, and "
		"nothing is checked or held back.")},
	{"What to know",
	    TOPIC_POINTS(
		"A domain with both gets sessions under both: each sender uses "
		"what it can. Google uses MTA-STS, Microsoft 365 both, Postfix "
		"DANE, and MTA-STS with an add-on. Where a sender can do both, "
		"DANE goes first (RFC 8461 2).",
		"A sender that finds no policy although you publish one has "
		"failed to find it: see tlstally explain no-policy-found.",
		"With DANE the policy domain may be the name of the MX host "
		"and not that of the mail domain.")}),
};

static const struct topic sts = {
    .name = "sts",
    .also = "mta-sts",
    .summary = "sessions under an MTA-STS policy",
    .law = "RFC 8461",
    .meaning =
	"The sender found an MTA-STS policy: a TXT record at _mta-sts.DOMAIN "
	"announces it, and a web server at mta-sts.DOMAIN serves it. It lists "
	"the MX hosts that may take mail, and says what becomes of mail that "
	"cannot be sent to them securely.",
    .parts = TOPIC_PARTS(
	{"What senders check",
	    TOPIC_POINTS("The MX host is covered by an mx line of the policy.",
		"It offers STARTTLS, with TLS 1.2 or later.",
		"Its certificate is of an authority that the sender trusts, "
		"has not expired, and carries the name of the MX host.")},
	{"What becomes of mail when one of these fails",
	    TOPIC_POINTS("mode: enforce: it is tried again, and bounced after "
			 "some days.",
		"mode: testing: it is delivered all the same, and reported.",
		"mode: none: it is delivered; the policy is being given up.")},
	{"What to know",
	    TOPIC_POINTS(
		"Senders keep a policy for max_age seconds. A change is only "
		"noticed when the id in the TXT record changes.",
		"If the policy cannot be fetched, senders go by the copy that "
		"they have; without one they deliver as if there were no "
		"policy.",
		"Never delete a policy in mode enforce: serve mode: none "
		"first, for as long as the old max_age (RFC 8461 8.3).")}),
    .command = FETCH,
};

static const struct topic tlsa = {
    .name = "tlsa",
    .also = "dane",
    .summary = "sessions under DANE: TLSA records and DNSSEC",
    .law = "RFC 7672",
    .meaning =
	"The sender found TLSA records for the MX host at _25._tcp.MX-HOST, in "
	"a zone that is signed with DNSSEC. They name the key or the authority "
	"that the MX must show. DANE has no mode for testing: the records "
	"count as soon as they stand there.",
    .parts = TOPIC_PARTS(
	{"What senders check",
	    TOPIC_POINTS("DNSSEC holds for the MX records, the address and the "
			 "TLSA records.",
		"The MX offers STARTTLS.",
		"Its key or chain is that of one TLSA record at least. With "
		"usage 3 neither name nor date nor authority matters.")},
	{"What becomes of mail when one of these fails",
	    TOPIC_POINTS("It is not sent to this MX. Another MX is tried, then "
			 "the mail waits, and is bounced after some days.")},
	{"What to know",
	    TOPIC_POINTS(
		"Publish 3 1 1 records, one for each MX host. When the key "
		"changes, publish the record of the new key two TTLs before it "
		"is used, and remove the old one after.",
		"The zone that matters is that of the MX host. If it is not "
		"yours, its operator must mend it.",
		"Only senders that validate DNSSEC take part; the others see "
		"no records.")}),
    .command = "dig +dnssec _25._tcp.{mx} TLSA",
};

static const struct topic no_policy_found = {
    .name = "no-policy-found",
    .also = "no-policy",
    .summary = "sessions without MTA-STS and DANE",
    .law = "RFC 8460 4.4",
    .meaning =
	"The sender found neither an MTA-STS policy nor TLSA records that it "
	"could use. Its mail was delivered with TLS where that was to be had, "
	"and nothing protected it from an attacker on the way.",
    .parts = TOPIC_PARTS(
	{"If you publish neither",
	    TOPIC_POINTS("All is as it should be. Failures under it show what "
			 "would break with a policy: mend them, then publish "
			 "MTA-STS in mode: testing.")},
	{"If you do publish a policy",
	    TOPIC_POINTS(
		"A sender may use only one of the two: one that does DANE "
		"alone reports a domain with MTA-STS alone in this way.",
		"The sender may not have found it: look at the TXT record "
		"_mta-sts, at the policy, and at DNSSEC.",
		"The sessions may be older than the policy, or of a subdomain "
		"that has none: each mail domain needs its own.")}),
    .command = "dig TXT _mta-sts.{domain}",
};

static const struct topic enforce = {
    .name = "enforce",
    .also = "mode-enforce",
    .summary = "mode: enforce of an MTA-STS policy",
    .law = "RFC 8461 5",
    .meaning = "Senders deliver only to an MX that passes every check of the "
	       "policy. Other mail waits with the sender, is tried again, and "
	       "bounces after some days, mostly one to five.",
    .parts = TOPIC_PARTS(
	{"What to know",
	    TOPIC_POINTS("A failure here holds mail back: mend it today.",
		"A failed session need not be a lost mail: the sender may have "
		"reached another MX, or succeeded later.",
		"To stop the harm at once, set mode: testing or mode: none and "
		"change the id in the TXT record. Senders with an older copy "
		"notice when they look at the record again.",
		"Never delete the policy or the record while copies of it are "
		"about: they are kept for max_age.")},
	{"Before you go there from testing",
	    TOPIC_POINTS("Two weeks of reports without failures, from several "
			 "reporters.",
		"All MX hosts covered by mx lines, backups too; certificates "
		"that renew by themselves.")}),
    .command = FETCH,
};

static const struct topic testing = {
    .name = "testing",
    .also = "mode-testing",
    .summary = "mode: testing of an MTA-STS policy",
    .law = "RFC 8461 5",
    .meaning = "Senders check the MX as for enforce, and report what fails, "
	       "but deliver the mail all the same. The failures say what "
	       "enforce would have held back.",
    .parts = TOPIC_PARTS({"What to know",
	TOPIC_POINTS("A failed session here is no lost mail. It was delivered, "
		     "perhaps without TLS or to the wrong host.",
	    "Nothing is protected: an attacker can still strip TLS.",
	    "Mend what fails, wait for two weeks without failures, and then "
	    "change to enforce, with a new id in the TXT record.")}),
    .command = FETCH,
};

static const struct topic none = {
    .name = "none",
    .also = "mode-none",
    .summary = "mode: none of an MTA-STS policy",
    .law = "RFC 8461 5",
    .meaning =
	"The domain says that it has no policy any more. Senders that knew an "
	"older one forget it, and deliver as if there had never been one.",
    .parts = TOPIC_PARTS({"What to know",
	TOPIC_POINTS(
	    "It is the way out of MTA-STS: serve it until the max_age of the "
	    "last other policy has passed, then remove record and policy.",
	    "Failures under it hold no mail back.",
	    "If you did not mean to give MTA-STS up, set mode: testing.")}),
    .command = FETCH,
};

static const struct topic *const topics[] = {&topic_reading, &policy_types,
    &sts, &tlsa, &no_policy_found, &enforce, &testing, &none};

const struct topic *
topic_at(size_t i)
{
	return i < sizeof(topics) / sizeof(topics[0]) ? topics[i] : NULL;
}

const struct topic *
topic_find(const char *name)
{
	const struct span asked = span_of(name);
	const struct topic *t;
	size_t i;

	for (i = 0; (t = topic_at(i)) != NULL; i++)
		if (span_is(asked, t->name) ||
		    (t->also != NULL && span_is(asked, t->also)))
			return t;
	return NULL;
}
