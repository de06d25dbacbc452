/* SPDX-License-Identifier: ISC */

/*
 * Reports on their way between processes.  For each struct there is a put and
 * a get with the same fields in the same order; what else must hold of them
 * stands beside the get.
 */

#include "config.h"

#include <string.h>

#include "base/date.h"
#include "report/wire.h"

/* Places and reasons are ours: paths of parts, members and names in archives,
 * which have bounds of their own below this. */
#define PLACE_BYTES ((size_t)16 << 10)

/* A string and a list take at least their length, and the string a NUL. */
#define STRING_BYTES_MIN 5

/* What is being read. */
struct reading {
	struct fields *f;
	const struct limits *limits;
	struct arena *arena;
	/* Sums over the report, which the decoder holds to their bounds. */
	size_t failures;
	size_t strings;
	int64_t successful;
	int64_t failed;
	int64_t detailed;
	const char *wrong; /* what made no sense; NULL: a field itself */
};

/* Notes what makes no sense; nothing is read from there on. */
static void
refuse(struct reading *r, const char *what)
{
	if (!r->f->bad)
		r->wrong = what;
	r->f->bad = true;
}

static const char *
get_string(struct reading *r)
{
	return fields_string(r->f, r->limits->string_bytes);
}

/* Reads a number from 0 to most. */
static unsigned
get_number(struct reading *r, unsigned most, const char *what)
{
	unsigned n = fields_u8(r->f);

	if (n <= most)
		return n;
	refuse(r, what);
	return 0;
}

/* Reads how many elements follow, each of at least size bytes: a count that
 * the rest cannot hold never becomes memory. */
static size_t
get_count(struct reading *r, size_t size, size_t most, const char *what)
{
	size_t n = fields_u32(r->f);

	if (n <= most && n <= fields_left(r->f) / size)
		return n;
	refuse(r, what);
	return 0;
}

/* Reads a number of sessions, and adds it to a sum. */
static int64_t
get_sessions(struct reading *r, int64_t *sum)
{
	uint64_t n = fields_u64(r->f);

	if (n <= (uint64_t)(COUNT_MAX - *sum)) {
		*sum += (int64_t)n;
		return (int64_t)n;
	}
	refuse(r, "a number of sessions");
	return 0;
}

/* Reads the text of a type, which only one that is no word of the RFC has. */
static const char *
get_type_text(struct reading *r, bool is_other)
{
	const char *text = get_string(r);

	if (!is_other && text[0] != '\0')
		refuse(r, "a type with a text");
	return text;
}

static bool
has_capitals(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			return true;
	return false;
}

/* ---- lists of strings ---- */

static void
put_strings(struct fields_out *o, const char *const *list, size_t n)
{
	size_t i;

	fields_put_u32(o, (uint32_t)n);
	for (i = 0; i < n; i++)
		fields_put_string(o, list[i]);
}

static const char **
get_strings(struct reading *r, size_t *n)
{
	const char **list;
	size_t i;

	*n = get_count(r, STRING_BYTES_MIN,
	    r->limits->policy_strings - r->strings, "policy_strings");
	r->strings += *n;
	if (*n == 0)
		return NULL;
	list = arena_alloc(r->arena, *n * sizeof(*list));
	for (i = 0; i < *n; i++)
		list[i] = get_string(r);
	return list;
}

/* ---- failures ---- */

#define FAILURE_BYTES_MIN (1 + 7 * STRING_BYTES_MIN + 8)

static void
put_failure(struct fields_out *o, const struct failure *x)
{
	fields_put_u8(o, (uint8_t)x->type);
	fields_put_string(o, x->type_text);
	fields_put_string(o, x->sending_ip);
	fields_put_string(o, x->receiving_mx);
	fields_put_string(o, x->receiving_helo);
	fields_put_string(o, x->receiving_ip);
	fields_put_string(o, x->additional_information);
	fields_put_string(o, x->reason_code);
	fields_put_u64(o, (uint64_t)x->sessions);
}

static void
get_failure(struct reading *r, struct failure *x)
{
	x->type = get_number(r, RESULT_RFC_COUNT, "a result type");
	x->type_text = get_type_text(r, x->type == RESULT_OTHER);
	x->sending_ip = get_string(r);
	x->receiving_mx = get_string(r);
	x->receiving_helo = get_string(r);
	x->receiving_ip = get_string(r);
	x->additional_information = get_string(r);
	x->reason_code = get_string(r);
	x->sessions = get_sessions(r, &r->detailed);
}

/* ---- policies ---- */

#define POLICY_BYTES_MIN (2 + 2 * STRING_BYTES_MIN + 2 * 4 + 2 * 8 + 4)

static void
put_policy(struct fields_out *o, const struct policy *p)
{
	size_t i;

	fields_put_u8(o, (uint8_t)p->type);
	fields_put_string(o, p->type_text);
	fields_put_u8(o, (uint8_t)p->mode);
	fields_put_string(o, p->domain);
	put_strings(o, p->strings, p->nstrings);
	put_strings(o, p->mx_hosts, p->nmx_hosts);
	fields_put_u64(o, (uint64_t)p->successful);
	fields_put_u64(o, (uint64_t)p->failed);
	fields_put_u32(o, (uint32_t)p->nfailures);
	for (i = 0; i < p->nfailures; i++)
		put_failure(o, &p->failures[i]);
}

static void
get_failures(struct reading *r, struct policy *p)
{
	size_t i;

	p->nfailures = get_count(r, FAILURE_BYTES_MIN,
	    r->limits->failure_details - r->failures, "failure_details");
	r->failures += p->nfailures;
	if (p->nfailures > 0)
		p->failures =
		    arena_alloc(r->arena, p->nfailures * sizeof(*p->failures));
	for (i = 0; i < p->nfailures; i++)
		get_failure(r, &p->failures[i]);
}

static void
get_policy(struct reading *r, struct policy *p)
{
	size_t len;

	p->type = get_number(r, POLICY_NONE, "a policy type");
	p->type_text = get_type_text(r, p->type == POLICY_OTHER);
	p->mode = get_number(r, MODE_NONE, "a policy mode");
	if (p->type != POLICY_STS && p->mode != MODE_UNKNOWN)
		refuse(r, "a policy mode");
	p->domain = get_string(r);
	len = strlen(p->domain);
	if (has_capitals(p->domain) || (len > 0 && p->domain[len - 1] == '.'))
		refuse(r, "a policy domain");
	p->strings = get_strings(r, &p->nstrings);
	p->mx_hosts = get_strings(r, &p->nmx_hosts);
	p->successful = get_sessions(r, &r->successful);
	p->failed = get_sessions(r, &r->failed);
	get_failures(r, p);
}

static void
get_policies(struct reading *r, struct report *report)
{
	size_t i;

	report->npolicies =
	    get_count(r, POLICY_BYTES_MIN, r->limits->policies, "policies");
	if (report->npolicies > 0)
		report->policies = arena_calloc(
		    r->arena, report->npolicies, sizeof(*report->policies));
	for (i = 0; i < report->npolicies; i++)
		get_policy(r, &report->policies[i]);
}

/* ---- deviations ---- */

static void
put_deviations(struct fields_out *o, const struct report *r)
{
	size_t i;

	fields_put_u32(o, (uint32_t)r->ndeviations);
	for (i = 0; i < r->ndeviations; i++) {
		fields_put_u8(o, (uint8_t)r->deviations[i].code);
		fields_put_string(o, r->deviations[i].where);
	}
}

_Static_assert(DEVIATION_COUNT <= UINT8_MAX, "a deviation's code is a byte");

static void
get_deviations(struct reading *r, struct report *report)
{
	struct deviation *d;
	size_t i;

	report->ndeviations =
	    get_count(r, 1 + STRING_BYTES_MIN, DEVIATIONS_MAX, "deviations");
	if (report->ndeviations > 0)
		report->deviations =
		    arena_alloc(r->arena, report->ndeviations * sizeof(*d));
	for (i = 0; i < report->ndeviations; i++) {
		d = &report->deviations[i];
		d->code = get_number(r, DEVIATION_COUNT - 1, "a deviation");
		d->where = fields_string(r->f, PLACE_BYTES);
	}
}

/* ---- the original ---- */

static void
put_original(struct fields_out *o, const struct original *x)
{
	fields_put_u8(o, (uint8_t)x->encoding);
	fields_put_u64(o, x->json_len);
	fields_put_bytes(o, x->data, x->len);
}

/* One that was read from the store again comes without its original. */
static void
get_original(struct reading *r, struct original *x)
{
	x->encoding = get_number(r, ENCODING_DEFLATE, "an encoding");
	x->json_len = fields_u64(r->f);
	x->data = fields_bytes(r->f, &x->len);
	if (x->json_len > r->limits->json_bytes)
		refuse(r, "json_bytes");
	if ((x->encoding == 0) != (x->len == 0))
		refuse(r, "an original");
}

/* ---- reports ---- */

#define REPORT_BYTES_MIN \
	(8 * STRING_BYTES_MIN + 3 * 8 + 1 + KEYED_HASH_LEN + 13 + 2 * 4)

void
wire_put_report(struct fields_out *o, const struct report *r)
{
	size_t i;

	fields_put_string(o, r->reporter);
	fields_put_string(o, r->organization);
	fields_put_string(o, r->contact);
	fields_put_string(o, r->id);
	fields_put_u64(o, (uint64_t)r->start);
	fields_put_u64(o, (uint64_t)r->end);
	fields_put_u64(o, (uint64_t)r->received);
	fields_put_u8(o, (uint8_t)r->authenticity);
	fields_put_string(o, r->submitter_header);
	fields_put_string(o, r->domain_header);
	fields_put_string(o, r->filename);
	fields_put_string(o, r->subject);
	fields_put_bytes(o, r->sum, KEYED_HASH_LEN);
	put_original(o, &r->original);
	fields_put_u32(o, (uint32_t)r->npolicies);
	for (i = 0; i < r->npolicies; i++)
		put_policy(o, &r->policies[i]);
	put_deviations(o, r);
}

/* A time from year 1 to 9999. */
static bool
is_time(int64_t t)
{
	return t >= (int64_t)DAY_MIN * DAY_SECONDS &&
	    t < ((int64_t)DAY_MAX + 1) * DAY_SECONDS;
}

/* The day is not on the wire: it follows from the start. */
static void
get_range(struct reading *r, struct report *report)
{
	report->start = (int64_t)fields_u64(r->f);
	report->end = (int64_t)fields_u64(r->f);
	if (!is_time(report->start) || !is_time(report->end) ||
	    report->start > report->end)
		refuse(r, "a date range");
	else
		report->day = day_of_time(report->start);
}

static void
get_sum(struct reading *r, unsigned char sum[KEYED_HASH_LEN])
{
	size_t len;
	const void *p = fields_bytes(r->f, &len);

	if (len == KEYED_HASH_LEN)
		memcpy(sum, p, KEYED_HASH_LEN);
	else
		refuse(r, "a hash");
}

static struct report *
get_report(struct reading *r)
{
	struct report *report = arena_calloc(r->arena, 1, sizeof(*report));

	r->failures = r->strings = 0;
	r->successful = r->failed = r->detailed = 0;
	report->reporter = get_string(r);
	if (report->reporter[0] == '\0' || has_capitals(report->reporter))
		refuse(r, "a reporter");
	report->organization = get_string(r);
	report->contact = get_string(r);
	report->id = get_string(r);
	get_range(r, report);
	report->received = (int64_t)fields_u64(r->f);
	report->authenticity = get_number(r, AUTH_FAILED, "an authenticity");
	report->submitter_header = get_string(r);
	report->domain_header = get_string(r);
	report->filename = get_string(r);
	report->subject = get_string(r);
	get_sum(r, report->sum);
	get_original(r, &report->original);
	get_policies(r, report);
	get_deviations(r, report);
	return report;
}

/* Says what made no sense, if anything did. */
static int
judge(const struct reading *r, struct err *err)
{
	if (!r->f->bad)
		return 0;
	return err_set(err, ERR_DATA, "%s that no decoder gives",
	    r->wrong != NULL ? r->wrong : "fields");
}

int
wire_get_report(struct fields *f, const struct limits *limits,
    struct arena *arena, struct report **out, struct err *err)
{
	struct reading r = {.f = f, .limits = limits, .arena = arena};

	*out = get_report(&r);
	return judge(&r, err);
}

/* ---- messages ---- */

#define FAULT_BYTES_MIN (1 + STRING_BYTES_MIN)

void
wire_put_decoded(struct fields_out *o, const struct decoded *d)
{
	size_t i;

	fields_put_u32(o, (uint32_t)d->nreports);
	for (i = 0; i < d->nreports; i++)
		wire_put_report(o, d->reports[i]);
	fields_put_u32(o, (uint32_t)d->nfaults);
	for (i = 0; i < d->nfaults; i++) {
		fields_put_u8(o, (uint8_t)d->faults[i].kind);
		fields_put_string(o, d->faults[i].reason);
	}
}

static void
get_faults(struct reading *r, struct decoded *out)
{
	struct fault *fault;
	size_t i;

	out->nfaults =
	    get_count(r, FAULT_BYTES_MIN, ITEMS_MAX - out->nreports, "faults");
	if (out->nfaults > 0)
		out->faults =
		    arena_alloc(r->arena, out->nfaults * sizeof(*fault));
	for (i = 0; i < out->nfaults; i++) {
		fault = &out->faults[i];
		fault->kind = get_number(r, FAULT_RESOURCE, "a fault");
		if (fault->kind == 0)
			refuse(r, "a fault");
		fault->reason = fields_string(r->f, PLACE_BYTES);
	}
}

int
wire_get_decoded(struct fields *f, const struct limits *limits,
    struct arena *arena, struct decoded *out, struct err *err)
{
	struct reading r = {.f = f, .limits = limits, .arena = arena};
	size_t i;

	*out = (struct decoded){.arena = arena};
	out->nreports = get_count(&r, REPORT_BYTES_MIN, ITEMS_MAX, "reports");
	if (out->nreports > 0)
		out->reports =
		    arena_alloc(arena, out->nreports * sizeof(*out->reports));
	for (i = 0; i < out->nreports && !f->bad; i++)
		out->reports[i] = get_report(&r);
	get_faults(&r, out);
	if (!f->bad && !fields_are_whole(f))
		refuse(&r, "more");
	return judge(&r, err);
}
