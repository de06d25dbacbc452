/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_SMTP_H
#define TLSTALLY_NET_SMTP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "net/address.h"
#include "net/cert.h"
#include "net/dane.h"
#include "net/watch.h"

/*
 * A look at a mail server: what it offers, its certificate, and, if asked for,
 * whether it takes mail for a recipient.  It never comes to DATA, so no mail is
 * ever sent.  Many may be under way at once.
 */

enum smtp_outcome {
	SMTP_DONE,	    /* all that was asked for was found out */
	SMTP_BLOCKED,	    /* no connection: time-out, no route, a
			       firewall's word.  Networks of homes and clouds
			       commonly block port 25, so nothing is known of
			       the server */
	SMTP_NOBODY,	    /* no connection: nobody listens there */
	SMTP_ADDRESS,	    /* the policy forbids to connect there */
	SMTP_BAD_RECIPIENT, /* not an address that may be asked for */
	SMTP_TIMEOUT,	    /* connected, and then too slow */
	SMTP_LOST,	    /* the server closed the connection */
	SMTP_NONSENSE,	    /* not SMTP, or over a bound */
	SMTP_GREETING,	    /* greeted with another code than 220 */
	SMTP_EHLO_REFUSED,  /* EHLO was answered with another code than 250 */
	SMTP_NO_STARTTLS,   /* not offered */
	SMTP_STARTTLS_REFUSED, /* offered, but not done */
	SMTP_INJECTION,	       /* clear text behind the go-ahead to STARTTLS
				  (CVE-2011-0411) */
	SMTP_TLS_FAILED,       /* the handshake failed; see why */
	SMTP_OUTCOMES
};

/* "no-starttls", for messages and JSON. */
const char *smtp_outcome_name(enum smtp_outcome outcome);

enum smtp_rcpt {
	SMTP_RCPT_NOT_ASKED, /* or it did not come to it */
	SMTP_RCPT_TAKEN,     /* 2xx */
	SMTP_RCPT_DEFERRED, /* 4xx, of RCPT or MAIL: greylisting and the like */
	SMTP_RCPT_REFUSED   /* 5xx, of RCPT or MAIL */
};

/* All that is pointed to must stay until smtp_free. */
struct smtp_question {
	const struct sockaddr *address; /* with the port */
	const struct address_policy *policy;
	const struct tls_trust *trust; /* by tls_trust_new_curious */
	const char *host;	       /* the MX: for SNI and the certificate */
	const char *helo;	       /* our own name, a host's */
	const struct dane_question *dane; /* NULL: no DANE */
	const char *recipient;		  /* NULL: not asked */
	bool clear;			  /* do not use STARTTLS */
	int timeout_ms;			  /* for all */
};

#define SMTP_TEXT_SIZE 512

struct smtp_result {
	enum smtp_outcome outcome;
	int code;		    /* of the last reply, or 0 */
	char reply[SMTP_TEXT_SIZE]; /* its first line: printable, cut */
	char why[SMTP_TEXT_SIZE];   /* of a failure, in words */
	char greeting[SMTP_TEXT_SIZE];
	bool starttls;	  /* offered */
	bool tls;	  /* the handshake was completed; what follows holds */
	char version[16]; /* "TLSv1.3" */
	char cipher[64];
	struct cert_facts cert;	 /* judged for host */
	struct dane_result dane; /* n is 0 without a question */
	enum smtp_rcpt rcpt;
	int rcpt_code;
	char rcpt_reply[SMTP_TEXT_SIZE];
	int64_t took_ms;
};

struct smtp;

/* Begins.  Nothing fails here: it is found in the result. */
struct smtp *smtp_new(const struct smtp_question *q);
void smtp_free(struct smtp *s);

/* See net/watch.h.  smtp_work returns true when the result is complete. */
void smtp_watch(const struct smtp *s, struct watch *w);
bool smtp_work(struct smtp *s);

/* The result, which belongs to s. */
const struct smtp_result *smtp_result(const struct smtp *s);

#endif
