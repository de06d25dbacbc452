#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A line that breaks behind every so many bytes: nothing is lost, nothing is
# counted twice, and what has come need not come again.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
make_pki
start_dovecot </dev/null

n=60
fill anna Reports 1 $n
size=$(find "$(maildir anna Reports)" -name '*host*' -printf '%s\n' |
	awk '{ s += $1 } END { print s }')

account() { # account MODE PORT SETTING...
	config it 'host = localhost' "port = $2" "tls = $1" \
		'user = anna' 'auth = plain' 'folders = { "Reports" }' \
		"password_file = \"$scratch/password\"" "${@:3}"
}
target() {
	case $1 in implicit) echo "$imaps_port" ;; *) echo "$imap_port" ;; esac
}

# What a session costs before its first message.
start_proxy free "$imap_port"
fill anna Empty 1 0
account none "$free_port"
sed -i 's/"Reports"/"Empty"/' t.conf
status "an empty folder" 0 from it
eventually test -s free/down
sleep 0.2
overhead=$(passed free)
echo "# $n mails of $size bytes; a session of $overhead bytes"

# With room for a message or more in each connection, one run or a few will
# get everything.
i=0
for mode in none implicit starttls; do
	for room in 5000 12000 30000; do
		i=$((i + 1))
		cut=$((overhead + room))
		[ $mode = none ] || cut=$((cut + 4000))
		start_proxy "cut$i" "$(target $mode)" cut=$cut
		port=cut${i}_port
		rm -f "$store"
		account $mode "${!port}"
		rc=75
		runs=0
		while [ $rc -eq 75 ] && [ $runs -lt 70 ]; do
			rc=0
			said=$(from it 2>&1 </dev/null) || rc=$?
			runs=$((runs + 1))
		done
		is "$mode, cut behind $cut bytes: all in the end" "$rc" 0
		echo "# $runs runs, $(connections "cut$i") connections," \
			"$(passed "cut$i") bytes"
		is "$mode: every report once" "$(reports) $(sessions)" "$n $n"
		ok "$mode: no more bytes than twice the mails' and sessions'" \
			test "$(passed "cut$i")" -le $((2 * size + 20000 +
			$(connections "cut$i") * (cut - room) * 3 / 2))
	done
done

# Without: an error, soon.  These wait before they try again, all at once.
i=0
for mode in none implicit starttls; do
	for cut in 1 20 200 700 1400; do
		i=$((i + 1))
		start_proxy "short$i" "$(target $mode)" cut=$cut
		port=short${i}_port
		account $mode "${!port}"
		later "short$i"
	done
done
start_proxy silent "$imap_port" stop=$((overhead + 8000))
account none "$silent_port"
later silent
i=0
for mode in none implicit starttls; do
	for cut in 1 20 200 700 1400; do
		i=$((i + 1))
		in_time "short$i"
		is "$mode, cut behind $cut bytes: another try may help" "$rc" 75
		like "$mode: is said" "$said" \
			'localhost.*(lost|closed|broke|reset|end)'
		ok "$mode: is soon over" test "$took" -lt 20
	done
done

# A line that goes silent.
in_time silent
like "a line that goes silent" "$rc" '^(0|75)$'
ok "is not waited for" test "$took" -lt 20
store=$scratch/later-silent/t.db
account none "$imap_port"
status "and without it" 0 from it
is "there is all, once" "$(reports) $(sessions)" "$n $n"
store=$scratch/t.db

# A server that starts anew: for a while nobody listens at all.
start_proxy before "$imap_port" stop=$((overhead + 8000))
rm -f "$store"
account none "$before_port" 'timeout = 20'
from it >out 2>&1 &
run=$!
flows before $((overhead + 8000))
kill "$before_pid"
sleep 2
start_proxy after "$imap_port" listen="$before_port"
rc=0
wait $run || rc=$?
is "a server that was away for two seconds" "$rc" 0
is "gives all, once" "$(reports) $(sessions)" "$n $n"

# Moves whose answer got lost: each is moved once, and counted once.
for room in 1500 2600; do
	i=$((i + 1))
	rm -rf "$store" "$(maildir anna Done)" "$(maildir anna Reports)"
	fill anna Reports 1 20
	start_proxy "move$i" "$imap_port" cut=$((overhead + room))
	port=move${i}_port
	account none "${!port}" 'when_done = "move:Done"' 'batch = 2'
	for ((runs = 0; runs < 30; runs++)); do
		from it >out 2>&1 && break
	done
	account none "$imap_port" 'when_done = "move:Done"'
	status "moved by a line of $room bytes, and the rest by a good one" 0 \
		from it
	is "all are there, each once" "$(held anna Done) $(held anna Reports)" \
		"20 0"
	is "and counted" "$(reports) $(sessions)" "20 20"
done
done_testing
