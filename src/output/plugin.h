/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_PLUGIN_H
#define TLSTALLY_OUTPUT_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "digest/alarm.h"

/*
 * What a monitoring system reads: one line with the verdict, a "|" and the
 * performance data, then lines for people, as the Monitoring Plugins
 * guidelines have it for Nagios, Icinga and their kin.  Findings of any part
 * of monitor go in, and one verdict comes out.
 */

/* Stands in front of the first line. */
#define PLUGIN_SERVICE "TLSRPT"

/* The first line without its performance data, and any other line, in bytes;
 * what is longer is cut. */
#define PLUGIN_FIRST_MAX 240
#define PLUGIN_LINE_MAX	 800

/* As many findings are written out; old transports cut at 1 KiB, most at 8. */
#define PLUGIN_FINDINGS 20

/* One thing that is to be told, in texts that passed plugin_put. */
struct plugin_finding {
	enum level level;
	char *why;  /* what is wrong, and where */
	char *what; /* what to do about it */
};

/* Performance data.  Numbers are 0 or more; THRESHOLD_UNSET: not there, and as
 * a value not known. */
struct measure {
	const char *label; /* what is not of a host name becomes "_" */
	bool is_ratio;	   /* in millionths, written as a percentage */
	int64_t value;
	int64_t warning;
	int64_t critical;
};

struct plugin {
	struct plugin_finding *findings; /* the worst first */
	size_t nfindings;
	const char *summary; /* what to say if there is none */
	const struct measure *measures;
	size_t nmeasures;
	char *const *notes; /* further lines */
	size_t nnotes;
	size_t most; /* findings that are written out; 0: the first line
			alone */
};

/* An escaper for words.h: as escape_text, and "|" as "<7C>", since that would
 * begin performance data. */
void plugin_put(FILE *out, const char *text);

/* The worst of all findings. */
enum level plugin_level(const struct plugin *p);

/* Writes it all. */
void plugin_write(FILE *out, const struct plugin *p);

#endif
