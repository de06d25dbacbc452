#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A disk that fails at every call in its turn, and the power that goes.

usage: faults.py PROGRAM SHIM [--points N] [--kinds A,B] [--scene TEXT]
		 [--each N] [--jobs N] [--seed N]

--each    no more than so many calls of a scene, whatever the kind
--points  so many calls of each scene and kind fail, which are chosen among
	  those that differ from the one before; 0: every one"""

import argparse
import concurrent.futures
import errno
import os
import random
import shutil
import sys

import scenes
from disk import Disk
from kit import (IOERR, NOINPUT, OK, TEMPFAIL, Broken, Program, Scratch, Tap,
                 need)

# kind: (FAULT_KIND, the error, FAULT_READS)
KINDS = {
    "eio": ("error", errno.EIO, 0),
    "enospc": ("error", errno.ENOSPC, 0),
    "edquot": ("error", errno.EDQUOT, 0),
    "short": ("short", errno.ENOSPC, 0),
    "full": ("onward", errno.ENOSPC, 0),
    "quota": ("onward", errno.EDQUOT, 0),
    "dead": ("onward", errno.EIO, 0),
    "read": ("error", errno.EIO, 1),
    "kill": ("kill", 0, 0),
    "die": ("die", 0, 0),
    "power": ("kill", 0, 0),
}

KILLS = ("kill", "die", "power")


def choose(calls, points, rng):
    """The numbers of the calls that fail.  The first and the last of a row
    of like ones are worth more than those between."""
    numbers = range(1, len(calls) + 1)
    if points == 0 or points >= len(calls):
        return list(numbers)
    edges = [n for n in numbers
             if n == 1 or n == len(calls) or calls[n - 1] != calls[n - 2]
             or calls[n - 1] != calls[n]]
    if len(edges) > points:
        return sorted(rng.sample(edges, points))
    rest = [n for n in numbers if n not in set(edges)]
    return sorted(edges + rng.sample(rest, min(len(rest),
                                               points - len(edges))))


class Point:
    """One run, of which one call fails."""

    thorough = True

    def __init__(self, program, scene, base, kind, at, number):
        self.program = program
        self.scene = scene
        self.base = base
        self.kind = kind
        self.number = number
        self.at = at
        self.met = ""

    def run(self):
        """Returns None, or what was wrong."""
        work = f"{self.at}/w"
        shutil.copytree(self.base, work)
        disk = Disk(work, f"{self.at}/disk")
        how, error, reads = KINDS[self.kind]
        log = f"{self.at}/log"
        rc, out, err = self.program.run(
            work, "-s", scenes.STORE, *self.scene.args,
            stdin=self.scene.stdin, FAULT_ROOT=work, FAULT_KIND=how,
            FAULT_AT=self.number, FAULT_ERRNO=error, FAULT_READS=reads,
            FAULT_FORK=self.scene.forks, FAULT_LOG=log,
            FAULT_DISK=f"{self.at}/disk")
        if os.path.exists(log):
            with open(log, encoding="utf-8") as f:
                self.met = f.read().strip().replace(self.at, "")
        try:
            self.judge(rc, err)
            self.after_cut(disk, rc)
            self.look(work, rc)
            self.after(work, rc)
        except Broken as e:
            return (f"{self.kind} at {self.met or self.number}: {e}\n"
                    f"status {rc}, said: {err.strip()}")
        return None

    def judge(self, rc, err):
        """Status and text fit what has happened."""
        if not self.met:
            need(rc == OK, "no fault was met")
            return
        if self.kind in KILLS:
            alone = self.kind == "die" and self.scene.forks
            need(rc == (TEMPFAIL if alone else -9), "was not killed")
            return
        if rc == OK:
            return
        need(any(name in err for name in self.scene.names()),
             "the text names no file")
        # SQLite tries to read what it cannot make, and the reason is lost.
        if "cannot open the store or a file beside it" in err or \
                "cannot be opened to be written" in err:
            need(rc == TEMPFAIL, "the status is not 75")
            return
        fits = {errno.EIO: IOERR}.get(KINDS[self.kind][1], TEMPFAIL)
        if self.scene.forks:
            fits = TEMPFAIL
        need(rc == fits, f"the status is not {fits}")
        words = {errno.EIO: ("Input/output error", "disk I/O error"),
                 errno.ENOSPC: ("No space left", "disk is full",
                                "no room"),
                 errno.EDQUOT: ("quota exceeded",)}[KINDS[self.kind][1]]
        need(any(word in err for word in words),
             "the text does not say what was wrong")

    def look(self, folder, rc):
        """In a copy: whoever opens the store completes what was begun, and
        that is for the program to do."""
        copy = f"{self.at}/look"
        shutil.copytree(folder, copy)
        try:
            self.scene.check(copy, rc)
        finally:
            shutil.rmtree(copy)

    def after_cut(self, disk, rc):
        """The power goes at the end of the run: what it said is done must be
        on the disk, and what was there before must not be lost."""
        cut = f"{self.at}/cut"
        disk.restore(cut)
        try:
            self.look(cut, rc)
            if self.kind == "power" or rc == OK:
                self.scene.again(self.program, cut)
        except Broken as e:
            raise Broken(f"after a power cut: {e}") from e

    def after(self, work, rc):
        """Nothing is left behind, and the next run completes."""
        if rc != OK and self.kind not in KILLS and \
                "unlink" not in self.met and self.kind != "dead":
            left = [n for folder in ("", "/orig", "/t.db-rejects/tmp")
                    if os.path.isdir(work + folder)
                    for n in os.listdir(work + folder)
                    if n.startswith(("out.csv.", "copy.db.", ".tlstally"))
                    or folder.endswith("tmp")]
            need(not left, f"leaves {left} behind")
        if self.kind in KILLS:
            status, _, err = self.program.run(work, "-s", scenes.STORE,
                                              "list")
            need(status in (OK, NOINPUT, TEMPFAIL),
                 f"who only reads is told: {status}: {err}")
        self.scene.again(self.program, work)
        if not self.thorough:
            return
        rc, out, err = self.program.run(
            work, "-s", scenes.STORE, "status", "--check")
        need(rc == OK, f"status --check: {rc}: {out.decode()}{err}")


def trace(program, scene, base, at, reads):
    """What the run asks of the disk, one text each."""
    shutil.copytree(base, f"{at}/w")
    rc, _, err = program.run(
        f"{at}/w", "-s", scenes.STORE, *scene.args, stdin=scene.stdin,
        FAULT_ROOT=f"{at}/w", FAULT_TRACE=f"{at}/trace",
        FAULT_READS=reads, FAULT_FORK=scene.forks)
    need(rc == OK, f"left with {rc} without a fault: {err}")
    if not os.path.exists(f"{at}/trace"):
        return []
    with open(f"{at}/trace", encoding="utf-8") as f:
        return [line.split(" ", 1)[1].strip() for line in f]


def torture(program, scene, scratch, options, pool):
    """Returns how many points there were, and all that went wrong."""
    rng = random.Random(f"{options.seed} {scene.name}")
    base = f"{scratch}/base"
    os.makedirs(base)
    scene.prepare(program, base)
    calls = {reads: trace(program, scene, base,
                          f"{scratch}/trace{reads}", reads)
             for reads in (0, 1)}
    # One call after the last: nothing fails, and the power goes at the end.
    number = len(calls[0]) + 1
    whole = Point(program, scene, base, "eio", f"{scratch}/whole", number)
    todo = []
    for kind in options.kinds:
        for number in choose(calls[KINDS[kind][2]], options.points, rng):
            at = f"{scratch}/{kind}{number}"
            todo.append(Point(program, scene, base, kind, at, number))
    if options.each and len(todo) > options.each:
        todo = rng.sample(todo, options.each)
    todo.append(whole)

    def one(point):
        os.mkdir(point.at)
        try:
            return point.run()
        finally:
            shutil.rmtree(point.at)
    faults = [f for f in pool.map(one, todo) if f is not None]
    if not any(p.met for p in todo):
        faults.append("no fault was ever met: is the library loaded?")
    return len(todo), faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("shim")
    parser.add_argument("--points", type=int, default=0)
    parser.add_argument("--each", type=int, default=0)
    parser.add_argument("--kinds", default=",".join(KINDS),
                        type=lambda text: text.split(","))
    parser.add_argument("--scene", default="")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    tap = Tap()
    program = Program(options.program, options.shim)
    Point.thorough = options.each == 0
    with Scratch() as scratch, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for i, kind in enumerate(scenes.ALL):
            scene = kind()
            if options.scene not in scene.name:
                continue
            try:
                n, faults = torture(program, scene, f"{scratch}/{i}",
                                    options, pool)
            except Broken as e:
                n, faults = 0, [str(e)]
            tap.say(f"{scene.name}: {n} faults", faults)
    print(f"# {program.runs} runs, seed {options.seed}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
