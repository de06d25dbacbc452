# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Sourced by the tests with a real spreadsheet, LibreOffice.
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"
command -v soffice >/dev/null || skip_all "LibreOffice is not installed"
command -v python3 >/dev/null || skip_all "python3 is not installed"

# sheet NAME SEPARATOR-CODE [FORMAT]: what LibreOffice makes of NAME.csv, as
# values, or as a sheet of that format
sheet() {
	local format='csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true'
	mkdir -p "sheet-$1"
	soffice -env:UserInstallation="file://$scratch/office" --headless \
		--infilter="CSV:$2,34,76,1,,0,false,true" \
		--convert-to "${3-$format}" \
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

# types FILE: of each column of a sheet that was saved as .fods (flat XML),
# its name and the types that its cells below the header have
types() {
	python3 - "$1" <<'PY'
import sys
import xml.etree.ElementTree as E
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
rows = []
for row in E.parse(sys.argv[1]).getroot().iter(TABLE + "table-row"):
    cells = []
    for cell in row.iter(TABLE + "table-cell"):
        text = "".join("".join(p.itertext()) for p in cell.iter(TEXT + "p"))
        kind = cell.get(OFFICE + "value-type", "empty")
        if cell.get(TABLE + "formula"):
            kind = "formula"
        again = int(cell.get(TABLE + "number-columns-repeated", "1"))
        cells += [(kind, text)] * min(again, 100)
    if any(text for _, text in cells):
        rows.append(cells)
for i, (_, name) in enumerate(rows[0]):
    if name:
        print(name, *sorted({row[i][0] for row in rows[1:]}))
PY
}
