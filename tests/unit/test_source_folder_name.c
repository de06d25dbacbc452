/* SPDX-License-Identifier: ISC */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "source/folder_name.h"
#include "source_kit.h"
#include "support.h"

struct name {
	const char *name;
	const char *dir;
};

static const struct name names[] = {
    {"INBOX", "."}, {"inbox", "."}, {"INBOX.x", ".INBOX.x"},
    {"Reports", ".Reports"}, {"Reports/2026", ".Reports.2026"},
    {"Reports.2026", ".Reports.2026"}, {"a/b.c/d", ".a.b.c.d"},
    {"TLS Reports", ".TLS Reports"}, {"R&D", ".R&-D"}, {"&", ".&-"},
    {"~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/"
     "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
	".~peter.mail.&U,BTFw-.&ZeVnLIqe-"}, /* RFC 3501's own example */
    {"Entw\xc3\xbcrfe", ".Entw&APw-rfe"},
    {"\xc3\xa4\xc3\xb6\xc3\xbc", ".&AOQA9gD8-"},
    {"\xc3\xa4&\xc3\xb6", ".&AOQ-&-&APY-"},
    {"\xf0\x9f\x93\xac", ".&2D3c7A-"}, /* a pair of surrogates */
};

Test(source_folder_name, names_become_directories_in_modified_utf_7)
{
	struct err err = {0};
	char *dir;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		dir = folder_name_dir("/nowhere", names[i].name, &err);
		cr_assert_not_null(dir, "%s", err.text);
		cr_assert_str_eq(dir, names[i].dir);
		free(dir);
	}
}

Test(source_folder_name, what_is_there_as_it_was_given_is_taken)
{
	char *root = support_tmpdir(), *dir;
	struct err err = {0};

	kit_mkdir(root, ".Entw\xc3\xbcrfe");
	kit_mkdir(root, ".Entw&APw-rfe");
	kit_mkdir(root, ".R&D");
	kit_put(root, ".A&B", "a file is no folder");
	dir = folder_name_dir(root, "Entw\xc3\xbcrfe", &err);
	cr_assert_str_eq(dir, ".Entw\xc3\xbcrfe");
	free(dir);
	dir = folder_name_dir(root, "Entw&APw-rfe", &err);
	cr_assert_str_eq(dir, ".Entw&APw-rfe");
	free(dir);
	dir = folder_name_dir(root, "R&D", &err);
	cr_assert_str_eq(dir, ".R&D");
	free(dir);
	dir = folder_name_dir(root, "A&B", &err);
	cr_assert_str_eq(dir, ".A&-B");
	free(dir);
	support_remove(root);
}

Test(source_folder_name, the_longest_name_is_255_bytes_with_its_dot)
{
	char *name = support_repeat('x', 255), *dir;
	struct err err = {0};

	cr_assert_null(folder_name_dir("/nowhere", name, &err));
	cr_assert_eq(err.code, ERR_USAGE);
	name[254] = '\0';
	dir = folder_name_dir("/nowhere", name, &err);
	cr_assert_not_null(dir);
	cr_assert_eq(strlen(dir), 255);
	free(dir);
	free(name);
}

static const char *const hostile[] = {"", ".", "..", "...", "/", "//", "../x",
    "x/..", "a/../b", "a/./b", ".x", "x.", "/x", "x/", "a..b", "a//b", "a./b",
    "a\tb", "a\nb", "a\x1b[0m", "a\x7f", "\xff", "a\xc3", "\xc0\xae\xc0\xae",
    "\xed\xa0\x80"};

Test(source_folder_name, names_that_lead_elsewhere_are_refused)
{
	size_t i;

	for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct err err = {0};

		cr_assert_null(
		    folder_name_dir("/", hostile[i], &err), "%s", hostile[i]);
		cr_assert_eq(err.code, ERR_USAGE);
	}
}
