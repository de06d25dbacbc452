#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# May MTA-STS go from testing to enforce?
. "$(dirname "$0")/lib.sh"
python3 -c 'import jsonschema' 2>/dev/null ||
	skip_all "python3-jsonschema is not installed"

# reports: those of standard input are read
reports() {
	rm -rf reports
	python3 "$top/tests/cli/mail.py" --lines reports form=json \
		mode=testing reporter=google.com
	tally -q ingest reports
}

status "without a store nothing is known" 3 tally advise --offline example.com
reports <<-END
	day=1..15 ok=1000 reporter=google.com,mail.ru,yahoo.com domain=ready.example
	day=3..15 ok=1000 reporter=google.com,mail.ru,yahoo.com domain=young.example
	day=1..15 ok=1000 reporter=google.com,mail.ru,yahoo.com domain=enforced.example mode=enforce
	day=1..15 ok=1000 reporter=google.com,mail.ru,yahoo.com domain=mended.example
	day=12 domain=mended.example failed=3
	day=12 domain=mended.example failed=2 reporter=mail.ru type=starttls-not-supported
	day=1..15 ok=1000 reporter=google.com,mail.ru,yahoo.com domain=asked.example
	day=12 domain=asked.example failed=1 type=sts-webpki-invalid
	day=12 domain=none.example policy=none
	day=1..15 domain=off.example mode=none reporter=google.com,mail.ru,yahoo.com
END

for d in ready young enforced mended asked none; do
	tally advise --offline $d.example | same "$d" advise-$d.txt
	is "$d fits the page" "$(tally advise --offline $d.example |
		awk 'length > 80' | wc -l)" 0
done
status "ready" 0 tally advise --offline ready.example
status "healthy" 0 tally advise --offline enforced.example
status "a failure that one saw is no obstacle" 0 tally advise --offline asked.example
status "too young" 1 tally advise --offline young.example
status "no policy" 1 tally advise --offline none.example
status "unknown" 1 tally advise --offline never.example
status "not ready" 2 tally advise --offline mended.example
status "the worst of all" 2 tally advise --offline ready.example mended.example \
	young.example
status "what failed before the fix is left out" 0 \
	tally advise --offline --fixed-on 2026-11-13 mended.example
like "and counted" "$said" 'left out: 5 failed'
status "but not on its day" 2 \
	tally advise --offline --fixed-on 2026-11-12 mended.example
status "a day ahead is refused" 3 \
	tally advise --offline --fixed-on 2026-11-17 mended.example
status "and what is no day" 3 tally advise --offline --fixed-on soon mended.example
status "no domain" 3 tally advise --offline
status "an empty one, as of a variable that is not set" 3 \
	tally advise --offline ready.example ""
like "is told" "$said" 'an empty name is no domain'
status "a domain and all" 3 tally advise --offline --all-domains ready.example
status "no such group" 3 tally advise --offline --group x
status "what is no resolver" 3 tally advise --resolver nonsense ready.example
like "is said, and looks like no rule that cannot be judged" \
	"$(tally advise --resolver 192.0.2.1:53 ready.example 2>&1)" \
	'^tlstally: advise: --resolver: not ADDRESS or ADDRESS@PORT: 192.0.2.1:53 '

like "a policy that is switched off is not none" \
	"$(tally advise --offline off.example)" \
	'^off.example: MTA-STS is there, but no report saw it in testing or'
tally advise --offline --all-domains | same "all of them" advise-all.txt
write <<-END
	group "customer" {
		domains = {"young.example", "*ready.example", "absent.example"}
		testing_days = 13
	}
	domain "ready.example" { sessions = 45001 }
	ignore "all" { result = "certificate-expired" }
	ignore "more" { result = "starttls-not-supported" }
END
tally -c "$conf" advise --offline --group customer | same "a group" advise-group.txt
status "thresholds are those of the group and the domain" 0 \
	tally -c "$conf" advise --offline young.example
status "on both sides" 1 tally -c "$conf" advise --offline ready.example
status "to ignore a failure does not make it safe" 2 \
	tally -c "$conf" advise --offline mended.example

tally advise --offline --json --all-domains >all.json
ok "JSON is JSON" python3 -m json.tool all.json
is "with a verdict for each" "$(python3 -c '
import json
print(*(d["verdict"] for d in json.load(open("all.json"))), sep=",")')" \
	"ready,healthy,not ready,not enough evidence,not enough evidence,ready,not enough evidence"

store=$scratch/hostile.db
name=$(printf 'x%.0s' {1..200})
{
	printf 'day=12 domain=evil.example failed=1 mx="mx\e[31m|%s" %s\n' \
		"$name" reporter=one.example,two.example
	printf 'day=12 domain="\\$(rm).%s" failed=1 %s\n' \
		"$name" reporter=one.example,two.example
} | reports
is "no escape sequence passes" "$(tally advise --offline evil.example |
	grep -c $'\e')" 0
is "nor a line over 80" "$(tally advise --offline '*' | awk 'length > 80' | wc -l)" 0
is "nor in the table" "$(tally advise --offline --all-domains |
	awk 'length > 80' | wc -l)" 0
like "nor a name into a command" \
	"$(tally advise --offline '*rm*' | tr -s ' \n' ' ')" \
	'tlstally advise --fixed-on 2026-11-16 DOMAIN The way back'

# JSON is as its schema says, whatever is known and reported.
tally advise --offline --json '*' >hostile.json
tally advise --offline --json --fixed-on 2026-11-13 '*' >fixed.json
tally advise --offline --json never.example bücher.example >none.json
"$TLSTALLY" -s empty.db -q ingest "$(mktemp -d empty.XXX)"
"$TLSTALLY" -s empty.db advise --offline --json --all-domains >empty.json
TLSTALLY_LIBEXEC=${TLSTALLY_LIBEXEC:-$builddir/src} tally advise --json \
	--timeout 1 --resolver 127.0.0.1@9 evil.example >live.json
is "JSON is as its schema says" "$(PYTHONDONTWRITEBYTECODE=1 python3 \
	"$top/tests/cli/schema.py" "$top/docs/advise.schema.json" \
	{all,hostile,fixed,none,empty,live}.json)" "$(
	printf '%s.json: ok\n' all hostile fixed none empty live)"
is "what nobody has heard of is in it, too" \
	"$(grep -c '"policy_mode":"unknown"' none.json)" 2

done_testing
