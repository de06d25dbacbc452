#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The digest as a mail: a whole message, and sent only when there is something
# to say; what sendmail(8) did not take is not told.
. "$(dirname "$0")/lib.sh"

# message.py FILE: what Python's email package makes of it
cat >message.py <<'EOF2'
import csv, email, io, sys
from email import policy
import xml.etree.ElementTree as ET

data = open(sys.argv[1], "rb").read()
assert max(map(len, data.split(b"\n"))) <= 78, "long lines"
assert not data.translate(None, bytes(range(32, 127)) + b"\n"), "no ASCII"
m = email.message_from_bytes(data, policy=policy.default)
for part in m.walk():
    assert not part.defects, part.defects
    assert not any(h.defects for h in part.values()), part.items()
for name in "From", "To", "Date", "Subject", "Message-ID", "Auto-Submitted":
    assert len(m.get_all(name)) == 1, name
    print("%s: %s" % (name, m[name] if name != "Message-ID" else
                      m[name].split("@")[1]))
for part in m.walk():
    print(part.get_content_type(), part.get_content_disposition() or "",
          part.get_filename() or "", part["Content-Transfer-Encoding"] or "")
open("part.txt", "w").write(m.get_body(("plain",)).get_content())
html = m.get_body(("html",)).get_content()
root = ET.fromstring(html)
ids = ["#" + e.get("id") for e in root.iter() if e.get("id")]
dead = [e.get("href") for e in root.iter()
        if e.get("href") and e.get("href") not in ids]
assert not dead, dead
assert "<svg" not in html and "<details" not in html
table, = m.iter_attachments()
table = table.get_payload(decode=True)
open("part.csv", "wb").write(table)
EOF2

mails() {
	local n=0 d
	mkdir -p "$1"
	for d in example.com bücher.example; do
		n=$((n + 1))
		python3 "$top/tests/cli/mail.py" id=$n domain=$d day="$2" \
			ok=1000 failed="$3" >"$1/$n.eml"
	done
}
mails week 2026-11-12 7
tally -q ingest week
address=(--from tlstally@mail.example.com --to postmaster@example.com)
mail=(digest -f mail "${address[@]}")

status "a message is written" 0 tally "${mail[@]}" --last 7d -o m.eml
is "it says nothing" "$said" ""
ok "it is one" python3 message.py m.eml
like "to whom it goes" "$(cat out)" '^To: postmaster@example.com$'
same "its header and its parts" mail.txt <out
ok "its text is the text digest" diff part.txt <(tally digest --last 7d)
ok "its table is the CSV" cmp part.csv \
	<(tally digest --last 7d -f csv --by total)
tally "${mail[@]}" --last 7d --rows failures --excel=semicolon \
	--to "a@example.com, b@example.net" --to c@d >m2.eml
ok "with another table, and for several" python3 message.py m2.eml
like "it is for all" "$(cat out)" \
	'^To: postmaster@example.com, a@example.com, b@example.net, c@d$'
ok "and the table is that" cmp part.csv <(tally digest --last 7d -f csv \
	--by total --rows failures --excel=semicolon)
ok "a single domain" tally "${mail[@]}" -d 'b*' --last 7d -o m3.eml
ok "is a message, too" python3 message.py m3.eml
like "its subject is encoded where it must be" "$(cat out)" \
	'^Subject: FAILING: bücher.example, TLS reports of 2026-11-09'

# More domains than a mail tells of.
for n in $(seq 35); do
	echo "day=10 domain=d$n.example failed=1"
done | python3 "$top/tests/cli/mail.py" --lines many form=json mode=testing \
	reporter=google.com
"$TLSTALLY" -q -s many.db ingest many
ok "of many domains" "$TLSTALLY" -s many.db "${mail[@]}" --last 7d -o m4.eml
ok "no link is dead" python3 message.py m4.eml

# What is no mail.
for to in 'a@b c' 'a@example.com
Bcc: x@example.com' '-t' '|sh' 'a,b;c' '"x"@y'; do
	status "no address: $to" 64 tally "${mail[@]}" --to "$to"
done
status "none to send by" 64 tally digest -f mail --from 'x
y' --to a@example.com
# TO_BYTES_MAX: 16384 bytes of addresses and of what parts them, which are the
# one above and 81 of 200 bytes.
many=$(printf 'a%.0s' {1..198})@b
many=$(printf "$many,%.0s" {1..80})
status "as many addresses as there may be" 0 tally "${mail[@]}" \
	--to "$many$(printf 'a%.0s' {1..198})@b" -o /dev/null
status "and one byte more" 64 tally "${mail[@]}" \
	--to "$many$(printf 'a%.0s' {1..199})@b" -o /dev/null
like "is told" "$said" 'too many addresses'
status "no --from" 64 tally digest -f mail --to a@example.com
status "no --to" 64 tally digest -f mail --from a@example.com
status "--to without mail" 64 tally digest --to a@example.com
status "--send without mail" 64 tally digest -f html --send
status "--send with a file" 64 tally "${mail[@]}" --send -o m.eml
status "--send=sometimes" 64 tally "${mail[@]}" --send=sometimes

# ---- sent ----

cat >sendmail <<'EOF2'
#!/bin/sh
echo "$#" "$@" >>args
sed -n 's/^SigIgn:[[:space:]]*//p' /proc/$$/status >ignored
cat >"sent.$$"
[ ! -e fails ] || exit "$(cat fails)"
[ ! -e dies ] || kill -9 $$
EOF2
chmod +x sendmail
export SENDMAIL=$scratch/sendmail
# sent: how many messages were sent since the last call
sent() {
	find . -maxdepth 1 -name 'sent.*' -delete -print | wc -l
}

# as_service COMMAND...: with SIGPIPE ignored, as systemd does
as_service() {
	trap '' PIPE
	"$@"
}
status "a digest with failures" 0 as_service tally "${mail[@]}" --last 7d --send
is "is sent to the address" "$(cat args)" "3 -i -- postmaster@example.com"
# Nor SIGXFSZ, which tlstally ignores itself.
is "by a program that does not ignore it" \
	"$((0x$(cat ignored) & 0x1001000))" 0
for f in sent.*; do
	ok "as it would be written" cmp "$f" m.eml
done
is "once" "$(sent)" 1
rm args
status "for several" 0 tally "${mail[@]}" --to "a@b, c" --last 7d --send
is "each is an argument" "$(cat args)" "5 -i -- postmaster@example.com a@b c"
sent >/dev/null
mkdir fine
python3 "$top/tests/cli/mail.py" day=2026-11-15 id=f ok=5 domain=f.example \
	>fine/f.eml
tally -q ingest fine
status "a digest without failures" 0 tally "${mail[@]}" -d f.example --send
is "is not sent" "$(sent)" 0
status "but for the heartbeat" 0 tally "${mail[@]}" -d f.example \
	--send=always
is "it is" "$(sent)" 1
status "if only what is gone counts" 0 tally "${mail[@]}" --last 7d --send \
	--only-if gone
is "nothing is sent" "$(sent)" 0

# What goes wrong.
echo 75 >fails
status "sendmail asks to try again" 75 tally "${mail[@]}" --last 7d --send
like "it is said" "$said" "exit status 75: the mail was not sent"
echo 67 >fails
status "sendmail refuses" 74 tally "${mail[@]}" --last 7d --send
status "there is none" 74 env SENDMAIL=./none "$TLSTALLY" -s "$store" \
	"${mail[@]}" --last 7d --send
rm fails
touch dies
status "it is killed" 75 tally "${mail[@]}" --last 7d --send
rm dies
status "no room for the message" 75 sh -c \
	"ulimit -f 1; exec '$TLSTALLY' -s '$store' ${mail[*]} --last 7d --send"
sent >/dev/null

# What is new is told once, when it was taken.
echo 75 >fails
status "what is new cannot be sent" 75 tally "${mail[@]}" --new --send
rm fails
sent >/dev/null
status "it is tried again" 0 tally "${mail[@]}" --new --send
is "and sent" "$(sent)" 1
status "nothing is new" 0 tally "${mail[@]}" --new --send
is "nothing is sent" "$(sent)" 0
python3 "$top/tests/cli/mail.py" day=2026-11-14 id=g ok=5 >fine/g.eml
tally -q ingest fine
status "what is new is fine" 0 tally "${mail[@]}" --new --only-if new --send
is "nothing is sent" "$(sent)" 0
status "so it is still new" 0 tally "${mail[@]}" --new --send
is "and is sent without a condition" "$(sent)" 1

# ---- groups ----

write <<'EOF'
group "Anna's" { domains = {"example.com"} mail_to = "anna@example.com" }
group "bo" { domains = {"b*"} mail_to = {"bo@example.com, b@example.com"} }
group "quiet" { domains = {"f.example"} }
EOF
each=(-c "$conf" digest -f mail --from me@example.com --last 7d)
rm args
status "a mail for each group" 0 tally "${each[@]}" --each-group --send
is "goes to its own address" "$(cat args)" "3 -i -- anna@example.com
4 -i -- bo@example.com b@example.com"
is "of its own domains" "$(cat sent.* | grep -c \
	'^Subject: FAILING: example.com')" 1
is "and no others" "$(grep -lE 'cher.example' sent.* |
	xargs grep -l '^To: anna')" ""
sent >/dev/null
rm args
status "one that has an address" 0 tally "${each[@]}" --group bo --send
is "gets its mail" "$(sent)" 1
status "one that has none" 64 tally "${each[@]}" --group quiet --send
status "as files, each needs one" 64 tally "${each[@]}" --each-group \
	-o '{group}.eml'
status "or all go to one" 0 tally "${each[@]}" --each-group \
	--to boss@example.com -o 'each-{group}.eml'
is "there are three" "$(ls each-*.eml | paste -sd' ')" \
	"each-Anna_s.eml each-bo.eml each-quiet.eml"
cat >sendmail <<'EOF'
#!/bin/sh
case $* in *anna*) exit 67 ;; esac
cat >"sent.$$"
EOF
status "one that fails" 74 tally "${each[@]}" --each-group --send
like "is named" "$said" "group Anna's: .*status 67"
is "and the others get theirs" "$(sent)" 1

# ---- the recipe ----

# The jobs, as /etc/cron.d has them: five fields, a user, a command.
recipe=$top/contrib/recipes/cron/tlstally-mail
grep -E '^#?[0-9*]+ [0-9*]+ ' "$recipe" >jobs
is "the recipe has its jobs" "$(wc -l <jobs)" 6
is "each with its time and its user" "$(grep -vcE \
	'^#?[0-9*]+( [0-9*]+){4}	tlsreports	[^%]+$' jobs)" 0
cat >sendmail <<'EOF'
#!/bin/sh
cat >"sent.$$"
EOF
mkdir -p bin csv config/tlstally
ln -s "$TLSTALLY" bin/tlstally
{
	echo "store { path = \"$scratch/cron.db\" }"
	sed "s/^$//" "$conf"
} >config/tlstally/tlstally.conf
chmod 600 config/tlstally/tlstally.conf
cp "$store" cron.db
# job N: as cron does, the variables of the file included
job() {
	local command
	command=$(sed -n "$1p" jobs | cut -f 3 |
		sed "s|/srv/tlsreports|$scratch/csv|")
	env PATH="$scratch/bin:/usr/bin:/bin" \
		"$(sed -n 's/^MAIL=/MAIL=/p' "$recipe")" /bin/sh -c "$command"
}
export TLSTALLY_NOW=2026-11-18T07:30:00Z
python3 "$top/tests/cli/mail.py" id=cron day=2026-11-17 failed=2 >cron.eml
ok "a report comes" "$TLSTALLY" -s cron.db -q ingest cron.eml
for n in 1 2 3 4 5 6; do
	status "job $n" 0 job $n
	is "is silent" "$said" ""
	case $n in
	1 | 2 | 3) want=1 ;;
	4) want=2 ;;
	*) want=0 ;;
	esac
	is "and sends what it should" "$(sent)" $want
done
is "an auditor's files" "$(ls csv | paste -sd' ')" \
	"2026-10.html coverage-2026-10.csv"
status "the next morning" 0 job 1
is "brings nothing" "$(sent)" 0
done_testing
