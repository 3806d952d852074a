#!/usr/bin/env python3
"""Kills a router under load at random instants for minutes, and counts what became of every acknowledged message.

    TORTURE_MINUTES=10 make torture

Prints accepted, delivered, duplicated and lost, and the size of the spool; ends with 1 when a promise was broken.
POSTROAD names the binary.
"""

import argparse
import pathlib
import random
import sys
import tempfile

from support import crash, torture
from support.router import Router


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    sink = torture.Tally()
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        router = Router(pathlib.Path(folder), crash.routes(sink)).start("--log-level", "warning")
        try:
            report = torture.run(router, sink, options.minutes * 60, options.seed, options.clients, say)
            router.stop()
            size = (router.data / "spool.db").stat().st_size
        finally:
            router.kill9()
            sink.close()
        if report.faults:
            print(router.log_tail(), file=sys.stderr)
    print(f"{report}; spool.db {size / (1 << 20):.1f} MiB")
    for fault in report.faults[:20]:
        print(f"fault: {fault}")
    return 1 if report.faults else 0


def say(text):
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
