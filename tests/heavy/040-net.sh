#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What looks at the DNS, web servers and mail servers of domains, beside the
# real ones on loopback: each fault is told by its own name, and what could not
# be found out is never taken for what is not there.
. "$(dirname "$0")/world.sh"
world_begin "$@"
probe_program=${TESTHELPERS:-$builddir/tests}/heavy/net_probe
[ -x "$probe_program" ] || skip_all "net_probe is not built"

# ---- the world ----

mail_certs
for kind in good complete expired self-signed unknown-ca incomplete cn-only \
	expiring; do
	cert "p-$kind" $kind "mta-sts.$kind.example"
done
cert p-wrong good mta-sts.elsewhere.example
# What is not the certificate's fault has one for all.
for kind in redirect missing full large chunked fields headers slow; do
	cert "q-$kind" good "mta-sts.$kind.example"
done
make_certs

for kind in good complete expired self-signed unknown-ca incomplete cn-only \
	expiring; do
	policy "mta-sts.$kind.example" "p-$kind" 200 text/plain <<-END
		version: STSv1
		mode: enforce
		mx: mx1.a.example
		max_age: 604800
	END
done
policy mta-sts.wrong.example p-wrong 200 text/plain <<<"version: STSv1"
policy mta-sts.redirect.example q-redirect 200 text/plain \
	"return 301 https://mta-sts.good.example/x;" <<<""
policy mta-sts.missing.example q-missing 404 text/plain <<<""
head -c 65536 /dev/zero | tr '\0' x |
	policy mta-sts.full.example q-full 200 text/plain
head -c 65537 /dev/zero | tr '\0' x |
	policy mta-sts.large.example q-large 200 text/plain
# Without a Content-Length, as chunks.
head -c 70000 /dev/zero | tr '\0' '<' |
	policy mta-sts.chunked.example q-chunked 200 text/plain \
		"sub_filter_types *; sub_filter '<' '>'; sub_filter_once off;"
# 32 KiB, with the some 220 bytes that nginx says by itself, and more.
for pair in fields:31 headers:33; do
	policy "mta-sts.${pair%:*}.example" "q-${pair%:*}" 200 text/plain \
		"$(for i in $(seq "${pair#*:}"); do
			printf 'add_header X-%02d "%01017d";' "$i" 0
		done)" <<<"version: STSv1"
done
policy mta-sts.slow.example q-slow 200 text/plain \
	"limit_rate 10;" <<<"$(printf '%0500d' 0)"
start_nginx

mail_servers
mx old.a.example good smtpd_tls_protocols=TLSv1.1 \
	smtpd_tls_mandatory_protocols=TLSv1.1 tls_medium_cipherlist=ALL:@SECLEVEL=0
start_postfix
start_odd

zone a.example signed <<-END
	@ MX 10 mx1
	@ MX 20 mx2
	mx1 A 127.0.1.1
	mx2 A 127.0.1.2
	_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@a.example"
	alias CNAME alias2
	alias2 CNAME _smtp._tls
	far CNAME _smtp._tls.unsigned.example.
	loop CNAME loop2
	loop2 CNAME loop
	only A 127.0.0.1
	odd\.name CNAME only
	split TXT "v=TLSRPTv1; " "rua=mailto:x@a.example"
	_25._tcp.mx1 $(tlsa_text good 3 1 1)
	_25._tcp.mx2 $(tlsa_text ca 2 1 1)
	$(for i in $(seq 256); do echo "full TXT \"$i\""; done)
	$(for i in $(seq 2000); do echo "many TXT \"$i\""; done)
	$(printf 'giant TXT'; for i in $(seq 230); do printf ' "%0250d"' 0; done)
	$(for i in $(seq 12); do echo "c$i CNAME c$((i + 1))"; done)
END
zone unsigned.example unsigned <<-END
	_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@unsigned.example"
END
zone bogus.example bogus <<-END
	_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@bogus.example"
END
zone expired.example expired <<-END
	_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@expired.example"
END
zone lame.example lame </dev/null
start_dns

probe() {
	"$probe_program" "$@" 2>"$scratch/stderr" </dev/null
}
dns() {
	probe -a "$anchor" -r "$resolver" dns "$@"
}
https() {
	probe -l -c "$pki/ca.pem" -p "$https_port" https \
		"https://$1/.well-known/mta-sts.txt" 127.0.0.1
}

# smtp NAME ADDRESS OPTION...
smtp() {
	local name=$1 address=$2
	shift 2
	probe -l -t 3000 -c "$pki/ca.pem" "$@" smtp "$name" "$address" \
		"$smtp_port"
}

# ---- the DNS ----

like "a signed record is secure" "$(dns _smtp._tls.a.example TXT)" \
	'^_smtp._tls.a.example TXT data secure rcode=0 ttl=[0-9]+ records=1 .*v=TLSRPTv1'
like "strings are kept apart" "$(dns split.a.example TXT)" \
	'records=1 .012v=TLSRPTv1;.032.022rua=mailto:x@a.example$'
like "that there is no record is secure, too" "$(dns only.a.example TXT)" \
	'^only.a.example TXT nodata secure rcode=0'
like "and that there is no name" "$(dns none.a.example TXT)" \
	'^none.a.example TXT nxdomain secure rcode=3'
like "an unsigned record is insecure" \
	"$(dns _smtp._tls.unsigned.example. TXT)" 'data insecure rcode=0'
like "and its absence" "$(dns x.unsigned.example TXT)" 'nxdomain insecure'
like "a wrong signature is bogus" "$(dns _smtp._tls.bogus.example TXT)" \
	'TXT bogus bogus rcode=. .*records=0 why=.*signature'
like "an expired signature is bogus" \
	"$(dns _smtp._tls.expired.example TXT)" \
	'TXT bogus bogus rcode=. .*records=0 why=.*expired'
like "a wrong denial is bogus" "$(dns none.bogus.example TXT)" \
	'TXT bogus bogus'
like "a lame server is no denial" "$(dns _smtp._tls.lame.example TXT)" \
	'TXT servfail unknown rcode=2'
like "aliases are named in their order" "$(dns alias.a.example TXT)" \
	'data secure .*alias=alias2.a.example alias=_smtp._tls.a.example '
like "into an unsigned zone it is insecure" "$(dns far.a.example TXT)" \
	'data insecure .*alias=_smtp._tls.unsigned.example '
like "a loop of aliases ends" "$(dns loop.a.example TXT)" 'servfail unknown'
like "a long chain has a bound" "$(dns c4.a.example TXT)" \
	'(servfail|nxdomain)'
like "as many records as are kept" "$(dns full.a.example TXT)" \
	'data secure .*records=256 '
like "more of them are cut" "$(dns many.a.example TXT)" \
	'data secure .*records=256 cut '
like "a giant record is whole" "$(dns giant.a.example TXT)" \
	'records=1 57730-bytes$'
like "a dot within a label" "$(dns 'odd\.name.a.example' A)" \
	'data secure .*alias=only.a.example 127.0.0.1$'
like "MX records are as they came" "$(dns a.example MX)" \
	'records=2 .*03(6d7832|6d7831)0161'
like "TLSA records" "$(dns _25._tcp.mx1.a.example TLSA)" \
	"records=1 $(tlsa good 3 1 1)\$"
for name in '' . a..example "$(printf 'x%.0s' $(seq 70)).example" \
	"$(printf '%01100d' 0)"; do
	[ "$name" != . ] || continue
	like "${#name} bytes that are no name" "$(dns "$name" TXT)" \
		'TXT bad-name unknown rcode=-1'
done
is "all of it in one go" "$(dns a.example MX b.example MX c.example TXT \
	only.a.example A | sort | cut -d' ' -f1-4)" "a.example MX data secure
b.example MX nxdomain secure
c.example TXT nxdomain secure
only.a.example A data secure"

like "a resolver is an address" "$(probe -r localhost dns a.example TXT)" \
	'^error=9 localhost: a resolver is ADDRESS'
for bad in 127.0.0.1@ 127.0.0.1@0 127.0.0.1@65536 127.0.0.1@+1 127.0.0.1@1x \
	@53 ::1@5@3; do
	like "$bad is none" "$(probe -r "$bad" dns a.example TXT)" '^error=9 '
done
like "a trust anchor that is not there" \
	"$(probe -a "$scratch/none" dns a.example TXT)" '^error=4 .*none: '
echo nonsense >nonsense
like "a trust anchor that is none" \
	"$(probe -a "$scratch/nonsense" dns a.example TXT)" \
	'^error=9 .*nonsense'
echo "nameserver 127.0.0.1" >resolv.conf
like "a resolver that nobody plays gives no answer" \
	"$(probe -R "$scratch/resolv.conf" -t 3000 -a "$anchor" dns x.example TXT)" \
	'TXT (servfail|timeout) unknown'
like "the root is not trusted for a root of our own" \
	"$(probe -r "$resolver" dns _smtp._tls.a.example TXT)" 'bogus bogus'

# ---- a bad road to the name server ----

through() {
	probe -a "$anchor" -r "$proxied" "$@"
}
start_proxy delay=50
like "a long road" "$(through dns _smtp._tls.a.example TXT)" 'data secure'
for i in $(seq 200); do
	echo "_smtp._tls.n$i.unsigned.example"
done >names
"$probe_program" -a "$anchor" -r "$proxied" dns - <names >answers 2>stderr
is "200 names are asked for at once" \
	"$(cut -d' ' -f3,4 answers | sort | uniq -c | tr -s ' ')" \
	" 200 nxdomain insecure"
ok "and not one after the other" test "$(sed 's/[^0-9]//g' stderr)" -lt 5000
start_proxy drop=30
like "a third of the packets is lost" \
	"$(through -t 20000 dns _smtp._tls.a.example TXT)" 'data secure'
start_proxy drop=100
like "all of them" "$(through -t 1000 dns _smtp._tls.a.example TXT)" \
	'TXT (timeout|servfail) unknown'
start_proxy delay=3000
like "an answer after the deadline" \
	"$(through -t 500 dns _smtp._tls.a.example TXT only.a.example A)" \
	'TXT timeout unknown rcode=-1'
start_proxy tcp=no
like "what does not fit into a packet, without TCP" \
	"$(through -t 2000 dns giant.a.example TXT)" \
	'TXT (timeout|servfail) unknown'
start_proxy strip=yes
like "a resolver that strips signatures" \
	"$(through dns _smtp._tls.a.example TXT)" 'bogus bogus'
like "is known by the root's keys" "$(through dns . DNSKEY)" \
	'^. DNSKEY (bogus bogus|servfail)'
like "which are secure elsewhere" "$(dns . DNSKEY)" '^. DNSKEY data secure'

# ---- web servers ----

good=$(https mta-sts.good.example)
like "a policy" "$good" \
	'^done status=200 type=text/plain .*body=63 address=127.0.0.1 chain=1 depth=0'
like "is there" "$good" '^mode: enforce'
like "an authority in between that is sent" \
	"$(https mta-sts.complete.example)" '^done status=200 .* chain=2 depth'
like "a certificate that ends soon" "$(https mta-sts.expiring.example)" \
	'^done status=200 '
for pair in expired:expired self-signed:self-signed unknown-ca:incomplete-chain \
	incomplete:incomplete-chain cn-only:cn-only wrong:wrong-name; do
	got=$(https "mta-sts.${pair%:*}.example")
	like "a certificate: ${pair%:*}" "$got" \
		"^certificate status=[0-9]+ .*body=0 .*fault=${pair#*:} depth"
done
like "a redirect is told and not followed" \
	"$(https mta-sts.redirect.example)" \
	'^redirect status=301 .*location=https://mta-sts.good.example/x body=0'
like "no policy" "$(https mta-sts.missing.example)" '^status status=404 '
like "64 KiB" "$(https mta-sts.full.example)" \
	'^done status=200 .*body=65536 '
like "a byte more" "$(https mta-sts.large.example)" '^too-large .*body=0 '
like "also when nothing announces it" "$(https mta-sts.chunked.example)" \
	'^too-large .*body=0 '
like "header fields up to the bound" "$(https mta-sts.fields.example)" \
	'^done status=200 '
like "header fields over the bound" "$(https mta-sts.headers.example)" \
	'^too-large '
like "a slow server" "$(probe -l -t 1000 -c "$pki/ca.pem" -p "$https_port" \
	https https://mta-sts.slow.example/.well-known/mta-sts.txt 127.0.0.1)" \
	'^timeout '
url=https://mta-sts.good.example/.well-known/mta-sts.txt
like "loopback is refused" "$(probe -c "$pki/ca.pem" -p "$https_port" https \
	$url 127.0.0.1)" '^address-not-allowed .*address=127.0.0.1 '
like "in disguise, too" "$(probe -c "$pki/ca.pem" -p "$https_port" https \
	$url ::ffff:127.0.0.1)" '^address-not-allowed '
like "and private addresses" "$(probe -l -c "$pki/ca.pem" https $url \
	10.0.0.1 fd00::1)" '^address-not-allowed .*address=10.0.0.1 '
like "no address" "$(probe -l -c "$pki/ca.pem" https $url)" '^no-address '
like "nobody listens" "$(probe -l -c "$pki/ca.pem" -p 1 https $url \
	127.0.0.1)" '^not-connected '
like "no TLS" "$(probe -l -c "$pki/ca.pem" -p "$smtp_port" https $url \
	"$(odd_address busy)")" '^(tls|connection-lost) '
for url in http://mta-sts.good.example/ ftp://x.example/ file:///etc/passwd \
	https://user@mta-sts.good.example/ https:// nonsense ''; do
	like "not to be asked for: $url" "$(probe -l -c "$pki/ca.pem" https \
		"$url" 127.0.0.1)" '^bad-url '
done
url=https://mta-sts.good.example/.well-known/mta-sts.txt
like "a proxy of the environment is not used" "$(https_proxy=http://127.0.0.1:1 \
	all_proxy=http://127.0.0.1:1 https mta-sts.good.example)" '^done '
like "a POST" "$(probe -l -c "$pki/ca.pem" -p "$https_port" -P x https $url \
	127.0.0.1)" '^done status=405 '
like "to a bad certificate is none" "$(probe -l -c "$pki/ca.pem" \
	-p "$https_port" -P x https https://mta-sts.expired.example/ \
	127.0.0.1)" '^certificate status=0 '

# ---- mail servers ----

mx_of() {
	smtp "$1.a.example" "$(mx_address "$1.a.example")" "${@:2}"
}
like "a good server" "$(mx_of mx1)" \
	'^done code=250 starttls=1 tls=1 version=TLSv1.3 chain=1 depth=0'
like "with the authority" "$(mx_of mx2)" 'tls=1 .*chain=2 depth=0'
for pair in mx3:expired mx4:wrong-name mx5:self-signed mx6:incomplete-chain \
	mx7:cn-only; do
	like "${pair#*:}" "$(mx_of "${pair%:*}")" \
		"^done .*tls=1 .*chain=1 fault=${pair#*:} depth=0"
done
like "one that ends soon has no fault" "$(mx_of mx8)" 'chain=1 depth=0'
like "an old version is told" \
	"$(smtp mx1.a.example "$(mx_address old.a.example)")" \
	'^done .*tls=1 version=TLSv1.1 chain=1 depth'

right=$(tlsa good 3 1 1)
wrong=$(tlsa with-root 3 1 1)
anchors=$(tlsa ca 2 1 1)
like "TLSA 3 1 1" "$(mx_of mx1 -d "$right")" 'tlsa=match dane=1/1'
like "3 1 1 of another key" "$(mx_of mx1 -d "$wrong")" \
	'tlsa=mismatch dane=0/1'
like "both" "$(mx_of mx1 -d "$wrong" -d "$right")" \
	'tlsa=mismatch tlsa=match dane=1/2'
like "3 0 1" "$(mx_of mx1 -d "$(tlsa good 3 0 1)")" 'tlsa=match'
like "3 1 0" "$(mx_of mx1 -d "$(tlsa good 3 1 0)")" 'tlsa=match'
like "3 1 1 for an expired certificate" \
	"$(mx_of mx3 -d "$(tlsa expired-mx 3 1 1)")" 'tlsa=match'
like "3 1 1 for one of another name" \
	"$(mx_of mx4 -d "$(tlsa wrong-mx 3 1 1)")" 'tlsa=match'
like "3 1 1 for one that is signed by itself" \
	"$(mx_of mx5 -d "$(tlsa self-mx 3 1 1)")" 'tlsa=match'
like "2 1 1, and the authority is sent" "$(mx_of mx2 -d "$anchors")" \
	'tlsa=match dane=1/1'
like "2 0 1" "$(mx_of mx2 -d "$(tlsa ca 2 0 1)")" 'tlsa=match'
like "2 1 1, and it is not sent" "$(mx_of mx1 -d "$anchors")" \
	'tlsa=mismatch dane=0/1'
like "2 1 1 of another authority" \
	"$(mx_of mx2 -d "$(tlsa stranger 2 1 1)")" 'tlsa=mismatch'
like "2 1 1 and another name" \
	"$(smtp other.example "$(mx_address mx2.a.example)" -d "$anchors")" \
	'tlsa=faulty dane=0/1'
like "2 1 1 and the next-hop domain" \
	"$(smtp other.example "$(mx_address mx2.a.example)" -d "$anchors" \
		-D mx2.a.example)" 'tlsa=match'
many=()
for i in $(seq 63); do
	many+=(-d "$wrong")
done
like "64 records are tried" "$(mx_of mx1 "${many[@]}" -d "$right")" \
	'dane=1/64'
like "and no more" "$(mx_of mx1 "${many[@]}" -d "$wrong" -d "$right")" \
	'dane=0/64'
for bad in 000101 "00${right:2}" "01${right:2}" "04${right:2}" "0302${right:4}" \
	"030103${right:6}" "${right}00" "${right:0:20}" 030101; do
	like "unusable: ${bad:0:12}" "$(mx_of mx1 -d "$bad")" \
		'tlsa=unusable dane=0/0'
done

like "a recipient is taken" "$(mx_of mx1 -m tlsrpt@a.example)" \
	'^done .*rcpt=1 rcpt-code=250'
like "or refused" "$(mx_of mx1 -m nobody@b.test)" '^done .*rcpt=3 rcpt-code=5'
odd() {
	smtp "odd.example" "$(odd_address "$1")" "${@:2}"
}
like "without TLS, if there is none" "$(odd takes -m 250@a.example)" \
	'^done .*tls=0 .*rcpt=1 rcpt-code=250'
like "greylisting" "$(odd takes -m 450@a.example)" 'rcpt=2 rcpt-code=450'
like "not there" "$(odd takes -m 550@a.example)" 'rcpt=3 rcpt-code=550'
like "in clear text, if so wished" "$(mx_of mx1 -C -m tlsrpt@a.example)" \
	'^done .*starttls=1 tls=0 .*rcpt=1 '
for bad in "" a "a@b> x" $'a@b\r\nDATA' '"a b"@c' "$(printf '%0251d@b.c' 0)"; do
	like "${#bad} bytes that are no recipient" "$(odd takes -m "$bad")" \
		'^bad-recipient code=0'
done
like "254 bytes that are one" \
	"$(odd takes -m "$(printf '250%0247d@b.c' 0)")" 'rcpt=1 rcpt-code=250'
is "and never DATA" "$(grep -c DATA "$world/odd.log")" 0

like "no STARTTLS" "$(odd no-starttls)" '^no-starttls code=250 starttls=0'
like "refused" "$(odd refuses-starttls)" '^starttls-refused code=454 starttls=1'
like "injected" "$(odd injects)" '^starttls-injection '
like "no TLS" "$(odd not-tls)" '^tls-failed .*why=what the server sent is no TLS'
like "silence" "$(odd silent -t 700)" '^timeout code=0 .*took=[678] '
like "a byte now and then" "$(odd drips -t 700)" '^timeout .*took=[678] '
like "a line without an end" "$(odd endless-line)" '^nonsense '
like "a reply without an end" "$(odd endless-reply)" '^nonsense '
like "not SMTP" "$(odd no-smtp)" '^nonsense '
like "busy" "$(odd busy)" '^not-greeted code=421'
like "gone" "$(odd gone)" '^connection-lost '
like "nobody listens" "$(probe -l -c "$pki/ca.pem" smtp x 127.0.3.1 \
	"$smtp_port")" '^connection-refused '
like "a firewall" "$(odd blocked -t 500)" '^blocked code=0 .*took=[56] '
like "an address that is not public" "$(probe -c "$pki/ca.pem" smtp x \
	127.0.1.1 "$smtp_port")" '^address-not-allowed '
done_testing
