#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes a zip archive that holds itself, for tests/data/hostile/zip-quine.zip:
whoever unpacks what is in archives never comes to an end.

Deflate has two orders here, both of five bytes: L(n), a stored block, writes
the n bytes behind it; R(n), a block of copies, writes the last n bytes once
more.  HEAD and TAIL are what a zip has around its data.  What each line writes
is what stands one line, or a part of one, before it:

    HEAD
    L(h) HEAD L(h)              HEAD L(h)
    R(h)                        HEAD L(h)
    L(5) R(h)                   R(h)
    L(5) L(5)                   L(5)
    L(20) R(h) L(5) L(5) L(20)  R(h) L(5) L(5) L(20)
    R(20)                       R(h) L(5) L(5) L(20)
    L(20) R(20) L(20) R(20) L(20)
    R(20)                       R(20) L(20) R(20) L(20), each time
    L(20) R(20) L(0) L(0) L(y)
    R(20)                       R(20) L(0) L(0) L(y), each time
    L(0) L(0) L(y) LAST TAIL    LAST TAIL
    LAST                        LAST TAIL
    TAIL

where h is HEAD and L(h), and y is LAST and TAIL, and LAST is R(y) and the
end.  The sum of all is in it too, four times: as it is linear in its own bits,
it is found by equations."""

import struct
import sys
import zlib

# R(65) has five bytes, as R(20) has; so HEAD must have 60.
NAME = b"a-report-that-holds-itself.zip"


class Bits:
    def __init__(self, last):
        self.value, self.n = 0, 0
        self.put(int(last) | 1 << 1, 3)

    def put(self, value, n):
        self.value |= value << self.n
        self.n += n

    def put_code(self, code, n):
        """Codes of Huffman go with the highest bit first."""
        self.put(int(format(code, "0%db" % n)[::-1], 2), n)

    def copy(self, length, distance):
        """RFC 1951 3.2.5 and 3.2.6."""
        first, n = 11, 1
        if length < 11:
            self.put_code(length - 2, 7)
        else:
            while length >= first + 4 * 2 ** n:
                first, n = first + 4 * 2 ** n, n + 1
            step = (length - first) >> n
            self.put_code(9 + 4 * (n - 1) + step, 7)
            self.put((length - first) & (1 << n) - 1, n)
        n = (distance - 1).bit_length() - 2
        code = 2 * n + 2 + ((distance - 1) >> n & 1)
        self.put_code(code, 5)
        self.put((distance - 1) & (1 << n) - 1, n)

    def end(self):
        self.put(0, 7)

    def bytes(self, n):
        assert (self.n + 7) // 8 == n
        return self.value.to_bytes(n, "little")


def L(n):
    return struct.pack("<BHH", 0, n, n ^ 0xffff)


def R(n):
    b = Bits(False)
    if n == 20:
        b.copy(10, n)
        b.copy(10, n)
        b.end()
    else:
        b.copy(n, n)
        b.end()
        b.put(1 << 1, 3)
        b.end()
    assert b.n == 40
    return b.bytes(5)


def last(n):
    b = Bits(True)
    b.copy(n, n)
    b.end()
    return b.bytes(4)


def archive(crc, packed=0, size=0):
    """The archive with that sum in it."""
    told = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5b6a, crc, packed, size,
                       len(NAME), 0)
    head = b"PK\3\4" + told + NAME
    central = b"PK\1\2\x14\0" + told + struct.pack(
        "<HHHII", 0, 0, 0, 0, 0) + NAME
    tail = central + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1,
                                 len(central), len(head) + packed, 0)
    h, y = len(head) + 5, 4 + len(tail)
    four = R(20) + L(20) + R(20) + L(20)
    join = R(20) + L(0) + L(0) + L(y)
    data = (L(h) + head + L(h) + R(h) + L(5) + R(h) + L(5) + L(5) +
            L(20) + R(h) + L(5) + L(5) + L(20) + R(20) + L(20) + four +
            R(20) + L(20) + join + R(20) + L(0) + L(0) + L(y) + last(y) +
            tail + last(y))
    whole = head + data + tail
    if size == 0:
        return archive(crc, len(data), len(whole))
    return whole


def solve():
    """The sum that an archive with it has."""
    base = zlib.crc32(archive(0))
    rows = []
    for bit in range(32):
        # sum(c) ^ c is base, and this for every bit that is set in c.
        effect = zlib.crc32(archive(1 << bit)) ^ base ^ 1 << bit
        rows.append((effect, 1 << bit))
    wanted, crc = base, 0
    for bit in range(32):
        pivot = next((r for r in rows if r[0] >> bit & 1), None)
        if pivot is None:
            if wanted >> bit & 1:
                sys.exit("no sum: change the name")
            continue
        rows = [(r[0] ^ pivot[0], r[1] ^ pivot[1]) if r[0] >> bit & 1 else r
                for r in rows if r is not pivot]
        if wanted >> bit & 1:
            wanted, crc = wanted ^ pivot[0], crc ^ pivot[1]
    return crc


if __name__ == "__main__":
    sys.stdout.buffer.write(archive(solve()))
