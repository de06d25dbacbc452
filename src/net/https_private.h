/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_HTTPS_PRIVATE_H
#define TLSTALLY_NET_HTTPS_PRIVATE_H

#include <curl/curl.h>
#include <poll.h>

#include "base/buf.h"
#include "net/host.h"
#include "net/https.h"

/*
 * A request under way, for the files that know libcurl.
 */
struct https_request {
	struct https_request *next, *prev;
	struct https *https;
	CURL *curl; /* NULL: the result is there already */
	struct curl_slist *resolve;
	struct curl_slist *connect_to;
	struct curl_slist *headers;
	char host[HOST_SIZE];
	char error[CURL_ERROR_SIZE];
	struct sockaddr_storage *addresses;
	size_t addresses_n;
	size_t refused; /* addresses that the policy forbids */
	size_t header_bytes;
	bool too_large;
	bool is_post;
	bool handshake_only;
	struct buf body;
	char *post;
	https_answered *answered;
	void *arg;
	int64_t begun;
	struct https_result result;
};

struct https {
	struct https_config config;
	CURLM *multi;
	struct https_request ring; /* of requests under way; itself is none */
	size_t pending;
	struct pollfd *sockets; /* those that libcurl wants watched */
	size_t sockets_n;
	size_t sockets_size;
	int64_t wake; /* by clock_ms; when libcurl wants to be called */
};

/* Sets outcome and why; the text is made printable. */
void https_set_outcome(
    struct https_request *r, enum https_outcome outcome, const char *why);

/* Fills in the result of a request that libcurl has ended with this code. */
void https_judge(struct https_request *r, CURLcode code);

#endif
