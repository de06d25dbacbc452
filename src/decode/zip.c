/* SPDX-License-Identifier: ISC */

/*
 * The only file that knows libarchive.  It is given less than it could do:
 * only the reader that goes by the central directory, so that a truncated
 * archive is none and there is one truth about its entries; only stored and
 * deflated data, as LZMA and PPMd let a stranger ask for 4 GiB; only archives
 * whose entries were counted before, as libarchive keeps a list of all.
 */

#include "config.h"

#include <stdbool.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/limits.h"
#include "decode/charset.h"
#include "decode/zip.h"

/* How much room is made at a time: a report fits, and a buffer that is too
 * large is copied whenever it grows. */
#define CHUNK ((size_t)16 << 10)

#define NAME_SIZE (NAME_BYTES_MAX * CHARSET_GROWTH + 1)

#define CENTRAL_HEADER "PK\001\002"
#define SIGNATURE_LEN  4

/* Counts the headers of the central directory, up to one more than max.  Such
 * bytes may stand in an entry's data too: a stored zip within the zip, which is
 * not for us. */
static size_t
count_entries(struct span in, size_t max)
{
	const char *end = in.p + in.len, *p = in.p;
	size_t n = 0;

	while (n <= max &&
	    (p = memmem(p, (size_t)(end - p), CENTRAL_HEADER, SIGNATURE_LEN)) !=
		NULL) {
		n++;
		p += SIGNATURE_LEN;
	}
	return n;
}

/* Takes libarchive's text for the trouble, which it need not have, and which
 * may have a line end. */
static int
set_problem(struct archive *a, struct err *err)
{
	const char *text = archive_error_string(a);

	if (text == NULL)
		text = "damaged or truncated";
	return err_set(
	    err, ERR_DATA, "zip: %.*s", (int)strcspn(text, "\n"), text);
}

/* Writes a name as UTF-8. */
static void
copy_name(const char *s, char out[NAME_SIZE])
{
	struct span name = span_of(s);

	if (name.len > NAME_BYTES_MAX)
		name.len = NAME_BYTES_MAX;
	*charset_decode(CHARSET_UTF8, name, out) = '\0';
}

/* libarchive has no better way to say how an entry is compressed. */
static bool
method_is_allowed(struct archive *a)
{
	const char *format = archive_format_name(a);

	return format != NULL &&
	    (strstr(format, "(uncompressed)") != NULL ||
		strstr(format, "(deflation)") != NULL);
}

/* Reads an entry's data, whose CRC libarchive checks with the last of it.
 * One byte more than allowed is room enough to tell too much from enough. */
static int
read_data(struct archive *a, struct zip_reading *r, struct err *err)
{
	struct buf *data = r->data;
	size_t left = r->max_bytes - r->bytes, room;
	la_ssize_t n;

	data->len = 0;
	data->cap = left + 1;
	do {
		room = data->cap - data->len;
		if (room > CHUNK)
			room = CHUNK;
		buf_reserve(data, room);
		n = archive_read_data(a, data->data + data->len, room);
		if (n < 0)
			return set_problem(a, err);
		data->len += (size_t)n;
		r->bytes += (size_t)n;
		if (data->len > left)
			return err_set(err, ERR_BOUND,
			    "zip: more than %zu bytes (%s)", r->max_bytes,
			    r->law);
	} while (n > 0);
	return 0;
}

/* Reads one entry and gives it on.  Returns 0 to go on, 1 to stop, -1. */
static int
read_entry(struct archive *a, struct archive_entry *e, struct zip_reading *r,
    struct err *err)
{
	char name[NAME_SIZE];

	if (archive_entry_filetype(e) != AE_IFREG)
		return 0;
	if (archive_entry_is_encrypted(e))
		return err_set(err, ERR_DATA, "zip: encrypted");
	if (!method_is_allowed(a))
		return err_set(err, ERR_DATA,
		    "zip: compressed by another method than deflate");
	copy_name(archive_entry_pathname(e), name);
	if (read_data(a, r, err) == -1)
		return -1;
	return r->fn(r->arg, name,
		   (struct span){buf_string(r->data), r->data->len}) != 0;
}

static int
read_entries(struct archive *a, struct zip_reading *r, struct err *err)
{
	struct archive_entry *e;
	int rc;

	for (;;) {
		rc = archive_read_next_header(a, &e);
		if (rc == ARCHIVE_EOF)
			return 0;
		/* A warning is about a name that is in no charset of ours. */
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return set_problem(a, err);
		rc = read_entry(a, e, r, err);
		if (rc != 0)
			return rc == -1 ? -1 : 0;
	}
}

int
zip_read(struct span in, struct zip_reading *r, struct err *err)
{
	struct archive *a;
	int rc = -1;

	if (count_entries(in, r->max_entries) > r->max_entries)
		return err_set(err, ERR_BOUND,
		    "zip: more than %zu entries (archive_entries)",
		    r->max_entries);
	a = archive_read_new();
	if (a == NULL ||
	    archive_read_support_format_zip_seekable(a) != ARCHIVE_OK)
		err_set(err, ERR_DATA, "zip: libarchive does not start");
	else if (archive_read_open_memory(a, in.p, in.len) != ARCHIVE_OK)
		set_problem(a, err);
	else
		rc = read_entries(a, r, err);
	archive_read_free(a);
	return rc;
}

const char *
zip_library_version(void)
{
	return archive_version_string() + strlen("libarchive ");
}
