/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_CONF_PRIVATE_H
#define TLSTALLY_CMD_CONF_PRIVATE_H

#include <stdbool.h>

#include <confuse.h>

#include "base/arena.h"
#include "cmd/conf.h"

/* What the files of the configuration share; only they know libConfuse. */

/* ---- conf.c ---- */

/* True without control characters, which would reach a server, a command or a
 * terminal. */
bool conf_is_clean(const char *text);

/* Validates a string, or the last of a list, to be clean. */
int conf_valid_text(cfg_t *cfg, cfg_opt_t *opt);

/* A path of the user's, with a leading "~" made his home. */
const char *conf_take_path(struct arena *a, const char *path);

/* The strings of a list. */
const char **conf_take_list(
    struct arena *a, cfg_t *cfg, const char *name, size_t *n);

/* ---- conf_source.c ---- */

/* The table of a source { } section. */
cfg_opt_t *conf_source_options(void);

/* Sets the functions that validate its settings, and each section. */
void conf_source_validate(cfg_t *cfg);

/* Takes all sections, which were validated, and completes in cfg what has no
 * fixed default. */
void conf_source_take(struct conf *c, cfg_t *cfg, struct arena *a);

/* For cfg_print: not 0 for what says nothing about a source of its type. */
int conf_source_is_hidden(cfg_t *cfg, cfg_opt_t *opt);

/* ---- conf_scope.c ---- */

/* The tables of domain { }, group { }, reporter { } and ignore { }. */
cfg_opt_t *conf_scope_domain_options(void);
cfg_opt_t *conf_scope_group_options(void);
cfg_opt_t *conf_scope_reporter_options(void);
cfg_opt_t *conf_scope_ignore_options(void);

/* Sets the functions that validate their settings, and each section. */
void conf_scope_validate(cfg_t *cfg);

/* Takes all sections, which were validated each by itself, and digest
 * { domains } of c. */
void conf_scope_take(struct conf *c, cfg_t *cfg, struct arena *a);

/* ---- conf_scope_check.c ---- */

/* What takes all sections to judge: thresholds that contradict each other,
 * and domains that a section before takes away.  Returns 0, or -1 with
 * ERR_CONFIG. */
int conf_scope_check(const struct scope *s, cfg_t *cfg, struct err *err);

/* For cfg_print: not 0 for what is not set, and so follows from elsewhere. */
int conf_scope_is_hidden(cfg_t *cfg, cfg_opt_t *opt);

/* Writes the thresholds that hold where nothing is set, as comments. */
void conf_scope_write_defaults(FILE *out);

#endif
