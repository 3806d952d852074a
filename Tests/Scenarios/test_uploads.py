"""Files go in and out without being held in memory."""

import hashlib
import http.client
import os

import pytest

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http, max_body: 1GiB}
routes:
  - {match: "api:**", to: inbox:all}
"""
SIZE = 1 << 30
PIECE = bytes(range(256)) * 4096


@pytest.fixture
def router(make_router):
    return make_router(ROUTES, settings="limits: {message: 1GiB, spool: 4GiB}")


def memory(pid, field="VmHWM"):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field)) * 1024


def upload(router, pieces, headers):
    url = router.url("/in/api/scan")
    host, port = url.split("/")[2].split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=120)
    connection.request("POST", "/in/api/scan", body=pieces, headers=headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, text


def test_a_gibibyte_goes_into_the_blob_store_without_growing_memory(router):
    upload(router, iter([b"x"] * 100_000), {"Content-Type": "image/png", "Transfer-Encoding": "chunked"})
    pid = router.server.pid
    before = memory(pid)
    count = SIZE // len(PIECE)
    status, text = upload(router, (PIECE for _ in range(count)),
                          {"Content-Type": "application/octet-stream", "Content-Length": str(SIZE)})
    assert status == 202, text
    assert memory(pid) - before < 32 << 20
    digest = hashlib.sha256()
    for _ in range(count):
        digest.update(PIECE)
    name = digest.hexdigest()
    path = router.data / "blobs" / name[:2] / name
    assert os.path.getsize(path) == SIZE
    assert os.listdir(router.data / "blobs" / "in") == []


def test_an_upload_that_breaks_off_leaves_nothing(router):
    url = router.url("/in/api/scan")
    host, port = url.split("/")[2].split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    connection.putrequest("POST", "/in/api/scan")
    connection.putheader("Content-Type", "image/png")
    connection.putheader("Content-Length", "10000000")
    connection.endheaders()
    connection.send(b"x" * 1_000_000)
    connection.close()
    upload(router, iter([b"y" * 70_000]), {"Content-Type": "image/png", "Content-Length": "70000"})
    router.wait_for_inbox("inbox:all")
    assert os.listdir(router.data / "blobs" / "in") == []
