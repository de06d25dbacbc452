/* SPDX-License-Identifier: ISC */

/*
 * The question for a password.  The terminal's own line editing is used, with
 * its echo off and its signals too: the keys that would raise one end the line
 * instead, so that the echo is on again before anything ends, unless we are
 * killed.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "imap/prompt.h"

struct terminal {
	int fd;
	struct termios was;
};

/* A line is not read before it ends, so the keys for signals must end it. */
static void
hush(const struct terminal *t)
{
	struct termios quiet = t->was;

	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	quiet.c_lflag |= ICANON | IEXTEN | ECHONL;
	quiet.c_cc[VEOL] = t->was.c_cc[VINTR];
	quiet.c_cc[VEOL2] = t->was.c_cc[VQUIT];
	tcsetattr(t->fd, TCSAFLUSH, &quiet);
}

/* True for ^C and ^\, or what the user has in their place. */
static bool
is_interrupt(const struct terminal *t, char c)
{
	const cc_t key = (cc_t)c;

	return key != _POSIX_VDISABLE &&
	    (key == t->was.c_cc[VINTR] || key == t->was.c_cc[VQUIT]);
}

static int
read_password(const struct terminal *t, char *text, size_t max, size_t *len,
    struct err *err)
{
	ssize_t got;

	*len = 0;
	while (*len < max) {
		got = read(t->fd, text + *len, 1);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return err_errno(err, "the terminal");
		if (got == 0 || is_interrupt(t, text[*len])) {
			dprintf(t->fd, "\n");
			return err_set(
			    err, ERR_REFUSED, "no password was given");
		}
		if (text[*len] == '\n')
			return 0;
		++*len;
	}
	return err_set(err, ERR_REFUSED, "the password is too long");
}

int
prompt_read(char *text, size_t max, const struct account *a, size_t *len,
    struct err *err)
{
	struct terminal t = {.fd = open("/dev/tty", O_RDWR | O_CLOEXEC)};
	int rc;

	if (t.fd == -1 || tcgetattr(t.fd, &t.was) == -1) {
		if (t.fd != -1)
			close(t.fd);
		return err_set(err, ERR_REFUSED,
		    "no password: there is no terminal to ask at, and neither "
		    "password_command nor password_file is set");
	}
	hush(&t);
	dprintf(t.fd, "Password of %s at %s: ", a->user, a->host);
	rc = read_password(&t, text, max, len, err);
	tcsetattr(t.fd, TCSAFLUSH, &t.was);
	close(t.fd);
	return rc;
}
