"""What `routes` says of the table and of what went by it."""

import xml.etree.ElementTree

import pytest

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
  hook:
    adapter: webhook
    allow_private: true
    retry: {deferred: {attempts: 1}}
    endpoints: {gone: {url: "http://127.0.0.1:9/", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}
routes:
  - {name: orders, match: "api:order/*", where: {subject: /book/}, via: [{truncate: 80}], to: [inbox:orders, hook:gone]}
  - {name: nothing, match: "api:nothing", to: inbox:nobody}
"""


@pytest.fixture
def router(make_router):
    router = make_router(ROUTES)
    for number in range(3):
        sent = router.send(**{"class": f"order/{number}", "subject": "a book"})["id"]
        router.wait_for_state(sent, "hook:gone", "dead")
    return router


def test_routes_are_listed_and_shown_with_what_took_them(router):
    rows = router.json("routes", "list")["routes"]
    assert [(row["name"], row["messages"], row["failed"]) for row in rows] == [("orders", 6, 3), ("nothing", 0, 0)]
    assert "orders" in router.cli("routes", "list")
    shown = router.cli("routes", "show", "orders")
    for words in ["api:order/*", "truncate", "inbox:orders: 3", "hook:gone: 3, 3 failed", "routes.yaml:"]:
        assert words in shown, shown
    assert router.cli("routes", "show", "1") == shown
    none = router.run("routes", "show", "order")
    assert none.returncode == 1 and 'did you mean "orders"' in none.stderr


def test_the_table_is_drawn_with_messages_and_failures_at_its_ways(router, tmp_path):
    dot = router.cli("routes", "graph")
    assert 'label="3, 3 failed", color=' in dot and "style=dashed" in dot and 'label="bounce"' in dot
    mermaid = router.cli("routes", "graph", "--format", "mermaid")
    assert mermaid.startswith("flowchart LR\n") and '-->|"3, 3 failed"|' in mermaid
    router.cli("routes", "graph", "--format", "svg", "--output", tmp_path / "routes.svg")
    picture = xml.etree.ElementTree.parse(tmp_path / "routes.svg")
    words = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"orders", "inbox:orders", "truncate", "3, 3 failed"} <= words


def test_routes_are_read_without_a_router(make_router):
    router = make_router(ROUTES, start=False)
    listed = router.run("routes", "list")
    assert listed.returncode == 0 and "without counts" in listed.stderr and "orders" in listed.stdout
    assert "label=" in router.cli("routes", "graph", "--no-counts")
    wrong = router.run("routes", "graph", "--format", "png")
    assert wrong.returncode == 2 and "dot, mermaid, svg" in wrong.stderr


def test_without_graphviz_it_says_what_to_install(make_router):
    router = make_router(ROUTES, start=False)
    none = router.run("routes", "graph", "--no-counts", "--format", "svg", environment={"PATH": "/nowhere"})
    assert none.returncode == 1 and "install graphviz" in none.stderr
