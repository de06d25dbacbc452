# SPDX-License-Identifier: ISC
"""Makes mails that are awkward but could come: reports in every carriage, by
programs that keep to the RFCs more or less.  All is drawn from a seed."""

import base64
import gzip
import quopri
import random

WORDS = ("report domain submitter policy the for mail one two session tls "
         "gzip json -- --- From example.com 2026-11-20 = . , ;").split()

# What a part says that it is, and the file that it could be.
TYPES = (
    ("application/tlsrpt+gzip", "gzip", ".json.gz"),
    ("application/tlsrpt+json", "json", ".json"),
    ("application/gzip", "gzip", ".json.gz"),
    ("application/octet-stream", "gzip", ".gz"),
    ("application/json", "json", ".json"),
    ("application/zip", "gzip", ".zip"),
    ("text/plain", "text", ".txt"),
    ("text/html", "text", ".html"),
    ("image/png", "gzip", ".png"),
    ("application/x-unheard-of", "text", ""),
    ("message/delivery-status", "text", ""),
)

NAMES = (
    "google.com!example.com!1763596800!1763683199!001",
    "report", "re port", "a'b", "résumé", "отчёт", "報告", "a\"b\\c", "x;y=z",
    "(not a comment)", "100%", "a/b\\c", "é" * 30, "n" * 90, "=?", "<a@b>",
)

CHARSETS = ("utf-8", "us-ascii", "iso-8859-1", "windows-1252", "UTF8",
            "x-unknown")

# Damage that can be mended without a change to the rest.
MENDABLE = {"no semicolon", "no field", "doubled CR", "space before a colon",
            "ContentType", "empty lines on top", "one boundary for two"}


class Mail:
    """A mail in the making, what is in it, and what is odd about it."""

    def __init__(self, rng, mend=(), depth=0):
        self.rng = rng
        self.random = rng.random
        self.eol_random = random.Random(rng.random()).random
        self.out = bytearray()
        self.odd = set()      # what an RFC forbids, or has two readings
        self.eols = self.pick(((b"\r\n",), (b"\n",), (b"\r\n",), (b"\n",),
                               (b"\r\n", b"\n")))
        if self.odds(0.01, "doubled CR"):
            self.eols += (b"\r\r\n",)
        self.mend = mend      # damage that is not done, all else equal
        self.depth = depth
        self.headless = False # the last part has no body
        self.inside = 0       # multiparts around the place
        self.parts = []       # (type, name, bytes) as they were meant

    def pick(self, choices):
        """As random.choice, in half its time."""
        return choices[int(self.random() * len(choices))]

    def odds(self, chance, name=None):
        """True sometimes; then the mail is odd in that way."""
        if self.random() >= chance:
            return False
        if name:
            self.odd.add(name)
        return True

    def damaged(self, chance, damage, whole, broken):
        """Text that is broken sometimes, unless that is to be mended."""
        if self.odds(chance, damage) and damage not in self.mend:
            return broken
        return whole

    def line(self, data=b"", damage=None):
        """Writes a line, but if it is damage that is to be mended."""
        if isinstance(data, str):
            data = data.encode()
        eol = self.eols[int(self.eol_random() * len(self.eols))]
        if eol == b"\r\r\n" and "doubled CR" in self.mend:
            eol = b"\r\n"
        if damage not in self.mend:
            self.out += data + eol
        return data + eol

    # ---- header fields ----

    def field(self, name, *tokens):
        """Writes a field, folded between tokens at will."""
        name = self.pick((name, name, name, name.lower(), name.upper()))
        text = name + self.damaged(0.002, "space before a colon", "", " ")
        text += self.pick((": ", ": ", ": ", ":", ":  ", ":\t"))
        for i, token in enumerate(tokens):
            if i and self.random() < 0.3:
                self.line(text)
                text = self.pick((" ", "\t", "    ", " \t "))
            elif i and (self.random() < 0.8 or self.needs_space(tokens, i)):
                text += " "
            text += token
        self.line(text)

    @staticmethod
    def needs_space(tokens, i):
        return not tokens[i - 1].endswith(";")

    def comment(self):
        return self.pick(("(a comment)", "(a (nested) one)", "(;)",
                                "(quoted \\) paren)", "(\"quote)"))

    def typed(self, name, value, parameters):
        """A field with parameters, which come in any order."""
        rng = self.rng
        if name == "Content-Type":
            name = self.damaged(0.002, "ContentType", name, "ContentType")
        if self.random() < 0.1:
            value = self.pick((value.upper(), value.title()))
        tokens = [value]
        rng.shuffle(parameters)
        for parameter in parameters:
            tokens[-1] += ";"
            if self.random() < 0.04:
                tokens.append(self.comment())
            tokens.append(parameter)
        if self.random() < 0.05:
            tokens[-1] += ";"
        if self.random() < 0.03:
            tokens.append(self.comment())
        if (self.odds(0.004, "no semicolon")
                and "no semicolon" not in self.mend):
            tokens = [t.rstrip(";") for t in tokens]
        self.field(name, *tokens)

    def quoted(self, text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def parameter(self, name, text):
        """Writes a parameter in one of the ways there are: a list, and what
        it is to be read as."""
        ascii_only = text.isascii()
        name = self.pick((name, name, name.upper()))
        ways = [self.extended, self.continued, self.words]
        if ascii_only:
            ways += [self.plain, self.plain, self.plain, self.plain_pieces]
        elif self.odds(0.1, "raw 8 bit"):
            ways = [self.plain]
        return self.pick(ways)(name, text)

    def plain(self, name, text):
        token = all(c.isalnum() or c in "!-._" for c in text) and text
        if "=?" in text:
            self.odd.add("looks like a word")
        if token and self.random() < 0.5:
            return [f"{name}={text}"]
        return [f"{name}={self.quoted(text)}"]

    def percent(self, data):
        return "".join(chr(b) if chr(b).isalnum() and b < 128 else f"%{b:02X}"
                       for b in data)

    def encode(self, text, charsets=CHARSETS):
        """Bytes of the text in a charset that has it."""
        for charset in self.rng.sample(charsets, len(charsets)):
            if charset == "x-unknown" and not text.isascii():
                continue
            try:
                return charset, text.encode(
                    "ascii" if charset == "x-unknown" else charset)
            except UnicodeEncodeError:
                pass
        return "utf-8", text.encode()

    def extended(self, name, text):
        charset, data = self.encode(text)
        language = self.pick(("", "", "en"))
        return [f"{name}*={charset}'{language}'{self.percent(data)}"]

    def continued(self, name, text):
        charset, data = self.encode(text)
        size = self.pick((5, 17, 40))
        pieces = [data[i:i + size] for i in range(0, len(data), size)] or [b""]
        out = [f"{name}*{i}*={self.percent(piece)}"
               for i, piece in enumerate(pieces)]
        out[0] = f"{name}*0*={charset}''{self.percent(pieces[0])}"
        if self.odds(0.2, "pieces in any order"):
            self.rng.shuffle(out)
        return out

    def plain_pieces(self, name, text):
        size = self.pick((5, 17, 40))
        pieces = [text[i:i + size] for i in range(0, len(text), size)] or [""]
        return [f"{name}*{i}={self.quoted(piece)}"
                for i, piece in enumerate(pieces)]

    def words(self, name, text):
        """RFC 2047, which is forbidden here, and most of what is seen."""
        self.odd.add("words in a parameter")
        charset, data = self.encode(text, CHARSETS[:5])
        size = self.pick((12, 30, 60))
        if "utf" not in charset.lower():
            size = len(data) + 1
        elif self.random() < 0.8:
            size -= size % 12
        out = []
        for i in range(0, len(data), size):
            piece = data[i:i + size]
            if self.random() < 0.5:
                word = "B?" + base64.b64encode(piece).decode()
            else:
                word = "q?" + "".join(
                    chr(b) if chr(b).isalnum() and b < 128
                    else "_" if b == 32 else f"={b:02X}" for b in piece)
            out.append(f"=?{charset}?{word}?=")
        joined = " ".join(out)
        return [f'{name}="{joined}"']

    # ---- bodies ----

    def text(self, lines=None):
        rng = self.rng
        if lines is None:
            lines = self.pick((0, 1, 1, 2, 3, 8))
        return [" ".join(rng.choices(WORDS, k=1 + int(self.random() * 11)))
                for _ in range(lines)]

    def payload(self, kind):
        """Bytes that a part could hold."""
        data = "\n".join(self.text(self.rng.randrange(1, 9)))
        if kind == "json":
            data = '{"organization-name": "é", "x": "' + data + '"}'
        data = data.encode()
        if kind == "gzip":
            data = gzip.compress(data, mtime=0)
        return data

    def base64_body(self, data):
        rng = self.rng
        text = base64.b64encode(data).decode()
        width = self.pick((76, 76, 76, 64, 60, 73, 100000))
        if self.odds(0.01, "no padding"):
            text = text.rstrip("=")
        if self.odds(0.01, "noise in base64"):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + self.pick("!-. ~\0") + text[at:]
        lines = [text[i:i + width] for i in range(0, len(text), width)]
        if self.random() < 0.05:
            lines.insert(rng.randrange(len(lines) + 1), "")
        if self.random() < 0.05:
            lines = [line + self.pick((" ", "\t", "  ")) for line in lines]
        if self.odds(0.02, "text behind the padding"):
            lines += ["", "a footer of the list"]
        for line in lines:
            self.line(line)
        return data

    def qp_body(self, data):
        """Every line end is a hard one, as the mail writes it."""
        lines = data.split(b"\n")
        truth = b""
        for line in lines:
            coded = quopri.encodestring(line, quotetabs=True).split(b"=\n")
            if self.random() < 0.1:
                coded = [c.lower() if b"=" in c and c.isupper() else c
                         for c in coded]
            for soft in coded[:-1]:
                self.line(soft + b"=" + (
                    b" " if self.odds(0.01, "space behind a soft break")
                    else b""))
            last = coded[-1]
            if self.odds(0.005, "broken escape"):
                last += self.pick((b"=zz", b"=4", b"==", b"=\xc3\xa9"))
            if self.odds(0.02, "space at the end of a line"):
                last += self.pick((b" ", b"\t", b"  "))
            eol = self.line(last)
            truth += line + eol[len(last):]
        return self.ended(truth)

    def ended(self, data):
        """A body as it is read: the last line end is the boundary's."""
        return self.without_eol(data) if self.inside else data

    @staticmethod
    def without_eol(data):
        return data[:-2] if data.endswith(b"\r\n") else data[:-1]

    def plain_body(self, data):
        start = len(self.out)
        for line in data.split(b"\n"):
            self.line(line)
        return self.ended(bytes(self.out[start:]))

    def encoding(self, kind):
        if kind == "gzip":
            return self.pick(("base64",) * 9 + ("binary",))
        return self.pick(("base64", "quoted-printable", "7bit", "8bit",
                                "", "quoted-printable"))

    def body(self, encoding, data):
        bodies = {"base64": self.base64_body,
                  "quoted-printable": self.qp_body}
        return bodies.get(encoding, self.plain_body)(data)

    # ---- entities ----

    def encoding_field(self, encoding):
        if not encoding:
            return
        if self.random() < 0.1:
            encoding = self.pick((encoding.upper(), encoding.title()))
        tokens = [encoding]
        if self.odds(0.02, "comment in an encoding"):
            tokens.append(self.comment())
        self.field("Content-Transfer-Encoding", *tokens)

    def leaf(self, extra=()):
        rng = self.rng
        kind, form, ending = self.pick(TYPES)
        encoding = self.encoding(form)
        data = self.payload(form)
        parameters, disposition, name = [], [], ""
        if form == "text" and self.random() < 0.7:
            parameters.append("charset=" + self.pick(CHARSETS))
        if self.random() < 0.7:
            name = self.pick(NAMES) + ending
            where = self.pick((parameters, disposition, disposition))
            where += self.parameter(
                "name" if where is parameters else "filename", name)
        fields = [lambda: self.typed("Content-Type", kind, parameters),
                  lambda: self.encoding_field(encoding)]
        if disposition or self.random() < 0.3:
            fields.append(lambda: self.typed(
                "Content-Disposition", self.pick(("attachment", "inline")),
                disposition))
        fields += extra
        rng.shuffle(fields)
        if self.odds(0.005, "a second type"):
            fields.append(lambda: self.field("Content-Type", "image/gif"))
        if self.odds(0.01, "no type"):
            fields = extra and [extra[0]]
            kind, name, encoding = "", "", ""
        for field in fields:
            field()
        if self.odds(0.003, "no empty line"):
            self.headless = True
            return
        self.headless = False
        self.line()
        truth = self.body(encoding, data)
        self.parts.append((kind, name, truth))

    def boundary(self, outer):
        rng = self.rng
        token = "".join(rng.choices("abcXYZ019", k=rng.randrange(1, 20)))
        if self.depth:
            # A mail within, which can be read here, knows of none outside.
            token = "mail" + str(self.depth) + token
        quoted = self.pick((False, True))
        if self.random() < 0.3:
            token += self.pick("'()+_,-./:=? ") + "z"
            quoted = True
        if outer and self.random() < 0.3:
            # One is the other's beginning.
            token = self.pick((outer[-1] + token[:3], outer[-1][:-1]))
            quoted = True
        if token.strip() == "" or token.endswith(" "):
            token += "e"
        if token in outer and (
                not self.odds(0.05, "one boundary for two")
                or "one boundary for two" in self.mend):
            token += "q"
        if self.random() < 0.05:
            token = (token * 70)[:70].rstrip()
            token += "" if token not in outer else "r"
            quoted = True
        return token, quoted

    def delimiter(self, token, end=""):
        space = self.pick(("",) * 12 + (" ", "\t", "  "))
        self.line("--" + token + end + space)

    def entity(self, outer, extra=(), level=0):
        """A leaf, a multipart or a message, header and all."""
        chance = self.random()
        if level < 4 and chance < (0.85 if level == 0 else 0.2):
            self.multipart(outer, extra, level)
        elif level < 4 and chance > 0.92 and self.depth < 3:
            self.message(outer, extra, level)
        else:
            self.leaf(extra)

    def multipart(self, outer, extra, level):
        rng = self.rng
        token, quoted = self.boundary(outer)
        subtype = self.pick(("mixed", "report", "related", "alternative",
                           "report", "mixed", "x-odd", "digest"))
        parameters = ["boundary=" + (self.quoted(token) if quoted else token)]
        if subtype == "report":
            parameters.append("report-type=" +
                              self.pick(("tlsrpt", '"tlsrpt"')))
        bare = self.odds(0.005, "no boundary parameter")
        if bare:
            parameters = ["x=y"]
        fields = [lambda: self.typed(
            "Content-Type", "multipart/" + subtype, parameters), *extra]
        rng.shuffle(fields)
        for field in fields:
            field()
        self.line()
        for text in self.text(self.pick((0, 0, 1, 2))):
            self.line(text)
        if bare:
            # All that follows is one body, damage in it included.
            self.delimiter(token)
            self.delimiter(token, "--")
        if bare or self.odds(0.005, "no parts"):
            return
        outer = outer + [token]
        self.inside += 1
        for _ in range(self.pick((1, 2, 2, 3, 3, 4))):
            self.delimiter(token)
            if subtype == "digest":
                # A part without a type is a message there.
                self.line()
                self.header()
            self.entity(outer, level=level + 1)
            if (self.random() < 0.03 and not self.headless
                    and "one boundary for two" not in self.odd):
                self.line("--" + token + "no")
                self.odd.add("almost a boundary")
        self.inside -= 1
        if ("one boundary for two" not in self.odd
                and self.odds(0.03, "not closed")):
            return
        self.delimiter(token, "--")
        for text in self.text(self.pick((0, 0, 0, 1, 2))):
            self.line(text)

    def message(self, outer, extra, level):
        rng = self.rng
        encoding = self.pick(("", "", "7bit", "8bit", "base64",
                               "quoted-printable"))
        self.typed("Content-Type", "message/rfc822", [])
        self.encoding_field(encoding)
        for field in extra:
            field()
        self.line()
        if encoding in ("", "7bit", "8bit"):
            self.header()
            self.entity(outer, level=level + 1)
            return
        inner = Mail(rng, self.mend, self.depth + 1)
        inner.mail()
        self.odd |= inner.odd | {"encoded message"}
        self.parts += inner.parts
        data = bytes(inner.out)
        if encoding == "base64":
            text = base64.encodebytes(data).decode().rstrip("\n")
        else:
            text = quopri.encodestring(
                data.replace(b"\r\n", b"\n")).decode("latin-1")
            if not self.inside and text.endswith("\n"):
                text = text[:-1]
        for line in text.split("\n"):
            self.line(line.encode("latin-1"))

    def header(self):
        rng = self.rng
        for _ in range(rng.randrange(0, 3)):
            self.field("Received", "from a.example", "by b.example;",
                       "Sat, 21 Nov 2026 06:00:12 +0000")
        self.field("From", "reports@sender.example")
        if self.random() < 0.3:
            self.field("Subject", "Report Domain:", "example.com",
                       "Submitter: sender.example", "Report-ID: <1@x>")
        if self.odds(0.01, "no field"):
            self.line("this line is no header field", "no field")

    def mail(self):
        rng = self.rng
        if self.odds(0.01, "From line"):
            self.line("From reports@sender.example Sat Nov 21 06:00:12 2026")
        elif self.odds(0.005, "empty lines on top"):
            self.line(b"", "empty lines on top")
            self.line(b"", "empty lines on top")
        self.header()
        extra = [lambda: self.field("MIME-Version", "1.0")]
        self.entity([], extra)
        # Where it would be cut without the damage is not known.
        if not self.odd & MENDABLE and self.odds(0.02, "cut"):
            del self.out[rng.randrange(len(self.out)):]
        if self.out.endswith(b"\n") and self.odds(0.1, "no last line end"):
            self.out = bytearray(self.without_eol(bytes(self.out)))
        return self


def make(seed, number, mend=()):
    """The mail of that number; mend has the damage that is not done to it."""
    return Mail(random.Random(seed * 1000003 + number), mend).mail()
