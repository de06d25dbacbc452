/* SPDX-License-Identifier: ISC */

/*
 * The names in a report of the generator.  Report ids are made in the manner
 * of each sender and never come twice, or the reader measured would stop
 * early at a duplicate.
 */

#include "config.h"

#include <stdio.h>

#include "genfacts.h"

#define DAY 86400

/* The first reporters; any further one is a host of example.org. */
static const struct {
	const char *organization;
	const char *submitter;
	const char *contact;
} reporters[SHAPE_COUNT] = {
    [SHAPE_GOOGLE] = {"Google Inc.", "google.com",
	"smtp-tls-reporting@google.com"},
    [SHAPE_MICROSOFT] = {"Microsoft Corporation", "microsoft.com",
	"tlsrpt-noreply@microsoft.com"},
    [SHAPE_MAILRU] = {"Mail.ru", "mail.ru", "tls_support@corp.mail.ru"},
    [SHAPE_YAHOO] = {"Yahoo Inc.", "yahooinc.com", "tlsrpt@yahooinc.com"},
    [SHAPE_POSTFIX] = {"mail.example.org", "mail.example.org",
	"postmaster@mail.example.org"},
};

static void
name_reporter(struct facts *f)
{
	unsigned n = f->reporter;

	if (n < SHAPE_COUNT) {
		snprintf(f->organization, sizeof(f->organization), "%s",
		    reporters[n].organization);
		snprintf(f->submitter, sizeof(f->submitter), "%s",
		    reporters[n].submitter);
		snprintf(
		    f->contact, sizeof(f->contact), "%s", reporters[n].contact);
		return;
	}
	snprintf(f->organization, sizeof(f->organization),
	    "M\xc3\xbc"
	    "ller Hosting %u",
	    n);
	snprintf(f->submitter, sizeof(f->submitter), "mail%u.example.org", n);
	snprintf(
	    f->contact, sizeof(f->contact), "tlsrpt@mail%u.example.org", n);
}

/* The id: unique in each shape, as twin counts what would be the same. */
static void
name_id(struct facts *f)
{
	struct rng r = {f->serial};
	struct buf day = {.cap = 64};
	uint64_t high = rng_next(&r), low = f->serial;

	put_rfc3339(&day, f->day);
	switch (f->shape) {
	case SHAPE_MICROSOFT:
		snprintf(f->id, sizeof(f->id), "%llu+%s",
		    134050000000000000ULL + f->serial * 10007, f->domain_name);
		break;
	case SHAPE_MAILRU:
		snprintf(f->id, sizeof(f->id), "%08x-%04x-%04x-%04x-%012llx@%s",
		    (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
		    (unsigned)(high & 0xffff), 0xb000, (unsigned long long)low,
		    f->submitter);
		break;
	case SHAPE_YAHOO:
		snprintf(f->id, sizeof(f->id), "%lld.%llu.%s",
		    (long long)f->day, (unsigned long long)f->serial,
		    f->domain_name);
		break;
	case SHAPE_POSTFIX:
		snprintf(f->id, sizeof(f->id), "%s_idx%u_%s", buf_string(&day),
		    f->twin + 1, f->domain_name);
		break;
	default:
		snprintf(f->id, sizeof(f->id), "%s_%s%s%.0u", buf_string(&day),
		    f->domain_name, f->twin > 0 ? "_" : "", f->twin);
		break;
	}
	buf_free(&day);
}

void
facts_name(struct facts *f)
{
	static const char *const words[] = {"harbour", "meadow", "orchard",
	    "quarry", "saddler", "thatcher", "wharf", "yeoman"};
	const char *word = words[f->domain % (sizeof(words) / sizeof(*words))];

	snprintf(f->domain_name, sizeof(f->domain_name), "%s%u.example.com",
	    word, f->domain);
	name_reporter(f);
	name_id(f);
	snprintf(f->file, sizeof(f->file), "%s!%s!%lld!%lld!%03u", f->submitter,
	    f->domain_name, (long long)f->day, (long long)(f->day + DAY - 1),
	    f->twin + 1);
}
