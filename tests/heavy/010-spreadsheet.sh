#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The CSV in a real spreadsheet: types, sums, umlauts, and no formula runs.
. "$(dirname "$0")/sheet.sh"

mkdir mails
python3 "$top/tests/cli/mail.py" id=1 ok=1234 failed=7 >mails/1.eml
python3 "$top/tests/cli/mail.py" id=2 ok=100 failed=2 mx="=1+2" \
	reporter=bücher.example >mails/2.eml
python3 "$top/tests/cli/mail.py" id=3 ok=1 failed=3 mx="@SUM(1;2)" \
	type="=cmd" reporter=two.example >mails/3.eml
tally -q ingest mails

for kind in plain comma semicolon; do
	case $kind in
	plain) option= code=44 ;;
	comma) option=--excel code=44 ;;
	semicolon) option=--excel=semicolon code=59 ;;
	esac
	for rows in policies failures; do
		name=$rows-$kind
		# shellcheck disable=SC2086
		tally digest --all-time -f csv --rows $rows $option >"$name.csv"
		sheet "$name" $code
		ok "$name opens" test -s "sheet-$name/$name.csv"
	done
	is "$kind: successful sessions sum up" \
		"$(sum "sheet-policies-$kind/policies-$kind.csv" \
			successful_sessions)" 1335
	is "$kind: failed sessions sum up" \
		"$(sum "sheet-policies-$kind/policies-$kind.csv" \
			failed_sessions)" 12
	is "$kind: so they do over failures" \
		"$(sum "sheet-failures-$kind/failures-$kind.csv" \
			failed_sessions)" 12
	got=$(cat "sheet-failures-$kind/failures-$kind.csv")
	like "$kind: umlauts are right" "$got" 'bücher\.example'
	is "$kind: a formula is text, and nothing is computed" \
		"$(cells "sheet-failures-$kind/failures-$kind.csv" \
			receiving_mx_hostname)" \
		"=1+2 @sum(1;2) mx1.example.com"
	like "$kind: in other columns too" \
		"$(cells "sheet-failures-$kind/failures-$kind.csv" \
			result_type)" '=cmd'
	like "$kind: dates are dates" "$got" '2026-11-10'
done
done_testing
