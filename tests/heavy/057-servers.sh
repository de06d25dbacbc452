#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The name servers of a zone, each asked by itself: two that serve the same, an
# old zone, none, nobody there, and many.  The resolver is the first of them.
here=$(cd "$(dirname "$0")" && pwd)
WORLD_PORTS=real
. "$here/world.sh"
world_begin "$@"
mkdir -p second "$pki"

# ---- the world ----

second=127.0.3.2
ours='v=TLSRPTv1; rua=mailto:tls@a.example'
record="_smtp._tls TXT \"$ours\""
mail="@ MX 0 ."
# pair NAME: as zone, unsigned, with a second name server
pair() {
	{
		printf '%s\n' "$mail" "@ NS ns2" "ns2 A ${at:-$second}"
		cat
	} >lines
	zone "$1" unsigned <lines
}
# at_second NAME: what that one serves
at_second() {
	{
		printf '$ORIGIN %s.\n$TTL 300\n' "$1"
		echo "@ SOA ns postmaster 1 3600 600 86400 60"
		printf '%s\n' "@ NS ns" "@ NS ns2" "ns A 127.0.0.1" \
			"ns2 A $second" "$mail"
		cat
	} >"second/$1"
}
# both NAME: the same at both
both() {
	cat >given
	pair "$1" <given
	at_second "$1" <given
}

zone a.example unsigned <<<"$mail"
both same.example <<<"$record"
both alias.example <<<"_smtp._tls CNAME _smtp._tls.same.example."
# long LAST: more than a datagram holds
long() {
	printf '_smtp._tls TXT "%s" ' "$ours" && printf '"%0250d" ' 1 2 3 4 5 "$1"
	echo
}
both long.example < <(long 6)
pair longer.example < <(long 6)
at_second longer.example < <(long 7)
pair old.example <<<"$record"
at_second old.example <<<"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:old@a.example\""
pair short.example <<<"$record"
at_second short.example <<<"mta-sts A 127.0.0.1"
pair lame.example <<<"$record"
at=127.0.3.9 pair dead.example <<<"$record"
at=127.0.6.250 pair silent.example <<<"$record"
# What is delegated is asked of those to whom it is.
pair child.example <<-END
	_tls NS ns
	ns._tls A 127.0.0.1
END
zone _tls.child.example unsigned <<<"_smtp TXT \"$ours\""
# Eight labels below a zone, and nine.
pair deep.example <<-END
	_smtp._tls.1.2.3.4.5.6.7.8 TXT "$ours"
	_smtp._tls.0.1.2.3.4.5.6.7.8 TXT "$ours"
END
at_second deep.example </dev/null
# hosts N ADDRESSES FROM: so many name servers besides the first
hosts() {
	local i k n=$(($3 - 1))
	for ((i = 1; i <= $1; i++)); do
		echo "@ NS many$i"
		for ((k = 0; k < $2; k++)); do
			n=$((n + 1))
			echo "many$i A 127.0.6.$n"
		done
	done
}
zone full.example unsigned <<-END
	$mail
	$(hosts 12 4 1)
	$record
	_smtp._tls.b TXT "$ours"
	_smtp._tls.c TXT "$ours"
END
zone over.example unsigned <<-END
	$mail
	$(hosts 14 1 101)
	$record
END
zone wide.example unsigned <<-END
	$mail
	$(hosts 1 5 201)
	$record
END
start_dns
cat >second.conf <<-END
	server:
	  rundir: $world/second-run
	  listen: $second@53
	  udp-max-payload: 1232
	log:
	  - target: stderr
	    any: warning
	database:
	  storage: $world/second-run
	template:
	  - id: default
	    storage: $PWD/second
	    file: "%s"
	    zonefile-sync: -1
	    journal-content: none
	zone:
	$(for z in second/*; do echo "  - domain: ${z#*/}"; done)
END
mkdir "$world/second-run"
chmod -R a+rX .
[ "$(id -u)" -ne 0 ] || chown nobody "$world/second-run"
in_background "$world/second.log" "${as_nobody[@]}" knotd -c "$PWD/second.conf"
in_background silent.log "${with_us[@]}" python3 "$here/silent_dns.py" \
	53 127.0.6 250 asked
eventually answers "$second" 53 || bail "$world/second.log"
eventually grep -q ready silent.log || bail silent.log

check() {
	"$TLSTALLY" check --resolver "$resolver" --anchor "$anchor" "$@" \
		</dev/null
}
look() {
	check --allow-private --probe --timeout ${seconds:-20} "$@"
}
differ() { # differ NAME REGEX DOMAIN
	like "$1" "$(look --json "$3" | python3 -c '
import json, sys
for f in json.load(sys.stdin)["domains"][0]["findings"]:
    if f["id"] == "dns-ns-differ":
        print(f["severity"], f["message"])')" "$2"
}
agree() { # agree NAME DOMAIN OPTION...
	local name=$1
	shift
	is "$name" "$("${by:-look}" "$@" 2>&1 |
		grep -cE 'dns-ns-differ|was lost|^tlstally')" 0
}

# ---- what they say ----

differ "an old zone" '^warning .* "v=TLSRPTv1; rua=mailto:tls@a.example" \(ns.old.example\); "v=TLSRPTv1; rua=mailto:old@a.example" \(ns2.old.example\)$' \
	old.example
differ "a record that one does not have" \
	'"v=.*" \(ns.short.example\); nothing \(ns2.short.example\)$' \
	short.example
differ "a server that does not have the zone" \
	'; it refuses to answer \(ns2.lame.example\)$' lame.example
differ "an end that only TCP shows" '\(ns.longer.example\); ' longer.example
for name in same alias long; do
	agree "they agree: $name" $name.example
done
agree "one that is not there says nothing" dead.example
agree "a part that is delegated has its own" child.example
differ "what is none is a part of one above" 'nothing \(ns2.deep.example\)' \
	1.2.3.4.5.6.7.8.deep.example
agree "it is not looked for too far up" 0.1.2.3.4.5.6.7.8.deep.example

# ---- who is asked ----

by=check agree "without --probe nobody is asked" old.example --allow-private
by=check agree "nor at an address that is not public" old.example --probe \
	--timeout 3

# addresses FIRST LAST: how many of these were asked
addresses() {
	cut -d ' ' -f 1 asked | sort -u |
		awk -F . -v first="$1" -v last="$2" '
			$4 >= first && $4 <= last { n++ }
			END { print n + 0 }'
}
seconds=2
agree "those that are silent say nothing" silent.example full.example \
	over.example wide.example
is "13 name servers are asked, at four addresses each" "$(addresses 1 48)" 48
is "and no more than 13" "$(addresses 101 114)" 13
is "nor at more than four" "$(addresses 201 205)" 4
is "each again and again" "$(($(wc -l <asked) > 66))" 1
wc -l <asked >lines.before
look full.example b.full.example c.full.example >/dev/null
is "128 are under way at once" \
	"$(tail -n +"$(($(cat lines.before) + 1))" asked | cut -d ' ' -f 2 |
		sort -u | wc -l)" 128
done_testing
