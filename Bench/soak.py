#!/usr/bin/env python3
"""Keeps a router at full rate for a while: memory, file, descriptors and threads must be flat after the first third.

The spool's limit is small, so that what is settled is removed all the time. Prints a line a sample and, as its last line,
JSON. Ends with 1 when a message was lost or came twice, or when something grew: the median of the last third may be
at most a tenth (and 8 MiB, or 4 descriptors or threads) above that of the second. Environment: POSTROAD, SOAK_MINUTES (20).
"""

import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from Support.measuring import ROOT, Router, Sink, build, setting, webhooks

MINUTES = setting("SOAK_MINUTES", 20)
ROUND = 20_000
SLACK = {"resident_mib": 8, "file_mib": 8, "descriptors": 4, "threads": 4}


def sample(router):
    return {"resident_mib": router.memory_mib(), "file_mib": router.file_mib(), "descriptors": router.descriptors(),
            "threads": router.threads()}


def soak(tools, router, sink):
    """Loads round by round until the time is over; the samples, and how many were sent, lost and came twice."""
    samples, sent, lost, twice, end = [], 0, 0, 0, time.monotonic() + MINUTES * 60
    while time.monotonic() < end:
        done = subprocess.run([tools / "load", str(router.port), "64", str(ROUND), "0", "1024", "4"],
                              capture_output=True, text=True, check=True)
        accepted = json.loads(done.stdout)["accepted"]
        got = sink.wait_for(accepted)
        sent, lost, twice = sent + accepted, lost + accepted - got["delivered"], twice + got["duplicated"]
        samples.append(sample(router))
        print(json.dumps({"minutes_left": round((end - time.monotonic()) / 60, 1), "messages": sent}
                         | {key: round(value, 1) for key, value in samples[-1].items()}), file=sys.stderr, flush=True)
    return samples, sent, lost, twice


def growth(samples):
    third = max(1, len(samples) // 3)
    grown = {}
    for key, slack in SLACK.items():
        before = statistics.median(row[key] for row in samples[third:2 * third] or samples)
        after = statistics.median(row[key] for row in samples[2 * third:] or samples)
        if after > before * 1.1 + slack:
            grown[key] = [round(before, 1), round(after, 1)]
    return grown


def main():
    parent = pathlib.Path(setting("BENCH_FOLDER", str(ROOT / ".build")))
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="soak-", dir=parent))
    try:
        build(scratch, ["load", "sink"])
        sink = Sink(scratch)
        routes = "".join(f"  - {{match: api:bench/{lane}, to: hook:r{lane}}}\n" for lane in range(4))
        router = Router(scratch / "router", webhooks(sink.port, 4), routes, "  limits: {spool: 256MiB}\n")
        try:
            samples, sent, lost, twice = soak(scratch, router, sink)
        finally:
            router.stop()
            sink.stop()
        grown = growth(samples)
        print(json.dumps({"minutes": MINUTES, "messages": sent, "lost": lost, "twice": twice, "grown": grown}
                         | {key: round(value, 1) for key, value in samples[-1].items()}))
        return 1 if lost or twice or grown else 0
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
