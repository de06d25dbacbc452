# SPDX-License-Identifier: ISC
"""What the tests of durability share: mails, runs of the program, an
independent reading of the store, and TAP."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "../cli"))
from mail import report as report_mail

NOW = "2026-11-16T06:00:00Z"
OK, DATAERR, NOINPUT, IOERR, TEMPFAIL, NOPERM = 0, 65, 66, 74, 75, 77


def report(n, day="2026-11-14", organization="Reporter Inc."):
    """A mail with report number n: for a domain of its own, of n + 1
    sessions, so that a digest says of each whether it was counted, and how
    often."""
    return report_mail(id=n, day=day, organization=organization,
                       domain=domain(n), hosts="*." + domain(n), ok=n + 1,
                       mode="testing", date="Sun, 15 Nov 2026 04:00:00 +0000")


def domain(n):
    return f"d{n}.example"


def foreign(n):
    return f"From: a@example.com\nSubject: Lunch {n}?\n\nAt noon.\n".encode()


def broken(n):
    """A report that is cut off."""
    lines = report(n).split(b"\n")
    return b"\n".join(lines[:-5]) + b"\n--=_b--\n"


def maildir(path):
    for sub in ("new", "cur", "tmp"):
        os.makedirs(os.path.join(path, sub), exist_ok=True)


def deliver(box, name, mail):
    """As a mail server does it."""
    tmp = os.path.join(box, "tmp", name)
    with open(tmp, "wb") as f:
        f.write(mail)
    os.rename(tmp, os.path.join(box, "new", name))


def mails(*boxes):
    """All the mail in Maildirs, as a list."""
    found = []
    for box in boxes:
        for sub in ("new", "cur"):
            folder = os.path.join(box, sub)
            if os.path.isdir(folder):
                for name in sorted(os.listdir(folder)):
                    with open(os.path.join(folder, name), "rb") as f:
                        found.append(f.read())
    return found


class Broken(Exception):
    """A promise that was not kept."""


def need(condition, text):
    if not condition:
        raise Broken(text)


class Program:
    """Runs tlstally, with a disk that fails if it is told to."""

    def __init__(self, path, shim):
        self.path = path
        self.shim = shim
        self.runs = 0

    def environment(self, **extra):
        env = {k: v for k, v in os.environ.items()
               if not k.startswith(("FAULT_", "XDG_", "TLSTALLY"))}
        env.update(HOME="/nonexistent", TLSTALLY_NOW=NOW, LC_ALL="C.UTF-8",
                   TZ="UTC")
        env.update({k: str(v) for k, v in extra.items()})
        if "FAULT_ROOT" in extra:
            env["LD_PRELOAD"] = self.shim
            env["ASAN_OPTIONS"] = ":".join(filter(None, [
                env.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
        return env

    def run(self, cwd, *args, stdin=b"", largest=None, user=None,
            **extra):
        """Returns status, standard output and standard error.  No file may
        grow beyond largest bytes; user is whom root plays."""
        self.runs += 1
        limit = None
        if largest is not None:
            def limit():
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        p = subprocess.Popen(
            [self.path, *args], cwd=cwd, env=self.environment(**extra),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True,
            preexec_fn=limit, user=user, group=user,
            extra_groups=None if user is None else [])
        try:
            out, err = p.communicate(stdin, timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            out, err = p.communicate()
            raise Broken(f"hangs: {args}: {err.decode(errors='replace')}")
        return p.returncode, out, err.decode(errors="replace")


def stored(path):
    """The report ids that count, as SQLite itself finds them in the store,
    which must be sound."""
    db = sqlite3.connect(path)
    try:
        found = db.execute("PRAGMA integrity_check").fetchall()
        need(found == [("ok",)], f"{path}: {found[:3]}")
        if db.execute("PRAGMA user_version").fetchone() == (0,):
            return []
        return sorted(int(row[0]) for row in db.execute(
            "SELECT report_id FROM report WHERE counted = 1"))
    except sqlite3.Error as e:
        raise Broken(f"{path}: {e}") from e
    finally:
        db.close()


def figures(text):
    """What a digest in CSV says, as {n: sessions}."""
    lines = text.decode().split("\r\n")
    head = lines[0].split(",")
    at, count = head.index("policy_domain"), head.index("successful_sessions")
    found = {}
    for line in lines[1:]:
        if line:
            cells = line.split(",")
            n = int(cells[at][1:].split(".")[0])
            found[n] = found.get(n, 0) + int(cells[count])
    return found


class Scratch:
    """A folder that goes away."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="tlstally-torture-")
        return self.path

    def __exit__(self, *_):
        subprocess.run(["chmod", "-R", "u+rwx", self.path], check=False,
                       stderr=subprocess.DEVNULL)
        shutil.rmtree(self.path, ignore_errors=True)


class Tap:
    """Results, one a line."""

    def __init__(self):
        self.n = 0
        self.failed = 0

    def say(self, name, faults):
        """faults is a list of texts; none of them is what is wanted."""
        self.n += 1
        print(f"{'not ' if faults else ''}ok {self.n} - {name}", flush=True)
        for text in faults[:10]:
            for line in text.splitlines():
                print("# " + line, flush=True)
        if len(faults) > 10:
            print(f"# and {len(faults) - 10} more", flush=True)
        self.failed += bool(faults)

    def done(self):
        print(f"1..{self.n}", flush=True)
        return 1 if self.failed else 0
