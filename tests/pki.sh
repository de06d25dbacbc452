#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Makes an authority and certificates of every kind that a client has to
# accept or refuse:
#
#	tests/pki.sh FOLDER [NAME:KIND:HOST]...
#
# FOLDER/ca.pem is whom to trust; FOLDER/NAME.pem is the certificate of a
# server, with those between it and the authority behind it; FOLDER/NAME.key
# is its key.  Their dates do not depend on today's.
#
#	good            localhost, imap.example.org, 127.0.0.1, ::1
#	wrong-name      mail.example.net, www.example.net
#	many-names      a.example.net to e.example.net
#	cn-only         localhost as its Common Name, no subjectAltName
#	wildcard        *.example.org
#	partial         im*.example.org
#	hostile-name    control characters and a NUL
#	expired         on 2021-01-01
#	not-yet-valid   before 2048-01-01
#	self-signed     by itself
#	client-only     not for servers
#	unknown-ca      by an authority that nobody trusts
#	unknown-root    the same, and that authority comes with it
#	intermediate    by an authority below the trusted one, which comes with it
#	no-intermediate the same, but it does not come
#	old-intermediate by an authority below the trusted one that has expired
#	weak-key        RSA of 1024 bits
#	names-200       n1.example.net to n200.example.net
#	names-201       and one more
#
# Each further argument makes a certificate for a HOST, of a KIND: good,
# expired, expiring (in ten days), self-signed, unknown-ca, cn-only, incomplete
# (its authority, below the trusted one, does not come with it), complete
# (comes), with-root (the trusted one comes).
set -euo pipefail
[ $# -ge 1 ] || {
	echo "usage: tests/pki.sh FOLDER [NAME:KIND:HOST]..." >&2
	exit 64
}
mkdir -p "$1"
cd "$1"
shift
umask 077
export LC_ALL=C

LONG_AGO=20200101000000Z
FAR_AHEAD=20491231235959Z
GOOD=DNS:localhost,DNS:imap.example.org,IP:127.0.0.1,IP:::1

quietly() {
	"$@" >log 2>&1 || {
		cat log >&2
		exit 1
	}
}

cat >conf <<'EOF'
[ca]
default_ca = ours
[ours]
database = index
new_certs_dir = .
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
[any]
organizationName = optional
commonName = supplied
[req]
distinguished_name = none
[none]
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[client]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = clientAuth
subjectAltName = $ENV::SAN
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[hostile]
a = IMPLICIT:2,FORMAT:HEX,OCT:1b5b33316d6576696c
b = IMPLICIT:2,FORMAT:HEX,OCT:6c6f63616c686f7374002e6578616d706c652e6e6574
[with_names]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = $ENV::SAN
EOF
: >index
export SAN=$GOOD

# new_key NAME SUBJECT: its key, and a request for a certificate
new_key() {
	local kind=(ec -pkeyopt ec_paramgen_curve:P-256)
	[ "$1" != weak-key ] || kind=(rsa:1024)
	quietly openssl req -config conf -new -nodes -subj "$2" \
		-newkey "${kind[@]}" -keyout "$1.key" -out "$1.csr"
}

# sign NAME BY EXTENSIONS [START END]
sign() {
	local by=(-cert "$2.pem" -keyfile "$2.key")
	[ "$1" != "$2" ] || by=(-selfsign -keyfile "$1.key")
	quietly openssl ca -batch -notext -config conf "${by[@]}" \
		-extensions "$3" -in "$1.csr" -out "$1.pem" \
		-startdate "${4-$LONG_AGO}" -enddate "${5-$FAR_AHEAD}"
}

# authority NAME BY SUBJECT [START END]
authority() {
	new_key "$1" "$3"
	sign "$1" "$2" authority "${@:4}"
}

# leaf NAME BY SAN [START END]
leaf() {
	new_key "$1" "/CN=$1"
	SAN=$3 sign "$1" "$2" with_names "${@:4}"
}

authority ca ca "/O=Example/CN=Example Root"
authority stranger stranger "/CN=Nobody's Root"
authority middle ca "/CN=Example Intermediate"
authority old ca "/CN=Example Old Intermediate" "$LONG_AGO" 20210101000000Z

leaf good ca "$GOOD"
leaf wrong-name ca DNS:mail.example.net,DNS:www.example.net
leaf many-names ca "$(printf ',DNS:%s.example.net' a b c d e | cut -c2-)"
leaf wildcard ca 'DNS:*.example.org'
leaf partial ca 'DNS:im*.example.org'
leaf hostile-name ca ASN1:SEQUENCE:hostile
leaf expired ca "$GOOD" "$LONG_AGO" 20210101000000Z
leaf not-yet-valid ca "$GOOD" 20480101000000Z
leaf self-signed self-signed "$GOOD"
leaf unknown-ca stranger "$GOOD"
leaf no-intermediate middle "$GOOD"
leaf old-intermediate old "$GOOD"
leaf weak-key ca "$GOOD"
for n in 200 201; do
	leaf names-$n ca \
		"$(seq $n | sed 's/.*/,DNS:n&.example.net/' | tr -d '\n' | cut -c2-)"
done
new_key client-only /CN=client-only
sign client-only ca client
new_key cn-only /CN=localhost
sign cn-only ca server

# further NAME KIND HOST
further() {
	local soon
	soon=$(date -u -d '+10 days' +%Y%m%d%H%M%SZ)
	case $2 in
	good | with-root) leaf "$1" ca "DNS:$3" ;;
	expired) leaf "$1" ca "DNS:$3" "$LONG_AGO" 20210101000000Z ;;
	expiring) leaf "$1" ca "DNS:$3" "$LONG_AGO" "$soon" ;;
	self-signed) leaf "$1" "$1" "DNS:$3" ;;
	unknown-ca) leaf "$1" stranger "DNS:$3" ;;
	incomplete | complete) leaf "$1" middle "DNS:$3" ;;
	cn-only)
		new_key "$1" "/CN=$3"
		sign "$1" ca server
		;;
	*)
		echo "tests/pki.sh: $2: no such kind" >&2
		exit 64
		;;
	esac
	case $2 in
	complete) cat middle.pem >>"$1.pem" ;;
	with-root) cat ca.pem >>"$1.pem" ;;
	esac
}
for words; do
	IFS=: read -r name kind host <<<"$words"
	further "$name" "$kind" "$host"
done

cat unknown-ca.pem stranger.pem >unknown-root.pem
cp unknown-ca.key unknown-root.key
cat no-intermediate.pem middle.pem >intermediate.pem
cp no-intermediate.key intermediate.key
cat old.pem >>old-intermediate.pem
rm -f ./*.csr conf index index.* log [0-9A-F][0-9A-F]*.pem
