#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Compares the parts that our MIME reader finds in generated mails with those
that Python's email package finds, and with those that the mails were made of.

usage: differ.py PROGRAM SEED COUNT [SHOWN]
PROGRAM is attachments.c; SHOWN mails that make a difference are printed (3).

Where the two read a mail differently and both may, the difference has a name
below, and a rule that says what Python would have to do to read as we do.
Each rule holds for mails of one kind only; how many there were is told."""

import base64
import collections
import email
import email.message
import email.policy
import hashlib
import itertools
import re
import subprocess
import sys

import mails

MESSAGES = ("message/rfc822", "message/global")
ENCODED = ("base64", "quoted-printable")

# Mails are made and read so many at a time.
BATCH = 1000


class Message(email.message.EmailMessage):
    """Python takes a message in base64 for one in clear, and any other type
    of message, as a delivery status, for one too.  Here these stay parts:
    bytes, to be decoded and, of a message, to be read by themselves."""

    kind = None

    def get_content_type(self):
        # Asked for again and again, but not before the header is read.
        if self.kind is None:
            header = self["content-type"]
            kind = header.content_type if header else self.get_default_type()
            if kind.startswith("message/") and (
                    kind not in MESSAGES or encoding_of(self) in ENCODED):
                kind = "x/part"
            self.kind = kind
        return self.kind

    def get_content_maintype(self):
        return self.get_content_type().partition("/")[0]


class Policy(email.policy.EmailPolicy):
    """Python parses a field whenever it is asked for; here, once.  Over one
    that ends behind a parameter's name it fails; here it drops the name."""

    def header_fetch_parse(self, name, value):
        header = CACHE.get((name, value))
        if header is None:
            try:
                header = super().header_fetch_parse(name, value)
            except IndexError:
                header = super().header_fetch_parse(
                    name, value[:value.rfind(";")])
            CACHE[name, value] = header
        return header


CACHE = {}
POLICY = Policy(message_factory=Message)


def encoding_of(message):
    header = message["content-transfer-encoding"]
    return header.cte if header is not None else ""


# ---- what Python does otherwise, in one part ----

def strict_base64(body):
    """Base64 as RFC 2045 6.8 has it: other characters do not count, and the
    padding ends it."""
    body = re.sub(rb"[^A-Za-z0-9+/=]", b"", body)
    while True:
        at = body.find(b"=")
        if at == -1:
            break
        if at % 4 >= 2:
            body = body[:at]
            break
        body = body[:at] + body[at + 1:]
    if len(body) % 4 == 1:
        body = body[:-1]
    return base64.b64decode(body + b"=" * (-len(body) % 4))


def strict_quoted_printable(body):
    """Quoted-printable as RFC 2045 6.7 has it: white space at the end of a
    line does not count, and an "=" that begins no escape stays."""
    out = b""
    for line in re.findall(rb"[^\n]*\n|[^\n]+", body):
        text = line.rstrip()
        end = re.search(rb"\r?\n?\Z", line)[0]
        if text.endswith(b"="):
            text, end = text[:-1], b""
        out += re.sub(rb"=([0-9A-Fa-f]{2})",
                      lambda m: bytes((int(m[1], 16),)), text) + end
    return out


def decoded(message, notes):
    """The bytes of a part, as Python decodes them; or, of a body that breaks
    the rules of its encoding, as the RFC does."""
    encoding = encoding_of(message)
    if encoding in ENCODED:
        # Without comments, for get_payload.
        message.replace_header("content-transfer-encoding", encoding)
    body = message._payload.encode("ascii", "surrogateescape")
    data = message.get_payload(decode=True)
    if encoding not in ENCODED:
        return body
    if encoding == "base64":
        text = b"".join(body.split())
        clean = re.fullmatch(
            rb"(?:[A-Za-z0-9+/]{4})*"
            rb"(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", text)
        ours = strict_base64(body)
        name = "base64 that is broken"
    else:
        clean = not re.search(
            rb"[ \t]\r?\n|[ \t]\Z|=(?![0-9A-Fa-f]{2}|\r?\n|\Z)", body)
        ours = strict_quoted_printable(body)
        name = "quoted-printable that is broken"
    if clean or ours == data:
        return data
    notes[name] += 1
    return ours


def type_of(message, notes):
    header = message["content-type"]
    if header is None:
        return ""
    value = re.split(r"[;(]", str(header))[0].strip()
    if not re.fullmatch(r"[^/\s]+/[^/\s]+", value):
        notes["a type that is none"] += 1
        return value.lower()
    return header.content_type


def name_of(message, notes):
    for field, parameter in (("content-disposition", "filename"),
                             ("content-type", "name")):
        header = message[field]
        name = header.params.get(parameter) if header is not None else None
        if name:
            return str(name)
    return ""


# ---- reading ----

Part = collections.namedtuple("Part", "kind name hash hash_without_cr")


def part_of(kind, name, data):
    return Part(kind, name, hashlib.sha256(data).hexdigest(),
                hashlib.sha256(data.replace(b"\r", b"")).hexdigest())


def walk(message, notes, changes=(), inside=False):
    if message.is_multipart():
        inside = inside or message.get_content_maintype() == "multipart"
        for part in message.get_payload():
            yield from walk(part, notes, changes, inside)
        return
    kind = type_of(message, notes)
    data = decoded(message, notes)
    if kind.startswith("multipart/") and inside and data.endswith(b"\n"):
        # Python leaves it the line end that is the boundary's.
        data = re.sub(rb"\r?\n\Z", b"", data)
        notes["a multipart without parts"] += 1
    if kind in MESSAGES:
        yield from read_python(data, notes, changes)
    else:
        yield part_of(kind, name_of(message, notes), data)


def has_parts(message):
    return any(part.is_multipart() and
               part.get_content_maintype() == "multipart"
               for part in message.walk())


def read_python(data, notes, changes=()):
    """Python's parts of a mail.  changes are done to its bytes first, and to
    those of messages in encoded parts."""
    data = bytes(data)
    message = email.message_from_bytes(data, policy=POLICY)
    for change in changes:
        if change is not close or has_parts(message):
            data = change(data)
            message = email.message_from_bytes(data, policy=POLICY)
    return list(walk(message, notes, changes))


def read_ours(program, batch):
    """Our parts of each mail, and how it ended."""
    text = b"".join(b"%d\n%s" % (len(m.out), m.out) for m in batch)
    out = subprocess.run([program], input=text, stdout=subprocess.PIPE,
                         check=True).stdout.decode()
    parts = []
    for line in out.splitlines():
        if line == "end":
            yield parts
            parts = []
        else:
            kind, name, *hashes = line.split("\t")
            parts.append(Part(
                bytes.fromhex(kind).decode("latin-1").lower(),
                bytes.fromhex(name).decode(), *hashes))


# ---- what Python does otherwise, in a whole mail ----

# Damage over which we read on, and Python does not: we must read the mail as
# Python reads it without the damage.
MENDED = {"no semicolon": "parameters without a semicolon between them",
          "no field": "a line within a header that is no field",
          "space before a colon": "white space before a colon",
          "ContentType": "a field ContentType",
          "empty lines on top": "empty lines before the header",
          "one boundary for two": "multiparts that share a boundary",
          "doubled CR": "lines that end in CR CR LF"}


def same(ours, theirs, exact):
    """Compares parts, with the CRs of their bytes or without."""
    if exact:
        return ours == theirs
    return ([p._replace(hash="") for p in ours] ==
            [p._replace(hash="") for p in theirs])


def close(data):
    """Python takes the last line end for the one of the missing boundary."""
    return data + b"\r\n"


def drop_half_a_name(data):
    """Python takes half a field's name for the first line of the body."""
    return re.sub(rb"(?:\A|(?<=\n))[A-Za-z][A-Za-z-]*[\r\n]*\Z", b"", data)


def part_delimiters(data):
    """Python takes several delimiters in a row for one."""
    return re.sub(rb"(?m)^(--[^\r\n]+?)[ \t]*\r?\n(?=\1)", rb"\g<0>\n",
                  data)


CHANGES = {close: "the last line end of a part that is not closed",
           drop_half_a_name: "a header that is cut in a name",
           part_delimiters: "a part without a line"}


def with_cut_names(ours, theirs):
    """Python's parts, with our names where a name is cut: Python decodes an
    encoded word that has no end, drops a backslash before no character, leaves
    out pieces that are missing, where we end, and fails over an empty one."""
    def is_cut(o, t):
        before, word, _ = o.name.rpartition("=?")
        return (t.name == "" or
                word and not o.name.endswith("?=") and
                t.name.startswith(before.rstrip()) or
                o.name == t.name + "\\" or
                len(o.name) < len(t.name) and
                t.name.startswith(o.name.rstrip("\ufffd")))

    return [t._replace(name=o.name) if is_cut(o, t) else t
            for o, t in zip(ours, theirs)] + theirs[len(ours):]


def explain(seed, number, mail, ours, notes):
    """Whether a difference is one of those that have a name."""
    used = sorted(tag for tag in MENDED if tag in mail.odd)
    data = mails.make(seed, number, used).out if used else mail.out
    # In an encoded message a line less may be another way to break lines.
    exact = not ("doubled CR" in used or
                 used and "encoded message" in mail.odd)
    ends = [close]
    if "cut" in mail.odd:
        ends.append(drop_half_a_name)
    if mail.odd >= {"no empty line", "no type"}:
        ends.append(part_delimiters)
    for n in range(len(ends) + 1):
        for changes in itertools.combinations(ends, n):
            tried = collections.Counter(MENDED[tag] for tag in used)
            tried.update(CHANGES[change] for change in changes)
            theirs = read_python(data, tried, changes)
            if "cut" in mail.odd and not same(ours, theirs, exact):
                theirs = with_cut_names(ours, theirs)
                tried["a name that is cut"] += 1
            if same(ours, theirs, exact):
                notes.update(tried)
                return True
    return False


def show(number, mail, ours, theirs):
    print(f"# mail {number}: {', '.join(sorted(mail.odd))}")
    for line in bytes(mail.out).decode("latin-1").splitlines():
        print("#   ", line)
    for which, parts in (("ours", ours), ("theirs", theirs)):
        for part in parts:
            print(f"# {which}: {part.kind!r} {part.name!r} {part.hash:.8}")


# Oddities that leave no doubt of what was meant.
PLAIN = mails.MENDABLE - {"doubled CR"} | {
    "From line", "a second type", "comment in an encoding", "encoded message",
    "no padding", "pieces in any order", "raw 8 bit",
    "space at the end of a line", "space behind a soft break",
    "words in a parameter"}


def main():
    program, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    shown = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    notes = collections.Counter()
    wrong, different, plain, alike = [], [], 0, 0
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        batch = [mails.make(seed, n) for n in numbers]
        CACHE.clear()
        for n, mail, ours in zip(numbers, batch, read_ours(program, batch)):
            tried = collections.Counter()
            theirs = read_python(mail.out, tried)
            if mail.odd <= PLAIN:
                plain += 1
                meant = [part_of(*part) for part in mail.parts]
                # Quoted-printable has the line ends of the mail around it.
                if not same(ours, meant, "encoded message" not in mail.odd):
                    wrong.append((n, mail, ours, meant))
            if ours == theirs:
                alike += not tried
                notes.update(tried)
            elif not explain(seed, n, mail, ours, notes):
                different.append((n, mail, ours, theirs))
    print("1..2")
    for i, (what, among, bad) in enumerate((
            ("are read as they were meant", plain, wrong),
            ("are read as Python reads them", count, different))):
        print(f"{'not ok' if bad else 'ok'} {i + 1} - {among} mails {what}")
        for args in bad[:shown]:
            show(*args)
        if bad:
            print(f"# {len(bad)} are not")
    print(f"# {alike} in full; besides:")
    for name, n in sorted(notes.items()):
        print(f"# {n:6} {name}")
    return 1 if wrong or different else 0


if __name__ == "__main__":
    sys.exit(main())
