#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A scripted IMAP server: what no honest server does, and what a test wants
to see of a client's side.

usage: server.py FOLDER PKI MAIL...
Opens a port on loopback for each scenario, listed in FOLDER/ports as lines of
"SCENARIO PORT".  All that a client sends is kept, in FOLDER/SCENARIO.clear
what came before TLS, and what came within it in FOLDER/SCENARIO.tls.  The
mailbox has the messages MAIL..., with UIDs from 1 on.  PKI is of pki.sh.
FOLDER/token holds the token that XOAUTH2 takes."""

import os
import re
import socket
import ssl
import sys
import threading
import time

FOLDER, PKI = sys.argv[1:3]
MAILS = [open(f, "rb").read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
         for f in sys.argv[3:]]
CAPABILITIES = "IMAP4rev1 AUTH=PLAIN AUTH=LOGIN LITERAL+ UIDPLUS MOVE"
CERTIFICATES = ["good", "intermediate", "wildcard", "wrong-name", "expired",
                "not-yet-valid", "self-signed", "client-only", "unknown-ca",
                "unknown-root", "no-intermediate", "old-intermediate",
                "weak-key", "cn-only"]


class Gone(Exception):
    """The client is gone, or is to be."""


class Session:
    """One connection.  A scenario is a class below this one, and overrides
    what it does otherwise: a method per command, and greet, login and so
    on."""

    tls = "none"
    certificate = "good"
    newest = None  # of TLS
    capabilities = CAPABILITIES
    uids = None

    def __init__(self, name, conn):
        self.name, self.conn, self.rest, self.secure = name, conn, b"", False
        if self.uids is None:
            self.uids = list(range(1, len(MAILS) + 1))

    # ---- bytes ----

    def more(self):
        data = self.conn.recv(65536)
        if not data:
            raise Gone
        kind = "tls" if self.secure else "clear"
        with open(f"{FOLDER}/{self.name}.{kind}", "ab") as f:
            f.write(data)
        self.rest += data

    def line(self):
        while b"\n" not in self.rest:
            self.more()
        line, self.rest = self.rest.split(b"\n", 1)
        return line.rstrip(b"\r").decode("latin-1")

    def command(self):
        """A command with its literals, each put where it was announced."""
        text = self.line()
        while m := re.search(r"\{(\d+)(\+?)\}$", text):
            if not m[2]:
                self.send("+ go on\r\n")
            while len(self.rest) < int(m[1]):
                self.more()
            literal = self.rest[:int(m[1])].decode("latin-1")
            self.rest = self.rest[int(m[1]):]
            text = text[:m.start()] + literal + self.line()
        return text

    def send(self, data):
        if isinstance(data, str):
            data = data.encode("latin-1")
        self.conn.sendall(data)

    def secured(self):
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.certificate == "weak-key":
            ctx.set_ciphers("ALL:@SECLEVEL=0")
        if self.newest:
            ctx.set_ciphers("ALL:@SECLEVEL=0")
            ctx.minimum_version = ssl.TLSVersion.TLSv1
            ctx.maximum_version = self.newest
        ctx.load_cert_chain(f"{PKI}/{self.certificate}.pem",
                            f"{PKI}/{self.certificate}.key")
        self.conn = ctx.wrap_socket(self.conn, server_side=True)
        self.secure, self.rest = True, b""

    def silence(self):
        while True:
            self.more()

    def forever(self, data):
        while True:
            self.send(data)

    def drip(self, data):
        for i in range(len(data)):
            self.send(data[i:i + 1])
            time.sleep(0.5)

    # ---- a session as it should be ----

    def run(self):
        if self.tls == "implicit":
            self.secured()
        self.greet()
        while True:
            tag, name, *rest = self.command().split(" ", 2)
            name, rest = name.upper(), rest[0] if rest else ""
            if name == "UID":
                name, _, rest = rest.partition(" ")
                name = "uid_" + name.upper()
            known = getattr(self, "do_" + name.lower(), None)
            if known:
                known(tag, rest)
            else:
                self.send(f"{tag} OK nothing to do\r\n")

    def said(self):
        starttls = self.tls == "starttls" and not self.secure
        return self.capabilities + (" STARTTLS" if starttls else "")

    def greet(self):
        self.send("* OK ready\r\n")

    def do_capability(self, tag, rest):
        self.send(f"* CAPABILITY {self.said()}\r\n{tag} OK done\r\n")

    def do_starttls(self, tag, rest):
        self.send(f"{tag} OK begin\r\n")
        self.secured()

    def do_login(self, tag, rest):
        self.send(f"{tag} OK welcome\r\n")

    def do_authenticate(self, tag, rest):
        if " " not in rest:
            self.ask()
            self.line()
        self.send(f"{tag} OK welcome\r\n")

    def ask(self):
        self.send("+ \r\n")

    def do_select(self, tag, rest):
        self.send(f"* FLAGS (\\Seen \\Deleted)\r\n"
                  f"* {len(self.uids)} EXISTS\r\n* 0 RECENT\r\n"
                  f"* OK [UIDVALIDITY 7] as ever\r\n"
                  f"* OK [UIDNEXT 1000] next\r\n"
                  f"{tag} OK [READ-WRITE] done\r\n")

    def do_examine(self, tag, rest):
        self.do_select(tag, rest)

    def do_uid_search(self, tag, rest):
        below = int(rest.split()[1]) if is_small(rest) else 1 << 64
        found = [str(u) for n, u in enumerate(self.uids)
                 if len(MAILS[n % len(MAILS)]) < below]
        self.send(f"* SEARCH {' '.join(found)}\r\n{tag} OK done\r\n")

    def do_uid_fetch(self, tag, rest):
        which, _, items = rest.partition(" ")
        for n, uid in enumerate(self.uids, 1):
            if wanted(uid, which):
                self.fetched(n, uid, items)
        self.send(f"{tag} OK done\r\n")

    def fetched(self, n, uid, items):
        mail, parts = MAILS[(n - 1) % len(MAILS)], [f"UID {uid}".encode()]
        if "RFC822.SIZE" in items:
            parts.append(f"RFC822.SIZE {len(mail)}".encode())
        if "FLAGS" in items:
            parts.append(b"FLAGS ()")
        for section in re.findall(r"BODY\.PEEK(\[[^\]]*\])", items):
            text = mail
            if "HEADER" in section:
                text = mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            parts.append(b"BODY%s {%d}\r\n%s" % (section.encode(), len(text),
                                                 text))
        self.send(b"* %d FETCH (%s)\r\n" % (n, b" ".join(parts)))

    def do_logout(self, tag, rest):
        self.send(f"* BYE\r\n{tag} OK done\r\n")
        raise Gone


def is_small(rest):
    """The small messages, which a source that is new is searched for."""
    return rest.startswith("SMALLER ")


def refuse_small(self, tag, rest):
    """So that the client asks for all, and then for sizes."""
    if is_small(rest):
        return self.send(f"{tag} NO one thing at a time\r\n")
    Session.do_uid_search(self, tag, rest)


def wanted(uid, sets):
    for part in sets.split(","):
        ends = [1 << 32 if e == "*" else int(e) for e in part.split(":")]
        if min(ends) <= uid <= max(ends):
            return True
    return False


SCENARIOS = {"usual": Session}


def scenario(name, base=Session, **members):
    SCENARIOS[name] = type(name, (base,), members)


# ---- TLS ----

for cert in CERTIFICATES:
    for mode in ("implicit", "starttls"):
        scenario(f"{cert}-{mode}", tls=mode, certificate=cert)
for mode in ("implicit", "starttls"):
    scenario(f"tls11-{mode}", tls=mode, newest=ssl.TLSVersion.TLSv1_1)


def inject(self, tag, rest):
    self.send(f"{tag} OK begin\r\n* OK [CAPABILITY IMAP4rev1] injected\r\n"
              "1 OK injected\r\n2 OK injected\r\n")
    self.secured()


def refuse(self, tag, rest):
    self.send(f"{tag} NO not today\r\n")


scenario("inject", tls="starttls", do_starttls=inject)
scenario("preauth", tls="starttls", greet=lambda self: self.send(
    "* PREAUTH you are known\r\n"))
scenario("no-starttls", tls="none")
scenario("starttls-no", tls="starttls", do_starttls=refuse)
scenario("starttls-bad", tls="starttls", do_starttls=lambda self, tag, rest:
         self.send(f"{tag} BAD what?\r\n"))
scenario("starttls-silent", tls="starttls", do_starttls=lambda self, tag, rest:
         self.silence())
scenario("no-handshake", tls="none", greet=Session.silence)
scenario("clear-on-imaps", tls="none")

# ---- login ----


class Token(Session):
    """XOAUTH2 (RFC 7628's predecessor): refuses in two steps."""
    tls = "implicit"
    capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"

    def do_authenticate(self, tag, rest):
        import base64
        mech, _, answer = rest.partition(" ")
        if not answer:
            self.send("+ \r\n")
            answer = self.line()
        good = open(f"{FOLDER}/token").read().strip()
        said = base64.b64decode(answer).decode()
        if mech == "XOAUTH2" and said == \
                f"user=anna\1auth=Bearer {good}\1\1":
            return self.send(f"{tag} OK welcome\r\n")
        reason = base64.b64encode(b'{"status":"400"}').decode()
        self.send(f"+ {reason}\r\n")
        self.line()
        self.send(f"{tag} NO [AUTHENTICATIONFAILED] token\r\n")


scenario("token", Token)
scenario("login-no", do_login=refuse, do_authenticate=refuse)
scenario("login-escape", do_login=lambda self, tag, rest: self.send(
    f"{tag} NO \x1b[31mred\x07 alert\x9b\r\n"),
    do_authenticate=lambda self, tag, rest: self.send(
    f"{tag} NO \x1b[31mred\x07 alert\x9b\r\n"))
for name, text in (("words-2000", "secret" * 333 + "AB"),
                   ("words-2001", "secret" * 333 + "ABC"),
                   ("words-299", "x" * 298 + "A"),
                   ("words-300", "x" * 298 + "AB"),
                   ("words-300-wide", "x" * 298 + "\xc3\xa9")):
    scenario(name, **dict.fromkeys(
        ("do_login", "do_authenticate"), lambda self, tag, rest, text=text:
        self.send(f"{tag} NO {text}\r\n")))
scenario("login-disabled", capabilities="IMAP4rev1 LOGINDISABLED")
scenario("select-escape", do_select=lambda self, tag, rest: self.send(
    f"{tag} NO \x1b]0;title\x07 there is none\r\n"))

# ---- what repeats what it was sent ----


class Parrot(Session):
    """Refuses with the client's own words: where is one of "login", "bad",
    "part" (the begin of them only), "plain" and "select" (much later)."""
    where = "login"

    def do_login(self, tag, rest):
        self.repeat(tag, "LOGIN " + rest)

    def do_authenticate(self, tag, rest):
        if " " not in rest:
            self.send("+ \r\n")
            rest += " " + self.line()
        self.repeat(tag, "AUTHENTICATE " + rest)

    def repeat(self, tag, words):
        self.words = words
        if self.where == "select":
            return self.send(f"{tag} OK welcome\r\n")
        if self.where == "part":
            words = words[:len(words) - 3]
        how = "BAD" if self.where == "bad" else "NO"
        self.send(f"{tag} {how} not so: {words}\r\n")

    def do_select(self, tag, rest):
        self.send(f"{tag} NO this is odd: {self.words}\r\n")


for where in ("login", "bad", "part", "select"):
    scenario(f"parrot:{where}", Parrot, where=where)
scenario("parrot:plain", Parrot, capabilities="IMAP4rev1 LOGINDISABLED "
         "AUTH=PLAIN")
scenario("parrot:sasl-ir", Parrot, capabilities="IMAP4rev1 LOGINDISABLED "
         "SASL-IR AUTH=PLAIN")
scenario("parrot:token", Parrot, capabilities="IMAP4rev1 SASL-IR AUTH=XOAUTH2")

# ---- what comes instead of an answer, and where ----

CRASH = {"permanentflags": "[PERMANENTFLAGS ()]", "badcharset": "[BADCHARSET (",
         "parse": "[PARSE]"}
NEST = b"(" * 100000


def line_of(before, part):
    def attack(self):
        self.send(before)
        self.forever(part)
    return attack


def say(data, then=Session.silence):
    def attack(self):
        self.send(data)
        then(self)
    return attack


def leave(self):
    raise Gone


ATTACKS = {
    "silence": Session.silence,
    "close": leave,
    "drip": lambda self: self.drip(b"* OK " + b"x" * 1000 + b"\r\n"),
    "endless": line_of(b"* OK ", b"A" * 65536),
    "garbage": say(bytes((i * 7919 + 13) % 251 for i in range(20000)) +
                   b"\r\n"),
    "nul": say(b"* OK \0\0\0\r\n"),
    "nest": say(b"* 1 FETCH (FLAGS " + NEST + b"\r\n"),
    "huge": line_of(b"* 1 FETCH (UID 1 BODY[] {4294967295}\r\n", b"A" * 65536),
    "huger": line_of(b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\n",
                     b"A" * 65536),
    "negative": say(b"* 1 FETCH (UID 1 BODY[] {-1}\r\nA)\r\n"),
    "flood": lambda self: self.forever(
        b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n" * 1000),
    "flood-ok": lambda self: self.forever(b"* OK still here\r\n" * 1000),
    "flood-exists": lambda self: self.forever(b"* 3 EXISTS\r\n" * 1000),
    "flood-list": lambda self: self.forever(
        b'* LIST () "/" "a folder"\r\n' * 1000),
    "bye": say(b"* BYE [ALERT] \x1b[2Jgo away\r\n", leave),
}
for kind, code in CRASH.items():
    ATTACKS[kind] = say(f"* OK {code}\r\n")
    ATTACKS[kind + "-plus"] = say(f"+ {code}\r\n")

STAGES = ("greet", "do_capability", "auth", "do_select", "do_uid_search",
          "heads", "fetch", "ahead", "small", "sizes")


def at(stage, attack):
    """The members of a scenario that attacks at a stage."""
    def greeting(self):
        attack(self)

    def answer(self, tag, rest):
        attack(self)

    def search(self, tag, rest):
        if is_small(rest):
            attack(self)
        Session.do_uid_search(self, tag, rest)

    def fetch(self, tag, rest):
        if ("BODY.PEEK[]" in rest) == (stage == "fetch"):
            attack(self)
        Session.do_uid_fetch(self, tag, rest)

    if stage == "greet":
        return {"greet": greeting}
    if stage == "auth":
        return {"do_login": answer, "do_authenticate": answer}
    if stage in ("do_select", "ahead"):
        return {"do_select": answer, "do_examine": answer}
    if stage == "small":
        return {"do_uid_search": search}
    if stage in ("heads", "fetch", "sizes"):
        return {"do_uid_fetch": fetch, "do_uid_search": refuse_small}
    return {stage: answer}


for stage in STAGES:
    for kind, attack in ATTACKS.items():
        scenario(f"{stage.removeprefix('do_')}:{kind}", **at(stage, attack))
for kind, code in CRASH.items():
    scenario(f"continue:{kind}", ask=say(f"+ {code}\r\n"))

# ---- FETCH answers that are lies ----


def body(n, uid, mail):
    return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (n, uid, len(mail),
                                                          mail)


def fetch_also(*also):
    """Every message is fetched, with more that was not asked for."""
    def do_uid_fetch(self, tag, rest):
        if "BODY.PEEK[]" in rest:
            for uid in also:
                self.send(body(1, uid, MAILS[0].replace(b"r1", b"evil")))
        Session.do_uid_fetch(self, tag, rest)
    return do_uid_fetch


scenario("lie:unasked", do_uid_fetch=fetch_also(99, 4711))
scenario("lie:twice", do_uid_fetch=fetch_also(1, 2, 3))
scenario("lie:zero", do_uid_fetch=fetch_also(0))
scenario("lie:wrap", do_uid_fetch=fetch_also((1 << 32) + 1))
scenario("lie:uids-wrap", uids=[1, 2, (1 << 32) + 1, 1 << 64])
scenario("lie:uids-unsorted", uids=[3, 1, 2])
scenario("lie:uids-twice", do_uid_search=lambda self, tag, rest: self.send(
    f"* SEARCH 1 2 3 3 2 1\r\n* SEARCH 1 2 3\r\n{tag} OK done\r\n"))
scenario("lie:uids-many", do_uid_search=lambda self, tag, rest: (
    self.send("* SEARCH"),
    [self.send("".join(f" {u}" for u in range(i, i + 10000)))
     for i in range(1, 20000000, 10000)],
    self.send(f"\r\n{tag} OK done\r\n")))


def found(*uids, then=lambda self: None):
    """Small messages as it may please the server.  All else is honest."""
    def do_uid_search(self, tag, rest):
        if not is_small(rest):
            return Session.do_uid_search(self, tag, rest)
        self.send(f"* SEARCH {' '.join(map(str, uids))}\r\n")
        then(self)
        self.send(f"{tag} OK done\r\n")
    return do_uid_search


def sized(size):
    """The second message has that size, as it is told."""
    def do_uid_fetch(self, tag, rest):
        if "RFC822.SIZE" not in rest:
            return Session.do_uid_fetch(self, tag, rest)
        for uid in self.uids:
            if wanted(uid, rest.partition(" ")[0]):
                self.send(f"* {uid} FETCH (UID {uid} RFC822.SIZE "
                          f"{size if uid == 2 else 900})\r\n")
        self.send(f"{tag} OK done\r\n")
    return do_uid_fetch


def many(self):
    """More than are taken, the last ones first."""
    for i in range(3000000, 0, -10000):
        self.send("* SEARCH" + "".join(
            f" {u}" for u in range(i, i - 10000, -1)) + "\r\n")


def now_and_then(self):
    """Another small message, again and again: never silent for long."""
    for uid in range(1, 1 << 32):
        self.send(f"* SEARCH {uid}\r\n")
        time.sleep(0.2)


def tell(n):
    """So many messages are in the folder."""
    return lambda self, tag, rest: self.send(
        f"* {n} EXISTS\r\n* OK [UIDVALIDITY 7] as ever\r\n"
        f"{tag} OK [READ-WRITE] done\r\n")


scenario("list:unasked", do_uid_search=found(1, 2, 3, 99, 4711))
scenario("list:twice", do_uid_search=found(1, 2, 3, 3, 2, 1, 1, 2, 3))
scenario("list:zero", do_uid_search=found(0, 1, 2, 3, 0))
scenario("list:wrap", do_uid_search=found(1, 2, 3, (1 << 32) + 1, 1 << 64))
scenario("list:unsorted", do_uid_search=found(3, 2, 1))
scenario("list:some", do_uid_search=found(1, 3))
scenario("list:none", do_uid_search=found())
scenario("list:race", do_uid_search=lambda self, tag, rest: self.send(
    f"* 3 EXISTS\r\n* SEARCH {'2 3' if is_small(rest) else '1 2 3'}\r\n"
    f"{tag} OK done\r\n"), do_select=lambda self, tag, rest: self.send(
    f"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] as ever\r\n"
    f"* OK [UIDNEXT 3] next\r\n{tag} OK [READ-WRITE] done\r\n"))
scenario("list:huge", do_uid_search=found(1, 3),
         do_uid_fetch=sized(4294967295))
scenario("list:huger", do_uid_search=found(1, 3),
         do_uid_fetch=sized(1 << 40))
scenario("list:many", do_uid_search=found(then=many))
scenario("list:many-told", do_uid_search=found(then=many),
         do_select=tell(3000000))
scenario("list:many-fit", do_uid_search=found(then=many),
         do_select=tell(2000000))
scenario("list:drip", do_uid_search=found(then=now_and_then))
scenario("list:bodies", do_uid_search=found(1, 2, 3, then=lambda self:
         self.send(body(1, 1, MAILS[0].replace(b"r1", b"evil")))))
scenario("list:lost", do_uid_search=lambda self, tag, rest: leave(self)
         if is_small(rest) else Session.do_uid_search(self, tag, rest))
scenario("list:no", do_uid_search=refuse_small)
scenario("list:bad", do_uid_search=lambda self, tag, rest: self.send(
    f"{tag} BAD what?\r\n") if is_small(rest)
    else Session.do_uid_search(self, tag, rest))


def together(self, tag, rest):
    """Says nothing before the next command is there as well."""
    while b"\n" not in self.rest:
        self.more()
    Session.do_select(self, tag, rest)


scenario("list:usual", do_select=together)


def at_once(self, tag, rest):
    """What was sent ahead is answered before it is its turn, and again."""
    n = int(tag)
    self.send(f"* SEARCH 9\r\n{n + 1} OK done\r\n")
    Session.do_select(self, tag, rest)


scenario("list:early", do_select=at_once)
scenario("lie:none", do_uid_fetch=lambda self, tag, rest: self.send(
    f"{tag} OK done\r\n") if "BODY.PEEK[]" in rest
    else Session.do_uid_fetch(self, tag, rest))
scenario("lie:no", do_uid_fetch=lambda self, tag, rest: self.send(
    f"{tag} NO \x1b[1mnot now\r\n") if "BODY.PEEK[]" in rest
    else Session.do_uid_fetch(self, tag, rest))


def bigger(self, tag, rest):
    """A body far beyond the size that was told."""
    if "BODY.PEEK[]" not in rest:
        return Session.do_uid_fetch(self, tag, rest)
    self.send(b"* 1 FETCH (UID 1 BODY[] {60000000}\r\n")
    for _ in range(60):
        self.send(b"A" * 1000000)
    self.send(f")\r\n{tag} OK done\r\n")


scenario("lie:bigger", do_uid_fetch=bigger)


def gone(what):
    """The second message has been expunged by somebody meanwhile; so Dovecot
    says it, and RFC 2180 4.1.2."""
    def do_uid_fetch(self, tag, rest):
        if "BODY.PEEK[]" not in rest:
            return Session.do_uid_fetch(self, tag, rest)
        self.send(body(1, 1, MAILS[0]))
        self.send(f"* 2 FETCH (UID 2 BODY[] {what})\r\n")
        self.send(body(3, 3, MAILS[2]))
        self.send(f"{tag} NO [EXPUNGEISSUED] Some messages were already "
                  "expunged.\r\n")
    return do_uid_fetch


scenario("gone:nil", do_uid_fetch=gone("NIL"))
scenario("gone:empty", do_uid_fetch=gone('""'))
scenario("gone:literal", do_uid_fetch=gone("{0}\r\n"))


def half(self, tag, rest):
    """A body that is cut, again and again."""
    if "BODY.PEEK[]" not in rest:
        return Session.do_uid_fetch(self, tag, rest)
    self.send(body(1, 1, MAILS[0])[:-100])
    raise Gone


scenario("lie:half", do_uid_fetch=half)


def drips(self, tag, rest):
    if "BODY.PEEK[]" not in rest:
        return Session.do_uid_fetch(self, tag, rest)
    self.drip(body(1, 1, MAILS[0]))


scenario("lie:drip", do_uid_fetch=drips)


def only_to_read(self, tag, rest):
    self.send(f"* {len(self.uids)} EXISTS\r\n* OK [UIDVALIDITY 7] ever\r\n"
              f"{tag} OK [READ-ONLY] done\r\n")


scenario("read-only", do_select=only_to_read)
scenario("logout:silence", do_logout=lambda self, tag, rest: self.silence())


def serve(name, conn):
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    session = SCENARIOS[name](name, conn)
    try:
        session.run()
    except (Gone, OSError):
        pass
    except Exception as e:  # to be found in the log
        print(name, repr(e), flush=True)
    try:
        session.conn.close()
    except OSError:
        pass


def listen(name, listener):
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(name, conn), daemon=True).start()


ports = []
threading.stack_size(256 * 1024)
for name in SCENARIOS:
    listener = socket.create_server(("127.0.0.1", 0))
    ports.append(f"{name} {listener.getsockname()[1]}\n")
    threading.Thread(target=listen, args=(name, listener),
                     daemon=True).start()
with open(f"{FOLDER}/ports.new", "w") as f:
    f.writelines(ports)
os.replace(f"{FOLDER}/ports.new", f"{FOLDER}/ports")
while True:
    time.sleep(3600)
