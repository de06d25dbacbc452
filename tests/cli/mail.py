#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes one report mail to standard output, for the command line tests.

usage: mail.py [KEY=VALUE...]
       mail.py --lines FOLDER
keys: day date domain reporter id ok failed type mx mode hosts broken form
(mail, json, gzip)

With --lines, writes one file into the folder for each line of standard input,
which has such words; day may then be FIRST..LAST, days of November 2026, for
as many files, received on the morning after the day."""

import base64
import gzip
import json
import sys

DEFAULTS = {
    "day": "2026-11-10", "domain": "example.com",
    "reporter": "reporter.example", "id": "1", "ok": "10", "failed": "0",
    "type": "certificate-expired", "mx": "mx1.example.com",
    "mode": "enforce", "hosts": "*.example.com", "broken": "",
    "form": "mail", "date": "Wed, 11 Nov 2026 04:00:00 +0000"}


def report(o):
    """The bytes that the words ask for."""
    hosts = o["hosts"].split(",")
    policy = {
        "policy": {"policy-type": "sts",
                   "policy-string": ["version: STSv1", "mode: " + o["mode"],
                                     *("mx: " + h for h in hosts),
                                     "max_age: 604800"],
                   "policy-domain": o["domain"], "mx-host": hosts},
        "summary": {"total-successful-session-count": int(o["ok"]),
                    "total-failure-session-count": int(o["failed"])}}
    if int(o["failed"]):
        policy["failure-details"] = [
            {"result-type": o["type"], "sending-mta-ip": "192.0.2.7",
             "receiving-mx-hostname": o["mx"],
             "receiving-ip": "198.51.100.9",
             "failed-session-count": int(o["failed"])}]
    text = json.dumps({
        "organization-name": "Reporter Inc.",
        "date-range": {"start-datetime": o["day"] + "T00:00:00Z",
                       "end-datetime": o["day"] + "T23:59:59Z"},
        "contact-info": "tls@" + o["reporter"],
        "report-id": o["id"], "policies": [policy]}).encode()
    packed = gzip.compress(text, mtime=0)
    if o["broken"]:
        packed = packed[:-int(o["broken"])]
    if o["form"] == "json":
        return text
    if o["form"] == "gzip":
        return packed
    return f"""\
From: tls@{o["reporter"]}
To: reports@{o["domain"]}
Subject: Report Domain: {o["domain"]} Submitter: {o["reporter"]}
 Report-ID: <{o["id"]}>
Date: {o["date"]}
TLS-Report-Domain: {o["domain"]}
TLS-Report-Submitter: {o["reporter"]}
MIME-Version: 1.0
Content-Type: multipart/report; report-type="tlsrpt"; boundary="=_b"

--=_b
Content-Type: text/plain

A report.
--=_b
Content-Type: application/tlsrpt+gzip; name="r.json.gz"
Content-Transfer-Encoding: base64

{base64.encodebytes(packed).decode()}
--=_b--
""".encode()


def lines(folder):
    """A file for each day of each line."""
    n = 0
    for line in sys.stdin:
        o = DEFAULTS | dict(a.split("=", 1) for a in line.split())
        first, _, last = o["day"].partition("..")
        for day in range(int(first), int(last or first) + 1):
            n += 1
            o |= {"id": f"line-{n}", "day": f"2026-11-{day:02}",
                  "date": f"{day + 1} Nov 2026 06:00:00 +0000"}
            with open(f"{folder}/{n}.eml", "wb") as f:
                f.write(report(o))


if sys.argv[1:2] == ["--lines"]:
    lines(sys.argv[2])
else:
    data = report(DEFAULTS | dict(a.split("=", 1) for a in sys.argv[1:]))
    # Who runs this within a program of its own may want text.
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(data)
    else:
        sys.stdout.write(data.decode())
