/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_NET_H
#define TLSTALLY_CMD_NET_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/summary.h"
#include "proc/net_wire.h"

/*
 * The client of the helper program tlstally-net: domains go to it, summaries
 * come back.  What it says is a stranger's word, since it has parsed what the
 * network sent; a helper that dies, is silent or talks nonsense is started
 * anew, and the domains that it had are asked about one at a time, to find
 * the one at fault.
 */
struct net_job {
	const struct net_settings *settings;
	size_t n; /* domains */
	/* Says what to ask about the i'th, in the arena; but the domain's name
	 * must stay, to be held against the answer. */
	void (*ask)(void *arg, size_t i, struct arena *arena,
	    struct domain_question *question);
	/* Is given what came of the i'th, in their order: a summary that is
	 * gone when it returns, or NULL and why nothing is known. */
	void (*take)(void *arg, size_t i, const struct domain_summary *summary,
	    const struct err *why);
	void *arg;
};

/* Settings for a look at public servers, by the system's resolvers. */
struct net_settings net_settings_default(int64_t now);

/* Has all domains looked at.  Returns 0; or -1 with ERR_UNAVAILABLE if the
 * helper is not installed or cannot be confined, ERR_CONFIG for what it does
 * not take of the settings.  Some domains may have been taken by then. */
int net_run(const struct net_job *job, struct err *err);

/* Brings a domain into the form in which it is asked about: lower case,
 * without a final dot.  Returns NULL with ERR_USAGE for what is no domain, or
 * holds other characters than a DNS name has (A-labels are wanted). */
const char *net_domain(struct arena *arena, struct span text, struct err *err);

#endif
