"""Load without end on a router that is killed at random instants, and a sink that counts instead of keeping."""

import random
import sys
import threading
import time
from typing import NamedTuple

from . import crash
from .sinks import Answer, WebhookSink
from .waiting import eventually


class Delivery(NamedTuple):
    """One coming of a message."""

    id: str
    time: float


class Tally(WebhookSink):
    """Notes of each message when and under which key it came, and whether its thread came in order."""

    def __init__(self):
        self.deliveries, self.last, self.faults = {}, {}, []
        super().__init__()

    def take(self, request):
        envelope = request.envelope
        number, index = map(int, envelope["parts"][0]["text"].split())
        with self._lock:
            comings = self.deliveries.setdefault(sys.intern(envelope["id"]), [])
            comings.append(Delivery(request.id, request.time))
            if len(comings) == 1:
                if index != self.last.get(number, -1) + 1:
                    self.faults.append(f"thread {number}: {index} came after {self.last.get(number, -1)}")
                self.last[number] = index
        return self.behave(request)


def run(router, sink, seconds, seed, clients=8, log=lambda text: None):
    """Loads and kills for so long, then lets the router deliver what is left, and judges."""
    chance = random.Random(seed)
    report = crash.Report(seed)
    started = time.monotonic()
    sink.behave = lambda request: _behaviour(request)
    stopped = threading.Event()
    threads = [crash.Client(router.http, number, sys.maxsize, stopped=stopped) for number in range(clients)]
    for thread in threads:
        thread.start()
    kill_times = []
    while time.monotonic() - started < seconds and all(thread.is_alive() for thread in threads):
        time.sleep(_pause(chance))
        router.kill9()
        kill_times.append(time.monotonic())
        # Now and then it dies while it recovers from the last time.
        router.start("--log-level", "warning", wait=False)
        if chance.random() < 0.2:
            continue
        router.wait_until_ready()
        log(f"{time.monotonic() - started:4.0f} s: kill {len(kill_times)}, "
            f"acknowledged {sum(len(thread.accepted) for thread in threads)}, delivered {len(sink.deliveries)}")
    router.wait_until_ready()
    stopped.set()
    for thread in threads:
        thread.join()
    report.kills = len(kill_times)
    _settle(sink, sum(len(thread.accepted) for thread in threads))
    crash.judge(report, router, threads, sink.deliveries, kill_times)
    report.faults += sink.faults
    report.seconds = time.monotonic() - started
    return report


def _pause(chance):
    """Mostly a few seconds, at times next to nothing: the first instants after a start are the rarest otherwise."""
    return chance.random() * (0.3 if chance.random() < 0.3 else 6)


def _behaviour(request):
    """One in a hundred is slow, so that something is under way whenever the kill comes."""
    return Answer(delay=0.02 if hash(request.id) % 100 == 0 else 0)


def _settle(sink, expected):
    try:
        eventually(lambda: len(sink.deliveries) >= expected, "all are delivered", 120, 0.2)
        time.sleep(1)
    except AssertionError:
        pass  # what is missing is counted by the judge
