#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The digest as metrics: what they are called, whose labels they have, and
# that the dashboard and the alerts of contrib/monitoring name no other.
. "$(dirname "$0")/lib.sh"
monitoring=$top/contrib/monitoring

metrics() {
	"$TLSTALLY" -c "$conf" -s "$store" digest --format prometheus "$@"
}

# value FILE METRIC{LABELS}: its sample
value() {
	grep -v "^#" "$1" | grep -F -- "$2 " | cut -d' ' -f2
}

# names FILE...: the metrics that are named in them
names() {
	grep -hoE '\btlstally_[a-z_]+\b' "$@" | sort -u
}

write <<'EOF'
domain "Example.COM." { }
group "shop" { domains = {"never.example", "*.org"} }
reporter "Google" { match = "google.*" }
source "lost" { path = "no/such" }
EOF
cp "$top/contrib/sample/reports.mbox" .
status "the sample is read" 65 tally ingest reports.mbox
metrics --week 2026-W46 >week.prom
grep -v '^#\|^tlstally_build_info' week.prom | same "a week" metrics.txt

sample='^tlstally_[a-z_]+(\{([a-z_]+="([^"\\]|\\["\\n])*",?)+\})? -?[0-9]+$'
comment='^# (HELP tlstally_[a-z_]+ .|TYPE tlstally_[a-z_]+ gauge$)'
is "every line is a sample or says what one is" \
	"$(grep -vE "$sample|$comment" week.prom)" ""
is "no series comes twice" \
	"$(grep -v '^#' week.prom | cut -d' ' -f1 | sort | uniq -d)" ""
is "each name has its help and type once, before its samples" \
	"$(awk '/^# HELP/ {print $3}' week.prom | sort)" \
	"$(awk '/^# TYPE/ {print $3}' week.prom | sort -u)"

# The same sums as in the CSV.
sum() {
	tally digest --week 2026-W46 -f csv -d "$1" | tail -n +2 |
		tr -d '\r' | awk -F, '{ok += $(NF-1); bad += $NF}
			END {print ok + bad, bad}'
}
label='{domain="example.com",group=""}'
is "sessions are those of the CSV" "$(value week.prom \
	"tlstally_sessions$label") $(value week.prom \
	"tlstally_failed_sessions$label")" "$(sum example.com)"
is "a domain without reports is there" \
	"$(value week.prom 'tlstally_sessions{domain="never.example",group="shop"}')" 0
is "a source that was never read is there" \
	"$(value week.prom \
	'tlstally_source_last_success_timestamp_seconds{source="lost"}')" 0
is "those of others have no label" "$(grep -c example.net week.prom)" 0
is "they are counted" "$(value week.prom tlstally_other_domains_sessions)" \
	"$(sum example.net | cut -d' ' -f1)"

# Whatever strangers write: with patterns and with nothing configured.
for config in '' 'group "all" { domains = "*" }'; do
	write <<<"$config"
	"$TLSTALLY" -c "$conf" -s hostile.db -q ingest \
		"$top/tests/data/hostile" 2>/dev/null
	"$TLSTALLY" -c "$conf" -s hostile.db digest --all-time \
		--format prometheus >hostile.prom
	is "hostile texts are no labels: $config" \
		"$(grep -vE "$sample|$comment" hostile.prom)" ""
	is "nor their reporters, addresses and reasons: $config" \
		"$(grep -v '^#' hostile.prom | grep -oE '[a-z_]+="' | sort -u |
			tr -d '="\n')" \
		authenticitydomaingrouppolicy_modepolicy_typeresult_typestateversion
	like "odd domains are summed: $config" "$(cat hostile.prom)" \
		'^tlstally_other_domains [1-9]'
done
write </dev/null
mkdir empty
"$TLSTALLY" -s empty.db -q ingest empty
"$TLSTALLY" -s empty.db digest --all-time --format prometheus >empty.prom
is "an empty store has the same names" "$(names empty.prom)" \
	"$(names week.prom)"

# Into the folder of a collector.
mkdir collector
echo old >collector/tlstally.prom
inode=$(stat -c %i collector/tlstally.prom)
metrics --week 2026-W46 -o collector/tlstally.prom
ok "-o replaces the file" test "$(stat -c %i collector/tlstally.prom)" != \
	"$inode"
is "and leaves nothing else" "$(ls -A collector)" tlstally.prom
for option in --new --failures-only --each-group '--by day' \
	'--only-if new' '--rows failures' --excel; do
	# shellcheck disable=SC2086
	status "$option does not go with metrics" 64 metrics $option
done

# What is built on them.
names week.prom >known
for file in rules.yml dashboard.json; do
	names "$monitoring/$file" >used
	ok "$file uses metrics" test "$(wc -l <used)" -gt 5
	is "and only those that there are" "$(comm -13 known used)" ""
done
names "$monitoring"/rules_test.yml "$monitoring/README" \
	"$top/docs/tlstally-formats.5" | comm -13 known - >unknown
is "and all that is written about them" \
	"$(grep -v '^tlstally_$' unknown)" ""
is "each is in the manual" "$(names "$top/docs/tlstally-formats.5" |
	comm -23 known -)" ""
done_testing
