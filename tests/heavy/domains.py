#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes reports about many domains, all with failures: one file for each
reporter and day, with a policy for each domain.

usage: domains.py FOLDER DOMAINS DAYS"""

import datetime
import json
import os
import sys

folder, domains, days = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
REPORTERS = ["google.com", "microsoft.com", "bücher.example", "א.example",
             "a.very-long-name-of-a-reporter." + "long." * 20 + "example"]
REPORTERS += ["small%d.example" % i for i in range(25 if domains < 50 else 0)]
TYPES = ["certificate-expired", "starttls-not-supported", "validation-failure",
         "tlsa-invalid", "sts-policy-fetch-error", "an-unknown-type"]
END = datetime.date(2026, 11, 15)


def policy(d, r, day):
    name = "domain%03d.example" % d
    bad = 3 if day < 3 and r < 4 else 0
    mode = "enforce" if d % 2 else "testing"
    p = {"policy": {"policy-type": "sts", "policy-domain": name,
                    "policy-string": ["version: STSv1", "mode: " + mode,
                                      "mx: mx1." + name, "max_age: 86400"],
                    "mx-host": ["mx1." + name]},
         "summary": {"total-successful-session-count": 1000 // (r + 1),
                     "total-failure-session-count": bad}}
    if bad:
        p["failure-details"] = [
            {"result-type": TYPES[d % len(TYPES)], "sending-mta-ip":
             "192.0.2.7", "receiving-ip": "198.51.100.9",
             "receiving-mx-hostname": "mx1." + name,
             "failure-reason-code": "error:0A000086", "failed-session-count":
             bad}]
    return p


os.makedirs(folder)
for day in range(days):
    for r, reporter in enumerate(REPORTERS):
        if r == 1 and day < 5:
            continue
        date = END - datetime.timedelta(days=day)
        with open("%s/%d-%d.json" % (folder, day, r), "w",
                  encoding="utf-8") as f:
            json.dump({"organization-name": reporter,
                       "contact-info": "tls@" + reporter,
                       "report-id": "%s-%s" % (date, r),
                       "date-range": {
                           "start-datetime": "%sT00:00:00Z" % date,
                           "end-datetime": "%sT23:59:59Z" % date},
                       "policies": [policy(d, r, day)
                                    for d in range(domains)]}, f)
