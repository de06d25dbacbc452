/* SPDX-License-Identifier: ISC */

/*
 * A filter at work.  Rows name their domain and reporter by number, of which
 * there are few: each text is matched against the patterns once, and the
 * verdict kept by its number.
 */

#include "config.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "store/private.h"

enum verdict { VERDICT_NONE = 0, VERDICT_TAKEN, VERDICT_LEFT };

void
sieve_free(struct sieve *v)
{
	free(v->domains.of);
	free(v->reporters.of);
}

static bool
glob(const char *pattern, const char *text)
{
	return fnmatch(pattern, text, FNM_CASEFOLD) == 0;
}

bool
filter_takes_all_domains(const struct filter *f)
{
	return f->ndomains == 0 && f->takes == NULL;
}

bool
filter_takes_domain(const struct filter *f, const char *domain)
{
	size_t i;

	if (filter_takes_all_domains(f))
		return true;
	for (i = 0; i < f->ndomains; i++) {
		if (glob(f->domains[i], domain))
			return true;
		if (domain[0] == '\0' &&
		    strcmp(f->domains[i], "(unknown)") == 0)
			return true;
	}
	return f->takes != NULL && f->takes(f->takes_arg, domain);
}

static bool
takes_reporter(const struct filter *f, const char *reporter)
{
	return glob(f->reporter, reporter);
}

/* Makes room for a verdict on name. */
static void
reserve(struct verdicts *v, size_t name)
{
	size_t size = v->size > 0 ? v->size : 256;

	while (size <= name)
		size *= 2;
	v->of = xreallocarray(v->of, size, 1);
	memset(v->of + v->size, VERDICT_NONE, size - v->size);
	v->size = size;
}

/* Returns 1, 0 or -1 for a name, from memory or by asking takes. */
static int
judge(struct sieve *v, struct verdicts *known, int64_t name,
    bool (*takes)(const struct filter *, const char *), struct err *err)
{
	const char *text;

	if (name >= 0 && (uint64_t)name < known->size &&
	    known->of[name] != VERDICT_NONE)
		return known->of[name] == VERDICT_TAKEN;
	text = name_text(v->store, name, err);
	if (text == NULL)
		return -1;
	if ((uint64_t)name >= known->size)
		reserve(known, (size_t)name);
	known->of[name] = takes(v->filter, text) ? VERDICT_TAKEN : VERDICT_LEFT;
	return known->of[name] == VERDICT_TAKEN;
}

int
sieve_domain(struct sieve *v, int64_t name, struct err *err)
{
	if (filter_takes_all_domains(v->filter))
		return 1;
	return judge(v, &v->domains, name, filter_takes_domain, err);
}

int
sieve_reporter(struct sieve *v, int64_t name, struct err *err)
{
	if (v->filter->reporter == NULL)
		return 1;
	return judge(v, &v->reporters, name, takes_reporter, err);
}

int
sieve_stream(struct sieve *v, const struct known_stream *k, struct err *err)
{
	int taken = sieve_reporter(v, k->reporter, err);

	return taken == 1 ? sieve_domain(v, k->domain, err) : taken;
}
