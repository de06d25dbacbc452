/* SPDX-License-Identifier: ISC */

/*
 * The question for a password.  The terminal's own line editing is used, with
 * its echo off and its signals too: an interrupt is read as a byte, so that
 * the echo is on again before anything ends, unless we are killed.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "imap/prompt.h"

/* What ^C and ^D and ^\ come as when they raise no signal. */
#define INTERRUPT_KEYS "\x03\x04\x1c"

static int
read_password(int tty, char *text, size_t max, size_t *len, struct err *err)
{
	ssize_t got;

	*len = 0;
	while (*len < max) {
		got = read(tty, text + *len, 1);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return err_errno(err, "the terminal");
		if (got == 0 || memchr(INTERRUPT_KEYS, text[*len], 3) != NULL)
			return err_set(
			    err, ERR_REFUSED, "no password was given");
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
	struct termios was, quiet;
	int rc, tty;

	tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (tty == -1 || tcgetattr(tty, &was) == -1) {
		if (tty != -1)
			close(tty);
		return err_set(err, ERR_REFUSED,
		    "no password: there is no terminal to ask at, and neither "
		    "password_command nor password_file is set");
	}
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	quiet.c_lflag |= ECHONL;
	tcsetattr(tty, TCSAFLUSH, &quiet);
	dprintf(tty, "Password of %s at %s: ", a->user, a->host);
	rc = read_password(tty, text, max, len, err);
	tcsetattr(tty, TCSAFLUSH, &was);
	close(tty);
	return rc;
}
