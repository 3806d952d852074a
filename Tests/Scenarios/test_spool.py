"""The spool: long backlogs, damage, and what waits over restarts."""

import json
import pathlib
import sqlite3

from support.sinks import Answer
from support.waiting import eventually

ROUTES = """
mailboxes:
  inbox: {{adapter: inbox}}
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    retry: {{first: 100ms, factor: 1, maximum: 1s}}
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: "api:**", to: hook:sink}}
"""
BACKLOG = 3_000


def memory_mib(router):
    status = pathlib.Path(f"/proc/{router.server.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def test_a_long_backlog_costs_little_memory_and_goes_out_in_order(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()))
    router.cli("mailboxes", "pause", "hook")
    meta = {"padding": "x" * 5000}
    lines = [json.dumps({"text": str(number), "thread": "one", "meta": meta}) for number in range(BACKLOG)]

    def post(chunk):
        answer = router.post("/v1/messages", data="\n".join(chunk), headers={"Content-Type": "application/x-ndjson"})
        assert answer.status_code == 202, answer.text

    post(lines[:500])
    before = memory_mib(router)
    for start in range(500, BACKLOG, 500):
        post(lines[start:start + 500])
    grown = memory_mib(router) - before
    assert grown < 30, f"{grown:.0f} MiB for {(BACKLOG - 500) * 5 / 1024:.0f} MiB of messages"
    router.restart()
    router.cli("mailboxes", "resume", "hook")
    requests = sink.wait_for(BACKLOG, seconds=90)
    assert [request.text for request in requests] == [str(number) for number in range(BACKLOG)]


def test_a_damaged_message_is_set_aside_and_listed_and_stops_nobody(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()))
    router.cli("mailboxes", "pause", "hook")
    ids = [router.send(text=str(number))["id"] for number in range(3)]
    router.stop()
    connection = sqlite3.connect(router.data / "spool.db")
    connection.execute("UPDATE messages SET envelope = x'00ff' WHERE sequence = (SELECT sequence FROM messages "
                       "ORDER BY sequence LIMIT 1 OFFSET 1)")
    connection.commit()
    connection.close()
    router.start()
    router.cli("mailboxes", "resume", "hook")
    sink.wait_for(2)
    assert {request.envelope["id"] for request in sink.requests} == {ids[0], ids[2]}
    damaged = eventually(lambda: router.json("spool", "list", "--damaged")["damaged"], "the damage is listed")
    assert len(damaged) == 1 and damaged[0]["reason"]
    connection = sqlite3.connect(router.data / "spool.db")
    assert connection.execute("SELECT count(*) FROM messages").fetchone() == (3,), "nothing is deleted"
    connection.close()
    router.restart()
    assert len(router.json("spool", "list", "--damaged")["damaged"]) == 1
    router.send(text="after")
    sink.wait_for(3)


def test_a_message_that_is_not_due_waits_over_a_restart(make_router, sink):
    import datetime
    router = make_router(ROUTES.format(url=sink.url()))
    due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
    router.send(text="later", not_before=due.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    router.restart()
    [request] = sink.wait_for(1)
    arrived = datetime.datetime.now(datetime.timezone.utc)
    assert arrived >= due, "not before its time"
    assert request.text == "later"


def test_a_message_that_expires_bounces_to_its_sender_and_is_a_dead_letter(make_router, sink):
    import datetime
    sink.behave = lambda request: Answer(503)
    router = make_router(ROUTES.format(url=sink.url()))
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    sent = router.send(**{"text": "soon", "expires": until.isoformat(timespec="milliseconds").replace("+00:00", "Z")})
    router.wait_for_state(sent["id"], "hook:sink", "dead", seconds=30)
    trace = router.trace(sent["id"])
    assert "expire" in trace["dispatches"][0]["reason"].lower()
    assert len(trace["children"]) == 1
    bounce = router.trace(trace["children"][0]["id"])
    assert bounce["message"]["kind"] == "bounce"
    assert not bounce["children"], "a bounce causes no bounce"


def test_a_chain_of_bounces_ends(make_router, sink):
    sink.behave = lambda request: Answer(400)
    router = make_router(ROUTES.format(url=sink.url()))
    sent = router.send(**{"text": "x"})
    router.wait_for_state(sent["id"], "hook:sink", "dead")
    [child] = router.trace(sent["id"])["children"]
    eventually(lambda: all(dispatch["state"] in ("dead", "delivered", "dropped")
                           for dispatch in router.trace(child["id"])["dispatches"]), "the bounce is settled")
    assert router.trace(child["id"])["children"] == []


def test_a_dead_letter_is_rerouted_over_a_restart_and_the_audit_says_by_whom(make_router, sink):
    sink.behave = lambda request: Answer(400)
    router = make_router(ROUTES.format(url=sink.url()))
    sent = router.send(text="for anybody")
    router.wait_for_state(sent["id"], "hook:sink", "dead")
    wanted = ("spool", "reroute", f"message={sent['id']}", "--to", "inbox:ann", "--reason", "sink has moved")
    router.cli(*wanted, "--dry-run")
    assert router.states(sent["id"]) == {"hook:sink": "dead"}, "a dry run does nothing"
    [rerouted] = router.json(*wanted)["dispatches"]
    assert rerouted["to"] == "inbox:ann" and rerouted["rerouted_from"] == sent["dispatches"][0]["number"]
    router.wait_for_state(sent["id"], "inbox:ann", "delivered")
    router.restart()
    assert router.states(sent["id"]) == {"hook:sink": "dropped", "inbox:ann": "delivered"}
    [row] = router.json("spool", "audit")["audit"]
    assert (row["changed"], row["target"], row["reason"]) == (1, "inbox:ann", "sink has moved")


def test_what_is_held_until_a_time_goes_on_by_itself(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()))
    router.cli("mailboxes", "pause", "hook")
    sent = router.send(text="later")
    router.cli("spool", "hold", f"message={sent['id']}", "--until", "3s")
    router.cli("mailboxes", "resume", "hook")
    router.send(text="now")
    assert [request.text for request in sink.wait_for(1)] == ["now"]
    router.restart()
    router.wait_for_state(sent["id"], "hook:sink", "delivered")
    assert [request.text for request in sink.wait_for(2)] == ["now", "later"]
