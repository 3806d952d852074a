#!/usr/bin/env python3
"""Measures a router with a backlog: 1,000,000 messages that wait in 100,000 lanes, beside the same router without any.

The spool is filled by SQL, with a message of the router's own as the pattern. Then: how long a start takes to the first
delivery and how fast the backlog goes out (to the inbox), the memory meanwhile, and how many messages a second are taken
and delivered to other recipients while the backlog waits for a paused mailbox. Prints a table and, last, the same as JSON.
Ends with 1 when a target is missed.

Environment: POSTROAD (the binary), BACKLOG_MESSAGES (1000000), BACKLOG_LANES (100000), BENCH_MESSAGES (20000 flat out),
BENCH_CONNECTIONS (64), BENCH_LANES (4 recipients), BENCH_FOLDER (.build).
"""

import json
import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
import urllib.request
import uuid

os.environ.setdefault("BENCH_MESSAGES", "20000")
import messages as bench  # noqa: E402

MESSAGES = bench.setting("BACKLOG_MESSAGES", 1_000_000)
LANES = bench.setting("BACKLOG_LANES", 100_000)
TARGETS = {"first_delivery_s": 2.0, "peak_mib": 200.0, "of_empty": 0.8}
DRAIN_SECONDS = 10


def database(folder):
    return folder / "data" / "spool.db"


def fill(path):
    """Adds the backlog: each message to the inbox of one of the lanes' recipients, in turn."""
    spool = sqlite3.connect(path, isolation_level=None)
    spool.execute("PRAGMA synchronous = OFF")
    row = spool.execute("SELECT accepted, topic, sender, subject, envelope FROM messages LIMIT 1").fetchone()
    accepted, topic, sender, subject, envelope = row
    pattern = json.loads(envelope)
    old_id = pattern["id"].encode()
    sequence = spool.execute("SELECT max(sequence) FROM messages").fetchone()[0] + 1
    lane = spool.execute("SELECT max(id) FROM lanes").fetchone()[0] + 1
    route = spool.execute("SELECT min(id) FROM routes").fetchone()[0]
    expires = int((time.time() + 5 * 86_400) * 1000)
    spool.execute("BEGIN")
    spool.executemany("INSERT INTO lanes VALUES (?, ?)", ((lane + n, f"local:u{n}") for n in range(LANES)))
    first = uuid.UUID(pattern["id"]).int & ~((1 << 62) - 1)
    ids = (uuid.UUID(int=first + n) for n in range(MESSAGES))
    spool.executemany(
        "INSERT INTO messages (sequence, id, accepted, topic, sender, subject, envelope) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((sequence + n, id.bytes, accepted, topic, sender, subject, envelope.replace(old_id, str(id).encode()))
         for n, id in enumerate(ids)))
    spool.executemany(
        "INSERT INTO dispatches (number, lane, state, is_open, due, attempts, route, priority, expires)"
        " VALUES (?, ?, 0, 1, ?, 0, ?, 1, ?)",
        (((sequence + n) * 4096, lane + n % LANES, accepted, route, expires) for n in range(MESSAGES)))
    spool.execute(
        "INSERT INTO counters VALUES ('waiting', ?1) ON CONFLICT (name) DO UPDATE SET value = value + ?1", (MESSAGES,))
    spool.execute("COMMIT")
    spool.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    spool.close()


def delivered(path):
    spool = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        row = spool.execute("SELECT value FROM counters WHERE name = 'delivered'").fetchone()
        return row[0] if row else 0
    finally:
        spool.close()


def pause(path):
    """As `postroad mailbox pause local` leaves it."""
    spool = sqlite3.connect(path, isolation_level=None)
    spool.execute("INSERT OR REPLACE INTO states VALUES ('*exchange', 'paused/local', CAST('paused' AS BLOB))")
    spool.close()


class Watch(threading.Thread):
    """Watches for the first delivery, from before the router starts."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.before, self.seconds = path, delivered(path), None
        self.started = time.monotonic()
        self.start()

    def run(self):
        while self.seconds is None and time.monotonic() < self.started + 60:
            if delivered(self.path) > self.before:
                self.seconds = time.monotonic() - self.started
            time.sleep(0.005)


def drain(folder, sink):
    """Starts on the backlog and lets some of it go out."""
    watch = Watch(database(folder))
    router = bench.Router(folder, sink.port)
    try:
        ready = time.monotonic() - watch.started
        watch.join()
        before, start, peak = delivered(watch.path), time.monotonic(), 0
        while time.monotonic() < start + DRAIN_SECONDS:
            peak = max(peak, router.memory_mib())
            time.sleep(0.1)
        rate = (delivered(watch.path) - before) / (time.monotonic() - start)
        return {"ready_s": ready, "first_delivery_s": watch.seconds or 60, "drained_per_second": rate, "peak_mib": peak}
    finally:
        router.stop()


def measure(tools, folder, sink):
    """Takes and delivers messages flat out; what the sink counted before does not count."""
    router = bench.Router(folder, sink.port)
    try:
        time.sleep(2)
        idle = router.memory_mib()
        got = bench.load(tools, router, sink, bench.MESSAGES, 0)
        return {"accepted_per_second": got["accepted_per_second"], "per_second": got["per_second"],
                "accept_p99_ms": got["accept_p99_ms"], "lost": got["lost"], "idle_mib": idle,
                "loaded_mib": router.memory_mib()}
    finally:
        router.stop()


def with_sink(work):
    sink = bench.Sink(TOOLS)
    try:
        return work(sink)
    finally:
        sink.process.kill()
        sink.process.wait()


def main():
    global TOOLS
    parent = pathlib.Path(os.environ.get("BENCH_FOLDER", bench.ROOT / ".build"))
    scratch = TOOLS = pathlib.Path(tempfile.mkdtemp(prefix="backlog-", dir=parent))
    try:
        bench.build(scratch)
        folder = scratch / "router"
        folder.mkdir()
        empty = with_sink(lambda sink: measure(scratch, folder, sink))
        start = time.monotonic()
        fill(database(folder))
        print(f"filled in {time.monotonic() - start:.0f} s", file=sys.stderr)
        figures = with_sink(lambda sink: drain(folder, sink))
        pause(database(folder))
        waiting = with_sink(lambda sink: measure(scratch, folder, sink))
        for name, part in [("empty", empty), ("waiting", waiting)]:
            figures.update({f"{name}_{key}": value for key, value in part.items()})
        figures["of_empty"] = waiting["accepted_per_second"] / empty["accepted_per_second"]
        figures["peak_mib"] = max(figures["peak_mib"], waiting["loaded_mib"])
        return tell(figures)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def tell(figures):
    print(f"{MESSAGES:,} messages wait in {LANES:,} lanes")
    for key, value in figures.items():
        print(f"  {key:<32}{value:>14,.2f}")
    met = {"first_delivery_s": figures["first_delivery_s"] < TARGETS["first_delivery_s"],
           "peak_mib": figures["peak_mib"] < TARGETS["peak_mib"],
           "of_empty": figures["of_empty"] >= TARGETS["of_empty"]}
    for key, is_met in met.items():
        print(f"  target {key} {TARGETS[key]}: {'met' if is_met else 'missed'}")
    print(json.dumps({key: round(value, 3) for key, value in figures.items()}))
    return 0 if all(met.values()) and not figures["empty_lost"] and not figures["waiting_lost"] else 1


if __name__ == "__main__":
    sys.exit(main())
