/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_IMAP_H
#define TLSTALLY_SOURCE_IMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "proc/imap_wire.h"

/*
 * A mailbox on an IMAP server (RFC 3501).  The session with the server is led
 * by the helper program tlstally-imap; here is decided what to ask of it,
 * what to ask again after a connection was lost, and nothing it says is
 * believed unchecked.
 */

/* Which messages are fetched whole. */
enum imap_candidates {
	IMAP_CANDIDATES_DEFAULT, /* LIKELY for INBOX, ALL for other folders */
	IMAP_CANDIDATES_ALL,
	IMAP_CANDIDATES_LIKELY /* those whose header fields may be a report's */
};

/* Messages asked for at once: how many, by default and at most. */
#define IMAP_BATCH_DEFAULT 5000
#define IMAP_BATCH_MAX	   10000

/* Silence of the server, in seconds: by default, at least and at most. */
#define IMAP_TIMEOUT_DEFAULT 60
#define IMAP_TIMEOUT_MIN     1
#define IMAP_TIMEOUT_MAX     3600

#define IMAP_PORT  143
#define IMAPS_PORT 993

struct imap_config {
	struct account account;
	enum imap_candidates candidates;
	const char *rejects_folder; /* in UTF-8; "" for none */
	size_t batch;
};

/* A configuration with all defaults: TLS from the first byte, and no host,
 * user or credentials. */
struct imap_config imap_config_default(void);

/* True if text begins like an IMAP URL, imap:// or imaps://. */
bool imap_url_is(const char *text);

/* Parses imaps://USER@HOST[:PORT]/FOLDER, or imap:// for STARTTLS, on top of
 * *c.  The last '@' before the host's end splits, so that USER may hold one;
 * %XX stands for a byte in USER and FOLDER; no FOLDER means INBOX; HOST may be
 * an IPv6 address in brackets.  Strings are put into a.  Returns 0, or -1
 * with ERR_USAGE and the reason: a password in the URL, no user, no host, a
 * bad port, a control character. */
int imap_url_parse(struct imap_config *c, const char **folder, const char *url,
    struct arena *a, struct err *err);

/* Judges what does not need a server: host, port, user and names without
 * control characters and in UTF-8, batch and timeout within bounds, not two
 * credentials at once, clear text only without a certificate's settings, a
 * fingerprint that is one and not beside a ca_file, a token_command only and
 * always with XOAUTH2 (or auto).  Returns 0, or -1 with ERR_USAGE that names
 * the setting as tlstally.conf(5) does. */
int imap_config_check(const struct imap_config *c, struct err *err);

/* The name of the source: "imaps://USER@HOST", "imap://USER@HOST", with
 * ":PORT" where it is not the usual one.  Freed by the caller. */
char *imap_source_name(const struct imap_config *c);

#endif
