#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A disk that is full: a small file system, where one may be mounted, and a
limit on the size of files.  With each amount of room that is left the scenes
of scenes.py must end well or with 75, and end well when there is room again.

usage: full.py PROGRAM [--steps N] [--scene TEXT] [--form mount|limit]"""

import argparse
import os
import shutil
import subprocess
import sys

import scenes
from kit import OK, TEMPFAIL, Broken, Program, Scratch, Tap, need

# The small file system, and of what each amount of room is a multiple.
SIZE = 4 << 20
PAGE = 4096


class Mount:
    """A small file system, in which a file takes all but a little room."""
    name = "a small file system"
    words = ("No space left", "disk is full", "a file beside it", "to be written")

    def __init__(self, at):
        self.at = f"{at}/small"
        self.ballast = f"{self.at}/ballast"
        os.mkdir(self.at)

    def mount(self):
        """Mounts it where none but this process and its children see it."""
        return subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "none",
             self.at], check=False, stderr=subprocess.DEVNULL).returncode == 0

    def __enter__(self):
        return f"{self.at}/w"

    def __exit__(self, *_):
        shutil.rmtree(f"{self.at}/w", ignore_errors=True)
        shutil.rmtree(f"{self.at}/w.look", ignore_errors=True)
        self.empty()

    def leave(self, room):
        free = os.statvfs(self.at)
        fill = free.f_bavail * free.f_bsize - room
        need(fill >= 0, "the small file system is too small")
        with open(self.ballast, "wb") as f:
            f.write(b"\0" * fill)
        return None

    def empty(self):
        if os.path.exists(self.ballast):
            os.unlink(self.ballast)


class Limit:
    """No file may grow beyond a size."""
    name = "a limit on files"
    words = ("File too large", "disk is full", "a file beside it", "to be written")

    def __init__(self, at):
        self.at = f"{at}/limited"

    def __enter__(self):
        return self.at

    def __exit__(self, *_):
        shutil.rmtree(self.at, ignore_errors=True)
        shutil.rmtree(self.at + ".look", ignore_errors=True)

    def leave(self, room):
        return room

    def empty(self):
        pass


def judge(scene, form, rc, err):
    if rc == OK:
        return
    need(rc == TEMPFAIL, "the status is not 75")
    need(any(word in err for word in form.words),
         "the text does not say what was wrong")
    need(any(name in err for name in scene.names()),
         "the text names no file")


def squeeze(program, scene, base, form, room):
    """Returns what was wrong, if anything, and whether the room sufficed."""
    with form as work:
        shutil.copytree(base, work)
        largest = form.leave(room)
        rc, _, err = program.run(
            work, "-s", scenes.STORE, *scene.args, stdin=scene.stdin,
            largest=largest)
        form.empty()
        try:
            judge(scene, form, rc, err)
            # In a copy, for to look at a store is to mend it.
            shutil.copytree(work, f"{work}.look")
            scene.check(f"{work}.look", rc)
            scene.again(program, work)
        except Broken as e:
            return f"{room} bytes: {e}\nstatus {rc}, said: {err}", False
    return None, rc == OK


def rooms(base, form, steps):
    """From nothing to more than enough."""
    enough = 600 << 10
    if isinstance(form, Limit):
        # The store itself is there already.
        enough = 512 << 10
    # Small steps first: a run ends at its first writing or at its last.
    return sorted({int((i / steps) ** 3 * enough) // PAGE * PAGE
                   for i in range(steps + 1)})


def torture(program, scene, scratch, forms, steps, tap):
    base = f"{scratch}/base"
    os.makedirs(base)
    scene.prepare(program, base)
    for form in forms:
        faults = []
        sufficed = False
        for room in rooms(base, form, steps):
            fault, sufficed = squeeze(program, scene, base, form, room)
            if fault is not None:
                faults.append(fault)
        if not faults and not sufficed:
            faults.append("there was never room enough")
        tap.say(f"{scene.name}: {form.name}", faults)


def forms_here(options, scratch):
    forms = []
    if options.form in ("", "mount"):
        form = Mount(scratch)
        if options.inside and form.mount():
            forms.append(form)
        else:
            print("# nothing can be mounted here: a limit must do")
    if options.form in ("", "limit") or not forms:
        forms.append(Limit(scratch))
    return forms


def enter(options):
    """Runs this program again where it may mount, if there is such a place."""
    for how in (["-m"], ["-r", "-m"]):
        if subprocess.run(["unshare", *how, "mount", "-t", "tmpfs", "none",
                           "/tmp"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            os.execvp("unshare", ["unshare", *how, sys.executable,
                                  *sys.argv, "--inside"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--scene", default="")
    parser.add_argument("--form", default="")
    parser.add_argument("--inside", action="store_true")
    options = parser.parse_args()
    if not options.inside and options.form in ("", "mount"):
        enter(options)
    tap = Tap()
    program = Program(options.program, None)
    with Scratch() as scratch:
        forms = forms_here(options, scratch)
        for i, kind in enumerate(scenes.ALL):
            scene = kind()
            if options.scene in scene.name:
                try:
                    torture(program, scene, f"{scratch}/{i}", forms,
                            options.steps, tap)
                except Broken as e:
                    tap.say(scene.name, [str(e)])
        for form in forms:
            if isinstance(form, Mount):
                subprocess.run(["umount", form.at], check=False)
    print(f"# {program.runs} runs")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
