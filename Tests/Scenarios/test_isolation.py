"""A slow or dead recipient never holds up another."""

import time

import pytest
from support.sinks import Answer

ROUTES = """
mailboxes:
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    endpoints:
      live: {{url: "{live}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}
      dead: {{url: "{dead}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==, timeout: 5s}}
routes:
  - {{match: "api:live", to: hook:live}}
  - {{match: "api:dead", to: hook:dead}}
"""
COUNT = 300


def latencies(router, sink, also_dead):
    """Sends to the live endpoint, and as many to the dead one; the live ones' latencies in seconds, sorted."""
    before = len(sink.at("/live"))
    sent = {}
    for number in range(COUNT):
        if also_dead:
            router.send(**{"class": "dead", "text": f"{number}"})
        text = f"{also_dead} {number}"
        sent[text] = time.monotonic()
        router.send(**{"class": "live", "text": text})
        time.sleep(0.005)
    requests = sink.wait_for(before + COUNT, "/live")[before:]
    return sorted(request.time - sent[request.text] for request in requests)


@pytest.mark.parametrize("dead", [Answer(delay=30), Answer(503)], ids=["hangs", "fails"])
def test_the_latency_of_a_live_recipient_does_not_depend_on_a_dead_one(make_router, sink, dead):
    sink.behave = lambda request: dead if request.path == "/dead" else Answer()
    router = make_router(ROUTES.format(live=sink.url("/live"), dead=sink.url("/dead")))
    latencies(router, sink, also_dead=False)
    alone = latencies(router, sink, also_dead=False)
    beside = latencies(router, sink, also_dead=True)
    p50, p99 = (int(COUNT * share) for share in (0.5, 0.99))
    for name, index in [("p50", p50), ("p99", p99)]:
        print(f"{name}: {alone[index] * 1e3:.1f} ms alone, {beside[index] * 1e3:.1f} ms beside a dead recipient")
    assert beside[p50] < 3 * alone[p50] + 0.02
    assert beside[p99] < 5 * alone[p99] + 0.1
    assert len(sink.at("/live")) == 3 * COUNT


def test_a_recipient_that_does_not_exist_beside_a_live_one_costs_only_itself(make_router, sink):
    router = make_router(ROUTES.format(live=sink.url("/live"), dead="http://127.0.0.1:1/"))
    sent = router.send(to=["hook:live", "hook:dead", "hook:none"], text="x")
    sink.wait_for(1, "/live")
    router.wait_for_state(sent["id"], "hook:none", "dead")
    assert router.states(sent["id"])["hook:dead"] == "waiting"
