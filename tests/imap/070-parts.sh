#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Who holds what: tlstally no code of the network's, its helper no more than
# it needs, and the process that speaks with the server next to nothing.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
command -v readelf >/dev/null || skip_all "readelf is not installed"
libraries='libetpan|libssl|libcrypto|libgnutls|libsasl'

is "tlstally needs none of the network's libraries" \
	"$(readelf -d "$TLSTALLY" | grep -E "NEEDED.*($libraries)")" ""
is "nor does a library of its" "$(ldd "$TLSTALLY" | grep -E "$libraries")" ""
needed=$(readelf -d "$helper")
like "the helper has libetpan" "$needed" 'NEEDED.*libetpan'
like "and OpenSSL" "$needed" 'NEEDED.*libssl'
is "but no store and no decoder" \
	"$(grep -E 'NEEDED.*(sqlite|archive|cjson|confuse|libz\.)' \
		<<<"$needed")" ""
for f in "$TLSTALLY" "$helper"; do
	like "${f##*/} is position independent" "$(readelf -h "$f")" \
		'Type: *DYN'
done

rc=0
said=$("$helper" 2>&1 </dev/null) || rc=$?
ok "the helper alone fails" test $rc -ne 0
like "and says that it is one" "$said" 'tlstally'

# The processes, as they are while messages come slowly.
make_pki
start_dovecot </dev/null
start_proxy slow "$imaps_port" delay=40
fill anna INBOX 1 300
config it 'host = localhost' "port = $slow_port" 'tls = implicit' \
	'user = anna' 'auth = plain' 'batch = 5' \
	"password_command = \"echo $password\""
sed -i 's/timeout = 1/timeout = 10/' t.conf
from it >out.slow 2>&1 &
busy=$!
ok "messages come" flows slow 30000
# helpers: processes of the helper program that descend from ours
helpers() {
	local p
	for p in $(pgrep -P "$busy"; for q in $(pgrep -P "$busy"); do
		pgrep -P "$q"
		for r in $(pgrep -P "$q"); do pgrep -P "$r"; done
	done); do
		[ "$(cat "/proc/$p/comm" 2>/dev/null)" != tlstally-imap ] ||
			echo "$p"
	done
}
worker=
for p in $(helpers); do
	if grep -q '^Seccomp:.2' "/proc/$p/status"; then
		worker=$p
	fi
done
if sanitized; then
	echo "# a build with sanitizers has no sandbox"
else
	like "a process of the helper is confined" "$worker" '^[0-9]+$'
	like "for good" "$(grep NoNewPrivs "/proc/$worker/status")" '1$'
	# Only root may look into a process that is not to be dumped.
	if ls "/proc/$worker/fd" >fds 2>/dev/null; then
		is "it has sockets and standard error, and no more" \
			"$(while read -r f; do
				[ "$f" = 2 ] || readlink "/proc/$worker/fd/$f"
			done <fds | grep -vc '^socket:')" 0
		is "and no password in its environment" \
			"$(tr '\0' '\n' <"/proc/$worker/environ" |
				grep -cw "$password")" 0
	fi
	like "no core" "$(grep 'core file' "/proc/$worker/limits")" \
		'size +0 +0'
	# A crash costs a try, and no more.
	kill -SEGV "$worker"
fi
wait $busy
is "the run ends well" $? 0
like "with all, once" "$(cat out.slow)" '300 new reports, 0 duplicates'
is "nothing is left of it" "$(pgrep -f "^$helper" | wc -l)" 0

# Killed in the middle, the program leaves nobody.
rm -f "$store"
from it >out.killed 2>&1 &
busy=$!
for ((i = 0; i < 200; i++)); do
	h=$(helpers)
	[ -z "$h" ] || break
	sleep 0.02
done
sleep 0.3
h=$(helpers)
for p in $(pgrep -P $busy) $busy; do
	kill -KILL "$p" 2>/dev/null
done
wait $busy 2>/dev/null
gone() {
	local p
	for p in $h; do
		[ ! -d "/proc/$p" ] || return 1
	done
}
ok "killed, it leaves no helper" eventually gone

# Without its helper, and with one that is none.
export TLSTALLY_LIBEXEC=$scratch/nowhere
status "without its helper" 69 from it
like "says what is missing" "$said" 'tlstally-imap'
mkdir false
cp /bin/true false/tlstally-imap
TLSTALLY_LIBEXEC=$scratch/false
rc=0
said=$(timeout 30 "$TLSTALLY" -c t.conf -s "$store" ingest it 2>&1) || rc=$?
like "one that ends at once" $rc '^(69|75)$'
rm false/tlstally-imap
printf '#!/bin/sh\necho nonsense >&3\nexec sleep 5\n' >false/tlstally-imap
chmod 755 false/tlstally-imap
rc=0
said=$(timeout 30 "$TLSTALLY" -c t.conf -s "$store" ingest it 2>&1) || rc=$?
like "one that talks nonsense" $rc '^(69|75)$'
done_testing
