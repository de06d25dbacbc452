# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Sourced by the scripts beside it: installs Debian packages by name, without
# harm to the machine.  Nothing is removed, nothing but the named packages
# and what they depend on is added, and no daemon is started.

say() {
	printf '==> %s\n' "$*"
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Files that are removed in the end, however it comes: remove_at_exit FILE...
AT_EXIT=()
remove_at_exit() {
	AT_EXIT+=("$@")
}

clean_up() {
	[ ${#AT_EXIT[@]} -eq 0 ] || rm -f "${AT_EXIT[@]}"
	allow_daemons || true
}
trap clean_up EXIT
# With these a signal waits for the command that is running: what is cleaned
# up is in nobody's use any more.
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# What the program is built with.
BUILD_PACKAGES=(gcc libc6-dev make autoconf automake pkg-config
	libcjson-dev zlib1g-dev libdeflate-dev libarchive-dev libsqlite3-dev
	libconfuse-dev nettle-dev libetpan-dev libssl-dev libunbound-dev
	libcurl4-gnutls-dev libseccomp-dev linux-libc-dev)

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -n true 2>/dev/null || [ -t 0 ] ||
			die "root is needed for: $* (and sudo would ask)"
		sudo "$@"
	fi
}

missing_packages() {
	local p
	for p in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null |
			grep -qx installed || echo "$p"
	done
}

# Debian asks this file whether a daemon may start; ours says no, and goes
# away again.  One that is there already is left alone, and so is one that
# has come in the place of ours.
POLICY=/usr/sbin/policy-rc.d
OUR_POLICY="#!/bin/sh
# by ${0##*/}, process $$, until its packages are installed
exit 101"
forbidden=no

forbid_daemons() {
	[ -e "$POLICY" ] && return 0
	forbidden=yes
	printf '%s\n' "$OUR_POLICY" |
		as_root sh -c "set -C && cat >$POLICY && chmod 755 $POLICY"
}

allow_daemons() {
	[ $forbidden = yes ] || return 0
	forbidden=no
	[ "$(cat "$POLICY" 2>/dev/null)" != "$OUR_POLICY" ] ||
		as_root rm -f "$POLICY"
}

install_packages() {
	local missing rc=0
	command -v apt-get >/dev/null || {
		say "no apt-get here: please see that there are: $*"
		return 0
	}
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -eq 0 ] && return 0
	say "installing ${missing[*]}"
	forbid_daemons || die "$POLICY cannot be written"
	{
		as_root apt-get update -q &&
			as_root env DEBIAN_FRONTEND=noninteractive apt-get \
				install -q -y --no-remove \
				--no-install-recommends "${missing[@]}"
	} </dev/null || rc=$?
	allow_daemons
	[ $rc -eq 0 ] || die "the packages could not be installed"
}

# Unpacks packages, without installing them, each into FOLDER/PACKAGE; those
# that are installed are left out: unpack_packages FOLDER PACKAGE...
unpack_packages() {
	local dir=$1 p deb
	shift
	command -v apt-get >/dev/null || return 0
	for p in $(missing_packages "$@"); do
		[ -d "$dir/$p" ] && continue
		say "unpacking $p into $dir"
		mkdir -p "$dir/deb"
		(cd "$dir/deb" && apt-get download -q "$p") >"$LOG" 2>&1 ||
			(as_root apt-get update -q && cd "$dir/deb" &&
				apt-get download -q "$p") >"$LOG" 2>&1 </dev/null ||
			{ cat "$LOG"; die "$p could not be downloaded"; }
		for deb in "$dir/deb/$p"_*.deb; do
			dpkg -x "$deb" "$dir/deb/$p"
		done
		mv "$dir/deb/$p" "$dir/$p"
		rm -rf "$dir/deb"
	done
}

# Configures (in a folder of its own) and builds: build_in FOLDER OPTION...
build_in() {
	local dir=$1
	shift
	if [ ! -x configure ] || [ configure.ac -nt configure ] ||
		[ m4/tlstally.m4 -nt configure ]; then
		say "autoreconf"
		autoreconf -fi >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
	fi
	mkdir -p "$dir"
	if [ ! -f "$dir/config.status" ] ||
		[ configure -nt "$dir/config.status" ]; then
		say "configure $*"
		(cd "$dir" && ../configure "$@") >"$LOG" 2>&1 ||
			{ cat "$LOG"; exit 1; }
	fi
	say "make"
	make -C "$dir" -j "$(nproc)" >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
}

# The stamp of config.h is always the newer one, so make has something to do
# for the unit tests, which take longest, and begins with all others.  In a
# folder where all is built: begin_with_the_longest FOLDER
begin_with_the_longest() {
	touch -r "$1/stamp-h1" "$1/config.h"
}
