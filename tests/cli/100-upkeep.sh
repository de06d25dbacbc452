#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Upkeep: rejects tried again or forgotten, pruning and its floor day, reading
# again, copies and how to restore them, and the check.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
command -v sqlite3 >/dev/null || skip_all "sqlite3 is not installed"

mail() {
	python3 "$top/tests/cli/mail.py" "$@"
}
sql() {
	sqlite3 "$store" "$@"
}
figures() {
	tally digest --all-time -f csv --by day
}

# ---- rejects ----

mkdir -p box/new box/cur box/tmp
mail >box/new/1.good
mail broken=8 id=2 >box/new/2.bad
mail broken=8 id=3 >box/new/3.bad
status "two mails are rejected" 65 tally ingest box
status "and not read again" 0 tally ingest box
status "--retry" 0 tally -v rejects --retry
like "says how many" "$said" '^2 messages will be read again'
status "then they are read again" 65 tally -v ingest box
like "these two and no other" "$said" 'ingested 2 messages.*2 rejected.*1 known'
status "and then no more" 0 tally ingest box
mail id=2 >box/new/2.bad
tally rejects --retry
status "one that was mended counts" 65 tally -v ingest box
like "as a new report" "$said" '1 new report,.*1 rejected'
is "and is off the list" "$(tally rejects | grep -c ^reject)" 1
mail broken=8 id=9 | tally -q ingest - 2>/dev/null
status "--retry of what was piped in" 0 tally rejects --retry
like "says that it must be piped in again" "$said" \
	'1 came on standard input and cannot be read again: pipe it in again'
tally ingest box 2>/dev/null
ids=$(tally rejects | sed -n 's/^reject \([0-9]*\),.*/\1/p')
status "--forget of an unknown reject" 66 tally rejects --forget 999
like "names it" "$said" 'no reject 999'
# shellcheck disable=SC2086
status "with a good one before it" 66 tally rejects --forget $ids --forget 999
is "nothing is forgotten then" "$(tally rejects | grep -c ^reject)" 2
status "--forget of what is no number" 64 tally rejects --forget x
status "--forget of nothing" 64 tally rejects --forget
status "a number without --forget" 64 tally rejects 3
status "both at once" 64 tally rejects --retry --forget 1
# shellcheck disable=SC2086
status "--forget takes several" 0 tally -v rejects --forget $ids
like "and says so" "$said" 'forgot 2 rejects'
is "none is left" "$(tally rejects)" "no rejects and no conflicts"
status "a forgotten mail is not read again" 0 tally -v ingest box
like "it is known" "$said" 'ingested 0 messages.*3 known'
tally rejects --retry
status "nor after --retry" 0 tally -v ingest box
like "which offers what is listed" "$said" 'ingested 0 messages'

# ---- reparse ----

store=$scratch/all.db
for f in "$top"/tests/data/good/* "$top"/tests/data/lenient/* \
	"$top/contrib/sample/reports.mbox"; do
	tally -q ingest "$f" 2>/dev/null
done
before=$(sql .dump | sha256sum)
status "reparse right after ingest" 0 tally -v reparse
like "changes nothing" "$said" 'read [0-9]{2,} reports again: 0 changed, 0 unus'
is "not a byte of what is stored" "$(sql .dump | sha256sum)" "$before"

store=$scratch/t2.db
mail id=1 ok=10 failed=2 >a.eml
mail id=2 day=2026-11-11 >b.eml
mail id=3 day=2026-11-12 >c.eml
tally ingest a.eml b.eml c.eml
# The store as an older decoder might have left it: it kept other JSON than
# it understood.
tally backup sums.db
python3 - "$store" "$TLSTALLY" <<'P'
import json, sqlite3, subprocess, sys, zlib
db = sqlite3.connect(sys.argv[1])
def sum_of(text):
    """What a store of the same key makes of it; of no report it is no one's."""
    open("text.json", "wb").write(text)
    subprocess.run([sys.argv[2], "-s", "sums.db", "-q", "ingest", "text.json"],
                   stderr=subprocess.DEVNULL)
    copy = sqlite3.connect("sums.db")
    return copy.execute("SELECT sum FROM report ORDER BY id DESC").fetchone()[0]
def change(number, f):
    name = "reparse.json"
    kind, data = db.execute("SELECT encoding, original FROM report"
                            " WHERE id = ?", (number,)).fetchone()
    o = json.loads(zlib.decompress(data, 31 if kind == 1 else 15))
    text = f(o)
    text = json.dumps(text).encode() if isinstance(text, dict) else text
    db.execute("UPDATE report SET encoding = 2, original = ?, json_len = ?,"
               " sum = ? WHERE id = ?", (zlib.compress(text), len(text),
               sum_of(text), number))
def more(o):
    o["policies"][0]["summary"]["total-successful-session-count"] = 77
    o["policies"].append(o["policies"][0])
    return o
def other_day(o):
    o["date-range"] = {"start-datetime": "2026-11-10T00:00:00Z",
                       "end-datetime": "2026-11-10T23:59:59Z"}
    o["report-id"] = "1"
    return o
change(1, more)
change(2, other_day)
change(3, lambda o: b"{}")
db.commit()
P
before=$(sql .dump | sha256sum)
status "reparse --dry-run" 65 tally reparse --dry-run
like "lists a report" "$said" '^report 1, 2026-11-10, reporter.example$'
like "with its policies" "$said" '^  policies: 1 -> 2$'
like "with what was successful" "$said" '^  successful: 10 -> 154$'
like "with what failed" "$said" '^  failed: 2 -> 4$'
like "with its failures" "$said" '^  failures: 1 -> 2$'
like "and one that moves" "$said" '^  day: 2026-11-11 -> 2026-11-10$'
like "names what cannot be read" "$said" 'report 3 stays as it is: '
like "and sums up" "$said" 'read 3 reports again: 2 would change, 1 unusable'
is "and writes nothing" "$(sql .dump | sha256sum)" "$before"
status "reparse" 65 tally -v reparse
like "changes two" "$said" 'read 3 reports again: 2 changed, 1 unusable'
like "what moved contradicts the other now" "$(tally rejects)" \
	'^conflict, report 2'
is "the figures are new" "$(figures | tail -n +2 | cut -d, -f1,10-)" \
	"2026-11-10,2,154,4"$'\r'$'\n'"2026-11-12,1,10,0"$'\r'
status "a second run" 65 tally -v reparse
like "finds no more" "$said" '0 changed, 1 unusable'
status "the store is sound" 0 tally status --check
# Stopped in the middle, with what a batch has written.
python3 - "$store" <<'P'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE report SET report_id = 'x' WHERE id = 1")
db.commit()
P
status "what is wrong only in the row" 65 tally reparse -n
like "is found too" "$said" 'report 1, .*'
tally reparse 2>/dev/null
is "and mended" "$(sql 'SELECT report_id FROM report WHERE id = 1')" 1
status "reparse takes no argument" 64 tally reparse 1

# Killed at any moment: the next run completes.
store=$scratch/kill.db
tally -q ingest "$top/contrib/sample/reports.mbox" 2>/dev/null
good=$(figures)
for n in 1 2 3 4 5; do
	sql "UPDATE report SET organization = contact"
	"$TLSTALLY" -s "$store" reparse &
	pid=$!
	sleep "0.00$n"
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	tally reparse
	is "after a kill $n the figures are whole" "$(figures)" "$good"
done
status "and the store is sound" 0 tally status --check

# ---- prune ----

store=$scratch/prune.db
export TLSTALLY_NOW=2026-11-22T06:00:00Z
for k in 0d -1d 400 d x 400y '' 1.5d 400dd 99999999999999999999d; do
	status "prune --keep '$k'" 64 tally prune --keep "$k"
done
status "prune without --keep" 64 tally prune
like "asks for it" "$said" '--keep 400d'
status "prune makes no store" 66 tally prune --keep 1d
tally -q ingest "$top/contrib/sample/reports.mbox" 2>/dev/null
before=$(figures)
status "prune --dry-run" 0 tally prune --keep 8d --dry-run
like "says what would go" "$said" \
	'^would prune [0-9]+ reports of 2026-11-09 to 2026-11-13; .* 2026-11-14$'
is "and drops nothing" "$(figures)" "$before"
status "prune" 0 tally prune --keep 8d
is "is silent in a pipe" "$said" ""
is "the rest is as it was" "$(figures)" \
	"$(awk -F, 'NR == 1 || $1 >= "2026-11-14"' <<<"$before")"
status "the store is sound after it" 0 tally status --check
like "status names the floor" "$(tally status)" \
	'pruned +reports before 2026-11-14'
status "old mail is not read again" 0 tally -v ingest \
	"$top/contrib/sample/reports.mbox"
like "it is known" "$said" 'ingested 0 messages.*35 known'
cp "$top/contrib/sample/reports.mbox" copy.mbox
status "by another way it is expired" 65 tally -v ingest copy.mbox
like "and does not come back" "$said" '0 new reports.* expired'
is "in no figure" "$(figures | cut -d, -f1 | sort -u | head -n 1)" 2026-11-14
like "status counts it" "$(tally status)" '^  expired +[1-9][0-9]*$'
status "the floor does not sink" 0 tally -v prune --keep 400d
like "and says so" "$said" 'earlier prune went up to 2026-11-14'
like "a digest of a pruned period says so" \
	"$(tally digest --since 2026-11-09 --until 2026-11-15)" \
	'^Reports of days before 2026-11-14 were pruned'
like "also when nothing is left" "$(tally digest --day 2026-11-10)" \
	'^Reports of days before 2026-11-14 were pruned'
like "CSV says it beside" "$(tally digest --day 2026-11-10 -f csv 2>&1)" \
	'^tlstally: reports of days before 2026-11-14 were pruned'
is "a digest above the floor does not" \
	"$(tally digest --day 2026-11-14 | grep -c pruned)" 0

# A clock that runs ahead takes nothing away, and leaves no floor day.
before=$(figures)
TLSTALLY_NOW=2036-11-22T06:00:00Z status "prune in ten years" 75 \
	tally prune --keep 400d
like "asks about the clock" "$said" 'prune\.db: no report would be left, the latest is of 2026-11-1[0-9], and today is 2036-11-22: is the clock right'
is "and drops nothing" "$(figures)" "$before"
TLSTALLY_NOW=2036-11-22T06:00:00Z status "nor in a dry run" 75 \
	tally prune --keep 400d --dry-run
store=$scratch/none.db
printf 'From: a@example.com\n\nLunch?\n' | tally -q ingest - 2>/dev/null
TLSTALLY_NOW=2036-11-22T06:00:00Z status "an empty store" 0 \
	tally prune --keep 400d
is "gets no floor day" "$(tally status | grep -c ^pruned)" 0

# ---- backup ----

store=$scratch/t3.db
tally -q ingest "$top/contrib/sample/reports.mbox" 2>/dev/null
good=$(figures)
status "backup" 0 tally backup copy.db
is "gives one file" "$(echo copy.db*)" copy.db
is "for its owner" "$(stat -c %a copy.db)" 600
is "of the same figures" "$(store=copy.db figures)" "$good"
status "never over another" 74 tally backup copy.db
like "and says so" "$said" 'copy\.db: there is such a file already'
status "nor into no folder" 74 tally backup none/copy.db
is "nothing is left behind" "$(echo copy.db?*)" 'copy.db?*'
status "backup needs a name" 64 tally backup
status "and one only" 64 tally backup a b
# While others write.
mkdir -p many/new many/cur many/tmp
for n in $(seq 300); do
	echo "id=$n"
done | while read -r id; do
	sed "s/Report-ID: <1>/Report-ID: <$id>/" a.eml >"many/new/$id"
done
(for n in 1 2 3 4 5; do tally -q ingest many a.eml b.eml c.eml; done) &
writer=$!
for n in 1 2 3; do
	ok "a copy while others write" tally backup "busy$n.db"
	status "is sound" 0 "$TLSTALLY" -s "busy$n.db" status --check
done
wait $writer
# How to restore, as the manual has it.
rm -f "$store" "$store-wal" "$store-shm"
cp copy.db "$store"
is "a restored store has the same figures" "$(figures)" "$good"
status "and is written to" 0 tally ingest c.eml
status "and sound" 0 tally status --check

# ---- status ----

status "status names versions" 0 tally status
like "of program, decoder and store" "$said" \
	'^versions .*tlstally [0-9.]+, decoder [0-9]+, store 2$'
like "and of libraries" "$said" \
	'^libraries .*SQLite 3[^,]*, zlib [0-9][^,]*, libarchive [0-9][^,]*, cJSON [0-9]'
for o in report duplicate conflict reject foreign expired; do
	like "and how many messages were $o" "$said" "^  $o +[0-9]+$"
done
like "last success" "$said" 'last success +2026-11'
status "--check" 0 tally status --check
is "says that all is well" "$said" "the store is sound"
sql "UPDATE report SET day = day - 1 WHERE id = 3; UPDATE report SET npolicies = 7
	WHERE id = 4"
status "--check of a damaged store" 74 tally status --check
like "names one fault" "$said" '^report 3 is otherwise in the ledger$'
like "and the other" "$said" '^report 4 has 7 policies'
like "and the store" "$said" 't3\.db: the store is damaged, see above'
size=$(stat -c %s "$store")
sql "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE" >/dev/null
for at in $(seq 8192 4096 $((size - 4096))); do
	printf '\377\377\377\377\377\377\377\377' |
		dd of="$store" bs=1 seek="$at" conv=notrunc status=none
done
status "--check of a torn file" 74 tally status --check

# What was read of a command line that makes no sense is given back; a build
# that looks for leaks would leave with another status.
status "a mistake behind --forget" 64 tally rejects --forget 2 --nonsense
for c in digest list export; do
	status "a mistake behind a domain of $c" 64 \
		tally $c -d a.example -d b.example --nonsense
done
done_testing
