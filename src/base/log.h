/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_LOG_H
#define TLSTALLY_BASE_LOG_H

/*
 * What is said on standard error, one line a call, behind the program's
 * name.  Every control, bidi or undecodable character in the text is shown
 * as <U+XXXX> or <XX>: a log line may quote a stranger.
 */
enum log_level {
	LOG_LEVEL_QUIET = -1, /* errors only */
	LOG_LEVEL_NORMAL = 0,
	LOG_LEVEL_VERBOSE = 1
};

void log_set_level(enum log_level level);
enum log_level log_level(void);

/* Something failed; never silenced. */
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Something that the user should know; silenced by -q. */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What a curious user wants to see; only with -v. */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A line of progress on a terminal, overwritten by the next; "" clears it.
 * Does nothing where standard error is no terminal, or with -q. */
void log_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
