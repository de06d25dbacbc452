#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# README shows what the program really prints.
. "$(dirname "$0")/lib.sh"

export TLSTALLY_NOW=2026-11-22T06:00:00Z
tally -q ingest "$top/contrib/sample/reports.mbox" 2>/dev/null

# shown COMMAND...: every line of the output, indented, in README, in order
shown() {
	"$@" | tr -d '\r' | sed 's/^/    /; s/ *$//' >printed
	ok "there is something to show" test -s printed
	is "README shows: ${*##*/}" \
		"$(diff printed "$top/README" | grep '^<')" ""
}

# The digest up to its figures; the rest is cut there.
head_of_digest() {
	tally digest --since 2026-11-09 --until 2026-11-15 |
		sed '/^  Coverage  /,$d'
}
shown head_of_digest
shown tally digest --day 2026-11-13 -d example.com -f csv --rows failures
shown tally check --record 'v=TLSRPTv1;rua=tlsrpt@example.com'

# Every command and option that --help knows is in the manual.
for c in $("$TLSTALLY" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'); do
	is "the manual has $c" "$(grep -c "^\.It Ic $c" \
		"$top/docs/tlstally.1")" 1
	for o in $("$TLSTALLY" "$c" --help |
		grep -oE -- '--[a-z-]+' | sort -u); do
		like "the manual has $c $o" "$(cat "$top/docs/tlstally.1")" \
			"Fl Fl ${o#--}|Fl ${o#--}"
	done
done
for f in text csv; do
	like "the manual has the format $f" "$(cat "$top/docs/tlstally.1")" \
		"Cm .*$f"
done
done_testing
