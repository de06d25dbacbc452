#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The command line in odd hands: options in any order, streams that are
# closed, places that cannot be written, names that attack the terminal.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

mail() {
	python3 "$top/tests/cli/mail.py" "$@"
}

# closed REDIRECTION COMMAND...: the exit status with a stream closed
closed() {
	local how=$1
	shift
	(eval "tally \"\$@\" $how") >got 2>err </dev/null
	echo $?
}

mail >a.eml
mail domain=EXAMPLE.com id=2 failed=3 >b.eml
ok "two reports" tally ingest a.eml b.eml
listed=$(tally list)

# Options before the command, as getopt has them.
is "letters together" "$("$TLSTALLY" -qs "$store" list)" "$listed"
is "a letter with its argument" "$("$TLSTALLY" -s"$store" list)" "$listed"
is "a long name cut short" "$("$TLSTALLY" --st "$store" list)" "$listed"
is "with =" "$("$TLSTALLY" --store="$store" list)" "$listed"
is "-- before the command" "$("$TLSTALLY" -s "$store" -- list)" "$listed"
is "-- behind it" "$(tally list --)" "$listed"
status "no option may stand behind --" 64 "$TLSTALLY" -- -s "$store" list
status "-h is help" 0 "$TLSTALLY" -h
like "of the program" "$said" '^usage: tlstally COMMAND'
status "so is --hel" 0 "$TLSTALLY" --hel
status "an empty command" 64 "$TLSTALLY" "" list
status "an option that takes no argument" 64 tally list --quiet=3
like "has none" "$said" 'no argument belongs to --quiet=3'
for o in --store --config; do
	status "$o without a name" 64 "$TLSTALLY" "$o" "" list
	like "is told so" "$said" "$o needs the name of a file"
done
status "the same of --output" 64 tally digest -o ""

# The ends of the calendar.
for p in "--week 0001-W01" "--month 0001-01" "--month 9999-12" \
	"--since 9999-12-31" "--until 0001-01-01" "--day 0001-01-01" \
	"--day 9999-12-31" "--week 9999-W52" "--last 73000w"; do
	# shellcheck disable=SC2086
	status "digest $p" 0 tally digest $p
	# shellcheck disable=SC2086
	status "list $p" 0 tally list $p
done
status "more weeks than there are" 64 tally digest --last 73001w
like "the first week is whole" "$(tally digest --week 0001-W01)" \
	'0001-01-01 to 0001-01-07'
like "so is the last month" "$(tally digest --month 9999-12)" \
	'9999-12-01 to 9999-12-31'
for now in 0001-01-01T00:00:00Z 9999-12-31T23:59:59Z; do
	TLSTALLY_NOW=$now status "today is $now" 0 tally digest --week last
done

# Domains.
is "a domain is one, however it is written" \
	"$(tally digest --all-time -f csv | tail -n +2 | cut -d, -f4 |
		sort -u)" example.com
like "no report of a domain says nothing of the others" \
	"$(tally digest -d other.example | tr '\n' ' ')" \
	'none at all of these domains'

# Streams that are closed.
for c in list "list --help" digest status explain config --version; do
	# shellcheck disable=SC2086
	is "$c without standard output" "$(closed '>&-' $c)" 74
done
is "a mail that cannot be read" "$(closed '<&-' ingest -)" 74
is "is no foreign mail" "$(cat err)" \
	"tlstally: standard input: Bad file descriptor"
for how in '2>&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
	is "an output with $how" \
		"$(closed "$how" digest --all-time -o out.txt)" 0
	ok "is as it should be" cmp out.txt <(tally digest --all-time)
	is "an error with $how" "$(closed "$how" ingest -v nosuch)" 66
done
if [ -c /dev/full ]; then
	for c in list "list --help" digest "digest -f csv" status "show 1"; do
		# shellcheck disable=SC2086
		(tally $c) >/dev/full 2>err
		is "$c to a full disk" $? 75
		like "is told" "$(cat err)" 'standard output.*No space left'
	done
	status "a full file" 75 tally digest -o /dev/full
	like "is named" "$said" '/dev/full: cannot write: No space left'
fi

# Places for an output.
mkdir folder
for place in folder folder/ missing/out.txt a.eml/out.txt; do
	status "an output at $place" 74 tally digest -o $place
	like "is refused by name" "$said" "$place: cannot write"
done
ln -s loop loop
ln -s missing/target dangling
for link in loop dangling; do
	status "an output at a link to nowhere: $link" 74 tally digest -o $link
	ok "which stays" test -L $link
done
echo old >target
ln -s target link
ok "an output at a link" tally digest -o link
ok "which stays a link" test -L link
ok "goes to its target" cmp target <(tally digest)
is "nothing else is left behind" "$(find . -name '*.??????' -newer link |
	grep -v '\.db')" ""

# Names that attack a terminal.
evil=$(printf 'a\nb\033]0;x\007\342\200\256')
mkdir evil
mail id=3 >"evil/$evil.eml"
echo '{"report-id":1,"policies":3}' >"evil/$evil.json"
{
	tally ingest evil
	tally ingest "$evil"
	tally rejects
	tally status
	tally list
	tally show 3
	tally "$evil"
	tally list "--$evil"
	tally list "-$(printf '\033')"
	tally list "-$(printf '\377')"
	tally show "$evil"
	tally explain "$evil"
	tally digest -o "no/$evil"
	tally digest -f "$evil"
	tally digest --day "$evil"
	tally -c "$evil" list
	tally ingest --when-done "move:$evil" evil
	TLSTALLY_NOW=$evil tally list
	"$TLSTALLY" -s "$evil" list
	"$TLSTALLY" -s "$evil.db" ingest a.eml
	"$TLSTALLY" -s "$evil.db" digest --all-time
	"$TLSTALLY" -s "$evil.db" status
} >said 2>&1
is "none reaches it" "$(LC_ALL=C grep -ac '[[:cntrl:]]' said)" 0
ok "nor does one that reorders text" test \
	-z "$(grep -a "$(printf '\342\200\256')" said)"

# Everything in the environment that a digest must not depend on.
tally digest --all-time >plain
for e in LC_ALL=C LC_ALL=xx_YY.UTF-8 LC_ALL= TZ=XYZ-99:99 TZ=:/dev/zero \
	TZ=Pacific/Kiritimati COLUMNS=1 TERM=dumb NO_COLOR=; do
	ok "a digest is the same with $e" cmp plain <(env "$e" \
		"$TLSTALLY" -s "$store" digest --all-time)
done

# Mail with NULs, and things in a Maildir that are no mail.
mkdir -p box/{new,cur,tmp}
{ cat a.eml; printf '\0\0'; } >box/new/1.nul
tr e '\0' <a.eml >box/new/2.nul
: >box/new/3.empty
mkdir box/new/4.folder
ln -s /nonexistent box/new/5.dangling
ln -s /dev/zero box/new/6.endless
mkfifo box/new/7.fifo
status "a Maildir full of traps" 0 timeout 60 "$TLSTALLY" -s "$store" \
	ingest -v box
like "is read" "$said" '^ingested 3 messages: 0 new reports, 1 duplicate'

# Many at once, and a run that dies in the middle.
mkdir -p crowd/{new,cur,tmp}
for i in $(seq 20); do
	mail id="c$i" >"crowd/new/$i"
done
for i in 1 2 3 4; do
	"$TLSTALLY" -s crowd.db ingest --when-done seen crowd &
done
wait
is "four runs count each report once" \
	"$("$TLSTALLY" -s crowd.db status | awk '/^reports/ { print $2 }')" 20
is "and leave each mail there once" "$(find crowd -type f | wc -l)" 20
for t in 0.002 0.01 0.03; do
	timeout -s KILL $t "$TLSTALLY" -s killed.db ingest \
		--when-done move:done crowd
done 2>/dev/null
ok "a run after one that was killed" "$TLSTALLY" -s killed.db ingest \
	--when-done move:done crowd
is "counts each report once" \
	"$("$TLSTALLY" -s killed.db status | awk '/^reports/ { print $2 }')" 20
is "and has moved each mail" "$(find crowd/.done/cur -type f | wc -l)" 20
done_testing
