/* SPDX-License-Identifier: ISC */

/*
 * What reason codes say of MTA-STS: the policy, the web server that it is
 * fetched from, and the TXT record that announces it (RFC 8461 3).
 */

#include "config.h"

#include "digest/reason_private.h"

#define FETCH "curl -i https://mta-sts.{domain}/.well-known/mta-sts.txt"

const struct reason reason_policy[] = {
    [POLICY_MX_NOT_LISTED - POLICY_FIRST] =
	{
	    .key = "mx-not-in-policy",
	    .cause = "an MX host is covered by no mx line of the policy",
	    .where = "policy and MX records",
	    .meaning =
		"The MX records name a host that the MTA-STS policy does not "
		"list. In mode enforce no mail is sent to that host.",
	    .remedy =
		"Make the mx lines of the policy and the MX records agree.",
	    .steps = REASON_LIST(
		"Compare: dig MX DOMAIN, and the policy as it is served.",
		"Add an mx line for each host that may take mail, backups too; "
		"*.example.com covers one label only.",
		"After a change of the policy change the id in the TXT record "
		"_mta-sts.",
		"When you move: list old and new hosts first, and change the "
		"MX records when the old policy has run out (max_age).",
		"An MX host that you do not know may be an attack: look who "
		"set it."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_CERTIFICATE_HOST_MISMATCH, RESULT_STS_POLICY_INVALID),
	    .example = "MX_HOSTS_MISMATCH",
	    .said_by = "Microsoft; others in words of their own",
	},
    [POLICY_NOT_THERE - POLICY_FIRST] =
	{
	    .key = "policy-not-there",
	    .cause = "the policy file is not where it must be (404 or 410)",
	    .where = "policy host",
	    .meaning =
		"The web server answered, and has no file "
		"/.well-known/mta-sts.txt under the name mta-sts.DOMAIN. The "
		"TXT record _mta-sts says that there is one.",
	    .remedy = "Serve the policy there; or, if MTA-STS was given up, "
		      "remove the TXT record _mta-sts.",
	    .steps = REASON_LIST("Fetch it under that very name: the virtual "
				 "host of another name may answer.",
		"Look for rules on /.well-known/ that were made for "
		"certificates (ACME) and catch this path too.",
		"To give MTA-STS up, serve mode: none first, until the old "
		"policies have run out (RFC 8461 8.3)."),
	    .command = FETCH,
	    .types = REASON_TYPES(
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_STS_POLICY_INVALID),
	    .example = "bad https response code: 404",
	    .said_by = "Mail.ru; others in words of their own",
	},
    [POLICY_REDIRECT - POLICY_FIRST] =
	{
	    .key = "policy-redirected",
	    .cause = "the web server redirects, which senders must not follow",
	    .where = "policy host",
	    .meaning =
		"The answer was a redirect (301, 302, 307 or 308) to another "
		"address. Senders must not follow it (RFC 8461 3.3).",
	    .remedy = "Serve the file itself at "
		      "https://mta-sts.DOMAIN/.well-known/mta-sts.txt.",
	    .steps = REASON_LIST("Exempt the path from redirects to another "
				 "name, to www, or to a log-in.",
		"To serve it from elsewhere use a CNAME or a reverse proxy in "
		"place of a redirect.",
		"Browsers follow redirects silently: use curl, without -L."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "bad https response code: 301",
	    .said_by = "Mail.ru; others in words of their own",
	},
    [POLICY_FORBIDDEN - POLICY_FIRST] =
	{
	    .key = "policy-forbidden",
	    .cause = "the web server turns senders away (401, 403 or 429)",
	    .where = "policy host",
	    .meaning = "The web server refuses to give out the policy: a "
		       "log-in, a protection against robots, a country block "
		       "or a limit on requests.",
	    .remedy = "Let everyone fetch /.well-known/mta-sts.txt, without "
		      "log-in, robot check or limit.",
	    .steps = REASON_LIST("Fetch it from outside with a plain program "
				 "as curl, not a browser.",
		"Exempt the path in the web application firewall and at the "
		"CDN.",
		"Check the rights of the file and its folder."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "bad https response code: 403",
	    .said_by = "Mail.ru; others in words of their own",
	},
    [POLICY_SERVER - POLICY_FIRST] =
	{
	    .key = "policy-server-error",
	    .cause =
		"the web server of the policy has an error of its own (5xx)",
	    .where = "policy host",
	    .meaning = "The web server, or the proxy in front of it, answered "
		       "with an error: 500, 502, 503 or 504.",
	    .remedy = "Mend the web server; the policy is best served as a "
		      "plain file, with nothing behind it.",
	    .steps = REASON_LIST("Read its log at those times.",
		"If a proxy answers 502 or 504, the server behind it is down "
		"or slow.",
		"If it has passed, nothing need be done: senders keep the "
		"policy that they have."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "bad https response code: 500",
	    .said_by = "Mail.ru; others in words of their own",
	},
    [POLICY_HTTP - POLICY_FIRST] =
	{
	    .key = "policy-http-error",
	    .cause = "the web server did not answer 200 for the policy",
	    .where = "policy host",
	    .meaning = "Only an answer with status 200 is a policy; everything "
		       "else counts as none.",
	    .remedy = "Make https://mta-sts.DOMAIN/.well-known/mta-sts.txt "
		      "answer 200, without a redirect.",
	    .steps = REASON_LIST("Look at the first line of what the command "
				 "prints, over IPv4 and over IPv6."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "bad https response code",
	    .said_by = "Mail.ru, Stalwart; others in words of their own",
	    .vague = true,
	},
    [POLICY_CONTENT_TYPE - POLICY_FIRST] =
	{
	    .key = "policy-content-type",
	    .cause = "the policy is not served as text/plain",
	    .where = "policy host",
	    .meaning = "The web server serves the policy with another media "
		       "type. Often it is no policy either, but an HTML page "
		       "that says \"not found\" with status 200.",
	    .remedy = "Serve the file as text/plain (RFC 8461 3.2), and see "
		      "that it is the file.",
	    .steps = REASON_LIST("Look at Content-Type and at the text in what "
				 "the command prints.",
		"Set the type for .txt files; some web servers send none, or "
		"text/html for all."),
	    .command = FETCH,
	    .types = REASON_TYPES(
		RESULT_STS_POLICY_INVALID, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "invalid content type: text/html",
	    .said_by = "senders that are strict",
	},
    [POLICY_TOO_LARGE - POLICY_FIRST] =
	{
	    .key = "policy-too-large",
	    .cause = "the policy is larger than the sender reads",
	    .where = "policy host",
	    .meaning =
		"Senders read 64 KB at most (RFC 8461 3.3), and a policy has a "
		"few lines: what is served is probably something else.",
	    .remedy = "Serve the policy itself, and use wildcards if there are "
		      "very many mx lines.",
	    .steps = REASON_LIST("Look what is served under that name: a web "
				 "page, a download, or the right file."),
	    .command = FETCH,
	    .types = REASON_TYPES(
		RESULT_STS_POLICY_INVALID, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "policy too large",
	    .said_by = "senders in words of their own",
	},
    [POLICY_EMPTY - POLICY_FIRST] =
	{
	    .key = "policy-empty",
	    .cause = "the policy file is empty",
	    .where = "policy host",
	    .meaning = "The web server answered 200, with nothing in it.",
	    .remedy = "Put the policy into the file: version, mode, mx lines "
		      "and max_age.",
	    .steps = REASON_LIST("Look at the file on the server: a failed "
				 "deployment leaves empty ones.",
		"Look whether a proxy or a cache holds an empty answer."),
	    .command = FETCH,
	    .types = REASON_TYPES(
		RESULT_STS_POLICY_INVALID, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "empty policy",
	    .said_by = "senders in words of their own",
	},
    [POLICY_VERSION - POLICY_FIRST] =
	{
	    .key = "policy-version",
	    .cause = "the policy lacks its version, or has a wrong one",
	    .where = "policy host",
	    .meaning = "The policy must have a line version: STSv1; that is "
		       "the only version.",
	    .remedy = "Begin the policy with the line version: STSv1.",
	    .steps =
		REASON_LIST("Mind the spelling: values are case-sensitive.",
		    "Save the file without a byte order mark: it hides the "
		    "first line from senders.",
		    "In the file it is version: STSv1; v=STSv1 belongs into "
		    "the TXT record."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_INVALID),
	    .example = "invalid policy version",
	    .said_by = "senders in words of their own",
	},
    [POLICY_MODE - POLICY_FIRST] =
	{
	    .key = "policy-mode",
	    .cause = "the policy lacks its mode, or has a wrong one",
	    .where = "policy host",
	    .meaning =
		"The mode must be enforce, testing or none, in small letters.",
	    .remedy = "Write one line mode: testing, or mode: enforce.",
	    .steps = REASON_LIST(
		"Mind the spelling: mode: Enforce and mode: report are wrong."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_INVALID),
	    .example = "invalid mode",
	    .said_by = "senders in words of their own",
	},
    [POLICY_NO_MX - POLICY_FIRST] =
	{
	    .key = "policy-without-mx",
	    .cause = "the policy has no usable mx line",
	    .where = "policy host",
	    .meaning =
		"A policy in mode enforce or testing must have at least one mx "
		"line with a host name or *.DOMAIN (RFC 8461 3.2).",
	    .remedy = "Write one mx line for each MX host.",
	    .steps =
		REASON_LIST("One name to a line: no commas, no preferences, no "
			    "addresses, no dot at the end.",
		    "mx: *.example.com is allowed, mx: * is not."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_INVALID),
	    .example = "missing mx in policy",
	    .said_by = "senders in words of their own",
	},
    [POLICY_MAX_AGE - POLICY_FIRST] =
	{
	    .key = "policy-max-age",
	    .cause = "the policy lacks its max_age, or has a wrong one",
	    .where = "policy host",
	    .meaning = "max_age is how many seconds senders keep the policy: a "
		       "whole number up to 31557600, one year.",
	    .remedy = "Write one line max_age: 604800 (a week) or longer.",
	    .steps =
		REASON_LIST("Write digits only: no unit, no point, no sign.",
		    "Short values protect little: senders forget the policy "
		    "between two mails."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_INVALID),
	    .example = "invalid max_age",
	    .said_by = "senders in words of their own",
	},
    [POLICY_EXPIRED - POLICY_FIRST] =
	{
	    .key = "policy-expired",
	    .cause = "the sender's copy of the policy is too old, and no new "
		     "one came",
	    .where = "policy host",
	    .meaning = "The time that max_age gave to the policy is over, and "
		       "the sender could not fetch it again. Its mail is no "
		       "longer protected.",
	    .remedy =
		"Make the policy available again, and choose a longer max_age.",
	    .steps = REASON_LIST("Fetch the policy from outside.",
		"See that the policy host is watched as the mail servers are."),
	    .command = FETCH,
	    .types = REASON_TYPES(
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_STS_POLICY_INVALID),
	    .example = "policy expired",
	    .said_by = "senders in words of their own",
	},
    [POLICY_RECORD - POLICY_FIRST] =
	{
	    .key = "sts-record-invalid",
	    .cause = "the TXT record of MTA-STS is wrong",
	    .where = "DNS",
	    .meaning = "The TXT record at _mta-sts.DOMAIN is malformed, has no "
		       "id, or stands there more than once; then senders act "
		       "as if there were none (RFC 8461 3.1).",
	    .remedy = "Publish exactly one: v=STSv1; id=20261122T0900Z; with "
		      "letters and digits only in the id.",
	    .steps = REASON_LIST("Look at it: dig TXT _mta-sts.DOMAIN.",
		"Remove second ones, also behind a CNAME.",
		"A wildcard TXT record (SPF) must not answer for this name."),
	    .command = "dig TXT _mta-sts.{domain}",
	    .types = REASON_TYPES(
		RESULT_STS_POLICY_INVALID, RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "multiple mta-sts records",
	    .said_by = "senders in words of their own",
	},
    [POLICY_NOT_FOUND - POLICY_FIRST] =
	{
	    .key = "policy-demanded",
	    .cause = "the sender demands a policy, and there was none",
	    .where = "DNS and policy host",
	    .meaning = "The sender is set to demand MTA-STS (or DANE) of this "
		       "domain, and found no policy.",
	    .remedy = "Publish a policy, or settle it with that sender.",
	    .steps = REASON_LIST("Look for the TXT record and for the policy.",
		"If you never had MTA-STS, nothing has broken: it is a rule of "
		"that sender."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_VALIDATION_FAILURE,
		RESULT_STS_POLICY_FETCH_ERROR, RESULT_DANE_REQUIRED),
	    .example = "MTA-STS is required and no policy was found",
	    .said_by = "Stalwart",
	},
    [POLICY_SYNTAX - POLICY_FIRST] =
	{
	    .key = "policy-malformed",
	    .cause =
		"the policy cannot be read; the reporter does not say where",
	    .where = "policy host",
	    .meaning = "The policy was fetched, but it is not written as RFC "
		       "8461 3.2 wants it.",
	    .remedy = "Correct the policy: version: STSv1, mode, max_age and "
		      "an mx line for each MX, one to a line.",
	    .steps = REASON_LIST("Read it line by line: key, colon, value; no "
				 "quotes, no comments.",
		"See that it is text and no HTML page, and has no byte order "
		"mark.",
		"After the correction change the id in the TXT record "
		"_mta-sts, or senders will not look again."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_INVALID),
	    .example = "Failed to parse STS policy",
	    .said_by = "Halon, Stalwart, Microsoft and others",
	    .vague = true,
	},
    [POLICY_FETCH - POLICY_FIRST] =
	{
	    .key = "policy-not-fetched",
	    .cause = "the policy could not be fetched; the reporter does not "
		     "say why",
	    .where = "policy host",
	    .meaning = "The domain announces MTA-STS, and the sender did not "
		       "get the policy. Name, network, certificate or web "
		       "server may be at fault.",
	    .remedy = "Fetch the policy yourself from outside: the first line "
		      "must say 200.",
	    .steps = REASON_LIST(
		"Fetch it over IPv4 and over IPv6 (curl -4, curl -6).",
		"Look at the certificate of the policy host: its date, its "
		"chain, its name.",
		"Look whether other reporters say more."),
	    .command = FETCH,
	    .types = REASON_TYPES(RESULT_STS_POLICY_FETCH_ERROR),
	    .example = "Failed to fetch STS policy",
	    .said_by = "Halon, Microsoft and others",
	    .vague = true,
	},
};
