"""Looking after the spool from the command line: check, backup, restore, repair."""

import json
import sqlite3

from support.waiting import eventually

ROUTES = """
mailboxes:
  inbox: {{adapter: inbox}}
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: "api:**", to: hook:sink}}
"""


def waiting_router(make_router, sink, count):
    """A router with so many messages that wait."""
    router = make_router(ROUTES.format(url=sink.url()))
    router.cli("mailboxes", "pause", "hook")
    for number in range(count):
        router.send(text=f"{number} " + "x" * 2000)
    return router


def spoil_a_page(database):
    """Fills a page with messages with what no page looks like."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [(page,)] = connection.execute("SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf' "
                                   "ORDER BY path LIMIT 1 OFFSET 5")
    connection.close()
    with open(database, "r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


def test_a_backup_of_a_running_router_brings_back_what_waited(make_router, sink, tmp_path):
    router = waiting_router(make_router, sink, 5)
    assert router.json("spool", "check")["sound"] is True
    assert router.json("spool", "backup", str(tmp_path / "copy"))["messages"] == 5
    told = router.run("spool", "backup", str(tmp_path / "second")).stderr
    assert f"copied to {tmp_path / 'second' / 'spool.db'}" in told
    refused = router.run("spool", "restore", str(tmp_path / "copy"))
    assert refused.returncode == 1 and "another router has it open" in refused.stderr
    router.stop()
    refused = router.run("spool", "restore", str(tmp_path / "copy"))
    assert refused.returncode == 1 and "nothing is overwritten" in refused.stderr
    for file in router.data.glob("spool.db*"):
        file.unlink()
    told = router.run("spool", "restore", str(tmp_path / "copy")).stderr
    assert f"restored {router.data / 'spool.db'} from {tmp_path / 'copy'}" in told
    router.start()
    router.cli("mailboxes", "resume", "hook")
    assert len(sink.wait_for(5)) == 5


def test_a_damaged_spool_is_told_and_repaired_and_the_rest_is_delivered(make_router, sink):
    router = waiting_router(make_router, sink, 40)
    router.stop()
    spoil_a_page(router.data / "spool.db")
    checked = router.run("spool", "check", "--json")
    assert checked.returncode == 1 and json.loads(checked.stdout)["findings"]
    repaired = router.run("spool", "repair", "--json")
    assert repaired.returncode == 1, "something is lost"
    lost = json.loads(repaired.stdout)["lost"]
    assert any("the content of message" in finding["problem"] for finding in lost)
    assert router.run("spool", "check").returncode == 0
    router.start()
    router.cli("mailboxes", "resume", "hook")
    dead = len(router.json("spool", "list", "state=dead")["dispatches"])
    assert 1 <= dead < 10
    sink.wait_for(40 - dead)
    assert router.json("spool", "list", "--damaged")["damaged"]


def test_a_damaged_page_is_named_and_set_aside_and_the_rest_is_delivered_without_a_repair(make_router, sink):
    router = waiting_router(make_router, sink, 40)
    router.stop()
    spoil_a_page(router.data / "spool.db")
    router.start()
    router.cli("mailboxes", "resume", "hook")
    dead = eventually(lambda: router.json("spool", "list", "--damaged")["damaged"], "the damage is listed", 20)
    assert 1 <= len(dead) < 10 and all(row["place"].startswith("messages ") for row in dead)
    sink.wait_for(40 - len(dead))
    assert "damage set aside" in router.log_text()
    router.send(text="afterwards")
    sink.wait_for(41 - len(dead))
