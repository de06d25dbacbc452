/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_NET_WIRE_H
#define TLSTALLY_PROC_NET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "proc/frame.h"

/*
 * What tlstally and the helper program tlstally-net say to one another.
 *
 * tlstally says once, first, how to look: SETTINGS, which are answered with
 * READY or FAILED.  Then it asks about domains, up to NET_WINDOW of them that
 * are not answered yet, each under a number of its own choice.  The answers
 * come in any order, each as soon as it is complete: as many BYTES as it
 * takes, and a last piece with the word DOMAIN; the pieces of two answers are
 * never mixed.  In the place of one that would be longer than SUMMARY_BYTES_MAX
 * comes the word TOO_LONG.  What questions and answers hold is
 * domain/summary.h's.
 */
enum net_question {
	NET_ASK_SETTINGS = 1, /* struct net_settings */
	NET_ASK_DOMAIN	      /* u32 number, and the question */
};

enum net_answer {
	NET_SAY_READY = 64,
	NET_SAY_FAILED,	 /* an error: frame_get_err */
	NET_SAY_BYTES,	 /* u32 number, and bytes */
	NET_SAY_DOMAIN,	 /* u32 number, and the last bytes */
	NET_SAY_TOO_LONG /* u32 number */
};

/* Domains that are looked at at once: enough to keep DNS_IN_FLIGHT_MAX
 * questions under way, few enough to fit into memory. */
#define NET_WINDOW 100

/* Bytes in one piece of an answer. */
#define NET_PIECE_MAX (FRAME_REST_MAX - 8)

/* As in resolv.conf, and some. */
#define NET_RESOLVERS_MAX 8

struct net_settings {
	/* "ADDR" or "ADDR@PORT"; none: the system's. */
	const char *resolvers[NET_RESOLVERS_MAX];
	uint32_t nresolvers;
	const char *anchor; /* a file; "": the root's keys */
	const char *ca;	    /* a file; "": the system's */
	const char *proxy;  /* for https; "": none */
	const char *helo;   /* our name, for mail servers */
	bool private;	    /* addresses that are not public may be asked */
	uint16_t smtp_port;
	uint16_t https_port;  /* 0: what the URL says */
	uint32_t question_ms; /* for one question to the DNS */
	uint32_t server_ms;   /* for one web or mail server */
	uint32_t domain_ms;   /* for all of a domain */
	int64_t now;	      /* what dates are judged by */
};

void net_settings_put(struct frame *f, const struct net_settings *s);

/* Reads what net_settings_put wrote; strings live as long as the frame.
 * Control characters, too many resolvers, and times of 0 are bad: see
 * frame_is_whole. */
void net_settings_get(struct frame *f, struct net_settings *s);

/* Sends an answer of len bytes in pieces.  f is used for it.  Returns 0, or
 * -1 as frame_send does. */
int net_send_answer(
    int fd, struct frame *f, uint32_t number, const void *p, size_t len);

#endif
