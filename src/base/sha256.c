/* SPDX-License-Identifier: ISC */

/*
 * SHA-256 by nettle, which libarchive brings into the process anyway.
 */

#include "config.h"

#include <nettle/sha2.h>

#include "base/sha256.h"

void
sha256(const void *data, size_t len, unsigned char out[SHA256_LEN])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, SHA256_LEN, out);
}

void
sha256_hex(const unsigned char hash[SHA256_LEN], char out[SHA256_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < SHA256_LEN; i++) {
		out[2 * i] = digits[hash[i] >> 4];
		out[2 * i + 1] = digits[hash[i] & 15];
	}
	out[2 * i] = '\0';
}
