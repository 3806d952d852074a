"""Feeds of a real server that answers in every way servers do, and of files."""

import os

from support.feeds import rss
from support.router import text_of
from support.waiting import eventually, never

ROUTES = """
mailboxes:
  inbox: {{adapter: inbox}}
  news:
    adapter: feed
    allow_private: true
    feeds:
{feeds}
routes:
  - {{match: "news:**", to: inbox:news}}
"""


def routes(**feeds):
    lines = [f'      {name}: {{url: "{url}", every: 1m}}' for name, url in feeds.items()]
    return ROUTES.format(feeds="\n".join(lines))


def poll(router):
    """Has every feed polled now."""
    router.cli("mailboxes", "reset", "news")


def subjects(router):
    return [line["subject"] for line in router.inbox("inbox:news")]


def test_the_first_poll_posts_only_the_newest_entry_and_later_polls_what_is_new(make_router, feeds):
    feeds.feeds["/rss"] = rss("old", "older", "Newest of three")
    router = make_router(routes(lobsters=feeds.url("/rss")))
    poll(router)
    [envelope] = router.wait_for_inbox("inbox:news")
    assert envelope["subject"] == "Newest of three"
    assert envelope["topic"] == "news:lobsters"
    assert envelope["from"] == "news:lobsters"
    assert "About Newest of three" in text_of(envelope)
    assert envelope["meta"]["link"].startswith("http://127.0.0.1/")

    poll(router)
    feeds.wait_for("/rss", 304)
    feeds.feeds["/rss"] = rss("old", "older", "Newest of three", "Fresh &amp; warm")
    poll(router)
    router.wait_for_inbox("inbox:news", 2)
    assert subjects(router)[0] == "Fresh & warm"
    assert len(subjects(router)) == 2


def test_what_was_posted_is_not_posted_again_after_a_kill(make_router, feeds):
    feeds.feeds["/rss"] = rss("one", "two")
    router = make_router(routes(lobsters=feeds.url("/rss")))
    poll(router)
    router.wait_for_inbox("inbox:news")
    router.kill9()
    router.start()
    feeds.feeds["/rss"] = rss("one", "two", "three")
    poll(router)
    router.wait_for_inbox("inbox:news", 2)
    never(lambda: len(subjects(router)) > 2, "posted again", 0.5)
    assert subjects(router) == ["three", "two"]


def test_a_moved_feed_is_followed(make_router, feeds):
    feeds.faults["/old"] = (301, {"Location": feeds.url("/new")}, b"")
    feeds.feeds["/new"] = rss("At its new place")
    router = make_router(routes(moved=feeds.url("/old")))
    poll(router)
    router.wait_for_inbox("inbox:news")
    assert subjects(router) == ["At its new place"]


def test_a_feed_that_is_gone_is_not_asked_again_until_a_reset(make_router, feeds):
    feeds.faults["/gone"] = (410, {}, b"")
    router = make_router(routes(gone=feeds.url("/gone")))
    feeds.wait_for("/gone", 410)
    status = eventually(
        lambda: (found := router.json("mailboxes", "show", "news"))["health"] in ("degraded", "failing") and found,
        "the mailbox is not well")
    assert "gone" in status["detail"].lower()
    asked = len(feeds.statuses("/gone"))
    del feeds.faults["/gone"]
    feeds.feeds["/gone"] = rss("Back again")
    never(lambda: len(feeds.statuses("/gone")) > asked, "asked again", 1)
    poll(router)
    router.wait_for_inbox("inbox:news")


def test_a_server_that_asks_for_patience_is_left_alone_and_stops_no_other_feed(make_router, feeds):
    feeds.faults["/busy"] = (429, {"Retry-After": "3600"}, b"slow down")
    feeds.faults["/broken"] = (500, {}, b"oops")
    feeds.feeds["/fine"] = rss("Fine")
    router = make_router(routes(busy=feeds.url("/busy"), broken=feeds.url("/broken"), fine=feeds.url("/fine")))
    router.wait_for_inbox("inbox:news")
    feeds.wait_for("/busy", 429)
    never(lambda: len(feeds.statuses("/busy")) > 1, "asked again before Retry-After", 1)


def test_broken_xml_gives_what_can_be_read_and_never_stops_the_router(make_router, feeds):
    whole = rss("first", "second", "last").replace(b"</channel></rss>", b"")
    feeds.feeds["/cut"] = whole + b"<item><title>half & ha"
    feeds.feeds["/page"] = b"<!doctype html><html><head><title>No feed</title></head><body>hello</body></html>"
    feeds.feeds["/noise"] = bytes(range(256)) * 50
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    feeds.feeds["/bomb"] = entities + b"<rss><channel>&b;</channel></rss>"
    router = make_router(routes(**{name: feeds.url(f"/{name}") for name in ["cut", "page", "noise", "bomb"]}))
    router.wait_for_inbox("inbox:news")
    for name in ["page", "noise", "bomb"]:
        feeds.wait_for(f"/{name}", 200)
    assert router.get("/healthz").status_code == 200
    assert {envelope["topic"] for envelope in router.wait_for_inbox("inbox:news")} == {"news:cut"}


def test_private_addresses_are_refused_unless_allowed(make_router, feeds):
    feeds.feeds["/rss"] = rss("secret")
    router = make_router(routes(private=feeds.url("/rss")).replace("allow_private: true", "allow_private: false"))
    router.wait_for_log("private")
    assert feeds.statuses("/rss") == []


def test_a_change_of_a_file_is_posted(make_router, tmp_path):
    router = make_router(start=False)
    feed = router.folder / "feeds" / "intranet.xml"
    feed.parent.mkdir()
    feed.write_bytes(rss("Lunch is at noon"))
    router.write(routes(intranet="file:feeds/intranet.xml"))
    router.start()
    poll(router)
    router.wait_for_inbox("inbox:news")
    fresh = feed.with_suffix(".new")
    fresh.write_bytes(rss("Lunch is at noon", "Cake in the kitchen"))
    os.replace(fresh, feed)
    poll(router)
    router.wait_for_inbox("inbox:news", 2)
    assert subjects(router) == ["Cake in the kitchen", "Lunch is at noon"]


def test_the_verb_feed_shows_what_would_be_posted(make_router, tmp_path):
    router = make_router(routes(any="file:none.xml"), start=False)
    file = tmp_path / "feed.xml"
    file.write_bytes(rss("One", "Two"))
    assert "Two" in router.cli("feed", file)
    assert router.json("feed", file)
    missing = router.run("feed", tmp_path / "none.xml")
    assert missing.returncode == 1 and "none.xml" in missing.stderr
