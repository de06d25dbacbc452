/* SPDX-License-Identifier: ISC */

/*
 * The reading and writing of tables.  Depth is that of the tables, which are
 * ours; nothing that was read leads deeper.
 */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/date.h"
#include "base/sha256.h"
#include "domain/codec.h"

static const void *
member(const void *object, size_t offset)
{
	return (const char *)object + offset;
}

static void *
place(void *object, size_t offset)
{
	return (char *)object + offset;
}

/* ---- writing ---- */

#define READ(type, p) (*(const type *)(p))

/* A pointer of any type. */
static const void *
pointer(const void *p)
{
	const void *v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static void
put_text_or(struct fields_out *o, const char *text)
{
	fields_put_u8(o, text != NULL);
	if (text != NULL)
		fields_put_string(o, text);
}

static void
put_hash(struct fields_out *o, const unsigned char *hash)
{
	fields_put_bytes(o, hash, hash != NULL ? SHA256_LEN : 0);
}

static void
put_list(struct fields_out *o, const struct codec_field *field,
    const char *items, size_t n)
{
	size_t i;

	n = n < field->most ? n : field->most;
	fields_put_u32(o, (uint32_t)n);
	for (i = 0; i < n; i++)
		codec_put(o, field->fields, items + i * field->size);
}

static void
put_one(
    struct fields_out *o, const struct codec_field *field, const void *object)
{
	const void *p = member(object, field->offset);

	switch (field->kind) {
	case CODEC_TEXT:
		fields_put_string(o, pointer(p));
		break;
	case CODEC_TEXT_OR:
		put_text_or(o, pointer(p));
		break;
	case CODEC_CHOICE:
	case CODEC_COUNT:
		fields_put_u32(o, READ(unsigned, p));
		break;
	case CODEC_BOOL:
		fields_put_u8(o, READ(bool, p));
		break;
	case CODEC_U16:
		fields_put_u32(o, READ(uint16_t, p));
		break;
	case CODEC_U32:
		fields_put_u32(o, READ(uint32_t, p));
		break;
	case CODEC_INT:
		fields_put_u32(o, (uint32_t)READ(int, p));
		break;
	case CODEC_SIZE:
		fields_put_u64(o, READ(size_t, p));
		break;
	case CODEC_U64:
		fields_put_u64(o, READ(uint64_t, p));
		break;
	case CODEC_I64:
	case CODEC_TIME:
		fields_put_u64(o, (uint64_t)READ(int64_t, p));
		break;
	case CODEC_HASH:
		put_hash(o, pointer(p));
		break;
	case CODEC_LIST:
		put_list(o, field, pointer(p),
		    READ(size_t, member(object, field->count)));
		break;
	case CODEC_PART:
		codec_put(o, field->fields, p);
		break;
	case CODEC_END:
		break;
	}
}

void
codec_put(
    struct fields_out *o, const struct codec_field *fields, const void *object)
{
	for (; fields->kind != CODEC_END; fields++)
		put_one(o, fields, object);
}

/* ---- reading ---- */

#define WRITE(type, p) (*(type *)(p))

static void
set_pointer(void *p, const void *v)
{
	memcpy(p, &v, sizeof(v));
}

static const char *
get_text(struct fields *f, size_t most)
{
	const char *text = fields_string(f, most), *p;

	for (p = text; *p != '\0'; p++)
		if (*p < ' ' || *p > '~') {
			f->bad = true;
			return "";
		}
	return text;
}

static uint64_t
get_up_to(struct fields *f, uint64_t v, uint64_t most)
{
	if (v <= most)
		return v;
	f->bad = true;
	return 0;
}

/* Two of them can be subtracted from one another. */
static int64_t
get_time(int64_t t)
{
	const int64_t first = (int64_t)DAY_MIN * DAY_SECONDS;
	const int64_t last = ((int64_t)DAY_MAX + 1) * DAY_SECONDS - 1;

	if (t == TIME_NONE)
		return t;
	return t < first ? first : t > last ? last : t;
}

static const unsigned char *
get_hash(struct fields *f)
{
	size_t len;
	const void *p = fields_bytes(f, &len);

	if (len == SHA256_LEN)
		return p;
	f->bad = f->bad || len != 0;
	return NULL;
}

/* Every element takes at least an octet: no count makes us allocate more than
 * has come. */
static void *
get_list(struct fields *f, struct arena *arena, const struct codec_field *field,
    size_t *n)
{
	char *items;
	size_t i;

	*n = (size_t)get_up_to(f, fields_u32(f), field->most);
	*n = (size_t)get_up_to(f, *n, fields_left(f));
	items = arena_calloc(arena, *n + 1, field->size);
	for (i = 0; i < *n && !f->bad; i++)
		codec_get(f, arena, field->fields, items + i * field->size);
	if (f->bad)
		*n = 0;
	return items;
}

static void
get_one(struct fields *f, struct arena *arena, const struct codec_field *field,
    void *object)
{
	void *p = place(object, field->offset);

	switch (field->kind) {
	case CODEC_TEXT:
		set_pointer(p, get_text(f, field->most));
		break;
	case CODEC_TEXT_OR:
		set_pointer(
		    p, fields_bool(f) ? get_text(f, field->most) : NULL);
		break;
	case CODEC_CHOICE:
		WRITE(unsigned, p) =
		    (unsigned)get_up_to(f, fields_u32(f), field->most);
		break;
	case CODEC_COUNT:
		WRITE(unsigned, p) = fields_u32(f);
		break;
	case CODEC_BOOL:
		WRITE(bool, p) = fields_bool(f);
		break;
	case CODEC_U16:
		WRITE(uint16_t, p) =
		    (uint16_t)get_up_to(f, fields_u32(f), UINT16_MAX);
		break;
	case CODEC_U32:
		WRITE(uint32_t, p) = fields_u32(f);
		break;
	case CODEC_INT:
		WRITE(int, p) = (int)get_up_to(f, fields_u32(f), field->most);
		break;
	case CODEC_SIZE:
		WRITE(size_t, p) = (size_t)fields_u64(f);
		break;
	case CODEC_U64:
		WRITE(uint64_t, p) = fields_u64(f);
		break;
	case CODEC_I64:
		WRITE(int64_t, p) = (int64_t)fields_u64(f);
		break;
	case CODEC_TIME:
		WRITE(int64_t, p) = get_time((int64_t)fields_u64(f));
		break;
	case CODEC_HASH:
		set_pointer(p, get_hash(f));
		break;
	case CODEC_LIST:
		set_pointer(p,
		    get_list(f, arena, field,
			&WRITE(size_t, place(object, field->count))));
		break;
	case CODEC_PART:
		codec_get(f, arena, field->fields, p);
		break;
	case CODEC_END:
		break;
	}
}

void
codec_get(struct fields *f, struct arena *arena,
    const struct codec_field *fields, void *object)
{
	for (; fields->kind != CODEC_END; fields++)
		get_one(f, arena, fields, object);
}
