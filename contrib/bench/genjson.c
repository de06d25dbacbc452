/* SPDX-License-Identifier: ISC */

/*
 * A writer of JSON for the generator: the styles of the senders differ in
 * white space, which a report's size and deflating depend on.
 */

#include "config.h"

#include "base/die.h"
#include "genjson.h"

static void
put_bytes(struct json *j, const char *s, size_t n)
{
	if (buf_append(j->out, s, n) == -1)
		die("a buffer of the generator is full");
}

static void
break_line(struct json *j)
{
	if (j->indent > 0)
		put(j->out, "\n%*s", (int)(j->indent * j->depth), "");
}

static void
start_value(struct json *j, const char *key)
{
	if (j->filled)
		put(j->out, "%s", j->indent > 0 ? "," : j->comma);
	if (j->depth > 0)
		break_line(j);
	if (key != NULL)
		put(j->out, "\"%s\"%s", key, j->colon);
}

void
json_begin(struct json *j, const char *key, char bracket)
{
	start_value(j, key);
	put_bytes(j, &bracket, 1);
	j->depth++;
	j->filled = false;
}

void
json_end(struct json *j, char bracket)
{
	j->depth--;
	if (j->filled)
		break_line(j);
	put_bytes(j, &bracket, 1);
	j->filled = true;
}

void
json_string(struct json *j, const char *key, const char *value)
{
	start_value(j, key);
	put_bytes(j, "\"", 1);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			put_bytes(j, "\\", 1);
		put_bytes(j, value, 1);
	}
	put_bytes(j, "\"", 1);
	j->filled = true;
}

void
json_number(struct json *j, const char *key, unsigned value)
{
	start_value(j, key);
	put(j->out, "%u", value);
	j->filled = true;
}
