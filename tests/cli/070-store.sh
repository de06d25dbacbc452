#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The store: where it is made, and what is refused.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
command -v sqlite3 >/dev/null || skip_all "sqlite3 is not installed"

mail() {
	python3 "$top/tests/cli/mail.py" "$@"
}

for c in digest list export rejects status reparse 'prune --keep 1d' \
	'backup b.db' 'rejects --retry' 'show 1'; do
	# shellcheck disable=SC2086
	status "$c makes no store" 66 tally $c
	is "but says that there is none" "$said" "tlstally: no store at $store"
done
ok "none was made" test ! -e "$store"
mail >a.eml
umask 000
ok "ingest makes one, with its folder" "$TLSTALLY" -s deep/er/t.db ingest a.eml
is "for its owner alone" "$(stat -c %a deep/er/t.db)" 600
is "the folder too" "$(stat -c %a deep/er)" 700
umask 022
ok "a store for the rest" tally ingest a.eml

cp "$store" newer.db
sqlite3 newer.db 'PRAGMA user_version = 999'
status "a newer store is refused" 74 "$TLSTALLY" -s newer.db ingest a.eml
like "by name" "$said" 'newer\.db.*version 999'
is "and left alone" "$(sqlite3 newer.db 'PRAGMA user_version')" 999

echo "this is no database, and it is long enough to be looked at" >text.db
cp text.db text.before
status "a file that is no store is refused" 74 "$TLSTALLY" -s text.db \
	ingest a.eml
like "by name" "$said" 'text\.db'
ok "and left alone" cmp text.db text.before
sqlite3 other.db 'CREATE TABLE mine(x); PRAGMA user_version = 1'
status "so is somebody else's database" 74 "$TLSTALLY" -s other.db ingest a.eml
: >empty.db
status "an empty file is no store to read" 66 "$TLSTALLY" -s empty.db digest

cp "$store" torn.db
size=$(stat -c %s torn.db)
for at in $(seq 4096 4096 $((size - 4096))); do
	printf '\377\377\377\377\377\377\377\377' |
		dd of=torn.db bs=1 seek="$at" conv=notrunc status=none
done
status "a damaged store is named" 74 "$TLSTALLY" -s torn.db list
like "as such" "$said" 'torn\.db.*(damaged|malformed)'
cp torn.db torn.before
status "and never reset" 74 "$TLSTALLY" -s torn.db ingest a.eml
ok "not a byte" cmp torn.db torn.before

# Each store hashes under a key of its own.
sum() {
	sqlite3 "$1" 'SELECT hex(sum) FROM report WHERE id = 1'
}
"$TLSTALLY" -s second.db ingest a.eml
like "a sum has 16 bytes" "$(sum "$store")" '^[0-9A-F]{32}$'
unlike "another store makes another sum of the same" "$(sum second.db)" \
	"^$(sum "$store")\$"
mail form=json >json.any
mail form=gzip >gzip.any
python3 -m zipfile -c zip.any json.any
status "however it is packed it is the same report" 0 \
	"$TLSTALLY" -v -s second.db ingest json.any gzip.any zip.any
like "each time" "$said" 'ingested 3 .* 0 new reports, 3 duplicates'
tally backup restored.db
is "a copy has the same key" "$(sum restored.db)" "$(sum "$store")"
status "and knows its reports" 0 "$TLSTALLY" -v -s restored.db ingest json.any
like "as those that it has" "$said" '0 new reports, 1 duplicate'
status "and reads them again" 0 "$TLSTALLY" -v -s restored.db reparse
like "as they are" "$said" 'read 1 report again: 0 changed, 0 unusable'
cp second.db keyless.db
sqlite3 keyless.db "DELETE FROM meta WHERE key = 'key'"
for c in 'ingest json.any' 'ingest -n json.any' list 'status --check'; do
	# shellcheck disable=SC2086
	status "$c refuses a store without a key" 74 "$TLSTALLY" -s keyless.db $c
	like "and says what to do" "$said" \
		'keyless\.db: the store has no key.*move it away and read the mail'
done
sqlite3 keyless.db "INSERT INTO meta VALUES('key', x'00')"
status "a key that is too short" 74 "$TLSTALLY" -s keyless.db list
like "is damage" "$said" 'keyless\.db: the store is damaged \(its key'
sqlite3 restored.db "UPDATE meta SET value = randomblob(16) WHERE key = 'key'"
status "under another key" 65 "$TLSTALLY" -s restored.db reparse
like "no sum fits any more" "$said" 'its JSON is not the one that its'

status "a number that is no report" 64 tally show x
status "a report that is not there" 66 tally show 999
status "show" 0 tally show 1
like "shows what it says" "$said" 'reporter\.example'
like "and how it came" "$said" '"organization-name"'
tally show --original 1 >got.json
ok "the original is as it came" cmp got.json <(mail form=json)
status "status" 0 tally status
like "counts" "$said" 'reports +1 counted'
like "and names sources" "$said" 'a\.eml \(file\)'
mv a.eml gone.eml
status "a source that is gone" 66 tally ingest a.eml
tally status >gone.txt
like "is an error of that source" "$(cat gone.txt)" \
	'last error +no such source: a\.eml'
mv gone.eml a.eml
is "the last line of a digest names its store" \
	"$(tally digest --all-time | tail -n 1)" "Store  $store"
done_testing
