/* SPDX-License-Identifier: ISC */

/*
 * What came of a request: the outcome in our own words, and what the
 * certificate was worth.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "net/https_private.h"

const char *
https_outcome_name(enum https_outcome outcome)
{
	static const char *const names[HTTPS_OUTCOMES] = {
	    [HTTPS_DONE] = "done",
	    [HTTPS_BAD_URL] = "bad-url",
	    [HTTPS_NO_ADDRESS] = "no-address",
	    [HTTPS_ADDRESS] = "address-not-allowed",
	    [HTTPS_CONNECT] = "not-connected",
	    [HTTPS_TIMEOUT] = "timeout",
	    [HTTPS_TLS] = "tls",
	    [HTTPS_CERTIFICATE] = "certificate",
	    [HTTPS_LOST] = "connection-lost",
	    [HTTPS_TOO_LARGE] = "too-large",
	    [HTTPS_REDIRECT] = "redirect",
	    [HTTPS_STATUS] = "status",
	    [HTTPS_FAILED] = "failed",
	};

	return (unsigned)outcome < HTTPS_OUTCOMES ? names[outcome] : "unknown";
}

void
https_set_outcome(
    struct https_request *r, enum https_outcome outcome, const char *why)
{
	r->result.outcome = outcome;
	span_copy_printable(r->result.why, sizeof(r->result.why), span_of(why));
}

/* libcurl lists the lines of each certificate; one of them is all of it. */
static const char *
find_pem(const struct curl_slist *lines)
{
	for (; lines != NULL; lines = lines->next)
		if (strncmp(lines->data, "Cert:", 5) == 0)
			return lines->data + 5;
	return NULL;
}

static void
read_certificates(struct https_request *r)
{
	const char *pem[CHAIN_MAX], *one;
	struct curl_certinfo *info = NULL;
	size_t n = 0;
	int i;

	if (curl_easy_getinfo(r->curl, CURLINFO_CERTINFO, &info) != CURLE_OK ||
	    info == NULL)
		return;
	for (i = 0; i < info->num_of_certs && n < CHAIN_MAX; i++)
		if ((one = find_pem(info->certinfo[i])) != NULL)
			pem[n++] = one;
	if (n > 0)
		cert_facts_of_pem(
		    &r->result.cert, pem, n, r->https->config.trust, r->host);
}

static void
read_head(struct https_request *r)
{
	struct https_result *result = &r->result;
	const char *text = NULL;

	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &result->status);
	curl_easy_getinfo(r->curl, CURLINFO_CONTENT_TYPE, &text);
	if (text != NULL)
		span_copy_printable(result->content_type,
		    sizeof(result->content_type), span_of(text));
	text = NULL;
	curl_easy_getinfo(r->curl, CURLINFO_REDIRECT_URL, &text);
	if (text != NULL)
		span_copy_printable(
		    result->location, sizeof(result->location), span_of(text));
}

static const struct {
	CURLcode code;
	enum https_outcome outcome;
} failures[] = {
    {CURLE_URL_MALFORMAT, HTTPS_BAD_URL},
    {CURLE_UNSUPPORTED_PROTOCOL, HTTPS_BAD_URL},
    {CURLE_COULDNT_RESOLVE_HOST, HTTPS_NO_ADDRESS},
    {CURLE_COULDNT_CONNECT, HTTPS_CONNECT},
    {CURLE_OPERATION_TIMEDOUT, HTTPS_TIMEOUT},
    {CURLE_PEER_FAILED_VERIFICATION, HTTPS_CERTIFICATE},
    {CURLE_SSL_ISSUER_ERROR, HTTPS_CERTIFICATE},
    {CURLE_SSL_CONNECT_ERROR, HTTPS_TLS},
    {CURLE_GOT_NOTHING, HTTPS_LOST},
    {CURLE_SEND_ERROR, HTTPS_LOST},
    {CURLE_RECV_ERROR, HTTPS_LOST},
    {CURLE_PARTIAL_FILE, HTTPS_LOST},
    {CURLE_WEIRD_SERVER_REPLY, HTTPS_LOST},
    {CURLE_BAD_CONTENT_ENCODING, HTTPS_LOST},
};

static enum https_outcome
classify(const struct https_request *r, CURLcode code)
{
	size_t i;

	if (r->too_large || code == CURLE_FILESIZE_EXCEEDED)
		return HTTPS_TOO_LARGE;
	if (code == CURLE_COULDNT_CONNECT && r->refused > 0)
		return HTTPS_ADDRESS;
	for (i = 0; i < sizeof(failures) / sizeof(*failures); i++)
		if (failures[i].code == code)
			return failures[i].outcome;
	return HTTPS_FAILED;
}

static void
judge_answer(struct https_request *r)
{
	char why[HTTPS_TEXT_SIZE];

	/* Without a certificate that we have seen, none was verified. */
	if (r->result.cert.chain_n == 0 || r->result.cert.faults != 0) {
		https_set_outcome(r, HTTPS_CERTIFICATE,
		    "the certificate is not good for this name");
	} else if (r->is_post || r->handshake_only || r->result.status == 200) {
		https_set_outcome(r, HTTPS_DONE, "");
	} else {
		snprintf(why, sizeof(why), "the server answers with status %ld",
		    r->result.status);
		https_set_outcome(r,
		    r->result.status / 100 == 3 ? HTTPS_REDIRECT : HTTPS_STATUS,
		    why);
	}
}

void
https_judge(struct https_request *r, CURLcode code)
{
	read_head(r);
	read_certificates(r);
	if (code == CURLE_OK) {
		judge_answer(r);
	} else {
		https_set_outcome(r, classify(r, code),
		    r->error[0] != '\0' ? r->error : curl_easy_strerror(code));
		if (r->result.outcome == HTTPS_ADDRESS)
			https_set_outcome(
			    r, HTTPS_ADDRESS, "this address is not public");
	}
	if (r->result.outcome == HTTPS_DONE ||
	    r->result.outcome == HTTPS_STATUS) {
		r->result.body = buf_string(&r->body);
		r->result.body_len = r->body.len;
	}
}
