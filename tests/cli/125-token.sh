#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# contrib/recipes/imap/tlstally-token against a provider on loopback, which
# also answers as none should.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

token=$top/contrib/recipes/imap/tlstally-token
export PYTHONDONTWRITEBYTECODE=1 XDG_STATE_HOME=$scratch/state
unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY
export http_proxy=http://127.0.0.1:9/ # loopback never goes through a proxy
umask 022

: >play
: >log
: >told
python3 "$top/tests/cli/oauth.py" port log play 2>fake.err &
fake=$!
trap 'kill $fake 2>/dev/null; rm -rf "$scratch"' EXIT
for _ in $(seq 100); do
	[ -s port ] && break
	sleep 0.1
done
url=http://127.0.0.1:$(<port)
(umask 077 && echo SECRET-client >secret)

person=(microsoft --tenant example.com --client-id me --endpoint "$url")
app=(microsoft-app --tenant example.com --client-id app --secret-file secret
	--endpoint "$url")
google=(google --client-id g.example --secret-file secret --endpoint "$url")
state=$XDG_STATE_HOME/tlstally/microsoft-me.json

# play ANSWER...: how the provider answers the next questions
play() {
	printf '%s\n' "$@" >play
}

asked() {
	wc -l <log
}

# last KEY: of the last question's form
last() {
	tail -n 1 log | python3 -c 'import json, sys
print(json.load(sys.stdin)["form"].get(sys.argv[1], "-"))' "$1"
}

# grow FILE SECONDS KEY...: these times in the state are longer ago
grow() {
	python3 - "$@" <<'PY'
import json, sys
name, seconds, *keys = sys.argv[1:]
state = json.load(open(name))
for key in keys:
    state[key] -= int(seconds)
with open(name, "w") as f:
    json.dump(state, f)
PY
}

# old [FILE]: as if an hour of quiet had passed, the token being good still
old() {
	grow "${1-$state}" 1000 issued given
}

# leaves NAME STATUS ARGUMENT...: as status does; nothing secret was told
leaves() {
	status "$1" "$2" "$token" "${@:3}"
	printf '%s\n' "$said" >>told
}

# gives NAME TOKEN ARGUMENT...: this token is printed, and nothing else
gives() {
	is "$1" "$("$token" "${@:3}" 2>&1)" "$2"
}

# ---- usage ----

leaves "no provider" 64
leaves "an unknown provider" 64 yahoo token
leaves "no tenant" 64 microsoft --client-id me token
leaves "no client" 64 microsoft --tenant example.com token
leaves "no action" 64 "${person[@]}"
leaves "a client that leads out of the folder" 64 microsoft --tenant t \
	--client-id ../me token
leaves "a tenant that leads to another page" 64 microsoft --client-id me \
	--tenant 'x/../y' token
leaves "an app logs in by its secret" 64 "${app[@]}" login
leaves "a secret is no argument" 64 "${app[@]}" token --client-secret SECRET1
leaves "nor is it repeated when it is meant to be one" 64 \
	microsoft-app --client-id a --tenant t --secret SECRET1 token
for bad in http://login.example http://127.0.0.1.example http://localhost \
	ftp://127.0.0.1 https://a@b.example 'https://a.example/?x' \
	https://a.example:99999 http://127.0.0.1@b.example; do
	leaves "no endpoint: $bad" 64 microsoft --client-id me --tenant t \
		--endpoint "$bad" token
done
is "nobody was asked" "$(asked)" 0

# ---- a person, by a code ----

leaves "a token before the login" 77 "${person[@]}" token
like "says what to do" "$said" "run the same command with login"
play normal pending slow_down pending normal
leaves "a login" 0 "${person[@]}" login
like "says where to go" "$said" '^Open https://login.example/device'
like "and what to enter there" "$said" 'ABCD-EFGH'
like "and where it is kept" "$said" "Logged in; kept in $state"
ok "no text of the provider's is shown" test "${said#*hello}" = "$said"
is "the folder is closed to others" "$(stat -c %a "${state%/*}")" 700
is "so is the file" "$(stat -c %a "$state")" 600
is "nothing else lies there" "$(ls -A "${state%/*}" | paste -sd' ')" \
	"microsoft-me.json microsoft-me.json.lock"
is "the scope is the mailbox's and a refresh token's" \
	"$(head -n 1 log | grep -o 'scope": "[^"]*')" \
	'scope": "https://outlook.office.com/IMAP.AccessAsUser.All offline_access'
python3 - <<'PY' >gaps
import json
at = [json.loads(line)["at"] for line in open("log")]
print(*["%d" % (b - a) for a, b in zip(at, at[1:])])
PY
# A machine with much else to do is a second late, but never early.
like "it asks every second, and after slow_down every six" "$(cat gaps)" \
	'^[12] [12] [67] [67]$'

asked=$(asked)
gives "the token of the login is given" SECRET-access-1 "${person[@]}" token
gives "once more, for it is new" SECRET-access-1 "${person[@]}" token
is "the provider was not asked" "$(asked)" "$asked"
old
gives "an older one is given too" SECRET-access-1 "${person[@]}" token
is "the provider was not asked" "$(asked)" "$asked"
gives "but not twice: it may have been refused" SECRET-access-2 \
	"${person[@]}" token
is "the refresh token was used" "$(last refresh_token)" SECRET-refresh-0
is "with the scope" "$(last scope)" \
	"https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
gives "then it is given, for none is newer" SECRET-access-2 \
	"${person[@]}" token
gives "except to who wants a fresh one" SECRET-access-3 \
	"${person[@]}" --fresh token
old
grow "$state" 3400 expires
gives "one that lives on for some minutes is not given" SECRET-access-4 \
	"${person[@]}" token
grow "$state" -90000 issued given
gives "one from the future is not given" SECRET-access-5 "${person[@]}" token
old
grow "$state" -9000 given
gives "nor one given in the future" SECRET-access-6 "${person[@]}" token

old
play rotate
"$token" "${person[@]}" token >/dev/null # it is good still
gives "the token that came with a refresh token" SECRET-access-7 \
	"${person[@]}" token
gives "that refresh token is used from now on" SECRET-access-8 \
	"${person[@]}" --fresh token
is "and no other" "$(last refresh_token)" SECRET-refresh-7
is "the file is closed to others still" "$(stat -c %a "$state")" 600

# ---- several at once ----

asked=$(asked)
old
grow "$state" 3400 expires
play slowly
for i in 1 2 3 4; do
	"$token" "${person[@]}" token >"at-once-$i" 2>&1 &
	jobs[i]=$!
done
sleep 1
tr '\0' '\n' <"/proc/${jobs[1]}/cmdline" >line
tr '\0' '\n' <"/proc/${jobs[1]}/environ" >environ
ok "while it asks, its command line can be read" grep -q client-id line
is "and has no secret, nor has the environment" \
	"$(grep -c SECRET line environ | paste -sd' ')" "line:0 environ:0"
wait "${jobs[@]}"
is "four at once are one question" "$(($(asked) - asked))" 1
is "and one token" "$(sort -u at-once-*)" SECRET-access-9

# ---- a file that is none, or not ours alone ----

cp -p "$state" good
for mode in 640 604 660 602 610; do
	chmod $mode "$state"
	leaves "a state file of mode $mode" 77 "${person[@]}" token
	leaves "nor does a login take it" 77 "${person[@]}" login
done
chmod 600 "$state"
leaves "another's client" 77 "${person[@]/me/you}" --state "$state" token
like "says so" "$said" "made for another client or tenant"
leaves "another's tenant" 77 "${person[@]/example.com/example.net}" token
leaves "another endpoint" 77 microsoft --client-id me --tenant example.com \
	token
leaves "another provider" 77 "${app[@]}" --state "$state" token
for bad in '' '[' '[]' '{}' '{"for": 1, "issued": "x"}' 'SECRET' $'\xff' \
	'{"for": 1, "access_token": "a\nb", "issued": 1, "expires": 9}' \
	'{"for": 1, "access_token": "a"}' '{"for": 1, "given": NaN}' \
	'{"for": 1, "refresh_token": 7}' "$(printf '[%.0s' {1..99999})"; do
	printf '%s' "$bad" >"$state"
	leaves "a damaged state file: ${bad:0:40}" 65 "${person[@]}" token
	leaves "nor is it replaced" 65 "${person[@]}" login
done
rm "$state"
ln -s "$scratch/good" "$state"
leaves "a link is not followed" 74 "${person[@]}" token
rm "$state"
mkfifo -m 600 "$state"
leaves "a pipe is not waited for" 77 "${person[@]}" token
rm "$state"
cp -p good "$state"
if [ "$(id -u)" -eq 0 ]; then
	chown 65534 "$state"
else
	rm "$state" && mkdir "$state" # only root can give a file away
fi
leaves "what is not a file of ours" 77 "${person[@]}" token
rm -rf "$state"
cp -p good "$state"
: >plain
leaves "the state's folder is a file" 74 "${person[@]}" --state plain/x token
leaves "a relative --state" 0 "${person[@]}" --state "state/../good" token
is "and nothing is left of a file half written" \
	"$(find . -name '.token-*' | wc -l)" 0
XDG_STATE_HOME=x "$token" "${person[@]}" token >/dev/null 2>&1
ok "an XDG_STATE_HOME that is relative counts for nothing" \
	test -d "$HOME/.local/state/tlstally" -a ! -e x

# ---- answers that are no token ----

cp "$state" before
for bad in 76=html 76=list 76=empty 76=no-token 76=deep 76=long \
	76=bytes 76=newline 76=control 76=nul 76=blank 76=umlaut 76=none \
	76=number 76=huge-token 76=bad-refresh 76=mac 76=forever 76=negative \
	76=true 76=nan 76=redirect 75=500 75=429 75=unavailable 75=hang-up \
	77=unknown 77=odd-error 77=invalid_grant; do
	play "${bad#*=}"
	leaves "refreshed with ${bad#*=}" "${bad%=*}" "${person[@]}" --fresh token
	is "is one line" "$(wc -l <<<"$said")" 1
done
like "a void login says what to do" "$said" "log in again"
like "and Microsoft's number, when there is one" \
	"$(play expired; "$token" "${person[@]}" --fresh token 2>&1)" \
	'\(AADSTS70016\)$'
ok "the state was not touched" cmp "$state" before
play as-string
leaves "a life written as a string" 0 "${person[@]}" --fresh token

for bad in 77=denied 77=expired 76=html 76=newline 77=no-refresh; do
	play normal "${bad#*=}"
	leaves "a login with ${bad#*=}" "${bad%=*}" "${person[@]}" login
done
for bad in 76=escape 76=html 75=500 77=unknown; do
	play "${bad#*=}"
	leaves "a login that begins with ${bad#*=}" "${bad%=*}" \
		"${person[@]}" login
done
ok "no escape sequence was shown" test "${said#*$'\x1b'}" = "$said"
play short pending pending pending pending
leaves "a login that nobody comes to" 77 "${person[@]}" login
like "says so" "$said" "nobody logged in in time"
play
like "the old login is good after all this" \
	"$("$token" "${person[@]}" token)" '^SECRET-access-[0-9]+$'

# ---- an app, by its secret ----

like "an app needs no login" "$("$token" "${app[@]}" token)" \
	'^SECRET-access-[0-9]+$'
is "it asks with its credentials" "$(last grant_type)" client_credentials
asked=$(asked)
like "its token is kept" "$("$token" "${app[@]}" token)" \
	'^SECRET-access-[0-9]+$'
is "and not asked for again" "$(asked)" "$asked"
is "in a file that is closed to others" \
	"$(stat -c %a "$XDG_STATE_HOME/tlstally/microsoft-app-app.json")" 600
for mode in 604 620 602 644; do
	chmod $mode secret
	leaves "a secret's file of mode $mode" 77 "${app[@]}" --fresh token
done
chmod 640 secret
wanted=77
[ "$(id -u)" -eq 0 ] && wanted=0 # root may let a group read it
leaves "a secret's file that a group can read" $wanted "${app[@]}" --fresh token
(umask 077 && echo SECRET-wrong >wrong && : >void && printf 'S\1' >control)
leaves "a wrong secret" 77 "${app[@]/%secret/wrong}" --fresh token
like "says so" "$said" "client ID or its secret is wrong"
leaves "an empty one" 77 "${app[@]/%secret/void}" --fresh token
leaves "one with control characters" 77 "${app[@]/%secret/control}" \
	--fresh token
leaves "none" 74 "${app[@]/%secret/missing}" --fresh token
chmod 600 secret

# ---- Google: a person, by a browser ----

# browser QUERY...: opens the page and is sent back, once for each QUERY
browser() {
	python3 - "$@" <<'PY'
import sys, time, urllib.error, urllib.parse, urllib.request
for _ in range(100):
    line = open("page").readline()
    if line.endswith("\n"):
        break
    time.sleep(0.1)
page = urllib.parse.urlsplit(line.split()[1])
q = dict(urllib.parse.parse_qsl(page.query))
print(page.path, q["scope"], q["code_challenge_method"], q["redirect_uri"])
for query in sys.argv[1:]:
    query = query.format(**q)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                q["redirect_uri"] + "/?" + query, timeout=10) as r:
            print(r.status, r.read().decode().strip())
    except urllib.error.HTTPError as e:
        print(e.code)
PY
}

# landing NAME STATUS QUERY...: a login in which the browser asks for these
landing() {
	local name=$1 wanted=$2 rc=0 job
	: >page
	"$token" "${google[@]}" login >page 2>&1 &
	job=$!
	browser "${@:3}" >browsed 2>&1
	wait $job || rc=$?
	cat page >>told
	is "$name" "$rc" "$wanted"
}

code='code=SECRET-code:{code_challenge}'
landing "a login by the browser" 0 "x=1" "state=wrong&$code" \
	"state={state}&$code"
like "the page is asked for the mail's scope, with PKCE" \
	"$(head -n 1 browsed)" '^/o/oauth2/v2/auth https://mail.google.com/ S256 '
like "and to come back to loopback" "$(head -n 1 browsed)" \
	' http://127.0.0.1:[0-9]+$'
is "only who knows the state is let in" "$(sed 1d browsed | paste -sd,)" \
	"400,400,200 Go back to tlstally-token."
is "the verifier was not told" \
	"$(grep -cF -- "$(last code_verifier)" page)" 0
asked=$(asked)
like "its token is given" "$("$token" "${google[@]}" token)" \
	'^SECRET-access-[0-9]+$'
is "without a question" "$(asked)" "$asked"
like "and refreshed" "$("$token" "${google[@]}" --fresh token)" \
	'^SECRET-access-[0-9]+$'
is "with the secret" "$(last client_secret)" SECRET-client
landing "a login that is denied" 77 "state={state}&error=access_denied"
like "says so" "$(cat page)" "access was denied"
landing "an error that nobody knows" 77 "state={state}&error=SECRET"
landing "no code" 76 "state={state}"
landing "a wrong code" 77 "state={state}&code=SECRET"
leaves "no such port" 64 "${google[@]}" --port 70000 login

# ---- nobody answers ----

kill $fake
wait $fake 2>/dev/null
for who in person app google; do
	declare -n args=$who
	leaves "nobody answers: $who" 75 "${args[@]}" --fresh token
	like "says where" "$said" "^tlstally-token: 127.0.0.1:[0-9]+: "
done
leaves "nor at a login" 75 "${person[@]}" login
old "$XDG_STATE_HOME/tlstally/microsoft-app-app.json" # on a slow machine, too
like "a token that was kept is given" "$("$token" "${app[@]}" token)" \
	'^SECRET-access-[0-9]+$'

is "nothing secret was ever told" \
	"$(grep SECRET told | grep -vE '^SECRET-access-[0-9]+$')" ""
ok "and no traceback" sh -c '! grep Traceback told fake.err'
done_testing
