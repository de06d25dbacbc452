#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""kill -9 at random moments, while runs over mailboxes, deliveries, digests
and upkeep are at work; then a last run, and everything is counted.

usage: kills.py PROGRAM [--rounds N] [--seconds N] [--seed TEXT]"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time

from kit import (NOINPUT, NOW, OK, TEMPFAIL, Broken, Program, Scratch, Tap,
                 broken, deliver, figures, foreign, maildir, mails, need,
                 report, stored)

STORE = "t.db"
REJECTS = STORE + "-rejects"
OLD_DAY = "2026-09-14"		# what prune takes away
KEEP = "40d"

# What a mailbox is read with, and what is left in it in the end.
BOXES = {"moved": ("--when-done", "move:Done"),
         "deleted": ("--when-done", "delete"),
         "kept": (),
         "seen": ("--when-done", "seen")}


class Actor:
    """A process at work."""

    def __init__(self, world, group, args, stdin=None):
        self.args = args
        self.base = f"{world.at}/run{world.runs}"
        world.runs += 1
        if stdin is None:
            source = subprocess.DEVNULL
        else:
            with open(self.base + ".in", "wb") as f:
                f.write(stdin)
            source = open(self.base + ".in", "rb")
        with open(self.base + ".out", "wb") as out, \
                open(self.base + ".err", "wb") as err:
            self.process = subprocess.Popen(
                [world.program.path, "-s", STORE, *args], cwd=world.work,
                env=world.program.environment(), stdin=source, stdout=out,
                stderr=err, process_group=group)
        if stdin is not None:
            source.close()

    def read(self, kind):
        with open(f"{self.base}.{kind}", "rb") as f:
            return f.read()

    def clean(self):
        for kind in ("in", "out", "err"):
            if os.path.exists(f"{self.base}.{kind}"):
                os.unlink(f"{self.base}.{kind}")


class World:
    """What was delivered where, and what was said to be done."""

    def __init__(self, program, at, rng):
        self.program = program
        self.at = at
        self.work = f"{at}/work"
        self.rng = rng
        self.runs = 0
        self.next = 1
        self.in_box = {name: [] for name in BOXES}
        self.queue = []		# (number, mail) that no one has taken yet
        self.acked = set()	# reports
        self.kept = []		# rejects that --mta has taken
        self.old = set()
        self.told = []		# of digests that ended well
        self.told_at_all = set()
        self.kills = 0
        self.duration = 0.1
        self.faults = []
        os.mkdir(self.work)
        for name in BOXES:
            maildir(f"{self.work}/{name}")

    def number(self):
        self.next += 1
        return self.next

    def new_report(self):
        n = self.number()
        if self.rng.random() < 0.1:
            self.old.add(n)
            return n, report(n, OLD_DAY)
        return n, report(n)

    def fill(self):
        """New mail comes in."""
        for name, numbers in self.in_box.items():
            for _ in range(self.rng.randint(0, 3)):
                n, mail = self.new_report()
                numbers.append(n)
                deliver(f"{self.work}/{name}", f"{n}.mail", mail)
                if self.rng.random() < 0.2:
                    self.queue.append((n, mail))	# comes twice
        for _ in range(3):
            self.queue.append(self.new_report())
        if self.rng.random() < 0.5:
            n = self.number()
            self.queue.append((0, self.rng.choice((foreign, broken))(n)))

    def cast(self, group):
        """Starts what works in this round.  Returns the actors, each with
        what it delivers."""
        boxes = self.rng.sample(list(BOXES), 2)
        if self.rng.random() < 0.3:
            boxes.append(boxes[0])	# cron has started the next one
        cast = [((), ["ingest", *BOXES[name], name]) for name in boxes]
        for item in self.rng.sample(self.queue, min(4, len(self.queue))):
            mta = item[0] == 0 or self.rng.random() < 0.5
            cast.append((item, ["ingest", *(["--mta"] if mta else []), "-"]))
        upkeep = [["digest", "--new", "-f", "csv"],
                  ["prune", "--keep", KEEP], ["reparse"],
                  ["backup", f"copy{self.runs}.db"]]
        cast += [((), args) for args in self.rng.sample(upkeep, 2)]
        self.rng.shuffle(cast)
        return [(item, Actor(self, group, args, item[1] if item else None))
                for item, args in cast]

    def round(self, kill):
        """One round.  kill: all, one or none."""
        self.fill()
        started = time.monotonic()
        leader = subprocess.Popen(["sleep", "600"], process_group=0)
        actors = self.cast(leader.pid)
        victim = None
        if kill != "none":
            time.sleep(self.rng.random() * self.duration)
            self.kills += 1
        if kill == "all":
            os.killpg(leader.pid, signal.SIGKILL)
        elif kill == "one":
            victim = self.rng.choice(actors)[1]
            victim.process.kill()
        for item, actor in actors:
            self.end(item, actor, kill == "all" or actor is victim)
        if kill == "none":
            self.duration = time.monotonic() - started
        leader.kill()
        leader.wait()
        self.see_all_gone(leader.pid)

    def end(self, item, actor, killed):
        """Takes down how an actor ended."""
        status = actor.process.wait(timeout=120)
        err = actor.read("err").decode(errors="replace")
        fine = [OK]
        if killed:
            fine += [-signal.SIGKILL, TEMPFAIL]
        if "no store at" in err and actor.args[0] != "ingest":
            fine.append(NOINPUT)	# nor was there one so far
        if "no report would be left" in err and actor.args[0] == "prune":
            fine.append(TEMPFAIL)	# it came before those of today
        if status not in fine:
            self.faults.append(f"{actor.args} left with {status}: {err}")
        if item and status == OK:
            self.queue.remove(item)
            if item[0] == 0:
                self.kept.append(item[1])
            else:
                self.acked.add(item[0])
        if actor.args[0] == "digest":
            self.hear(actor.read("out"), status)
        if actor.args[0] == "backup":
            self.see_copy(actor.args[1], status)
        actor.clean()

    def hear(self, text, status):
        """A digest of what is new.  One that was killed may have told all,
        and its like may tell it again; but not one that ended well."""
        if status != OK:
            text = text[:text.rfind(b"\r\n") + 2]
        if not text:
            return
        said = set(figures(text))
        self.told_at_all |= said
        if status == OK:
            twice = said.intersection(*self.told[-1:]) if self.told else ()
            self.told.append(said)
            if twice:
                self.faults.append(f"told twice: {sorted(twice)}")

    def see_copy(self, name, status):
        path = f"{self.work}/{name}"
        if os.path.exists(path):
            try:
                stored(path)
            except Broken as e:
                self.faults.append(str(e))
            os.unlink(path)
        elif status == OK:
            self.faults.append(f"{name} is not there")

    def see_all_gone(self, group):
        """No process of a run outlives it."""
        for _ in range(200):
            left = members(group)
            if not left:
                return
            time.sleep(0.01)
        self.faults.append(f"processes are left: {left}")
        for pid in left:
            os.kill(pid, signal.SIGKILL)

    # ---- In the end ----

    def last_run(self):
        """What is left is taken, undisturbed."""
        for name, how in BOXES.items():
            self.expect(["ingest", *how, name])
        for n, mail in list(self.queue):
            self.expect(["ingest", "--mta", "-"], mail)
            if n == 0:
                self.kept.append(mail)
            else:
                self.acked.add(n)
        self.queue = []
        self.expect(["prune", "--keep", KEEP])
        self.expect(["reparse"])
        out = self.expect(["digest", "--new", "-f", "csv"])
        self.told_at_all |= set(figures(out))
        self.expect(["status", "--check"])

    def expect(self, args, stdin=b""):
        rc, out, err = self.program.run(
            self.work, "-s", STORE, *args, stdin=stdin)
        if rc != OK:
            self.faults.append(f"{args} left with {rc} in the end: {err}")
        return out

    def see_counts(self):
        """Every report counts, and once: SQLite and a digest agree."""
        wanted = set(self.acked).union(*self.in_box.values()) - self.old
        got = stored(f"{self.work}/{STORE}")
        need(got == sorted(wanted),
             f"lost: {sorted(wanted - set(got))}, strange:"
             f" {sorted(set(got) - wanted)}, {len(got)} in all")
        out = self.expect(["digest", "--all-time", "-f", "csv"])
        need(figures(out) == {n: n + 1 for n in wanted},
             "the figures are others")
        need(wanted <= self.told_at_all,
             f"never told: {sorted(wanted - self.told_at_all)}")

    def see_boxes(self):
        for name, numbers in self.in_box.items():
            box = sorted(mails(f"{self.work}/{name}"))
            done = sorted(mails(f"{self.work}/{name}/.Done"))
            wanted = sorted(report(n, OLD_DAY) if n in self.old else report(n)
                            for n in numbers)
            at_home = wanted if name in ("kept", "seen") else []
            moved = wanted if name == "moved" else []
            need(box == at_home, f"{name}: {len(box)} mails, not"
                 f" {len(at_home)}, or others")
            need(done == moved, f"{name}/.Done: {len(done)} mails, not"
                 f" {len(moved)}, or others")

    def see_rejects(self):
        got = mails(f"{self.work}/{REJECTS}")
        lost = [m for m in self.kept if m not in got]
        need(not lost, f"{len(lost)} mails that --mta took are lost")

    def see_leftovers(self):
        """What a killed run cannot have taken away is one file at most."""
        known = {STORE, STORE + "-wal", STORE + "-shm", REJECTS, *BOXES}
        left = set(os.listdir(self.work)) - known
        tmp = f"{self.work}/{REJECTS}/tmp"
        if os.path.isdir(tmp):
            left |= set(os.listdir(tmp))
        strange = [n for n in left
                   if not n.startswith("copy") and ".N" not in n]
        need(not strange, f"leaves {strange} behind")
        need(len(left) <= self.kills, f"leaves {len(left)} files behind")
        wal = os.path.getsize(f"{self.work}/{STORE}-wal")
        need(wal <= 4 << 20, f"the WAL has {wal} bytes")


def members(group):
    """The processes of a group; those that have ended do not count."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="latin-1") as f:
                cells = f.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if cells[0] not in "ZX" and int(cells[2]) == group:
            found.append(int(name))
    return found


def attempt(faults, judge):
    try:
        judge()
    except Broken as e:
        faults.append(str(e))
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--seed", default=str(random.randrange(10 ** 6)))
    options = parser.parse_args()
    print(f"# seed {options.seed}, {NOW}", flush=True)
    tap = Tap()
    with Scratch() as scratch:
        world = World(Program(options.program, None), scratch,
                      random.Random(options.seed))
        world.round("none")
        end = time.monotonic() + options.seconds
        done = 0
        while done < options.rounds or time.monotonic() < end:
            world.round("one" if world.rng.random() < 0.2 else "all")
            done += 1
        world.last_run()
        tap.say(f"{world.kills} kills among {world.runs} processes: who is"
                " left alone ends well", world.faults)
        tap.say(f"{world.next} mails: every report counts, and once",
                attempt([], world.see_counts))
        tap.say("the mailboxes are whole", attempt([], world.see_boxes))
        tap.say("no reject is lost", attempt([], world.see_rejects))
        tap.say("nothing is left behind", attempt([], world.see_leftovers))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
