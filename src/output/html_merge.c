/* SPDX-License-Identifier: ISC */

/*
 * The same day, or the same reporter, at several domains: sorted and summed
 * up, for the chart and the tables of a whole page.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "output/html.h"

static int
compare_days(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

struct share *
html_merge_days(
    const struct domain_figure *const *domains, size_t n, size_t *ndays)
{
	struct share *all;
	size_t i, k, total = 0;

	*ndays = 0;
	for (i = 0; i < n; i++)
		total += domains[i]->ndays;
	if (total == 0)
		return NULL;
	all = xcalloc(total, sizeof(*all));
	for (i = k = 0; i < n; i++) {
		if (domains[i]->ndays == 0)
			continue;
		memcpy(&all[k], domains[i]->days,
		    domains[i]->ndays * sizeof(*all));
		k += domains[i]->ndays;
	}
	qsort(all, total, sizeof(*all), compare_days);
	for (i = 1, k = 0; i < total; i++) {
		if (all[i].day != all[k].day) {
			all[++k] = all[i];
			continue;
		}
		all[k].successful =
		    count_add(all[k].successful, all[i].successful);
		all[k].failed = count_add(all[k].failed, all[i].failed);
	}
	*ndays = k + 1;
	return all;
}

static int
compare_names(const void *a, const void *b)
{
	const struct html_reporter *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
compare_sessions(const void *a, const void *b)
{
	const struct html_reporter *x = a, *y = b;
	const int64_t in_x = count_add(x->successful, x->failed);
	const int64_t in_y = count_add(y->successful, y->failed);

	if (in_x != in_y)
		return in_x < in_y ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Lists the reporters of all domains, each as often as it comes. */
static struct html_reporter *
list_reporters(
    const struct domain_figure *const *domains, size_t n, size_t *total)
{
	struct html_reporter *all;
	const struct share *s;
	size_t i, k, at = 0;

	for (i = 0, *total = 0; i < n; i++)
		*total += domains[i]->nreporters;
	if (*total == 0)
		return NULL;
	all = xcalloc(*total, sizeof(*all));
	for (i = 0; i < n; i++)
		for (k = 0; k < domains[i]->nreporters; k++) {
			s = &domains[i]->reporters[k];
			all[at++] = (struct html_reporter){
			    s->reporter, s->successful, s->failed, 1};
		}
	return all;
}

struct html_reporter *
html_merge_reporters(
    const struct domain_figure *const *domains, size_t n, size_t *nreporters)
{
	size_t i, k, total;
	struct html_reporter *all = list_reporters(domains, n, &total);

	*nreporters = 0;
	if (all == NULL)
		return NULL;
	qsort(all, total, sizeof(*all), compare_names);
	for (i = 1, k = 0; i < total; i++) {
		if (strcmp(all[i].name, all[k].name) != 0) {
			all[++k] = all[i];
			continue;
		}
		all[k].successful =
		    count_add(all[k].successful, all[i].successful);
		all[k].failed = count_add(all[k].failed, all[i].failed);
		all[k].domains++;
	}
	*nreporters = k + 1;
	qsort(all, *nreporters, sizeof(*all), compare_sessions);
	return all;
}
