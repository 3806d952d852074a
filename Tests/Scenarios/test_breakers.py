"""Breakers: what they keep from a platform in trouble, over restarts too, and who is told."""

from support.sinks import Answer
from support.waiting import eventually

ROUTES = """
mailboxes:
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    retry: {{first: 100ms, factor: 1, maximum: 1s}}
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: "api:**", to: hook:sink}}
"""


def open_lane(router):
    lanes = router.json("mailboxes", "show", "hook")["outgoing"]["open_lanes"]
    return lanes[0] if lanes else None


def test_a_dying_endpoint_is_left_alone_over_a_restart_until_it_is_reset_and_the_postmaster_hears_of_it(
        make_router, sink):
    sink.behave = lambda request: Answer(503)
    router = make_router(ROUTES.format(url=sink.url()))
    sent = router.send(text="hello")["id"]
    lane = eventually(lambda: open_lane(router), "the lane's breaker opens", 30)
    assert (lane["recipient"], lane["breaker"]) == ("hook:sink", "open") and "503" in lane["breaker_reason"]
    shown = router.cli("mailboxes", "show", "hook")
    assert "open since" in shown and "next probe" in shown
    told = router.wait_for_inbox("local:postmaster", 1, 30)
    assert [note["subject"] for note in told] == ["hook:sink is in trouble"]

    router.restart()
    attempts = len(sink.requests)
    again = eventually(lambda: open_lane(router), "the breaker is remembered")
    assert again["breaker_since"] == lane["breaker_since"] and len(sink.requests) == attempts

    sink.behave = lambda request: Answer(200)
    wrong = router.run("mailboxes", "reset", "hook", "api:other")
    assert wrong.returncode == 1 and "expected an address of hook" in wrong.stderr
    router.cli("mailboxes", "reset", "hook", "hook:sink")
    router.wait_for_state(sent, "hook:sink", "delivered")
    assert open_lane(router) is None
    told = router.wait_for_inbox("local:postmaster", 2, 30)
    assert [note["subject"] for note in told] == ["hook:sink is in trouble", "hook:sink works again"]
