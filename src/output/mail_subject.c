/* SPDX-License-Identifier: ISC */

/*
 * The subject of a mail: the verdict, so that nobody has to open a mail to
 * know whether it can wait.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "output/mail.h"

/* By name, of each the worst first. */
static int
compare_domains(const void *a, const void *b)
{
	const struct domain_figure *x = *(const struct domain_figure *const *)a;
	const struct domain_figure *y = *(const struct domain_figure *const *)b;
	const int by_name = strcmp(x->domain, y->domain);

	if (by_name != 0)
		return by_name;
	return (x->verdict < y->verdict) - (x->verdict > y->verdict);
}

/* Counts our domains by their worst verdict in any period; *worst is the
 * figure of the last one. */
static size_t
count_verdicts(const struct figures *f, size_t counts[VERDICT_COUNT],
    const struct domain_figure **worst)
{
	const struct domain_figure **own =
	    xcalloc(f->ndomains + 1, sizeof(*own));
	size_t i, n = 0, names = 0;

	for (i = 0; i < f->ndomains; i++)
		if (f->domains[i].own)
			own[n++] = &f->domains[i];
	if (n > 0)
		qsort(own, n, sizeof(*own), compare_domains);
	for (i = 0; i < n; i++) {
		if (i > 0 && strcmp(own[i]->domain, own[i - 1]->domain) == 0)
			continue;
		counts[own[i]->verdict]++;
		*worst = own[i];
		names++;
	}
	free(own);
	return names;
}

static void
put_days(FILE *out, const struct digest_spec *spec)
{
	char first[DATE_SIZE], last[DATE_SIZE];

	if (spec->first_day == DAY_NONE)
		return;
	date_format_day(spec->first_day, first);
	date_format_day(spec->last_day, last);
	if (spec->first_day == spec->last_day)
		fprintf(out, " of %s", first);
	else
		fprintf(out, " of %s to %s", first, last);
}

void
mail_subject(const struct words *w, const struct view *view)
{
	size_t n, counts[VERDICT_COUNT] = {0};
	const struct domain_figure *worst = NULL;

	n = count_verdicts(view->figures, counts, &worst);
	if (view->health.nfaults > 0)
		fputs("REPORTS ARE NOT READ; ", w->out);
	if (n == 1) {
		fprintf(w->out, "%s: ", words_verdict_word(worst->verdict));
		words_name(w, worst->domain);
	} else {
		if (view->group != NULL) {
			words_name(w, view->group);
			fputs(": ", w->out);
		}
		if (n > 1)
			words_tally(w, counts);
		else
			fputs(
			    view->state != NULL ? "nothing new" : "no reports",
			    w->out);
	}
	fputs(", TLS reports", w->out);
	put_days(w->out, &view->figures->spec);
}
