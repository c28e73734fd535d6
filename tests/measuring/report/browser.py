# SPDX-License-Identifier: MIT
"""A headless Chromium, driven over its own protocol by a pair of pipes: messages are JSON, each ended by a NUL.

It has a profile of its own, which goes with it, and says of a page what it logged, what went wrong, and what it asked for."""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time


def find():
    """The browser's path, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Elsewhere(RuntimeError):
    """The page went away while something was asked of it."""


class Browser:
    def __init__(self, seconds=60):
        self.profile = tempfile.mkdtemp(prefix="gcmatrix-browser-")
        ours, theirs = os.pipe(), os.pipe()  # what it reads, what it writes
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--disable-extensions", "--no-first-run",
                   "--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "about:blank"]

        def pipes():
            # Over descriptors that are neither 3 nor 4, as one of the four may be.
            read, write = os.dup2(ours[0], 13), os.dup2(theirs[1], 14)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen([find(), *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
                                        preexec_fn=pipes, start_new_session=True)
        os.close(ours[0])
        os.close(theirs[1])
        self.to, self.of = ours[1], theirs[0]
        self.rest, self.events, self.last, self.seconds = b"", [], 0, seconds
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.call("Browser.close")
        except (EOFError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.to, self.of):
            os.close(pipe)
        shutil.rmtree(self.profile, ignore_errors=True)

    def read(self):
        """The next message."""
        while b"\0" not in self.rest:
            some = os.read(self.of, 1 << 20)
            if not some:
                raise EOFError("the browser ended")
            self.rest += some
        text, _, self.rest = self.rest.partition(b"\0")
        return json.loads(text)

    def call(self, method, whole=False, **parameters):
        """The answer to a call, to the page or to the whole browser."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session and not whole:
            message["sessionId"] = self.session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.to, text):]
        while True:
            answer = self.read()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise (Elsewhere if method == "Runtime.evaluate" else RuntimeError)(f"{method}: {answer['error']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def run(self, script):
        """The value of an expression in the page; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails'].get('exception', answer['exceptionDetails']).get('description', answer)}")
        return answer["result"].get("value")

    def open(self, path, fragment=""):
        """Opens a file and waits until its script is through. Returns the seconds that took."""
        begun = time.monotonic()
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=f"file://{path}{fragment}")
        while not self.ready():
            if time.monotonic() - begun > self.seconds:
                raise TimeoutError(f"{path} is not ready: {self.wrong()}")
            time.sleep(0.02)
        return time.monotonic() - begun

    def ready(self):
        """Whether the page's script is through, and what it made is drawn. It is not while the page loads itself again."""
        try:
            if not self.run("document.readyState === 'complete' && document.documentElement.hasAttribute('data-ready')"):
                return False
            self.settle()
        except Elsewhere:
            return False
        return True

    def until(self, expression, seconds=60):
        """Waits until the expression is true, for so many seconds at most. Returns whether it is."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.run(expression):
                    return True
            except Elsewhere:  # the page is about to be another one
                pass
            time.sleep(0.02)
        return False

    def processor(self):
        """Seconds that the processes which draw pages took of a processor: a busy machine does not add to them."""
        return sum(process["cpuTime"] for process in self.call("SystemInfo.getProcessInfo", whole=True)["processInfo"] if process["type"] == "renderer")

    def settle(self):
        """Waits until what was changed is drawn."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))))")

    def catch_up(self):
        """Takes what the browser has said until now."""
        try:
            self.run("0")
        except Elsewhere:
            pass

    def wrong(self):
        """What the page logged, threw, or was refused."""
        self.catch_up()
        found = []
        for event in self.events:
            method, what = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                found.append(what["exceptionDetails"].get("exception", {}).get("description", str(what)))
            elif method == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
                found.append(" ".join(str(value.get("value", value.get("description"))) for value in what["args"]))
            elif method == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
                found.append(what["entry"]["text"])
        return found

    def asked(self):
        """The addresses that the page asked for."""
        self.catch_up()
        return [event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"]

    def screen(self, width, height=900, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.settle()

    def picture(self, path, whole=False, clip=None):
        more = {"captureBeyondViewport": True} if whole or clip else {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = (0, 0, size["width"], min(size["height"], 16000))
        if clip:
            more["clip"] = dict(zip(("x", "y", "width", "height"), clip)) | {"scale": 1}
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.call("Page.captureScreenshot", format="png", **more)["data"]))

    def print(self, path, **more):
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=False, **more)["data"]))

    def move(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode={"Tab": 9, "Enter": 13, "ArrowDown": 40, "ArrowUp": 38, "Escape": 27}.get(key, 0))
