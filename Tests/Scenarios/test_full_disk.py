"""A full disk: new messages are refused, none that was acknowledged is lost, and it goes on when there is room (I8)."""

import os
import subprocess

import pytest
from support.refusals import ROUTES, check_arrival, check_recovery, check_refusal
from support.waiting import eventually

@pytest.fixture
def small_disk(tmp_path):
    """A disk of 12 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk, leave):
    """Leaves so many bytes free."""
    info = os.statvfs(disk)
    with open(disk / "filler", "ab") as file:
        file.write(b"\0" * max(0, info.f_bavail * info.f_frsize - leave))


def post_until_refused(router, acknowledged, size=2_000, limit=4_000):
    for _ in range(limit):
        answer = router.post("/v1/messages", json={"text": "x" * size})
        if answer.status_code != 202:
            return answer
        acknowledged.add(answer.json()["id"])
    raise AssertionError(f"never refused; {len(acknowledged)} were taken")


def test_a_full_disk_refuses_new_messages_and_loses_none(make_router, sink, small_disk):
    router = make_router(ROUTES.format(url=sink.url()), data=str(small_disk / "data"))
    acknowledged = {router.send(text="before")["id"]}
    sink.wait_for(1)
    router.cli("mailboxes", "pause", "hook")
    fill(small_disk, leave=1 << 20)

    check_refusal(router, post_until_refused(router, acknowledged), 507, "452")

    (small_disk / "filler").unlink()
    check_recovery(router, acknowledged)
    router.cli("mailboxes", "resume", "hook")
    check_arrival(sink, acknowledged)


def test_a_router_killed_on_a_full_disk_loses_nothing(make_router, sink, small_disk):
    router = make_router(ROUTES.format(url=sink.url()), data=str(small_disk / "data"))
    router.cli("mailboxes", "pause", "hook")
    acknowledged = set()
    fill(small_disk, leave=1 << 20)
    post_until_refused(router, acknowledged)
    router.kill9()
    (small_disk / "filler").unlink()
    router.start()
    router.cli("mailboxes", "resume", "hook")
    check_arrival(sink, acknowledged)


def test_the_limit_of_the_spool_refuses_and_goes_on_when_there_is_room(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()), settings="limits: {spool: 2MiB}")
    router.cli("mailboxes", "pause", "hook")
    acknowledged = set()
    refusal = post_until_refused(router, acknowledged, size=20_000)
    assert refusal.status_code == 507, refusal.text
    router.cli("spool", "drop", "state=waiting", "--reason", "to make room")
    eventually(lambda: router.post("/v1/messages", json={"text": "after"}).status_code == 202,
               "messages are taken again", 60, 0.5)
