/* SPDX-License-Identifier: ISC */

/*
 * The keyed hash by nettle, which is linked for SHA-256 anyway.
 */

#include "config.h"

#include <nettle/umac.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/keyed_hash.h"

_Static_assert(KEYED_HASH_KEY_LEN == UMAC_KEY_SIZE, "a key of UMAC");
_Static_assert(KEYED_HASH_LEN == UMAC128_DIGEST_SIZE, "a tag of UMAC-128");

/* Always the same.  That of RFC 4418's appendix, so that its vectors are those
 * of this hash. */
static const unsigned char nonce[] = {'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'};

struct keyed_hash {
	unsigned char key[KEYED_HASH_KEY_LEN];
	struct umac128_ctx umac;
};

struct keyed_hash *
keyed_hash_new(void)
{
	struct keyed_hash *h = xcalloc(1, sizeof(*h));

	umac128_set_key(&h->umac, h->key);
	return h;
}

void
keyed_hash_free(struct keyed_hash *h)
{
	if (h == NULL)
		return;
	explicit_bzero(h, sizeof(*h));
	free(h);
}

void
keyed_hash_set_key(struct keyed_hash *h, const unsigned char *key)
{
	static const unsigned char zeros[KEYED_HASH_KEY_LEN];

	if (key == NULL)
		key = zeros;
	if (memcmp(h->key, key, sizeof(h->key)) == 0)
		return;
	memcpy(h->key, key, sizeof(h->key));
	umac128_set_key(&h->umac, h->key);
}

void
keyed_hash_sum(struct keyed_hash *h, const void *data, size_t len,
    unsigned char out[KEYED_HASH_LEN])
{
	/* The digest below counts the nonce up. */
	umac128_set_nonce(&h->umac, sizeof(nonce), nonce);
	if (len > 0)
		umac128_update(&h->umac, len, data);
	umac128_digest(&h->umac, KEYED_HASH_LEN, out);
}
