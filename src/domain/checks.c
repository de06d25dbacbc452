/* SPDX-License-Identifier: ISC */

/*
 * The table of checks.  Texts are sentences for people who run mail servers;
 * where a fault has a name in reports, it stands at the end of the message.
 * A severity is what the check means as a rule: where the domain or the rest
 * of the record make it more or less grave, whoever finds it says so.
 */

#include "config.h"

#include <string.h>

#include "domain/checks.h"

static const struct check checks[CHECK_COUNT] = {
    [CHECK_DNS_NXDOMAIN] = {"dns-nxdomain", GROUP_DNS, SEVERITY_ERROR,
	"{subject} does not exist in the DNS",
	"Check the spelling, then the registration and the delegation"},
    [CHECK_DNS_SERVFAIL] = {"dns-servfail", GROUP_DNS, SEVERITY_UNKNOWN,
	"The name servers of {subject} failed ({why}): nothing can be "
	"said about it",
	"Check the name servers from outside and try again"},
    [CHECK_DNS_TIMEOUT] = {"dns-timeout", GROUP_DNS, SEVERITY_UNKNOWN,
	"No answer for {subject} in time: nothing can be said about it",
	"Check the name servers and the way to them, and try again"},
    [CHECK_DNS_BOGUS] = {"dns-bogus", GROUP_DNS, SEVERITY_ERROR,
	"DNSSEC validation failed for {subject}: {why}",
	"Repair the signatures, or the DS record at the parent: until "
	"then validating senders see a failure and get no record"},
    [CHECK_DNS_INSECURE] = {"dns-insecure", GROUP_DNS, SEVERITY_INFO,
	"{subject} is not protected by DNSSEC",
	"Sign the zone: DANE needs it, TLS-RPT does not"},
    [CHECK_DNS_CANARY_BOGUS] = {"dns-canary-bogus", GROUP_DNS, SEVERITY_WARNING,
	"The resolver in use strips DNSSEC: nothing could be validated",
	"Use another resolver"},
    [CHECK_DNS_CNAME] = {"dns-cname", GROUP_DNS, SEVERITY_INFO,
	"{subject} is an alias of {canon} ({provider}), where it can "
	"be changed without you",
	NULL},
    [CHECK_DNS_CNAME_DANGLING] = {"dns-cname-dangling", GROUP_DNS,
	SEVERITY_ERROR,
	"{subject} is an alias of {canon}, which does not exist",
	"Remove or correct the alias: whoever registers that name "
	"receives your reports"},
    [CHECK_DNS_CNAME_LOOP] = {"dns-cname-loop", GROUP_DNS, SEVERITY_ERROR,
	"The aliases of {subject} go round in a loop", "Correct the alias"},
    [CHECK_DNS_WILDCARD] = {"dns-wildcard", GROUP_DNS, SEVERITY_WARNING,
	"A wildcard answers for {subject}: the record is not really "
	"published there",
	"Publish a TXT record at {subject} itself, which stops the "
	"wildcard"},
    [CHECK_DNS_TXT_TRUNCATED] = {"dns-txt-truncated", GROUP_DNS, SEVERITY_INFO,
	"The text at {subject} is {n} octets long: the answer needs "
	"TCP, which some senders do not try",
	"Shorten the record"},
    [CHECK_DNS_TTL_LONG] = {"dns-ttl-long", GROUP_DNS, SEVERITY_INFO,
	"The TTL of {subject} is {n} s: changes take more than a day "
	"to reach senders",
	"Use 3600"},
    [CHECK_DNS_NS_DIFFER] = {"dns-ns-differ", GROUP_DNS, SEVERITY_WARNING,
	"The name servers disagree about {subject}: {answers}",
	"Wait for the zone transfer, or repair it; a server that does not "
	"have the zone is no name server of it"},
    [CHECK_TLSRPT_MISSING] = {"tlsrpt-missing", GROUP_RECORD, SEVERITY_WARNING,
	"{domain} has no TLS-RPT record",
	"Publish: {subject}. IN TXT \"v=TLSRPTv1; "
	"rua=mailto:tlsrpt@{domain}\""},
    [CHECK_TLSRPT_WRONG_NAME] = {"tlsrpt-wrong-name", GROUP_RECORD,
	SEVERITY_ERROR,
	"There is a TLS-RPT record at {subject}, but senders only look "
	"at {right}",
	"Move it to {right}"},
    [CHECK_TLSRPT_OLD_NAME] = {"tlsrpt-old-name", GROUP_RECORD,
	SEVERITY_WARNING,
	"There is a TLS-RPT record at {subject}, a name of drafts "
	"before the RFC",
	"Publish it at {right} and delete the old one"},
    [CHECK_TLSRPT_DOUBLED_DOMAIN] = {"tlsrpt-doubled-domain", GROUP_RECORD,
	SEVERITY_ERROR,
	"There is a TLS-RPT record at {subject}: the domain was "
	"appended twice",
	"Enter only _smtp._tls in the field for the host, or end the "
	"full name with a dot"},
    [CHECK_TLSRPT_MULTIPLE] = {"tlsrpt-multiple", GROUP_RECORD, SEVERITY_ERROR,
	"{n} TLS-RPT records at {subject}: senders must take that for "
	"none (RFC 8460 3)",
	"Keep one, and put all destinations into its rua"},
    [CHECK_TLSRPT_UNRELATED_TXT] = {"tlsrpt-unrelated-txt", GROUP_RECORD,
	SEVERITY_INFO, "Senders ignore an unrelated TXT record at {subject}",
	"Move it away"},
    [CHECK_TLSRPT_IS_SPF] = {"tlsrpt-is-spf", GROUP_RECORD, SEVERITY_ERROR,
	"{kind} record at {subject}: usually a wildcard, or an alias "
	"of the domain itself",
	"Publish the TLS-RPT record at {subject} itself"},
    [CHECK_VERSION_NOT_FIRST] = {"version-not-first", GROUP_RECORD,
	SEVERITY_ERROR, "v=TLSRPTv1 is not the first field",
	"Put v=TLSRPTv1 first"},
    [CHECK_VERSION_MISSING] = {"version-missing", GROUP_RECORD, SEVERITY_ERROR,
	"The record does not begin with v=TLSRPTv1",
	"Begin it with v=TLSRPTv1;"},
    [CHECK_VERSION_CASE] = {"version-case", GROUP_RECORD, SEVERITY_ERROR,
	"Upper and lower case matter in the version", "Write v=TLSRPTv1"},
    [CHECK_VERSION_TYPO] = {"version-typo", GROUP_RECORD, SEVERITY_ERROR,
	"The version is mistyped",
	"Write v=TLSRPTv1 (many web pages print v=TLSRPT1, which is "
	"wrong)"},
    [CHECK_VERSION_UNKNOWN] = {"version-unknown", GROUP_RECORD, SEVERITY_ERROR,
	"There is no such version", "Write v=TLSRPTv1"},
    [CHECK_VERSION_SPACES] = {"version-spaces", GROUP_RECORD, SEVERITY_ERROR,
	"White space inside v=TLSRPTv1", "Remove it"},
    [CHECK_VERSION_NO_SEMICOLON] = {"version-no-semicolon", GROUP_RECORD,
	SEVERITY_ERROR, "A semicolon is missing behind v=TLSRPTv1",
	"Write v=TLSRPTv1; rua=..."},
    [CHECK_VERSION_SPACE_BEFORE_SEMICOLON] = {"version-space-before-semicolon",
	GROUP_RECORD, SEVERITY_WARNING,
	"White space in front of the first semicolon is legal, but "
	"senders that look for \"v=TLSRPTv1;\" drop the record",
	"Remove it"},
    [CHECK_RECORD_LITERAL_QUOTES] = {"record-literal-quotes", GROUP_RECORD,
	SEVERITY_ERROR, "A quotation mark is part of the record",
	"Publish the value without quotation marks"},
    [CHECK_RECORD_ESCAPED_SEMICOLON] = {"record-escaped-semicolon",
	GROUP_RECORD, SEVERITY_ERROR,
	"A backslash in front of a semicolon, as dig and zone files "
	"show it",
	"Write the semicolon without a backslash"},
    [CHECK_RECORD_LEADING_SPACE] = {"record-leading-space", GROUP_RECORD,
	SEVERITY_ERROR,
	"White space in front of v=: strict senders drop the record",
	"Remove it"},
    [CHECK_RECORD_TRAILING_SPACE] = {"record-trailing-space", GROUP_RECORD,
	SEVERITY_WARNING, "White space at the end is outside the grammar",
	"Remove it"},
    [CHECK_RECORD_CONTROL_CHAR] = {"record-control-char", GROUP_RECORD,
	SEVERITY_ERROR, "Control character at octet {n}",
	"Type the record again"},
    [CHECK_RECORD_NON_ASCII] = {"record-non-ascii", GROUP_RECORD,
	SEVERITY_ERROR, "Octet outside ASCII at octet {n}",
	"Type the record again, and write names of hosts as A-labels "
	"(xn--)"},
    [CHECK_RECORD_WHOLE_LINE] = {"record-whole-line", GROUP_RECORD,
	SEVERITY_ERROR, "A whole line of a zone file was pasted as the value",
	"Publish only the part from v= on"},
    [CHECK_RECORD_SPLIT_STRINGS] = {"record-split-strings", GROUP_RECORD,
	SEVERITY_INFO,
	"{n} strings, which are joined without anything between them",
	"See that no blank is missing or doubled at the joints"},
    [CHECK_FIELD_EMPTY] = {"field-empty", GROUP_RECORD, SEVERITY_ERROR,
	"An empty field: strict senders drop the record",
	"Remove the extra semicolon"},
    [CHECK_FIELD_NO_EQUALS] = {"field-no-equals", GROUP_RECORD, SEVERITY_ERROR,
	"'{item}' is not of the form name=value", "Remove or correct it"},
    [CHECK_RUA_MISSING] = {"rua-missing", GROUP_RECORD, SEVERITY_ERROR,
	"There is no rua: nobody knows where to send reports",
	"Add rua=mailto:ADDRESS"},
    [CHECK_RUA_EMPTY] = {"rua-empty", GROUP_RECORD, SEVERITY_ERROR,
	"rua= has no destination", "Write rua=mailto:ADDRESS"},
    [CHECK_RUA_TAG_CASE] = {"rua-tag-case", GROUP_RECORD, SEVERITY_ERROR,
	"Upper and lower case matter in names of fields: '{item}' is "
	"not rua",
	"Write rua="},
    [CHECK_RUA_SPACE_BEFORE_EQUALS] = {"rua-space-before-equals", GROUP_RECORD,
	SEVERITY_ERROR, "White space in front of '='", "Remove it"},
    [CHECK_RUA_SPACE_AFTER_EQUALS] = {"rua-space-after-equals", GROUP_RECORD,
	SEVERITY_ERROR,
	"White space behind '=': strict senders drop the record", "Remove it"},
    [CHECK_RUA_MISSING_MAILTO] = {"rua-missing-mailto", GROUP_RECORD,
	SEVERITY_ERROR, "'{item}' lacks mailto:", "Write mailto:{item}"},
    [CHECK_RUA_NOT_A_URI] = {"rua-not-a-uri", GROUP_RECORD, SEVERITY_ERROR,
	"'{item}' is not a URI", "Write mailto:ADDRESS or https://HOST/PATH"},
    [CHECK_RUA_BAD_CHARACTER] = {"rua-bad-character", GROUP_RECORD,
	SEVERITY_ERROR, "{char} must not stand in a URI",
	"Remove it, or write {hex}"},
    [CHECK_RUA_EMPTY_ITEM] = {"rua-empty-item", GROUP_RECORD, SEVERITY_ERROR,
	"An empty item in the list of rua", "Remove the extra comma"},
    [CHECK_RUA_SPACE_INSIDE] = {"rua-space-inside", GROUP_RECORD,
	SEVERITY_ERROR, "White space inside '{item}'",
	"Remove it, or put a comma between two destinations"},
    [CHECK_RUA_SEMICOLON_LIST] = {"rua-semicolon-list", GROUP_RECORD,
	SEVERITY_ERROR,
	"Destinations are separated by commas, and a scheme ends with "
	"a colon; a semicolon ends the field",
	"Write a comma or a colon instead"},
    [CHECK_RUA_RUF_IN_LIST] = {"rua-ruf-in-list", GROUP_RECORD, SEVERITY_ERROR,
	"'{item}': ruf= does not belong into the list", "Remove it"},
    [CHECK_RUA_HTTP_NOT_HTTPS] = {"rua-http-not-https", GROUP_RECORD,
	SEVERITY_ERROR, "http is not allowed for '{item}'", "Use https://"},
    [CHECK_RUA_SCHEME_UNSUPPORTED] = {"rua-scheme-unsupported", GROUP_RECORD,
	SEVERITY_ERROR, "TLS-RPT knows no destinations by {scheme}",
	"Use mailto: or https://"},
    [CHECK_RUA_MAILTO_NO_ADDRESS] = {"rua-mailto-no-address", GROUP_RECORD,
	SEVERITY_ERROR, "'{item}' has no mail address",
	"Write mailto:LOCAL@DOMAIN"},
    [CHECK_RUA_MAILTO_BAD_LOCALPART] = {"rua-mailto-bad-localpart",
	GROUP_RECORD, SEVERITY_ERROR,
	"'{item}': in front of the @ stands no plain mailbox name",
	"Use a mailbox of letters, digits and single dots"},
    [CHECK_RUA_MAILTO_BAD_DOMAIN] = {"rua-mailto-bad-domain", GROUP_RECORD,
	SEVERITY_ERROR, "'{item}': behind the @ stands no full host name",
	"Correct the domain, and write it in A-labels (xn--)"},
    [CHECK_RUA_MAILTO_SLASHES] = {"rua-mailto-slashes", GROUP_RECORD,
	SEVERITY_WARNING,
	"The // behind mailto: becomes part of the mailbox name", "Remove //"},
    [CHECK_RUA_MAILTO_HEADERS] = {"rua-mailto-headers", GROUP_RECORD,
	SEVERITY_WARNING, "Header fields behind ? are ignored or refused",
	"Remove them"},
    [CHECK_RUA_HTTPS_BAD_HOST] = {"rua-https-bad-host", GROUP_RECORD,
	SEVERITY_ERROR, "'{item}' has no usable host name",
	"Write https://HOST/PATH"},
    [CHECK_RUA_UNENCODED_EXCLAMATION] = {"rua-unencoded-exclamation",
	GROUP_RECORD, SEVERITY_ERROR,
	"'!' must be written %21, and TLS-RPT has no size limits as "
	"DMARC has",
	"Remove it, or write %21"},
    [CHECK_RUA_PERCENT_ENCODED] = {"rua-percent-encoded", GROUP_RECORD,
	SEVERITY_INFO,
	"'{item}' has encoded characters, which some senders do not "
	"decode",
	"Use a plain address"},
    [CHECK_RUA_SCHEME_UPPERCASE] = {"rua-scheme-uppercase", GROUP_RECORD,
	SEVERITY_INFO,
	"A scheme in upper case is legal, but some senders compare it "
	"in lower case",
	"Write {scheme} in lower case"},
    [CHECK_RUA_HOST_TRAILING_DOT] = {"rua-host-trailing-dot", GROUP_RECORD,
	SEVERITY_WARNING,
	"The host name ends with a dot, which some senders refuse",
	"Remove the dot"},
    [CHECK_RUA_HTTPS_USERINFO] = {"rua-https-userinfo", GROUP_RECORD,
	SEVERITY_WARNING, "Credentials in '{item}', which everybody can read",
	"Use a secret in the path"},
    [CHECK_RUA_HTTPS_FRAGMENT] = {"rua-https-fragment", GROUP_RECORD,
	SEVERITY_WARNING, "What stands behind # is never sent", "Remove it"},
    [CHECK_RUA_HTTPS_IP_LITERAL] = {"rua-https-ip-literal", GROUP_RECORD,
	SEVERITY_WARNING,
	"'{item}' names an address: there is rarely a certificate for "
	"one",
	"Use a host name"},
    [CHECK_RUA_HTTPS_PORT] = {"rua-https-port", GROUP_RECORD, SEVERITY_INFO,
	"'{item}' is not on port 443: some senders cannot reach other "
	"ports",
	"Use port 443"},
    [CHECK_RUA_DUPLICATE] = {"rua-duplicate", GROUP_RECORD, SEVERITY_WARNING,
	"'{item}' is listed twice", "Remove one"},
    [CHECK_RUA_SEVERAL] = {"rua-several", GROUP_RECORD, SEVERITY_INFO,
	"{n} destinations: a sender may use only one of them",
	"Do not rely on every copy"},
    [CHECK_RUA_TOO_MANY] = {"rua-too-many", GROUP_RECORD, SEVERITY_WARNING,
	"{n} destinations: only the first {most} were looked at", "Keep a few"},
    [CHECK_RUA_FIELD_REPEATED] = {"rua-field-repeated", GROUP_RECORD,
	SEVERITY_WARNING,
	"More than one rua is legal, but some senders read only one",
	"Put all destinations into one rua, with commas between them"},
    [CHECK_TAG_DMARC_STYLE] = {"tag-dmarc-style", GROUP_RECORD,
	SEVERITY_WARNING, "'{item}' is of DMARC and has no meaning here",
	"Remove it"},
    [CHECK_TAG_RUF] = {"tag-ruf", GROUP_RECORD, SEVERITY_WARNING,
	"ruf has no meaning here: TLS-RPT has only rua", "Remove it"},
    [CHECK_TAG_UNKNOWN] = {"tag-unknown", GROUP_RECORD, SEVERITY_INFO,
	"The unknown field '{item}' is ignored by senders: is it "
	"mistyped?",
	"Remove it"},
    [CHECK_EXT_BAD_NAME] = {"ext-bad-name", GROUP_RECORD, SEVERITY_ERROR,
	"'{item}' is not a name of a field", "Correct or remove it"},
    [CHECK_EXT_BAD_VALUE] = {"ext-bad-value", GROUP_RECORD, SEVERITY_ERROR,
	"The value of '{item}' is empty, or has a character in it that "
	"may not be there",
	"Correct or remove it"},
    [CHECK_DEST_MAILTO_NXDOMAIN] = {"dest-mailto-nxdomain", GROUP_DESTINATION,
	SEVERITY_ERROR,
	"{subject}: {host} does not exist: reports are lost, and "
	"someone could register it",
	"Correct the address"},
    [CHECK_DEST_MAILTO_NO_MX] = {"dest-mailto-no-mx", GROUP_DESTINATION,
	SEVERITY_ERROR, "{subject}: {host} has no mail server",
	"Add an MX record, or use another mailbox"},
    [CHECK_DEST_MAILTO_NULL_MX] = {"dest-mailto-null-mx", GROUP_DESTINATION,
	SEVERITY_ERROR, "{subject}: {host} refuses all mail (null MX)",
	"Use another mailbox"},
    [CHECK_DEST_MAILTO_MX_UNRESOLVABLE] = {"dest-mailto-mx-unresolvable",
	GROUP_DESTINATION, SEVERITY_ERROR,
	"{subject}: no mail server of {host} has an address",
	"Repair the MX records"},
    [CHECK_DEST_MAILTO_RCPT_REFUSED] = {"dest-mailto-rcpt-refused",
	GROUP_DESTINATION, SEVERITY_ERROR,
	"{subject}: the mailbox is refused: {reply}", "Create the mailbox"},
    [CHECK_DEST_MAILTO_RCPT_DEFERRED] = {"dest-mailto-rcpt-deferred",
	GROUP_DESTINATION, SEVERITY_WARNING, "{subject}: not decided: {reply}",
	"Try again later: it may be greylisting"},
    [CHECK_DEST_MAILTO_SAME_DOMAIN] = {"dest-mailto-same-domain",
	GROUP_DESTINATION, SEVERITY_INFO,
	"{subject}: reports about broken TLS go the same way as the "
	"mail",
	"Add a destination in another domain"},
    [CHECK_DEST_EXTERNAL] = {"dest-external", GROUP_DESTINATION, SEVERITY_INFO,
	"{subject}: reports go to {host} ({provider}); unlike DMARC, "
	"no record there need authorise it",
	NULL},
    [CHECK_DEST_HTTPS_NXDOMAIN] = {"dest-https-nxdomain", GROUP_DESTINATION,
	SEVERITY_ERROR, "{subject}: {host} has no address", "Correct the URI"},
    [CHECK_DEST_HTTPS_CONNECT] = {"dest-https-connect", GROUP_DESTINATION,
	SEVERITY_ERROR, "{subject}: no connection to {host}: {why}",
	"Open the port, and see that the server speaks TLS 1.2"},
    [CHECK_DEST_HTTPS_CERT] = {"dest-https-cert", GROUP_DESTINATION,
	SEVERITY_ERROR,
	"{subject}: certificate of {host}: {why}; senders may ignore "
	"that, but need not",
	"Install a valid certificate"},
    [CHECK_DEST_HTTPS_CERT_EXPIRING] = {"dest-https-cert-expiring",
	GROUP_DESTINATION, SEVERITY_WARNING,
	"{subject}: the certificate of {host} ends on {date}", "Renew it"},
    [CHECK_DEST_HTTPS_POST_REFUSED] = {"dest-https-post-refused",
	GROUP_DESTINATION, SEVERITY_ERROR,
	"{subject}: takes no POST (status {n})", "Configure the collector"},
    [CHECK_DEST_HTTPS_POST_DOUBT] = {"dest-https-post-doubt", GROUP_DESTINATION,
	SEVERITY_WARNING, "{subject}: POST was answered with {n}",
	"Take POST of application/tlsrpt+gzip and +json from "
	"everybody, without a redirect"},
    [CHECK_DEST_HTTPS_POST_OK] = {"dest-https-post-ok", GROUP_DESTINATION,
	SEVERITY_INFO, "{subject}: takes POST", NULL},
    [CHECK_DEST_HTTPS_NOT_PROBED] = {"dest-https-not-probed", GROUP_DESTINATION,
	SEVERITY_INFO, "{subject}: POST was not tried", NULL},
    [CHECK_STS_RECORD_MISSING] = {"sts-record-missing", GROUP_STS,
	SEVERITY_INFO,
	"{domain} has no MTA-STS: mail to it can be made to go without "
	"TLS",
	"Publish a policy in mode testing, then the record"},
    [CHECK_STS_RECORD_MULTIPLE] = {"sts-record-multiple", GROUP_STS,
	SEVERITY_ERROR,
	"{n} MTA-STS records at {subject}: senders must take that for "
	"none (RFC 8461 3.1)",
	"Keep one"},
    [CHECK_STS_RECORD_SYNTAX] = {"sts-record-syntax", GROUP_STS, SEVERITY_ERROR,
	"The MTA-STS record is not valid: {why}",
	"Write v=STSv1; id=20260101T000000;"},
    [CHECK_STS_HOST_NXDOMAIN] = {"sts-host-nxdomain", GROUP_STS, SEVERITY_ERROR,
	"There is an MTA-STS record, but {subject} has no address",
	"Add the host, or remove the record"},
    [CHECK_STS_POLICY_WITHOUT_RECORD] = {"sts-policy-without-record", GROUP_STS,
	SEVERITY_WARNING,
	"{subject} serves a policy, but without a record at {name} "
	"nobody reads it",
	"Publish: {name}. IN TXT \"v=STSv1; id=20260101T000000;\""},
    [CHECK_STS_FETCH_ERROR] = {"sts-fetch-error", GROUP_STS, SEVERITY_ERROR,
	"The policy cannot be fetched: {why}", "Repair the web server"},
    [CHECK_STS_WEBPKI_INVALID] = {"sts-webpki-invalid", GROUP_STS,
	SEVERITY_ERROR, "The certificate of {host} is not valid for it: {why}",
	"Install a certificate of a public CA with that name"},
    [CHECK_STS_REDIRECT] = {"sts-redirect", GROUP_STS, SEVERITY_ERROR,
	"{subject} redirects (status {n}), which senders must not "
	"follow",
	"Serve the file at this very URL"},
    [CHECK_STS_CONTENT_TYPE] = {"sts-content-type", GROUP_STS, SEVERITY_WARNING,
	"The policy is served as {type}", "Send Content-Type: text/plain"},
    [CHECK_STS_TOO_LARGE] = {"sts-too-large", GROUP_STS, SEVERITY_ERROR,
	"The policy has {n} octets", "Shorten it"},
    [CHECK_STS_POLICY_SYNTAX] = {"sts-policy-syntax", GROUP_STS, SEVERITY_ERROR,
	"The policy is not valid: {why}", "Correct it"},
    [CHECK_STS_POLICY_DUPLICATE_KEY] = {"sts-policy-duplicate-key", GROUP_STS,
	SEVERITY_WARNING, "{key} stands there twice: only the first counts",
	"Remove the others"},
    [CHECK_STS_POLICY_LINE_ENDINGS] = {"sts-policy-line-endings", GROUP_STS,
	SEVERITY_INFO,
	"Lines end with LF instead of CR LF, which RFC 8461 allows", NULL},
    [CHECK_STS_POLICY_UNKNOWN_KEY] = {"sts-policy-unknown-key", GROUP_STS,
	SEVERITY_INFO, "Senders ignore the unknown key {key}", NULL},
    [CHECK_STS_MODE_TESTING] = {"sts-mode-testing", GROUP_STS, SEVERITY_WARNING,
	"The policy is in mode testing: mail is not protected yet",
	"Move to enforce when the reports show no failures"},
    [CHECK_STS_MODE_NONE] = {"sts-mode-none", GROUP_STS, SEVERITY_WARNING,
	"The policy is in mode none: MTA-STS is switched off",
	"Remove policy and record when max_age has passed, or publish "
	"mode testing"},
    [CHECK_STS_MAXAGE_SHORT] = {"sts-maxage-short", GROUP_STS, SEVERITY_WARNING,
	"max_age of {n} s is short for mode {mode}",
	"Use 604800 or more for enforce, 86400 or more for testing"},
    [CHECK_STS_MAXAGE_RANGE] = {"sts-maxage-range", GROUP_STS, SEVERITY_ERROR,
	"max_age is not a number from 0 to 31557600", "Use 604800"},
    [CHECK_STS_MX_NOT_COVERED] = {"sts-mx-not-covered", GROUP_STS,
	SEVERITY_ERROR,
	"{subject} is not in the policy: senders that enforce it will "
	"not use it",
	"Add mx: {subject} to the policy, and change the id"},
    [CHECK_STS_MX_EXTRA] = {"sts-mx-extra", GROUP_STS, SEVERITY_INFO,
	"mx: {pattern} matches no MX", "Remove it if it is obsolete"},
    [CHECK_STS_MX_WILDCARD_FORM] = {"sts-mx-wildcard-form", GROUP_STS,
	SEVERITY_ERROR, "mx: {pattern} is no host name, nor \"*.\" and one",
	"Write mx: *.example.com, where * stands for one label"},
    [CHECK_STS_ID_UNCHANGED] = {"sts-id-unchanged", GROUP_STS, SEVERITY_WARNING,
	"The policy has changed, but not its id: senders keep the old "
	"one for up to max_age",
	"Change the id"},
    [CHECK_STS_ID_CHANGED_POLICY_SAME] = {"sts-id-changed-policy-same",
	GROUP_STS, SEVERITY_INFO, "The id has changed, but not the policy",
	NULL},
    [CHECK_STS_ENFORCE_NO_TLSRPT] = {"sts-enforce-no-tlsrpt", GROUP_STS,
	SEVERITY_WARNING,
	"The policy is enforced, but without TLS-RPT nobody sees what "
	"fails",
	"Publish the TLS-RPT record"},
    [CHECK_STS_TESTING_NO_TLSRPT] = {"sts-testing-no-tlsrpt", GROUP_STS,
	SEVERITY_WARNING, "Mode testing has no effect at all without TLS-RPT",
	"Publish the TLS-RPT record"},
    [CHECK_STS_NULL_MX] = {"sts-null-mx", GROUP_STS, SEVERITY_WARNING,
	"{domain} takes no mail (null MX), but has records for it",
	"Remove the MTA-STS and TLS-RPT records"},
    [CHECK_STS_REMOVED_ABRUPTLY] = {"sts-removed-abruptly", GROUP_STS,
	SEVERITY_ERROR,
	"MTA-STS is gone, but senders enforce what they have seen "
	"until {date}",
	"Publish mode: none with a new id, wait for max_age, then "
	"remove it"},
    [CHECK_MX_MISSING] = {"mx-missing", GROUP_MX, SEVERITY_WARNING,
	"{domain} has no MX: mail goes to the address of the domain "
	"itself",
	"Publish an MX, or the null MX if it takes no mail"},
    [CHECK_MX_NULL_WITH_OTHER] = {"mx-null-with-other", GROUP_MX,
	SEVERITY_ERROR, "The null MX of {domain} does not stand alone",
	"Remove it, or the others"},
    [CHECK_MX_CNAME] = {"mx-cname", GROUP_MX, SEVERITY_WARNING,
	"{subject} is an alias, which an MX must not be",
	"Let the MX name a host that has addresses itself"},
    [CHECK_MX_NO_ADDRESS] = {"mx-no-address", GROUP_MX, SEVERITY_ERROR,
	"{subject} has no address", "Add one, or remove the MX"},
    [CHECK_MX_UNREACHABLE] = {"mx-unreachable", GROUP_MX, SEVERITY_UNKNOWN,
	"{subject} cannot be reached at port 25 from here: {why}",
	"Look from a host that may send mail"},
    [CHECK_MX_NO_STARTTLS] = {"mx-no-starttls", GROUP_MX, SEVERITY_ERROR,
	"{subject} does not take STARTTLS: starttls-not-supported",
	"Enable TLS"},
    [CHECK_MX_STARTTLS_INJECTION] = {"mx-starttls-injection", GROUP_MX,
	SEVERITY_ERROR,
	"{subject} sends plain text behind its answer to STARTTLS",
	"Update the mail server"},
    [CHECK_MX_TLS_OLD] = {"mx-tls-old", GROUP_MX, SEVERITY_WARNING,
	"{subject} chose {version}", "Enable TLS 1.2 and 1.3"},
    [CHECK_MX_TLS_HANDSHAKE] = {"mx-tls-handshake", GROUP_MX, SEVERITY_ERROR,
	"{subject}: the TLS handshake fails: {why}: validation-failure",
	"Look at the log of the mail server"},
    [CHECK_MX_CERT_NAME] = {"mx-cert-name", GROUP_MX, SEVERITY_ERROR,
	"{subject}: the certificate is for {names}: "
	"certificate-host-mismatch",
	"Get a certificate with the name {subject}"},
    [CHECK_MX_CERT_CN_ONLY] = {"mx-cert-cn-only", GROUP_MX, SEVERITY_ERROR,
	"{subject}: the certificate has its name in CN only, where "
	"senders do not look",
	"Get a certificate with the name {subject} in subjectAltName"},
    [CHECK_MX_CERT_EXPIRED] = {"mx-cert-expired", GROUP_MX, SEVERITY_ERROR,
	"{subject}: the certificate {why}: certificate-expired",
	"Renew it, and see that the server has loaded the new one"},
    [CHECK_MX_CERT_EXPIRING] = {"mx-cert-expiring", GROUP_MX, SEVERITY_WARNING,
	"{subject}: the certificate ends in {n} days, on {date}", "Renew it"},
    [CHECK_MX_CERT_UNTRUSTED] = {"mx-cert-untrusted", GROUP_MX, SEVERITY_ERROR,
	"{subject}: {why}: certificate-not-trusted",
	"Use a public CA, or DANE"},
    [CHECK_MX_CERT_CHAIN] = {"mx-cert-chain", GROUP_MX, SEVERITY_ERROR,
	"{subject}: an intermediate certificate is missing",
	"Send the full chain"},
    [CHECK_DANE_NONE] = {"dane-none", GROUP_DANE, SEVERITY_INFO,
	"{subject} has no DANE", NULL},
    [CHECK_DANE_NO_DNSSEC] = {"dane-no-dnssec", GROUP_DANE, SEVERITY_WARNING,
	"{subject}: its TLSA records do not count: the zone or the "
	"address is not signed",
	"Sign the zone"},
    [CHECK_DANE_DENIAL_BOGUS] = {"dane-denial-bogus", GROUP_DANE,
	SEVERITY_ERROR,
	"{subject}: the look-up of its TLSA records fails ({why}): "
	"DANE senders keep their mail back: dnssec-invalid",
	"Repair DNSSEC"},
    [CHECK_DANE_MISMATCH] = {"dane-mismatch", GROUP_DANE, SEVERITY_ERROR,
	"{subject}: no TLSA record matches the certificate: {result}",
	"Publish 3 1 1 of the present key; before a change of keys, "
	"that of the next as well"},
    [CHECK_DANE_UNUSABLE] = {"dane-unusable", GROUP_DANE, SEVERITY_WARNING,
	"{subject}: TLSA record {record} does not count for SMTP: {why}",
	"Use 3 1 1"},
    [CHECK_DANE_TA_NOT_IN_CHAIN] = {"dane-ta-not-in-chain", GROUP_DANE,
	SEVERITY_ERROR,
	"{subject}: its TLSA record is for a CA, and it sends no "
	"certificate but its own",
	"Send that of the CA too, or use 3 1 1"},
    [CHECK_DANE_ROLLOVER] = {"dane-rollover", GROUP_DANE, SEVERITY_INFO,
	"{subject} has a single TLSA record: a change of keys will "
	"break DANE",
	"Publish 3 1 1 of the next key as well, or 2 1 1 of the CA"},
    [CHECK_DANE_PARTIAL] = {"dane-partial", GROUP_DANE, SEVERITY_WARNING,
	"{subject} has no DANE, while another MX has: attackers choose "
	"the weakest",
	"Use DANE on every MX"},
    [CHECK_DANE_HOST_TLSRPT] = {"dane-host-tlsrpt", GROUP_DANE, SEVERITY_INFO,
	"{subject} has DANE, but no TLS-RPT record of its own, where "
	"some senders look",
	"Publish: _smtp._tls.{subject}. IN TXT \"v=TLSRPTv1; "
	"rua=mailto:tlsrpt@{domain}\""},
    [CHECK_RPT_NONE] = {"rpt-none", GROUP_REPORTS, SEVERITY_WARNING,
	"No report since {date}, although the record is right",
	"Look at the mailbox, its spam filter and its limits of size"},
    [CHECK_RPT_UNKNOWN_DESTINATION] = {"rpt-unknown-destination", GROUP_REPORTS,
	SEVERITY_INFO,
	"Reports of {domain} arrive, the last of {date}, although there is no "
	"record that asks for them",
	"Publish the record, or see which sender still knows an old one"},
    [CHECK_ADV_ENFORCE_READY] = {"adv-enforce-ready", GROUP_REPORTS,
	SEVERITY_INFO, "Ready for mode enforce, as {n} days of reports show",
	"Publish mode: enforce with max_age 604800 or more, and change "
	"the id"},
    [CHECK_ADV_ENFORCE_NOT_READY] = {"adv-enforce-not-ready", GROUP_REPORTS,
	SEVERITY_INFO, "Not ready for mode enforce: {reasons}", "Mend each"},
};

const struct check *
check_get(enum check_id id)
{
	return &checks[id];
}

enum check_id
check_find(const char *id)
{
	int i;

	for (i = 0; i < CHECK_COUNT; i++)
		if (strcmp(checks[i].id, id) == 0)
			return (enum check_id)i;
	return CHECK_COUNT;
}

const char *
severity_name(enum severity severity)
{
	static const char *const names[] = {[SEVERITY_OK] = "ok",
	    [SEVERITY_INFO] = "info",
	    [SEVERITY_WARNING] = "warning",
	    [SEVERITY_ERROR] = "error",
	    [SEVERITY_UNKNOWN] = "unknown"};

	return names[severity];
}

const char *
check_group_name(enum check_group group)
{
	static const char *const names[] = {[GROUP_DNS] = "dns",
	    [GROUP_RECORD] = "record",
	    [GROUP_DESTINATION] = "destination",
	    [GROUP_STS] = "mta-sts",
	    [GROUP_MX] = "mx",
	    [GROUP_DANE] = "dane",
	    [GROUP_REPORTS] = "reports"};

	return names[group];
}

int
severity_status(enum severity severity)
{
	static const int statuses[] = {[SEVERITY_OK] = 0,
	    [SEVERITY_INFO] = 0,
	    [SEVERITY_WARNING] = 1,
	    [SEVERITY_ERROR] = 2,
	    [SEVERITY_UNKNOWN] = 3};

	return statuses[severity];
}
