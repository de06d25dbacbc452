/* SPDX-License-Identifier: ISC */

/*
 * The mails around the reports.  A reader walks every byte of a header block
 * before it finds the report, so the blocks have the fields, the folding and
 * the length that the five senders' mails have on arrival; names, addresses
 * and signatures are made up.
 */

#include "config.h"

#include <stdio.h>

#include "genshape.h"

/* Where all reports are delivered. */
#define RECEIVER  "mx.example.net"
#define RECIPIENT "tlsrpt@example.net"

/* Base64 characters of an RSA signature of 2048 and 1024 bits, and of a
 * SHA-256. */
#define RSA2048 344
#define RSA1024 172
#define SHA256	43

static void
put_alnum(struct buf *b, struct facts *f, size_t n)
{
	put_random(b, &f->rng, n, ALPHABET_ALNUM);
}

static void
put_hex(struct buf *b, struct facts *f, size_t n)
{
	put_random(b, &f->rng, n, ALPHABET_HEX);
}

void
mail_sender(struct buf *out, const struct facts *f)
{
	if (f->shape == SHAPE_GOOGLE)
		put(out, "3BZw%06llxKoKAKYTUXKVRe-YSZV@bounces.%s",
		    (unsigned long long)f->serial, f->submitter);
	else
		put(out, "%s", f->contact);
}

/* What the receiving server and its filters put on top. */
static void
put_delivery(struct buf *b, struct facts *f)
{
	put(b, "Return-Path: <");
	mail_sender(b, f);
	put(b,
	    ">\nDelivered-To: " RECIPIENT "\n"
	    "Received: from " RECEIVER "\n\tby imap.example.net with LMTP"
	    "\n\tid ");
	put_alnum(b, f, 22);
	put(b, "\n\t(envelope-from <");
	mail_sender(b, f);
	put(b, ">)\n\tfor <" RECIPIENT ">; ");
	put_date(b, f->arrival);
	put(b,
	    "\nX-Spam-Status: No, score=-2.1 required=5.0 tests=BAYES_00,"
	    "DKIM_SIGNED,\n\tDKIM_VALID,DKIM_VALID_AU,RCVD_IN_DNSWL_NONE,"
	    "SPF_PASS,T_SCC_BODY_TEXT_LINE\n\tautolearn=ham "
	    "autolearn_force=no version=4.0.0\n");
}

static void
put_results(struct buf *b, struct facts *f)
{
	put(b,
	    "Authentication-Results: " RECEIVER ";\n\tdkim=pass (2048-bit "
	    "key; unprotected) header.d=%s\n\theader.i=@%s header.a="
	    "rsa-sha256 header.s=s2026 header.b=",
	    f->submitter, f->submitter);
	put_alnum(b, f, 8);
	put(b, ";\n\tdkim-atps=neutral;\n\tspf=pass smtp.mailfrom=");
	mail_sender(b, f);
	put(b, ";\n\tdmarc=pass (policy=reject) header.from=%s\n",
	    f->submitter);
}

static void
put_received(struct buf *b, struct facts *f, const char *host)
{
	unsigned ip = 1 + rng_below(&f->rng, 254);

	put(b,
	    "Received: from %s (%s [198.51.100.%u])\n"
	    "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 "
	    "bits)\n\t key-exchange X25519 server-signature RSA-PSS (2048 "
	    "bits) server-digest SHA256)\n\t(No client certificate "
	    "requested)\n\tby " RECEIVER " (Postfix) with ESMTPS id ",
	    host, host, ip);
	put_random(b, &f->rng, 12, "0123456789ABCDEF");
	put(b, "\n\tfor <" RECIPIENT ">; ");
	put_date(b, f->arrival);
	put(b, "\n");
}

/* A DKIM or ARC signature over the fields that reports are signed with. */
static void
put_signed(struct buf *b, struct facts *f, const char *field, const char *tags,
    size_t length)
{
	put(b,
	    "%s: %s;\n        t=%lld; x=%lld;\n"
	    "        h=to:from:subject:message-id:tls-report-submitter:"
	    "tls-report-domain\n         :date:mime-version:from:to:cc:"
	    "subject:date:message-id:reply-to;\n        bh=",
	    field, tags, (long long)f->arrival, (long long)f->arrival + 604800);
	put_random(b, &f->rng, SHA256, ALPHABET_BASE64);
	put(b, "=;\n        b=");
	put_signature(b, &f->rng, length, "         ");
	put(b, "==\n");
}

static void
put_dkim(struct buf *b, struct facts *f, size_t length)
{
	char tags[160];

	snprintf(tags, sizeof(tags),
	    "v=1; a=rsa-sha256; c=relaxed/relaxed;\n        d=%s; s=s2026",
	    f->submitter);
	put_signed(b, f, "DKIM-Signature", tags, length);
}

static void
put_arc(struct buf *b, struct facts *f, const char *domain)
{
	char tags[160];

	snprintf(tags, sizeof(tags),
	    "i=1; a=rsa-sha256; s=arc-20260101; d=%s; "
	    "cv=none",
	    domain);
	put_signed(b, f, "ARC-Seal", tags, RSA2048);
	snprintf(tags, sizeof(tags),
	    "i=1; a=rsa-sha256; c=relaxed/relaxed; "
	    "d=%s; s=arc-20260101",
	    domain);
	put_signed(b, f, "ARC-Message-Signature", tags, RSA2048);
	put(b,
	    "ARC-Authentication-Results: i=1; %s; spf=none; dmarc=none\n"
	    " action=none header.from=%s; dkim=none (message not signed);\n"
	    " arc=none\n",
	    domain, f->submitter);
}

static void
put_report_fields(struct buf *b, const struct facts *f)
{
	put(b, "TLS-Report-Domain: %s\nTLS-Report-Submitter: %s\n",
	    f->domain_name, f->submitter);
}

static void
head_google(struct buf *b, struct facts *f)
{
	put_results(b, f);
	put_received(b, f, "mail-ot1-f71.google.com");
	put(b, "Received: by mail-ot1-f71.google.com with SMTP id ");
	put_hex(b, f, 12);
	put(b, "-7dbc");
	put_hex(b, f, 8);
	put(b, "so14045616a34.1\n        for <" RECIPIENT ">; ");
	put_date(b, f->arrival - 1);
	put(b, "\n");
	put_dkim(b, f, RSA2048);
	put_signed(b, f, "X-Google-DKIM-Signature",
	    "v=1; a=rsa-sha256; "
	    "c=relaxed/relaxed;\n        d=1e100.net; s=s2026",
	    RSA2048);
	put(b, "X-Gm-Message-State: AOJu0Y");
	put_signature(b, &f->rng, 180, "\t");
	put(b, "==\nX-Google-Smtp-Source: AGHT+I");
	put_random(b, &f->rng, 110, ALPHABET_BASE64);
	put(b,
	    "=\nMIME-Version: 1.0\n"
	    "X-Received: by 2002:a05:6830:4885:b0:7dc:d725:fdb with SMTP "
	    "id\n ");
	put_hex(b, f, 12);
	put(b, "-7e3bd1ad821mr2810624a34.8; ");
	put_date(b, f->arrival - 1);
	put(b, "\nDate: ");
	put_date(b, f->arrival - 1);
	put(b, "\n");
	put_report_fields(b, f);
	put(b, "Message-ID: <%08llx.00000000.", (unsigned long long)f->arrival);
	put_hex(b, f, 6);
	put(b,
	    ".%llxtls@%s>\nSubject: Report Domain: %s Submitter: %s "
	    "Report-ID: <%s@%s>\nFrom: noreply-smtp-tls-reporting@%s\n"
	    "To: " RECIPIENT "\n",
	    (unsigned long long)f->serial, f->submitter, f->domain_name,
	    f->submitter, f->id, f->submitter, f->submitter);
}

/* One hop inside Exchange Online. */
static void
put_exchange_hop(struct buf *b, struct facts *f)
{
	put(b, "Received: from DM6PR00CA00");
	put_random(b, &f->rng, 2, ALPHABET_DIGIT);
	put(b,
	    ".namprd00.prod.outlook.com (2001:db8:5:114::36)\n"
	    " by PH7PR21MB3143.namprd21.prod.outlook.com "
	    "(2001:db8:510:1d7::17) with\n Microsoft SMTP Server "
	    "(version=TLS1_2,\n cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)"
	    " id 15.20.9115.6; ");
	put_date(b, f->arrival - 2);
	put(b, "\n");
}

/* Exchange's encoded words of its own spam filter. */
static void
put_antispam(struct buf *b, struct facts *f, unsigned lines)
{
	put(b,
	    "X-Microsoft-Antispam: BCL:0;ARA:13230040|376014|61400799027;\n"
	    "X-Microsoft-Antispam-Message-Info:\n");
	for (unsigned i = 0; i < lines; i++) {
		put(b, "%s=?us-ascii?Q?", i == 0 ? "\t" : " ");
		put_random(b, &f->rng, 60, ALPHABET_BASE64);
		put(b, "?=\n");
	}
}

static void
head_microsoft(struct buf *b, struct facts *f)
{
	put_results(b, f);
	put_received(b, f, "mail-eastus2azlp170110002.outbound.example.com");
	put_dkim(b, f, RSA1024);
	put_exchange_hop(b, f);
	put(b, "From: <%s>\nTo: \"" RECIPIENT "\" <" RECIPIENT ">\nDate: ",
	    f->contact);
	put_date(b, f->arrival - 3);
	put(b, "\nSubject: Report Domain: %s Submitter: %s Report-ID:\n %s\n",
	    f->domain_name, f->submitter, f->id);
	put_report_fields(b, f);
	put(b, "MIME-Version: 1.0\nMessage-ID: <%s@%s>\n", f->id,
	    f->domain_name);
	put(b,
	    "X-MS-TrafficTypeDiagnostic:\n\tBL2NAM06FT015:EE_FirstParty-"
	    "TlsRpt-V3-System|PH7PR21MB3143:EE_FirstParty-TlsRpt-V3-System\n"
	    "X-MS-PublicTrafficType: Email\n");
	put_antispam(b, f, 4);
	put(b,
	    "X-MS-Exchange-AntiSpam-MessageData-ChunkCount: 1\n"
	    "X-OriginatorOrg: %s\n",
	    f->submitter);
}

static void
head_mailru(struct buf *b, struct facts *f)
{
	put_results(b, f);
	put_received(b, f, "relay42.m.example.org");
	put_dkim(b, f, RSA2048);
	put(b, "Received: by relay42.m.example.org with ESMTP id ");
	put_alnum(b, f, 6);
	put(b, "-");
	put_alnum(b, f, 10);
	put(b, "\n\tfor <" RECIPIENT ">; ");
	put_date(b, f->arrival - 1);
	put(b, "\nFrom: %s\nTo: " RECIPIENT "\nDate: ", f->contact);
	put_date(b, f->arrival - 1);
	put(b, "\nSubject: Report Domain: %s Submitter: %s Report-ID: <%s>\n",
	    f->domain_name, f->submitter, f->id);
	put_report_fields(b, f);
	put(b,
	    "Message-ID: <%s>\nMIME-Version: 1.0\n"
	    "X-Mailru-Src: smtp\nX-7564579A: ",
	    f->id);
	put_random(b, &f->rng, 32, "0123456789ABCDEF");
	put(b, "\nX-77F55803: ");
	put_random(b, &f->rng, 480, "0123456789ABCDEF");
	put(b, "\n");
}

static void
head_yahoo(struct buf *b, struct facts *f)
{
	put_results(b, f);
	put_received(b, f, "sonic311.consmr.mail.example.org");
	put_dkim(b, f, RSA2048);
	put_signed(b, f, "X-SONIC-DKIM-SIGN",
	    "v=1; a=rsa-sha256; "
	    "c=relaxed/relaxed;\n        d=example.org; s=s2026",
	    RSA2048);
	put(b, "X-YMail-OSG: ");
	put_alnum(b, f, 40);
	for (unsigned i = 0; i < 8; i++) {
		put(b, "\n ");
		put_alnum(b, f, 74);
	}
	put(b, "\nX-Sonic-MF: <%s>\nX-Sonic-ID: ", f->contact);
	put_hex(b, f, 36);
	put(b,
	    "\nReceived: from sonic.gate.mail.example.org by "
	    "sonic311.consmr.mail.example.org\n with HTTP; ");
	put_date(b, f->arrival - 1);
	put(b, "\nDate: ");
	put_date(b, f->arrival - 1);
	put(b,
	    "\nFrom: %s\nTo: " RECIPIENT "\nMessage-ID: <%s@%s>\n"
	    "Subject: Report Domain: %s\n Submitter: %s\n"
	    " Report-ID: <%s>\n",
	    f->contact, f->id, f->submitter, f->domain_name, f->submitter,
	    f->id);
	put_report_fields(b, f);
	put(b, "MIME-Version: 1.0\n");
}

static void
head_postfix(struct buf *b, struct facts *f)
{
	put_results(b, f);
	put_received(b, f, f->submitter);
	put(b, "Received: by %s (Postfix, from userid 997)\n\tid ",
	    f->submitter);
	put_random(b, &f->rng, 12, "0123456789ABCDEF");
	put(b, "; ");
	put_date(b, f->arrival - 1);
	put(b, "\n");
	put_dkim(b, f, RSA2048);
	put_arc(b, f, "relay.example.org");
	put(b,
	    "Subject: Report Domain: %s Submitter: %s Report-ID:\n"
	    " <%s@%s>\nFrom: noreply-tlsrpt@%s\nTo: " RECIPIENT "\n"
	    "Message-ID: <",
	    f->domain_name, f->submitter, f->id, f->submitter, f->submitter);
	put_random(b, &f->rng, 18, ALPHABET_DIGIT);
	put(b, ".%llu@%s>\n", (unsigned long long)f->serial, f->submitter);
	put_report_fields(b, f);
	put(b, "TLS-Required: No\nMIME-Version: 1.0\nDate: ");
	put_date(b, f->arrival - 1);
	put(b, "\n");
}

/* How each writes its Content-Type; random digits go into the boundary. */
static const struct {
	void (*head)(struct buf *, struct facts *);
	const char *before;
	const char *after;
	const char *boundary_start;
	const char *boundary_end;
} shapes[SHAPE_COUNT] = {
    [SHAPE_GOOGLE] = {head_google, " boundary=", " report-type=tlsrpt",
	"0000000000", ""},
    [SHAPE_MICROSOFT] = {head_microsoft, "\n\tboundary=", " report-type=tlsrpt",
	"_078e4900-4595-46ae-b003-", "_"},
    [SHAPE_MAILRU] = {head_mailru, "\n boundary=", " report-type=tlsrpt",
	"----", ""},
    [SHAPE_YAHOO] = {head_yahoo, " report-type=\"tlsrpt\"; \n\tboundary=", NULL,
	"----=_Part_", ".1"},
    [SHAPE_POSTFIX] = {head_postfix, " report-type=tlsrpt; boundary=", NULL,
	"===============", "=="},
};

/* Draws the boundary; the digits keep it apart from any line of a body. */
static void
draw_boundary(struct buf *b, struct facts *f)
{
	put(b, "%s", shapes[f->shape].boundary_start);
	put_hex(b, f, 18);
	put(b, "%s", shapes[f->shape].boundary_end);
}

void
mail_write(struct buf *out, struct facts *f, struct packer *p,
    enum carriage how, const struct buf *json)
{
	const char *after = shapes[f->shape].after;
	struct buf boundary = {.cap = 128}, name = {.cap = 512};

	draw_boundary(&boundary, f);
	put(&name, "%s%s", f->file, carriage_suffix(how));
	put_delivery(out, f);
	shapes[f->shape].head(out, f);
	put(out, "Content-Type: multipart/report;%s\"%s\"%s%s",
	    shapes[f->shape].before, buf_string(&boundary),
	    after != NULL ? ";" : "", after != NULL ? after : "");
	put(out,
	    "\n\n--%s\nContent-Type: text/plain; charset=\"us-ascii\"\n"
	    "Content-Transfer-Encoding: 7bit\n\n"
	    "This is an aggregate TLS report from %s\n\n--%s\n",
	    boundary.data, f->submitter, boundary.data);
	put(out,
	    "Content-Type: %s;\n\tname=\"%s\"\n"
	    "Content-Disposition: attachment;\n\tfilename=\"%s\"\n"
	    "Content-Transfer-Encoding: %s\n\n",
	    carriage_media_type(how), buf_string(&name), name.data,
	    carriage_encoding(how));
	packer_put(p, out, how, json, f->file);
	put(out, "\n--%s--\n", boundary.data);
	buf_free(&boundary);
	buf_free(&name);
}
