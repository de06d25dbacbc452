/* SPDX-License-Identifier: ISC */

/*
 * The few sums over a report that more than one floor needs.
 */

#include "config.h"

#include "report/report.h"

int64_t
count_add(int64_t a, int64_t b)
{
	if (b > 0 && a > INT64_MAX - b)
		return INT64_MAX;
	if (b < 0 && a < -INT64_MAX - b)
		return -INT64_MAX;
	return a + b;
}

int64_t
policy_rest(const struct policy *p)
{
	int64_t rest = p->failed;
	size_t i;

	for (i = 0; i < p->nfailures; i++)
		rest = count_add(rest, -p->failures[i].sessions);
	return rest;
}
