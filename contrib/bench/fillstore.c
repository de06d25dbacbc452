/* SPDX-License-Identifier: ISC */

/*
 * Fills a store with days x domains x reporters reports, as years of ingest
 * would leave them, by the store's own door but without any mail: a million
 * of them take half a minute.
 */

#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "store/store.h"

/* Day 18262 is 2020-01-01: far from the days of genmail's mails. */
#define FIRST_DAY 18262

/* Reports to a transaction, as in ingest. */
#define BATCH 1000

/* Bytes of a gzipped original. */
#define ORIGINAL 520

/* One report in so many tells of failures. */
#define FAILING 8

struct fill {
	struct store *store;
	int64_t source;
	int days;
	int domains;
	int reporters;
	struct tally tally;
	size_t n; /* written so far */
};

/* What is wrong with a domain stays for so many days. */
#define TROUBLE_DAYS 14

/* The texts and rows of one report. */
struct made {
	struct report report;
	struct policy policy;
	struct failure failures[3];
	const char *strings[3];
	char domain[64];
	char reporter[64];
	char organization[64];
	char contact[96];
	char id[128];
	char filename[192];
	char subject[320];
	char locator[96];
	char addresses[3][48];
	char mx[3][80];
	unsigned char original[ORIGINAL];
};

/* Spreads a number over all bits (splitmix64). */
static uint64_t
mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static void
make_failures(struct made *m, uint64_t random, uint64_t trouble)
{
	size_t i, n = 1 + random % 2;

	for (i = 0; i < n; i++) {
		snprintf(m->addresses[i], sizeof(m->addresses[i]),
		    "198.51.100.%u", (unsigned)(random >> (8 + i)) % 256);
		snprintf(m->mx[i], sizeof(m->mx[i]), "mx%zu.%s", i, m->domain);
		m->failures[i] = (struct failure){
		    .type = (enum result_type)(1 + trouble % RESULT_RFC_COUNT),
		    .type_text = "",
		    .sending_ip = m->addresses[i],
		    .receiving_mx = m->mx[i],
		    .receiving_helo = "",
		    .receiving_ip = "192.0.2.25",
		    .additional_information = "",
		    .reason_code = "",
		    .sessions = 1 + (int64_t)(random >> (16 + i)) % 9};
		m->policy.failed += m->failures[i].sessions;
	}
	m->policy.failures = m->failures;
	m->policy.nfailures = n;
}

static void
make_policy(struct made *m, uint64_t random, uint64_t trouble)
{
	m->strings[0] = "version: STSv1";
	m->strings[1] = "mode: enforce";
	m->strings[2] = "max_age: 604800";
	m->policy = (struct policy){.type = POLICY_STS,
	    .type_text = "",
	    .mode = MODE_ENFORCE,
	    .domain = m->domain,
	    .strings = m->strings,
	    .nstrings = 3,
	    .successful = 10 + (int64_t)(random % 5000)};
	if (trouble % 4 == 0)
		m->policy.mode = MODE_TESTING;
	if (random % FAILING == 0)
		make_failures(m, random >> 8, trouble);
}

static void
make_texts(struct made *m, int32_t day, int domain, int reporter)
{
	snprintf(m->domain, sizeof(m->domain), "customer%d.example", domain);
	snprintf(
	    m->reporter, sizeof(m->reporter), "mail%d.example.org", reporter);
	snprintf(m->organization, sizeof(m->organization), "Sender %d Inc.",
	    reporter);
	snprintf(m->contact, sizeof(m->contact), "tlsrpt@%s", m->reporter);
	snprintf(m->id, sizeof(m->id), "%d.%d.%d@%s", (int)day, domain,
	    reporter, m->reporter);
	snprintf(m->filename, sizeof(m->filename), "%s!%s!%lld!%lld!1.json.gz",
	    m->reporter, m->domain, (long long)day * DAY_SECONDS,
	    (long long)(day + 1) * DAY_SECONDS - 1);
	snprintf(m->subject, sizeof(m->subject),
	    "Report Domain: %s Submitter: %s Report-ID: <%s>", m->domain,
	    m->reporter, m->id);
	snprintf(m->locator, sizeof(m->locator), "cur/%d.M%06dP%d.mx", (int)day,
	    domain, reporter);
}

static void
make_report(struct made *m, int32_t day, int domain, int reporter)
{
	uint64_t random = mix(((uint64_t)day << 40) ^ ((uint64_t)domain << 20) ^
	    (uint64_t)reporter);
	size_t i;

	make_texts(m, day, domain, reporter);
	make_policy(m, random, mix((uint64_t)domain * 64 + day / TROUBLE_DAYS));
	for (i = 0; i < ORIGINAL; i++)
		m->original[i] = (unsigned char)mix(random + i);
	m->report = (struct report){.reporter = m->reporter,
	    .organization = m->organization,
	    .contact = m->contact,
	    .id = m->id,
	    .start = (int64_t)day * DAY_SECONDS,
	    .end = (int64_t)(day + 1) * DAY_SECONDS - 1,
	    .day = day,
	    .received = (int64_t)(day + 1) * DAY_SECONDS + 6 * 3600,
	    .submitter_header = m->reporter,
	    .domain_header = m->domain,
	    .filename = m->filename,
	    .subject = m->subject,
	    .original = {m->original, ORIGINAL, 1100, ENCODING_GZIP},
	    .policies = &m->policy,
	    .npolicies = 1};
	memcpy(m->report.sum, m->original, sizeof(m->report.sum));
}

static int
add(struct fill *f, struct made *m, struct err *err)
{
	struct report *list[] = {&m->report};
	const struct decoded d = {.reports = list, .nreports = 1};
	const struct receipt receipt = {
	    f->source, m->locator + 4, m->locator, m->report.received};
	enum outcome outcome;

	if (store_add(f->store, &receipt, &d, &outcome, &f->tally, err) == -1)
		return -1;
	if (++f->n % BATCH != 0)
		return 0;
	if (store_commit(f->store, err) == -1)
		return -1;
	return store_begin(f->store, err);
}

static int
fill(struct fill *f, struct err *err)
{
	struct made *m = xcalloc(1, sizeof(*m));
	int day, domain, reporter, rc;

	rc = store_begin(f->store, err);
	if (rc == 0)
		rc =
		    store_source(f->store, "bench", "maildir", &f->source, err);
	for (day = 0; day < f->days; day++)
		for (domain = 0; domain < f->domains; domain++)
			for (reporter = 0; rc == 0 && reporter < f->reporters;
			     reporter++) {
				make_report(
				    m, FIRST_DAY + day, domain, reporter);
				rc = add(f, m, err);
			}
	if (rc == 0)
		rc = store_commit(f->store, err);
	free(m);
	return rc;
}

/* Reads a count.  False if it is none. */
static bool
take_count(const char *text, int *count)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || n < 1 || n > INT_MAX)
		return false;
	*count = (int)n;
	return true;
}

int
main(int argc, char **argv)
{
	struct fill f = {0};
	struct err err = {0};
	int rc;

	if (argc != 5 || !take_count(argv[2], &f.days) ||
	    !take_count(argv[3], &f.domains) ||
	    !take_count(argv[4], &f.reporters)) {
		fprintf(
		    stderr, "usage: fillstore STORE DAYS DOMAINS REPORTERS\n");
		return 64;
	}
	rc = store_open(&f.store, argv[1], STORE_CREATE, &err);
	if (rc == 0)
		rc = fill(&f, &err);
	if (rc == -1)
		fprintf(stderr, "fillstore: %s\n", err.text);
	store_close(f.store);
	return rc == 0 ? 0 : 1;
}
