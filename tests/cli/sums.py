#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Totals add up: makes a corpus of awkward reports, lets the program digest
it, and compares every sum over the CSV with the reports' own summaries.

usage: sums.py PROGRAM FOLDER
Says its results in TAP."""

import csv
import datetime
import io
import json
import os
import random
import subprocess
import sys

PROGRAM, FOLDER = sys.argv[1:3]
STORE = os.path.join(FOLDER, "sums.db")
CORPUS = os.path.join(FOLDER, "corpus")
DAY0 = datetime.date(2026, 10, 26)  # a Monday; two weeks over a month's end
DAYS = 14
TYPES = ["starttls-not-supported", "certificate-host-mismatch",
         "certificate-expired", "certificate-not-trusted",
         "validation-failure", "tlsa-invalid", "dnssec-invalid",
         "dane-required", "sts-policy-fetch-error", "sts-policy-invalid",
         "sts-webpki-invalid", "made-up-failure", "=cmd|' /C calc'!A0"]
EVIL = ["", "=1+1", "+49 30", "-2", "@SUM(A1)", "\tx", "\rx", "a\r\nb",
        "\x1b[31mred", "\u202egpj.exe", "a,b;c", 'say "x"', "12345678901234",
        "\u2028", "\x9b2J", "\u0000", "ü€𝄞", "''"]
DOMAINS = ["example.com", "example.net", "mail.example.org", None,
           "xn--bcher-kva.example", "=example.com", "a" * 60 + ".example"]


def details(rnd, failed):
    """Failure details that reach, miss or exceed the summary."""
    if failed and rnd.random() < 0.2:
        return rnd.choice([None, [], "absent"])
    out = []
    for _ in range(rnd.randrange(0, 4)):
        d = {"result-type": rnd.choice(TYPES),
             "failed-session-count": rnd.randrange(0, failed + 3)}
        if rnd.random() < 0.7:
            d["receiving-mx-hostname"] = rnd.choice(
                ["mx1.example.com", "mx2.example.com"] + EVIL)
        if rnd.random() < 0.7:
            d["receiving-ip"] = rnd.choice(["192.0.2.1", "2001:DB8::0001"])
        if rnd.random() < 0.4:
            d["failure-reason-code"] = rnd.choice(EVIL)
        out.append(d)
    return out


def policy(rnd):
    ok, failed = rnd.randrange(0, 5000), rnd.choice([0, 0, 1, 7, 400])
    kind = rnd.choice(["sts", "tlsa", "no-policy-found", "STS", "=other"])
    p = {"policy-type": kind}
    domain = rnd.choice(DOMAINS)
    if domain is not None:
        p["policy-domain"] = domain
    if kind.lower() == "sts":
        p["policy-string"] = ["version: STSv1", "mode: " +
                              rnd.choice(["enforce", "testing", "none"]),
                              "mx: *.example.com", "max_age: 86400"]
    summary = {"total-successful-session-count": ok,
               "total-failure-session-count": failed}
    if rnd.random() < 0.1:
        summary = {k: str(v) for k, v in summary.items()}
    entry = {"policy": p, "summary": summary}
    found = details(rnd, failed)
    if found != "absent":
        entry["failure-details"] = found
    return entry, (domain or "(unknown)"), ok, failed


def corpus(rnd):
    """Writes the reports and returns (day, reporter, domain, ok, failed)."""
    facts = []
    os.mkdir(CORPUS)
    for n in range(400):
        day = DAY0 + datetime.timedelta(days=rnd.randrange(DAYS))
        reporter = "reporter%d.example" % rnd.randrange(9)
        policies = [policy(rnd) for _ in range(rnd.randrange(0, 4))]
        report = {
            "organization-name": rnd.choice(["Reporter", *EVIL]),
            "date-range": {
                "start-datetime": "%sT00:00:00Z" % day,
                "end-datetime": "%sT23:59:59Z" % day},
            "contact-info": "tls@" + reporter,
            "report-id": "report-%d" % n,
            "policies": [p[0] for p in policies]}
        name = os.path.join(CORPUS, "%03d.json" % n)
        with open(name, "w", encoding="utf-8") as f:
            json.dump(report, f, ensure_ascii=rnd.random() < 0.5)
        for _, domain, ok, failed in policies:
            facts.append((day.isoformat(), reporter, domain, ok, failed))
    return facts


def run(*args, check=True):
    return subprocess.run([PROGRAM, "-s", STORE, *args], check=check,
                          capture_output=True).stdout


def table(*args):
    text = run("digest", "--all-time", "--format", "csv", *args)
    text = text.decode("utf-8")
    if "--excel=semicolon" in args:
        assert text.startswith("\ufeff")
    text = text.lstrip("\ufeff")
    delimiter = ";" if "--excel=semicolon" in args else ","
    return list(csv.DictReader(io.StringIO(text, newline=""),
                               delimiter=delimiter)), text


def sums(rows, keys, columns):
    out = {}
    for row in rows:
        key = tuple(row[k] for k in keys)
        old = out.get(key, (0,) * len(columns))
        out[key] = tuple(a + int(row[c]) for a, c in zip(old, columns))
    return {k: v for k, v in out.items() if any(v)}


def wanted(facts, index, take):
    out = {}
    for fact in facts:
        key = tuple(cell(fact[i]) for i in index)
        old = out.get(key, (0,) * len(take))
        out[key] = tuple(a + fact[t] for a, t in zip(old, take))
    return {k: v for k, v in out.items() if any(v)}


def cell(text):
    return "'" + text if text[:1] in "=+-@\t\r" else text


COUNT = 0


def ok(condition, name, *more):
    global COUNT
    COUNT += 1
    print("%sok %d - %s" % ("" if condition else "not ", COUNT, name))
    if not condition:
        for m in more:
            print("# %r" % (m,))


def compare(facts, by, *more):
    policies, _ = table("--by", by, "--rows", "policies", *more)
    failures, _ = table("--by", by, "--rows", "failures", *more)
    for keys, index in ((("policy_domain",), (2,)), (("reporter",), (1,)),
                        (("period_start",), (0,)), ((), ())):
        if keys == ("period_start",) and by != "day":
            continue
        name = "by %s, %s %s" % (by, keys[0] if keys else "all",
                                 " ".join(more))
        got = sums(policies, keys,
                   ("successful_sessions", "failed_sessions"))
        want = wanted(facts, index, (3, 4))
        ok(got == want, "sums over policies " + name, got, want)
        got = sums(failures, keys, ("failed_sessions",))
        want = wanted(facts, index, (4,))
        ok(got == want, "sums over failures " + name, got, want)
    ok(sum(int(r["policy_entries"]) for r in policies) == len(facts),
       "every policy is counted once, by " + by)


def main():
    facts = corpus(random.Random(8460))
    run("ingest", CORPUS)
    for by in ("day", "week", "month", "total"):
        compare(facts, by)
    compare(facts, "day", "--excel=semicolon")
    for rows in ("policies", "failures"):
        for more in ((), ("--excel=semicolon",), ("--excel",)):
            cells, text = table("--rows", rows, *more)
            bad = [c for r in cells for c in r.values()
                   if c and c[0] in "=+@\t\r" and not (
                       more and c.startswith('="') and c[2:-1].isdigit())
                   or c and c[0] == "-" and not c[1:].isdigit()]
            ok(not bad, "no cell of %s acts as a formula %s" %
               (rows, " ".join(more)), bad)
            body = text.replace("\r\n", "")
            bad = [ch for ch in body
                   if (ord(ch) < 32 and ch not in "\n\t")
                   or 127 <= ord(ch) < 160 or ch in "\u202e\u2028\u200b"]
            ok(not bad, "no control character in %s %s" %
               (rows, " ".join(more)), bad)
    for args in (["digest", "--all-time"], ["list"], ["status"],
                 ["digest", "--all-time", "--by", "day"],
                 *[["show", str(n)] for n in range(1, 40)]):
        text = run(*args).decode("utf-8")
        bad = [ch for ch in text if (ord(ch) < 32 and ch != "\n")
               or 127 <= ord(ch) < 160 or ch in "\u202e\u2028\u200b"]
        ok(not bad, "no control character from " + " ".join(args), bad)
        if args[0] == "digest":
            long = [x for x in text.split("\n")
                    if len(x) > 80 and "a" * 60 not in x]
            ok(not long, "80 columns: " + " ".join(args), long)
    print("1..%d" % COUNT)


main()
