#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Sources of every kind, outcomes, exit statuses, and what is touched.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

mail() {
	python3 "$top/tests/cli/mail.py" "$@"
}
foreign() {
	printf 'From: a@example.com\nSubject: Lunch?\n\nAt noon.\n'
}
summary() {
	grep -E '^(would ingest|ingested)' <<<"$said"
}
snapshot() {
	find "$1" -type f -printf '%P %s %T@\n' | sort
}

mkdir -p box/cur box/new box/tmp
mail id=1 >box/new/1000.a.host
mail id=2 day=2026-11-11 failed=3 >box/cur/1001.b.host:2,S
mail id=1 >box/cur/1002.c.host:2,
foreign >box/new/1003.d.host
mail id=3 broken=9 >box/new/1004.e.host
mail id=2 day=2026-11-11 failed=4 >box/new/1005.f.host
snapshot box >before

status "a reject is told by 65" 65 tally -v ingest box
is "every message is accounted for" "$(summary)" "ingested 6 messages:\
 2 new reports, 1 duplicate, 1 conflict, 1 rejected, 1 foreign"
like "the reject is named with its place and reason" "$said" \
	'rejected: .*1004\.e\.host.*part 2.*gzip'
is "the mailbox is as it was" "$(snapshot box)" "$(cat before)"
status "a second run finds nothing new" 0 tally -v ingest box
is "and says so" "$(summary)" "ingested 0 messages:\
 0 new reports, 0 duplicates, 0 conflicts, 0 rejected, 0 foreign; 6 known before"
status "without a terminal it is silent" 0 tally ingest box
is "silent indeed" "$said" ""
status "the reject is listed" 0 tally rejects
like "with its place" "$said" '1004\.e\.host'
like "and the conflict" "$said" 'conflict'
like "which is not counted" "$(tally list)" 'conflict, not counted'

# The same reports from elsewhere.
{
	printf 'From a@b Mon Nov  9 04:00:00 2026\n'
	mail id=1
	printf '\nFrom a@b Mon Nov  9 04:00:01 2026\n'
	mail id=4
} >mbox
status "an mbox" 0 tally -v ingest mbox
is "has a duplicate of the Maildir" "$(summary)" "ingested 2 messages:\
 1 new report, 1 duplicate, 0 conflicts, 0 rejected, 0 foreign"
cp mbox mbox.before
status "an mbox cannot be marked" 64 tally ingest --when-done seen mbox
ok "nor is it touched" cmp mbox mbox.before
mkdir files
mail id=5 >files/a.eml
mail id=6 form=json >files/looks-like-nothing
mail id=7 form=gzip >files/report.txt
(cd files && mail id=8 form=json >x.json && mail id=9 form=json >y.json &&
	zip -q misnamed.json x.json y.json && rm x.json y.json)
status "a folder of files, judged by their bytes" 0 tally -v ingest files
is "all are found" "$(summary)" "ingested 4 messages:\
 5 new reports, 0 duplicates, 0 conflicts, 0 rejected, 0 foreign"
for f in files/*; do
	status "alone: $f" 0 tally -v ingest "$f"
done

# Standard input.
piped() { # STATUS NAME COMMAND...: the message on standard input
	local rc=0 want=$1 name=$2
	shift 2
	said=$("$@" | tally -v ingest - 2>&1) || rc=$?
	is "$name" "$rc" "$want"
}
piped 0 "a mail on standard input" mail id=10
piped 0 "the same again is a duplicate and well" mail id=10
like "and counted as one" "$said" '0 new reports, 1 duplicate'
piped 0 "bare JSON" mail id=11 form=json
piped 0 "bare gzip" mail id=12 form=gzip
piped 65 "foreign mail is kept by the agent" foreign
like "and the reason is said" "$said" 'no TLS report'
piped 65 "so is a broken report" mail id=13 broken=9
piped 65 "again, when it is tried again" mail id=13 broken=9
piped 65 "nothing at all is no report" true

# What is touched.
status "a known reject stays a reject" 0 tally ingest --when-done delete box
is "stored mail is gone; foreign and broken mail is not" \
	"$(cd box && find . -type f | sort | tr '\n' ' ')" \
	"./new/1003.d.host ./new/1004.e.host "
mail id=20 >box/new/1010.g.host
mail id=21 >box/cur/1011.h.host:2,F
foreign >box/new/1012.i.host
status "moved to another folder" 0 tally ingest --when-done move:Done box
is "only what was stored" "$(find box/.Done/cur -type f -printf '%f ')" \
	"$(printf '1010.g.host:2,S 1011.h.host:2,FS ' | tr ' ' '\n' |
		sort -s | tr '\n' ' ' | sed 's/^ //')"
ok "the folder is a Maildir++ folder" test -d box/.Done/tmp
mail id=22 >box/new/1013.j.host
status "marked as seen" 0 tally ingest --when-done seen box
ok "it moved to cur with S" test -f box/cur/1013.j.host:2,S
ok "foreign mail stays new" test -f box/new/1012.i.host
status "a nonsense disposal" 64 tally ingest --when-done burn box

# A dry run.
mail id=30 >box/new/1020.k.host
tally list >list.before
snapshot box >before
status "a dry run" 0 tally ingest -n --when-done delete box
is "counts" "$(summary)" "would ingest 1 message:\
 1 new report, 0 duplicates, 0 conflicts, 0 rejected, 0 foreign; 4 known before"
is "stores nothing" "$(tally list)" "$(cat list.before)"
is "touches nothing" "$(snapshot box)" "$(cat before)"
status "a dry run without a store" 65 "$TLSTALLY" -s none.db ingest -n box
ok "makes none" test ! -e none.db

# Folders of a Maildir, by the configuration.
mkdir -p box/.Reports.2026/cur box/.Reports.2026/new box/.Reports.2026/tmp
mail id=40 >box/.Reports.2026/new/1.x.host
cat >t.conf <<EOF
source "reports" {
	path = "$scratch/box"
	folders = {"Reports/2026"}
}
EOF
chmod 600 t.conf
status "a named folder" 0 tally -v -c t.conf ingest reports
like "has one" "$said" 'ingested 1 message: 1 new report'

status "a source that is not there" 66 tally ingest /nonexistent/mail
like "is named" "$said" '/nonexistent/mail'
mkfifo pipe
status "a pipe is no file" 77 timeout 10 "$TLSTALLY" -s "$store" ingest pipe
status "the other sources are read all the same" 66 tally -v ingest none mbox
like "and counted" "$said" '2 known before'
if [ "$(id -u)" -ne 0 ]; then
	mail id=50 >secret.eml
	chmod 000 secret.eml
	status "an unreadable file" 77 tally ingest secret.eml
fi
done_testing
