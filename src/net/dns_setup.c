/* SPDX-License-Identifier: ISC */

/*
 * How libunbound is set up: whom it asks, whom it trusts, and how patient it
 * is.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unbound.h>

#include "base/resolver.h"
#include "net/dns_private.h"

/* Where Debian's dns-root-data keeps the keys of the root. */
#define ROOT_KEYS "/usr/share/dns/root.key"

/* The keys of 2017 and 2024, by IANA's root-anchors.xml. */
static const char *const root_anchors[] = {
    ". IN DS 20326 8 2 "
    "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 "
    "683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};

/* libunbound's own number of ports loses answers under load, by itself it
 * would ask a dead server for minutes, and a TTL of more than a day would be
 * told as a day. */
static const char *const options[][2] = {
    {"outgoing-range:", "256"},
    {"num-queries-per-thread:", "512"},
    {"infra-cache-max-rtt:", "2000"},
    {"outbound-msg-retry:", "2"},
    {"do-not-query-localhost:", "no"},
    {"cache-max-ttl:", "2147483647"},
    {"verbosity:", "0"},
    {"log-queries:", "no"},
};

static int
set_options(struct ub_ctx *ctx, struct err *err)
{
	size_t i;
	int rc;

	for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
		rc = ub_ctx_set_option(ctx, options[i][0], options[i][1]);
		if (rc != 0)
			return err_set(err, ERR_UNAVAILABLE,
			    "libunbound does not know %s", options[i][0]);
	}
	return 0;
}

static int
add_resolver(struct ub_ctx *ctx, const char *text, struct err *err)
{
	char address[RESOLVER_SIZE];

	if (!resolver_parse(text, address))
		return err_set(err, ERR_CONFIG,
		    "%s: a resolver is ADDRESS or ADDRESS@PORT", text);
	if (ub_ctx_set_fwd(ctx, address) != 0)
		return err_set(err, ERR_CONFIG,
		    "%s: libunbound does not take this resolver", text);
	return 0;
}

static int
set_resolvers(struct ub_ctx *ctx, const struct dns_config *c, struct err *err)
{
	size_t i;

	for (i = 0; i < c->resolvers_n; i++)
		if (add_resolver(ctx, c->resolvers[i], err) == -1)
			return -1;
	if (c->resolvers_n > 0 || ub_ctx_resolvconf(ctx, c->resolv_conf) == 0)
		return 0;
	return err_set(err, ERR_CONFIG, "%s: its resolvers cannot be used",
	    c->resolv_conf != NULL ? c->resolv_conf : "/etc/resolv.conf");
}

static int
set_anchor(struct ub_ctx *ctx, const struct dns_config *c, struct err *err)
{
	const char *file = c->anchor_file;
	size_t i;

	if (c->unvalidated)
		return 0;
	if (file == NULL && access(ROOT_KEYS, R_OK) == 0)
		file = ROOT_KEYS;
	if (file == NULL) {
		for (i = 0; i < sizeof(root_anchors) / sizeof(*root_anchors);
		     i++)
			ub_ctx_add_ta(ctx, root_anchors[i]);
		return 0;
	}
	if (access(file, R_OK) == -1)
		return err_errno(err, "%s", file);
	if (ub_ctx_add_ta_file(ctx, file) != 0)
		return err_set(
		    err, ERR_CONFIG, "%s: this is no trust anchor", file);
	return 0;
}

int
dns_set_up(struct ub_ctx *ctx, const struct dns_config *c, struct err *err)
{
	ub_ctx_debugout(ctx, NULL);
	if (set_options(ctx, err) == -1 || set_resolvers(ctx, c, err) == -1 ||
	    set_anchor(ctx, c, err) == -1)
		return -1;
	if (ub_ctx_async(ctx, 1) != 0)
		return err_set(
		    err, ERR_UNAVAILABLE, "libunbound has no threads");
	/* What is reserved for tests is asked for like all else.  This call
	 * reads the files, and ends the setting up. */
	if (ub_ctx_zone_remove(ctx, "test.") != 0)
		return err_set(err, ERR_CONFIG,
		    "libunbound does not start: is the trust anchor right%s%s?",
		    c->anchor_file != NULL ? ", " : "",
		    c->anchor_file != NULL ? c->anchor_file : "");
	return 0;
}
