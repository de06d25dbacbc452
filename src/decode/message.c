/* SPDX-License-Identifier: ISC */

/*
 * The decoder's front.  A mail is walked part by part; each part that may be
 * a report goes to the intake.  Mail that was forwarded in an encoded part is
 * kept in a list and walked afterwards, so that nothing recurses, and the
 * bounds on parts and depth hold for all of it together.
 *
 * What a message claims decides between a fault and foreign mail.  A bounce
 * or a receipt may hold a report that was ours, or our request for one: what
 * came back was not sent to us, so it is passed over.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "decode/charset.h"
#include "decode/claim.h"
#include "decode/decode.h"
#include "decode/envelope.h"
#include "decode/intake.h"
#include "decode/mime.h"
#include "decode/part.h"

/* A larger buffer is given back when the next message comes. */
#define KEEP_BYTES ((size_t)1 << 20)

/* A forwarded message that is still to be walked. */
struct forward {
	struct forward *next;
	struct buf bytes;
	struct envelope envelope; /* of the message around it */
	const char *around;	  /* "part 3, " */
	size_t depth;
};

struct decoder {
	struct limits limits;
	struct intake intake;
	struct mime *mime;
	struct buf body; /* transfer-decoded */
	/* Of the message: */
	struct arena *arena;
	size_t parts;
	const char *claim; /* what first claimed a report; NULL if nothing */
	struct forward *forwards; /* first come, first walked */
	struct forward **last;
	/* Of a walk: the envelopes around the place, from the outside. */
	struct envelope *envelopes;
	size_t nenvelopes;
	const char *around; /* of the forward; "" for the message itself */
};

struct decoder *
decoder_new(const struct limits *limits)
{
	struct decoder *d = xcalloc(1, sizeof(*d));

	d->limits = *limits;
	d->mime = mime_new(&d->limits);
	intake_init(&d->intake, &d->limits);
	/* One for each level, the outermost, and what is around that. */
	d->envelopes =
	    xcalloc(d->limits.mime_depth + 2, sizeof(d->envelopes[0]));
	return d;
}

void
decoder_free(struct decoder *d)
{
	if (d == NULL)
		return;
	mime_free(d->mime);
	intake_free(&d->intake);
	buf_free(&d->body);
	free(d->envelopes);
	free(d);
}

static struct envelope *
innermost(struct decoder *d)
{
	return &d->envelopes[d->nenvelopes - 1];
}

/* Starts to read a message, in what is around it. */
static void
start_walk(struct decoder *d, struct span message, size_t depth,
    const struct envelope *around)
{
	mime_start(d->mime, message, depth);
	d->envelopes[0] = *around;
	d->nenvelopes = 1;
}

static void
open_envelope(struct decoder *d, const struct mime_entity *e)
{
	struct envelope *v;

	while (d->nenvelopes > 1 && innermost(d)->depth > e->message_depth)
		d->nenvelopes--;
	v = &d->envelopes[d->nenvelopes++];
	envelope_read(d->arena, e, &v[-1], v);
	if (d->claim == NULL)
		d->claim = v->claim;
}

/* Puts a forwarded message into the list. */
static void
add_forward(struct decoder *d, const struct mime_entity *e, struct part *p)
{
	struct forward *f = xcalloc(1, sizeof(*f));

	part_decode(e, &d->body, p);
	f->bytes.cap = p->bytes.len;
	buf_append(&f->bytes, p->bytes.p, p->bytes.len);
	f->envelope = *innermost(d);
	f->depth = e->depth + 1;
	f->around =
	    arena_printf(d->arena, "%spart %zu, ", d->around, e->number);
	*d->last = f;
	d->last = &f->next;
}

static void
read_candidate(struct decoder *d, const struct mime_entity *e, struct part *p)
{
	const struct envelope *v = innermost(d);
	struct attachment a = {.around = d->around,
	    .number = e->number,
	    .context = v->context,
	    .says_gzip = (p->claim & CLAIM_GZIP) != 0,
	    .says_json = (p->claim & CLAIM_JSON) != 0,
	    .claims = (p->claim & CLAIM_REPORT) != 0};

	part_decode(e, &d->body, p);
	if (d->claim == NULL && !a.claims &&
	    unpack_magic(p->bytes) == MAGIC_OTHER)
		return;
	a.bytes = p->bytes;
	a.context.filename = p->filename;
	a.notes = v->notes | p->notes;
	intake_read(&d->intake, &a);
}

/* Looks at a leaf.  Returns 0, or -1 with ERR_BOUND. */
static int
read_part(struct decoder *d, const struct mime_entity *e, struct err *err)
{
	struct part p;

	/* The reader's own count starts anew with a forwarded message. */
	if (++d->parts > d->limits.mime_parts)
		return err_set(err, ERR_BOUND,
		    "more than %zu parts (mime_parts)", d->limits.mime_parts);
	while (d->nenvelopes > 1 && innermost(d)->depth > e->message_depth)
		d->nenvelopes--;
	part_look(d->arena, e, &p);
	if (p.claim & CLAIM_RETURNED)
		innermost(d)->is_returned = true;
	if (innermost(d)->is_returned)
		return 0;
	if (p.claim & CLAIM_MESSAGE)
		add_forward(d, e, &p);
	else if (p.claim & CLAIM_CANDIDATE)
		read_candidate(d, e, &p);
	return 0;
}

/* Walks what was started.  Trouble is a fault if anything claims a report. */
static void
walk(struct decoder *d)
{
	struct collector *c = &d->intake.collector;
	struct mime_entity e;
	struct err err;
	int rc;

	while ((rc = mime_next(d->mime, &e, &err)) > 0 && !collect_is_full(c)) {
		if (rc == MIME_MESSAGE)
			open_envelope(d, &e);
		else if ((rc = read_part(d, &e, &err)) == -1)
			break;
	}
	if (rc == -1 && (d->claim != NULL || collect_count(c) > 0))
		collect_fault(c, &err);
}

/* Walks the forwarded messages, which may bring others. */
static void
walk_forwards(struct decoder *d)
{
	struct forward *f;

	for (f = d->forwards; f != NULL; f = d->forwards) {
		d->around = f->around;
		start_walk(d, (struct span){f->bytes.data, f->bytes.len},
		    f->depth, &f->envelope);
		walk(d);
		d->forwards = f->next;
		buf_free(&f->bytes);
		free(f);
	}
}

/* Says that nothing came of a mail that claims to be a report.  A doubt about
 * one of its parts is the best reason. */
static void
object_to_nothing(struct decoder *d)
{
	struct err err = d->intake.doubt;

	if (err.code == ERR_NONE)
		err_set(&err, ERR_DATA, "%s: no report in it (RFC 8460 5.3)",
		    d->claim);
	collect_fault(&d->intake.collector, &err);
}

static void
read_mail(struct decoder *d, const struct decode_input *in)
{
	struct mime_entity first;
	struct err err;
	int rc;

	start_walk(d, (struct span){in->bytes, in->len}, 0, &envelope_none);
	rc = mime_next(d->mime, &first, &err);
	if (rc == MIME_END)
		return;
	d->intake.header = first.header;
	d->intake.received = envelope_time(&first, in->received);
	open_envelope(d, &first);
	if (rc == MIME_MESSAGE)
		walk(d);
	else if (d->claim != NULL)
		collect_fault(&d->intake.collector, &err);
	walk_forwards(d);
	if (d->claim != NULL && collect_count(&d->intake.collector) == 0)
		object_to_nothing(d);
}

/* Reads JSON, gzip or zip that came without a mail around it. */
static void
read_file(struct decoder *d, const struct decode_input *in)
{
	char name[NAME_BYTES_MAX * CHARSET_GROWTH + 1];
	struct span s = span_of(in->name);
	struct attachment a = {.bytes = {in->bytes, in->len},
	    .context = envelope_none.context,
	    .claims = true};

	if (s.len > NAME_BYTES_MAX)
		s.len = NAME_BYTES_MAX;
	*charset_decode(CHARSET_UTF8, s, name) = '\0';
	a.context.filename = name;
	intake_read(&d->intake, &a);
}

/* Reads the JSON of a stored report, with what stood around it. */
static void
read_stored(struct decoder *d, const struct decode_input *in)
{
	const struct attachment a = {.bytes = {in->bytes, in->len},
	    .around = "",
	    .context = {.submitter_header = in->stored->submitter_header,
		.domain_header = in->stored->domain_header,
		.filename = in->stored->filename,
		.subject = in->stored->subject},
	    .claims = true};

	intake_read(&d->intake, &a);
}

void
decode_message(struct decoder *d, const struct decode_input *in,
    struct arena *arena, struct decoded *out)
{
	struct err err;

	buf_reset(&d->body, KEEP_BYTES);
	d->arena = arena;
	d->parts = 0;
	d->claim = NULL;
	d->forwards = NULL;
	d->last = &d->forwards;
	d->around = "";
	intake_start(&d->intake, arena, out);
	d->intake.header = (struct span){NULL, 0};
	d->intake.authserv_id = in->authserv_id;
	d->intake.received = in->received;
	keyed_hash_set_key(d->intake.hash, in->key);
	if (in->stored != NULL) {
		d->intake.authserv_id = "";
		read_stored(d, in);
	} else if (in->len > d->limits.message_bytes) {
		err_set(&err, ERR_BOUND,
		    "message of more than %zu bytes (message_bytes)",
		    d->limits.message_bytes);
		collect_fault(&d->intake.collector, &err);
	} else if (unpack_magic((struct span){in->bytes, in->len}) ==
	    MAGIC_OTHER) {
		read_mail(d, in);
	} else {
		read_file(d, in);
	}
}
