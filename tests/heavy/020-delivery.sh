#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The recipes of contrib/recipes in the real delivery agents and mail servers:
# a report goes in and is counted, all else is kept, and whatever may go
# wrong, no mail is lost and none is sent back.
#
# Users, a full disk and programs that are only unpacked are put into a mount
# namespace, which ends with this test.
. "$(dirname "$0")/namespace.sh"
namespace_enter

# All but Exim: it and Postfix both have a sendmail.
lay_over_usr procmail maildrop courier-authlib dovecot-core dovecot-sieve postfix
exim4=$MAIL_AGENTS/exim4-daemon-light/usr/sbin/exim4
[ -x "$exim4" ] || exim4=$(command -v exim4 || echo exim4)
for p in python3 sqlite3 procmail maildrop sievec postfix "$exim4"; do
	command -v $p >/dev/null || skip_all "$p is not installed"
done
[ -x /usr/lib/dovecot/dovecot-lda ] || skip_all "dovecot is not installed"

. "$top/tests/heavy/agents.sh"
agents="procmail maildrop dovecot postfix exim"
servers="postfix exim"
locker=
clean_up() {
	[ -z "$locker" ] || kill "$locker" 2>/dev/null
	stop_postfix
	cd / && umount "$scratch/full" && rm -rf "$scratch"
}
trap clean_up EXIT
make_etc

# The program, as the recipes start it; "how" says with what.
mkdir bin
cp "$TLSTALLY" bin/real
TLSTALLY=$scratch/bin/real
cat >bin/tlstally <<EOF
#!/bin/sh
. $scratch/how
EOF
chmod 755 bin/tlstally
how() {
	echo "$*" >how.new
	mv how.new how
}
well="exec $scratch/bin/real -c $scratch/good.conf \"\$@\""

# shared FOLDER CONFIG: a store in the folder, shared by the users
shared() {
	mkdir -p "$1"
	chgrp tlsreports "$1"
	chmod 2770 "$1"
	cat >"$2" <<-EOF
		store {
			path = "$scratch/$1/t.db"
			group = tlsreports
			rejects = "$scratch/$1/rejects"
		}
	EOF
}
shared good good.conf
shared newer newer.conf
mkdir full
mount -t tmpfs -o size=512k tmpfs full
shared full full.conf
echo 'store { path = ' >broken.conf
store=$scratch/good/t.db

# A report that has not been there before: 100 sessions, its number in $n.
n=0
report() {
	n=$((n + 1))
	python3 "$top/tests/cli/mail.py" id="r$n" ok=100 "$@" >"mail$n"
}
counted() {
	tally status | awk '/^reports/ { print $2 }'
}
rejects() {
	find good/rejects/new -type f 2>/dev/null | wc -l
}
# kept: how many mails the agents have kept, each
kept() {
	local a
	for a in $agents; do
		printf '%s ' "$a=$("kept_$a")"
	done
}

how "$well"
for a in $agents; do
	ok "$a is set up" "setup_$a"
done
ok "exim finds its configuration right" exim_ -bV
like "and the way to tlstally" "$(exim_ -bt tlsrpt@example.com)" \
	'router = tlstally, transport = tlstally'

# All is well.
for a in $agents; do
	report
	ok "$a takes a report" "deliver_$a" "mail$n"
	is "which is counted" "$(counted)" "$n"
	ok "$a takes it again" "deliver_$a" "mail$n"
	is "which is counted once" "$(counted)" "$n"
done
is "nobody keeps them" "$(kept)" \
	"procmail=0 maildrop=0 dovecot=0 postfix=0 exim=0 "
is "the store is the group's" "$(stat -c '%a %G' good good/t.db*)" \
	"2770 tlsreports
660 tlsreports
660 tlsreports
660 tlsreports"

# What is none, and what cannot be used.
printf 'From: a@example.com\nSubject: Lunch?\n\nAt noon.\n' >foreign
python3 "$top/tests/cli/mail.py" id=broken broken=9 >damaged
for a in $agents; do
	ok "$a takes foreign mail" "deliver_$a" foreign
	ok "$a takes a broken report" "deliver_$a" damaged
done
is "inboxes keep both" "$(kept)" \
	"procmail=2 maildrop=2 dovecot=2 postfix=0 exim=0 "
is "for mail servers both are among the rejects" "$(rejects)" 4
is "each whole" "$(grep -l 'At noon' good/rejects/new/* | wc -l)" 2
is "nothing of it is counted" "$(counted)" "$n"

# again NAME: reports are delivered by all agents at once, and all keep them;
# then a foreign mail, which mail servers keep as well.
kept_lda=2
kept_mta=0
again() {
	local a pids=()
	for a in $agents; do
		report
		# Longer than a pipe holds, for a program that reads nothing.
		[ "$1" != long ] || yes '' | head -n 200000 >>"mail$n"
		"deliver_$a" "mail$n" >"out.$a" 2>&1 &
		pids+=($!)
	done
	wait "${pids[@]}"
	kept_lda=$((kept_lda + 1))
	kept_mta=$((kept_mta + 1))
	is "$2: all keep the report" "$(kept)" \
		"procmail=$kept_lda maildrop=$kept_lda dovecot=$kept_lda\
 postfix=$kept_mta exim=$kept_mta "
}

how "exec $scratch/bin/real -c $scratch/broken.conf \"\$@\""
again short "a broken configuration"
again long "a broken configuration, a mail of 200 KB"
how "exec env -u HOME -u XDG_DATA_HOME $scratch/bin/real \"\$@\""
again short "no HOME and no configuration"
cp -p good/t.db newer/
sqlite3 newer/t.db 'PRAGMA user_version = 99' 
how "exec $scratch/bin/real -c $scratch/newer.conf \"\$@\""
again short "a newer store"
cp -p good/t.db full/
head -c 1M /dev/zero >full/ballast 2>/dev/null
how "exec $scratch/bin/real -c $scratch/full.conf \"\$@\""
again short "a full disk"
ok "the disk was full" test "$(df --output=avail full | tail -n 1)" -eq 0
for a in $servers; do
	ok "$a takes foreign mail" "deliver_$a" foreign
done
kept_mta=$((kept_mta + 1))
is "which stays in the queue, since rejects have no room" \
	"$(kept_postfix) $(kept_exim)" "$kept_mta $kept_mta"
how "kill -9 \$\$"
again short "a program that is killed"
how "exit 127"
again short "a program that does not start"
mv bin/tlstally bin/away
again short "a program that is not there"
mv bin/away bin/tlstally

how "$well"
before=$(counted)
python3 - "$store" locked <<'PY' &
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open(sys.argv[2], "w").close()
time.sleep(300)
PY
locker=$!
until [ -e locked ]; do sleep 0.1; done
again short "a store that is locked"
is "nothing was counted meanwhile" "$(counted)" "$before"
kill "$locker"
wait "$locker" 2>/dev/null
locker=

# The trouble is over: nothing was lost, and nothing sent back.
for a in $servers; do
	ok "$a delivers what it kept" "flush_$a"
	is "$a has sent nothing back" "$("bounced_$a")" ""
done
is "the queues are empty" "$(kept_postfix) $(kept_exim)" "0 0"
for u in carol dave erin; do
	status "the inbox of $u is read" 65 as $u "$program" ingest \
		"$scratch/$u/Maildir"
done
is "every report is counted" "$(counted)" "$n"
is "once" "$(tally digest --all-time -f csv --by total | tail -n 1 |
	tr -d '\r' | cut -d, -f11)" $((n * 100))
is "rejects are what they were, and the foreign mail of the full disk" \
	"$(rejects)" 6

# The other way: a digest is handed to the servers' own sendmail(8).  Exim
# delivers it to tlstally, for which it is foreign, so it comes back whole.
cat >exim-sendmail <<EOF
#!/bin/sh
exec $exim4 -C $scratch/exim.conf -odf "\$@"
EOF
chmod 755 exim-sendmail
before=$(rejects)
digest=(digest --all-time -f mail --from tlstally@example.org
	--to tlsrpt@example.com)
tally "${digest[@]}" -o digest.eml
status "a digest goes to Exim" 0 env SENDMAIL="$scratch/exim-sendmail" \
	"$TLSTALLY" -s "$store" "${digest[@]}" --send=always
is "and arrives" "$(rejects)" $((before + 1))
arrived=$(grep -l '^Auto-Submitted: auto-generated' good/rejects/new/*)
ok "as it was sent" diff digest.eml <(sed -n '/^Date:/,$p' "$arrived" | sed '$d')
status "a digest goes to Postfix" 0 env MAIL_CONFIG="$scratch/postfix" \
	SENDMAIL=/usr/sbin/sendmail "$TLSTALLY" -s "$store" "${digest[@]}" \
	--send=always
queued=$(find queue/maildrop -type f)
ok "which has it in its queue" diff <(sed '1,/^$/d' digest.eml) \
	<(postcat -c "$scratch/postfix" -b "$queued" | sed 1d)
done_testing
