/* SPDX-License-Identifier: ISC */

/*
 * From the bytes of an attachment to reports.  What the bytes are is judged
 * by themselves, never by type or name, which only tell whether trouble with
 * them is a fault or nothing: an attachment that claims to be a report and
 * is none is a fault, and one that claims nothing is someone else's mail.
 */

#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "decode/claim.h"
#include "decode/intake.h"

/* Larger buffers are given back when the next message comes: a run over small
 * reports keeps its buffers, and those of a huge one do not stay. */
#define KEEP_BYTES ((size_t)1 << 20)

/* How much longer than its JSON a gzip original may be to be kept as it
 * came: tiny texts grow by the wrapping, and what is longer is padding. */
#define GZIP_SLACK 64

/* How much of an entry's name an error shows: a stranger's name must not push
 * the reason out of the text. */
#define NAME_SHOWN 200

/* An attachment, or an entry of one that is an archive, while it is being
 * unpacked. */
struct item {
	struct intake *in;
	const struct attachment *a;
	struct span bytes;
	struct span packed; /* the gzip around bytes; p is NULL if it cannot
			       be kept */
	const char *entry;  /* its name within an archive; "" if it has none */
	size_t layers;	    /* of gzip that were taken off */
	uint64_t notes;
	bool claims;
	bool in_archive;
	bool foreign; /* JSON of something else was in it */
};

void
intake_init(struct intake *in, const struct limits *limits)
{
	memset(in, 0, sizeof(*in));
	in->unpacker = unpacker_new(limits);
	in->tlsrpt = tlsrpt_new(limits);
	in->hash = keyed_hash_new();
}

void
intake_free(struct intake *in)
{
	size_t i;

	unpacker_free(in->unpacker);
	tlsrpt_free(in->tlsrpt);
	keyed_hash_free(in->hash);
	for (i = 0; i < GZIP_LAYERS; i++)
		buf_free(&in->layers[i]);
	buf_free(&in->deflated);
}

void
intake_start(struct intake *in, struct arena *arena, struct decoded *out)
{
	size_t i;

	for (i = 0; i < GZIP_LAYERS; i++)
		buf_reset(&in->layers[i], KEEP_BYTES);
	buf_reset(&in->deflated, KEEP_BYTES);
	unpacker_start(in->unpacker);
	collect_start(&in->collector, arena, out);
	in->doubt.code = ERR_NONE;
	in->has_auth = false;
}

/* Takes down what is wrong with an item: as a fault if it claims to be a
 * report, else as a doubt. */
static void
object(struct item *it, struct err *err)
{
	struct intake *in = it->in;
	size_t len = strnlen(it->entry, NAME_SHOWN);

	if (len > 0)
		err_prefix(err, "%.*s", (int)utf8_valid_prefix(it->entry, len),
		    it->entry);
	if (it->a->number > 0)
		err_prefix(err, "%spart %zu", it->a->around, it->a->number);
	if (it->claims)
		collect_fault(&in->collector, err);
	else if (in->doubt.code == ERR_NONE)
		in->doubt = *err;
}

/* Chooses the name that helps to attribute a report: of the form that the
 * RFC gives if there is one, else the one nearest to the JSON. */
static const char *
choose_name(const struct item *it)
{
	const char *outer = claim_base_name(it->a->context.filename);
	const char *inner = claim_base_name(it->entry);

	if (inner[0] == '\0' ||
	    (!(claim_of_name(inner) & CLAIM_REPORT) &&
		strchr(outer, '!') != NULL))
		return outer;
	return inner;
}

static void
note_deviations(const struct item *it, struct deviation_list *l)
{
	uint64_t notes = it->notes;
	unsigned code;

	if (it->layers > 0 && it->a->says_json)
		notes |= INTAKE_NOTE(GZIP_UNANNOUNCED);
	if (it->layers == 0 && it->a->says_gzip && !it->in_archive)
		notes |= INTAKE_NOTE(GZIP_EXPECTED);
	for (code = 0; notes != 0; code++, notes >>= 1)
		if (notes & 1)
			deviation_add(l, (enum deviation_code)code, "%s", "");
}

/* Keeps the JSON as it came, if that was gzip, or deflated. */
static void
keep_original(const struct item *it, struct original *o)
{
	struct intake *in = it->in;
	struct span data = it->packed;

	o->encoding = ENCODING_GZIP;
	if (data.p == NULL || data.len > it->bytes.len + GZIP_SLACK) {
		in->deflated.len = 0;
		unpack_deflate(in->unpacker, it->bytes, &in->deflated);
		data = (struct span){in->deflated.data, in->deflated.len};
		o->encoding = ENCODING_DEFLATE;
	}
	o->data = (unsigned char *)arena_strndup(
	    in->collector.out->arena, data.p, data.len);
	o->len = data.len;
	o->json_len = it->bytes.len;
}

static void
add_report(const struct item *it, struct report *r)
{
	struct intake *in = it->in;

	r->received = in->received;
	if (!in->has_auth)
		auth_read(&in->auth, in->header, in->authserv_id);
	in->has_auth = true;
	r->authenticity = auth_judge(&in->auth, r->reporter);
	keyed_hash_sum(in->hash, it->bytes.p, it->bytes.len, r->sum);
	keep_original(it, &r->original);
	collect_report(&in->collector, r);
}

static void
read_json(struct item *it)
{
	struct intake *in = it->in;
	struct tlsrpt_context context = it->a->context;
	struct deviation_list notes = {.arena = in->collector.out->arena};
	struct report *r = NULL;
	struct err err;

	context.filename = choose_name(it);
	note_deviations(it, &notes);
	switch (
	    tlsrpt_parse(in->tlsrpt, it->bytes, &context, &notes, &r, &err)) {
	case TLSRPT_REPORT:
		add_report(it, r);
		return;
	case TLSRPT_UNUSABLE:
		it->claims = true;
		break;
	case TLSRPT_NOT_ONE:
		it->foreign = true;
		if (it->a->number == 0)
			return;
		err_set(
		    &err, ERR_DATA, "JSON, but no TLS report (RFC 8460 4.4)");
		break;
	case TLSRPT_NOT_JSON:
		break;
	}
	object(it, &err);
}

/* Takes off the gzip around an item.  Returns 0, or -1 when it is of no
 * further use. */
static int
read_gzip(struct item *it)
{
	struct intake *in = it->in;
	struct buf *out;
	struct err err;
	bool trailing;
	int rc = -1;

	while (unpack_magic(it->bytes) == MAGIC_GZIP) {
		if (it->layers == GZIP_LAYERS) {
			err_set(&err, ERR_BOUND,
			    "gzip: more than %d layers (GZIP_LAYERS)",
			    GZIP_LAYERS);
			goto out;
		}
		out = &in->layers[it->layers++];
		out->len = 0;
		if (unpack_gzip(
			in->unpacker, it->bytes, out, &trailing, &err) == -1)
			goto out;
		it->packed = it->bytes;
		if (trailing) {
			it->notes |= INTAKE_NOTE(GZIP_TRAILING);
			it->packed.p = NULL;
		}
		it->bytes = (struct span){buf_string(out), out->len};
	}
	rc = 0;
out:
	if (rc == -1)
		object(it, &err);
	return rc;
}

/* True for what no one put into an archive: hidden files, and what macOS
 * adds beside every file. */
static bool
is_litter(const char *name)
{
	return claim_base_name(name)[0] == '.' ||
	    span_starts(span_of(name), "__MACOSX/");
}

/* Reads one entry of the archive that arg is. */
static int
read_entry(void *arg, const char *name, struct span data)
{
	struct item *archive = arg;
	unsigned claim = claim_of_name(name);
	struct item it = {.in = archive->in,
	    .a = archive->a,
	    .bytes = data,
	    .entry = name,
	    .in_archive = true,
	    .layers = archive->layers,
	    .notes = archive->notes,
	    .claims = (claim & CLAIM_REPORT) ||
		(archive->claims && (claim & CLAIM_CANDIDATE))};

	if (is_litter(name))
		return 0;
	if (read_gzip(&it) == 0)
		read_json(&it);
	archive->foreign |= it.foreign;
	return collect_is_full(&it.in->collector);
}

static void
read_zip(struct item *it)
{
	struct err err;

	it->notes |= INTAKE_NOTE(ZIP);
	if (unpack_zip(it->in->unpacker, it->bytes, read_entry, it, &err) == -1)
		object(it, &err);
}

/* Nothing came of an attachment that claims to be a report: the doubt about
 * an entry in it is the reason, if there is one. */
static void
object_to_nothing(struct item *it)
{
	struct intake *in = it->in;
	struct err err = in->doubt;

	if (it->a->number == 0 && it->foreign)
		return;
	if (err.code != ERR_NONE) {
		collect_fault(&in->collector, &err);
		return;
	}
	err_set(&err, ERR_DATA, "no report in it");
	object(it, &err);
}

void
intake_read(struct intake *in, const struct attachment *a)
{
	struct item it = {.in = in,
	    .a = a,
	    .bytes = a->bytes,
	    .entry = "",
	    .notes = a->notes,
	    .claims = a->claims};
	size_t before = collect_count(&in->collector);

	/* What came before was about other attachments. */
	if (a->claims)
		in->doubt.code = ERR_NONE;
	if (read_gzip(&it) == 0) {
		if (unpack_magic(it.bytes) == MAGIC_ZIP)
			read_zip(&it);
		else
			read_json(&it);
	}
	if (a->claims && collect_count(&in->collector) == before)
		object_to_nothing(&it);
}
