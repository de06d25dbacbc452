#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Holds the output of a monitoring plugin to the grammar of the Monitoring
Plugins guidelines.

usage: plugin.py < OUTPUTS

Before each output stands a line with a form feed and the exit status.  An
output is a line of text, a bar and performance data, and then others without
a bar.  Prints nothing when all is right, else what is wrong."""

import re
import sys

WORDS = ["OK", "WARNING", "CRITICAL", "UNKNOWN"]
NUMBER = r"-?(?:\d+(?:\.\d+)?|\.\d+)"
RANGE = rf"@?(?:(?:{NUMBER}|~):)?(?:{NUMBER})?"
# A label has no = and no ', but a doubled one, within its quotes.
DATUM = re.compile(
    rf"'((?:[^'=]|'')+)'=(?:(U)|({NUMBER})(s|us|ms|%|B|KB|MB|TB|c)?)"
    rf"(?:;({RANGE}))?(?:;({RANGE}))?(?:;({NUMBER})?)?(?:;({NUMBER})?)?"
    rf"(?: |$)")


def fail(text):
    print(text)
    sys.exit(1)


def check_data(data):
    at, labels = 0, set()
    while at < len(data):
        m = DATUM.match(data, at)
        if not m:
            fail(f"not performance data: {data[at:]!r}")
        label, low, high = m.group(1), m.group(7), m.group(8)
        if label in labels:
            fail(f"the label is there twice: {label}")
        labels.add(label)
        if not m.group(2):
            value = float(m.group(3))
            if low and value < float(low) or high and value > float(high):
                fail(f"out of its own range: {m.group(0)}")
        at = m.end()
    if not labels:
        fail("a bar, and no performance data")


def check(status, raw):
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as e:
        fail(f"no UTF-8: {e}")
    if not text.endswith("\n"):
        fail("the last line has no end")
    for c in text:
        if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160):
            fail(f"a control character: {c!r}")
    if not 0 <= status <= 3:
        fail(f"exit status {status}")
    first, *more = text[:-1].split("\n")
    head, bar, data = first.partition(" | ")
    if not head.startswith(f"TLSRPT {WORDS[status]} - ") or "|" in head:
        fail(f"not the first line for status {status}: {head}")
    if len(head.encode()) > 300:
        fail("the first line is too long")
    if bar:
        check_data(data)
    for line in more:
        if "|" in line:
            fail(f"a bar in the lines for people: {line}")
        if not line:
            fail("an empty line")


none, *records = sys.stdin.buffer.read().split(b"\f")
if none or not records:
    fail("no outputs")
for record in records:
    header, _, output = record.partition(b"\n")
    check(int(header), output)
