/* SPDX-License-Identifier: ISC */

/*
 * Frames from a stranger: the bytes are the fields of every kind of frame
 * that is read anywhere.  What is taken keeps its bounds, and written again it
 * is the same frame.
 */

#include "config.h"

#include "fuzz.h"
#include "proc/imap_wire.h"

static void
read_again(struct frame *f)
{
	f->fields.at = 0;
	f->fields.bad = false;
}

static void
read_fields(struct frame *f)
{
	const char *s;
	size_t len;

	while (frame_left(f) > 0) {
		s = frame_get_string(f);
		check(strlen(s) <= f->fields.len);
		frame_get_bytes(f, &len);
		check(len <= f->fields.len);
		frame_get_bool(f);
		frame_get_u32(f);
		frame_get_u64(f);
	}
	check(!frame_is_whole(f) || f->fields.at == f->fields.len);
}

/* What was written of what was read is what it was read from. */
static void
check_written(const struct frame *f, size_t from, const struct frame *written)
{
	check(
	    !written->fields.bad && written->fields.len == f->fields.at - from);
	check(
	    memcmp(written->bytes, f->bytes + from, written->fields.len) == 0);
}

static void
read_account(struct frame *f)
{
	static struct frame written;
	struct account a;

	account_get(f, &a);
	if (!frame_is_whole(f))
		return;
	check(a.port > 0 && a.timeout_ms > 0 && *a.host != '\0');
	check(a.tls <= IMAP_TLS_NONE && a.auth <= IMAP_AUTH_XOAUTH2);
	check(strpbrk(a.user, "\r\n") == NULL);
	frame_begin(&written, f->kind);
	account_put(&written, &a);
	check_written(f, 0, &written);
}

static void
check_set(const struct uid_set *set)
{
	uint64_t count = 0;
	size_t i;

	check(set->n <= UID_RANGES_MAX);
	check(!uid_set_has(set, 0));
	for (i = 0; i < set->n; i++) {
		const struct uid_range *r = &set->ranges[i];

		check(r->first > (i > 0 ? r[-1].last : 0));
		check(r->last >= r->first);
		count += (uint64_t)r->last - r->first + 1;
		check(uid_set_has(set, r->first) && uid_set_has(set, r->last));
		if (r->last < UINT32_MAX &&
		    (i + 1 == set->n || r[1].first > r->last + 1))
			check(!uid_set_has(set, r->last + 1));
	}
	check(count == set->count);
}

static void
read_set(struct frame *f)
{
	static struct frame written;
	struct uid_set set;
	size_t from = f->fields.at;

	uid_set_get(f, &set);
	check_set(&set);
	check(f->fields.bad == (set.n == 0));
	if (f->fields.bad)
		return;
	frame_begin(&written, f->kind);
	uid_set_put(&written, &set);
	check_written(f, from, &written);
}

/* A failure is told on in the same words. */
static void
read_failure(struct frame *f)
{
	static struct frame written;
	struct err err, again;

	frame_get_err(f, &err);
	check(err.code != ERR_NONE && is_utf8(err.text, strlen(err.text)));
	imap_put_lost(&written, &err, true);
	frame_get_err(&written, &again);
	check(frame_get_bool(&written) && frame_is_whole(&written));
	check(again.code == err.code && strcmp(again.text, err.text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct frame f;
	struct allowance allowance;

	frame_begin(&f, 1);
	f.fields.len = size < sizeof(f.bytes) ? size : sizeof(f.bytes);
	if (f.fields.len > 0)
		memcpy(f.bytes, data, f.fields.len);
	read_fields(&f);
	read_again(&f);
	read_account(&f);
	read_again(&f);
	allowance_get(&f, &allowance);
	read_set(&f);
	read_again(&f);
	read_set(&f);
	read_again(&f);
	read_failure(&f);
	return 0;
}
