#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The configuration: what it does, and how its errors are told.
. "$(dirname "$0")/lib.sh"

write <<EOF
store { path = "$scratch/here.db" }
source "reports" { path = "$scratch/mail" }
EOF
mkdir -p mail/cur mail/new mail/tmp
status "a configuration is checked" 0 "$TLSTALLY" -c "$conf" config --check
status "and printed" 0 "$TLSTALLY" -c "$conf" config
like "with the store in use" "$said" "here.db"
status "a source is read by its name" 0 "$TLSTALLY" -c "$conf" ingest reports
ok "the store is where it says" test -f here.db
status "all sources are read without a name" 0 "$TLSTALLY" -c "$conf" ingest
status "-s overrides it" 0 "$TLSTALLY" -c "$conf" -s other.db ingest
ok "and is used" test -f other.db

refused "an unknown key is refused" 't\.conf:2: .*colour' <<EOF
store { path = "x.db" }
digest { colour = yes }
EOF
refused "a format that does not exist" 't\.conf:1: .*yaml' <<EOF
digest { format = yaml }
EOF
refused "a disposal that does not exist" 't\.conf:3: .*burn' <<EOF
source "x" {
	path = "/tmp"
	when_done = "burn"
}
EOF
refused "a source without a path" 'no path' <<EOF
source "x" { }
EOF
refused "a limit that would be raised" \
	't\.conf:2: json_depth: must lie between 1 and 32' <<EOF
limits {
	json_depth = 33
}
EOF
refused "a limit of nothing" 'must lie between' <<EOF
limits { policies = 0 }
EOF
refused "an include of nothing" 'nothing\.conf' <<EOF
include("$scratch/nothing.conf")
EOF
printf 'limits { mime_parts = 500 }\n' >more.conf
chmod 600 more.conf
write <<EOF
include("$scratch/more.conf")
EOF
status "another file is included" 0 "$TLSTALLY" -c "$conf" config
like "and its settings are in force" "$said" 'mime_parts *= *500'
chmod 666 more.conf
status "not one that others can write" 78 "$TLSTALLY" -c "$conf" config
like "and it says why" "$said" 'others can write it'
chmod 600 more.conf
chmod 602 "$conf"
status "nor such a configuration" 78 "$TLSTALLY" -c "$conf" config
chmod 600 "$conf"
status "a configuration that is not there" 78 "$TLSTALLY" -c none.conf config
mkdir -p config/tlstally
write <<EOF
digest { format = csv }
EOF
mv "$conf" config/tlstally/tlstally.conf
status "the user's own is found" 0 "$TLSTALLY" config
like "and read" "$said" 'format *= *"?csv'
is "the default store is below XDG_DATA_HOME or for root" "$(grep -c \
	-e "$scratch/data/tlstally/tlstally.db" -e '/lib/tlstally/tlstally.db' \
	<<<"$said")" 1
status "no source anywhere is a usage error" 64 "$TLSTALLY" -s x.db ingest
done_testing
