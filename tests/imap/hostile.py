#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Runs tlstally against the scenarios of server.py, a few at once, and says
of each in a line what came of it.

usage: hostile.py TLSTALLY PORTS PASSWORD-FILE <SCENARIOS
A line has, parted by tabs: the scenario, the exit status, seconds, the peak
memory of all its processes in MiB, processes left behind, reports counted,
and what it said, in the end with "!" if a control character was in it."""

import concurrent.futures
import os
import re
import subprocess
import sys
import time

program, ports, password = sys.argv[1:4]
port_of = dict(line.split() for line in open(ports))
LIMIT = 60

# Scenarios of a folder that is opened and listed at once, and read whole.
AT_ONCE = ("ahead:", "small:", "sizes:", "list:")


def session_of(pid):
    """Processes of a session, by their ids."""
    found = []
    for p in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{p}/stat") as f:
                fields = f.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == pid and fields[0] != "Z":
            found.append(int(p))
    return found


def run(name):
    folder = os.path.abspath("run-" + name.replace(":", "-"))
    os.makedirs(folder, exist_ok=True)
    conf, store = folder + "/t.conf", folder + "/t.db"
    candidates = "all" if name.startswith(AT_ONCE) else "likely"
    with open(conf, "w") as f:
        f.write(f"""source "it" {{
            type = imap
            timeout = 1
            host = localhost
            port = {port_of[name]}
            tls = none
            user = anna
            auth = auto
            password_file = "{password}"
            candidates = {candidates}
        }}\n""")
    start = time.monotonic()
    out = open(folder + "/out", "w+b")
    child = subprocess.Popen(
        [program, "-c", conf, "-s", store, "-v", "ingest", "it"],
        stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        start_new_session=True)
    status = None
    while status is None and time.monotonic() - start < LIMIT:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if not pid:
            status = None
            time.sleep(0.02)
    seconds = time.monotonic() - start
    if status is None:
        for p in session_of(child.pid):
            os.kill(p, 9)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    time.sleep(0.1)
    left = session_of(child.pid)
    for p in left:
        os.kill(p, 9)
    counted = 0
    if os.path.exists(store):
        said = subprocess.run([program, "-c", conf, "-s", store, "status"],
                              capture_output=True).stdout.decode()
        m = re.search(r"^reports\s+(\d+)", said, re.M)
        counted = int(m[1]) if m else 0
    out.seek(0)
    said = out.read()
    mark = "!" if re.search(rb"[\0-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]",
                            said) else ""
    text = " | ".join(said.decode(errors="replace").splitlines())
    text = re.sub(r"[\t\0-\x1f]", "?", text)
    return (name, child.returncode, f"{seconds:.1f}",
            (usage.ru_maxrss + 1023) // 1024, len(left), counted,
            text + mark)


with concurrent.futures.ThreadPoolExecutor(24) as pool:
    names = sys.stdin.read().split()
    for result in pool.map(run, names):
        print(*result, sep="\t", flush=True)
