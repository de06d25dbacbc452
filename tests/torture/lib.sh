# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Sourced by the short forms, which make check runs; contrib/torture has the
# long ones.  Each runs one of the programs beside it, with small numbers and
# always the same choices.
. "$(dirname "$0")/../cli/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

export PYTHONDONTWRITEBYTECODE=1 TMPDIR=$scratch
fault=${TESTHELPERS:-$builddir/tests}/torture/fault.so
torture=$top/tests/torture

# few A B: A, or B where the program's start takes ten times as long
few() {
	if grep -q __asan_init "$TLSTALLY"; then
		echo "$2"
	else
		echo "$1"
	fi
}
