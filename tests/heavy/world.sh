# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# A small Internet on loopback, sourced first of all by tests of what looks at
# the servers of domains: Knot as name server with a root zone of its
# own, nginx for policies, Postfix and a few odd servers for mail.  All of it
# ends with the test.  A test says what there is, then starts it:
#
#	world_begin "$@"		# cli/lib.sh, and ports; nothing runs yet
#	cert good good mx1.a.example	# a certificate: NAME KIND HOST
#	make_certs
#	policy mta-sts.a.example good 200 text/plain <<< 'version: STSv1 ...'
#	mx mx1.a.example good		# its address is then $(mx_address NAME)
#	start_nginx; start_postfix; start_odd
#	zone a.example signed <<-END	# KIND: signed unsigned bogus expired
#		_smtp._tls TXT "..."	#	lame
#	END
#	start_dns			# then: $resolver, $anchor
#	rezone a.example unsigned < ...; reroot	# while it is served
#
# All of https is on $https_port, and all mail on $smtp_port, each server at
# an address of its own in 127.0.0.0/8.  With WORLD_PORTS=real set before
# world_begin, that is in a network namespace, and the ports are 53, 443 and 25.

. "${BASH_SOURCE[0]%/*}/namespace.sh"

# Postfix is only unpacked where other mail servers may be installed, and wants
# root and users of its own: in a mount namespace, it gets them.
world_begin() {
	local p dir namespace_options=
	[ "${WORLD_PORTS-}" != real ] || namespace_options=--net
	namespace_enter "$@"
	: "${TLSTALLY_LIBEXEC:=$builddir/src}"
	export TLSTALLY_LIBEXEC
	[ -x "$TLSTALLY_LIBEXEC/tlstally-net" ] ||
		skip_all "tlstally is built without the network"
	# Certificates are made now, and not when the clock of other tests
	# stands.
	unset TLSTALLY_NOW
	for dir in "$builddir" "$top/build-check"; do
		PATH+=:$dir/tools/knot/usr/sbin:$dir/tools/nginx/usr/sbin
	done
	world_mount
	for p in knotd knotc kzonesign keymgr nginx postfix openssl python3 setpriv; do
		command -v $p >/dev/null || skip_all "$p is not installed"
	done
	. "$top/tests/servers.sh"
	unset SSL_CERT_FILE SSL_CERT_DIR https_proxy HTTPS_PROXY all_proxy
	world=$scratch/world
	mkdir -p "$world"/{kasp,zones,signed,run,nginx/policies,postfix}
	chmod 755 "$world"
	pki=$world/pki
	zones=() certs=() mxs=() postfix_runs=
	trap end_world EXIT
	if [ "${WORLD_PORTS-}" = real ]; then
		begin_network
		dns_port=53 proxy_port=5353 https_port=443 smtp_port=25
	else
		read -r dns_port proxy_port https_port smtp_port \
			< <(free_ports 4)
	fi
	resolver=127.0.0.1@$dns_port
	anchor=$world/anchor
}

end_world() {
	[ -z "$postfix_runs" ] || postfix -c "$world/postfix" stop \
		>/dev/null 2>&1
	end_servers
}

# Where Postfix is only unpacked, its users are missing, too.
world_mount() {
	local name id=47210
	lay_over_usr postfix
	grep -q '^postfix:' /etc/passwd && grep -q '^postdrop:' /etc/group &&
		[ -d /etc/postfix ] && return
	begin_etc
	for name in postfix postdrop; do
		id=$((id + 1))
		grep -q "^$name:" etc/group || echo "$name:x:$id:" >>etc/group
		[ $name = postdrop ] || grep -q "^$name:" etc/passwd ||
			echo "$name:x:$id:$id::/nonexistent:/bin/sh" >>etc/passwd
	done
	lay_over_etc
}

# In a network namespace of our own: loopback, with all ports for everybody.
begin_network() {
	python3 - <<-'PY' || skip_all "no right to begin a network"
		import fcntl, socket, struct
		with socket.socket() as s:
		    up = struct.pack("16sh14x", b"lo", 0x41)
		    fcntl.ioctl(s, 0x8914, up)  # SIOCSIFFLAGS
		with open("/proc/sys/net/ipv4/ip_unprivileged_port_start",
		          "w") as f:
		    f.write("0")
	PY
}

# Ports that nobody has, over UDP and TCP and at every address.
free_ports() {
	python3 - "$1" <<-'PY'
		import socket, sys
		kept = []
		while len(kept) < int(sys.argv[1]):
		    t = socket.socket()
		    t.bind(("0.0.0.0", 0))
		    u = socket.socket(type=socket.SOCK_DGRAM)
		    try:
		        u.bind(("0.0.0.0", t.getsockname()[1]))
		    except OSError:
		        continue
		    kept.append((t, u))
		print(*(t.getsockname()[1] for t, _ in kept))
	PY
}

# bail FILE...: nothing can be tested; says why
bail() {
	sed 's/^/# /' "$@"
	echo "Bail out! the world does not begin"
	exit 99
}

# in_background LOG COMMAND...: runs until the end of the test
in_background() {
	local log=$1
	shift
	"$@" >"$log" 2>&1 &
	pids+=($!)
}

# answers ADDRESS PORT: somebody listens there
answers() {
	: <>"/dev/tcp/$1/$2"
}

# ---- certificates ----

# cert NAME KIND HOST: of the kinds of tests/pki.sh; $pki/NAME.pem and .key
cert() {
	certs+=("$1:$2:$3")
}

make_certs() {
	bash "$top/tests/pki.sh" "$pki" "${certs[@]}" >"$world/pki.log" 2>&1 ||
		bail "$world/pki.log"
	chmod -R a+rX "$pki"
}

# tlsa NAME USAGE SELECTOR MATCHING: the rdata of a record for the certificate
# of that name, in hexadecimal; MATCHING 0 or 1
tlsa() {
	local what=(x509 -outform DER)
	if [ "$3" = 1 ]; then
		openssl x509 -in "$pki/$1.pem" -noout -pubkey |
			openssl pkey -pubin -outform DER >"$world/tlsa.der"
	else
		openssl "${what[@]}" -in "$pki/$1.pem" >"$world/tlsa.der"
	fi
	[ "$4" = 0 ] || {
		openssl dgst -sha256 -binary "$world/tlsa.der" >"$world/tlsa.sum"
		mv "$world/tlsa.sum" "$world/tlsa.der"
	}
	printf '%02x%02x%02x' "$2" "$3" "$4"
	od -An -v -tx1 "$world/tlsa.der" | tr -d ' \n'
}

# tlsa_text: the same, as it stands in a zone
tlsa_text() {
	local hex
	hex=$(tlsa "$@")
	echo "TLSA $2 $3 $4 ${hex:6}"
}

# mail_certs: what mail_servers show, one fault each
mail_certs() {
	cert good good mx1.a.example
	cert with-root with-root mx2.a.example
	cert expired-mx expired mx3.a.example
	cert wrong-mx good other.example
	cert self-mx self-signed mx5.a.example
	cert incomplete-mx incomplete mx6.a.example
	cert cn-mx cn-only mx7.a.example
	cert expiring-mx expiring mx8.a.example
}

# ---- the name server ----

# zone NAME KIND: records on standard input, names relative to it.  lame: its
# servers do not know it, which a resolver tells as Knot does of a zone without
# a file
zone() {
	local name=$1 kind=$2
	zones+=("$name:$kind")
	write_zone "$name"
}

# A newer zone must have a higher number.
write_zone() {
	local name=$1
	serial=$((${serial-0} + 1))
	{
		printf '$ORIGIN %s.\n$TTL 300\n' "$name"
		echo "@ SOA ns.$name. postmaster.$name. $serial 3600 600 86400 60"
		echo "@ NS ns.$name."
		echo "ns A 127.0.0.1"
		cat
	} >"$world/zones/$name"
}

# sign NAME FILE [TIME]: signs $world/zones/FILE into $world/signed
sign() {
	cat >"$world/sign.conf" <<-EOF
		server:
		  rundir: $world/run
		database:
		  storage: $world/kasp
		policy:
		  - id: ours
		    algorithm: ecdsap256sha256
		    single-type-signing: on
		zone:
		  - domain: $1
		    storage: $world/zones
		    file: $2
		    dnssec-signing: on
		    dnssec-policy: ours
	EOF
	kzonesign -r -c "$world/sign.conf" -o "$world/signed" \
		${3:+-t "$3"} "$1" >"$world/sign.log" 2>&1 ||
		bail "$world/sign.log"
}

# Of every signature but those of the keys, changes a letter.
spoil() {
	awk '$3 == "RRSIG" && $4 != "DNSKEY" {
		c = substr($NF, 5, 1)
		$NF = substr($NF, 1, 4) (c == "A" ? "B" : "A") substr($NF, 6)
	}
	{ print }' "$1" >"$1.new" && mv "$1.new" "$1"
}

# delegation NAME KIND: what the root says of it
delegation() {
	echo "$1. NS ns.$1."
	echo "ns.$1. A 127.0.0.1"
	case $2 in
	signed | bogus | expired)
		keymgr -c "$world/sign.conf" "$1" ds 2>/dev/null |
			awk '$5 == 2' | head -n 1
		;;
	esac
}

# make_zone NAME KIND: signed or copied
make_zone() {
	case $2 in
	signed) sign "$1" "$1" ;;
	bogus)
		sign "$1" "$1"
		spoil "$world/signed/$1"
		;;
	expired) sign "$1" "$1" 1577836800 ;;
	unsigned) cp "$world/zones/$1" "$world/signed/$1" ;;
	esac
}

make_root() {
	local z
	serial=$((serial + 1))
	{
		printf '$ORIGIN .\n$TTL 300\n'
		echo ". SOA ns. postmaster. $serial 3600 600 86400 60"
		echo '. NS ns.'
		echo 'ns. A 127.0.0.1'
		for z in "${zones[@]}"; do
			delegation "${z%%:*}" "${z#*:}"
		done
	} >"$world/zones/root"
	sign . root
}

# rezone NAME KIND: as zone, of one that is served already
rezone() {
	local name=$1 kind=$2 i
	for i in "${!zones[@]}"; do
		[ "${zones[i]%%:*}" != "$name" ] || zones[i]=$name:$kind
	done
	write_zone "$name"
	make_zone "$name" "$kind"
	reload "$name"
}

# reroot: the root as the kinds of zones are now
reroot() {
	make_root
	reload .
}

reload() {
	chmod -R a+rX "$world/signed"
	knotc -b -c "$world/knot.conf" zone-reload "$1" >"$world/reload.log" 2>&1 ||
		bail "$world/reload.log"
}

start_dns() {
	local z
	for z in "${zones[@]}"; do
		make_zone "${z%%:*}" "${z#*:}"
	done
	make_root
	keymgr -c "$world/sign.conf" . ds 2>/dev/null >"$anchor"
	{
		cat <<-EOF
			server:
			  rundir: $world/run
			  listen: 127.0.0.1@$dns_port
			  udp-max-payload: 1232
			log:
			  - target: stderr
			    any: warning
			database:
			  storage: $world/run
			template:
			  - id: default
			    storage: $world/signed
			    zonefile-sync: -1
			    journal-content: none
			zone:
			  - domain: .
			    file: root
		EOF
		for z in "${zones[@]}"; do
			printf '  - domain: %s\n    file: %s\n' \
				"${z%%:*}" "${z%%:*}"
		done
	} >"$world/knot.conf"
	chmod -R a+rX "$world/signed"
	[ "$(id -u)" -ne 0 ] || chown -R nobody "$world/run"
	in_background "$world/knot.log" "${as_nobody[@]}" \
		knotd -c "$world/knot.conf"
	eventually answers 127.0.0.1 "$dns_port" || bail "$world/knot.log"
}

# start_proxy SETTING...: those of dns_proxy.py; then at $proxied, too
start_proxy() {
	proxied=127.0.0.1@$proxy_port
	[ -z "${proxy_pid-}" ] || {
		kill "$proxy_pid"
		wait "$proxy_pid" 2>/dev/null
	}
	: >"$world/proxy.log"
	in_background "$world/proxy.log" "${with_us[@]}" python3 \
		"$top/tests/heavy/dns_proxy.py" "127.0.0.1:$proxy_port" \
		"127.0.0.1:$dns_port" "$@"
	proxy_pid=$!
	eventually grep -q ready "$world/proxy.log" || bail "$world/proxy.log"
}

# ---- web servers ----

# policy HOST CERT STATUS TYPE [LINE]...: what https://HOST/.well-known/
# mta-sts.txt answers, with the body on standard input; lines for nginx may
# follow, in the place of the answer
policy() {
	local host=$1 cert=$2 status=$3 type=$4
	shift 4
	mkdir -p "$world/nginx/policies/$host/.well-known"
	cat >"$world/nginx/policies/$host/.well-known/mta-sts.txt"
	{
		echo "server {"
		echo "listen 127.0.0.1:$https_port ssl; server_name $host;"
		echo "ssl_certificate $pki/$cert.pem;"
		echo "ssl_certificate_key $pki/$cert.key;"
		echo "root $world/nginx/policies/$host;"
		echo "location / { types { } default_type $type;"
		[ "$status" = 200 ] || echo "return $status;"
		printf '%s\n' "$@"
		echo "} }"
	} >>"$world/nginx/servers"
}

start_nginx() {
	local n
	{
		echo "pid $world/nginx/pid; daemon off; worker_processes 1;"
		echo "error_log $world/nginx/error.log;"
		echo "events { worker_connections 100; }"
		echo "http { access_log off;"
		for n in client_body proxy fastcgi uwsgi scgi; do
			echo "${n}_temp_path $world/nginx/$n;"
		done
		echo "include $world/nginx/servers; }"
	} >"$world/nginx/conf"
	: >"$world/nginx/error.log"
	# It is not root when it reads the keys.
	[ "$(id -u)" -ne 0 ] || chown -R nobody "$world/nginx" "$pki"
	in_background "$world/nginx/log" "${as_nobody[@]}" nginx \
		-p "$world/nginx" -e "$world/nginx/error.log" \
		-c "$world/nginx/conf"
	eventually answers 127.0.0.1 "$https_port" ||
		bail "$world/nginx/log" "$world/nginx/error.log"
}

# ---- mail servers ----

# mx NAME CERT [SETTING=VALUE]...: a Postfix at an address of its own
mx() {
	local n=$((${#mxs[@]} + 1)) name=$1 cert=$2 setting
	shift 2
	mxs+=("$name")
	{
		echo "127.0.1.$n:$smtp_port inet n - n - - smtpd"
		echo "  -o myhostname=$name"
		echo "  -o smtpd_tls_security_level=may"
		echo "  -o smtpd_tls_chain_files=$pki/$cert.key,$pki/$cert.pem"
		for setting; do
			echo "  -o $setting"
		done
	} >>"$world/postfix/servers"
}

# mail_servers: mx1.a.example to mx8.a.example
mail_servers() {
	mx mx1.a.example good
	mx mx2.a.example with-root
	mx mx3.a.example expired-mx
	mx mx4.a.example wrong-mx
	mx mx5.a.example self-mx
	mx mx6.a.example incomplete-mx
	mx mx7.a.example cn-mx
	mx mx8.a.example expiring-mx
}

# mx_address NAME
mx_address() {
	local i
	for i in "${!mxs[@]}"; do
		[ "${mxs[i]}" != "$1" ] || echo "127.0.1.$((i + 1))"
	done
}

start_postfix() {
	mkdir -p "$world/queue" "$world/data" "$world/maillog"
	chown postfix "$world/data"
	{
		postfix_main "$world"
		echo 'relay_domains = example'
		echo 'relay_recipient_maps = inline:{tlsrpt@a.example=ok}'
		echo 'smtpd_client_connection_count_limit = 0'
	} >"$world/postfix/main.cf"
	{
		cat "$world/postfix/servers"
		postfix_services
		echo 'tlsmgr unix - - n 1000? 1 tlsmgr'
	} >"$world/postfix/master.cf"
	postfix_runs=yes
	postfix -c "$world/postfix" start >"$world/postfix.log" 2>&1 &&
		eventually answers 127.0.1.1 "$smtp_port" ||
		bail "$world/postfix.log" "$world/maillog/log"
}

# The servers of odd_smtp.py, in the order of its table.
odd_names="no-starttls refuses-starttls injects not-tls silent drips
	endless-line endless-reply no-smtp busy gone takes blocked"
odd_address() {
	local n=0 name
	for name in $odd_names; do
		n=$((n + 1))
		[ "$name" != "$1" ] || echo "127.0.2.$n"
	done
}

start_odd() {
	in_background "$world/odd.log" "${with_us[@]}" python3 \
		"$top/tests/heavy/odd_smtp.py" "$smtp_port"
	eventually grep -q ready "$world/odd.log" || bail "$world/odd.log"
}
