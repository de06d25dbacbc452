#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Servers that mean harm, or are broken: at each stage of a session a clear
# error, soon, in little memory, and nothing left behind.
. "$(dirname "$0")/../cli/lib.sh"
. "$top/tests/imap/lib.sh"
make_pki
start_server

# Four tries of some three seconds, and the pauses between them; and as much
# again for a machine that has other things to do.
patience=40
memory=64
! sanitized || memory=100000

stages="greet capability auth select uid_search heads fetch"
# What floods is at few stages: it is dear, and the guard is the same.
rare=" endless huge huger flood flood-ok flood-exists flood-list "
{
	for stage in $stages; do
		for kind in silence close drip garbage nul nest negative bye \
			permanentflags badcharset parse permanentflags-plus \
			badcharset-plus parse-plus $rare; do
			case "$rare $stage" in
			*" $kind "*greet | *" $kind "*select | \
				*" $kind "*fetch) echo "$stage:$kind" ;;
			*" $kind "*) ;;
			*) echo "$stage:$kind" ;;
			esac
		done
	done
	# Where all is asked for at once, and where that is taken apart.
	for stage in ahead small sizes; do
		for kind in silence close garbage nest negative bye; do
			echo "$stage:$kind"
		done
	done
	printf '%s\n' ahead:flood small:huge small:flood small:endless
	for kind in permanentflags badcharset parse; do
		echo "continue:$kind"
	done
} >hostile
printf '%s\n' lie:unasked lie:twice lie:zero lie:wrap lie:uids-wrap \
	lie:uids-unsorted lie:uids-twice lie:uids-many lie:none lie:no \
	lie:bigger lie:half lie:drip logout:silence select-escape \
	gone:nil gone:empty gone:literal \
	list:unasked list:twice list:zero list:wrap list:unsorted list:some list:race \
	list:huge list:huger list:none list:many list:many-told \
	list:many-fit list:bodies list:no list:bad list:early list:lost \
	list:drip \
	list:usual \
	usual >lies
# Millions of messages: with sanitizers that is a matter of minutes.
! sanitized || sed -i '/^list:many/d' lies

python3 "$here/hostile.py" "$TLSTALLY" server/ports "$scratch/password" \
	<hostile >results
is "all were tried" "$(wc -l <results)" "$(wc -l <hostile)"

# judge NAME RC RC-WANTED COUNTED-WANTED: with the rest in variables
judge() {
	like "$name: status" "$rc" "^($1)\$"
	like "$name: counted" "$counted" "^($2)\$"
	like "$name: what is said" "$said" "$3"
	[[ $rc =~ ^($1)$ ]] || echo "# $said"
	if [ "${said%!}" != "$said" ] || [ "$left" -ne 0 ] ||
		[ "$mem" -gt $memory ] || ! awk "BEGIN { exit $sec > $patience }"; then
		is "$name: bounds" "$sec s, $mem MiB, $left left, $said" \
			"$patience s, $memory MiB, 0 left, no control characters"
	fi
}
while IFS=$'\t' read -r name rc sec mem left counted said; do
	case $name in
	# What is no more than odd may as well pass.
	*:parse | *:permanentflags | *:badcharset | *:nul | *:negative | \
		*-plus | *:flood-* | continue:*)
		judge '0|65|69|75|77' '0|3' 'localhost|^ingested 3'
		;;
	# The list is asked for in another way then.
	small:*) judge '0|69|75' '0|3' 'localhost|^ingested 3' ;;
	auth:garbage | auth:bye | auth:close) judge '69|75|77' 0 localhost ;;
	*) judge '69|75' 0 localhost ;;
	esac
done <results
ok "none took longer than $patience seconds" \
	awk -F '\t' -v t=$patience '$3 > t { print; bad = 1 } END { exit bad }' results
ok "none took more memory than $memory MiB" \
	awk -F '\t' -v m=$memory '$4 > m { print; bad = 1 } END { exit bad }' \
	results
awk -F '\t' '{ if ($3 > t) t = $3; if ($4 > m) m = $4 }
	END { print "# at most " t " s, " m " MiB" }' results

python3 "$here/hostile.py" "$TLSTALLY" server/ports "$scratch/password" \
	<lies >results
while IFS=$'\t' read -r name rc sec mem left counted said; do
	case $name in
	list:twice | list:zero | list:unsorted | list:unasked | list:some | \
		list:race | \
		list:none | list:bodies | list:no | list:bad | list:lost | list:usual | \
		list:drip | \
		usual | lie:uids-unsorted | lie:uids-twice | logout:silence)
		judge 0 3 'ingested 3 messages: 3 new'
		;;
	list:huge) judge '0|65' 2 '2 new reports' ;;
	list:huger | list:wrap | list:early) judge '0|65|69|75' '0|2|3' . ;;
	list:many*) judge '0|69|75' '0|3' . ;;
	gone:*) judge 0 2 '2 new reports, .* 0 foreign' ;;
	# What nobody asked for is not looked at, or ends it.
	lie:unasked | lie:zero | lie:wrap | lie:twice)
		judge '0|69|75' '0|1|3' .
		;;
	lie:uids-wrap) judge '0|69|75' '0|2' . ;;
	lie:bigger) judge '0|65|69|75' '0|2|3' . ;;
	lie:none) judge '0|69|75' 0 . ;;
	lie:uids-many) judge '0|69|75' '0|3' . ;;
	select-escape) judge 66 0 'there is none' ;;
	lie:half) judge '69|75' '0|1' localhost ;;
	*) judge '69|75' 0 localhost ;;
	esac
done <results
is "a new folder is opened and listed in one packet" "$(received list:usual |
	grep -cE ' (EXAMINE INBOX|UID SEARCH )')" 2
is "what is refused so is asked for apart" "$(received list:no |
	grep -cE ' (EXAMINE INBOX|UID SEARCH )')" 3
for name in lie-unasked lie-zero lie-wrap list-bodies; do
	is "$name: nothing of it is stored" \
		"$(sqlite3 "run-$name/t.db" 'SELECT count(*) FROM report
		WHERE subject LIKE "%evil%"' 2>/dev/null || echo 0)" 0
done
is "the server was sound" "$(cat server/out)" ""
done_testing
