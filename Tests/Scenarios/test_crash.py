"""kill -9 at random instants while messages pass: nothing acknowledged is lost (I1, I3, I4)."""

import os
import random
import smtplib
import threading
import time

from support import crash
from support.waiting import eventually

MESSAGES = int(os.environ.get("CRASH_MESSAGES", 10_000))
KILLS = int(os.environ.get("CRASH_KILLS", 12))


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


def test_mail_that_got_its_250_survives_kill_9(make_router):
    """Clients repeat what was not answered; the Message-ID makes the repetition harmless."""
    router = make_router("""
mailboxes:
  inbox: {adapter: inbox, keep: 5000}
  mail: {adapter: email, address: support@hq.example}
routes:
  - {match: "mail:**", to: inbox:mail}
""")
    threads = [MailClient(router.smtp, number) for number in range(4)]
    for thread in threads:
        thread.start()
    for kill in range(1, 4):
        eventually(lambda: sum(len(thread.accepted) for thread in threads) >= kill * 60, "mail passes", 60)
        router.kill9()
        router.start()
    for thread in threads:
        thread.join()
    accepted = [subject for thread in threads for subject in thread.accepted]
    assert len(accepted) == 4 * MailClient.COUNT
    rows = lambda: router.json("spool", "list", "state=delivered", "--limit", "1000")["dispatches"]  # noqa: E731
    eventually(lambda: {row["subject"] for row in rows()} >= set(accepted), "all are delivered", 30, 0.3)
    subjects = [row["subject"] for row in rows()]
    assert len(subjects) == len(set(subjects)), "a repeated mail is one message"


class MailClient(threading.Thread):
    """Sends its mails one after the other, each until it gets a 250."""

    COUNT = 75

    def __init__(self, port, number):
        super().__init__(daemon=True)
        self.port, self.number, self.accepted = port, number, []

    def run(self):
        connection = None
        deadline = time.monotonic() + 90
        while len(self.accepted) < self.COUNT and time.monotonic() < deadline:
            subject = f"mail {self.number} {len(self.accepted)}"
            mail = f"Subject: {subject}\r\nMessage-ID: <{subject.replace(' ', '.')}@example.org>\r\n\r\ntext\r\n"
            try:
                connection = connection or smtplib.SMTP("127.0.0.1", self.port, timeout=20)
                connection.sendmail("ann@example.org", ["support@hq.example"], mail)
                self.accepted.append(subject)
            except (OSError, smtplib.SMTPException):
                connection = None
                time.sleep(0.02)
