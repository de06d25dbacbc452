/* SPDX-License-Identifier: ISC */

/*
 * Differences between what was accepted and what is known now.  All sentences
 * are made here, of texts that are printable already, and cut: a record of
 * 4 KiB does not make an alert any clearer.
 */

#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "base/sha256.h"
#include "domain/compare.h"
#include "domain/record.h"
#include "domain/sts.h"

/* Names that one sentence lists, and characters of each that it shows. */
#define NAMES_SHOWN 3
#define NAME_SHOWN  120

struct comparing {
	struct differences *out;
	struct arena *arena;
	const struct comparison *c;
};

#define CHECK "tlstally check"

static const struct kind {
	const char *name;
	enum severity severity;
	bool acceptable; /* --accept ends it */
	const char *fix;
	const char *command; /* between that and the domain */
} kinds[DIFFERENCE_COUNT] = {
    [DIFFERENCE_MISSING] = {"missing", SEVERITY_WARNING, true,
	"Without a record no report ever comes: ", "tlstally make-record"},
    [DIFFERENCE_ADDED] = {"added", SEVERITY_WARNING, true,
	"Look at it: ", CHECK},
    [DIFFERENCE_EDITED] = {"edited", SEVERITY_WARNING, true,
	"If nobody of yours did this, restore it, and find out who can write "
	"to the zone. See: ",
	CHECK},
    [DIFFERENCE_DELETED] = {"deleted", SEVERITY_ERROR, true,
	"Publish it again: it may have gone with a move of the zone or of its "
	"provider. See: ",
	CHECK},
    [DIFFERENCE_DOUBT] = {"doubt", SEVERITY_UNKNOWN, false,
	"The next run decides; or ask now: ", CHECK},
    [DIFFERENCE_BROKEN] = {"broken", SEVERITY_ERROR, true,
	"See what is wrong with it: ", CHECK},
    [DIFFERENCE_DUPLICATED] = {"duplicated", SEVERITY_ERROR, true,
	"Leave one of them: senders ignore them all. See: ", CHECK},
    [DIFFERENCE_ALIAS] = {"alias", SEVERITY_WARNING, true,
	"Whoever runs the other name decides what is published here. See: ",
	CHECK},
    [DIFFERENCE_DNSSEC_LOST] = {"dnssec-lost", SEVERITY_WARNING, true,
	"Look whether the DS record and the signatures are still there. See: ",
	CHECK},
    [DIFFERENCE_BOGUS] = {"bogus", SEVERITY_ERROR, false,
	"For whoever validates, the name is gone, and mail may wait: mend the "
	"signatures or the DS record. See: ",
	CHECK},
    [DIFFERENCE_POLICY_EDITED] = {"policy-edited", SEVERITY_WARNING, true,
	"Look at it: ", CHECK},
    [DIFFERENCE_POLICY_SAME_ID] = {"policy-same-id", SEVERITY_WARNING, true,
	"Senders fetch a policy anew only when the id changes: put a new id "
	"into the record at _mta-sts.",
	""},
    [DIFFERENCE_POLICY_BROKEN] = {"policy-broken", SEVERITY_ERROR, true,
	"Senders keep to the policy that they have until it is too old: mend "
	"it before. See: ",
	CHECK},
    [DIFFERENCE_POLICY_REMOVED] = {"policy-removed", SEVERITY_ERROR, true,
	"Publish mode: none with a new id, wait for max_age, then remove it. "
	"See: ",
	CHECK},
    [DIFFERENCE_DANE_LOST] = {"dane-lost", SEVERITY_ERROR, true,
	"Senders that relied on DANE deliver unprotected now: look at the TLSA "
	"records and DNSSEC of the host. See: ",
	CHECK " --probe"},
    [DIFFERENCE_CERTIFICATE_ENDS] = {"certificate-ends", SEVERITY_WARNING,
	false, "Renew it, and see that the server has loaded the new one: ",
	CHECK " --probe"},
    [DIFFERENCE_CERTIFICATE_ENDED] = {"certificate-ended", SEVERITY_ERROR,
	false, "Renew it, and see that the server has loaded the new one: ",
	CHECK " --probe"},
    [DIFFERENCE_UNKNOWN] = {"unknown", SEVERITY_UNKNOWN, false,
	"Nothing is taken for deleted. If it lasts: ", CHECK},
};

const char *
difference_name(enum difference_kind kind)
{
	return kinds[kind].name;
}

/* ---- saying it ---- */

static const char *
fix_of(const struct comparing *c, const struct kind *kind)
{
	const char *text = arena_printf(c->arena, "%s%s%s%s", kind->fix,
	    kind->command, kind->command[0] != '\0' ? " " : "", c->c->domain);

	if (!kind->acceptable)
		return text;
	return arena_printf(c->arena,
	    "%s. If this was meant: tlstally monitor --accept %s", text,
	    c->c->domain);
}

static struct difference *add(
    const struct comparing *c, enum difference_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static struct difference *
add(const struct comparing *c, enum difference_kind kind, const char *fmt, ...)
{
	struct differences *out = c->out;
	struct difference *d, *bigger;
	char text[1024];
	va_list ap;

	if (out->n == out->size) {
		out->size = out->size * 2 + 8;
		bigger = arena_calloc(c->arena, out->size, sizeof(*out->items));
		if (out->n > 0)
			memcpy(bigger, out->items, out->n * sizeof(*bigger));
		out->items = bigger;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d = &out->items[out->n++];
	d->kind = kind;
	d->severity = kinds[kind].severity;
	d->message = arena_printf(c->arena, "%s: %s", c->c->domain, text);
	d->fix = fix_of(c, &kinds[kind]);
	return d;
}

/* A text of somebody else's, cut. */
static const char *
shown(const struct comparing *c, const char *text)
{
	if (strlen(text) <= NAME_SHOWN)
		return text;
	return arena_printf(c->arena, "%.*s...", NAME_SHOWN, text);
}

/* "a, b, c and 4 more" of names that another list has not; "" for none. */
static const char *
names_without(const struct comparing *c, const struct thing_names *names,
    const struct thing_names *without)
{
	const char *text = "";
	size_t i, n = 0;

	for (i = 0; i < names->n; i++)
		if (!thing_names_have(without, names->list[i]) &&
		    n++ < NAMES_SHOWN)
			text = arena_printf(c->arena, "%s%s%s", text,
			    n > 1 ? ", " : "", shown(c, names->list[i]));
	if (n > NAMES_SHOWN)
		text = arena_printf(
		    c->arena, "%s and %zu more", text, n - NAMES_SHOWN);
	return text;
}

/* "; gone: a; new: b", for what differs between two lists. */
static const char *
names_changed(const struct comparing *c, const struct thing_names *before,
    const struct thing_names *now)
{
	const char *gone = names_without(c, before, now);
	const char *came = names_without(c, now, before);

	return arena_printf(c->arena, "%s%s%s%s",
	    gone[0] != '\0' ? "; gone: " : "", gone,
	    came[0] != '\0' ? "; new: " : "", came);
}

/* ---- records ---- */

/* One of the two records. */
struct pair {
	const char *what; /* "the TLS-RPT record" */
	const struct thing_record *accepted;
	const struct thing_record *now;
	const struct thing_record *look;
	bool wanted; /* its absence from the first is told */
};

static void
tell_edit(const struct comparing *c, const struct pair *p)
{
	const char *names =
	    names_changed(c, &p->accepted->destinations, &p->now->destinations);

	add(c, DIFFERENCE_EDITED, "%s was edited%s; it is now: %s", p->what,
	    names[0] != '\0' ? names : "; the destinations are the same",
	    shown(c, p->now->text));
}

static void
compare_good(const struct comparing *c, const struct pair *p)
{
	const bool is_sts = !p->wanted;

	if (p->accepted->state == THING_ABSENT)
		add(c, DIFFERENCE_ADDED, "%s was added: %s", p->what,
		    shown(c, p->now->text));
	else if (p->accepted->state != THING_GOOD)
		add(c, DIFFERENCE_EDITED, "%s has become usable: %s", p->what,
		    shown(c, p->now->text));
	else if (!is_sts && strcmp(p->accepted->text, p->now->text) != 0)
		tell_edit(c, p);
}

static void
compare_absent(const struct comparing *c, const struct pair *p)
{
	if (p->accepted->state == THING_ABSENT)
		return;
	if (p->accepted->state != THING_NEVER)
		add(c, DIFFERENCE_DELETED, "%s was deleted; it was: %s",
		    p->what, shown(c, p->accepted->text));
	else if (p->wanted)
		add(c, DIFFERENCE_MISSING, "there is no TLS-RPT record");
}

static void
compare_state(const struct comparing *c, const struct pair *p)
{
	const struct thing_record *now = p->now;
	const bool same = p->accepted->state == now->state &&
	    strcmp(p->accepted->text, now->text) == 0;

	switch (now->state) {
	case THING_NEVER:
		break;
	case THING_ABSENT:
		compare_absent(c, p);
		break;
	case THING_GOOD:
		compare_good(c, p);
		break;
	case THING_BROKEN:
		if (!same)
			add(c, DIFFERENCE_BROKEN, "%s is broken: %s", p->what,
			    shown(c, now->text));
		break;
	case THING_SEVERAL:
		if (!same)
			add(c, DIFFERENCE_DUPLICATED,
			    "%s is there more than once: %s", p->what,
			    shown(c, now->text));
		break;
	}
}

static bool
is_same_list(const struct thing_names *a, const struct thing_names *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++)
		if (strcmp(a->list[i], b->list[i]) != 0)
			return false;
	return a->n == b->n;
}

static const char *
last_alias(const struct comparing *c, const struct thing_record *r)
{
	if (r->aliases.n == 0)
		return "no other name";
	return shown(c, r->aliases.list[r->aliases.n - 1]);
}

/* What differs beside the text, of a record that was there and is. */
static void
compare_way(const struct comparing *c, const struct pair *p)
{
	const struct thing_record *was = p->accepted, *is = p->now;

	if (was->state == THING_NEVER || was->state == THING_ABSENT ||
	    is->state == THING_NEVER || is->state == THING_ABSENT)
		return;
	if (!is_same_list(&was->aliases, &is->aliases))
		add(c, DIFFERENCE_ALIAS,
		    "the alias of %s has changed: it led to %s, and leads to "
		    "%s",
		    p->what, last_alias(c, was), last_alias(c, is));
	if (was->secure && !is->secure)
		add(c, DIFFERENCE_DNSSEC_LOST, "DNSSEC no longer protects %s",
		    p->what);
}

/* What this look alone has to say. */
static void
tell_look(const struct comparing *c, const struct pair *p)
{
	const struct thing_record *look = p->look;

	if (look->state == THING_NEVER && look->bogus && p->now->secure &&
	    !c->c->look->lying)
		add(c, DIFFERENCE_BOGUS, "DNSSEC validation of %s fails: %s",
		    p->what, shown(c, look->why != NULL ? look->why : "bogus"));
	else if (look->state == THING_NEVER)
		add(c, DIFFERENCE_UNKNOWN, "%s could not be looked at: %s",
		    p->what,
		    shown(c, look->why != NULL ? look->why : "no answer"));
	else if (p->now->missed > 0)
		add(c, DIFFERENCE_DOUBT,
		    "%s was not found this time, by an answer that is not "
		    "certain",
		    p->what);
}

static void
compare_record(const struct comparing *c, const struct pair *p)
{
	tell_look(c, p);
	compare_state(c, p);
	compare_way(c, p);
}

static void
compare_records(const struct comparing *c)
{
	const struct comparison *from = c->c;
	const struct pair pairs[] = {
	    {"the TLS-RPT record", &from->accepted->tlsrpt, &from->now->tlsrpt,
		&from->look->tlsrpt, true},
	    {"the MTA-STS record", &from->accepted->sts, &from->now->sts,
		&from->look->sts, false},
	};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		compare_record(c, &pairs[i]);
}

/* ---- the policy ---- */

static bool
is_same_body(const unsigned char *a, const unsigned char *b)
{
	return a != NULL && b != NULL && memcmp(a, b, SHA256_LEN) == 0;
}

/* "; mode testing instead of enforce; max_age 60 instead of 604800; ..." */
static const char *
policy_changes(const struct comparing *c, const struct thing_policy *was,
    const struct thing_policy *is)
{
	const char *text = "";

	if (was->mode != is->mode)
		text = arena_printf(c->arena, "; mode %s instead of %s",
		    sts_mode_name(is->mode), sts_mode_name(was->mode));
	if (was->max_age != is->max_age)
		text = arena_printf(c->arena,
		    "%s; max_age %" PRId64 " instead of %" PRId64, text,
		    is->max_age, was->max_age);
	return arena_printf(c->arena, "%s%s%s", text,
	    is_same_list(&was->mx, &is->mx) ? "" : "; mx",
	    names_changed(c, &was->mx, &is->mx));
}

static void
compare_good_policy(const struct comparing *c)
{
	const struct thing_policy *was = &c->c->accepted->policy;
	const struct thing_policy *is = &c->c->now->policy;
	const char *changes;

	if (is->first != NULL && !is_same_body(is->first, is->sha256))
		add(c, DIFFERENCE_POLICY_SAME_ID,
		    "the MTA-STS policy has changed, but its id is still %s",
		    shown(c, c->c->now->sts.text));
	if (was->state == THING_NEVER || was->state == THING_ABSENT ||
	    is_same_body(was->sha256, is->sha256))
		return;
	changes = policy_changes(c, was, is);
	add(c, DIFFERENCE_POLICY_EDITED, "the MTA-STS policy was edited%s",
	    changes[0] != '\0' ? changes : "; its meaning is the same");
}

static void
compare_removed_policy(const struct comparing *c)
{
	const struct thing_policy *is = &c->c->now->policy;
	char end[TIME_SIZE];

	if (c->c->accepted->policy.state != THING_GOOD ||
	    is->mode != STS_ENFORCE || is->mode_since == TIME_NONE ||
	    is->mode_since + is->max_age <= c->c->time)
		return;
	date_format_time(is->mode_since + is->max_age, end);
	add(c, DIFFERENCE_POLICY_REMOVED,
	    "MTA-STS is gone, but senders that have seen mode enforce may "
	    "enforce it until %s",
	    end);
}

static void
compare_policy(const struct comparing *c)
{
	const struct thing_policy *was = &c->c->accepted->policy;
	const struct thing_policy *is = &c->c->now->policy;
	const struct thing_policy *look = &c->c->look->policy;
	const char *why = look->why != NULL ? look->why : "no answer";

	if (c->c->look->sts.state == THING_GOOD && look->state == THING_NEVER)
		add(c, DIFFERENCE_UNKNOWN,
		    "the MTA-STS policy could not be looked at: %s",
		    shown(c, why));
	else if (is->missed > 0)
		add(c, DIFFERENCE_DOUBT,
		    "the MTA-STS policy could not be had this time: %s",
		    shown(c, why));
	if (is->state == THING_GOOD)
		compare_good_policy(c);
	else if (is->state == THING_ABSENT)
		compare_removed_policy(c);
	else if (is->state == THING_BROKEN &&
	    (was->state != THING_BROKEN ||
		(was->sha256 != NULL) != (is->sha256 != NULL)))
		add(c, DIFFERENCE_POLICY_BROKEN,
		    "the MTA-STS policy is of no use: %s", shown(c, why));
}

/* ---- servers ---- */

static void
compare_dane(const struct comparing *c)
{
	const struct thing_names *was = &c->c->accepted->dane;
	size_t i;

	for (i = 0; i < was->n; i++)
		if (!thing_names_have(&c->c->now->dane, was->list[i]))
			add(c, DIFFERENCE_DANE_LOST,
			    "DANE no longer protects %s",
			    shown(c, was->list[i]));
}

static bool
ends_within(int64_t end, int64_t now, int64_t days)
{
	return days > 0 && end - now < days * DAY_SECONDS;
}

static void
compare_cert(const struct comparing *c, const struct thing_cert *cert)
{
	const struct comparison *from = c->c;
	struct difference *d;
	int64_t left;
	char end[TIME_SIZE];

	date_format_time(cert->not_after, end);
	if (cert->not_after < from->time) {
		add(c, DIFFERENCE_CERTIFICATE_ENDED,
		    "the certificate of %s has expired on %s",
		    shown(c, cert->host), end);
		return;
	}
	if (!ends_within(cert->not_after, from->time, from->warning_days) &&
	    !ends_within(cert->not_after, from->time, from->critical_days))
		return;
	left = (cert->not_after - from->time) / DAY_SECONDS;
	d = add(c, DIFFERENCE_CERTIFICATE_ENDS,
	    "the certificate of %s expires in %" PRId64 " day%s, on %s",
	    shown(c, cert->host), left, left == 1 ? "" : "s", end);
	if (ends_within(cert->not_after, from->time, from->critical_days))
		d->severity = SEVERITY_ERROR;
}

void
compare_snapshots(struct differences *out, struct arena *arena,
    const struct comparison *comparison)
{
	const struct comparing c = {out, arena, comparison};
	size_t i;

	*out = (struct differences){.items = NULL};
	compare_records(&c);
	compare_policy(&c);
	compare_dane(&c);
	for (i = 0; i < comparison->now->ncerts; i++)
		compare_cert(&c, &comparison->now->certs[i]);
}
