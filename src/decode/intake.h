/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_INTAKE_H
#define TLSTALLY_DECODE_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/keyed_hash.h"
#include "base/limits.h"
#include "base/span.h"
#include "decode/auth.h"
#include "decode/collect.h"
#include "decode/tlsrpt.h"
#include "decode/unpack.h"

/*
 * From the bytes of a part, or of a file, to reports: unpacked, parsed, and
 * completed with what the message around them says.
 */

/* What the attachments of one message have in common. */
struct intake {
	struct unpacker *unpacker;
	struct tlsrpt *tlsrpt;
	struct buf layers[GZIP_LAYERS];
	struct buf deflated;
	struct collector collector;
	/* Of the message; to be set after intake_start. */
	struct span header; /* the outermost, "" if it is no mail */
	const char *authserv_id;
	bool has_auth; /* auth is that of header: the first report reads it */
	struct auth auth;
	int64_t received;
	struct keyed_hash *hash; /* its key, too, is to be set */
	/* Why an attachment that claims nothing was left aside; its code is
	 * ERR_NONE if none was. */
	struct err doubt;
};

/* Carriages can have few deviations: a bit each. */
#define INTAKE_NOTE(code) (UINT64_C(1) << DEVIATION_##code)

/* Bytes that may be a report. */
struct attachment {
	struct span bytes; /* transfer-decoded */
	/* Where it stood: around is "" or "part 3, " for a forwarded message,
	 * number that of the part, or 0 for a file. */
	const char *around;
	size_t number;
	struct tlsrpt_context context;
	uint64_t notes; /* an INTAKE_NOTE for each deviation */
	bool says_gzip;
	bool says_json;
	bool claims; /* it means to be a report: if it is none, that is a
			fault */
};

void intake_init(struct intake *in, const struct limits *limits);
void intake_free(struct intake *in);

/* Begins a message, whose reports and faults go to out. */
void intake_start(struct intake *in, struct arena *arena, struct decoded *out);

/* Adds the reports of an attachment, and what is wrong with it if it claims
 * to be one.  A file whose JSON is of something else adds nothing. */
void intake_read(struct intake *in, const struct attachment *a);

#endif
