/* SPDX-License-Identifier: ISC */

/*
 * From a pattern to the name of a file.  Names of groups are the owner's, but
 * they may have been taken from customers.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "cmd/tell_file.h"

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || strchr("-_.@+", c) != NULL ||
	    (unsigned char)c >= 0x80;
}

static void
put_group(FILE *out, const struct scope_group *group)
{
	const char *p = group != NULL ? group->name : "all";

	for (; *p != '\0'; p++)
		putc(*p == '.' && (group == NULL || p == group->name) ? '_'
			: is_plain(*p)				      ? *p
								      : '_',
		    out);
}

/* The ISO week that begins on that Monday: its year is that of its
 * Thursday. */
static void
put_week(FILE *out, int32_t monday)
{
	const int year = civil_from_day(monday + 3).year;

	fprintf(out, "%04d-W%02d", year,
	    (monday - day_from_iso_week(year, 1)) / 7 + 1);
}

static void
put_period(FILE *out, int32_t first, int32_t last)
{
	char a[DATE_SIZE], b[DATE_SIZE];

	date_format_day(first, a);
	date_format_day(last, b);
	if (first == last)
		fputs(a, out);
	else if (first == day_week_start(first) && last == first + 6)
		put_week(out, first);
	else if (first == day_month_start(first) &&
	    last == day_add_months(first, 1) - 1)
		fprintf(out, "%.7s", a);
	else
		fprintf(out, "%s_%s", a, b);
}

char *
tell_file_name(const struct telling *t, int32_t first_day, int32_t last_day)
{
	const char *p = t->file;
	char *name;
	size_t size;
	FILE *out;

	if (p == NULL)
		return NULL;
	out = xmemstream(&name, &size);
	while (*p != '\0') {
		if (strncmp(p, "{group}", 7) == 0) {
			put_group(out, t->group);
			p += 7;
		} else if (strncmp(p, "{period}", 8) == 0) {
			put_period(out, first_day, last_day);
			p += 8;
		} else
			putc(*p++, out);
	}
	xmemstream_end(out);
	return name;
}

int
tell_check_file(const char *pattern, bool each_group, struct err *err)
{
	const char *p = pattern;

	while (p != NULL && (p = strchr(p, '{')) != NULL) {
		if (strncmp(p, "{group}", 7) != 0 &&
		    strncmp(p, "{period}", 8) != 0)
			return err_set(err, ERR_USAGE,
			    "--output: %s: only {group} and {period} may stand "
			    "in braces",
			    pattern);
		p++;
	}
	if (each_group &&
	    (pattern == NULL || strstr(pattern, "{group}") == NULL))
		return err_set(err, ERR_USAGE,
		    "--each-group needs --output with {group} in it");
	return 0;
}

/* A group and what stands for its name in that of a file. */
struct plain_name {
	char *text;
	const struct scope_group *group;
};

static int
compare_plain_names(const void *a, const void *b)
{
	return strcmp(((const struct plain_name *)a)->text,
	    ((const struct plain_name *)b)->text);
}

static char *
plain_name(const struct scope_group *group)
{
	char *name;
	size_t size;
	FILE *out = xmemstream(&name, &size);

	put_group(out, group);
	xmemstream_end(out);
	return name;
}

int
tell_check_groups(const struct scope *scope, struct err *err)
{
	const size_t n = scope->ngroups;
	struct plain_name *names = xcalloc(n, sizeof(*names));
	size_t i;
	int rc = 0;

	for (i = 0; i < n; i++)
		names[i] = (struct plain_name){
		    plain_name(&scope->groups[i]), &scope->groups[i]};
	if (n > 1)
		qsort(names, n, sizeof(*names), compare_plain_names);
	for (i = 1; rc == 0 && i < n; i++)
		if (compare_plain_names(&names[i - 1], &names[i]) == 0)
			rc = err_set(err, ERR_USAGE,
			    "--each-group: groups \"%s\" and \"%s\" would "
			    "write the same file, as {group} is %s for both",
			    names[i - 1].group->name, names[i].group->name,
			    names[i].text);
	for (i = 0; i < n; i++)
		free(names[i].text);
	free(names);
	return rc;
}
