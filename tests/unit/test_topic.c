/* SPDX-License-Identifier: ISC */

/* The topics: each is whole, and found by its names. */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "digest/topic.h"
#include "prose_kit.h"
#include "report/vocabulary.h"

Test(topic, every_topic_is_whole_and_found_by_its_names)
{
	const struct topic_part *part;
	const struct topic *t;
	size_t i, j;

	for (i = 0; (t = topic_at(i)) != NULL; i++) {
		prose_check_words(t->name);
		prose_check_words(t->summary);
		prose_check_sentence(t->meaning);
		cr_assert_eq(strncmp(t->law, "RFC ", 4), 0);
		cr_assert_eq(topic_find(t->name), t);
		if (t->also != NULL)
			cr_assert_eq(topic_find(t->also), t);
		for (part = t->parts; part->title != NULL; part++) {
			prose_check_words(part->title);
			for (j = 0; part->points[j] != NULL; j++)
				cr_assert_gt(strlen(part->points[j]), 20);
			cr_assert_gt(j, 0, "%s", part->title);
		}
		cr_assert_gt(part - t->parts, 0, "%s", t->name);
	}
	cr_assert_geq(i, 8);
	cr_assert_null(topic_at((size_t)-1));
}

Test(topic, the_policy_types_and_modes_are_topics)
{
	int i;

	for (i = POLICY_STS; i <= POLICY_NONE; i++)
		cr_assert_not_null(
		    topic_find(policy_type_name((enum policy_type)i)));
	for (i = MODE_ENFORCE; i <= MODE_NONE; i++)
		cr_assert_not_null(
		    topic_find(policy_mode_name((enum policy_mode)i)));
	cr_assert_not_null(topic_find("STS"));
	cr_assert_null(topic_find(""));
	cr_assert_null(topic_find("st"));
	cr_assert_null(topic_find("stss"));
}
