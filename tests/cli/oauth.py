#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Plays Microsoft's and Google's token endpoints, for the command line tests.

usage: oauth.py PORTFILE LOGFILE PLAYFILE

It writes its port into PORTFILE, and every question into LOGFILE as a line of
JSON.  How the next question is answered stands in the first line of PLAYFILE,
which is then removed; an empty file means: as a provider does.  Everything
that must not be told has SECRET in it."""

import base64
import hashlib
import http.server
import json
import os
import socket
import sys
import threading
import time
import urllib.parse

port_file, log_file, play_file = sys.argv[1:]
lock = threading.Lock()
now = {"n": 0, "refresh": "SECRET-refresh-0", "challenge": None}


def error(word, text="AADSTS70016: SECRET-description\r\nTrace ID: 1"):
    return 400, json.dumps({"error": word, "error_description": text})


def tokens(**more):
    now["n"] += 1
    return 200, json.dumps({"token_type": "Bearer", "expires_in": 3599,
                            "access_token": f"SECRET-access-{now['n']}"} | more)


def named(path, form):
    """The answer of a provider that checks what it is asked."""
    if path.endswith("/devicecode"):
        return 200, json.dumps({
            "device_code": "SECRET-device", "user_code": "ABCD-EFGH",
            "verification_uri": "https://login.example/device",
            "expires_in": 900, "interval": 1, "message": "\x1b[2Jhello"})
    grant = form.get("grant_type")
    if form.get("client_secret", "SECRET-client") != "SECRET-client":
        return error("invalid_client")
    if grant == "client_credentials":
        if form.get("scope") != "https://outlook.office365.com/.default":
            return error("invalid_scope")
        return tokens() if "client_secret" in form else error("invalid_client")
    if grant == "authorization_code":
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        good = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if form["code"] != "SECRET-code:" + good:
            return error("invalid_grant")
        return tokens(refresh_token=now["refresh"])
    if grant == "refresh_token":
        if form["refresh_token"] != now["refresh"]:
            return error("invalid_grant")
        return tokens()
    if form.get("device_code") != "SECRET-device":
        return error("bad_verification_code")
    return tokens(refresh_token=now["refresh"])


def rotated(path, form):
    """A good answer that makes the refresh token void."""
    status, body = named(path, form)
    if status == 200:
        now["refresh"] = f"SECRET-refresh-{now['n']}"
        body = json.dumps(json.loads(body)
                          | {"refresh_token": now["refresh"]})
    return status, body


def slowly(path, form):
    time.sleep(2)
    return named(path, form)


PLAYS = {
    "rotate": rotated, "slowly": slowly,
    "pending": lambda *_: error("authorization_pending"),
    "slow_down": lambda *_: error("slow_down"),
    "expired": lambda *_: error("expired_token"),
    "denied": lambda *_: error("authorization_declined"),
    "invalid_grant": lambda *_: error("invalid_grant", "SECRET-refresh-0"),
    "unknown": lambda *_: error("SECRET-word"),
    "odd-error": lambda *_: (400, '{"error": {"SECRET": 1}}'),
    "500": lambda *_: (500, "SECRET"), "429": lambda *_: (429, "{}"),
    "unavailable": lambda *_: error("temporarily_unavailable"),
    "html": lambda *_: (200, "<html>SECRET</html>"),
    "list": lambda *_: (200, "[]"), "empty": lambda *_: (200, ""),
    "no-token": lambda *_: (200, '{"token_type": "Bearer"}'),
    "deep": lambda *_: (200, "[" * 200000),
    "long": lambda *_: tokens(padding="x" * (1 << 18)),
    "bytes": lambda *_: (200, "\udcff\udcfe"),
    "newline": lambda *_: tokens(access_token="SECRET\nSECRET"),
    "control": lambda *_: tokens(access_token="SECRET\x01auth=Bearer"),
    "nul": lambda *_: tokens(access_token="SECRET\0"),
    "blank": lambda *_: tokens(access_token="SECRET x"),
    "umlaut": lambda *_: tokens(access_token="SECRET\u00fc"),
    "none": lambda *_: tokens(access_token=""),
    "number": lambda *_: tokens(access_token=7),
    "huge-token": lambda *_: tokens(access_token="S" * 20000),
    "bad-refresh": lambda *_: tokens(refresh_token="SECRET\n"),
    "mac": lambda *_: tokens(token_type="mac"),
    "forever": lambda *_: tokens(expires_in="forever"),
    "negative": lambda *_: tokens(expires_in=-1),
    "true": lambda *_: tokens(expires_in=True),
    "nan": lambda *_: tokens(expires_in=float("nan")),
    "as-string": lambda *_: tokens(expires_in="3599"),
    "no-refresh": lambda *_: tokens(),
    "escape": lambda *_: (200, json.dumps({
        "device_code": "SECRET-device", "user_code": "\x1b[2J", "interval": 1,
        "verification_uri": "https://login.example/", "expires_in": 900})),
    "short": lambda *_: (200, json.dumps({
        "device_code": "SECRET-device", "user_code": "A", "interval": 1,
        "verification_uri": "https://login.example/", "expires_in": 3})),
}


def next_play():
    with open(play_file, encoding="ascii") as f:
        lines = f.read().split()
    with open(play_file, "w", encoding="ascii") as f:
        f.writelines(line + "\n" for line in lines[1:])
    return lines[0] if lines else ""


class Provider(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        size = int(self.headers["Content-Length"])
        form = dict(urllib.parse.parse_qsl(self.rfile.read(size).decode()))
        with lock:
            with open(log_file, "a", encoding="ascii") as f:
                f.write(json.dumps({"path": self.path, "at": time.time(),
                                    "form": form}) + "\n")
            play = next_play()
            if play == "hang-up":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if play == "redirect":
                self.send_response(307)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                return
            status, body = PLAYS.get(play, named)(self.path, form)
        body = body.encode("utf-8", "surrogateescape")
        self.send_response(status)
        self.send_header("Content-Length",
                         str(len(body) + (play == "empty")))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Provider)
with open(port_file + ".new", "w", encoding="ascii") as f:
    f.write(str(server.server_port))
os.rename(port_file + ".new", port_file)
server.serve_forever()
