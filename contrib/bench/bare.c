/* SPDX-License-Identifier: ISC */

/*
 * bare: the yardstick R of contrib/bench/run.  It does what no reader of
 * report mails can leave out, and nothing else: it reads the files, walks
 * their lines for MIME boundaries, decodes base64 and inflates.  It trusts
 * what genmail wrote: it knows one level of multipart, gzip of one member
 * and zip of one, counts quoted-printable as it is, takes the files as
 * readdir(3) gives them, and a short read for the end of a file.  The zlib
 * state and all buffers are used again.
 */

#include "config.h"

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>
#include <zlib.h>

/* Of an mbox; files are read whole, this much at first. */
#define READ_SIZE ((size_t)1 << 20)

/* A zip's local header without the name (APPNOTE 4.3.7). */
#define ZIP_HEADER 30

/* How far to go, to see where the time is spent. */
enum stage { STAGE_READ, STAGE_DECODE, STAGE_INFLATE };

struct bare {
	enum stage stage;
	char *in; /* a file, or a window on an mbox */
	size_t in_size;
	unsigned char *packed; /* what base64 decoded to */
	size_t packed_size;
	unsigned char *out; /* what was inflated */
	size_t out_size;
	z_stream gzip;
	z_stream raw;
	int8_t value[256]; /* of base64's characters, -1 for others */
	uint64_t messages;
	uint64_t bytes_in;
	uint64_t bytes_out;
	uint64_t broken; /* could not be inflated */
};

struct span {
	const char *s;
	const char *end;
};

static void *
grow(void *p, size_t *size, size_t need)
{
	if (need <= *size)
		return p;
	while (*size < need)
		*size = *size > 0 ? *size * 2 : READ_SIZE;
	p = realloc(p, *size);
	if (p == NULL)
		err(EX_OSERR, "realloc");
	return p;
}

static void
bare_init(struct bare *b)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	memset(b->value, -1, sizeof(b->value));
	for (int i = 0; i < 64; i++)
		b->value[(unsigned char)digits[i]] = (int8_t)i;
	b->in = grow(NULL, &b->in_size, READ_SIZE);
	b->packed = grow(NULL, &b->packed_size, READ_SIZE);
	b->out = grow(NULL, &b->out_size, READ_SIZE);
	if (inflateInit2(&b->gzip, 15 + 16) != Z_OK ||
	    inflateInit2(&b->raw, -15) != Z_OK)
		errx(EX_SOFTWARE, "zlib cannot be used");
}

static void
bare_free(struct bare *b)
{
	inflateEnd(&b->gzip);
	inflateEnd(&b->raw);
	free(b->in);
	free(b->packed);
	free(b->out);
}

static void
inflate_whole(struct bare *b, z_stream *z, const unsigned char *s, size_t len)
{
	int rc = Z_BUF_ERROR;

	inflateReset(z);
	z->next_in = (Bytef *)(uintptr_t)s;
	z->avail_in = (uInt)len;
	z->total_out = 0;
	z->avail_out = 0;
	/* Z_FINISH spares zlib its window; no room left is Z_BUF_ERROR. */
	while (rc == Z_BUF_ERROR && z->avail_out == 0) {
		size_t done = z->total_out;

		b->out = grow(b->out, &b->out_size, done + READ_SIZE / 2);
		z->next_out = b->out + done;
		z->avail_out = (uInt)(b->out_size - done);
		rc = inflate(z, Z_FINISH);
	}
	if (rc != Z_STREAM_END)
		b->broken++;
	b->bytes_out += z->total_out;
}

/* Decodes what stands between the marks into b->packed. */
static size_t
decode_base64(struct bare *b, struct span body)
{
	const unsigned char *s = (const unsigned char *)body.s;
	const unsigned char *end = (const unsigned char *)body.end;
	const int8_t *value = b->value;
	unsigned char *out;
	uint32_t bits = 0;
	unsigned held = 0;

	b->packed = grow(b->packed, &b->packed_size, (size_t)(end - s));
	out = b->packed;
	while (s < end) {
		/* Four good characters at once, as long as they last. */
		while (held == 0 && end - s >= 4) {
			int32_t a = value[s[0]], c = value[s[1]];
			int32_t d = value[s[2]], e = value[s[3]];

			if ((a | c | d | e) < 0)
				break;
			bits = (uint32_t)(a << 18 | c << 12 | d << 6 | e);
			*out++ = (unsigned char)(bits >> 16);
			*out++ = (unsigned char)(bits >> 8);
			*out++ = (unsigned char)bits;
			s += 4;
		}
		if (s < end && value[*s] >= 0) {
			bits = bits << 6 | (uint32_t)value[*s];
			held += 6;
			if (held >= 8) {
				held -= 8;
				*out++ = (unsigned char)(bits >> held);
			}
		}
		s++;
	}
	return (size_t)(out - b->packed);
}

static void
take_part(struct bare *b, struct span body, bool base64)
{
	const unsigned char *s = (const unsigned char *)body.s;
	size_t len = (size_t)(body.end - body.s), skip;

	if (base64) {
		len = decode_base64(b, body);
		s = b->packed;
	}
	if (b->stage < STAGE_INFLATE)
		b->bytes_out += len;
	else if (len > 2 && s[0] == 0x1f && s[1] == 0x8b)
		inflate_whole(b, &b->gzip, s, len);
	else if (len > ZIP_HEADER && memcmp(s, "PK\3\4", 4) == 0) {
		skip = ZIP_HEADER + s[26] + 256 * s[27];
		if (skip < len)
			inflate_whole(b, &b->raw, s + skip, len - skip);
	} else if (len > 0 && s[0] == '{')
		b->bytes_out += len;
}

/* The line at s, with s put behind it. */
static struct span
next_line(struct span *rest)
{
	const char *nl = memchr(rest->s, '\n', (size_t)(rest->end - rest->s));
	struct span line = {rest->s, nl != NULL ? nl : rest->end};

	rest->s = nl != NULL ? nl + 1 : rest->end;
	return line;
}

static bool
line_starts(struct span line, const char *text, size_t len)
{
	/* The first letter tells most lines apart without a call. */
	return (size_t)(line.end - line.s) >= len &&
	    (line.s[0] | 0x20) == (text[0] | 0x20) &&
	    strncasecmp(line.s, text, len) == 0;
}

/* Reads a header block up to its empty line.  Finds out the boundary, if the
 * Content-Type has one, and whether the body is in base64. */
static void
scan_header(struct span *rest, struct span *boundary, bool *base64)
{
	bool in_type = false;

	*base64 = false;
	while (rest->s < rest->end) {
		struct span line = next_line(rest);
		const char *p, *q;

		if (line.s == line.end)
			break;
		if (*line.s != ' ' && *line.s != '\t')
			in_type = line_starts(line, "Content-Type:", 13);
		if (in_type && boundary->s == NULL) {
			p = memmem(line.s, (size_t)(line.end - line.s),
			    "boundary=\"", 10);
			if (p == NULL)
				continue;
			p += 10;
			q = memchr(p, '"', (size_t)(line.end - p));
			boundary->s = p;
			boundary->end = q != NULL ? q : line.end;
		} else if (line_starts(line, "Content-Transfer-Encoding:", 26))
			*base64 = memmem(line.s, (size_t)(line.end - line.s),
				      "base64", 6) != NULL;
	}
}

static bool
is_boundary(struct span line, struct span boundary)
{
	size_t len = (size_t)(boundary.end - boundary.s);

	return (size_t)(line.end - line.s) >= len + 2 && line.s[0] == '-' &&
	    line.s[1] == '-' && memcmp(line.s + 2, boundary.s, len) == 0;
}

/* Walks one message. */
static void
scan_mail(struct bare *b, const char *s, size_t len)
{
	struct span rest = {s, s + len}, boundary = {NULL, NULL}, body;
	bool base64, in_part = false;

	b->messages++;
	b->bytes_in += len;
	if (b->stage == STAGE_READ)
		return;
	scan_header(&rest, &boundary, &base64);
	body = rest;
	if (boundary.s == NULL) {
		take_part(b, body, base64);
		return;
	}
	while (rest.s < rest.end) {
		struct span line = next_line(&rest);

		if (!is_boundary(line, boundary))
			continue;
		body.end = line.s;
		if (in_part)
			take_part(b, body, base64);
		if (line.end - line.s >= boundary.end - boundary.s + 4)
			break;
		scan_header(&rest, &boundary, &base64);
		body.s = rest.s;
		in_part = true;
	}
}

static void
read_file(struct bare *b, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	if (fd == -1)
		err(EX_IOERR, "%s", name);
	while ((n = read(fd, b->in + len, b->in_size - len)) > 0) {
		len += (size_t)n;
		if (len < b->in_size)
			break;
		b->in = grow(b->in, &b->in_size, len + 1);
	}
	if (n == -1)
		err(EX_IOERR, "%s", name);
	close(fd);
	scan_mail(b, b->in, len);
}

static void
read_folder(struct bare *b, const char *maildir, const char *folder)
{
	char path[4096];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "%s/%s", maildir, folder);
	d = opendir(path);
	if (d == NULL)
		err(EX_NOINPUT, "%s", path);
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			read_file(b, dirfd(d), e->d_name);
	closedir(d);
}

/* Scans the messages that are whole, and returns where the last begins that
 * may not be. */
static size_t
scan_window(struct bare *b, size_t len, bool at_end)
{
	const char *s = b->in, *end = b->in + len, *from;

	while (s < end) {
		/* A message ends with a blank line, before "From ". */
		from = memmem(s, (size_t)(end - s), "\n\nFrom ", 7);
		if (from == NULL && !at_end)
			break;
		if (from == NULL)
			from = end - 1;
		scan_mail(b, s, (size_t)(from + 1 - s));
		s = from + 2 < end ? from + 2 : end;
	}
	return (size_t)(s - b->in);
}

static void
read_mbox(struct bare *b, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0, used;
	ssize_t n;

	if (fd == -1)
		err(EX_NOINPUT, "%s", path);
	do {
		b->in = grow(b->in, &b->in_size, len + READ_SIZE / 2);
		n = read(fd, b->in + len, b->in_size - len);
		if (n == -1)
			err(EX_IOERR, "%s", path);
		len += (size_t)n;
		used = scan_window(b, len, n == 0);
		memmove(b->in, b->in + used, len - used);
		len -= used;
	} while (n > 0);
	close(fd);
}

static double
cpu_seconds(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) +
	    (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6;
}

static void
usage(void)
{
	fputs(
	    "usage: bare [-s read|decode|inflate] MAILDIR | -m MBOX\n", stderr);
	exit(EX_USAGE);
}

static enum stage
parse_stage(const char *s)
{
	static const char *const names[] = {"read", "decode", "inflate"};

	for (int i = STAGE_READ; i <= STAGE_INFLATE; i++)
		if (strcmp(s, names[i]) == 0)
			return (enum stage)i;
	usage();
	return STAGE_INFLATE;
}

int
main(int argc, char **argv)
{
	struct bare b = {.stage = STAGE_INFLATE};
	bool mbox = false;
	double cpu;
	int c;

	while ((c = getopt(argc, argv, "ms:")) != -1)
		if (c == 'm')
			mbox = true;
		else if (c == 's')
			b.stage = parse_stage(optarg);
		else
			usage();
	if (optind + 1 != argc)
		usage();
	bare_init(&b);
	cpu = cpu_seconds();
	if (mbox)
		read_mbox(&b, argv[optind]);
	else {
		read_folder(&b, argv[optind], "new");
		read_folder(&b, argv[optind], "cur");
	}
	cpu = cpu_seconds() - cpu;
	printf("messages %llu  bytes-in %llu  bytes-out %llu  "
	       "broken %llu  cpu-us-a-mail %.2f\n",
	    (unsigned long long)b.messages, (unsigned long long)b.bytes_in,
	    (unsigned long long)b.bytes_out, (unsigned long long)b.broken,
	    b.messages > 0 ? cpu * 1e6 / (double)b.messages : 0.0);
	bare_free(&b);
	return 0;
}
