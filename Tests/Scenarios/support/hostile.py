"""Clients that mean harm, and one that watches what they do to the others."""

import contextlib
import multiprocessing
import os
import resource
import socket
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def allow_many_files():
    """A thousand sockets are more than a process may have at first."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Prober:
    """A well-behaved client: one request every few milliseconds on a connection that it keeps.

    It is a process of its own: a thread would wait for the attackers' turns of the interpreter, and measure those.
    """

    def __init__(self, port, pause=0.004, goes_first=False):
        self.pipe, other = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("fork").Process(
            target=Prober.run, args=(port, pause, other, goes_first), daemon=True)

    def start(self):
        self.process.start()

    @staticmethod
    def run(port, pause, pipe, goes_first):
        latencies, failure = [], None
        if goes_first:
            # The attackers of this machine do not keep it from the core that they share.
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                # An attack that the router ends at once is over before there is anything to judge by.
                while not pipe.poll(pause) or len(latencies) < 100:
                    latencies.append(Prober.ask(connection))
                    if pipe.poll():
                        time.sleep(pause)
        except (OSError, AssertionError) as error:
            failure = repr(error)
        pipe.send((latencies, failure))

    @staticmethod
    def ask(connection):
        """Seconds from a request to its answer."""
        start = time.perf_counter()
        connection.sendall(GET)
        answer = b""
        while b"\r\n\r\n" not in answer:
            data = connection.recv(65536)
            assert data, "the router closed the connection of a good client"
            answer += data
        assert answer.startswith(b"HTTP/1.1 200"), answer[:100]
        return time.perf_counter() - start

    def stop(self):
        """Seconds that 99 of 100 answers stay below."""
        self.pipe.send("enough")
        latencies, failure = self.pipe.recv()
        self.process.join()
        if failure:
            raise AssertionError(f"the good client failed after {len(latencies)} answers: {failure}")
        times = sorted(latencies)
        return times[len(times) * 99 // 100]


class Crowd(contextlib.ExitStack):
    """Many connections that end together."""

    def __init__(self, port):
        super().__init__()
        self.port, self.connections = port, []

    def connect(self, count=1, receives=None):
        for _ in range(count):
            connection = self.enter_context(socket.socket())
            if receives:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
            connection.connect(("127.0.0.1", self.port))
            connection.setblocking(False)
            self.connections.append(connection)
        return self

    def send(self, data):
        """Sends to each what it takes now; returns how many bytes that were altogether."""
        sent = 0
        for connection in self.connections:
            with contextlib.suppress(OSError):
                sent += connection.send(data)
        return sent

    def drop(self):
        """Resets all of them."""
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        self.connections = []


# HTTP/2, frame by frame (RFC 9113 §4.1)

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 6, 7, 9


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


# GET / of http://127.0.0.1, in HPACK's static table but for the authority
REQUEST = bytes([0x82, 0x84, 0x86, 0x41, 9]) + b"127.0.0.1"


def flood_http2(port, make, count, batch=200, seconds=60):
    """Sends frames until all are out or the router has enough; returns how many went out and what it said last."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(PREFACE + frame(SETTINGS, 0, 0))
        connection.settimeout(0.02)
        sent, received, deadline = 0, b"", time.monotonic() + seconds
        try:
            while sent < count and time.monotonic() < deadline:
                chunk = b"".join(make(number) for number in range(sent, sent + batch))
                connection.settimeout(seconds)
                connection.sendall(chunk)
                sent += batch
                connection.settimeout(0.0)
                with contextlib.suppress(BlockingIOError):
                    while data := connection.recv(65536):
                        received = (received + data)[-65536:]
                    return sent, received
            connection.settimeout(5)
            while data := connection.recv(65536):
                received = (received + data)[-65536:]
        except (ConnectionError, TimeoutError):
            pass
        return sent, received
