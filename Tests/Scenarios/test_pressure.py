"""Far more comes in than goes out: memory and answers stay bounded, nothing is lost, and the router recovers by itself."""

import json
import pathlib
import subprocess
import threading
import time

import pytest
from support.sinks import Answer
from support.waiting import eventually
from test_metrics import metrics, value

ROUTES = """
mailboxes:
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    concurrency: 1
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: "api:**", to: hook:sink}}
"""
SECONDS = 20
MEBIBYTE = 1 << 20


class Memory(threading.Thread):
    """The largest resident memory of a process, looked at ten times a second."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.path, self.largest, self.ended = pathlib.Path(f"/proc/{pid}/status"), 0, threading.Event()

    def run(self):
        while not self.ended.wait(0.1):
            for line in self.path.read_text().splitlines():
                if line.startswith("VmRSS:"):
                    self.largest = max(self.largest, int(line.split()[1]) * 1024)


def flood(router, folder, connections, streams):
    """Posts as much as goes; the status and the seconds of every answer."""
    body, log = folder / "body.json", folder / "requests.log"
    body.write_text(json.dumps({"text": "x" * 1024}))
    done = subprocess.run(
        ["h2load", "-D", str(SECONDS), "-c", str(connections), "-m", str(streams), "-t", "1", "-d", body,
         "-H", "content-type: application/json", f"--log-file={log}", router.url("/v1/messages")],
        capture_output=True, text=True, timeout=SECONDS * 3)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split("\t") for line in log.read_text().splitlines()]
    return [(int(status), int(microseconds) / 1e6) for _, status, microseconds in rows]


@pytest.mark.parametrize("connections, streams", [(64, 1)])
def test_load_above_what_goes_out_stays_bounded_and_recovers(make_router, sink, tmp_path, connections, streams):
    sink.behave = lambda request: Answer(delay=0.02)
    router = make_router(ROUTES.format(url=sink.url()), settings="metrics: local\nhttp: {idle_timeout: 5m}")
    memory = Memory(router.server.process.pid)
    memory.start()
    answers = flood(router, tmp_path, connections, streams)
    ended = time.monotonic()
    accepted = sorted(seconds for status, seconds in answers if status == 202)
    statuses = {status: sum(status == other for other, _ in answers) for status in {row[0] for row in answers}}

    # Whatever was waiting is answered, then one more goes through as on any day.
    eventually(lambda: value(metrics(router)[0], "postroad_accepts_under_way") == 0, "what came in is through", 10)
    before = time.monotonic()
    router.send(text="afterwards")
    recovered, took = before - ended, time.monotonic() - before
    memory.ended.set()
    samples, _ = metrics(router)
    waits = {state: value(samples, "postroad_dispatches", state=state) for state in ["waiting", "trying", "delivered"]}
    counted = value(samples, "postroad_messages_accepted_total", mailbox="api")
    p99 = accepted[len(accepted) * 99 // 100]
    print(f"{connections} × {streams}: {statuses}, p50 {accepted[len(accepted) // 2]:.3f} s, p99 {p99:.3f} s, most "
          f"{memory.largest / MEBIBYTE:.0f} MiB, recovered after {recovered:.2f} s, then {took:.3f} s; {waits}")

    assert set(statuses) <= {202, 429, -1}, "nothing else is answered"
    assert memory.largest < 400 * MEBIBYTE
    assert p99 < 1
    assert recovered < 10 and took < 1
    # The generator breaks off what it has under way at its end: that may be kept without its knowing.
    assert len(accepted) + 1 <= counted <= len(accepted) + 1 + connections * streams
    assert sum(waits.values()) == counted, "every message that was taken is there"
