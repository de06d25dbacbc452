/* SPDX-License-Identifier: ISC */

/*
 * The MTA-STS policy (RFC 8461 3.2): lines "key: value".  The first of two
 * equal keys counts, but for mx; what is unknown is ignored; keys and values
 * mind the case.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "domain/name.h"
#include "domain/sts.h"

/* Beyond this a digit more cannot make max_age right. */
#define AGE_DIGITS_MAX 10

enum key { KEY_VERSION, KEY_MODE, KEY_MAX_AGE, KEY_MX, KEY_UNKNOWN, KEY_COUNT };

static const char *const key_names[] = {"version", "mode", "max_age", "mx"};

struct policy_reading {
	struct sts_policy *policy;
	struct span body;
	const char *url;
	struct findings *findings;
	size_t seen[KEY_COUNT];
	bool has_bare_lf;
};

static struct place
place_of(const struct policy_reading *r, struct span s)
{
	size_t from = (size_t)(s.p - r->body.p);

	return (struct place){from, from + s.len};
}

static void
tell(struct policy_reading *r, struct span s, const char *why)
{
	findings_add_at(r->findings, CHECK_STS_POLICY_SYNTAX, r->url,
	    place_of(r, s), "why", why);
	r->policy->usable = false;
}

/* ---- values ---- */

static void
read_version(struct policy_reading *r, struct span value)
{
	if (!span_equal(value, SPAN("STSv1")))
		tell(r, value, "the version is not STSv1");
}

static void
read_mode(struct policy_reading *r, struct span value)
{
	enum sts_mode mode;

	for (mode = STS_ENFORCE; mode <= STS_NONE; mode++)
		if (span_equal(value, span_of(sts_mode_name(mode))))
			r->policy->mode = mode;
	if (r->policy->mode == STS_MODE_NONE_GIVEN)
		tell(r, value,
		    "mode is not enforce, testing or none (in lower case)");
}

static void
read_max_age(struct policy_reading *r, struct span value)
{
	int64_t age = 0;
	size_t i;

	for (i = 0; i < value.len && ascii_is_digit(value.p[i]); i++)
		if (i < AGE_DIGITS_MAX)
			age = age * 10 + (value.p[i] - '0');
	if (value.len == 0 || i < value.len || value.len > AGE_DIGITS_MAX ||
	    age > STS_MAX_AGE_MAX) {
		findings_add_at(r->findings, CHECK_STS_MAXAGE_RANGE, r->url,
		    place_of(r, value));
		r->policy->usable = false;
		return;
	}
	r->policy->max_age = age;
}

/* A host name, or "*." and one. */
static void
read_mx(struct policy_reading *r, struct span value)
{
	struct sts_policy *policy = r->policy;
	struct span host = value;

	if (span_starts(value, "*.")) {
		host.p += 2;
		host.len -= 2;
	}
	if (!name_is_host(host)) {
		findings_add_at(r->findings, CHECK_STS_MX_WILDCARD_FORM, r->url,
		    place_of(r, value), "pattern",
		    printable(r->findings->arena, value));
		return;
	}
	policy->mx[policy->nmx++] =
	    arena_strndup(r->findings->arena, value.p, value.len);
}

/* ---- lines ---- */

static enum key
find_key(struct span name)
{
	int i;

	for (i = 0; i < KEY_UNKNOWN; i++)
		if (span_equal(name, span_of(key_names[i])))
			break;
	return (enum key)i;
}

static void
read_pair(struct policy_reading *r, struct span name, struct span value)
{
	static void (*const read[])(struct policy_reading *, struct span) = {
	    read_version, read_mode, read_max_age, read_mx};
	enum key key = find_key(name);

	r->seen[key]++;
	if (key == KEY_UNKNOWN) {
		/* One is enough: they may be many. */
		if (r->seen[key] == 1)
			findings_add_at(r->findings,
			    CHECK_STS_POLICY_UNKNOWN_KEY, r->url,
			    place_of(r, name), "key",
			    printable(r->findings->arena, name));
	} else if (key != KEY_MX && r->seen[key] > 1) {
		if (r->seen[key] == 2)
			findings_add_at(r->findings,
			    CHECK_STS_POLICY_DUPLICATE_KEY, r->url,
			    place_of(r, name), "key", key_names[key]);
	} else {
		read[key](r, value);
	}
}

static bool
is_odd(struct span line)
{
	size_t i;

	for (i = 0; i < line.len; i++)
		if (((unsigned char)line.p[i] < ' ' && line.p[i] != '\t') ||
		    line.p[i] == 0x7f)
			return true;
	return false;
}

static void
read_line(struct policy_reading *r, struct span line)
{
	struct span value = line, name = span_cut(&value, ':');

	if (line.len == 0)
		tell(r, line, "a line is empty");
	else if (is_odd(line))
		tell(r, line, "a control character");
	else if (name.len == line.len)
		tell(r, line, "a line is not of the form key: value");
	else if (span_trim(name).len != name.len || name.len == 0)
		tell(r, line, "white space in front of or behind a key");
	else
		read_pair(r, name, span_trim(value));
}

static void
read_lines(struct policy_reading *r)
{
	struct span rest = r->body, line;

	while (rest.len > 0) {
		line = span_cut(&rest, '\n');
		if (line.len > 0 && line.p[line.len - 1] == '\r')
			line.len--;
		else if (line.p + line.len < r->body.p + r->body.len)
			r->has_bare_lf = true;
		read_line(r, line);
	}
}

/* ---- the whole ---- */

static size_t
count_lines(struct span body)
{
	size_t n = 0;

	while (body.len > 0) {
		span_cut(&body, '\n');
		n++;
	}
	return n;
}

static void
look_for_keys(struct policy_reading *r)
{
	struct span end = {r->body.p + r->body.len, 0};
	int key;

	for (key = 0; key < KEY_MX; key++)
		if (r->seen[key] == 0)
			tell(r, end,
			    arena_printf(r->findings->arena, "there is no %s",
				key_names[key]));
	if (r->policy->nmx == 0 && r->policy->mode != STS_NONE)
		tell(r, end, "there is no mx that is right");
}

void
sts_policy_parse(struct sts_policy *policy, struct span body, const char *url,
    struct findings *findings)
{
	struct arena *a = findings->arena;
	struct policy_reading r = {.policy = policy,
	    .body = body.p == NULL ? SPAN("") : body,
	    .url = url,
	    .findings = findings};

	*policy = (struct sts_policy){.usable = true, .max_age = -1};
	if (r.body.len > STS_POLICY_BYTES_MAX) {
		findings_add(findings, CHECK_STS_TOO_LARGE, url, "n",
		    arena_printf(a, "%zu", r.body.len));
		policy->usable = false;
		return;
	}
	/* No more than lines. */
	policy->mx =
	    arena_calloc(a, count_lines(r.body) + 1, sizeof(*policy->mx));
	read_lines(&r);
	if (r.has_bare_lf)
		findings_add(findings, CHECK_STS_POLICY_LINE_ENDINGS, url);
	look_for_keys(&r);
}
