#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Whom tlstally trusts, by TLS from the first byte and by STARTTLS; and that a
# server it does not trust learns nothing, not even a user's name.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
make_pki
start_dovecot </dev/null
start_server
fill anna INBOX 1 3
fill anna Reports 11 2

# source_of MODE PORT SETTING...: a configuration for an account of the user
source_of() {
	config it "host = \"$host\"" "port = $2" "tls = $1" \
		"user = anna" "auth = auto" \
		"password_file = \"$scratch/password\"" "${@:3}"
}
scheme() {
	case $1 in implicit) echo imaps ;; *) echo imap ;; esac
}
dovecot_port() {
	case $1 in implicit) echo "$imaps_port" ;; *) echo "$imap_port" ;; esac
}
fingerprint() {
	openssl x509 -in "$1" -noout -fingerprint -sha256 | cut -d= -f2
}
# What nobody may learn who was refused: user, password, in any form
learned() {
	received "$1" | grep -aiE 'anna|secret|LOGIN|AUTHENTICATE|YW5u|AGFub|c2Vjcm'
}

for mode in implicit starttls; do
	host=localhost
	url="$(scheme $mode)://anna@localhost:$(dovecot_port $mode)"
	rm -f "$store"
	status "$mode: dovecot, by the system's trust" 0 ingest "$url/INBOX"
	is "$mode: counts all" "$(summary)" "ingested 3 messages: 3 new reports,\
 0 duplicates, 0 conflicts, 0 rejected, 0 foreign"
	status "$mode: another folder" 0 ingest "$url/Reports"
	is "$mode: is read" "$(reports)" 5
	status "$mode: a folder that is not there" 66 ingest "$url/Nowhere"
	like "$mode: is named" "$said" 'Nowhere'
	status "$mode: a password in the URL is refused" 64 \
		ingest "${url/anna/anna:secret}/INBOX"
	(
		export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/nonexistent
		source_of $mode "$(dovecot_port $mode)" \
			"ca_file = \"$pki/ca.pem\""
		from it >out.ca 2>&1
		echo $? >rc.ca
	)
	is "$mode: an authority of one's own" "$(cat rc.ca)" 0
	source_of $mode "$(dovecot_port $mode)" \
		"ca_file = \"$pki/nowhere.pem\""
	status "$mode: an authority that is not there" 78 from it
	like "$mode: is named" "$said" 'nowhere\.pem'
	source_of $mode "$(dovecot_port $mode)" \
		"fingerprint = \"$(fingerprint "$pki/good.pem")\""
	status "$mode: by fingerprint" 0 from it
	host=127.0.0.1
	source_of $mode "$(dovecot_port $mode)" "ca_file = \"$pki/ca.pem\""
	status "$mode: by address" 0 from it
	host=localhost

	for cert in good intermediate; do
		rm -f "$store"
		source_of $mode "$(port_of $cert-$mode)"
		status "$mode: $cert" 0 from it
		is "$mode: $cert: counts all" "$(reports)" 3
	done
	# Where nothing is known of the certificate but its fingerprint.
	for cert in self-signed expired; do
		rm -f "$store"
		source_of $mode "$(port_of $cert-$mode)" \
			"fingerprint = \"$(fingerprint "$pki/$cert.pem")\""
		status "$mode: $cert, by its fingerprint" 0 from it
		is "$mode: $cert: counts all" "$(reports)" 3
	done
	rm -f server/*.clear server/*.tls

	while read -r cert words; do
		rm -f "$store"
		source_of $mode "$(port_of $cert-$mode)"
		status "$mode: $cert is refused" 77 from it
		like "$mode: $cert: says why" "$said" "$words"
		like "$mode: $cert: and where" "$said" "localhost"
		is "$mode: $cert: learns nothing" "$(learned $cert-$mode)" ""
	done <<-'REFUSED'
		wrong-name (name|names|for) .*localhost|localhost.*(name|for)
		expired expired
		not-yet-valid not (yet )?valid|valid (from|only from)
		unknown-ca authority|issuer|trusted
		unknown-root authority|issuer|trusted|self.?signed
		no-intermediate authority|issuer|trusted
		old-intermediate expired
		weak-key weak|small|key
		self-signed self.?signed|authority|trusted
		client-only server|purpose
		cn-only name
		tls11 TLS ?(v)?1\.2|protocol|version
	REFUSED
	source_of $mode "$(port_of good-$mode)" \
		"fingerprint = \"$(fingerprint "$pki/self-signed.pem")\""
	status "$mode: another fingerprint is refused" 77 from it
	like "$mode: says so" "$said" 'fingerprint'
	is "$mode: and learns nothing" "$(learned good-$mode)" ""
done

# A certificate for the name is none for the address, and the other way.
host=127.0.0.2
for mode in implicit starttls; do
	source_of $mode "$(dovecot_port $mode)"
	status "$mode: an address that is not in the certificate" 77 from it
done
host=localhost

# Those that wait for a silent server do so beside the others.
source_of starttls "$(port_of starttls-silent)"
later starttls-silent
source_of implicit "$(port_of no-handshake)"
later no-handshake
source_of starttls "$(port_of no-handshake)"
later no-greeting

# STARTTLS: who is in between must not get around it.
while read -r scenario rc words; do
	rm -f "$store"
	source_of starttls "$(port_of "$scenario")"
	status "starttls: $scenario is refused" "$rc" from it
	like "starttls: $scenario: says why" "$said" "$words"
	is "starttls: $scenario: learns nothing" "$(learned "$scenario")" ""
	ok "starttls: $scenario: nothing is stored" \
		test "$(reports 2>/dev/null || echo 0)" = 0
done <<'REFUSED'
inject 77 STARTTLS|clear text
preauth 77 PREAUTH|STARTTLS|TLS
no-starttls 77 STARTTLS
starttls-no 77 STARTTLS
starttls-bad 77 STARTTLS
REFUSED
source_of implicit "$(port_of clear-on-imaps)"
status "implicit: a server without TLS" 69 from it
is "learns nothing" "$(learned clear-on-imaps)" ""
read -r nobody < <(free_ports 1)
source_of implicit "$nobody"
status "nobody listens" 69 from it
like "where is said" "$said" "localhost:$nobody"
host=nowhere.invalid
source_of implicit 993
rc=0
said=$(from it 2>&1) || rc=$?
like "no such host" "$rc" '^(69|75)$'
like "which is named" "$said" 'nowhere\.invalid'

for scenario in starttls-silent no-handshake; do
	in_time $scenario
	is "$scenario: another try may help" "$rc" 75
	like "$scenario: says why" "$said" \
		'silen|timed? ?-?out|answer|said nothing|second'
	is "$scenario: learns nothing" "$(learned $scenario)" ""
	ok "$scenario: in bounded time" test "$took" -lt 20
done

in_time no-greeting
is "STARTTLS where the server waits: another try may help" "$rc" 75
like "or another port" "$said" 'silent for 1 second, before .* port'

# Clear text: for the machine itself, and only if asked for.
rm -f "$store"
host=localhost
source_of none "$imap_port"
status "none: to the machine itself" 0 from it
is "none: counts all" "$(reports)" 3
host=192.0.2.1
source_of none "$imap_port"
status "none: to another machine is refused" 77 from it
like "none: says why" "$said" 'loopback|clear|TLS'
done_testing
