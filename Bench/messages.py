#!/usr/bin/env python3
"""Measures whole messages: HTTP in, spool on the disk, webhook out; beside what the disk and SQLite alone can do.

Each run begins with an empty data folder. It takes the router's memory when idle, sends messages as fast as they are
taken (flat out), then at a fixed rate, and after that measures synced appends and SQLite rows on the same disk.
Prints a table of medians, and as its last line the same as JSON. Ends with 1 when a message was lost or came twice.

Environment: POSTROAD (the binary), BENCH_RUNS (5), BENCH_MESSAGES (50000 flat out), BENCH_RATE (1000 a second),
BENCH_SECONDS (10 at that rate), BENCH_CONNECTIONS (64), BENCH_LANES (4 recipients), BENCH_FOLDER (.build).
"""

import json
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

from Support.measuring import ROOT, Router, Sink, build, run_json, setting, webhooks

BODY_BYTES = 1024
TARGET_PER_SECOND = 5000
TARGET_IDLE_MIB = 40
RUNS = setting("BENCH_RUNS", 5)
MESSAGES = setting("BENCH_MESSAGES", 50_000)
RATE = setting("BENCH_RATE", 1_000)
SECONDS = setting("BENCH_SECONDS", 10)
CONNECTIONS = setting("BENCH_CONNECTIONS", 64)
LANES = setting("BENCH_LANES", 4)


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
    routes = "\n".join(f"  - {{match: api:bench/{lane}, to: hook:r{lane}}}" for lane in range(LANES))
    router = Router(folder, webhooks(sink.port, LANES), routes)
    try:
        time.sleep(1)
        figures = {"idle_mib": router.memory_mib()}
        for name, count, rate in [("flat", MESSAGES, 0), ("paced", RATE * SECONDS, RATE)]:
            for key, value in load(tools, router, sink, count, rate).items():
                figures[f"{name}_{key}"] = value
        figures["loaded_mib"] = router.memory_mib()
    finally:
        router.stop()
        sink.stop()
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
    parent = pathlib.Path(setting("BENCH_FOLDER", str(ROOT / ".build")))
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
    try:
        build(scratch, ["load", "sink", "sync_appends", "sqlite_rows"])
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
