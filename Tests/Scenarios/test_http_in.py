"""Programs post by HTTP: envelopes, lines, CloudEvents, forms and whatever services send."""

import hashlib
import hmac
import json
import subprocess

import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from support.router import text_of

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
  guarded:
    adapter: http
    tokens: {ci: "${CI_TOKEN}"}
  signed:
    adapter: http
    hmac: {secret: "${HMAC_SECRET}"}
routes:
  - {match: ["api:**", "guarded:**", "signed:**"], to: inbox:all}
"""
SECRETS = {"CI_TOKEN": "token-of-ci", "HMAC_SECRET": "shared-secret"}


@pytest.fixture
def router(make_router):
    return make_router(ROUTES, environment=SECRETS)


def curl(router, path, *options, body=None):
    """Runs curl; the status and the answer."""
    done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}",
                           *options, router.url(path)], input=body, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text, _, status = done.stdout.rpartition("\n")
    return int(status), text


def test_curl_posts_a_message_and_reads_its_trace(router):
    status, text = curl(router, "/v1/messages", "--json", '{"text": "It works.", "class": "greeting"}')
    assert status == 202
    answer = json.loads(text)
    assert [dispatch["to"] for dispatch in answer["dispatches"]] == ["inbox:all"]
    [envelope] = router.wait_for_inbox("inbox:all")
    assert (envelope["id"], envelope["topic"], envelope["from"]) == (answer["id"], "api:greeting", "api:local")
    router.wait_for_state(answer["id"], "inbox:all", "delivered")
    trace = router.trace(answer["id"])
    assert trace["dispatches"][0]["attempts_made"][0]["outcome"] == "delivered"


def test_markdown_and_html_make_one_part_of_that_format(router):
    for name in ["markdown", "html"]:
        router.send(**{name: "<b>x</b>", "subject": name})
    envelopes = router.wait_for_inbox("inbox:all", 2)
    formats = {envelope["subject"]: envelope["parts"][0]["format"] for envelope in envelopes}
    assert formats == {"markdown": "markdown", "html": "html"}


def test_lines_of_json_come_in_whole_or_not_at_all(router):
    good = '{"text": "one"}\n\n{"text": "two"}\n{"text": "three"}\n'
    status, text = curl(router, "/v1/messages", "--header", "Content-Type: application/x-ndjson", "--data-binary", "@-",
                        body=good)
    assert status == 202
    assert len({entry["id"] for entry in json.loads(text)}) == 3
    status, text = curl(router, "/v1/messages", "--header", "Content-Type: application/x-ndjson", "--data-binary", "@-",
                        body='{"text": "four"}\n{"text": 5}\n{"txt": "six"}\n')
    problem = json.loads(text)
    assert status == 400
    assert [fault["line"] for fault in problem["errors"]] == [2, 3]
    assert "text" in problem["errors"][1]["detail"]
    texts = {text_of(envelope) for envelope in router.wait_for_inbox("inbox:all", 3)}
    assert texts == {"one", "two", "three"}


def test_a_repeated_key_gives_the_first_answer_and_another_body_is_refused(router):
    headers = {"Idempotency-Key": '"order-42"'}
    first = router.post("/v1/messages", json={"text": "once"}, headers=headers)
    again = router.post("/v1/messages", json={"text": "once"}, headers=headers)
    other = router.post("/v1/messages", json={"text": "another"}, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["dispatches"] == first.json()["dispatches"]
    assert (first.json()["duplicate"], again.json()["duplicate"]) == (False, True)
    assert other.headers["Content-Type"] == "application/problem+json"
    assert len(router.wait_for_inbox("inbox:all")) == 1


def test_bad_json_is_told_with_its_offset(router):
    answer = router.post("/v1/messages", data=b'{"text": "a" "b"}', headers={"Content-Type": "application/json"})
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert "13" in problem["detail"], problem


@pytest.mark.parametrize(("body", "word"), [
    (b"", "JSON"),
    (b"[]", "envelope"),
    (b'{"text": "x", "txet": 1}', "text"),
    (b'{"text": "x", "to": "nobody"}', "nobody"),
    (b'{"text": "x", "to": "wrok:ann"}', "wrok"),
    (b'{"text": "x", "from": "inbox:me"}', "from"),
    (b'{"text": "x", "id": "1"}', "idempotency_key"),
    (b'{}', "empty"),
    (b'{"text": "' + b"\xff" + b'"}', ""),
    (b"[" * 100_000, ""),
])
def test_what_is_no_message_is_refused_with_a_reason(router, body, word):
    answer = router.post("/v1/messages", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 403, 422), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert word in answer.text
    assert router.get("/healthz").status_code == 200


def test_a_token_names_the_sender_and_a_wrong_one_gets_401(router):
    good = router.post("/v1/messages", json={"text": "x"}, headers={"Authorization": "Bearer token-of-ci"})
    assert good.status_code == 202
    [envelope] = router.wait_for_inbox("inbox:all")
    assert (envelope["from"], envelope["topic"]) == ("guarded:ci", "guarded:message")
    assert envelope["sender"]["authenticated"] is True
    wrong = router.post("/v1/messages", json={"text": "x"}, headers={"Authorization": "Bearer token-of-cj"})
    assert wrong.status_code == 401
    assert wrong.headers["WWW-Authenticate"].startswith("Bearer")
    assert router.post("/in/guarded/build", json={}).status_code == 401


def test_without_a_token_what_a_web_page_could_send_is_refused(router):
    body = '{"text": "x"}'
    assert router.post("/v1/messages", data=body, headers={"Content-Type": "text/plain"}).status_code == 415
    assert router.post("/v1/messages", data=body).status_code == 415
    foreign = router.post("/v1/messages", json={"text": "x"}, headers={"Host": "evil.example"})
    assert foreign.status_code in (401, 403, 421)
    assert "without" in router.log_text() or "this machine" in router.log_text()
    assert router.inbox("inbox:all") == []


def test_anything_can_be_posted_to_in(router):
    token = ["--header", "Authorization: Bearer token-of-ci"]
    for path, options in [
        ("/in/guarded/deploy/done", ["--json", '{"service": "shop", "ok": true}']),
        ("/in/guarded/form", ["--data", "name=Ann&text=Gr%C3%BC%C3%9Fe"]),
        ("/in/guarded/note", ["--header", "Content-Type: text/plain", "--data", "just text"]),
    ]:
        status, text = curl(router, path, *token, *options)
        assert status == 202, text
    by_topic = {envelope["topic"]: envelope for envelope in router.wait_for_inbox("inbox:all", 3)}
    assert set(by_topic) == {"guarded:deploy/done", "guarded:form", "guarded:note"}
    assert "Grüße" in json.dumps(by_topic["guarded:form"], ensure_ascii=False)
    assert text_of(by_topic["guarded:note"]) == "just text"
    assert "shop" in json.dumps(by_topic["guarded:deploy/done"])


def test_a_signed_body_comes_in_and_a_changed_one_does_not(router):
    body = b'{"action": "opened"}'
    code = hmac.new(b"shared-secret", body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={code}"}
    assert router.post("/in/signed/push", data=body, headers=headers).status_code == 202
    assert router.post("/in/signed/push", data=body + b" ", headers=headers).status_code == 401
    del headers["X-Hub-Signature-256"]
    assert router.post("/in/signed/push", data=body, headers=headers).status_code == 401


def an_event(number):
    from cloudevents.core.v1.event import CloudEvent
    return CloudEvent(
        attributes={"type": "com.example.order.placed", "source": "/shop", "id": f"order-{number}",
                    "subject": f"Order {number}", "datacontenttype": "application/json", "specversion": "1.0"},
        data={"number": number, "city": "東京"})


@pytest.mark.parametrize("convert", [to_structured, to_binary], ids=["structured", "binary"])
def test_cloudevents_come_in_and_repeat_harmlessly(router, convert):
    from cloudevents.core.formats.json import JSONFormat
    message = convert(an_event(1), JSONFormat())
    first = router.post("/v1/messages", data=message.body, headers=message.headers)
    again = router.post("/v1/messages", data=message.body, headers=message.headers)
    assert first.status_code == 202, first.text
    assert (again.json()["duplicate"], again.json()["id"]) == (True, first.json()["id"])
    [envelope] = router.wait_for_inbox("inbox:all")
    assert envelope["topic"].startswith("api:com.example.order.placed")
    assert "東京" in json.dumps(envelope, ensure_ascii=False)


def test_a_batch_of_cloudevents_comes_in(router):
    from cloudevents.core.formats.json import JSONFormat
    events = [json.loads(to_structured(an_event(number), JSONFormat()).body) for number in range(3)]
    answer = router.post("/v1/messages", data=json.dumps(events),
                         headers={"Content-Type": "application/cloudevents-batch+json"})
    assert answer.status_code == 202, answer.text
    assert len(answer.json()) == 3
    router.wait_for_inbox("inbox:all", 3)


def test_a_body_over_the_limit_gets_413(make_router):
    router = make_router(ROUTES.replace("api: {adapter: http}", "api: {adapter: http, max_body: 1KiB}"),
                         environment=SECRETS)
    assert router.post("/v1/messages", json={"text": "x" * 2000}).status_code == 413


def test_a_chunked_body_and_expect_continue_are_understood(router):
    body = json.dumps({"text": "y" * 3_000_000})
    status, text = curl(router, "/v1/messages", "--header", "Content-Type: application/json",
                        "--header", "Transfer-Encoding: chunked", "--header", "Expect: 100-continue",
                        "--data-binary", "@-", body=body)
    assert status == 202, text
    [envelope] = router.wait_for_inbox("inbox:all")
    assert envelope["parts"][0]["type"] == "text"
