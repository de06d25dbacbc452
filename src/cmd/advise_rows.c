/* SPDX-License-Identifier: ISC */

/*
 * One sweep ahead of the sums.  It is cheap beside them, and spares one for
 * each domain whose policy's MX hosts are asked for.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "cmd/advise_rows.h"

/* Rows of a part: each takes some 250 octets while it is summed up. */
#define PART_ROWS ((size_t)64 << 10)

static struct stream_note *
note_of(struct advise_rows *rows, size_t number)
{
	size_t room = rows->nnotes > 0 ? rows->nnotes : 256;

	while (room <= number)
		room *= 2;
	if (room > rows->nnotes) {
		rows->notes =
		    xreallocarray(rows->notes, room, sizeof(*rows->notes));
		memset(rows->notes + rows->nnotes, 0,
		    (room - rows->nnotes) * sizeof(*rows->notes));
		rows->nnotes = room;
	}
	return &rows->notes[number];
}

static int
take_row(void *arg, const struct policy_row *row)
{
	struct advise_rows *rows = arg;
	struct stream_note *note = note_of(rows, row->stream->number);

	rows->n++;
	note->domain = row->stream->domain;
	if (row->stream->policy_type == POLICY_STS && row->text != 0) {
		note->text = row->text;
		note->at = rows->n;
	}
	return 0;
}

int
advise_rows_find(struct advise_rows *rows, struct store *store,
    const struct filter *filter, struct err *err)
{
	const struct row_reader reader = {.policy = take_row, .arg = rows};

	*rows = (struct advise_rows){.filter = filter};
	if (store_rows(store, filter, &reader, err) == -1)
		return -1;
	rows->parts = rows->n / PART_ROWS + 1;
	return 0;
}

void
advise_rows_free(struct advise_rows *rows)
{
	free(rows->notes);
	*rows = (struct advise_rows){.notes = NULL};
}

/* FNV-1a: the same domains are together in every run. */
static size_t
part_of(const struct advise_rows *rows, const char *domain)
{
	uint32_t hash = UINT32_C(2166136261);

	for (; *domain != '\0'; domain++)
		hash = (hash ^ (unsigned char)*domain) * UINT32_C(16777619);
	return hash % rows->parts;
}

static bool
takes(const void *arg, const char *domain)
{
	const struct advise_rows *rows = arg;

	return part_of(rows, domain) == rows->part &&
	    filter_takes_domain(rows->filter, domain);
}

struct filter
advise_rows_part(const struct advise_rows *rows)
{
	struct filter f = *rows->filter;

	if (rows->parts == 1)
		return f;
	f.domains = NULL;
	f.ndomains = 0;
	f.takes = takes;
	f.takes_arg = rows;
	return f;
}

int64_t
advise_rows_text(const struct advise_rows *rows, const char *domain)
{
	const struct stream_note *note = rows->notes;
	int64_t text = 0;
	size_t at = 0, i;

	for (i = 0; i < rows->nnotes; i++, note++)
		if (note->domain == domain && note->at > at) {
			text = note->text;
			at = note->at;
		}
	return text;
}
