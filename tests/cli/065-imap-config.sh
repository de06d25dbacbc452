#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# IMAP accounts in the configuration and as URLs: what is taken, what is
# refused and where, and that no secret is shown.  No server is asked.
. "$(dirname "$0")/lib.sh"

# refused_with NAME REGEX LINE...: an account with these lines, from line 5 on,
# is refused
refused_with() {
	local name=$1 regex=$2
	shift 2
	{
		printf 'source "m" {\n\ttype = imap\n'
		printf '\thost = mail.example.com\n\tuser = reports\n'
		printf '\t%s\n' "$@"
		printf '}\n'
	} | refused "$name" "$regex"
}

# taken NAME LINE...: an account with these lines is taken
taken() {
	local name=$1
	shift
	{
		printf 'source "m" {\n\ttype = imap\n'
		printf '\thost = mail.example.com\n\tuser = reports\n'
		printf '\t%s\n' "$@"
		printf '}\n'
	} | write
	status "$name" 0 "$TLSTALLY" -c "$conf" config
}

print=$(printf '0a%.0s' {1..32})

taken "host and user are enough"
like "the port is that of TLS" "$said" '^ *port *= *993$'
like "TLS is the default" "$said" '^ *tls *= *"implicit"$'
like "so is any way to log in" "$said" '^ *auth *= *"auto"$'
like "and the inbox" "$said" '^ *folders *= *\{"INBOX"\}$'
like "and a minute" "$said" '^ *timeout *= *"60s"$'
like "and a batch" "$said" '^ *batch *= *5000$'
is "a path is not shown" "$(sed -n '/^source/,/^}/p' <<<"$said" |
	grep -c path)" 0
printf '%s\n' "$said" >again.conf
chmod 600 again.conf
status "what is shown can be read" 0 "$TLSTALLY" -c again.conf config
is "and says the same" "$said" "$(cat again.conf)"

taken "the port of STARTTLS" 'tls = starttls'
like "is another" "$said" '^ *port *= *143$'
taken "a port of one's own" 'tls = starttls' 'port = 1143'
like "stays" "$said" '^ *port *= *1143$'
taken "every setting there is" 'port = 65535' 'tls = implicit' \
	'password_command = "pass show x"' 'auth = scram-sha-256' \
	'ca_file = "~/ca.pem"' 'folders = {"A", "B/C"}' 'candidates = likely' \
	'when_done = "move:Done"' 'rejects_folder = "Rejects"' 'batch = 5000' \
	'timeout = 2m' 'authserv_id = mx.example.com'
taken "a token" 'auth = xoauth2' 'token_command = "oauth2 token"'
taken "a fingerprint with colons" \
	"fingerprint = \"$(sed 's/../&:/g; s/:$//' <<<"${print^^}")\""
for t in 1 1s 60 3600 3600s 60m; do
	taken "a timeout of $t" "timeout = $t"
done
for word in auto all likely; do
	taken "candidates: $word" "candidates = $word"
done
for word in auto plain login; do
	taken "auth: $word" "auth = $word"
done

echo 'the secret itself' >"$scratch/secret"
chmod 600 "$scratch/secret"
taken "a password file" "password_file = \"$scratch/secret\""
like "its name is shown" "$said" "password_file.*$scratch/secret"
is "what is in it is not" "$(grep -c 'secret itself' <<<"$said")" 0

# What is for the other kind of source.
for key in 'host = x' 'port = 993' 'tls = implicit' 'user = x' \
	'password_command = x' 'password_file = x' 'auth = auto' \
	'token_command = x' 'ca_file = x' 'fingerprint = x' \
	'candidates = all' 'rejects_folder = x' 'batch = 1' 'timeout = 1'; do
	refused "no ${key%% *} for a path" \
		"t\\.conf:4: source \"p\": ${key%% *}: .*type = imap" <<-EOT
		source "p" {
			path = "/tmp"
			$key
		}
	EOT
done
refused_with "no path for an account" 't\.conf:6: source "m": path: ' \
	'path = "/tmp"'
refused_with "no password" \
	't\.conf:5: password: .*password_command or a password_file' \
	'password = "hunter2"'
is "and it is not repeated" "$(grep -c hunter2 <<<"$said")" 0
refused "no password for a path either" 't\.conf:1: password: ' <<EOF2
source "m" { path = "/tmp" password = "" }
EOF2

refused "no host" 't\.conf:4: source "m": host: ' <<EOF2
source "m" {
	type = imap
	user = reports
}
EOF2
refused "no user" 't\.conf:4: source "m": user: ' <<EOF2
source "m" {
	type = imap
	host = mail.example.com
}
EOF2
refused "a type that does not exist" 't\.conf:2: type: .*pop3.*auto, imap' <<EOF2
source "m" {
	type = pop3
}
EOF2
refused_with "a kind of TLS that does not exist" \
	't\.conf:5: tls: .*maybe.*implicit, starttls, none' 'tls = maybe'
refused_with "a way to log in that does not exist" \
	't\.conf:5: auth: .*cram-md5.*scram-sha-256' 'auth = cram-md5'
refused_with "candidates that do not exist" \
	't\.conf:5: candidates: .*some.*auto, all, likely' 'candidates = some'
for port in 0 -1 65536 99999999999; do
	refused_with "port $port" 't\.conf:5: port: ' "port = $port"
done
for batch in 0 -1 10001; do
	refused_with "a batch of $batch" \
		't\.conf:5: batch: must lie between 1 and 10000' "batch = $batch"
done
for t in 0 0s 0m 61m 3601 -1 1h 1ms '" 1"' '""' x 99999999999999999999; do
	refused_with "a timeout of $t" 't\.conf:5: timeout: ' "timeout = $t"
done
refused_with "two credentials" 't\.conf:7: source "m": password_command' \
	'password_command = x' 'password_file = x'
refused_with "a token without XOAUTH2" 't\.conf:7: source "m": token_command' \
	'token_command = x' 'auth = plain'
refused_with "XOAUTH2 without a token" 't\.conf:6: source "m": auth' \
	'auth = xoauth2'
refused_with "a certificate without TLS" 't\.conf:7: source "m": ca_file' \
	'tls = none' 'ca_file = "/tmp/ca.pem"'
refused_with "a fingerprint that is none" \
	't\.conf:6: source "m": fingerprint' 'fingerprint = "0a"'
refused_with "a fingerprint beside a ca_file" \
	't\.conf:7: source "m": fingerprint' "fingerprint = $print" \
	'ca_file = "/tmp/ca.pem"'
refused_with "a host that is none" 't\.conf:6: source "m": host' \
	'host = "mail example"'
refused_with "rejects into a folder that is read" \
	't\.conf:7: source "m": .*Bad' 'folders = {"Bad"}' \
	'rejects_folder = "Bad"'
refused_with "and into the inbox, by another name" \
	't\.conf:6: source "m": .*inbox' 'rejects_folder = "inbox"'
refused_with "reports into a folder that is read" \
	't\.conf:6: source "m": .*INBOX' 'when_done = "move:INBOX"'

# Control characters.
for key in host user password_command password_file token_command ca_file \
	fingerprint rejects_folder authserv_id; do
	refused_with "a line end in $key" \
		"t\\.conf:5: $key: a control character" "$key = \"a\\nb\""
done
refused_with "a tab in a folder" 't\.conf:5: folders: a control character' \
	'folders = {"a", "b\tc"}'
refused_with "a bell in when_done" \
	't\.conf:5: when_done: a control character' 'when_done = "move:\x07"'
refused_with "one of those above ASCII" 't\.conf:5: rejects_folder: a control' \
	'rejects_folder = "a\xc2\x9bb"'
refused_with "a folder without a name" 'folders: a folder.s name is empty' \
	'folders = {"a", ""}'
refused_with "a folder whose name is not UTF-8" 'folders: .*not UTF-8' \
	'folders = {"\xff"}'
refused_with "nor where reports are moved to" 'when_done: .*not UTF-8' \
	'when_done = "move:\xff"'
refused "a line end in a path" 't\.conf:1: path: a control character' <<'EOF2'
store { path = "a\nb" }
EOF2
refused "a DEL in a domain" 't\.conf:1: domains: a control character' <<'EOF2'
digest { domains = {"\x7f"} }
EOF2
refused "a control character in a name" \
	't\.conf:1: source: a control character' <<'EOF2'
source "a\eb" { path = "/tmp" }
EOF2

# A section that takes the place of another is looked at too.
refused "the same name once more, and wrong" 't\.conf:3: .*no path' <<'EOF2'
source "a" { path = "/tmp" }
source "b" { path = "/tmp" }
source "a" { }
EOF2

# In a file that is included.
printf 'source "m" {\n\ttype = imap\n}\n' >more.conf
chmod 600 more.conf
refused "an included file" 'more\.conf:3: source "m": host' <<EOF2
include("$scratch/more.conf")
EOF2

# URLs.
refused_url() { # NAME REGEX URL
	status "$1" 64 tally ingest "$3"
	like "it says so" "$said" "$2"
}
refused_url "a password in a URL" 'password' \
	'imaps://reports:hunter2@mail.example.com/'
is "is not repeated" "$(grep -c hunter2 <<<"$said")" 0
refused_url "a URL without a user" 'user' 'imaps://mail.example.com/INBOX'
refused_url "with an empty one" 'user' 'imaps://@mail.example.com/INBOX'
refused_url "without a host" 'host' 'imaps://reports@/INBOX'
status "--when-done into the folder that is read" 64 \
	tally ingest --when-done move:inbox imaps://reports@mail.example.com/
like "is refused with the reason" "$said" 'cannot be moved to inbox.*read'
for port in 0 65536 x ''; do
	refused_url "with port '$port'" 'port' \
		"imaps://reports@mail.example.com:$port/INBOX"
done
refused_url "with a control character in the user" 'control' \
	'imaps://a%0ab@mail.example.com/'
refused_url "in the folder" 'control' 'imaps://a@mail.example.com/x%0d%0ay'
refused_url "and one of those above ASCII" 'URL: folder: .*control' \
	'imaps://a@mail.example.com/x%c2%9by'
refused_url "and one as it is" 'control' $'imaps://a@mail.example.com/x\ty'
status "all arguments are looked at before any is read" 64 \
	tally ingest "$scratch" 'imaps://mail.example.com/'
ok "so no store is made" test ! -e "$store"
status "--password-file is for URLs" 64 tally ingest --password-file x "$scratch"
like "it says so" "$said" 'password-file.*URL'
status "and needs a name" 64 tally ingest --password-file '' \
	imaps://a@mail.example.com/
status "--mta is not for accounts" 75 tally ingest --mta \
	imaps://a@mail.example.com/

# An account that never worked, here for want of the helper program.
export TLSTALLY_LIBEXEC=$scratch/nowhere
write <<EOF2
store { path = "$store" }
source "m" {
	type = imap
	host = "192.0.2.1"
	port = 1993
	user = "me"
	password_command = "echo x"
}
EOF2
status "a dry run without the helper program" 69 \
	"$TLSTALLY" -c "$conf" ingest -n m
status "an account without it" 69 "$TLSTALLY" -c "$conf" ingest m
like "it says what is missing" "$said" "$scratch/nowhere/tlstally-imap"
status "a URL without it" 69 tally ingest imaps://you@192.0.2.1/Reports
status "the sources are there" 0 tally status
like "the account by its name" "$said" 'imaps://me@192\.0\.2\.1:1993.*imap'
like "and that of the URL" "$said" 'imaps://you@192\.0\.2\.1 .*imap'
is "and why they failed" "$(grep -c 'nowhere/tlstally-imap' <<<"$said")" 2
status "other sources are read all the same" 69 tally -v ingest \
	imaps://you@192.0.2.1/ "$top/tests/data/good/gzip.eml"
like "and counted" "$said" '1 new report,'
done_testing
