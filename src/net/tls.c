/* SPDX-License-Identifier: ISC */

/*
 * Not written yet.
 */

#include "config.h"

#include "net/tls.h"
