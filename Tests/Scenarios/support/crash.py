"""Sends messages through a router that is killed again and again, and counts what became of them."""

import dataclasses
import http.client
import json
import random
import threading
import time

from .sinks import Answer
from .waiting import eventually

ROUTES = """
mailboxes:
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    retry: {{first: 100ms, factor: 1, maximum: 1s}}
    endpoints:
      even: {{url: "{even}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}
      odd: {{url: "{odd}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}
routes:
  - {{match: "api:even", to: hook:even}}
  - {{match: "api:odd", to: hook:odd}}
"""

# Bytes of a usual message, and of one in a hundred.
PADDING = [500, 30_000]


def routes(sink):
    return ROUTES.format(even=sink.url("/even"), odd=sink.url("/odd"))


@dataclasses.dataclass
class Report:
    """What a run came to."""

    seed: int
    kills: int = 0
    accepted: int = 0
    delivered: int = 0
    duplicated: int = 0
    lost: int = 0
    seconds: float = 0
    faults: list = dataclasses.field(default_factory=list)

    def __str__(self):
        return (f"seed {self.seed}, kills {self.kills}: accepted {self.accepted}, delivered {self.delivered}, "
                f"duplicated {self.duplicated}, lost {self.lost} ({self.seconds:.1f} s)")


class Client(threading.Thread):
    """Posts its messages one after the other over a kept-alive connection, each until it is acknowledged.

    It ends after `count` messages, or when `stopped` is set.
    """

    def __init__(self, port, number, count, progress=lambda: None, stopped=None):
        super().__init__(daemon=True)
        self.port, self.number, self.count, self.progress = port, number, count, progress
        self.stopped = stopped or threading.Event()
        self.accepted = {}
        self.fault = None

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            for index in range(self.count):
                if self.stopped.is_set():
                    break
                self.accepted[index] = self._post(connection, index)
                self.progress()
        except Exception as error:
            self.fault = f"client {self.number}: {error!r}"
        finally:
            connection.close()

    def _post(self, connection, index):
        body = json.dumps({"class": ["even", "odd"][self.number % 2], "thread": f"thread {self.number}",
                           "text": f"{self.number} {index}", "meta": {"padding": "x" * PADDING[index % 97 == 0]}})
        headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{self.number}-{index}"'}
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                connection.request("POST", "/v1/messages", body, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.02)
                continue
            if answer.status == 202:
                return json.loads(text)["id"]
            if answer.status not in (429, 503, 507):
                raise AssertionError(f"{answer.status}: {text!r}")
            time.sleep(0.02)
        raise AssertionError(f"message {index} was not acknowledged within 60 s")


def run(router, sink, messages, kills, seed, clients=8, log=lambda text: None):
    """Runs to the end; the report's `faults` are empty when every promise was kept."""
    chance = random.Random(seed)
    report = Report(seed)
    started = time.monotonic()
    sink.behave = lambda request: Answer(delay=0.02 if hash(request.id) % 50 == 0 else 0)
    posted = threading.Semaphore(0)
    threads = [Client(router.http, number, messages // clients, posted.release) for number in range(clients)]
    total = clients * (messages // clients)
    kill_times = []
    for thread in threads:
        thread.start()
    done = 0
    for point in sorted(chance.sample(range(total // 20, total), kills)):
        while done < point and any(thread.is_alive() for thread in threads):
            done += posted.acquire(timeout=0.5)
        time.sleep(chance.random() * 0.05)
        router.kill9()
        kill_times.append(time.monotonic())
        log(f"killed after {done} of {total}")
        router.start()
    for thread in threads:
        thread.join()
    report.kills = len(kill_times)
    try:
        eventually(lambda: len({request.id for request in list(sink.requests)}) >= total, "all are delivered", 60, 0.2)
        time.sleep(1)
    except AssertionError:
        pass  # what is missing is counted below
    deliveries = {}
    for request in list(sink.requests):
        deliveries.setdefault(request.envelope["id"], []).append(request)
    judge(report, router, threads, deliveries, kill_times)
    _judge_order(report, sink)
    report.seconds = time.monotonic() - started
    return report


def judge(report, router, clients, deliveries, kill_times):
    """Compares what was acknowledged with what came; `deliveries` has an object with `id` and `time` for each coming."""
    report.faults += [client.fault for client in clients if client.fault]
    accepted = {message: (client.number, index) for client in clients for index, message in client.accepted.items()}
    report.accepted = len(accepted)
    if len(accepted) != sum(len(client.accepted) for client in clients):
        report.faults.append("two messages have the same id")
    report.delivered = len(deliveries)
    report.duplicated = sum(len(found) > 1 for found in deliveries.values())
    lost = [message for message in accepted if message not in deliveries]
    report.lost = len(lost)
    if lost:
        report.faults.append(f"lost: {[(message, accepted[message]) for message in lost[:5]]}")
    _judge_duplicates(report, router, deliveries, kill_times)


def _judge_duplicates(report, router, deliveries, kill_times):
    """A message comes twice only when the router died between the two; the key is the same, the trace says so (I4)."""
    for message, found in deliveries.items():
        if len(found) == 1:
            continue
        if len({request.id for request in found}) != 1:
            report.faults.append(f"{message} came with several keys: {[request.id for request in found]}")
        for first, second in zip(found, found[1:]):
            if not any(first.time - 1 <= kill <= second.time for kill in kill_times):
                report.faults.append(f"{message} came twice, and no kill was between: {first.time}, {second.time}")
        outcomes = [attempt["outcome"] for attempt in router.trace(message)["dispatches"][0]["attempts_made"]]
        # An attempt that was killed before its request went out is unknown as well.
        if outcomes.count("unknown") < len(found) - 1 or outcomes[-1] != "delivered":
            report.faults.append(f"{message} came {len(found)} times, its trace tells {outcomes}")


def _judge_order(report, sink):
    """The first deliveries of each thread are in the order they were accepted in (I3)."""
    last, seen = {}, set()
    for request in list(sink.requests):
        if request.id in seen:
            continue
        seen.add(request.id)
        number, index = map(int, request.text.split())
        if index != last.get(number, -1) + 1:
            report.faults.append(f"thread {number}: {index} came after {last.get(number, -1)}")
        last[number] = index
