/* SPDX-License-Identifier: ISC */

/*
 * The promise of --mta: whatever becomes of the work, 0 or 75.
 */

#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "base/log.h"
#include "cmd/mta.h"

TestSuite(mta, .timeout = 20);

static bool
asked(const char *a, const char *b)
{
	char first[32], second[32], name[] = "tlstally";
	char *argv[] = {name, first, second, NULL};

	strncpy(first, a, sizeof(first) - 1);
	strncpy(second, b, sizeof(second) - 1);
	first[31] = second[31] = '\0';
	return mta_is_asked(3, argv);
}

Test(mta, it_is_asked_for_wherever_it_stands_and_however_it_is_spelled)
{
	cr_assert(asked("ingest", "--mta"));
	cr_assert(asked("--mta", "ingest"));
	cr_assert(asked("ingest", "--mt"));
	cr_assert(asked("ingest", "--m"));
	cr_assert(asked("--m", "ingest"));
	cr_assert(asked("ingest", "--mta=yes"));
	cr_assert(asked("nonsense", "--mta"));
}

Test(mta, nothing_else_is_taken_for_it)
{
	cr_assert(!asked("ingest", "-"));
	cr_assert(!asked("ingest", "--"));
	cr_assert(!asked("ingest", "-m"));
	cr_assert(!asked("ingest", "--metal"));
	cr_assert(!asked("ingest", "mta"));
	cr_assert(!asked("digest", "--m"));
	cr_assert(!asked("", ""));
}

/* How a worker may end; argv[0][0] says which. */
static int
work(int argc, char **argv)
{
	(void)argc;
	log_set_level(LOG_LEVEL_QUIET);
	switch (argv[0][0]) {
	case 't':
		return MTA_TAKEN;
	case 'e':
		exit(0);
	case 'd':
		die("as a test");
	case 'm':
		xreallocarray(NULL, (size_t)-1, 2);
		break;
	case 'k':
		raise(SIGKILL);
		break;
	case 'a':
		signal(SIGABRT, SIG_DFL);
		abort();
	default:
		break;
	}
	return argv[0][0] - '0';
}

static int
ran(const char *how)
{
	char name[2] = {how[0], '\0'};
	char *argv[] = {name, NULL};

	return mta_run(work, 1, argv);
}

Test(mta, a_message_that_was_taken_is_0)
{
	cr_assert_eq(ran("t"), EX_OK);
}

Test(mta, every_other_end_is_75)
{
	static const char *const ends[] = {
	    "0", "1", "2", "e", "d", "m", "k", "a"};
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		cr_assert_eq(ran(ends[i]), EX_TEMPFAIL, "%s", ends[i]);
}

Test(mta, who_ignores_his_children_learns_of_this_one)
{
	signal(SIGCHLD, SIG_IGN);
	cr_assert_eq(ran("t"), EX_OK);
	signal(SIGCHLD, SIG_IGN);
	cr_assert_eq(ran("0"), EX_TEMPFAIL);
}
