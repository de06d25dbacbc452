#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The floors hold the house together: a file includes only its own floor and
# those that are named beside it, a third-party header stands in its one
# file, and no function or file grows beyond its measure.
set -u
src=${srcdir:-.}/src

# floor: what it may include besides itself
allowed() {
	case $1 in
	base) echo "" ;;
	proc | net | report | domain) echo "base" ;;
	decode) echo "report base" ;;
	imap) echo "net proc base" ;;
	jail) echo "decode report proc base" ;;
	source) echo "proc base" ;;
	store | digest) echo "report base" ;;
	netd) echo "net domain proc base" ;;
	output) echo "digest domain report base" ;;
	cmd) echo "output digest store source jail domain report proc base" ;;
	main) echo "cmd base" ;;
	*) echo "?" ;;
	esac
}

# header: the files that may include it
home_of() {
	case $1 in
	cjson/*) echo "decode/json.c" ;;
	zlib.h) echo "decode/gzip.c" ;;
	libdeflate.h) echo "decode/whole.c" ;;
	archive.h | archive_entry.h) echo "decode/zip.c" ;;
	sqlite3.h) echo "store/private.h" ;;
	confuse.h) echo "cmd/conf_private.h" ;;
	nettle/umac.h) echo "base/keyed_hash.c" ;;
	nettle/*) echo "base/sha256.c" ;;
	seccomp.h) echo "proc/confine.c proc/sandbox.c" ;;
	linux/capability.h) echo "proc/privileges.c" ;;
	linux/futex.h) echo "proc/sandbox.c" ;;
	openssl/*) echo "net/cert.c net/dane.c net/tls.c net/tls_trust.c net/tls_verify.c" ;;
	unbound.h) echo "net/dns.c net/dns_answer.c net/dns_setup.c" ;;
	curl/*) echo "net/https_private.h" ;;
	libetpan/*) echo "imap/etpan.h" ;;
	sasl/*) echo "imap/session.c" ;;
	*) echo "?" ;;
	esac
}

n=0
result() { # result OK? NAME DETAILS
	n=$((n + 1))
	if [ -z "$3" ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		printf '%s\n' "$3" | sed 's/^/# /'
	fi
}

files=$(cd "$src" && find . -name '*.[ch]' | sed 's|^\./||' | sort)

# Lines "FILE KIND HEADER", of all includes: KIND is " or <.
includes=$(cd "$src" && awk '
	/^#[ \t]*include[ \t]*["<]/ {
		gsub(/^#[ \t]*include[ \t]*/, "")
		header = substr($0, 2)
		sub(/[">].*/, "", header)
		print FILENAME, substr($0, 1, 1), header
	}' $files)

upward=
strangers=
last=
while read -r f kind inc; do
	if [ "$f" != "$last" ]; then
		floor=${f%%/*}
		[ "$floor" = "$f" ] && floor=main
		may=" $floor $(allowed "$floor") "
		last=$f
	fi
	case $kind$inc in
	'"config.h') ;;
	'"'*/*)
		case $may in
		*" ${inc%%/*} "*) ;;
		*) upward+="$f includes $inc"$'\n' ;;
		esac
		;;
	'"'*) upward+="$f: \"$inc\" has no floor"$'\n' ;;
	# The C library's own.
	'<'assert.h | '<'ctype.h | '<'dirent.h | '<'errno.h | '<'fcntl.h | \
		'<'fnmatch.h | '<'getopt.h | '<'grp.h | '<'inttypes.h | \
		'<'libgen.h | '<'limits.h | '<'math.h | '<'poll.h | \
		'<'sched.h | '<'signal.h | '<'stdarg.h | '<'stdbool.h | \
		'<'stddef.h | '<'stdint.h | '<'stdio.h | '<'stdlib.h | \
		'<'string.h | '<'strings.h | '<'sysexits.h | '<'time.h | \
		'<'unistd.h | '<'sys/* | '<'arpa/inet.h | '<'endian.h | \
		'<'netdb.h | '<'netinet/* | '<'spawn.h | '<'termios.h) ;;
	*)
		case " $(home_of "$inc") " in
		*" $f "*) ;;
		*) strangers+="$f includes <$inc>"$'\n' ;;
		esac
		;;
	esac
done <<<"$includes"
result x "no file includes a floor above its own" "$upward"
result x "a third-party header stands in its one file" "$strangers"

first=$(cd "$src" && awk '
	FNR == 1 {
		seen = 0
		if (!/SPDX-License-Identifier: ISC/)
			print FILENAME " has no SPDX line"
	}
	/^#include / && !seen++ && FILENAME ~ /\.c$/ && $2 != "\"config.h\"" {
		print FILENAME
	}
	/"config.h"/ && FILENAME ~ /\.h$/ { print FILENAME }' $files
	grep -L '^#include ' $(grep '\.c$' <<<"$files"))
result x "config.h comes first in every .c file and in no header" "$first"

long=$(cd "$src" && awk '
	FNR == 1 { start = 0 }
	/^{/ { start = FNR }
	/^}/ && start {
		if (FNR - start - 1 > 80)
			print FILENAME ":" start ": " FNR - start - 1 " lines"
		start = 0
	}
	FNR == 601 { print FILENAME ": over 600 lines" }' $files)
result x "no function is over 80 lines, no file over 600" "$long"

# A part of a module stands in the module's header, or the floor's.
units=$(cd "$src" && for f in $files; do
	case $f in
	*/*.c)
		[ -f "${f%.c}.h" ] ||
			grep -q "^#include \"${f%%/*}/" "$f" ||
			echo "$f has no header in its floor"
		;;
	esac
done)
result x "what a file offers stands in a header of its floor" "$units"
echo "1..$n"
