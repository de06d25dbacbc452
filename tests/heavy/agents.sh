# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Sourced by 020-delivery.sh, in a mount namespace of its own: the delivery
# agents and mail servers, each with its recipe out of contrib/recipes, in the
# scratch folder, for users that exist nowhere else.  deliver_AGENT FILE gives
# it a mail; kept_AGENT says how many it has kept, in the inbox or the queue.

recipes=$top/contrib/recipes
program=$scratch/bin/tlstally

# recipe FILE: a recipe, with the paths of this test
recipe() {
	sed -e "s|/usr/local/bin/tlstally|$program|g" \
		-e "s|/usr/local/lib/dovecot/sieve-execute|$scratch/sieve|" \
		-e "s|/etc/dovecot/sieve/|$scratch/sieve/|" \
		-e "s|/etc/postfix/|$scratch/postfix/|" \
		-e "s|^  group = tlstally|  group = tlsreports|" \
		-e "s|user=tlstally\$|user=tlstally:tlsreports|" "$recipes/$1"
}

# Lays over /etc the users of the test, those that an unpacked mail server
# expects, and the leave for Exim to keep its rights with our configuration.
make_etc() {
	local id=47110 name
	begin_etc
	mkdir etc/exim4
	echo "$scratch/exim.conf" >etc/exim4/trusted_configs
	for name in carol dave erin tlstally postfix dovecot dovenull \
		Debian-exim; do
		grep -q "^$name:" etc/passwd && continue
		id=$((id + 1))
		echo "$name:x:$id:$id::$scratch/$name:/bin/sh" >>etc/passwd
		echo "$name:x:$id:" >>etc/group
	done
	grep -q '^postdrop:' etc/group || echo 'postdrop:x:47199:' >>etc/group
	echo 'tlsreports:x:47198:carol,dave,erin' >>etc/group
	lay_over_etc
	for name in carol dave erin; do
		mkdir -p "$name"/Maildir/{cur,new,tmp}
		chown -R "$name:$name" "$name"
	done
}

# as USER COMMAND...: with the user's groups, and little of an environment
as() {
	local user=$1
	shift
	setpriv --reuid "$user" --regid "$user" --init-groups env -i \
		HOME="$scratch/$user" USER="$user" PATH=/usr/bin:/bin "$@"
}

inbox() {
	find "$1/Maildir/new" -type f | wc -l
}

setup_procmail() {
	{
		# shellcheck disable=SC2016
		echo 'DEFAULT=$HOME/Maildir/'
		recipe procmailrc
	} >carol/.procmailrc
	chown carol carol/.procmailrc
}
deliver_procmail() { procmail -d carol <"$1"; }
kept_procmail() { inbox carol; }

setup_maildrop() {
	{
		# shellcheck disable=SC2016
		echo 'DEFAULT="$HOME/Maildir/"'
		recipe maildroprc
	} >dave/.mailfilter
	chown dave dave/.mailfilter
	chmod 600 dave/.mailfilter
}
deliver_maildrop() { as dave maildrop "$scratch/dave/.mailfilter" <"$1"; }
kept_maildrop() { inbox dave; }

setup_dovecot() {
	mkdir -p sieve
	recipe dovecot.conf >dovecot-recipe.conf
	recipe tlstally.sieve >sieve/tlstally.sieve
	recipe tlstally-ingest >sieve/tlstally-ingest
	chmod 755 sieve/tlstally-ingest
	cat >dovecot.conf <<-EOF
		base_dir = $scratch/dovecot-run
		protocols =
		ssl = no
		log_path = $scratch/dovecot.log
		mail_location = maildir:~/Maildir
		protocol lda {
		  mail_plugins = sieve
		}
		!include $scratch/dovecot-recipe.conf
	EOF
	mkdir -p dovecot-run
	: >dovecot.log
	chmod 666 dovecot.log
	# What the user's own filter does comes behind the recipe.
	echo 'keep;' >erin/.dovecot.sieve
	sievec -c dovecot.conf sieve/tlstally.sieve
}
deliver_dovecot() {
	as erin /usr/lib/dovecot/dovecot-lda -c "$scratch/dovecot.conf" <"$1"
}
kept_dovecot() { inbox erin; }

setup_postfix() {
	mkdir -p postfix queue data maillog
	smtp_port=$(python3 -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	chown postfix data
	chmod 755 queue
	{
		postfix_main "$scratch"
		echo 'myhostname = mx.example.com'
		echo 'inet_interfaces = loopback-only'
		echo 'relay_domains = example.com'
		echo 'minimal_backoff_time = 1000s'
		recipe postfix-main.cf
	} >postfix/main.cf
	{
		echo "127.0.0.1:$smtp_port inet n - n - - smtpd"
		postfix_services
		echo 'flush unix n - n 1000? 0 flush'
		echo 'showq unix n - n - - showq'
		recipe postfix-master.cf
	} >postfix/master.cf
	recipe postfix-transport >postfix/transport
	postfix -c "$scratch/postfix" start >postfix.out 2>&1 || {
		cat postfix.out maillog/log
		return 1
	}
}
stop_postfix() { postfix -c "$scratch/postfix" stop >postfix.out 2>&1; }
# Waits until the log tells what became of the mail, by the file's name, which
# is in the sender's address.
deliver_postfix() {
	local i from=${1##*/}.$RANDOM@example.org id
	# Not by sendmail, which needs a program that is set-gid.
	python3 - "$smtp_port" "$from" "$1" <<-'PY' || return
		import smtplib, sys
		with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as s:
		    s.sendmail(sys.argv[2], "tlsrpt@example.com",
		               open(sys.argv[3], "rb").read())
	PY
	for ((i = 0; i < 900; i++)); do
		id=$(sed -n "s/.*qmgr.*: \([0-9A-F]*\): from=<$from>.*/\1/p" \
			maillog/log 2>/dev/null | head -n 1)
		[ -n "$id" ] && grep -q " $id: to=.*status=" maillog/log &&
			return
		sleep 0.1
	done
	return 1
}
kept_postfix() { find queue/deferred queue/active -type f | wc -l; }
flush_postfix() {
	local i
	postqueue -c "$scratch/postfix" -f
	for ((i = 0; i < 300; i++)); do
		[ "$(kept_postfix)" -eq 0 ] && return
		sleep 0.1
	done
	return 1
}
bounced_postfix() {
	grep -E 'status=bounced|to=<[^>]*example\.org>' maillog/log
}

setup_exim() {
	mkdir -p exim
	chown Debian-exim exim
	{
		cat <<-EOF
			primary_hostname = mx.example.com
			spool_directory = $scratch/exim
			log_file_path = $scratch/exim/log/%slog
			keep_environment =
			exim_path = $exim4
			begin routers
		EOF
		recipe exim-router
		echo 'begin transports'
		recipe exim-transport
		echo 'begin retry'
		echo '* * F,5d,15m'
	} >exim.conf
}
exim_() { "$exim4" -C "$scratch/exim.conf" "$@"; }
deliver_exim() {
	exim_ -odf -f "${1##*/}@example.org" tlsrpt@example.com <"$1" 2>>exim.err
}
kept_exim() { exim_ -bpc; }
flush_exim() { exim_ -qff; }
bounced_exim() {
	grep -E ' \*\* | <= <> ' exim/log/mainlog
}
