#!/usr/bin/env python3
"""Measures every row of the table of speed and memory, beside the peers and the disk's own limits in the same run.

Every accept and every settlement is on the disk before it is acknowledged; bodies have 1 KiB. Figures are medians. Prints
a table with the targets, and as its last line the same as JSON. Ends with 1 when a message was lost or came twice; a
missed target is told and does not fail, as the machine of the moment has a say in it.

Environment: POSTROAD (the binary), BENCH_RUNS (5), BENCH_ROWS (all: "batches post fanout loop idle"), BENCH_SECONDS (10 at
1,000 a second), BENCH_IDLE_SECONDS (60), BENCH_FOLDER (.build). Peers that are not installed (scripts/setup-bench) are left out.
"""

import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from Support.measuring import (BINARY, ROOT, Router, Sink, build, peer, run_json, setting, webhooks)

RUNS = setting("BENCH_RUNS", 5)
SECONDS = setting("BENCH_SECONDS", 10)
IDLE_SECONDS = setting("BENCH_IDLE_SECONDS", 60)
ROWS = setting("BENCH_ROWS", "batches post fanout loop idle").split()
BODY = 1024
ENDPOINTS = 1000


def sink_figures(sent, got, copies=1):
    seconds = (got["last_ns"] - sent["started_ns"]) / 1e9
    return {"per_second": got["delivered"] / seconds, "p50_ms": got["p50_ms"], "p99_ms": got["p99_ms"],
            "lost": sent["accepted"] * copies - got["delivered"], "twice": got["duplicated"]}


def batches(tools, folder):
    """HTTP/2 in batches of 100, at most 500 not yet acknowledged; out by the pull API, acknowledged in batches."""
    router = Router(folder, "  jobs: {adapter: pull}\n", "  - {match: \"api:bench/**\", to: jobs:bench}\n")
    try:
        run_json(tools / "batches", router.port, 5_000, 100, 5, 2, BODY)
        cpu = router.cpu_seconds()
        got = run_json(tools / "batches", router.port, 100_000, 100, 5, 2, BODY)
        return {"per_second": got["per_second"], "p50_ms": got["p50_ms"], "p99_ms": got["p99_ms"],
                "cpu_us": (router.cpu_seconds() - cpu) * 10, "lost": 100_000 - got["delivered"],
                "twice": got["duplicated"], "loaded_mib": router.memory_mib()}
    finally:
        router.stop()


def post(tools, folder):
    """One HTTP POST a message in over 64 connections, one signed webhook out: flat out, then 1,000 a second."""
    sink = Sink(tools)
    router = Router(folder, webhooks(sink.port, 1), "  - {match: \"api:bench/**\", to: hook:r0}\n")
    try:
        figures = {}
        for name, count, rate in [("warm", 5_000, 0), ("flat", 50_000, 0), ("paced", 1_000 * SECONDS, 1_000)]:
            cpu = router.cpu_seconds()
            sent = run_json(tools / "load", router.port, 64, count, rate, BODY, 1)
            for key, value in sink_figures(sent, sink.wait_for(sent["accepted"])).items():
                figures[f"{name}_{key}"] = value
            figures[f"{name}_cpu_us"] = (router.cpu_seconds() - cpu) / count * 1e6
        figures["loaded_mib"] = router.memory_mib()
        return figures
    finally:
        router.stop()
        sink.stop()


def fanout(tools, folder):
    """One message to 1,000 signed webhooks, ten of them one after the other."""
    sink = Sink(tools, ENDPOINTS)
    recipients = ", ".join(f"hook:r{number}" for number in range(ENDPOINTS))
    router = Router(folder, webhooks(sink.port, ENDPOINTS), f"  - {{match: \"api:bench/**\", to: [{recipients}]}}\n")
    try:
        sent = run_json(tools / "load", router.port, 1, 20, 0, BODY, 1)
        return sink_figures(sent, sink.wait_for(sent["accepted"] * ENDPOINTS), ENDPOINTS)
    finally:
        router.stop()
        sink.stop()


def loop(tools, folder):
    """One message at a time; beside it the time of two synced appends."""
    folder.mkdir()
    syncs = run_json(tools / "sync_appends", folder, 2)
    with LoopClient(tools) as client:
        router = Router(folder, webhooks(client.port, 1), "  - {match: \"api:bench/**\", to: hook:r0}\n")
        try:
            figures = client.run(router.port)
        finally:
            router.stop()
    figures["two_syncs_ms"] = 2_000 / syncs["appends_s"]
    figures["of_two_syncs"] = figures["delivered_p50_ms"] / figures["two_syncs_ms"]
    return figures


class LoopClient:
    """The tool `loop`, whose port for webhooks must be known before the router's is."""

    def __init__(self, tools):
        self.tools = tools

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.tools / "loop", "3000", str(BODY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def run(self, router_port):
        self.process.stdin.write(f"{router_port}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def idle(tools, folder):
    """A router with a webhook and a pulled mailbox to which nothing comes."""
    router = Router(folder, webhooks(9, 1) + "  jobs: {adapter: pull}\n")
    try:
        time.sleep(3)
        wakes = router.wakes()
        time.sleep(IDLE_SECONDS)
        return {"mib": router.memory_mib(), "wakes_per_second": (router.wakes() - wakes) / IDLE_SECONDS}
    finally:
        router.stop()


MEASUREMENTS = {"batches": batches, "post": post, "fanout": fanout, "loop": loop, "idle": idle}


def peers():
    """What the rows are compared with, each measured now."""
    found = {}
    if "batches" in ROWS and (cases := peer("rabbitmq.sh", ONLY="window", KINDS="classic", RUNS=str(RUNS))):
        found["rabbitmq"] = cases["classic_e2e_w512"]["end_to_end_s"][1]
    if "fanout" in ROWS and (cases := peer("apprise.sh", TARGETS="1000", SECS="5", RUNS=str(RUNS))):
        found["apprise"] = cases["fanout_1000"]["deliveries_s"][1]
    return found


def table(medians, found):
    rows = []

    def row(text, value, unit, target, met):
        rows.append(f"  {text:<58}{value:>10} {unit:<12}{target:<34}{'met' if met else 'MISSED'}")

    if batch := medians.get("batches"):
        rabbit = found.get("rabbitmq")
        times = f"{batch['per_second'] / rabbit:.2f} x RabbitMQ's {rabbit:,.0f}/s, >= 1.5" if rabbit else "RabbitMQ missing"
        row("HTTP/2 batches of 100 in, pull API out", f"{batch['per_second']:,.0f}", "messages/s", times,
            rabbit and batch["per_second"] >= 1.5 * rabbit)
    if one := medians.get("post"):
        row("one POST in, one signed webhook out", f"{one['flat_per_second']:,.0f}", "messages/s", ">= 10,000",
            one["flat_per_second"] >= 10_000)
        row("the same at 1,000 a second, p99", f"{one['paced_p99_ms']:.2f}", "ms", "< 5", one["paced_p99_ms"] < 5)
    if fan := medians.get("fanout"):
        apprise = found.get("apprise")
        times = f"{fan['per_second'] / apprise:.1f} x Apprise's {apprise:,.0f}/s, >= 10" if apprise else "Apprise missing"
        row("one message to 1,000 webhook endpoints", f"{fan['per_second']:,.0f}", "deliveries/s", times,
            apprise and fan["per_second"] >= 10 * apprise)
    if lone := medians.get("loop"):
        row("one message at a time, posted to delivered", f"{lone['delivered_p50_ms']:.2f}", "ms",
            f"{lone['of_two_syncs']:.2f} x {lone['two_syncs_ms']:.2f} ms, <= 1.5", lone["of_two_syncs"] <= 1.5)
    if quiet := medians.get("idle"):
        row("idle, resident", f"{quiet['mib']:.1f}", "MiB", "< 40", quiet["mib"] < 40)
        row("idle, wake-ups", f"{quiet['wakes_per_second']:.2f}", "/s", "0", quiet["wakes_per_second"] < 0.05)
    return "\n".join([f"bodies of 1 KiB, all synced before it is acknowledged, median of {RUNS}", *rows])


def main():
    parent = pathlib.Path(setting("BENCH_FOLDER", str(ROOT / ".build")))
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
    try:
        build(scratch, ["load", "sink", "loop", "batches", "sync_appends"])
        found, runs, wrong = peers(), {name: [] for name in ROWS}, 0
        for number in range(RUNS):
            for name in ROWS:
                if name == "idle" and number > 0:
                    continue  # one long look says as much as five
                figures = MEASUREMENTS[name](scratch, scratch / f"{name}{number}")
                wrong += sum(value for key, value in figures.items() if key.endswith(("lost", "twice")))
                runs[name].append(figures)
                print(f"run {number + 1}, {name}: {json.dumps({k: round(v, 2) for k, v in figures.items()})}",
                      file=sys.stderr)
                shutil.rmtree(scratch / f"{name}{number}", ignore_errors=True)
        medians = {name: {key: statistics.median(run[key] for run in all_runs) for key in all_runs[0]}
                   for name, all_runs in runs.items() if all_runs}
        print(table(medians, found))
        print(json.dumps({"binary": BINARY, "peers": found} | {
            name: {key: round(value, 3) for key, value in row.items()} for name, row in medians.items()}))
        return 1 if wrong else 0
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
