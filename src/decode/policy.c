/* SPDX-License-Identifier: ISC */

/*
 * The entries of policies[]: a policy, the summary of its sessions, and what
 * failed (RFC 8460 4.4).
 */

#include "config.h"

#include "decode/failure.h"
#include "decode/members.h"
#include "decode/policy.h"
#include "decode/policytext.h"

enum entry_slot { POLICY, SUMMARY, DETAILS };

static const struct member_name entry_names[] = {
    MEMBER(POLICY, "policy"),
    MEMBER(SUMMARY, "summary"),
    MEMBER(DETAILS, "failure-details"),
    MEMBER_ALIAS(DETAILS, "failure-detail"),
};

static const struct member_table entry_table = {
    entry_names, sizeof(entry_names) / sizeof(entry_names[0])};

enum policy_slot { TYPE, STRING, DOMAIN, MX_HOST };

static const struct member_name policy_names[] = {
    MEMBER(TYPE, "policy-type"),
    MEMBER(STRING, "policy-string"),
    MEMBER(DOMAIN, "policy-domain"),
    MEMBER(MX_HOST, "mx-host"),
    MEMBER_ALIAS(STRING, "policy-strings"),
    MEMBER_ALIAS(MX_HOST, "mx-hosts"),
    MEMBER_ALIAS(MX_HOST, "mx-host-pattern"),
    MEMBER_ALIAS(MX_HOST, "mx-host-patterns"),
};

static const struct member_table policy_table = {
    policy_names, sizeof(policy_names) / sizeof(policy_names[0])};

enum summary_slot { SUCCESSFUL, FAILED };

static const struct member_name summary_names[] = {
    MEMBER(SUCCESSFUL, "total-successful-session-count"),
    MEMBER(FAILED, "total-failure-session-count"),
    MEMBER_ALIAS(SUCCESSFUL, "success-aggregate"),
    MEMBER_ALIAS(FAILED, "failure-aggregate"),
    MEMBER_ALIAS(SUCCESSFUL, "successful-session-count"),
    MEMBER_ALIAS(FAILED, "failed-session-count"),
    MEMBER_ALIAS(SUCCESSFUL, "total-success-session-count"),
    MEMBER_ALIAS(FAILED, "total-failed-session-count"),
};

static const struct member_table summary_table = {
    summary_names, sizeof(summary_names) / sizeof(summary_names[0])};

static int
parse_policy_type(struct span s, bool *exact)
{
	return (int)policy_type_parse(s, exact);
}

static const struct members_vocabulary policy_types = {parse_policy_type,
    DEVIATION_POLICY_TYPE_MISSING, DEVIATION_POLICY_TYPE_SPELLING,
    DEVIATION_POLICY_TYPE_UNKNOWN};

static bool
is_ascii(const char *s)
{
	while (*s != '\0' && (unsigned char)*s < 0x80)
		s++;
	return *s == '\0';
}

/* Reads the policy's domain, or attributes the policy to one. */
static int
read_domain(const struct members *m, struct reading *r, struct policy *p)
{
	const char *text;

	if (members_text(m, r, DOMAIN, &text) == -1)
		return -1;
	p->domain = attribute_host(r->arena, text);
	if (p->domain[0] == '\0') {
		if (!r->attribution.is_known)
			attribute_domain(&r->attribution, r->context, r->arena);
		members_note(m, r, DOMAIN, r->attribution.how);
		p->domain = r->attribution.domain;
	}
	if (!is_ascii(p->domain))
		members_note(m, r, DOMAIN, DEVIATION_DOMAIN_NOT_ASCII);
	return 0;
}

static int
read_policy(const struct members *m, struct reading *r, struct policy *p)
{
	int type = members_word(m, r, TYPE, &policy_types, &p->type_text);

	if (type == -1)
		return -1;
	p->type = (enum policy_type)type;
	if (read_domain(m, r, p) == -1 ||
	    policytext_read_strings(m, r, STRING, p) == -1)
		return -1;
	return policytext_read_hosts(m, r, MX_HOST, p);
}

/* Reads the summary; where it has no failures, the details' sum, detailed, is
 * taken. */
static int
read_summary(const struct members *m, struct reading *r, int64_t detailed,
    struct policy *p)
{
	int rc = members_count(m, r, FAILED, &p->failed);

	if (rc == -1 || members_count(m, r, SUCCESSFUL, &p->successful) == -1)
		return -1;
	if (rc == 0)
		p->failed = detailed;
	else if (p->nfailures > 0 && p->failed != detailed)
		members_note(m, r, FAILED, DEVIATION_COUNTS_DIFFER);
	if (reading_add(r, &r->successful, p->successful, &m->place,
		members_name(m, SUCCESSFUL)) == -1)
		return -1;
	return reading_add(
	    r, &r->failed, p->failed, &m->place, members_name(m, FAILED));
}

/*
 * Finds the members of a part of an entry: in the object that stands in
 * slot, or flat in the entry itself, which is noted.  Returns 0, or -1 with
 * ERR_DATA.
 */
static int
find_part(struct members *part, const struct members *entry, struct reading *r,
    size_t slot, const struct json_value *entry_value)
{
	static const struct member_table *const tables[] = {
	    [POLICY] = &policy_table, [SUMMARY] = &summary_table};
	const struct json_value *v = entry->slots[slot];
	struct place at = {
	    &entry->place, members_name(entry, slot), PLACE_WHOLE};

	if (v != NULL && json_type(v) != JSON_OBJECT)
		return members_fail(
		    entry, r, slot, "not an object (RFC 8460 4.4)");
	if (v != NULL) {
		members_read(part, r, &at, tables[slot], v);
		return 0;
	}
	members_read(part, r, &entry->place, tables[slot], entry_value);
	if (part->nseen > 0)
		reading_note(r, DEVIATION_POLICY_FLAT, &entry->place, "");
	else
		part->place = at;
	return 0;
}

static int
read_entry(struct reading *r, const struct place *at,
    const struct json_value *v, struct policy *p)
{
	struct members entry, policy, summary;
	int64_t detailed;

	if (json_type(v) != JSON_OBJECT)
		return reading_fail(r, at, "", "not an object (RFC 8460 4.4)");
	members_read(&entry, r, at, &entry_table, v);
	if (find_part(&policy, &entry, r, POLICY, v) == -1 ||
	    find_part(&summary, &entry, r, SUMMARY, v) == -1 ||
	    read_policy(&policy, r, p) == -1 ||
	    failures_read(&entry, r, DETAILS, p, &detailed) == -1)
		return -1;
	return read_summary(&summary, r, detailed, p);
}

/* Reads n entries, v and those behind it, passing over null. */
static int
read_entries(struct reading *r, struct place *at, const struct json_value *v,
    size_t n, struct report *out)
{
	if (n > r->limits->policies)
		return reading_bound(
		    r, NULL, at->name, "policies", r->limits->policies);
	out->policies = arena_calloc(r->arena, n, sizeof(*out->policies));
	for (; n > 0; n--, v = json_next(v)) {
		if (json_type(v) == JSON_NULL)
			reading_note(r, DEVIATION_NULL_ELEMENT, at, "");
		else if (read_entry(
			     r, at, v, &out->policies[out->npolicies++]) == -1)
			return -1;
		if (at->index != PLACE_WHOLE)
			at->index++;
	}
	return 0;
}

/* Reads the policy of a draft's report, whose parts stand in the report
 * itself; most often there is none. */
static int
read_without_policies(
    struct reading *r, const struct json_value *root, struct report *out)
{
	struct place at = {NULL, "", PLACE_WHOLE};
	struct members m;

	members_read(&m, r, &at, &entry_table, root);
	if (m.nseen == 0) {
		reading_note(r, DEVIATION_POLICIES_MISSING, &at, "policies");
		return 0;
	}
	reading_note(r, DEVIATION_POLICIES_AT_TOP, &at, "");
	return read_entries(r, &at, root, 1, out);
}

int
policies_read(struct reading *r, const struct json_value *root,
    const struct json_value *v, struct report *out)
{
	struct place at = {NULL, "policies", 0};

	if (v == NULL)
		return read_without_policies(r, root, out);
	if (json_type(v) == JSON_ARRAY)
		return read_entries(r, &at, json_first(v), json_count(v), out);
	at.index = PLACE_WHOLE;
	if (json_type(v) != JSON_OBJECT)
		return reading_fail(r, &at, "", "not an array (RFC 8460 4.4)");
	reading_note(r, DEVIATION_POLICIES_OBJECT, &at, "");
	return read_entries(r, &at, v, 1, out);
}
