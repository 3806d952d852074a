"""Messages that are sent through today's routes once more."""

import pytest

ROUTES = """
mailboxes:
  inbox: {{adapter: inbox}}
  api: {{adapter: http}}
routes:
  - {{match: "api:**", to: inbox:{inbox}}}
"""


def test_what_went_the_wrong_way_is_replayed_by_a_mended_table(make_router):
    router = make_router(ROUTES.format(inbox="wrong"))
    for number in range(3):
        router.send(**{"class": "order", "subject": f"order {number}", "text": "one book"})
    router.send(**{"class": "alert", "subject": "disk", "text": "full"})
    router.write(ROUTES.format(inbox="right"))
    router.wait_for_log("configuration")

    dry = router.run("replay", "--from", "1h", "--topic", "api:order")
    assert (dry.returncode, dry.stdout.count("→ inbox:right")) == (0, 3), dry
    assert "3 messages would be replayed; --send does it" in dry.stderr
    assert router.inbox("inbox:right") == []

    router.cli("replay", "--from", "1h", "--topic", "api:order", "--send")
    orders = router.wait_for_inbox("inbox:right", 3)
    assert [order["subject"] for order in orders] == [f"order {number}" for number in range(3)]
    trace = router.cli("trace", orders[0]["id"])
    assert "came of" in trace and "replay by" in trace
    assert f"led to     {orders[0]['id']}" in router.cli("trace", orders[0]["parent"])


@pytest.mark.parametrize("words, code, message", [
    ([], 2, "either an ID, or at least one of"),
    (["--from", "soon"], 2, "--from takes a time"),
    (["0123", "--topic", "api:**"], 1, "0123"),
    (["019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07", "--topic", "api:**"], 2, "either an ID"),
    (["--topic", "no pattern"], 1, "no pattern"),
    (["019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07"], 1, "no message"),
    (["--topic", "api:**"], 1, "no message fits"),
])
def test_a_replay_says_what_is_missing_or_wrong(make_router, words, code, message):
    router = make_router(ROUTES.format(inbox="all"))
    done = router.run("replay", *words)
    assert done.returncode == code and message in done.stderr, done
