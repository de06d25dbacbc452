#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What becomes of messages, by a server with all it takes and by servers that
# lack something; and folders whose names are not ASCII.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
make_pki
start_dovecot </dev/null

# fresh: five mails in Reports: reports 1 to 3, a broken one, a foreign one;
# another client has marked one more report as \Deleted
fresh() {
	rm -rf "${home:?}/anna" "$store"
	fill anna Reports 1 3
	fill anna Reports 4 1 kind=broken
	fill anna Reports 5 1 kind=foreign
	fill anna Reports 6 1
	client anna <<-'PY'
		m.select("Reports")
		n = m.uid("search", "TEXT", '"Report-ID: <r6>"')[1][0].split()[0]
		m.uid("store", n, "+FLAGS", "(\\Deleted)")
		m.unselect()
	PY
}
# account ADDRESS SETTING...
account() {
	config it "host = \"$1\"" "port = $imap_port" 'tls = none' \
		'user = anna' 'auth = plain' 'folders = { "Reports" }' \
		"password_file = \"$scratch/password\"" "${@:2}"
}
# contents FOLDER: what is there, by file, with flags
contents() {
	find "$(maildir anna "$1")"/{cur,new} -type f 2>/dev/null |
		sed -E 's|.*/[0-9]*\.([a-z]*[0-9]*)[^:]*|\1|' | sort | xargs
}
# by a copy, names are new: what is in it tells
subjects() {
	find "$(maildir anna "$1")"/{cur,new} -type f -exec \
		grep -ohE '<r[0-9]+>|Lunch [0-9]+' {} + 2>/dev/null |
		sort -u | tr -d ' ' | xargs
}
raw() {
	find "$(maildir anna Reports)" -name '*host*' | sort
}

fresh
raw >before
account 127.0.0.1
status "keep: a reject is told" 65 from it
is "keep: all is counted" "$(summary)" "ingested 6 messages: 4 new reports,\
 0 duplicates, 0 conflicts, 1 rejected, 1 foreign"
is "keep: the folder is as it was" \
	"$(contents Reports | sed 's/:2,//g')" \
	"broken4 foreign5 report1 report2 report3 report6T"
status "keep: again" 0 from it
like "keep: all is known" "$(summary)" '; 6 known before'
status "keep: a dry run" 0 tally -c t.conf -v ingest --dry-run it

fresh
account 127.0.0.1 'when_done = seen'
status "seen" 65 from it
is "seen: the reports are" "$(contents Reports | sed 's/:2,/:/g')" \
	"broken4: foreign5: report1:S report2:S report3:S report6:ST"
client anna <<<'m.select("Reports"); m.uid("STORE", "1", "-FLAGS", "(\\Seen)")'
status "seen: again" 0 from it
is "seen: what a person has marked as unread stays so" \
	"$(contents Reports | sed 's/:2,/:/g' | grep -oc 'report1:S')" 0

for address in 127.0.0.1 127.0.0.2; do
	fresh
	account $address 'when_done = "move:Done"' \
		'rejects_folder = "Broken"'
	status "move ($address)" 65 from it
	like "move: all is counted" "$(summary)" \
		'4 new reports, .* 1 rejected, 1 foreign'
	is "move: the reports are there, in a new folder" \
		"$(subjects Done)" "<r1> <r2> <r3> <r6>"
	is "move: rejects are in theirs" "$(subjects Broken)" "<r4>"
	is "move: foreign mail stays" "$(subjects Reports)" "Lunch5"
	status "move: again" 0 from it
	is "move: into a folder that is there" "$(held anna Done)" 4
	fill anna Reports 7 2
	status "move: more" 0 from it
	is "move: is moved as well" "$(held anna Done)" 6
done

for address in 127.0.0.1 127.0.0.2; do
	fresh
	account $address 'when_done = delete' 'rejects_folder = "Broken"'
	status "delete ($address)" 65 from it
	is "delete: rejects are set aside" "$(subjects Broken)" "<r4>"
	is "delete: foreign mail stays, the reports are gone" \
		"$(subjects Reports)" "Lunch5"
	fresh
	account $address 'when_done = delete'
	status "delete, without a folder for rejects" 65 from it
	is "delete: rejects stay" "$(subjects Reports)" "<r4> Lunch5"
done

# What another client has marked is his; here it is foreign.
for address in 127.0.0.1 127.0.0.2; do
	fresh
	client anna <<-'PY'
		m.select("Reports")
		n = m.uid("search", "SUBJECT", "Lunch")[1][0].split()[0]
		m.uid("store", n, "+FLAGS", "(\\Deleted)")
		m.unselect()
	PY
	account $address 'when_done = delete'
	status "delete ($address), beside another's \\Deleted" 65 from it
	is "delete: which is not expunged" "$(contents Reports)" \
		"broken4:2, foreign5:2,T"
done

# Without UIDPLUS nobody can delete one message and not another's.
for done in delete move:Done; do
	fresh
	account 127.0.0.3 "when_done = \"$done\""
	raw >before
	rc=0
	said=$(from it 2>&1) || rc=$?
	like "$done without UIDPLUS is refused" "$rc" '^(64|69|78)$'
	like "$done: says why" "$said" 'UIDPLUS|MOVE'
	is "$done: every mail stays" "$(held anna Reports)" 6
	is "$done: nothing is marked" "$(raw | grep -c ':2,[A-Z]*[A-Z]')" 1
	account 127.0.0.3
	status "keep needs neither" 65 from it
done

# Nothing is touched before it is safely in the store.
fresh
account 127.0.0.1 'when_done = delete'
status "a store exists" 65 from it
fill anna Reports 21 3
cat >locker.py <<'PY'
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open(sys.argv[2], "w").close()
time.sleep(60)
PY
"${with_us[@]}" python3 locker.py "$store" locked &
locker=$!
pids+=($locker)
eventually test -e locked
timeout -k 5 2 "$TLSTALLY" -c t.conf -s "$store" ingest it >out 2>&1
is "no commit, nothing deleted" "$(subjects Reports)" \
	"<r21> <r22> <r23> <r4> Lunch5"
kill "$locker"
wait "$locker" 2>/dev/null
status "afterwards" 0 from it
is "they are counted, and gone" "$(reports) $(subjects Reports)" \
	"7 <r4> Lunch5"

# Where one may only read, nothing is tried: a server without MOVE would copy,
# and not delete, at each run.
start_server
for done in seen delete move:Done; do
	rm -f "$store"*
	config it 'host = localhost' "port = $(port_of read-only)" \
		'tls = none' 'user = anna' "when_done = \"$done\"" \
		"password_file = \"$scratch/password\""
	status "$done where one may only read" 77 from it
	like "$done: says why" "$said" 'only be read'
	is "$done: all is counted" "$(reports)" 3
	is "$done: nothing is tried" "$(received read-only |
		grep -cE 'UID (STORE|COPY|MOVE|EXPUNGE)')" 0
done

# Names: modified UTF-7 on the wire, and nowhere else.
rm -rf "${home:?}/anna" "$store"
fill anna 'Berichte.&ANw-bersicht &- Co' 1 2
account 127.0.0.1 'folders = { "Berichte/Übersicht & Co" }' \
	'when_done = "move:Berichte/Geprüft"'
sed -i '/folders = { "Reports" }/d' t.conf
status "a folder Übersicht & Co" 0 from it
is "is read" "$(reports)" 2
is "and one called Geprüft made" "$(held anna 'Berichte.Gepr&APw-ft')" 2
status "in an URL" 0 ingest --when-done keep \
	"imaps://anna@localhost:$imaps_port/Berichte/Gepr%C3%BCft"
is "are duplicates" "$(summary)" "ingested 2 messages: 0 new reports,\
 2 duplicates, 0 conflicts, 0 rejected, 0 foreign"
status "in an URL, as typed" 0 ingest \
	"imaps://anna@localhost:$imaps_port/Berichte/Geprüft"
like "is the same folder" "$(summary)" '2 known before'
status "not UTF-8" 64 ingest "imaps://anna@localhost:$imaps_port/%fc"
done_testing
