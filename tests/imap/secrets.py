#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Runs tlstally until its session waits for an answer of the server, and looks
for secrets where none may be.

usage: secrets.py TLSTALLY CONFIGURATION STORE RECEIVED WORD OUT
                  [ROLE SIGNAL] <SECRETS
RECEIVED is the file in which the server keeps what it was sent, and WORD is in
the command that it does not answer.  A line is written for each process:
"scanned ROLE", with the places (arguments, environment, memory) in which a
secret was found.  ROLE is tlstally, keeper, session or worker.  Then the
process of ROLE is sent SIGNAL, or tlstally SIGTERM."""

import os
import resource
import signal
import subprocess
import sys
import time

program, conf, store, received, word, out = sys.argv[1:7]
role, number = (sys.argv[7:9] + ["tlstally", "TERM"])[:2]
secrets = [line.encode() for line in sys.stdin.read().split("\n") if line]
# Sanitizers reserve terabytes, of which nothing is used.
REGION_MAX = 1 << 30


def read(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except OSError:
        return b""


def parents():
    """All processes, with their parents."""
    found = {}
    for p in filter(str.isdigit, os.listdir("/proc")):
        fields = read(f"/proc/{p}/stat").rpartition(b")")[2].split()
        if fields and fields[0] != b"Z":
            found[int(p)] = int(fields[1])
    return found


def roles(top):
    """The process and those below it, by what they do."""
    all_of_them, found, before = parents(), {top: "tlstally"}, 0
    while len(found) > before:
        before = len(found)
        for pid, parent in all_of_them.items():
            if parent in found and pid not in found:
                helper = read(f"/proc/{pid}/comm") == b"tlstally-imap\n"
                known = found[parent] == "keeper"
                found[pid] = "session" if known else \
                    "keeper" if helper else "worker"
    return found


def memory(pid):
    """All that it could read of its own, piece by piece."""
    regions = read(f"/proc/{pid}/maps").decode().splitlines()
    try:
        mem = open(f"/proc/{pid}/mem", "rb", buffering=0)
    except OSError:
        return
    with mem:
        for line in regions:
            area, rights = line.split()[:2]
            start, end = (int(n, 16) for n in area.split("-"))
            if "r" not in rights or end - start > REGION_MAX:
                continue
            try:
                mem.seek(start)
                yield mem.read(end - start)
            except (OSError, ValueError, OverflowError):
                pass


def has_secret(data):
    return any(s in data for s in secrets)


def places(pid):
    if has_secret(read(f"/proc/{pid}/cmdline")):
        yield "arguments"
    if has_secret(read(f"/proc/{pid}/environ")):
        yield "environment"
    if any(has_secret(data) for data in memory(pid)):
        yield "memory"


def limits_core():
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


with open(out, "wb") as f:
    child = subprocess.Popen(
        [program, "-c", conf, "-s", store, "-v", "-v", "ingest", "it"],
        stdin=subprocess.DEVNULL, stdout=f, stderr=f, preexec_fn=limits_core)
until = time.monotonic() + 20
while word.encode() not in read(received) and time.monotonic() < until:
    time.sleep(0.02)
processes = roles(child.pid)
for pid, name in sorted(processes.items()):
    core = [line.split()[4:6] for line in
            read(f"/proc/{pid}/limits").decode().splitlines()
            if line.startswith("Max core")]
    print("scanned", name, *places(pid))
    if name != "tlstally":
        print(name, "may dump", *core[0])
for pid, name in processes.items():
    if name == role:
        os.kill(pid, getattr(signal, "SIG" + number))
        break
else:
    print("there is no", role)
while role == "session" and pid in parents():
    time.sleep(0.02)
child.terminate()  # it may be connecting anew
child.wait(30)
