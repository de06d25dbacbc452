#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Puts many mails into a Maildir at once, those of cli/mail.py.

usage: fill.py MAILDIR FIRST COUNT [KEY=VALUE...]
Reports have the numbers from FIRST on as ids.  kind=foreign makes other mail,
of size=BYTES, and kind=broken reports that cannot be unpacked; pad=BYTES
appends so much to each, and octets=BYTES as much as it lacks of that size,
lines ended as an IMAP server counts them.  All other keys are mail.py's."""

import os
import sys

sys.path.insert(1, os.path.join(sys.path[0], "../cli"))
import mail

maildir, first, count = sys.argv[1:4]
keys = mail.words_of(sys.argv[4:])
kind = keys.pop("kind", "report")
size = int(keys.pop("size", "2000"))
pad = int(keys.pop("pad", "0"))
octets = int(keys.pop("octets", "0"))


def report(number):
    own = {"ok": "1"} | keys | {"id": f"r{number}"}
    if kind == "broken":
        own["broken"] = "9"
    return mail.report(**own)


def foreign(number):
    head = (f"From: friend{number}@example.org\nTo: anna@example.com\n"
            f"Subject: Lunch {number}?\nMessage-ID: <{number}@example.org>\n"
            "Content-Type: text/plain\n\n").encode()
    line = b"At noon, or a little later, as you like it best.\n"
    return head + line * (size // len(line) + 1)


def lacking(text):
    missing = octets - len(text.replace(b"\n", b"\r\n"))
    lines = missing // 78 - 1
    last = b"x" * (missing - lines * 78 - 2) + b"\n"
    return b"" if missing < 78 else (b"x" * 76 + b"\n") * lines + last


for folder in ("cur", "new", "tmp"):
    os.makedirs(os.path.join(maildir, folder), exist_ok=True)
if os.path.basename(maildir).startswith("."):
    open(os.path.join(maildir, "maildirfolder"), "a").close()
for number in range(int(first), int(first) + int(count)):
    text = foreign(number) if kind == "foreign" else report(number)
    text += (b"x" * 75 + b"\n") * (pad // 76)
    text += lacking(text)
    name = f"{1700000000 + number}.{kind}{number}.host,S={len(text)}"
    with open(os.path.join(maildir, "new", name), "wb") as f:
        f.write(text)
