#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A TCP proxy on loopback, between tlstally and a server.

usage: proxy.py FOLDER PORT [cut=BYTES] [stop=BYTES] [delay=MS] [log=yes]
    [listen=PORT]
Its port, listen's or any, is written to FOLDER/port.  cut ends a connection behind so many
bytes of the server's, every time; stop lets no byte more through, but keeps
the connection; delay holds each way for so long; log keeps all bytes in
FOLDER/up and FOLDER/down.log.  FOLDER/down and FOLDER/connections count the
bytes from the server and the connections."""

import os
import socket
import sys
import threading
import time

folder, port = sys.argv[1], int(sys.argv[2])
keys = dict(a.split("=", 1) for a in sys.argv[3:])
cut = int(keys.get("cut", "0"))
stop = int(keys.get("stop", "0"))
delay = int(keys.get("delay", "0")) / 1000
logged = "log" in keys
lock = threading.Lock()
counts = {"down": 0, "connections": 0}


def count(name, n):
    with lock:
        counts[name] += n
        new = os.path.join(folder, name + ".new")
        with open(new, "w") as f:
            f.write(f"{counts[name]}\n")
        os.replace(new, os.path.join(folder, name))


def note(name, data):
    if logged:
        with lock, open(os.path.join(folder, name), "ab") as f:
            f.write(data)


def end(*sockets):
    for s in sockets:
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def up(client, server):
    try:
        while data := client.recv(65536):
            note("up", data)
            time.sleep(delay)
            server.sendall(data)
    except OSError:
        pass
    end(client, server)


def down(client, server):
    """Bytes on their way, with the time when they are due."""
    left = cut or stop or 1 << 62
    try:
        while left and (data := server.recv(min(65536, left))):
            left -= len(data)
            time.sleep(delay)
            client.sendall(data)
            count("down", len(data))
            note("down.log", data)
        if stop and not left:
            while server.recv(65536):
                pass
    except OSError:
        pass
    end(client, server)


def serve(client):
    count("connections", 1)
    try:
        server = socket.create_connection(("127.0.0.1", port))
    except OSError:
        client.close()
        return
    for s in (client, server):
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threads = [threading.Thread(target=f, args=(client, server), daemon=True)
               for f in (up, down)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    client.close()
    server.close()


listener = socket.create_server(
    ("127.0.0.1", int(keys.get("listen", "0"))), backlog=64)
new = os.path.join(folder, "port.new")
with open(new, "w") as f:
    f.write(f"{listener.getsockname()[1]}\n")
os.replace(new, os.path.join(folder, "port"))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
