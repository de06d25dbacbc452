/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NETD_LOOK_H
#define TLSTALLY_NETD_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/summary.h"
#include "net/dns.h"
#include "net/https.h"
#include "net/smtp.h"
#include "proc/net_wire.h"

/*
 * Looks at domains, many at once, in one loop of poll(2).  An inquiry gathers
 * the facts of one domain: each answer may lead to further questions, and when
 * none is left, or the domain's time is up, it is judged.  What is still under
 * way then is cut loose: its answer is thrown away.
 */

/* The means that all inquiries share. */
struct look {
	const struct net_settings *settings;
	struct dns *dns;
	struct dns *plain; /* does not validate; in the place of dns if the
			      resolver strips DNSSEC */
	struct https *https;
	struct tls_trust *trust;
	struct address_policy policy;
	struct inquiry *inquiries; /* under way */
	size_t n;
	struct probe *probes; /* of mail servers, under way */
	struct visit *visits; /* to name servers, under way or waiting */
	struct arena *arena;  /* of the anchor */
	struct dns_fact anchor;
};

/* Makes the means; after this nothing here opens a file but libcurl its
 * authorities.  settings must stay.  Returns 0, or -1 as dns_new, https_new
 * and tls_trust_new_curious do. */
int look_open(
    struct look *l, const struct net_settings *settings, struct err *err);
void look_close(struct look *l);

/* Asks for the keys of the anchor, and waits for them: a resolver that strips
 * DNSSEC makes all that is signed look bogus.  If it does, nothing is
 * validated, and the judge is told. */
void look_start(struct look *l);

/* Begins to look at a domain; the question's memory is the arena's, which is
 * taken over. */
void look_begin(struct look *l, uint32_t number, struct arena *arena,
    const struct domain_question *question);

/* Called with what became of an inquiry; gone when it returns. */
typedef void look_answered(
    void *arg, uint32_t number, const struct domain_summary *summary);

/* See net/watch.h; look_work answers what has become complete. */
void look_watch(const struct look *l, struct watch *w);
void look_work(
    struct look *l, const struct watch *w, look_answered *answered, void *arg);

#endif
