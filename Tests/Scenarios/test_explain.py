"""What `explain` says of messages that are kept, that lie in files, and that come in meanwhile."""

import json
import subprocess

from support.router import BINARY
from support.waiting import eventually

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
  post: {adapter: email, address: "support@hq.example"}
routes:
  - {name: complaints, match: "post:**", where: {subject: /complaint/i}, to: inbox:complaints}
  - {name: orders, match: "api:order", to: inbox:orders}
"""
MAIL = """From: Ann <ann@example.org>
To: support@hq.example
Subject: A complaint
Message-ID: <1@example.org>

The book is torn.
"""


def test_a_kept_message_is_explained_by_todays_file(make_router):
    router = make_router(ROUTES)
    sent = router.send(**{"class": "order", "subject": "one book"})["id"]
    router.write(ROUTES.replace("to: inbox:orders", "to: inbox:elsewhere"))
    text = router.cli("explain", sent)
    assert "inbox:elsewhere, by orders" in text and 'subject "one book"' in text
    nothing = router.run("explain", "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07")
    assert nothing.returncode == 1 and "no message" in nothing.stderr


def test_a_mail_and_an_envelope_are_explained_from_their_files(make_router, tmp_path):
    router = make_router(ROUTES, start=False)
    mail = tmp_path / "complaint.eml"
    mail.write_text(MAIL)
    explained = router.json("explain", "--envelope", mail)
    assert explained["topic"].startswith("post:") and explained["subject"] == "A complaint"
    assert [row["recipient"] for row in explained["dispatches"]] == ["inbox:complaints"]
    envelope = tmp_path / "order.json"
    envelope.write_text(json.dumps({
        "id": "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07", "time": "2026-11-20T10:00:00Z", "from": "api:shop",
        "topic": "api:order", "subject": "one book"}))
    assert "inbox:orders" in router.cli("explain", "--envelope", envelope)
    broken = tmp_path / "broken.json"
    broken.write_text('{"id": ')
    for words, code in [([], 2), (["--envelope", broken], 1), (["--envelope", tmp_path / "none"], 1),
                        (["019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07", "--envelope", mail], 2)]:
        assert router.run("explain", *words).returncode == code, words


def test_messages_are_explained_as_they_come_in(make_router, tmp_path):
    router = make_router(ROUTES)
    with (tmp_path / "live.jsonl").open("w") as output:
        live = subprocess.Popen([BINARY, "explain", "--live", "api:order", "--json", "--config", router.file],
                                stdout=output, cwd=router.folder)
    try:
        def told():
            router.send(**{"class": "alert", "subject": "not asked for"})
            router.send(**{"class": "order", "subject": "one book"})
            return (tmp_path / "live.jsonl").read_text()

        eventually(told, "an explanation")
        lines = [json.loads(line) for line in (tmp_path / "live.jsonl").read_text().splitlines()]
        assert {line["subject"] for line in lines} == {"one book"}
        assert [row["recipient"] for row in lines[0]["dispatches"]] == ["inbox:orders"]
    finally:
        live.terminate()
        live.wait(10)
