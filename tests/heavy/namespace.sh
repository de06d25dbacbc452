# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Sourced first of all by tests that need a mount namespace of their own: what
# is only unpacked is installed in it, and users exist there that exist nowhere
# else.  It ends with the test.

# namespace_enter [ARGUMENT]...: runs the test again, with these arguments, in a
# namespace, as root; $namespace_options are more of unshare's.  Behind it there
# is what cli/lib.sh has.
namespace_enter() {
	local root=
	[ -n "${TLSTALLY_NAMESPACE-}" ] || {
		[ "$(id -u)" -eq 0 ] || root="sudo -n"
		$root unshare --mount true 2>/dev/null || {
			echo "1..0 # SKIP no right to make a mount namespace" \
				"(root is needed)"
			echo "SKIPPED: ${0##*/}: root is needed" >&2
			exit 0
		}
		exec $root env TLSTALLY_NAMESPACE=1 TLSTALLY="${TLSTALLY-}" \
			srcdir="${srcdir-}" MAIL_AGENTS="${MAIL_AGENTS-}" \
			TESTHELPERS="${TESTHELPERS-}" \
			ASAN_OPTIONS="${ASAN_OPTIONS-}" \
			UBSAN_OPTIONS="${UBSAN_OPTIONS-}" \
			unshare --mount --propagation private \
			${namespace_options-} bash "$0" "$@"
	}
	umask 022
	. "${BASH_SOURCE[0]%/*}/../cli/lib.sh"
	PATH=$PATH:/usr/sbin:/sbin
	: "${MAIL_AGENTS:=$builddir/mail-agents}"
	chmod 755 "$scratch"
}

# lay_over_usr PACKAGE...: those that are only unpacked
lay_over_usr() {
	local p layers=
	for p; do
		[ ! -d "$MAIL_AGENTS/$p/usr" ] ||
			layers+=$MAIL_AGENTS/$p/usr:
	done
	[ -z "$layers" ] ||
		mount -t overlay -o "lowerdir=$layers/usr" overlay /usr ||
		skip_all "no right to mount over /usr"
}

# begin_etc: etc/ has the users and groups that there are, for more of them
begin_etc() {
	mkdir -p etc
	cp /etc/passwd /etc/group etc/
}

# lay_over_etc: all that is in etc/, with what Postfix reads there at its start
# if it is only unpacked
lay_over_etc() {
	[ ! -d "$MAIL_AGENTS/postfix/etc" ] ||
		cp -a "$MAIL_AGENTS/postfix/etc/postfix" etc/
	[ -d /etc/postfix ] || mkdir -p etc/postfix
	[ ! -d etc/postfix ] || : >>etc/postfix/main.cf
	mount -t overlay -o "lowerdir=$scratch/etc:/etc" overlay /etc ||
		skip_all "no right to mount over /etc"
}

# postfix_main DIR: the lines of main.cf for a Postfix that has all it has in
# that folder, and sends nothing anywhere
postfix_main() {
	cat <<-EOF
		compatibility_level = 3.6
		queue_directory = $1/queue
		data_directory = $1/data
		maillog_file = $1/maillog/log
		maillog_file_prefixes = $1/maillog
		inet_protocols = ipv4
		mydestination =
		smtpd_peername_lookup = no
		local_recipient_maps =
		alias_maps =
		alias_database =
		default_transport = error:no mail leaves this test
	EOF
}

# postfix_services: the lines of master.cf for those behind smtpd
postfix_services() {
	cat <<-EOF
		anvil unix - - n - 1 anvil
		postlog unix-dgram n - n - 1 postlogd
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		error unix - - n - - error
		retry unix - - n - - error
	EOF
}
