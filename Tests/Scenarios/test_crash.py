"""kill -9 at random instants while messages pass: nothing acknowledged is lost (I1, I3, I4)."""

import os
import random

from support import crash

MESSAGES = int(os.environ.get("CRASH_MESSAGES", 4_000))
KILLS = int(os.environ.get("CRASH_KILLS", 6))


def test_kill_9_at_random_instants_loses_nothing_and_repeats_only_what_was_in_flight(make_router, sink):
    seed = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
    router = make_router(crash.routes(sink))
    report = crash.run(router, sink, MESSAGES, KILLS, seed)
    print(report)
    assert report.faults == [], f"{report}; repeat with CRASH_SEED={seed}"
    assert report.accepted == MESSAGES and report.lost == 0 and report.kills == KILLS


def test_what_waits_when_the_router_is_killed_goes_out_afterwards(make_router, sink):
    router = make_router(crash.routes(sink))
    router.cli("mailboxes", "pause", "hook")
    ids = [router.send(**{"class": "even", "text": f"0 {number}", "thread": "one"})["id"] for number in range(50)]
    router.kill9()
    router.start()
    assert sink.requests == [], "a pause outlives a restart"
    router.cli("mailboxes", "resume", "hook")
    requests = sink.wait_for(50)
    assert [request.envelope["id"] for request in requests] == ids
