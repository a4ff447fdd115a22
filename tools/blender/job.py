"""One run of `surefoot correct` on a file that an armature was written to."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile

from .capture import CaptureError


def program(preferred=""):
    """The surefoot program: the one of the preferences, else the one on the PATH."""
    name = preferred.strip() or "surefoot"
    found = shutil.which(os.path.expanduser(name))
    if not found:
        where = "is not there" if preferred.strip() else "is not on the PATH"
        raise CaptureError(f"{name} {where}: install surefoot, or name the program in the add-on's preferences")
    return found


def arguments(options):
    """The command's options of the operator's properties; those at their defaults are left out."""
    words = []
    if options.program.strip():
        words += ["--program", options.program.strip()]
    elif options.corrector != "predictive":
        words += ["--corrector", options.corrector]
    if options.fallback.strip():
        words += ["--fallback", options.fallback.strip()]
    if options.strength < 1:
        words += ["--strength", f"{options.strength:.4g}"]
    if options.feet != "auto":
        words += ["--feet", options.feet]
    if options.contacts.strip():
        words += ["--contacts", options.contacts.strip()]
    if options.seed != 1:
        words += ["--seed", str(options.seed)]
    return words


class Job:
    """Starts the program, tells how far it is, ends it, and reads what it wrote."""

    def __init__(self, surefoot, text, words):
        self.surefoot = surefoot
        self.folder = tempfile.mkdtemp(prefix="surefoot-blender-")
        self.input, self.output = (os.path.join(self.folder, name) for name in ("motion.bvh", "corrected.bvh"))
        with open(self.input, "w", encoding="utf-8") as file:
            file.write(text)
        command = [surefoot, "correct", self.input, "-o", self.output, "--json", "--input-units", "m", "--input-up", "z", *words]
        self.errors = open(os.path.join(self.folder, "errors.txt"), "w+", encoding="utf-8", errors="replace")
        self.results = open(os.path.join(self.folder, "results.txt"), "w+", encoding="utf-8", errors="replace")
        # A line of progress a quarter of a second, where it would be ten seconds in a log.
        environment = {**os.environ, "SUREFOOT_PROGRESS_SECONDS": "0.25"}
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.results, stderr=self.errors, env=environment)

    @property
    def is_running(self):
        return self.process.poll() is None

    def progress(self):
        """How much is done, 0 to 1, as the program last said."""
        with open(self.errors.name, encoding="utf-8", errors="replace") as file:
            found = re.findall(r": (\d+)/(\d+) ", file.read()[-400:])
        return int(found[-1][0]) / max(1, int(found[-1][1])) if found else 0.0

    def cancel(self):
        """Ends the program, which leaves nothing half-written, and removes the folder."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.close()

    def close(self):
        self.errors.close()
        self.results.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def result(self):
        """The program's verdict on the motion, once it has ended.

        Raises CaptureError with the program's own words where there is none."""
        self.process.wait()
        self.results.seek(0)
        try:
            clip = json.loads(self.results.read())["clips"][0]
        except (ValueError, KeyError, IndexError):
            self.errors.seek(0)
            lines = [line.strip() for line in self.errors.read().splitlines() if re.match(r"(error|Error|warning): ", line.strip())]
            text = lines[0].split(": ", 1)[1] if lines else f"it ended with {self.process.returncode}"
            raise CaptureError(f"surefoot: {text.replace(self.input, 'the motion')}") from None
        report = {}
        record = os.path.join(self.folder, "corrected.json")
        if os.path.exists(record):
            with open(record, encoding="utf-8") as file:
                report = json.load(file).get("report", {})
        return clip, report

    def text(self):
        """The corrected file; None where the motion was rejected."""
        if not os.path.exists(self.output):
            return None
        with open(self.output, encoding="utf-8") as file:
            return file.read()
