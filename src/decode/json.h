/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_JSON_H
#define TLSTALLY_DECODE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"

/*
 * JSON (RFC 8259) held to I-JSON (RFC 7493): strict in grammar and bounds,
 * lenient with the text within strings.  Which library reads it is known to
 * json.c alone.
 */

/* Keeps memory from one document to the next. */
struct json;

/* A value of a document; it lives until the next json_parse or json_free. */
struct json_value;

enum json_type {
	JSON_NULL = 0,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/* What was mended, or passed over, to read a document. */
enum json_quirk {
	JSON_HAS_BOM = 1,	  /* a byte order mark, passed over */
	JSON_HAS_BAD_TEXT = 2,	  /* in strings: invalid UTF-8, lone surrogates
				     and NUL, each now U+FFFD; raw control
				     characters and noncharacters, kept */
	JSON_HAS_TRAILING_NUL = 4 /* NUL bytes behind the value */
};

/* Returns a reader that holds limits, which is copied. */
struct json *json_new(const struct limits *limits);
void json_free(struct json *j);

/* Reads the one value that text is.  *quirks gets the flags of enum
 * json_quirk.  Returns it, or NULL with ERR_DATA (no JSON, or a member name
 * twice in an object) or ERR_BOUND (json_bytes, json_depth, json_values).
 * The value refers to text only while this runs. */
const struct json_value *json_parse(
    struct json *j, struct span text, unsigned *quirks, struct err *err);

enum json_type json_type(const struct json_value *v);

/* Returns the text of a string, UTF-8 without NUL; NULL for other types. */
const char *json_string(const struct json_value *v);

/* Sets *out to a number; it may be infinite.  Returns false for other types,
 * strings of digits included. */
bool json_number(const struct json_value *v, double *out);

/* The bytes that json_scalar_text may need for a number of few digits. */
#define JSON_SCALAR_SIZE 32

/* Returns a string, number or boolean as text: a number with the digits that
 * it was written with, in tmp or in the document.  NULL for other types. */
const char *json_scalar_text(
    const struct json_value *v, char tmp[JSON_SCALAR_SIZE]);

/* The elements of an array or members of an object, in order: the first, and
 * the one behind v; NULL when there is none, or v cannot have any. */
const struct json_value *json_first(const struct json_value *v);
const struct json_value *json_next(const struct json_value *v);

/* The name of a member, UTF-8 without NUL; "" for what is none. */
const char *json_name(const struct json_value *v);

/* How many elements or members v has; walks over them. */
size_t json_count(const struct json_value *v);

/* The version of the library behind it. */
const char *json_library_version(void);

#endif
