#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# What contrib/weekly-csv writes, opened as a user would: every column has
# its type, and nothing is lost, computed or turned into something else.
. "$(dirname "$0")/sheet.sh"
export TLSTALLY

# mail KEY=VALUE...: writes one report
mail() {
	count_mails=$((${count_mails-0} + 1))
	python3 "$top/tests/cli/mail.py" id=$count_mails "$@" \
		>mails/$count_mails.eml
}

mkdir mails csv
mail day=2026-11-09 ok=1000000 failed=7
mail day=2026-11-12 ok=234567 failed=11 reporter=bücher.example
mail day=2026-11-15 ok=1 failed=3 mx='=HYPERLINK("http://x.example";"x")' \
	reporter=two.example
mail day=2026-11-15 ok=0 failed=5 mx=-1+1 type='@SUM(1;2)' \
	reporter=three.example
# A name of digits, of which a number would lose the last.
mail day=2026-11-15 ok=0 failed=1 mx=12345678901234567 reporter=four.example
# Before and after the week.
mail day=2026-11-08 ok=999999999 failed=999999
mail day=2026-11-16 ok=999999999 failed=999999
tally -q ingest mails

# The columns that are no text, and how a spreadsheet calls their types.
typed="period_start date
period_end date
policy_entries float
successful_sessions float
failed_sessions float
failure_details float
first_day date
last_day date"

for kind in plain comma semicolon; do
	case $kind in
	plain) option= code=44 ;;
	comma) option=--excel code=44 ;;
	semicolon) option=--excel=semicolon code=59 ;;
	esac
	# shellcheck disable=SC2086
	status "$kind: a week is written" 0 "$top/contrib/weekly-csv" \
		$option -s "$store" csv
	for rows in policies failures; do
		name=$rows-$kind
		mv "csv/$rows-2026-W46.csv" "$name.csv"
		sheet "$name" $code
		sheet "$name" $code fods
		types "sheet-$name/$name.fods" >"$name.types"
		is "$name: numbers and dates are such" \
			"$(grep -E ' (float|date)$' "$name.types")" \
			"$(grep -wFf <(cut -d' ' -f1 "$name.types") \
				<<<"$typed")"
		# The name of digits: a number without --excel, and with it
		# the only formula, that of a mere text.
		case $name in
		failures-plain) odd="receiving_mx_hostname float string" ;;
		failures-*) odd="receiving_mx_hostname formula string" ;;
		*) odd= ;;
		esac
		is "$name: all else is text, or nothing" "$(grep -vE \
			'^[a-z_]+ (float|date|string|empty|empty string)$' \
			"$name.types")" "$odd"
	done
	is "$kind: nothing is left in the folder" "$(ls -A csv)" ""
	policies=sheet-policies-$kind/policies-$kind.csv
	failures=sheet-failures-$kind/failures-$kind.csv
	is "$kind: successful sessions sum up" \
		"$(sum "$policies" successful_sessions)" 1234568
	is "$kind: failed sessions sum up" \
		"$(sum "$policies" failed_sessions)" 27
	is "$kind: so they do over failures" \
		"$(sum "$failures" failed_sessions)" 27
	like "$kind: umlauts are right" "$(cells "$policies" reporter)" \
		'(^| )bücher\.example( |$)'
	like "$kind: formulas are text" \
		"$(cells "$failures" receiving_mx_hostname)" \
		'=hyperlink\("http://x\.example";"x"\)'
	like "$kind: whatever they begin with" \
		"$(cells "$failures" receiving_mx_hostname)" '(^| )-1\+1 '
	like "$kind: in every column" "$(cells "$failures" result_type)" \
		'@SUM\(1;2\)'
	[ $kind = plain ] || like "$kind: long numbers are kept to the letter" \
		"$(cells "$failures" receiving_mx_hostname)" \
		'(^| )12345678901234567( |$)'
	like "$kind: the days are those of the week" \
		"$(cells "$policies" period_start)" \
		'^2026-11-09 2026-11-12 2026-11-15( 2026-11-15)+$'
done
done_testing
