#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Many messages: every one is counted once, none is fetched twice, foreign
# mail in an inbox is not fetched at all; and a folder that changes meanwhile.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
make_pki
start_dovecot </dev/null
start_proxy meter "$imap_port"

# account SETTING...: through the proxy that counts
account() {
	config it 'host = localhost' "port = $meter_port" 'tls = none' \
		'user = anna' 'auth = plain' \
		"password_file = \"$scratch/password\"" "$@"
	sed -i 's/timeout = 1/timeout = 10/' t.conf
}
# run NAME STATUS COMMAND...: and $bytes that it took
run() {
	local before
	before=$(passed meter)
	status "$@"
	sleep 0.1
	bytes=$(($(passed meter) - before))
}
size_of() {
	find "$(maildir anna "$1")" -type f -name '*host*' -printf '%s\n' |
		awk '{ s += $1 } END { print s + 0 }'
}

fill anna Reports 1 5000
account 'folders = { "Reports" }'
run "5000 messages" 0 from it
is "all are counted" "$(summary)" "ingested 5000 messages: 5000 new reports,\
 0 duplicates, 0 conflicts, 0 rejected, 0 foreign"
is "each with its session" "$(sessions)" 5000
ok "each is fetched once" test "$bytes" -lt \
	$(($(size_of Reports) * 14 / 10 + 100000))
run "a second run" 0 from it
is "has nothing to do" "$(summary)" "ingested 0 messages: 0 new reports,\
 0 duplicates, 0 conflicts, 0 rejected, 0 foreign; 5000 known before"
ok "and asks for little ($bytes bytes)" test "$bytes" -lt 60000
client anna <<'PY'
m.select("Reports")
m.uid("store", "1:2500", "+FLAGS", "(\\Seen)")
PY
fill anna Reports 5001 3
client anna <<'PY'
m.select("Reports")
m.uid("store", "5001:*", "+FLAGS", "(\\Seen)")
PY
run "others have read new messages" 0 from it
is "they are counted all the same" "$(summary)" "ingested 3 messages:\
 3 new reports, 0 duplicates, 0 conflicts, 0 rejected, 0 foreign;\
 5000 known before"

# The server has lost its numbers.
find "$(maildir anna Reports)" -name 'dovecot*' -delete
run "another UIDVALIDITY" 0 from it
is "all is looked at, nothing is counted twice" "$(summary)" "ingested 5003\
 messages: 0 new reports, 5003 duplicates, 0 conflicts, 0 rejected, 0 foreign"
is "really" "$(sessions)" 5003
run "and again" 0 from it
like "knows them" "$(summary)" '^ingested 0 messages.*5003 known before'

# An inbox.
rm -f "$store"
fill anna INBOX 1 40 kind=foreign size=100000
fill anna INBOX 101 10
all=$(size_of '')
account
run "an inbox of much else" 0 from it
is "has its reports counted, and the rest" "$(summary)" "ingested 50 messages:\
 10 new reports, 0 duplicates, 0 conflicts, 0 rejected, 40 foreign"
ok "of foreign mail it wants headers only ($bytes of $all bytes)" \
	test "$bytes" -lt 100000
run "the second time" 0 from it
like "it knows foreign mail" "$(summary)" '^ingested 0 messages.*50 known'
ok "and asks for nothing ($bytes bytes)" test "$bytes" -lt 8000
rm -f "$store"
account 'candidates = all'
run "all are candidates" 0 from it
like "all is counted the same" "$(summary)" '10 new reports.* 40 foreign$'
ok "but fetched whole ($bytes bytes)" test "$bytes" -gt 4000000
rm -f "$store"
account 'candidates = likely' 'folders = { "Reports" }'
run "likely ones, elsewhere" 0 from it
like "are there, too" "$(summary)" '5003 messages: 5003 new reports'

# Too large, and what is around it.
fill anna Large 1 1
fill anna Large 2 1 pad=70000000
fill anna Large 3 1
rm -f "$store"
account 'folders = { "Large" }'
before=$(passed meter)
rc=0
said=$(from it 2>&1) || rc=$?
like "a message of 70 MB" "$rc" '^(0|65)$'
like "is skipped" "$said" 'Large.*2.*(large|big|size|bound)'
is "the others are counted" "$(reports)" 2
ok "it is not fetched" test $(($(passed meter) - before)) -lt 100000
# Its 70 MB are not for the tests behind.
rm -rf "$(maildir anna Large)"

# Small and large ones by turns, the last two just on either side of what is
# small: a new source lists the small ones by themselves.
for ((i = 1; i <= 19; i += 2)); do
	fill anna Mixed $i 1
	fill anna Mixed $((i + 1)) 1 octets=$((16386 + i * 2000))
done
fill anna Mixed 21 1 octets=16384
fill anna Mixed 22 1 octets=16385
rm -f "$store"
account 'folders = { "Mixed" }'
run "small and large messages by turns" 0 from it
is "all are counted" "$(summary)" "ingested 22 messages: 22 new reports,\
 0 duplicates, 0 conflicts, 0 rejected, 0 foreign"
is "each with its session" "$(sessions)" 22
ok "each is fetched once ($bytes bytes)" test "$bytes" -lt \
	$(($(size_of Mixed) * 11 / 10 + 10000))
is "the small ones first" "$(sqlite3 "$store" \
	'SELECT report_id FROM report ORDER BY id' | tr '\n' ' ')" \
	"$(printf 'r%s ' {1..21..2} {2..22..2})"
run "a second run" 0 from it
is "has nothing new" "$(summary)" "ingested 0 messages: 0 new reports,\
 0 duplicates, 0 conflicts, 0 rejected, 0 foreign; 22 known before"
ok "and fetches nothing ($bytes bytes)" test "$bytes" -lt 4000

# Another client at work, while a slow line is fetched from.
start_proxy slow "$imap_port" delay=5
rm -f "$store"
rm -rf "$(maildir anna Reports)"
fill anna Reports 1 400
account 'folders = { "Reports" }' 'batch = 20'
sed -i "s/port = .*/port = $slow_port/" t.conf
from it >out.slow 2>&1 &
busy=$!
ok "mails come slowly" flows slow 60000
client anna <<'PY'
m.create("Elsewhere")
m.select("Reports")
for i in range(10):
    m.uid("copy", f"{390 - i}", "Elsewhere")
    m.uid("store", f"{390 - i},{200 + i}", "+FLAGS", "(\\Deleted)")
    m.expunge()
PY
fill anna Reports 1001 5
wait $busy
rc=$?
is "mails that go and come meanwhile" "$rc" 0
like "all is well" "$(grep ^ingested out.slow)" \
	' 0 duplicates, 0 conflicts, 0 rejected, 0 foreign'
account 'folders = { "Reports", "Elsewhere" }'
status "what came or was moved" 0 from it
gone=$(python3 - "$store" "$(maildir anna Reports)" \
	"$(maildir anna Elsewhere)" <<'PY'
import os, re, sqlite3, sys
there = set()
for top in sys.argv[2:]:
    for folder in "cur", "new":
        for name in os.listdir(os.path.join(top, folder)):
            text = open(os.path.join(top, folder, name)).read()
            there.add(re.search(r"Report-ID: <(r\d+)>", text)[1])
db = sqlite3.connect(sys.argv[1])
counted = {r[0] for r in db.execute("SELECT report_id FROM report")}
print(len(there - counted))
PY
)
is "is counted in the end" "$gone" 0
is "once" "$(sessions)" "$(reports)"
done_testing
