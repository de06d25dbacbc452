#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes one report mail to standard output, for the command line tests.

usage: mail.py [KEY=VALUE...]
keys: day date domain reporter id ok failed type mx broken form (mail, json,
gzip)"""

import base64
import gzip
import json
import sys

o = {"day": "2026-11-10", "domain": "example.com",
     "reporter": "reporter.example", "id": "1", "ok": "10", "failed": "0",
     "type": "certificate-expired", "mx": "mx1.example.com", "broken": "",
     "form": "mail", "date": "Wed, 11 Nov 2026 04:00:00 +0000"}
o.update(a.split("=", 1) for a in sys.argv[1:])

policy = {
    "policy": {"policy-type": "sts",
               "policy-string": ["version: STSv1", "mode: enforce",
                                 "mx: *.example.com", "max_age: 604800"],
               "policy-domain": o["domain"], "mx-host": ["*.example.com"]},
    "summary": {"total-successful-session-count": int(o["ok"]),
                "total-failure-session-count": int(o["failed"])}}
if int(o["failed"]):
    policy["failure-details"] = [
        {"result-type": o["type"], "sending-mta-ip": "192.0.2.7",
         "receiving-mx-hostname": o["mx"], "receiving-ip": "198.51.100.9",
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
    sys.stdout.buffer.write(text)
    sys.exit()
if o["form"] == "gzip":
    sys.stdout.buffer.write(packed)
    sys.exit()
print(f"""\
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
--=_b--""")
