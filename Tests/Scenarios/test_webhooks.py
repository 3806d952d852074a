"""Messages go out as signed webhooks, to receivers that verify, refuse, ask for patience, vanish and come back."""

import base64
import json

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from support.sinks import Answer
from support.waiting import eventually, never

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ...").decode()
ROUTES = """
mailboxes:
  inbox: {{adapter: inbox}}
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    retry: {{first: 100ms, factor: 1, maximum: 1s}}
    endpoints:
      crm: {{url: "{crm}", secret: "${{CRM_SECRET}}", timeout: 2s, headers: {{X-Team: support}}}}
      other: {{url: "{other}", secret: "${{CRM_SECRET}}"}}
routes:
  - {{match: "api:crm", to: hook:crm}}
  - {{match: "api:other", to: hook:other}}
  - {{match: "api:both", to: [hook:crm, hook:other]}}
"""


@pytest.fixture
def router(make_router, sink):
    routes = ROUTES.format(crm=sink.url("/crm"), other=sink.url("/other"))
    return make_router(routes, environment={"CRM_SECRET": SECRET})


def test_a_webhook_is_the_signed_envelope(router, sink):
    sent = router.send(**{"class": "crm", "subject": "Grüße", "text": "It works — 你好", "meta": {"order": 42}})
    [request] = sink.wait_for()
    assert Webhook(SECRET).verify(request.body, request.headers)["id"] == sent["id"]
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-team"] == "support"
    envelope = json.loads(request.body)
    assert (envelope["subject"], envelope["topic"], envelope["meta"]["order"]) == ("Grüße", "api:crm", 42)
    assert envelope["received"][0]["router"] == "hq.example"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body + b" ", request.headers)
    router.wait_for_state(sent["id"], "hook:crm", "delivered")


def test_each_recipient_has_an_id_of_its_own_and_keeps_it_over_attempts(router, sink):
    failed = set()

    def fail_once(request):
        if request.id in failed:
            return Answer()
        failed.add(request.id)
        return Answer(503)

    sink.behave = fail_once
    sent = router.send(**{"class": "both", "text": "x"})
    sink.wait_for(4)
    ids = {path: {request.id for request in sink.at(path)} for path in ["/crm", "/other"]}
    assert all(len(found) == 1 for found in ids.values()), ids
    assert ids["/crm"] != ids["/other"]
    router.wait_for_state(sent["id"], "hook:crm", "delivered")
    trace = router.trace(sent["id"])["dispatches"][0]
    assert [attempt["outcome"] for attempt in trace["attempts_made"]] == ["deferred", "delivered"]
    assert "503" in trace["attempts_made"][0]["detail"]


@pytest.mark.parametrize("status", [400, 401, 404, 422, 301])
def test_a_refusal_is_final_and_bounces(router, sink, status):
    sink.behave = lambda request: Answer(status, {"Location": "/elsewhere"})
    sent = router.send(**{"class": "crm", "text": "x"})
    router.wait_for_state(sent["id"], "hook:crm", "dead")
    trace = router.trace(sent["id"])
    assert str(status) in trace["dispatches"][0]["reason"]
    never(lambda: len(sink.requests) > 1, "tried again", 0.5)
    assert len(trace["children"]) == 1, "there is a bounce"


def test_retry_after_is_kept_by_the_whole_lane_and_by_no_other(router, sink):
    sink.behave = lambda request: Answer(429, {"Retry-After": "2"}) if len(sink.at("/crm")) == 1 else Answer()
    first = router.send(**{"class": "crm", "text": "one"})
    eventually(lambda: "deferred" in json.dumps(router.trace(first["id"])["dispatches"][0]["attempts_made"]),
               "the first is put off")
    second = router.send(**{"class": "crm", "text": "two"})
    router.send(**{"class": "other", "text": "three"})
    sink.wait_for(1, "/other", seconds=1.5)
    assert len(sink.at("/crm")) == 1, "the lane waits"
    requests = sink.wait_for(3, "/crm", seconds=10)
    assert requests[1].time - requests[0].time >= 1.9
    for message in [first, second]:
        router.wait_for_state(message["id"], "hook:crm", "delivered")


def test_an_endpoint_that_is_gone_is_disabled_until_a_reset(router, sink):
    sink.behave = lambda request: Answer(410)
    first = router.send(**{"class": "crm", "text": "one"})
    router.wait_for_state(first["id"], "hook:crm", "dead")
    second = router.send(**{"class": "crm", "text": "two"})
    router.wait_for_state(second["id"], "hook:crm", "dead")
    assert len(sink.requests) == 1
    sink.behave = lambda request: Answer()
    router.cli("mailboxes", "reset", "hook")
    router.cli("spool", "retry", "state=dead", "to=hook:crm")
    router.wait_for_state(second["id"], "hook:crm", "delivered")


def test_an_endpoint_that_hangs_up_or_hangs_is_tried_again(router, sink):
    def behave(request):
        return [Answer(closes=True), Answer(delay=3), Answer()][min(len(sink.requests), 3) - 1]

    sink.behave = behave
    sent = router.send(**{"class": "crm", "text": "x"})
    router.wait_for_state(sent["id"], "hook:crm", "delivered")
    outcomes = [attempt["outcome"] for attempt in router.trace(sent["id"])["dispatches"][0]["attempts_made"]]
    assert outcomes == ["unknown", "unknown", "delivered"]
    assert len({request.id for request in sink.requests}) == 1


def test_messages_of_one_thread_arrive_in_order_though_one_is_put_off(router, sink):
    def fail_three_times(request):
        tries = sum(earlier.id == request.id for earlier in list(sink.requests))
        return Answer(503) if request.text == "3" and tries <= 3 else Answer()

    sink.behave = fail_three_times
    for number in range(20):
        router.send(**{"class": "crm", "text": str(number), "thread": "one"})
    eventually(lambda: any(request.text == "19" for request in sink.requests), "the last arrives", 40)
    seen = list(dict.fromkeys(request.text for request in sink.requests))
    assert seen == [str(number) for number in range(20)]


def test_private_addresses_are_refused_unless_allowed(make_router, sink):
    routes = ROUTES.format(crm=sink.url("/crm"), other=sink.url("/other")).replace("allow_private: true", "")
    router = make_router(routes, environment={"CRM_SECRET": SECRET})
    sent = router.send(**{"class": "crm", "text": "x"})
    router.wait_for_state(sent["id"], "hook:crm", "dead")
    assert sink.requests == []


def test_a_large_file_reaches_a_webhook_as_its_bytes_or_a_claim(router, sink):
    data = base64.b64encode(bytes(range(256)) * 1024).decode()
    sent = router.send(**{"class": "crm", "parts": [
        {"type": "file", "media_type": "application/octet-stream", "name": "big.bin", "data": data}]})
    [request] = sink.wait_for()
    [part] = request.envelope["parts"]
    assert (part.get("name") or part["blob"]["name"]) == "big.bin"
    assert part.get("data") == data or part["blob"]["size"] == 256 * 1024
    router.wait_for_state(sent["id"], "hook:crm", "delivered")
