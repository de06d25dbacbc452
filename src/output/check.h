/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_CHECK_H
#define TLSTALLY_OUTPUT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "domain/summary.h"
#include "report/report.h"

/*
 * What the command check writes: one domain after the other, each as soon as
 * it is known, so that a thousand need no more memory than one.
 */

/* What reports of the last days say is broken, beside what is seen now. */
struct check_incident {
	enum result_type result;
	const char *result_text;
	const char *host; /* "" if there is none */
	int32_t since;
	int32_t last_day;
	int64_t sessions;
	/* The finding that confirms it; NULL if there is none. */
	const struct summary_finding *confirmed;
	bool looked; /* what it is about was looked at now */
};

struct check_view {
	const struct domain_summary *summary; /* NULL: see failure */
	const char *domain;
	const char *failure;   /* why nothing is known at all; or NULL */
	bool is_text;	       /* a text was checked, and no DNS */
	bool has_reports;      /* the store has some of this domain */
	int32_t latest_report; /* the latest of their days */
	const struct check_incident *incidents;
	size_t nincidents;
};

/* The state of a run; zeroed, with out and colour set, to begin. */
struct check_writer {
	FILE *out;
	bool colour; /* the reader is a terminal that wants it */
	int64_t now;
	bool has_begun; /* something is written */
	size_t ndomains;
	size_t counts[SEVERITY_UNKNOWN + 1]; /* domains by their worst */
	size_t findings[SEVERITY_UNKNOWN + 1];
	enum severity worst;
	int64_t first_end; /* of the certificates that were seen, the first
			      that ends; TIME_NONE */
	char what[200];	   /* the first of the worst findings */
};

struct check_output {
	const char *name;
	void (*begin)(struct check_writer *w);
	void (*domain)(struct check_writer *w, const struct check_view *v);
	void (*end)(struct check_writer *w);
};
extern const struct check_output check_text, check_json, check_nagios;

/* Begins, adds a domain, and ends; counts what the outputs tell in the end.
 * Nothing is written before the first domain or the end: whoever fails before
 * leaves no half of a document. */
void check_begin(struct check_writer *w);
void check_domain(struct check_writer *w, const struct check_output *o,
    const struct check_view *v);
void check_end(struct check_writer *w, const struct check_output *o);

/* How bad it is: unknown if nothing is known. */
enum severity check_worst(const struct check_view *v);

/* The name of an incident's failure, as the report has it. */
const char *check_incident_name(const struct check_incident *i);

/* "mail", "https", "http", "other", "none". */
const char *check_scheme_name(enum uri_scheme scheme);

/* "version", "destinations", "extension", "bad". */
const char *check_tag_name(enum tag_kind kind);

#endif
