#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Shows a page in a headless Chromium and says what it saw.

usage: browser.py [--chromium PROGRAM] [--axe FILE] [--shots FOLDER]
                  [--views N] PAGE

In light and dark, wide and narrow, and on paper, one line each:

    light 1280: requests 1, messages 0, scrolls no, violations 0

and a line for each message, each further request and each violation that
axe-core finds.  Speaks the DevTools protocol over a pipe, so there is no
port; axe is put in by the browser itself, which the page's policy does not
keep from doing so."""

import argparse
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

VIEWS = [("light", 390), ("dark", 1280), ("light", 1280), ("dark", 390),
         ("light", 320)]


class Browser:
    def __init__(self, program, folder):
        down, self.out = os.pipe()
        self.inn, up = os.pipe()

        def move():
            # 3 and 4 are what --remote-debugging-pipe means.
            a, b = os.dup(down), os.dup(up)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-extensions",
             "--disable-dev-shm-usage", "--hide-scrollbars",
             "--disable-background-networking",
             "--user-data-dir=" + folder, "--remote-debugging-pipe",
             "about:blank"],
            preexec_fn=move, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(down)
        os.close(up)
        self.reader = os.fdopen(self.inn, "rb", 0)
        self.rest = b""
        self.number = 0
        self.events = []

    def read(self):
        while b"\0" not in self.rest:
            got = self.reader.read(1 << 16)
            if not got:
                sys.exit("browser.py: Chromium has ended")
            self.rest += got
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **params):
        self.number += 1
        ask = {"id": self.number, "method": method, "params": params}
        if session:
            ask["sessionId"] = session
        data = json.dumps(ask).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        while True:
            answer = self.read()
            if answer.get("id") != self.number:
                self.events.append(answer)
            elif "error" in answer:
                sys.exit("browser.py: %s: %s" % (method, answer["error"]))
            else:
                return answer["result"]

    def wait(self, method):
        while True:
            for i, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(i)
            self.events.append(self.read())

    def close(self):
        self.call("Browser.close")
        self.process.wait()


class Page:
    def __init__(self, browser):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")
        self.session = browser.call(
            "Target.attachToTarget", targetId=target["targetId"],
            flatten=True)["sessionId"]
        for domain in "Page", "Network", "Log", "Runtime":
            self.call(domain + ".enable")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def show(self, url, scheme, width):
        """Loads the page; returns what it said, and what it asked for."""
        self.call("Emulation.setEmulatedMedia", media="screen", features=[
            {"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=900, deviceScaleFactor=1, mobile=width < 600)
        self.browser.events.clear()
        self.call("Page.navigate", url=url)
        self.browser.wait("Page.loadEventFired")
        # What the page sets going behind its load would be seen, too.
        self.evaluate("new Promise(done => setTimeout(done, 200))")
        said, asked = [], []
        for event in self.browser.events:
            kind, what = event.get("method"), event.get("params")
            if kind == "Log.entryAdded":
                said.append(what["entry"]["text"])
            elif kind in ("Runtime.consoleAPICalled",
                          "Runtime.exceptionThrown"):
                said.append(json.dumps(what)[:500])
            elif kind == "Network.requestWillBeSent":
                asked.append(what["request"]["url"])
        return said, asked

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression,
                           awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            sys.exit("browser.py: %s" % result["exceptionDetails"])
        return result["result"].get("value")

    def shoot(self, path):
        height = self.evaluate("document.documentElement.scrollHeight")
        width = self.evaluate("innerWidth")
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True,
                         clip={"x": 0, "y": 0, "width": width,
                               "height": min(height, 12000), "scale": 1})
        path.write_bytes(base64.b64decode(shot["data"]))

    def print(self, path):
        self.call("Emulation.setEmulatedMedia", media="", features=[])
        pdf = self.call("Page.printToPDF", preferCSSPageSize=True,
                        printBackground=False)
        path.write_bytes(base64.b64decode(pdf["data"]))


def violations(page, axe):
    """What axe-core finds, with all its rules."""
    page.evaluate(axe + "\n;0")
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']})"
        ".then(r => r.violations.map(v => v.id + ': ' + v.help + ': ' +"
        " v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' | ')))")
    return found


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--chromium", default="chromium")
    options.add_argument("--axe")
    options.add_argument("--shots")
    options.add_argument("--views", type=int, default=len(VIEWS))
    options.add_argument("page")
    o = options.parse_args()
    url = pathlib.Path(o.page).resolve().as_uri()
    axe = open(o.axe, encoding="utf-8").read() if o.axe else None
    shots = pathlib.Path(o.shots) if o.shots else None
    with tempfile.TemporaryDirectory(
            prefix="tlstally-browser-", ignore_cleanup_errors=True) as folder:
        browser = Browser(o.chromium, folder)
        page = Page(browser)
        for scheme, width in VIEWS[:o.views]:
            said, asked = page.show(url, scheme, width)
            page.evaluate("document.querySelectorAll('details').forEach("
                          "d => d.open = true)")
            scrolls = page.evaluate(
                "document.documentElement.scrollWidth") > width
            found = violations(page, axe) if axe else []
            print("%s %d: requests %d, messages %d, scrolls %s, violations %s"
                  % (scheme, width, len(asked), len(said),
                     "yes" if scrolls else "no",
                     len(found) if axe else "unknown"))
            for line in said + asked[1:] + found:
                print("  " + line)
            if shots:
                page.show(url, scheme, width)
                page.shoot(shots / ("%s-%d.png" % (scheme, width)))
        if shots:
            page.print(shots / "paper.pdf")
        browser.close()


main()
