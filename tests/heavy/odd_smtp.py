# SPDX-License-Identifier: ISC
"""Mail servers that Postfix cannot play, for tests:

    odd_smtp.py PORT

One at each address 127.0.2.N, in the order of the table below; behind them one
that takes no connections at all, as behind a firewall.  Says "ready" when all
listen.
"""
import socket
import socketserver
import sys
import threading
import time


def greet(say, hear):
    say("220 odd.example ESMTP")
    hear()


def no_starttls(say, hear):
    greet(say, hear)
    say("250-odd.example", "250 SIZE 1000")
    hear()
    say("221 bye")


def refuses_starttls(say, hear):
    greet(say, hear)
    say("250-odd.example", "250-SIZE 1000", "250 starttls")
    hear()
    say("454 TLS not available")
    hear()
    say("221 bye")


def injects(say, hear):
    greet(say, hear)
    say("250-odd.example", "250 STARTTLS")
    hear()
    say("220 go ahead", "250 injected")
    time.sleep(5)


def not_tls(say, hear):
    greet(say, hear)
    say("250-odd.example", "250 STARTTLS")
    hear()
    say("220 go ahead")
    time.sleep(0.2)
    say("what?")
    time.sleep(5)


def silent(say, hear):
    hear()


def drips(say, hear):
    while True:
        say("220-wait")
        time.sleep(0.3)


def endless_line(say, hear):
    say("220 " + "x" * 100000)
    hear()


def endless_reply(say, hear):
    for _ in range(100000):
        say("220-more and more of the same")


def no_smtp(say, hear):
    say("HTTP/1.1 400 Bad Request", "")
    hear()


def busy(say, hear):
    say("421 odd.example try later")
    hear()


def gone(say, hear):
    greet(say, hear)


def takes(say, hear):
    """Takes recipients by their names: 250, 450 or 550; never DATA."""
    greet(say, hear)
    say("250 odd.example")
    while True:
        words = hear().lower()
        if words.startswith("rcpt"):
            code = words[words.index("<") + 1:][:3]
            say((code if code.isdigit() else "250") + " as you say")
        elif words.startswith("data"):
            say("550 DATA was never meant")
            print("DATA!", flush=True)
        elif words.startswith("quit") or not words:
            say("221 bye")
            return
        else:
            say("250 fine")


TABLE = [no_starttls, refuses_starttls, injects, not_tls, silent, drips,
         endless_line, endless_reply, no_smtp, busy, gone, takes]


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50


def serve(address, play):
    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            def say(*lines):
                self.wfile.write("".join(
                    line + "\r\n" for line in lines).encode())

            def hear():
                return self.rfile.readline(2000).decode(errors="replace")

            try:
                play(say, hear)
            except OSError:
                pass

    server = Server((address, int(sys.argv[1])), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


for n, play in enumerate(TABLE, 1):
    serve(f"127.0.2.{n}", play)
full = socket.socket()
full.bind((f"127.0.2.{len(TABLE) + 1}", int(sys.argv[1])))
full.listen(0)
waiting = [socket.socket() for _ in range(3)]
for each in waiting:
    each.setblocking(False)
    each.connect_ex(full.getsockname())
time.sleep(0.1)
print("ready", flush=True)
threading.Event().wait()
