/* SPDX-License-Identifier: ISC */

/*
 * The end of the program, and allocation that ends it.
 */

#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/die.h"

Test(die, a_broken_invariant_is_70, .exit_code = 70)
{
	die("%s", "this is a test");
}

Test(die, an_impossible_product_is_75, .exit_code = 75)
{
	xreallocarray(NULL, SIZE_MAX / 2, 3);
}

/* What a child of ours had inherited in stdio's buffers is its parent's. */
Test(die, nothing_that_was_buffered_is_written)
{
	char text[1024];
	int out[2], err[2], status;
	ssize_t n;

	cr_assert(pipe(out) == 0 && pipe(err) == 0);
	if (fork() == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		printf("half a table");
		die("place %d: broken", 3);
	}
	close(out[1]);
	close(err[1]);
	wait(&status);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 70);
	cr_assert_eq(read(out[0], text, sizeof(text)), 0);
	n = read(err[0], text, sizeof(text) - 1);
	cr_assert_gt(n, 0);
	text[n] = '\0';
	cr_assert_str_eq(text, "tlstally: internal error: place 3: broken\n");
	close(out[0]);
	close(err[0]);
}

Test(die, allocations_of_nothing_are_something)
{
	char *p = xmalloc(0);

	cr_assert_not_null(p);
	p = xreallocarray(p, 0, 8);
	cr_assert_not_null(p);
	p = xreallocarray(p, 8, 0);
	cr_assert_not_null(p);
	free(p);
	p = xcalloc(0, 8);
	cr_assert_not_null(p);
	free(p);
}

Test(die, allocations_grow_and_are_cleared)
{
	size_t i;
	int *p = xcalloc(100, sizeof(*p));
	char *s = xstrdup("abc");

	for (i = 0; i < 100; i++)
		cr_assert_eq(p[i], 0);
	p = xreallocarray(p, 1000, sizeof(*p));
	cr_assert_eq(p[99], 0);
	cr_assert_str_eq(s, "abc");
	free(s);
	free(p);
}
