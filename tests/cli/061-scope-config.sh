#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Whose domains these are: the sections domain, group, reporter and ignore of
# the configuration, in one file and in several.
. "$(dirname "$0")/lib.sh"

mkdir -p customers
write <<EOF
include("customers/shop.conf")
include("$scratch/customers/clinic.conf")
domain "shop.example.net" {
	warning_rate = "0.5 %"
	critical_rate = 2%
	silence_warning = 5d
}
domain "*.example.net" { min_failed = 10 }
reporter "Google" { match = {"google.com", "Google*"} }
ignore "old mx" {
	mx = "mx9.example.net."
	result = certificate-expired
	until = 2026-12-31
	below_percent = 0.5
}
EOF
cat >customers/shop.conf <<EOF
group "shop" {
	domains = {"shop.example.net", "*.shop.example.net"}
	mail_to = "a@shop.example.net, b@shop.example.net"
	sessions = 50
}
EOF
cat >customers/clinic.conf <<EOF
group "clinic" {
	domains = "clinic.example"
	mail_to = {"it@clinic.example", "root"}
}
EOF
chmod 600 customers/*.conf
status "all the sections are right" 0 "$TLSTALLY" -c "$conf" config --check
(cd / && "$TLSTALLY" -c "$conf" config) |
	sed -n -e '2,/^store/p' -e '/^domain/,/^limits/p' |
	same "they are printed, and what is relative stands beside its file" \
		scope-config.txt
"$TLSTALLY" -c "$conf" config >printed
write <printed
is "what is printed can be read, and says the same" \
	"$("$TLSTALLY" -c "$conf" config)" "$(cat printed)"

# wrong NAME REGEX: standard input is refused in its first line
wrong() {
	refused "$1" "t\\.conf:1: $2"
}

# Percentages, days and counts.
for value in 101 100.0001 0,1 ''; do
	wrong "a rate of '$value'" 'warning_rate: not a percentage' <<EOF
domain "a.example" { warning_rate = "$value" }
EOF
done
for value in 3661d 3h ''; do
	wrong "silence for '$value'" 'silence_warning: not a number of days' <<EOF
group "g" { domains = {"a.example"} silence_warning = "$value" }
EOF
done
for value in 9007199254740992 1.5; do
	wrong "'$value' sessions" 'sessions: not a number' <<EOF
domain "a.example" { sessions = "$value" }
EOF
done
write <<EOF
domain "a.example" {
	warning_rate = 0  critical_rate = "100.0000 %"  baseline_factor = 0
	silence_warning = 0d  silence_critical = 3660d  sessions = 0
}
domain "b.example" { silence_warning = 5  silence_critical = 0 }
domain "c.example" { warning_rate = 5%  silence_critical = 3d
	report_days = 14 }
group "g" { domains = {"c.example"} }
EOF
status "the bounds themselves" 0 "$TLSTALLY" -c "$conf" config --check

# Thresholds that contradict each other.
wrong "critical below warning" \
	'domain "a.example": warning_rate, 2 %, is more than critical_rate, 1 %$' <<EOF
domain "a.example" { warning_rate = 2%  critical_rate = 1% }
EOF
wrong "critical below the default warning" \
	'group "g": silence_warning, 3d, is more than silence_critical, 2d' <<EOF
group "g" { domains = {"a.example"} silence_critical = 2d }
EOF
wrong "days that are not looked at" 'domain .*report_days, 15d, is more' <<EOF
domain "a.example" { report_days = 15 }
EOF
wrong "the same of a pattern, by itself" \
	'domain "\*.example": warning_rate, 20 %, is more' <<EOF
domain "*.example" { warning_rate = 20% critical_rate = 10% }
EOF
wrong "a domain against its group, which comes later" \
	'domain "a.example": warning_rate, 7 %, is more than critical_rate, 6 %' <<EOF
domain "a.example" { warning_rate = 7% }
group "g" { domains = {"a.example"} critical_rate = 6% }
EOF
write <<EOF
domain "*.example" { warning_rate = 7% }
group "g" { domains = {"a.example"} critical_rate = 8% }
EOF
status "a pattern's group is not known" 0 "$TLSTALLY" -c "$conf" config --check

# Names.
wrong "a group twice" "found duplicate title 'g'" <<EOF
group "g" { domains = {"a.example"} } group "g" { domains = {"b.example"} }
EOF
wrong "a domain twice, in another case" \
	'domain "A.example.": domain "a.example", which stands before' <<EOF
domain "a.example" { } domain "A.example." { }
EOF
wrong "a domain behind a pattern that takes it" \
	'domain "a.example": domain "\*.example", which' <<EOF
domain "*.example" { } domain "a.example" { }
EOF
wrong "a domain that an earlier group takes" \
	'group "b": domains: a.example: group "a", which stands before' <<EOF
group "a" { domains = {"*.example"} } group "b" { domains = {"a.example"} }
EOF
write <<EOF
domain "a.example" { }  domain "*.example" { }
group "b" { domains = {"a.example", "a.example"} }
group "a" { domains = {"*.example"} }
EOF
status "the other way round is right" 0 "$TLSTALLY" -c "$conf" config --check
for name in '' 'a/b' '.a' 'a\"b' 'a\\b' 'a\tb'; do
	wrong "a group '$name'" 'group(: a control character in its| ".*) name' <<EOF
group "$name" { domains = {"a.example"} }
EOF
done
for name in '' 'a b' 'a,b' 'a@b' 'https:' 'a\x07b'; do
	wrong "a domain '$name'" 'domain(: | "": no name)' <<EOF
domain "$name" { }
EOF
	wrong "a group of '$name'" 'domains: not a domain or a pattern' <<EOF
group "g" { domains = {"b.example", "$name"} }
EOF
done
wrong "a group without domains" 'group "g": no domains' <<EOF
group "g" { }
EOF
wrong "a group of nothing" 'group "g": no domains' <<EOF
group "g" { domains = {} }
EOF
wrong "a reporter that matches nothing" 'reporter "r": no match' <<EOF
reporter "r" { }
EOF
wrong "an empty name of a reporter" 'match: an empty pattern' <<EOF
reporter "r" { match = {"a", ""} }
EOF
wrong "a control character in one" 'match: a control character' <<EOF
reporter "r" { match = "a\\nb" }
EOF
wrong "a section without a name" "missing title for section 'group'" <<EOF
group { domains = {"a.example"} }
EOF
wrong "an unknown key" "no such option 'colour'" <<EOF
group "g" { colour = blue }
EOF

# Addresses.
for address in '' 'a@b,' '-t' 'Bob <a@b>' 'a@b@c'; do
	wrong "mail to '$address'" 'mail_to: not a plain mail address' <<EOF
group "g" { domains = {"a.example"} mail_to = {"x@y.example", "$address"} }
EOF
done
wrong "mail to two lines" 'mail_to: a control character' <<EOF
group "g" { domains = {"a.example"} mail_to = "a@b\\nBcc: c@d" }
EOF

# What is ignored.
wrong "a rule for everything" 'ignore "i": it would ignore everything' <<EOF
ignore "i" { until = 2026-12-31 below_percent = 1 }
EOF
wrong "a result that does not exist" \
	'result: no such result type: certificate-expire \(' <<EOF
ignore "i" { result = certificate-expire }
EOF
for day in 2026-02-29 26-01-01 2026-12-31T00:00:00Z ''; do
	wrong "until '$day'" 'until: not a date' <<EOF
ignore "i" { mx = a.example until = "$day" }
EOF
done
wrong "less than nothing" 'below_percent: must be more than 0' <<EOF
ignore "i" { mx = a.example below_percent = 0 }
EOF
wrong "more than all" 'below_percent: not a percentage' <<EOF
ignore "i" { mx = a.example below_percent = 100.1 }
EOF
wrong "an empty domain" 'domain: not a domain or a pattern' <<EOF
ignore "i" { domain = "" mx = a.example }
EOF
write <<EOF
ignore "a" { result = "Certificate-Expired" until = 2024-02-29 }
ignore "b" { result = "(unspecified)" below_percent = 100 }
ignore "c" { mx = "mx?.example" below_percent = 0.0001 }
ignore "d" { reporter = "Google Inc." }
EOF
status "the bounds themselves" 0 "$TLSTALLY" -c "$conf" config --check

# Files in files.
cat >customers/shop.conf <<EOF

include("deeper.conf")
EOF
cat >customers/deeper.conf <<EOF
group "deep" {
	domains = {"deep.example"}
	sessions = many
}
EOF
chmod 600 customers/*.conf
refused "an error in a file of a file has its own place" \
	'customers/deeper\.conf:3: sessions: not a number' <<EOF
include("customers/shop.conf")
EOF
sed -i '/many/d' customers/deeper.conf
refused "what two files contradict stands at the later one" \
	"t\\.conf:2: found duplicate title 'deep'" <<EOF
include("customers/shop.conf")
group "deep" { domains = {"other.example"} }
EOF
refused "the same for a domain that is taken" \
	'customers/deeper\.conf:3: group "deep": domains: deep.example: group' <<EOF
group "all" { domains = {"*.example"} }
include("customers/shop.conf")
EOF
chmod 666 customers/deeper.conf
refused "a file that others can write" \
	'customers/shop\.conf:2: .*deeper\.conf: others can write it' <<EOF
include("customers/shop.conf")
EOF
refused "a file that includes itself" 't\.conf:1: .*too deeply' <<EOF
include("t.conf")
EOF
refused "a file at home" 't\.conf:1: configuration /.*/no-such\.conf: No such' <<EOF
include("~/no-such.conf")
EOF
printf 'group "cut" {\n\tdomains = {"a.example"' >customers/cut.conf
chmod 600 customers/cut.conf
refused "a file that ends within a list" 't\.conf:2: unexpected token' <<EOF
include("customers/cut.conf")
include("customers/cut.conf")
EOF
printf '}\n' >>customers/cut.conf
refused "a file that ends within a section" 't\.conf:2: no such option' <<EOF
include("customers/cut.conf")
group "g" { domains = {"b.example"} }
EOF
wrong "two files at once" 'wrong number of arguments' <<EOF
include("a.conf", "b.conf")
EOF

# A provider's thousand customers.
for i in {1..1000}; do
	printf 'group "c%d" { domains = {"c%d.example", "*.c%d.example"} }\n' \
		"$i" "$i" "$i"
done >customers/many.conf
chmod 600 customers/many.conf
write <<EOF
include("customers/many.conf")
EOF
status "a thousand groups" 0 "$TLSTALLY" -c "$conf" config --check
is "all of them are there" \
	"$("$TLSTALLY" -c "$conf" config | grep -c '^group')" 1000
done_testing
