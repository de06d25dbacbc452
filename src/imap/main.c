/* SPDX-License-Identifier: ISC */

/*
 * Not written yet.
 */

#include "config.h"

#include "proc/imap_wire.h"

int
main(void)
{
	return 0;
}
