#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# One verdict for a monitoring system: when it is raised, and how it is said.
. "$(dirname "$0")/lib.sh"

# It is the 16th of November, 6 o'clock: the 13th to the 15th are looked at.

# reports: those of standard input are read
reports() {
	rm -rf reports
	python3 "$top/tests/cli/mail.py" --lines reports form=json \
		mode=testing reporter=google.com
	tally -q ingest reports
}

# checked NAME WANTED ARGUMENT...: monitor's status; its output is kept, to be
# held to the grammar in the end
checked() {
	local name=$1 wanted=$2
	shift 2
	status "$name" "$wanted" tally monitor --offline "$@"
	printf '\f%s\n%s\n' "$wanted" "$said" >>outputs
}

# the first line without its performance data
first() {
	sed -n '1s/ | .*//p' <<<"$said"
}

checked "without a store nothing is known" 3
like "it says so on standard output" "$(tally monitor --offline 2>/dev/null)" \
	'^TLSRPT UNKNOWN - no store at '
status "a mistake in the command line is unknown, too" 3 tally monitor --offline --nope
like "with its word" "$said" '^TLSRPT UNKNOWN - monitor: no such option'
checked "and a group that does not exist" 3 --group nobody
status "and an argument that is none" 3 tally monitor --offline --last x
echo 'nonsense {' >bad.conf
chmod 600 bad.conf
status "and a configuration with a mistake" 3 tally -c bad.conf monitor
like "which is named" "$said" '^TLSRPT UNKNOWN - .*bad.conf:'

tally -q ingest "$top/contrib/sample/reports.mbox" 2>/dev/null
checked "failures above a threshold" 1
same "are told with what to do" monitor-sample.txt <<<"$said"
checked "-q leaves the first line" 1 -q
is "alone" "$(wc -l <<<"$said")" 1
tally monitor --offline -v | same "-v tells of all domains" monitor-verbose.txt
checked "one domain" 0 example.net
checked "a domain of which nothing is known" 3 example.net never.example
like "is named" "$said" '^TLSRPT UNKNOWN - never.example: no report'

write <<-END
	domain "example.com" {
		warning_rate = "3.4 %"
		critical_rate = "3.42 %"
	}
END
checked "thresholds of the domain" 2 -c "$conf"
like "make it critical" "$(first)" 'CRITICAL - example.com: .* more than 3.42 %'
write <<-END
	domain "example.com" {
		warning_rate = "3.43 %"
	}
END
checked "or no alert at all" 1 -c "$conf"
like "but for what is usual, which is nothing" "$(first)" \
	'times the usual'
write <<-END
	domain "example.net" { }
END
checked "domains of others raise no alert" 0 -c "$conf"
like "and are in no sum" "$said" "'domains'=1;"
is "and in no label" "$(grep -c "'example.com'" <<<"$said")" 0
write <<-END
	group "one" { domains = {"example.com"} }
	group "two" { domains = {"example.net"} }
	ignore "old certificate" { mx = "mx2.example.com" }
END
checked "ignored failures raise none" 0 -c "$conf" -v
like "and are counted" "$said" '^example.com: ignored: .*old certificate'
sed -i '/ignore/d' "$conf"
checked "a group that fails" 1 -c "$conf" --group one
checked "a group that does not" 0 -c "$conf" --group two
write <<-END
	group "one" { domains = {"example.com"} warning_rate = 50 critical_rate = 60
		baseline_factor = 0 }
END
checked "thresholds of the group" 0 -c "$conf" --group one

# Silence: the last report is of the 13th, and those of a day are due 36 hours
# after its end.  at TIME: it is that time, and all sources have been read.
at() {
	export TLSTALLY_NOW=$1
	tally -q ingest "$top/contrib/sample/reports.mbox" 2>/dev/null
}
at 2026-11-18T11:59:00Z
checked "two days without a report are none" 0 example.net
at 2026-11-18T12:00:00Z
checked "three are a warning" 1 example.net
like "with the day" "$(first)" \
	'example.net: no report at all for 3 days, the last is of 2026-11-13'
at 2026-11-22T11:59:00Z
checked "six are, too" 1 example.net
at 2026-11-22T12:00:00Z
checked "seven are critical" 2 example.net
at 2026-11-29T12:00:00Z
checked "and still after two weeks, without being asked for" 2
like "by name" "$said" '^CRITICAL: example.net: no report at all for 14 days'
at 2027-03-24T12:00:00Z
checked "a silence is not forgotten" 2 example.net
like "after months either" "$(first)" 'for 129 days'
write <<-END
	domain "example.net" { }
END
checked "nor that of a configured domain" 2 -c "$conf"
write <<-END
	domain "*.com" { silence_warning = 0 silence_critical = 0 }
END
at 2026-11-24T12:00:00Z
checked "but one may say that it is no matter" 0 -c "$conf"

# Nobody reads the reports: then nothing is said of who is silent.
export TLSTALLY_NOW=2026-11-27T13:00:00Z
checked "nothing is read for three days" 2
like "and that is the reason" "$(first)" 'no ingest for 3 days'
is "silence is no second alert" "$(grep -c 'no report at all' <<<"$said")" 0
export TLSTALLY_NOW=2026-11-16T06:00:00Z

# Hostile names do not leave their place.
store=$scratch/hostile.db
{
	echo "day=13..15 failed=50 domain='a.example|x=1;;' reporter='r|.example'" \
		"mx=\"mx'=|\\\`rm\\\`.example\" type='<b>|new'"
	for i in $(seq 30); do
		echo "day=14 failed=50 domain=d$i.example"
	done
} | reports
checked "hostile names" 2
is "30 domains and one, 20 are told of" \
	"$(grep -c '^CRITICAL: ' <<<"$said")" 20
like "and the others counted" "$said" '^and [0-9]+ more: tlstally monitor -v$'
is "no performance data of each" "$(grep -c "'d1.example'" <<<"$said")" 0
checked "with -v all" 2 -v
is "31 rates" "$(grep -c '^CRITICAL: ' <<<"$said")" 31
like "a bar is shown" "$said" '<7C>x=1'

# A stopped reporter is one alert, whatever it reported about.
store=$scratch/stopped.db
for domain in a.example b.example; do
	echo "day=1..15 domain=$domain reporter=small.example"
	echo "day=1..10 domain=$domain reporter=google.com"
done | reports
export TLSTALLY_NOW=2026-11-17T12:00:00Z
checked "a regular reporter that stopped" 1
is "is one alert" "$(grep -c '^WARNING: ' <<<"$said")" 1
like "about both" "$(first)" \
	'google.com, heard regularly before: .* a.example and 1 other domain'
# The recipes.
mkdir bin
printf '#!/bin/sh\nexec "%s" -s "%s" "$@" --offline\n' "$TLSTALLY" "$store" >bin/tlstally
chmod +x bin/tlstally
recipes=$top/contrib/recipes/monitoring
line=$(sed -n 's/^40 6 [* ]*\t*[^\t]*\t//p' "$recipes/cron" | sed 's/\\%/%/g')
is "cron mails what is wrong" "$(PATH=$scratch/bin:$PATH sh -c "$line")" "$said"
line="tlstally monitor --group none >/dev/null; ${line/monitor/monitor small.none}"
like "also what is not known" "$(PATH=$scratch/bin:$PATH sh -c "$line")" \
	'^TLSRPT UNKNOWN'
export TLSTALLY_NOW=2026-11-16T06:00:00Z
line=${line##*; }
is "and nothing else" "$(PATH=$scratch/bin:$PATH sh -c \
	"${line/small.none/a.example}")" ""
like "the manual has the command of Nagios" "$(cat "$top/docs/tlstally.1")" \
	'tlstally monitor \$ARG1\$'
for option in -c --group --last; do
	like "Icinga's recipe gives $option" "$(cat "$recipes/icinga2.conf")" \
		"\"$option\" = "
done

# Accepting needs no network.
status "where nothing is watched nothing is accepted" 0 tally monitor --accept
is "which is said" "$said" "no domain is watched"
status "least of all by name" 3 tally monitor --accept a.example
like "in the words of a plugin" "$said" \
	'^TLSRPT UNKNOWN - a.example is not watched: run tlstally monitor first'

is "all of this was in the grammar of plugins" \
	"$(python3 "$top/tests/cli/plugin.py" <outputs)" ""
status "an empty domain" 3 tally monitor --offline ""
like "is no domain" "$said" '^TLSRPT UNKNOWN - an empty name is no domain'
done_testing
