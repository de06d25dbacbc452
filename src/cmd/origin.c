/* SPDX-License-Identifier: ISC */

/*
 * From an argument of ingest to a source.  A section's name goes first, so
 * that a configuration can give any name another meaning.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "cmd/origin.h"

bool
origin_is_url(const struct conf *c, const char *arg)
{
	return conf_source(c, arg) == NULL && imap_url_is(arg);
}

static void
use_section(struct origin *o, const struct source_section *section)
{
	o->source.path = section->path;
	o->source.folders = section->folders;
	o->source.nfolders = section->nfolders;
	o->source.dispose = section->dispose;
	o->source.dispose_folder = section->dispose_folder;
	o->authserv_id = section->authserv_id;
	o->is_section = true;
	if (section->imap == NULL)
		return;
	o->imap = *section->imap;
	o->source.imap = &o->imap;
	o->label = section->name;
}

/* Without either of the two the user is asked at his terminal. */
static void
use_credentials(struct account *account, const struct origin_options *options)
{
	const char *command = getenv(PASSWORD_COMMAND_VARIABLE);

	if (options->password_file != NULL)
		account->password_file = options->password_file;
	else if (command != NULL)
		account->password_command = command;
}

static int
use_url(struct origin *o, const struct origin_options *options, struct err *err)
{
	o->imap = imap_config_default();
	if (imap_url_parse(&o->imap, &o->folder, o->source.path, options->arena,
		err) == -1)
		return -1;
	use_credentials(&o->imap.account, options);
	o->source.imap = &o->imap;
	o->source.folders = &o->folder;
	o->source.nfolders = 1;
	return imap_config_check(&o->imap, err);
}

/* As the configuration does: what is moved to a folder that is read would come
 * back as another message. */
static int
check_target(const struct origin *o, struct err *err)
{
	const char *folder = o->source.dispose_folder;
	size_t i;

	if (o->source.imap == NULL || o->source.dispose != DISPOSE_MOVE)
		return 0;
	for (i = 0; i < o->source.nfolders; i++)
		if (strcmp(o->source.folders[i], folder) == 0 ||
		    (span_is(span_of(folder), "INBOX") &&
			span_is(span_of(o->source.folders[i]), "INBOX")))
			return err_set(err, ERR_USAGE,
			    "mail cannot be moved to %s, as that is read",
			    folder);
	return 0;
}

/* Nothing is touched, and so no folder is opened to be written. */
static void
touch_nothing(struct origin *o)
{
	o->source.dispose = DISPOSE_KEEP;
	o->imap.rejects_folder = "";
}

int
origin_find(struct origin *o, const char *arg, const struct conf *c,
    const struct origin_options *options, struct err *err)
{
	const struct source_section *section = conf_source(c, arg);

	*o = (struct origin){.source = {.path = arg, .dispose_folder = ""},
	    .label = arg,
	    .authserv_id = ""};
	if (section != NULL)
		use_section(o, section);
	else if (imap_url_is(arg) && use_url(o, options, err) == -1)
		return -1;
	if (options->when_done != NULL)
		conf_parse_disposal(options->when_done, &o->source.dispose,
		    &o->source.dispose_folder, NULL);
	if (check_target(o, err) == -1)
		return -1;
	if (options->dry_run)
		touch_nothing(o);
	o->is_pipe = o->source.imap == NULL && strcmp(o->source.path, "-") == 0;
	return 0;
}
