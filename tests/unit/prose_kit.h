/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_PROSE_KIT_H
#define TLSTALLY_TESTS_PROSE_KIT_H

/*
 * What must hold of every text that explains something, whatever it says.
 */

/* Fails the test unless the text is plain ASCII, with no space too many. */
void prose_check(const char *text);

/* The same, without and with a full stop at its end. */
void prose_check_words(const char *text);
void prose_check_sentence(const char *text);

/* Words that have no names to fill in but {mx} and {domain}. */
void prose_check_command(const char *command);

#endif
