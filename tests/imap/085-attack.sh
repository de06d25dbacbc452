#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# tlstally-imap, with an attacker in it: whatever its session tries is stopped.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
if sanitized; then
	ok "a build with sanitizers has no sandbox" true
	done_testing
	exit 0
fi
"${CC:-cc}" -shared -fPIC -o attack.so "$here/attack.c" || {
	echo "Bail out! attack.c is not compiled"
	exit 99
}
start_server

# What libraries do without fails; all else is the end of the session.
fails="open create socket prctl"
kills="connect send-elsewhere execve ptrace fork kill read-of-parent
	executable-memory unshare mount memfd_create bpf io_uring keyctl
	perf_event_open userfaultfd"
config it 'host = localhost' "port = $(port_of usual)" 'tls = none' \
	'user = anna' "password_file = \"$scratch/password\""
for attack in none $fails $kills; do
	LD_PRELOAD=$scratch/attack.so ATTACK=$attack later "$attack"
done
in_time none
is "without an attack the same program works" \
	"$rc, $(grep -c '^ingested 3' <<<"$said")" '0, 1'
for attack in $fails; do
	in_time "$attack"
	like "$attack fails" "$said" "attack: $attack: Operation not permitted"
done
for attack in $kills; do
	in_time "$attack"
	like "$attack ends the session" "$said" 'crashed.*Bad system call'
	is "$attack: it did nothing else" "$(grep -c '^attack' <<<"$said")" 0
	ok "$attack: tlstally says what it is, and goes on" \
		test "$rc" -eq 69 -o "$rc" -eq 75
done
is "nothing was written" "$(find . -name stolen)" ""
done_testing
