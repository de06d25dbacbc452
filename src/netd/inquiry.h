/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NETD_INQUIRY_H
#define TLSTALLY_NETD_INQUIRY_H

#include "netd/look.h"

/*
 * What the files share that gather the facts of a domain.
 */

/* Something that an inquiry waits for.  Whoever does it holds this; if the
 * inquiry has ended, inquiry is NULL, and the answer is nobody's. */
struct errand {
	struct errand *next, *prev;
	struct inquiry *inquiry;
};

struct inquiry {
	struct inquiry *next;
	struct look *look;
	uint32_t number;
	struct arena *arena;
	struct domain_question question;
	struct domain_facts facts;
	struct errand errands; /* a ring; itself is none */
	int64_t deadline;      /* by clock_ms */
	bool has_record;       /* at the right name */
};

/* Begins an errand; errand_end frees it, and returns the inquiry that waits
 * for it, or NULL. */
struct errand *errand_begin(struct inquiry *q, size_t size);
struct inquiry *errand_end(struct errand *e);

/* Why there is no answer, until one comes. */
#define UNANSWERED "no answer in time"

/* Called when a fact is complete. */
typedef void fact_known(struct inquiry *q, void *arg);

/* Asks for records into *fact; known may be NULL. */
void ask(struct inquiry *q, const char *name, unsigned type,
    struct dns_fact *fact, fact_known *known, void *arg);

/* If a look-up has failed, finds out whether the name's aliases go round. */
void look_for_loop(struct inquiry *q, struct dns_fact *failed);

/* Asks for A and AAAA records, taken together: an answer if one has data, and
 * secure if both are.  What is not known of one is not known of both. */
void ask_addresses(struct inquiry *q, const char *name, struct dns_fact *fact,
    fact_known *known, void *arg);

/* The addresses of an answer, at most most. */
size_t addresses_of(const struct dns_fact *fact, struct sockaddr_storage *out,
    size_t most, uint16_t port);

/* A fact from an answer, in the arena. */
void fact_read(struct arena *arena, const struct dns_answer *answer,
    struct dns_fact *fact);

/* A certificate's facts in the words of the judge. */
void certificate_read(
    struct arena *arena, const struct cert_facts *from, struct cert_fact *to);

/* How far a request came, and the certificate that it saw; *why is in words
 * why it came no farther. */
enum reach https_read(struct arena *arena, const struct https_result *r,
    const char **why, struct cert_fact *cert);

/* An MX host of some domain. */
struct mx_host {
	const char *host;
	uint16_t preference;
	struct dns_fact address;
};

/* The hosts of an MX answer by preference, at most MX_HOSTS_MAX. */
size_t mx_hosts(
    struct arena *arena, const struct dns_fact *mx, struct mx_host **hosts);

/* ---- the parts of a domain ---- */

void policy_begin(struct inquiry *q);
void mx_begin(struct inquiry *q);

/* Looks at the destinations of a record that has come. */
void destinations_begin(struct inquiry *q);

/* Asks each name server of the record's zone for it. */
void servers_begin(struct inquiry *q);

/* ---- mail servers ---- */

/* Where to try, one after the other, until somebody answers. */
#define PROBE_TRIES_MAX 4
struct probe_target {
	const char *host;
	struct sockaddr_storage address;
};

typedef void probe_done(
    struct inquiry *q, void *arg, const struct smtp_result *result);

struct probe_plan {
	struct probe_target targets[PROBE_TRIES_MAX];
	size_t n;
	const char *recipient; /* or NULL */
	const struct dane_question *dane;
	probe_done *done;
	void *arg;
};

/* Adds the addresses of a host, as far as there is room. */
void probe_add_host(
    struct inquiry *q, struct probe_plan *plan, const struct mx_host *host);

/* In words why a session came no farther than it did; r's own, or static. */
const char *probe_why(const struct smtp_result *r);

/* Begins; plan is copied, what it points to is the arena's. */
void probe_begin(struct inquiry *q, const struct probe_plan *plan);
void probe_watch(const struct look *l, struct watch *w);
void probe_work(struct look *l);
void probe_end_all(struct look *l);

/* Ends those that nobody waits for any more: what they point to is gone. */
void probe_drop(struct look *l);

/* ---- name servers ---- */

/* Asks one for the record, when its turn comes; *to, which is the arena's, says
 * until then that it is silent. */
void visit_begin(struct inquiry *q, struct server_facts *to,
    const struct sockaddr_storage *address);
void visit_watch(const struct look *l, struct watch *w);
void visit_work(struct look *l);

/* Ends those that nobody waits for any more; or all. */
void visit_drop(struct look *l, bool all);

#endif
