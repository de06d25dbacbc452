#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Help, versions, and command lines that make no sense.
. "$(dirname "$0")/lib.sh"

status "--help succeeds" 0 "$TLSTALLY" --help
like "--help names every command" "$(tr '\n' ' ' <<<"$said")" \
	'ingest.*digest.*list.*show.*export.*rejects.*explain.*make-record.*status.*reparse.*prune.*backup.*config'
status "--version succeeds" 0 "$TLSTALLY" --version
like "--version says name and number" "$said" '^tlstally [0-9]+\.[0-9]+'
for c in ingest digest list show export rejects explain make-record status \
	reparse prune backup config; do
	status "$c --help succeeds" 0 "$TLSTALLY" $c --help
	like "$c --help shows how to call it" "$said" "^usage: tlstally $c"
	status "$c refuses an unknown option" 64 "$TLSTALLY" $c --nonsense
done
status "no command is a usage error" 64 "$TLSTALLY"
status "an unknown command is a usage error" 64 "$TLSTALLY" frobnicate
like "and is named" "$said" 'no such command: frobnicate'
status "options may stand before the command" 66 "$TLSTALLY" -s "$store" \
	digest
status "options may stand behind the command" 66 "$TLSTALLY" digest -s \
	"$store"
is "a missing store is named" "$said" "tlstally: no store at $store"
status "a missing argument is a usage error" 64 "$TLSTALLY" digest --day
status "an argument too many is a usage error" 64 "$TLSTALLY" -s "$store" \
	config a b
status "explain needs no store" 0 "$TLSTALLY" explain
for t in starttls-not-supported certificate-host-mismatch \
	certificate-expired certificate-not-trusted validation-failure \
	tlsa-invalid dnssec-invalid dane-required sts-policy-fetch-error \
	sts-policy-invalid sts-webpki-invalid; do
	status "explain $t" 0 "$TLSTALLY" explain $t
	like "it says how to mend it" "$said" 'How to mend it'
done
status "explain refuses what is unknown" 64 "$TLSTALLY" explain x
status "a bad clock is refused" 64 env TLSTALLY_NOW=soon "$TLSTALLY" status
done_testing
