/* SPDX-License-Identifier: ISC */

/*
 * memory: runs a command and writes, in KiB, the most memory that it and all
 * processes below it had at once: the sum of their proportional set sizes
 * (Pss of proc(5)), where what several share counts once.  It looks every few
 * milliseconds, so that what is there for less may be missed.
 */

#include "config.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "start.h"

#define LOOK_NS 3000000

/* More processes than any run has. */
#define PROCESSES 256

/* The proportional set size of a process, in KiB; 0 if it is gone. */
static long
pss(pid_t pid)
{
	char path[64], line[128];
	long kib = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup", (long)pid);
	f = fopen(path, "r");
	if (f == NULL) {
		if (errno == EACCES)
			errx(EX_NOPERM, "%s: only root may look", path);
		return 0;
	}
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "Pss: %ld kB", &kib) == 1)
			break;
	fclose(f);
	return kib;
}

/* Appends the children of a process to the list. */
static void
add_children(pid_t pid, pid_t list[PROCESSES], size_t *n)
{
	char path[64];
	long child;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)pid,
	    (long)pid);
	f = fopen(path, "r");
	if (f == NULL)
		return;
	while (*n < PROCESSES && fscanf(f, "%ld", &child) == 1)
		list[(*n)++] = (pid_t)child;
	fclose(f);
}

static long
pss_of_all(pid_t root)
{
	pid_t list[PROCESSES] = {root};
	size_t n = 1, i;
	long sum = 0;

	for (i = 0; i < n; i++) {
		sum += pss(list[i]);
		add_children(list[i], list, &n);
	}
	return sum;
}

int
main(int argc, char **argv)
{
	const struct timespec nap = {.tv_nsec = LOOK_NS};
	long most = 0, now;
	FILE *out;
	pid_t pid;
	int status;

	if (argc < 3)
		errx(EX_USAGE, "usage: memory FILE COMMAND [ARGUMENT...]");
	pid = start_command(argv + 2);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		now = pss_of_all(pid);
		if (now > most)
			most = now;
		nanosleep(&nap, NULL);
	}
	out = fopen(argv[1], "w");
	if (out == NULL || fprintf(out, "%ld\n", most) < 0 || fclose(out) != 0)
		err(EX_CANTCREAT, "%s", argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
}
