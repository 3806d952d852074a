"""The other end of WebSocketPeerTests: PyPI's `websockets` and `wsproto`, as servers and as clients.

    websocket_peer.py servers HOST:PORT           echoes; writes the ports of both to that address, ends when it closes
    websocket_peer.py clients HOST:PORT URL       talks to the echoing server at the URL; writes `ok` or what went wrong
"""

import asyncio
import os
import socket
import sys
import traceback

import websockets
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, RejectConnection, Request, TextMessage)
from wsproto.extensions import PerMessageDeflate

TEXTS = ["", "a", "Grüße, 你好 🌍", "x" * 125, "y" * 126, "z" * 65_535, "Hello, world! " * 20_000]
BYTES = [b"", bytes(range(256)), os.urandom(65_536), b"\0" * 500_000]


async def echo(connection):
    async for message in connection:
        await connection.send(message)


class WsprotoServer:
    """Echoes by wsproto, over streams of asyncio; `deflate` as given."""

    def __init__(self, deflate):
        self.deflate = deflate

    async def serve(self, reader, writer):
        connection = WSConnection(ConnectionType.SERVER)
        parts = []
        while data := await reader.read(65_536):
            connection.receive_data(data)
            for event in connection.events():
                writer.write(self.answer(connection, event, parts))
            await writer.drain()
            if connection.state.name == "CLOSED":
                break
        writer.close()

    def answer(self, connection, event, parts):
        if isinstance(event, Request):
            extensions = [PerMessageDeflate()] if self.deflate else []
            return connection.send(AcceptConnection(extensions=extensions))
        if isinstance(event, (TextMessage, BytesMessage)):
            parts.append(event.data)
            if not event.message_finished:
                return b""
            kind = type(event)
            whole = parts[0][:0].join(parts)
            parts.clear()
            # In two frames, with a ping between them.
            half = len(whole) // 2
            return (connection.send(kind(data=whole[:half], message_finished=False)) + connection.send(Ping(b"between"))
                    + connection.send(kind(data=whole[half:])))
        if isinstance(event, (Ping, CloseConnection)):
            return connection.send(event.response())
        return b""


async def servers(control):
    first = await websockets.serve(echo, "127.0.0.1", 0, max_size=None)
    plain = await asyncio.start_server(WsprotoServer(False).serve, "127.0.0.1", 0)
    deflating = await asyncio.start_server(WsprotoServer(True).serve, "127.0.0.1", 0)
    ports = [list(server.sockets)[0].getsockname()[1] for server in (first, plain, deflating)]
    reader, writer = await asyncio.open_connection(*control)
    writer.write((" ".join(map(str, ports)) + "\n").encode())
    await reader.read()


async def talk_by_websockets(url, compression):
    async with websockets.connect(url, compression=compression, max_size=None, subprotocols=["other", "echo"]) as socket:
        assert socket.subprotocol == "echo", socket.subprotocol
        for message in TEXTS + BYTES:
            await socket.send(message)
            answer = await socket.recv()
            assert answer == message, (len(answer), len(message))
        await socket.send(["in ", "three ", "fragments"])
        assert await socket.recv() == "in three fragments"
        await asyncio.wait_for(await socket.ping(b"there?"), 20)
        await socket.close(4000, "done")
    assert (socket.close_code, socket.close_reason) == (4000, ""), (socket.close_code, socket.close_reason)


async def refuse_by_websockets(url):
    try:
        async with websockets.connect(url, origin="https://evil.example"):
            raise AssertionError("a page of another site got in")
    except websockets.exceptions.InvalidStatus as error:
        assert error.response.status_code == 403, error
    async with websockets.connect(url, compression=None, max_size=None) as socket:
        await socket.send(b"\0" * 2_000_000)
        try:
            await socket.recv()
            raise AssertionError("a message over the limit was echoed")
        except websockets.exceptions.ConnectionClosedError as error:
            assert error.rcvd.code == 1009, error


def talk_by_wsproto(host, port, deflate):
    stream = socket.create_connection((host, port), timeout=20)
    connection = WSConnection(ConnectionType.CLIENT)
    extensions = [PerMessageDeflate()] if deflate else []
    stream.sendall(connection.send(Request(host=f"{host}:{port}", target="/", extensions=extensions)))
    events = received(connection, stream)
    accepted = next(events)
    assert isinstance(accepted, AcceptConnection), accepted
    assert len(accepted.extensions) == len(extensions), accepted
    for message in TEXTS + BYTES:
        kind = TextMessage if isinstance(message, str) else BytesMessage
        half = len(message) // 2
        stream.sendall(connection.send(kind(data=message[:half], message_finished=False)))
        stream.sendall(connection.send(Ping(b"between")))
        stream.sendall(connection.send(kind(data=message[half:])))
        answer, pongs = message[:0], 0
        for event in events:
            if isinstance(event, Pong):
                pongs += 1
                continue
            answer += event.data
            if event.message_finished:
                break
        assert answer == message and pongs == 1, (len(answer), len(message), pongs)
    stream.sendall(connection.send(CloseConnection(code=3000, reason="done")))
    closed = next(events)
    assert isinstance(closed, CloseConnection) and closed.code == 3000, closed
    assert stream.recv(1) == b""


def received(connection, stream):
    while True:
        yield from connection.events()
        data = stream.recv(65_536)
        connection.receive_data(data or None)


async def clients(control, url):
    reader, writer = await asyncio.open_connection(*control)
    try:
        await talk_by_websockets(url, "deflate")
        await talk_by_websockets(url, None)
        await refuse_by_websockets(url)
        host, port = url.removeprefix("ws://").rstrip("/").split(":")
        for deflate in (False, True):
            await asyncio.to_thread(talk_by_wsproto, host, int(port), deflate)
        writer.write(b"ok")
    except BaseException:
        writer.write(traceback.format_exc().encode())
    await writer.drain()
    writer.close()


def main():
    host, port = sys.argv[2].split(":")
    work = servers if sys.argv[1] == "servers" else clients
    asyncio.run(work((host, int(port)), *sys.argv[3:]))


main()
