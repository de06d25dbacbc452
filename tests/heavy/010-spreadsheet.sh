#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The CSV in a real spreadsheet: types, sums, umlauts, and no formula runs.
. "$(dirname "$0")/../cli/lib.sh"
command -v soffice >/dev/null || skip_all "LibreOffice is not installed"
command -v python3 >/dev/null || skip_all "python3 is not installed"

mkdir mails
python3 "$top/tests/cli/mail.py" id=1 ok=1234 failed=7 >mails/1.eml
python3 "$top/tests/cli/mail.py" id=2 ok=100 failed=2 mx="=1+2" \
	reporter=bücher.example >mails/2.eml
python3 "$top/tests/cli/mail.py" id=3 ok=1 failed=3 mx="@SUM(1;2)" \
	type="=cmd" reporter=two.example >mails/3.eml
tally -q ingest mails

# sheet NAME SEPARATOR-CODE: what LibreOffice makes of NAME.csv, as values
sheet() {
	mkdir -p "sheet-$1"
	soffice -env:UserInstallation="file://$scratch/office" --headless \
		--infilter="CSV:$2,34,76,1,,0,false,true" \
		--convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true' \
		--outdir "sheet-$1" "$1.csv" >"$scratch/office.log" 2>&1 ||
		cat "$scratch/office.log" >&2
}

# cells FILE COLUMN: the texts in a column, by its name
cells() {
	python3 - "$1" "$2" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
print(" ".join(sorted(r[sys.argv[2]].lstrip("'") for r in rows)))
PY
}

# sum FILE COLUMN: the sum over a column by its name; an error if one of its
# cells is no number
sum() {
	python3 - "$1" "$2" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
print(sum(int(r[sys.argv[2]]) for r in rows))
PY
}

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
