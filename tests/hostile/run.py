#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What comes of each attack of attacks.py, and what memory that costs.

usage: run.py [--long] TLSTALLY GOOD-MAIL [NAME...]

Each is ingested at its short size, or with --long its big one, from a folder
with a good mail behind it, which must be counted whatever happens.  The peak
of memory is that of the largest process; a program with sanitizers is not
held to it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

from attacks import ATTACKS, has_sanitizer

EX_OK, EX_DATAERR = 0, 65
SUMMARY = "ingested 2 messages: %d new reports?, 0 duplicates, " \
    "0 conflicts, %d rejected, %d foreign"


def run(command, folder):
    """Runs a command; returns its status, what it said and what it took."""
    with open(os.path.join(folder, "said"), "w+b") as f:
        p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=f,
                             stderr=f)
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        f.seek(0)
        return p.returncode, f.read().decode("utf-8", "backslashreplace"), \
            usage


def write(path, a, size):
    """Writes an attack to a file; in a process of its own, as a child's peak
    counts what its parent holds when it starts."""
    pid = os.fork()
    if pid == 0:
        try:
            with open(path, "wb") as f:
                f.write(a.make(size))
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def wanted(outcome, said):
    """What the run should have said, as a list of patterns, and its
    status."""
    if outcome == "report":
        # Some attacks are several reports.
        got = re.search(r"(\d+) new", said)
        n = max(int(got[1]), 2) if got else 2
        return EX_OK, [SUMMARY % (n, 0, 0)]
    if outcome == "foreign":
        return EX_OK, [SUMMARY % (1, 0, 1)]
    got = re.search(r"(\d+) new", said)
    n = max(int(got[1]), 1) if got else 1
    return EX_DATAERR, [SUMMARY % (n, 1, 0), "rejected: .*(?:" + outcome + ")"]


def attack(tlstally, good, name, folder, is_long):
    """Returns what is wrong, and the line that tells of it."""
    a = ATTACKS[name]
    box = os.path.join(folder, "box")
    os.mkdir(box)
    write(os.path.join(box, "a"), a, a.big if is_long else a.short)
    shutil.copy(good, os.path.join(box, "b.eml"))
    status, said, usage = run([tlstally, "-v", "-s", os.path.join(
        folder, "t.db"), "ingest", box], folder)
    peak = usage.ru_maxrss / 1024
    want, patterns = wanted(a.outcome, said)
    wrong = ["no: " + p for p in patterns if not re.search(p, said)]
    if status != want:
        wrong.append("status %d, wanted %d" % (status, want))
    if peak > a.peak and not has_sanitizer(tlstally):
        wrong.append("%.0f MiB of memory, at most %d" % (peak, a.peak))
    if re.search("[^\t\n -\x7e]", said):
        wrong.append("a raw character reached the terminal")
    return wrong + [said] if wrong else [], "%s: %.0f MiB, %.2f s" % (
        name, peak, usage.ru_utime + usage.ru_stime)


def main():
    args = sys.argv[1:]
    is_long = args[:1] == ["--long"]
    tlstally, good, *names = args[is_long:]
    tlstally = os.path.abspath(tlstally)
    names = names or list(ATTACKS)
    print("1..%d" % len(names))
    failed = 0
    for number, name in enumerate(names, 1):
        with tempfile.TemporaryDirectory() as folder:
            wrong, line = attack(tlstally, good, name, folder, is_long)
        print("%s %d - %s" % ("not ok" if wrong else "ok", number, line))
        for w in wrong:
            print("# " + w[:1000].replace("\n", "\n# "))
        sys.stdout.flush()
        failed += bool(wrong)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
