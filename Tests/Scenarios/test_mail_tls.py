"""Mail under TLS and from users who log in: swaks, Postfix and Python's smtplib as the other end."""

import smtplib
import ssl
import subprocess

import pytest
from support.mail import swaks
from support.router import text_of
from support.waiting import free_port

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  mail: {adapter: email, address: support@hq.example, accepts: ["*@hq.example"]}
routes:
  - {match: "mail:**", to: inbox:mail}
"""
USERS = """\
smtp: {users: {ann@example.org: {password: "${ANN_PASSWORD}"}, ci: {password: "ci s3cret", senders: "*@ci.example"}}}
"""
PASSWORD = "pass w0rd"
TO = ["--to", "support@hq.example"]
LOGIN = ["--auth-user", "ann@example.org", "--auth-password", PASSWORD]


@pytest.fixture
def make_mail_router(make_router):
    def make(settings=USERS, listen=None):
        port = free_port()
        router = make_router(ROUTES, settings=settings, secure=True,
                             listen={"smtps": f"127.0.0.1:{port}", **(listen or {})},
                             environment={"ANN_PASSWORD": PASSWORD})
        router.smtps = port
        return router

    return make


@pytest.fixture
def router(make_mail_router):
    return make_mail_router()


def trust(router):
    return ssl.create_default_context(cafile=router.certificate)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_swaks_logs_in_after_starttls_and_its_author_is_verified(router, mechanism):
    done = swaks(router.smtp, "--tls", "--tls-verify", "--tls-ca-path", str(router.certificate), "--auth", mechanism,
                 *LOGIN, "--from", "ann@example.org", *TO, "--body", "under TLS")
    assert done.returncode == 0, done.stdout + done.stderr
    [envelope] = router.wait_for_inbox("inbox:mail")
    assert "under TLS" in text_of(envelope)
    assert envelope["sender"]["authenticated"] is True
    assert envelope["meta"]["user"] == "ann@example.org"
    assert envelope["meta"]["tls"] == "TLSv1.3"
    assert PASSWORD not in router.log_text()


def test_swaks_logs_in_under_tls_from_the_first_byte(router):
    done = swaks(router.smtps, "--tls-on-connect", *LOGIN, "--from", "ann@example.org", *TO, "--body", "x")
    assert done.returncode == 0, done.stdout + done.stderr
    [envelope] = router.wait_for_inbox("inbox:mail")
    assert envelope["sender"]["authenticated"] is True


def test_mail_without_a_login_comes_in_with_an_author_that_is_only_claimed(router):
    assert swaks(router.smtp, "--tls", "--from", "bo@example.org", *TO, "--body", "x").returncode == 0
    [envelope] = router.wait_for_inbox("inbox:mail")
    assert "authenticated" not in envelope["sender"]
    assert "user" not in envelope["meta"] and envelope["meta"]["tls"] == "TLSv1.3"


def test_smtplib_sends_under_both_ways_of_tls(router):
    text = "From: {}\r\nSubject: Hello\r\nMessage-ID: <{}@example.org>\r\n\r\nfrom Python\r\n"
    with smtplib.SMTP("localhost", router.smtp, timeout=20) as client:
        client.ehlo()
        assert client.has_extn("starttls") and not client.has_extn("auth")
        with pytest.raises(smtplib.SMTPNotSupportedError):
            client.login("ann@example.org", PASSWORD)
        client.starttls(context=trust(router))
        client.login("ann@example.org", PASSWORD)
        client.sendmail("ann@example.org", ["support@hq.example"], text.format("ann@example.org", 1))
    with smtplib.SMTP_SSL("localhost", router.smtps, timeout=20, context=trust(router)) as client:
        client.login("ci", "ci s3cret")
        client.sendmail("build@ci.example", ["support@hq.example"], text.format("build@ci.example", 2))
    envelopes = router.wait_for_inbox("inbox:mail", 2)
    assert {envelope["meta"]["user"] for envelope in envelopes} == {"ann@example.org", "ci"}


def test_postfix_delivers_under_tls_when_it_must(router, make_postfix):
    postfix = make_postfix({"hq.example": f"smtp:[127.0.0.1]:{router.smtp}"})
    folder = str(postfix.folder / "etc")
    subprocess.run(["postconf", "-c", folder, "-e", "smtp_tls_security_level = encrypt"], check=True)
    subprocess.run(["postfix", "-c", folder, "reload"], check=True, capture_output=True)
    done = swaks(postfix.port, "--from", "ann@example.org", *TO, "--body", "over the relay")
    assert done.returncode == 0, done.stdout + done.stderr
    [envelope] = router.wait_for_inbox("inbox:mail", seconds=40)
    assert envelope["meta"]["tls"] == "TLSv1.3"


@pytest.mark.parametrize(("user", "password"), [("ann@example.org", "hunter2"), ("nobody", PASSWORD)])
def test_a_wrong_login_is_refused_and_logged_without_the_password(router, user, password):
    done = swaks(router.smtps, "--tls-on-connect", "--auth-user", user, "--auth-password", password,
                 "--from", "ann@example.org", *TO, "--body", "x")
    assert done.returncode == 28  # swaks: the login failed
    assert "535 5.7.8" in done.stdout
    router.wait_for_log("mail login refused")
    assert password not in router.log_text()


def test_a_user_sends_neither_from_nor_as_somebody_else(router):
    done = swaks(router.smtps, "--tls-on-connect", *LOGIN, "--from", "bo@example.org", *TO, "--body", "x")
    assert "553 5.7.1" in done.stdout
    done = swaks(router.smtps, "--tls-on-connect", *LOGIN, "--from", "ann@example.org", *TO,
                 "--h-From", "Bo <bo@example.org>", "--body", "x")
    assert "554 5.7.1 ann@example.org may not send as the author in From" in done.stdout
    assert router.inbox("inbox:mail") == []


def test_where_a_login_is_required_nobody_else_gets_in_but_by_lmtp(make_mail_router):
    router = make_mail_router(USERS.replace("smtp: {", "smtp: {require_login: true, "))
    assert "530 5.7.0" in swaks(router.smtp, "--from", "bo@example.org", *TO, "--body", "x").stdout
    assert "530 5.7.0" in swaks(router.smtps, "--tls-on-connect", "--from", "bo@example.org", *TO, "--body", "x").stdout
    assert swaks(router.lmtp, "--from", "bo@example.org", *TO, "--body", "x", protocol="LMTP").returncode == 0
    assert swaks(router.smtp, "--tls", *LOGIN, "--from", "ann@example.org", *TO, "--body", "x").returncode == 0


def test_a_changed_password_counts_after_a_reload(router):
    def login(password):
        return swaks(router.smtps, "--tls-on-connect", "--auth-user", "ci", "--auth-password", password,
                     "--from", "a@ci.example", *TO, "--body", "x").returncode

    assert login("ci s3cret") == 0
    router.settings = router.settings.replace("ci s3cret", "other s3cret")
    router.write(ROUTES)
    router.wait_for_log("configuration reloaded")
    assert (login("ci s3cret"), login("other s3cret")) == (28, 0)


def test_behind_a_proxy_the_client_is_the_one_the_proxy_names(make_mail_router):
    port = free_port()
    router = make_mail_router(listen={"smtp": f"127.0.0.1:{port}", "proxy_protocol": {"smtp": "127.0.0.1/32"}})
    done = swaks(port, "--proxy-version", "1", "--proxy-family", "TCP4", "--proxy-source", "192.0.2.7",
                 "--proxy-source-port", "4711", "--proxy-dest", "127.0.0.1", "--proxy-dest-port", "25", "--tls",
                 "--from", "bo@example.org", *TO, "--body", "x")
    assert done.returncode == 0, done.stdout + done.stderr
    [envelope] = router.wait_for_inbox("inbox:mail")
    assert envelope["meta"]["client"] == "192.0.2.7" and envelope["meta"]["tls"] == "TLSv1.3"
