#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# A day is incomplete while a usual reporter's report may still come.
. "$(dirname "$0")/lib.sh"

# mail DAY-OF-MONTH HOUR KEY=VALUE...: writes one report of that day of
# November, received at that hour of the next
mail() {
	local day=$1 date
	date="$((day + 1)) Nov 2026 $2:00:00 +0000"
	shift 2
	count_mails=$((${count_mails-0} + 1))
	python3 "$top/tests/cli/mail.py" id=$count_mails "day=2026-11-$day" \
		"date=$date" "$@" >mails/$count_mails.eml
}

# at TIME ARGUMENT...: a digest of the 15th, read on the 16th at that time
at() {
	local time=$1
	shift
	TLSTALLY_NOW=2026-11-16T$time:00Z tally "$@" digest --day 2026-11-15
}

# note TIME ARGUMENT...: what its heading says to the right
note() {
	at "$@" | sed -n '1s/.*(UTC)  *//p'
}

mkdir mails
for day in 10 11 12 13 14; do
	mail $day 10 reporter=google.com
	mail $day 20 reporter=microsoft.com
done
mail 15 10 reporter=google.com
tally -q ingest mails

awaited="incomplete: 1 of 2 usual reporters so far"
missing="1 of 2 usual reporters"
at 15:00 | same "one report is awaited" settle-awaited.txt
is "its hour has come, and one hour is added" "$(note 20:59)" "$awaited"
at 21:00 | same "then it is missing" settle-overdue.txt

echo 'digest { settle = "15h" }' >c.conf
is "settle is the end of all waiting" "$(note 14:59 -c c.conf)" "$awaited"
is "at its hour" "$(note 15:00 -c c.conf)" "$missing"
echo 'digest { settle = "0h" }' >c.conf
is "none: nothing is ever awaited" "$(note 00:00 -c c.conf)" "$missing"

# One slow day is forgiven, two are a habit.
mail 9 23 reporter=microsoft.com
tally -q ingest mails
is "one slow day changes nothing" "$(note 21:00)" "$missing"
mail 8 23 reporter=microsoft.com
tally -q ingest mails
is "a second one does" "$(note 21:00)" "$awaited"

mail 15 12 reporter=microsoft.com
for day in 10 11 12 13 14; do
	mail $day 8 domain=example.net
	mail $day 16 domain=example.org
done
mail 15 8 domain=example.net
tally -q ingest mails
at 13:00 | same "a domain of which nothing came is awaited" settle-overview.txt
is "until its hour is over" "$(note 17:00)" ""
one=$(TLSTALLY_NOW=2026-11-16T13:00:00Z tally digest -d example.com)
like "what all have reported is complete, however young" "$one" \
	"\(UTC\) *2 of 2 usual reporters"

for bad in 36 h -1h 1w 745h 32d 1d2 '99999999999999999999h' ''; do
	printf 'digest {\n\tsettle = "%s"\n}\n' "$bad" >c.conf
	status "settle = \"$bad\" is refused" 78 tally -c c.conf digest
	like "with its place" "$said" "c.conf:2: .*settle"
done
for good in 0h 744h 31d 0d; do
	printf 'digest {\n\tsettle = "%s"\n}\n' "$good" >c.conf
	status "settle = \"$good\"" 0 tally -c c.conf digest
done
done_testing
