"""What the daemon agrees on with `openssl s_client`, as scanners of TLS ask."""

import re
import subprocess

import pytest

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
"""
ANY = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"


@pytest.fixture(scope="module")
def router(tmp_path_factory):
    from support.router import Router
    router = Router(tmp_path_factory.mktemp("tls") / "router", ROUTES, secure=True).start()
    yield router
    router.stop()


def ask(router, *options, text="Q\n"):
    """What s_client says; its exit code is 0 when there was a connection."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{router.https}", "-servername", "localhost", *map(str, options)],
        input=text, capture_output=True, text=True, errors="replace", timeout=20)
    return done.returncode, done.stdout + done.stderr


def agreed(router, *options):
    """The version and the cipher that were agreed on; nothing without a connection."""
    found = re.search(r"New, (\S+), Cipher is (\S+)", ask(router, *options)[1])
    return found and found[2] != "(NONE)" and (found[1], found[2])


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_old_versions_are_refused_whatever_the_cipher(router, version):
    assert not agreed(router, version, "-cipher", ANY)


@pytest.mark.parametrize("cipher", ["AES128-SHA", "AES256-GCM-SHA384", "DES-CBC3-SHA", "ECDHE-ECDSA-AES128-SHA", "RC4-SHA",
                                    "ECDHE-ECDSA-AES256-SHA384", "aNULL", "eNULL", "EXPORT"])
def test_ciphers_without_forward_secrecy_or_authentication_are_refused(router, cipher):
    assert not agreed(router, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                                    "ECDHE-ECDSA-CHACHA20-POLY1305"])
def test_what_clients_of_today_speak_is_taken(router, cipher):
    assert agreed(router, "-tls1_2", "-cipher", cipher)[1] == cipher
    assert agreed(router, "-tls1_3")[0] == "TLSv1.3"


def test_there_is_no_compression_and_the_old_attack_on_renegotiation_is_guarded_against(router):
    said = ask(router, "-tls1_2", "-comp")[1]
    assert "Compression: NONE" in said
    assert "Secure Renegotiation IS supported" in said


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_a_session_is_resumed(router, version, tmp_path):
    session = tmp_path / "session"
    request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    first = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{router.https}", version, "-sess_out", session, "-ign_eof",
         "-quiet"], input=request, capture_output=True, text=True, timeout=20)
    assert "ok" in first.stdout and session.exists()
    assert "Reused, TLS" in ask(router, version, "-sess_in", session)[1]


@pytest.mark.parametrize(("offer", "chosen"), [
    ("h2,http/1.1", "h2"), ("http/1.1,h2", "h2"), ("http/1.1", "http/1.1"),
])
def test_http2_is_chosen_where_the_client_has_it(router, offer, chosen):
    assert f"ALPN protocol: {chosen}" in ask(router, "-alpn", offer)[1]


def test_a_client_that_speaks_neither_is_refused(router):
    code, said = ask(router, "-alpn", "spdy/3")
    assert "no application protocol" in said
