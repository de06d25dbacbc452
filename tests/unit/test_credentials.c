/* SPDX-License-Identifier: ISC */

/*
 * Passwords and tokens: where they come from, and what is refused.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "imap/credentials.h"
#include "support.h"

static const struct account nobody = {.host = "mail.example.com",
    .port = 993,
    .user = "reports",
    .password_command = "",
    .password_file = "",
    .token_command = "",
    .ca_file = "",
    .fingerprint = "",
    .timeout_ms = 1000};

/* Asks a command; returns the error's code, with its text in *text. */
static enum err_code
ask(const char *command, char **secret, char text[ERR_TEXT_MAX])
{
	struct account a = nobody;
	struct err err = {0};

	a.password_command = command;
	text[0] = '\0';
	if (credentials_get(secret, &a, &err) == 0)
		return ERR_NONE;
	cr_assert_null(*secret);
	memcpy(text, err.text, sizeof(err.text));
	return err.code;
}

Test(credentials, the_first_line_of_a_command_is_the_password)
{
	static const struct {
		const char *command;
		const char *password;
	} cases[] = {
	    {"echo secret", "secret"},
	    {"printf secret", "secret"},
	    {"printf 'secret\\r\\nsecond\\n'", "secret"},
	    {"printf 'a \"b\" \\\\ c'", "a \"b\" \\ c"},
	    {"printf ' space '", " space "},
	    {"echo '\xc3\xa9'", "\xc3\xa9"},
	    {"echo one; head -c 100000 /dev/zero", "one"},
	};
	char text[ERR_TEXT_MAX], *secret;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert_eq(ask(cases[i].command, &secret, text), ERR_NONE,
		    "%s: %s", cases[i].command, text);
		cr_assert_str_eq(secret, cases[i].password);
		credentials_free(secret);
	}
}

Test(credentials, a_command_that_says_nothing_usable_is_refused)
{
	static const struct {
		const char *command;
		enum err_code code;
		const char *text;
	} cases[] = {
	    {"true", ERR_REFUSED, "password_command gave no password or token"},
	    {"echo", ERR_REFUSED, "password_command gave no password or token"},
	    {"printf 'a\\tb'", ERR_REFUSED, "control character"},
	    {"printf 'a\\0b'", ERR_REFUSED, "control character"},
	    {"echo secret; exit 3", ERR_REFUSED, "it ended with status 3"},
	    {"echo secret; exit 75", ERR_TEMPORARY, "it ended with status 75"},
	    {"kill -KILL $$", ERR_TEMPORARY, "it was ended by signal 9"},
	    {"/no/such/program 2>&-", ERR_REFUSED, "it ended with status 127"},
	};
	char text[ERR_TEXT_MAX], *secret;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert_eq(ask(cases[i].command, &secret, text),
		    cases[i].code, "%s: %s", cases[i].command, text);
		cr_assert_not_null(strstr(text, cases[i].text), "%s", text);
		cr_assert_null(strstr(text, "secret"));
	}
}

Test(credentials, a_password_has_a_bound)
{
	char command[100], text[ERR_TEXT_MAX], *secret;

	snprintf(
	    command, sizeof(command), "printf %%0%zud 0", SECRET_BYTES_MAX - 1);
	cr_assert_eq(ask(command, &secret, text), ERR_NONE, "%s", text);
	cr_assert_eq(strlen(secret), SECRET_BYTES_MAX - 1);
	credentials_free(secret);
	snprintf(
	    command, sizeof(command), "printf %%0%zud 0", SECRET_BYTES_MAX);
	cr_assert_eq(ask(command, &secret, text), ERR_REFUSED);
	cr_assert_not_null(strstr(text, "more than"), "%s", text);
}

/* Writes a password file of that mode and reads it. */
static enum err_code
read_file(const char *path, mode_t mode, char **secret)
{
	struct account a = nobody;
	struct err err = {0};
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f);
	fputs("secret\n", f);
	fclose(f);
	chmod(path, mode);
	a.password_file = path;
	if (credentials_get(secret, &a, &err) == 0)
		return ERR_NONE;
	cr_assert_null(strstr(err.text, "secret"), "%s", err.text);
	return err.code;
}

Test(credentials, a_password_file_is_its_owners_alone)
{
	static const mode_t bad[] = {0640, 0604, 0620, 0602, 0610, 0644};
	char *dir = support_tmpdir(), path[4096], *secret;
	size_t i;

	snprintf(path, sizeof(path), "%s/key", dir);
	cr_assert_eq(read_file(path, 0600, &secret), ERR_NONE);
	cr_assert_str_eq(secret, "secret");
	credentials_free(secret);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(read_file(path, bad[i], &secret), ERR_CONFIG);
	support_remove(dir);
}

Test(credentials, a_password_file_must_be_a_file)
{
	struct account a = nobody;
	struct err err = {0};
	char *secret;

	a.password_file = "/no/such/file";
	cr_assert_eq(credentials_get(&secret, &a, &err), -1);
	cr_assert_eq(err.code, ERR_CONFIG);
	a.password_file = "/dev/null";
	cr_assert_eq(credentials_get(&secret, &a, &err), -1);
	cr_assert_not_null(strstr(err.text, "not a regular file"));
}

Test(credentials, a_token_goes_before_a_password)
{
	struct account a = nobody;
	struct err err = {0};
	char *secret;

	cr_assert(!credentials_are_token(&a));
	a.token_command = "echo token";
	a.password_command = "echo password";
	cr_assert(credentials_are_token(&a));
	cr_assert_eq(credentials_get(&secret, &a, &err), 0);
	cr_assert_str_eq(secret, "token");
	credentials_free(secret);
}

Test(credentials, without_a_terminal_nobody_is_asked)
{
	struct err err = {0};
	char *secret;

	setsid();
	cr_assert_eq(credentials_get(&secret, &nobody, &err), -1);
	cr_assert_eq(err.code, ERR_REFUSED);
	cr_assert_not_null(strstr(err.text, "no terminal"), "%s", err.text);
}
