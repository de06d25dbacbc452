/* SPDX-License-Identifier: ISC */

/*
 * Plays the helper program tlstally-imap from a script, for the tests of the
 * IMAP source.  A line of the script is
 *
 *	< FETCH 1:3,7          a question that must come now
 *	= 120000 1048576       the milliseconds and bytes that it was given
 *	> BYTES text\n         news, or a last word
 *	> MESSAGE 1 0 0 text   one that ends with that text
 *	> FILL 70000           so many bytes, in frames of BYTES
 *	> MANY 7000            UID 1 so often, in frames of up to 1000
 *	> RAW 77 000102        a frame of that kind with those bytes
 *	! exit                 no more of this process
 *
 * TLSTALLY_TEST_SCRIPT names the folder with the file "script"; how many lines
 * were played is kept beside it in "at", so that a second process goes on where
 * the first one ended.  A question that does not fit goes into "odd".
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc/frame.h"
#include "proc/imap_wire.h"

struct player {
	const char *folder;
	FILE *script;
	struct frame *f;
	struct allowance given; /* with the last question */
	size_t at;		/* lines played */
};

static const char *const questions[] = {"", "ACCOUNT", "CONNECT", "FOLDER",
    "AHEAD", "SMALL", "UIDS", "SIZES", "HEADS", "FETCH", "SEEN", "MOVE",
    "DELETE", "QUIT"};

static FILE *
open_beside(const struct player *p, const char *name, const char *mode)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	return fopen(path, mode);
}

static void
save_place(const struct player *p)
{
	FILE *at = open_beside(p, "at", "w");

	if (at == NULL)
		_exit(3);
	fprintf(at, "%zu", p->at);
	fclose(at);
}

/* ---- questions ---- */

static void
add_set(struct frame *f, char *out, size_t size)
{
	static struct uid_set set;
	size_t i, n;

	uid_set_get(f, &set);
	for (i = 0; i < set.n; i++) {
		n = strlen(out);
		if (set.ranges[i].first == set.ranges[i].last)
			snprintf(out + n, size - n, "%s%u", i > 0 ? "," : " ",
			    set.ranges[i].first);
		else
			snprintf(out + n, size - n, "%s%u:%u",
			    i > 0 ? "," : " ", set.ranges[i].first,
			    set.ranges[i].last);
	}
}

/* Writes the question in the frame as a line of a script has it. */
static void
describe(struct frame *f, struct allowance *a, char *out, size_t size)
{
	struct account account;

	snprintf(out, size, "%s",
	    f->kind <= IMAP_ASK_QUIT ? questions[f->kind] : "?");
	if (f->kind == IMAP_ASK_ACCOUNT)
		account_get(f, &account);
	else
		allowance_get(f, a);
	if (f->kind == IMAP_ASK_FOLDER || f->kind == IMAP_ASK_AHEAD) {
		bool writable = frame_get_bool(f);

		snprintf(out, size, "%s %d %s", questions[f->kind], writable,
		    frame_get_string(f));
	}
	if (f->kind >= IMAP_ASK_SIZES && f->kind <= IMAP_ASK_DELETE)
		add_set(f, out, size);
	if (f->kind == IMAP_ASK_MOVE) {
		size_t n = strlen(out);

		snprintf(out + n, size - n, " %s", frame_get_string(f));
	}
	if (!frame_is_whole(f) ||
	    (f->kind != IMAP_ASK_ACCOUNT && (a->ms == 0 || a->bytes == 0)))
		snprintf(out, size, "malformed");
}

/* Ends the play unless the line is what came. */
static void
compare(const struct player *p, const char *line, const char *got)
{
	FILE *odd;

	if (strcmp(got, line) == 0)
		return;
	odd = open_beside(p, "odd", "w");
	if (odd != NULL) {
		fprintf(
		    odd, "line %zu: not \"%s\" but \"%s\"", p->at, line, got);
		fclose(odd);
	}
	_exit(2);
}

static void
expect(struct player *p, const char *line)
{
	static char got[1 << 16];

	if (frame_receive(FRAME_HELPER_FD, p->f, -1, NULL) == 1)
		describe(p->f, &p->given, got, sizeof(got));
	else
		snprintf(got, sizeof(got), "the end");
	compare(p, line, got);
}

static void
expect_given(const struct player *p, const char *line)
{
	char got[64];

	snprintf(got, sizeof(got), "%lu %llu", (unsigned long)p->given.ms,
	    (unsigned long long)p->given.bytes);
	compare(p, line, got);
}

/* ---- answers ---- */

/* Numbers with anything but digits between them, as 32 bits each. */
static void
put_numbers(struct frame *f, const char *s)
{
	char *end;

	for (s += strcspn(s, "0123456789"); *s != '\0';
	     s = end + strcspn(end, "0123456789"))
		frame_put_u32(f, (uint32_t)strtoul(s, &end, 10));
}

static void
say_numbers(struct frame *f, const char *s)
{
	put_numbers(f, s);
}

static void
say_nothing(struct frame *f, const char *s)
{
	(void)f;
	(void)s;
}

static void
say_session(struct frame *f, const char *s)
{
	frame_put_u8(f, s[0] == '1');
	frame_put_u8(f, s[2] == '1');
}

static void
say_folder(struct frame *f, const char *s)
{
	unsigned uidvalidity, messages, writable, uidnext = UINT32_MAX;

	if (sscanf(s, "%u %u %u %u", &uidvalidity, &messages, &writable,
		&uidnext) < 3)
		_exit(4);
	frame_put_u32(f, uidvalidity);
	frame_put_u32(f, messages);
	frame_put_u8(f, (uint8_t)writable);
	frame_put_u32(f, uidnext);
}

static void
say_message(struct frame *f, const char *s)
{
	unsigned uid, bytes;
	int at = 0;

	if (sscanf(s, "%u %u%n", &uid, &bytes, &at) != 2)
		_exit(4);
	frame_put_u32(f, uid);
	frame_put_u32(f, bytes);
	s += at;
	if (*s == ' ')
		frame_put_rest(f, s + 1, strlen(s + 1));
}

/* Some of them, each up to the next '|'. */
static void
say_messages(struct frame *f, const char *s)
{
	unsigned uid, bytes;
	size_t len;
	int at = 0;

	for (;; s += at + 1 + (int)len + 1, at = 0) {
		if (sscanf(s, "%u %u%n", &uid, &bytes, &at) != 2)
			_exit(4);
		len = strcspn(s + at + 1, "|");
		frame_put_u32(f, uid);
		frame_put_u32(f, bytes);
		frame_put_bytes(f, s + at + 1, len);
		if (s[at + 1 + (int)len] == '\0')
			break;
	}
}

static void
say_failed(struct frame *f, const char *s)
{
	char *text;

	frame_put_u8(f, (uint8_t)strtoul(s, &text, 10));
	frame_put_string(f, text + 1);
}

static void
say_lost(struct frame *f, const char *s)
{
	char *text;
	bool again = strtoul(s, &text, 10) == 1;

	say_failed(f, text);
	frame_put_u8(f, again);
}

/* Text with \n and \0. */
static void
say_bytes(struct frame *f, const char *s)
{
	for (; *s != '\0'; s++) {
		char c = *s;

		if (c == '\\' && s[1] != '\0')
			c = *++s == 'n' ? '\n' : '\0';
		frame_put_u8(f, (uint8_t)c);
	}
}

static void
say_raw(struct frame *f, const char *s)
{
	unsigned byte;
	char *hex;

	f->kind = (uint8_t)strtoul(s, &hex, 10);
	for (hex += *hex == ' '; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		frame_put_u8(f, (uint8_t)byte);
}

static const struct saying {
	const char *name;
	uint8_t kind;
	void (*put)(struct frame *f, const char *s);
} sayings[] = {
    {"DONE", IMAP_SAY_DONE, say_nothing},
    {"FAILED", IMAP_SAY_FAILED, say_failed},
    {"LOST", IMAP_SAY_LOST, say_lost},
    {"SESSION", IMAP_SAY_SESSION, say_session},
    {"FOLDER", IMAP_SAY_FOLDER, say_folder},
    {"UIDS", IMAP_SAY_UIDS, say_numbers},
    {"SIZES", IMAP_SAY_SIZES, say_numbers},
    {"BYTES", IMAP_SAY_BYTES, say_bytes},
    {"MESSAGE", IMAP_SAY_MESSAGE, say_message},
    {"MESSAGES", IMAP_SAY_MESSAGES, say_messages},
    {"RAW", 0, say_raw},
};

static void
fill(size_t n)
{
	static const char x[1000] = "From the machine room: nothing to say.";
	size_t len;

	for (; n > 0; n -= len) {
		len = n < sizeof(x) ? n : sizeof(x);
		frame_send_rest(FRAME_HELPER_FD, IMAP_SAY_BYTES, x, len, NULL);
	}
}

static void
say_many(struct frame *f, size_t n)
{
	size_t i;

	for (; n > 0; n -= i) {
		frame_begin(f, IMAP_SAY_UIDS);
		for (i = 0; i < n && i < 1000; i++)
			frame_put_u32(f, 1);
		frame_send(FRAME_HELPER_FD, f, NULL);
	}
}

static void
say(struct player *p, const char *line)
{
	size_t i, len = strcspn(line, " ");
	const char *rest = line + len + (line[len] == ' ');

	if (strncmp(line, "FILL ", 5) == 0) {
		fill(strtoul(rest, NULL, 10));
		return;
	}
	if (strncmp(line, "MANY ", 5) == 0) {
		say_many(p->f, strtoul(rest, NULL, 10));
		return;
	}
	for (i = 0; i < sizeof(sayings) / sizeof(sayings[0]); i++) {
		if (strncmp(sayings[i].name, line, len) != 0 ||
		    sayings[i].name[len] != '\0')
			continue;
		frame_begin(p->f, sayings[i].kind);
		sayings[i].put(p->f, rest);
		frame_send(FRAME_HELPER_FD, p->f, NULL);
		return;
	}
	_exit(5);
}

static void
play(struct player *p, const char *line)
{
	p->at++;
	if (line[0] == '<')
		expect(p, line + 2);
	if (line[0] == '=')
		expect_given(p, line + 2);
	save_place(p);
	if (line[0] == '>')
		say(p, line + 2);
	if (strcmp(line, "! exit") == 0)
		_exit(0);
}

int
main(void)
{
	static char line[1 << 16];
	struct player p = {.folder = getenv("TLSTALLY_TEST_SCRIPT")};
	size_t played = 0, i;
	FILE *at;

	p.f = calloc(1, sizeof(*p.f));
	if (p.folder == NULL || p.f == NULL ||
	    (p.script = open_beside(&p, "script", "r")) == NULL)
		return 3;
	at = open_beside(&p, "at", "r");
	if (at != NULL) {
		if (fscanf(at, "%zu", &played) != 1)
			played = 0;
		fclose(at);
	}
	for (i = 0; fgets(line, sizeof(line), p.script) != NULL; i++) {
		line[strcspn(line, "\n")] = '\0';
		if (i < played)
			p.at++;
		else
			play(&p, line);
	}
	/* Nothing more may be asked; the end of the other side is awaited. */
	if (frame_receive(FRAME_HELPER_FD, p.f, -1, NULL) == 1)
		expect(&p, "nothing");
	fclose(p.script);
	free(p.f);
	return 0;
}
