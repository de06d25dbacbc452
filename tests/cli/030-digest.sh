#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Digests of the sample mailbox, against golden files.
. "$(dirname "$0")/lib.sh"
command -v script >/dev/null || skip_all "script(1) is not installed"

cp "$top/contrib/sample/reports.mbox" .
status "the sample is read; it has a broken report" 65 tally -v ingest \
	reports.mbox
is "and every mail is accounted for" "$(tail -n 1 <<<"$said")" \
	"ingested 35 messages: 30 new reports, 1 duplicate, 1 conflict,\
 1 rejected, 2 foreign"

week=(--week 2026-W46)
tally digest "${week[@]}" | same "a week of two domains" week.txt
tally digest "${week[@]}" -d example.com |
	same "of one of them" week-one.txt
tally digest --day 2026-11-10 | same "a day without trouble" day-fine.txt
tally digest --day 2026-11-13 -d example.com |
	same "a day with an expired certificate" day.txt
tally digest | same "yesterday is the default" yesterday.txt
tally digest --day 2026-11-20 | same "a day without reports" day-none.txt
tally digest --since 2026-11-12 --until 2026-11-13 --by day -d example.com |
	same "day by day" by-day.txt
tally digest "${week[@]}" --failures-only |
	same "only what failed" failures-only.txt
tally digest "${week[@]}" -f csv | same "policies as CSV" policies.csv
tally digest "${week[@]}" -f csv --rows failures |
	same "failures as CSV" failures.csv
tally digest --month 2026-11 --by month -f csv |
	same "a month as CSV" month.csv
tally digest --all-time --by week -f csv --excel=semicolon |
	same "for Excel" excel.csv
tally digest "${week[@]}" -f csv --rows policies --failures-only |
	same "only policies that failed, as CSV" policies-failed.csv

is "the lines of CSV end in CR LF" \
	"$(tally digest "${week[@]}" -f csv | grep -vc $'\r$')" 0
is "no line of text is over 80 columns" \
	"$(tally digest "${week[@]}" | grep -v '^Store' | grep -cE '.{81}')" 0
tally digest "${week[@]}" -f csv -o out.csv
ok "-o writes the same into a file" \
	cmp out.csv <(tally digest "${week[@]}" -f csv)
is "and leaves nothing else" "$(echo out.csv*)" "out.csv"
status "--rows without CSV is a mistake, not silence" 64 tally digest \
	--rows failures
status "so is --excel" 64 tally digest --excel
status "a file that cannot be written" 74 tally digest -o no/such/file

# A terminal gets colours, unless it does not want them.
in_terminal() {
	script -qec "$1" /dev/null </dev/null
}
call="$TLSTALLY -s $store digest --week 2026-W46"
like "colours on a terminal" "$(in_terminal "$call")" $'\033\\['
is "not with NO_COLOR" "$(NO_COLOR=1 in_terminal "$call" |
	grep -c $'\033')" 0
is "nor into a file" "$($call | grep -c $'\033')" 0

tally list | same "the reports" list.txt
tally list -r '*yahoo*' --week 2026-W46 | same "of one reporter" list-one.txt

# On a terminal a list fits the page, and no name is cut.
python3 "$top/tests/cli/mail.py" --lines long form=json day=1 \
	reporter=google.com <<-END
	domain=$(printf 'a-domain.of-many-labels.%.0s' 1 2 3 4)example failed=1
	domain=a-domain-of-thirty-nine.columns.example ok=4000000000000
	reporter=a-reporter-of.forty-columns.here.example
	domain=short.example
END
"$TLSTALLY" -q -s long.db ingest long
call="$TLSTALLY -s long.db list"
in_terminal "$call" | tr -d '\r' | same "long names on a terminal" \
	list-terminal.txt
is "fit the page" "$(in_terminal "$call" | tr -d '\r' | grep -cE '.{81}')" 0
is "elsewhere a report is a line" "$($call | wc -l)" 5
call="$TLSTALLY -s $store list --day 2026-11-12"
in_terminal "$call" | tr -d '\r' | same "so do remarks" list-remarks.txt

tally show 1 | grep -v '^stored' | same "one report" show.txt
tally rejects | same "what could not be used" rejects.txt
tally explain certificate-expired | same "an explanation" explain.txt
done_testing
