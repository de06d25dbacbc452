# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Sourced by every IMAP test behind cli/lib.sh: a real Dovecot, unprivileged,
# on loopback and in the scratch folder; a proxy before it; a scripted server
# for what no honest one does; and mail.  All of it ends with the test.

here=$top/tests/imap
: "${TLSTALLY_LIBEXEC:=$builddir/src}"
export TLSTALLY_LIBEXEC PYTHONDONTWRITEBYTECODE=1
helper=$TLSTALLY_LIBEXEC/tlstally-imap
PATH=$PATH:/usr/sbin:/sbin
[ -x "$helper" ] || skip_all "tlstally is built without IMAP"
for program in python3 openssl setpriv pgrep sqlite3; do
	command -v $program >/dev/null || skip_all "$program is not installed"
done

. "$top/tests/servers.sh"

# Dovecot lets nobody log in as root.
mail_user=$(id -un) mail_group=$(id -gn)
[ "$(id -u)" -ne 0 ] || mail_user=nobody mail_group=nogroup
chmod 755 "$scratch"

# Those of the build are sanitized: bounds on memory mean nothing then, and
# there is no sandbox.
sanitized() {
	grep -q __asan_init "$helper"
}

# not_running WORDS: no process has them in its command line
not_running() {
	! pgrep -f "$1"
}

# ---- certificates ----

pki=$scratch/pki
make_pki() {
	bash "$top/tests/pki.sh" "$pki" >"$scratch/pki.log" 2>&1 || {
		sed 's/^/# /' "$scratch/pki.log"
		echo "Bail out! no certificates"
		exit 99
	}
	chmod -R a+rX "$pki"
	unset SSL_CERT_DIR
	export SSL_CERT_FILE=$pki/ca.pem
}

# ---- Dovecot ----

# has_dovecot FOLDER: it has been unpacked there
has_dovecot() {
	[ -x "$1/dovecot-core/usr/sbin/dovecot" ] &&
		[ -x "$1/dovecot-imapd/usr/lib/dovecot/imap" ]
}

# Where Dovecot is: installed, or unpacked by contrib/check.
dovecot_env=()
dovecot_start=()
find_dovecot() {
	local d lib=$scratch/lib p
	if ! has_dovecot "${MAIL_AGENTS-}" && [ -x /usr/lib/dovecot/imap ] &&
		command -v dovecot >/dev/null; then
		dovecot_libexec=/usr/lib/dovecot
		dovecot_start=(dovecot -F -c "$scratch/dovecot.conf")
		return 0
	fi
	for d in "${MAIL_AGENTS-}" "$builddir/mail-agents" \
		"$top/build-check/mail-agents"; do
		! has_dovecot "$d" || break
	done
	has_dovecot "$d" || return
	# Copies: the user whom Dovecot runs as may not get at where they are.
	mkdir "$lib" "$scratch/bin"
	for p in dovecot-core dovecot-imapd; do
		cp -r "$d/$p/usr/lib/dovecot/." "$lib/"
	done
	cp "$d/dovecot-core/usr/bin/doveconf" \
		"$d/dovecot-core/usr/sbin/dovecot" "$scratch/bin/"
	"${CC:-cc}" -shared -fPIC -o "$lib/moved.so" "$here/moved.c" -ldl ||
		return
	dovecot_libexec=$lib
	dovecot_env=("LD_LIBRARY_PATH=$lib:$lib/modules/old-stats"
		"LD_PRELOAD=$lib/moved.so" "MOVED_MODULES=$lib/modules")
	dovecot_start=("$scratch/bin/doveconf" -m master
		-c "$scratch/dovecot.conf" -e "$scratch/bin/dovecot" -F)
}

# Ports that nobody has, below those that the kernel gives out.
free_ports() {
	python3 - "$1" <<-'PY'
		import random, socket, sys
		held = []
		while len(held) < int(sys.argv[1]):
		    s = socket.socket()
		    try:
		        s.bind(("127.0.0.1", random.randrange(20000, 32000)))
		        held.append(s)
		    except OSError:
		        pass
		print(*(s.getsockname()[1] for s in held))
	PY
}

# start_dovecot: for users anna and bert, by STARTTLS or none on $imap_port,
# by TLS on $imaps_port.  More configuration is read from standard input.
# Addresses: 127.0.0.2 has no MOVE, 127.0.0.3 neither that nor UIDPLUS.
password=secret
start_dovecot() {
	local more=$scratch/dovecot-more.conf base
	find_dovecot || skip_all "dovecot is not installed"
	cat >"$more"
	read -r imap_port imaps_port < <(free_ports 2)
	home=$scratch/home-of
	base="IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE NAMESPACE SPECIAL-USE"
	mkdir -p run home-of
	printf '%s:{PLAIN}%s\n' anna "$password" bert "$password" >users
	cat >dovecot.conf <<-CONF
		base_dir = $scratch/run
		state_dir = $scratch/run
		log_path = $scratch/run/log
		libexec_dir = $dovecot_libexec
		mail_plugin_dir = $dovecot_libexec/modules
		login_plugin_dir = $dovecot_libexec/modules/login
		import_environment = \$import_environment ${dovecot_env[*]}
		default_internal_user = $mail_user
		default_internal_group = $mail_group
		default_login_user = $mail_user
		first_valid_uid = 1
		protocols = imap
		listen = 127.0.0.1 127.0.0.2 127.0.0.3
		ssl = yes
		ssl_cert = <$pki/good.pem
		ssl_key = <$pki/good.key
		disable_plaintext_auth = no
		auth_mechanisms = plain login scram-sha-256
		auth_failure_delay = 0
		mail_max_userip_connections = 100
		mail_fsync = never
		mail_location = maildir:~/Maildir
		namespace inbox {
		  inbox = yes
		  separator = /
		}
		passdb {
		  driver = passwd-file
		  args = scheme=PLAIN $scratch/users
		}
		userdb {
		  driver = static
		  args = uid=$mail_user gid=$mail_group home=$home/%u
		}
		local 127.0.0.2 {
		  protocol imap {
		    imap_capability = $base UIDPLUS
		  }
		}
		local 127.0.0.3 {
		  protocol imap {
		    imap_capability = $base
		  }
		}
		service config {
		  executable = config -c $scratch/dovecot.conf
		}
		service anvil {
		  chroot =
		  unix_listener anvil-auth-penalty {
		    mode = 0
		  }
		}
		service stats {
		  chroot =
		}
		service imap-login {
		  chroot =
		  service_count = 0
		  process_min_avail = 1
		  inet_listener imap {
		    port = $imap_port
		  }
		  inet_listener imaps {
		    port = $imaps_port
		  }
		}
		!include $more
	CONF
	chown -R "$mail_user" run home-of users "$pki" 2>/dev/null
	POSIXLY_CORRECT=1 env "${dovecot_env[@]}" "${as_nobody[@]}" \
		"${dovecot_start[@]}" >dovecot.out 2>&1 &
	dovecot_pid=$!
	pids+=($dovecot_pid)
	eventually client anna <<<'m.noop()' || {
		sed 's/^/# /' dovecot.out run/log
		echo "Bail out! dovecot does not start"
		exit 99
	}
}

# client USER: another client, in python on standard input: m is a session
# of imaplib, logged in
client() {
	python3 -c '
import imaplib, sys
m = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
m.login(sys.argv[2], "'"$password"'")
exec(sys.stdin.read())
m.logout()' "$imap_port" "$1"
}

# A folder of a user, as a Maildir: maildir USER [FOLDER in modified UTF-7]
maildir() {
	printf '%s' "$home/$1/Maildir${2:+/.$2}"
}

# How many mails are in it: held USER [FOLDER]
held() {
	find "$(maildir "$@")/cur" "$(maildir "$@")/new" -type f 2>/dev/null |
		wc -l
}

# fill USER FOLDER ARGUMENT...: puts mails there, as fill.py is told
fill() {
	local dir
	dir=$(maildir "$1" "${2#INBOX}")
	python3 "$here/fill.py" "$dir" "${@:3}"
	[ "$(id -u)" -ne 0 ] || chown -R nobody:nogroup "$home"
}

# ---- the proxy and the scripted server ----

# start_proxy NAME PORT [KEY=VALUE...]: as proxy.py; its port is in $NAME_port
start_proxy() {
	local name=$1
	mkdir -p "$name"
	"${with_us[@]}" python3 "$here/proxy.py" "$name" "${@:2}" \
		>"$name/out" 2>&1 &
	pids+=($!)
	printf -v "${name}_pid" %s $!
	eventually test -s "$name/port" || echo "Bail out! no proxy"
	printf -v "${name}_port" %s "$(cat "$name/port")"
}

# Bytes that the server sent through the proxy so far: passed NAME
passed() {
	cat "$1/down" 2>/dev/null || echo 0
}
# flows NAME BYTES: waits until so many have
flows() {
	local i
	for ((i = 0; i < 400; i++)); do
		[ "$(passed "$1")" -lt "$2" ] || return 0
		sleep 0.02
	done
	return 1
}
# and connections
connections() {
	cat "$1/connections" 2>/dev/null || echo 0
}

# start_server: server.py with three reports, all of its scenarios, each on a
# port of its own
start_server() {
	mkdir -p server
	python3 "$here/fill.py" mails 1 3
	"${with_us[@]}" python3 "$here/server.py" server "$pki" mails/new/* \
		>server/out 2>&1 &
	pids+=($!)
	eventually test -s server/ports || {
		sed 's/^/# /' server/out
		echo "Bail out! no server"
		exit 99
	}
}
# port_of SCENARIO
port_of() {
	awk -v name="$1" '$1 == name { print $2 }' server/ports
}
# What the server of a scenario received, before and within TLS
received() {
	cat "server/$1.clear" "server/$1.tls" 2>/dev/null
}

# ---- tlstally ----

(umask 077 && printf '%s\n' "$password" >password)

# ingest URL-OR-NAME OPTION...: with the password of the users
ingest() {
	tally -v ingest --password-file "$scratch/password" "$@"
}

# summary: the line that counts, of $said
summary() {
	grep -E '^(would ingest|ingested) ' <<<"$said"
}
# The sessions counted in the store
sessions() {
	tally digest --all-time -f csv --by total 2>/dev/null | tail -n 1 |
		tr -d '\r' | cut -d, -f11
}
reports() {
	tally status | awk '/^reports/ { print $2 }'
}

# config NAME SETTING...: a configuration t.conf with one source, whose
# time-out is a second
config() {
	local name=$1
	shift
	{
		printf 'source "%s" {\n\ttype = imap\n\ttimeout = 1\n' "$name"
		printf '\t%s\n' "$@"
		echo '}'
	} >t.conf
}
# later NAME: ingests the source of t.conf as it is now, beside others;
# in_time NAME: and this is how it ended: its words in $said, seconds in $took
later() {
	mkdir -p "later-$1"
	cp t.conf "later-$1/t.conf"
	(
		started=${EPOCHREALTIME/./} rc=0
		timeout 90 "$TLSTALLY" -c "later-$1/t.conf" \
			-s "later-$1/t.db" -v ingest it \
			>"later-$1/out" 2>&1 </dev/null || rc=$?
		echo "$rc $(((${EPOCHREALTIME/./} - started) / 1000000))" \
			>"later-$1/rc.new"
		mv "later-$1/rc.new" "later-$1/rc"
	) &
	later_pids+=($!)
}
later_pids=()
in_time() {
	[ ${#later_pids[@]} -eq 0 ] || wait "${later_pids[@]}"
	later_pids=()
	read -r rc took <"later-$1/rc"
	said=$(cat "later-$1/out")
}

from() { # from NAME OPTION...: ingests a source of t.conf
	tally -c "$scratch/t.conf" -v ingest "${@:2}" "$1"
}
