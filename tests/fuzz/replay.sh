#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Every fuzz harness over every fixture: none may crash or leak.
set -u
builddir=$(pwd)
n=0
mapfile -t seeds < <(find "$TESTDATA" -type f | sort)
for harness in "$builddir"/tests/fuzz/fuzz_*; do
	case $harness in *.o | *.c) continue ;; esac
	[ -x "$harness" ] || continue
	n=$((n + 1))
	if "$harness" "${seeds[@]}" >&2; then
		echo "ok $n - ${harness##*/} over ${#seeds[@]} fixtures"
	else
		echo "not ok $n - ${harness##*/} over ${#seeds[@]} fixtures"
	fi
done
echo "1..$n"
