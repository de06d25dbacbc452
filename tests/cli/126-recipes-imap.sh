#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The recipes for IMAP mailboxes: the program reads their configurations,
# tlstally-token takes their command lines, and systemd takes the drop-in.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
command -v systemd-analyze >/dev/null ||
	skip_all "systemd-analyze is not installed"

recipes=$top/contrib/recipes/imap
export PYTHONDONTWRITEBYTECODE=1

for conf in gmail microsoft365 password; do
	cp "$recipes/$conf.conf" .
	chmod 600 "$conf.conf"
	status "$conf.conf is good" 0 tally -c "$conf.conf" config --check
	is "and nothing is said of it" "$said" ""
	is "no secret stands in it" \
		"$(grep -cE '^[^#]*(password|token|secret) *=' "$conf.conf")" 0
done

# What token_command runs gets as far as to look for the login or the secret.
mkdir bin
ln -s "$recipes/tlstally-token" bin/tlstally-token
sed -n 's/^\ttoken_command = "\(.*\)"$/\1/p' gmail.conf microsoft365.conf \
	>commands
is "the recipes have four token commands" "$(wc -l <commands)" 4
while read -r command; do
	case $command in
	*' microsoft '*) wanted=77 ;; # nobody has logged in
	*) wanted=74 ;;		      # there is no secret
	esac
	status "$command" $wanted env PATH="$scratch/bin:$PATH" sh -c "$command"
done <commands

drop_in=units/tlstally-ingest.service.d
mkdir -p $drop_in
sed 's|^ExecStart=.*|ExecStart=/bin/true|' \
	"$top/contrib/recipes/systemd/tlstally-ingest.service" \
	>units/tlstally-ingest.service
cp "$recipes/systemd.conf" $drop_in/imap.conf
is "systemd takes the drop-in" "$(SYSTEMD_UNIT_PATH=$scratch/units: \
	systemd-analyze verify --man=no units/tlstally-ingest.service 2>&1 |
	grep tlstally)" ""
like "which lets the service reach the network" \
	"$(SYSTEMD_UNIT_PATH=$scratch/units: systemd-analyze security \
		--offline=yes units/tlstally-ingest.service 2>&1)" \
	"PrivateNetwork= +Service has access to the host's network"
done_testing
