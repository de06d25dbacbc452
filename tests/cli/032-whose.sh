#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Whose domains these are: groups, what nobody configured, domains without
# reports, and reporters of several names.
. "$(dirname "$0")/lib.sh"

mkdir mails
python3 "$top/tests/cli/mail.py" --lines mails <<'EOF_LINES'
day=1..13 domain=example.com reporter=google.com ok=100
day=1..13 domain=shop.example reporter=google.com ok=20
day=13 domain=shop.example reporter=google.com ok=0 failed=3 mx=mx.shop.example
day=1..13 domain=clinic.example reporter=google.com ok=30
day=13 domain=stranger.example reporter=google.com ok=0 failed=9 mx=mx.stranger.example
day=13 domain=other.example reporter=google.com ok=40
day=13 domain=example.com reporter=mail1.google.net ok=7
day=13 domain=example.com reporter=mail2.google.net ok=8
EOF_LINES
tally -q ingest mails

write <<'EOF_CONF'
domain "example.com" { }
domain "never.example" { }
group "shop" { domains = {"shop.example", "shop.example.net"} }
group "clinic & $(id) .." { domains = {"clinic.example", "*.clinic.example"} }
reporter "Google" { match = {"google.com", "*.google.net"} }
EOF_CONF

# digest ARGUMENT...: of Friday the 13th, with that configuration
digest() {
	"$TLSTALLY" -c "$conf" -s "$store" digest --day 2026-11-13 "$@"
}

# lines: the domain and sessions of each line of CSV
lines() {
	python3 -c 'import csv, sys
for r in csv.DictReader(sys.stdin):
    print(r["group"], r["policy_domain"], r["policy_entries"],
          r["successful_sessions"], r["failed_sessions"], sep="|")'
}

# ---- domains that nobody configured ----

digest | same "own domains, and last the others" whose.txt
is "others are in no verdict" "$(digest | grep -cE \
	'^(OK|FAILING|WARNING) .*(stranger|other)\.example')" 0
is "nor are they news, unless they are asked for" "$(digest -d '*' --only-if new | head -n 1 |
	cut -d' ' -f 1)" "Friday"
sed '/^group "shop"/d' "$conf" >no-shop.conf
is "as those are that nobody configured" "$("$TLSTALLY" -c no-shop.conf -s "$store" \
	digest --day 2026-11-13 --only-if new)" ""
is "CSV has all of them" "$(digest -f csv | lines | wc -l)" 5

# ---- domains without reports ----

like "--zeros names what has no reports" "$(digest --zeros)" \
	'^  No reports +never\.example, shop\.example\.net$'
is "without it they are not there" "$(digest | grep -c never.example)" 0
is "CSV has a line of zeros for each" \
	"$(digest --zeros -f csv | lines | grep '|0|0|0$' | paste -sd,)" \
	"|never.example|0|0|0,shop|shop.example.net|0|0|0"
is "patterns are no domains" "$(digest --zeros | grep -cF '*.clinic')" 0
# zeros UNTIL ARGUMENT...: from 1926 on
zeros() {
	local until=$1
	shift
	"$TLSTALLY" -c "$conf" -s "$store" digest --zeros --since 1926-01-01 \
	    --until "$until" "$@"
}

# ZERO_PERIODS_MAX
is "zeros for a hundred years of days" "$(zeros 2026-03-16 -d example.com \
    -f csv 2>&1 | grep -c '^[0-9-]*,[0-9-]*,,example.com,.*,0,0,0')" 36600
status "and not for a day more" 64 zeros 2026-03-17 -f csv
like "which is said" "$(zeros 2026-03-17 -f csv 2>&1)" \
	"36601 days are over 36600 periods; choose a shorter"
status "weeks go further" 0 zeros 2300-12-31 --by week -d example.com -f csv
status "and a total goes anywhere" 0 zeros 9999-12-31 --by total -f csv
status "--zeros is not for --new" 64 "$TLSTALLY" -c "$conf" -s "$store" \
	digest --new --zeros

# ---- groups ----

digest --group shop | same "the digest of a customer" group.txt
is "has only its domains, as CSV" "$(digest --group shop -f csv | lines |
	cut -d'|' -f 1,2 | sort -u)" "shop|shop.example"
is "with its zeros" "$(digest --group shop --zeros -f csv | lines |
	cut -d'|' -f 2 | sort -u | paste -sd,)" "shop.example,shop.example.net"
status "an unknown group is a mistake" 64 digest --group nobody
status "one group, or each" 64 digest --group shop --each-group -o "{group}"

# ---- a file for each group, whatever it is called ----

mkdir -p out/sub
cd out/sub || exit 99
status "a file for each group" 0 digest --each-group -f csv \
	-o '{group}-{period}.csv'
is "no name leads out of the folder" \
	"$(cd .. && find . -type f | sort | paste -sd'|')" \
	"./sub/clinic_____id__..-2026-11-13.csv|./sub/shop-2026-11-13.csv"
is "each has its own domains" "$(for f in *; do
	lines <"$f" | cut -d'|' -f 2 | sort -u
done | paste -sd,)" "clinic.example,shop.example"
rm -f ./*
"$TLSTALLY" -c "$conf" -s "$store" digest --week 2026-W46 --each-group \
	-o '{period}_{group}.txt'
"$TLSTALLY" -c "$conf" -s "$store" digest --month 2026-11 --group shop \
	-o '{period}_{group}.txt'
"$TLSTALLY" -c "$conf" -s "$store" digest --since 2026-11-12 --until \
	2026-11-13 -o '{period}_{group}.txt'
is "periods are named as people name them" "$(echo ./*shop* ./*all*)" \
	"./2026-11_shop.txt ./2026-W46_shop.txt ./2026-11-12_2026-11-13_all.txt"
like "the page has the group's own name" "$(head -n 1 ./*W46*clinic*)" \
	'^Group clinic & \$\(id\) \.\. +2026-11-09 to 2026-11-15'
rm -f ./*
digest --each-group --only-if new -o '{group}.txt'
is "only those of which there is news" "$(echo ./*)" "./shop.txt"
cd "$scratch" || exit 99
status "--each-group without {group} would write one over the other" 64 \
	digest --each-group -o 'all.csv'
status "and to the screen" 64 digest --each-group
status "no other word stands in braces" 64 digest -o '{store}.csv'

cp "$conf" kept.conf
printf 'group "a %s" { domains = {"%s.example"} }\n' b 1 c 2 'b ' 3 |
	write
status "names that differ make files that differ" 0 digest --each-group \
	-o 'x{group}'
printf 'group "a%s" { domains = {"%s.example"} }\n' ' b' 1 c 2 _b 3 | write
status "no group may write over another" 64 digest --each-group -o 'x{group}'
like "and it says which" "$said" '"a.b" and "a.b" would write the same file'
mv kept.conf "$conf"

for name in ../shop .shop a/b "a$(printf '\a')b" ''; do
	printf 'group "%s" { domains = {"shop.example"} }\n' "$name" |
		refused "a group that is called ${name@Q}" "group"
done

# ---- reporters ----

write <<'EOF_CONF'
reporter "Google" { match = {"google.com", "*.google.net"} }
EOF_CONF
like "names of one reporter are one in text" "$(digest -d example.com)" \
	'^  Reporters  Google 115$'
is "and in CSV" "$(digest -d example.com -f csv | tail -n +2 |
	cut -d, -f 7,10,11)" "Google,3,115"
is "but not in what was received" "$("$TLSTALLY" -c "$conf" -s "$store" list \
	--day 2026-11-13 -d example.com | grep -coE 'mail[12]\.google\.net')" 2
tally -q ingest mails
is "and never in identity: no report is taken for another's" \
	"$(digest -d example.com -f csv | tail -n +2 | cut -d, -f 7,10,11)" \
	"Google,3,115"
status "nor counted twice" 0 "$TLSTALLY" -c "$conf" -s "$store" list \
	--day 2026-11-13 -d example.com
is "as the list shows" "$(grep -c example.com <<<"$said")" 3

# ---- a day that is not over for others ----

store=$scratch/late.db
mkdir late
python3 "$top/tests/cli/mail.py" --lines late <<'EOF_LINES'
day=1..15 domain=example.com reporter=google.com id=a
day=1..15 domain=shop.example reporter=google.com id=b
day=13..14 domain=stranger.example reporter=google.com
EOF_LINES
write <<'EOF_CONF'
domain "example.com" { }
domain "shop.example" { }
EOF_CONF
tally -q ingest late
is "what is awaited of other domains makes no heading incomplete" \
	"$("$TLSTALLY" -c "$conf" -s "$store" digest --last 7d |
		head -n 1)" "2026-11-09 to 2026-11-15 (UTC)"
like "but where nothing is configured it does" \
	"$(tally digest --last 7d | head -n 1)" 'incomplete: reports still'
done_testing
