/* SPDX-License-Identifier: ISC */

/*
 * genmail: writes a mailbox of TLS reports to measure with.  The reports are
 * spread over days, domains and reporters, and the mails arrive in the order
 * of time, as they do at a hosting provider's.  The same options give the
 * same bytes, up to the version of zlib; each mail depends on the seed and
 * its number only.
 */

#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "genshape.h"

#define DAY 86400

/* 2025-01-01: the first day that is reported on. */
#define FIRST_DAY (INT64_C(20089) * DAY)

/* A day's mails arrive from half past midnight on, over 23 hours. */
#define ARRIVE_FROM 1800
#define ARRIVE_OVER (23 * 3600)

/* The last tenth of the mails has not been looked at yet. */
#define NEW_SHARE 10

struct plan {
	uint64_t count;
	uint64_t huge;
	uint64_t seed;
	uint64_t days;
	uint64_t domains;
	uint64_t reporters;
	const char *mbox;
	const char *maildir;
};

/* Where the mails go: exactly one of them is open. */
struct sink {
	FILE *mbox;
	int new_dir;
	int cur_dir;
};

static void
usage(void)
{
	fputs("usage: genmail -n COUNT [-s SEED] [-d DAYS] [-D DOMAINS] "
	      "[-R REPORTERS]\n"
	      "               [--huge N] -m MBOX | -M MAILDIR\n",
	    stderr);
	exit(EX_USAGE);
}

static uint64_t
number(const char *s, uint64_t max)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(s, &end, 10);
	if (*s < '0' || *s > '9' || *end != '\0' || errno != 0 || n > max)
		errx(EX_USAGE, "%s: not a number up to %" PRIu64, s, max);
	return n;
}

static void
read_options(struct plan *p, int argc, char **argv)
{
	const struct {
		const char *name;
		uint64_t *value;
		uint64_t max;
	} numbers[] = {
	    {"-n", &p->count, 1000000000},
	    {"-s", &p->seed, UINT64_MAX},
	    {"-d", &p->days, 10000},
	    {"-D", &p->domains, 1000000},
	    {"-R", &p->reporters, 100000},
	    {"--huge", &p->huge, 100000},
	};
	const size_t n = sizeof(numbers) / sizeof(numbers[0]);

	for (int i = 1; i < argc; i += 2) {
		size_t k = 0;

		if (i + 1 == argc)
			usage();
		while (k < n && strcmp(argv[i], numbers[k].name) != 0)
			k++;
		if (k < n)
			*numbers[k].value = number(argv[i + 1], numbers[k].max);
		else if (strcmp(argv[i], "-m") == 0)
			p->mbox = argv[i + 1];
		else if (strcmp(argv[i], "-M") == 0)
			p->maildir = argv[i + 1];
		else
			usage();
	}
	if (p->days == 0 || p->domains == 0 || p->reporters == 0 ||
	    (p->mbox == NULL) == (p->maildir == NULL))
		usage();
}

static void
make_dir(const char *path)
{
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		err(EX_CANTCREAT, "%s", path);
}

static int
open_folder(const char *maildir, const char *name)
{
	char path[4096];
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", maildir, name) >=
	    sizeof(path))
		errx(EX_CANTCREAT, "%s: too long a name", maildir);
	make_dir(path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		err(EX_CANTCREAT, "%s", path);
	return fd;
}

static struct sink
sink_open(const struct plan *p)
{
	struct sink s = {.new_dir = -1, .cur_dir = -1};

	if (p->mbox != NULL) {
		s.mbox = fopen(p->mbox, "w");
		if (s.mbox == NULL)
			err(EX_CANTCREAT, "%s", p->mbox);
		return s;
	}
	make_dir(p->maildir);
	s.new_dir = open_folder(p->maildir, "new");
	s.cur_dir = open_folder(p->maildir, "cur");
	close(open_folder(p->maildir, "tmp"));
	return s;
}

static void
sink_close(struct sink *s)
{
	if (s->mbox == NULL) {
		close(s->new_dir);
		close(s->cur_dir);
	} else if (fclose(s->mbox) == EOF)
		err(EX_IOERR, "closing the mbox");
}

/* Puts a mail into a folder under a name that sorts by time. */
static void
write_file(
    struct sink *s, const struct facts *f, const struct buf *mail, bool seen)
{
	char name[128];
	int fd;

	snprintf(name, sizeof(name),
	    "%" PRId64 ".M%06" PRIu64 "P4711.mx.example.net,S=%zu%s",
	    f->arrival, f->serial % 1000000, mail->len, seen ? ":2,S" : "");
	fd = openat(seen ? s->cur_dir : s->new_dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1 || write(fd, mail->data, mail->len) != (ssize_t)mail->len)
		err(EX_IOERR, "%s", name);
	if (close(fd) == -1)
		err(EX_IOERR, "%s", name);
}

/* No line of ours begins with "From ", so that none needs a ">". */
static void
write_mbox(struct sink *s, const struct facts *f, const struct buf *mail)
{
	struct buf from = {.cap = 512};

	put(&from, "From ");
	mail_sender(&from, f);
	put(&from, " ");
	put_ctime(&from, f->arrival);
	put(&from, "\n");
	fwrite(from.data, 1, from.len, s->mbox);
	fwrite(mail->data, 1, mail->len, s->mbox);
	if (putc('\n', s->mbox) == EOF)
		err(EX_IOERR, "writing the mbox");
	buf_free(&from);
}

static uint64_t
gcd(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Decides when the i-th mail comes and what it is about.  Within a day the
 * pairs of domain and reporter come in steps that are prime to their number,
 * so that each comes once before any comes again. */
static void
plan_mail(const struct plan *p, uint64_t i, struct facts *f)
{
	uint64_t total = p->count > 0 ? p->count : 1;
	uint64_t day = i < p->count ? i * p->days / total : p->days - 1;
	uint64_t first = (day * total + p->days - 1) / p->days;
	uint64_t next = ((day + 1) * total + p->days - 1) / p->days;
	uint64_t pairs = p->domains * p->reporters;
	uint64_t step = pairs * 5 / 8 + 1, nth = i - first, pair;

	while (gcd(step, pairs) != 1)
		step++;
	pair = (nth * step + day) % pairs;
	memset(f, 0, sizeof(*f));
	f->rng.state = p->seed * UINT64_C(0x2545f4914f6cdd1d) + i;
	/* Neighbouring states would give neighbouring streams. */
	f->rng.state = rng_next(&f->rng);
	f->serial = i;
	f->huge = i >= p->count;
	f->domain = (unsigned)(pair / p->reporters);
	f->reporter = (unsigned)(pair % p->reporters);
	f->twin = (unsigned)(nth / pairs);
	f->day = FIRST_DAY + (int64_t)day * DAY;
	f->arrival = f->day + DAY + ARRIVE_FROM;
	if (f->huge)
		f->arrival += ARRIVE_OVER;
	else
		f->arrival += (int64_t)(nth * ARRIVE_OVER / (next - first));
	f->shape = f->huge ? SHAPE_GOOGLE : f->reporter % SHAPE_COUNT;
}

/* Most reports come gzipped; the rest in equal parts as in genpack.h. */
static enum carriage
draw_carriage(struct facts *f)
{
	unsigned n = rng_below(&f->rng, 100);

	return n < 88 || f->huge ? CARRY_GZIP : (enum carriage)(1 + n % 4);
}

static void
generate(const struct plan *p, struct sink *s, struct packer *packer)
{
	struct buf json = {.cap = (size_t)1 << 30};
	struct buf mail = {.cap = (size_t)1 << 30};
	uint64_t total = p->count + p->huge;
	struct facts f;

	for (uint64_t i = 0; i < total; i++) {
		enum carriage how;

		plan_mail(p, i, &f);
		facts_name(&f);
		how = draw_carriage(&f);
		f.pretty = how == CARRY_8BIT;
		json.len = mail.len = 0;
		report_write(&json, &f);
		mail_write(&mail, &f, packer, how, &json);
		if (s->mbox != NULL)
			write_mbox(s, &f, &mail);
		else
			write_file(s, &f, &mail, i < total - total / NEW_SHARE);
	}
	buf_free(&json);
	buf_free(&mail);
}

int
main(int argc, char **argv)
{
	struct plan p = {
	    .seed = 1, .days = 100, .domains = 100, .reporters = 10};
	struct sink s;
	struct packer *packer;

	read_options(&p, argc, argv);
	s = sink_open(&p);
	packer = packer_new();
	generate(&p, &s, packer);
	packer_free(packer);
	sink_close(&s);
	return 0;
}
