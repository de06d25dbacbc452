#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The digest as JSON: as its schema says, whatever reports say, and the same
# figures as the CSV.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
python3 -c 'import jsonschema' 2>/dev/null ||
	skip_all "python3-jsonschema is not installed"
export PYTHONDONTWRITEBYTECODE=1
schema=$top/docs/digest.schema.json

json() {
	"$TLSTALLY" -c "$conf" -s "$store" digest -f json "$@"
}
write </dev/null

# A store that was never fed.
mkdir empty
tally -q ingest empty
json -o empty.json
json --all-time -o empty-ever.json
json --new --state news -o empty-new.json

cp "$top/contrib/sample/reports.mbox" .
tally -q ingest reports.mbox 2>/dev/null
json --week 2026-W46 -o week.json
json --week 2026-W46 --rows policies -o policies.json
json --week 2026-W46 --rows failures -o failures.json
json --week 2026-W46 --rows policies --failures-only -o failed.json
json --week 2026-W46 --by day -o by-day.json
json --all-time -o ever.json
json --new --state news -o new.json
json --new --state news -o new-none.json
python3 - <<'PY' | same "one domain of the sample" json-domain.json
import json
d = json.load(open("week.json"))
assert d["generated"] == "2026-11-16T06:00:00Z"
assert (d["store"].pop("rejects"), d["store"].pop("conflicts")) == (1, 1)
print(json.dumps(d["domains"][0], indent=1))
PY

# What is not in the sample: silence, changes, what is gone and ignored, a
# source that fails, groups, domains of others and without reports.
# reports REPORTER "DAY..." [KEY=VALUE...]: one for each day
mkdir box
reports() {
	local reporter=$1 days=$2 day
	shift 2
	python3 "$top/tests/cli/mail.py" form=json id="$reporter-DAY" \
		reporter="$reporter" day=2026-11-DAY "$@" >one.txt
	for day in $days; do
		sed "s/DAY/$day/g" one.txt >"box/$reporter-$day.json"
	done
}
early='01 02 03 04 05 06'
reports quiet.example "$early"
reports gone.example "$early" failed=3 mx=mx7.example.com
reports loud.example "$early 07 08 09 10 11 12 13 14 15" failed=2
reports old.example '09 10' failed=1 mx=mx9.example.com
reports other.example 10 domain=stranger.example failed=1
# A policy changes.
sed -i 's/mode: enforce/mode: testing/; s/\*\.example\.com/mx2.example.com/g' \
	box/loud.example-1[2-5].json
store=$scratch/scope.db
write <<EOF
source "box" { path = "$scratch/box" }
source "lost" { path = "$scratch/no/such" }
source "new" { path = "$scratch/new" }
group "shop" { domains = {"example.com", "never.example"} }
ignore "old mx" { mx = "mx9.example.com" }
reporter "Loud" { match = "loud.*" }
EOF
"$TLSTALLY" -c "$conf" -s "$store" -q ingest 2>/dev/null
json --since 2026-11-09 --until 2026-11-15 --zeros -o scope.json
json --since 2026-11-09 --until 2026-11-15 --group shop -o group.json
TLSTALLY_NOW=2026-11-30T06:00:00Z json --day 2026-11-16 --zeros -o later.json

# Whatever strangers write.
store=$scratch/hostile.db
write </dev/null
tally -q ingest "$top/tests/data/hostile" 2>/dev/null
for rows in policies failures; do
	json --all-time --rows $rows -o hostile-$rows.json
	ok "what is hostile is in it" grep -q '\\u202e' hostile-$rows.json
	ok "nothing dangerous stands there as it is" \
		python3 "$top/tests/hostile/raw.py" text hostile-$rows.json
done

python3 "$top/tests/cli/schema.py" --seen "$schema" ./*.json >checked
grep ': ' checked | grep -v '^never seen' | while IFS= read -r line; do
	is "as the schema says" "${line##*/}" "$(sed 's/: .*/: ok/' \
		<<<"${line##*/}")"
done
is "so many are checked" "$(grep -c ': ok$' checked)" "$(ls ./*.json | wc -l)"
is "and every member was seen" "$(tail -n 1 checked)" "never seen:"
is "the schema notices what is missing, wrong or strange" \
	"$(python3 "$top/tests/cli/schema.py" --mutate "$schema" scope.json |
		tail -n 1)" "True, not noticed:"
is "every member is in the manual" "$(python3 - "$schema" <<'PY' |
import json, sys
def names(v):
    if isinstance(v, dict):
        yield from v.get("properties", {})
        for m in v.values():
            yield from names(m)
print(*sorted(set(names(json.load(open(sys.argv[1]))))), sep="\n")
PY
	while read -r name; do
		grep -qw "$name" "$top/docs/tlstally-formats.5" || echo "$name"
	done)" ""

python3 - <<'PY' >facts
import json
def load(name):
    return json.load(open(name + ".json"))
d = {x["policy_domain"]: x for x in load("scope")["domains"]}
facts = [
    ("nothing is new", load("new-none")["period"], None),
    ("an empty store has no domains", load("empty-ever")["domains"], []),
    ("a domain without reports is there", d["never.example"]["verdict"],
     "nothing"),
    ("a domain of others is told apart",
     [(n, x["own"], x["group"]) for n, x in d.items()],
     [("example.com", True, "shop"),
      ("never.example", True, "shop"),
      ("stranger.example", False, "")]),
    ("what is ignored is counted", d["example.com"]["ignored"],
     [{"rule": "old mx", "failed_sessions": 2}]),
    ("states", sorted({i["state"] for i in d["example.com"]["incidents"]}),
     ["gone", "ongoing"]),
    ("who is silent", [s["reporter"] for s in d["example.com"]["silences"]],
     ["gone.example", "quiet.example"]),
    ("who is merged", [r["reporter"] for r in d["example.com"]["reporters"]],
     ["Loud", "old.example"]),
    ("sources", [(s["source"], s["kind"])
                 for s in load("scope")["health"]["faults"]],
     [("lost", "failing"), ("new", "failing")]),
    ("failures only leaves out what is fine",
     [x for x in load("failed")["policy_rows"] if not x["failed_sessions"]],
     []),
    ("no rows unless asked for", [k for k in load("week") if "row" in k], []),
]
for name, got, want in facts:
    print("same" if got == want else "got %s" % got, name, sep="\t")
for name in ("policies", "failures", "by-day", "ever"):
    f = load(name)
    for rows in ("policy_rows", "failure_rows"):
        if rows in f:
            for x in f["domains"]:
                got = sum(r["failed_sessions"] for r in f[rows]
                          if r["policy_domain"] == x["policy_domain"])
                print("same" if got == x["failed_sessions"] else "no: %d" %
                      got, "%s sum up: %s" % (rows, x["policy_domain"]),
                      sep="\t")
    for x in f["domains"]:
        for part in ("days", "policies", "reporters"):
            got = sum(p["failed_sessions"] + p["successful_sessions"]
                      for p in x[part])
            if got != x["failed_sessions"] + x["successful_sessions"]:
                print("no: %d" % got, name + " " + part, sep="\t")
PY
while IFS=$'\t' read -r got name; do
	is "$name" "$got" same
done <facts
ok "facts were looked at" test "$(wc -l <facts)" -gt 12
done_testing
