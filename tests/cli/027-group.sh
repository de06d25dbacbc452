#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# store { group }: a store of several users.  Root plays them all; anybody
# else shares with the first of the other groups that he is in.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

gid=$(id -G | tr ' ' '\n' | grep -vx "$(id -g)" | head -n 1)
[ "$(id -u)" -ne 0 ] || gid=$(getent group games users nogroup | head -n 1 |
	cut -d: -f3)
: "${gid:=$(id -g)}"
group=$(getent group "$gid" | cut -d: -f1)
[ -n "$group" ] || skip_all "none of the groups has a name"

# as USER COMMAND...: as that user, a number, in the group and one of his own
as() {
	local user=$1
	shift
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid "$user" --regid "$user" --groups "$gid" "$@"
	else
		"$@"
	fi
}
mail() {
	python3 "$top/tests/cli/mail.py" "$@"
}
rights() {
	find "$@" -printf '%m %G %P\n' | sort -k3
}

chmod 755 "$scratch"
cp "$TLSTALLY" real # where it was built not everybody may go
TLSTALLY=$scratch/real
mkdir place
chgrp "$gid" place
chmod 2770 place
cat >t.conf <<EOF
store { path = "$scratch/place/t.db" group = "$group" }
EOF
chmod 644 t.conf
shared() {
	"$TLSTALLY" -c t.conf "$@"
}
for n in 1 2 3 4; do
	mail id=$n >$n.eml
done
printf 'From: a@example.com\nSubject: Lunch?\n\nAt noon.\n' >foreign

umask 077
ok "one user makes the store" as 4711 "$TLSTALLY" -c t.conf ingest - <1.eml
is "it is the group's" "$(rights place)" "2770 $gid 
660 $gid t.db
660 $gid t.db-shm
660 $gid t.db-wal"
umask 022
ok "another writes to it" as 4712 "$TLSTALLY" -c t.conf ingest - <2.eml
rm place/t.db-wal place/t.db-shm
ok "and makes the WAL anew" as 4712 "$TLSTALLY" -c t.conf ingest - <3.eml
ok "which the first can write" as 4711 "$TLSTALLY" -c t.conf ingest - <4.eml
is "nothing has other rights" "$(rights place -type f)" "660 $gid t.db
660 $gid t.db-shm
660 $gid t.db-wal"
like "a third reads it" "$(as 4713 "$TLSTALLY" -c t.conf status)" \
	'reports +4 counted'
umask 077
ok "rejects are shared as well" as 4711 "$TLSTALLY" -c t.conf ingest --mta - \
	<foreign
ok "so that another adds to them" as 4712 "$TLSTALLY" -c t.conf \
	ingest --mta - <foreign
is "folders" "$(find place -mindepth 1 -type d -printf '%m %G %f\n' |
	sort -k3)" "2770 $gid cur
2770 $gid new
2770 $gid t.db-rejects
2770 $gid tmp"
is "mails" "$(find place -path '*/new/*' -printf '%m %G\n')" "660 $gid
660 $gid"
umask 022
ok "a folder is made for it" "$TLSTALLY" -c t.conf -s fresh/t.db ingest 1.eml
is "as it must be" "$(stat -c '%a %g' fresh fresh/t.db)" "2770 $gid
660 $gid"
ok "without a group" tally ingest 1.eml
is "a store is its owner's" "$(stat -c %a t.db t.db-wal t.db-shm |
	sort -u)" 600

# What is refused.
mkdir plain
status "a folder that does not pass the group on" 77 \
	"$TLSTALLY" -c t.conf -s plain/t.db ingest 1.eml
like "is named, with the remedy" "$said" "plain: .*$group.*chmod 2770"
ok "and nothing is made in it" test ! -e plain/t.db
chgrp "$gid" plain
chmod 2777 plain
status "a folder for everybody" 77 \
	"$TLSTALLY" -c t.conf -s plain/t.db ingest 1.eml
chmod 2770 plain
install -m 600 place/t.db plain/t.db
status "a store that its owner keeps to himself" 77 \
	"$TLSTALLY" -c t.conf -s plain/t.db ingest 1.eml
like "is named, with the remedy" "$said" "plain/t\.db: .*$group.*chmod 660"
is "and left as it is" "$(stat -c %a plain/t.db)" 600
status "a folder below none" 66 \
	"$TLSTALLY" -c t.conf -s no/such/t.db ingest 1.eml
echo 'store { group = "no such group" }' >bad.conf
status "an unknown group" 78 "$TLSTALLY" -c bad.conf config --check
like "is an error of the configuration" "$said" \
	'bad\.conf:1: group: no such group: no such group'
if [ "$(id -u)" -eq 0 ]; then
	status "who is not in the group" 77 setpriv --reuid 4714 --regid 4714 \
		--clear-groups "$TLSTALLY" -c t.conf ingest 1.eml
	like "is told so" "$said" "group $group.*uid 4714.*not in it"
	status "under --mta that is 75" 75 setpriv --reuid 4714 --regid 4714 \
		--clear-groups "$TLSTALLY" -c t.conf ingest --mta -
fi
done_testing
