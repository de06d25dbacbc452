/* SPDX-License-Identifier: ISC */

/*
 * libunbound: its asynchronous interface with deadlines of our own, which it
 * has not.
 */

#include "config.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <unbound.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/limits.h"
#include "net/dns_private.h"

#define CLASS_IN 1

struct question {
	struct question *next, *prev;
	struct dns *dns;
	char *name;
	unsigned type;
	dns_answered *answered;
	void *arg;
	int id; /* libunbound's */
	int64_t sent;
	int64_t deadline;
	struct dns_answer *answer; /* there is one, and nobody has it yet */
};

/* A ring; the head is no question. */
struct dns {
	struct ub_ctx *ctx;
	int timeout_ms;
	size_t in_flight_max;
	size_t in_flight;
	size_t pending;
	struct question waiting;
	struct question sent;
	struct question ready;
};

/* ---- lists of questions ---- */

static void
list_init(struct question *head)
{
	head->next = head->prev = head;
}

static bool
list_is_empty(const struct question *head)
{
	return head->next == head;
}

static void
list_append(struct question *head, struct question *q)
{
	q->prev = head->prev;
	q->next = head;
	head->prev->next = q;
	head->prev = q;
}

static void
list_remove(struct question *q)
{
	q->prev->next = q->next;
	q->next->prev = q->prev;
}

/* ---- questions ---- */

static void
free_question(struct question *q)
{
	dns_answer_free(q->answer);
	free(q->name);
	free(q);
}

static void
free_list(struct question *head)
{
	struct question *q;

	while (!list_is_empty(head)) {
		q = head->next;
		list_remove(q);
		free_question(q);
	}
}

static void
make_ready(struct question *q, struct dns_answer *answer)
{
	q->answer = answer;
	answer->took_ms = q->sent == 0 ? 0 : clock_ms() - q->sent;
	list_remove(q);
	list_append(&q->dns->ready, q);
}

/* libunbound calls this from ub_process. */
static void
receive(void *arg, int error, struct ub_result *result)
{
	struct question *q = arg;

	q->dns->in_flight--;
	make_ready(q, dns_answer_read(q->name, q->type, error, result));
	ub_resolve_free(result);
}

static void
send_question(struct dns *d, struct question *q)
{
	struct dns_answer *a;
	int error;

	q->sent = clock_ms();
	q->deadline = q->sent + d->timeout_ms;
	error = ub_resolve_async(
	    d->ctx, q->name, (int)q->type, CLASS_IN, q, receive, &q->id);
	if (error == 0) {
		list_remove(q);
		list_append(&d->sent, q);
		d->in_flight++;
		return;
	}
	a = dns_answer_new(
	    q->name, q->type, error == UB_SYNTAX ? DNS_BAD_NAME : DNS_FAILED);
	dns_answer_say(a, ub_strerror(error));
	make_ready(q, a);
}

void
dns_ask(struct dns *d, const char *name, unsigned type, dns_answered *answered,
    void *arg)
{
	struct question *q = xcalloc(1, sizeof(*q));

	q->dns = d;
	q->name = xstrdup(name);
	q->type = type;
	q->answered = answered;
	q->arg = arg;
	list_append(&d->waiting, q);
	d->pending++;
	if (name[0] == '\0' || strlen(name) >= DNS_NAME_SIZE)
		make_ready(q, dns_answer_new(q->name, q->type, DNS_BAD_NAME));
}

size_t
dns_pending(const struct dns *d)
{
	return d->pending;
}

size_t
dns_in_flight(const struct dns *d)
{
	return d->in_flight;
}

/* All have the same patience, so the first is the oldest. */
static void
give_up_late(struct dns *d)
{
	int64_t now = clock_ms();
	struct question *q;

	while (!list_is_empty(&d->sent) && d->sent.next->deadline <= now) {
		q = d->sent.next;
		ub_cancel(d->ctx, q->id);
		d->in_flight--;
		make_ready(q, dns_answer_new(q->name, q->type, DNS_TIMEOUT));
	}
}

static void
send_waiting(struct dns *d)
{
	while (!list_is_empty(&d->waiting) && d->in_flight < d->in_flight_max)
		send_question(d, d->waiting.next);
}

static void
deliver(struct dns *d)
{
	struct dns_answer *a;
	struct question *q;

	while (!list_is_empty(&d->ready)) {
		q = d->ready.next;
		list_remove(q);
		d->pending--;
		a = q->answer;
		q->answer = NULL;
		q->answered(q->arg, a);
		free_question(q);
	}
}

void
dns_watch(const struct dns *d, struct watch *w)
{
	watch_fd(w, ub_fd(d->ctx), POLLIN);
	if (!list_is_empty(&d->sent))
		watch_until(w, d->sent.next->deadline);
	if (!list_is_empty(&d->ready) ||
	    (!list_is_empty(&d->waiting) && d->in_flight < d->in_flight_max))
		watch_until(w, 0);
}

void
dns_work(struct dns *d)
{
	if (ub_poll(d->ctx))
		ub_process(d->ctx);
	give_up_late(d);
	deliver(d);
	send_waiting(d);
}

static void
keep_answer(void *arg, struct dns_answer *answer)
{
	struct dns_answer **out = arg;

	*out = answer;
}

struct dns_answer *
dns_ask_now(struct dns *d, const char *name, unsigned type)
{
	struct dns_answer *answer = NULL;
	struct watch w = {0};

	dns_ask(d, name, type, keep_answer, &answer);
	while (answer == NULL) {
		watch_begin(&w, d->timeout_ms);
		dns_watch(d, &w);
		watch_wait(&w);
		dns_work(d);
	}
	watch_free(&w);
	return answer;
}

/* ---- the context ---- */

/* The first question makes libunbound start its thread: one that it answers by
 * itself. */
static int
warm_up(struct dns *d, struct err *err)
{
	struct dns_answer *a = dns_ask_now(d, "localhost.", DNS_A);
	enum dns_state state = a->state;

	dns_answer_free(a);
	if (state == DNS_DATA)
		return 0;
	return err_set(err, ERR_UNAVAILABLE, "libunbound does not start (%s)",
	    dns_state_name(state));
}

int
dns_new(struct dns **out, const struct dns_config *config, struct err *err)
{
	struct dns *d = xcalloc(1, sizeof(*d));
	int rc = -1;

	*out = NULL;
	list_init(&d->waiting);
	list_init(&d->sent);
	list_init(&d->ready);
	d->timeout_ms = config->timeout_ms;
	d->in_flight_max =
	    config->in_flight > 0 && config->in_flight < DNS_IN_FLIGHT_MAX
	    ? (size_t)config->in_flight
	    : DNS_IN_FLIGHT_MAX;
	d->ctx = ub_ctx_create();
	if (d->ctx == NULL)
		die("libunbound has no memory");
	ub_ctx_debugout(d->ctx, NULL);
	if (dns_set_up(d->ctx, config, err) == -1)
		goto out;
	rc = warm_up(d, err);
out:
	if (rc == 0)
		*out = d;
	else
		dns_free(d);
	return rc;
}

void
dns_free(struct dns *d)
{
	struct question *q;

	if (d == NULL)
		return;
	for (q = d->sent.next; q != &d->sent; q = q->next)
		ub_cancel(d->ctx, q->id);
	ub_ctx_delete(d->ctx);
	free_list(&d->waiting);
	free_list(&d->sent);
	free_list(&d->ready);
	free(d);
}
