#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Export: rows for other programs, and the files as they came.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

mail() {
	python3 "$top/tests/cli/mail.py" "$@"
}

for f in "$top"/tests/data/good/* "$top"/tests/data/lenient/* \
	"$top"/tests/data/hostile/* "$top/contrib/sample/reports.mbox"; do
	tally -q ingest "$f" 2>/dev/null
done
for rows in policies failures; do
	for f in csv ndjson; do
		status "export --rows $rows --format $f" 0 \
			tally export --rows $rows -f $f -o "$rows.$f"
	done
done
tally digest --all-time -f csv --by total >digest.csv
python3 - <<'P' >sums.txt 2>&1
import csv, json
def rows(name):
    with open(name + ".csv", newline="", encoding="utf-8") as f:
        text = f.read()
    assert text.count("\r\n") and text.endswith("\r\n")
    table = list(csv.DictReader(text.splitlines(keepends=True)))
    with open(name + ".ndjson", encoding="utf-8", newline="\n") as f:
        objects = [json.loads(line) for line in f]
    assert len(table) == len(objects), name
    for t, o in zip(table, objects):
        assert list(t) == list(o)
        for k, v in o.items():
            if isinstance(v, bool):
                assert t[k] == ("yes" if v else "no")
            elif isinstance(v, int):
                assert t[k] == str(v), (k, t[k], v)
            elif v is None:
                assert t[k] == ""
            elif isinstance(v, str) and v.isascii() and v.isprintable():
                assert t[k].removeprefix("'") == v.removeprefix("'"), (k, v)
    return objects
policies, failures = rows("policies"), rows("failures")
key = lambda o: (o["report"], o["policy_number"])
assert len({key(p) for p in policies}) == len(policies)
byp = {key(p): p for p in policies}
sums = dict.fromkeys(byp, 0)
for f in failures:
    sums[key(f)] += f["failed_session_count"]
    for k in ("counted", "day", "reporter", "policy_domain", "policy_type"):
        assert f[k] == byp[key(f)][k], k
for k, p in byp.items():
    assert sums[k] == p["total_failure_session_count"], k
assert any(not p["counted"] for p in policies)
with open("digest.csv", newline="") as f:
    d = list(csv.DictReader(f))
for mine, theirs in (("total_successful_session_count",
                      "successful_sessions"),
                     ("total_failure_session_count", "failed_sessions")):
    assert sum(p[mine] for p in policies if p["counted"]) == \
        sum(int(r[theirs]) for r in d), mine
print("ok")
P
is "CSV and JSON agree, join, and sum to the digest" "$(cat sums.txt)" ok
is "no control character in the JSON" \
	"$(LC_ALL=C grep -c '[[:cntrl:]]' policies.ndjson)" 0

# Filters are those of list.
one=$(tally export --day 2026-11-13 -d example.com -r google.com -f ndjson)
is "a filter takes one" "$(wc -l <<<"$one")" 1
like "the right one" "$one" '"day":"2026-11-13".*"reporter":"google.com"'
is "a domain takes its policies only" "$(tally export -d example.net \
	-f ndjson | grep -c -v '"policy_domain":"example.net"')" 0
is "an empty period is a heading" "$(tally export --day 2020-01-01 | wc -l)" 1
is "and in JSON nothing" "$(tally export --day 2020-01-01 -f ndjson)" ""

ok "policies are what is exported if nothing is said" \
	cmp policies.csv <(tally export)

status "no such format" 64 tally export -f xml
status "no such rows" 64 tally export --rows all
status "no argument" 64 tally export x
status "no store" 66 "$TLSTALLY" -s none.db export
status "originals have no rows" 64 tally export --originals o --rows policies
status "nor a format" 64 tally export --originals o -f csv
status "and a name" 64 tally export --originals ''
ok "no folder was made for these" test ! -e o
status "a full disk is told" 75 bash -c \
	"'$TLSTALLY' -s '$store' export >/dev/full"

# Originals.
status "--originals" 0 tally export --originals o
is "one file for each report" "$(ls o | wc -l)" \
	"$(tally list | tail -n +2 | wc -l)"
is "all under our names" "$(ls -A o |
	grep -cvE '^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]+\.json$')" 0
bad=0
for f in o/*; do
	n=${f##*-}
	tally show --original "${n%.json}" | cmp -s - "$f" || bad=$((bad + 1))
done
is "each as it was received" $bad 0
# Their SHA-256.
(cd o && sha256sum -- *) |
	sed 's/^\([0-9a-f]*\)  .*-\([0-9]*\)\.json$/\2 \1/' | sort >sums.files
tally export --all-time | python3 -c '
import csv, sys
rows = csv.DictReader(sys.stdin)
print("\n".join({"%s %s" % (r["report"], r["sha256"]) for r in rows}))' | sort >sums.cells
tally export --all-time -f ndjson | python3 -c '
import json, sys
rows = map(json.loads, sys.stdin)
print("\n".join({"%d %s" % (r["report"], r["sha256"]) for r in rows}))' | sort >sums.json
is "sha256 is that of the file" "$(cat sums.cells)" "$(cat sums.files)"
is "in JSON too" "$(cat sums.json)" "$(cat sums.cells)"
like "show has the same" "$(tally show 1)" \
	"^sha-256 +$(sed -n 's/^1 //p' sums.files)\$"

# An original that cannot be decompressed costs its cell.
tally backup damaged.db
python3 - damaged.db <<'P'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE report SET original = x'1f8b00' WHERE id = 2")
db.commit()
P
good=$store store=$scratch/damaged.db
status "export with a damaged original" 65 tally export --all-time -o rows.csv
like "names it" "$said" 'report 2: '
is "and no other" "$(grep -c . <<<"$said")" 1
is "its cell is empty, all else is there" "$(cat rows.csv)" \
	"$(store=$good tally export --all-time |
		sed "s/,$(sed -n 's/^2 //p' sums.cells),/,,/")"
like "JSON has null" "$(tally export --all-time -f ndjson 2>/dev/null)" \
	'"report":2,.*"sha256":null,'
status "failures do not need it" 0 tally export --all-time --rows failures
status "show without it" 65 tally show 2
like "shows the rest" "$said" '^reporter '
is "and no hash" "$(grep -c sha-256 <<<"$said")" 0
store=$good

# None is written twice.
status "again" 0 tally export --originals o
first=$(ls o | head -n 1)
echo mine >"o/$first"
status "what is there is not overwritten" 74 tally export --originals o
like "and named" "$said" "$first: there is such a file already"
is "it is as it was" "$(cat "o/$first")" mine
status "a period of them" 0 tally export --day 2026-11-13 --originals day
is "and no more" "$(ls day | cut -c1-10 | sort -u)" 2026-11-13

# Several at once, as from a timer and by hand.  Repeated: they must meet.
broken=0
for round in 1 2 3 4 5; do
	pids=()
	for i in 1 2 3 4 5 6; do
		tally export --originals "many$round" 2>>many.err &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || broken=$((broken + 1))
	done
	for f in "many$round"/*; do
		[ "${f##*/}" = "$first" ] || cmp -s "$f" "o/${f##*/}" ||
			broken=$((broken + 1))
	done
	[ "$(ls -A "many$round")" = "$(ls -A o)" ] || broken=$((broken + 1))
done
is "exports into one folder do not disturb each other" \
	"$broken$(cat many.err)" 0

# Flat: one report after the other, however many.
store=$scratch/flat.db
mail >one.eml
tally ingest one.eml
small=$(tally export -f ndjson | wc -l)
is "a single one" "$small" 1
done_testing
