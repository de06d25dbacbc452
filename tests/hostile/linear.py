#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Time is linear: ten times an attack takes at most 15 times as long.

usage: linear.py [--long] COST [NAME...]

COST is the program tests/hostile/cost.  Each attack of attacks.py is measured
at a quarter of its small size and at ten times that; with --long, at four
times both, where noise is less; with sanitizers, at a sixteenth.  What is
over is measured up to nine times more, with pauses: other programs run too."""

import os
import subprocess
import sys
import tempfile
import time

from attacks import ATTACKS, has_sanitizer

TIMES = 15
TRIES = 10
PAUSE = 0.5
# What a call costs is no question of the size: less than this, in
# microseconds, is taken for this.
LEAST = 500


def measure(cost, files):
    out = subprocess.run([cost, *files], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return [line.split(" ", 3) for line in out.splitlines()]


def main():
    args = sys.argv[1:]
    divisor = 4
    if args[:1] == ["--long"]:
        divisor = 1
        args = args[1:]
    cost, names = args[0], args[1:] or list(ATTACKS)
    if has_sanitizer(cost):
        divisor = 64
    print("1..%d" % len(names))
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names, 1):
            a = ATTACKS[name]
            files = []
            for times in (1, 10):
                files.append(os.path.join(folder, "%s-%d" % (name, times)))
                with open(files[-1], "wb") as f:
                    f.write(a.make(max(a.small // divisor, 1) * times))
            for tried in range(TRIES):
                time.sleep(PAUSE if tried > 0 else 0)
                small, large = measure(cost, files)
                ratio = int(large[0]) / max(int(small[0]), LEAST)
                if ratio <= TIMES:
                    break
            for f in files:
                os.unlink(f)
            print("%s %d - %s: %.1f ms, then %.1f ms, %.1f times" % (
                "ok" if ratio <= TIMES else "not ok", number, name,
                int(small[0]) / 1e3, int(large[0]) / 1e3,
                int(large[0]) / max(int(small[0]), 1)))
            if small[1:] != large[1:] or ratio > TIMES:
                print("# small: %s\n# large: %s" % (small[1:], large[1:]))
            failed += ratio > TIMES
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
