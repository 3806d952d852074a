"""A disk that fails: new messages are refused with a reason, none that was acknowledged is lost, and it goes on (I1, I8)."""

import errno
import random
import shutil
import signal
import sqlite3
import threading
import time

import pytest
from support import crash
from support.refusals import ROUTES, check_arrival, check_recovery, check_refusal
from support.sinks import Answer, WebhookSink
from support.waiting import eventually

def check(database):
    """What SQLite itself says of a database and its log."""
    connection = sqlite3.connect(database)
    try:
        return [row[0] for row in connection.execute("PRAGMA integrity_check")]
    finally:
        connection.close()


@pytest.mark.parametrize("fault, status, code", [
    ({"write": errno.EIO}, 503, "421"),
    ({"synchronize": errno.EIO}, 503, "421"),
    ({"write": errno.ENOSPC}, 507, "452"),
], ids=["writing fails", "synchronizing fails", "the disk is full"])
def test_a_failing_disk_refuses_new_messages_and_loses_none(make_router, sink, faults, fault, status, code):
    router = make_router(ROUTES.format(url=sink.url()), environment=faults.environment)
    router.cli("mailboxes", "pause", "hook")
    acknowledged = {router.send(text=f"before {number}")["id"] for number in range(20)}
    faults.set("spool.db", **fault)
    check_refusal(router, router.post("/v1/messages", json={"text": "x"}), status, code)
    assert faults.failed > 0

    faults.clear()
    check_recovery(router, acknowledged)
    router.cli("mailboxes", "resume", "hook")
    check_arrival(sink, acknowledged)
    assert router.stop() == 0
    assert check(router.data / "spool.db") == ["ok"]


@pytest.mark.parametrize("fault", [
    {"write": errno.EIO}, {"synchronize": errno.EIO}, {"write": errno.ENOSPC}, {"read": errno.EIO},
    {"read": errno.EIO, "write": errno.EIO, "synchronize": errno.EIO},
], ids=["writing fails", "synchronizing fails", "the disk is full", "reading fails", "everything fails"])
def test_a_disk_that_fails_again_and_again_under_load_leaves_no_lane_behind(make_router, sink, faults, fault):
    """No restart comes to the help of a lane that stands still."""
    sink.behave = lambda request: Answer(delay=0.005)
    router = make_router(ROUTES.format(url=sink.url()), environment=faults.environment)
    acknowledged = set()
    chance = random.Random(7)
    for step in range(12):
        if step % 2:
            faults.set("spool.db", **fault)
        else:
            faults.clear()
        for number in range(15):
            answer = router.post("/v1/messages", json={"text": "x" * 2000, "thread": f"t{number % 4}"})
            if answer.status_code == 202:
                acknowledged.add(answer.json()["id"])
        time.sleep(chance.random() * 0.5)
    faults.clear()
    check_recovery(router, acknowledged)
    check_arrival(sink, acknowledged)
    lines = router.log_text().splitlines()
    assert sum("cannot be" in line for line in lines) < 40, "the log says once what fails, and then how often"


def test_what_lies_on_the_disk_at_any_instant_is_a_whole_spool_with_all_that_was_acknowledged(make_router, sink, tmp_path):
    """The router is stopped dead for the time of each copy, so a copy is what a crash at that instant leaves."""
    chance = random.Random(3)
    router = make_router(crash.routes(sink))
    stopped = threading.Event()
    clients = [crash.Client(router.http, number, 1 << 30, stopped=stopped) for number in range(4)]
    for client in clients:
        client.start()
    for number in range(12):
        time.sleep(chance.random() * 0.4)
        acknowledged = {message for client in clients for message in list(client.accepted.values())}
        router.server.signal(signal.SIGSTOP)
        try:
            copy = tmp_path / f"copy{number}"
            copy.mkdir()
            for name in ["spool.db", "spool.db-wal"]:
                shutil.copy(router.data / name, copy / name)
        finally:
            router.server.signal(signal.SIGCONT)
        assert check(copy / "spool.db") == ["ok"]
        connection = sqlite3.connect(copy / "spool.db")
        found = {row[0].hex() for row in connection.execute("SELECT id FROM messages")}
        connection.close()
        assert {message.replace("-", "") for message in acknowledged} <= found, f"copy {number}"
    stopped.set()
    for client in clients:
        client.join()
    other = WebhookSink()
    try:
        second = make_router(crash.routes(other), data=str(copy))
        states = [second.states(message) for message in random.Random(1).sample(sorted(acknowledged), 20)]
        assert all(len(state) == 1 for state in states)
        eventually(lambda: second.json("spool", "list", "state=waiting")["dispatches"] == [], "all go out", 40, 0.3)
    finally:
        other.close()


def test_a_blob_that_cannot_be_read_is_named_and_holds_up_nobody_else(make_router, sink, faults):
    router = make_router(ROUTES.format(url=sink.url()), environment=faults.environment)
    router.cli("mailboxes", "pause", "hook")
    data = "A" * 400_000
    bad = router.send(parts=[{"type": "file", "media_type": "text/plain", "name": "a.txt", "data": data}])["id"]
    good = router.send(text="good")["id"]
    faults.set("/blobs/", read=errno.EIO)
    router.cli("mailboxes", "resume", "hook")
    router.wait_for_state(good, "hook:sink", "delivered")
    eventually(lambda: "blob" in router.cli("spool", "list", "--damaged"), "the blob is listed as damaged")
    faults.clear()
    router.wait_for_state(bad, "hook:sink", "delivered", 30)
