/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_CHECK_ADVICE_H
#define TLSTALLY_CMD_CHECK_ADVICE_H

#include "cmd/cmd.h"
#include "domain/facts.h"

/*
 * What advise would say, by the reports alone, of domains that are looked at.
 */
struct check_advice;

/* Judges the reports of the context's store; domains stay the caller's.
 * Returns 0, or -1. */
int check_advice_read(struct check_advice **out, struct context *ctx,
    const char *const *domains, size_t n, struct err *err);
void check_advice_free(struct check_advice *advice);

/* Adds what is known of the domain; nothing if no report has come. */
void check_advice_facts(const struct check_advice *advice, const char *domain,
    struct past_facts *past);

#endif
