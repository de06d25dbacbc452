/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_LOOKING_H
#define TLSTALLY_CMD_LOOKING_H

#include "cmd/cmd.h"
#include "cmd/net.h"

/* The options of every command that looks at the servers of domains. */

enum looking_option {
	LOOKING_PROBE = 0,
	LOOKING_RESOLVER,
	LOOKING_ANCHOR,
	LOOKING_CA_FILE,
	LOOKING_PROXY,
	LOOKING_TIMEOUT,
	LOOKING_ALLOW_PRIVATE,
	LOOKING_OPTIONS
};

/* Rows for the table of a command's options, from index first on. */
#define LOOKING_ROWS(first)                                                \
	[(first) +                                                         \
	    LOOKING_PROBE] = {"probe", 0, NULL,                            \
	    "talk with mail and name servers, try destinations"},          \
	    [(first) + LOOKING_RESOLVER] = {"resolver", 0, "ADDR[@PORT]",  \
		"ask this resolver; may be repeated"},                     \
	    [(first) + LOOKING_ANCHOR] = {"anchor", 0, "FILE",             \
		"DNSSEC trust anchor"},                                    \
	    [(first) + LOOKING_CA_FILE] = {"ca-file", 0, "FILE",           \
		"certificate authorities, in the place of the system's"},  \
	    [(first) +                                                     \
		LOOKING_PROXY] = {"proxy", 0, "URL", "proxy for https"},   \
	    [(first) + LOOKING_TIMEOUT] = {"timeout", 0, "SECONDS",        \
		"for all of one domain; 60"},                              \
	    [(first) + LOOKING_ALLOW_PRIVATE] = {"allow-private", 0, NULL, \
		"connect to addresses that are not public, too"}

/* How to look; zero it first. */
struct looking {
	struct net_settings settings;
	bool probe;
};

/* Takes an option by its place in enum looking_option.  Returns 0, or -1 with
 * ERR_USAGE. */
int looking_option(
    struct looking *l, size_t index, const char *arg, struct err *err);

/* Sets what no option has set; texts are the arena's. */
void looking_complete(struct looking *l, struct arena *arena, int64_t now);

#endif
