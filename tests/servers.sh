# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Sourced behind cli/lib.sh by tests that start servers of their own: what runs
# in the background, and that it ends with the test.

# The interpreter itself: wrappers are slow, and pass no signal on.
PATH=$(python3 -c 'import os, sys
print(os.path.dirname(sys.executable))'):$PATH

# Unprivileged, and gone when this shell is, even if it is killed.
with_us=(setpriv --pdeathsig TERM)
as_nobody=("${with_us[@]}")
[ "$(id -u)" -ne 0 ] ||
	as_nobody+=(--reuid nobody --regid nogroup --clear-groups)

pids=()
end_servers() {
	local pid
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null
	done
	[ ${#pids[@]} -eq 0 ] || wait "${pids[@]}" 2>/dev/null
	cd / && rm -rf "$scratch"
}
trap end_servers EXIT
trap 'exit 130' HUP INT TERM

# eventually COMMAND...: it succeeds within ten seconds
eventually() {
	local i
	for ((i = 0; i < 200; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	return 1
}
