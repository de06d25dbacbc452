#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Finds what must not reach a terminal, a log or a spreadsheet.

usage: raw.py text FILE...         no control or bidi character
       raw.py csv FILE...          nor a cell that starts a formula
       raw.py terminal TLSTALLY STORE NUMBER...
                                   the same of originals on a terminal"""

import csv
import os
import pty
import re
import sys
import unicodedata

NUMBER = re.compile(r"-?\d+$")


def find_raw(name, data, allowed):
    for number, line in enumerate(data.split(b"\n"), 1):
        text = line.decode("utf-8", "surrogateescape")
        for c in text:
            if c in allowed:
                continue
            if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
                yield "%s, line %d: U+%04X" % (name, number, ord(c))


def find_formulas(name, data):
    for row in csv.reader(data.decode("utf-8").split("\r\n")):
        for cell in row:
            if NUMBER.match(cell):
                continue
            if cell.lstrip(" ")[:1] in tuple("=+-@\t\r\n＝＋－＠") \
                    and cell.strip():
                yield "%s: a cell %r" % (name, cell)


def on_terminal(command):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.environ["NO_COLOR"] = "1"
        os.execvp(command[0], command)
    out = b""
    while True:
        try:
            piece = os.read(fd, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    os.waitpid(pid, 0)
    return out


def main():
    kind, *rest = sys.argv[1:]
    wrong = []
    if kind == "terminal":
        tlstally, store, *numbers = rest
        for n in numbers:
            wrong += find_raw("report " + n, on_terminal(
                [tlstally, "-s", store, "show", "--original", n]), "\r")
        rest = []
    for name in rest:
        with open(name, "rb") as f:
            data = f.read()
        if kind == "csv":
            wrong += find_raw(name, data, "\r\t")
            wrong += find_formulas(name, data)
        else:
            wrong += find_raw(name, data, "")
    print("\n".join(wrong[:20]))
    sys.exit(len(wrong) > 0)


if __name__ == "__main__":
    main()
