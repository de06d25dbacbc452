#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Hostile mail: each is rejected by a reason or read for what it is, at a
# bounded cost, the good one beside it counts, and nothing that a stranger
# wrote reaches a terminal, a spreadsheet or a path as it stands.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
hostile=$top/tests/hostile
export PYTHONDONTWRITEBYTECODE=1
table=$hostile/fixtures.tsv

python3 "$top/tests/cli/mail.py" id=good >good.eml

# The attacks that are files, all at once.
mkdir box
cp "$top"/tests/data/hostile/* box
is "every file has its outcome in the table" \
	"$(grep -v '^#' "$table" | cut -f1 | sort)" "$(ls box | sort)"
ok "the zip that holds itself is what it is made to be" \
	cmp <(python3 "$hostile/quine.py") box/zip-quine.zip
ok "and holds itself" python3 -c 'import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
sys.exit(z.read(z.namelist()[0]) != open(sys.argv[1], "rb").read())' \
	box/zip-quine.zip
cp good.eml box
status "a folder of hostile files" 65 tally ingest box
rejected=$said
while IFS=$'\t' read -r file outcome; do
	case $file in \#*) continue ;; esac
	got=$(grep -cF "/box/$file: " <<<"$rejected")
	case $outcome in
	report | foreign) is "$file is no reject" "$got" 0 ;;
	*) is "$file is rejected" "$(grep -cF "/box/$file: $outcome" \
		<<<"$rejected")" 1 ;;
	esac
done <"$table"
status "read again, they are all known" 0 tally -v ingest box
like "but the foreign" "$said" 'known before'
like "the good one counts" "$(tally export --all-time)" ',reporter.example,.*,good,'

# outcome OUTCOME: how many files of the table have it
outcome() {
	cut -f2 "$table" | grep -c "^$1\$"
}
for f in box/*; do
	grep -q "^${f#box/}	report$" "$table" && echo "$f"
done >accepted
is "as many are accepted" "$(wc -l <accepted)" "$(outcome report)"

# Whatever they say, nothing of it is written as it stands.
tally list >list.txt
reports=$(tally export --all-time | cut -d, -f1 | grep -E '^[0-9]+$' | sort -u)
for n in $reports; do
	tally show "$n"
done >show.txt
like "the reports are shown" "$(cat show.txt)" 'U\+202E'
for by in day week month total; do
	tally digest --all-time --by $by
done >digest.txt
tally rejects >rejects.txt
printf '%s\n' "$rejected" >said.txt
for f in list show digest rejects said; do
	ok "nothing raw in $f" python3 "$hostile/raw.py" text $f.txt
done
for rows in policies failures; do
	tally digest --all-time -f csv --rows $rows >digest-$rows.csv
	tally export --all-time --rows $rows >export-$rows.csv
	tally export --all-time --rows $rows --format ndjson >$rows.ndjson
	ok "no formula in the digest's $rows" python3 "$hostile/raw.py" csv \
		digest-$rows.csv
	ok "nor in the exported ones" python3 "$hostile/raw.py" csv \
		export-$rows.csv
	ok "nothing raw in JSON" python3 "$hostile/raw.py" text $rows.ndjson
done
for f in digest-failures export-failures; do
	like "a formula is text in $f" "$(cat $f.csv)" "'=cmd"
done
# shellcheck disable=SC2086
ok "nor in an original on a terminal" python3 "$hostile/raw.py" terminal \
	"$TLSTALLY" "$store" $reports
ok "originals are written" tally export --all-time --originals originals
is "under our own names" "$(ls -A originals |
	grep -vE '^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]+\.json$')" ""
is "and there only" "$(find . -name '*passwd*' -o -name 'cron.d')" ""

# Bounds that the configuration lowers hold, and name themselves.
for limit in message_bytes=500 mime_parts=1 header_bytes=300 json_bytes=300 \
	json_depth=3 json_values=9 policy_strings=4 string_bytes=15; do
	echo "limits { $limit }" | write
	status "with $limit the good mail" 65 \
		"$TLSTALLY" -c "$conf" -s "lowered-$limit.db" ingest good.eml
	like "is rejected by that name" "$said" "rejected: .*${limit%=*}"
done

# a_full_batch N: an mbox of N reports of 5 KB is stored to the last, over one
# transaction or several
a_full_batch() {
	rm -f batch.db
	python3 - "$hostile" "$1" >batch.mbox <<-'P'
		import sys
		sys.path.insert(0, sys.argv[1])
		import attacks, linear_store as l
		extra = b',"x":"' + b"x" * 5000 + b'"'
		sys.stdout.buffer.write(l.mails(int(sys.argv[2]), lambda i: (
		    l.DAY, l.REPORTER, attacks.policy(extra=extra), b"")))
	P
	status "$1 reports in one mailbox" 0 "$TLSTALLY" -v -s batch.db \
		ingest batch.mbox
	like "are all stored" "$said" "^ingested $1 messages: $1 new"
}
for n in 999 1000 1001 2001; do
	a_full_batch $n
done

# The attacks that are made, one by one.
if ! python3 "$hostile/run.py" "$TLSTALLY" good.eml >results; then
	sed 's/^/# /' results >&2
fi
is "all attacks were tried" "$(grep -cE '^(not )?ok' results)" \
	"$(python3 "$hostile/attacks.py" | wc -l)"
is "each ended as it should" "$(grep -A4 '^not ok' results)" ""
done_testing
