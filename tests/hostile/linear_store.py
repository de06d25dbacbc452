#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Time is linear beyond the decoder too: to store, show and sum up ten times
as much takes at most 15 times as long.

usage: linear_store.py [--long] TLSTALLY

Large reports and mailboxes of many are ingested, and all commands that read
the store are run over them; with --long, of four times the size, and all
cases; with sanitizers, of a twentieth."""

import os
import resource
import subprocess
import sys
import tempfile

import attacks

TIMES = 15
TRIES = 3
# What a command takes to start is no question of the size, in seconds.
LEAST = 0.008
ID = "mx.example.net"


def mails(n, change):
    """An mbox of n reports, each as change makes it of the usual one."""
    out = []
    for i in range(n):
        day, reporter, policy, head = change(i)
        body = attacks.report(policy, report_id=b"%d" % i)
        out.append(b"From a@example.org Mon Nov  9 04:00:00 2026\n" +
                   (head + attacks.HEAD + attacks.JSON + b"\n" + body +
                    b"\n\n").replace(b"reporter.example", reporter)
                   .replace(b"2026-11-10", day))
    return b"".join(out)


DAY, REPORTER = b"2026-11-10", b"reporter.example"


def reporters(i):
    return DAY, b"r%d.example" % i, attacks.policy(), b""


def verified(i):
    return DAY, b"r%d.example" % i, attacks.policy(), \
        b"Authentication-Results: %s; dkim=pass header.d=r%d.example\n" % (
            ID.encode(), i)


def domains(i):
    return DAY, REPORTER, attacks.policy("d%d.example" % i), b""


def days(i):
    day = b"20%02d-%02d-%02d" % (10 + i // 336 % 15, i // 28 % 12 + 1,
                                 i % 28 + 1)
    return day, REPORTER, attacks.policy(), b""


def failures(i):
    return DAY, REPORTER, attacks.policy(
        extra=attacks.details(3).replace(b"mx", b"m%d-" % i)), b""


def conflicts(n):
    """Reports that all claim to be the same one."""
    return b"".join(
        mails(1, lambda i, k=k: (DAY, REPORTER, attacks.policy().replace(
            b'count":1', b'count":%d' % (k + 2)), b"")) for k in range(n))


def attack(name):
    return attacks.ATTACKS[name].make


# What is ingested, by a name and a size; and what before that, if anything.
# Those of SHORT are tried in every run.
SHORT = ("many policies", "many failure details",
         "reports that are verified later")
CASES = {
    "many policies": (250, attack("json-policies"), None),
    "many failure details": (4000, attack("json-failure-details"), None),
    "many policy strings": (4000, attack("policy-strings"), None),
    "many aliases": (10000, attack("json-aliases"), None),
    "reports in one mail": (90, attack("many-reports"), None),
    "reports that are verified later": (
        1000, lambda n: mails(n, verified), lambda n: mails(n, reporters)),
    "domains": (500, lambda n: mails(n, domains), None),
    "days": (500, lambda n: mails(n, days), None),
    "failures": (500, lambda n: mails(n, failures), None),
    "conflicts": (500, conflicts, None),
}

COMMANDS = (
    "list", "show 1", "show --original 1", "digest --all-time",
    "digest --all-time -f csv", "digest --all-time -f csv --rows failures",
    "digest --all-time --by day", "export --all-time",
    "export --all-time --rows failures", "export --all-time --format ndjson",
    "reparse", "rejects", "status --check", "prune --keep 1d",
)


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(command):
    start = cpu_of_children()
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return cpu_of_children() - start


def run_case(tlstally, folder, n, make, before):
    """Returns the seconds that each command takes."""
    store = os.path.join(folder, "t.db")
    box = os.path.join(folder, "box")
    conf = os.path.join(folder, "conf")
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    with open(conf, "w", encoding="ascii") as f:
        f.write('source "x" { path = "%s"\nauthserv_id = "%s" }\n' % (box, ID))
    os.chmod(conf, 0o600)
    tally = [tlstally, "-c", conf, "-s", store]
    if before:
        with open(box + ".1", "wb") as f:
            f.write(before(n))
        subprocess.run(tally + ["ingest", box + ".1"], check=True)
    with open(box, "wb") as f:
        f.write(make(n))
    took = {"ingest": timed(tally + ["ingest", "x"])}
    for command in COMMANDS:
        took[command] = timed(tally + command.split())
    return took


def too_slow(small, large):
    return [c for c in small if large[c] > TIMES * max(small[c], LEAST)]


def main():
    args = sys.argv[1:]
    is_long = args[:1] == ["--long"]
    tlstally = os.path.abspath(args[is_long])
    names = CASES if is_long else SHORT
    print("1..%d" % len(names))
    failed = 0
    for number, name in enumerate(names, 1):
        n, make, before = CASES[name]
        n *= 4 if is_long and name != "reports in one mail" else 1
        n = max(n // 20, 1) if attacks.has_sanitizer(tlstally) else n
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(TRIES):
                small = run_case(tlstally, folder, n, make, before)
                large = run_case(tlstally, folder, 10 * n, make, before)
                slow = too_slow(small, large)
                if not slow:
                    break
        print("%s %d - %s" % ("not ok" if slow else "ok", number, name))
        for c in small if is_long else slow:
            print("# %s: %.0f ms, then %.0f ms" % (
                c, small[c] * 1e3, large[c] * 1e3))
        sys.stdout.flush()
        failed += bool(slow)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
