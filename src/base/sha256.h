/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_SHA256_H
#define TLSTALLY_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* SHA-256 (FIPS 180-4), by nettle; the only file that knows it. */

#define SHA256_LEN	32
#define SHA256_HEX_SIZE (2 * SHA256_LEN + 1)

/* Puts the hash of len bytes into out. */
void sha256(const void *data, size_t len, unsigned char out[SHA256_LEN]);

/* Writes the hash in lower-case hexadecimal digits and a NUL. */
void sha256_hex(
    const unsigned char hash[SHA256_LEN], char out[SHA256_HEX_SIZE]);

#endif
