/* SPDX-License-Identifier: ISC */

/*
 * What is published now, as rules: would mail fail under enforce?  The
 * findings of the checks are evidence; each rule takes those that are its own.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "cmd/live.h"
#include "domain/name.h"

/* Findings that one rule tells. */
#define FINDINGS_TOLD 3

struct judging {
	struct arena *arena;
	const struct domain_summary *summary;
	const struct readiness *readiness;
};

/* ---- which findings are whose ---- */

static bool
is_of_coverage(enum check_id check)
{
	return check == CHECK_STS_MX_NOT_COVERED || check == CHECK_STS_NULL_MX;
}

static bool
is_of_policy(enum check_id check)
{
	return check_get(check)->group == GROUP_STS && !is_of_coverage(check) &&
	    check != CHECK_STS_ENFORCE_NO_TLSRPT;
}

static bool
is_of_certificates(enum check_id check)
{
	return check_get(check)->group == GROUP_MX;
}

static bool
is_of_tlsa(enum check_id check)
{
	return check_get(check)->group == GROUP_DANE;
}

/* What works today and will not for long. */
static bool
is_to_be_looked_at(const struct summary_finding *f)
{
	return f->severity == SEVERITY_WARNING &&
	    (f->check == CHECK_MX_CERT_EXPIRING ||
		f->check == CHECK_STS_ID_UNCHANGED);
}

static enum rule_state
state_of(const struct summary_finding *f)
{
	if (f->severity == SEVERITY_ERROR)
		return RULE_BROKEN;
	if (f->severity == SEVERITY_UNKNOWN)
		return RULE_UNKNOWN;
	return is_to_be_looked_at(f) ? RULE_ASK : RULE_MET;
}

/* ---- evidence ---- */

static const char *
and_more(struct arena *arena, const char *text, const char *more)
{
	if (text == NULL)
		return more;
	return arena_printf(arena, "%s; %s", text, more);
}

/* "mx1.example.com: its certificate expired on 2026-11-20". */
static const char *
finding_text(const struct judging *j, const struct summary_finding *f)
{
	if (f->subject[0] == '\0')
		return arena_strdup(j->arena, f->message);
	return arena_printf(j->arena, "%s: %s", f->subject, f->message);
}

/* Adds what the findings of a rule say: the worst of them, as far as they are
 * alike. */
static void
take_findings(const struct judging *j, struct live_rule *rule,
    bool (*is_own)(enum check_id))
{
	const struct summary_finding *f = j->summary->findings;
	size_t i, told = 0;

	for (i = 0; i < j->summary->nfindings; i++)
		if (is_own(f[i].check) && state_of(&f[i]) > rule->state)
			rule->state = state_of(&f[i]);
	for (i = 0; rule->state != RULE_MET && i < j->summary->nfindings;
	     i++, f++) {
		if (!is_own(f->check) || state_of(f) != rule->state ||
		    told++ >= FINDINGS_TOLD)
			continue;
		rule->evidence =
		    and_more(j->arena, rule->evidence, finding_text(j, f));
		if (f->fix != NULL && rule->fix == NULL)
			rule->fix = arena_strdup(j->arena, f->fix);
	}
	if (told > FINDINGS_TOLD)
		rule->evidence = arena_printf(j->arena, "%s; and %zu more",
		    rule->evidence, told - FINDINGS_TOLD);
}

/* Evidence that no finding gave; a worse state than there is. */
static void
settle(struct live_rule *rule, enum rule_state state, const char *evidence)
{
	if (rule->evidence != NULL && state <= rule->state)
		return;
	rule->state = state;
	rule->evidence = evidence;
}

/* ---- the rules ---- */

static bool
is_known(enum fact_state state)
{
	return state == FACT_ANSWER || state == FACT_NODATA ||
	    state == FACT_NXDOMAIN;
}

static void
judge_policy(const struct judging *j, struct live_rule *rule)
{
	const struct domain_summary *s = j->summary;
	const struct summary_policy *p = &s->policy;
	const char *mode = sts_mode_name(p->mode);
	const char *id = arena_strdup(j->arena, s->sts_id);

	take_findings(j, rule, is_of_policy);
	if (!is_known(s->answers[SUMMARY_STS].state))
		settle(rule, RULE_UNKNOWN, "its record could not be looked at");
	else if (s->sts_id[0] == '\0')
		settle(rule, RULE_BROKEN, "there is no record of MTA-STS");
	else if (!p->seen)
		settle(rule, RULE_UNKNOWN, "it could not be read");
	else if (!p->usable)
		settle(rule, RULE_BROKEN, "no sender can use it");
	else if (p->mode == STS_NONE)
		settle(rule, RULE_BROKEN, "its mode is none");
	else if (j->readiness->stage == STAGE_TESTING && p->mode == STS_ENFORCE)
		settle(rule, RULE_ASK,
		    "its mode is enforce already, which reports have not seen");
	else if (j->readiness->stage == STAGE_ENFORCE && p->mode == STS_TESTING)
		settle(rule, RULE_ASK,
		    "its mode is testing again, which reports have not seen");
	else
		settle(rule, RULE_MET,
		    arena_printf(j->arena, "mode %s, id %s", mode, id));
}

static const struct summary_answer *
mx_answer(const struct domain_summary *s)
{
	size_t i;

	for (i = SUMMARY_ANSWERS_LEAST; i < s->nanswers; i++)
		if (strcmp(s->answers[i].type, "MX") == 0 &&
		    name_is_same(s->answers[i].name, s->domain))
			return &s->answers[i];
	return NULL;
}

static void
judge_coverage(const struct judging *j, struct live_rule *rule)
{
	const struct domain_summary *s = j->summary;
	const struct summary_answer *mx = mx_answer(s);

	take_findings(j, rule, is_of_coverage);
	if (mx == NULL || !is_known(mx->state))
		settle(rule, RULE_UNKNOWN, "the MX records could not be read");
	else if (!s->policy.seen || !s->policy.usable)
		settle(rule, RULE_UNKNOWN, "no policy could be read");
	else if (s->nmx == 0)
		settle(rule, RULE_BROKEN, "there is no MX host");
	else
		settle(rule, RULE_MET,
		    arena_printf(j->arena, "%zu of %zu", s->nmx, s->nmx));
}

/* Hosts with which a session under TLS was had. */
static size_t
count_seen(const struct domain_summary *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->nmx; i++)
		n += s->mx[i].smtp == MX_TLS;
	return n;
}

static void
judge_certificates(const struct judging *j, struct live_rule *rule)
{
	const struct domain_summary *s = j->summary;
	const size_t seen = count_seen(s);

	take_findings(j, rule, is_of_certificates);
	if (seen < s->nmx || s->nmx == 0)
		settle(rule, RULE_UNKNOWN,
		    arena_printf(
			j->arena, "seen of %zu of %zu hosts", seen, s->nmx));
	else
		settle(rule, RULE_MET,
		    arena_printf(j->arena, "good at all %zu hosts", s->nmx));
}

static void
judge_tlsa(const struct judging *j, struct live_rule *rule)
{
	const struct domain_summary *s = j->summary;
	size_t i, records = 0, matched = 0, unknown = s->nmx == 0;

	take_findings(j, rule, is_of_tlsa);
	for (i = 0; i < s->nmx; i++) {
		unknown += !is_known(s->mx[i].tlsa);
		records += s->mx[i].ntlsa > 0 && s->mx[i].tlsa_secure;
		matched += s->mx[i].dane == TLSA_MATCH_EE ||
		    s->mx[i].dane == TLSA_MATCH_TA;
	}
	if (unknown > 0)
		settle(rule, RULE_UNKNOWN, "they could not be looked at");
	else if (records == 0)
		settle(rule, RULE_MET, "there are none, and need not be");
	else if (matched < records)
		settle(rule, RULE_UNKNOWN,
		    "the certificates were not held against them");
	else
		settle(rule, RULE_MET, "they match the certificates");
}

static const struct {
	const char *name;
	const char *title;
	void (*judge)(const struct judging *j, struct live_rule *rule);
} rules[] = {
    {"live_policy", "the policy as it is now", judge_policy},
    {"live_mx", "MX hosts that the policy names", judge_coverage},
    {"live_certificates", "STARTTLS and certificates now", judge_certificates},
    {"live_tlsa", "TLSA records of the MX hosts", judge_tlsa},
};

#define NRULES (sizeof(rules) / sizeof(rules[0]))

static struct live_rule *
new_rules(struct arena *arena)
{
	struct live_rule *list = arena_calloc(arena, NRULES, sizeof(*list));
	size_t i;

	for (i = 0; i < NRULES; i++)
		list[i] = (struct live_rule){
		    .name = rules[i].name, .title = rules[i].title};
	return list;
}

/* ---- looking ---- */

struct job {
	struct readiness_list *list;
	const struct looking *looking;
	const char **domains; /* as they are asked for */
	size_t *places;	      /* in the list */
	size_t n;
};

static void
ask(void *arg, size_t i, struct arena *arena, struct domain_question *question)
{
	const struct job *job = arg;

	(void)arena;
	*question = (struct domain_question){.domain = job->domains[i],
	    .probe = true,
	    .spare_destinations = !job->looking->probe,
	    .past = {.policy_seen = TIME_NONE,
		.testing_since = TIME_NONE,
		.record_valid_since = TIME_NONE,
		.last_report = TIME_NONE}};
}

static void
add_unknown(struct readiness *r, struct arena *arena, const char *why)
{
	struct live_rule *list = new_rules(arena);
	size_t i;

	for (i = 0; i < NRULES; i++) {
		list[i].state = RULE_UNKNOWN;
		list[i].evidence = arena_strdup(arena, why);
	}
	readiness_add_live(r, list, NRULES);
}

static void
take(void *arg, size_t i, const struct domain_summary *summary,
    const struct err *why)
{
	const struct job *job = arg;
	struct readiness *r = &job->list->list[job->places[i]];
	const struct judging j = {job->list->arena, summary, r};
	struct live_rule *list;
	size_t k;

	if (summary == NULL) {
		add_unknown(r, j.arena, why->text);
		return;
	}
	list = new_rules(j.arena);
	for (k = 0; k < NRULES; k++)
		rules[k].judge(&j, &list[k]);
	readiness_add_live(r, list, NRULES);
}

static void
choose_domains(struct job *job)
{
	struct err unused = {0};
	const char *name;
	size_t i;

	job->domains = xcalloc(job->list->n + 1, sizeof(*job->domains));
	job->places = xcalloc(job->list->n + 1, sizeof(*job->places));
	for (i = 0; i < job->list->n; i++) {
		name = net_domain(job->list->arena,
		    span_of(job->list->list[i].domain), &unused);
		if (name == NULL)
			continue;
		job->places[job->n] = i;
		job->domains[job->n++] = name;
	}
}

void
live_judge(struct readiness_list *list, const struct looking *looking)
{
	struct job job = {.list = list, .looking = looking};
	const struct net_job net = {
	    .settings = &looking->settings, .ask = ask, .take = take};
	struct net_job run = net;
	struct err err = {0};
	size_t i;

	choose_domains(&job);
	run.arg = &job;
	run.n = job.n;
	if (job.n > 0 && net_run(&run, &err) == -1)
		for (i = 0; i < job.n; i++)
			if (list->list[job.places[i]].nlive == 0)
				add_unknown(&list->list[job.places[i]],
				    list->arena, err.text);
	free(job.domains);
	free(job.places);
}
