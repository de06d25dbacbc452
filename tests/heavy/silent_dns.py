# SPDX-License-Identifier: ISC
"""Name servers that never answer, for tests:

    silent_dns.py PORT NETWORK COUNT LOG

At NETWORK.1 to NETWORK.COUNT.  Writes a line for each question to LOG: who
was asked, and from which port.  Says "ready" when they listen.
"""
import selectors
import socket
import sys

port, network, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sockets = selectors.DefaultSelector()
for n in range(count):
    address = "%s.%d" % (network, n + 1)
    s = socket.socket(type=socket.SOCK_DGRAM)
    s.bind((address, port))
    sockets.register(s, selectors.EVENT_READ, address)
with open(sys.argv[4], "w", buffering=1) as log:
    print("ready", flush=True)
    while True:
        for key, _ in sockets.select():
            _, client = key.fileobj.recvfrom(4096)
            print(key.data, client[1], file=log)
