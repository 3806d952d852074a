"""Mail goes out through Postfix, and what is answered finds its way back."""

import base64
import email.message

from support.mail import swaks
from support.router import text_of
from support.waiting import eventually, free_port

ROUTES = """
mailboxes:
  inbox: {{adapter: inbox}}
  api: {{adapter: http}}
  mail:
    adapter: email
    address: support@hq.example
    name: HQ Support
    accepts: ["*@hq.example"]
    smtp: {{host: 127.0.0.1, port: {port}, tls: none}}
    retry: {{first: 200ms, factor: 1, maximum: 1s}}
routes:
  - {{match: "mail:**", to: inbox:me}}
"""


def connected(make_router, make_postfix, dovecot):
    """A router and a Postfix that hand each other mail; Dovecot keeps that of example.org."""
    router = make_router(start=False)
    postfix = make_postfix({"example.org": f"lmtp:inet:127.0.0.1:{dovecot.port}",
                            "hq.example": f"smtp:[127.0.0.1]:{router.smtp}"})
    router.write(ROUTES.format(port=postfix.port))
    return router.start(), postfix


def test_a_message_goes_out_as_a_mail_and_an_answer_in_its_thread(make_router, make_postfix, dovecot):
    router, postfix = connected(make_router, make_postfix, dovecot)

    # Ann writes through the relay.
    question = email.message.EmailMessage()
    question["From"], question["To"] = "Ann <ann@example.org>", "support@hq.example"
    question["Subject"], question["Message-ID"] = "Where is my parcel?", "<question@example.org>"
    question.set_content("It should be here.\n")
    assert swaks(postfix.port, "--from", "ann@example.org", "--to", "support@hq.example",
                 data=question.as_string()).returncode == 0
    [envelope] = router.wait_for_inbox("inbox:me", seconds=40)
    assert envelope["from"] == "mail:ann@example.org"

    # Somebody answers on the inbox page; nothing but the thread says where that goes.
    [line] = router.inbox("inbox:me")
    answer = router.post(f"/inbox/api/messages/{line['id']}/reply", json={"text": "It is **on its way**."})
    assert answer.status_code == 202, answer.text
    assert answer.json()["to"] == ["mail:ann@example.org"]
    [mail] = dovecot.wait_for("ann@example.org", seconds=40)
    assert mail["Subject"] == "Re: Where is my parcel?"
    assert mail["In-Reply-To"] == "<question@example.org>"
    assert "<question@example.org>" in mail["References"]
    assert "support@hq.example" in mail["From"]
    assert "on its way" in mail.get_body(("plain",)).get_content()

    # Ann answers that mail, and the inbox's owner gets it in the same thread.
    again = email.message.EmailMessage()
    again["From"], again["To"] = "Ann <ann@example.org>", "support@hq.example"
    again["Subject"] = "Re: Where is my parcel?"
    again["Message-ID"], again["In-Reply-To"], again["References"] = (
        "<again@example.org>", mail["Message-ID"], f"<question@example.org> {mail['Message-ID']}")
    again.set_content("Thank you!\n")
    assert swaks(postfix.port, "--from", "ann@example.org", "--to", "support@hq.example",
                 data=again.as_string()).returncode == 0
    second = router.wait_for_inbox("inbox:me", 2, seconds=40)[1]
    assert "Thank you!" in text_of(second)
    assert second["thread"] == envelope["thread"]


def test_a_mail_that_goes_out_has_its_subject_its_files_and_an_id_of_its_own(make_router, make_postfix, dovecot):
    router, _ = connected(make_router, make_postfix, dovecot)
    sent = router.send(**{
        "to": "mail:bo@example.org", "subject": "Grüße aus 東京 👋", "sender": {"name": "Jörg, of the API"},
        "parts": [
            {"type": "text", "format": "markdown", "text": "Schöne **Grüße** — 你好"},
            {"type": "file", "media_type": "application/pdf", "name": "Bericht ü.pdf",
             "data": base64.b64encode(b"%PDF-\x00\xff").decode()},
        ]})
    [mail] = dovecot.wait_for("bo@example.org", seconds=40)
    assert mail["Subject"] == "Grüße aus 東京 👋"
    assert mail["To"] == "<bo@example.org>" or "bo@example.org" in mail["To"]
    assert mail["Message-ID"].endswith("@hq.example>")
    assert mail["Date"] and mail["MIME-Version"] == "1.0"
    assert "\n" not in mail["From"] and "support@hq.example" in mail["From"]
    assert "你好" in mail.get_body(("plain",)).get_content()
    [file] = list(mail.iter_attachments())
    assert file.get_filename() == "Bericht ü.pdf"
    assert file.get_content() == b"%PDF-\x00\xff"
    router.wait_for_state(sent["id"], "mail:bo@example.org", "delivered")
    [dispatch] = router.trace(sent["id"])["dispatches"]
    assert dispatch["remote_ids"] == [mail["Message-ID"].strip("<>")]


def test_a_subject_with_line_breaks_makes_no_header(make_router, make_postfix, dovecot):
    router, _ = connected(make_router, make_postfix, dovecot)
    router.send(to="mail:bo@example.org", subject="Hello\r\nBcc: evil@example.org", text="x")
    [mail] = dovecot.wait_for("bo@example.org", seconds=40)
    assert mail["Bcc"] is None
    assert "Hello" in mail["Subject"]


def test_a_recipient_whom_the_server_refuses_bounces_to_the_sender(make_router, make_postfix, dovecot):
    router, postfix = connected(make_router, make_postfix, dovecot)
    sent = router.send(**{"from": "api:local", "to": "mail:nobody@[", "text": "x"})
    router.wait_for_state(sent["id"], "mail:nobody@[", "dead")
    [dispatch] = router.trace(sent["id"])["dispatches"]
    assert dispatch["reason"]


def test_a_mail_waits_while_the_server_is_away_and_goes_when_it_is_back(make_router, make_postfix, dovecot):
    router = make_router(start=False)
    away = free_port()
    router.write(ROUTES.format(port=away))
    router.start()
    router.write(ROUTES.format(port=away) + "  - {match: \"api:later\", to: mail:cy@example.org}\n")
    router.wait_for_log("configuration reloaded")
    sent = router.send(**{"class": "later", "text": "patience"})
    eventually(lambda: len(router.trace(sent["id"])["dispatches"][0]["attempts_made"]) >= 2, "two attempts")
    assert router.states(sent["id"]) == {"mail:cy@example.org": "waiting"}
    postfix = make_postfix({"example.org": f"lmtp:inet:127.0.0.1:{dovecot.port}"})
    router.write(ROUTES.format(port=postfix.port))
    [mail] = dovecot.wait_for("cy@example.org", seconds=60)
    assert "patience" in mail.get_body(("plain",)).get_content()
