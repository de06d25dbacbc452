/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_TLS_H
#define TLSTALLY_NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * TLS by OpenSSL, as a client that trusts nobody without a reason: TLS 1.2 or
 * newer, and inside the handshake, before a byte of ours goes out, the
 * certificate's chain, dates, purpose (a server's) and name, which is sought
 * in the subjectAltName only (RFC 6125); or, in their place, the SHA-256
 * fingerprint of the certificate.
 */

/* Whom to trust; made before a sandbox closes, for it reads files. */
struct tls_trust;

/* Reads the trust anchors: those of ca_file (PEM), or the system's when it
 * is "": what SSL_CERT_FILE and SSL_CERT_DIR name if one of them is set, else
 * OpenSSL's own file or folder, else Debian's bundle.  With fingerprint
 * (SHA-256 in hex, colons allowed; "" for none) no anchors are needed, and
 * ca_file must be "".  After this nothing here opens a file again.  Returns 0,
 * or -1 with ERR_CONFIG (the file cannot be read, holds no certificate; not a
 * fingerprint; OpenSSL's configuration is broken), ERR_UNAVAILABLE (the
 * system has no anchors). */
int tls_trust_new(struct tls_trust **out, const char *ca_file,
    const char *fingerprint, struct err *err);
void tls_trust_free(struct tls_trust *t);

/* The same anchors, but for a look at servers of strangers: sessions accept
 * any certificate and any version of TLS, and net/cert.h and net/dane.h tell
 * what they are worth.  Nothing of ours may be told to such a server. */
int tls_trust_new_curious(
    struct tls_trust **out, const char *ca_file, struct err *err);

/* A session over a connected socket that does not block; the socket stays
 * the caller's, and so does the trust, which must outlive the session.  No
 * call here waits, and none raises SIGPIPE. */
struct tls;

/* host is the name to verify, and to send as SNI if it is no address (an
 * address, with or without brackets, is verified against the certificate's
 * addresses).  A dot at its end does not count.  A host that cannot stand in
 * a certificate is refused in the handshake, unless a fingerprint is given. */
struct tls *tls_new(const struct tls_trust *trust, int fd, const char *host);
void tls_free(struct tls *t);

/* What a call that cannot go on waits for. */
enum tls_want { TLS_WANT_NOTHING, TLS_WANT_READ, TLS_WANT_WRITE };

/* Does a step of the handshake.  Returns 1 when it is complete and the peer
 * verified; 0 with *want set: poll, then call again; -1 with ERR_REFUSED and
 * which check failed, in words (expired on what day; for which names instead
 * of HOST; no trusted authority; not for servers; which fingerprint
 * instead; no TLS 1.2), or ERR_TEMPORARY when the connection broke, or
 * ERR_UNAVAILABLE when what came is no TLS.  Names in the text are the
 * server's own: bounded, but to be escaped as any other text of a stranger. */
int tls_handshake(struct tls *t, enum tls_want *want, struct err *err);

/* Read and write as much as is there or fits.  Return the bytes, > 0; 0 with
 * *want set; -1 with ERR_TEMPORARY and the reason, also at the peer's end
 * (closed without a farewell or not). */
ssize_t tls_read(
    struct tls *t, void *buf, size_t len, enum tls_want *want, struct err *err);
ssize_t tls_write(struct tls *t, const void *buf, size_t len,
    enum tls_want *want, struct err *err);

/* Says farewell, without waiting. */
void tls_bye(struct tls *t);

/* "TLSv1.3", for people. */
const char *tls_version(const struct tls *t);

/* "TLS_AES_256_GCM_SHA384". */
const char *tls_cipher(const struct tls *t);

#endif
