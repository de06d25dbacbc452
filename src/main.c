/* SPDX-License-Identifier: ISC */

/*
 * tlstally: daily figures from a mailbox of SMTP TLS reports.  What there is
 * to do is in cmd/.
 */

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"

/* Makes sure that 0, 1 and 2 are taken: a store or an output that got the
 * number of a closed one would be read as mail, or have messages written into
 * it.  What takes their place can only be used the wrong way round, so that
 * reading or writing still fails. */
static void
occupy_standard_streams(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)open("/dev/null", modes[fd]);
}

/* A umask that takes rights from the owner too would make directories that
 * we could not use, and a later, better one would not mend them. */
static void
keep_own_rights(void)
{
	umask(umask(0) & ~(mode_t)S_IRWXU);
}

int
main(int argc, char **argv)
{
	occupy_standard_streams();
	keep_own_rights();
	/* A file that may not grow is an error to tell, not a reason to die. */
	signal(SIGXFSZ, SIG_IGN);
	return cmd_main(argc, argv);
}
