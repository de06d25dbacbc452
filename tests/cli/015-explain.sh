#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# explain: result types, topics, and the reason codes of all the world.
. "$(dirname "$0")/lib.sh"

# page NAME ARGUMENT...: explain says something that fits the page
page() {
	local name=$1 wide
	shift
	status "explain $name" 0 "$TLSTALLY" explain "$@"
	wide=$(awk 'length > 80' <<<"$said")
	is "it fits 80 columns" "$wide" ""
	is "and is plain ASCII" "$(LC_ALL=C grep -c '[^ -~]' <<<"$said")" 0
}

page "without an argument"
like "it lists result types, topics and reasons" "$(tr '\n' ' ' <<<"$said")" \
	'starttls-not-supported.*sts-webpki-invalid.*reading .*policy-types .*sts .*tlsa .*no-policy-found .*enforce .*testing .*none .*reasons '
names=$(grep -oE '^[a-z][a-z-]*(  |$)' <<<"$said")
is "11 types, 8 topics and the reasons" "$(wc -l <<<"$names")" 20
for t in $names; do
	page "$t" "$t"
done
for t in other unspecified '(unspecified)' overlap DANE MTA-STS; do
	page "$t" "$t"
done

page "certificate-not-trusted" certificate-not-trusted
like "a type has its reason codes" "$said" \
	'"unable to get local issuer certificate": the chain is incomplete'

page "a reason in several words" bad https response code: 404
like "it says what it means" "$said" '^policy-not-there  '
like "with the type that it comes with" "$said" 'sts-policy-fetch-error'
joined=$said
page "a reason in one word" 'bad https response code: 404'
is "is the same" "$said" "$joined"
page "a reason within a text" \
	"error:0A000086:SSL routines::certificate verify failed" \
	"(X509: unable to get local issuer certificate)"
like "it is the exact one" "$said" '^missing-intermediate  '
like "for the MX" "$said" 'openssl s_client -starttls smtp -connect \{mx\}:25'
like "and for the policy host" "$said" 'curl -v https://mta-sts\.\{domain\}/'
for r in MX_HOSTS_MISMATCH 'no shared cipher' \
	'4.7.323 tlsa-invalid' 'TLSA lookup error' VALIDATION_FAILURE; do
	page "$r" "$r"
done

status "an unknown reason is a usage error" 64 "$TLSTALLY" explain \
	"frobnicated the shared ciphers"
like "it says what is near" "$said" 'near it: no-shared-cipher'
status "nothing at all is unknown" 64 "$TLSTALLY" explain ""
status "so is what is near nothing" 64 "$TLSTALLY" explain x
is "it says where to look" "$said" \
	"tlstally: no such result type, topic or reason: x (tlstally explain lists them)"
long=$(printf '%0100000d' 7)
status "a long text is looked at in part" 64 "$TLSTALLY" explain "$long" "$long"
ok "and not said again whole" test ${#said} -lt 300
# SHOWN_MAX: so many bytes of it are said again.
for n in 120 121; do
	status "$n letters" 64 "$TLSTALLY" explain \
		"$(printf 'z%.0s' $(seq $n))"
	is "120 are said again" "$(grep -oE 'z+' <<<"$said" | tr -d '\n' |
		wc -c)" 120
done
status "a cut character is not said" 64 "$TLSTALLY" explain \
	"$(printf 'a%.0s' {1..119})ä"
is "but left out" "$(LC_ALL=C grep -c '<C3>' <<<"$said")" 0
status "control characters are known to be none" 64 "$TLSTALLY" explain \
	"$(printf '\033]0;owned\007\033[2J')"
is "none reaches the terminal" "$(LC_ALL=C grep -c '[[:cntrl:]]' <<<"$said")" 0
done_testing
