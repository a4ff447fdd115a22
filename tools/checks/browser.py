"""A headless Chromium driven over a pipe (the DevTools protocol), with nothing but Python's own library.

    with Browser() as browser:
        browser.open("page.html")
        print(browser.value("document.title"), browser.errors)
        browser.screenshot("page.png")
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time


def executable():
    """The path of Chromium or Chrome, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    return None


class Browser:
    def __init__(self, width=1280, height=860, dark=False, scale=1, webgl=True):
        """With `webgl` it is drawn by software; without, the browser is as on a machine without a graphics processor."""
        self.size = (width, height, scale)
        self.dark = dark
        self.drawing = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] if webgl else ["--disable-gpu"]
        self.errors = []
        self.number = 0
        self.buffer = b""

    def __enter__(self):
        self.profile = tempfile.mkdtemp(prefix="surefoot-browser-")
        ours_out, theirs_out = os.pipe()
        theirs_in, ours_in = os.pipe()
        arguments = [
            executable(), "--headless=new", "--no-sandbox", "--remote-debugging-pipe", *self.drawing,
            "--disable-gpu-vsync", f"--user-data-dir={self.profile}", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--mute-audio", "about:blank",
        ]

        def wire():
            # Chromium reads commands from descriptor 3 and writes answers to 4.
            a, b = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            arguments, preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.reader, self.writer = ours_out, ours_in
        self.session = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        width, height, scale = self.size
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                  mobile=width < 600)
        if width < 600:
            self.send("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
        self.send("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if self.dark else "light"}])
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.reader)
        os.close(self.writer)
        shutil.rmtree(self.profile, ignore_errors=True)

    def send(self, method, timeout=60, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.writer, data):]
        end = time.time() + timeout
        while time.time() < end:
            for answer in self.messages(0.1):
                if answer.get("id") == self.number:
                    if "error" in answer:
                        raise RuntimeError(f"{method}: {answer['error']}")
                    return answer["result"]
        raise TimeoutError(method)

    def messages(self, seconds):
        if select.select([self.reader], [], [], seconds)[0]:
            self.buffer += os.read(self.reader, 1 << 20)
        found = []
        while b"\0" in self.buffer:
            line, self.buffer = self.buffer.split(b"\0", 1)
            message = json.loads(line)
            self.note(message)
            found.append(message)
        return found

    def note(self, message):
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
            self.errors.append(str([a.get("value") for a in parameters["args"]]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.errors.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith(("file:", "about:")):
            self.errors.append("asked the network for " + parameters["request"]["url"][:80])

    def open(self, path, suffix=""):
        self.send("Page.navigate", url=pathlib.Path(path).resolve().as_uri() + suffix)
        for _ in range(600):
            if self.value("document.readyState") == "complete" and self.value("location.protocol") == "file:":
                return
            self.wait(0.05)
        raise TimeoutError(path)

    def wait(self, seconds):
        end = time.time() + seconds
        while time.time() < end:
            self.messages(max(0.01, end - time.time()))

    def value(self, expression):
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def key(self, key, code=None):
        text = key if len(key) == 1 else ""
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=code or key,
                      **({"text": text} if text and kind == "keyDown" else {}))

    def drag(self, start, end):
        for kind, (x, y) in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)

    def touch(self, steps):
        """Fingers' places, step by step; an empty step lifts them."""
        for index, places in enumerate(steps):
            kind = "touchStart" if index == 0 else "touchMove" if places else "touchEnd"
            self.send("Input.dispatchTouchEvent", type=kind,
                      touchPoints=[{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(places)])

    def screenshot(self, path=None, whole=False):
        data = base64.b64decode(
            self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"])
        if path:
            pathlib.Path(path).write_bytes(data)
        return data

    def pdf(self, path):
        data = self.send("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
