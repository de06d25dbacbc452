#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes many reports, one JSON file each, for the command line tests.

usage: reports.py DIR < LINES

A line is KEY=VALUE..., quoted as for a shell, and makes a report for each day
and each reporter.
keys: days (of November 2026: 3 or 1-15) domain reporter (several with commas)
ok failed type mx mode (none: no policy found)"""

import json
import os
import shlex
import sys

os.makedirs(sys.argv[1], exist_ok=True)
number = 0


def report(o, day, reporter):
    policy = {"policy": {"policy-type": "no-policy-found",
                         "policy-domain": o["domain"]},
              "summary": {"total-successful-session-count": int(o["ok"]),
                          "total-failure-session-count": int(o["failed"])}}
    if o["mode"] != "none":
        policy["policy"] = {
            "policy-type": "sts", "policy-domain": o["domain"],
            "policy-string": ["version: STSv1", "mode: " + o["mode"],
                              "mx: *.example.com", "max_age: 604800"],
            "mx-host": ["*.example.com"]}
    if int(o["failed"]):
        policy["failure-details"] = [
            {"result-type": o["type"], "sending-mta-ip": "192.0.2.7",
             "receiving-mx-hostname": o["mx"],
             "failed-session-count": int(o["failed"])}]
    date = f"2026-11-{day:02}T"
    return {"organization-name": "Reporter Inc.",
            "date-range": {"start-datetime": date + "00:00:00Z",
                           "end-datetime": date + "23:59:59Z"},
            "contact-info": "tls@" + reporter, "report-id": str(number),
            "policies": [policy]}


for line in sys.stdin:
    o = {"days": "1", "domain": "example.com", "reporter": "google.com",
         "ok": "10", "failed": "0", "type": "certificate-expired",
         "mx": "mx1.example.com", "mode": "testing"}
    o.update(a.split("=", 1) for a in shlex.split(line))
    first, _, last = o["days"].partition("-")
    for day in range(int(first), int(last or first) + 1):
        for reporter in o["reporter"].split(","):
            number += 1
            name = os.path.join(sys.argv[1], f"{number}.json")
            with open(name, "w", encoding="utf-8") as f:
                json.dump(report(o, day, reporter), f)
