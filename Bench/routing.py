#!/usr/bin/env python3
"""The routing table at scale: loading, looking up, changing and reloading tables of 1,000 to 1,000,000 subscriptions.

Everything but the reload runs on one core (core 0), in a process of its own for each size, so that the memory is that of
the one table. Each topic has ten matches whatever the size: eight subscriptions of different forms and two routes of
10,000. Topics are drawn from the whole table alike, so nothing is warm that would not be for a stranger's message.
ROUTING_SIZES, ROUTING_ROUTES and ROUTING_BENCH (a binary) change what is measured. Ends with 1 when a target is missed.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIZES = [int(size) for size in os.environ.get("ROUTING_SIZES", "1000 10000 100000 1000000").split()]
ROUTES = int(os.environ.get("ROUTING_ROUTES", "10000"))
TARGETS = {"load_s": 5.0, "peak_mib": 400.0, "p50_us": 2.0, "p99_us": 10.0}
LONGEST_PAUSE_MS = 5.0


def build():
    if binary := os.environ.get("ROUTING_BENCH"):
        return binary
    command = [os.environ.get("SWIFT", "swift"), "build", "--configuration", "release", "--product", "routing-bench",
               "--static-swift-stdlib"]
    done = subprocess.run(command, env=os.environ | {"POSTROAD_BENCH": "1"}, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout[-4000:] + done.stderr[-4000:])
    return str(ROOT / ".build" / "release" / "routing-bench")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return done.stdout


def measure(binary, size, folder):
    run(binary, "make", folder, str(size), str(ROUTES))
    return json.loads(run("taskset", "-c", "0", binary, "measure", folder))


def main():
    binary, missed, first = build(), [], None
    print(f"{'subscriptions':>13} {'load s':>7} {'(file)':>7} {'MiB':>6} {'p50 µs':>7} {'p99 µs':>7} {'p99.9':>7}"
          f" {'change p50':>10} {'change max':>10} {'growth':>7}")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            row = measure(binary, size, folder)
            reload = json.loads(run(binary, "reload", folder)) if size == SIZES[-1] else None
        first = first or row["p50_us"]
        print(f"{row['subscriptions']:>13,} {row['load_s']:>7.2f} {row['file_s']:>7.2f} {row['peak_mib']:>6.0f}"
              f" {row['p50_us']:>7.2f} {row['p99_us']:>7.2f} {row['p999_us']:>7.2f} {row['change_p50_us']:>10.2f}"
              f" {row['change_max_us']:>10.1f} {row['p50_us'] / first:>7.2f}", flush=True)
        missed += [f"{size:,}: {name} {row[name]:.2f}, target {limit}" for name, limit in TARGETS.items()
                   if row[name] >= limit]
    print(f"reload of {ROUTES:,} routes beside {SIZES[-1]:,} subscriptions: {reload['reload_s']:.2f} s,"
          f" longest lookup meanwhile {reload['longest_reloading_ms']:.2f} ms of {reload['lookups_reloading']:,}"
          f" (quiet {reload['longest_quiet_ms']:.2f} ms)")
    if reload["longest_reloading_ms"] >= LONGEST_PAUSE_MS:
        missed.append(f"reload: a lookup took {reload['longest_reloading_ms']:.2f} ms, target {LONGEST_PAUSE_MS}")
    for line in missed:
        print("missed:", line)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
