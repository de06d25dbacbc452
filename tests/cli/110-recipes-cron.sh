#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The recipes for cron and systemd, and their scripts, do what they say.
. "$(dirname "$0")/lib.sh"
command -v dash >/dev/null || skip_all "dash is not installed"
command -v systemd-analyze >/dev/null ||
	skip_all "systemd-analyze is not installed"
export TLSTALLY
weekly=$top/contrib/weekly-csv
recipes=$top/contrib/recipes
mailer=$recipes/systemd/mail-digest

for script in "$weekly" "$mailer"; do
	for shell in dash bash; do
		ok "$shell can read ${script##*/}" $shell -n "$script"
	done
	ok "and anybody may run it" test -x "$script"
done

# ---- weekly-csv ----

cp "$top/contrib/sample/reports.mbox" .
tally -q ingest reports.mbox 2>/dev/null
mkdir csv
week=(digest --week 2026-W46 -f csv)
status "a week is written" 0 "$weekly" -s "$store" csv
is "and it is silent" "$said" ""
is "there are two files and nothing else" "$(ls -A csv | paste -sd' ')" \
	"failures-2026-W46.csv policies-2026-W46.csv"
ok "one has the policies" cmp csv/policies-2026-W46.csv \
	<(tally "${week[@]}" --rows policies)
ok "one the failures" cmp csv/failures-2026-W46.csv \
	<(tally "${week[@]}" --rows failures)
is "with the rights of any new file" "$(stat -c %a csv/policies*)" \
	"$(touch new && stat -c %a new)"
status "again, with options" 0 "$weekly" --excel=semicolon -s "$store" \
	-d example.com --by week csv
ok "they reach the digest" cmp csv/policies-2026-W46.csv \
	<(tally "${week[@]}" --excel=semicolon -d example.com --by week)
status "a week ends on Sunday" 0 env TLSTALLY_NOW=2026-11-15T23:59:59Z \
	"$weekly" -s "$store" csv
ok "and the last one is that before it" test -s csv/policies-2026-W45.csv
is "a week of nothing is a header" "$(wc -l <csv/policies-2026-W45.csv)" 1
status "a year's last week" 0 env TLSTALLY_NOW=2027-01-04T00:00:00Z \
	"$weekly" -s "$store" csv
ok "has the name that ISO gives it" test -s csv/policies-2026-W53.csv

mkdir empty -- -odd
status "a folder with an odd name" 0 "$weekly" -s "$store" -odd
is "is a folder" "$(ls -A -- -odd | wc -l)" 2
status "no folder" 64 "$weekly"
status "a folder that is not there" 74 "$weekly" -s "$store" no/such
status "no store" 66 "$weekly" -s none.db empty
status "a wrong option" 64 "$weekly" -s "$store" --excel=x empty
status "no program" 127 env TLSTALLY=./none "$weekly" empty
cat >fails <<'EOF'
#!/bin/sh
case $* in *failures*) exit 75 ;; esac
exec "$REAL" "$@"
EOF
cat >waits <<'EOF'
#!/bin/sh
kill -TERM $PPID
EOF
chmod +x fails waits
status "the second file fails" 75 env REAL="$TLSTALLY" TLSTALLY=./fails \
	"$weekly" -s "$store" empty
status "it is stopped" 143 env TLSTALLY=./waits "$weekly" empty
is "nothing was left in any of these cases" "$(ls -A empty)" ""

# ---- cron ----

# The lines, as /etc/cron.d has them: five fields, a user, a command.
grep -E '^#?[0-9*]' "$recipes/cron/tlstally" >lines
is "the table has four jobs" "$(wc -l <lines)" 4
is "each with its time and its user" "$(grep -vcE \
	'^#?[0-9*]+( [0-9*]+){4}	tlsreports	[^%]+$' lines)" 0
mkdir -p bin csv2 config/tlstally
cat >config/tlstally/tlstally.conf <<EOF
store { path = "$scratch/cron.db" }
source "reports" { path = "$scratch/reports.mbox" }
EOF
ln -s "$TLSTALLY" bin/tlstally

# job N: runs the command of a line as cron does
job() {
	local command
	command=$(sed -n "$1p" lines | cut -f 3 |
		sed "s|/usr/local/bin/weekly-csv|$weekly|
		s|/srv/tlsreports|$scratch/csv2|")
	env -u TLSTALLY PATH="$scratch/bin:/usr/bin:/bin" /bin/sh -c "$command"
}
status "the first run names the broken report" 65 job 1
like "and cron mails that" "$said" "rejected: .*message 14"
status "the next has nothing to say" 0 job 1
is "and cron sends no mail" "$said" ""
status "in the morning there is a digest" 0 job 2
like "with all that came" "$said" "certificate-expired on mx2.example.com"
status "the next morning" 0 job 2
is "there is no mail" "$said" ""
status "the week is written" 0 job 3
is "into its folder" "$(ls -A csv2 | wc -l)" 2
status "the heartbeat comes" 0 job 4
like "though it was all told before" "$said" "^FAILING  2 domains"

# ---- systemd ----

mkdir units
for unit in "$recipes"/systemd/*.service "$recipes"/systemd/*.timer \
	"$top"/contrib/monitoring/*.service "$top"/contrib/monitoring/*.timer; do
	sed "s|/usr/local/bin/mail-digest|$mailer|
		s|/usr/local/bin/tlstally|$TLSTALLY|" "$unit" \
		>"units/${unit##*/}"
done
ok "systemd understands the units" systemd-analyze verify --man=no \
	units/*.service units/*.timer
is "and has nothing to remark" \
	"$(systemd-analyze verify --man=no units/*.service units/*.timer 2>&1 |
		grep units/)" ""
for timer in units/*.timer; do
	ok "${timer##*/} has its service" test -s "${timer%.timer}.service"
	ok "and a time that is one" systemd-analyze calendar \
		"$(sed -n 's/^OnCalendar=//p' "$timer")"
done

# ---- mail-digest ----

cat >sendmail <<'EOF'
#!/bin/sh
echo "$@" >arguments
cat >"mail.$(ls | grep -c '^mail\.')"
EOF
printf '#!/bin/sh\ncat >/dev/null\nexit 75\n' >refuses
chmod +x sendmail refuses
export STATE_DIRECTORY=$scratch/state
status "no address" 64 "$mailer"
status "a mail that is refused" 75 env SENDMAIL=./refuses "$mailer" \
	postmaster -s "$store"
is "is kept for its owner alone" "$(stat -c %a state/digest.txt)" 600
kept=$(cat state/digest.txt)
python3 "$top/tests/cli/mail.py" id=late ok=4711 >late.eml
tally -q ingest late.eml
status "and sent the next time" 0 env SENDMAIL=./sendmail "$mailer" \
	postmaster -s "$store"
is "to its address" "$(head -n 1 mail.0)" "To: postmaster"
is "whole" "$(sed '1,/^$/d' mail.0)" "$kept"
like "before what has come since" "$(cat mail.1)" "4 711 sessions"
is "by options that every sendmail has" "$(cat arguments)" "-i -t"
status "with nothing new" 0 env SENDMAIL=./sendmail "$mailer" postmaster \
	-s "$store"
is "there is no mail" "$(ls mail.*)" "mail.0
mail.1"
is "and nothing is left" "$(ls -A state)" ""
status "no store" 66 env SENDMAIL=./sendmail "$mailer" postmaster -s none.db
is "nothing is left of that" "$(ls -A state)" ""

# next ID: another report has come
next() {
	python3 "$top/tests/cli/mail.py" id="$1" ok="$2" >"$1.eml"
	tally -q ingest "$1.eml"
}

# A second run while the first is sending.
rm -f mail.*
next slow 4712
mkfifo started goon
cat >slow <<'EOF'
#!/bin/sh
[ -e sending ] || {
	touch sending
	echo >started
	read -r line <goon
}
exec ./sendmail "$@"
EOF
chmod +x slow
SENDMAIL=./slow "$mailer" postmaster -s "$store" &
read -r line <started
next later 4713
SENDMAIL=./slow "$mailer" postmaster -s "$store" &
sleep 0.5
is "a second run waits for the first" "$(ls mail.* 2>/dev/null)" ""
echo >goon
wait
like "the first sends its own" "$(cat mail.0)" "4 712 sessions"
like "the second what came later" "$(cat mail.1)" "4 713 sessions"
is "and each once" "$(ls mail.*)" "mail.0
mail.1"
status "a run that waits too long" 75 flock state env LOCK_WAIT=0 \
	"$mailer" postmaster -s "$store"

# The daemon that a sendmail may leave behind does not hold the lock.
printf '#!/bin/sh\ncat >/dev/null\nsleep 5 >/dev/null 2>&1 &\n' >leaves
chmod +x leaves
next daemon 4714
status "a sendmail that leaves a process" 0 env SENDMAIL=./leaves \
	"$mailer" postmaster -s "$store"
ok "leaves no lock" flock -n state true

# Cut off when the digest counts as told already.
cat >cut <<'EOF'
#!/bin/sh
"$REAL" "$@"
kill -KILL $PPID
EOF
chmod +x cut
rm -f mail.*
next cut 4715
status "a run is cut off" 137 env REAL="$TLSTALLY" TLSTALLY=./cut \
	"$mailer" postmaster -s "$store"
status "the next one" 0 env SENDMAIL=./sendmail "$mailer" postmaster \
	-s "$store"
like "sends what that one had" "$(cat mail.0)" "4 715 sessions"
is "and nothing is left of it" "$(ls -A state)" ""
if command -v strace >/dev/null; then
	next synced 4716
	ASAN_OPTIONS=detect_leaks=0 SENDMAIL=./sendmail strace -f -y -o trace \
		-e trace=fsync,rename,renameat2 "$mailer" postmaster -s "$store"
	is "it is on the disk, under its name, before it is sent" \
		"$(sed -n 's/.*fsync([0-9]*<.*\/state\/digest.new>.*/file/p
			s/.*rename.*digest.new.*/rename/p
			s/.*fsync([0-9]*<.*\/state>.*/folder/p' trace |
			tr '\n' ' ')" "file rename folder "
else
	echo "SKIPPED: ${0##*/}: strace is not installed" >&2
	count=$((count + 1))
	echo "ok $count - a digest is synced # SKIP strace is not installed"
fi
done_testing
