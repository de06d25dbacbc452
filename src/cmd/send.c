/* SPDX-License-Identifier: ISC */

/*
 * Mail leaves through sendmail(8), which every mail server has and which
 * queues what it cannot deliver at once.  The message is whole in a file
 * before the program starts: half of one can never be sent.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/address.h"
#include "base/die.h"
#include "cmd/send.h"

#define SENDMAIL "/usr/sbin/sendmail"

extern char **environ;

/* What stands before the addresses. */
#define FIXED_ARGUMENTS 3

/* Makes the arguments; *list holds the texts of the addresses. */
static char **
make_arguments(const char *program, const char *to, char **list)
{
	struct span rest, address;
	char **argv;
	size_t n = 0;

	*list = xstrdup(to);
	rest = span_of(*list);
	while (address_next(&rest, &address))
		n++;
	argv = xcalloc(FIXED_ARGUMENTS + n + 1, sizeof(*argv));
	argv[0] = xstrdup(program);
	argv[1] = xstrdup("-i");
	argv[2] = xstrdup("--");
	rest = span_of(*list);
	for (n = FIXED_ARGUMENTS; address_next(&rest, &address);)
		if (address.len > 0) {
			argv[n] = *list + (address.p - *list);
			argv[n++][address.len] = '\0';
		}
	return argv;
}

static void
free_arguments(char **argv, char *list)
{
	size_t i;

	for (i = 0; i < FIXED_ARGUMENTS; i++)
		free(argv[i]);
	free(argv);
	free(list);
}

/* Starts the program with the file as its standard input, and with the
 * signals that we may ignore as they are by default.  Returns 0 or an errno. */
static int
start(pid_t *pid, const char *program, char **argv, int fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int rc;

	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	if (posix_spawn_file_actions_init(&actions) != 0)
		die("no memory to start a program");
	if (posix_spawnattr_init(&attributes) != 0)
		die("no memory to start a program");
	rc = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(&attributes, &defaults);
	if (rc == 0)
		rc = posix_spawnattr_setflags(
		    &attributes, POSIX_SPAWN_SETSIGDEF);
	if (rc == 0)
		rc = posix_spawn(
		    pid, program, &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static int
judge(const char *program, int status, struct err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == EX_OK)
		return 0;
	if (!WIFEXITED(status))
		return err_set(err, ERR_TEMPORARY,
		    "%s: killed by signal %d: the mail was not sent", program,
		    WTERMSIG(status));
	return err_set(err,
	    WEXITSTATUS(status) == EX_TEMPFAIL ? ERR_TEMPORARY : ERR_IO,
	    "%s: exit status %d: the mail was not sent", program,
	    WEXITSTATUS(status));
}

int
send_message(FILE *message, const char *to, struct err *err)
{
	const char *program = getenv("SENDMAIL");
	char **argv, *list;
	int rc, status;
	pid_t pid, got;

	if (program == NULL || program[0] == '\0')
		program = SENDMAIL;
	if (fflush(message) == EOF || lseek(fileno(message), 0, SEEK_SET) == -1)
		return err_errno(err, "the mail");
	argv = make_arguments(program, to, &list);
	rc = start(&pid, program, argv, fileno(message));
	free_arguments(argv, list);
	if (rc != 0) {
		errno = rc;
		err_errno(err, "%s", program);
		if (err->code != ERR_TEMPORARY)
			err->code = ERR_IO;
		return -1;
	}
	while ((got = waitpid(pid, &status, 0)) == -1 && errno == EINTR)
		;
	if (got == -1)
		return err_errno(err, "%s: how it ended is not known", program);
	return judge(program, status, err);
}
