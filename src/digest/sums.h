/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_SUMS_H
#define TLSTALLY_DIGEST_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "digest/digest.h"
#include "digest/table.h"

/*
 * Inside the digest: the tables that digest.c fills row by row, and that
 * the other files read in the end.  Keys come first in their records and are
 * laid out without padding, as table.h asks.
 */

/* Days are kept as bits, 64 to a record: whether, not how much. */
#define BLOCK_DAYS 64

/* Two streams may differ in nothing but the organization: their sums are
 * joined in the end. */
struct policy_id {
	const struct stream *stream;
	int32_t start;
	uint8_t authenticity;
	uint8_t result; /* 0 for a policy */
	uint8_t zero[2];
};

struct policy_sum {
	struct policy_id id;
	int32_t last_day;
	int64_t entries;
	int64_t successful;
	int64_t failed;
};

struct failure_id {
	struct policy_id policy;
	const char *result_text;
	const char *receiving_mx;
	const char *receiving_ip;
	const char *reason_code;
};

struct failure_sum {
	struct failure_id id;
	int32_t first_day;
	int32_t last_day;
	int64_t sessions;
	int64_t details; /* failure details that were summed */
	int64_t rows;
};

/* The days on which a stream was heard. */
struct stream_days_id {
	const struct stream *stream;
	int32_t block;
	int32_t zero;
};

/* How long a day's slowest report took, in hours and one; 0: unknown. */
struct lag {
	int32_t day;
	int32_t hours;
};

struct stream_days {
	struct stream_days_id id;
	uint64_t days;
	int64_t text;	       /* of its last row */
	uint32_t text_at;      /* the index of that in texts, plus 1; 0: none */
	uint32_t sums_at;      /* that of its last row's days, likewise */
	struct lag slowest[2]; /* of two days, the slower one first */
};

/* The days on which a reporter was heard about a domain, made of those of
 * its streams in the end. */
struct heard_id {
	const char *domain;
	const char *reporter;
	int32_t block;
	int32_t zero;
};

struct heard {
	struct heard_id id;
	uint64_t days;
	struct lag slowest[2]; /* of two days, the slower one first */
};

/* The days on which a fault was seen, whatever the policy and reporter. */
struct seen_id {
	const char *domain;
	const char *result_text;
	const char *receiving_mx;
	int32_t result;
	int32_t block;
};

struct seen {
	struct seen_id id;
	uint64_t days;
	const char *reporter; /* who saw it last */
	int32_t last_day;
};

/* What a reporter read in a domain's policies, and when. */
struct text_id {
	const char *domain;
	const char *reporter;
	int64_t text;
};

/* The kinds of policy that a reporter saw at a domain, and when. */
struct kind_id {
	const char *domain;
	const char *reporter;
	const char *policy_type_text;
	int32_t policy_type;
	int32_t mode;
};

struct kind_days {
	struct kind_id id;
	bool known;
	int32_t first_day;
	int32_t last_day;
};

struct text_days {
	struct text_id id;
	bool known;
	int32_t first_day;
	int32_t last_day;
};

/* The sessions of a domain on some days, a bit for each that has rows. */
#define SUM_DAYS 16

struct day_sums_id {
	const char *domain;
	int32_t block;
	int32_t zero;
};

struct day_sums {
	struct day_sums_id id;
	uint32_t days; /* that are of the period or the look-back */
	uint32_t told; /* that have reports told before */
	int64_t successful[SUM_DAYS];
	int64_t failed[SUM_DAYS];
};

struct digest {
	struct digest_spec spec;
	struct scope scope;   /* the spec's, or an empty one */
	int32_t first_wanted; /* the first day of the look-back */
	int32_t row_day; /* of the last row, for which the next were found: */
	bool row_is_wanted; /* it is of the period or the look-back */
	int32_t row_start;  /* its bucket */
	int32_t row_block;
	uint64_t row_bit;
	bool row_is_recent; /* its lag may still be asked for */
	bool summed;	    /* no more rows */
	int32_t young;	    /* the first day that may be incomplete; DAY_MAX */
	int32_t today;
	struct table policies;
	struct table failures;
	struct table stream_days;
	uint32_t *recent; /* by stream number: its latest record in
			     stream_days, plus 1; 0 for none */
	size_t nrecent;
	const struct stream **merged; /* by stream number: the same, by the
					 name that its reporter goes by */
	size_t nmerged;
	struct table heard;
	struct table seen;
	struct table texts;
	struct table kinds;
	struct table days;
	struct arena *arena; /* what hangs below the domain figures */
	struct figures figures;
};

/* Orders texts; cheap where they are the same one. */
int sums_compare_text(const char *a, const char *b);

/* The name of the domain's group; "" for none. */
const char *sums_group_name(const struct digest *d, const char *domain);

/* Orders numbers. */
int sums_compare_number(int64_t a, int64_t b);

/* Orders keys by what the policy is: type, its verbatim text, mode. */
int sums_compare_policy(const struct row_key *a, const struct row_key *b);

/* The block that holds day, and the day's bit in it. */
int32_t sums_block(int32_t day);
uint64_t sums_day_bit(int32_t day);

/* Pointers that one domain's figures are sorted by; used again for the next
 * one.  Zero it; the list is freed in the end. */
struct refs {
	const void **list;
	size_t room;
};

/* The figures of one domain in one period. */
struct part {
	const struct policy_figure *policies;
	size_t npolicies;
	const struct failure_figure *failures;
	size_t nfailures;
};

/* Returns room for n pointers, whose content is not kept. */
const void **sums_refs(struct refs *s, size_t n);

/* Sorts pointers; cmp gets the addresses of two of them. */
void sums_sort_refs(
    const void **refs, size_t n, int (*cmp)(const void *, const void *));

/* The range of days that a bucket is compared with; DAY_NONE for none. */
void digest_previous(
    const struct digest_spec *spec, int32_t start, int32_t days[2]);

/* The days on which a reporter was heard about a domain: n blocks. */
struct voice {
	const struct heard *heard;
	size_t n;
};

/* The voices of a domain begin at the returned index of the table heard. */
size_t usual_first_voice(const struct digest *d, const char *domain);

/* Takes the next voice about the domain.  False if there is none. */
bool usual_next_voice(
    const struct digest *d, const char *domain, size_t *at, struct voice *v);

/* Returns the days before that one on which it was heard, the one just before
 * as the highest of DIGEST_LOOKBACK_DAYS bits. */
uint64_t usual_look_back(const struct voice *v, int32_t day);

/* True if it was heard on one of these days. */
bool usual_is_heard(const struct voice *v, int32_t first, int32_t last);

/* True if a look-back makes a usual reporter. */
bool usual_is_usual(uint64_t before);

/* Until when a report of the day may be expected; INT64_MAX: not known. */
int64_t usual_due_time(const struct voice *v, int32_t day);

/* Adds the sessions of a row to those of its day; heard is the record of its
 * stream. */
void days_add(
    struct digest *d, struct stream_days *heard, const struct policy_row *row);

/* Remembers that the day has a report that was told before. */
void days_mark_told(struct digest *d, struct stream_days *heard, int32_t day);

/* Orders the records of days; what follows may be asked once they are
 * sorted. */
int days_compare(const void *a, const void *b);

/* Makes the days of a domain's period. */
void days_list(struct digest *d, struct domain_figure *dom);

/* Sums up the sessions of a domain on the days from first to last. */
struct share days_sum(
    const struct digest *d, const char *domain, int32_t first, int32_t last);

/* True if a day of the domain's period has a report that was told before. */
bool days_are_told(const struct digest *d, const struct domain_figure *dom);

/* The last day with reports up to day; DAY_NONE. */
int32_t days_last(const struct digest *d, const char *domain, int32_t day);

/* True if so many of all sessions of a domain are few enough for the rule. */
bool problem_is_below(
    const struct scope_ignore *rule, int64_t sessions, int64_t whole);

/* Finds who has fallen silent about a domain. */
void silence_find(struct digest *d, struct domain_figure *dom);

/* True if some have fallen silent, and every usual reporter is one of them: the
 * report of none is merely awaited. */
bool silence_is_total(const struct digest *d, const struct domain_figure *dom);

/* Makes an incident of problems that are of one, and sorts them; the rest is
 * for incident_find_reporters, which sorts refs, the failure figures. */
struct incident incident_make(
    const struct domain_figure *dom, struct problem *problems, size_t n);
void incident_find_reporters(
    struct digest *d, struct incident *in, const void **refs, size_t n);

/* Adds the incidents that are gone; seen are all records of that table, sorted
 * by incident_compare_seen. */
void incident_add_gone(struct digest *d, struct domain_figure *dom,
    const void **seen, size_t nseen);
int incident_compare_seen(const void *a, const void *b);
void incident_sort(struct domain_figure *dom);

/* Orders problems so that those of an incident are together, and says whether
 * they are of one. */
int incident_compare(const struct problem *a, const struct problem *b);

/* Finds what has changed in a domain's policies. */
void change_find(struct digest *d, struct domain_figure *dom);
int change_compare_texts(const void *a, const void *b);
int change_compare_kinds(const void *a, const void *b);

/* Keeps the two slowest days' lags; hours is one more, as in struct lag. */
void usual_keep_lag(struct lag slowest[2], struct lag lag);

/* Finds who usually reports about a domain, who of them was heard in its
 * period, and whether more is to come. */
void usual_judge(const struct digest *d, struct domain_figure *dom);

/* Returns what awaited_from of struct figures is. */
int32_t usual_find_awaited(const struct digest *d);

/* Orders the table heard. */
int usual_compare_heard(const void *a, const void *b);

/* Makes the policy and failure figures, and takes their sums. */
void lines_make(struct digest *d);

/* Orders policy figures as figures.policies are. */
int lines_compare(const void *a, const void *b);

/* The problem that a fault of the days before was; without figures. */
struct problem problem_of_past(const struct digest *d,
    const struct domain_figure *dom, const struct seen *seen, int32_t last);

/* Finds the problems and incidents of a domain, what of its failures is
 * ignored, and its overlap. */
void problem_make_all(struct digest *d, struct domain_figure *dom,
    const struct part *part, struct refs *scratch);

/* Adds to every period the domains that have no figures in it and are to be
 * told of; seen as for incident_add_gone, *room is what figures.domains has
 * room for. */
void absent_add_all(struct digest *d, const void **seen, size_t *room);

/* Returns a fresh figure at the end of figures.domains. */
struct domain_figure *domain_next(struct figures *f, size_t *room);

/* Says of a domain what does not hang on its failures. */
void domain_finish(
    struct digest *d, struct domain_figure *dom, const void **seen);

/* Makes the domain figures out of the policy and failure figures, which are
 * sorted, and the tables of days. */
void domain_make_figures(struct digest *d);

#endif
