# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Sourced by every command line test.  A test runs the program as a user
# would, in a scratch folder, with a frozen clock and no configuration but
# its own, and says its results in TAP.
set -u
# "... | same" counts in this shell, not in one of its own.
shopt -s lastpipe

top=$(cd "${srcdir:-$(dirname "${BASH_SOURCE[0]}")/../..}" && pwd)
builddir=$(pwd)
: "${TLSTALLY:=$builddir/src/tlstally}"
case $TLSTALLY in /*) ;; *) TLSTALLY=$builddir/$TLSTALLY ;; esac
golden=$top/tests/cli/golden

scratch=$(mktemp -d "${TMPDIR:-/tmp}/tlstally-cli-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 99

export HOME=$scratch/home XDG_CONFIG_HOME=$scratch/config
export XDG_DATA_HOME=$scratch/data LC_ALL=C.UTF-8 TZ=UTC
export TLSTALLY_NOW=2026-11-16T06:00:00Z
unset NO_COLOR
mkdir -p "$HOME"

# Where python3 is a script that finds out anew each time which one it stands
# for, the system's starts in a third of the time.
if [ -x /usr/bin/python3 ] &&
	[ "$(head -c 2 "$(command -v python3)" | tr -d '\0')" = '#!' ]; then
	PATH=/usr/bin:$PATH
fi

store=$scratch/t.db
count=0

tally() {
	"$TLSTALLY" -s "$store" "$@"
}

# ok NAME COMMAND...: the command succeeds
ok() {
	local name=$1
	shift
	count=$((count + 1))
	if "$@" >"$scratch/out" 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' "$scratch/out"
	fi
}

# is NAME GOT WANTED
is() {
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf 'got:\n%s\nwanted:\n%s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# like NAME GOT REGEX
like() {
	count=$((count + 1))
	if grep -qE -- "$3" <<<"$2"; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf 'got:\n%s\nwanted: %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# unlike NAME GOT REGEX: there is something, and it is not so
unlike() {
	count=$((count + 1))
	if [ -n "$2" ] && ! grep -qE -- "$3" <<<"$2"; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf 'got:\n%s\nnot wanted: %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# status NAME WANTED COMMAND...: the exit status; what it said is in $said
status() {
	local name=$1 wanted=$2 rc=0
	shift 2
	said=$("$@" 2>&1 </dev/null) || rc=$?
	count=$((count + 1))
	if [ $rc -eq "$wanted" ]; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		printf 'status %d, wanted %d\n%s\n' $rc "$wanted" "$said" |
			sed 's/^/# /'
	fi
}

# same NAME FILE: standard input is the golden file; REGEN=1 makes it so
same() {
	local got
	got=$(cat; echo x)
	got=${got%x}
	# The scratch folder's name is the only thing that differs by run.
	got=${got//$scratch/SCRATCH}
	if [ -n "${REGEN-}" ]; then
		printf '%s' "$got" >"$golden/$2"
	fi
	count=$((count + 1))
	if diff -u "$golden/$2" <(printf '%s' "$got") >"$scratch/diff"; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		sed 's/^/# /' "$scratch/diff"
	fi
}

skip_all() {
	echo "1..0 # SKIP $*"
	echo "SKIPPED: ${0##*/}: $*" >&2
	exit 0
}

# write: the configuration on standard input becomes that of the test
conf=$scratch/t.conf
write() {
	cat >"$conf"
	chmod 600 "$conf"
}

# refused NAME REGEX: the configuration on standard input is refused
refused() {
	write
	status "$1" 78 "$TLSTALLY" -c "$conf" config --check
	like "it says so" "$said" "$2"
}

done_testing() {
	echo "1..$count"
}
