/* SPDX-License-Identifier: ISC */

/*
 * What holds for every report, whichever way it came: by JSON, in a mail, or
 * over a socket.
 */

#include "config.h"

#include "base/date.h"
#include "base/limits.h"
#include "fuzz.h"
#include "promises.h"

static void
check_text(const char *s)
{
	size_t len = strlen(s);

	check(len <= LIMITS_DEFAULT.string_bytes);
	check(is_utf8(s, len));
}

/* What stood in the mail; the longest is bound by the header block's size,
 * each byte of which may become three. */
static void
check_long_text(const char *s)
{
	size_t len = strlen(s);

	check(len <= LIMITS_DEFAULT.header_bytes * 3);
	check(is_utf8(s, len));
}

static void
check_count(int64_t n)
{
	check(n >= 0 && n <= COUNT_MAX);
}

static void
check_failure(const struct failure *f)
{
	check(f->type <= RESULT_RFC_COUNT);
	check_count(f->sessions);
	check(f->type_text[0] == '\0' || f->type == RESULT_OTHER);
	check_text(f->type_text);
	check_text(f->sending_ip);
	check_text(f->receiving_mx);
	check_text(f->receiving_helo);
	check_text(f->receiving_ip);
	check_text(f->additional_information);
	check_text(f->reason_code);
}

/* Lower case, as far as ASCII goes, and without its final dot. */
static void
check_name(const char *name)
{
	check_text(name);
	check(strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL);
}

static void
check_policy(const struct policy *p)
{
	int64_t failed = 0;
	size_t i;

	check(p->type <= POLICY_NONE && p->mode <= MODE_NONE);
	check(p->type_text[0] == '\0' || p->type == POLICY_OTHER);
	check(p->type == POLICY_STS || p->mode == MODE_UNKNOWN);
	check_count(p->successful);
	check_count(p->failed);
	check_name(p->domain);
	check_text(p->type_text);
	for (i = 0; i < p->nstrings; i++)
		check_text(p->strings[i]);
	for (i = 0; i < p->nmx_hosts; i++)
		check_text(p->mx_hosts[i]);
	for (i = 0; i < p->nfailures; i++) {
		check_failure(&p->failures[i]);
		failed = count_add(failed, p->failures[i].sessions);
	}
	check_count(failed);
	check(policy_rest(p) == p->failed - failed);
}

static void
check_policies(const struct report *r)
{
	int64_t successful = 0, failed = 0;
	size_t i, details = 0;

	check(r->npolicies <= LIMITS_DEFAULT.policies);
	for (i = 0; i < r->npolicies; i++) {
		check_policy(&r->policies[i]);
		successful = count_add(successful, r->policies[i].successful);
		failed = count_add(failed, r->policies[i].failed);
		details += r->policies[i].nfailures;
	}
	check_count(successful);
	check_count(failed);
	check(details <= LIMITS_DEFAULT.failure_details);
}

static void
check_times(const struct report *r)
{
	check(r->start <= r->end);
	check(r->start >= (int64_t)DAY_MIN * DAY_SECONDS);
	check(r->end < ((int64_t)DAY_MAX + 1) * DAY_SECONDS);
	check(r->day == day_of_time(r->start));
	check((int64_t)r->day * DAY_SECONDS <= r->start);
	check(r->start - (int64_t)r->day * DAY_SECONDS < DAY_SECONDS);
}

void
check_report(const struct report *r)
{
	size_t i;

	check_times(r);
	check(r->reporter[0] != '\0');
	check_name(r->reporter);
	check_text(r->organization);
	check_text(r->contact);
	check_text(r->id);
	check_long_text(r->submitter_header);
	check_long_text(r->domain_header);
	check_long_text(r->filename);
	check_long_text(r->subject);
	check(r->authenticity <= AUTH_FAILED);
	check(r->ndeviations <= DEVIATIONS_MAX);
	for (i = 0; i < r->ndeviations; i++)
		check_long_text(r->deviations[i].where);
	check_policies(r);
}
