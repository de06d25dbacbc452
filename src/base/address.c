/* SPDX-License-Identifier: ISC */

/*
 * Addresses that mail is sent to.  RFC 5321 allows much more, in quotes, that
 * nobody has and that mailers read each in their own way.
 */

#include "config.h"

#include <string.h>

#include "base/address.h"

#define ADDRESS_MAX 254

static bool
is_allowed(char c)
{
	return c != '\0' &&
	    (ascii_is_alnum(c) || strchr("!#$%&'*+-./=?@^_`{|}~", c) != NULL);
}

bool
address_is_plain(struct span s)
{
	size_t i, at = s.len;

	if (s.len == 0 || s.len > ADDRESS_MAX || s.p[0] == '-' ||
	    s.p[0] == '|' || s.p[0] == '/')
		return false;
	for (i = 0; i < s.len; i++) {
		if (!is_allowed(s.p[i]) || (s.p[i] == '@' && at < s.len))
			return false;
		if (s.p[i] == '@')
			at = i;
	}
	return at > 0 && at != s.len - 1;
}

bool
address_next(struct span *list, struct span *address)
{
	bool more;

	if (list->p == NULL)
		return false;
	more = list->len > 0 && memchr(list->p, ',', list->len) != NULL;
	*address = span_trim(span_cut(list, ','));
	if (!more)
		*list = (struct span){NULL, 0};
	return true;
}
