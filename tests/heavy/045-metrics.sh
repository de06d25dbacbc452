#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# What Prometheus's own promtool says of the metrics and of the alerts.
. "$(dirname "$0")/../cli/lib.sh"
for dir in "$builddir" "$top/build-check"; do
	PATH=$PATH:$dir/tools/prometheus/usr/bin
done
command -v promtool >/dev/null || skip_all "promtool is not installed"
monitoring=$top/contrib/monitoring

# clean NAME: it has nothing to say of the metrics on standard input
clean() {
	cat >clean.prom
	is "$1" "$(grep -c '^tlstally_build_info' clean.prom
		promtool check metrics <clean.prom 2>&1
		echo $?)" $'1\n0'
}

cp "$top/contrib/sample/reports.mbox" .
tally -q ingest reports.mbox 2>/dev/null
tally digest --week 2026-W46 --format prometheus | clean "the sample"
tally digest --all-time --format prometheus | clean "all of it"
"$TLSTALLY" -s hostile.db -q ingest "$top/tests/data/hostile" 2>/dev/null
"$TLSTALLY" -s hostile.db digest --all-time --format prometheus |
	clean "hostile reports"
mkdir empty
"$TLSTALLY" -s empty.db -q ingest empty
"$TLSTALLY" -s empty.db digest --format prometheus | clean "an empty store"
write <<'EOF'
group "a, {b} = c ü" { domains = {"example.com", "bücher.example"} }
domain "*" { }
reporter "Google, Inc." { match = "google.*" }
source "it's {mine} 1" { path = "no/such" }
EOF
"$TLSTALLY" -c "$conf" -s "$store" digest --all-time --format prometheus \
	>odd.prom
clean "odd names in the configuration" <odd.prom
like "they are labels" "$(cat odd.prom)" 'group="a, \{b\} = c ü"'
is "it finds what is wrong" "$(sed 's/^# HELP tlstally_verdict .*//' odd.prom |
	promtool check metrics 2>&1)" "tlstally_verdict no help text"

ok "the alerts are right" promtool check rules "$monitoring/rules.yml"
status "they fire when they shall" 0 promtool test rules \
	"$monitoring/rules_test.yml"
# A test that cannot fail is none.
cp "$monitoring"/rules*.yml .
sed -i 's/> 0.01$/> 0.02/' rules.yml
status "the tests of them notice a wrong bound" 1 promtool test rules \
	rules_test.yml
sed -n 's/.*alert: //p' rules.yml | sort >alerts
is "there are eleven" "$(wc -l <alerts)" 11
is "each is tested" \
	"$(grep -ow -Ff alerts rules_test.yml | sort -u | comm -3 alerts -)" ""
done_testing
