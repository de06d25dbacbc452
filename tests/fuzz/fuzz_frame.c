/* SPDX-License-Identifier: ISC */

/*
 * Frames from a stranger: the bytes are the fields of every kind of frame
 * that is read anywhere.
 */

#include "config.h"

#include "fuzz.h"
#include "proc/imap_wire.h"

static void
read_again(struct frame *f)
{
	f->at = 0;
	f->bad = false;
}

static void
read_fields(struct frame *f)
{
	const char *s;
	size_t len;

	while (frame_left(f) > 0) {
		s = frame_get_string(f);
		check(strlen(s) <= f->len);
		frame_get_bytes(f, &len);
		check(len <= f->len);
		frame_get_bool(f);
		frame_get_u32(f);
		frame_get_u64(f);
	}
	check(!frame_is_whole(f) || f->at == f->len);
}

static void
read_account(struct frame *f)
{
	struct account a;

	account_get(f, &a);
	if (!frame_is_whole(f))
		return;
	check(a.port > 0 && a.timeout_ms > 0 && *a.host != '\0');
	check(strpbrk(a.user, "\r\n") == NULL);
}

static void
read_set(struct frame *f)
{
	struct uid_set set;

	uid_set_get(f, &set);
	check(set.n <= UID_RANGES_MAX && set.count >= set.n);
	check(!uid_set_has(&set, 0));
	if (set.n > 0)
		check(uid_set_has(&set, set.ranges[set.n - 1].last));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct frame f;
	struct allowance allowance;
	struct err err;

	frame_begin(&f, 1);
	f.len = size < sizeof(f.bytes) ? size : sizeof(f.bytes);
	memcpy(f.bytes, data, f.len);
	read_fields(&f);
	read_again(&f);
	read_account(&f);
	read_again(&f);
	allowance_get(&f, &allowance);
	read_set(&f);
	read_again(&f);
	imap_get_err(&f, &err);
	return 0;
}
