/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_DNS_PRIVATE_H
#define TLSTALLY_NET_DNS_PRIVATE_H

#include "net/dns.h"

/*
 * What the files that know libunbound tell one another; its types are only
 * named here.
 */
struct ub_ctx;
struct ub_result;

/* Sets up a new context, for work in a thread.  Returns as dns_new. */
int dns_set_up(
    struct ub_ctx *ctx, const struct dns_config *config, struct err *err);

/* An answer without anything in it. */
struct dns_answer *dns_answer_new(
    const char *name, unsigned type, enum dns_state state);

/* Sets why, cut to a bound. */
void dns_answer_say(struct dns_answer *a, const char *why);

/* Sets the aliases that a message has, as far as it can be read. */
void dns_answer_aliases(
    struct dns_answer *a, const unsigned char *packet, size_t len);

/* The answer of a callback of libunbound; the result stays the caller's. */
struct dns_answer *dns_answer_read(
    const char *name, unsigned type, int error, const struct ub_result *result);

#endif
