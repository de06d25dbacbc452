/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_STRINGS_H
#define TLSTALLY_BASE_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Lists of strings, compared to the letter.
 */

/* For qsort(3) and bsearch(3) of strings. */
int strings_compare(const void *a, const void *b);

/* True if s is one of the n of the list. */
bool strings_have(const char *const *list, size_t n, const char *s);

/* Sorts, and drops what is there twice.  Returns how many are left. */
size_t strings_sort(const char **list, size_t n);

#endif
