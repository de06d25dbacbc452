# SPDX-License-Identifier: ISC
"""The runs that meet a failing disk, and what must hold after each of them.

A scene makes a folder ready, says what is run in it, and judges what is found
there: at the end of a run, or after a power cut."""

import os
import shutil
import sqlite3

from kit import (OK, broken, deliver, domain, figures, foreign, maildir,
                 mails, need, report, stored)

STORE = "t.db"


def read(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except FileNotFoundError:
        return None


class Scene:
    """args: what is run.  wanted: the numbers of the reports in the end.
    forks: 1 where the work is done by a child."""
    name = ""
    args = []
    stdin = b""
    forks = 0
    wanted = [1, 2]
    holds_before = [1, 2]

    def prepare(self, program, at):
        """Makes the folder; by default a store with reports 1 and 2."""
        os.makedirs(f"{at}/first")
        for n in self.holds_before:
            with open(f"{at}/first/{n}", "wb") as f:
                f.write(report(n))
        if self.holds_before:
            self.need_run(program, at, "ingest", "first")
        shutil.rmtree(f"{at}/first")

    @staticmethod
    def need_run(program, at, *args):
        rc, _, err = program.run(at, "-s", STORE, *args)
        need(rc == OK, f"{args} left with {rc}: {err}")

    def names(self):
        """One of these is in the text of an error."""
        return [STORE]

    def check(self, at, status):
        """status is that with which the run has ended."""
        if status == OK:
            self.done(at)
        self.always(at)

    def done(self, at):
        """What holds once the run has said that all is well."""
        got = stored(f"{at}/{STORE}")
        need(got == self.wanted, f"has {got}, not {self.wanted}")

    def always(self, at):
        """What holds at any time."""
        path = f"{at}/{STORE}"
        got = stored(path) if read(path) else []
        need(set(self.holds_before) <= set(got),
             f"has {got}: of {self.holds_before} some are lost")

    def again(self, program, at):
        """Runs it without a fault.  Returns what it must."""
        rc, _, err = program.run(at, "-s", STORE, *self.args,
                                 stdin=self.stdin)
        need(rc == OK, f"a run without a fault left with {rc}: {err}")
        self.done(at)


class Pipe(Scene):
    name = "a delivery"
    args = ["ingest", "-"]
    stdin = report(7)
    wanted = [1, 2, 7]


class FirstPipe(Pipe):
    name = "a delivery that makes the store"
    wanted = [7]
    holds_before = []


class Mta(Pipe):
    name = "a delivery under --mta"
    args = ["ingest", "--mta", "-"]
    forks = 1


class Reject(Scene):
    name = "a reject under --mta"
    args = ["ingest", "--mta", "-"]
    stdin = foreign(1)
    forks = 1

    def names(self):
        return [STORE, STORE + "-rejects"]

    def done(self, at):
        super().done(at)
        kept = mails(f"{at}/{STORE}-rejects")
        need(self.stdin in kept, "the mail is not kept")
        need(set(kept) == {self.stdin}, "another mail is there")


class BrokenReject(Reject):
    name = "a broken report under --mta"
    stdin = broken(9)


class Box(Scene):
    """Mails 3 to 5, one that is foreign, and an old one from before."""
    name = "a Maildir"
    dispose = "keep"
    wanted = [1, 2, 3, 4, 5]
    goes = {report(n) for n in (3, 4, 5)}

    @property
    def args(self):
        return ["ingest", "--when-done", self.dispose, "box"]

    def prepare(self, program, at):
        super().prepare(program, at)
        maildir(f"{at}/box")
        for n in (3, 4, 5):
            deliver(f"{at}/box", f"{n}.mail", report(n))
        deliver(f"{at}/box", "1.foreign", foreign(1))

    def names(self):
        return [STORE, "box"]

    def lost(self, at):
        """Reports that no mailbox has."""
        return self.goes - set(mails(f"{at}/box", f"{at}/box/.Done"))

    def always(self, at):
        super().always(at)
        got = stored(f"{at}/{STORE}") if read(f"{at}/{STORE}") else []
        need(foreign(1) in mails(f"{at}/box"), "the foreign mail is lost")
        lost = [n for n in (3, 4, 5) if report(n) in self.lost(at)]
        need(self.dispose == "delete" or not lost, f"mails {lost} are lost")
        need(set(lost) <= set(got),
             f"mails {lost} are deleted, and the store has {got}")

    def done(self, at):
        super().done(at)
        box, target = mails(f"{at}/box"), mails(f"{at}/box/.Done")
        if self.dispose.startswith("move:"):
            need(sorted(target) == sorted(self.goes),
                 f"{len(target)} mails are in the folder to move to")
        if self.dispose in ("delete", "move:Done"):
            need(box == [foreign(1)], f"{len(box)} mails are still there")
        if self.dispose == "seen":
            seen = [n for n in os.listdir(f"{at}/box/cur") if ":2,S" in n]
            need(len(seen) == 3, f"{len(seen)} mails are marked")


class FirstBox(Box):
    name = "a Maildir, into a store in a folder that is not there"
    holds_before = []
    wanted = [3, 4, 5]


class Move(Box):
    name = "--when-done move"
    dispose = "move:Done"


class Delete(Box):
    name = "--when-done delete"
    dispose = "delete"


class Seen(Box):
    name = "--when-done seen"
    dispose = "seen"


class Digest(Scene):
    name = "digest -o FILE"
    args = ["digest", "--all-time", "-f", "csv", "-o", "out.csv"]
    old = b"yesterday's\n"

    def prepare(self, program, at):
        super().prepare(program, at)
        with open(f"{at}/out.csv", "wb") as f:
            f.write(self.old)

    def names(self):
        return [STORE, "out.csv"]

    def told(self, at):
        text = read(f"{at}/out.csv")
        if text in (self.old, None):
            return {}
        return figures(text)

    def done(self, at):
        super().done(at)
        need(self.told(at) == {1: 2, 2: 3}, f"says {self.told(at)}")

    def always(self, at):
        super().always(at)
        need(read(f"{at}/out.csv") is not None, "the old file is gone")
        need(self.told(at) in ({}, {1: 2, 2: 3}), "half a file is there")


class New(Digest):
    name = "digest --new"
    args = ["digest", "--new", "-f", "csv", "-o", "out.csv"]

    def again(self, program, at):
        """What was not told by the first is told now."""
        first = self.told(at)
        rc, _, err = program.run(at, "-s", STORE, *self.args)
        need(rc == OK, f"a run without a fault left with {rc}: {err}")
        both = first | self.told(at)
        need(both == {1: 2, 2: 3}, f"told but {both}")


class Export(Digest):
    name = "export -o FILE"
    args = ["export", "--all-time", "-f", "csv", "-o", "out.csv"]

    def told(self, at):
        text = read(f"{at}/out.csv")
        if text == self.old:
            return {}
        lines = text.decode().split("\r\n")
        need(lines[-1] == "", "the last line is cut")
        return {n: n + 1 for n in (1, 2) if domain(n) in text.decode()}


class Originals(Scene):
    name = "export --originals"
    args = ["export", "--all-time", "--originals", "orig"]

    def names(self):
        return [STORE, "orig", ".json"]

    def files(self, at):
        folder = f"{at}/orig"
        if not os.path.isdir(folder):
            return []
        return [n for n in os.listdir(folder) if not n.startswith(".")]

    def always(self, at):
        super().always(at)
        for name in self.files(at):
            need(read(f"{at}/orig/{name}").endswith(b"}]}"),
                 f"{name} is cut")

    def done(self, at):
        super().done(at)
        need(len(self.files(at)) == 2, f"{self.files(at)}")


class Backup(Scene):
    name = "backup"
    args = ["backup", "copy.db"]

    def names(self):
        return [STORE, "copy.db"]

    def always(self, at):
        super().always(at)
        if read(f"{at}/copy.db") is not None:
            got = stored(f"{at}/copy.db")
            need(got == self.wanted, f"the copy has {got}")

    def done(self, at):
        super().done(at)
        need(read(f"{at}/copy.db") is not None, "there is no copy")

    def again(self, program, at):
        if read(f"{at}/copy.db") is None:
            super().again(program, at)


class Prune(Scene):
    """So many reports go that the file is made anew."""
    name = "prune"
    args = ["prune", "--keep", "20d"]
    wanted = [60]

    def prepare(self, program, at):
        os.makedirs(f"{at}/first")
        for n in range(61):
            day = "2026-11-14" if n == 60 else "2026-10-14"
            with open(f"{at}/first/{n}", "wb") as f:
                f.write(report(n, day, organization=f"Nr. {n}" * 100))
        self.need_run(program, at, "ingest", "first")
        shutil.rmtree(f"{at}/first")

    holds_before = [60]


class Reparse(Scene):
    """An older decoder is played by a store that was written to."""
    name = "reparse"
    args = ["reparse"]

    def prepare(self, program, at):
        super().prepare(program, at)
        db = sqlite3.connect(f"{at}/{STORE}")
        db.execute("UPDATE report SET subject = 'x', organization = contact")
        db.commit()
        db.close()
        # Closing has removed the WAL; the program leaves one.
        self.need_run(program, at, "rejects", "--retry")

    def done(self, at):
        super().done(at)
        db = sqlite3.connect(f"{at}/{STORE}")
        left = db.execute("SELECT count(*) FROM report"
                          " WHERE organization = contact").fetchone()[0]
        db.close()
        need(left == 0, f"{left} reports are as they were")


class Retry(Scene):
    name = "rejects --retry"
    args = ["rejects", "--retry"]

    def prepare(self, program, at):
        super().prepare(program, at)
        os.mkdir(f"{at}/bad")
        for n in range(3):
            with open(f"{at}/bad/{n}", "wb") as f:
                f.write(broken(n))
        rc, _, err = program.run(at, "-s", STORE, "ingest", "bad")
        need(rc == 65, f"ingest left with {rc}: {err}")


ALL = [Pipe, FirstPipe, Mta, Reject, BrokenReject, Box, FirstBox, Move,
       Delete, Seen, Digest, New, Export, Originals, Backup, Prune, Reparse,
       Retry]
