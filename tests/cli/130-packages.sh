#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Installing packages blocks no daemon longer than it takes, however it ends.
. "$(dirname "$0")/lib.sh"

# An apt-get that installs nothing, and ends its caller if told to.
mkdir bin
cat >bin/apt-get <<'EOF'
#!/bin/sh
cp "$POLICY" asked 2>/dev/null
[ -z "${KILL_BY-}" ] || { kill -s "$KILL_BY" $PPID; sleep 0.3; }
[ -z "${ELSE-}" ] || echo "$ELSE" >"$POLICY"
touch done
exit "${APT_STATUS-0}"
EOF
chmod +x bin/apt-get

# A script like those that source the file.
cat >script <<'EOF'
set -euo pipefail
. "$1/contrib/packages.sh"
POLICY=$2
as_root() { "$@"; }
missing_packages() { echo "$1"; }
remove_at_exit "$3"
touch "$3"
install_packages some-package
exit 3
EOF
export POLICY=$scratch/policy-rc.d

# With signals as a terminal has them: whatever runs the tests may ignore some.
install() {
	rm -f asked done
	env --default-signal PATH="$scratch/bin:$PATH" "$@" bash script "$top" "$POLICY" log
}

# gone NAME: nothing of ours is left
gone() {
	is "$1" "$(ls -d policy* log 2>/dev/null)" ""
}

status "packages are installed, and the script goes on" 3 install
like "meanwhile no daemon may start" "$(cat asked)" "^exit 101$"
gone "then it may again"
status "apt-get fails" 1 install APT_STATUS=100
gone "that blocks nothing either"
for signal in HUP:129 INT:130 TERM:143; do
	status "SIG${signal%:*} ends it" "${signal#*:}" \
		install KILL_BY="${signal%:*}"
	ok "but not before apt-get has ended" test -e done
	gone "and nothing is blocked"
done

echo mine >"$POLICY"
status "a policy that is there already" 3 install
is "is left alone" "$(cat "$POLICY" asked)" "mine
mine"
rm "$POLICY"
status "one that came meanwhile" 3 install ELSE=theirs
is "as well" "$(cat "$POLICY")" theirs
done_testing
