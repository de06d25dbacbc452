/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_HTTPS_H
#define TLSTALLY_NET_HTTPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/span.h"
#include "net/address.h"
#include "net/cert.h"
#include "net/watch.h"

/*
 * Requests to web servers of strangers: the policy of MTA-STS (RFC 8461 3.3),
 * and whether a destination for reports takes a POST.  https only, to the very
 * addresses that are given, nothing followed, everything bounded, and every
 * certificate verified twice: by libcurl's library, and by ours with the names
 * of its subjectAltName only.  Many may be under way at once.  Who uses this
 * ignores SIGPIPE.
 */

enum https_outcome {
	HTTPS_DONE,	   /* an answer with status 200 (GET), any (POST); or
			      a good certificate, if that was all */
	HTTPS_BAD_URL,	   /* not https, or with a user, or not a URL */
	HTTPS_NO_ADDRESS,  /* none was given */
	HTTPS_ADDRESS,	   /* the policy forbids to connect to any of them */
	HTTPS_CONNECT,	   /* no connection */
	HTTPS_TIMEOUT,	   /* no connection, or no answer, in time */
	HTTPS_TLS,	   /* no TLS, or none that is new enough */
	HTTPS_CERTIFICATE, /* see cert.faults */
	HTTPS_LOST,	   /* the connection broke, or what came is no HTTP */
	HTTPS_TOO_LARGE,   /* a header or a body over its bound */
	HTTPS_REDIRECT,	   /* 3xx, of a GET: see location */
	HTTPS_STATUS,	   /* another status than 200, of a GET */
	HTTPS_FAILED,	   /* libcurl's own trouble: see why */
	HTTPS_OUTCOMES
};

/* "certificate", for messages and JSON. */
const char *https_outcome_name(enum https_outcome outcome);

struct https_config {
	/* Whom to trust; "": the system's, or those of SSL_CERT_FILE. */
	const char *ca_file;
	/* The same anchors, by tls_trust_new_curious. */
	const struct tls_trust *trust;
	struct address_policy policy;
	/* A proxy's URL; NULL for none, whatever the environment says.  Then
	 * addresses are the proxy's business. */
	const char *proxy;
	/* For tests: connects to this port in the place of the URL's, or 0. */
	uint16_t port;
};

/* All that is pointed to is copied. */
struct https_question {
	const char *url;
	/* Where its host is, from the DNS; ports do not count. */
	const struct sockaddr_storage *addresses;
	size_t addresses_n;
	/* A body, to be sent by POST; NULL for GET. */
	const struct span *post;
	const char *content_type; /* of post */
	bool handshake_only;	  /* to see the certificate: nothing is asked */
	int timeout_ms;		  /* for all */
};

#define HTTPS_TEXT_SIZE 512

struct https_result {
	enum https_outcome outcome;
	char why[HTTPS_TEXT_SIZE];	    /* in words, of a failure */
	long status;			    /* 0: none came */
	char content_type[HTTPS_TEXT_SIZE]; /* printable, cut */
	char location[HTTPS_TEXT_SIZE];	    /* the same */
	const char *body;		    /* of HTTPS_DONE and HTTPS_STATUS */
	size_t body_len;		    /* at most HTTPS_BODY_MAX */
	/* The address that was connected to, or refused; "" for none. */
	char address[ADDRESS_TEXT_SIZE];
	struct cert_facts cert; /* chain_n 0 without one */
	int64_t took_ms;
};

/* Called once a request; the result is gone when it returns. */
typedef void https_answered(void *arg, const struct https_result *result);

struct https;

/* Returns 0, or -1 with ERR_UNAVAILABLE if libcurl does not do https.  What
 * config points to must stay.  libcurl reads ca_file for each connection. */
int https_new(
    struct https **out, const struct https_config *config, struct err *err);
/* Requests under way end without an answer. */
void https_free(struct https *h);

/* Begins a request; answered is called from a later https_work. */
void https_ask(struct https *h, const struct https_question *q,
    https_answered *answered, void *arg);

/* How many answers are still to come. */
size_t https_pending(const struct https *h);

/* See net/watch.h: w is the one that was waited for. */
void https_watch(const struct https *h, struct watch *w);
void https_work(struct https *h, const struct watch *w);

#endif
