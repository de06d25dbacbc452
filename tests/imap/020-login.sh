#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# How tlstally becomes the user: mechanisms, where the password and the token
# come from, and what is said when it does not work.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
make_pki
start_dovecot </dev/null
start_server
fill anna INBOX 1 3
odd='p"w\é {7} %s'
printf '%s:{PLAIN}%s\n' odd "$odd" >>users
url=imaps://anna@localhost:$imaps_port/INBOX

# account MECHANISM SETTING...: of anna's at dovecot
account() {
	config it 'host = localhost' "port = $imaps_port" 'tls = implicit' \
		"user = ${user:-anna}" "auth = $1" "${@:2}"
}
# method: how the last login was, by dovecot's log
method() {
	grep -a 'Info: Login:' run/log | tail -n 1 |
		sed 's/.*method=\([^,]*\),.*/\1/'
}

while read -r auth wanted; do
	account "$auth" "password_file = \"$scratch/password\""
	status "$auth" 0 from it
	like "$auth: as asked for" "$(method)" "^($wanted)\$"
done <<'MECHANISMS'
plain PLAIN
login LOGIN|PLAIN
scram-sha-256 SCRAM-SHA-256
auto SCRAM-SHA-256|PLAIN
MECHANISMS
is "all were counted" "$(reports)" 3

(umask 077 && echo 'wrong-Pa55word' >wrong)
for auth in plain login scram-sha-256 auto; do
	account $auth "password_file = \"$scratch/wrong\""
	status "$auth: a wrong password" 77 from it
	like "$auth: is said with the user" "$said" 'anna'
	is "$auth: and not itself" "$(grep -E \
		'Pa55|d3Jvbmct|AGFubmE|IAMAP' <<<"$said")" ""
done
account xoauth2 'token_command = "echo t"'
status "a mechanism that the server has not" 77 from it
like "is named" "$said" 'XOAUTH2|xoauth2'

# Where the password comes from.
account auto "password_command = \"printf 'sec'; printf 'ret\\\\n'\""
status "a command" 0 from it
account auto "password_command = \"echo oh dear >&2; exit 3\""
status "a command that fails" 77 from it
like "is said with its status" "$said" '3'
like "what it said itself is seen" "$said" 'oh dear'
account auto 'password_command = "true"'
status "a command that says nothing" 77 from it
like "which is said" "$said" 'password_command|printed|nothing|empty'
account auto 'password_command = "kill -9 $$"'
status "a command that is killed" 75 from it
echo 'exec sleep 987' >hang.sh
account auto "password_command = \"sh $scratch/hang.sh\""
started=$SECONDS rc=0
said=$(timeout 90 "$TLSTALLY" -c t.conf -s "$store" -v ingest it 2>&1 &
	pid=$!
	(sleep 3; kill -INT $pid) &
	wait $pid) || rc=$?
ok "a command that hangs can be interrupted" \
	test $((SECONDS - started)) -lt 12
ok "and is gone then" eventually not_running 'sleep 987'
(umask 077 && printf '%s' "$password" >no-newline)
account auto "password_file = \"$scratch/no-newline\""
status "a file without a newline" 0 from it
cp password open
chmod 644 open
account auto "password_file = \"$scratch/open\""
status "a file that all may read is refused" 78 from it
like "says why" "$said" 'read|mode|644|others'
account auto "password_file = \"$scratch/nowhere\""
status "a file that is not there" 78 from it
like "is named" "$said" 'nowhere'
(umask 077 && : >empty)
account auto "password_file = \"$scratch/empty\""
status "a file with nothing in it" 77 from it

# An URL.
status "an URL with a file" 0 ingest "$url"
export TLSTALLY_PASSWORD_COMMAND="cat $scratch/password"
status "with a command in the environment" 0 tally -v ingest "$url"
unset TLSTALLY_PASSWORD_COMMAND
rc=0
said=$(setsid -w "$TLSTALLY" -s "$store" -v ingest "$url" 2>&1 </dev/null) ||
	rc=$?
is "without any, and without a terminal" $rc 77
like "says what to do" "$said" 'password'

# At a terminal, which is not standard input.
cat >ask.py <<'PY'
import os, pty, sys, termios, time, select
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
seen, sent = b"", False
while True:
    try:
        if not select.select([fd], [], [], 20)[0]:
            break
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    seen += data
    if not sent and b"assword" in seen and not \
            termios.tcgetattr(fd)[3] & termios.ECHO:
        end = b"" if sys.argv[1] < " " else b"\n"
        os.write(fd, sys.argv[1].encode() + end)
        sent = True
_, status = os.waitpid(pid, 0)
print(seen.decode(errors="replace"))
sys.exit(os.waitstatus_to_exitcode(status))
PY
status "a terminal is asked" 0 timeout 60 \
	python3 ask.py "$password" "$TLSTALLY" -s "$store" -v ingest "$url"
like "for the user's password" "$said" 'assword.*anna|anna.*assword'
is "which is not shown" "$(grep -c "$password" <<<"$said")" 0
status "a wrong one at the terminal" 77 timeout 60 \
	python3 ask.py wrong "$TLSTALLY" -s "$store" -v ingest "$url"
for key in 03 1c 04; do
	status "the key $key, and no line's end" 77 timeout 60 python3 ask.py \
		"$(printf "\\x$key")" "$TLSTALLY" -s "$store" -v ingest "$url"
	like "is taken for an interrupt" "$said" 'no password was given'
done

# What a password may be made of.
user=odd
(umask 077 && printf '%s\n' "$odd" >odd)
for auth in plain login scram-sha-256; do
	account $auth "password_file = \"$scratch/odd\""
	status "$auth: quotes, a backslash and an accent in the password" 0 \
		from it
done
user=
(umask 077 && printf 'sec\001ret\n' >control)
account auto "password_file = \"$scratch/control\""
rc=0
said=$(from it 2>&1) || rc=$?
ok "a control character in the password is not sent" test $rc -ne 0
for name in 'an%0d%0ana' 'an%00na'; do
	status "nor one in the user's name: $name" 64 \
		ingest "imaps://$name@localhost:$imaps_port/INBOX"
	status "or in the folder's: $name" 64 \
		ingest "imaps://anna@localhost:$imaps_port/$name"
done

# XOAUTH2: a token may be stale; then another is asked for, once.
rm -f "$store"
cat >token.sh <<SH
echo called >>$scratch/calls
if [ \$(wc -l <$scratch/calls) -ge \$1 ]; then echo fresh; else echo stale; fi
SH
token() { # token CALL: the call from which on the token is good
	config it 'host = localhost' "port = $(port_of token)" \
		'tls = implicit' 'user = anna' "auth = ${2:-xoauth2}" \
		"token_command = \"sh $scratch/token.sh $1\""
	rm -f calls
}
echo fresh >server/token
token 1
status "xoauth2" 0 from it
is "asks once" "$(wc -l <calls)" 1
is "and counts" "$(reports)" 3
token 2
status "xoauth2 with a stale token" 0 from it
is "asks once more" "$(wc -l <calls)" 2
token 9
status "xoauth2 with stale tokens only" 77 from it
is "asks twice and no more" "$(wc -l <calls)" 2
is "no token is shown" "$(grep -E 'stale|c3RhbG' <<<"$said")" ""
# Whoever gives tokens may be unable to for a moment.
sed 's/^if /[ $(wc -l <calls) -ne 2 ] || exit 75\n&/' token.sh >later.sh
rm -f "$store"
token 3
sed -i 's/token\.sh/later.sh/' t.conf
status "xoauth2 with a stale token, and none to be had at first" 0 from it
is "asks until there is one" "$(wc -l <calls)" 3
is "and counts" "$(reports)" 3
token 1 auto
status "auto takes xoauth2 when there is a token" 0 from it

# refused SCENARIO: what the server says of it, in $said
refused() {
	config it 'host = localhost' "port = $(port_of "$1")" \
		'tls = none' 'user = anna' 'auth = auto' \
		"password_file = \"$scratch/password\""
	status "$1" 77 from it
}

# Against the server's words.
for scenario in login-no login-escape login-disabled; do
	refused $scenario
	is "$scenario: the terminal is spared" \
		"$(grep -c $'[\x01-\x08\x0b-\x1f\x7f]' <<<"$said")" 0
done
# LOOK_MAX: so much of its words is looked at.
for n in 2000 2001; do
	refused words-$n
	like "2000 bytes of its words are looked at, of $n" "$said" \
		'says: \*AB([^C]|$)'
done
# QUOTE_MAX: and so much of them is repeated, in whole characters.
while read -r name quoted; do
	refused "$name"
	like "$name: of its words 299 bytes are repeated" "$said" \
		"says: x{298}$quoted\$"
done <<'WORDS'
words-299 A
words-300 A
words-300-wide
WORDS
is "no password is sent where none is taken" \
	"$(received login-disabled | grep -ac secret)" 0
done_testing
