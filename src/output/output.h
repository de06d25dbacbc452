/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_OUTPUT_H
#define TLSTALLY_OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "digest/digest.h"
#include "digest/health.h"

/*
 * The table of outputs.  An output writes down figures it is given and
 * counts nothing itself.  All report text goes through escape.h.
 */

/* By default CSV has those of policies, and JSON none. */
enum rows { ROWS_DEFAULT = 0, ROWS_POLICIES, ROWS_FAILURES, ROWS_COVERAGE };
enum excel { EXCEL_NO = 0, EXCEL_COMMA, EXCEL_SEMICOLON };

/* Who sends a mail to whom: addresses for which address_is_plain is true. */
struct mail_addresses {
	const char *from;
	const char *to; /* separated by ", " */
};

/* A report that is in conflict with one that is counted, at one of its
 * domains. */
struct conflict {
	const char *domain;
	int32_t day;
	bool own;   /* as the domain's figures say */
	bool first; /* of the report's domains, its first own one, or the
		       first if none is: for counting reports */
};

struct view {
	const struct figures *figures;
	enum rows rows;		    /* csv, json, mail */
	enum excel excel;	    /* csv, mail */
	struct mail_addresses mail; /* mail */
	bool failures_only;	    /* only what failed */
	bool colour;	      /* text: the reader is a terminal that wants it */
	struct health health; /* whether the store is fed at all */
	const struct scope *scope; /* what is configured */
	const char *group;	   /* the figures are of this one only; NULL */
	const char *store;	   /* the store's path, for the last line */
	size_t conflicts; /* reports of the period that are in conflict */
	const struct conflict *conflict_list; /* these, by domain and day */
	size_t nconflict_list;
	size_t empty_reports; /* reports of the period without any policy */
	bool pruned;	      /* text: the period begins before floor_day, and
				 reports of earlier days were dropped */
	int32_t floor_day;
	size_t rejects;	    /* messages that are waiting to be looked at */
	bool filtered;	    /* some policy domains were asked for */
	int32_t latest_day; /* the latest day with reports; DAY_NONE: none */
	const char *state;  /* the figures are of new reports only: the name
			       by which they are remembered; else NULL */
	int64_t told;	    /* when the earlier ones were told; TIME_NONE:
			       there are none */
};

struct output {
	const char *name;  /* as --format says */
	bool looks_back;   /* tells of the days before the period too: how long
			      a problem has lasted, who is usually heard */
	bool is_page;	   /* tells of a period as a whole, and whether it was
			      pruned; else a day is the unit */
	bool is_lines;	   /* but for coverage writes no more than the lines of
			      policies or failures */
	bool has_coverage; /* has a statement of coverage */
	bool takes_rows;   /* --rows says something to it */
	bool is_state;	   /* tells how things stand: always of all domains, the
			      configured ones without reports too, and of the
			      whole period */
	/* Writes the whole view.  Returns 0, or -1 as output_finish does. */
	int (*write)(FILE *out, const struct view *view, struct err *err);
};

/* Returns the output of that name, or NULL. */
const struct output *output_find(const char *name);

/* Returns the names of all outputs, "text, csv, ...", for messages. */
const char *output_names(void);

/* For outputs, at their end: flushes out.  Returns 0, or -1 with ERR_IO or
 * ERR_TEMPORARY (disk full) if anything could not be written; the text does
 * not say where, which the caller knows. */
int output_finish(FILE *out, struct err *err);

extern const struct output output_text;
extern const struct output output_csv;
extern const struct output output_json;
extern const struct output output_prometheus;
extern const struct output output_html;
extern const struct output output_mail;

#endif
