/* SPDX-License-Identifier: ISC */

/*
 * The door to the decoder.  The decoder is made at the first message, as a
 * run that finds nothing new needs none; it runs in this process.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "decode/candidate.h"
#include "decode/decode.h"
#include "decode/gzip.h"
#include "decode/json.h"
#include "decode/unpack.h"
#include "decode/zip.h"
#include "jail/jail.h"

struct jail {
	struct limits limits;
	struct decoder *decoder;   /* NULL until a message comes */
	struct unpacker *unpacker; /* NULL until an original is asked for */
};

struct jail *
jail_new(const struct limits *limits)
{
	struct jail *j = xcalloc(1, sizeof(*j));

	j->limits = *limits;
	return j;
}

void
jail_free(struct jail *j)
{
	if (j == NULL)
		return;
	decoder_free(j->decoder);
	unpacker_free(j->unpacker);
	free(j);
}

int
jail_decode(struct jail *j, const struct jail_input *in, struct arena *arena,
    struct decoded *out, struct err *err)
{
	const struct decode_input input = {.bytes = in->bytes,
	    .len = in->len,
	    .name = in->name,
	    .received = in->received,
	    .authserv_id = in->authserv_id,
	    .stored = in->stored};

	(void)err;
	if (j->decoder == NULL)
		j->decoder = decoder_new(&j->limits);
	decode_message(j->decoder, &input, arena, out);
	return 0;
}

bool
jail_may_be_report(struct jail *j, const char *head, size_t len)
{
	/* More than the decoder would take is for it to reject. */
	return len > j->limits.header_bytes ||
	    candidate_is_likely((struct span){head, len});
}

int
jail_original(struct jail *j, const struct original *original, struct buf *out,
    struct err *err)
{
	if (j->unpacker == NULL)
		j->unpacker = unpacker_new(&j->limits);
	return unpack_original(j->unpacker, original, out, err);
}

void
jail_libraries(struct jail_library list[JAIL_LIBRARIES])
{
	list[0] = (struct jail_library){"zlib", gzip_library_version()};
	list[1] = (struct jail_library){"libarchive", zip_library_version()};
	list[2] = (struct jail_library){"cJSON", json_library_version()};
}
