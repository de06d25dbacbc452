#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What our MIME reader finds in generated mails, beside what Python's finds.
# DIFFER_MAILS is their number and DIFFER_SEED their seed; to try many:
#	DIFFER_MAILS=50000 DIFFER_SEED=7 make check TESTS=tests/differ/differ.sh
set -u
dir=$(dirname "$0")
command -v python3 >/dev/null || {
	echo "1..0 # SKIP python3 is not installed"
	echo "SKIPPED: ${0##*/}: python3 is not installed" >&2
	exit 0
}
PYTHONDONTWRITEBYTECODE=1 python3 "$dir/differ.py" \
	"${TESTHELPERS:-tests}/differ/attachments" "${DIFFER_SEED:-1}" \
	"${DIFFER_MAILS:-1000}"
