# SPDX-License-Identifier: ISC

TEST_EXTENSIONS = .sh
TAP = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/tap-driver.sh
SH_LOG_DRIVER = $(TAP)
SH_LOG_COMPILER = bash
LOG_DRIVER = $(TAP)

AM_TESTS_ENVIRONMENT = CRITERION_OUTPUTS='tap:-'; \
	export CRITERION_OUTPUTS; \
	TESTDATA='$(abs_top_srcdir)/tests/data'; export TESTDATA; \
	TLSTALLY='$(abs_top_builddir)/src/tlstally$(EXEEXT)'; \
	export TLSTALLY; \
	SCRIPT_HELPER='$(abs_top_builddir)/tests/unit/script_helper$(EXEEXT)'; \
	export SCRIPT_HELPER; \
	TESTPKI='$(abs_top_builddir)/tests/pki'; export TESTPKI; \
	LSAN_OPTIONS='suppressions=$(abs_top_srcdir)/tests/lsan.supp:print_suppressions=0'; \
	export LSAN_OPTIONS; \
	TESTHELPERS='$(abs_top_builddir)/tests'; export TESTHELPERS;

# The longest first, so that none of them is waited for in the end.
dist_check_SCRIPTS += tests/cli/125-token.sh tests/imap/050-cut.sh \
	tests/cli/140-hostile.sh tests/imap/030-folders.sh \
	tests/imap/060-hostile.sh tests/differ/differ.sh \
	tests/cli/145-linear.sh

# What only helper programs are made of is tested in the same program.
if WITH_IMAP
UNIT_IMAP_SOURCES = tests/unit/test_credentials.c tests/unit/test_guard.c \
	tests/unit/test_redact.c tests/unit/test_starttls.c
UNIT_IMAP_FLOORS = src/imap/libimap.a
endif
if WITH_NET
UNIT_NET_SOURCES = tests/unit/test_cert.c \
	tests/unit/test_dns.c tests/unit/test_nameserver.c \
	tests/unit/test_net_address.c tests/unit/test_netd.c \
	tests/unit/test_smtp_reply.c
UNIT_NET_FLOORS = src/netd/libnetd.a src/net/libprobe.a
UNIT_NET_LIBS = -lunbound $(CURL_LIBS)
endif
if WITH_TLS
UNIT_TLS_SOURCES = tests/unit/net_kit.c tests/unit/net_kit.h \
	tests/unit/test_dial.c tests/unit/test_link.c tests/unit/test_tls.c
UNIT_TLS_FLOORS = src/net/libnet.a
UNIT_TLS_LIBS = $(OPENSSL_LIBS)
check_DATA += tests/pki/ca.pem
endif

if HAVE_CRITERION
check_PROGRAMS += tests/unit_tests
TESTS += tests/unit_tests
tests_unit_tests_SOURCES = tests/unit/digest_kit.c tests/unit/digest_kit.h \
	tests/unit/test_change.c tests/unit/test_health.c \
	tests/unit/test_incident.c tests/unit/test_silence.c tests/unit/events.c tests/unit/events.h \
	tests/unit/imap_kit.c tests/unit/imap_kit.h \
	tests/unit/mail_kit.c tests/unit/mail_kit.h tests/unit/pack.c \
	tests/unit/pack.h tests/unit/page_kit.c tests/unit/page_kit.h \
	tests/unit/parsed.c tests/unit/parsed.h \
	tests/unit/prose_kit.c tests/unit/prose_kit.h \
	tests/unit/sandbox_kit.c tests/unit/sandbox_kit.h \
	tests/unit/source_kit.c tests/unit/source_kit.h tests/unit/store_kit.c \
	tests/unit/store_kit.h tests/unit/stream_kit.c tests/unit/stream_kit.h \
	tests/unit/support.c tests/unit/support.h tests/unit/test_address.c tests/unit/test_advise_rows.c \
	tests/unit/test_again.c \
	tests/unit/test_alarm.c \
	tests/unit/test_arena.c tests/unit/test_attribute.c tests/unit/test_auth.c \
	tests/unit/test_bounds.c tests/unit/test_buf.c tests/unit/test_candidate.c tests/unit/test_carriage.c tests/unit/test_claim.c \
	tests/unit/test_conf_parse.c tests/unit/test_confine.c \
	tests/unit/test_conflicts.c \
	tests/unit/test_coverage.c \
	tests/unit/test_csv.c tests/unit/test_date.c tests/unit/test_date_parse.c \
	tests/unit/test_days.c \
	tests/unit/test_deposit.c \
	tests/unit/test_deviation.c tests/unit/test_die.c tests/unit/test_digest.c \
	tests/unit/test_domain_text.c tests/unit/test_encode.c \
	tests/unit/test_err.c tests/unit/test_escape.c tests/unit/test_explain.c \
	tests/unit/test_export.c tests/unit/test_field.c tests/unit/test_file.c \
	tests/unit/test_frame.c tests/unit/test_helper.c tests/unit/test_html.c \
	tests/unit/test_imap_dispose.c tests/unit/test_imap_frames.c \
	tests/unit/test_imap_listing.c tests/unit/test_imap_losses.c \
	tests/unit/test_imap_nonsense.c tests/unit/test_imap_sets.c tests/unit/test_imap_url.c \
	tests/unit/test_imap_walk.c tests/unit/test_imap_wire.c \
	tests/unit/test_jail.c tests/unit/test_judge.c tests/unit/test_json.c \
	tests/unit/test_log.c tests/unit/test_message.c \
	tests/unit/test_json_write.c tests/unit/test_keyed_hash.c tests/unit/test_mail.c \
	tests/unit/test_net_wire.c \
	tests/unit/test_message_conformance.c tests/unit/test_mime.c \
	tests/unit/test_mime_bounds.c tests/unit/test_mime_fields.c \
	tests/unit/test_metrics.c tests/unit/test_mta.c \
	tests/unit/test_originals.c \
	tests/unit/test_patterns.c tests/unit/test_period.c \
	tests/unit/test_pick.c tests/unit/test_plugin.c \
	tests/unit/test_policy.c \
	tests/unit/test_question.c tests/unit/test_ratio.c tests/unit/test_readiness.c tests/unit/test_resolver.c \
	tests/unit/test_report.c \
	tests/unit/test_scope.c tests/unit/test_servers.c \
	tests/unit/test_sha256.c \
	tests/unit/test_reason.c tests/unit/test_record.c \
	tests/unit/test_sharing.c tests/unit/test_source_dispose.c \
	tests/unit/test_source_file.c tests/unit/test_source_folder.c \
	tests/unit/test_source_folder_name.c tests/unit/test_source_from_line.c \
	tests/unit/test_source_maildir.c tests/unit/test_source_mbox.c \
	tests/unit/test_source_names.c tests/unit/test_span.c \
	tests/unit/test_pool.c tests/unit/test_sandbox.c \
	tests/unit/test_sandbox_stops.c tests/unit/snapshot_kit.c tests/unit/snapshot_kit.h \
	tests/unit/test_compare.c tests/unit/test_snapshot.c \
	tests/unit/test_snapshot_pack.c \
	tests/unit/test_store_watch.c tests/unit/test_store.c tests/unit/test_store_backup.c \
	tests/unit/test_store_check.c tests/unit/test_store_figures.c \
	tests/unit/test_store_ledger.c tests/unit/test_store_memo.c \
	tests/unit/test_store_open.c tests/unit/test_store_prune.c \
	tests/unit/test_store_reparse.c tests/unit/test_store_told.c \
	tests/unit/test_store_report.c \
	tests/unit/test_store_rows.c tests/unit/test_store_seen.c \
	tests/unit/test_text.c tests/unit/test_text_states.c \
	tests/unit/test_tlsrpt.c \
	tests/unit/test_topic.c tests/unit/test_transfer.c \
	tests/unit/test_strings.c tests/unit/test_sts.c tests/unit/test_summary.c tests/unit/test_tlsa.c \
	tests/unit/test_unpack.c tests/unit/test_usual.c tests/unit/test_utf8.c \
	tests/unit/test_vocabulary.c tests/unit/test_whole.c tests/unit/test_wire.c \
	tests/unit/trust.c \
	$(UNIT_IMAP_SOURCES) $(UNIT_NET_SOURCES) $(UNIT_TLS_SOURCES) \
	tests/unit/test_words.c
tests_unit_tests_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_tests_CFLAGS = $(AM_CFLAGS) $(TEST_CFLAGS) $(CRITERION_CFLAGS) $(SQLITE_CFLAGS) \
	$(ZLIB_CFLAGS)
tests_unit_tests_LDADD = $(UNIT_IMAP_FLOORS) $(UNIT_NET_FLOORS) \
	$(UNIT_TLS_FLOORS) $(FLOORS) $(UNIT_NET_LIBS) $(UNIT_TLS_LIBS) \
	$(FLOOR_LIBS) $(CRITERION_LIBS)

# Plays the helper program for IMAP, for tests/unit/imap_kit.c.
check_PROGRAMS += tests/unit/script_helper
tests_unit_script_helper_SOURCES = tests/unit/script_helper.c
tests_unit_script_helper_LDADD = src/proc/libproc.a src/base/libbase.a \
	$(NETTLE_LIBS)

# A helper program for the unit tests to start.
check_PROGRAMS += tests/echo-helper
tests_echo_helper_SOURCES = tests/unit/echo_helper.c
tests_echo_helper_LDADD = src/proc/libproc.a src/base/libbase.a \
	$(NETTLE_LIBS)
endif

# Calls what looks at servers, for tests/heavy/040-net.sh.
if WITH_NET
check_PROGRAMS += tests/heavy/net_probe
tests_heavy_net_probe_SOURCES = tests/heavy/net_probe.c
tests_heavy_net_probe_LDADD = $(NET_FLOORS) $(NET_LIBS)
endif

# The fuzz harnesses, each in the list and with a line: fuzz_x is made of
# fuzz_x.c.  Here they replay files; contrib/fuzz links them with libFuzzer,
# whose main goes before the one of an archive.
check_LIBRARIES = tests/fuzz/libfuzz.a
tests_fuzz_libfuzz_a_SOURCES = tests/fuzz/fuzz.h tests/fuzz/promises.c \
	tests/fuzz/promises.h tests/fuzz/replay.c
FUZZ_LIBS = tests/fuzz/libfuzz.a $(FLOORS) $(FLOOR_LIBS)
FUZZERS = tests/fuzz/fuzz_answer tests/fuzz/fuzz_date \
	tests/fuzz/fuzz_escape tests/fuzz/fuzz_field tests/fuzz/fuzz_frame \
	tests/fuzz/fuzz_mbox tests/fuzz/fuzz_message tests/fuzz/fuzz_mime \
	tests/fuzz/fuzz_reason tests/fuzz/fuzz_policy tests/fuzz/fuzz_record \
	tests/fuzz/fuzz_snapshot tests/fuzz/fuzz_summary tests/fuzz/fuzz_tlsa \
	tests/fuzz/fuzz_tlsrpt tests/fuzz/fuzz_unpack tests/fuzz/fuzz_wire \
	tests/fuzz/fuzz_wrap
tests_fuzz_fuzz_answer_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_date_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_escape_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_field_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_frame_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_mbox_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_message_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_mime_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_reason_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_policy_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_record_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_snapshot_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_summary_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_tlsa_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_tlsrpt_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_unpack_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_unpack_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
tests_fuzz_fuzz_wire_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_wrap_LDADD = $(FUZZ_LIBS)
if WITH_IMAP
FUZZERS += tests/fuzz/fuzz_guard
tests_fuzz_fuzz_guard_LDADD = src/imap/libimap.a $(FUZZ_LIBS)
endif
if WITH_NET
FUZZERS += tests/fuzz/fuzz_reply
tests_fuzz_fuzz_reply_LDADD = src/net/libprobe.a $(FUZZ_LIBS)
endif
EXTRA_DIST += tests/fuzz/date.dict tests/fuzz/field.dict \
	tests/fuzz/mbox.dict tests/fuzz/message.dict tests/fuzz/mime.dict \
	tests/fuzz/policy.dict tests/fuzz/record.dict tests/fuzz/tlsrpt.dict
check_PROGRAMS += $(FUZZERS)
.PHONY: fuzzers
fuzzers: $(FUZZERS)

# Our MIME reader beside Python's.
check_PROGRAMS += tests/differ/attachments
tests_differ_attachments_SOURCES = tests/differ/attachments.c
tests_differ_attachments_LDADD = $(FLOORS) $(FLOOR_LIBS)
EXTRA_DIST += tests/differ/differ.py tests/differ/mails.py

# Certificates for the tests of TLS, which are skipped without them.
tests/pki/ca.pem: $(srcdir)/tests/pki.sh
	@command -v openssl >/dev/null || { \
		echo "SKIP: no certificates: there is no openssl command"; \
		exit 0; }; \
	bash $(srcdir)/tests/pki.sh tests/pki
clean-local:
	rm -rf tests/pki
.PHONY: clean-local

dist_check_SCRIPTS += tests/floors.sh tests/bounds.sh tests/conformance.sh \
	tests/hardening.sh tests/leniencies.sh tests/fuzz/replay.sh \
	tests/cli/010-help.sh tests/cli/015-explain.sh tests/cli/020-ingest.sh tests/cli/025-pipe.sh \
	tests/cli/026-crowd.sh tests/cli/027-group.sh tests/cli/030-digest.sh \
	tests/cli/031-states.sh tests/cli/032-whose.sh \
	tests/cli/035-new.sh tests/cli/036-settle.sh tests/cli/040-sums.sh \
	tests/cli/060-config.sh tests/cli/061-scope-config.sh tests/cli/065-imap-config.sh \
	tests/cli/066-rights.sh tests/cli/070-store.sh tests/cli/080-odd.sh \
	tests/cli/090-readme.sh tests/cli/100-upkeep.sh \
	tests/cli/105-export.sh tests/cli/106-pick.sh tests/cli/107-json.sh \
	tests/cli/108-metrics.sh tests/cli/110-recipes-cron.sh \
	tests/cli/126-recipes-imap.sh tests/cli/130-packages.sh \
	tests/cli/150-jail.sh tests/cli/160-make-record.sh \
	tests/cli/165-check.sh tests/cli/170-html.sh tests/cli/175-mail.sh \
	tests/cli/180-monitor.sh tests/cli/185-advise.sh \
	tests/imap/010-tls.sh tests/imap/020-login.sh \
	tests/imap/040-many.sh tests/imap/070-parts.sh \
	tests/imap/080-secrets.sh tests/imap/085-attack.sh \
	tests/torture/010-kills.sh tests/torture/020-faults.sh \
	tests/torture/030-full.sh tests/torture/040-named.sh
TESTS += $(dist_check_SCRIPTS)

# Loaded before a program too, for the same reason without its flags.
check_DATA += tests/cli/no_sandbox.so
CLEANFILES += tests/cli/no_sandbox.so
EXTRA_DIST += tests/cli/no_sandbox.c
tests/cli/no_sandbox.so: $(srcdir)/tests/cli/no_sandbox.c
	$(AM_V_CCLD)$(MKDIR_P) tests/cli && $(CC) -std=c11 $(WARN_CFLAGS) \
		-fPIC -shared -o $@ $(srcdir)/tests/cli/no_sandbox.c

# A disk that fails, to be loaded before a program that is as it is: so
# without the sanitizers' flags, which may be among CFLAGS.
check_DATA += tests/torture/fault.so
CLEANFILES += tests/torture/fault.so
EXTRA_DIST += tests/torture/disk.py tests/torture/fault.c \
	tests/torture/fault_plan.c tests/torture/fault_plan.h \
	tests/torture/faults.py tests/torture/full.py tests/torture/kills.py \
	tests/torture/kit.py tests/torture/lib.sh tests/torture/named.py \
	tests/torture/scenes.py
fault_files = $(srcdir)/tests/torture/fault.c \
	$(srcdir)/tests/torture/fault_plan.c
tests/torture/fault.so: $(fault_files) $(srcdir)/tests/torture/fault_plan.h
	$(AM_V_CCLD)$(MKDIR_P) tests/torture && \
		$(CC) -std=c11 -I. $(WARN_CFLAGS) -O1 -fPIC -shared -o $@ \
		$(fault_files) -ldl

EXTRA_DIST += tests/imap/attack.c tests/imap/fill.py tests/imap/hostile.py \
	tests/imap/lib.sh tests/imap/moved.c tests/imap/proxy.py \
	tests/imap/secrets.py tests/imap/server.py \
	tests/pki.sh tests/servers.sh tests/unit/tls_peer.py
EXTRA_DIST += tests/lsan.supp tests/cli/lib.sh tests/cli/mail.py \
	tests/cli/plugin.py \
	tests/cli/golden/advise-all.txt tests/cli/golden/advise-asked.txt \
	tests/cli/golden/advise-enforced.txt \
	tests/cli/golden/advise-group.txt tests/cli/golden/advise-mended.txt \
	tests/cli/golden/advise-none.txt tests/cli/golden/advise-ready.txt \
	tests/cli/golden/advise-young.txt tests/cli/golden/monitor-sample.txt \
	tests/cli/golden/monitor-verbose.txt tests/cli/oauth.py \
	tests/cli/sums.py tests/cli/golden/by-day.txt \
	tests/cli/golden/day-fine.txt tests/cli/schema.py \
	tests/cli/golden/json-domain.json tests/cli/golden/metrics.txt \
	tests/cli/golden/day-none.txt tests/cli/golden/day.txt \
	tests/cli/golden/coverage.csv tests/cli/golden/mail.txt \
	tests/cli/golden/excel.csv tests/cli/golden/explain.txt \
	tests/cli/golden/failures-only.txt tests/cli/golden/failures.csv \
	tests/cli/golden/list-one.txt tests/cli/golden/list-remarks.txt \
	tests/cli/golden/list-terminal.txt tests/cli/golden/list.txt \
	tests/cli/golden/month.csv tests/cli/golden/new-empty.txt \
	tests/cli/golden/new-first.txt tests/cli/golden/new-second.txt \
	tests/cli/golden/settle-awaited.txt tests/cli/golden/settle-overdue.txt \
	tests/cli/golden/settle-overview.txt tests/cli/golden/policies-failed.csv \
	tests/cli/golden/policies.csv tests/cli/golden/rejects.txt \
	tests/cli/golden/show.txt tests/cli/golden/week-one.txt \
	tests/cli/golden/week.txt tests/cli/golden/yesterday.txt \
	tests/data/golden/by-day.txt tests/data/golden/failures-only.txt \
	tests/data/golden/many.txt tests/data/golden/nothing-ever.txt \
	tests/data/golden/nothing.txt tests/data/golden/one-fine.txt \
	tests/data/golden/one-problem-colour.txt tests/data/golden/one-problem.txt \
	tests/data/golden/unsettled.txt tests/data/golden/very-many.txt \
	tests/data/golden/week.txt tests/data/good/extra-parts.eml \
	tests/data/good/foreign-bounce-of-a-report.eml \
	tests/data/good/foreign-broken-gzip.eml \
	tests/data/good/foreign-dmarc-gzip.eml \
	tests/data/good/foreign-dmarc-zip.eml \
	tests/data/good/foreign-newsletter.eml \
	tests/data/good/foreign-plain-text.eml \
	tests/data/good/foreign-receipt-for-a-report.eml \
	tests/data/good/gzip-lf-only.eml tests/data/good/gzip-of-two-members.eml \
	tests/data/good/gzip.eml tests/data/good/json-8bit.eml \
	tests/data/good/json-quoted-printable.eml \
	tests/data/good/mime-gzip-base64.eml tests/data/good/mime-json-7bit.eml \
	tests/data/good/mime-json-8bit.eml tests/data/good/mime-json-base64.eml \
	tests/data/good/mime-json-quoted-printable.eml \
	tests/data/good/mime-report-type-unquoted.eml \
	tests/data/good/report-ascii.json tests/data/good/report-utf8.json \
	tests/data/good/tlsrpt-all-result-types.json \
	tests/data/good/tlsrpt-fetch-error-without-mx.json \
	tests/data/good/tlsrpt-no-policies.json \
	tests/data/good/tlsrpt-rfc8460-appendix-b.json \
	tests/data/good/tlsrpt-sts-and-tlsa.json \
	tests/data/good/tlsrpt-unknown-members.json tests/data/good/two-reports.eml \
	tests/data/hostile/boundaries-that-almost-match.eml \
	tests/data/hostile/control-characters-in-names.eml \
	tests/data/hostile/empty-attachment.eml \
	tests/data/hostile/forged-authentication-results.eml \
	tests/data/hostile/gzip-bad-crc.eml tests/data/hostile/gzip-bad-length.eml \
	tests/data/hostile/gzip-bomb.eml tests/data/hostile/gzip-matryoshka.eml \
	tests/data/hostile/gzip-truncated.eml tests/data/hostile/json-cut.eml \
	tests/data/hostile/messages-nested-40-deep.eml \
	tests/data/hostile/multiparts-nested-40-deep.eml \
	tests/data/hostile/no-report-in-it.eml tests/data/hostile/parts-1001.eml \
	tests/data/hostile/tlsrpt-count-fractional.json \
	tests/data/hostile/tlsrpt-count-infinite.json \
	tests/data/hostile/tlsrpt-count-negative.json \
	tests/data/hostile/tlsrpt-count-over-2-53.json \
	tests/data/hostile/tlsrpt-counts-sum-over-2-53.json \
	tests/data/hostile/tlsrpt-cut-short.json \
	tests/data/hostile/tlsrpt-date-nonsense.json \
	tests/data/hostile/tlsrpt-details-of-strings.json \
	tests/data/hostile/tlsrpt-escape-sequences.json \
	tests/data/hostile/tlsrpt-leading-zero.json \
	tests/data/hostile/tlsrpt-name-twice.json \
	tests/data/hostile/tlsrpt-nested-40-deep.json \
	tests/data/hostile/tlsrpt-no-date-range.json \
	tests/data/hostile/tlsrpt-policies-a-string.json \
	tests/data/hostile/tlsrpt-string-5000-bytes.json \
	tests/data/hostile/tlsrpt-text-behind.json tests/data/hostile/zip-bomb.eml \
	tests/data/hostile/zip-encrypted.eml \
	tests/data/hostile/zip-of-many-entries.eml \
	tests/data/hostile/zip-path-traversal.eml \
	tests/data/imap/account.frame \
	tests/data/imap/alert-without-text.txt \
	tests/data/imap/continuation-with-badcharset.txt \
	tests/data/imap/greeting-with-permanentflags.txt \
	tests/data/imap/literal-in-a-status.txt \
	tests/data/imap/literal-over-32-bits.txt \
	tests/data/imap/message-given-twice.answers \
	tests/data/imap/more-than-announced.answers \
	tests/data/imap/new-folder-listed-at-once.answers \
	tests/data/imap/nested-200-deep.txt \
	tests/data/imap/overlapping-ranges.frame \
	tests/data/imap/permanentflags-unended.txt \
	tests/data/imap/quoted-string-over-two-lines.txt \
	tests/data/imap/session.txt \
	tests/data/imap/set.frame \
	tests/data/imap/two-folders.answers \
	tests/data/imap/uidvalidity-there-and-back.answers \
	tests/data/lenient/bare-tlsrpt-type.eml \
	tests/data/lenient/base64-not-announced.eml \
	tests/data/lenient/bytes-behind-the-gzip.eml \
	tests/data/lenient/content-type-without-hyphen.eml \
	tests/data/lenient/dkim-length-tag.eml \
	tests/data/lenient/domain-from-filename.eml \
	tests/data/lenient/domain-from-header.eml \
	tests/data/lenient/domain-from-subject.eml \
	tests/data/lenient/extra-parts.eml tests/data/lenient/filename-folded.eml \
	tests/data/lenient/filename-rfc2047.eml \
	tests/data/lenient/filename-rfc2231.eml \
	tests/data/lenient/forwarded-as-a-file.eml \
	tests/data/lenient/forwarded-in-base64.eml \
	tests/data/lenient/forwarded-message.eml tests/data/lenient/forwarded.eml \
	tests/data/lenient/gzip-in-gzip.eml tests/data/lenient/gzip-in-zip.eml \
	tests/data/lenient/list-banner.eml \
	tests/data/lenient/mailing-list-footer.eml \
	tests/data/lenient/multipart-mixed.eml \
	tests/data/lenient/no-closing-boundary.eml \
	tests/data/lenient/no-content-type-but-a-name.eml \
	tests/data/lenient/no-final-boundary.eml \
	tests/data/lenient/no-report-headers.eml \
	tests/data/lenient/noise-in-base64.eml \
	tests/data/lenient/octet-stream-named-json-gz.eml \
	tests/data/lenient/says-gzip-is-json.eml \
	tests/data/lenient/says-json-is-gzip.eml tests/data/lenient/single-part.eml \
	tests/data/lenient/submitter-not-contact.eml \
	tests/data/lenient/text-attachment.eml tests/data/lenient/tlsrpt-alias.json \
	tests/data/lenient/tlsrpt-contact-missing.json \
	tests/data/lenient/tlsrpt-count-missing.json \
	tests/data/lenient/tlsrpt-count-string.json \
	tests/data/lenient/tlsrpt-counts-differ.json \
	tests/data/lenient/tlsrpt-date-hour-24.json \
	tests/data/lenient/tlsrpt-date-loose.json \
	tests/data/lenient/tlsrpt-date-without-zone.json \
	tests/data/lenient/tlsrpt-details-form.json \
	tests/data/lenient/tlsrpt-domain-not-ascii.json \
	tests/data/lenient/tlsrpt-domain-unknown.json \
	tests/data/lenient/tlsrpt-ip-form.json \
	tests/data/lenient/tlsrpt-json-bom.json \
	tests/data/lenient/tlsrpt-json-text.json \
	tests/data/lenient/tlsrpt-json-trailing.json \
	tests/data/lenient/tlsrpt-more-deviations.json \
	tests/data/lenient/tlsrpt-mx-host-form.json \
	tests/data/lenient/tlsrpt-mx-host-prefix.json \
	tests/data/lenient/tlsrpt-null-element.json \
	tests/data/lenient/tlsrpt-organization-missing.json \
	tests/data/lenient/tlsrpt-policies-at-top.json \
	tests/data/lenient/tlsrpt-policies-missing.json \
	tests/data/lenient/tlsrpt-policies-object.json \
	tests/data/lenient/tlsrpt-policy-flat.json \
	tests/data/lenient/tlsrpt-policy-string-form.json \
	tests/data/lenient/tlsrpt-policy-string-lines.json \
	tests/data/lenient/tlsrpt-policy-string-nested.json \
	tests/data/lenient/tlsrpt-policy-type-missing.json \
	tests/data/lenient/tlsrpt-policy-type-spelling.json \
	tests/data/lenient/tlsrpt-policy-type-unknown.json \
	tests/data/lenient/tlsrpt-range-end-missing.json \
	tests/data/lenient/tlsrpt-range-flat.json \
	tests/data/lenient/tlsrpt-range-not-one-day.json \
	tests/data/lenient/tlsrpt-range-reversed.json \
	tests/data/lenient/tlsrpt-report-id-missing.json \
	tests/data/lenient/tlsrpt-result-type-missing.json \
	tests/data/lenient/tlsrpt-result-type-spelling.json \
	tests/data/lenient/tlsrpt-result-type-unknown.json \
	tests/data/lenient/tlsrpt-string-expected.json tests/data/lenient/zip.eml \
	tests/data/mbox/crlf-and-no-address.mbox \
	tests/data/mbox/empty-messages.mbox \
	tests/data/mbox/first-line-over-the-bound.mbox \
	tests/data/mbox/long-lines.mbox \
	tests/data/mbox/quoted-and-dated-lines.mbox \
	tests/data/unpack/dynamic-codes.deflate \
	tests/data/unpack/every-field-in-its-head.gz \
	tests/data/unpack/fixed-codes.deflate \
	tests/data/unpack/long-matches.deflate \
	tests/data/unpack/report.json.gz tests/data/unpack/stored.zip \
	tests/data/unpack/two-entries.zip

EXTRA_DIST += tests/data/domain/domain-in-doubt.snapshot \
	tests/data/domain/domain-with-a-past.question \
	tests/data/domain/domain-with-dane.snapshot \
	tests/data/domain/domain-with-dane.summary \
	tests/data/domain/domain-with-faults.summary \
	tests/data/domain/nothing-known.snapshot
EXTRA_DIST += tests/data/net/ehlo.reply \
	tests/data/net/pointers-in-a-circle.answer-packet \
	tests/data/net/two-aliases.answer-packet
EXTRA_DIST += tests/data/reasons.tsv
EXTRA_DIST += tests/data/record/key.tlsa tests/data/record/policy.txt \
	tests/data/record/record.txt tests/data/record/texts.cases

EXTRA_DIST += tests/data/wire/range-beyond-the-calendar.answer \
	tests/data/wire/reporter-without-a-name.answer
EXTRA_DIST += tests/data/hostile/7z-in-disguise.eml \
	tests/data/hostile/boundary-empty.eml \
	tests/data/hostile/boundary-of-1000-bytes.eml \
	tests/data/hostile/bzip2-in-disguise.eml \
	tests/data/hostile/comments-unclosed.eml \
	tests/data/hostile/encoded-words-that-decode-to-fields.eml \
	tests/data/hostile/filename-of-a-path.eml \
	tests/data/hostile/gzip-all-header-fields.gz \
	tests/data/hostile/gzip-header-cut.gz \
	tests/data/hostile/gzip-quine.gz \
	tests/data/hostile/gzip-reserved-flags.gz \
	tests/data/hostile/nul-in-header.eml \
	tests/data/hostile/rar-in-disguise.eml \
	tests/data/hostile/tar-in-disguise.eml \
	tests/data/hostile/tar-in-gzip.eml \
	tests/data/hostile/tlsrpt-bidi-everywhere.json \
	tests/data/hostile/tlsrpt-bom-twice.json \
	tests/data/hostile/tlsrpt-controls-everywhere.json \
	tests/data/hostile/tlsrpt-count-1e9999.json \
	tests/data/hostile/tlsrpt-count-2-to-the-63.json \
	tests/data/hostile/tlsrpt-count-2-to-the-64-and-one.json \
	tests/data/hostile/tlsrpt-formulas-everywhere.json \
	tests/data/hostile/tlsrpt-key-of-10-kib.json \
	tests/data/hostile/tlsrpt-lone-surrogates.json \
	tests/data/hostile/tlsrpt-name-twice-by-escape.json \
	tests/data/hostile/tlsrpt-nul-in-strings.json \
	tests/data/hostile/tlsrpt-number-of-10000-digits.json \
	tests/data/hostile/tlsrpt-proto-names.json \
	tests/data/hostile/tlsrpt-raw-surrogates.json \
	tests/data/hostile/tlsrpt-utf-16.json \
	tests/data/hostile/tlsrpt-utf-32.json \
	tests/data/hostile/tlsrpt-year-10000.json \
	tests/data/hostile/tlsrpt-year-9999.json \
	tests/data/hostile/xz-in-disguise.eml \
	tests/data/hostile/zip-65535-claimed.zip \
	tests/data/hostile/zip-absolute-paths.zip \
	tests/data/hostile/zip-bad-crc.zip \
	tests/data/hostile/zip-devices.zip \
	tests/data/hostile/zip-in-zip.eml \
	tests/data/hostile/zip-lying-descriptor.zip \
	tests/data/hostile/zip-lying-sizes.zip \
	tests/data/hostile/zip-lzma.zip \
	tests/data/hostile/zip-of-a-quine.zip \
	tests/data/hostile/zip-quine.zip \
	tests/data/hostile/zip-symlink.zip \
	tests/data/hostile/zip64-huge-sizes.zip \
	tests/data/hostile/zip64.zip

# What hostile mails cost, for tests/cli/140-hostile.sh and 145-linear.sh; and
# the long form of both, with attacks as large as they may come: some minutes.
check_PROGRAMS += tests/hostile/cost
tests_hostile_cost_SOURCES = tests/hostile/cost.c
tests_hostile_cost_LDADD = $(FLOORS) $(FLOOR_LIBS)
EXTRA_DIST += tests/hostile/attacks.py tests/hostile/fixtures.tsv \
	tests/hostile/linear.py tests/hostile/linear_store.py \
	tests/hostile/quine.py tests/hostile/raw.py tests/hostile/run.py
.PHONY: check-hostile
check-hostile: src/tlstally$(EXEEXT) tests/hostile/cost$(EXEEXT)
	python3 $(srcdir)/tests/cli/mail.py id=good >tests/hostile/good.eml
	export PYTHONDONTWRITEBYTECODE=1; d=$(srcdir)/tests/hostile; \
	python3 $$d/run.py --long src/tlstally tests/hostile/good.eml && \
	python3 $$d/linear.py --long tests/hostile/cost && \
	python3 $$d/linear_store.py --long src/tlstally
CLEANFILES += tests/hostile/good.eml

# Tests that need heavy parts; contrib/check --all runs them.

HEAVY_TESTS = tests/heavy/010-spreadsheet.sh tests/heavy/020-delivery.sh \
	tests/heavy/030-weekly-csv.sh tests/heavy/040-net.sh \
	tests/heavy/045-metrics.sh tests/heavy/050-html.sh \
	tests/heavy/055-check.sh tests/heavy/057-servers.sh \
	tests/heavy/060-watch.sh
EXTRA_DIST += $(HEAVY_TESTS) tests/heavy/agents.sh \
	tests/heavy/namespace.sh \
	tests/heavy/browser.py tests/heavy/domains.py \
	tests/heavy/dns_proxy.py tests/heavy/odd_smtp.py \
	tests/heavy/silent_dns.py tests/heavy/sheet.sh \
	tests/heavy/world.sh
.PHONY: check-all check-heavy
check-all:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(HEAVY_TESTS) $(TESTS)'
check-heavy:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(HEAVY_TESTS)'
EXTRA_DIST += tests/cli/golden/changes.txt tests/cli/golden/group.txt \
	tests/cli/golden/host.txt tests/cli/golden/missed.txt \
	tests/cli/golden/scope-config.txt tests/cli/golden/whose.txt \
	tests/data/golden/changes.txt tests/data/golden/group.txt \
	tests/data/golden/health.txt tests/data/golden/ignored.txt \
	tests/data/golden/missed.txt tests/data/golden/one-host.txt \
	tests/data/golden/others.txt tests/data/golden/silent.txt \
	tests/data/golden/states.txt tests/data/golden/testing.txt \
	tests/data/golden/zeros.txt
