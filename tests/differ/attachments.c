/* SPDX-License-Identifier: ISC */

/*
 * Prints what our MIME reader finds in mails, for a comparison with what an
 * independent one does.  Standard input holds mails, each behind a line with
 * its length.  A line a part comes out: media type, file name in hexadecimal
 * digits, length and SHA-256 of the decoded bytes; then a line "end", or
 * "bound" if the mail goes over one.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "decode/claim.h"
#include "decode/field.h"
#include "decode/mime.h"
#include "decode/part.h"
#include "decode/transfer.h"

/* Messages in encoded parts of one another that are read. */
#define READERS 4

struct printer {
	struct arena *arena;
	struct limits limits;
	struct mime *readers[READERS];
};

static void
print_hex(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		printf("%02x", (unsigned)(unsigned char)s.p[i]);
	putchar('\t');
}

static void
print_hash(struct span bytes)
{
	unsigned char hash[SHA256_LEN];
	char hex[SHA256_HEX_SIZE];

	sha256(bytes.p, bytes.len, hash);
	sha256_hex(hash, hex);
	fputs(hex, stdout);
}

/* Takes the CRs out, in place. */
static void
drop_crs(struct buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->len; i++)
		if (b->data[i] != '\r')
			b->data[n++] = b->data[i];
	b->len = n;
}

static void
print_leaf(
    const struct mime_entity *e, const struct part *part, struct buf *bytes)
{
	print_hex(field_main(e->fields[MIME_CONTENT_TYPE]));
	print_hex(span_of(part->filename));
	print_hash((struct span){bytes->data, bytes->len});
	putchar('\t');
	drop_crs(bytes);
	print_hash((struct span){bytes->data, bytes->len});
	putchar('\n');
}

static int print_mail(
    struct printer *p, struct span mail, size_t n, size_t depth);

/* Prints a part, or what is in it if it is an encoded message. */
static int
print_part(struct printer *p, const struct mime_entity *e, size_t n)
{
	const enum transfer t =
	    transfer_parse(e->fields[MIME_CONTENT_TRANSFER_ENCODING]);
	struct span type = field_main(e->fields[MIME_CONTENT_TYPE]);
	struct buf decoded = {.cap = e->body.len};
	struct part part;
	bool noise = false;
	int rc = 0;

	part_look(p->arena, e, &part);
	transfer_decode(t, e->body, &decoded, &noise);
	if ((claim_of_type(type) & CLAIM_MESSAGE) && n + 1 < READERS)
		rc = print_mail(p, (struct span){decoded.data, decoded.len},
		    n + 1, e->depth + 1);
	else
		print_leaf(e, &part, &decoded);
	buf_free(&decoded);
	return rc;
}

/* Prints the parts of a mail, read by reader n.  Returns 0, or -1 if a bound
 * is met. */
static int
print_mail(struct printer *p, struct span mail, size_t n, size_t depth)
{
	struct mime *m = p->readers[n];
	struct mime_entity e;
	struct err err;
	int rc;

	mime_start(m, mail, depth);
	while ((rc = mime_next(m, &e, &err)) > 0)
		if (rc == MIME_PART && print_part(p, &e, n) == -1)
			return -1;
	return rc;
}

/* Reads the next mail.  Returns its length, or -1 at the end. */
static long
read_mail(char **mail)
{
	long len;

	if (scanf("%ld", &len) != 1 || len < 0 || getchar() != '\n')
		return -1;
	*mail = malloc((size_t)len + 1);
	if (*mail == NULL ||
	    fread(*mail, 1, (size_t)len, stdin) != (size_t)len) {
		fputs("attachments: a mail is cut\n", stderr);
		exit(1);
	}
	return len;
}

int
main(void)
{
	struct printer p = {.arena = arena_new(4096), .limits = LIMITS_DEFAULT};
	char *mail;
	long len;
	size_t i;

	for (i = 0; i < READERS; i++)
		p.readers[i] = mime_new(&p.limits);
	while ((len = read_mail(&mail)) != -1) {
		puts(print_mail(&p, (struct span){mail, (size_t)len}, 0, 0) == 0
			? "end"
			: "bound");
		free(mail);
		arena_reset(p.arena);
	}
	for (i = 0; i < READERS; i++)
		mime_free(p.readers[i]);
	arena_free(p.arena);
	return 0;
}
