/* SPDX-License-Identifier: ISC */

/*
 * The judgement of a domain.  Every check of the table has a row here with
 * something that makes it fire and something near by that does not: a new
 * check without a row fails.  Both start from a domain with which all is well.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "domain/facts.h"
#include "domain/rdata.h"

#define NOW    1795000000 /* 2026-11-18 */
#define DAY(n) (NOW + (int64_t)(n)*DAY_SECONDS)
#define RECORD                                              \
	"v=TLSRPTv1; rua=mailto:tls@reports.example,https:" \
	"//h.example/v1"
#define POLICY                                                   \
	"version: STSv1\r\nmode: enforce\r\nmx: mx1.e.example\r" \
	"\nmx: *.in.example\r\nmax_age: 1209600\r\n"
#define DESTINATIONS 2
#define MXS	     2

/* ---- a domain ---- */

struct world {
	struct arena *arena;
	struct domain_facts facts;
	struct destination_facts destinations[DESTINATIONS];
	struct mx_facts mx[MXS];
	struct wrong_name wrong[1];
	struct server_facts servers[2];
	struct past_facts past;
	struct tlsa_certificate chain[2];
	unsigned char policy_hash[SHA256_LEN];
};

static void
put_data(struct world *w, struct dns_fact *answer, struct span data)
{
	struct span *rdata =
	    arena_calloc(w->arena, answer->nrdata + 1, sizeof(*rdata));

	if (answer->nrdata > 0)
		memcpy(rdata, answer->rdata, answer->nrdata * sizeof(*rdata));
	rdata[answer->nrdata++] = data;
	answer->rdata = rdata;
	answer->state = FACT_ANSWER;
}

/* One text more at a name. */
static void
put_txt(struct world *w, struct dns_fact *answer, const char *text)
{
	put_data(w, answer, rdata_txt_make(w->arena, span_of(text)));
}

static void
set_txt(struct world *w, struct dns_fact *answer, const char *text)
{
	answer->nrdata = 0;
	put_txt(w, answer, text);
}

static void
set_policy(struct world *w, const char *body)
{
	w->facts.policy.body = span_of(body);
}

/* Usage, selector, matching type and an octet, with which the data are
 * filled. */
static void
put_tlsa(struct world *w, size_t mx, const char *four)
{
	size_t len = four[2] == '2' ? TLSA_SHA512_LEN : SHA256_LEN;
	char *data = arena_alloc(w->arena, 3 + len);

	data[0] = (char)(four[0] - '0');
	data[1] = (char)(four[1] - '0');
	data[2] = (char)(four[2] - '0');
	memset(data + 3, four[3], len);
	put_data(w, &w->mx[mx].tlsa, (struct span){data, 3 + len});
}

static void
set_tlsa(struct world *w, const char *four)
{
	w->mx[0].tlsa.nrdata = 0;
	put_tlsa(w, 0, four);
	w->mx[1].tlsa.nrdata = 0;
	put_tlsa(w, 1, four);
}

static void
no_dane(struct world *w)
{
	w->mx[0].tlsa.state = w->mx[1].tlsa.state = FACT_NODATA;
	w->mx[0].tlsa.nrdata = w->mx[1].tlsa.nrdata = 0;
}

static void
no_sts(struct world *w)
{
	w->facts.sts.state = FACT_NXDOMAIN;
	w->facts.sts.nrdata = 0;
	w->facts.policy.address.state = FACT_NXDOMAIN;
	w->facts.policy.reach = REACH_NOT_TRIED;
}

static void
no_record(struct world *w)
{
	w->facts.tlsrpt.state = FACT_NXDOMAIN;
	w->facts.tlsrpt.nrdata = 0;
}

static void
null_mx(struct world *w)
{
	w->mx[0].host = ".";
	w->facts.nmx = 1;
}

static void
set_alias(struct world *w, struct dns_fact *answer, const char *to)
{
	const char **names = arena_calloc(w->arena, 1, sizeof(*names));

	names[0] = to;
	answer->aliases = names;
	answer->naliases = 1;
}

static void
set_names(struct world *w, struct cert_fact *cert, const char *name)
{
	const char **names = arena_calloc(w->arena, 1, sizeof(*names));

	names[0] = name;
	cert->names = names;
	cert->nnames = name != NULL;
	cert->trust = TRUST_GOOD;
	cert->not_before = DAY(-30);
	cert->not_after = DAY(60);
	cert->common_name = "";
}

static struct dns_fact
answer_at(const char *name)
{
	return (struct dns_fact){
	    .name = name, .state = FACT_ANSWER, .secure = true, .ttl = 3600};
}

static void
make_mx(struct world *w, size_t i, const char *host)
{
	struct mx_facts *mx = &w->mx[i];

	mx->host = host;
	mx->address = answer_at(host);
	mx->tlsa = answer_at(arena_printf(w->arena, "_25._tcp.%s", host));
	mx->tlsrpt = answer_at(arena_printf(w->arena, "_smtp._tls.%s", host));
	put_txt(w, &mx->tlsrpt, RECORD);
	put_tlsa(w, i, "311l");
	put_tlsa(w, i, "311n");
	mx->smtp = MX_TLS;
	mx->version = TLS_1_3;
	set_names(w, &mx->cert, host);
	mx->chain = (struct tlsa_chain){w->chain, 2, 2, true};
}

static void
make_destinations(struct world *w)
{
	struct destination_facts *d = w->destinations;

	d[0].index = 0;
	d[0].mx = answer_at("reports.example");
	d[0].mx_with_address = 1;
	d[1].index = 1;
	d[1].address = answer_at("h.example");
	d[1].https = REACH_DONE;
	set_names(w, &d[1].cert, "h.example");
	d[1].posted = true;
	d[1].post_status = 201;
	w->facts.destinations = d;
	w->facts.ndestinations = DESTINATIONS;
}

static void
make_sts(struct world *w)
{
	struct policy_facts *policy = &w->facts.policy;

	w->facts.sts = answer_at("_mta-sts.e.example");
	put_txt(w, &w->facts.sts, "v=STSv1; id=20260101;");
	policy->address = answer_at("mta-sts.e.example");
	policy->reach = REACH_DONE;
	set_names(w, &policy->cert, "mta-sts.e.example");
	policy->status = 200;
	policy->content_type = "text/plain";
	set_policy(w, POLICY);
}

static void
make_past(struct world *w)
{
	sha256(POLICY, strlen(POLICY), w->policy_hash);
	w->past = (struct past_facts){.policy_id = "20260101",
	    .policy_sha256 = w->policy_hash,
	    .policy_mode = STS_ENFORCE,
	    .policy_max_age = 1209600,
	    .policy_seen = DAY(-1),
	    .testing_since = TIME_NONE,
	    .has_store = true,
	    .record_valid_since = DAY(-100),
	    .last_report = DAY(-2),
	    .silent_days = 30,
	    .has_advice = true,
	    .report_days = 30};
	w->facts.past = &w->past;
}

static void
make_world(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->arena = arena_new(16384);
	/* What TLSA records are compared with: the leaf's key is l...l, the
	 * anchor's a...a. */
	memset(w->chain[0].spki_sha256, 'l', SHA256_LEN);
	memset(w->chain[0].spki_sha512, 'l', TLSA_SHA512_LEN);
	memset(w->chain[1].spki_sha256, 'a', SHA256_LEN);
	w->facts.domain = "e.example";
	w->facts.apex = answer_at("e.example");
	w->facts.anchor = answer_at(".");
	w->facts.tlsrpt = answer_at("_smtp._tls.e.example");
	put_txt(w, &w->facts.tlsrpt, RECORD);
	w->facts.wildcard = answer_at("xq3f._tls.e.example");
	w->facts.wildcard.state = FACT_NXDOMAIN;
	w->wrong[0].answer = answer_at("_tlsrpt.e.example");
	w->wrong[0].answer.state = FACT_NXDOMAIN;
	w->facts.wrong_names = w->wrong;
	w->facts.nwrong_names = 1;
	w->servers[0] =
	    (struct server_facts){"ns1", FACT_ANSWER, "aa", "x", "ns1"};
	w->servers[1] =
	    (struct server_facts){"ns2", FACT_ANSWER, "aa", "x", "ns2"};
	w->facts.servers = w->servers;
	w->facts.nservers = 2;
	w->facts.mx_answer = answer_at("e.example");
	w->facts.mx = w->mx;
	w->facts.nmx = MXS;
	make_mx(w, 0, "mx1.e.example");
	make_mx(w, 1, "mx2.in.example");
	make_destinations(w);
	make_sts(w);
	make_past(w);
}

/* A policy in another mode. */
#define TESTING                                                        \
	"version: STSv1\r\nmode: testing\r\nmx: mx1.e.example\r\nmx: " \
	"*.in.example\r\nmax_age: 1209600\r\n"
#define NONE "version: STSv1\r\nmode: none\r\nmax_age: 0\r\n"

/* ---- the rows ---- */

#define F (w->facts)
#define D (w->destinations)
#define M (w->mx)
#define P (w->past)

/* Check, what makes it fire, what is near but does not. */
#define ROWS(X)                                                                \
	X(DNS_NXDOMAIN, F.apex.state = FACT_NXDOMAIN,                          \
	    F.apex.state = FACT_NODATA)                                        \
	X(DNS_SERVFAIL, F.tlsrpt.state = FACT_SERVFAIL,                        \
	    F.tlsrpt.state = FACT_TIMEOUT)                                     \
	X(DNS_TIMEOUT, F.tlsrpt.state = FACT_TIMEOUT,                          \
	    F.tlsrpt.state = FACT_SERVFAIL)                                    \
	X(DNS_BOGUS, F.tlsrpt.state = FACT_BOGUS;                              \
	    F.tlsrpt.why = "signature expired", F.tlsrpt.secure = false)       \
	X(DNS_INSECURE, F.tlsrpt.secure = false, F.sts.secure = false)         \
	X(DNS_CANARY_BOGUS, F.anchor.state = F.tlsrpt.state = FACT_BOGUS,      \
	    F.tlsrpt.state = FACT_BOGUS)                                       \
	X(DNS_CNAME, set_alias(w, &F.tlsrpt, "x.dmarcian.com"),                \
	    set_alias(w, &F.policy.address, "x.example"))                      \
	X(DNS_CNAME_DANGLING, set_alias(w, &F.tlsrpt, "x.example");            \
	    no_record(w), no_record(w))                                        \
	X(DNS_CNAME_LOOP, F.tlsrpt.loop = true;                                \
	    F.tlsrpt.state = FACT_SERVFAIL, F.tlsrpt.state = FACT_SERVFAIL)    \
	X(DNS_WILDCARD, set_txt(w, &F.wildcard, RECORD),                       \
	    set_txt(w, &F.wildcard, "v=spf1 -all"))                            \
	X(DNS_TXT_TRUNCATED, set_long(w, 1201), set_long(w, 1200))             \
	X(DNS_TTL_LONG, F.tlsrpt.ttl = 86401, F.tlsrpt.ttl = 86400)            \
	X(DNS_NS_DIFFER, w->servers[1].digest = "bb",                          \
	    w->servers[1].digest = NULL)                                       \
	X(TLSRPT_MISSING, no_record(w), F.tlsrpt.state = FACT_SERVFAIL)        \
	X(TLSRPT_WRONG_NAME, no_record(w);                                     \
	    set_txt(w, &w->wrong[0].answer, RECORD),                           \
	    set_txt(w, &w->wrong[0].answer, RECORD))                           \
	X(TLSRPT_OLD_NAME, w->wrong[0].old = true;                             \
	    set_txt(w, &w->wrong[0].answer, RECORD), w->wrong[0].old = true)   \
	X(TLSRPT_DOUBLED_DOMAIN, w->wrong[0].doubled = true;                   \
	    set_txt(w, &w->wrong[0].answer, RECORD), no_record(w);             \
	    set_txt(w, &w->wrong[0].answer, "x"))                              \
	X(TLSRPT_MULTIPLE, put_txt(w, &F.tlsrpt, "v=TLSRPTv1;"),               \
	    put_txt(w, &F.tlsrpt, "v=TLSRPTv10;"))                             \
	X(TLSRPT_UNRELATED_TXT, put_txt(w, &F.tlsrpt, "x"),                    \
	    set_txt(w, &F.tlsrpt, "v=TLSRPT1"))                                \
	X(TLSRPT_IS_SPF, set_txt(w, &F.tlsrpt, "v=spf1 -all"),                 \
	    put_txt(w, &F.tlsrpt, "v=spf1 -all"))                              \
	X(RECORD_SPLIT_STRINGS, set_long(w, 256), set_long(w, 255))            \
	X(DEST_MAILTO_NXDOMAIN, D[0].mx.state = FACT_NXDOMAIN,                 \
	    D[0].mx.state = FACT_SERVFAIL)                                     \
	X(DEST_MAILTO_NO_MX, D[0].mx.state = D[0].address.state = FACT_NODATA; \
	    D[0].address.name = "x", D[0].mx.state = FACT_NODATA;              \
	    D[0].address.name = "x"; D[0].address.state = FACT_TIMEOUT)        \
	X(DEST_MAILTO_NULL_MX, D[0].null_mx = true, D[0].mx_with_address = 0)  \
	X(DEST_MAILTO_MX_UNRESOLVABLE, D[0].mx_with_address = 0,               \
	    D[0].mx_with_address = 0;                                          \
	    D[0].mx_unknown = 1)                                               \
	X(DEST_MAILTO_RCPT_REFUSED, D[0].rcpt = REACH_DONE;                    \
	    D[0].rcpt_code = 550, D[0].rcpt = REACH_DONE;                      \
	    D[0].rcpt_code = 450)                                              \
	X(DEST_MAILTO_RCPT_DEFERRED, D[0].rcpt = REACH_DONE;                   \
	    D[0].rcpt_code = 450, D[0].rcpt = REACH_DONE;                      \
	    D[0].rcpt_code = 250)                                              \
	X(DEST_MAILTO_SAME_DOMAIN,                                             \
	    set_txt(w, &F.tlsrpt, "v=TLSRPTv1; rua=mailto:a@in.E.example"),    \
	    set_txt(w, &F.tlsrpt, "v=TLSRPTv1; rua=mailto:a@notE.example"))    \
	X(DEST_EXTERNAL, (void)0,                                              \
	    set_txt(w, &F.tlsrpt, "v=TLSRPTv1; rua=https://h.e.example"))      \
	X(DEST_HTTPS_NXDOMAIN, D[1].address.state = FACT_NODATA,               \
	    D[1].address.state = FACT_TIMEOUT)                                 \
	X(DEST_HTTPS_CONNECT, D[1].https = REACH_FAILED,                       \
	    D[1].https = REACH_NOT_TRIED)                                      \
	X(DEST_HTTPS_CERT, D[1].cert.trust = TRUST_SELF_SIGNED,                \
	    D[1].cert.not_after = DAY(13))                                     \
	X(DEST_HTTPS_CERT_EXPIRING, D[1].cert.not_after = DAY(14) - 1,         \
	    D[1].cert.not_after = DAY(14))                                     \
	X(DEST_HTTPS_POST_REFUSED, D[1].post_status = 405,                     \
	    D[1].post_status = 403)                                            \
	X(DEST_HTTPS_POST_DOUBT, D[1].post_status = 302,                       \
	    D[1].post_status = 415)                                            \
	X(DEST_HTTPS_POST_OK, D[1].post_status = 422, D[1].post_status = 0)    \
	X(DEST_HTTPS_NOT_PROBED, D[1].posted = false, (void)0)                 \
	X(STS_RECORD_MISSING, no_sts(w), F.sts.state = FACT_SERVFAIL)          \
	X(STS_RECORD_MULTIPLE, put_txt(w, &F.sts, "v=STSv1; id=2"),            \
	    put_txt(w, &F.sts, "v=STSv10; id=2"))                              \
	X(STS_RECORD_SYNTAX, set_txt(w, &F.sts, "v=STSv1; id=a-b;"),           \
	    set_txt(w, &F.sts, "v=STSv1;id=ab"))                               \
	X(STS_HOST_NXDOMAIN, F.policy.address.state = FACT_NXDOMAIN,           \
	    F.policy.address.state = FACT_TIMEOUT)                             \
	X(STS_POLICY_WITHOUT_RECORD, F.sts.state = FACT_NODATA;                \
	    F.sts.nrdata = 0, F.sts.state = FACT_NODATA; F.sts.nrdata = 0;     \
	    set_policy(w, "<html>"))                                           \
	X(STS_FETCH_ERROR, F.policy.status = 404, F.policy.status = 301)       \
	X(STS_WEBPKI_INVALID, set_names(w, &F.policy.cert, "e.example"),       \
	    set_names(w, &F.policy.cert, "*.e.example"))                       \
	X(STS_REDIRECT, F.policy.status = 301, F.policy.status = 404)          \
	X(STS_CONTENT_TYPE, F.policy.content_type = "text/html",               \
	    F.policy.content_type = "TEXT/Plain; charset=utf-8")               \
	X(STS_TOO_LARGE, set_body(w, 4097), set_body(w, 4096))                 \
	X(STS_POLICY_SYNTAX, set_policy(w, "version: STSv1\r\n"),              \
	    set_policy(w, NONE))                                               \
	X(STS_POLICY_DUPLICATE_KEY, set_policy(w, POLICY "mode: none\r\n"),    \
	    set_policy(w, POLICY "mx: x.example\r\n"))                         \
	X(STS_POLICY_LINE_ENDINGS, set_policy(w, POLICY "mx: x.example\n"),    \
	    set_policy(w, POLICY "mx: x.example"))                             \
	X(STS_POLICY_UNKNOWN_KEY, set_policy(w, POLICY "x: y\r\n"),            \
	    set_policy(w, POLICY "mx: y.example\r\n"))                         \
	X(STS_MODE_TESTING, set_policy(w, TESTING), set_policy(w, NONE))       \
	X(STS_MODE_NONE, set_policy(w, NONE), set_policy(w, TESTING))          \
	X(STS_MAXAGE_SHORT, set_age(w, "604799"), set_age(w, "604800"))        \
	X(STS_MAXAGE_RANGE, set_age(w, "31557601"), set_age(w, "31557600"))    \
	X(STS_MX_NOT_COVERED, M[1].host = "a.mx2.in.example",                  \
	    M[1].host = "mx3.in.example")                                      \
	X(STS_MX_EXTRA, F.nmx = 1, M[1].host = "x.in.example")                 \
	X(STS_MX_WILDCARD_FORM, set_policy(w, POLICY "mx: mx*.e.example\r\n"), \
	    set_policy(w, POLICY "mx: *.e.example\r\n"))                       \
	X(STS_ID_UNCHANGED, w->policy_hash[0] ^= 1, P.policy_id = "1";         \
	    w->policy_hash[0] ^= 1)                                            \
	X(STS_ID_CHANGED_POLICY_SAME, P.policy_id = "1",                       \
	    w->policy_hash[0] ^= 1)                                            \
	X(STS_ENFORCE_NO_TLSRPT, no_record(w), F.tlsrpt.state = FACT_SERVFAIL) \
	X(STS_TESTING_NO_TLSRPT, set_policy(w, TESTING);                       \
	    no_record(w), no_record(w))                                        \
	X(STS_NULL_MX, null_mx(w), null_mx(w); no_sts(w); no_record(w))        \
	X(STS_REMOVED_ABRUPTLY, no_sts(w), no_sts(w);                          \
	    P.policy_seen = DAY(-14) - 1)                                      \
	X(MX_MISSING, F.mx_answer.state = FACT_NODATA;                         \
	    F.nmx = 0, F.mx_answer.state = FACT_SERVFAIL; F.nmx = 0)           \
	X(MX_NULL_WITH_OTHER, M[0].host = ".", null_mx(w))                     \
	X(MX_CNAME, set_alias(w, &M[0].address, "x.example"), (void)0)         \
	X(MX_NO_ADDRESS, M[0].address.state = FACT_NODATA,                     \
	    M[0].address.state = FACT_SERVFAIL)                                \
	X(MX_UNREACHABLE, M[0].smtp = MX_BLOCKED, M[0].smtp = MX_NOT_TRIED)    \
	X(MX_NO_STARTTLS, M[0].smtp = MX_NO_STARTTLS,                          \
	    M[0].smtp = MX_UNREACHABLE)                                        \
	X(MX_STARTTLS_INJECTION, M[0].injection = true, (void)0)               \
	X(MX_TLS_OLD, M[0].version = TLS_1_1, M[0].version = TLS_1_2)          \
	X(MX_TLS_HANDSHAKE, M[0].smtp = MX_HANDSHAKE_FAILED,                   \
	    M[0].smtp = MX_NO_STARTTLS)                                        \
	X(MX_CERT_NAME, set_names(w, &M[0].cert, "*.example"),                 \
	    set_names(w, &M[0].cert, "*.E.example"))                           \
	X(MX_CERT_CN_ONLY, set_names(w, &M[0].cert, NULL);                     \
	    M[0].cert.common_name = "mx1.e.example",                           \
	    M[0].cert.common_name = "mx1.e.example")                           \
	X(MX_CERT_EXPIRED, M[0].cert.not_after = NOW - 1,                      \
	    M[0].cert.not_after = NOW)                                         \
	X(MX_CERT_EXPIRING, M[0].cert.not_after = DAY(14) - 1,                 \
	    M[0].cert.not_after = DAY(14))                                     \
	X(MX_CERT_UNTRUSTED, M[0].cert.trust = TRUST_SELF_SIGNED,              \
	    M[0].cert.trust = TRUST_INCOMPLETE)                                \
	X(MX_CERT_CHAIN, M[0].cert.trust = TRUST_INCOMPLETE,                   \
	    M[0].cert.trust = TRUST_UNKNOWN_CA)                                \
	X(DANE_NONE, no_dane(w), M[0].tlsa.state = FACT_TIMEOUT)               \
	X(DANE_NO_DNSSEC, M[0].tlsa.secure = false, no_dane(w))                \
	X(DANE_DENIAL_BOGUS, M[0].tlsa.state = FACT_SERVFAIL,                  \
	    M[0].tlsa.state = FACT_TIMEOUT)                                    \
	X(DANE_MISMATCH, set_tlsa(w, "311x"), set_tlsa(w, "211a"))             \
	X(DANE_UNUSABLE, put_tlsa(w, 0, "111l"), put_tlsa(w, 0, "312l"))       \
	X(DANE_TA_NOT_IN_CHAIN, set_tlsa(w, "211x");                           \
	    M[0].chain.n = M[0].chain.linked = 1, set_tlsa(w, "211x"))         \
	X(DANE_ROLLOVER, set_tlsa(w, "311l"), (void)0)                         \
	X(DANE_PARTIAL, M[0].tlsa.state = FACT_NODATA, no_dane(w))             \
	X(DANE_HOST_TLSRPT, M[0].tlsrpt.nrdata = 0;                            \
	    M[0].tlsrpt.state = FACT_NXDOMAIN, M[0].tlsrpt.nrdata = 0;         \
	    M[0].tlsrpt.state = FACT_SERVFAIL)                                 \
	X(RPT_NONE, P.last_report = DAY(-31), P.last_report = DAY(-30))        \
	X(RPT_UNKNOWN_DESTINATION, no_record(w);                               \
	    P.last_report = DAY(-30), no_record(w);                            \
	    P.last_report = DAY(-30) - 1)                                      \
	X(ADV_ENFORCE_READY, set_policy(w, TESTING), set_policy(w, TESTING);   \
	    P.against = "a failure")                                           \
	X(ADV_ENFORCE_NOT_READY, set_policy(w, TESTING);                       \
	    P.against = "a failure", set_policy(w, TESTING))

/* A record of that length. */
static void
set_long(struct world *w, size_t len)
{
	char *text = arena_alloc(w->arena, len + 1);

	memset(text, 'x', len);
	text[len] = '\0';
	memcpy(text, RECORD, strlen(RECORD));
	set_txt(w, &w->facts.tlsrpt, text);
}

/* A policy of so many octets. */
static void
set_body(struct world *w, size_t len)
{
	char *body = arena_calloc(w->arena, 1, len + 1);

	memset(body, 'x', len);
	memcpy(body, POLICY, strlen(POLICY));
	set_policy(w, body);
}

static void
set_age(struct world *w, const char *age)
{
	set_policy(w,
	    arena_printf(w->arena,
		"version: STSv1\r\nmode: enforce\r\nmx: mx1.e.example\r\n"
		"mx: *.in.example\r\nmax_age: %s\r\n",
		age));
}

#define ROW_FUNCTIONS(check, fire, near)          \
	static void fire_##check(struct world *w) \
	{                                         \
		(void)w;                          \
		fire;                             \
	}                                         \
	static void near_##check(struct world *w) \
	{                                         \
		(void)w;                          \
		near;                             \
	}
ROWS(ROW_FUNCTIONS)

static const struct {
	enum check_id check;
	void (*fire)(struct world *w);
	void (*near)(struct world *w);
} rows[] = {
#define ROW(check, fire, near) {CHECK_##check, fire_##check, near_##check},
    ROWS(ROW)
#undef ROW
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

/* Checks that a text alone decides: what fires, and what is near. */
#define V	 "v=TLSRPTv1; "
#define A	 "mailto:a@e.example"
#define VA	 V "rua=" A
#define TEN(x)	 x x x x x x x x x x
#define FORTY(x) TEN(x) TEN(x) TEN(x) TEN(x)

static const struct {
	enum check_id check;
	const char *fire;
	const char *near;
} texts[] = {
    {CHECK_VERSION_NOT_FIRST, "rua=" A "; v=TLSRPTv1", V "rua=" A "; v=x"},
    {CHECK_VERSION_MISSING, "rua=" A, "v=TLSRPTv2; rua=" A},
    {CHECK_VERSION_CASE, "v=TLSRPTV1; rua=" A, VA},
    {CHECK_VERSION_TYPO, "v=TLSRPT1; rua=" A, "v=TLSRPTv11; rua=" A},
    {CHECK_VERSION_UNKNOWN, "v=TLSRPTv2; rua=" A, "v=TLSRPT; rua=" A},
    {CHECK_VERSION_SPACES, "v= TLSRPTv1; rua=" A, "v=TLSRPTv1 ; rua=" A},
    {CHECK_VERSION_NO_SEMICOLON, "v=TLSRPTv1 rua=" A, "v=TLSRPTv1;rua=" A},
    {CHECK_VERSION_SPACE_BEFORE_SEMICOLON, "v=TLSRPTv1 ;rua=" A,
	V " rua=" A " ;"},
    {CHECK_RECORD_LITERAL_QUOTES, "\"" VA "\"", V "x=\"y\"; rua=" A},
    {CHECK_RECORD_ESCAPED_SEMICOLON, "v=TLSRPTv1\\; rua=" A, VA "; x=a\\b"},
    {CHECK_RECORD_LEADING_SPACE, " " VA, VA " ;"},
    {CHECK_RECORD_TRAILING_SPACE, VA " ", VA "; "},
    {CHECK_RECORD_CONTROL_CHAR, VA "\x7f", VA ";\t"},
    {CHECK_RECORD_NON_ASCII, VA "\x80", VA "~"},
    {CHECK_RECORD_WHOLE_LINE, "x IN TXT " VA, VA "; x=INTXT"},
    {CHECK_FIELD_EMPTY, VA ";;", VA ";"},
    {CHECK_FIELD_NO_EQUALS, VA "; x", VA "; x=y"},
    {CHECK_RUA_MISSING, V "x=y", VA},
    {CHECK_RUA_EMPTY, V "rua=", V "rua=x"},
    {CHECK_RUA_TAG_CASE, V "Rua=" A, VA},
    {CHECK_RUA_SPACE_BEFORE_EQUALS, V "rua =" A, V " rua=" A},
    {CHECK_RUA_SPACE_AFTER_EQUALS, V "rua= " A, V "rua=" A " "},
    {CHECK_RUA_MISSING_MAILTO, V "rua=a@e.example", V "rua=a.e.example"},
    {CHECK_RUA_NOT_A_URI, V "rua=abc", V "rua=abc:x"},
    {CHECK_RUA_BAD_CHARACTER, V "rua=https://h.example/<",
	V "rua=https://h.example/("},
    {CHECK_RUA_EMPTY_ITEM, VA ",",
	VA ","
	   "mailto:b@e.example"},
    {CHECK_RUA_SPACE_INSIDE, VA " x", VA " ; x=y"},
    {CHECK_RUA_SEMICOLON_LIST, VA "; mailto:b@e.example", VA "; x=mailto:b"},
    {CHECK_RUA_RUF_IN_LIST, VA ",ruf=" A, VA "; ruf=" A},
    {CHECK_RUA_HTTP_NOT_HTTPS, V "rua=http://h.example",
	V "rua=https://h.example"},
    {CHECK_RUA_SCHEME_UNSUPPORTED, V "rua=ftp://h.example",
	V "rua=http://h.example"},
    {CHECK_RUA_MAILTO_NO_ADDRESS, V "rua=mailto:@e.example",
	V "rua=mailto:a@e.example"},
    {CHECK_RUA_MAILTO_BAD_LOCALPART, V "rua=mailto:a..b@e.example",
	V "rua=mailto:a.b@e.example"},
    {CHECK_RUA_MAILTO_BAD_DOMAIN, V "rua=mailto:a@e_e.example",
	V "rua=mailto:a@e-e.example"},
    {CHECK_RUA_MAILTO_SLASHES, V "rua=mailto://a@e.example",
	V "rua=mailto:/a@e.example"},
    {CHECK_RUA_MAILTO_HEADERS, VA "?subject=x", V "rua=mailto:a%3Fb@e.example"},
    {CHECK_RUA_HTTPS_BAD_HOST, V "rua=https://e_e.example",
	V "rua=https://e-e.example"},
    {CHECK_RUA_UNENCODED_EXCLAMATION, VA "!10m", VA "?x=%21"},
    {CHECK_RUA_PERCENT_ENCODED, V "rua=https://h.example/%2C",
	V "rua=https://h.example/2C"},
    {CHECK_RUA_SCHEME_UPPERCASE, V "rua=Mailto:a@e.example",
	V "rua=mailto:A@E.example"},
    {CHECK_RUA_HOST_TRAILING_DOT, VA ".", V "rua=https://h.example/."},
    {CHECK_RUA_HTTPS_USERINFO, V "rua=https://u@h.example",
	V "rua=https://h.example/@"},
    {CHECK_RUA_HTTPS_FRAGMENT, V "rua=https://h.example/#x",
	V "rua=https://h.example/%23x"},
    {CHECK_RUA_HTTPS_IP_LITERAL, V "rua=https://192.0.2.1",
	V "rua=https://192.0.2.example"},
    {CHECK_RUA_HTTPS_PORT, V "rua=https://h.example:444",
	V "rua=https://h.example:443"},
    {CHECK_RUA_DUPLICATE, VA "," A, VA ",mailto:A@e.example"},
    {CHECK_RUA_SEVERAL, VA ",mailto:b@e.example", VA ",abc:x"},
    {CHECK_RUA_TOO_MANY, VA FORTY("," A) TEN("," A), VA FORTY("," A)},
    {CHECK_RUA_FIELD_REPEATED, VA "; rua=" A, VA "; ruf=" A},
    {CHECK_TAG_DMARC_STYLE, VA "; p=x", VA "; px=x"},
    {CHECK_TAG_RUF, VA "; ruf=x", VA "; rufx=x"},
    {CHECK_TAG_UNKNOWN, VA "; x=y", VA "; p=y"},
    {CHECK_EXT_BAD_NAME, VA "; -x=y", VA "; x-=y"},
    {CHECK_EXT_BAD_VALUE, VA "; x=", VA "; x=y"},
};

#define NTEXTS (sizeof(texts) / sizeof(texts[0]))

/* ---- the tests ---- */

static struct findings
judge(struct world *w)
{
	struct findings f = findings_new(w->arena);
	struct domain_judgement made;

	domain_judge(&w->facts, NOW, &made, &f);
	return f;
}

static bool
world_has(void (*change)(struct world *w), enum check_id check)
{
	struct world w;
	struct findings f;
	bool has;

	make_world(&w);
	change(&w);
	f = judge(&w);
	has = findings_have(&f, check);
	arena_free(w.arena);
	return has;
}

static bool
text_has(const char *text, enum check_id check)
{
	struct world w;
	struct findings f;
	bool has;

	make_world(&w);
	set_txt(&w, &w.facts.tlsrpt, text);
	f = judge(&w);
	has = findings_have(&f, check);
	arena_free(w.arena);
	return has;
}

Test(judge, a_domain_with_which_all_is_well_has_no_warning)
{
	struct world w;
	struct findings f;
	size_t i;

	make_world(&w);
	f = judge(&w);
	for (i = 0; i < f.n; i++)
		cr_expect_eq(f.items[i].severity, SEVERITY_INFO, "%s",
		    f.items[i].message);
	arena_free(w.arena);
}

Test(judge, every_check_has_a_row)
{
	bool seen[CHECK_COUNT] = {false};
	size_t i;

	for (i = 0; i < NROWS; i++)
		seen[rows[i].check] = true;
	for (i = 0; i < NTEXTS; i++)
		seen[texts[i].check] = true;
	for (i = 0; i < CHECK_COUNT; i++)
		cr_expect(
		    seen[i], "%s has no row", check_get((enum check_id)i)->id);
}

Test(judge, every_check_fires)
{
	size_t i;

	for (i = 0; i < NROWS; i++)
		cr_expect(world_has(rows[i].fire, rows[i].check), "%s",
		    check_get(rows[i].check)->id);
	for (i = 0; i < NTEXTS; i++)
		cr_expect(text_has(texts[i].fire, texts[i].check), "%s",
		    check_get(texts[i].check)->id);
}

Test(judge, no_check_fires_at_what_is_only_near)
{
	size_t i;

	for (i = 0; i < NROWS; i++)
		cr_expect(!world_has(rows[i].near, rows[i].check), "%s",
		    check_get(rows[i].check)->id);
	for (i = 0; i < NTEXTS; i++)
		cr_expect(!text_has(texts[i].near, texts[i].check), "%s",
		    check_get(texts[i].check)->id);
}

/* The texts of the table name nothing that is not filled in. */
Test(judge, no_finding_has_a_hole)
{
	struct world w;
	struct findings f;
	size_t i, n;

	for (i = 0; i < NROWS + NTEXTS; i++) {
		make_world(&w);
		if (i < NROWS)
			rows[i].fire(&w);
		else
			set_txt(&w, &w.facts.tlsrpt, texts[i - NROWS].fire);
		f = judge(&w);
		for (n = 0; n < f.n; n++) {
			cr_expect_null(strpbrk(f.items[n].message, "{}"), "%s",
			    f.items[n].message);
			if (f.items[n].fix != NULL)
				cr_expect_null(strpbrk(f.items[n].fix, "{}"),
				    "%s", f.items[n].fix);
		}
		arena_free(w.arena);
	}
}

Test(judge, the_table_of_checks_is_whole)
{
	const struct check *c;
	int i;

	for (i = 0; i < CHECK_COUNT; i++) {
		c = check_get((enum check_id)i);
		cr_assert_not_null(c->id);
		cr_expect_not_null(c->message, "%s", c->id);
		cr_expect_eq((int)check_find(c->id), i, "%s", c->id);
		cr_expect_neq(c->severity, SEVERITY_OK, "%s", c->id);
		cr_expect_not_null(severity_name(c->severity));
		cr_expect_not_null(check_group_name(c->group));
	}
	cr_expect_eq(check_find("nonsense"), CHECK_COUNT);
}

/* ---- nothing is concluded from what was not seen ---- */

static void
fail_all(struct world *w, enum fact_state state)
{
	struct dns_fact *const answers[] = {&w->facts.apex, &w->facts.tlsrpt,
	    &w->facts.wildcard, &w->wrong[0].answer, &w->facts.sts,
	    &w->facts.policy.address, &w->facts.mx_answer, &w->mx[0].address,
	    &w->mx[0].tlsa, &w->mx[0].tlsrpt, &w->destinations[0].mx,
	    &w->destinations[1].address};
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		answers[i]->state = state;
		answers[i]->nrdata = 0;
	}
	w->facts.nmx = 0;
	w->facts.policy.reach = REACH_NOT_TRIED;
}

Test(judge, conformance_26_a_failure_is_unknown_and_never_missing)
{
	static const enum fact_state states[] = {FACT_SERVFAIL, FACT_TIMEOUT};
	struct world w;
	struct findings f;
	size_t i, n;

	for (i = 0; i < 2; i++) {
		make_world(&w);
		fail_all(&w, states[i]);
		f = judge(&w);
		cr_expect_eq(findings_worst(&f), SEVERITY_UNKNOWN);
		for (n = 0; n < f.n; n++)
			cr_expect_eq(f.items[n].severity, SEVERITY_UNKNOWN,
			    "%s", f.items[n].message);
		arena_free(w.arena);
	}
}

Test(judge, the_same_failure_is_told_once)
{
	struct world w;
	struct findings f;
	size_t i, k;

	make_world(&w);
	fail_all(&w, FACT_SERVFAIL);
	w.facts.ndestinations = 0;
	f = judge(&w);
	for (i = 0; i < f.n; i++)
		for (k = 0; k < i; k++)
			cr_expect(f.items[i].check != f.items[k].check ||
				strcmp(f.items[i].subject,
				    f.items[k].subject) != 0,
			    "%s", f.items[i].message);
	arena_free(w.arena);
}

Test(judge, nothing_asked_gives_nothing)
{
	struct domain_facts facts = {.domain = "e.example"};
	struct domain_judgement made;
	struct arena *a = arena_new(4096);
	struct findings f = findings_new(a);

	domain_judge(&facts, NOW, &made, &f);
	cr_expect_eq(f.n, 0);
	cr_expect_eq(made.record.verdict, RECORD_INVALID);
	arena_free(a);
}

/* ---- how grave it is ---- */

static enum severity
severity_of(void (*change)(struct world *w), enum check_id check)
{
	struct world w;
	struct findings f;
	enum severity severity = SEVERITY_OK;
	size_t i;

	make_world(&w);
	change(&w);
	f = judge(&w);
	for (i = 0; i < f.n; i++)
		if (f.items[i].check == check)
			severity = f.items[i].severity;
	arena_free(w.arena);
	return severity;
}

/* Of the first finding of that check; in a static buffer. */
static const char *
message_of(void (*change)(struct world *w), enum check_id check)
{
	static char message[1024];
	struct world w;
	struct findings f;
	size_t i;

	make_world(&w);
	change(&w);
	f = judge(&w);
	message[0] = '\0';
	for (i = f.n; i-- > 0;)
		if (f.items[i].check == check)
			snprintf(
			    message, sizeof(message), "%s", f.items[i].message);
	arena_free(w.arena);
	return message;
}

static void
missing_without_more(struct world *w)
{
	no_sts(w);
	no_dane(w);
	no_record(w);
}

static void
missing_without_mail(struct world *w)
{
	no_record(w);
	null_mx(w);
}

static void
uncovered_in_testing(struct world *w)
{
	set_policy(w, TESTING);
	w->mx[1].host = "elsewhere.example";
}

static void
other_name_without_sts(struct world *w)
{
	no_sts(w);
	no_dane(w);
	set_names(w, &w->mx[0].cert, "other.example");
}

static void
ends_in_two_days(struct world *w)
{
	w->mx[0].cert.not_after = DAY(3) - 1;
}

static void
ends_in_three_days(struct world *w)
{
	w->mx[0].cert.not_after = DAY(3);
}

static void
newly_testing(struct world *w)
{
	set_policy(w, TESTING);
	w->past.testing_since = DAY(-29);
}

static void
only_addresses(struct world *w)
{
	w->destinations[0].mx.state = FACT_NODATA;
	w->destinations[0].address = answer_at("reports.example");
}

static void
rcpt_blocked(struct world *w)
{
	w->destinations[0].rcpt = REACH_BLOCKED;
}

static void
nothing_newer(struct world *w)
{
	w->mx[0].version = TLS_1_0;
	w->mx[0].newer_refused = true;
}

static void
cut_body(struct world *w)
{
	w->facts.policy.cut = true;
}

static void
refused_here(struct world *w)
{
	w->mx[0].smtp = MX_REFUSED_HERE;
}

static void
all_blocked(struct world *w)
{
	w->mx[0].smtp = MX_BLOCKED;
	w->mx[1].smtp = MX_UNREACHABLE;
}

Test(judge, circumstances_make_a_check_more_or_less_grave)
{
	static const struct {
		void (*change)(struct world *w);
		enum check_id check;
		enum severity severity;
	} table[] = {
	    {no_record, CHECK_TLSRPT_MISSING, SEVERITY_ERROR},
	    {missing_without_more, CHECK_TLSRPT_MISSING, SEVERITY_WARNING},
	    {missing_without_mail, CHECK_TLSRPT_MISSING, SEVERITY_INFO},
	    {fire_STS_MX_NOT_COVERED, CHECK_STS_MX_NOT_COVERED, SEVERITY_ERROR},
	    {uncovered_in_testing, CHECK_STS_MX_NOT_COVERED, SEVERITY_WARNING},
	    {fire_MX_CERT_NAME, CHECK_MX_CERT_NAME, SEVERITY_ERROR},
	    {other_name_without_sts, CHECK_MX_CERT_NAME, SEVERITY_INFO},
	    {fire_MX_CERT_EXPIRING, CHECK_MX_CERT_EXPIRING, SEVERITY_WARNING},
	    {ends_in_three_days, CHECK_MX_CERT_EXPIRING, SEVERITY_WARNING},
	    {ends_in_two_days, CHECK_MX_CERT_EXPIRING, SEVERITY_ERROR},
	    {fire_STS_MODE_TESTING, CHECK_STS_MODE_TESTING, SEVERITY_WARNING},
	    {newly_testing, CHECK_STS_MODE_TESTING, SEVERITY_INFO},
	    {fire_DEST_MAILTO_NO_MX, CHECK_DEST_MAILTO_NO_MX, SEVERITY_ERROR},
	    {only_addresses, CHECK_DEST_MAILTO_NO_MX, SEVERITY_WARNING},
	    {rcpt_blocked, CHECK_DEST_MAILTO_RCPT_DEFERRED, SEVERITY_UNKNOWN},
	    {fire_MX_TLS_OLD, CHECK_MX_TLS_OLD, SEVERITY_WARNING},
	    {nothing_newer, CHECK_MX_TLS_OLD, SEVERITY_ERROR},
	    {cut_body, CHECK_STS_TOO_LARGE, SEVERITY_ERROR},
	    {fire_STS_TOO_LARGE, CHECK_STS_TOO_LARGE, SEVERITY_WARNING},
	    {fire_MX_UNREACHABLE, CHECK_MX_UNREACHABLE, SEVERITY_WARNING},
	    {refused_here, CHECK_MX_UNREACHABLE, SEVERITY_UNKNOWN},
	    {all_blocked, CHECK_MX_UNREACHABLE, SEVERITY_UNKNOWN},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		cr_expect_eq(severity_of(table[i].change, table[i].check),
		    table[i].severity, "%zu: %s", i,
		    check_get(table[i].check)->id);
}

/* ---- DANE ---- */

static void
expired_without_sts(struct world *w)
{
	no_sts(w);
	w->mx[0].cert.not_after = DAY(-5);
	w->mx[0].cert.trust = TRUST_SELF_SIGNED;
	set_names(w, &w->mx[1].cert, "other.example");
}

Test(judge, conformance_98_a_leaf_that_matches_may_be_old_and_of_any_name)
{
	cr_expect(!world_has(expired_without_sts, CHECK_MX_CERT_EXPIRED));
	cr_expect(!world_has(expired_without_sts, CHECK_MX_CERT_UNTRUSTED));
	cr_expect(!world_has(expired_without_sts, CHECK_MX_CERT_NAME));
	cr_expect(!world_has(expired_without_sts, CHECK_DANE_MISMATCH));
}

static void
other_anchor(struct world *w)
{
	set_tlsa(w, "211x");
}

static void
other_leaf(struct world *w)
{
	set_tlsa(w, "211x");
	put_tlsa(w, 0, "311x");
}

static void
no_anchor(struct world *w)
{
	set_tlsa(w, "211x");
	w->mx[0].chain.n = 1;
}

Test(judge, a_ca_that_is_another_is_not_said_to_be_missing)
{
	static const struct {
		void (*change)(struct world *w);
		enum check_id check;
		const char *message;
	} table[] = {{other_anchor, CHECK_DANE_MISMATCH,
			 "mx1.e.example: no TLSA record matches the "
			 "certificate: 2 x x is for a CA, and none that it "
			 "sends is that one: validation-failure"},
	    {other_leaf, CHECK_DANE_MISMATCH,
		"mx1.e.example: no TLSA record matches the certificate: "
		"validation-failure"},
	    {no_anchor, CHECK_DANE_TA_NOT_IN_CHAIN,
		"mx1.e.example: its TLSA record is for a CA, and it sends no "
		"certificate but its own"}};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		cr_expect_str_eq(message_of(table[i].change, table[i].check),
		    table[i].message, "%zu", i);
}

static void
insecure_address(struct world *w)
{
	w->mx[0].address.secure = false;
}

Test(judge, conformance_102_an_insecure_address_has_no_tlsa)
{
	cr_expect(world_has(insecure_address, CHECK_DANE_NO_DNSSEC));
	cr_expect(!world_has(insecure_address, CHECK_DANE_MISMATCH));
}

Test(judge, conformance_101_a_failed_tlsa_look_up_is_an_error)
{
	cr_expect_eq(
	    severity_of(fire_DANE_DENIAL_BOGUS, CHECK_DANE_DENIAL_BOGUS),
	    SEVERITY_ERROR);
}

/* A resolver that finds signatures of the root wrong finds all of them so. */
Test(judge, a_resolver_that_spoils_signatures_is_told_once)
{
	struct world w;
	struct findings f;

	make_world(&w);
	w.facts.anchor.state = w.facts.tlsrpt.state = FACT_BOGUS;
	w.mx[0].tlsa.state = FACT_BOGUS;
	w.mx[1].tlsa.secure = false;
	f = judge(&w);
	cr_expect(findings_have(&f, CHECK_DNS_CANARY_BOGUS));
	cr_expect_not(findings_have(&f, CHECK_DNS_BOGUS));
	cr_expect_not(findings_have(&f, CHECK_DANE_DENIAL_BOGUS));
	cr_expect_not(findings_have(&f, CHECK_DANE_NO_DNSSEC));
	arena_free(w.arena);
}

Test(judge, conformance_106_tlsa_without_starttls_is_an_error)
{
	cr_expect_eq(severity_of(fire_MX_NO_STARTTLS, CHECK_MX_NO_STARTTLS),
	    SEVERITY_ERROR);
}

static void
alias_of_tlsa(struct world *w)
{
	set_alias(w, &w->mx[0].tlsa, "tlsa.provider.example");
}

Test(judge, conformance_103_an_alias_of_tlsa_records_changes_no_name)
{
	cr_expect(!world_has(alias_of_tlsa, CHECK_MX_CNAME));
	cr_expect(!world_has(alias_of_tlsa, CHECK_MX_CERT_NAME));
	cr_expect(!world_has(alias_of_tlsa, CHECK_DANE_MISMATCH));
}

/* ---- MTA-STS ---- */

Test(judge, conformance_84_an_alias_of_the_record_is_followed)
{
	struct world w;
	struct findings f;

	make_world(&w);
	set_alias(&w, &w.facts.sts, "_mta-sts.provider.example");
	f = judge(&w);
	cr_expect(findings_have(&f, CHECK_DNS_CNAME));
	cr_expect_eq(findings_worst(&f), SEVERITY_INFO);
	arena_free(w.arena);
}

Test(judge, conformance_90_only_status_200_is_a_policy)
{
	cr_expect(world_has(fire_STS_REDIRECT, CHECK_STS_REDIRECT));
	cr_expect(world_has(fire_STS_FETCH_ERROR, CHECK_STS_FETCH_ERROR));
}

Test(judge, conformance_91_another_content_type_is_told)
{
	cr_expect_eq(severity_of(fire_STS_CONTENT_TYPE, CHECK_STS_CONTENT_TYPE),
	    SEVERITY_WARNING);
}

static void
policy_host_in_cn_only(struct world *w)
{
	set_names(w, &w->facts.policy.cert, NULL);
	w->facts.policy.cert.common_name = "mta-sts.e.example";
}

Test(judge, conformance_92_a_name_in_cn_only_fails)
{
	cr_expect(world_has(policy_host_in_cn_only, CHECK_STS_WEBPKI_INVALID));
}

Test(judge, conformance_94_an_mx_that_is_not_covered_is_an_error)
{
	cr_expect_eq(
	    severity_of(fire_STS_MX_NOT_COVERED, CHECK_STS_MX_NOT_COVERED),
	    SEVERITY_ERROR);
}

Test(judge, conformance_95_a_body_that_changed_with_the_same_id)
{
	cr_expect(world_has(fire_STS_ID_UNCHANGED, CHECK_STS_ID_UNCHANGED));
}

Test(judge, conformance_96_a_policy_that_was_removed_too_early)
{
	cr_expect(
	    world_has(fire_STS_REMOVED_ABRUPTLY, CHECK_STS_REMOVED_ABRUPTLY));
}

Test(judge, conformance_25_a_record_at_the_parent_is_none)
{
	struct wrong_name wrong;
	struct arena *a = arena_new(1024);
	const char *name, *last = NULL;
	size_t i, old = 0;

	for (i = 0; (name = domain_wrong_name(a, "e.example", i, &wrong));
	     i++) {
		cr_expect_str_neq(name, "_smtp._tls.e.example");
		cr_expect_str_neq(name, "_smtp._tls.example");
		old += wrong.old;
		last = name;
	}
	cr_expect_eq(i, 13);
	cr_expect_eq(old, 2);
	cr_expect_str_eq(last, "_smtp._tls.e.example.e.example");
	arena_free(a);
}

Test(judge, findings_are_sorted_by_group_and_severity)
{
	struct world w;
	struct findings f;
	size_t i, both = 0;
	enum check_group group, before = GROUP_DNS;

	make_world(&w);
	w.mx[0].smtp = MX_UNREACHABLE;
	w.mx[1].smtp = MX_NO_STARTTLS;
	w.facts.tlsrpt.ttl = 100000;
	no_sts(&w);
	f = judge(&w);
	for (i = 0; i < f.n; i++) {
		group = check_get(f.items[i].check)->group;
		cr_expect_geq(group, before);
		before = group;
		both += i > 0 && f.items[i].check == CHECK_MX_UNREACHABLE &&
		    f.items[i - 1].check == CHECK_MX_NO_STARTTLS;
	}
	cr_expect_eq(both, 1);
	cr_expect(findings_have(&f, CHECK_DNS_TTL_LONG));
	arena_free(w.arena);
}
