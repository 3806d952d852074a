#!/usr/bin/env python3
"""Measures the transport beside nginx: requests over HTTP/1.1 and HTTP/2, TLS handshakes, idle connections, latency.

nginx and our server have core 0 each in turn, the load generator core 1. A round takes every figure of both; the ratios
of a round are what counts, and the table shows their medians. Beside requests per second stands what a server's CPU
second was worth, which does not depend on whether the generator keeps up. Latency is measured at half of our rate for
both servers, beside what the machine itself takes away from the two cores: what a program that only looks at the clock
would be late on core 0, and the generator on core 1 (gaps.h). The last line is the same as JSON. Ends with 1 when a figure
misses its target.

Environment: BENCH_RUNS (5), BENCH_SECONDS (3 for each figure), BENCH_CONNECTIONS (64), BENCH_IDLE (10000),
BENCH_ONLY (words of the figures' names; all).
"""

import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import resource

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = pathlib.Path(__file__).resolve().parent
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def setting(name, default):
    return type(default)(os.environ.get(name, default))


RUNS = setting("BENCH_RUNS", 5)
SECONDS = setting("BENCH_SECONDS", 3)
CONNECTIONS = setting("BENCH_CONNECTIONS", 64)
IDLE = setting("BENCH_IDLE", 10_000)
ONLY = setting("BENCH_ONLY", "").split()

NGINX_CONFIGURATION = """
daemon off; worker_processes 1; worker_rlimit_nofile 2000; pid {folder}/pid; error_log {folder}/error.log warn;
events {{ worker_connections 1000; }}
http {{
  access_log off; keepalive_requests 1000000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{http}; location = /204 {{ return 204; }} }}
  server {{ listen 127.0.0.1:{h2c} http2; location = /204 {{ return 204; }} }}
  server {{
    listen 127.0.0.1:{https} ssl http2; ssl_certificate {folder}/chain.pem; ssl_certificate_key {folder}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:bench:10m;
    location = /204 {{ return 204; }}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pinned(core, *command):
    return ["taskset", "--cpu-list", str(core), *(str(word) for word in command)]


class Server:
    """A server with ports for `http`, `h2c` and `https`, pinned to core 0."""

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def waited(self):
        """Seconds in which its threads could have run and had no core."""
        tasks = pathlib.Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[1]) for task in tasks) / 1e9

    def memory(self):
        return int(pathlib.Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE


class Nginx(Server):
    name = "nginx"

    def __init__(self, folder):
        self.ports = {name: free_port() for name in ["http", "h2c", "https"]}
        (folder / "nginx.conf").write_text(NGINX_CONFIGURATION.format(folder=folder, **self.ports))
        self.process = subprocess.Popen(pinned(0, NGINX, "-p", folder, "-c", folder / "nginx.conf"))
        self.pid = self._worker()

    def _worker(self):
        """The one worker: what the master does costs nothing."""
        for _ in range(100):
            children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            if children:
                return int(children[0])
            time.sleep(0.05)
        sys.exit("transport: nginx did not start")

    def close(self):
        self.process.terminate()
        self.process.wait()


class Postroad(Server):
    name = "postroad"

    def __init__(self, folder, binary):
        self.process = subprocess.Popen(
            pinned(0, binary, folder / "chain.pem", folder / "key.pem"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.ports = json.loads(self.process.stdout.readline())
        self.ports["h2c"] = self.ports["http"]
        self.pid = self.process.pid

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Rate:
    """So many in a second, and so many in a second of the server's CPU."""

    def __init__(self, count, seconds, cpu):
        self.per_second = count / seconds
        self.per_cpu_second = count / cpu if cpu else 0


def run(command, core=1):
    done = subprocess.run(pinned(core, *command), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"transport: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def measured(server, command, count):
    before, start = server.cpu(), time.monotonic()
    output = run(command)
    seconds, cpu = time.monotonic() - start, server.cpu() - before
    total, seconds = count(output, seconds)
    return Rate(total, seconds, cpu)


def wrk(server):
    def count(output, _):
        if "Non-2xx" in output or "Socket errors" in output:
            sys.exit(f"transport: wrk had errors\n{output}")
        found = re.search(r"(\d+) requests in ([\d.]+)s", output)
        return int(found[1]), float(found[2])

    url = f"http://127.0.0.1:{server.ports['http']}/204"
    return measured(server, ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", url], count)


def h2load(server):
    def count(output, _):
        total, failed = re.search(r"(\d+) succeeded, (\d+) failed", output).groups()
        if int(failed) or not int(total):
            sys.exit(f"transport: h2load had failures\n{output}")
        return int(total), SECONDS

    url = f"http://127.0.0.1:{server.ports['h2c']}/204"
    return measured(server, ["h2load", f"-c{CONNECTIONS}", "-m10", "-t1", f"-D{SECONDS}", url], count)


def handshakes(tools, server):
    def count(output, _):
        result = json.loads(output)
        if result["failures"]:
            sys.exit(f"transport: {result['failures']} handshakes failed")
        return result["handshakes"], result["seconds"]

    command = [tools / "handshakes", server.ports["https"], CONNECTIONS, SECONDS]
    return measured(server, command, count)


def stolen():
    """Seconds that the host has taken from core 0."""
    line = next(line for line in pathlib.Path("/proc/stat").read_text().splitlines() if line.startswith("cpu0 "))
    return int(line.split()[8]) / TICKS


def p99_at(server, rate, tools):
    """Milliseconds from when a request was due to its answer, at a fixed rate over HTTP/1.1; and what held it up."""
    waited, taken = server.waited(), stolen()
    count, *times = run(
        [tools / "latency", server.ports["http"], "/204", CONNECTIONS, round(rate), SECONDS]).split()
    return {"rate": int(count) / SECONDS} | {
        name: int(time) / 1e3 for name, time in zip(["p50", "p99", "p99.9", "generator p99"], times)
    } | {"waited for the core": (server.waited() - waited) * 1e3 / SECONDS, "stolen": (stolen() - taken) * 1e3 / SECONDS}


def machine_gaps(tools):
    """Milliseconds that a program with nothing to do but look at the clock would be late on core 0."""
    p99, p999, longest, _ = run([tools / "gaps", SECONDS], core=0).split()
    return {"p99": int(p99) / 1e3, "p99.9": int(p999) / 1e3, "longest": int(longest) / 1e3}


def settled(server):
    time.sleep(1)
    return server.memory()


def idle(server, request, first_word):
    """KiB of the server for each connection that has had one answer and is kept."""
    before = settled(server)
    connections = []
    for _ in range(IDLE):
        connection = socket.create_connection(("127.0.0.1", server.ports["http"]), timeout=20)
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(4096)
        if first_word not in answer.split(b"\r\n")[0]:
            sys.exit(f"transport: {answer!r}")
        connections.append(connection)
    grown = settled(server) - before
    for connection in connections:
        connection.close()
    return grown / IDLE / 1024


GET = b"GET /204 HTTP/1.1\r\nHost: bench\r\n\r\n"
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")

# Name, target, and what makes a figure miss it.
RATIOS = {
    "HTTP/1.1, 204": 0.6,
    "HTTP/2, 204, 10 streams": 0.6,
    "TLS 1.3 handshakes, RSA 2048": 0.8,
    "TLS 1.3 handshakes, P-256": 0.8,
}
LIMITS = {"idle keep-alive, KiB each": 12.0, "idle WebSocket, KiB each": 16.0, "p99 at half load, ms": 2.0}


def wanted(name):
    return not ONLY or any(word in name for word in ONLY)


def make_certificate(folder, *key):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *key, "-nodes", "-subj", "/CN=bench", "-days", "2", "-keyout",
         folder / "key.pem", "-out", folder / "chain.pem"], check=True, capture_output=True)


def build(folder):
    for name, libraries in [("handshakes", ["-lssl", "-lcrypto"]), ("latency", []), ("gaps", [])]:
        subprocess.run(["cc", "-O2", "-o", folder / name, SOURCES / f"{name}.c", *libraries], check=True)


def one_round(folders, binary, tools):
    """All figures of one round: name → (nginx, postroad), or the value itself for limits."""
    figures = {}
    for kind, folder in folders.items():
        nginx, ours = Nginx(folder), Postroad(folder, binary)
        try:
            lanes = {f"TLS 1.3 handshakes, {kind}": lambda server: handshakes(tools, server)}
            if kind == "P-256":
                lanes |= {"HTTP/1.1, 204": wrk, "HTTP/2, 204, 10 streams": h2load}
            for name, measure in lanes.items():
                if wanted(name):
                    figures[name] = (measure(nginx), measure(ours))
            if kind == "P-256":
                if wanted("p99 at half load, ms"):
                    both = figures.get("HTTP/1.1, 204") or (wrk(nginx), wrk(ours))
                    rate = both[1].per_second / 2
                    figures["latency"] = {
                        "machine": machine_gaps(tools), "nginx": p99_at(nginx, rate, tools),
                        "postroad": p99_at(ours, rate, tools)}
        finally:
            nginx.close()
            ours.close()
    return figures


def memory_figures(folders, binary):
    figures = {}
    for name, request, word in [
        ("idle keep-alive, KiB each", GET, b"204"), ("idle WebSocket, KiB each", UPGRADE, b"101"),
    ]:
        if not wanted(name):
            continue
        ours = Postroad(folders["P-256"], binary)
        try:
            figures[name] = idle(ours, request, word)
        finally:
            ours.close()
    return figures


def report_latency(rounds):
    """Prints the medians of what was measured at half load, and returns them."""
    latencies = [figures["latency"] for figures in rounds if "latency" in figures]
    if not latencies:
        return {}
    medians = {
        who: {key: round(statistics.median(latency[who][key] for latency in latencies), 3) for key in values}
        for who, values in latencies[0].items()}
    ratio = statistics.median(latency["postroad"]["p99"] / latency["nginx"]["p99"] for latency in latencies)
    print(f"latency at half load, {medians['postroad']['rate']:,.0f}/s, ms:")
    for who, values in medians.items():
        print(f"  {who:30}" + "   ".join(f"{key} {value:g}" for key, value in values.items() if key != "rate"))
    print(f"  p99 of nginx's: {ratio:.2f}")
    return medians | {"p99 of nginx's": round(ratio, 3)}


def report(rounds, memory):
    missed, values = [], {}
    print(f"{'':32}{'nginx':>12}{'postroad':>12}{'ratio':>8}{'CPU ratio':>11}{'target':>8}")
    for name, target in RATIOS.items():
        pairs = [figures[name] for figures in rounds if name in figures]
        if not pairs:
            continue
        ratio = statistics.median(ours.per_second / nginx.per_second for nginx, ours in pairs)
        cpu = statistics.median(ours.per_cpu_second / nginx.per_cpu_second for nginx, ours in pairs)
        left, right = (statistics.median(pair[side].per_second for pair in pairs) for side in (0, 1))
        print(f"{name:32}{left:12,.0f}{right:12,.0f}{ratio:8.2f}{cpu:11.2f}{target:8.2f}")
        values[name] = {"nginx": round(left), "postroad": round(right), "ratio": round(ratio, 3), "cpu": round(cpu, 3)}
        if ratio < target:
            missed.append(name)
    if latencies := report_latency(rounds):
        memory["p99 at half load, ms"] = latencies["postroad"]["p99"]
        values["half load"] = latencies
    for name, value in memory.items():
        print(f"{name:32}{'':12}{value:12.2f}{'':19}{LIMITS[name]:8.2f}")
        values[name] = round(value, 2)
        if value >= LIMITS[name]:
            missed.append(name)
    print(json.dumps(values))
    for name in missed:
        print(f"transport: {name} misses its target", file=sys.stderr)
    return 1 if missed else 0


def main():
    if not NGINX or not shutil.which("wrk") or not shutil.which("h2load"):
        sys.exit("transport: nginx, wrk or h2load is missing; run \"make setup-test\"")
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if descriptors < IDLE + 1_000:
        sys.exit(f"transport: {IDLE} connections need more than the {descriptors} open files allowed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    binary = pathlib.Path(os.environ.get("TRANSPORT_BENCH", ROOT / ".build" / "bench" / "release" / "transport-bench"))
    with tempfile.TemporaryDirectory() as scratch:
        tools = pathlib.Path(scratch)
        build(tools)
        folders = {"RSA 2048": tools / "rsa", "P-256": tools / "p256"}
        for folder, key in zip(folders.values(), [["rsa:2048"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]]):
            folder.mkdir()
            make_certificate(folder, *key)
        rounds = []
        for number in range(RUNS):
            print(f"round {number + 1} of {RUNS}", file=sys.stderr)
            rounds.append(one_round(folders, binary, tools))
        return report(rounds, memory_figures(folders, binary))


if __name__ == "__main__":
    sys.exit(main())
