/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_PRIVILEGES_H
#define TLSTALLY_PROC_PRIVILEGES_H

/* What every confined process gives up first, for good: what root may, a core
 * dump, being looked into by others of its user, and gaining rights by
 * starting programs.  Returns 0, or -1 with errno. */
int privileges_drop(void);

#endif
