#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Time is linear: ten times an attack takes at most 15 times as long.
# "make check-hostile" measures larger ones.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
hostile=$top/tests/hostile
export PYTHONDONTWRITEBYTECODE=1

python3 "$hostile/linear.py" "$builddir/tests/hostile/cost" >results
is "every attack on the decoder was measured" \
	"$(grep -cE '^(not )?ok' results)" \
	"$(python3 "$hostile/attacks.py" | wc -l)"
is "all are linear" "$(grep -A2 '^not ok' results)" ""
python3 "$hostile/linear_store.py" "$TLSTALLY" >results
is "the store was measured too" "$(head -n 1 results)" \
	"1..$(grep -cE '^(not )?ok' results)"
is "so is all beyond it" "$(grep -A3 '^not ok' results)" ""
done_testing
