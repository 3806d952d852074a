"""Mail comes in by SMTP and LMTP, from swaks, from Postfix and from rude clients."""

import email.message
import socket

import pytest
from support.mail import swaks
from support.router import text_of

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  mail: {adapter: email, address: support@hq.example, accepts: ["*@hq.example"]}
routes:
  - {match: "mail:**", to: inbox:mail}
"""
SMALL = "limits: {message: 64KiB}"


@pytest.fixture
def router(make_router):
    return make_router(ROUTES, settings=SMALL)


def a_mail(**headers):
    mail = email.message.EmailMessage()
    mail["From"], mail["To"] = "Ann Example <ann@example.org>", "support@hq.example"
    mail["Subject"], mail["Message-ID"] = "Hello", "<one@example.org>"
    for name, value in headers.items():
        name = name.replace("_", "-")
        del mail[name]
        mail[name] = value
    mail.set_content("It works.\n")
    return mail


def talk(port, *lines, greeting="EHLO client.example"):
    """Says each line and returns the replies, that to the greeting left out; "421" or "" ends it."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        stream = connection.makefile("rwb")

        def reply():
            answer = b""
            while line := stream.readline():
                answer += line
                if line[3:4] != b"-":
                    break
            return answer.decode()

        assert reply().startswith("220 ")
        replies = []
        for line in ([greeting] if greeting else []) + list(lines):
            stream.write(line if isinstance(line, bytes) else line.encode() + b"\r\n")
            stream.flush()
            replies.append(reply())
        return replies[1:] if greeting else replies


def test_swaks_delivers_a_mail_into_an_inbox(router):
    done = swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example",
                 "--header", "Subject: Printer on fire", "--body", "Please come.")
    assert done.returncode == 0, done.stdout + done.stderr
    [envelope] = router.wait_for_inbox("inbox:mail")
    assert envelope["from"] == "mail:ann@example.org"
    assert envelope["topic"] == "mail:support"
    assert envelope["subject"] == "Printer on fire"
    assert "Please come." in text_of(envelope)


def test_the_reply_to_a_mail_names_the_message_that_trace_knows(router):
    done = swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example", "--body", "x")
    [line] = [line for line in done.stdout.splitlines() if "250 2.0.0" in line]
    message = line.split()[-1]
    assert [dispatch["to"] for dispatch in router.trace(message)["dispatches"]] == ["inbox:mail"]
    assert message in router.cli("trace", message)


def test_lmtp_delivers_and_answers_once_for_each_recipient(router):
    done = swaks(router.lmtp, "--from", "ann@example.org", "--to", "support@hq.example,sales@hq.example",
                 "--body", "both", protocol="LMTP")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("250 2.0.0") == 2, done.stdout
    envelopes = router.wait_for_inbox("inbox:mail", 2)
    assert {envelope["topic"] for envelope in envelopes} == {"mail:support", "mail:sales"}


def test_a_mail_of_utf_8_and_files_arrives_with_its_parts(router):
    mail = a_mail(Subject="Grüße aus 東京 👋", From="Jörg Müller <joerg@example.org>")
    mail.set_content("Schöne Grüße — 你好\n")
    mail.add_attachment(b"\x89PNG\x00\xff binary", maintype="image", subtype="png", filename="Bild ü.png")
    mail.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="table.csv")
    done = swaks(router.smtp, "--from", "joerg@example.org", "--to", "support@hq.example",
                 data=mail.as_bytes())
    assert done.returncode == 0, done.stdout + done.stderr
    [envelope] = router.wait_for_inbox("inbox:mail")
    assert envelope["subject"] == "Grüße aus 東京 👋"
    assert envelope["sender"]["name"] == "Jörg Müller"
    assert "Schöne Grüße — 你好" in text_of(envelope)
    assert {part.get("name") for part in envelope["parts"]} >= {"Bild ü.png", "table.csv"}
    [line] = router.inbox("inbox:mail")
    number = next(index for index, part in enumerate(envelope["parts"]) if part.get("name") == "Bild ü.png")
    download = router.get(f"/inbox/api/messages/{line['id']}/parts/{number}")
    assert download.content == b"\x89PNG\x00\xff binary"
    assert download.headers["Content-Type"] == "image/png"


def test_an_html_mail_is_readable_as_text(router):
    mail = a_mail()
    mail.set_content("<h1>Sale</h1><p>Half <b>price</b></p><script>alert(1)</script>", subtype="html")
    assert swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example",
                 data=mail.as_string()).returncode == 0
    [envelope] = router.wait_for_inbox("inbox:mail")
    assert "Half" in router.inbox("inbox:mail")[0]["snippet"]
    assert "alert(1)" not in text_of(envelope)


def test_the_same_mail_twice_is_one_message(router):
    for _ in range(2):
        assert swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example",
                     data=a_mail().as_string()).returncode == 0
    swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example", "--body", "last")
    router.wait_for_inbox("inbox:mail", 2)
    assert len(router.inbox("inbox:mail")) == 2


def test_postfix_relays_into_the_smtp_listener(router, make_postfix):
    postfix = make_postfix({"hq.example": f"smtp:[127.0.0.1]:{router.smtp}"})
    done = swaks(postfix.port, "--from", "ann@example.org", "--to", "support@hq.example", "--body", "over the relay")
    assert done.returncode == 0, done.stdout + done.stderr
    [envelope] = router.wait_for_inbox("inbox:mail", seconds=40)
    assert "over the relay" in text_of(envelope)
    assert envelope["topic"] == "mail:support"


def test_postfix_delivers_by_lmtp(router, make_postfix):
    postfix = make_postfix({"hq.example": f"lmtp:inet:127.0.0.1:{router.lmtp}"})
    done = swaks(postfix.port, "--from", "ann@example.org", "--to", "support@hq.example", "--body", "by lmtp")
    assert done.returncode == 0, done.stdout + done.stderr
    [envelope] = router.wait_for_inbox("inbox:mail", seconds=40)
    assert "by lmtp" in text_of(envelope)


def test_the_listener_offers_the_extensions_it_keeps(router):
    done = swaks(router.smtp, "--quit-after", "EHLO")
    offered = {line.split("250")[1].strip("- ").split()[0] for line in done.stdout.splitlines() if "250" in line}
    assert {"SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING"} <= offered


def test_an_unknown_recipient_gets_550(router):
    done = swaks(router.smtp, "--from", "ann@example.org", "--to", "bo@elsewhere.example", "--body", "x")
    assert done.returncode == 24, done.stdout
    assert "550 5.1.1" in done.stdout


def test_a_mail_over_the_limit_gets_552_when_it_is_announced_and_when_it_is_not(router):
    announced = talk(router.smtp, "MAIL FROM:<ann@example.org> SIZE=99999999")
    assert announced[0].startswith("552 5.3.4")
    done = swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example",
                 data="Subject: big\n\n" + "\n".join(["x" * 70] * 2000) + "\n")
    assert done.returncode == 26, done.stdout[-2000:]
    assert "552 5.3.4" in done.stdout
    assert router.inbox("inbox:mail") == []


@pytest.mark.parametrize(("lines", "code"), [
    (["NONSENSE"], "500"),
    (["MAIL FROM ann"], "501"),
    (["MAIL FROM:<ann@example.org> FOO=1"], "555"),
    (["RCPT TO:<support@hq.example>"], "503"),
    (["DATA"], "503"),
    (["MAIL FROM:<ann@example.org>", "MAIL FROM:<ann@example.org>"], "503"),
    (["MAIL FROM:<änn@example.org>"], "553"),
    ([b"NOOP\n"], "500"),
    (["NOOP " + "x" * 5000], "500"),
    (["VRFY ann"], "252"),
    (["STARTTLS"], "50"),
])
def test_a_bad_command_gets_its_code_and_the_session_goes_on(router, lines, code):
    replies = talk(router.smtp, *lines, "RSET")
    assert replies[-2].startswith(code), replies
    assert replies[-1].startswith("250"), replies


def test_mail_before_hello_is_refused(router):
    [reply] = talk(router.smtp, "MAIL FROM:<ann@example.org>", greeting=None)
    assert reply.startswith("503")


def test_a_bare_line_feed_does_not_end_a_mail(router):
    smuggled = (b"Subject: first\r\n\r\ntext\n.\n"
                b"MAIL FROM:<evil@example.org>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\n"
                b"Subject: second\r\n\r\nsmuggled\r\n.\r\n")
    replies = talk(router.smtp, "MAIL FROM:<ann@example.org>", "RCPT TO:<support@hq.example>", "DATA", smuggled)
    assert replies[2].startswith("354")
    assert router.cli("spool", "list", "state=waiting,trying,delivered", "--json").count("evil@example.org") == 0


def test_dots_at_the_beginning_of_lines_arrive_as_they_were(router):
    done = swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example",
                 data="Subject: dots\n\n.one\n..two\n.\n...\nend\n")
    assert done.returncode == 0, done.stdout
    [envelope] = router.wait_for_inbox("inbox:mail")
    assert text_of(envelope).splitlines() == [".one", "..two", ".", "...", "end"]


def test_broken_mime_is_taken_or_refused_but_never_breaks_the_router(router):
    broken = ["Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
              "Subject: =?utf-8?B?4pyT\nContent-Transfer-Encoding: base64\n\n!!!!\n",
              "Content-Type: text/plain; charset=nonsense\n\n\ufffd\n", ": :\n\n", "\n"]
    for data in broken:
        done = swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example", data=data)
        assert done.returncode in (0, 26), done.stdout
    assert router.get("/healthz").status_code == 200
