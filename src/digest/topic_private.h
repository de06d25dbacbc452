/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_TOPIC_PRIVATE_H
#define TLSTALLY_DIGEST_TOPIC_PRIVATE_H

#include "digest/topic.h"

/* The one topic that is long enough for a file of its own. */
extern const struct topic topic_reading;

/* Lists for the tables: points, and parts. */
#define TOPIC_POINTS(...)         \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}
#define TOPIC_PARTS(...)            \
	(const struct topic_part[]) \
	{                           \
		__VA_ARGS__,        \
		{                   \
			NULL, NULL  \
		}                   \
	}

#endif
