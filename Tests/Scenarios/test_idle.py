"""A router to which nothing comes sleeps: its threads do not wake, but for what looks around once in a while."""

import pathlib
import time

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
  mail: {adapter: email, address: a@hq.example, accepts: ["*@hq.example"]}
  hook: {adapter: webhook, endpoints: {one: {url: "http://127.0.0.1:9/", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3}}}
  jobs: {adapter: pull}
routes:
  - {match: "api:**", to: inbox:me}
"""


def wakes(router):
    """How often each of its threads went to sleep since the start."""
    counts = {}
    for task in pathlib.Path(f"/proc/{router.server.process.pid}/task").iterdir():
        status = (task / "status").read_text().split("\n")
        value = next(line for line in status if line.startswith("voluntary_ctxt_switches"))
        counts[(task.name, (task / "comm").read_text().strip())] = int(value.split()[1])
    return counts


def test_an_idle_router_does_not_wake(make_router):
    router = make_router(ROUTES)
    router.send(text="something to do")
    router.wait_for_inbox("inbox:me")
    # What has just been done may have something behind it: a timeout of a connection, a look at the spool.
    router.session.close()
    time.sleep(3)
    woke, before = [], wakes(router)
    for _ in range(8):
        time.sleep(1)
        after = wakes(router)
        woke.append({name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)})
        before = after
    # A look around wakes several threads, once in a while; a timer that rings every second leaves none of these empty.
    assert woke.count({}) >= 5, woke
