/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_REPORT_DECODED_H
#define TLSTALLY_REPORT_DECODED_H

#include <stddef.h>

#include "base/arena.h"
#include "report/report.h"

/*
 * What the decoder made of one message: reports that can be counted, and
 * faults, each of which is a report that was claimed and cannot be used.
 * With neither, the message is foreign: no report was claimed at all.
 */

/* Raised with every change that lets the decoder read what it could not, or
 * read something differently: rejects and foreign mail are offered again. */
#define DECODER_VERSION 1

enum fault_kind {
	FAULT_UNUSABLE = 1, /* what it says makes no report */
	FAULT_BOUND = 2,    /* it goes over a named bound */
	FAULT_RESOURCE = 3  /* our own trouble; the next run tries again */
};

struct fault {
	enum fault_kind kind;
	const char *reason; /* place, trouble and law; UTF-8, unescaped */
};

struct decoded {
	struct arena *arena; /* holds all the rest, and is not owned */
	struct report **reports;
	size_t nreports;
	struct fault *faults;
	size_t nfaults;
};

#endif
