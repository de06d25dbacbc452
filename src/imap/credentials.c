/* SPDX-License-Identifier: ISC */

/*
 * Passwords and tokens.  They never stand in a configuration or on a command
 * line: a command says them, a file of the user's own holds them, or the user
 * types them.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "imap/credentials.h"
#include "imap/prompt.h"

/* How often it is looked whether a command has ended. */
#define WAIT_MS 5

/* Text that is read up to its first line's end. */
struct line {
	char *text; /* of SECRET_BYTES_MAX and a NUL */
	size_t len;
	bool ended; /* there is more, which does not matter */
};

bool
credentials_are_token(const struct account *a)
{
	return a->auth == IMAP_AUTH_XOAUTH2 || a->token_command[0] != '\0';
}

void
credentials_free(char *secret)
{
	if (secret == NULL)
		return;
	explicit_bzero(secret, strlen(secret));
	free(secret);
}

/* Adds what a read gave, whose room is behind len. */
static void
take(struct line *line, size_t got)
{
	char *end = memchr(line->text + line->len, '\n', got);

	line->len += got;
	if (end != NULL) {
		line->len = (size_t)(end - line->text);
		line->ended = true;
	}
}

/* Makes the line a secret, or wipes it: what says it is named by whose. */
static int
make_secret(
    char **secret, struct line *line, const char *whose, struct err *err)
{
	size_t i;

	if (line->len > 0 && line->text[line->len - 1] == '\r')
		line->len--;
	if (line->len == 0) {
		err_set(
		    err, ERR_REFUSED, "%s gave no password or token", whose);
		goto fail;
	}
	for (i = 0; i < line->len; i++)
		if ((unsigned char)line->text[i] < ' ' ||
		    line->text[i] == 0x7f) {
			err_set(err, ERR_REFUSED,
			    "%s gave a password or token with a control "
			    "character",
			    whose);
			goto fail;
		}
	explicit_bzero(line->text + line->len, SECRET_BYTES_MAX - line->len);
	*secret = line->text;
	return 0;
fail:
	explicit_bzero(line->text, SECRET_BYTES_MAX);
	free(line->text);
	return -1;
}

/* In the child: becomes the shell that runs the command. */
_Noreturn static void
run_command(const char *command, int out)
{
	static const int usual[] = {SIGPIPE, SIGINT, SIGALRM};
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		signal(usual[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Not a group of its own: it may want to ask at the terminal. */
	if (dup2(out, STDOUT_FILENO) == -1)
		_exit(EX_OSERR);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(EX_UNAVAILABLE);
}

/* Reads a line from fd until deadline.  Returns 0 or -1. */
static int
read_line(struct line *line, int fd, int64_t deadline, struct err *err)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t left;
	ssize_t got;

	while (!line->ended) {
		left = deadline - clock_ms();
		if (left <= 0)
			return err_set(err, ERR_TEMPORARY,
			    "it took longer than %d seconds",
			    SECRET_COMMAND_MS / 1000);
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		got = read(
		    fd, line->text + line->len, SECRET_BYTES_MAX - line->len);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return err_errno(err, "its output");
		if (got == 0)
			return line->len < SECRET_BYTES_MAX
			    ? 0
			    : err_set(err, ERR_REFUSED,
				  "more than %zu bytes in its first line",
				  SECRET_BYTES_MAX);
		take(line, (size_t)got);
	}
	return 0;
}

/* Waits for the command, which may go on for a while behind its first line,
 * and reads what else it says, so that it can; one that does not end by the
 * deadline is killed. */
static int
wait_command(pid_t pid, int fd, int64_t deadline, struct err *err)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char rest[4096];
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_ms() > deadline) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return err_set(
			    err, ERR_TEMPORARY, "it did not end in time");
		}
		if (poll(&p, 1, WAIT_MS) == 1 &&
		    read(fd, rest, sizeof(rest)) <= 0)
			p.fd = -1; /* poll only waits, from now on */
	}
	/* Password managers keep more than the password in an entry. */
	explicit_bzero(rest, sizeof(rest));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		return err_set(err, ERR_TEMPORARY, "it was ended by signal %d",
		    WTERMSIG(status));
	return err_set(err,
	    WEXITSTATUS(status) == EX_TEMPFAIL ? ERR_TEMPORARY : ERR_REFUSED,
	    "it ended with status %d", WEXITSTATUS(status));
}

static int
ask_command(
    char **secret, const char *setting, const char *command, struct err *err)
{
	const int64_t deadline = clock_ms() + SECRET_COMMAND_MS;
	struct line line = {.text = xcalloc(1, SECRET_BYTES_MAX + 1)};
	struct err later;
	int fds[2] = {-1, -1}, rc;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) == -1 || (pid = fork()) == -1) {
		err_errno(err, "%s", setting);
		if (fds[0] != -1) {
			close(fds[0]);
			close(fds[1]);
		}
		free(line.text);
		return -1;
	}
	if (pid == 0)
		run_command(command, fds[1]);
	close(fds[1]);
	rc = read_line(&line, fds[0], deadline, err);
	if (rc == -1)
		kill(pid, SIGKILL);
	if (wait_command(pid, fds[0], deadline, rc == 0 ? err : &later) == -1)
		rc = -1;
	close(fds[0]);
	if (rc == 0)
		return make_secret(secret, &line, setting, err);
	explicit_bzero(line.text, SECRET_BYTES_MAX);
	free(line.text);
	return err_prefix(err, "%s", setting);
}

static int
check_file(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return err_errno(err, "password_file %s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG,
		    "password_file %s: not a regular file", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return err_set(err, ERR_CONFIG,
		    "password_file %s: it belongs to another user", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_set(err, ERR_CONFIG,
		    "password_file %s: others can read it (chmod 600)", path);
	if (file_check_place(path, err) == 0)
		return 0;
	err->code = ERR_CONFIG;
	return err_prefix(err, "password_file %s", path);
}

static int
read_file(char **secret, const char *path, struct err *err)
{
	struct line line;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd == -1) {
		err_errno(err, "password_file %s", path);
		err->code = ERR_CONFIG;
		return -1;
	}
	if (check_file(fd, path, err) == -1) {
		close(fd);
		return -1;
	}
	line = (struct line){.text = xcalloc(1, SECRET_BYTES_MAX + 1)};
	if (read_line(&line, fd, clock_ms() + SECRET_COMMAND_MS, err) == -1) {
		explicit_bzero(line.text, SECRET_BYTES_MAX);
		free(line.text);
		close(fd);
		return err_prefix(err, "password_file %s", path);
	}
	close(fd);
	return make_secret(secret, &line, "password_file", err);
}

int
credentials_get(char **secret, const struct account *a, struct err *err)
{
	struct line line;

	*secret = NULL;
	if (a->token_command[0] != '\0')
		return ask_command(
		    secret, "token_command", a->token_command, err);
	if (a->password_command[0] != '\0')
		return ask_command(
		    secret, "password_command", a->password_command, err);
	if (a->password_file[0] != '\0')
		return read_file(secret, a->password_file, err);
	line = (struct line){.text = xcalloc(1, SECRET_BYTES_MAX + 1)};
	if (prompt_read(line.text, SECRET_BYTES_MAX, a, &line.len, err) == 0)
		return make_secret(secret, &line, "the terminal", err);
	explicit_bzero(line.text, SECRET_BYTES_MAX);
	free(line.text);
	return -1;
}
