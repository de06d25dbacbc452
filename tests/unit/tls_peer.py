# SPDX-License-Identifier: ISC
"""A server for the tests of TLS, on the socket that is its standard input.

    tls_peer.py MODE CERTIFICATE KEY

It says on standard output what came of the handshake, which name was asked
for, and how many bytes of application data it was sent.
"""
import socket
import ssl
import sys
import warnings

warnings.simplefilter("ignore", DeprecationWarning)

HELLO = b"hello\r\n"


def context(mode, cert, key):
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if mode in ("tls11", "weak"):
        ctx.set_ciphers("DEFAULT:@SECLEVEL=0")
    ctx.load_cert_chain(cert, key)
    ctx.sni_callback = lambda _sock, name, _ctx: print("sni", name)
    if mode == "tls11":
        ctx.minimum_version = ctx.maximum_version = ssl.TLSVersion.TLSv1_1
    if mode == "tls12":
        ctx.maximum_version = ssl.TLSVersion.TLSv1_2
    if mode == "rsa-only":
        ctx.maximum_version = ssl.TLSVersion.TLSv1_2
        ctx.set_ciphers("AES128-SHA")
    if mode == "wants-certificate":
        ctx.verify_mode = ssl.CERT_REQUIRED
        ctx.load_verify_locations(cert)
    if mode == "unknown-name":
        ctx.sni_callback = \
            lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    return ctx


def read_line(sock):
    line = b""
    while not line.endswith(b"\n"):
        line += sock.recv(1)


def receive(tls):
    n = 0
    try:
        while True:
            got = len(tls.recv(65536))
            if got == 0:
                print("farewell")
                break
            n += got
    except OSError:
        pass
    print("received", n)


def main():
    mode, cert, key = sys.argv[1:]
    sock = socket.socket(fileno=0)
    ctx = context(mode, cert, key)
    if mode in ("starttls", "inject"):
        read_line(sock)
        sock.sendall(b"OK begin\r\n")
        if mode == "inject":
            sock.sendall(b"* OK injected\r\n")
    try:
        tls = ctx.wrap_socket(sock, server_side=True)
    except OSError as e:
        print("refused", e)
        return
    print("version", tls.version())
    try:
        tls.sendall(HELLO)
        if mode == "farewell":
            tls.unwrap()
            print("received farewell")
            return
        if mode == "cut":
            return
    except OSError:
        return
    receive(tls)


main()
