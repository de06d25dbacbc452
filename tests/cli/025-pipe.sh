#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# One message on standard input: --mta, what it keeps, and what it costs.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
command -v sqlite3 >/dev/null || skip_all "sqlite3 is not installed"

mail() {
	python3 "$top/tests/cli/mail.py" "$@"
}
# mta NAME WANTED FILE COMMAND...: its status; what it said is in $said
mta() {
	local name=$1 want=$2 file=$3 rc=0
	shift 3
	said=$("$@" 2>&1 <"$file") || rc=$?
	is "$name" "$rc" "$want"
}
kept() {
	find "${1:-$store-rejects}/new" -type f 2>/dev/null | wc -l
}
counted() {
	tally status | awk '/^reports/ { print $2 }'
}

mail id=1 >one
mail id=2 broken=9 >broken
printf 'From: a@example.com\nSubject: Lunch?\n\nAt noon.\n' >foreign

mta "a report is taken" 0 one tally ingest --mta -
is "silently" "$said" ""
mta "the same again" 0 one tally ingest --mta -
is "is counted once" "$(counted)" 1
is "nothing is put aside" "$(ls -d "$store-rejects" 2>/dev/null)" ""
umask 000
mta "foreign mail is taken" 0 foreign tally ingest --mta -
umask 022
like "and it says where it is" "$said" "kept in $store-rejects/new/"
is "for the owner alone" "$(find "$store-rejects" -printf '%m\n' | sort -u |
	tr '\n' ' ')" "600 700 "
ok "byte by byte" cmp foreign "$store-rejects"/new/*
mta "so is a broken report" 0 broken tally ingest --mta -
like "with the reason" "$said" 'rejected: standard input: part 2.*gzip'
is "both are there" "$(kept)" 2
mta "nothing at all is foreign mail" 0 /dev/null tally ingest --mta -
status "rejects are a Maildir" 65 tally -v ingest "$store-rejects"
like "and can be read as one" "$said" '1 rejected, 2 foreign'
head -c 60000000 /dev/zero | tr '\0' x >huge
mta "mail beyond every bound" 0 huge tally ingest --mta -
ok "is kept whole" test \
	"$(find "$store-rejects/new" -size +1M -exec cmp {} huge \; -print |
		wc -l)" -eq 1
rm huge

cat >t.conf <<EOF
store { path = "$scratch/t.db" rejects = "$scratch/aside/mail" }
source "pipe" { path = "-" authserv_id = "mx.example.com" }
EOF
mta "a place for rejects of one's own" 0 foreign \
	"$TLSTALLY" -c t.conf ingest --mta -
is "is made and used" "$(kept aside/mail)" 1
mta "a source that is standard input has a name" 0 one \
	"$TLSTALLY" -c t.conf ingest --mta pipe

# 75, whatever happens.
echo 'store { path = ' >bad.conf
cp "$store" newer.db
sqlite3 newer.db 'PRAGMA user_version = 99'
head -c 9000 /dev/zero | tr '\0' z >text.db
: >file
fails() {
	local name=$1
	shift
	mta "75: $name" 75 one "$@"
	like "$name: it says so" "$said" 'the message was not taken'
}
fails "a broken configuration" "$TLSTALLY" -c bad.conf ingest --mta -
fails "none where one is named" "$TLSTALLY" -c none.conf ingest --mta -
fails "a newer store" "$TLSTALLY" -s newer.db ingest --mta -
fails "a file that is no store" "$TLSTALLY" -s text.db ingest --mta -
fails "a store below a file" "$TLSTALLY" -s file/t.db ingest --mta -
fails "a bad option" tally ingest --mta --nonsense -
fails "an option cut short" tally ingest --mt --nonsense -
fails "cut shorter" tally ingest --m --nonsense -
fails "an argument to it" tally ingest --mta=yes -
fails "another command" tally list --mta
fails "no such command" tally injest --mta -
fails "help" tally ingest --mta --help
fails "the version" tally --version --mta
fails "a dry run" tally ingest --mta -n -
fails "a disposal" tally ingest --mta --when-done keep -
fails "no source" tally ingest --mta
fails "a source that is no pipe" tally ingest --mta one
fails "two sources" tally ingest --mta - -
TLSTALLY_NOW=never fails "a clock that is wrong" tally ingest --mta -
fails "a file that may not grow" bash -c "ulimit -f 8
	exec $TLSTALLY -s grow.db ingest --mta -"
if [ "$(id -u)" -ne 0 ]; then
	fails "no HOME" env -u HOME -u XDG_DATA_HOME -u XDG_CONFIG_HOME \
		"$TLSTALLY" ingest --mta -
fi
(tally ingest --mta - <&-) 2>err
is "75: no standard input" $? 75
(tally ingest --mta - <&- >&- 2>&-)
is "75: no streams at all" $? 75
is "no message went anywhere" "$(counted) $(kept)" "1 4"
echo 'store { rejects = "'"$scratch/file/no"'" }' >no.conf
mta "75: no place for a foreign mail" 75 foreign \
	"$TLSTALLY" -c no.conf -s "$store" ingest --mta -
like "which is named" "$said" '/file: not a directory'
mta "while a report is taken" 0 one \
	"$TLSTALLY" -c no.conf -s "$store" ingest --mta -
if [ -c /dev/full ]; then
	(tally ingest --mta - <foreign) >/dev/full 2>&1
	is "who cannot be told is served all the same" $? 0
fi

# The worker's end by a signal, and a parent who ignores its children.
python3 - "$TLSTALLY" "$store" >got <<'PY'
import os, signal, subprocess, sys, time
from pathlib import Path
args = [sys.argv[1], "-s", sys.argv[2], "ingest", "--mta", "-"]

def run(prepare, act):
    p = subprocess.Popen(args, stdin=subprocess.PIPE, preexec_fn=prepare,
                         stderr=subprocess.DEVNULL, start_new_session=False)
    act(p)
    return p.wait(20)

def child(p):
    while True:
        c = Path(f"/proc/{p.pid}/task/{p.pid}/children").read_text().split()
        if c:
            return int(c[0])
        time.sleep(0.01)

def send(p):
    p.stdin.write(open("one", "rb").read())
    p.stdin.close()

def kill(number):
    return lambda p: os.kill(child(p), number)

def group(p):
    child(p)
    os.killpg(p.pid, signal.SIGTERM)

def alone(p):
    child(p)
    for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGALRM):
        os.kill(p.pid, s)
    send(p)

deaf = lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print(run(None, send), run(deaf, send), run(None, kill(9)),
      run(None, kill(11)), run(None, kill(15)), run(os.setsid, group),
      run(None, alone))
PY
is "signals: none, none, 9, 11, 15, to all, to the one that waits" \
	"$(cat got)" "0 0 75 75 75 75 0"

status "--m is --month elsewhere" 0 tally digest --m 2026-11
# What a delivery costs.  LeakSanitizer cannot work under strace.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
if command -v strace >/dev/null; then
	mail id=s >strace.eml
	strace -f -o trace -e trace=fsync,fdatasync \
		"$TLSTALLY" -s "$store" ingest - <strace.eml
	ok "a report is on the disk, by 5 syncs at most" \
		test "$(grep -c 'sync(.*= 0' trace)" -ge 1 -a \
		"$(grep -c 'sync(' trace)" -le 5
	mail id=s2 >strace.eml
	strace -f -o trace -e trace=fsync,fdatasync,exit_group \
		"$TLSTALLY" -s "$store" ingest --mta - <strace.eml
	ok "the same under --mta" test "$(grep -c 'sync(' trace)" -le 5
	strace -f -o trace -e trace=fsync,renameat2,link,linkat,exit_group \
		"$TLSTALLY" -s "$store" ingest --mta - <foreign 2>/dev/null
	is "a mail is synced, moved, and its folders are synced, before 0" \
		"$(grep -oE '(fsync|renameat2|linkat|exit_group)' trace |
			uniq | tr '\n' ' ')" "fsync renameat2 fsync exit_group "
	# What is made in a folder is lost with its entry there.
	way=(w w/1 w/1/2 w/1/2/R w/1/2/R/new)
	mkdir w
	cat >way.conf <<-EOF
	store { path = "$scratch/t.db" rejects = "w/1/2/R" }
	EOF
	strace -f -y -o trace -e trace=fsync "$TLSTALLY" -c way.conf \
		ingest --mta - <foreign 2>/dev/null
	is "so are the folders above, which may be as new" \
		"$(for dir in "${way[@]}"; do
			grep -c "fsync([0-9]*<$PWD/$dir>) *= 0" trace
		done | tr '\n' ' ')" "1 1 1 1 1 "
else
	echo "SKIPPED: ${0##*/}: strace is not installed" >&2
	count=$((count + 1))
	echo "ok $count - what a delivery costs # SKIP strace is not installed"
fi
# Two mails at once: the second must not get lost.
for eol in lf crlf; do
	for id in first second; do
		echo "From a@example.com Sat Nov 14 06:00:12 2026"
		mail id=$id-$eol
		echo
	done >two.mbox
	[ $eol = lf ] || sed -i 's/\r*$/\r/' two.mbox
	mta "an mbox on standard input ($eol)" 65 two.mbox \
		"$TLSTALLY" -q -s "$scratch/two.db" ingest -
	like "says what to do" "$said" 'an mbox is read as a file'
	mta "and is kept under --mta ($eol)" 0 two.mbox \
		"$TLSTALLY" -s "$scratch/two.db" ingest --mta -
	ok "whole ($eol)" cmp two.mbox "$(ls -t two.db-rejects/new/* | head -n 1)"
done
{
	echo "From a@example.com Sat Nov 14 06:00:12 2026"
	mail id=one
	printf '\nFrom here on all is well\n'
} >one.mbox
mta "one with such a line is one" 0 one.mbox \
	"$TLSTALLY" -q -s "$scratch/two.db" ingest -

# A umask that takes rights from the owner must not make what cannot be used.
(
	umask 777
	"$TLSTALLY" -q -s "$scratch/mask/x.db" ingest --mta - <foreign
)
is "an absurd umask" $? 0
is "leaves a Maildir of ours" "$(stat -c %a mask/x.db-rejects mask/x.db-rejects/new)" $'700\n700'
status "a store without a name" 64 "$TLSTALLY" -s '' list
done_testing
