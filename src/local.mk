# SPDX-License-Identifier: ISC
#
# One library a floor, linked from the top down: a call upwards does not link.

noinst_LIBRARIES += src/base/libbase.a src/proc/libproc.a \
	src/report/libreport.a src/decode/libdecode.a src/jail/libjail.a src/source/libsource.a \
	src/store/libstore.a src/digest/libdigest.a src/output/liboutput.a \
	src/domain/libdomain.a src/cmd/libcmd.a

src_base_libbase_a_SOURCES = src/base/address.c src/base/address.h \
	src/base/arena.c src/base/arena.h \
	src/base/buf.c src/base/buf.h src/base/clock.c \
	src/base/clock.h src/base/date.c src/base/date.h \
	src/base/date_parse.c src/base/die.c src/base/die.h src/base/err.c \
	src/base/err.h src/base/fields.c src/base/fields.h src/base/file.c src/base/file.h src/base/limits.h \
	src/base/ip.c src/base/ip.h src/base/keyed_hash.c src/base/keyed_hash.h \
	src/base/log.c src/base/log.h src/base/ratio.c src/base/ratio.h \
	src/base/rename.c src/base/rename.h src/base/resolver.c \
	src/base/resolver.h \
	src/base/sha256.c src/base/sha256.h src/base/sharing.c \
	src/base/sharing.h src/base/span.c src/base/span.h \
	src/base/strings.c src/base/strings.h src/base/utf8.c \
	src/base/utf8.h src/base/utf8_width.c
src_base_libbase_a_CFLAGS = $(AM_CFLAGS) $(NETTLE_CFLAGS)

src_proc_libproc_a_SOURCES = src/proc/child.c src/proc/child.h \
	src/proc/confine.c src/proc/confine.h \
	src/proc/frame.c src/proc/frame.h src/proc/helper.c \
	src/proc/helper.h src/proc/imap_wire.c src/proc/imap_wire.h \
	src/proc/landlock.c src/proc/landlock.h \
	src/proc/net_wire.c src/proc/net_wire.h \
	src/proc/privileges.c src/proc/privileges.h \
	src/proc/program.c src/proc/program.h \
	src/proc/sandbox.c src/proc/sandbox.h src/proc/zygote.c \
	src/proc/zygote.h
src_proc_libproc_a_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
src_proc_libproc_a_CPPFLAGS = $(AM_CPPFLAGS) \
	-DPKGLIBEXECDIR='"$(pkglibexecdir)"'

src_report_libreport_a_SOURCES = src/report/again.c src/report/decoded.h \
	src/report/deviation.c \
	src/report/deviation.h src/report/report.c src/report/report.h \
	src/report/rows.h src/report/vocabulary.c src/report/vocabulary.h \
	src/report/wire.c src/report/wire.h

src_decode_libdecode_a_SOURCES = src/decode/attribute.c \
	src/decode/attribute.h src/decode/auth.c src/decode/auth.h \
	src/decode/base64.c src/decode/base64.h src/decode/candidate.c \
	src/decode/candidate.h src/decode/charset.c \
	src/decode/charset.h src/decode/claim.c src/decode/claim.h \
	src/decode/collect.c src/decode/collect.h src/decode/decode.h \
	src/decode/envelope.c src/decode/envelope.h src/decode/failure.c \
	src/decode/failure.h src/decode/field.c src/decode/field.h \
	src/decode/gzip.c src/decode/gzip.h src/decode/intake.c src/decode/intake.h \
	src/decode/json.c src/decode/json.h src/decode/jsonstring.c \
	src/decode/jsonstring.h src/decode/jsontext.c src/decode/jsontext.h \
	src/decode/levels.c src/decode/levels.h src/decode/members.c \
	src/decode/members.h src/decode/message.c src/decode/mime.c \
	src/decode/mime.h src/decode/parameter.c src/decode/parameter.h \
	src/decode/part.c src/decode/part.h src/decode/policy.c src/decode/policy.h \
	src/decode/policytext.c src/decode/policytext.h src/decode/reading.c \
	src/decode/reading.h src/decode/tlsrpt.c src/decode/tlsrpt.h \
	src/decode/transfer.c src/decode/transfer.h src/decode/unpack.c \
	src/decode/unpack.h src/decode/whole.c src/decode/whole.h \
	src/decode/words.c src/decode/words.h src/decode/zip.c src/decode/zip.h
src_decode_libdecode_a_CFLAGS = $(AM_CFLAGS) $(CJSON_CFLAGS) $(ZLIB_CFLAGS) \
	$(LIBDEFLATE_CFLAGS) $(LIBARCHIVE_CFLAGS)

src_jail_libjail_a_SOURCES = src/jail/jail.c src/jail/jail.h src/jail/job.c \
	src/jail/job.h src/jail/pool.c src/jail/pool.h src/jail/question.c \
	src/jail/question.h src/jail/worker.c src/jail/worker.h

src_source_libsource_a_SOURCES = src/source/deposit.c \
	src/source/deposit.h src/source/dispose.c src/source/driver.h \
	src/source/file.c src/source/folder.c src/source/folder_name.c \
	src/source/folder_name.h src/source/from_line.c src/source/from_line.h \
	src/source/imap.c src/source/imap.h src/source/imap_answer.c \
	src/source/imap_dispose.c src/source/imap_list.c \
	src/source/imap_list.h src/source/imap_listing.c \
	src/source/imap_private.h src/source/imap_session.c \
	src/source/imap_session.h src/source/imap_url.c \
	src/source/imap_walk.c \
	src/source/input.c src/source/input.h src/source/mail_folder.c \
	src/source/maildir.c src/source/maildir.h src/source/mbox.c \
	src/source/mbox.h src/source/mbox_window.c src/source/mbox_window.h \
	src/source/names.c src/source/names.h src/source/source.c \
	src/source/source.h src/source/stdin.c src/source/utf7.c \
	src/source/utf7.h

src_store_libstore_a_SOURCES = src/store/backup.c src/store/check.c \
	src/store/check_schema.c \
	src/store/figures.c src/store/figures.h src/store/ingest.c \
	src/store/key.c \
	src/store/ledger.c src/store/ledger.h src/store/list.c \
	src/store/memo.c src/store/names.c src/store/number.h \
	src/store/numbers.c src/store/open.c src/store/pack.c \
	src/store/private.h src/store/prune.c src/store/query.c \
	src/store/rejects.c src/store/reparse.c src/store/report_read.c \
	src/store/report_write.c src/store/schema.c src/store/sieve.c \
	src/store/sources.c src/store/sql.c src/store/status.c \
	src/store/store.h src/store/streams.c src/store/told.c \
	src/store/twins.c src/store/upkeep.h src/store/watch.c \
	src/store/watch.h
src_store_libstore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)

src_digest_libdigest_a_SOURCES = src/digest/absent.c src/digest/alarm.c \
	src/digest/alarm.h src/digest/change.c src/digest/days.c \
	src/digest/digest.c src/digest/digest.h \
	src/digest/domain.c src/digest/evidence.c src/digest/evidence.h \
	src/digest/explain.c src/digest/explain.h \
	src/digest/health.c src/digest/health.h src/digest/incident.c \
	src/digest/lines.c src/digest/patterns.c src/digest/patterns.h \
	src/digest/problem.c src/digest/readiness.c \
	src/digest/readiness.h src/digest/scope.c src/digest/scope.h \
	src/digest/silence.c src/digest/sums.c src/digest/sums.h \
	src/digest/table.c src/digest/table.h src/digest/usual.c \
	src/digest/reason.c src/digest/reason.h \
	src/digest/reason_certificate.c src/digest/reason_dns.c \
	src/digest/reason_policy.c src/digest/reason_private.h \
	src/digest/reason_session.c src/digest/reason_words_a_to_c.c \
	src/digest/reason_words_d_to_m.c src/digest/reason_words_n_to_r.c \
	src/digest/reason_words_s_to_z.c src/digest/topic.c \
	src/digest/topic.h src/digest/topic_private.h \
	src/digest/topic_reading.c

src_output_liboutput_a_SOURCES = src/output/advice.c \
	src/output/advice.h src/output/advice_json.c \
	src/output/advice_steps.c src/output/advice_steps.h \
	src/output/alarm_words.c \
	src/output/alarm_words.h src/output/atomic_file.c \
	src/output/atomic_file.h src/output/check.c src/output/check.h \
	src/output/check_json.c src/output/check_nagios.c \
	src/output/check_text.c src/output/coverage.c \
	src/output/coverage.h src/output/csv.c src/output/encode.c \
	src/output/encode.h src/output/escape.c \
	src/output/escape.h src/output/export.c src/output/export.h \
	src/output/output.c src/output/output.h src/output/plain.c \
	src/output/plain.h src/output/plugin.c \
	src/output/plugin.h src/output/json.c src/output/json.h \
	src/output/json_domain.c src/output/json_write.c \
	src/output/json_write.h src/output/metrics.c src/output/metrics.h \
	src/output/prometheus.c src/output/html.c src/output/html.h \
	src/output/html_chart.c src/output/html_coverage.c \
	src/output/html_domain.c src/output/html_merge.c \
	src/output/html_period.c src/output/html_style.c \
	src/output/html_tables.c src/output/mail.c src/output/mail.h \
	src/output/mail_subject.c \
	src/output/text.c src/output/text.h src/output/text_domain.c \
	src/output/text_footer.c src/output/text_incident.c \
	src/output/text_overview.c src/output/text_tables.c \
	src/output/words.c src/output/words.h src/output/words_domain.c \
	src/output/words_incident.c src/output/wrap.c src/output/wrap.h

src_domain_libdomain_a_SOURCES = src/domain/checks.c src/domain/checks.h \
	src/domain/codec.c src/domain/codec.h \
	src/domain/compare.c \
	src/domain/compare.h src/domain/facts.h src/domain/finding.c src/domain/finding.h \
	src/domain/judge.c src/domain/judge_dane.c \
	src/domain/judge_destination.c src/domain/judge_mx.c \
	src/domain/judge_past.c src/domain/judge_private.h \
	src/domain/judge_record.c src/domain/judge_sts.c \
	src/domain/name.c src/domain/name.h src/domain/rdata.c \
	src/domain/rdata.h src/domain/record.c src/domain/record.h \
	src/domain/record_make.c src/domain/record_private.h \
	src/domain/record_read.c src/domain/record_rua.c \
	src/domain/record_text.c src/domain/servers.c \
	src/domain/snapshot.c src/domain/snapshot.h \
	src/domain/snapshot_look.c src/domain/snapshot_pack.c \
	src/domain/sts.c src/domain/sts.h \
	src/domain/sts_policy.c src/domain/summary.c src/domain/summary.h \
	src/domain/summary_names.c src/domain/summary_private.h \
	src/domain/summary_wire.c src/domain/tlsa.c src/domain/tlsa.h \
	src/domain/uri.c src/domain/uri.h

src_cmd_libcmd_a_SOURCES = src/cmd/advise_rows.c \
	src/cmd/advise_rows.h src/cmd/asked.c src/cmd/asked.h \
	src/cmd/batch.c src/cmd/batch.h \
	src/cmd/check_advice.c src/cmd/check_advice.h \
	src/cmd/check_past.c src/cmd/check_past.h src/cmd/cmd.c \
	src/cmd/cmd.h src/cmd/cmd_advise.c src/cmd/cmd_backup.c \
	src/cmd/cmd_check.c src/cmd/cmd_config.c \
	src/cmd/cmd_digest.c src/cmd/cmd_explain.c src/cmd/cmd_export.c \
	src/cmd/cmd_ingest.c src/cmd/cmd_list.c src/cmd/cmd_make_record.c \
	src/cmd/cmd_monitor.c \
	src/cmd/cmd_prune.c \
	src/cmd/cmd_rejects.c src/cmd/cmd_reparse.c src/cmd/cmd_show.c \
	src/cmd/cmd_status.c src/cmd/conf.c src/cmd/conf.h \
	src/cmd/conf_parse.c src/cmd/conf_private.h \
	src/cmd/conf_scope.c src/cmd/conf_scope_check.c src/cmd/conf_source.c \
	src/cmd/conflicts.c src/cmd/conflicts.h \
	src/cmd/figures.c src/cmd/figures.h src/cmd/hashed.c src/cmd/hashed.h src/cmd/heard.c \
	src/cmd/heard.h src/cmd/hold.c src/cmd/hold.h \
	src/cmd/ingest.c src/cmd/ingest.h \
	src/cmd/live.c src/cmd/live.h \
	src/cmd/looking.c src/cmd/looking.h \
	src/cmd/mta.c src/cmd/mta.h src/cmd/net.c src/cmd/net.h \
	src/cmd/options.c src/cmd/options.h src/cmd/origin.c \
	src/cmd/origin.h src/cmd/originals.c src/cmd/originals.h \
	src/cmd/period.c src/cmd/period.h src/cmd/pick.c src/cmd/pick.h \
	src/cmd/queue.c src/cmd/queue.h \
	src/cmd/record_names.c src/cmd/record_names.h \
	src/cmd/records.c src/cmd/records.h \
	src/cmd/send.c src/cmd/send.h \
	src/cmd/tell.c src/cmd/tell.h \
	src/cmd/tell_file.c src/cmd/tell_file.h
src_cmd_libcmd_a_CFLAGS = $(AM_CFLAGS) $(CONFUSE_CFLAGS)
src_cmd_libcmd_a_CPPFLAGS = $(AM_CPPFLAGS) \
	-DSYSCONFDIR='"$(sysconfdir)"' -DLOCALSTATEDIR='"$(localstatedir)"'

FLOORS = src/cmd/libcmd.a src/output/liboutput.a src/digest/libdigest.a \
	src/store/libstore.a src/source/libsource.a src/jail/libjail.a \
	src/decode/libdecode.a src/domain/libdomain.a src/report/libreport.a \
	src/proc/libproc.a src/base/libbase.a
FLOOR_LIBS = $(CONFUSE_LIBS) $(SQLITE_LIBS) $(LIBARCHIVE_LIBS) \
	$(ZLIB_LIBS) $(LIBDEFLATE_LIBS) $(CJSON_LIBS) $(NETTLE_LIBS) \
	$(SECCOMP_LIBS)

bin_PROGRAMS += src/tlstally
src_tlstally_SOURCES = src/main.c
src_tlstally_LDADD = $(FLOORS) $(FLOOR_LIBS)

# What only helper programs are made of.  OpenSSL and what else they link stay
# out of tlstally itself.
if WITH_TLS
noinst_LIBRARIES += src/net/libnet.a
src_net_libnet_a_SOURCES = src/net/clear.c src/net/clear.h \
	src/net/dial.c src/net/dial.h src/net/host.c src/net/host.h \
	src/net/link.c src/net/link.h src/net/tls.c \
	src/net/tls.h src/net/tls_private.h src/net/tls_trust.c \
	src/net/tls_verify.c
src_net_libnet_a_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
endif

# The helper program for IMAP.
if WITH_IMAP
noinst_LIBRARIES += src/imap/libimap.a

src_imap_libimap_a_SOURCES = src/imap/credentials.c src/imap/credentials.h \
	src/imap/dispose.c src/imap/etpan.h src/imap/fetch.c src/imap/folder.c \
	src/imap/guard.c src/imap/guard.h src/imap/login.c src/imap/prompt.c \
	src/imap/prompt.h src/imap/redact.c src/imap/redact.h \
	src/imap/session.c src/imap/session.h \
	src/imap/starttls.c src/imap/starttls.h src/imap/stream.c \
	src/imap/verdict.c

HELPER_FLOORS = src/imap/libimap.a src/net/libnet.a \
	src/proc/libproc.a src/base/libbase.a
HELPER_LIBS = -letpan -lsasl2 $(OPENSSL_LIBS) $(SECCOMP_LIBS) $(NETTLE_LIBS)

pkglibexec_PROGRAMS += src/tlstally-imap
src_tlstally_imap_SOURCES = src/imap/main.c
src_tlstally_imap_LDADD = $(HELPER_FLOORS) $(HELPER_LIBS)
endif

# What looks at the servers of domains.
if WITH_NET
noinst_LIBRARIES += src/net/libprobe.a

src_net_libprobe_a_SOURCES = src/net/address.c src/net/address.h \
	src/net/cert.c src/net/cert.h src/net/dane.c src/net/dane.h \
	src/net/dns.c src/net/dns.h src/net/dns_answer.c \
	src/net/dns_packet.c src/net/dns_packet.h src/net/dns_private.h \
	src/net/dns_setup.c src/net/https.c src/net/https.h \
	src/net/https_answer.c src/net/https_private.h \
	src/net/nameserver.c src/net/nameserver.h src/net/smtp.c \
	src/net/smtp.h src/net/smtp_reply.c src/net/smtp_reply.h \
	src/net/watch.c src/net/watch.h
src_net_libprobe_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(OPENSSL_CFLAGS)

noinst_LIBRARIES += src/netd/libnetd.a
src_netd_libnetd_a_SOURCES = src/netd/ask.c src/netd/certificate.c \
	src/netd/destination.c src/netd/inquiry.h src/netd/look.c \
	src/netd/look.h src/netd/loop.c src/netd/mx.c src/netd/policy.c \
	src/netd/probe.c src/netd/servers.c src/netd/visit.c

NET_FLOORS = src/net/libprobe.a src/net/libnet.a src/base/libbase.a
NET_LIBS = -lunbound $(CURL_LIBS) $(OPENSSL_LIBS) $(NETTLE_LIBS)

pkglibexec_PROGRAMS += src/tlstally-net
src_tlstally_net_SOURCES = src/netd/main.c
src_tlstally_net_LDADD = src/netd/libnetd.a src/net/libprobe.a \
	src/net/libnet.a src/domain/libdomain.a src/proc/libproc.a \
	src/base/libbase.a $(NET_LIBS) $(SECCOMP_LIBS)
endif
