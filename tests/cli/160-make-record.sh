#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# make-record: the record for a domain, in each form, and what is refused.
. "$(dirname "$0")/lib.sh"

is "host, type and value" \
	"$(tally -q make-record Example.COM. mailto:tls@r.example)" \
	"host   _smtp._tls.example.com
type   TXT
value  v=TLSRPTv1; rua=mailto:tls@r.example"
is "several URIs, encoded where they must be" \
	"$(tally -q make-record --zone e.example 'mailto:a!b@r.example' \
		'https://h.example/x,y;z')" \
	'_smtp._tls.e.example. IN TXT "v=TLSRPTv1; rua=mailto:a%21b@r.example,https://h.example/x%2Cy%3Bz"'
is "a URI a line on standard input" \
	"$(printf 'mailto:a@r.example\r\n\n  https://h.example/x\n' |
		tally -q make-record --zone e.example)" \
	'_smtp._tls.e.example. IN TXT "v=TLSRPTv1; rua=mailto:a@r.example,https://h.example/x"'

long=https://h.example/$(printf 'x%.0s' {1..300})
is "over 255 octets the text is split" \
	"$(tally -q make-record --zone e.example "$long" |
		grep -oE '"[^"]*"' | awk '{ print length($0) - 2 }' |
		tr '\n' ' ')" "255 79 "
tally -q make-record --json e.example "$long" mailto:a@r.example >r.json
is "JSON has the parts, and they are those of the value" \
	"$(python3 -c '
import json, sys
r = json.load(open("r.json"))
print(r["host"], r["type"], len(r["strings"]),
      "".join(r["strings"]) == r["value"],
      r["value"] == "v=TLSRPTv1; rua=" + ",".join(r["rua"]),
      r["zone"].startswith(r["host"] + ". IN TXT \""))')" \
	"_smtp._tls.e.example TXT 2 True True True"

# ---- what to think of ----

advice() {
	tally make-record e.example "$@" 2>&1 >/dev/null
}
like "an external mailbox needs no record" \
	"$(advice mailto:tls@x.dmarcian.com)" \
	'external mailbox \(dmarcian\).*no record there'
like "a mailbox in the domain itself" "$(advice mailto:a@in.e.example)" \
	'go the same way as the mail'
is "which is no trouble beside another" "$(advice mailto:a@e.example \
	mailto:b@e.example https://h.example/ | grep -c 'same way')" 0
is "and told once" "$(advice mailto:a@e.example mailto:b@e.example |
	grep -c 'same way')" 1
is "a scheme is written small, as some senders want it" \
	"$(tally -q make-record --zone e.example MAILTO:A@r.example)" \
	'_smtp._tls.e.example. IN TXT "v=TLSRPTv1; rua=mailto:A@r.example"'
like "what receives https" "$(advice https://h.example/)" \
	'take POST of application/tlsrpt\+gzip and application/tlsrpt\+json'
like "before MTA-STS" "$(advice https://h.example/)" \
	'publish this before an MTA-STS policy in mode testing'
like "several" "$(advice https://h.example/ mailto:a@r.example)" \
	'may use only one of them'
like "too long for one string" "$(advice "$long")" 'longer than 255 octets'
# STRING_MAX: 16 octets of the value stand before the URI.
of_length() {
	advice "https://h.example/$(printf 'x%.0s' $(seq $(($1 - 34))))"
}
is "255 octets fit one" "$(of_length 255 | grep -c 'longer than')" 0
is "256 do not" "$(of_length 256 | grep -c 'longer than')" 1
is "-q is silent" "$(tally -q make-record e.example mailto:a@r.example \
	2>&1 >/dev/null)" ""

# ---- mistakes ----

# refuses NAME REGEX ARGUMENT...: with status 64, and no record
refuses() {
	local name=$1 regex=$2
	shift 2
	status "$name" 64 "$TLSTALLY" make-record "$@"
	like "it says so" "$said" "$regex"
	is "and nothing else" "$(wc -l <<<"$said")" 1
}
refuses "a bare address is offered as mailto:" \
	'a@r\.example: a mail address; write mailto:a@r\.example$' \
	e.example a@r.example
refuses "encoded, if need be" 'write mailto:a%2Fb@r\.example$' \
	e.example a/b@r.example
refuses "without the name of its owner" 'write mailto:a@r\.example$' \
	e.example 'A. Person <a@r.example>'
refuses "none is offered that would be refused" \
	'write mailto:LOCAL@DOMAIN$' e.example a..b@r.example
refuses "nor a list" 'several addresses; .* mailto: in front of each$' \
	e.example a@r.example,b@r.example
refuses "a whole record" 'a whole record; give the URIs behind rua= alone$' \
	e.example 'v=TLSRPTv1; rua=mailto:a@r.example'
refuses "a host is offered as https" 'https://h\.example/' \
	e.example h.example
refuses "http" 'Use https://' e.example http://h.example/
refuses "another scheme" 'mailto: or https://' e.example ftp://h.example/
refuses "the same twice" 'twice' e.example mailto:a@r.example \
	mailto:a@R.example
refuses "header fields" 'Remove them' e.example 'mailto:a@r.example?x=y'
refuses "no mailbox" 'has no mail address' e.example mailto:nobody
refuses "a list in one argument" 'each as an argument' e.example \
	mailto:a@r.example,mailto:b@r.example
refuses "a domain in Unicode" 'xn--' bücher.example mailto:a@r.example
refuses "the name of the record" 'the domain alone, e\.example' \
	_smtp._tls.e.example mailto:a@r.example
refuses "a URI in place of the domain" 'domain of your mail first' \
	mailto:a@r.example e.example
refuses "no domain" 'for which domain' --zone
refuses "no URI" 'where shall reports go' e.example
refuses "two forms at once" 'exclude each other' --zone --json e.example \
	mailto:a@r.example
refuses "an escape sequence is not repeated" 'a\\027\[2J' e.example \
	$'mailto:a\e[2J@r.example'
# Bounds: 50 URIs, and so much input.
some() {
	for i in $(seq "$1"); do echo "https://h.example/$i"; done
}
ok "50 URIs" eval 'some 50 | tally -q make-record e.example'
some 51 | tally -q make-record e.example 2>err
is "51 URIs are too many" "$?" 64
like "it says so" "$(cat err)" 'no more than 50'
# too_much_input: blank lines fill it as well as any
{ head -c 1000000 /dev/zero | tr '\0' '\n'; some 1; } |
	tally -q make-record e.example >out
is "nearly a megabyte is read" "$?" 0
{ head -c 1100000 /dev/zero | tr '\0' '\n'; some 1; } |
	tally -q make-record e.example >out 2>err
is "more is refused" "$? $(wc -c <out)" "65 0"
tally -q make-record e.example mailto:a@r.example >/dev/full 2>err
is "a full disk is told" "$?" 75
status "an empty domain" 64 "$TLSTALLY" make-record "" mailto:a@b.example
like "is no domain" "$said" 'an empty name is no domain'
done_testing
