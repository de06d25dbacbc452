/* SPDX-License-Identifier: ISC */

/*
 * The words between tlstally and tlstally-imap, field by field.  Both sides
 * judge what they read here, so that neither has to trust the other: an
 * account that could smuggle a line into a command, or a set that is none,
 * is a bad frame.
 */

#include "config.h"

#include <string.h>

#include "proc/imap_wire.h"

/* ---- the account ---- */

/* The hexadecimal digits of a SHA-256. */
#define FINGERPRINT_LEN 64

/* A number from 0 to max, as one byte. */
static uint8_t
get_choice(struct frame *f, uint8_t max)
{
	uint8_t v = frame_get_u8(f);

	if (v <= max)
		return v;
	f->fields.bad = true;
	return 0;
}

static bool
is_fingerprint(const char *s)
{
	return strlen(s) == FINGERPRINT_LEN &&
	    strspn(s, "0123456789abcdef") == FINGERPRINT_LEN;
}

/* What no single field shows. */
static bool
account_is_sound(const struct account *a)
{
	int secrets = (*a->password_command != '\0') +
	    (*a->password_file != '\0') + (*a->token_command != '\0');

	return *a->host != '\0' && secrets <= 1 && a->timeout_ms > 0 &&
	    (*a->fingerprint == '\0' || is_fingerprint(a->fingerprint));
}

void
account_put(struct frame *f, const struct account *a)
{
	frame_put_string(f, a->host);
	frame_put_u32(f, a->port);
	frame_put_u8(f, (uint8_t)a->tls);
	frame_put_string(f, a->user);
	frame_put_u8(f, (uint8_t)a->auth);
	frame_put_string(f, a->password_command);
	frame_put_string(f, a->password_file);
	frame_put_string(f, a->token_command);
	frame_put_string(f, a->ca_file);
	frame_put_string(f, a->fingerprint);
	frame_put_u32(f, a->timeout_ms);
}

void
account_get(struct frame *f, struct account *a)
{
	a->host = frame_get_line(f);
	a->port = (uint16_t)frame_get_within(f, 1, UINT16_MAX);
	a->tls = (enum imap_tls)get_choice(f, IMAP_TLS_NONE);
	a->user = frame_get_line(f);
	a->auth = (enum imap_auth)get_choice(f, IMAP_AUTH_XOAUTH2);
	a->password_command = frame_get_line(f);
	a->password_file = frame_get_line(f);
	a->token_command = frame_get_line(f);
	a->ca_file = frame_get_line(f);
	a->fingerprint = frame_get_line(f);
	a->timeout_ms = frame_get_u32(f);
	if (!account_is_sound(a))
		f->fields.bad = true;
}

/* ---- what goes with every question ---- */

void
allowance_put(struct frame *f, const struct allowance *a)
{
	frame_put_u32(f, a->ms);
	frame_put_u64(f, a->bytes);
}

void
allowance_get(struct frame *f, struct allowance *a)
{
	a->ms = frame_get_u32(f);
	a->bytes = frame_get_u64(f);
}

/* ---- sets of messages ---- */

bool
uid_set_add(struct uid_set *set, uint32_t uid)
{
	struct uid_range *last = set->n > 0 ? &set->ranges[set->n - 1] : NULL;

	if (uid == 0 || (last != NULL && uid <= last->last))
		return false;
	if (last != NULL && uid == last->last + 1) {
		last->last = uid;
	} else {
		if (set->n == UID_RANGES_MAX)
			return false;
		set->ranges[set->n++] = (struct uid_range){uid, uid};
	}
	set->count++;
	return true;
}

bool
uid_set_has(const struct uid_set *set, uint32_t uid)
{
	size_t from = 0, to = set->n, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (uid < set->ranges[mid].first)
			to = mid;
		else if (uid > set->ranges[mid].last)
			from = mid + 1;
		else
			return true;
	}
	return false;
}

void
uid_set_put(struct frame *f, const struct uid_set *set)
{
	size_t i;

	frame_put_u32(f, (uint32_t)set->n);
	for (i = 0; i < set->n; i++) {
		frame_put_u32(f, set->ranges[i].first);
		frame_put_u32(f, set->ranges[i].last);
	}
}

/* Reads one range, which lies behind those of the set. */
static bool
get_range(struct frame *f, struct uid_set *set)
{
	uint32_t before = set->n > 0 ? set->ranges[set->n - 1].last : 0;
	struct uid_range r;

	r.first = frame_get_u32(f);
	r.last = frame_get_u32(f);
	if (r.first <= before || r.last < r.first)
		return false;
	set->ranges[set->n++] = r;
	/* No overflow: no UID counts twice, and they have 32 bits. */
	set->count += (size_t)(r.last - r.first) + 1;
	return true;
}

void
uid_set_get(struct frame *f, struct uid_set *set)
{
	uint32_t n = frame_get_u32(f), i;
	bool good = n >= 1 && n <= UID_RANGES_MAX;

	set->n = 0;
	set->count = 0;
	for (i = 0; good && i < n; i++)
		good = get_range(f, set);
	if (!good) {
		f->fields.bad = true;
		set->n = 0;
		set->count = 0;
	}
}

/* ---- failures ---- */

void
imap_put_failed(struct frame *f, const struct err *err)
{
	frame_begin(f, IMAP_SAY_FAILED);
	frame_put_err(f, err);
}

void
imap_put_lost(struct frame *f, const struct err *err, bool again)
{
	frame_begin(f, IMAP_SAY_LOST);
	frame_put_err(f, err);
	frame_put_u8(f, again);
}
