/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_HEARD_H
#define TLSTALLY_CMD_HEARD_H

#include "digest/alarm.h"
#include "store/store.h"

/* For how many days a domain's silence is looked back on: as long as reports
 * are usually kept. */
#define HEARD_DAYS 400

/* Finds when each of n domains was heard last, up to a day, and whether it
 * was heard regularly then; list has their names already, without pattern
 * characters.  One sweep over the store.  Returns 0 or -1. */
int heard_find(struct store *s, struct last_heard *list, size_t n,
    int32_t last_day, struct err *err);

#endif
