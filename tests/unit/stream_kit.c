/* SPDX-License-Identifier: ISC */

/*
 * Streams for tests of the digest, which have no store to get them from.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "stream_kit.h"

static char *texts[4096];
static size_t ntexts;
static struct stream streams[4096];
static size_t nstreams;

const char *
stream_kit_text(const char *text)
{
	size_t i;

	for (i = 0; i < ntexts; i++)
		if (strcmp(texts[i], text) == 0)
			return texts[i];
	cr_assert_lt(ntexts, sizeof(texts) / sizeof(texts[0]));
	return texts[ntexts++] = xstrdup(text);
}

const struct stream *
stream_kit_intern(const struct stream *s)
{
	const struct stream *known;
	size_t i;

	for (i = 0; i < nstreams; i++) {
		known = &streams[i];
		if (known->domain == s->domain &&
		    known->policy_type == s->policy_type &&
		    known->policy_type_text == s->policy_type_text &&
		    known->mode == s->mode && known->reporter == s->reporter &&
		    known->organization == s->organization)
			return known;
	}
	cr_assert_lt(nstreams, sizeof(streams) / sizeof(streams[0]));
	streams[nstreams] = *s;
	streams[nstreams].number = nstreams + 1;
	return &streams[nstreams++];
}

void
stream_kit_clear(void)
{
	nstreams = 0;
	while (ntexts > 0)
		free(texts[--ntexts]);
}
