"""A wall clock that is set while the router runs: retries, duplicates, expiry and retention behave (I2)."""

import time

import pytest
from support.sinks import Answer
from support.waiting import eventually, never

HOUR = 3600
ROUTES = """
mailboxes:
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    retry: {{first: 1s, factor: 1, maximum: 1s}}
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: "api:**", to: hook:sink}}
"""


def make(make_router, sink, faults):
    return make_router(ROUTES.format(url=sink.url()), environment=faults.environment)


JUMPS = [pytest.param(HOUR, id="ahead"), pytest.param(-HOUR, id="back")]


@pytest.mark.parametrize("jump", JUMPS)
def test_a_retry_comes_in_time_though_the_clock_was_set_by_an_hour(make_router, sink, faults, jump):
    router = make(make_router, sink, faults)
    sink.behave = lambda request: Answer(503)
    message = router.send(text="x")["id"]
    sink.wait_for(1)
    faults.move_clock(jump)
    sink.behave = lambda request: Answer()
    router.wait_for_state(message, "hook:sink", "delivered", 20)
    assert len(sink.requests) <= 4


@pytest.mark.parametrize("jump", JUMPS)
def test_a_router_started_after_the_clock_was_set_delivers_what_waits_and_knows_what_it_had(
        make_router, sink, faults, jump):
    router = make(make_router, sink, faults)
    sink.behave = lambda request: Answer(503)
    message = router.post("/v1/messages", json={"text": "x"}, headers={"Idempotency-Key": '"one"'}).json()["id"]
    sink.wait_for(1)
    router.stop()
    faults.move_clock(jump)
    sink.behave = lambda request: Answer()
    router.start()
    again = router.post("/v1/messages", json={"text": "x"}, headers={"Idempotency-Key": '"one"'}).json()
    assert again["id"] == message and again["duplicate"]
    router.wait_for_state(message, "hook:sink", "delivered", 20)


def test_a_message_expires_when_the_clock_passes_its_time_and_not_because_it_was_set_back(make_router, sink, faults):
    router = make(make_router, sink, faults)
    router.cli("mailboxes", "pause", "hook")
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1800))
    message = router.send(text="x", expires=expires)["id"]
    faults.move_clock(-HOUR)
    never(lambda: router.states(message)["hook:sink"] != "waiting", "the message still waits", 1.5)
    faults.move_clock(HOUR)
    router.cli("mailboxes", "resume", "hook")
    eventually(lambda: router.states(message)["hook:sink"] not in ("waiting", "trying"), "it has expired", 20)
    assert sink.requests == []


def test_back_and_forth_under_load_loses_and_repeats_nothing(make_router, sink, faults):
    router = make(make_router, sink, faults)
    sent = []
    for step in range(12):
        faults.move_clock([0, HOUR, -HOUR, HOUR][step % 4])
        sent += [router.send(text=str(number))["id"] for number in range(20)]
    faults.move_clock(0)
    eventually(lambda: len(sink.requests) >= len(sent), "all arrive", 30)
    assert sorted(request.envelope["id"] for request in sink.requests) == sorted(sent)
    assert {router.states(message)["hook:sink"] for message in sent} == {"delivered"}, "retention removed none"
