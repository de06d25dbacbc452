# SPDX-License-Identifier: ISC

EXTRA_DIST += contrib/quickstart contrib/check contrib/fuzz \
	contrib/monitoring/README contrib/monitoring/dashboard.json \
	contrib/monitoring/rules.yml contrib/monitoring/rules_test.yml \
	contrib/monitoring/tlstally-metrics.cron \
	contrib/monitoring/tlstally-metrics.service \
	contrib/monitoring/tlstally-metrics.timer \
	contrib/packages.sh contrib/torture \
	contrib/weekly-csv contrib/recipes/cron/tlstally \
	contrib/recipes/cron/tlstally-mail \
	contrib/recipes/systemd/mail-digest \
	contrib/recipes/systemd/tlstally-digest.service \
	contrib/recipes/systemd/tlstally-digest.timer \
	contrib/recipes/systemd/tlstally-ingest.service \
	contrib/recipes/systemd/tlstally-ingest.timer \
	contrib/sample/README contrib/sample/make-sample \
	contrib/sample/reports.mbox \
	contrib/bench/README contrib/bench/check contrib/bench/digests contrib/bench/imap \
	contrib/bench/lib.sh contrib/bench/run contrib/recipes/README \
	contrib/recipes/dovecot.conf contrib/recipes/exim-router \
	contrib/recipes/exim-transport \
	contrib/recipes/imap/README contrib/recipes/imap/gmail.conf \
	contrib/recipes/imap/microsoft365.conf \
	contrib/recipes/imap/password.conf contrib/recipes/imap/systemd.conf \
	contrib/recipes/imap/tlstally-token contrib/recipes/maildroprc \
	contrib/recipes/postfix-main.cf contrib/recipes/postfix-master.cf \
	contrib/recipes/postfix-transport contrib/recipes/procmailrc \
	contrib/recipes/monitoring/README contrib/recipes/monitoring/cron \
	contrib/recipes/monitoring/icinga2.conf \
	contrib/recipes/monitoring/nagios.cfg \
	contrib/recipes/monitoring/nrpe.cfg \
	contrib/recipes/tlstally-ingest contrib/recipes/tlstally.sieve

# What contrib/bench/run and imap need: make bench-programs
EXTRA_PROGRAMS += contrib/bench/genmail contrib/bench/bare \
	contrib/bench/cpu contrib/bench/fillstore contrib/bench/memory \
	contrib/bench/slowproxy
contrib_bench_genmail_SOURCES = contrib/bench/genmail.c \
	contrib/bench/genfacts.c contrib/bench/genfacts.h \
	contrib/bench/genjson.c contrib/bench/genjson.h \
	contrib/bench/genpack.c contrib/bench/genpack.h \
	contrib/bench/genreport.c contrib/bench/genreport.h \
	contrib/bench/genshape.c contrib/bench/genshape.h \
	contrib/bench/gentext.c contrib/bench/gentext.h
contrib_bench_genmail_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
contrib_bench_genmail_CPPFLAGS = $(AM_CPPFLAGS) \
	-I$(top_srcdir)/contrib/bench
contrib_bench_genmail_LDADD = src/base/libbase.a $(ZLIB_LIBS)
contrib_bench_bare_SOURCES = contrib/bench/bare.c
contrib_bench_bare_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
contrib_bench_bare_LDADD = $(ZLIB_LIBS)
contrib_bench_cpu_SOURCES = contrib/bench/cpu.c contrib/bench/start.c \
	contrib/bench/start.h
contrib_bench_memory_SOURCES = contrib/bench/memory.c contrib/bench/start.c \
	contrib/bench/start.h
contrib_bench_fillstore_SOURCES = contrib/bench/fillstore.c
contrib_bench_fillstore_LDADD = $(FLOORS) $(FLOOR_LIBS)
contrib_bench_slowproxy_SOURCES = contrib/bench/slowproxy.c
if WITH_IMAP
EXTRA_PROGRAMS += contrib/bench/rawimap
contrib_bench_rawimap_SOURCES = contrib/bench/rawimap.c
contrib_bench_rawimap_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
contrib_bench_rawimap_LDADD = $(OPENSSL_LIBS)
endif
CLEANFILES += $(EXTRA_PROGRAMS)

.PHONY: bench-programs
bench-programs: $(EXTRA_PROGRAMS) $(bin_PROGRAMS) $(pkglibexec_PROGRAMS)
