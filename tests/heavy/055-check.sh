#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The command check on a small Internet: what it says of domains that are all
# right and of those that are wrong in every way, and that it never takes what
# it could not find out for what is not there.
WORLD_PORTS=real
. "$(dirname "$0")/world.sh"
world_begin "$@"

# ---- the world ----

mail_certs
cert stray-mx self-signed mx9.a.example
kinds="good expired self-signed unknown-ca incomplete cn-only"
for kind in $kinds; do
	cert "p-$kind" $kind "mta-sts.$kind.example"
done
cert p-a good mta-sts.a.example
cert p-wrong good mta-sts.elsewhere.example
cert p-redirect good mta-sts.redirect.example
cert collect good collect.a.example
make_certs

for kind in $kinds; do
	policy "mta-sts.$kind.example" "p-$kind" 200 text/plain <<-END
		version: STSv1
		mode: testing
		mx: mx1.a.example
		max_age: 604800
	END
done
policy mta-sts.a.example p-a 200 text/plain <<-END
	version: STSv1
	mode: enforce
	mx: mx1.a.example
	mx: *.b.example
	max_age: 604800
END
policy mta-sts.wrong.example p-wrong 200 text/plain <<<"version: STSv1"
policy mta-sts.redirect.example p-redirect 200 text/plain \
	"return 301 https://mta-sts.good.example/x;" <<<""
policy collect.a.example collect 201 text/plain <<<""
start_nginx

mail_servers
mx mx9.a.example stray-mx
start_postfix
start_odd

record='v=TLSRPTv1; rua=mailto:tlsrpt@a.example'
zone a.example signed <<-END
	@ MX 10 mx1
	$(for i in 1 2 3 4 5 6 7 8 9; do echo "mx$i A 127.0.1.$i"; done)
	_smtp._tls TXT "$record,https://collect.a.example/v1"
	_mta-sts TXT "v=STSv1; id=20261101"
	mta-sts A 127.0.0.1
	collect A 127.0.0.1
	_25._tcp.mx1 $(tlsa_text good 3 1 1)
	_25._tcp.mx2 $(tlsa_text ca 2 1 1)
	_25._tcp.mx4 $(tlsa_text good 2 1 1)
	mx10 A 127.0.1.2
	_25._tcp.mx10 $(tlsa_text good 2 1 1)
	_25._tcp.mx5 $(tlsa_text self-mx 3 1 1)
	_25._tcp.mx6 $(tlsa_text good 3 1 1)
	$(i=0
	for name in $odd_names; do
		i=$((i + 1))
		echo "odd-$name A 127.0.2.$i"
	done)
END
for kind in $kinds wrong redirect; do
	zone $kind.example unsigned <<-END
		@ MX 10 mx1.a.example.
		_smtp._tls TXT "$record"
		_mta-sts TXT "v=STSv1; id=1"
		mta-sts A 127.0.0.1
	END
done
# host NAME MX: a signed domain with that mail server
for n in 1 2 3 4 5 6 7 8 9 10; do
	zone "m$n.example" signed <<-END
		@ MX 10 mx$n.a.example.
		_smtp._tls TXT "$record"
	END
done
for name in no-starttls injects not-tls silent gone blocked; do
	zone "$name.example" unsigned <<-END
		@ MX 10 odd-$name.a.example.
		_smtp._tls TXT "$record"
	END
done
zone bogus.example bogus <<-END
	_smtp._tls TXT "$record"
END
zone late.example expired <<-END
	_smtp._tls TXT "$record"
END
zone lame.example lame </dev/null
zone none.example unsigned <<-END
	@ MX 10 mx1.a.example.
END
zone elsewhere.example unsigned <<-END
	@ MX 10 mx1.a.example.
	_tlsrpt TXT "$record"
END
zone private.example unsigned <<-END
	@ MX 10 mx
	mx A 10.0.0.1
	_smtp._tls TXT "v=TLSRPTv1; rua=https://private.example/x"
	@ A 127.0.0.1
	_mta-sts TXT "v=STSv1; id=1"
	mta-sts A 192.168.0.1
END
zone dest.example unsigned <<-END
	@ MX 0 .
	_smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@nowhere.example,mailto:b@dest.example,mailto:c@lame.example,https://gone.dest.example/"
END
zone literal.example unsigned <<-END
	@ MX 10 mx1.a.example.
	_smtp._tls TXT "v=TLSRPTv1; rua=https://127.0.0.1/v1,https://[::1]/v1,https://[::ffff:10.0.0.1]/v1"
END
zone broken.example unsigned <<-END
	@ MX 10 mx1.a.example.
	_smtp._tls TXT "v=TLSRPTv1; rua=tlsrpt@a.example"
	_smtp._tls TXT "google-site-verification=x"
END
zone half.example unsigned <<-END
	@ MX 10 mx1.a.example.
	@ MX 20 odd-blocked.a.example.
	_smtp._tls TXT "$record"
END
zone odd.example unsigned <<-END
	@ MX 10 mx1.a.example.
	_smtp._tls CNAME a
	a CNAME b
	b CNAME a
	_mta-sts 172800 TXT "v=STSv1; id=1"
	mta-sts CNAME mta-sts
END
# Aliases that go round, so many of them.
for n in 8 9; do
	{
		echo "@ MX 10 mx1.a.example."
		echo "_smtp._tls CNAME n2"
		for ((i = 2; i < n; i++)); do
			echo "n$i CNAME n$((i + 1))"
		done
		echo "n$n CNAME _smtp._tls"
	} | zone round$n.example unsigned
done
zone alias.example unsigned <<-END
	@ MX 10 mx1.a.example.
	_smtp._tls CNAME _smtp._tls.a.example.
END
start_dns

# check RESOLVER DOMAIN OPTION...
check_by() {
	local by=$1
	shift
	"$TLSTALLY" check --resolver "$by" --anchor "$anchor" \
		--ca-file "$pki/ca.pem" "$@" </dev/null
}
check() {
	check_by "$resolver" --allow-private ${stored:+-s "$stored"} "$@"
}
stored=
# findings OPTION... DOMAIN...: each domain, and DOMAIN ID SEVERITY, a line each
cat >findings.py <<-'PY'
	import json, sys
	for d in json.load(sys.stdin)["domains"]:
	    print(d["domain"], "was looked at")
	    for f in d["findings"]:
	        print(d["domain"], f["id"], f["severity"])
PY
findings() {
	check --json "$@" | python3 findings.py
}

# ---- domains that are right ----

status "a domain that is right" 0 check a.example
like "its verdict" "$said" '^a.example: all right'
like "its destinations" "$said" \
	'^  ok +https://collect.a.example/v1$'
like "its record is secure" "$said" \
	'^  secure +_smtp._tls.a.example TXT: TTL 300, v=TLSRPTv1;'
like "its policy" "$said" \
	'id 20261101, mode enforce, max_age 604800, mx mx1.a.example'
like "its TLSA record" "$said" 'mx1.a.example: no connection tried, DANE: 1 TLSA'
status "with a probe" 0 check --probe a.example
like "its mail server" "$said" \
	'10 mx1.a.example: TLS 1.3, certificate trusted, until [0-9-]+, DANE: match'
like "its mailbox and its collector" "$(findings --probe a.example)" \
	'dest-https-post-ok info'

# ---- the DNS ----

for domain in bogus late; do
	status "$domain.example is an error" 2 check $domain.example
	like "and said to be bogus" "$said" 'dns-bogus'
	is "and not said to be missing" "$(grep -c missing <<<"$said")" 0
done
status "a lame zone is unknown" 3 check lame.example
is "and not missing" "$(grep -c 'tlsrpt-missing' <<<"$said")" 0
status "no such domain" 2 check nowhere.example
like "is told" "$said" 'dns-nxdomain'
status "no record" 2 check none.example
like "is told" "$said" 'tlsrpt-missing'
like "a record elsewhere is found" "$(findings elsewhere.example)" \
	'^elsewhere.example tlsrpt-wrong-name error$'
like "an alias is told" "$(findings alias.example)" 'dns-cname info'
got=$(findings odd.example)
like "aliases that go round" "$got" 'dns-cname-loop error'
is "are told of each name, and not as a failure" \
	"$(grep -c 'dns-cname-loop' <<<"$got") $(grep -c servfail <<<"$got")" "2 0"
like "a TTL of two days" "$got" 'dns-ttl-long info'
# ALIASES_MAX: so many are asked for.
like "8 aliases that go round" "$(findings round8.example)" \
	'dns-cname-loop error'
got=$(findings round9.example)
is "9 are not looked through" "$(grep -c 'dns-cname-loop' <<<"$got")" 0
like "and a failure" "$got" 'servfail'
is "what fails is told once" "$(check lame.example | tr -s ' \n' ' ' |
	grep -o 'servers of lame.example failed' | wc -l)" 1
status "an error in a record" 2 check broken.example
like "is under a caret" "$said" '^ +\^{16}$'
like "and mended" "$said" 'mailto:tlsrpt@a.example'

# ---- destinations ----

got=$(findings dest.example)
like "a mail domain that is not there" "$got" 'dest-mailto-nxdomain error'
like "one that takes no mail" "$got" 'dest-mailto-null-mx error'
like "one of which nothing is known" "$got" 'dns-servfail unknown'
like "a host that is not there" "$got" 'dest-https-nxdomain error'
unlike "a mailbox that takes mail" "$(findings --probe m1.example)" rcpt

# ---- policies ----

for pair in expired:webpki-invalid self-signed:webpki-invalid \
	unknown-ca:webpki-invalid incomplete:webpki-invalid \
	cn-only:webpki-invalid wrong:webpki-invalid redirect:redirect; do
	like "a policy: ${pair%:*}" "$(findings "${pair%:*}.example")" \
		"sts-${pair#*:} error"
done
got=$(findings good.example)
like "one in testing" "$got" 'sts-mode-testing warning'
unlike "is not in error" "$got" error
unlike "a proxy of the environment is not used" \
	"$(https_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 \
		findings good.example)" fetch
like "one that is asked for is" \
	"$(findings --proxy http://127.0.0.1:1 good.example)" 'sts-fetch-error'

# ---- mail servers ----

for pair in m1:rollover m3:cert-expired m4:cert-name m4:dane-ta-not-in-chain \
	m6:mismatch m10:mismatch m7:cert-cn-only \
	m8:cert-expiring m9:cert-untrusted no-starttls:no-starttls injects:injection \
	not-tls:tls-handshake silent:unreachable gone:unreachable \
	blocked:unreachable; do
	like "a mail server: ${pair#*:}" \
		"$(findings --probe --timeout 4 "${pair%:*}.example")" \
		"^${pair%:*}.example .*${pair#*:} "
done
unlike "TLSA 2 1 1 with its authority" "$(findings --probe m2.example)" error
unlike "TLSA 3 1 1 needs no authority" "$(findings --probe m5.example)" error
status "a blocked port is unknown" 3 check --probe --timeout 4 blocked.example
status "unless another server is reached" 1 \
	check --probe --timeout 4 half.example

# ---- addresses that are not public ----

is "addresses instead of names are not asked" "$(check_by "$resolver" --json \
	literal.example | python3 findings.py | grep -c 'dest-https-connect unknown$')" 3
like "unless that is allowed" "$(check literal.example | tr -s ' \n' ' ')" \
	'no connection to \[::1\]: Failed to connect'

got=$(check_by "$resolver" --json --probe private.example a.example |
	python3 findings.py)
like "a private policy host is not asked" "$got" \
	'^private.example sts-fetch-error unknown'
like "nor a private mail server" "$got" \
	'^private.example mx-unreachable unknown'
like "nor a collector on loopback" "$got" \
	'^private.example dest-https-connect unknown'
like "nor anything of another domain" "$got" \
	'^a.example mx-unreachable unknown'

# ---- bad roads ----

start_proxy delay=50
status "a long road" 0 check_by "$proxied" --allow-private a.example
start_proxy drop=100
status "no answer is unknown" 3 check_by "$proxied" --timeout 3 a.example
like "and said so" "$said" 'dns-timeout|dns-servfail'
is "and not missing" "$(grep -c 'missing' <<<"$said")" 0
start_proxy delay=9000
status "an answer too late is unknown" 3 \
	check_by "$proxied" --timeout 2 a.example
is "and not missing either" "$(grep -c 'missing' <<<"$said")" 0
start_proxy strip=yes
status "a resolver that strips signatures" 1 \
	check_by "$proxied" --allow-private a.example
like "is told once" "$said" 'dns-canary-bogus'
is "and nothing else" "$(grep -c 'bogus$' <<<"$said")" 1
like "what it says is seen" "$said" '^  not signed +_smtp._tls.a.example TXT: TTL'

# ---- many, and all at once ----

printf '%s\n' a.example '# a comment' '' lame.example A.EXAMPLE. >list
"$TLSTALLY" check --resolver "$resolver" --anchor "$anchor" --allow-private \
	--ca-file "$pki/ca.pem" <list >many 2>&1
is "a list: the worst of all" "$?" 3
is "in the order of the list" \
	"$(grep -oE '^[a-z]+\.example:' many | tr '\n' ' ')" \
	"a.example: lame.example: a.example: "
like "with a sum" "$(tail -n 1 many)" \
	'^3 domains: 2 all right, 0 with warnings, 0 with errors, 1 unknown$'
status "an error outranks unknown" 2 check lame.example broken.example
like "a plugin's line" \
	"$(check --nagios --probe a.example broken.example)" \
	'^TLSRPT CRITICAL - broken.example: rua-missing-mailto: .* \| domains=2 errors=[0-9]+ .*certificate_days=[0-9]+'
check --json --probe a.example m6.example good.example bogus.example \
	dest.example broken.example lame.example >all.json
ok "JSON is as its schema says" python3 -c 'import json, jsonschema
jsonschema.Draft7Validator(json.load(open("'"$top"'/docs/check.schema.json"))).validate(
    json.load(open("all.json")))'

# ---- with reports ----

day=$(date -u -d '1 day ago' +%F)
cat >report.json <<-END
	{"organization-name": "Mail", "date-range": {
	  "start-datetime": "${day}T00:00:00Z", "end-datetime": "${day}T23:59:59Z"},
	 "contact-info": "tls@mail.example", "report-id": "1", "policies": [{
	  "policy": {"policy-type": "no-policy-found", "policy-domain": "m3.example"},
	  "summary": {"total-successful-session-count": 10,
	   "total-failure-session-count": 5},
	  "failure-details": [{"result-type": "certificate-expired",
	   "receiving-mx-hostname": "mx3.a.example", "failed-session-count": 5}]}]}
END
sed 's/m3.example/m1.example/; s/mx3.a/mx1.a/; s/"1"/"2"/' report.json \
	>report2.json
old=$(date -u -d '60 days ago' +%F)
sed "s/m3.example/m2.example/; s/\"1\"/\"3\"/; s/$day/$old/g" report.json \
	>report3.json
sed 's/m3.example/none.example/; s/"1"/"4"/' report.json >report4.json
cat >good.json <<-END
	{"organization-name": "Mail", "date-range": {
	  "start-datetime": "${day}T00:00:00Z", "end-datetime": "${day}T23:59:59Z"},
	 "contact-info": "tls@mail.example", "report-id": "5", "policies": [{
	  "policy": {"policy-type": "sts", "policy-domain": "good.example",
	   "policy-string": ["version: STSv1", "mode: testing",
	    "mx: mx1.a.example", "max_age: 604800"]},
	  "summary": {"total-successful-session-count": 10,
	   "total-failure-session-count": 0}}]}
END
cat >advice.conf <<-END
	domain "*.example" { testing_days = 1 report_days = 1 reporters = 1 sessions = 1 }
END
chmod 600 advice.conf
ok "reports" tally ingest report.json report2.json report3.json report4.json \
	good.json
stored=$store
like "a failure that is still there" "$(check --probe m3.example | tr -s ' \n' ' ')" \
	'certificate-expired on mx3.a.example since .*; and in fact, now: .*mx3.a.example.*ended on'
like "one that is mended" "$(check --probe m1.example | tr -s ' \n' ' ')" \
	'certificate-expired on mx1.a.example since .*; it is not seen any more'
like "one that was not looked at" "$(check m3.example | tr -s ' \n' ' ')" \
	'not looked at now'
like "no report, although the record is right" "$(findings m2.example)" \
	'rpt-none warning'
like "reports without a record" "$(findings none.example)" \
	'rpt-unknown-destination info'
like "a policy in testing that has too few reports" \
	"$(check good.example | tr -s ' \n' ' ')" \
	'adv-enforce-not-ready Not ready for mode enforce: .*, and [0-9]+ needed'
like "or enough" "$(findings -c advice.conf good.example)" \
	'adv-enforce-ready info'
done_testing
