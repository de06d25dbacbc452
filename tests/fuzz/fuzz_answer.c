/* SPDX-License-Identifier: ISC */

/*
 * A helper program in the hands of another: the bytes are the frames that it
 * sends while an account is read, each a kind, two bytes of length, and what
 * is in it.  Whatever it says, a message is given once, under a key that it
 * may have, within its bounds, and the walk comes to an end.
 */

#include "config.h"

#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "fuzz.h"
#include "proc/frame.h"
#include "proc/helper.h"
#include "source/imap.h"
#include "source/source.h"

/* Small enough to be exceeded. */
#define MESSAGE_BYTES 200

/* Frames of one input; the questions that nobody hears fit a socket. */
#define FRAMES_MAX 40

#define KEY_MAX 64

/* What the helper still has to say. */
static struct span script;

/* ---- in the place of proc/helper.c and a pause ---- */

static void
say(int fd, uint8_t kind, const void *p, size_t len)
{
	unsigned char bytes[1 + 0xffff];

	bytes[0] = kind;
	if (len > 0)
		memcpy(bytes + 1, p, len);
	if (send(fd, bytes, 1 + len, MSG_DONTWAIT) == -1)
		check(errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE);
}

/* Says the next frames of the script, until it leaves. */
static void
say_script(int fd)
{
	size_t n, len;

	for (n = 0; n < FRAMES_MAX && script.len >= 3; n++) {
		uint8_t kind = (uint8_t)script.p[0];

		len = (unsigned char)script.p[1] |
		    (size_t)(unsigned char)script.p[2] << 8;
		script.p += 3;
		script.len -= 3;
		if (len > script.len)
			len = script.len;
		/* No kind: here it ends, and the next one goes on. */
		if (kind == 0)
			break;
		say(fd, kind, script.p, len);
		script.p += len;
		script.len -= len;
	}
}

/* Where the helper's end of the socket is, which must stay open. */
static int helper_end_fd = -1;

int
helper_start(struct helper *h, const char *name, struct err *err)
{
	static const uint8_t abilities[] = {1, 1};
	int fds[2];

	(void)name;
	if (script.len < 3)
		return err_set(err, ERR_UNAVAILABLE, "it has ended");
	check(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) == 0);
	h->fd = fds[0];
	h->pid = getpid();
	helper_end_fd = fds[1];
	say(fds[1], IMAP_SAY_DONE, NULL, 0);
	say(fds[1], IMAP_SAY_SESSION, abilities, sizeof(abilities));
	say(fds[1], IMAP_SAY_DONE, NULL, 0);
	say_script(fds[1]);
	shutdown(fds[1], SHUT_WR);
	return 0;
}

void
helper_end(struct helper *h, int grace_ms)
{
	(void)grace_ms;
	if (h->pid == 0)
		return;
	close(h->fd);
	close(helper_end_fd);
	h->fd = helper_end_fd = -1;
	h->pid = 0;
}

int
nanosleep(const struct timespec *t, struct timespec *left)
{
	(void)t;
	(void)left;
	return 0;
}

/* ---- the walk ---- */

/* What was given so far. */
struct given {
	char keys[FRAMES_MAX * 8][KEY_MAX];
	size_t n;
	size_t bytes;
};

/* As the store: what was given is known from then on. */
static bool
is_known(void *arg, const char *key)
{
	const struct given *given = arg;
	size_t i;

	for (i = 0; i < given->n; i++)
		if (strcmp(given->keys[i], key) == 0)
			return true;
	return false;
}

static bool
is_new(void *arg)
{
	const struct given *given = arg;

	return given->n == 0;
}

static bool
is_candidate(void *arg, const char *head, size_t len)
{
	(void)arg;
	return memchr(head, 'T', len) != NULL;
}

static void
check_message(const struct message *m, struct given *given)
{
	unsigned long validity, uid;
	char folder[16], rest[2];

	check(sscanf(m->key, "%10[^/]/%lu/%lu%1s", folder, &validity, &uid,
		  rest) == 3);
	check(strcmp(folder, "INBOX") == 0 || strcmp(folder, "Reports") == 0);
	check(validity > 0 && validity <= UINT32_MAX && uid <= UINT32_MAX);
	check(uid > 0);
	check(strncmp(m->locator, "imaps://", 8) == 0);
	check(m->received > 0 && m->received <= (int64_t)DAY_MAX * DAY_SECONDS);
	check(m->len <= MESSAGE_BYTES && (m->len == 0 || m->bytes != NULL));
	check(m->len == 0 || (!m->oversize && !m->foreign));
	given->bytes += m->len;
	check(!is_known(given, m->key));
	if (given->n < sizeof(given->keys) / sizeof(given->keys[0]))
		snprintf(given->keys[given->n++], KEY_MAX, "%s", m->key);
}

/* Reads all there is; every message is then put aside or marked. */
static void
walk(struct source *s, struct given *given)
{
	struct source_progress progress;
	struct message m;
	struct err err;
	bool fatal = false;
	int rc;

	while ((rc = source_next(s, &m, &fatal, &err)) != 0 && !fatal) {
		if (rc == -1) {
			check(err.code != ERR_NONE && err.text[0] != '\0');
			check(is_utf8(err.text, strlen(err.text)));
			continue;
		}
		check_message(&m, given);
		if (m.len % 2 == 0)
			source_finish(s, m.key, &err);
		else
			source_set_aside(s, m.key, &err);
		if (given->n % 3 == 0)
			source_sync(s, &err);
		progress = source_progress(s);
		check(progress.done >= given->n);
	}
	source_sync(s, &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const folders[] = {"INBOX", "Reports"};
	static struct given given;
	struct limits limits = LIMITS_DEFAULT;
	struct imap_config imap = imap_config_default();
	struct source_config config = {.imap = &imap,
	    .folders = folders,
	    .nfolders = 2,
	    .dispose = DISPOSE_SEEN,
	    .dispose_folder = "",
	    .limits = &limits,
	    .is_known = is_known,
	    .is_new = is_new,
	    .is_candidate = is_candidate,
	    .arg = &given};
	struct source *s;
	struct err err;

	limits.message_bytes = limits.header_bytes = MESSAGE_BYTES;
	imap.account.host = "mail.example.org";
	imap.account.user = "user";
	imap.rejects_folder = "Rejects";
	script = (struct span){(const char *)data, size};
	given.n = given.bytes = 0;
	if (source_open(&s, &config, &err) == -1)
		return 0;
	walk(s, &given);
	check(given.bytes <= size);
	source_close(s);
	return 0;
}
