/* SPDX-License-Identifier: ISC */

/*
 * libcurl, with everything closed that is open by default: it asks no name
 * server, follows nothing, believes no environment and keeps no memory of a
 * request.  What it says of certificates is checked by net/cert.c, since the
 * GnuTLS flavour takes a Common Name for a name.
 */

#include "config.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/limits.h"
#include "net/host.h"
#include "net/https_private.h"

#define DEFAULT_PORT 443

/* Room for a URL's host, its port and some addresses. */
#define RESOLVE_SIZE 2048

/* ---- what libcurl calls ---- */

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct https_request *r = arg;

	if (buf_append(&r->body, data, size * n) == 0)
		return size * n;
	r->too_large = true;
	return 0;
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct https_request *r = arg;

	(void)data;
	r->header_bytes += size * n;
	if (r->header_bytes <= HTTPS_HEADER_MAX)
		return size * n;
	r->too_large = true;
	return 0;
}

static bool
was_given(const struct https_request *r, const struct sockaddr *sa)
{
	char wanted[ADDRESS_TEXT_SIZE], given[ADDRESS_TEXT_SIZE];
	size_t i;

	address_text(sa, wanted);
	for (i = 0; i < r->addresses_n; i++) {
		address_text((const void *)&r->addresses[i], given);
		if (strcmp(wanted, given) == 0)
			return true;
	}
	return false;
}

/* Sees the very address that is connected to, wherever libcurl has it from. */
static curl_socket_t
on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct https_request *r = arg;
	const struct https_config *c = &r->https->config;

	address_text(&to->addr, r->result.address);
	if (c->proxy == NULL &&
	    (purpose != CURLSOCKTYPE_IPCXN || !was_given(r, &to->addr) ||
		!address_is_allowed(&to->addr, &c->policy))) {
		r->refused++;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static int
on_watch(CURL *curl, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct https *h = arg;
	size_t i;
	short events = 0;

	(void)curl;
	(void)unused;
	for (i = 0; i < h->sockets_n && h->sockets[i].fd != fd; i++)
		continue;
	if (what == CURL_POLL_REMOVE) {
		if (i < h->sockets_n)
			h->sockets[i] = h->sockets[--h->sockets_n];
		return 0;
	}
	if (i == h->sockets_size) {
		h->sockets_size = h->sockets_size == 0 ? 16 : 2 * i;
		h->sockets = xreallocarray(
		    h->sockets, h->sockets_size, sizeof(*h->sockets));
	}
	if (i == h->sockets_n)
		h->sockets_n++;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= POLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= POLLOUT;
	h->sockets[i] = (struct pollfd){.fd = fd, .events = events};
	return 0;
}

static int
on_timer(CURLM *multi, long ms, void *arg)
{
	struct https *h = arg;

	(void)multi;
	h->wake = ms < 0 ? INT64_MAX : clock_ms() + ms;
	return 0;
}

/* ---- the request ---- */

static void
free_request(struct https_request *r)
{
	if (r->curl != NULL) {
		curl_multi_remove_handle(r->https->multi, r->curl);
		curl_easy_cleanup(r->curl);
	}
	curl_slist_free_all(r->resolve);
	curl_slist_free_all(r->connect_to);
	curl_slist_free_all(r->headers);
	cert_facts_free(&r->result.cert);
	buf_free(&r->body);
	free(r->addresses);
	free(r->post);
	free(r);
}

static void
finish(struct https_request *r)
{
	r->prev->next = r->next;
	r->next->prev = r->prev;
	r->https->pending--;
	r->result.took_ms = clock_ms() - r->begun;
	r->answered(r->arg, &r->result);
	free_request(r);
}

static void
set(CURLcode code)
{
	if (code != CURLE_OK)
		die("libcurl does not take an option: %s",
		    curl_easy_strerror(code));
}

static struct curl_slist *
one_line(const char *text)
{
	struct curl_slist *list = curl_slist_append(NULL, text);

	if (list == NULL)
		die("libcurl has no memory");
	return list;
}

static int
get_part(CURLU *url, CURLUPart part, unsigned flags, char *out, size_t size)
{
	char *text = NULL;
	int n;

	out[0] = '\0';
	if (curl_url_get(url, part, &text, flags) != CURLUE_OK || text == NULL)
		return -1;
	n = snprintf(out, size, "%s", text);
	curl_free(text);
	return n >= 0 && (size_t)n < size ? 0 : -1;
}

/* Host and port of a URL that may be asked for. */
static int
read_url(struct https_request *r, const char *text, unsigned *port)
{
	CURLU *url = curl_url();
	char scheme[16], number[8], user[8];
	int rc = -1;

	if (url == NULL)
		die("libcurl has no memory");
	if (curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) !=
		CURLUE_OK ||
	    get_part(url, CURLUPART_SCHEME, 0, scheme, sizeof(scheme)) == -1 ||
	    strcasecmp(scheme, "https") != 0 ||
	    get_part(url, CURLUPART_HOST, 0, r->host, sizeof(r->host)) == -1 ||
	    r->host[0] == '\0' ||
	    get_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, number,
		sizeof(number)) == -1 ||
	    get_part(url, CURLUPART_USER, 0, user, sizeof(user)) == 0)
		goto out;
	*port = (unsigned)strtoul(number, NULL, 10);
	rc = 0;
out:
	curl_url_cleanup(url);
	return rc;
}

/* What libcurl shall believe the DNS to say: "HOST:PORT:ADDRESS,ADDRESS". */
static void
set_addresses(struct https_request *r, unsigned port)
{
	const struct https_config *c = &r->https->config;
	char line[RESOLVE_SIZE], address[ADDRESS_TEXT_SIZE];
	size_t i, n;

	if (c->port != 0) {
		snprintf(line, sizeof(line), ":::%u", (unsigned)c->port);
		r->connect_to = one_line(line);
		set(curl_easy_setopt(
		    r->curl, CURLOPT_CONNECT_TO, r->connect_to));
		port = c->port;
	}
	/* An IPv6 address is taken from nowhere else, and cannot stand here. */
	if (r->host[0] == '[')
		return;
	n = (size_t)snprintf(line, sizeof(line), "%s:%u:", r->host, port);
	for (i = 0;
	     i < r->addresses_n && n < sizeof(line) - ADDRESS_TEXT_SIZE - 4;
	     i++) {
		address_text((const void *)&r->addresses[i], address);
		n += (size_t)snprintf(line + n, sizeof(line) - n,
		    strchr(address, ':') != NULL ? "%s[%s]" : "%s%s",
		    i > 0 ? "," : "", address);
	}
	r->resolve = one_line(line);
	set(curl_easy_setopt(r->curl, CURLOPT_RESOLVE, r->resolve));
}

static void
set_guards(struct https_request *r, int timeout_ms)
{
	const struct https_config *c = &r->https->config;
	CURL *curl = r->curl;

	set(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https"));
	set(curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L));
	set(curl_easy_setopt(
	    curl, CURLOPT_PROXY, c->proxy != NULL ? c->proxy : ""));
	set(curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED));
	set(curl_easy_setopt(
	    curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1));
	set(curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L));
	set(curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L));
	set(curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L));
	set(curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L));
	set(curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms));
	set(curl_easy_setopt(
	    curl, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms));
	set(curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)HTTPS_BODY_MAX));
	set(curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket));
	set(curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, r));
}

static void
set_certificates(struct https_request *r)
{
	const char *ca = r->https->config.ca_file;

	if (*ca == '\0')
		ca = secure_getenv("SSL_CERT_FILE");
	set(curl_easy_setopt(r->curl, CURLOPT_SSL_VERIFYPEER, 1L));
	set(curl_easy_setopt(r->curl, CURLOPT_SSL_VERIFYHOST, 2L));
	set(curl_easy_setopt(
	    r->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2));
	set(curl_easy_setopt(r->curl, CURLOPT_CERTINFO, 1L));
	if (ca != NULL) {
		set(curl_easy_setopt(r->curl, CURLOPT_CAINFO, ca));
		set(curl_easy_setopt(r->curl, CURLOPT_CAPATH, NULL));
	}
}

static void
set_post(struct https_request *r, const struct https_question *q)
{
	char line[256];

	r->is_post = true;
	r->post = xmalloc(q->post->len + 1);
	if (q->post->len > 0)
		memcpy(r->post, q->post->p, q->post->len);
	snprintf(line, sizeof(line), "Content-Type: %s", q->content_type);
	r->headers = one_line(line);
	set(curl_easy_setopt(r->curl, CURLOPT_HTTPHEADER, r->headers));
	set(curl_easy_setopt(r->curl, CURLOPT_POST, 1L));
	set(curl_easy_setopt(
	    r->curl, CURLOPT_POSTFIELDSIZE, (long)q->post->len));
	set(curl_easy_setopt(r->curl, CURLOPT_POSTFIELDS, r->post));
}

static void
set_output(struct https_request *r, const char *url)
{
	set(curl_easy_setopt(r->curl, CURLOPT_URL, url));
	set(curl_easy_setopt(r->curl, CURLOPT_USERAGENT, PACKAGE_NAME));
	set(curl_easy_setopt(r->curl, CURLOPT_PRIVATE, r));
	set(curl_easy_setopt(r->curl, CURLOPT_ERRORBUFFER, r->error));
	set(curl_easy_setopt(r->curl, CURLOPT_WRITEFUNCTION, on_body));
	set(curl_easy_setopt(r->curl, CURLOPT_WRITEDATA, r));
	set(curl_easy_setopt(r->curl, CURLOPT_HEADERFUNCTION, on_header));
	set(curl_easy_setopt(r->curl, CURLOPT_HEADERDATA, r));
}

/* Whether none of the addresses may be connected to. */
static bool
all_forbidden(const struct https_request *r)
{
	const struct https_config *c = &r->https->config;
	size_t i;

	for (i = 0; i < r->addresses_n; i++)
		if (address_is_allowed(
			(const void *)&r->addresses[i], &c->policy))
			return false;
	return c->proxy == NULL;
}

/* Returns false with the outcome when there is nothing to be begun. */
static bool
may_begin(struct https_request *r, const char *url, unsigned *port)
{
	if (read_url(r, url, port) == -1) {
		https_set_outcome(r, HTTPS_BAD_URL,
		    "this is no https URL that may be asked for");
		return false;
	}
	if (r->addresses_n == 0 && r->https->config.proxy == NULL) {
		https_set_outcome(
		    r, HTTPS_NO_ADDRESS, "the host has no address");
		return false;
	}
	if (all_forbidden(r)) {
		address_text((const void *)&r->addresses[0], r->result.address);
		https_set_outcome(
		    r, HTTPS_ADDRESS, "this address is not public");
		return false;
	}
	return true;
}

void
https_ask(struct https *h, const struct https_question *q,
    https_answered *answered, void *arg)
{
	struct https_request *r = xcalloc(1, sizeof(*r));
	unsigned port = DEFAULT_PORT;

	r->https = h;
	r->answered = answered;
	r->arg = arg;
	r->begun = clock_ms();
	r->body.cap = HTTPS_BODY_MAX;
	r->addresses =
	    xreallocarray(NULL, q->addresses_n + 1, sizeof(*r->addresses));
	if (q->addresses_n > 0)
		memcpy(r->addresses, q->addresses,
		    q->addresses_n * sizeof(*r->addresses));
	r->addresses_n = q->addresses_n;
	r->next = &h->ring;
	r->prev = h->ring.prev;
	h->ring.prev->next = r;
	h->ring.prev = r;
	h->pending++;
	if (!may_begin(r, q->url, &port))
		return;
	r->curl = curl_easy_init();
	if (r->curl == NULL)
		die("libcurl has no memory");
	set_guards(r, q->timeout_ms);
	set_certificates(r);
	set_output(r, q->url);
	if (r->addresses_n > 0)
		set_addresses(r, port);
	if (q->post != NULL)
		set_post(r, q);
	r->handshake_only = q->handshake_only;
	if (r->handshake_only)
		set(curl_easy_setopt(r->curl, CURLOPT_CONNECT_ONLY, 1L));
	if (curl_multi_add_handle(h->multi, r->curl) != CURLM_OK)
		die("libcurl does not take a request");
}

/* ---- all of them ---- */

int
https_new(
    struct https **out, const struct https_config *config, struct err *err)
{
	struct https *h;

	*out = NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_UNAVAILABLE, "libcurl does not start");
	if ((curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_SSL) ==
	    0)
		return err_set(
		    err, ERR_UNAVAILABLE, "this libcurl does not do https");
	h = xcalloc(1, sizeof(*h));
	h->config = *config;
	h->ring.next = h->ring.prev = &h->ring;
	h->wake = INT64_MAX;
	h->multi = curl_multi_init();
	if (h->multi == NULL ||
	    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_watch) !=
		CURLM_OK ||
	    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h) != CURLM_OK ||
	    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer) !=
		CURLM_OK ||
	    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h) != CURLM_OK)
		die("libcurl has no memory");
	*out = h;
	return 0;
}

void
https_free(struct https *h)
{
	struct https_request *r;

	if (h == NULL)
		return;
	while ((r = h->ring.next) != &h->ring) {
		h->ring.next = r->next;
		free_request(r);
	}
	curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	free(h->sockets);
	free(h);
}

size_t
https_pending(const struct https *h)
{
	return h->pending;
}

void
https_watch(const struct https *h, struct watch *w)
{
	const struct https_request *r;
	size_t i;

	for (i = 0; i < h->sockets_n; i++)
		watch_fd(w, h->sockets[i].fd, h->sockets[i].events);
	watch_until(w, h->wake);
	for (r = h->ring.next; r != &h->ring; r = r->next)
		if (r->curl == NULL)
			watch_until(w, 0);
}

static int
what_is_ready(short revents)
{
	return ((revents & (POLLIN | POLLHUP)) != 0 ? CURL_CSELECT_IN : 0) |
	    ((revents & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
	    ((revents & (POLLERR | POLLNVAL)) != 0 ? CURL_CSELECT_ERR : 0);
}

static bool
is_ours(const struct https *h, int fd)
{
	size_t i;

	for (i = 0; i < h->sockets_n; i++)
		if (h->sockets[i].fd == fd)
			return true;
	return false;
}

/* Lets libcurl go on.  Its table of sockets changes meanwhile. */
static void
let_work(struct https *h, const struct watch *w)
{
	int running, ready;
	size_t i;

	for (i = 0; i < w->n; i++) {
		ready = what_is_ready(w->fds[i].revents);
		if (ready != 0 && is_ours(h, w->fds[i].fd))
			curl_multi_socket_action(
			    h->multi, w->fds[i].fd, ready, &running);
	}
	if (clock_ms() >= h->wake) {
		h->wake = INT64_MAX;
		curl_multi_socket_action(
		    h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
}

void
https_work(struct https *h, const struct watch *w)
{
	struct https_request *r, *next;
	CURLMsg *message;
	int left;

	let_work(h, w);
	while ((message = curl_multi_info_read(h->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &r);
		https_judge(r, message->data.result);
		finish(r);
	}
	for (r = h->ring.next; r != &h->ring; r = next) {
		next = r->next;
		if (r->curl == NULL)
			finish(r);
	}
}
