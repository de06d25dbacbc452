#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# A hundred deliveries at once, beside two runs over a mailbox: all end well,
# nothing is lost, nothing is doubled, and nobody waits for a decoder.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

# Reports 1 to 300, report n of n sessions; 101 to 300 are in the mailbox, and
# 1 to 150 come through the pipe: 50 come twice.
mkdir -p box/{cur,new,tmp} mails
PYTHONPATH=$top/tests/cli python3 -B - <<'PY'
import mail
for n in range(1, 301):
    data = mail.report(id=f"c{n}", ok=n, day=f"2026-11-{1 + n % 9:02}",
                       reporter=f"r{n % 7}.example")
    if n <= 150:
        open(f"mails/{n}", "wb").write(data)
    if n > 100:
        open(f"box/new/{n}", "wb").write(data)
PY

sum() {
	tally digest --all-time -f csv --by total | python3 -c '
import csv, sys
print(sum(int(r["successful_sessions"]) for r in csv.DictReader(sys.stdin)))'
}
# crowd FROM TO: deliveries at once, and two runs over the mailbox
crowd() {
	local i
	: >statuses
	for i in 1 2; do
		(
			tally ingest --when-done seen box
			echo $? >>statuses
		) &
	done
	for i in $(seq "$1" "$2"); do
		(
			if [ $((i % 2)) -eq 0 ]; then
				tally ingest --mta - <"mails/$i"
			else
				tally ingest - <"mails/$i"
			fi
			echo $? >>statuses
		) &
	done
	wait
	sort statuses | uniq -c | tr -s ' \n' ' '
}
is "a hundred at once into a store that is not there" "$(crowd 1 100)" \
	" 102 0 "
is "every report is counted, and once" "$(sum)" $((300 * 301 / 2))
is "each mail is there once" "$(find box -type f | wc -l)" 200
is "fifty more of which all are known, fifty that were not" \
	"$(crowd 51 150)" " 102 0 "
is "every report is counted still, and once" "$(sum)" $((300 * 301 / 2))
is "no mail was put aside" "$(ls -d t.db-rejects 2>/dev/null)" ""
ok "the WAL stays small" test "$(stat -c %s t.db-wal)" -lt $((4 << 20))

# A delivery that reads slowly holds no lock.
mkfifo slow
tally ingest - <slow &
slow=$!
exec 3>slow
head -c 500 mails/1 >&3
ok "a delivery passes another one that is half read" timeout 10 \
	"$TLSTALLY" -s "$store" ingest - <mails/2
tail -c +501 mails/1 >&3
exec 3>&-
wait $slow
is "which ends well too" $? 0

# The lock of writers is byte 120 of the -shm (sqlite.org/walformat.html).
if command -v strace >/dev/null; then
	for i in 1 2 3 4; do
		for f in mails/*; do
			cp "$f" "box/cur/$i-${f#mails/}:2,"
			echo >>"box/cur/$i-${f#mails/}:2,"
		done
	done
	cp -r box/cur/. box/new/
	for f in box/cur/*:2,; do
		mv "$f" "${f%%:*}-again:2,"
	done
	ASAN_OPTIONS=detect_leaks=0 strace -o trace -e trace=openat,fcntl \
		"$TLSTALLY" -s "$store" ingest box
	awk '/F_SETLK.*F_WRLCK.*l_start=120, l_len=1[}]/ { held = 1; batches++ }
		/F_SETLK.*F_UNLCK.*l_start=120, l_len=1[}]/ { held = 0 }
		/openat.*"[0-9]+-[0-9]+(-again)?:2,"/ {
			mails++
			if (held) bad++
		}
		END { print (mails > 1000), (batches > 1), bad + 0 }' \
		trace >got
	is "no mail is read or decoded while the store is locked" \
		"$(cat got)" "1 1 0"
else
	echo "SKIPPED: ${0##*/}: strace is not installed" >&2
	count=$((count + 1))
	echo "ok $count - no lock while decoding # SKIP strace is not installed"
fi
done_testing
