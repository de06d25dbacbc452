#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Attacks on the reader of reports that are too large to be kept as files.

usage: attacks.py NAME SIZE    writes that attack to standard output
       attacks.py              lists the attacks

Every attack is a function of a size, which counts what it is made of: bytes,
parts, members.  The same size always gives the same bytes.  tests/hostile/
run.py feeds them to the program and linear.py measures what they cost."""

import base64
import random
import struct
import subprocess
import sys
import zlib

ATTACKS = {}
MIB = 1 << 20


class Attack:
    """One attack: small is the size that is measured against ten times as
    much; big the size that is ingested, with what must come of it: "report",
    "foreign", or a pattern that the reason of the reject matches; peak is how
    many MiB of memory that may cost, of which some 12 are the program's.

    In a short run a quarter of small is measured, and enough is ingested for
    the same to come of it: an eighth of big, unless that is a bound's name;
    or what short says."""

    def __init__(self, make, small, big, outcome, peak, short):
        self.make, self.small, self.big = make, small, big
        self.outcome, self.peak = outcome, peak
        if short is None:
            bound = "_" in outcome or "bound" in outcome
            short = big if bound else max(big // 8, 1)
        self.short = short


def attack(small, big, outcome, peak=32, short=None):
    def keep(make):
        name = make.__name__.replace("_", "-")
        ATTACKS[name] = Attack(make, small, big, outcome, peak, short)
        return make
    return keep


# ---- what attacks are made of ----

def policy(domain="example.com", extra=b""):
    return (b'{"policy":{"policy-type":"sts","policy-domain":"%s"},"summary":'
            b'{"total-successful-session-count":1,'
            b'"total-failure-session-count":0}%s}' % (domain.encode(), extra))


def report(policies=None, extra=b"", report_id=b"1"):
    """A report as JSON; extra stands before its other members."""
    return (b'{%s"organization-name":"Reporter","date-range":{'
            b'"start-datetime":"2026-11-10T00:00:00Z",'
            b'"end-datetime":"2026-11-10T23:59:59Z"},"contact-info":'
            b'"tls@reporter.example","report-id":"%s","policies":[%s]}'
            % (extra, report_id,
               policy() if policies is None else policies))


HEAD = (b"From: tls@reporter.example\nTo: reports@example.com\n"
        b"Date: Wed, 11 Nov 2026 04:00:00 +0000\n"
        b"TLS-Report-Domain: example.com\n"
        b"TLS-Report-Submitter: reporter.example\n")
TYPE = b'Content-Type: multipart/report; report-type="tlsrpt"; boundary=b\n'
JSON = b"Content-Type: application/tlsrpt+json\n"
GZIP = b"Content-Type: application/tlsrpt+gzip\n"


def message(parts, head=b""):
    """A mail of parts, each a pair of header fields and body."""
    return (HEAD + head + TYPE + b"\n" +
            b"".join(b"--b\n" + h + b"\n" + body + b"\n" for h, body in parts)
            + b"--b--\n")


def plain(head=b"", body=None, part=b""):
    """A mail with a report as JSON."""
    return message([(JSON + part, report() if body is None else body)], head)


def member(data, flags=0, extra=b"", level=9):
    """One gzip member; extra is what the flags announce."""
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (b"\x1f\x8b\x08" + bytes([flags]) + bytes(6) + extra +
            c.compress(data) + c.flush() +
            struct.pack("<II", zlib.crc32(data), len(data) & 0xffffffff))


def bomb(before, n, after):
    """Deflates before, n MiB of spaces and after; quickly, as the spaces are
    deflated once.  Returns that, the CRC and the length."""
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    out = c.compress(before) + c.flush(zlib.Z_FULL_FLUSH)
    spaces = b" " * MIB
    d = zlib.compressobj(9, zlib.DEFLATED, -15)
    out += (d.compress(spaces) + d.flush(zlib.Z_FULL_FLUSH)) * n
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    out += c.compress(after) + c.flush()
    crc = zlib.crc32(before)
    for _ in range(n):
        crc = zlib.crc32(spaces, crc)
    return out, zlib.crc32(after, crc), len(before) + n * MIB + len(after)


class Zip:
    """A zip archive, written by hand: its headers may lie."""

    def __init__(self):
        self.local, self.central, self.n = bytearray(), bytearray(), 0

    def add(self, name, data, size=None, crc=None, method=0, flags=0,
            mode=0o100644, at=None, listed_size=None, extra=b"",
            descriptor=b"", local=True):
        """Adds an entry; at points its listing at another's data."""
        size = len(data) if size is None else size
        crc = zlib.crc32(data) if crc is None else crc
        told = (0, 0, 0) if flags & 8 else (crc, len(data), size)
        at = len(self.local) if at is None else at
        if local:
            self.local += struct.pack(
                "<4sHHHHHIIIHH", b"PK\3\4", 20, flags, method, 0, 0x5b6a,
                *told, len(name), len(extra)) + name + extra
            self.local += data + descriptor
        listed = size if listed_size is None else listed_size
        self.central += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 0x031e, 20, flags, method, 0,
            0x5b6a, crc, len(data), listed, len(name), len(extra), 0, 0, 0,
            mode << 16, at) + name + extra
        self.n += 1

    def end(self, comment=b""):
        return bytes(self.local + self.central + struct.pack(
            "<4sHHHHIIH", b"PK\5\6", 0, 0, min(self.n, 65535),
            min(self.n, 65535), len(self.central), len(self.local),
            len(comment)) + comment)


def deflated(data):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


def zipped(entries):
    z = Zip()
    for name, data in entries:
        z.add(name, data)
    return z.end()


def repeated(n, text):
    """n times text with the number in it."""
    return b"".join(text % i for i in range(n))


# ---- gzip ----

@attack(4, 100, r"gzip: more than \d+ bytes \(inflate_ratio\)", 96)
def gzip_bomb(n):
    data, crc, size = bomb(report()[:-1], n, b"}")
    return b"\x1f\x8b\x08" + bytes(7) + data + struct.pack("<II", crc, size)


@attack(1, 1000, r"gzip: more than 67108864 bytes \(json_bytes\)", 160,
        80)
def gzip_bomb_with_padding(n):
    """A member that does not pack makes the ratio look harmless."""
    noise, state = bytearray(), 1
    for _ in range(1 << 16 if n >= 80 else 1 << 10):
        state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        noise += struct.pack("<Q", state)
    return member(b" " * 1024) + gzip_bomb(n) + member(bytes(noise))


@attack(2, 200, r"part 2: gzip: more than \d+ bytes \(inflate_ratio\)", 96)
def gzip_bomb_in_base64(n):
    return message([(b"", b"x"), (GZIP + b"Content-Transfer-Encoding: base64\n",
                                  base64.encodebytes(gzip_bomb(n)))])


@attack(20000, 1000000, "report", 48)
def gzip_empty_members(n):
    return member(b"") * n + member(report())


@attack(20, 400, "report", 48)
def gzip_long_extra_fields(n):
    return member(b" ", 4, struct.pack("<H", 65535) + bytes(65535)) * n + \
        member(report())


@attack(10 * MIB // 8, 40 * MIB, r"gzip: truncated", 96)
def gzip_name_without_end(n):
    return b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * n


@attack(10 * MIB // 8, 40 * MIB, r"gzip: truncated", 96)
def gzip_comment_without_end(n):
    return b"\x1f\x8b\x08\x10" + bytes(6) + b"c" * n


@attack(10, 40, r"\(GZIP_LAYERS\)")
def gzip_in_gzip(n):
    data = report()
    for _ in range(n):
        data = member(data)
    return data


@attack(MIB, 40 * MIB, "report", 128)
def gzip_padding(n):
    return member(report()) + bytes(n)


# ---- zip ----

@attack(4, 100, r"zip: more than \d+ bytes \(inflate_ratio\)", 96)
def zip_bomb(n):
    data, crc, size = bomb(report()[:-1], n, b"}")
    z = Zip()
    z.add(b"r.json", data, size, crc, 8)
    return z.end()


@attack(1, 100, r"zip: more than \d+ bytes \(inflate_ratio\)", 96)
def zip_overlap(n):
    """Every entry's data is what stands behind it, the headers quoted: a bomb
    that is not nested."""
    data, _, _ = bomb(report()[:-1], 1, b"}")
    text = zlib.decompress(data, -15)
    local, listed = b"", []
    for i in range(n - 1, -1, -1):
        if local:
            head = local[:30 + 9]
            quote = struct.pack("<BHH", 0, len(head), len(head) ^ 0xffff)
            data, text = quote + local, head + text
        name = b"r%03d.json" % i
        crc = zlib.crc32(text)
        listed.insert(0, (name, len(data), len(text), crc,
                          len(data) + 30 + len(name)))
        local = struct.pack(
            "<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0x5b6a, crc, len(data),
            len(text), len(name), 0) + name + data
    z = Zip()
    for name, packed, size, crc, behind in listed:
        z.add(name, bytes(packed), size, crc, 8, at=len(local) - behind,
              local=False)
    z.local = local
    return z.end()


@attack(1, 100, "report", short=100)
def zip_entries_at_one_place(n):
    data, crc, size = bomb(report()[:-1], 1, b"}")
    z = Zip()
    for i in range(n):
        z.add(b"r%03d.json" % i, data, size, crc, 8, at=0, local=i == 0)
    return z.end()


@attack(4, 100, r"zip: ", 96)
def zip_lying_sizes(n):
    data, crc, _ = bomb(report()[:-1], n, b"}")
    z = Zip()
    z.add(b"r.json", data, 10, crc, 8)
    return z.end()


@attack(4, 100, r"zip: |\(inflate_ratio\)", 96)
def zip_data_descriptor(n):
    data, crc, size = bomb(report()[:-1], n, b"}")
    z = Zip()
    z.add(b"r.json", data, size, crc, 8, flags=8, descriptor=struct.pack(
        "<4sIII", b"PK\7\10", crc, len(data), size))
    return z.end()


@attack(400, 65535, r"zip: more than 100 entries \(archive_entries\)", 48)
def zip_many_entries(n):
    z = Zip()
    for i in range(n):
        z.add(b"%d.json" % i, b"{}")
    return z.end()


@attack(MIB, 32 * MIB, r"zip: more than 100 entries \(archive_entries\)", 96,
        MIB)
def zip_central_headers_in_data(n):
    return zipped([(b"r.json", b"PK\1\2" * (n // 4))])


@attack(10, 40, r"no report in it|no JSON value")
def zip_in_zip(n):
    data = report()
    for i in range(n):
        data = zipped([(b"report-%d.json" % i, data)])
    return data


@attack(4000, 65000, r"no report in it")
def zip_long_names(n):
    return zipped([(b"../" * (n // 3) + b"r.json", report())])


@attack(400, 65535, r"zip: |no report in it", 48)
def zip_comment(n):
    z = Zip()
    z.add(b"r.json", report())
    return z.end((b"PK\5\6" + bytes(18)) * (n // 22))


# ---- MIME ----

@attack(100, 10000, r"parts nested deeper than 20 \(mime_depth\)")
def multiparts_deep(n):
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i)
        for i in range(n)) + JSON + b"\n" + report()


@attack(100, 10000, r"nested deeper than 20 \(mime_depth\)")
def messages_and_multiparts_deep(n):
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
        b"Content-Type: message/rfc822\n\n" % (i, i)
        for i in range(n)) + JSON + b"\n" + report()


def forwarded(data, times):
    for _ in range(times):
        data = (HEAD + TYPE + b"\n--b\nContent-Type: message/rfc822\n"
                b"Content-Transfer-Encoding: base64\n\n" +
                base64.b64encode(data) + b"\n--b--\n")
    return data


@attack(2, 21, r"nested deeper than 20 \(mime_depth\)")
def forwards_deep(n):
    """Mails in mails, each in base64."""
    return forwarded(plain(), n)


@attack(20000, 200000, "report", 64)
def forwards_long(n):
    return forwarded(plain(part=b"X-Padding: " + b"x" * n + b"\n"), 9)


@attack(10000, 100000, r"more than 1000 parts \(mime_parts\)", 48)
def many_parts(n):
    return message([(b"", b"")] * n)


@attack(90, 1100, r"too many reports in one message \(ITEMS_MAX\)", 48)
def many_reports(n):
    return message([(JSON, report(report_id=b"%d" % i)) for i in range(n)])


@attack(20000, 100000, r"more than 1000 parts \(mime_parts\)", 96)
def many_empty_multiparts(n):
    return HEAD + TYPE + b"\n" + b"--b\nContent-Type: multipart/mixed; " \
        b"boundary=i\n\n--i--\n" * n + b"--b\n" + JSON + b"\n" + report()


@attack(20000, 100000, r"more than 1000 parts \(mime_parts\)", 96)
def many_empty_messages(n):
    return HEAD + TYPE + b"\n" + b"--b\nContent-Type: message/rfc822\n\n" \
        b"Subject: x\nContent-Type: multipart/x; boundary=i\n\n--i--\n" * n


@attack(100000, 1000000, r"header block of more than 262144 bytes \(header_bytes\)", 96,
        30000)
def many_headers(n):
    return plain(repeated(n, b"X-Header-%d: x\n"))


@attack(MIB, 261000, "report")
def header_line(n):
    return plain(b"X-Header: " + b"x" * n + b"\n")


@attack(4 * MIB, 40 * MIB, r"header block of more than 262144 bytes \(header_bytes\)", 96,
        MIB)
def header_of_one_line(n):
    return plain(b"Subject: " + b"x" * n + b"\n")


@attack(200000, 60000, "report")
def header_folds(n):
    return plain(b"Subject: x\n" + b" x\n" * n)


@attack(400000, 250000, "report", 48)
def header_spaces(n):
    return plain(b"Subject" + b" " * n + b": x\n")


@attack(400000, 250000, "report", 48)
def header_crs(n):
    return plain(b"X: " + b"\r" * n + b"\n")


@attack(200000, 120000, "report", 48)
def comments_nested(n):
    return plain(part=b"Content-Disposition: attachment; " + b"(" * n +
                 b")" * n + b" filename=r.json\n")


@attack(100000, 60000, "report", 48)
def comments_open(n):
    return plain(part=b"Content-Disposition: attachment; " + b"(a\\(" * n +
                 b"\n")


@attack(100000, 80000, "report", 48)
def comments_many(n):
    return plain(part=b"Content-Disposition: attachment;" + b"(a)" * n +
                 b" filename=r.json\n")


@attack(20000, 11000, "report", 48)
def encoded_words(n):
    return plain(b"Subject: " + b"=?utf-8?q?=E2=82=AC?= " * n + b"\n")


@attack(100000, 100000, "report", 48)
def encoded_words_broken(n):
    return plain(b"Subject: " + b"=?" * n + b"\n")


@attack(100000, 40000, "report", 48)
def encoded_words_cut(n):
    return plain(b"Subject: " + b"=?u?b?" * (n // 2) + b"=?u?q?=" * (n // 3) +
                 b"\n")


@attack(20000, 15000, "report", 48)
def rfc2231_continuations(n):
    return plain(part=b"Content-Disposition: attachment" +
                 repeated(n, b"; filename*%d=x") + b"\n")


@attack(20000, 12000, "report", 48)
def rfc2231_backwards(n):
    return plain(part=b"Content-Disposition: attachment" + b"".join(
        b"; filename*%d*=%%41" % i for i in range(n - 1, -1, -1)) + b"\n")


@attack(10, 200, "report", 384)
def rfc2231_in_every_part(n):
    """Each part's header costs what a header may."""
    h = b"Content-Disposition: attachment" + b";filename*=" * 20000 + b"\n"
    return message([(h, b"")] * n + [(JSON, report())])


@attack(100000, 80000, "report", 48)
def parameters(n):
    return plain(part=b"Content-Disposition: attachment" + b";a=" * n + b"\n")


@attack(100000, MIB, r"header block of more than 262144 bytes \(header_bytes\)", 48)
def boundary_long(n):
    return HEAD + b"Content-Type: multipart/report; report-type=tlsrpt; " \
        b"boundary=" + b"b" * n + b"\n\n--" + b"b" * n + b"\n" + JSON + \
        b"\n" + report()


@attack(100000, 2000000, "report", 96)
def boundaries_that_almost_match(n):
    """Boundaries that are prefixes of each other, and lines that are too."""
    head = b"".join(b"Content-Type: multipart/mixed; boundary=" + b"b" * i +
                    b"\n\n--" + b"b" * i + b"\n" for i in range(1, 19))
    return HEAD + head + b"\n" + b"--bbbbbbbb-\n--bbbbbbbbbb \t-\n" * (n // 2) \
        + b"--" + b"b" * 18 + b"\n" + JSON + b"\n" + report() + b"\n--b--\n"


@attack(40000, 400000, r"more than 1000 parts \(mime_parts\)", 96)
def boundaries_that_never_come(n):
    return HEAD + TYPE + b"\n" + b"--b\nContent-Type: multipart/x; " \
        b"boundary=n\n\n--n-\n" * n


@attack(2 * MIB, 50 * MIB - 1000, "report", 240)
def base64_body(n):
    """White space in a JSON text of n bytes of base64."""
    text = report() + b" " * (n // 4 * 3 - 1000)
    return message([(JSON + b"Content-Transfer-Encoding: base64\n",
                     base64.b64encode(text))])


@attack(2 * MIB, 45 * MIB, r"no report in it|JSON", 240)
def base64_noise(n):
    return message([(JSON + b"Content-Transfer-Encoding: base64\n",
                     b"!?*=" * (n // 4))])


@attack(MIB, 45 * MIB, r"JSON", 240)
def quoted_printable_escapes(n):
    return message([(JSON + b"Content-Transfer-Encoding: quoted-printable\n",
                     b"=7B==" * (n // 5))])


@attack(MIB, 45 * MIB, r"JSON", 240)
def quoted_printable_soft_breaks(n):
    return message([(JSON + b"Content-Transfer-Encoding: quoted-printable\n",
                     b"= \t\n" * (n // 4))])


@attack(MIB, 51 * MIB, r"message_bytes", 160)
def message_too_long(n):
    return plain() + b"x" * n


@attack(90, 900, "report", 48)
def results_in_a_header_and_many_reports(n):
    """Authentication-Results, read for every report of the mail."""
    head = b"Authentication-Results: mx.example.com;" + \
        b" dkim=pass header.d=a.example;" * min(8 * n, 7200) + b"\n"
    return message([(JSON, report(report_id=b"%d" % i)) for i in range(n)],
                   head)


# ---- JSON ----

@attack(1000, 100000, r"JSON exceeds the bound json_depth \(32\)")
def json_deep(n):
    return plain(body=report(extra=b'"x":' + b"[" * n + b"]" * n + b","))


@attack(1000, 100000, r"JSON exceeds the bound json_depth \(32\)")
def json_deep_objects(n):
    return plain(body=report(extra=b'"x":' + b'{"x":' * n + b"0" + b"}" * n +
                             b","))


@attack(40000, 32000000, r"JSON exceeds the bound json_values", 400, 2100000)
def json_values(n):
    """Up to 64 MB of "1,", which pack too badly for a bomb."""
    values = bytearray(b",") * (2 * n)
    values[::2] = random.Random(n).randbytes(n).translate(bytes(
        b"0123456789abcdef"[i % 8] for i in range(256)))
    return member(report(extra=b'"x":[' + values + b"0],"), level=1)


@attack(40000, 1999900, "report", 480)
def json_values_as_many_as_may_be(n):
    return plain(body=report(extra=b'"x":[' + b"1," * n + b"1],"))


@attack(10000, 1000000, "report", 480)
def json_unknown_keys(n):
    return plain(body=report(extra=repeated(n, b'"key-%d":0,')))


@attack(1000, 40000, "report", 480)
def json_keys_with_a_common_start(n):
    start = b'"' + b"k" * 500
    return plain(body=report(extra=b"".join(
        start + b'%d":0,' % i for i in range(n))))


@attack(10000, 1000000, r'the name "key-0" stands twice \(RFC 7493 2.3\)',
        480)
def json_key_twice(n):
    return plain(body=report(extra=repeated(n, b'"key-%d":0,') +
                             b'"key-0":0,'))


@attack(MIB, 20 * MIB, "report", 240)
def json_key_long(n):
    return plain(body=report(extra=b'"' + b"k" * n + b'":0,'))


@attack(400000, 4000000, r"a number of more than 63 characters", 96)
def json_number_long(n):
    return plain(body=report(extra=b'"x":1' + b"0" * n + b","))


@attack(40000, 1000000, "report", 480)
def json_numbers_odd(n):
    return plain(body=report(extra=b'"x":[' + b"1e9999," * n + b"0],"))


@attack(200000, 5000000, "report", 240)
def json_escapes(n):
    return plain(body=report(extra=b'"x":"' + b"\\u0041\\\\" * n + b'",'))


@attack(200000, 5000000, "report", 320)
def json_lone_surrogates(n):
    return plain(body=report(extra=b'"x":"' + b"\\ud800" * n + b'",'))


@attack(200000, 12 * MIB, r"JSON, mended, exceeds the bound json_bytes", 400)
def json_controls(n):
    return plain(body=report(extra=b'"x":"' + b"\x01" * n + b'",'))


@attack(200000, 20 * MIB, "report", 400)
def json_bad_utf8(n):
    return plain(body=report(extra=b'"x":"' + b"\xff" * n + b'",'))


@attack(2 * MIB, 40 * MIB, "report", 160)
def json_nul_tail(n):
    return plain(body=report() + bytes(n))


@attack(2 * MIB, 40 * MIB, r"text behind the JSON", 160)
def json_text_behind(n):
    return plain(body=report() + b"\n" * n + b"{")


@attack(200000, 20 * MIB, r"JSON line 1, column 2", 160)
def json_utf16(n):
    return plain(body=report(extra=b" " * n).decode().encode("utf-16-le"))


@attack(400, 10000, "report", 96)
def json_policies(n):
    return plain(body=report(b",".join(
        policy("d%d.example" % i) for i in range(n))))


@attack(2000, 10001, r"policies: exceeds the bound policies \(10000\)", 96)
def json_policies_too_many(n):
    return plain(body=report(b",".join([policy()] * n)))


def details(n):
    text = (b'{"result-type":"validation-failure","sending-mta-ip":'
            b'"192.0.2.1","receiving-mx-hostname":"mx%d.example.com",'
            b'"failed-session-count":1}')
    return b',"failure-details":[%s]' % b",".join(
        text % i for i in range(n))


@attack(4000, 200000, "report", 480)
def json_failure_details(n):
    return plain(body=report(policy(extra=details(n))))


@attack(4000, 200001, r"exceeds the bound failure_details \(200000\)", 480)
def json_failure_details_too_many(n):
    return plain(body=report(policy(extra=details(n))))


def strings(list_of_strings):
    """A report whose one policy has these strings."""
    return report(
        b'{"policy":{"policy-type":"sts","policy-domain":"example.com",'
        b'"policy-string":[%s]},"summary":{}}' % list_of_strings)


@attack(20000, 1500000, r"policy_strings", 400, 250000)
def policy_strings(n):
    return plain(body=strings(b",".join([b'"mx: a"'] * n)))


@attack(40, 7000, r"policy_strings", 400, 120)
def policy_string_lines(n):
    """Strings that split into lines of one letter."""
    return plain(body=strings(b",".join([b'"' + b"a\\n" * 2000 + b'"'] * n)))


@attack(40, 5000, r"policy_strings", 400, 250)
def policy_string_arrays(n):
    """Strings that hold arrays of strings."""
    return plain(body=strings(b",".join(
        [b'"[' + b'\\"\\",' * 1000 + b'\\"\\"]"'] * n)))


@attack(40, 1000, "report", 96)
def policy_string_arrays_of_others(n):
    """Arrays that are read, and left as they are for their last element."""
    return plain(body=strings(b",".join(
        [b'"[' + b'\\"\\",' * 1000 + b'0]"'] * n)))


@attack(1000, 12000, "report", 240)
def policy_string_arrays_deep(n):
    return plain(body=strings(b",".join([b'"' + b"[" * 3000 + b'"'] * n)))


@attack(20000, 1000000, "report", 480)
def json_nulls(n):
    return plain(body=report(b",".join([b"null"] * min(n, 9000)),
                             b'"x":[' + b"null," * n + b"0],"))


@attack(4000, 400000, "report", 480)
def json_aliases(n):
    """Names that are known ones but for punctuation: each is a deviation."""
    return plain(body=report(extra=repeated(n, b'"x.%d":0,') + b"".join(
        b'"report%s-id":"x",' % (b"-" * (i % 50) + b"." * (i // 50 % 50))
        for i in range(1, min(n, 2400)))))


@attack(400, 40000, "report", 240)
def json_dates_long(n):
    return plain(body=report(extra=b'"x":"' + b"2026-" * n + b'",'))


# ---- in disguise ----

@attack(MIB, 8 * MIB, r"JSON line 1, column 1|no report in it", 96)
def tar_in_disguise(n):
    body = report()
    head = (b"report.json".ljust(100, b"\0") + b"0000644\0" * 3 +
            b"%011o\0" % len(body) + b"0" * 12 + b" " * 8 + b"0")
    head = head.ljust(257, b"\0") + b"ustar\0" + b"00"
    return message([(b"Content-Type: application/tlsrpt+gzip; "
                     b'name="r.json.gz"\n', head.ljust(512, b"\0") + body +
                     bytes(n))])


def has_sanitizer(program):
    """True if it was built with one: it is slow and takes much memory."""
    return subprocess.run(["grep", "-aqm1", "libasan", program],
                          check=False).returncode == 0


def main():
    if len(sys.argv) == 1:
        print("\n".join(ATTACKS))
        return
    if len(sys.argv) != 3 or sys.argv[1] not in ATTACKS:
        sys.exit(__doc__)
    sys.stdout.buffer.write(ATTACKS[sys.argv[1]].make(int(sys.argv[2])))


if __name__ == "__main__":
    main()
