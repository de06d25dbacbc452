/* SPDX-License-Identifier: ISC */

/*
 * Lines on standard error: what they may hold, and which are said at all.
 */

#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/log.h"
#include "support.h"

static char said[65536];
static int saved = -1;
static int from = -1;

/* Puts fd where standard error was; reader is its other end. */
static void
capture(int fd, int reader)
{
	saved = dup(STDERR_FILENO);
	cr_assert_neq(saved, -1);
	cr_assert_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	close(fd);
	from = reader;
	cr_assert_eq(fcntl(from, F_SETFL, O_NONBLOCK), 0);
}

static void
capture_pipe(void)
{
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	capture(fds[1], fds[0]);
}

static void
capture_terminal(void)
{
	struct termios raw;
	int master, slave;

	master = posix_openpt(O_RDWR | O_NOCTTY);
	cr_assert_neq(master, -1);
	cr_assert(grantpt(master) == 0 && unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	cr_assert_neq(slave, -1);
	cr_assert_eq(tcgetattr(slave, &raw), 0);
	cfmakeraw(&raw);
	cr_assert_eq(tcsetattr(slave, TCSANOW, &raw), 0);
	capture(slave, master);
}

/* Returns what was said since the last time. */
static const char *
heard(void)
{
	ssize_t n = read(from, said, sizeof(said) - 1);

	said[n > 0 ? n : 0] = '\0';
	return said;
}

static void
tear_down(void)
{
	if (saved != -1) {
		dup2(saved, STDERR_FILENO);
		close(saved);
		close(from);
	}
	log_set_level(LOG_LEVEL_NORMAL);
}

TestSuite(log, .fini = tear_down);

Test(log, a_line_has_the_name_of_the_program)
{
	capture_pipe();
	log_error("%s: %d", "place", 3);
	cr_assert_str_eq(heard(), "tlstally: place: 3\n");
}

Test(log, each_level_has_its_lines)
{
	static const struct {
		enum log_level level;
		const char *lines;
	} levels[] = {
	    {LOG_LEVEL_QUIET, "tlstally: e\n"},
	    {LOG_LEVEL_NORMAL, "tlstally: e\ntlstally: w\n"},
	    {LOG_LEVEL_VERBOSE, "tlstally: e\ntlstally: w\ntlstally: i\n"},
	};
	size_t i;

	capture_pipe();
	cr_assert_eq(log_level(), LOG_LEVEL_NORMAL);
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		log_set_level(levels[i].level);
		cr_assert_eq(log_level(), levels[i].level);
		log_error("e");
		log_warn("w");
		log_info("i");
		cr_assert_str_eq(heard(), levels[i].lines);
	}
}

Test(log, nothing_reaches_the_terminal_that_could_harm_it)
{
	capture_pipe();
	log_error("a\nb\r\x1b[2J\x7f\xc2\x9b"
		  "c");
	cr_assert_str_eq(heard(),
	    "tlstally: a<U+000A>b<U+000D><U+001B>[2J<U+007F><U+009B>c\n");
	log_error("\xe2\x80\xae"
		  "evil \xff\xc3( \xef\xbb\xbf");
	cr_assert_str_eq(
	    heard(), "tlstally: <U+202E>evil <FF><C3>( <U+FEFF>\n");
	log_error("\xf3\xa0\x80\x81");
	cr_assert_str_eq(heard(), "tlstally: <U+E0001>\n");
}

Test(log, what_is_harmless_stays_as_it_is)
{
	capture_pipe();
	log_error("M\xc3\xbcller %s \xf0\x9f\x92\xa3", "100%");
	cr_assert_str_eq(
	    heard(), "tlstally: M\xc3\xbcller 100% \xf0\x9f\x92\xa3\n");
}

Test(log, long_lines_are_cut_and_end)
{
	static const int bytes[] = {'x', 0x01, 0xff};
	char *text;
	size_t i, len;

	capture_pipe();
	for (i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		text = support_repeat((char)bytes[i], 50000);
		log_error("%s", text);
		len = strlen(heard());
		cr_assert_gt(len, 2000);
		cr_assert_lt(len, 10000);
		cr_assert_eq(said[len - 1], '\n');
		cr_assert_eq(strchr(said, '\n'), said + len - 1);
		free(text);
	}
}

Test(log, lines_of_2047_bytes_are_whole)
{
	size_t len;
	char *text;

	capture_pipe();
	for (len = 2046; len <= 2049; len++) {
		text = support_repeat('x', len);
		log_error("%s", text);
		cr_expect_eq(strlen(heard()),
		    strlen("tlstally: \n") + (len < 2047 ? len : 2047));
		free(text);
	}
}

Test(log, a_cut_leaves_whole_characters)
{
	char *text = support_repeat('x', 2046);

	capture_pipe();
	log_error("%s\xc3\xa4", text);
	cr_assert_null(strchr(heard(), '<'));
	free(text);
}

Test(log, no_progress_where_there_is_no_terminal)
{
	capture_pipe();
	log_progress("half");
	cr_assert_str_eq(heard(), "");
}

Test(log, progress_is_overwritten_and_cleared)
{
	capture_terminal();
	log_progress("%d of %d", 1, 2);
	cr_assert_str_eq(heard(), "\r\033[K1 of 2");
	log_error("x");
	cr_assert_str_eq(heard(), "\r\033[Ktlstally: x\n");
	log_error("y");
	cr_assert_str_eq(heard(), "tlstally: y\n");
	log_progress("%s", "2 of 2");
	heard();
	log_progress("%s", "");
	cr_assert_str_eq(heard(), "\r\033[K");
	log_error("z");
	cr_assert_str_eq(heard(), "tlstally: z\n");
	log_set_level(LOG_LEVEL_QUIET);
	log_progress("3");
	cr_assert_str_eq(heard(), "");
}

Test(log, progress_is_as_harmless_as_any_line)
{
	char *text = support_repeat('x', 5000);

	capture_terminal();
	log_progress("%s", "a\x1b[2J\n");
	cr_assert_str_eq(heard(), "\r\033[Ka<U+001B>[2J<U+000A>");
	log_progress("%s", text);
	cr_assert_eq(strlen(heard()), 4 + 79);
	free(text);
}

Test(log, a_closed_standard_error_is_no_trouble)
{
	capture_pipe();
	close(STDERR_FILENO);
	log_error("nobody hears this");
	log_progress("nor this");
}
