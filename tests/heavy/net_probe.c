/* SPDX-License-Identifier: ISC */

/*
 * Calls what src/net/ offers and prints what comes of it, a word or a pair
 * KEY=VALUE at a time, for tests/heavy/040-net.sh and for whoever wants to
 * look at one thing by itself:
 *
 *	net_probe [OPTION...] dns NAME TYPE [NAME TYPE]...
 *	net_probe [OPTION...] dns -		(names for TXT on standard
 *input) net_probe [OPTION...] https URL ADDRESS... net_probe [OPTION...] smtp
 *HOST ADDRESS PORT
 *
 *	-r RESOLVER	ADDRESS[@PORT], may be repeated
 *	-R FILE		in the place of /etc/resolv.conf
 *	-a FILE		trust anchor
 *	-t MS		deadline
 *	-n N		questions at once
 *	-c FILE		authorities (PEM)
 *	-p PORT		connect there for https
 *	-l		loopback is allowed
 *	-P TEXT		POST it
 *	-d HEX		the rdata of a TLSA record, may be repeated
 *	-D NAME		the next-hop domain
 *	-m ADDRESS	ask about a recipient
 *	-C		no STARTTLS
 */

#include "config.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "net/dns.h"
#include "net/https.h"
#include "net/smtp.h"

#define LIST_MAX 100

struct options {
	const char *resolvers[LIST_MAX];
	size_t resolvers_n;
	const char *resolv_conf;
	const char *anchor;
	int timeout_ms;
	int in_flight;
	const char *ca;
	unsigned port;
	bool loopback;
	const char *post;
	struct dane_tlsa tlsa[LIST_MAX];
	size_t tlsa_n;
	const char *domain;
	const char *recipient;
	bool clear;
};

static const struct {
	const char *name;
	unsigned type;
} types[] = {
    {"A", DNS_A},
    {"AAAA", DNS_AAAA},
    {"CNAME", DNS_CNAME},
    {"DNSKEY", DNS_DNSKEY},
    {"DS", DNS_DS},
    {"MX", DNS_MX},
    {"NS", DNS_NS},
    {"SOA", DNS_SOA},
    {"TLSA", DNS_TLSA},
    {"TXT", DNS_TXT},
};

static unsigned
type_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].type;
	die("%s: no such type", name);
}

static const char *
name_of(unsigned type)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].type == type)
			return types[i].name;
	return "?";
}

static void
trouble(const struct err *err)
{
	printf("error=%d %s\n", (int)err->code, err->text);
	exit(1);
}

static struct dane_tlsa
read_hex(const char *hex)
{
	size_t i, len = strlen(hex) / 2;
	unsigned char *p = xmalloc(len + 1);
	unsigned byte;

	for (i = 0; i < len; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			die("%s: not hexadecimal", hex);
		p[i] = (unsigned char)byte;
	}
	return (struct dane_tlsa){p, len};
}

static void
print_record(unsigned type, const struct dns_record *r)
{
	char text[INET6_ADDRSTRLEN];
	size_t i;

	if ((type == DNS_A && r->len == 4) ||
	    (type == DNS_AAAA && r->len == 16)) {
		inet_ntop(type == DNS_A ? AF_INET : AF_INET6, r->data, text,
		    sizeof(text));
		printf(" %s", text);
		return;
	}
	if (r->len > 100) {
		printf(" %zu-bytes", r->len);
		return;
	}
	putchar(' ');
	for (i = 0; i < r->len; i++)
		if (type == DNS_TXT && r->data[i] > ' ' && r->data[i] < 0x7f)
			putchar(r->data[i]);
		else
			printf(type == DNS_TXT ? "\\%03u" : "%02x", r->data[i]);
}

static void
print_answer(void *arg, struct dns_answer *a)
{
	bool quiet = *(bool *)arg;
	size_t i;

	printf("%s %s %s %s rcode=%d", a->name, name_of(a->type),
	    dns_state_name(a->state), dns_security_name(a->security), a->rcode);
	if (!quiet) {
		printf(" ttl=%u records=%zu%s", (unsigned)a->ttl, a->records_n,
		    a->cut ? " cut" : "");
		for (i = 0; i < a->aliases_n; i++)
			printf(" alias=%s", a->aliases[i]);
		for (i = 0; i < a->records_n && i < 5; i++)
			print_record(a->type, &a->records[i]);
		if (a->why[0] != '\0')
			printf(" why=%s", a->why);
	}
	putchar('\n');
	dns_answer_free(a);
}

static void
ask_names(struct dns *d, bool *quiet)
{
	char line[1024];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		dns_ask(d, line, DNS_TXT, print_answer, quiet);
	}
}

static void
probe_dns(const struct options *o, char **argv)
{
	struct dns_config c = {.resolvers = o->resolvers,
	    .resolvers_n = o->resolvers_n,
	    .resolv_conf = o->resolv_conf,
	    .anchor_file = o->anchor,
	    .timeout_ms = o->timeout_ms,
	    .in_flight = o->in_flight};
	bool quiet = argv[0] != NULL && strcmp(argv[0], "-") == 0;
	int64_t begun = clock_ms();
	struct watch w = {0};
	struct dns *d;
	struct err err;

	if (dns_new(&d, &c, &err) == -1)
		trouble(&err);
	if (quiet)
		ask_names(d, &quiet);
	for (; !quiet && argv[0] != NULL && argv[1] != NULL; argv += 2)
		dns_ask(d, argv[0], type_of(argv[1]), print_answer, &quiet);
	while (dns_pending(d) > 0) {
		watch_begin(&w, 60000);
		dns_watch(d, &w);
		watch_wait(&w);
		dns_work(d);
	}
	watch_free(&w);
	dns_free(d);
	fprintf(stderr, "took %lld ms\n", (long long)(clock_ms() - begun));
}

static void
print_cert(const struct cert_facts *c)
{
	unsigned bit;
	size_t i;

	printf(" chain=%d", c->chain_n);
	for (bit = 1; bit < 1U << CERT_FAULTS; bit <<= 1)
		if ((c->faults & bit) != 0)
			printf(" fault=%s", cert_fault_name(bit));
	if (c->chain_n == 0)
		return;
	printf(" depth=%d until=%lld chain-until=%lld key=%s spki=%.8s",
	    c->depth, (long long)c->not_after, (long long)c->chain_not_after,
	    c->key, c->spki_sha256);
	for (i = 0; i < c->names_n && i < 5; i++)
		printf(" san=%s", c->names[i]);
	printf(" cn=%s", c->common_name);
}

static void
print_https(void *arg, const struct https_result *r)
{
	(void)arg;
	printf("%s status=%ld type=%s location=%s body=%zu address=%s",
	    https_outcome_name(r->outcome), r->status, r->content_type,
	    r->location, r->body_len, r->address);
	print_cert(&r->cert);
	printf(" why=%s\n", r->why);
	if (r->body_len > 0 && r->body_len < 1000)
		printf("%s\n", r->body);
}

static struct tls_trust *
read_trust(const struct options *o)
{
	struct tls_trust *trust;
	struct err err;

	if (tls_trust_new_curious(&trust, o->ca, &err) == -1)
		trouble(&err);
	return trust;
}

static struct address_policy
policy_of(const struct options *o)
{
	return (struct address_policy){
	    o->loopback ? ADDRESS_BIT(ADDRESS_LOOPBACK) : 0};
}

static void
probe_https(const struct options *o, char **argv)
{
	struct sockaddr_storage addresses[LIST_MAX];
	struct tls_trust *trust = read_trust(o);
	struct https_config c = {.ca_file = o->ca,
	    .trust = trust,
	    .policy = policy_of(o),
	    .port = (uint16_t)o->port};
	struct span post = span_of(o->post);
	struct https_question q = {.url = argv[0],
	    .addresses = addresses,
	    .post = o->post != NULL ? &post : NULL,
	    .content_type = "application/tlsrpt+gzip",
	    .timeout_ms = o->timeout_ms};
	struct watch w = {0};
	struct https *h;
	struct err err;

	while (*++argv != NULL)
		if (address_parse(&addresses[q.addresses_n++], *argv, 443) == 0)
			die("%s: no address", *argv);
	if (https_new(&h, &c, &err) == -1)
		trouble(&err);
	https_ask(h, &q, print_https, NULL);
	while (https_pending(h) > 0) {
		watch_begin(&w, 60000);
		https_watch(h, &w);
		watch_wait(&w);
		https_work(h, &w);
	}
	watch_free(&w);
	https_free(h);
	tls_trust_free(trust);
}

static void
print_smtp(const struct smtp_result *r)
{
	size_t i;

	printf("%s code=%d starttls=%d tls=%d version=%s",
	    smtp_outcome_name(r->outcome), r->code, r->starttls, r->tls,
	    r->version);
	if (r->tls)
		print_cert(&r->cert);
	for (i = 0; i < r->dane.n; i++)
		printf(" tlsa=%s", dane_match_name(r->dane.each[i]));
	printf(" dane=%zu/%zu rcpt=%d rcpt-code=%d took=%d reply=%s why=%s\n",
	    r->dane.matched, r->dane.usable, (int)r->rcpt, r->rcpt_code,
	    (int)(r->took_ms / 100), r->reply, r->why);
}

static void
probe_smtp(const struct options *o, char **argv)
{
	struct tls_trust *trust = read_trust(o);
	struct address_policy policy = policy_of(o);
	struct dane_question dane = {o->tlsa, o->tlsa_n, argv[0], o->domain};
	struct sockaddr_storage sa;
	struct smtp_question q = {.address = (const void *)&sa,
	    .policy = &policy,
	    .trust = trust,
	    .host = argv[0],
	    .helo = "probe.example",
	    .dane = o->tlsa_n > 0 ? &dane : NULL,
	    .recipient = o->recipient,
	    .clear = o->clear,
	    .timeout_ms = o->timeout_ms};
	struct watch w = {0};
	struct smtp *s;

	if (argv[1] == NULL || argv[2] == NULL ||
	    address_parse(&sa, argv[1], (uint16_t)strtoul(argv[2], NULL, 10)) ==
		0)
		die("smtp HOST ADDRESS PORT");
	s = smtp_new(&q);
	while (!smtp_work(s)) {
		watch_begin(&w, 60000);
		smtp_watch(s, &w);
		watch_wait(&w);
	}
	print_smtp(smtp_result(s));
	watch_free(&w);
	smtp_free(s);
	tls_trust_free(trust);
}

static void
take_option(struct options *o, int c)
{
	switch (c) {
	case 'r':
		o->resolvers[o->resolvers_n++] = optarg;
		break;
	case 'R':
		o->resolv_conf = optarg;
		break;
	case 'a':
		o->anchor = optarg;
		break;
	case 't':
		o->timeout_ms = (int)strtol(optarg, NULL, 10);
		break;
	case 'n':
		o->in_flight = (int)strtol(optarg, NULL, 10);
		break;
	case 'c':
		o->ca = optarg;
		break;
	case 'p':
		o->port = (unsigned)strtoul(optarg, NULL, 10);
		break;
	case 'l':
		o->loopback = true;
		break;
	case 'P':
		o->post = optarg;
		break;
	case 'd':
		o->tlsa[o->tlsa_n++] = read_hex(optarg);
		break;
	case 'D':
		o->domain = optarg;
		break;
	case 'm':
		o->recipient = optarg;
		break;
	case 'C':
		o->clear = true;
		break;
	default:
		exit(64);
	}
}

int
main(int argc, char **argv)
{
	static struct options o = {.timeout_ms = 10000, .ca = ""};
	size_t i;
	int c;

	while ((c = getopt(argc, argv, "r:R:a:t:n:c:p:lP:d:D:m:C")) != -1)
		take_option(&o, c);
	argv += optind;
	if (argv[0] == NULL || argv[1] == NULL)
		die("usage: net_probe [OPTION...] dns|https|smtp WORD...");
	if (strcmp(argv[0], "dns") == 0)
		probe_dns(&o, argv + 1);
	else if (strcmp(argv[0], "https") == 0)
		probe_https(&o, argv + 1);
	else
		probe_smtp(&o, argv + 1);
	for (i = 0; i < o.tlsa_n; i++)
		free((void *)(uintptr_t)o.tlsa[i].rdata);
	return 0;
}
