/* SPDX-License-Identifier: ISC */

/*
 * cpu: runs a command and writes what it took in one line,
 *
 *	CPU-SECONDS WALL-SECONDS PEAK-KIB
 *
 * user and system time together, of the command and of the processes that it
 * waited for; the peak is that of the largest of these processes.  It stands
 * in for GNU time, which is not installed everywhere.
 */

#include "config.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "start.h"

static double
wall_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void
report(const char *file, double wall, const struct rusage *ru)
{
	FILE *f = file != NULL ? fopen(file, "w") : stderr;

	if (f == NULL)
		err(EX_CANTCREAT, "%s", file);
	fprintf(f, "%.6f %.6f %ld\n",
	    seconds(ru->ru_utime) + seconds(ru->ru_stime), wall, ru->ru_maxrss);
	if (file != NULL && fclose(f) == EOF)
		err(EX_IOERR, "%s", file);
}

int
main(int argc, char **argv)
{
	const char *file = NULL;
	struct rusage ru;
	double wall;
	pid_t pid;
	int status;

	if (argc > 2 && strcmp(argv[1], "-o") == 0) {
		file = argv[2];
		argv += 2;
		argc -= 2;
	}
	if (argc < 2) {
		fputs("usage: cpu [-o FILE] COMMAND [ARGUMENT...]\n", stderr);
		return EX_USAGE;
	}
	wall = wall_seconds();
	pid = start_command(argv + 1);
	while (wait4(pid, &status, 0, &ru) == -1)
		if (errno != EINTR)
			err(EX_OSERR, "wait4");
	report(file, wall_seconds() - wall, &ru);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
