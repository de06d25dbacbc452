#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What monitor notices of a domain that is edited step by step: each change is
# told until it is undone or accepted, and what cannot be looked at is never
# taken for deleted.
WORLD_PORTS=real
. "$(dirname "$0")/world.sh"
world_begin "$@"

# ---- the world ----

cert p-w good mta-sts.w.example
cert soon expiring mta-sts.soon.example
cert mx good mx1.w.example
make_certs
mx mx1.w.example mx
start_postfix

# sts MODE MX: the policy that is served from now on
policy_file=$world/nginx/policies/mta-sts.w.example/.well-known/mta-sts.txt
sts() {
	printf 'version: STSv1\r\nmode: %s\r\nmx: %s\r\nmax_age: 604800\r\n' "$@"
}
policy mta-sts.w.example p-w 200 text/plain < <(sts testing mx1.w.example)
policy mta-sts.soon.example soon 200 text/plain < <(sts testing mx1.w.example)
start_nginx

# records [LINE]...: of w.example, all that is not about its own record
rua='v=TLSRPTv1; rua=mailto:tls@w.example'
records() {
	cat <<-END
		@ MX 10 mx1
		mx1 A 127.0.1.1
		mta-sts A 127.0.0.1
		other TXT "$rua"
		_25._tcp.mx1 ${dane-$(tlsa_text mx 3 1 1)}
	END
	[ -z "${id=1}" ] || echo "_mta-sts TXT \"v=STSv1; id=$id\""
	printf '%s\n' "$@"
}
good="_smtp._tls TXT \"$rua\""
zone w.example signed < <(records "$good")
# One of its name servers is not there.
unproven="@ MX 10 mx1.w.example.
@ NS ns2
ns2 A 127.0.3.9"
zone u.example unsigned <<<"$unproven
$good"
zone v.example unsigned <<-END
	@ MX 10 mx1.w.example.
	$good
END
zone soon.example unsigned <<-END
	@ MX 10 mx1.w.example.
	_smtp._tls TXT "$rua"
	_mta-sts TXT "v=STSv1; id=1"
	mta-sts A 127.0.0.1
END
zone new.example unsigned <<-END
	@ MX 10 mx1.w.example.
END
zone broken.example unsigned <<-END
	@ MX 10 mx1.w.example.
	_smtp._tls TXT "v=TLSRPTv1; rua=tls@w.example"
END
start_dns

# Reports of the last days, so that no silence is told.
for n in 1 2 3 4 5; do
	day=$(date -u -d "$n days ago" +%F)
	for d in w u v soon new broken; do
		cat >"$n-$d.json" <<-END
			{"organization-name": "R", "contact-info": "a@r.example",
			 "report-id": "$n-$d", "date-range": {
			  "start-datetime": "${day}T00:00:00Z",
			  "end-datetime": "${day}T23:59:59Z"},
			 "policies": [{"policy": {"policy-type": "no-policy-found",
			  "policy-domain": "$d.example"}, "summary": {
			  "total-successful-session-count": 10,
			  "total-failure-session-count": 0}}]}
		END
	done
done
"$TLSTALLY" -q -s w.db ingest ./*.json

# by RESOLVER ARGUMENT...: monitor, through that resolver
by() {
	local resolver=$1
	shift
	"$TLSTALLY" -s w.db monitor --resolver "$resolver" --anchor "$anchor" \
		--ca-file "$pki/ca.pem" --allow-private "$@" </dev/null
}
# told NAME STATUS REGEX [ARGUMENT...]: of w.example, or of what is named
told() {
	local name=$1 wanted=$2 regex=$3
	shift 3
	status "$name" "$wanted" by "$resolver" "${@:-w.example}"
	like "... in words" "$said" "$regex"
}
# edit KIND LINE...: w.example with these records
edit() {
	local kind=$1
	shift
	rezone w.example "$kind" < <(records "$@")
}
accept() {
	status "it is accepted" 0 "$TLSTALLY" -s w.db monitor --accept "$@"
}
fine() {
	told "$1" 0 '^TLSRPT OK'
}

# ---- the first run ----

told "the first run remembers" 0 \
	'^w.example: watched from now on; the record is v=TLSRPTv1; rua=mailto:tls@w'
like "and measures" "$said" "'watched'=1;;;0; 'changed'=0;;;0;"
fine "the second has nothing to say"
is "nor the store" "$("$TLSTALLY" -s w.db status --check)" "the store is sound"
like "which knows of it" "$("$TLSTALLY" -s w.db status)" \
	'^watched +1 domain, last 2'

# ---- edited ----

edit signed "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@elsewhere.example\""
for again in "an edit" "an edit is told until it is accepted"; do
	told "$again" 1 'WARNING - w.example: the TLS-RPT record was edited; gone: mailto:tls@w.example; new: mailto:tls@elsewhere.example; it is now'
done
like "with what to do" "$said" 'If this was meant: tlstally monitor --accept w.example'
edit signed "$good"
fine "or undone"
edit signed "_smtp._tls TXT \"$rua,mailto:b@w.example\""
told "a new destination" 1 'was edited; new: mailto:b@w.example; it is'
accept w.example
fine "is no news then"
edit signed "$good"
told "nor is its end" 1 'was edited; gone: mailto:b@w.example; it is'
accept
fine "all are accepted"

# ---- broken, duplicated, alias ----

edit signed "_smtp._tls TXT \"v=TLSRPTv1; rua=tls@w.example\""
told "a mistake" 2 'CRITICAL - w.example: the TLS-RPT record is broken: '
edit signed "$good" "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:c@w.example\""
told "a second record" 2 'the TLS-RPT record is there more than once: '
edit signed "_smtp._tls CNAME other"
told "an alias" 1 'the alias of the TLS-RPT record has changed: it led to no other name, and leads to other.w.example'
edit signed "$good"
fine "undone"

# ---- what cannot be looked at ----

start_proxy drop=100 tcp=no
status "a resolver that is silent" 3 by "$proxied" --timeout 2 w.example
like "is said to be unknown" "$said" 'record could not be looked at: '
is "and nothing is deleted" "$(grep -c "was deleted" <<<"$said")" 0
edit bogus "$good"
told "wrong signatures" 2 'DNSSEC validation of the TLS-RPT record fails'
is "delete nothing" "$(grep -c "was deleted" <<<"$said")" 0
edit signed "$good"
fine "mended"

# ---- deleted ----

edit signed
told "a proven absence" 2 'CRITICAL - w.example: the TLS-RPT record was deleted; it was: v=TLSRPTv1; rua=mailto:tls@w.example'
edit signed "$good"
fine "that ends"
edit signed
told "or does not" 2 'was deleted'
accept w.example
fine "may be meant"
edit signed "$good"
told "and then it is added" 1 'the TLS-RPT record was added: v=TLSRPTv1'
accept w.example

told "a zone that is not signed" 0 'watched from now on' u.example
rezone u.example unsigned <<<"$unproven"
told "an absence of which not all are certain" 3 \
	'not found this time, by an answer that is not certain' u.example
told "a zone whose servers are all there" 0 'watched from now on' v.example
rezone v.example unsigned <<<"@ MX 10 mx1.w.example."
told "is believed at once" 2 'v.example: the TLS-RPT record was deleted' v.example
status "a failure between" 3 by "$proxied" --timeout 2 u.example
rezone u.example unsigned <<<"$unproven
$good"
told "and it may come back" 0 '^TLSRPT OK' u.example
rezone u.example unsigned <<<"$unproven"
told "gone again" 3 'not found this time' u.example
status "a failure between" 3 by "$proxied" --timeout 2 u.example
is "is no second sight" "$(grep -c "was deleted" <<<"$said")" 0
told "seen twice" 2 'u.example: the TLS-RPT record was deleted' u.example

told "no record from the first" 1 'there is no TLS-RPT record' new.example
told "a broken one from the first" 2 'record is broken' broken.example

# ---- the policy ----

id=1
sts enforce mx1.w.example >"$policy_file"
like "check knows what monitor saw" "$("$TLSTALLY" -s w.db check \
	--resolver "$resolver" --anchor "$anchor" --ca-file "$pki/ca.pem" \
	--allow-private w.example w.example </dev/null)" 'sts-id-unchanged'
told "another policy of the same id" 1 \
	'the MTA-STS policy has changed, but its id is still 1'
like "and what is otherwise" "$said" \
	'policy was edited; mode enforce instead of testing'
id=2 edit signed "$good"
told "with a new id it is an edit" 1 'policy was edited; mode enforce'
is "alone" "$(grep -c 'still' <<<"$said")" 0
id=2
accept w.example
fine "accepted"
sts enforce mx2.w.example >"$policy_file"
told "another host" 1 'policy was edited; mx; gone: mx1.w.example; new: mx2.w'
sts enforce mx1.w.example >"$policy_file"
fine "undone"
mv "$policy_file" away
told "a policy that is not to be had" 3 'policy could not be had this time'
told "twice" 2 'the MTA-STS policy is of no use'
mv away "$policy_file"
fine "and again"
id='' edit signed "$good"
told "without its record" 2 'the MTA-STS record was deleted; it was: 2'
like "and what senders do" "$said" 'may enforce it until 2'
like "check knows it, too" "$("$TLSTALLY" -s w.db check \
	--resolver "$resolver" --anchor "$anchor" --ca-file "$pki/ca.pem" \
	--allow-private w.example </dev/null)" 'sts-removed-abruptly'
edit signed "$good"
fine "and with it"

# ---- certificates ----

told "a certificate that ends soon" 1 \
	'the certificate of mta-sts.soon.example expires in [0-9]+ days, on 2' \
	soon.example
cat >late.conf <<-END
	domain "soon.example" { certificate_warning = 0 certificate_critical = 3650d }
	domain "w.example" { certificate_warning = 0 certificate_critical = 0 }
END
chmod 600 late.conf
told "or too soon" 2 'expires in' -c late.conf soon.example
told "or never" 0 '^TLSRPT OK' -c late.conf w.example

# ---- DNSSEC ----

dane="TXT nothing" edit signed "$good"
told "DANE lost" 2 'DANE no longer protects mx1.w.example' --probe w.example
edit signed "$good"
told "and found" 0 '^TLSRPT OK' --probe w.example
edit unsigned "$good"
reroot
told "signatures lost, DS and all" 2 'DNSSEC no longer protects the TLS-RPT'
accept w.example
fine "accepted"

# ---- what advise sees ----

advise() {
	"$TLSTALLY" -s w.db advise --resolver "$resolver" --anchor "$anchor" \
		--ca-file "$pki/ca.pem" --allow-private "$@" </dev/null
}
# live RULE STATE NAME: of w.example
live() {
	is "$3" "$(advise --json w.example | python3 -c "import json, sys
for rule in json.load(sys.stdin)[0]['live']:
    if rule['rule'] == 'live_$1':
        print(rule['state'])")" "$2"
}
status "advise looks, too" 1 advise w.example
like "at the policy" "$said" 'ok +the policy as it is now: mode enforce, id 2'
like "and its hosts" "$said" 'ok +MX hosts that the policy names: 1 of 1'
live certificates met "a certificate that is good"
live tlsa met "no TLSA record that counts is no fault"
sts enforce other.example >"$policy_file"
live mx failing "a host that the policy does not name"
status "is not ready" 2 advise w.example
like "and what to mend" "$said" 'Mend what is wrong now'
sts none mx1.w.example >"$policy_file"
live policy failing "a policy that is none"
sts testing mx1.w.example >"$policy_file"
live policy met "and one in testing"
resolver_kept=$resolver
resolver=$proxied
status "what cannot be looked at is unknown" 1 advise --timeout 2 w.example
like "and said to be" "$said" 'UNKNOWN +the policy as it is now: its record'
resolver=$resolver_kept
status "nor is it looked at" 1 advise --offline w.example
is "when nobody wants it" "$(grep -c 'as it is now' <<<"$said")" 0
sts enforce mx1.w.example >"$policy_file"

# ---- together ----

status "all that are known" 2 by "$resolver"
like "are looked at" "$said" "'watched'=6;"
status "of a configuration, only its own" 0 by "$resolver" -c late.conf \
	w.example
cat >own.conf <<<'domain "w.example" { }'
chmod 600 own.conf
status "without being named" 0 by "$resolver" -c own.conf
like "and no others'" "$said" "'watched'=1;"
status "the store's part alone" 0 "$TLSTALLY" -s w.db monitor --offline
is "looks at nothing" "$(grep -c watched <<<"$said")" 0
status "what is not watched cannot be accepted" 3 \
	"$TLSTALLY" -s w.db monitor --accept nowhere.example

done_testing
