# SPDX-License-Identifier: ISC

dist_man_MANS += docs/tlstally.1 docs/tlstally.conf.5 \
	docs/tlstally-formats.5

dist_doc_DATA = README NEWS docs/ARCHITECTURE docs/DECISIONS docs/LENIENCIES \
	docs/SECURITY docs/advise.schema.json docs/check.schema.json \
	docs/digest.schema.json
