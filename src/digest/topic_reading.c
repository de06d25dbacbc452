/* SPDX-License-Identifier: ISC */

/*
 * How to read a report: what a postmaster who sees the first one wants to
 * know, and what makes the figures differ from what one would expect.
 */

#include "config.h"

#include "digest/topic_private.h"

const struct topic topic_reading = {
    .name = "reading",
    .also = "report",
    .summary = "how to read a report, and what its figures count",
    .law = "RFC 8460",
    .meaning =
	"A report is what one sender of mail saw in one day when it sent mail "
	"to your domain: how many sessions it began, how many had the TLS that "
	"your policy asks for, and what went wrong with the others. It is "
	"about mail to you, never about mail from you.",
    .parts = TOPIC_PARTS(
	{"Who sends it, and when",
	    TOPIC_POINTS(
		"Large providers (Google, Microsoft, Yahoo, Comcast ...), and "
		"small servers that run a reporting program. They find out "
		"where to send it from your TXT record _smtp._tls.DOMAIN.",
		"Once a day, for one day, mostly by mail within hours of its "
		"end; some take two days. A day is headed incomplete until the "
		"usual reporters are there.",
		"Days are UTC days, so a day of yours may be spread over two "
		"of them. A report counts for the day on which its range "
		"begins.",
		"Who sent you no mail that day sends no report: for a small "
		"domain gaps are normal.")},
	{"What its words mean",
	    TOPIC_POINTS("Session: one connection to an MX that came to the "
			 "point where TLS is begun. It is neither a mail nor a "
			 "recipient: one session may carry many mails, and one "
			 "mail may take several sessions.",
		"Policy: what the sender found that you demand: see tlstally "
		"explain policy-types.",
		"Summary: how many sessions under that policy succeeded, and "
		"how many failed. The totals of a digest are these.",
		"Failure details: how many sessions failed in which way, at "
		"which MX. The result type is a word of RFC 8460, the reason "
		"code the sender's own: tlstally explain TYPE, tlstally "
		"explain REASON.")},
	{"What failed means for the mail",
	    TOPIC_POINTS(
		"Under enforce and DANE the mail went to another MX, waited, "
		"or bounced in the end. The sender tries again, and may "
		"succeed: a failed session is not a lost mail.",
		"Under testing it was delivered all the same. The count says "
		"what enforce would have held back; that is what testing is "
		"for.",
		"Where the policy could not be fetched it was delivered, under "
		"an older copy of the policy or without one.")},
	{"Why the figures do not add up",
	    TOPIC_POINTS(
		"(unspecified): the summary counts more failures than the "
		"details explain. Some reporters give totals only.",
		"(overlap): the details count more than the summary, as one "
		"session can fail in several ways. It stands with a minus "
		"sign, so that the sum is the summary's.",
		"Reporters count in ways of their own, some by attempt, some "
		"by mail. Compare a reporter with itself, day by day.")},
	{"Whether to believe it",
	    TOPIC_POINTS("Anyone can send you a report. verified means that "
			 "your mail server found a DKIM signature of the "
			 "reporter; unchecked that nobody looked; failed that "
			 "it did not hold. authserv_id in the "
			 "configuration says whose word counts.",
		"One reporter alone may be wrong. Two that say the same of one "
		"MX are hardly both wrong.")},
	{"Why reports are missing",
	    TOPIC_POINTS("The TXT record is missing, misspelt or there twice: "
			 "exactly one, v=TLSRPTv1; rua=mailto:...",
		"The mailbox was full or moved, or a filter took the reports "
		"for spam: they are machine mail with an attachment.",
		"The reporter sent you no mail, or has stopped reporting; most "
		"senders never report.",
		"tlstally could not read it: tlstally rejects lists these, "
		"tlstally status says when a source was last read.")}),
    .command = "dig TXT _smtp._tls.{domain}",
};
