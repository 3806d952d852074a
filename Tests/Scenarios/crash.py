#!/usr/bin/env python3
"""Kills a router at random instants while messages pass, HTTP in and webhook out, and counts what became of them.

    .build/test-venv/bin/python Tests/Scenarios/crash.py --messages 10000 --kills 12

Prints accepted, delivered, duplicated and lost; ends with 1 when a promise was broken. POSTROAD names the binary.
"""

import argparse
import pathlib
import random
import sys
import tempfile

from support import crash
from support.router import Router
from support.sinks import WebhookSink


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--quiet", action="store_true", help="say nothing of each kill")
    options = parser.parse_args()
    log = (lambda text: None) if options.quiet else (lambda text: print(text, file=sys.stderr))
    sink = WebhookSink()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        router = Router(pathlib.Path(folder), crash.routes(sink)).start("--log-level", "warning")
        try:
            report = crash.run(router, sink, options.messages, options.kills, options.seed, options.clients, log)
        finally:
            router.kill9()
            sink.close()
        if report.faults:
            print(router.log_tail(), file=sys.stderr)
    print(report)
    for fault in report.faults[:20]:
        print(f"fault: {fault}")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
