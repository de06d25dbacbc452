/* SPDX-License-Identifier: ISC */

/*
 * Check as a plugin of Nagios, Icinga and their like: one line, and figures
 * behind a bar.
 */

#include "config.h"

#include <inttypes.h>

#include "base/date.h"
#include "output/check.h"

static void
begin(struct check_writer *w)
{
	(void)w;
}

static void
domain(struct check_writer *w, const struct check_view *v)
{
	(void)w;
	(void)v;
}

/* A bar would begin the figures. */
static void
put_plain(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		fputc(*text == '|' ? '/' : *text, out);
}

static void
end(struct check_writer *w)
{
	static const char *const words[] = {
	    "OK", "WARNING", "CRITICAL", "UNKNOWN"};

	fprintf(w->out, "TLSRPT %s - ", words[severity_status(w->worst)]);
	if (severity_status(w->worst) == 0)
		fprintf(w->out, "%zu domain%s checked", w->ndomains,
		    w->ndomains == 1 ? "" : "s");
	else
		put_plain(w->out, w->what);
	fprintf(w->out, " | domains=%zu errors=%zu warnings=%zu unknown=%zu",
	    w->ndomains, w->findings[SEVERITY_ERROR],
	    w->findings[SEVERITY_WARNING], w->findings[SEVERITY_UNKNOWN]);
	if (w->first_end != TIME_NONE)
		fprintf(w->out, " certificate_days=%" PRId64 ";14:;3:",
		    (w->first_end - w->now) / DAY_SECONDS);
	fputc('\n', w->out);
}

const struct check_output check_nagios = {.name = "nagios",
    .begin = begin,
    .domain = domain,
    .end = end};
