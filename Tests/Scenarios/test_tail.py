"""`postroad tail` tells what happens, also over a restart, and `trace` finds messages by what people have at hand."""

import json
import subprocess

from support.router import BINARY
from support.waiting import eventually

ROUTES = """
mailboxes:
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: "api:**", via: [{{template: "Now: {{{{text}}}}"}}], to: hook:sink}}
"""


class Tail:
    """A running `postroad tail --json`."""

    def __init__(self, router, *words):
        self.path = router.folder / "tail.out"
        self.process = subprocess.Popen(
            [BINARY, "tail", "--json", *words], cwd=router.folder, stdout=self.path.open("w"),
            stderr=(router.folder / "tail.err").open("w"))

    def events(self):
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def test_tail_goes_on_over_a_restart_and_says_what_it_missed(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()))
    tail = Tail(router, "state=delivered")
    try:
        eventually(lambda: router.send(text="first") and tail.events(), "the first delivery is told", 20, 0.3)
        router.stop()
        router.start()
        sent = router.send(text="second")
        eventually(lambda: any(event.get("message") == sent["id"] for event in tail.events()), "the second is told")
    finally:
        tail.stop()
    names = [event["event"] for event in tail.events()]
    assert set(names) == {"delivered", "missed"}, names
    assert names.count("missed") == 1
    assert "gone" in (router.folder / "tail.err").read_text() and "back" in (router.folder / "tail.err").read_text()


def test_tail_without_a_router_says_so_and_with_a_bad_filter_what_is_wrong(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()))
    wrong = router.run("tail", "age>1h")
    assert wrong.returncode == 1 and "age" in wrong.stdout + wrong.stderr
    router.stop()
    none = router.run("tail")
    assert none.returncode != 0 and "postroad serve" in none.stdout + none.stderr


def test_a_message_is_found_by_prefix_number_key_and_remote_id(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()))
    answer = router.post("/v1/messages", json={"text": "Hello"}, headers={"Idempotency-Key": "order-4711"})
    sent = answer.json()
    router.wait_for_state(sent["id"], "hook:sink", "delivered")
    number = str(sent["dispatches"][0]["number"])
    for text in [sent["id"], sent["id"][:13], number, "order-4711"]:
        assert router.json("trace", text)["message"]["id"] == sent["id"], text
    trace = router.json("trace", sent["id"])
    assert trace["client"] == "local from 127.0.0.1"
    [dispatch] = trace["dispatches"]
    assert "routes.yaml:" in dispatch["route_location"]
    assert dispatch["text_diff"] == ["-Hello", "+Now: Hello"]
    none = router.run("trace", "order-4712")
    assert none.returncode == 1 and "order-4712" in none.stdout + none.stderr
