#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The password stays with those who need it: it is in no argument,
# environment, message, store or core dump, nor in the memory of any process
# but the two that log in.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
make_pki
start_server
secret='Zaunkoenig-4711/xyzzy'
base64_of() {
	printf "$@" | base64 -w 0 | tr -d =
}
# As it is, and as it is sent.
{
	echo "$secret"
	base64_of '%s' "$secret"
	echo
	base64_of 'anna\0anna\0%s' "$secret"
	echo
	base64_of '\0anna\0%s' "$secret"
	echo
	base64_of 'user=anna\1auth=Bearer %s\1\1' "$secret"
	echo
} >forms
(umask 077 && echo "$secret" >secret)
shows() { # shows FILE...: how many of them have it
	cat "$@" 2>/dev/null | grep -acF -f forms
}
# account SCENARIO SETTING...: at the scripted server
account() {
	config it 'host = localhost' "port = $(port_of "$1")" 'tls = none' \
		'user = anna' 'when_done = seen' "${@:2}"
}

# A server that repeats what it does not like.
for name in login bad part select plain sasl-ir; do
	account parrot:$name "password_file = \"$scratch/secret\""
	later parrot-$name
done
account parrot:token 'auth = xoauth2' "token_command = \"cat $scratch/secret\""
later parrot-token
for name in login bad part select plain sasl-ir token; do
	in_time parrot-$name
	ok "a server that repeats it ($name) is no success" test "$rc" -ne 0
	[ $name = bad ] || like "$name: it is quoted" "$said" 'not so|odd'
	ok "$name: the server has been given it" test \
		"$(received "parrot:$name" | grep -acF -f forms)" -ge 1
	is "$name: but the password is not shown" \
		"$(shows <(echo "$said"))" 0
	is "$name: nor any longer part of it" \
		"$(grep -c 'Zaunkoen\|4711/xyz\|WmF1bmtv\|phdW5rb\|YXVua2' <<<"$said")" 0
	is "$name: nor stored" "$(shows later-parrot-$name/t.db*)" 0
done

# held NAME ROLE SIGNAL SETTING...: at a server that lets the session wait,
# one of the processes is sent a signal; what was found is in $found
held() {
	rm -f server/select:silence.clear core*
	account select:silence "${@:4}"
	sed -i 's/timeout = 1$/timeout = 20/' t.conf
	found=$(python3 "$here/secrets.py" "$TLSTALLY" t.conf "held-$1.db" \
		server/select:silence.clear SELECT "held-$1.out" "$2" "$3" \
		<forms)
	is "$1: only who logs in knows the password" \
		"$(grep '^scanned' <<<"$found" | grep -v 'keeper\|session' |
			sort -u)" 'scanned tlstally
scanned worker'
	[ "$(id -u)" -ne 0 ] || is "$1: and they do" \
		"$(grep '^scanned [ks]' <<<"$found")" 'scanned keeper memory
scanned session memory'
	is "$1: neither may leave a core dump" \
		"$(grep 'may dump' <<<"$found" | sort -u)" 'keeper may dump 0 0
session may dump 0 0
worker may dump 0 0'
	is "$1: $2 leaves none by SIG$3" "$(find . -name 'core*')" ""
	is "$1: nothing is said of it" "$(shows "held-$1.out")" 0
	is "$1: nor stored" "$(shows "held-$1.db"*)" 0
}
held file session SEGV "password_file = \"$scratch/secret\""
held command keeper SEGV "password_command = \"cat $scratch/secret\""
held again keeper ABRT "password_command = \"cat $scratch/secret\""
held abort session ABRT "password_file = \"$scratch/secret\""
TLSTALLY_PASSWORD_COMMAND="cat $scratch/secret"
export TLSTALLY_PASSWORD_COMMAND
held environment session TERM "password_command = \"cat $scratch/secret\""
unset TLSTALLY_PASSWORD_COMMAND

# Nobody may put another in its place.
mkdir -m 777 everybody
cp -p secret everybody/secret
account good-implicit "password_file = \"$scratch/everybody/secret\""
status "a password file in a folder for everybody" 78 from it
like "is refused by the folder's name" "$said" \
	'everybody can write the directory .*/everybody '

# What is printed of a configuration.
is "a configuration names where it is, not what" \
	"$("$TLSTALLY" -c t.conf config | grep -cF -f forms)" 0
status "a server that takes it" 0 timeout 60 "$TLSTALLY" -s "$store" -v -v \
	ingest --password-file "$scratch/secret" \
	"imaps://anna@localhost:$(port_of good-implicit)/INBOX"
is "is not told of either" "$(shows <(echo "$said") "$store"*)" 0
done_testing
