"""Clients that speak HTTP badly, slowly or all at once get clear answers, and the router goes on."""

import json
import socket
import subprocess

import pytest

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
routes:
  - {match: "api:**", to: inbox:me}
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """One router for all of these: it has to get over each of them."""
    from support.router import Router
    router = Router(tmp_path_factory.mktemp("rude") / "router", ROUTES).start()
    yield router.http
    still_well = router.get("/healthz").status_code
    code = router.stop()
    assert (still_well, code) == (200, 0), router.log_tail()


def converse(port, *pieces, seconds=10):
    """Sends pieces and reads until the router closes or says nothing for a while."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        answer = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            while data := connection.recv(65536):
                answer += data
        except ConnectionError:
            pass
        return answer


def post(body, *headers, version=b"1.1"):
    lines = [b"POST /v1/messages HTTP/" + version, b"Host: 127.0.0.1", b"Content-Type: application/json",
             b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize(("request_bytes", "status"), [
    (b"NONSENSE\r\n\r\n", b"400"),
    (b"GET / HTTP/9.9\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX y: 1\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 40_000 + b"\r\n\r\n", b"431"),
    (b"GET /" + b"y" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"4"),
    (b"POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
     b"0\r\n\r\n", b"400"),
    (b"POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", b"400"),
    (b"POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"400"),
    (b"POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
    (b"POST /v1/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
    (b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404"),
    (b"DELETE /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"405"),
    (b"GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"40"),
])
def test_a_bad_request_gets_its_status(port, request_bytes, status):
    answer = converse(port, request_bytes)
    assert answer.startswith(b"HTTP/1.1 " + status), answer[:300]


def test_requests_in_one_piece_are_answered_in_order(port):
    bodies = [json.dumps({"text": f"piped {number}", "thread": "pipe"}).encode() for number in range(20)]
    answer = converse(port, b"".join(post(body) for body in bodies))
    assert answer.count(b"HTTP/1.1 202") == 20
    numbers = [int(piece.split(b",")[0]) for piece in answer.split(b'"number":')[1:]]
    assert numbers == sorted(numbers)


def test_a_request_in_single_bytes_is_understood(port):
    request = post(b'{"text":"slow"}')
    answer = converse(port, *[request[index:index + 1] for index in range(len(request))])
    assert answer.startswith(b"HTTP/1.1 202")


def test_http_1_0_and_head_work(port):
    old = converse(port, b"GET /healthz HTTP/1.0\r\n\r\n")
    assert old.startswith(b"HTTP/1.") and b" 200 " in old.splitlines()[0]
    head = converse(port, b"HEAD /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") and head.endswith(b"\r\n\r\n")


def test_hundreds_of_idle_connections_keep_nobody_out(port):
    idle = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(300)]
    try:
        for connection in idle:
            connection.sendall(b"POST /v1/messages HTTP/1.1\r\nHost: 127")
        assert converse(port, post(b'{"text":"between"}')).startswith(b"HTTP/1.1 202")
    finally:
        for connection in idle:
            connection.close()


def test_a_client_that_hangs_up_in_the_middle_leaves_no_message(port):
    whole = post(b'{"text":"cut off", "class": "cut"}')
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(whole[:-5])
    listing = converse(port, b"GET /inbox/api/messages?recipient=inbox:me HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b"cut off" not in listing and b"HTTP/1.1 200" in listing


def test_the_access_log_tells_of_what_no_endpoint_saw(make_router):
    """By either version: a request that the server refuses by itself has its line, and says which version it came by."""
    router = make_router(ROUTES, settings="http: {access_log: true}")
    assert converse(router.http, b"NONSENSE\r\n\r\n").startswith(b"HTTP/1.1 400")
    huge = b"POST /v1/messages?secret=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"
    assert converse(router.http, huge).startswith(b"HTTP/1.1 413")
    for path, *options in [("/healthz",), ("/v1/messages", "-H", "Content-Length: 99999999999", "-d", "x")]:
        # The body is not as long as was said, so curl may find fault with the stream before it sees the answer.
        subprocess.run(["curl", "-s", "-o", "/dev/null", "--http2-prior-knowledge", *options, router.url(path)],
                       check=False, timeout=30)
    router.stop()
    lines = [line for line in router.log_text().splitlines() if " request method=" in line]
    refused = [line for line in lines if " refused=" in line]
    assert len(refused) == 3, router.log_text()
    assert "method=- path=- status=400" in refused[0] and "protocol=- " in refused[0]
    assert "method=POST path=/v1/messages status=413" in refused[1] and "protocol=HTTP/1.1 " in refused[1]
    assert "method=POST path=/v1/messages status=413" in refused[2] and "protocol=HTTP/2 " in refused[2]
    assert [line for line in lines if "path=/healthz" in line and "protocol=HTTP/2 " in line]
    assert "secret" not in router.log_text()
