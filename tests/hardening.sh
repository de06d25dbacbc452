#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The programs are hardened: loaded anywhere, nothing both writable and
# executable, no table of functions left to write to, stacks and lengths
# looked after.  What is looked at is the binaries, not the flags.
. "$(dirname "$0")/cli/lib.sh"
command -v readelf >/dev/null || skip_all "readelf is not installed (binutils)"

# A build may have been asked to be otherwise.
if grep -q '^HARDEN_LDFLAGS = *$' "$builddir/Makefile" 2>/dev/null; then
	ok "configured without hardening" true
	done_testing
	exit 0
fi

programs=("$TLSTALLY")
# And the helper programs that this build has.
while read -r helper; do
	programs+=("$builddir/$helper")
done < <(sed -nE 's|^am__EXEEXT_[0-9]+ = (src/tlstally-[a-z]+)\$.*|\1|p' \
	"$builddir/Makefile")

# segment FILE TYPE: the flags of its segments of that type: "RW "
segment() {
	readelf -lW "$1" | awk -v type="$2" '$1 == type {
		flags = $0
		sub(/^ *[^ ]+( +0x[0-9a-f]+)+ +/, "", flags)
		print substr(flags, 1, 3)
	}'
}

# imports FILE REGEX: the functions of that name that libraries give it
imports() {
	readelf --dyn-syms -W "$1" | grep -E " UND $2(@|\$)"
}

for program in "${programs[@]}"; do
	name=${program##*/}
	dynamic=$(readelf -dW "$program")
	like "$name is loaded where the system likes" \
		"$(readelf -hW "$program")" 'Type: +DYN .*Position-Independent'
	like "$name: the dynamic section says so too" "$dynamic" \
		'FLAGS_1.*PIE'
	like "$name binds all functions at once" "$dynamic" \
		'FLAGS_1.*NOW|BIND_NOW'
	ok "$name: they are read-only then" \
		test -n "$(segment "$program" GNU_RELRO)"
	is "$name: the stack runs nothing" \
		"$(segment "$program" GNU_STACK)" "RW "
	is "$name: nothing can be written and run" \
		"$(segment "$program" LOAD | grep -c 'W.*E')" 0
	is "$name: no code was written to be moved" \
		"$(grep -c TEXTREL <<<"$dynamic")" 0
	is "$name looks for libraries where the system does" \
		"$(grep -cE 'R(UN)?PATH' <<<"$dynamic")" 0
	# Sanitizers look after the rest in ways of their own, and without
	# optimisation the C library cannot know lengths.
	if grep -qE '__(asan|ubsan)_' "$program"; then
		continue
	fi
	ok "$name looks after its stack" imports "$program" __stack_chk_fail
	if grep -qE '^CFLAGS = .*-O([1-9sfg]|$)' "$builddir/Makefile"; then
		ok "$name looks after lengths" imports "$program" '__\w+_chk'
	fi
done
done_testing
