/* SPDX-License-Identifier: ISC */

/*
 * cJSON, kept at arm's length.  It gets text that jsontext.c has found to be
 * JSON within its bounds, so that its leniencies, its recursion and its 64
 * bytes a value do no harm.  What it builds lives in an arena that is reset
 * with the next document: nothing is freed node by node.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/die.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "decode/json.h"
#include "decode/jsonstring.h"
#include "decode/jsontext.h"

/* Holds the tree of a report of 10 KiB; most are smaller. */
#define ARENA_SIZE ((size_t)64 << 10)

/* A mended copy that is larger than this is not kept for the next. */
#define MENDED_KEEP ((size_t)64 << 10)

/* Up to here, comparing each name with each is faster than sorting. */
#define PAIRWISE_MAX 16

/* How much of a stranger's member name, and of a place, an error shows. */
#define NAME_SHOWN  64
#define PLACE_SHOWN 256

struct json {
	struct limits limits;
	struct arena *arena;
	struct jsontext text;
	struct buf mended;
	cJSON **around; /* the containers around a value, json_depth */
};

/* How far a walk over a tree has come. */
struct walk {
	size_t depth;
	size_t numbers; /* seen */
	size_t kept;	/* of those whose text the scan kept */
};

/* cJSON's hooks take no argument, so the arena of the document that is being
 * read has to stand here.  It is used within json_parse only. */
static struct arena *hook_arena;

static void *
hook_malloc(size_t size)
{
	return arena_alloc(hook_arena, size);
}

static void
hook_free(void *p)
{
	(void)p;
}

struct json *
json_new(const struct limits *limits)
{
	struct json *j = xcalloc(1, sizeof(*j));

	j->limits = *limits;
	j->arena = arena_new(ARENA_SIZE);
	j->mended.cap = limits->json_bytes;
	j->around = xcalloc(limits->json_depth + 1, sizeof(*j->around));
	jsontext_init(&j->text, limits);
	return j;
}

void
json_free(struct json *j)
{
	if (j == NULL)
		return;
	jsontext_clear(&j->text);
	buf_free(&j->mended);
	arena_free(j->arena);
	free(j->around);
	free(j);
}

static const char *
duplicate_sorted(struct arena *arena, const cJSON *object, size_t n)
{
	const char **names = arena_calloc(arena, n, sizeof(*names));
	const cJSON *m;
	size_t i = 0;

	for (m = object->child; m != NULL; m = m->next)
		names[i++] = m->string;
	qsort(names, n, sizeof(*names), strings_compare);
	for (i = 1; i < n; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			return names[i];
	return NULL;
}

/* Returns a member name that stands twice in object, or NULL. */
static const char *
duplicate_name(struct arena *arena, const cJSON *object)
{
	const cJSON *m, *other;
	size_t n = 0;

	for (m = object->child; m != NULL; m = m->next) {
		if (++n > PAIRWISE_MAX)
			return duplicate_sorted(arena, object,
			    json_count((const struct json_value *)object));
		for (other = object->child; other != m; other = other->next)
			if (other->string[0] == m->string[0] &&
			    strcmp(other->string, m->string) == 0)
				return m->string;
	}
	return NULL;
}

/* Returns how much of s to show: whole characters up to max bytes. */
static int
shown(const char *s, size_t max)
{
	return (int)utf8_valid_prefix(s, strnlen(s, max));
}

/* Returns the place of the object that j->around leads to, such as
 * "policies[1].summary". */
static const char *
object_place(struct json *j, size_t depth, const cJSON *object)
{
	const char *place = "", *dot = "";
	const cJSON *v, *other;
	size_t i, index;

	for (i = 1; i <= depth; i++) {
		v = i < depth ? j->around[i] : object;
		if (v->string != NULL) {
			place = arena_printf(j->arena, "%s%s%.*s", place, dot,
			    shown(v->string, NAME_SHOWN), v->string);
		} else {
			index = 0;
			for (other = j->around[i - 1]->child; other != v;
			     other = other->next)
				index++;
			place = arena_printf(j->arena, "%s[%zu]", place, index);
		}
		dot = ".";
	}
	return place;
}

static int
check_object(struct json *j, size_t depth, const cJSON *object, struct err *err)
{
	const char *name = duplicate_name(j->arena, object);
	const char *place;

	if (name == NULL)
		return 0;
	place = object_place(j, depth, object);
	return err_set(err, ERR_DATA,
	    "%.*s%sthe name \"%.*s\" stands twice (RFC 7493 2.3)",
	    shown(place, PLACE_SHOWN), place, place[0] != '\0' ? ": " : "",
	    shown(name, NAME_SHOWN), name);
}

/* Gives number v, which comes next in the text, back the digits that a double
 * may have bent. */
static void
restore_digits(struct json *j, cJSON *v, struct walk *w)
{
	const struct jsontext *t = &j->text;
	struct span digits;

	if (w->kept < t->nnumbers &&
	    t->numbers[w->kept].ordinal == w->numbers) {
		digits = t->numbers[w->kept++].text;
		v->valuestring = arena_strndup(j->arena, digits.p, digits.len);
	}
	w->numbers++;
}

/* Walks over the whole tree in the order of the text, without recursion, and
 * refuses names that stand twice. */
static int
check_tree(struct json *j, cJSON *root, struct err *err)
{
	struct walk w = {0};
	cJSON *v = root;

	for (;;) {
		if (v->type == cJSON_Number)
			restore_digits(j, v, &w);
		else if (v->type == cJSON_Object &&
		    check_object(j, w.depth, v, err) == -1)
			return -1;
		if (v->child != NULL) {
			j->around[w.depth++] = v;
			v = v->child;
			continue;
		}
		while (v->next == NULL && w.depth > 0)
			v = j->around[--w.depth];
		if (v->next == NULL)
			return 0;
		v = v->next;
	}
}

/* Has cJSON build the tree of a body that passed the scan. */
static cJSON *
build(struct json *j, struct span body, struct err *err)
{
	cJSON_Hooks hooks = {hook_malloc, hook_free};
	const char *end = NULL;
	cJSON *root;

	cJSON_InitHooks(&hooks);
	hook_arena = j->arena;
	root = cJSON_ParseWithLengthOpts(body.p, body.len, &end, 0);
	hook_arena = NULL;
	if (root == NULL || end != body.p + body.len) {
		err_set(err, ERR_DATA, "the JSON cannot be read");
		return NULL;
	}
	return root;
}

const struct json_value *
json_parse(struct json *j, struct span text, unsigned *quirks, struct err *err)
{
	struct span body;
	cJSON *root;

	*quirks = 0;
	arena_reset(j->arena);
	if (jsontext_scan(&j->text, text, &j->limits, err) == -1)
		return NULL;
	body = j->text.body;
	if (j->text.needs_mending) {
		if (jsonstring_mend(body, &j->mended) == -1) {
			buf_free(&j->mended);
			err_set(err, ERR_BOUND,
			    "JSON, mended, exceeds the bound json_bytes (%zu)",
			    j->limits.json_bytes);
			return NULL;
		}
		body = (struct span){j->mended.data, j->mended.len};
	}
	root = build(j, body, err);
	buf_reset(&j->mended, MENDED_KEEP);
	if (root == NULL || check_tree(j, root, err) == -1)
		return NULL;
	*quirks = j->text.quirks;
	return (const struct json_value *)root;
}

static const cJSON *
node(const struct json_value *v)
{
	return (const cJSON *)v;
}

enum json_type
json_type(const struct json_value *v)
{
	switch (node(v)->type) {
	case cJSON_Object:
		return JSON_OBJECT;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_True:
	case cJSON_False:
		return JSON_BOOL;
	default:
		return JSON_NULL;
	}
}

const char *
json_string(const struct json_value *v)
{
	return node(v)->type == cJSON_String ? node(v)->valuestring : NULL;
}

bool
json_number(const struct json_value *v, double *out)
{
	if (node(v)->type != cJSON_Number)
		return false;
	*out = node(v)->valuedouble;
	return true;
}

const char *
json_scalar_text(const struct json_value *v, char tmp[JSON_SCALAR_SIZE])
{
	const cJSON *n = node(v);

	switch (n->type) {
	case cJSON_String:
		return n->valuestring;
	case cJSON_True:
		return "true";
	case cJSON_False:
		return "false";
	case cJSON_Number:
		if (n->valuestring != NULL)
			return n->valuestring;
		snprintf(tmp, JSON_SCALAR_SIZE, "%.0f", n->valuedouble);
		return tmp;
	default:
		return NULL;
	}
}

const struct json_value *
json_first(const struct json_value *v)
{
	return (const struct json_value *)node(v)->child;
}

const struct json_value *
json_next(const struct json_value *v)
{
	return (const struct json_value *)node(v)->next;
}

const char *
json_name(const struct json_value *v)
{
	return node(v)->string != NULL ? node(v)->string : "";
}

size_t
json_count(const struct json_value *v)
{
	const cJSON *m;
	size_t n = 0;

	for (m = node(v)->child; m != NULL; m = m->next)
		n++;
	return n;
}

const char *
json_library_version(void)
{
	return cJSON_Version();
}
