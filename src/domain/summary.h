/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_SUMMARY_H
#define TLSTALLY_DOMAIN_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fields.h"
#include "domain/facts.h"
#include "domain/finding.h"

/*
 * What is told of a domain that was looked at: the findings, and what was
 * seen, as far as it is shown or remembered.  It crosses the border between
 * the program that looked and the one that tells, and is all that does.  Texts
 * are printable ASCII, with \DDD for other octets (finding.h); times are
 * seconds since 1970, or TIME_NONE.
 */

/* What is asked: a domain, and what is known of it beforehand. */
struct domain_question {
	const char *domain; /* A-labels, lower case, no final dot */
	bool probe; /* talk with mail and name servers, ask destinations */
	bool spare_destinations; /* the mail servers alone */
	bool confirm_absence; /* if nothing proves that there is no record, ask
				 the name servers */
	struct past_facts past;
};

struct summary_finding {
	enum check_id check;
	enum severity severity;
	const char *subject; /* "" for the domain */
	const char *message;
	const char *fix; /* or NULL */
	/* Of a fault in a text: the line that it is in, or as much of it as is
	 * shown, with the columns of the fault (width 0: something is missing
	 * there); and the octets in the whole text. */
	const char *excerpt; /* or NULL */
	size_t column;
	size_t width;
	size_t from;
	size_t to;
};

struct summary_text {
	const char *text;
};

/* An answer of the DNS. */
struct summary_answer {
	const char *name;
	const char *type; /* "TXT", "A/AAAA" */
	enum fact_state state;
	bool secure;
	bool authoritative; /* all servers of the zone say so, too */
	uint32_t ttl;
	struct summary_text *aliases;
	size_t naliases;
	const char *why; /* or NULL */
	struct summary_text *data;
	size_t ndata;
};

struct summary_tag {
	enum tag_kind kind;
	const char *name;
	const char *value;
};

struct summary_destination {
	const char *text;
	enum uri_scheme scheme;
	const char *host;
	const char *provider; /* or NULL */
	bool usable;
	enum severity severity; /* of the worst that is said of it */
	int64_t not_after;	/* of its certificate */
};

struct summary_certificate {
	enum cert_trust trust;
	int64_t not_before;
	int64_t not_after;
	struct summary_text *names;
	size_t nnames;
};

struct summary_mx {
	const char *host;
	unsigned preference;
	enum mx_state smtp;
	enum tls_version version;
	const char *why; /* or NULL */
	enum fact_state tlsa;
	bool tlsa_secure; /* and the address too: the records count */
	size_t ntlsa;
	enum tlsa_result dane; /* TLSA_NO_RECORD also if not looked at */
	struct summary_certificate cert;
};

struct summary_policy {
	bool seen; /* a body was read */
	bool usable;
	enum sts_mode mode;
	int64_t max_age;
	struct summary_text *mx;
	size_t nmx;
	const unsigned char *sha256; /* of the body; NULL without one */
	struct summary_certificate cert;
};

struct domain_summary {
	const char *domain;
	int64_t at; /* when it was looked at */
	enum severity worst;
	enum record_verdict verdict;
	bool has_record; /* something was meant as one */
	const char *record;
	struct summary_tag *tags;
	size_t ntags;
	struct summary_destination *destinations;
	size_t ndestinations;
	/* The record's own answer first, then that of _mta-sts. */
	struct summary_answer *answers;
	size_t nanswers;
	const char *sts_id; /* "" unless usable */
	struct summary_policy policy;
	struct summary_mx *mx;
	size_t nmx;
	struct summary_finding *findings;
	size_t nfindings;
	bool cut; /* there were more findings */
};

/* The places of answers that every summary of a look at the DNS has. */
enum { SUMMARY_TLSRPT = 0, SUMMARY_STS, SUMMARY_ANSWERS_LEAST };

/* Sums up what domain_judge said of the facts.  The summary's memory is the
 * arena's and that of the facts. */
void summary_make(struct domain_summary *summary, struct arena *arena,
    const struct domain_facts *facts, const struct domain_judgement *judgement,
    const struct findings *findings);

/* The same of a record's text alone, without any DNS; name is the subject of
 * its findings. */
void summary_make_record(struct domain_summary *summary, struct arena *arena,
    const char *name, struct span text);

/* Over the border.  What is read is checked whole: see fields_are_whole. */
void summary_put(struct fields_out *o, const struct domain_summary *summary);
int summary_get(
    struct fields *f, struct arena *arena, struct domain_summary *summary);
void question_put(struct fields_out *o, const struct domain_question *question);
int question_get(
    struct fields *f, struct arena *arena, struct domain_question *question);

/* "answer", "nxdomain", "timeout": for messages and JSON. */
const char *fact_state_name(enum fact_state state);

/* "trusted", "expired" is none of them: dates are apart. */
const char *cert_trust_name(enum cert_trust trust);
const char *mx_state_name(enum mx_state state);
const char *tls_version_name(enum tls_version version);
const char *tlsa_result_name(enum tlsa_result result);
const char *record_verdict_name(enum record_verdict verdict);

#endif
