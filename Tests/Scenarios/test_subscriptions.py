"""Subscriptions and lists: made while the router runs, kept over restarts, and in force while the file is reloaded."""

import threading

import requests
from support.waiting import eventually

ROUTES = """
mailboxes:
  inbox: {{adapter: inbox, keep: 20000}}
  api: {{adapter: http}}
lists:
  team: {{members: [inbox:ann, inbox:bo], post: authenticated, join: open}}
routes:
  - {{match: "api:*/team", to: list:team}}
  - {{match: "api:note/**", except: "api:note/quiet", to: "inbox:{{{{meta.box}}}}"}}
{more}
"""


def routes(more=""):
    return ROUTES.format(more=more)


def test_a_subscription_holds_from_the_next_message_on_and_over_a_restart(make_router):
    router = make_router(routes())
    router.send(**{"class": "news/x", "text": "too early"})
    assert "subscription 1: api:news/** to inbox:reader" in router.run(
        "subscriptions", "add", "api:news/**", "inbox:reader").stderr
    router.send(**{"class": "news/x", "text": "first"})
    router.wait_for_inbox("inbox:reader", 1)
    router.restart()
    router.send(**{"class": "news/y", "text": "second"})
    assert len(router.wait_for_inbox("inbox:reader", 2)) == 2
    rows = router.json("subscriptions", "list")["subscriptions"]
    assert [(row["pattern"], row["address"], row["by"]) for row in rows] == [("api:news/**", "inbox:reader", "operator")]
    assert router.run("subscriptions", "remove", "1").returncode == 0
    message = router.send(**{"class": "news/z", "text": "third"})["id"]
    router.wait_for_state(message, "local:postmaster", "delivered")
    assert len(router.inbox("inbox:reader")) == 2
    gone = router.run("subscriptions", "remove", "api:news/**", "inbox:reader")
    assert gone.returncode == 1 and "has not subscribed" in gone.stderr


def test_a_list_is_joined_and_left_and_says_who_may_write(make_router):
    router = make_router(routes())
    router.cli("lists", "join", "team", "inbox:cy", "--by", "inbox:cy")
    router.cli("lists", "leave", "team", "inbox:bo")
    refused = router.run("lists", "join", "team", "inbox:dot", "--by", "inbox:cy")
    assert refused.returncode == 1 and "only its owners" in refused.stderr
    router.restart()
    shown = router.json("lists", "show", "team")
    assert shown["members"] == ["inbox:ann", "inbox:cy"] and "routes.yaml:" in shown["origin"]
    message = router.send(**{"class": "a/team", "text": "hello", "sender": {"authenticated": False}})["id"]
    reasons = [dispatch.get("reason") for dispatch in router.trace(message)["dispatches"]]
    assert reasons == ["list:team: only verified senders may write, and api:local is not verified"]
    assert router.run("lists", "show", "tema").stderr.count('did you mean "team"?') == 1


def test_a_recipient_that_no_address_comes_of_waits_with_the_reason(make_router):
    router = make_router(routes())
    good = router.send(**{"class": "note/a", "text": "x", "meta": {"box": "ann"}})["id"]
    router.wait_for_state(good, "inbox:ann", "delivered")
    bad = router.send(**{"class": "note/a", "text": "x"})["id"]
    trace = router.trace(bad)
    assert [(row["state"], "which is no address" in row["reason"]) for row in trace["dispatches"]] == [("held", True)]
    quiet = router.send(**{"class": "note/quiet", "text": "x", "meta": {"box": "ann"}})["id"]
    router.wait_for_state(quiet, "local:postmaster", "delivered")


def test_reloads_and_changes_of_subscriptions_under_load_lose_and_repeat_nothing(make_router, sink):
    """Every message goes to the one subscriber who stays, whatever comes and goes beside."""
    hook = f"""  hook:
    adapter: webhook
    allow_private: true
    endpoints: {{sink: {{url: "{sink.url()}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
lists:"""
    base = routes().replace("lists:", hook)
    router = make_router(base)
    router.cli("subscriptions", "add", "api:storm/**", "hook:sink")
    stopped, accepted = threading.Event(), []

    def post():
        session = requests.Session()
        while not stopped.is_set():
            answer = session.post(router.url("/v1/messages"), json={"class": "storm/x", "text": "x"}, timeout=30)
            assert answer.status_code == 202, answer.text
            accepted.append(answer.json()["id"])

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for number in range(10):
            more = "".join(f'  - {{match: "api:other{number}/{route}", to: inbox:x}}\n' for route in range(300))
            router.write(base + more)
            router.cli("subscriptions", "add", "api:storm/**", f"inbox:guest{number}")
            router.cli("subscriptions", "remove", "api:storm/**", f"inbox:guest{number}")
            eventually(lambda: router.log_text().count("configuration reloaded") > number, f"reload {number}")
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    eventually(lambda: len(sink.requests) >= len(accepted), f"all {len(accepted)} arrive", 60)
    assert len(accepted) > 100
    assert sorted(request.envelope["id"] for request in sink.requests) == sorted(accepted)
