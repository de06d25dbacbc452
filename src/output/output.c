/* SPDX-License-Identifier: ISC */

/*
 * The table of outputs, and the one place where an output's end is judged:
 * stdio remembers an error until it is asked.
 */

#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "output/output.h"

static const struct output *const outputs[] = {&output_text, &output_csv,
    &output_json, &output_html, &output_prometheus, &output_mail};

const struct output *
output_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		if (strcmp(outputs[i]->name, name) == 0)
			return outputs[i];
	return NULL;
}

const char *
output_names(void)
{
	return "text, csv, json, html, prometheus, mail";
}

int
output_finish(FILE *out, struct err *err)
{
	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	if (errno == 0)
		return err_set(err, ERR_IO, "an earlier write failed");
	return err_errno(err, "cannot write");
}
