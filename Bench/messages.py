#!/usr/bin/env python3
"""Measures whole messages: HTTP in, spool on the disk, webhook out; beside what the disk and SQLite alone can do.

Each run begins with an empty data folder. It takes the router's memory when idle, sends messages as fast as they are
taken (flat out), then at a fixed rate, and after that measures synced appends and SQLite rows on the same disk.
Prints a table of medians, and as its last line the same as JSON. Ends with 1 when a message was lost or came twice.

Environment: POSTROAD (the binary), BENCH_RUNS (5), BENCH_MESSAGES (50000 flat out), BENCH_RATE (1000 a second),
BENCH_SECONDS (10 at that rate), BENCH_CONNECTIONS (64), BENCH_LANES (4 recipients), BENCH_FOLDER (.build).
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Bench" / "Messages"
BODY_BYTES = 1024
TARGET_PER_SECOND = 5000
TARGET_IDLE_MIB = 40


def setting(name, default):
    return type(default)(os.environ.get(name, default))


RUNS = setting("BENCH_RUNS", 5)
MESSAGES = setting("BENCH_MESSAGES", 50_000)
RATE = setting("BENCH_RATE", 1_000)
SECONDS = setting("BENCH_SECONDS", 10)
CONNECTIONS = setting("BENCH_CONNECTIONS", 64)
LANES = setting("BENCH_LANES", 4)
BINARY = setting("POSTROAD", str(ROOT / ".build" / "release" / "postroad"))


def build(folder):
    """Compiles the tools; the sink and the generator must cost little beside the router."""
    for name in ["load", "sink", "sync_appends", "sqlite_rows"]:
        command = ["cc", "-O2", "-o", folder / name, SOURCES / f"{name}.c"]
        subprocess.run(command + (["-lsqlite3"] if name == "sqlite_rows" else []), check=True)


def run_json(*command):
    done = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)
    if done.stderr:
        print(done.stderr, end="", file=sys.stderr)
    return json.loads(done.stdout)


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


class Sink:
    def __init__(self, tools):
        self.process = subprocess.Popen([tools / "sink"], stdout=subprocess.PIPE, text=True)
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


class Router:
    """A router of its own in a folder of its own, on a port that the log names."""

    def __init__(self, folder, sink_port):
        endpoints = "\n".join(
            f"      r{lane}: {{url: \"http://127.0.0.1:{sink_port}/\", secret: whsec_{'A' * 32}}}"
            for lane in range(LANES))
        routes = "\n".join(f"  - {{match: api:bench/{lane}, to: hook:r{lane}}}" for lane in range(LANES))
        port = free_port()
        (folder / "routes.yaml").write_text(
            f'router: {{name: bench.local, data: ./data, listen: {{http: "127.0.0.1:{port}"}}}}\n'
            "mailboxes:\n  api: {adapter: http}\n  hook:\n    adapter: webhook\n    allow_private: true\n"
            f"    endpoints:\n{endpoints}\nroutes:\n{routes}\n")
        self.port = port
        self.log = folder / "log"
        command = [BINARY, "serve", "--config", folder / "routes.yaml", "--log-level", "warning",
                   "--log-file", self.log]
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

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            print("the router did not stop within 20 s of SIGTERM", file=sys.stderr)


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def load(tools, router, sink, count, rate):
    """One load; the figures of the generator and of the sink together."""
    cpu = router.cpu_seconds()
    sent = run_json(tools / "load", router.port, CONNECTIONS, count, rate, BODY_BYTES, LANES)
    got = sink.wait_for(sent["accepted"])
    seconds = (got["last_ns"] - sent["started_ns"]) / 1e9
    return {
        "per_second": got["delivered"] / seconds, "accepted_per_second": sent["accepted_s"],
        "p50_ms": got["p50_ms"], "p99_ms": got["p99_ms"], "accept_p50_ms": sent["p50_ms"],
        "accept_p99_ms": sent["p99_ms"], "cpu_us_per_message": (router.cpu_seconds() - cpu) / count * 1e6,
        "refused": sent["sent"] - sent["accepted"], "lost": sent["accepted"] - got["delivered"],
        "duplicated": got["duplicated"],
    }


def measure(tools, folder):
    sink = Sink(tools)
    router = Router(folder, sink.port)
    try:
        time.sleep(1)
        figures = {"idle_mib": router.memory_mib()}
        for name, count, rate in [("flat", MESSAGES, 0), ("paced", RATE * SECONDS, RATE)]:
            for key, value in load(tools, router, sink, count, rate).items():
                figures[f"{name}_{key}"] = value
        figures["loaded_mib"] = router.memory_mib()
    finally:
        router.stop()
        sink.process.kill()
        sink.process.wait()
    figures.update(run_json(tools / "sync_appends", folder, 2))
    for batch in [1, 100]:
        rows = run_json(tools / "sqlite_rows", folder / f"rows{batch}.db", 2, batch)
        figures[f"sqlite_rows_s_b{batch}"] = rows["rows_s"]
    figures["of_synced_appends"] = figures["flat_per_second"] / figures["appends_s"]
    figures["of_sqlite_rows"] = figures["flat_per_second"] / figures["sqlite_rows_s_b100"]
    return figures


def table(medians):
    def line(name, key, unit, digits=0):
        return f"  {name:<52}{medians[key]:>12,.{digits}f} {unit}"
    return "\n".join([
        f"{MESSAGES} messages of 1 KiB, {CONNECTIONS} connections, {LANES} recipients, median of {RUNS}",
        line("flat out, accepted to delivered", "flat_per_second", "messages/s"),
        line("flat out, accepted (durable)", "flat_accepted_per_second", "messages/s"),
        line("flat out, posted to delivered, p50", "flat_p50_ms", "ms", 1),
        line("flat out, posted to delivered, p99", "flat_p99_ms", "ms", 1),
        line("flat out, router's CPU for a message", "flat_cpu_us_per_message", "µs"),
        line(f"at {RATE}/s, due to delivered, p50", "paced_p50_ms", "ms", 2),
        line(f"at {RATE}/s, due to delivered, p99", "paced_p99_ms", "ms", 2),
        line(f"at {RATE}/s, due to accepted, p50", "paced_accept_p50_ms", "ms", 2),
        line(f"at {RATE}/s, due to accepted, p99", "paced_accept_p99_ms", "ms", 2),
        line("resident memory, idle", "idle_mib", "MiB", 1),
        line("resident memory after the load", "loaded_mib", "MiB", 1),
        line("this disk: appends of 4 KiB, each synced", "appends_s", "/s"),
        line("this SQLite: rows in, tried, settled; 1 at a time", "sqlite_rows_s_b1", "rows/s"),
        line("this SQLite: the same, 100 at a time", "sqlite_rows_s_b100", "rows/s"),
        line("messages for each synced append", "of_synced_appends", "", 2),
        line("messages for each SQLite row (100 at a time)", "of_sqlite_rows", "", 2),
        f"  target {TARGET_PER_SECOND}/s: {'met' if medians['flat_per_second'] >= TARGET_PER_SECOND else 'missed'}; "
        f"idle below {TARGET_IDLE_MIB} MiB: {'met' if medians['idle_mib'] < TARGET_IDLE_MIB else 'missed'}",
    ])


def main():
    parent = pathlib.Path(os.environ.get("BENCH_FOLDER", ROOT / ".build"))
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
    try:
        build(scratch)
        runs = []
        for number in range(RUNS):
            folder = scratch / str(number)
            folder.mkdir()
            runs.append(measure(scratch, folder))
            print(f"run {number + 1}: {runs[-1]['flat_per_second']:,.0f} messages/s", file=sys.stderr)
            shutil.rmtree(folder)
        medians = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        print(table(medians))
        print(json.dumps({key: round(value, 3) for key, value in medians.items()}))
        wrong = {key: sum(run[key] for run in runs) for key in runs[0] if key.endswith(("_lost", "_duplicated"))}
        return 1 if any(wrong.values()) else 0
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
