#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# --group: the domains of a group, of which no other group's pattern is shown.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

write <<EOF
group "shop" { domains = {"shop.example.net"} }
group "net" { domains = {"*.example.net"} }
group "quiet" { domains = {"quiet.example"} }
EOF
for domain in shop.example.net Mail.example.net www.example.net example.org; do
	python3 "$top/tests/cli/mail.py" id="${domain,,}" domain="$domain" \
		failed=1 >"$domain.eml"
	tally -q ingest "$domain.eml"
done
shown() {
	tally -c "$conf" "$@" |
		grep -oE '(shop|mail|www)\.example\.net|example\.org' |
		sort -u | tr '\n' ' '
}
is "list shows a group" "$(shown list -g net)" \
	"mail.example.net www.example.net "
is "and not what its pattern takes from another" \
	"$(shown list --group shop)" "shop.example.net "
is "groups and patterns add up" \
	"$(shown list -g shop -d '*.org' -g quiet)" "example.org shop.example.net "
is "export shows a group" "$(shown export -g net)" \
	"mail.example.net www.example.net "
is "and its failures" "$(shown export --rows failures -g shop)" \
	"shop.example.net "
is "and its originals" \
	"$(tally -c "$conf" export -g net --originals dir && find dir -type f |
		wc -l)" 2
is "a group that nobody reported on" \
	"$(tally -c "$conf" list -g quiet)" "no reports"
for command in list export; do
	status "$command of a group that is not there" 64 \
		tally -c "$conf" "$command" -g Shop
	like "it says which there are" "$said" \
		'no such group: Shop \(shop, net, quiet\)'
	status "$command without any" 64 tally "$command" -g shop
	like "and says so" "$said" 'none is configured'
done
done_testing
