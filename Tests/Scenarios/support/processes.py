"""Servers as child processes, each ended by its own process id."""

import os
import signal
import subprocess


class Server:
    """A process whose output goes to a file."""

    def __init__(self, command, log, **options):
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)

    @property
    def pid(self):
        return self.process.pid

    @property
    def is_running(self):
        return self.process.poll() is None

    def signal(self, number):
        os.kill(self.pid, number)

    def stop(self, seconds=15):
        """SIGTERM, and SIGKILL when that does not help; the exit code, negative for a signal."""
        if self.is_running:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.wait()

    def kill(self):
        if self.is_running:
            self.signal(signal.SIGKILL)
        self.process.wait()

    def log_tail(self, lines=40):
        try:
            text = self.log.read_text(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-lines:])
