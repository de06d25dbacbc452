#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The HTML digest in Chromium: no message, no request but the page itself, no
# fault that axe-core finds, in light and dark, wide and narrow; on paper what
# is folded is unfolded; and 500 domains make no heavy page.
. "$(dirname "$0")/../cli/lib.sh"
for p in chromium node npm pdftotext; do
	command -v $p >/dev/null || skip_all "$p is not installed"
done
browser=$top/tests/heavy/browser.py
# npm wants its own folder, and the network.
(cd "$scratch" && npm install --no-save --no-audit --no-fund --silent \
	axe-core@4 >npm.log 2>&1) ||
	skip_all "axe-core cannot be installed: $(tail -n 1 "$scratch/npm.log")"
axe=$scratch/node_modules/axe-core/axe.min.js

# seen PAGE [OPTION...]: nothing is to be said of it in any view
seen() {
	mkdir -p shots
	is "$1: no message, no request, no violation" \
		"$(python3 "$browser" --axe "$axe" --shots shots \
			"${@:2}" "$1.html" 2>&1 | sed 's/^[^:]*: //' | sort -u)" \
		"requests 1, messages 0, scrolls no, violations 0"
}

python3 "$top/tests/heavy/domains.py" mails 6 21
tally -q ingest mails
write <<'EOF'
digest { domains = {"domain00[0-4].example", "quiet.example"} }
group "Customer" { domains = {"domain001.example"} }
source "never" { path = "/nowhere" }
EOF
ok "some domains" tally -c "$conf" digest --last 21d --zeros -f html -o few.html
seen few
ok "paper has the tables that are folded" test \
	"$(pdftotext -layout shots/paper.pdf - |
		grep -cE '^ *2026-11-[01][0-9] +[0-9 ]+ +[0-9]')" -ge 15
ok "one domain" tally digest --last 7d -d domain000.example -f html \
	-o one.html
seen one --views 2
ok "nothing" tally digest --day 2020-01-01 -f html -o none.html
seen none --views 2

# ---- many ----

store=$scratch/many.db
python3 "$top/tests/heavy/domains.py" many 500 7
tally -q ingest many
start=$(date +%s%N)
ok "500 domains that fail" tally digest --last 7d -f html -o many.html
took=$((($(date +%s%N) - start) / 1000000))
size=$(stat -c %s many.html)
echo "# $size bytes in $took ms"
ok "under 2 MB" test "$size" -lt 2000000
ok "within 2 seconds" test "$took" -lt 2000
half=$(tally digest --last 7d -f html -d 'domain[012]*' -d 'nothing' | wc -c)
ok "half as many make about half of it" test $((half * 10 / size)) -ge 4 -a \
	$((half * 10 / size)) -le 7
ok "the mail about them is small" test \
	"$(tally digest --last 7d -f mail --from a@b --to c@d | wc -c)" \
	-lt 1500000
# axe-core takes minutes for such a page, and finds nothing new on it.
is "many: no message, no request" \
	"$(python3 "$browser" --views 2 many.html | sed 's/^[^:]*: //' | sort -u)" \
	"requests 1, messages 0, scrolls no, violations unknown"
done_testing
