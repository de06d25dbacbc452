/* SPDX-License-Identifier: ISC */

/*
 * What is seen now beside what was seen before, and beside the reports; and
 * what records of different kinds say together.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/sha256.h"
#include "domain/judge_private.h"
#include "domain/name.h"

/* ---- the policy that was seen before ---- */

static void
compare_policies(struct judging *j, const struct past_facts *past)
{
	const char *name = j->facts->sts.name;
	unsigned char hash[SHA256_LEN];
	bool same_id, same_body;

	if (past->policy_id == NULL || past->policy_sha256 == NULL ||
	    !j->made->has_policy || !j->made->sts.usable)
		return;
	sha256(j->facts->policy.body.p, j->facts->policy.body.len, hash);
	same_id = strcmp(past->policy_id, j->made->sts.id) == 0;
	same_body = memcmp(past->policy_sha256, hash, sizeof(hash)) == 0;
	if (same_id && !same_body)
		findings_add(j->findings, CHECK_STS_ID_UNCHANGED, name);
	else if (!same_id && same_body)
		findings_add(
		    j->findings, CHECK_STS_ID_CHANGED_POLICY_SAME, name);
}

/* True if it is certain that senders find no policy any more. */
static bool
is_policy_gone(const struct judging *j)
{
	const struct policy_facts *policy = &j->facts->policy;

	if (!fact_is_known(&j->facts->sts))
		return false;
	if (!j->made->sts.present || judge_is_absent(&policy->address))
		return true;
	return policy->reach == REACH_DONE &&
	    (policy->status == 404 || policy->status == 410);
}

static void
look_for_removal(struct judging *j, const struct past_facts *past)
{
	int64_t end;

	if (past->policy_mode != STS_ENFORCE ||
	    past->policy_seen == TIME_NONE || !is_policy_gone(j))
		return;
	end = past->policy_seen + past->policy_max_age;
	if (end > j->now)
		findings_add(j->findings, CHECK_STS_REMOVED_ABRUPTLY,
		    j->facts->sts.name, "date", judge_date(j, end));
}

/* ---- reports ---- */

static void
look_for_silence(struct judging *j, const struct past_facts *past)
{
	int64_t since = past->record_valid_since;

	if (j->made->record.verdict == RECORD_INVALID || j->takes_no_mail ||
	    since == TIME_NONE || past->silent_days == 0)
		return;
	if (past->last_report != TIME_NONE && past->last_report > since)
		since = past->last_report;
	if (j->now - since > (int64_t)past->silent_days * DAY_SECONDS)
		findings_add(j->findings, CHECK_RPT_NONE, j->facts->domain,
		    "date", judge_date(j, since));
}

/* Nobody asked for them: a sender remembers a record that is gone, or knows
 * the address from elsewhere. */
static void
look_at_arrivals(struct judging *j, const struct past_facts *past)
{
	if (!fact_is_known(&j->facts->tlsrpt) || j->made->record.present ||
	    past->last_report == TIME_NONE ||
	    j->now - past->last_report >
		(int64_t)past->silent_days * DAY_SECONDS)
		return;
	findings_add(j->findings, CHECK_RPT_UNKNOWN_DESTINATION,
	    j->facts->tlsrpt.name, "domain", j->facts->domain, "date",
	    judge_date(j, past->last_report - 1));
}

/* ---- advice ---- */

/* What stands against mode enforce in the findings: all that would make mail
 * wait, or of which it is not known whether it would. */
static const char *
live_reason(const struct findings *f)
{
	const struct finding *item;
	size_t i;

	for (i = 0; i < f->n; i++) {
		item = &f->items[i];
		if (item->check == CHECK_STS_MX_NOT_COVERED)
			return item->message;
		if (item->severity != SEVERITY_ERROR &&
		    item->severity != SEVERITY_UNKNOWN)
			continue;
		if (check_get(item->check)->group == GROUP_STS ||
		    check_get(item->check)->group == GROUP_MX)
			return item->message;
	}
	return NULL;
}

static void
advise(struct judging *j, const struct past_facts *past)
{
	const char *reason = live_reason(j->findings);

	if (!past->has_advice || !j->has_sts ||
	    j->made->policy.mode != STS_TESTING)
		return;
	if (reason == NULL)
		reason = past->against;
	if (reason != NULL)
		findings_add(j->findings, CHECK_ADV_ENFORCE_NOT_READY,
		    j->facts->domain, "reasons", reason);
	else
		findings_add(j->findings, CHECK_ADV_ENFORCE_READY,
		    j->facts->domain, "n", judge_number(j, past->report_days));
}

/* ---- records of different kinds ---- */

static void
compare_records(struct judging *j)
{
	bool has_record = j->made->record.verdict != RECORD_INVALID;

	if (j->takes_no_mail &&
	    (j->made->sts.present || j->made->record.present))
		findings_add(j->findings, CHECK_STS_NULL_MX, j->facts->domain,
		    "domain", j->facts->domain);
	/* What is not known is not missing. */
	if (!j->has_sts || has_record || !fact_is_known(&j->facts->tlsrpt))
		return;
	findings_add(j->findings,
	    j->made->policy.mode == STS_ENFORCE ? CHECK_STS_ENFORCE_NO_TLSRPT
						: CHECK_STS_TESTING_NO_TLSRPT,
	    j->facts->domain);
}

void
judge_past(struct judging *j)
{
	const struct past_facts *past = j->facts->past;

	compare_records(j);
	if (past == NULL)
		return;
	compare_policies(j, past);
	look_for_removal(j, past);
	if (!past->has_store)
		return;
	look_for_silence(j, past);
	look_at_arrivals(j, past);
	advise(j, past);
}
