# SPDX-License-Identifier: ISC
#
# What the scripts beside it share: a temporary folder, measuring, telling
# figures.  To be sourced by bash; the script sets $bench, where cpu is.

set -u
export LC_ALL=C

fail() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# find_programs PROGRAM...: that of the build directory, and tlstally.
find_programs() {
	local p

	if [[ -z ${BENCH_DIR:-} && -f Makefile ]]; then
		make -s bench-programs || fail "make bench-programs failed"
	fi
	for p; do
		[[ -x $bench/$p ]] || fail "$bench/$p: not there;" \
		    "run this in a configured build directory"
	done
	[[ -x $tlstally ]] || fail "$tlstally: not there; run make first"
}

# ---- The temporary folder, which never outlives the script ----

work=
cleanup() {
	[[ -z $work ]] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

make_work() {
	work=$(mktemp -d "${TMPDIR:-/tmp}/tlstally-bench.XXXXXX") ||
	    fail "no temporary folder"
	# No configuration of the user's takes part.
	export HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data
}

# ---- Measuring ----

# measure COMMAND...: sets cpu and wall (seconds) and peak (KiB).
measure() {
	"$bench/cpu" -o "$work/cpu" "$@" >"$work/out" 2>"$work/err" || {
		cat "$work/err" >&2
		fail "$* left with an error"
	}
	read -r cpu wall peak <"$work/cpu"
}

# ingest STORE SOURCE...: as measure.
ingest() {
	local store=$1
	shift

	measure "$tlstally" -q -s "$store" ingest "$@"
}

drop_store() {
	rm -f "$1" "$1-wal" "$1-shm"
}

# check_complete STORE COUNT: every mail must have become a report.
check_complete() {
	local entries

	"$tlstally" -q -s "$1" digest --all-time --by total --format csv \
	    >"$work/csv" || fail "digest left with an error"
	entries=$(tr -d '\r' <"$work/csv" | awk -F, '
		NR == 1 { for (i = 1; i <= NF; i++)
				if ($i == "policy_entries") c = i; next }
		{ n += $c }
		END { print n + 0 }')
	((entries >= $2)) || fail "$2 mails gave only $entries policies"
}

# json_bytes MAILDIR: what bare inflates of it.
json_bytes() {
	"$bench/bare" "$1" | sed -n 's/.*bytes-out \([0-9]*\).*/\1/p'
}

# The middle one of the numbers given, or the mean of the middle two.
median() {
	printf '%s\n' "$@" | sort -n | awk '
		{ v[NR] = $1 }
		END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

lowest() {
	printf '%s\n' "$@" | sort -n | head -n 1
}

# The value of an expression, with so many decimals.
calc() {
	awk "BEGIN { printf \"%.$1f\", $2 }"
}

larger() {
	echo $(($1 > $2 ? $1 : $2))
}

# ---- Telling ----

broken=()

# figure NAME VALUE UNIT [PROMISE]: a promise is the most the value may be.
figure() {
	local promise=

	if [[ -n ${4:-} ]]; then
		promise="(promise: at most $4)"
		awk "BEGIN { exit !($2 <= $4) }" || {
			promise+="  BROKEN"
			broken+=("$1")
		}
	fi
	printf '%-36s %10s %-8s %s\n' "$1" "$2" "$3" "$promise"
}

# Ends the script.
tell_promises() {
	if ((${#broken[@]} > 0)); then
		printf 'broken: %s\n' "${broken[@]}"
		exit 1
	fi
	echo "all promises held"
	exit 0
}
