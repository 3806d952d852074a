"""What the measurements share: the C tools, a sink for webhooks, a router in a folder of its own, and the peers."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "Bench" / "Messages"
PEERS = ROOT / "Bench" / "Peers"
BINARY = os.environ.get("POSTROAD", str(ROOT / ".build" / "release" / "postroad"))
LIBRARIES = {"sqlite_rows": ["-lsqlite3"], "batches": ["-lnghttp2"]}
SECRET = f"whsec_{'A' * 32}"


def setting(name, default):
    return type(default)(os.environ.get(name, default))


def build(folder, names):
    """Compiles tools; the sink and the generators must cost little beside the router."""
    for name in names:
        command = ["cc", "-O2", "-o", folder / name, SOURCES / f"{name}.c"]
        subprocess.run(command + LIBRARIES.get(name, []), check=True)


def run_json(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.stderr:
        print(done.stderr, end="", file=sys.stderr)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}")
    return json.loads(done.stdout)


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def peer(script, **environment):
    """What a script in Bench/Peers has measured, by case; None when the peer is not installed."""
    done = subprocess.run([PEERS / script], env=os.environ | environment, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{script}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])["cases"]


class Sink:
    """Takes webhooks; each message comes so many times."""

    def __init__(self, tools, copies=1):
        self.process = subprocess.Popen([tools / "sink", str(copies)], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def wait_for(self, count, patience=60):
        """Waits until so many messages came, or none has come for a while; then takes the report."""
        before, deadline = -1, time.monotonic() + patience
        while time.monotonic() < deadline:
            delivered = json.loads(fetch(f"http://127.0.0.1:{self.port}/count"))["delivered"]
            if delivered >= count:
                break
            if delivered != before:
                before, deadline = delivered, time.monotonic() + patience
            time.sleep(0.05)
        time.sleep(0.5)  # a duplicate would come now
        return json.loads(fetch(f"http://127.0.0.1:{self.port}/report"))

    def stop(self):
        self.process.kill()
        self.process.wait()


def webhooks(port, count, path=""):
    """A mailbox `hook` with so many endpoints, r0 and on."""
    endpoints = "\n".join(
        f"      r{number}: {{url: \"http://127.0.0.1:{port}/{path}\", secret: {SECRET}}}" for number in range(count))
    return f"  hook:\n    adapter: webhook\n    allow_private: true\n    endpoints:\n{endpoints}\n"


class Router:
    """A router of its own in a folder of its own."""

    def __init__(self, folder, mailboxes="", routes="", more=""):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        (folder / "routes.yaml").write_text(
            f'router:\n  name: bench.local\n  data: ./data\n  listen: {{http: "127.0.0.1:{self.port}"}}\n{more}'
            f"mailboxes:\n  api: {{adapter: http}}\n{mailboxes}routes:\n{routes or '  []'}\n")
        command = [BINARY, "serve", "--config", folder / "routes.yaml", "--log-level", "warning",
                   "--log-file", folder / "log"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.wait_until_ready()

    def wait_until_ready(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                fetch(f"http://127.0.0.1:{self.port}/healthz")
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.process.kill()
        sys.exit(f"the router did not start: {self.process.stderr.read()}")

    def memory_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wakes(self):
        """How often its threads have gone to sleep so far, and so have been woken."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        return sum(int((task / "status").read_text().split("\nvoluntary_ctxt_switches:")[1].split()[0])
                   for task in tasks.iterdir())

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def file_mib(self):
        return sum(path.stat().st_size for path in (self.folder / "data").glob("spool.db*")) / (1 << 20)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            print("the router did not stop within 20 s of SIGTERM", file=sys.stderr)
