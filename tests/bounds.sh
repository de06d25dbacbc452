#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Every bound of src/base/limits.h has a test just under and just over it.
# Those of LIMITS, which can be lowered, are tested by tests/unit/
# test_bounds.c, which does not compile without a message for each.  The
# others are in the table below, with those that stand where one module alone
# needs them.  Every name with MAX in it that src defines is in the table, or in
# the list of those that bound nothing from outside.
set -u
top=${srcdir:-.}
limits=$top/src/base/limits.h
n=0

# check NAME COMMAND...: the command succeeds
check() {
	local name=$1
	shift
	n=$((n + 1))
	if "$@" >/dev/null; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
	fi
}

# Name, where it is, and the test that holds both sides of it: a unit test as
# suite.name, or a file and a word that stands in its test.
table='
BATCH_MESSAGES      base/limits.h      tests/cli/140-hostile.sh:a_full_batch
BATCH_BYTES         base/limits.h      tests/cli/140-hostile.sh:a_full_batch
DEVIATIONS_MAX      base/limits.h      tlsrpt.more_deviations_than_are_kept_do_not_spoil_a_report
ITEMS_MAX           base/limits.h      bounds.reports_and_faults_of_a_message_are_bound
GZIP_LAYERS         base/limits.h      carriage.fixtures_come_out_as_they_should
PARAMETER_PIECES    base/limits.h      field.continuations_are_bound
SIGNERS_MAX         base/limits.h      auth.so_many_signers_are_looked_at
BOUNDARY_MAX        base/limits.h      mime.boundaries_may_have_998_characters
JSON_NUMBER_MAX     base/limits.h      bounds.numbers_in_json_are_bound
NAME_BYTES_MAX      base/limits.h      bounds.names_are_cut
FROM_LINE_MAX       base/limits.h      source_from_line.the_longest_line_is_1024_bytes
FOLDER_DEPTH_MAX    base/limits.h      source_folder.it_goes_32_folders_deep_and_says_where_it_stops
IMAP_MESSAGES_MAX   base/limits.h      imap_walk.a_folder_of_too_many_messages_is_not_listed
IMAP_MESSAGES_MAX   base/limits.h      imap_listing.of_small_ones_names_two_million_at_most
IMAP_MESSAGES_MAX   base/limits.h      imap_listing.has_its_time_and_bytes_for_two_million_messages_at_most
IMAP_ANSWER_BYTES   base/limits.h      imap_walk.an_answer_has_a_bound
ADDRESSES_MAX       base/limits.h      dial.so_many_addresses_are_tried
ADDRESSES_MAX       base/limits.h      netd.so_many_addresses_of_a_host_are_tried
GUARD_NESTING_MAX   base/limits.h      guard.parentheses_are_nested_up_to_a_bound
GUARD_LINE_MAX      base/limits.h      guard.a_line_is_long_up_to_a_bound
DNS_IN_FLIGHT_MAX   base/limits.h      dns.so_many_questions_are_under_way
DNS_RECORDS_MAX     base/limits.h      dns.records_of_an_answer_are_bound
DNS_ALIASES_MAX     base/limits.h      dns.aliases_of_an_answer_are_bound
HTTPS_BODY_MAX      base/limits.h      tests/heavy/040-net.sh:body=65536
HTTPS_HEADER_MAX    base/limits.h      tests/heavy/040-net.sh:header.fields.up.to.the.bound
SMTP_LINE_MAX       base/limits.h      smtp_reply.a_line_is_long_up_to_a_bound
SMTP_REPLY_MAX      base/limits.h      smtp_reply.a_reply_is_long_up_to_a_bound
CHAIN_MAX           base/limits.h      cert.chains_are_bound
CERT_NAMES_MAX      base/limits.h      cert.names_are_bound
TLSA_MAX            base/limits.h      tests/heavy/040-net.sh:64.records.are.tried
SERVER_HOSTS_MAX    base/limits.h      tests/heavy/057-servers.sh:no.more.than.13
SERVER_ADDRESSES_MAX base/limits.h     tests/heavy/057-servers.sh:at.more.than.four
ZONE_LEVELS_MAX     base/limits.h      tests/heavy/057-servers.sh:too.far.up
VISITS_MAX          base/limits.h      tests/heavy/057-servers.sh:128.are.under.way
MESSAGE_MAX         net/nameserver.c   nameserver.the_longest_message_is_read
NAME_OCTETS         net/dns_packet.c   dns_packet.a_name_has_255_octets_at_most
JUMPS_MAX           net/dns_packet.c   dns_packet.a_name_has_127_pointers_at_most
WHY_BYTES_MAX       net/dns_answer.c   dns.why_it_is_bogus_is_bound
RECIPIENT_MAX       net/smtp.c         tests/heavy/040-net.sh:254.bytes.that.are.one
JOBS_MAX            base/limits.h      tests/cli/150-jail.sh:99999999999999999999
DECODE_SECONDS      base/limits.h      pool.a_worker_may_take_its_time_and_its_memory
DECODE_MEMORY       base/limits.h      pool.a_worker_may_take_its_time_and_its_memory
FINDINGS_MAX        base/limits.h      record.findings_are_bound
RECORD_TAGS_MAX     base/limits.h      record.fields_are_bound
RECORD_DESTINATIONS_MAX base/limits.h  record.destinations_are_bound
RECORD_TEXT_MAX     base/limits.h      record.a_text_is_as_long_as_a_txt_record_can_hold
STS_POLICY_BYTES_MAX base/limits.h     sts.a_policy_is_as_long_as_its_bound
ANSWER_BYTES_MAX    base/limits.h      pool.the_longest_answer_comes_back_whole
ALL_ANSWERS_MAX     jail/job.c         pool.answers_together_are_as_long_as_all_may_be
PLACE_BYTES         report/wire.c      wire.places_have_a_bound_of_their_own
ZERO_PERIODS_MAX    base/limits.h      tests/cli/032-whose.sh:ZERO_PERIODS_MAX
METRIC_DOMAINS_MAX  base/limits.h      metrics.of_more_those_with_the_fewest_sessions_are_summed
ENTRIES_MAX         base/limits.h      source_names.entries_are_bound
ADDRESS_MAX         base/address.c     address.one_of_254_bytes_is_the_longest
ERR_TEXT_MAX        base/err.h         err.long_texts_are_cut
TIMES_MAX           net/dial.c         dial.all_addresses_have_the_time_of_two
NET_RESOLVERS_MAX   proc/net_wire.h    net_wire.too_many_resolvers_are_bad
INFLATED_MAX        decode/whole.c     whole.up_to_256_KiB_is_inflated_in_one_piece
STORED_MAX          decode/whole.c     unpack.what_is_short_is_stored_and_what_is_longer_deflated
PAIRWISE_MAX        decode/json.c      json.as_many_names_as_are_compared_in_pairs_and_one_more
LEVELS_MAX          decode/levels.h    mime.multiparts_have_a_bound_of_depth
COUNT_MAX           report/report.h    policy.conformance_50_counts_end_at_2_to_the_53_minus_1
LITERAL_MAX         imap/session.c     guard.a_literal_is_large_up_to_a_bound
LOOK_MAX            imap/verdict.c     tests/imap/020-login.sh:LOOK_MAX
QUOTE_MAX           imap/etpan.h       tests/imap/020-login.sh:QUOTE_MAX
CLEAR_LINE_MAX      imap/starttls.c    starttls.a_line_is_long_up_to_a_bound
CLEAR_LINES_MAX     imap/starttls.c    starttls.an_answer_comes_after_so_many_lines
PROBE_TRIES_MAX     netd/inquiry.h     netd.so_many_addresses_of_all_hosts_are_tried
SECRET_BYTES_MAX    imap/credentials.h credentials.a_password_has_a_bound
INPUT_MAX           cmd/cmd_make_record.c tests/cli/160-make-record.sh:too_much_input
INPUT_MAX           cmd/cmd_check.c    tests/cli/165-check.sh:INPUT_MAX
RECORDS_MAX         cmd/records.h      tests/cli/165-check.sh:RECORDS_MAX
RECORDS_UNNAMED_MAX cmd/records.h      tests/cli/165-check.sh:RECORDS_UNNAMED_MAX
TO_BYTES_MAX        cmd/cmd_digest.c   tests/cli/175-mail.sh:TO_BYTES_MAX
LAST_MAX            cmd/period.c       tests/cli/080-odd.sh:73001w
THRESHOLD_DAYS_MAX  cmd/conf_parse.c   conf_parse.what_is_no_threshold_is_a_usage_error
IMAP_BATCH_MAX      source/imap.h      imap_url.a_configuration_names_the_setting_that_is_wrong
SIZES_MAX           source/imap_walk.c imap_sets.sizes_of_5000_are_asked_for_at_once
SMALL_BYTES         source/imap_listing.c imap_sets.small_ones_are_taken_for_6_KiB_each
HEADS_MAX           source/imap_walk.c imap_sets.heads_of_1000_are_asked_for_at_once
BATCH_BYTES_MAX     source/imap_walk.c imap_sets.bodies_of_32_MiB_are_asked_for_at_once
SIZES_ITEM_MOST     source/imap_walk.c imap_sets.sizes_have_their_time_and_bytes
HEADS_SPARE_BYTES   source/imap_walk.c imap_sets.heads_have_their_time_and_bytes
FETCH_ITEM_MOST     source/imap_walk.c imap_sets.bodies_have_their_time_and_bytes
ALONE_TIMES         source/imap_walk.c imap_sets.bodies_have_their_time_and_bytes
SET_MAX             source/imap_dispose.c imap_sets.of_1000_are_marked_at_once
IMAP_SMALL_BELOW    proc/imap_wire.h   imap_listing.of_small_ones_needs_a_limit_that_is_not_smaller
IMAP_TIMEOUT_MAX    source/imap.h      imap_url.a_configuration_names_the_setting_that_is_wrong
DIR_MAX             source/folder_name.c source_folder_name.the_longest_name_is_255_bytes_with_its_dot
WORDS_MAX           source/from_line.c source_from_line.so_many_words_are_looked_at
YEAR_MAX            source/from_line.c source_from_line.years_end_at_9999
PORT_MAX            source/imap_url.c  imap_url.bad_ones_are_refused_with_the_reason_and_never_repeated
LEFT_MAX            source/imap_answer.c imap_losses.of_messages_that_break_the_line_three_are_left
RELISTED_MAX        source/imap_walk.c imap_losses.a_folder_made_anew_again_and_again_is_left
NAME_MAX_BYTES      decode/attribute.c attribute.host_names_are_bound_in_length
LABEL_MAX_BYTES     decode/attribute.c attribute.host_names_are_bound_in_length
WHERE_MAX           report/deviation.c deviation.a_long_place_is_cut_to_whole_characters
NAME_MAX_LEN        domain/name.c      name.labels_and_names_are_bound
LABEL_MAX_LEN       domain/name.c      name.labels_and_names_are_bound
LOCAL_PART_MAX      domain/uri.c       uri.dot_atoms_are_up_to_64_octets
ID_MAX              domain/sts.c       sts.conformance_82_ids_that_are_none
EXT_NAME_MAX        domain/sts.c       sts.a_field_has_a_name_of_32_characters_at_most
EXT_NAME_MAX        domain/record.c    record.a_field_has_a_name_of_32_characters_at_most
STS_MAX_AGE_MAX     domain/sts.h       sts.conformance_87_max_age_has_bounds
VALUE_MAX           domain/finding.c   record.values_in_messages_are_cut
EXCERPT_MAX         domain/summary.c   summary.lines_of_400_octets_are_shown_whole
ANSWERS_MAX         domain/summary_wire.c summary.answers_are_as_many_as_their_bound
SUMMARY_TEXT_MAX    domain/summary_private.h summary.texts_are_as_long_as_their_bound
SUMMARY_DATA_MAX    domain/summary_private.h summary.lists_are_as_long_as_their_bounds
SUMMARY_NAMES_MAX   domain/summary_private.h summary.lists_are_as_long_as_their_bounds
SNAPSHOT_NAMES_MAX  domain/snapshot.h  snapshot_pack.names_are_as_many_as_their_bound
SNAPSHOT_BYTES_MAX  domain/snapshot.h  snapshot_pack.the_largest_one_has_room
TEXTS_MAX           domain/snapshot_look.c snapshot.of_many_texts_2000_octets_are_kept
WATCHED_BYTES_MAX   store/watch.h      store_watch.what_is_too_long_is_refused_and_what_is_not_is_kept
SEEN_TRIES_MAX      store/store.h      store_seen.which_outcomes_are_final
REASON_TEXT_MAX     digest/reason.h    reason.only_the_beginning_is_looked_at
WORDS_NAME_MAX      output/words.h     words.names_are_cut_between_characters
WORDS_TEXT_MAX      output/words.h     words.texts_are_cut_behind_160_bytes
MX_HOSTS_MAX        base/limits.h      summary.hosts_are_as_many_as_their_bound
MX_HOSTS_MAX        base/limits.h      netd.so_many_hosts_are_looked_at
SUMMARY_BYTES_MAX   base/limits.h      tests/cli/165-check.sh:an_answer_of_4_MiB
FRAME_BYTES_MAX     proc/frame.h       frame.a_frame_is_full_at_its_bound
UID_RANGES_MAX      proc/imap_wire.h   imap_wire.a_set_without_ranges_or_with_too_many_is_bad
DAY_MAX             base/date.h        wire.values_beyond_their_bounds_are_refused
TEXT_MAX            base/log.c         log.lines_of_2047_bytes_are_whole
SHOWN_MAX           cmd/cmd_explain.c  tests/cli/015-explain.sh:SHOWN_MAX
STRING_MAX          cmd/cmd_make_record.c tests/cli/160-make-record.sh:STRING_MAX
NAMES_MAX           cmd/pick.c         pick.of_many_groups_20_are_told
STRING_MAX          domain/rdata.c     rdata.a_name_has_255_octets_at_most
STRING_MAX          domain/record_make.c record.long_values_are_split_at_255_octets
SAID_MAX            domain/servers.c   servers.long_texts_and_many_names_are_cut
SHOWN_MAX           domain/servers.c   servers.long_texts_and_many_names_are_cut
AGE_DIGITS_MAX      domain/sts_policy.c sts.conformance_87_max_age_has_bounds
DATAGRAM_MAX        net/nameserver.c   nameserver.a_datagram_has_4096_octets_at_most
ALIASES_MAX         netd/loop.c        tests/heavy/055-check.sh:ALIASES_MAX
HOST_NAME_MAX_LEN   output/escape.c    escape.a_host_name_has_253_characters_at_most
PLUGIN_FIRST_MAX    output/plugin.h    plugin.lines_have_so_many_bytes
PLUGIN_LINE_MAX     output/plugin.h    plugin.lines_have_so_many_bytes
TREND_MAX           output/words_domain.c words.the_period_before_is_compared
FRAME_REST_MAX      proc/frame.h       frame.the_largest_rest_travels_whole
NET_PIECE_MAX       proc/net_wire.h    net_wire.an_answer_has_as_many_pieces_as_it_takes
TRIES_MAX           source/imap_session.c imap_losses.three_tries_without_anything_got_are_the_last
FIGURES_LAG_MAX     store/figures.h    figures.what_goes_in_comes_out
'

# Name, where it is, and why it bounds nothing that comes from outside.
others='
CHUNK_MAX           base/arena.c            how fast an arena grows
UTF8_MAX            base/utf8.h             a character, as UTF-8 has it
CHECKS_MAX          cmd/check_past.c        a table of ours
NEAR_MAX            cmd/cmd_explain.c       of our own texts
AHEAD_MAX           cmd/net.c               how far ahead we ask
OWN_MAX             cmd/options.c           a table of ours
MEMBERS_MAX         decode/members.h        a table of ours
SAME_LETTER_MAX     decode/mime.c           a table of ours
REASON_CAUSE_MAX    digest/reason.h         our own texts
VALUES_MAX          domain/finding.c        arguments of ours
COMMAND_MAX         net/smtp.c              what we say, of names that are bounded
ENCODE_LINE_MAX     output/encode.h         lines that we write
ENCODE_WORD_MAX     output/encode.h         words that we write
SHOWN_MAX           output/escape.c         one character, escaped
BARS_MAX            output/html_chart.c     what a page shows
GAPS_MAX            output/html_coverage.c  what a page shows
CHANGES_MAX         output/html_domain.c    what a page shows
INCIDENTS_MAX       output/html_domain.c    what a page shows
SILENCES_MAX        output/html_domain.c    what a page shows
OTHERS_MAX          output/html_tables.c    what a page shows
POLICIES_MAX        output/html_tables.c    what a page shows
REPORTERS_MAX       output/html_tables.c    what a page shows
NUMBER_MAX          output/plain.c          digits of 64 bits
LABELS_MAX          output/prometheus.c     a table of ours
INCIDENTS_MAX       output/text_incident.c  what a page shows
DETAIL_MAX          output/text_overview.c  what a page shows
FINE_MAX            output/text_overview.c  what a page shows
PROBLEM_MAX         output/text_overview.c  columns of a page
DAYS_MAX            output/text_tables.c    what a page shows
POLICIES_MAX        output/text_tables.c    what a page shows
WORDS_KINDS_MAX     output/words.h          a table of ours
HOST_MAX            source/deposit.c        our own machine has the name
NUMBER_MAX          store/number.h          bytes of 64 bits
NAME_MAX_ID         store/private.h         numbers that the store gives
REPORT_MAX          store/private.h         numbers that the store gives
'

# tested TEST: it is there
tested() {
	case $1 in
	*:*) grep -q "${1#*:}" "$top/${1%%:*}" ;;
	*) grep -qhE "^(ParameterizedTest|Test)\(${1%%.*}, ${1#*.}[,)]" \
		"$top"/tests/unit/*.c ;;
	esac
}

defined=$(sed -n 's/^#define \([A-Z][A-Z_]*\)[[:space:]].*/\1/p' "$limits" |
	grep -vE '^(TLSTALLY_.*|LIMIT_.*|LIMITS_DEFAULT)$')
check "the bounds are found" test "$(wc -w <<<"$defined")" -gt 10
for name in $defined; do
	check "$name is in the table" grep -q "^$name " <<<"$table"
done
while read -r name file test; do
	[ -n "$name" ] || continue
	check "$name is in $file" grep -qE "^#define $name[[:space:]]" \
		"$top/src/$file"
	check "$name is tested by $test" tested "$test"
done <<<"$table"
while read -r name file why; do
	[ -n "$name" ] || continue
	check "$name in $file bounds nothing from outside" test -n "$why"
done <<<"$others"

# Each is somewhere, and nothing is there that is gone or tested by now.
named=$(awk 'NF { print $1, $2 }' <<<"$table$others" | sort -u)
there=$(cd "$top/src" && grep -rE '^#[[:space:]]*define [A-Z0-9_]*MAX[A-Z_]*' \
	--include='*.[ch]' . | sed -E \
	's/^\.\/([^:]*):#[[:space:]]*define ([A-Z0-9_]*).*/\2 \1/' | sort -u)
is_in() {
	grep -qxF "$1" <<<"$2"
}
check "those elsewhere are found" test "$(wc -l <<<"$there")" -gt 100
while read -r bound; do
	check "${bound/ / of } is in the table or the list" \
		is_in "$bound" "$named"
done <<<"$there"
while read -r name file _; do
	[ -n "$name" ] || continue
	check "$name of $file is there" is_in "$name $file" "$there"
	check "$name of $file is not in the table as well" \
		test "$(grep -cE "^$name +$file " <<<"$table")" -eq 0
done <<<"$others"
check "those of LIMITS are tested, all of them" \
	grep -q 'LIMITS(BOUND)' "$top/tests/unit/test_bounds.c"
for side in default when_it_is_lowered; do
	check "and on both sides: $side" grep -qE \
		"^Test\(bounds, every_limit_holds_.*$side[,)]" \
		"$top/tests/unit/test_bounds.c"
done
# The manual tells the user of all that can be lowered.
for name in $(sed -n 's/.*X(\([a-z_]*\),.*/\1/p' "$limits"); do
	check "the manual has $name" grep -qE "^\.It Cm .*\b$name\b" \
		"$top/docs/tlstally.conf.5"
done
echo "1..$n"
