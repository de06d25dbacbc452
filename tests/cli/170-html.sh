#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The HTML digest and the statement of coverage: a strict reader takes the
# page, nothing reported gets out of its escape, and nothing is loaded.
. "$(dirname "$0")/lib.sh"

# page.py PAGE: as XML; says what is not as it must be
cat >page.py <<'EOF2'
import base64, hashlib, re, sys
import xml.etree.ElementTree as ET

text = open(sys.argv[1], encoding="utf-8", newline="").read()
assert text.startswith("<!DOCTYPE html>\n"), "no doctype"
X = "{http://www.w3.org/1999/xhtml}"
root = ET.fromstring(text)
ids = [e.get("id") for e in root.iter() if e.get("id")]
if len(ids) != len(set(ids)):
    print("ids are not unique")
for e in root.iter():
    tag = e.tag.split("}")[1]
    if tag in ("script", "iframe", "img", "link", "object", "embed", "form",
               "base", "use", "image", "foreignObject"):
        print("element", tag)
    for name, value in e.attrib.items():
        if name.startswith("on") or name in ("style", "src", "srcset"):
            print("attribute", name)
        if "href" in name and value[1:] not in ids:
            print("href", value)
        if name.startswith("aria-") and value not in ids:
            print(name, value)
styles = [e for e in root.iter(X + "style")]
if len(styles) != 1 or re.search(r"url\(|@import|expression", styles[0].text):
    print("style")
policy = [e.get("content") for e in root.iter(X + "meta")
          if e.get("http-equiv") == "Content-Security-Policy"]
digest = base64.b64encode(
    hashlib.sha256(styles[0].text.encode()).digest()).decode()
wanted = ("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
          "form-action 'none'" % digest)
if policy != [wanted]:
    print("policy", policy)
if root.get("lang") != "en" or not root.findtext(".//" + X + "title"):
    print("no language or title")
levels = [int(e.tag[-1]) for e in root.iter()
          if re.fullmatch(r"h[1-6]", e.tag.split("}")[1])]
for a, b in zip(levels, levels[1:]):
    if b > a + 1:
        print("a heading of level", b, "below", a)
if levels.count(1) != 1:
    print("not one h1")
if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
    print("control characters")
EOF2

# page NAME OPTION...: a digest as HTML, in NAME.html
page() {
	local name=$1
	shift
	ok "$name: is written" tally digest -f html -o "$name.html" "$@"
	is "$name: is a page, and nothing else" \
		"$(python3 page.py "$name.html" 2>&1)" ""
}

cp "$top/contrib/sample/reports.mbox" .
tally -q ingest reports.mbox 2>/dev/null
page all --all-time
page week --week 2026-W46
page days --week 2026-W46 --by day
page one -d example.com --all-time
page none --day 2020-01-01
page new --new
page failed --all-time --failures-only
like "the title says the verdict" "$(grep -o '<title>.*</title>' week.html)" \
	'<title>.*failing.*TLS reports of 2026-11-09 to 2026-11-15'
like "the remedy is there" "$(cat week.html)" '<pre>openssl s_client'
like "and so is the statement of coverage" "$(cat week.html)" \
	'Statement of coverage'
like "while reports still come in the verdict says so" \
	"$(TLSTALLY_NOW=2026-11-15T06:00:00Z tally digest -f html \
		--week 2026-W46)" '1 with warnings.*Reports still come in'
is "and not later" "$(TLSTALLY_NOW=2026-11-20T06:00:00Z tally digest -f html \
	--week 2026-W46 | grep -c 'still come in')" 0
ok "equal figures make equal pages" cmp week.html \
	<(tally digest -f html --week 2026-W46)

# ---- hostile reports ----

cat >hostile.py <<'EOF2'
import json, sys
texts = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
         "' onload='x", "]]><!--", "</title></style></main>", "&lt;b&gt;&",
         "\u202egpj.exe", "\x1b[31m\x07", "javascript:alert(1)",
         "\U000e0001x", "http://evil.example/", "x" * 3000, "\u05d0\u05d1"]
for i, t in enumerate(texts):
    json.dump({"organization-name": t, "report-id": t + str(i),
               "date-range": {"start-datetime": "2026-11-10T00:00:00Z",
                              "end-datetime": "2026-11-10T23:59:59Z"},
               "contact-info": t, "policies": [
        {"policy": {"policy-type": t, "policy-string": ["mode: " + t,
                                                        "mx: " + t],
                    "policy-domain": t, "mx-host": [t]},
         "summary": {"total-successful-session-count": 1,
                     "total-failure-session-count": 2},
         "failure-details": [
             {"result-type": t, "sending-mta-ip": t, "receiving-ip": t,
              "receiving-mx-hostname": t, "receiving-mx-helo": t,
              "failure-reason-code": t, "additional-information": t,
              "failed-session-count": 2}]}]},
        open("hostile/%d.json" % i, "w"))
EOF2
mkdir hostile
python3 hostile.py
store=$scratch/hostile.db
write <<EOF
domain "*script*" { }
group "<b>&" { domains = {"*img*", "*x*"} }
ignore "<i>" { result = "validation-failure" }
EOF
status "hostile reports are read" 0 tally -c "$conf" -q ingest hostile
export TLSTALLY_NOW=2026-11-12T06:00:00Z
page hostile --day 2026-11-10
page hostile-days --all-time --by day
page hostile-conf -c "$conf" --day 2026-11-10 --zeros
page hostile-group -c "$conf" --day 2026-11-10 --group "<b>&"
is "no tag of theirs is one" \
	"$(cat hostile*.html | grep -ciE '<(script|img|b>&)')" 0
like "what they say is shown" "$(cat hostile.html)" '&lt;script&gt;alert'
like "what turns text around, too" "$(cat hostile.html)" '&lt;U\+202E&gt;'
like "other domains stand apart" "$(cat hostile-conf.html)" 'Other domains'

# ---- coverage ----

store=$scratch/cover.db
export TLSTALLY_NOW=2026-12-05T06:00:00Z
mkdir mails
n=0
for day in 01 02 04 09 30; do
	n=$((n + 1))
	python3 "$top/tests/cli/mail.py" id=$n day=2026-11-$day ok=10 failed=1 \
		>mails/$n.eml
done
python3 "$top/tests/cli/mail.py" id=x day=2026-11-02 ok=5 \
	reporter=other.example domain=b.example >mails/x.eml
# The same report once more, and not the same.
python3 "$top/tests/cli/mail.py" id=1 day=2026-11-01 ok=11 failed=1 \
	>mails/y-conflict.eml
write <<'EOF'
digest { domains = {"example.com", "b.example", "quiet.example"} }
EOF
tally -q ingest mails
tally -c "$conf" digest --month 2026-11 -f csv --rows coverage --zeros |
	same "coverage as CSV" coverage.csv
page month -c "$conf" --month 2026-11 --zeros
like "coverage in HTML: days" "$(tr -d '\n' <month.html)" \
	'Days with reports</dt><dd>5 of 30; none of <time>2026-11-03</time>, <time>2026-11-05'
like "who was heard" "$(tr -d '\n' <month.html)" 'Reporters</dt><dd>2</dd>'
like "what was not counted" "$(cat month.html)" '1.report in conflict'
like "and what is not verified" "$(cat month.html)" '6 unchecked'
is "by month is the same for one month" \
	"$(tally -c "$conf" digest --month 2026-11 --by month -f csv \
		--rows coverage --zeros)" \
	"$(tally -c "$conf" digest --month 2026-11 -f csv --rows coverage \
		--zeros)"
# A conflict counts in the row of its day and domain.  One of two domains is in
# both rows, and once in the whole; those of strangers are theirs.
# two ID OK DOMAIN...: a report about these domains
two() {
	local id=$1 ok=$2 d sep=
	shift 2
	printf '{"organization-name": "R", "contact-info": "a@r.example",
		"report-id": "%s", "date-range": {
		"start-datetime": "2026-11-09T00:00:00Z",
		"end-datetime": "2026-11-09T23:59:59Z"}, "policies": [' "$id"
	for d; do
		printf '%s{"policy": {"policy-type": "no-policy-found",
			"policy-domain": "%s"}, "summary": {
			"total-successful-session-count": %d,
			"total-failure-session-count": 0}}' "$sep" "$d" "$ok"
		sep=,
	done
	printf ']}'
}
two both 1 b.example example.com >1.json
two both 2 b.example example.com >2.json
two part 1 stranger.example b.example >3.json
two part 2 stranger.example b.example >4.json
two alien 1 stranger.example >5.json
two alien 2 stranger.example >6.json
tally -q ingest [1-6].json
# conflicts ARGUMENT...: the domains and days that have any
conflicts() {
	tally -c "$conf" digest --month 2026-11 -f csv --rows coverage "$@" |
		awk -F, 'NR > 1 && $16 > 0 { print $4, $1, $16 }'
}
is "each row counts its own conflicts" "$(conflicts)" \
	"b.example 2026-11-01 2
example.com 2026-11-01 2"
is "of its days" "$(conflicts --by day -d example.com)" \
	"example.com 2026-11-01 1
example.com 2026-11-09 1"
page month -c "$conf" --month 2026-11
like "the whole counts one of two domains once, and no stranger's" \
	"$(cat month.html)" '>3.reports in conflict'
page month -c "$conf" --month 2026-11 -d example.com
like "of what was asked for" "$(cat month.html)" '>2.reports in conflict'
page day -c "$conf" --month 2026-11 --by day
is "each period has its own" \
	"$(grep -oE '>[0-9]+.reports? in conflict' day.html | tr -dc '0-9\n' |
		grep -v '^0' | xargs)" "1 2"
like "text and JSON count what was asked for" \
	"$(tally -c "$conf" digest --month 2026-11 -d example.com)" \
	'^2 reports contradict others'
status "coverage is for CSV only" 64 tally digest -f text --rows coverage
done_testing
