/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_LIMITS_H
#define TLSTALLY_BASE_LIMITS_H

#include <stddef.h>

/*
 * Every bound on what comes from outside, with its reason.  A message that
 * goes over one is rejected with the bound's name, and the run goes on.
 * The configuration's limits { } section can lower each, never raise it.
 */
#define LIMITS(X)                                                             \
	/* Mail servers commonly stop at 10 to 50 MiB. */                     \
	X(message_bytes, (size_t)50 << 20)                                    \
	/* A report mail has 2 parts; forwarding and banners add a few. */    \
	X(mime_parts, 1000)                                                   \
	/* Forwards of forwards; each level costs a stack entry of ours. */   \
	X(mime_depth, 20)                                                     \
	/* Postfix cuts a header block at 100 KiB, Exchange at 256 KiB. */    \
	X(header_bytes, (size_t)256 << 10)                                    \
	/* The largest senders stay under 10 MiB; cJSON takes 7 times it. */  \
	X(json_bytes, (size_t)64 << 20)                                       \
	/* JSON reports deflate 5 to 20 times; 200 is a bomb ... */           \
	X(inflate_ratio, 200)                                                 \
	/* ... but a small output cannot hurt, whatever its ratio. */         \
	X(inflate_free_bytes, (size_t)1 << 20)                                \
	/* A zip of reports holds one a domain or so. */                      \
	X(archive_entries, 100)                                               \
	/* RFC 8460 needs 6 levels; deeper JSON is an attack on a stack. */   \
	X(json_depth, 32)                                                     \
	/* cJSON takes 64 bytes for a value: 64 MiB of "1," would be 2 GB. */ \
	X(json_values, 2000000)                                               \
	/* One policy a domain and type; no provider mails more at once. */   \
	X(policies, 10000)                                                    \
	/* Each pair of sender and MX address may fail in its own way. */     \
	X(failure_details, 200000)                                            \
	/* policy-string and mx-host of all policies together: an MTA-STS     \
	 * policy of 64 KiB has at most 10000 lines, a real one 10. */        \
	X(policy_strings, 200000)                                             \
	/* Names, addresses and reason texts; the longest real one is an EHLO \
	 * answer of under 1 KiB. */                                          \
	X(string_bytes, (size_t)4 << 10)

struct limits {
#define LIMIT_FIELD(name, value) size_t name;
	LIMITS(LIMIT_FIELD)
#undef LIMIT_FIELD
};

/* The values above. */
#define LIMIT_VALUE(name, value) .name = (value),
#define LIMITS_DEFAULT              \
	(struct limits)             \
	{                           \
		LIMITS(LIMIT_VALUE) \
	}

/*
 * Bounds that are no one's to set: they size tables, batches and buffers.
 */

/* What a store transaction holds: enough to spread its fsync thin, small
 * enough to stay within the memory that is promised for a mailbox. */
#define BATCH_MESSAGES 1000
#define BATCH_BYTES    ((size_t)4 << 20)

/* Deviations kept with one report: beyond this the sender is plainly at
 * odds with the RFC and the rest would only repeat. */
#define DEVIATIONS_MAX 64

/* Reports and faults in one message: a zip may hold archive_entries, and a
 * mail several attachments. */
#define ITEMS_MAX 1000

/* Layers of gzip around one JSON text, in and around a zip archive together:
 * some gateways pack again what was packed. */
#define GZIP_LAYERS 2

/* Processes that decode: more than this only wait for the one that stores. */
#define JOBS_MAX 64

/* How long a process may take over one message.  The worst that the bounds
 * above let through takes under 5 seconds on a slow machine. */
#define DECODE_SECONDS 60

/* What it may hold: a message of message_bytes as it came and unpacked, a JSON
 * of json_bytes with 10 times that for its values, and the answer. */
#define DECODE_MEMORY ((size_t)1280 << 20)

/* What it may answer: the texts and originals of all the reports that a
 * message of message_bytes can hold. */
#define ANSWER_BYTES_MAX ((size_t)256 << 20)

/* Pieces of one parameter of a header field (RFC 2231 3), each of which costs
 * a slot in a table: a file name of 1 KiB has 20.  Later ones are left out. */
#define PARAMETER_PIECES 1000

/* Signatures that the receiving server found good, of one mail: those who
 * sign have one or two, and lists add one.  Later ones are not looked at. */
#define SIGNERS_MAX 100

/* A boundary of a multipart: RFC 2046 5.1.1 allows 70 characters, RFC 5322
 * 2.1.1 no longer line.  One that is longer never comes. */
#define BOUNDARY_MAX 998

/* A number in JSON, in characters: the longest that the library reads whole.
 * 2^53-1 has 16 digits. */
#define JSON_NUMBER_MAX 63

/* Names of files and of entries in archives, in bytes: no file system has
 * longer ones, and they are cut. */
#define NAME_BYTES_MAX 1024

/* The line before a message in an mbox; a longer one is none, whatever it
 * holds. */
#define FROM_LINE_MAX ((size_t)1024)

/* Folders in folders.  Each costs a descriptor and a list of names; no one
 * who sorts mail by hand goes so deep. */
#define FOLDER_DEPTH_MAX 32

/* Messages that a folder on a server may hold: 28 bytes each at most, and a
 * server can claim as many as it likes. */
#define IMAP_MESSAGES_MAX 2000000

/* What a server says before and besides what it was asked for, in bytes. */
#define IMAP_ANSWER_BYTES ((size_t)1 << 20)

/* Domains with a label in metrics though the configuration does not name them,
 * as it has patterns, or nothing: anybody can report about any domain, and
 * each is some 20 series, which are kept for months. */
#define METRIC_DOMAINS_MAX 500

/* Periods in which each configured domain is told of, reports or not: a century
 * of days, for a report may claim to be of any year. */
#define ZERO_PERIODS_MAX 36600

/* Parentheses and lines of an IMAP server: libetpan recurses, and keeps a
 * line whole. */
#define GUARD_NESTING_MAX 64
#define GUARD_LINE_MAX	  ((size_t)1 << 20)

/* Findings about one domain: a hostile record may have a fault in every
 * octet, and nobody reads more. */
#define FINDINGS_MAX ((size_t)500)

/* Fields of a record, and destinations in it, each of which costs look-ups;
 * real ones have one or two. */
#define RECORD_TAGS_MAX		((size_t)100)
#define RECORD_DESTINATIONS_MAX ((size_t)50)

/* The text of a record: what a TXT record can hold (RFC 1035 3.2.1) in strings
 * of 255 octets, each behind its length. */
#define RECORD_TEXT_MAX ((size_t)65279)

/* An MTA-STS policy: RFC 8461 3.3 suggests 64 KiB.  Real ones have under 1
 * KiB. */
#define STS_POLICY_BYTES_MAX ((size_t)64 << 10)

/* Questions to the DNS that are under way at once: libunbound has twice as
 * many slots, and 256 ports to send from. */
#define DNS_IN_FLIGHT_MAX 256

/* Records of one answer: a domain with 20 MX or TXT records is a curiosity, and
 * an answer of 64 KiB could have 4000.  Later ones are left out. */
#define DNS_RECORDS_MAX 256

/* Aliases one after the other: libunbound itself stops after 11. */
#define DNS_ALIASES_MAX 12

/* A policy of MTA-STS (RFC 8461 3.3 suggests 64 KB), or what a web server says
 * to a report. */
#define HTTPS_BODY_MAX ((size_t)64 << 10)

/* Addresses of one host that are tried: most have two or four, and each may
 * cost a whole time-out. */
#define ADDRESSES_MAX 16

/* The header fields of an answer, all together: web servers send 1 KiB. */
#define HTTPS_HEADER_MAX ((size_t)32 << 10)

/* An SMTP server's reply: RFC 5321 4.5.3.1.5 has lines of 512 bytes, and the
 * longest answer to EHLO has some 20 of them. */
#define SMTP_LINE_MAX  2048
#define SMTP_REPLY_MAX ((size_t)16 << 10)

/* Certificates that a server sends: three or four, in practice. */
#define CHAIN_MAX 16

/* Names of a certificate that are kept; some have a hundred. */
#define CERT_NAMES_MAX 200

/* TLSA records that are tried for one server. */
#define TLSA_MAX 64

/* MX hosts of a domain that are looked at; the largest providers have ten. */
#define MX_HOSTS_MAX ((size_t)32)

/* Name servers of a zone that are asked by themselves: zones have two to eight,
 * the root has 13.  Addresses of each: one of IPv4 and one of IPv6, as a rule.
 * And how far up from a domain the zone is looked for that it is in. */
#define SERVER_HOSTS_MAX     ((size_t)13)
#define SERVER_ADDRESSES_MAX ((size_t)4)
#define ZONE_LEVELS_MAX	     8

/* Questions to name servers that are under way at once, each with a descriptor
 * of its own, of which a process has 1024. */
#define VISITS_MAX ((size_t)128)

/* What the program that looks at a domain may answer: FINDINGS_MAX with the
 * lines that they are about. */
#define SUMMARY_BYTES_MAX ((size_t)4 << 20)

/* A Maildir folder's or directory's entries; 128 bytes each stay bearable. */
#define ENTRIES_MAX ((size_t)20000000)

#endif
