/* SPDX-License-Identifier: ISC */

/*
 * Finds what a failure reason code means.  The texts of all senders are
 * brought into one form first, words in lower case with single spaces, so
 * that MX_HOSTS_MISMATCH, mx-hosts-mismatch and "MX hosts mismatch" are the
 * same.  Then every word is sought in a sorted table of phrases by their
 * first words: no regular expressions, and time linear in the text.
 */

#include "config.h"

#include <string.h>

#include "base/span.h"
#include "digest/explain.h"
#include "digest/reason.h"
#include "digest/reason_private.h"

/* A word shorter than this, as "to" and "the", makes no text nearer. */
#define NEAR_WORD_MIN 4

static const struct reason_part *const parts[] = {&reason_words_a_to_c,
    &reason_words_d_to_m, &reason_words_n_to_r, &reason_words_s_to_z};

#define NPARTS (sizeof(parts) / sizeof(parts[0]))

static const struct reason *
reason_of(enum reason_id id)
{
	if (id < SESSION_FIRST)
		return &reason_certificate[id - CERT_FIRST];
	if (id < POLICY_FIRST)
		return &reason_session[id - SESSION_FIRST];
	if (id < DNS_FIRST)
		return &reason_policy[id - POLICY_FIRST];
	return &reason_dns[id - DNS_FIRST];
}

const struct reason *
reason_at(size_t i)
{
	return i < REASON_COUNT ? reason_of((enum reason_id)i) : NULL;
}

/* Bytes of UTF-8 belong to words too, though to none that is known, and a
 * point between digits: 4.7.321 is one word, and another than what ends in
 * 10.4.7.321. */
static bool
is_word(const char *text, size_t i)
{
	if (text[i] == '.')
		return i > 0 && i + 1 < REASON_TEXT_MAX &&
		    ascii_is_digit(text[i - 1]) && ascii_is_digit(text[i + 1]);
	return ascii_is_alnum(text[i]) || (unsigned char)text[i] >= 0x80;
}

/* Puts the words of the first REASON_TEXT_MAX bytes of text into out, in the
 * form of the table. */
static struct span
normalise(const char *text, char out[REASON_TEXT_MAX + 1])
{
	size_t i, len = 0;
	bool gap = false;

	for (i = 0; i < REASON_TEXT_MAX && text[i] != '\0'; i++) {
		if (!is_word(text, i)) {
			gap = true;
			continue;
		}
		if (gap && len > 0)
			out[len++] = ' ';
		gap = false;
		out[len++] = ascii_lower(text[i]);
	}
	out[len] = '\0';
	return (struct span){out, len};
}

static size_t
word_length(const char *word)
{
	size_t len = 0;

	while (word[len] != '\0' && word[len] != ' ')
		len++;
	return len;
}

/* Compares the first word of a phrase with a word, by their bytes. */
static int
compare_first_word(const char *phrase, struct span word)
{
	size_t i;

	for (i = 0; i < word.len && phrase[i] == word.p[i]; i++)
		;
	if (i == word.len)
		return phrase[i] != '\0' && phrase[i] != ' ';
	if (phrase[i] == ' ')
		return -1;
	return (unsigned char)phrase[i] < (unsigned char)word.p[i] ? -1 : 1;
}

/* The part of the table for words that begin with c. */
static const struct reason_part *
part_of(char c)
{
	size_t i = NPARTS - 1;

	while (i > 0 && c < parts[i]->words[0].text[0])
		i--;
	return parts[i];
}

/* The first phrase of the part whose first word is not before this one, or
 * with behind, is behind it. */
static size_t
first_phrase(const struct reason_part *part, struct span word, bool behind)
{
	size_t low = 0, high = part->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = compare_first_word(part->words[middle].text, word);

		if (c < 0 || (behind && c == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* True if text begins with the rest of a phrase and a word ends there. */
static bool
match(const char *phrase, const char *text, enum reason_fit fit)
{
	for (; *phrase != '\0'; phrase++, text++)
		if (*phrase != *text &&
		    (*phrase != '#' || !ascii_is_digit(*text)))
			return false;
	return *text == '\0' || (*text == ' ' && fit != FIT_WHOLE);
}

/* The bytes of a phrase; a # is worth nothing. */
static size_t
weigh(const char *phrase)
{
	size_t weight = 0;

	for (; *phrase != '\0'; phrase++)
		weight += *phrase != '#';
	return weight;
}

/* The best so far. */
struct finding {
	const struct reason *reason;
	size_t weight;
};

static void
consider(struct finding *best, const struct reason *r, size_t weight)
{
	if (best->reason != NULL && best->reason->vague != r->vague) {
		if (r->vague)
			return;
	} else if (weight <= best->weight)
		return;
	best->reason = r;
	best->weight = weight;
}

/* Considers all phrases that begin where a word of the text does. */
static void
find_at(struct finding *best, const char *text, bool at_start)
{
	const struct span word = {text, word_length(text)};
	const struct reason_part *part = part_of(*text);
	size_t i = first_phrase(part, word, false);
	const size_t end = first_phrase(part, word, true);

	for (; i < end; i++) {
		const struct reason_words *w = &part->words[i];

		if ((w->fit == FIT_ANYWHERE || at_start) &&
		    match(w->text + word.len, text + word.len, w->fit))
			consider(best, reason_of(w->id), weigh(w->text));
	}
}

const struct reason *
reason_find(const char *text)
{
	char buf[REASON_TEXT_MAX + 1];
	struct finding best = {NULL, 0};
	const char *p;

	if (text == NULL)
		return NULL;
	for (p = normalise(text, buf).p; *p != '\0'; p += *p == ' ') {
		find_at(&best, p, p == buf);
		p += word_length(p);
	}
	return best.reason;
}

/* ---- what goes with a reason ---- */

const char *
reason_command(const struct reason *r, enum result_type type)
{
	return strcmp(result_type_category(type), "mta-sts") == 0
	    ? explain(type)->command
	    : r->command;
}

bool
reason_goes_with(const struct reason *r, enum result_type type)
{
	size_t i;

	for (i = 0; r->types[i] != RESULT_OTHER; i++)
		if (r->types[i] == type)
			return true;
	return false;
}

/* ---- what is near to a text that is not known ---- */

/* True if the text has the word, or one that begins as it does. */
static bool
has_word(const char *text, struct span word)
{
	for (; *text != '\0'; text += *text == ' ') {
		size_t len = word_length(text);
		size_t common = len < word.len ? len : word.len;

		if (common >= NEAR_WORD_MIN &&
		    memcmp(text, word.p, common) == 0)
			return true;
		text += len;
	}
	return false;
}

/* How much of a phrase a text has: the bytes of the words in common. */
static size_t
nearness(const char *text, const char *phrase)
{
	size_t sum = 0;

	for (; *phrase != '\0'; phrase += *phrase == ' ') {
		struct span word = {phrase, word_length(phrase)};

		if (word.len >= NEAR_WORD_MIN && has_word(text, word))
			sum += word.len;
		phrase += word.len;
	}
	return sum;
}

static void
weigh_part(const struct reason_part *part, const char *text,
    size_t weight[REASON_COUNT])
{
	size_t i, w;

	for (i = 0; i < part->n; i++) {
		w = nearness(text, part->words[i].text);
		if (w > weight[part->words[i].id])
			weight[part->words[i].id] = w;
	}
}

static size_t
heaviest(const size_t weight[REASON_COUNT])
{
	size_t i, best = 0;

	for (i = 1; i < REASON_COUNT; i++)
		if (weight[i] > weight[best])
			best = i;
	return best;
}

size_t
reason_near(const char *text, const struct reason **near, size_t max)
{
	size_t weight[REASON_COUNT] = {0};
	char buf[REASON_TEXT_MAX + 1];
	size_t best, i, count;

	normalise(text, buf);
	for (i = 0; i < NPARTS; i++)
		weigh_part(parts[i], buf, weight);
	for (count = 0; count < max; count++) {
		best = heaviest(weight);
		if (weight[best] == 0)
			break;
		near[count] = reason_of((enum reason_id)best);
		weight[best] = 0;
	}
	return count;
}
