/* SPDX-License-Identifier: ISC */

/*
 * How servers are looked at: what check, monitor and advise have in common.
 */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "base/resolver.h"
#include "cmd/looking.h"
#include "domain/name.h"

static int
add_resolver(struct looking *l, const char *arg, struct err *err)
{
	char text[RESOLVER_SIZE];

	if (!resolver_parse(arg, text))
		return err_set(err, ERR_USAGE,
		    "--resolver: not ADDRESS or ADDRESS@PORT: %s", arg);
	if (l->settings.nresolvers == NET_RESOLVERS_MAX)
		return err_set(err, ERR_USAGE, "more than %d resolvers",
		    NET_RESOLVERS_MAX);
	l->settings.resolvers[l->settings.nresolvers++] = arg;
	return 0;
}

int
looking_option(
    struct looking *l, size_t index, const char *arg, struct err *err)
{
	switch (index) {
	case LOOKING_PROBE:
		l->probe = true;
		return 0;
	case LOOKING_RESOLVER:
		return add_resolver(l, arg, err);
	case LOOKING_ANCHOR:
		l->settings.anchor = arg;
		return 0;
	case LOOKING_CA_FILE:
		l->settings.ca = arg;
		return 0;
	case LOOKING_PROXY:
		l->settings.proxy = arg;
		return 0;
	case LOOKING_TIMEOUT:
		return conf_parse_timeout(arg, &l->settings.domain_ms, err);
	default:
		l->settings.private = true;
		return 0;
	}
}

/* The helper has its own working directory and name. */
void
looking_complete(struct looking *l, struct arena *arena, int64_t now)
{
	struct net_settings usual = net_settings_default(now);
	struct net_settings *to = &l->settings;
	char host[256] = "";

	to->anchor = to->anchor != NULL ? to->anchor : usual.anchor;
	to->ca = to->ca != NULL ? to->ca : usual.ca;
	to->proxy = to->proxy != NULL ? to->proxy : usual.proxy;
	to->smtp_port = usual.smtp_port;
	to->question_ms = usual.question_ms;
	to->server_ms = usual.server_ms;
	if (to->domain_ms == 0)
		to->domain_ms = usual.domain_ms;
	to->now = now;
	if (gethostname(host, sizeof(host) - 1) == -1 ||
	    !name_is_host(span_of(host)))
		memcpy(host, "localhost", sizeof("localhost"));
	to->helo = arena_strdup(arena, host);
}
