/* SPDX-License-Identifier: ISC */

/*
 * Fields between processes.  Everything that is read is judged as if a
 * stranger had written it; once a field was bad, nothing moves on, so that no
 * reader runs on in the wrong place.
 */

#include "config.h"

#include <string.h>

#include "base/fields.h"
#include "base/utf8.h"

struct fields
fields_of(const void *p, size_t len)
{
	return (struct fields){.p = p, .len = len};
}

/* The next len bytes; NULL, and all is bad, if they are not there. */
static const unsigned char *
take(struct fields *f, size_t len)
{
	const unsigned char *p = f->p + f->at;

	if (f->bad || len > f->len - f->at) {
		f->bad = true;
		return NULL;
	}
	f->at += len;
	return p;
}

/* Reads an integer of that size. */
static void
get(struct fields *f, void *v, size_t size)
{
	const unsigned char *p = take(f, size);

	if (p != NULL)
		memcpy(v, p, size);
}

uint8_t
fields_u8(struct fields *f)
{
	uint8_t v = 0;

	get(f, &v, sizeof(v));
	return v;
}

uint32_t
fields_u32(struct fields *f)
{
	uint32_t v = 0;

	get(f, &v, sizeof(v));
	return v;
}

uint64_t
fields_u64(struct fields *f)
{
	uint64_t v = 0;

	get(f, &v, sizeof(v));
	return v;
}

bool
fields_bool(struct fields *f)
{
	uint8_t v = fields_u8(f);

	if (v > 1)
		f->bad = true;
	return v == 1;
}

const char *
fields_string(struct fields *f, size_t most)
{
	size_t len;
	const char *s = fields_bytes(f, &len);
	const unsigned char *nul = take(f, 1);

	if (nul == NULL || *nul != '\0' || len > most ||
	    memchr(s, '\0', len) != NULL || utf8_valid_prefix(s, len) != len) {
		f->bad = true;
		return "";
	}
	return s;
}

const void *
fields_bytes(struct fields *f, size_t *len)
{
	const unsigned char *p;

	*len = fields_u32(f);
	p = take(f, *len);
	if (p == NULL) {
		*len = 0;
		return "";
	}
	return p;
}

size_t
fields_left(const struct fields *f)
{
	return f->bad ? 0 : f->len - f->at;
}

const void *
fields_rest(struct fields *f, size_t *len)
{
	*len = fields_left(f);
	return *len > 0 ? take(f, *len) : (const void *)"";
}

bool
fields_are_whole(const struct fields *f)
{
	return !f->bad && f->at == f->len;
}

void
fields_put_rest(struct fields_out *o, const void *p, size_t len)
{
	if (o->over || buf_append(o->buf, p, len) == -1)
		o->over = true;
}

void
fields_put_u8(struct fields_out *o, uint8_t v)
{
	fields_put_rest(o, &v, sizeof(v));
}

void
fields_put_u32(struct fields_out *o, uint32_t v)
{
	fields_put_rest(o, &v, sizeof(v));
}

void
fields_put_u64(struct fields_out *o, uint64_t v)
{
	fields_put_rest(o, &v, sizeof(v));
}

void
fields_put_string(struct fields_out *o, const char *s)
{
	if (s == NULL)
		s = "";
	fields_put_bytes(o, s, strlen(s));
	fields_put_u8(o, '\0');
}

void
fields_put_bytes(struct fields_out *o, const void *p, size_t len)
{
	if (len > UINT32_MAX) {
		o->over = true;
		return;
	}
	fields_put_u32(o, (uint32_t)len);
	fields_put_rest(o, p, len);
}
