#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Rights: of what tlstally makes, whatever the umask is, and of what it is told
# to trust.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

python3 "$top/tests/cli/mail.py" id=1 >1.eml
printf 'From: a@example.com\nSubject: Lunch?\n\nAt noon.\n' >foreign

# What holds mail is its owner's; what a user has written for others to read
# follows his umask.
for mask in 000 022 077; do
	mkdir $mask
	cd $mask || exit 99
	umask $mask
	"$TLSTALLY" -s new/t.db ingest ../1.eml
	"$TLSTALLY" -q -s new/t.db ingest --mta - <../foreign 2>/dev/null
	"$TLSTALLY" -s new/t.db backup copy.db
	"$TLSTALLY" -s new/t.db digest --all-time -o digest.txt
	"$TLSTALLY" -s new/t.db export --all-time --originals originals
	umask 022
	cd ..
	is "umask $mask: store, rejects and copies are private" \
		"$(find $mask/new $mask/copy.db -type f -printf '%m ' \
			-o -printf '%m ' | tr ' ' '\n' | sort | uniq -c |
			tr -s ' ' | tr -d '\n')" ' 5 600 5 700'
	is "umask $mask: nothing else was left there" \
		"$(find $mask -name '*-journal' \
			-o -name 'copy.db?*' -o -name 'digest.txt?*')" ""
	is "umask $mask: outputs follow it" "$(stat -c %a $mask/digest.txt \
		$mask/originals $mask/originals/*)" "$(printf '%o\n%o\n%o' \
		$((0666 & ~0$mask)) $((0777 & ~0$mask)) $((0666 & ~0$mask)))"
done
umask 000
chmod 640 022/digest.txt
ok "an output that is there" "$TLSTALLY" -s 022/new/t.db digest --all-time \
	-o 022/digest.txt
is "keeps its rights" "$(stat -c %a 022/digest.txt)" 640
umask 022

# Configurations that others could have written.
trusted() { # trusted NAME STATUS REGEX: of config --check
	status "$1" "$2" "$TLSTALLY" -c "$conf" config --check
	[ -z "${3-}" ] || like "it says why" "$said" "$3"
}
write <<<'digest { format = csv }'
trusted "one that is the user's" 0
chmod 620 "$conf"
if [ "$(id -u)" -eq 0 ]; then
	chgrp 4711 "$conf"
	trusted "one that another group can write" 78 'others can write it'
	chgrp 0 "$conf"
	chmod 600 "$conf"
	chown 4711 "$conf"
	trusted "one of another user's" 78 'belongs to another user'
	ln -s "$conf" link.conf
	conf=$scratch/link.conf trusted "and a link to it" 78 \
		'belongs to another user'
	chown 0 "$conf"
else
	trusted "one that the user's own group can write" 0
fi
chmod 600 "$conf"
mkdir -p open/within
cp "$conf" open/within/t.conf
chmod 777 open
conf=$scratch/open/within/t.conf trusted "one below a folder for everybody" \
	78 't\.conf: everybody can write the directory .*/open '
chmod 1777 open
conf=$scratch/open/within/t.conf trusted "unless that is as /tmp is" 0
chmod 777 open
ln -s "$conf" open/link.conf
conf=$scratch/open/link.conf trusted "a link there may lead elsewhere" 78 \
	'everybody can write'
write <<<"include(\"$scratch/open/within/t.conf\")"
trusted "nor is one included from there" 78 'everybody can write'
mkfifo pipe.conf
conf=$scratch/pipe.conf trusted "a pipe" 78 'not a regular file'
conf=$scratch trusted "a folder" 78 'not a regular file'
done_testing
