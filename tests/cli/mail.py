#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes one report mail to standard output, for the command line tests.

usage: mail.py [KEY=VALUE...]
       mail.py --lines FOLDER [KEY=VALUE...]
keys: day date domain reporter organization id ok failed type mx policy (sts,
none) mode hosts broken form (mail, json, gzip)

With --lines, writes one file into the folder for each line of standard input,
which has such words, quoted as for a shell, besides those of the command line.
Day may then be FIRST..LAST, days of November 2026, and reporter several with
commas, for as many files, received on the morning after the day."""

import base64
import gzip
import json
import os
import shlex
import sys

DEFAULTS = {
    "day": "2026-11-10", "domain": "example.com",
    "reporter": "reporter.example", "organization": "Reporter Inc.",
    "id": "1", "ok": "10", "failed": "0", "type": "certificate-expired",
    "mx": "mx1.example.com", "policy": "sts", "mode": "enforce",
    "hosts": "*.example.com", "broken": "", "form": "mail",
    "date": "Wed, 11 Nov 2026 04:00:00 +0000"}


def policy_of(o):
    """What the report says of the policy that was found."""
    if o["policy"] == "none":
        return {"policy-type": "no-policy-found",
                "policy-domain": o["domain"]}
    hosts = o["hosts"].split(",")
    return {"policy-type": "sts",
            "policy-string": ["version: STSv1", "mode: " + o["mode"],
                              *("mx: " + h for h in hosts),
                              "max_age: 604800"],
            "policy-domain": o["domain"], "mx-host": hosts}


def report(**words):
    """The bytes that the words ask for."""
    o = DEFAULTS | words
    policy = {
        "policy": policy_of(o),
        "summary": {"total-successful-session-count": int(o["ok"]),
                    "total-failure-session-count": int(o["failed"])}}
    if int(o["failed"]):
        policy["failure-details"] = [
            {"result-type": o["type"], "sending-mta-ip": "192.0.2.7",
             "receiving-mx-hostname": o["mx"],
             "receiving-ip": "198.51.100.9",
             "failed-session-count": int(o["failed"])}]
    text = json.dumps({
        "organization-name": o["organization"],
        "date-range": {"start-datetime": o["day"] + "T00:00:00Z",
                       "end-datetime": o["day"] + "T23:59:59Z"},
        "contact-info": "tls@" + o["reporter"],
        "report-id": str(o["id"]), "policies": [policy]}).encode()
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


def words_of(arguments):
    return dict(a.split("=", 1) for a in arguments)


def lines(folder, common):
    """A file for each day and reporter of each line."""
    os.makedirs(folder, exist_ok=True)
    n = 0
    for line in sys.stdin:
        o = DEFAULTS | common | words_of(shlex.split(line))
        first, _, last = o["day"].partition("..")
        for day in range(int(first), int(last or first) + 1):
            for reporter in o["reporter"].split(","):
                n += 1
                with open(f"{folder}/{n}.{o['form']}", "wb") as f:
                    f.write(report(**o | {
                        "reporter": reporter, "id": f"line-{n}",
                        "day": f"2026-11-{day:02}",
                        "date": f"{day + 1} Nov 2026 06:00:00 +0000"}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--lines"]:
        lines(sys.argv[2], words_of(sys.argv[3:]))
    else:
        sys.stdout.buffer.write(report(**words_of(sys.argv[1:])))
