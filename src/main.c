/* SPDX-License-Identifier: ISC */

/*
 * tlstally: daily figures from a mailbox of SMTP TLS reports.  What there is
 * to do is in cmd/.
 */

#include "config.h"

#include "cmd/cmd.h"

int
main(int argc, char **argv)
{
	return cmd_main(argc, argv);
}
