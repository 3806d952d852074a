"""The inbox's live connection, by WebSocket clients that know nothing of the router: `websockets` and bare `wsproto`."""

import json
import signal
import socket

import pytest
import websockets
from websockets.sync.client import connect
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Pong, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
routes:
  - {name: posted, match: "api:**", to: inbox:ann}
"""


@pytest.fixture
def router(make_router):
    return make_router(ROUTES)


def live(router, query=""):
    return router.url("/inbox/live").replace("http://", "ws://") + "?mailbox=inbox" + query


def subjects(client, count):
    return [json.loads(client.recv(timeout=20))["subject"] for _ in range(count)]


class Bare:
    """A client that says exactly what it is told to."""

    def __init__(self, router, *extensions):
        self.stream = socket.create_connection(("127.0.0.1", router.http), timeout=20)
        self.wsproto = WSConnection(ConnectionType.CLIENT)
        host = f"127.0.0.1:{router.http}"
        self.send(Request(host=host, target="/inbox/live?mailbox=inbox", extensions=list(extensions)))
        self.accepted = self.next()
        assert isinstance(self.accepted, AcceptConnection), self.accepted

    def send(self, event):
        self.stream.sendall(self.wsproto.send(event))

    def next(self):
        while True:
            for event in self.wsproto.events():
                return event
            self.wsproto.receive_data(self.stream.recv(65_536) or None)

    def ends(self):
        return self.stream.recv(1) == b""


@pytest.mark.parametrize("compression", ["deflate", None])
def test_messages_come_as_they_arrive_and_those_missed_come_first(router, compression):
    with connect(live(router), compression=compression) as client:
        router.send(subject="First", text="x")
        first = json.loads(client.recv(timeout=20))
        assert first["subject"] == "First"
    router.send(subject="Second", text="x")
    router.wait_for_inbox("inbox:ann", count=2)
    with connect(live(router, "&after=" + first["id"]), compression=compression) as client:
        router.send(subject="Third", text="x" * 5_000)
        assert subjects(client, 2) == ["Second", "Third"]


def test_wsproto_gets_compressed_messages_and_answers_to_its_pings(router):
    client = Bare(router, PerMessageDeflate())
    assert len(client.accepted.extensions) == 1
    client.send(Ping(b"there?"))
    assert client.next() == Pong(payload=b"there?")
    router.send(subject="A subject " * 40, text="x")
    line = client.next()
    assert isinstance(line, TextMessage) and json.loads(line.data)["subject"].startswith("A subject")
    client.send(CloseConnection(code=1001, reason="the page was left"))
    closed = client.next()
    assert isinstance(closed, CloseConnection) and closed.code == 1001
    assert client.ends()


@pytest.mark.parametrize("frame, code", [
    (b"\x81\x05Hello", 1002), (b"\xc1\x80aaaa", 1002), (b"\x83\x80aaaa", 1002), (b"\x89\xfe\x00\x7eaaaa", 1002),
    (b"\x81\x81aaaa\x9e", 1007), (b"\x88\x82aaaa" + bytes([0x03 ^ 0x61, 0xED ^ 0x61]), 1002),
    (b"\x82\xff\x00\x00\x00\x00\x7f\xff\xff\xffaaaa\x00", 1009), (b"\x81\x82aaaaaa", 1003),
])
def test_what_breaks_the_rules_is_told_which(router, frame, code):
    client = Bare(router)
    client.stream.sendall(frame)
    closed = client.next()
    assert isinstance(closed, CloseConnection) and closed.code == code
    assert router.is_running


def test_pages_of_other_sites_and_names_get_nothing(router):
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        with pytest.raises(websockets.exceptions.InvalidStatus) as refusal:
            connect(live(router), additional_headers=headers)
        assert refusal.value.response.status_code == 403


def test_a_router_that_stops_says_so(router):
    with connect(live(router)) as client:
        router.stop()
        with pytest.raises(websockets.exceptions.ConnectionClosed) as end:
            client.recv(timeout=20)
        assert end.value.rcvd.code == 1001
