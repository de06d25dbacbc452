#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# digest --new: each report is told once, and none before it was written.
. "$(dirname "$0")/lib.sh"
command -v script >/dev/null || skip_all "script(1) is not installed"
command -v sqlite3 >/dev/null || skip_all "sqlite3 is not installed"

# mail KEY=VALUE...: ingests one report mail
mail() {
	python3 "$top/tests/cli/mail.py" "$@" >mail.eml
	tally -q ingest mail.eml
}

# states: what the store remembers
states() {
	sqlite3 "$store" "SELECT name || ' ' || report FROM digest_state
		ORDER BY name" | paste -sd,
}

# told ARGUMENT...: the sessions that a digest of new reports sums up
told() {
	tally digest --new -f csv "$@" |
		python3 -c 'import csv, sys
print(sum(int(r["successful_sessions"]) for r in csv.DictReader(sys.stdin)))'
}

in_terminal() {
	script -qec "$1" /dev/null </dev/null | tr -d '\r'
}

status "no store" 66 tally digest --new
mail id=1 day=2026-11-13 ok=1
mail id=2 day=2026-11-14 ok=20 failed=1
mail id=3 day=2026-11-14 ok=300 domain=example.net
status "--new is a period" 64 tally digest --new --day yesterday
like "and says so" "$said" "no other goes with it"
status "--state without --new" 64 tally digest --state x
status "a state without a name" 64 tally digest --new --state ''
is "mistakes are not remembered" "$(states)" ""

tally digest --new | same "the first tells everything so far" new-first.txt
is "it is remembered" "$(states)" "default 3"
is "then there is nothing, and cron has nothing to mail" \
	"$(tally digest --new | wc -c)" 0
is "CSV has its header" "$(tally digest --new -f csv | wc -l)" 1
like "a terminal is told" "$(in_terminal "$TLSTALLY -s $store digest --new")" \
	"^no new reports since 2026-11-16T06:00:00Z$"
tally digest --new -o nothing.txt
like "so is a file" "$(cat nothing.txt)" "^no new reports since"

mail id=4 day=2026-11-13 ok=4000 reporter=late.example
mail id=5 day=2026-11-15 ok=50000
TLSTALLY_NOW=2026-11-17T06:00:00Z tally digest --new |
	same "then what came since, by report day" new-second.txt
is "and not again" "$(tally digest --new | wc -c)" 0

is "another state has a memory of its own" "$(told --state csv)" 54321
is "which is kept" "$(told --state csv)" 0
is "other domains have their own without being asked" \
	"$(told -d example.net)" 300
is "each of them" "$(told -d example.com -d '*.org')" 54021
is "that is kept too" "$(told -d example.net)" 0
is "by their names" "$(states)" \
	"csv 5,default 5,example.com,*.org 5,example.net 5"
is "a period of several days" "$(tally digest --new --state total \
	--by total -f csv | cut -d, -f 1,2 | sort -u | head -n 1)" \
	"2026-11-13,2026-11-15"
is "failures work too" "$(tally digest --new --state f -f csv \
	--rows failures | wc -l)" 2

# What could not be written is told again.
mail id=6 day=2026-11-15 ok=600000
status "a full disk" 75 bash -c "'$TLSTALLY' -s '$store' digest --new >/dev/full"
is "is not remembered" "$(states | grep -o 'default [0-9]*')" "default 5"
status "no place for the file" 74 tally digest --new -o no/such/file
is "nor is that" "$(states | grep -o 'default [0-9]*')" "default 5"
sqlite3 "$store" "ALTER TABLE digest_state RENAME TO aside;
	CREATE TABLE digest_state(name TEXT PRIMARY KEY, report INTEGER
	CHECK(report < 6), at INTEGER); INSERT INTO digest_state
	SELECT * FROM aside"
status "when it cannot be remembered" 74 tally digest --new -f csv
like "it is said that it will be repeated" "$said" "will be repeated"
sqlite3 "$store" "DROP TABLE digest_state;
	ALTER TABLE aside RENAME TO digest_state"
is "as it is" "$(told)" 600000
is "once" "$(told)" 0

# A writer in between does not get lost: the snapshot says what was told.
mkfifo pipe
mail id=7 day=2026-11-15 ok=7
"$TLSTALLY" -s "$store" digest --new -f csv -o pipe &
reader=$!
sleep 0.3
mail id=8 day=2026-11-15 ok=8
grep -q . pipe
wait $reader
is "what is committed while a digest is written comes next" "$(told)" 8

# A digest that nobody reads to its end is repeated whole.
mail id=9 day=2026-11-15 ok=9
{
	sleep 0.3
	"$TLSTALLY" -s "$store" digest --new -f csv
	echo $? >killed
} | true
is "a broken pipe ends it" "$(cat killed)" 141
is "and it comes again" "$(told)" 9

# Who may not write the store hears so before anything is told.
if [ "$(id -u)" -eq 0 ]; then
	as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
else
	as=()
fi
mail id=10 day=2026-11-15 ok=10
chmod 755 "$scratch"
chmod 444 "$store" "$store"-*
cp "$TLSTALLY" "$scratch/program"
status "no right to write the store" 77 "${as[@]}" "$scratch/program" \
	-s "$store" digest --new -o /dev/stdout
is "nothing was told" "$(grep -c example.com <<<"$said")" 0
chmod 600 "$store" "$store"-*
is "so it still comes" "$(told)" 10

# A report without any policy belongs to no day's figures, but is told of.
cat >empty.json <<'JSON'
{"organization-name":"Reporter Inc.","date-range":{
"start-datetime":"2026-11-15T00:00:00Z","end-datetime":"2026-11-15T23:59:59Z"},
"contact-info":"tls@empty.example","report-id":"empty","policies":[]}
JSON
tally -q ingest empty.json
tally digest --new | same "a report without a policy" new-empty.txt
is "once too" "$(tally digest --new | wc -c)" 0

# Two at once: one of them tells it.
mail id=11 day=2026-11-10 ok=11
for i in 1 2 3 4; do
	tally digest --new -f csv --state many -o many.$i &
done
wait
is "several at once tell it once" "$(cat many.? | grep -c ',1,11,')" 1
tally digest --new >/dev/null

# A digest of nothing is of no days, of pruned ones neither.
tally prune --keep 2d >/dev/null
status "nothing new after a prune" 0 tally digest --new -f csv
is "is the header alone" "$(wc -l <<<"$said")" 1
done_testing
