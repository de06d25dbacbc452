#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What may be wrong with a store and its place, and clocks that jump: every
command says what is wrong and where, none crashes, and nothing is lost.

usage: named.py PROGRAM [--flips N] [--few] [--seed TEXT]

--flips  so many stores are damaged at random
--few    only some of the commands and of the damages, chosen at random"""

import argparse
import os
import random
import re
import shutil
import sqlite3
import stat
import sys

from kit import (DATAERR, IOERR, NOINPUT, NOPERM, NOW, OK, TEMPFAIL, Broken,
                 Program, Scratch, Tap, deliver, figures, foreign, maildir,
                 mails, need, report, stored)

STORE = "t.db"
READERS = [["digest", "--all-time"], ["list"], ["show", "1"],
           ["export", "--all-time"], ["rejects"], ["status"],
           ["status", "--check"], ["digest", "--new"], ["backup", "copy.db"],
           ["prune", "--keep", "9d"], ["reparse"], ["rejects", "--retry"]]
WRITERS = [["ingest", "-"], ["ingest", "--mta", "-"],
           ["ingest", "--when-done", "delete", "box"]]


class World:
    def __init__(self, program, base, at, rng, few):
        self.program = program
        self.base = base
        self.at = at
        self.rng = rng
        self.few = few

    def choose(self, things, most=1):
        """All of them, or so many where few are wanted."""
        if not self.few or len(things) <= most:
            return things
        return self.rng.sample(things, most)

    def fresh(self):
        """The folder as it was."""
        if os.path.isdir(self.at):
            shutil.rmtree(self.at)
        shutil.copytree(self.base, self.at)
        return f"{self.at}/{STORE}"

    def run(self, args, stdin=None, store=STORE, **extra):
        if stdin is None:
            stdin = report(90) if "-" in args else b""
        return self.program.run(self.at, "-s", store, *args, stdin=stdin,
                                **extra)


def make_base(program, at):
    """A store in one file, with some pages that are free, a mailbox."""
    os.mkdir(at)
    os.mkdir(f"{at}/first")
    for n in range(40):
        day = f"2026-11-{1 + n % 14:02}"
        with open(f"{at}/first/{n}", "wb") as f:
            f.write(report(n, day, organization=f"Nr. {n} " * 40))
    for args in (["ingest", "first"], ["prune", "--keep", "12d"],
                 ["digest", "--new"]):
        rc, _, err = program.run(at, "-s", STORE, *args)
        need(rc == OK, f"{args}: {rc} {err}")
    shutil.rmtree(f"{at}/first")
    for suffix in ("-wal", "-shm"):
        os.unlink(f"{at}/{STORE}{suffix}")
    maildir(f"{at}/box")
    for n in (50, 51):
        deliver(f"{at}/box", f"{n}.mail", report(n))


def read(path):
    with open(path, "rb") as f:
        return f.read()


# ---- What stands where the store should ----

def put(data):
    def make(path):
        with open(path, "wb") as f:
            f.write(data)
    return make


def cut(size):
    def make(path):
        os.truncate(path, size if size >= 0 else os.path.getsize(path) + size)
    return make


def replaced(how, *args):
    def make(path):
        os.unlink(path)
        how(path, *args)
    return make


def sql(text):
    def make(path):
        db = sqlite3.connect(path)
        db.execute(text)
        db.commit()
        db.close()
    return make


def beside(suffix, how):
    return lambda path: how(path + suffix)


def other_database(path):
    os.unlink(path)
    sql("CREATE TABLE mine(x)")(path)


STORES = [
    # name, how, status of readers, of writers, what they say
    ("nothing", os.unlink, NOINPUT, OK, r"no store at t\.db"),
    ("an empty file", cut(0), NOINPUT, OK, r"no store at t\.db"),
    ("one byte", put(b"S"), IOERR, IOERR, r"t\.db: not a store"),
    ("99 bytes", cut(99), IOERR, IOERR, r"t\.db: not a store"),
    ("text", put(b"z" * 9000), IOERR, IOERR, r"t\.db: not a store"),
    ("another's database", other_database, IOERR, IOERR, r"t\.db: not a store"),
    ("a store of a newer version", sql("PRAGMA user_version = 99"), IOERR,
     IOERR, r"t\.db.*version 99"),
    ("a folder", replaced(os.mkdir), IOERR, IOERR, r"t\.db: not a store.*file"),
    ("a named pipe", replaced(os.mkfifo), IOERR, IOERR,
     r"t\.db: not a store.*file"),
    ("a link to nowhere", replaced(lambda p: os.symlink("no", p)), NOINPUT,
     NOINPUT, r"no store at t\.db"),
    ("a link to itself", replaced(lambda p: os.symlink(STORE, p)), IOERR,
     IOERR, r"t\.db.*Too many levels"),
    ("a device", replaced(lambda p: os.symlink("/dev/null", p)), IOERR, IOERR,
     r"t\.db: not a store.*file"),
    ("a folder for a WAL", beside("-wal", os.mkdir), IOERR, IOERR, r"t\.db: "),
    ("a folder for shared memory", beside("-shm", os.mkdir),
     (OK, NOINPUT, TEMPFAIL), TEMPFAIL, r"t\.db: "),
]


def see_stores(world, tap):
    for name, how, reads, writes, text in STORES:
        faults = []
        for args in world.choose(READERS) + world.choose(WRITERS):
            path = world.fresh()
            how(path)
            before = read(path) if os.path.isfile(path) else None
            rc, _, err = world.run(args)
            wanted = writes if args in WRITERS else reads
            if "--mta" in args and wanted != OK:
                wanted = TEMPFAIL
            fault = see_refusal(world, path, rc, err, wanted, text)
            if fault is None and wanted != OK and before is not None and \
                    read(path) != before:
                fault = "the file was written to"
            if fault is not None:
                faults.append(f"{args}: {fault}\nstatus {rc}: {err}")
        tap.say(f"{name} in place of a store", faults)


def see_refusal(world, path, rc, err, wanted, text):
    if rc not in (wanted if isinstance(wanted, tuple) else (wanted,)):
        return f"the status is not {wanted}"
    if rc == OK:
        return None
    if not re.search(text, err):
        return f"does not say {text}"
    if sorted(mails(f"{world.at}/box")) != [report(50), report(51)]:
        return "mails are lost"
    return None


# ---- Damage ----

def page_of(path, name):
    db = sqlite3.connect(path)
    number = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?",
                        (name,)).fetchone()[0]
    db.close()
    return (number - 1) * 4096


def free_page(path):
    with open(path, "rb") as f:
        return (int.from_bytes(f.read(36)[32:36], "big") - 1) * 4096


def damage(path, at, data):
    with open(path, "r+b") as f:
        f.seek(at)
        f.write(data)


def places(path):
    """Where it hurts: a name and an offset."""
    db = sqlite3.connect(path)
    names = [row[0] for row in db.execute(
        "SELECT name FROM sqlite_master WHERE rootpage > 0")]
    db.close()
    found = [("the header's magic", 3), ("the page size", 16),
             ("the format version", 18), ("the number of pages", 28),
             ("the schema's cookie", 40), ("the schema's format", 44),
             ("the version of the store", 60), ("the encoding", 56),
             ("the root of the schema", 100), ("the list of free pages", 32)]
    found += [(f"the root of {n}", page_of(path, n)) for n in sorted(names)]
    if free_page(path) >= 0:
        found.append(("a free page", free_page(path)))
    found.append(("the last page", os.path.getsize(path) - 4096))
    return found


def bear(world, args, before):
    """Runs a command on a store that is damaged.  Returns what was wrong:
    it may work, if it does not need what is damaged, or say that the store
    is; mail is deleted only for what is stored."""
    path = f"{world.at}/{STORE}"
    there = mails(f"{world.at}/box")
    try:
        rc, _, err = world.run(args)
    except Broken as e:
        return str(e)
    allowed = {OK, DATAERR, IOERR, NOINPUT}
    if "--mta" in args:
        allowed = {OK, TEMPFAIL}
    if rc not in allowed:
        return f"{args}: status {rc}: {err}"
    if rc in (IOERR, TEMPFAIL) and STORE not in err:
        return f"{args}: the store is not named: {err}"
    if rc == IOERR and args in READERS[:7] and read(path) != before:
        return f"{args}: the file was written to"
    if rc != OK and mails(f"{world.at}/box") != there:
        return f"{args}: mails are lost: {err}"
    return None


# Where a store may end; from its end if negative.
SIZES = [100, 1024, 4095, 4096, 5000, 20480, -4096, -1]


def see_damage(world, tap):
    sound = world.fresh()
    for name, at in world.choose(places(sound), 8):
        faults = []
        for args in world.choose(READERS) + world.choose(WRITERS):
            path = world.fresh()
            damage(path, at, b"\xff" * 16)
            fault = bear(world, args, read(path))
            if fault is not None:
                faults.append(fault)
        tap.say(f"damage: {name}", faults)
    for size in world.choose(SIZES, 3):
        faults = []
        for args in world.choose(READERS) + world.choose(WRITERS):
            path = world.fresh()
            cut(size)(path)
            fault = bear(world, args, read(path))
            if fault is not None:
                faults.append(fault)
        tap.say(f"a store that ends at {size}", faults)


def dangle(path):
    """The indexes name a report that is not there."""
    def do(*steps):
        db = sqlite3.connect(path)
        db.execute("PRAGMA writable_schema = ON")
        for text, values in steps:
            db.execute(text, values)
        db.commit()
        db.close()
    db = sqlite3.connect(path)
    rows = db.execute("SELECT * FROM sqlite_master WHERE type = 'index'"
                      " AND tbl_name = 'report'").fetchall()
    db.close()
    do(("DELETE FROM sqlite_master WHERE type = 'index'"
        " AND tbl_name = 'report'", ()))
    do(("DELETE FROM report WHERE day = (SELECT min(day) FROM report)", ()))
    do(*[("INSERT INTO sqlite_master VALUES(?, ?, ?, ?, ?)", row)
         for row in rows])


def see_dangling(world, tap):
    faults = []
    for args in READERS + WRITERS:
        path = world.fresh()
        dangle(path)
        fault = bear(world, args, read(path))
        if fault is not None:
            faults.append(fault)
    tap.say("indexes that name a report that is not there", faults)


def see_flips(world, tap, flips):
    """Bytes that changed anywhere, and pages that changed places."""
    rng = world.rng
    faults = []
    for i in range(flips):
        path = world.fresh()
        size = os.path.getsize(path)
        for _ in range(rng.choice((1, 1, 4, 16))):
            if rng.random() < 0.8:
                damage(path, rng.randrange(size),
                       bytes([rng.randrange(256)]))
            else:
                a, b = (rng.randrange(size // 4096) * 4096 for _ in "ab")
                data = read(path)
                damage(path, b, data[a:a + 4096])
        before = read(path)
        for args in rng.sample(READERS + WRITERS, 5):
            fault = bear(world, args, before)
            if fault is not None:
                faults.append(f"flip {i}: {fault}")
                break
            before = read(path) if os.path.isfile(path) else b""
    tap.say(f"{flips} stores, damaged at random", faults)


def see_wal(world, tap):
    """Damage in a WAL ends it there: what is before is kept."""
    faults = []
    world.fresh()
    holder = sqlite3.connect(f"{world.at}/{STORE}")
    holder.execute("PRAGMA journal_mode = WAL")
    holder.execute("SELECT * FROM meta").fetchall()
    for n in (60, 61, 62):
        world.run(["ingest", "-"], report(n))
    shutil.copy(f"{world.at}/{STORE}", f"{world.at}/1.db")
    wal = read(f"{world.at}/{STORE}-wal")
    holder.close()
    want = stored(f"{world.at}/1.db")
    for at in world.choose([0, 8, 24, 32, 40, 56, 4096, len(wal) // 2,
                            len(wal) - 10], 2):
        put(read(f"{world.at}/1.db"))(f"{world.at}/2.db")
        put(wal[:at] + b"\xff" * 8 + wal[at + 8:])(f"{world.at}/2.db-wal")
        for args in (["status", "--check"], ["ingest", "-"],
                     ["status", "--check"]):
            rc, _, err = world.run(args, report(70), store="2.db")
            if rc != OK:
                faults.append(f"at {at}: {args}: {rc} {err}")
        try:
            got = stored(f"{world.at}/2.db")
            need(set(want) | {70} <= set(got), f"has {got}, not {want}")
        except Broken as e:
            faults.append(f"at {at}: {e}")
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(f"{world.at}/2.db{suffix}"):
                os.unlink(f"{world.at}/2.db{suffix}")
    tap.say("a WAL that is damaged", faults)


# ---- Rights ----

def forbid(world, tap):
    """Run by a user whom rights bind."""
    cases = [
        ("a store that may not be written", STORE, 0o444,
         [["ingest", "-"], ["digest", "--new"], ["prune", "--keep", "9d"],
          ["reparse"], ["rejects", "--retry"]], r"t\.db: cannot write"),
        ("a store that may not be read", STORE, 0,
         [["ingest", "-"], ["digest"], ["status"]],
         r"t\.db: cannot .*denied"),
        ("a folder that may not be written", ".", 0o555,
         [["ingest", "-"], ["digest", "--new"], ["backup", "copy.db"],
          ["digest", "--all-time", "-o", "out"]],
         r"(t\.db|copy\.db|out): .*(no right|denied)"),
        ("a folder that may not be entered", ".", 0o444,
         [["ingest", "-"], ["digest"]], r"t\.db: .*denied"),
        ("a mailbox that may not be written", "box/new", 0o555,
         [["ingest", "--when-done", "delete", "box"],
          ["ingest", "--when-done", "move:Done", "box"],
          ["ingest", "--when-done", "seen", "box"]], r"box.*denied"),
    ]
    for name, what, mode, commands, text in cases:
        faults = []
        for args in world.choose(commands):
            path = world.fresh()
            give(world.at)
            os.chmod(f"{world.at}/{what}", mode)
            store = path if what == "." else STORE
            rc, _, err = as_nobody(world, args, store)
            for folder in (world.at, f"{world.at}/{what}"):
                os.chmod(folder, 0o755)
            fault = see_refusal(world, path, rc, err, NOPERM, text)
            if fault is not None:
                faults.append(f"{args}: {fault}\nstatus {rc}: {err}")
        tap.say(name, faults)


NOBODY = 65534


def give(at):
    """Rights do not bind root, who plays another user."""
    if os.geteuid() != 0:
        return
    for folder, _, files in os.walk(at):
        os.chown(folder, NOBODY, NOBODY)
        for name in files:
            os.chown(os.path.join(folder, name), NOBODY, NOBODY)


def as_nobody(world, args, store):
    user = NOBODY if os.geteuid() == 0 else None
    return world.program.run("/", "-s", os.path.join(world.at, store),
                             *[f"{world.at}/{a}" if a in ("box", "copy.db",
                                                          "out") else a
                               for a in args],
                             stdin=report(90) if "-" in args else b"",
                             user=user)


# ---- Clocks ----

TIMES = ["0001-01-01T00:00:00Z", "1901-12-13T20:45:51Z",
         "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z",
         "2001-09-09T01:46:40Z", "2026-11-15T23:59:59Z",
         "2038-01-19T03:14:08Z", "2106-02-07T06:28:16Z",
         "9999-12-31T23:59:59Z"]


def see_clocks(world, tap):
    for now in world.choose(TIMES, 3):
        faults = []
        path = world.fresh()
        before = stored(path)
        for suffix in ("-wal", "-shm"):
            if os.path.exists(path + suffix):
                os.unlink(path + suffix)
        for args in WRITERS + world.choose(READERS, 4):
            wanted = (OK,)
            if args[0] == "prune":
                # What was pruned when the base was made, and no more.
                args = ["prune", "--keep", "12d"]
                wanted = (OK, TEMPFAIL)
            rc, _, err = world.run(args, TLSTALLY_NOW=now)
            if args[0] == "show":
                wanted = (OK, NOINPUT)
            if rc not in wanted:
                faults.append(f"{args}: {rc} {err}")
            if rc == TEMPFAIL and "is the clock right?" not in err:
                faults.append(f"{args}: does not name the clock: {err}")
        faults += after_jump(world, path, before)
        tap.say(f"the clock says {now}", faults)


def after_jump(world, path, before):
    """The clock is right again: nothing is lost, and what comes counts."""
    faults = []
    for args, mail in ((["ingest", "-"], report(80)),
                       (["ingest", "--mta", "-"], foreign(1)),
                       (["status", "--check"], b"")):
        rc, _, err = world.run(args, mail)
        if rc != OK:
            faults.append(f"{args} with the right clock: {rc} {err}")
    rc, out, err = world.run(["digest", "--new", "-f", "csv"])
    if rc != OK or 80 not in figures(out):
        faults.append(f"what is new is not told: {rc} {err}")
    wanted = set(before) | {90, 50, 51, 80}
    got = stored(path)
    if set(got) != wanted:
        faults.append(f"has {got}, not {sorted(wanted)}")
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--flips", type=int, default=2000)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--seed", default=str(random.randrange(10 ** 6)))
    options = parser.parse_args()
    print(f"# seed {options.seed}, {NOW}", flush=True)
    tap = Tap()
    with Scratch() as scratch:
        # Where it was built not everybody may go.
        os.chmod(scratch, 0o755)
        shutil.copy(options.program, f"{scratch}/tlstally")
        os.chmod(f"{scratch}/tlstally", stat.S_IRWXU | 0o55)
        program = Program(f"{scratch}/tlstally", None)
        world = World(program, f"{scratch}/base", f"{scratch}/w",
                      random.Random(options.seed), options.few)
        make_base(program, world.base)
        see_stores(world, tap)
        see_damage(world, tap)
        see_wal(world, tap)
        see_dangling(world, tap)
        see_flips(world, tap, options.flips)
        forbid(world, tap)
        see_clocks(world, tap)
        print(f"# {program.runs} runs")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
