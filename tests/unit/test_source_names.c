/* SPDX-License-Identifier: ISC */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/limits.h"
#include "source/names.h"
#include "source_kit.h"
#include "support.h"

static struct names
list_bits(const char *dir, unsigned bits)
{
	struct names l = {0};
	struct err err = {0};
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	cr_assert_neq(fd, -1);
	cr_assert_eq(names_read(&l, fd, bits, &err), 0, "%s", err.text);
	close(fd);
	names_sort(&l);
	return l;
}

static void
expect_file(const struct names *l, size_t i, const char *file)
{
	char out[NAMES_FILE_SIZE];

	cr_assert_lt(i, l->n);
	names_file(l->keys[i], out);
	cr_assert_str_eq(out, file);
}

Test(source_names, an_empty_directory_has_none)
{
	char *dir = support_tmpdir();
	struct names l = list_bits(dir, NAME_SPLIT);

	cr_assert_eq(l.n, 0);
	cr_assert_eq(names_find(&l, "a"), 0);
	names_free(&l);
	support_remove(dir);
}

/* Reads a directory of so many files into a list that has others already. */
static int
read_behind(size_t others, size_t files, struct err *err)
{
	char *dir = support_tmpdir();
	struct names l = {.n = others};
	char name[2] = "a";
	int fd, rc;

	for (; files > 0; files--, name[0]++)
		support_write(dir, name, SPAN(""));
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	rc = names_read(&l, fd, 0, err);
	close(fd);
	names_free(&l);
	support_remove(dir);
	return rc;
}

Test(source_names, entries_are_bound)
{
	struct err err = {0};

	cr_assert_eq(read_behind(ENTRIES_MAX - 2, 2, &err), 0);
	cr_assert_eq(read_behind(ENTRIES_MAX - 2, 3, &err), -1);
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_not_null(strstr(err.text, "20000000 entries"));
}

Test(source_names, keys_end_at_the_first_colon_and_names_come_back_whole)
{
	static const char *const files[] = {
	    "1.a:2,S", "2.b:2,:x", "3.c", ":2,S", "5.e:", "6\n.f:2,FR"};
	static const char *const keys[] = {
	    "1.a", "2.b", "3.c", "5.e", "6\n.f", ":2,S"};
	static const size_t order[] = {0, 1, 2, 4, 5, 3};
	char *dir = support_tmpdir();
	struct names l;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		kit_put(dir, files[i], "");
	l = list_bits(dir, NAME_SPLIT);
	/* ':' comes behind the digits. */
	cr_assert_eq(l.n, 6);
	for (i = 0; i < l.n; i++) {
		cr_assert_str_eq(l.keys[i], keys[i]);
		expect_file(&l, i, files[order[i]]);
		cr_assert_eq(names_find(&l, l.keys[i]), i);
	}
	cr_assert_eq(names_find(&l, "2"), 1);
	cr_assert_eq(names_find(&l, "~"), 6);
	names_free(&l);
	support_remove(dir);
}

Test(source_names, without_split_a_colon_is_a_letter)
{
	char *dir = support_tmpdir();
	struct names l;

	kit_put(dir, "a:2,S", "");
	kit_put(dir, "a", "");
	l = list_bits(dir, 0);
	cr_assert_eq(l.n, 2);
	cr_assert_str_eq(l.keys[0], "a");
	cr_assert_str_eq(l.keys[1], "a:2,S");
	names_free(&l);
	support_remove(dir);
}

Test(source_names, a_key_that_continues_another_does_not_come_between_twins)
{
	char *dir = support_tmpdir();
	struct names l;

	kit_put(dir, "a:2,S", "");
	kit_put(dir, "a-b", "");
	kit_put(dir, "a", "");
	kit_put(dir, "a0", "");
	l = list_bits(dir, NAME_SPLIT);
	cr_assert_eq(l.n, 3);
	cr_assert_str_eq(l.keys[0], "a");
	cr_assert_str_eq(l.keys[1], "a-b");
	cr_assert_str_eq(l.keys[2], "a0");
	names_free(&l);
	support_remove(dir);
}

Test(source_names, dots_pipes_and_directories_are_not_listed)
{
	char *dir = support_tmpdir();
	struct names l;

	kit_put(dir, ".hidden", "");
	kit_mkdir(dir, "sub");
	cr_assert_eq(mkfifo(kit_path(dir, "pipe"), 0600), 0);
	cr_assert_eq(symlink("nowhere", kit_path(dir, "link")), 0);
	l = list_bits(dir, NAME_SPLIT);
	cr_assert_eq(l.n, 1);
	cr_assert_str_eq(l.keys[0], "link");
	cr_assert_eq(names_bits(l.keys[0]), NAME_CHECK);
	names_free(&l);
	l = list_bits(dir, NAME_DIRS | NAME_CUR);
	cr_assert_eq(l.n, 2);
	cr_assert_str_eq(l.keys[1], "sub");
	cr_assert_eq(names_bits(l.keys[1]), NAME_DIRS | NAME_CUR);
	names_free(&l);
	support_remove(dir);
}

Test(source_names, the_longest_name_fits)
{
	char *dir = support_tmpdir();
	char *name = support_repeat('n', 255);
	struct names l;

	name[200] = ':';
	kit_put(dir, name, "");
	l = list_bits(dir, NAME_SPLIT);
	expect_file(&l, 0, name);
	cr_assert_eq(strlen(l.keys[0]), 200);
	names_free(&l);
	free(name);
	support_remove(dir);
}

Test(source_names, five_thousand_names_are_sorted_and_found)
{
	char *dir = support_tmpdir(), name[64];
	struct names l;
	size_t i;

	/* 7 has no factor with 5000: every number comes, out of order. */
	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "%04zu.host:2,S", i * 7 % 5000);
		kit_put(dir, name, "");
	}
	l = list_bits(dir, NAME_SPLIT);
	cr_assert_eq(l.n, 5000);
	for (i = 0; i < l.n; i++) {
		snprintf(name, sizeof(name), "%04zu.host", i);
		cr_assert_str_eq(l.keys[i], name);
		cr_assert_eq(names_find(&l, name), i);
	}
	names_free(&l);
	support_remove(dir);
}
