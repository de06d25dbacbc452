#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# docs/LENIENCIES names every deviation that the program knows, and no other,
# and every fixture that it names is there.
set -u
top=${srcdir:-.}
known=$(grep -oE 'X\([A-Z0-9_]+,[[:space:]]*"[a-z0-9-]+"' \
	<(tr '\n' ' ' <"$top/src/report/deviation.h" | tr -d '\\') |
	sed 's/.*"\(.*\)"/\1/' | sort)
listed=$(sed -n 's/^  *\([a-z0-9-]*\)$/\1/p' "$top/docs/LENIENCIES" |
	sort)
echo 1..4
if [ "$(wc -l <<<"$known")" -gt 20 ]; then
	echo "ok 1 - the deviations are found in the source"
else
	echo "not ok 1 - the deviations are found in the source"
fi
if [ "$known" = "$listed" ]; then
	echo "ok 2 - docs/LENIENCIES lists them all"
else
	echo "not ok 2 - docs/LENIENCIES lists them all"
	diff <(echo "$known") <(echo "$listed") | sed 's/^/# /'
fi

bare=$(awk '/^  [a-z0-9-]+$/ { if (name) print name; name = $1 }
	/^    fixture: / { name = "" }
	END { if (name) print name }' "$top/docs/LENIENCIES")
if [ -z "$bare" ]; then
	echo "ok 3 - each of them names a fixture"
else
	echo "not ok 3 - each of them names a fixture"
	sed 's/^/# /' <<<"$bare"
fi
missing=$(sed -n 's/^ *fixture: //p' "$top/docs/LENIENCIES" |
	while read -r file; do
		[ -f "$top/$file" ] || echo "$file"
	done)
if [ -z "$missing" ]; then
	echo "ok 4 - every fixture is there"
else
	echo "not ok 4 - every fixture is there"
	sed 's/^/# /' <<<"$missing"
fi
