"""A router stops in order, and two never share a data folder."""

import json
import signal
import socket
import threading
import time

from support.mail import swaks
from support.sinks import Answer, routes_to
from support.waiting import eventually

def test_sigterm_finishes_what_is_under_way_and_ends_with_0(make_router, sink):
    sink.behave = lambda request: Answer(delay=1)
    router = make_router(routes_to(sink))
    sent = router.send(text="under way")
    sink.wait_for(1)
    assert router.stop() == 0
    assert "router stops" in router.log_text()
    router.start()
    assert router.states(sent["id"]) == {"hook:sink": "delivered"}
    assert len(sink.requests) == 1, "what was finished is not repeated"


def test_sigterm_loses_no_message_that_was_acknowledged_at_the_time(make_router, sink):
    router = make_router(routes_to(sink))
    acknowledged, stopped = [], threading.Event()

    def post():
        import requests
        session = requests.Session()
        while not stopped.is_set():
            try:
                answer = session.post(router.url("/v1/messages"), json={"text": "x"}, timeout=10)
            except requests.RequestException:
                return
            if answer.status_code != 202:
                assert answer.status_code == 503, answer.text
                return
            acknowledged.append(answer.json()["id"])

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(acknowledged) > 40, "messages pass")
    assert router.stop() == 0
    stopped.set()
    for thread in threads:
        thread.join()
    router.start()
    eventually(lambda: {request.envelope["id"] for request in list(sink.requests)} >= set(acknowledged),
               "all arrive", 30)
    assert len(sink.requests) == len({request.id for request in sink.requests}), "none comes twice"


def test_an_idle_router_stops_at_once_for_sigint_and_sigterm(make_router, sink):
    for number in [signal.SIGINT, signal.SIGTERM]:
        router = make_router(routes_to(sink))
        router.get("/healthz")  # leaves a kept-alive connection open
        before = time.monotonic()
        router.server.signal(number)
        assert router.server.process.wait(15) == 0
        assert time.monotonic() - before < 5


def test_a_second_router_on_the_same_data_is_refused(make_router, sink):
    first = make_router(routes_to(sink))
    second = make_router(routes_to(sink), start=False, data=str(first.data))
    second.start(wait=False)
    assert second.server.process.wait(20) == 1
    assert "another router" in second.log_text(), second.log_text()
    assert str(first.data) in second.log_text()
    assert first.get("/healthz").status_code == 200
    first.send(text="still here")
    sink.wait_for(1)


def test_a_port_that_is_taken_is_named(make_router, sink):
    first = make_router(routes_to(sink))
    second = make_router(start=False)
    second.listen["http"] = first.listen["http"]
    second.write(routes_to(sink))
    second.start(wait=False)
    assert second.server.process.wait(20) == 1
    assert str(first.http) in second.log_text() and "in use" in second.log_text().lower(), second.log_text()


def test_mail_that_is_coming_in_gets_an_answer_when_the_router_stops(make_router, sink):
    router = make_router(routes_to(sink))
    assert swaks(router.smtp, "--from", "a@example.org", "--to", "support@hq.example", "--body", "x").returncode == 0
    assert router.stop() == 0
    refused = swaks(router.smtp, "--from", "a@example.org", "--to", "support@hq.example", "--body", "x")
    assert refused.returncode == 2, refused.stdout
    router.start()
    sink.wait_for(1)


def test_the_spool_of_a_newer_release_is_refused(make_router, sink):
    import sqlite3
    router = make_router(routes_to(sink))
    router.stop()
    [database] = router.data.glob("*.db")
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 9999")
    connection.commit()
    connection.close()
    router.start(wait=False)
    assert router.server.process.wait(20) == 1
    said = router.log_text().splitlines()[-1]
    for word in ["9999", "newer", str(database)]:
        assert word in said, said
    connection = sqlite3.connect(database)
    assert connection.execute("PRAGMA user_version").fetchone() == (9999,), "it is left as it is"
    connection.close()


def test_a_log_of_json_has_an_object_in_every_line(make_router, sink):
    router = make_router(routes_to(sink), start=False).start("--log-format", "json")
    router.send(text="a text that is nobody's business")
    sink.wait_for(1)
    router.stop()
    lines = [json.loads(line) for line in router.log_text().splitlines()]
    assert all({"level", "time", "event"} <= set(line) for line in lines), lines
    assert "nobody's business" not in router.log_text()


def test_a_request_whose_body_is_still_coming_gets_an_answer(make_router, sink):
    router = make_router(routes_to(sink))
    body = b'{"text": "in two halves"}'
    with socket.create_connection(("127.0.0.1", router.http), timeout=15) as connection:
        connection.sendall(b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                           b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100"), "the router has begun with the request"
        connection.sendall(body[:10])
        router.server.signal(signal.SIGTERM)
        router.wait_for_log("router stops")
        connection.sendall(body[10:])
        answer = connection.recv(65536)
    assert answer.startswith((b"HTTP/1.1 202", b"HTTP/1.1 503")), answer
    assert router.server.process.wait(15) == 0
    if answer.startswith(b"HTTP/1.1 202"):
        router.start()
        sink.wait_for(1)


def test_a_second_sigterm_ends_the_router_at_once(make_router, sink):
    sink.behave = lambda request: Answer(delay=8)
    router = make_router(routes_to(sink))
    sent = router.send(text="under way")
    sink.wait_for(1)
    router.server.signal(signal.SIGTERM)
    router.wait_for_log("router stops")
    before = time.monotonic()
    router.server.signal(signal.SIGTERM)
    assert router.server.process.wait(5) == 128 + signal.SIGTERM
    assert time.monotonic() - before < 2
    sink.behave = lambda request: Answer()
    router.start()
    router.wait_for_state(sent["id"], "hook:sink", "delivered", 60)
    attempts = router.trace(sent["id"])["dispatches"][0]["attempts_made"]
    assert [attempt["outcome"] for attempt in attempts] == ["unknown", "delivered"]


def test_after_sigterm_no_attempt_begins_and_the_rest_stays_in_the_spool(make_router, sink):
    sink.behave = lambda request: Answer(delay=1.5)
    router = make_router(routes_to(sink).replace("adapter: webhook", "adapter: webhook\n    concurrency: 2"))
    ids = [router.send(text=str(number))["id"] for number in range(30)]
    sink.wait_for(1)
    router.server.signal(signal.SIGTERM)
    router.wait_for_log("router stops")
    time.sleep(0.3)
    begun = len(sink.requests)
    assert router.server.process.wait(15) == 0
    assert len(sink.requests) == begun < len(ids), "none was begun after the signal"
    sink.behave = lambda request: Answer()
    router.start()
    eventually(lambda: {request.envelope["id"] for request in list(sink.requests)} == set(ids), "all arrive", 30)
    assert len(sink.requests) == len(ids), "what was under way was finished, so none comes twice"


def test_an_attempt_that_outlasts_the_deadline_is_left_to_the_spool(make_router, sink):
    sink.behave = lambda request: Answer(delay=60)
    router = make_router(routes_to(sink))
    sent = router.send(text="never answered")
    sink.wait_for(1)
    before = time.monotonic()
    router.server.signal(signal.SIGTERM)
    assert router.server.process.wait(30) == 0
    assert time.monotonic() - before > 5, "the attempt had its time"
    sink.behave = lambda request: Answer()
    router.start()
    router.wait_for_state(sent["id"], "hook:sink", "delivered", 60)
    attempts = router.trace(sent["id"])["dispatches"][0]["attempts_made"]
    assert [attempt["outcome"] for attempt in attempts] == ["unknown", "delivered"]
    assert len({request.id for request in sink.requests}) == 1, "both carry the same idempotency key"
