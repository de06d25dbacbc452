/* SPDX-License-Identifier: ISC */

/*
 * The words of the configuration that stand for more than a string, and
 * those that a command line has in common with it.
 */

#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ratio.h"
#include "cmd/conf.h"
#include "report/report.h"
#include "source/imap.h"

int
conf_parse_disposal(const char *text, enum disposal *dispose,
    const char **folder, struct err *err)
{
	*folder = "";
	if (strcmp(text, "keep") == 0)
		*dispose = DISPOSE_KEEP;
	else if (strcmp(text, "seen") == 0)
		*dispose = DISPOSE_SEEN;
	else if (strcmp(text, "delete") == 0)
		*dispose = DISPOSE_DELETE;
	else if (strncmp(text, "move:", 5) == 0 && text[5] != '\0') {
		*dispose = DISPOSE_MOVE;
		*folder = text + 5;
	} else
		return err_set(err, ERR_USAGE,
		    "not something to do with a message: %s (keep, seen, "
		    "move:FOLDER, delete)",
		    text);
	return 0;
}

int
conf_parse_excel(const char *text, enum excel *excel, struct err *err)
{
	if (text == NULL || strcmp(text, "yes") == 0 ||
	    strcmp(text, "comma") == 0)
		*excel = EXCEL_COMMA;
	else if (strcmp(text, "semicolon") == 0)
		*excel = EXCEL_SEMICOLON;
	else if (strcmp(text, "no") == 0)
		*excel = EXCEL_NO;
	else
		return err_set(err, ERR_USAGE,
		    "not a kind of CSV for Excel: %s (comma, semicolon, no)",
		    text);
	return 0;
}

int
conf_parse_settle(const char *text, int64_t *seconds, struct err *err)
{
	const long day = 24, most = 31 * day;
	char *end = NULL;
	long n = -1;

	if (text[0] >= '0' && text[0] <= '9')
		n = strtol(text, &end, 10);
	if (n >= 0 && n <= most && strcmp(end, "d") == 0)
		n *= day;
	else if (n >= 0 && strcmp(end, "h") != 0)
		n = -1;
	if (n < 0 || n > most)
		return err_set(err, ERR_USAGE,
		    "not a number of hours or days, 31 days at most: %s "
		    "(36h, 2d)",
		    text);
	*seconds = n * 3600;
	return 0;
}

int
conf_parse_timeout(const char *text, uint32_t *ms, struct err *err)
{
	char *end = NULL;
	long n = -1;

	if (text[0] >= '0' && text[0] <= '9')
		n = strtol(text, &end, 10);
	if (n >= 0 && n <= IMAP_TIMEOUT_MAX && strcmp(end, "m") == 0)
		n *= 60;
	else if (n >= 0 && end[0] != '\0' && strcmp(end, "s") != 0)
		n = -1;
	if (n < IMAP_TIMEOUT_MIN || n > IMAP_TIMEOUT_MAX)
		return err_set(err, ERR_USAGE,
		    "not a time from %d to %d seconds: %s (60s, 2m)",
		    IMAP_TIMEOUT_MIN, IMAP_TIMEOUT_MAX, text);
	*ms = (uint32_t)n * 1000;
	return 0;
}

/* Days are counted back from now; nobody keeps ten years of reports. */
#define THRESHOLD_DAYS_MAX 3660

static int
parse_number(const char *text, const char *unit, int64_t most, int64_t *value)
{
	char *end;
	long long n;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	n = strtoll(text, &end, 10);
	if (n > most || (end[0] != '\0' && strcmp(end, unit) != 0))
		return -1;
	*value = n;
	return 0;
}

int
conf_parse_threshold(
    const char *text, enum threshold_unit unit, int64_t *value, struct err *err)
{
	switch (unit) {
	case UNIT_RATIO:
		if (ratio_parse(span_of(text), value) == 0)
			return 0;
		return err_set(err, ERR_USAGE,
		    "not a percentage from 0 to 100 with 4 decimals at most: "
		    "%s (0.1 %%)",
		    text);
	case UNIT_DAYS:
		if (parse_number(text, "d", THRESHOLD_DAYS_MAX, value) == 0)
			return 0;
		return err_set(err, ERR_USAGE,
		    "not a number of days, %d at most: %s (3d)",
		    THRESHOLD_DAYS_MAX, text);
	case UNIT_COUNT:
	default:
		if (parse_number(text, "", COUNT_MAX, value) == 0)
			return 0;
		return err_set(err, ERR_USAGE,
		    "not a number from 0 to %" PRId64 ": %s", COUNT_MAX, text);
	}
}
