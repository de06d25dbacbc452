/* SPDX-License-Identifier: ISC */

/*
 * The promise of --mta is kept by a process that does nothing else: it waits
 * for the one that does the work, and knows of one good end only.  A library
 * that exits, a signal, no memory: all that is any other end.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/mta.h"

#define OPTION "--mta"

/* getopt takes a name cut short, and refuses an argument: both meant this.
 * "--m" is --month for other commands. */
static bool
is_option(const char *word, bool is_ingest)
{
	return strncmp(word, OPTION, sizeof(OPTION) - 1) == 0 ||
	    strcmp(word, "--mt") == 0 ||
	    (is_ingest && strcmp(word, "--m") == 0);
}

bool
mta_is_asked(int argc, char **argv)
{
	bool is_ingest = false;
	int i;

	for (i = 1; i < argc; i++)
		is_ingest = is_ingest || strcmp(argv[i], "ingest") == 0;
	for (i = 1; i < argc; i++)
		if (is_option(argv[i], is_ingest))
			return true;
	return false;
}

/* Waits for the worker; -1 if that cannot be done. */
static int
wait_for(pid_t pid, int *status)
{
	pid_t got;

	do
		got = waitpid(pid, status, 0);
	while (got == -1 && errno == EINTR);
	return got == pid ? 0 : -1;
}

static int
judge(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == MTA_TAKEN)
		return EX_OK;
	if (WIFSIGNALED(status))
		log_error("ended by signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	log_error("the message was not taken: try it again later");
	return EX_TEMPFAIL;
}

int
mta_run(int (*work)(int argc, char **argv), int argc, char **argv)
{
	sigset_t all, old;
	int status = 0;
	pid_t pid;

	/* Who ignores SIGCHLD is not told how a child ended. */
	signal(SIGCHLD, SIG_DFL);
	/* A signal to both ends the worker, and this one tells; a signal to
	 * this one alone must not make it lie. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		exit(work(argc, argv));
	}
	if (pid == -1 || wait_for(pid, &status) == -1) {
		log_error("cannot run: %s", strerror(errno));
		return EX_TEMPFAIL;
	}
	return judge(status);
}
