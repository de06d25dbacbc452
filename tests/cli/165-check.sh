#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The command check without a network: texts that are given, usage, and a
# helper program that is not there or is lost.
. "$(dirname "$0")/../cli/lib.sh"

python3 -c 'import jsonschema' 2>/dev/null ||
	skip_all "python3-jsonschema is not installed"
check() {
	"$TLSTALLY" check "$@"
}

status "a record that is right" 0 check --record \
	'v=TLSRPTv1; rua=mailto:tlsrpt@example.com'
is "is shown as a table first" "$said" "record: all right

  tag       value
  v         TLSRPTv1
  rua       mailto:tlsrpt@example.com

  state    destination
  ok       mailto:tlsrpt@example.com"
status "a doubtful one" 1 check --record \
	'v=TLSRPTv1; rua=mailto://tlsrpt@example.com'
status "a wrong one" 2 check example.com --record 'v=TLSRPTv1;rua=a@b.example'
like "names its place" "$said" '^_smtp._tls.example.com: 1 error'
like "has a caret under the fault" "$said" \
	'^             v=TLSRPTv1;rua=a@b.example$'
like "as wide as the fault" "$said" '^ {28}\^{11}$'
like "and says what to do" "$said" '-> Write mailto:a@b.example'
long="v=TLSRPTv1; rua=$(printf 'mailto:%s@example.com,' {100..140})x"
status "a long one" 2 check --record "$long"
is "fits the page" "$(awk 'length > 80' <<<"$said")" ""
line=$(grep -B1 '^ *^' <<<"$said" | grep -A1 ',x$' | head -n 1)
is "with the caret in its place" "$(printf '%s' "$line" | wc -c)" \
	"$(grep -A1 ',x$' <<<"$said" | tail -n 1 | wc -c | awk '{ print $1 - 1 }')"
odd=$(printf '%0150d' 1)
is "so does one whose names are" "$(check --record \
	"v=TLSRPTv1; $odd; $odd=1; rua=https://$odd.example/" |
	awk 'length > 80 || / $/')" ""
status "a hostile one" 2 check --record $'v=TLSRPTv1; rua=\e]0;x\a\u202e'
is "cannot write to the terminal" \
	"$(tr -d '[:print:]\n' <<<"$said" | wc -c)" 0
status "an empty one" 2 check --record ""
status "one of another kind" 2 check --record "v=spf1 -all"
is "no colour without a terminal" \
	"$(check --record 'v=TLSRPTv1' | grep -c $'\e')" 0

status "a plugin: critical" 2 check --nagios --record 'v=TLSRPTv1; rua=a@b.c|d'
like "in one line" "$said" \
	'^TLSRPT CRITICAL - record: [a-z-]+: [^|]* \| domains=1 errors=[1-9]'
is "and no more" "$(wc -l <<<"$said")" 1
status "a plugin: all right" 0 check --nagios --record \
	'v=TLSRPTv1; rua=mailto:a@b.example'
like "says so" "$said" '^TLSRPT OK - 1 domain checked \| domains=1 errors=0'

check --json --record "$long" >long.json
check --json --record $'v=TLSRPTv1; rua=\u202e"\\' >odd.json
for f in long odd; do
	ok "JSON is as its schema says: $f" python3 -c 'import json, sys, jsonschema
jsonschema.Draft7Validator(json.load(open(sys.argv[1]))).validate(
    json.load(open(sys.argv[2])))' "$top/docs/check.schema.json" $f.json
done
is "a place is counted in octets" "$(python3 -c 'import json
d = json.load(open("long.json"))
f = [f for f in d["domains"][0]["findings"] if f["id"] == "rua-not-a-uri"][0]
p = f["place"]
print(p["line"][p["column"]:p["column"] + p["width"]], p["to"] - p["from"],
    d["status"])')" "x 1 2"

# ---- usage: unknown is 3, whatever the reason ----

status "no domain" 3 check ''
like "is named, though it is empty" "$said" 'an empty name is no domain'
status "an address is none" 3 check tlsrpt@example.com
like "is told" "$said" 'give what stands behind the @'
status "nor is one label" 3 check com
status "nor a URL" 3 check https://example.com/
status "a name that is no A-label" 3 check bücher.example
like "is told how" "$said" 'A-labels \(xn--'
status "--json and --nagios" 3 check --json --nagios example.com
status "an unknown option" 3 check --nonsense
status "two domains with one record" 3 check --record 'v=TLSRPTv1' a.b c.d
printf 'a.example\n\nb_c.example\n' >list
is "a bad line is told by its number" \
	"$(check <list 2>&1)" \
	"tlstally: check: standard input:3: b_c.example: not a domain"
printf '\n# none\n' >empty
for arguments in "" "-" "example.com -"; do
	is "an empty list is a mistake: check $arguments" \
		"$(check --json $arguments <empty 2>&1
		echo $?)" "tlstally: check: standard input: there is no domain in it
3"
done
# INPUT_MAX: blank lines fill it as well as any.
is "16 MB of a list are read" "$(head -c 16000000 /dev/zero |
	tr '\0' '\n' | check 2>&1)" "$(check <empty 2>&1)"
like "17 are refused" "$(head -c 17000000 /dev/zero |
	tr '\0' '\n' | check 2>&1)" 'standard input: more than 16777216 bytes'
status "a store that is not there, but asked for" 3 \
	check -s "$scratch/none.db" example.com
like "is told" "$said" 'no store at'

# ---- a helper that is not there, or not what it should be ----

mkdir libexec
export TLSTALLY_LIBEXEC=$scratch/libexec
status "no helper program" 3 check example.com
like "is told" "$said" 'tlstally-net is not installed \(a build --without-net'
status "also to a plugin" 3 check --nagios example.com
like "in its words" "$said" '^TLSRPT UNKNOWN - '
is "and leaves no half of a document" "$(check --json example.com 2>/dev/null)" ""
is "a plugin's line stays one, without figures" \
	"$(check --nagios -s $'a\nb|c\e' example.com 2>/dev/null | grep -c '^[^|]*$')" 1
printf '#!/bin/sh\nexit 0\n' >libexec/tlstally-net
chmod +x libexec/tlstally-net
status "one that ends at once" 3 check example.com
status "checking a text needs none" 0 check --record \
	'v=TLSRPTv1; rua=mailto:a@b.example'

# A helper that falls over every domain with "crash" in it, and talks nonsense
# of every one with "lie".
cat >libexec/tlstally-net <<-'PY'
	#!/usr/bin/env python3
	import socket, struct, sys
	s = socket.socket(fileno=3)
	s.recv(65536)
	s.send(b"\x40")
	while True:
	    q = s.recv(65536)
	    if not q:
	        break
	    if b"crash" in q:
	        sys.exit(1)
	    number = q[1:5]
	    while b"drip" in q:
	        s.send(b"\x42" + number)
	    if b"flood" in q:
	        for i in range(4 << 10 if b"much" in q else (4 << 10) - 1):
	            s.send(b"\x42" + number + bytes(1024))
	        s.send(b"\x43" + number + bytes(1024))
	    elif b"long" in q:
	        s.send(b"\x44" + number + b"x" * (b"bad-long" in q))
	    elif b"lie" in q:
	        s.send(b"\x43" + struct.pack("=I", 77))
	    else:
	        s.send(b"\x43" + number + b"rubbish")
PY
printf '%s.example\n' a crash b lie c >list
check <list >out 2>err
is "one that is lost costs one domain each" "$?" 3
is "and the order stays" "$(grep -oE '^[a-z]+\.example: unknown' out |
	tr '\n' ' ')" "a.example: unknown crash.example: unknown b.example: unknown lie.example: unknown c.example: unknown "
# The bound of an answer, SUMMARY_BYTES_MAX: an_answer_of_4_MiB is taken, and
# found to be none; of one that is longer no more is read.
like "an answer of 4 MiB" "$(check flood.example 2>&1 | tr -s ' \n' ' ')" \
	'what it said makes no sense'
like "and a longer one" "$(check much-flood.example 2>&1 | tr -s ' \n' ' ')" \
	'it said something that makes no sense'
printf '%s.example\n' long a long >list
is "one that is too long is named at once" \
	"$(check <list 2>&1 | tr -s ' \n' ' ' |
		grep -o 'what was found[^:]* bytes' | tr '\n' '|')" \
	"what was found out about it is more than 4194304 bytes|what was found out about it is more than 4194304 bytes|"
like "and nothing comes with it" "$(check bad-long.example 2>&1 | tr -s ' \n' ' ')" \
	'it said something that makes no sense'
like "one that says nothing without end" "$(timeout 20 "$TLSTALLY" check \
	drip.example 2>&1 | tr -s ' \n' ' ')" 'it said something that makes no sense'

# RECORDS_MAX and RECORDS_UNNAMED_MAX: so many domains are looked at, if they
# were named, and if they were not.
more='more domains than are looked at'
tally -q ingest "$top/contrib/sample/reports.mbox" 2>/dev/null
for n in 1000 1001; do
	is "$n named domains" "$(seq -f d%g.example $n | xargs "$TLSTALLY" \
		-s "$store" monitor -v | grep -c "$more")" $((n - 1000))
done
for n in 100 101; do
	python3 - "$top/tests/hostile" $n >$n.json <<-'PY'
		import sys
		sys.path.insert(0, sys.argv[1])
		import attacks
		print(attacks.report(b",".join(attacks.policy("d%d.example" % i)
		    for i in range(int(sys.argv[2])))).decode())
	PY
	tally -q -s $n.db ingest $n.json
	is "$n domains of reports" "$(TLSTALLY_NOW=2026-11-12T06:00:00Z \
		"$TLSTALLY" -s $n.db monitor -v | grep -c "$more")" $((n - 100))
done

# A helper that is ready and gone.
cat >libexec/tlstally-net <<-'PY'
	#!/usr/bin/env python3
	import socket
	s = socket.socket(fileno=3)
	s.recv(65536)
	s.shutdown(socket.SHUT_RD)
	s.send(b"\x40")
PY
status "one that never listens" 3 timeout 30 "$TLSTALLY" check a.example b.example
is "costs every domain, and comes to an end" \
	"$(grep -cE '^[ab]\.example: unknown' <<<"$said")" 2
done_testing
