#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# How things stand: new, ongoing and gone, who fell silent, what has changed,
# what is ignored, and whether reports are read at all.
. "$(dirname "$0")/lib.sh"
export TLSTALLY_NOW=2026-11-24T06:00:00Z

# given NAME: a store of its own, from the lines on standard input
given() {
	store=$scratch/$1.db
	rm -rf mails
	mkdir mails
	python3 "$top/tests/cli/mail.py" --lines mails
	tally -q ingest mails
}

# day DAY ARGUMENT...: the digest of that day of November
day() {
	local day=2026-11-$1
	shift
	tally digest --day "$day" "$@"
}

# only DAY WORD...: for which of all words there is a digest of that day
only() {
	local word
	for word in new ongoing gone silence health; do
		[ -z "$(day "$1" --only-if "$word")" ] || printf '%s ' "$word"
	done
}

# ---- one broken host is one entry, from its first day to its last ----

given host <<'EOF_LINES'
day=1..20 reporter=google.com ok=100
day=1..20 reporter=microsoft.com ok=100
day=1..20 reporter=yahoo.com ok=50
day=1..20 reporter=mail.ru ok=50
day=1..20 reporter=gmx.net ok=50
day=11..15 domain=example.com reporter=google.de ok=0 failed=7 mx=mx2.example.com
day=12..15 reporter=microsoft.de ok=0 failed=6 mx=mx2.example.com type=certificate-not-trusted
day=12..15 reporter=yahoo.de ok=0 failed=5 mx=mx2.example.com type=validation-failure
day=13..15 reporter=mail.de ok=0 failed=4 mx=mx2.example.com
day=13..15 reporter=gmx.de ok=0 failed=3 mx=mx2.example.com type=validation-failure
EOF_LINES
day 13 | same "three kinds by five reporters are one entry" host.txt
is "on its first day it is new" \
	"$(day 11 | grep -oE '^  (NEW|ONGOING|GONE)')" "  NEW"
is "on its fifth it goes on" \
	"$(day 15 | grep -oE '^  (NEW|ONGOING|GONE).*\)')" "  ONGOING (day 5)"
is "on the next it is gone" \
	"$(day 16 | grep -oE '^  (NEW|ONGOING|GONE)')" "  GONE"
like "and the domain is all right" "$(day 16)" '^OK  *example\.com: no fail'
is "for a day" "$(day 17 | grep -cE '^  (NEW|ONGOING|GONE)')" 0
is "--only-if knows the new" "$(only 11)" "new "
is "what goes on" "$(only 15 | grep -o ongoing)" "ongoing"
is "what is gone" "$(only 16 | grep -o gone)" "gone"
is "before it there was nothing to tell" "$(only 10)" ""
status "and nothing is no failure" 0 day 10 \
	--only-if new,ongoing,gone,silence,health
is "nor a line" "$said" ""
day 10 --only-if new -o nothing.txt
ok "nor a file" test ! -e nothing.txt
status "an unknown word is a mistake" 64 day 10 --only-if new,old
is "CSV obeys it, too" "$(day 10 --only-if new -f csv | wc -c)" 0
is "and has all its lines if it applies" \
	"$(day 11 --only-if new -f csv | wc -l)" 7

# ---- a remedy that is given once ----

given three <<'EOF_LINES'
day=15 reporter=google.com domain=a.example failed=4 mx=mx.a.example
day=15 reporter=google.com domain=b.example failed=3 mx=mx.b.example
day=15 reporter=google.com domain=c.example failed=2 mx=mx.c.example
day=15 reporter=google.com domain=c.example failed=1 mx=mx.d.example
EOF_LINES
is "is referred to where it stands" "$(day 15 | grep -c 'Renew it'
	day 15 | grep 'What to do')" "1
         What to do: as for a.example above:
         What to do: as for a.example above:
         What to do: as for a.example above:"

# ---- what is ignored ----

# ignored RULE: the verdict with such a rule, and the line that counts
ignored() {
	printf 'ignore "known trouble" {\n%s\n}\n' "$1" | write
	"$TLSTALLY" -c "$conf" -s "$store" digest --day 2026-11-15 |
		sed -nE 's/^  Ignored +//p; s/^([A-Z]+) +example.com: .*/\1/p' |
		paste -sd: | sed 's/, by the rule known trouble//'
}

given ignored <<'EOF_LINES'
day=15 reporter=google.com ok=990 failed=10 mx=mx2.example.com
EOF_LINES
all="OK:10 failed sessions (10)"
is "without a rule that is for it" "$(ignored 'domain = "example.net"')" FAILING
is "a domain" "$(ignored 'domain = "*.com"')" "$all"
is "an MX host" "$(ignored 'mx = "mx2.*"')" "$all"
is "another MX host" "$(ignored 'mx = "mx1.*"')" FAILING
is "a reporter" "$(ignored 'reporter = "google.com"')" "$all"
is "another reporter" "$(ignored 'reporter = "google.net"')" FAILING
is "a result" "$(ignored 'result = certificate-expired')" "$all"
is "another result" "$(ignored 'result = tlsa-invalid')" FAILING
is "until its day" "$(ignored "$(printf \
	'mx = "mx2.*"\nuntil = 2026-11-15')")" "$all"
is "not after it" "$(ignored "$(printf \
	'mx = "mx2.*"\nuntil = 2026-11-14')")" FAILING
is "below a share" "$(ignored "$(printf \
	'mx = "mx2.*"\nbelow_percent = "1.01"')")" "$all"
is "not at it" "$(ignored "$(printf \
	'mx = "mx2.*"\nbelow_percent = "1"')")" FAILING
is "the figures stay as they are" "$("$TLSTALLY" -c "$conf" -s "$store" digest \
	--day 2026-11-15 -f csv | tail -n 1 | cut -d, -f 11,12 | tr -d '\r')" \
	"990,10"
printf 'ignore "a" {\nmx = "mx2.*"\n}\n' | write
like "the verdict says so, too" "$("$TLSTALLY" -c "$conf" -s "$store" \
	digest --day 2026-11-15)" '^OK .*: nothing is wrong but what is ignored; 1'
is "and what is ignored is no news" "$("$TLSTALLY" -c "$conf" -s "$store" \
	digest --day 2026-11-15 --only-if new,ongoing,gone)" ""

given share <<'EOF_LINES'
day=12..15 reporter=google.com ok=1000
day=12 reporter=google.net ok=0 failed=2 mx=mx2.example.com
day=14 reporter=google.net ok=0 failed=50 mx=mx2.example.com
EOF_LINES
printf 'ignore "%s" {\nmx = "mx2.*"\nbelow_percent = "%s"\n}\n' a 1 | write
gone() {
	"$TLSTALLY" -c "$conf" -s "$store" digest --day "2026-11-$1" |
		grep -c '^  GONE'
}
is "what was above its share and told of is told to be gone" "$(gone 15)" 1
is "what was below is not" "$(gone 13)" 0

given many <<'EOF_LINES'
day=15 reporter=google.com domain=a.example failed=2
day=15 reporter=google.com domain=b.example failed=3
day=15 reporter=google.com domain=c.example
EOF_LINES
printf 'ignore "%s" {\ndomain = "%s.example"\n}\n' all '[ab]' | write
is "of many domains it is one line, too" "$("$TLSTALLY" -c "$conf" -s "$store" \
	digest --day 2026-11-15 | grep -E 'Ignored|^OK')" \
	"OK       3 domains: 3 ok; 5 of 35 sessions failed (14.3 %)
  Ignored    5 failed sessions at 2 domains, by the rule all (5)"

# ---- silence, by each reporter's own rhythm ----

given silence <<'EOF_LINES'
day=1..20 reporter=google.com
day=1..18 reporter=daily.example
day=2 reporter=seldom.example
day=7 reporter=seldom.example
day=12 reporter=seldom.example
day=17 reporter=seldom.example
day=1..15 reporter=only.example domain=example.net
EOF_LINES
day 19 -d example.com | same "a daily reporter is missed after a day" missed.txt
is "--only-if knows it" "$(only 19)" "silence "
is "one that comes every fifth day is not missed before" \
	"$(day 20 | grep -c 'seldom.example since')" 0
like "a domain that nobody tells of any more is silent" "$(day 19)" \
	'^SILENT +example\.net: no reports since 2026-11-15'

# ---- changes ----

given changes <<'EOF_LINES'
day=1..10 reporter=google.com mode=testing hosts=mx1.example.com,mx2.example.com
day=11..20 reporter=google.com mode=enforce hosts=mx2.example.com,mx3.example.com
EOF_LINES
tally digest --since 2026-11-09 --until 2026-11-15 |
	same "a policy and its hosts change" changes.txt
is "once" "$(day 12 | grep -c Changed)" 0

# ---- whether reports are read at all ----

store=$scratch/health.db
mkdir -p box/cur box/new box/tmp
printf 'source "m365" {\npath = "%s"\n}\n' \
	"$scratch/box" | write
cp mails/1.eml box/cur/
source_tally() {
	"$TLSTALLY" -c "$conf" -s "$store" "$@"
}
TLSTALLY_NOW=2026-11-16T06:00:00Z source_tally -q ingest
export TLSTALLY_NOW=2026-11-19T05:00:00Z
is "a source that was read lately is no news" "$(source_tally digest --only-if health)" ""
mv box gone
status "one that cannot be read" 66 source_tally -q ingest
export TLSTALLY_NOW=2026-11-19T07:00:00Z
like "is the first line" "$(source_tally digest --all-time | head -n 1)" \
	'^PROBLEM  no successful ingest for 3 days \(source m365: .*'
like "and news" "$(source_tally digest --only-if health | head -n 1)" ^PROBLEM
like "cron hears of it, though nothing is new" "$(source_tally digest --new \
	-o /dev/null && source_tally digest --new)" \
	"^PROBLEM  no successful ingest"
mv gone box
source_tally -q ingest
is "until it is mended" "$(source_tally digest --new)" ""
mkdir -p other/cur other/new other/tmp
printf 'source "archive" {\npath = "%s"\n}\n' "$scratch/other" | write
like "a source that was never read" "$(source_tally digest --all-time)" \
	'^PROBLEM  no ingest so far \(source archive\)'
printf 'source "archive" {\npath = "%s"\n}\nsource "tape" {\npath = "%s"\n}\n' \
	"$scratch/absent" "$scratch/no/such/box" | write
status "a configured folder that was never there" 66 source_tally -q ingest
like "is told of with its error" "$(source_tally digest --all-time |
	tr '\n' ' ')" 'ingest so far \(source archive: no such source: .*/absent'
like "and one whose folder is not there either" \
	"$(source_tally digest --all-time | tr '\n' ' ')" \
	'ingest so far \(source tape: no such source: .*/no/such/box'
like "status has the error" "$(source_tally status)" 'last error +no such .*/absent'
status "a path that is no source of ours" 66 source_tally -q ingest "$scratch/typo"
is "is not remembered" "$(source_tally status | grep -c typo)" 0
mv other absent
mkdir -p no/such && cp -r absent no/such/box
source_tally -q ingest
is "once they are there all is well" "$(source_tally digest --all-time |
	grep -c '^PROBLEM.*ingest')" 0
like "and it is known what they are" "$(source_tally status)" '/no/such/box \(maildir\)'
done_testing
