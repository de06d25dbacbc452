/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_JUDGE_PRIVATE_H
#define TLSTALLY_DOMAIN_JUDGE_PRIVATE_H

#include "domain/facts.h"

/* What the files that judge a domain share. */

struct judging {
	const struct domain_facts *facts;
	int64_t now;
	struct domain_judgement *made;
	struct findings *findings;
	struct arena *arena;
	bool takes_no_mail; /* null MX */
	bool has_sts;	    /* a record and a policy in enforce or testing */
	bool has_dane;	    /* an MX with TLSA records that count */
	bool resolver_lies; /* it strips DNSSEC: bogus says nothing */
};

/* The texts of a TXT answer, joined; *strings, if not NULL, gets the number
 * of strings of the one that has most. */
const struct span *judge_texts(
    struct arena *arena, const struct dns_fact *answer, size_t *strings);

/* Tells of what is wrong with an answer: failures, aliases that lead nowhere.
 * Returns fact_is_known. */
bool judge_answer(struct judging *j, const struct dns_fact *answer);

/* True if it is known that there is nothing. */
bool judge_is_absent(const struct dns_fact *answer);

/* Why a certificate is not good for host now, or NULL if it is. */
const char *judge_certificate(
    struct judging *j, const struct cert_fact *cert, const char *host);

/* True if a name of the certificate is for host. */
bool judge_name_matches(const struct cert_fact *cert, const char *host);

/* Whole days until then, rounded down; negative if it is over. */
int64_t judge_days_left(const struct judging *j, int64_t then);

/* "2026-11-20", in the arena. */
const char *judge_date(struct judging *j, int64_t t);

/* A number as text, in the arena. */
const char *judge_number(struct judging *j, uint64_t n);

void judge_sts(struct judging *j);
void judge_mx(struct judging *j);
void judge_dane(struct judging *j);
void judge_record(struct judging *j);
void judge_destinations(struct judging *j);
void judge_past(struct judging *j);

#endif
