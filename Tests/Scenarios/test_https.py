"""HTTPS: versions and protocols, certificates by name and of clients, and their renewal under load."""

import hashlib
import json
import pathlib
import re
import shutil
import socket
import ssl
import threading

import pytest
import requests
from support.curl import curl
from support.router import make_certificate
from support.waiting import eventually

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
routes:
  - {match: "api:**", to: inbox:me}
"""
CLIENT_CODES = (16, 35, 52, 55, 56)  # what curl says of a handshake that failed, before or after its own end of it


@pytest.fixture
def router(make_router):
    return make_router(ROUTES, secure=True)


def health(router, *options):
    certificate = None if "--insecure" in options else router.certificate
    return curl(f"https://localhost:{router.https}/healthz", *options, certificate=certificate)


def shown_fingerprint(router, name="localhost"):
    """The fingerprint of the certificate that a new connection is shown."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", router.https), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname=name) as stream:
            der = stream.getpeercert(binary_form=True)
    digest = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digest[index:index + 2] for index in range(0, 64, 2))


@pytest.mark.parametrize("tls", ["1.2", "1.3"])
@pytest.mark.parametrize(("option", "version"), [("--http2", "2"), ("--http1.1", "1.1")])
def test_both_protocols_are_spoken_under_both_versions_of_tls(router, tls, option, version):
    got = health(router, option, f"--tlsv{tls}", "--tls-max", tls)
    assert (got.code, got.status, got.version, got.body) == (0, 200, version, "ok\n")


def test_messages_come_in_by_https_from_programs_and_pages_of_this_machine_only(router):
    def post(*options):
        return curl(f"https://localhost:{router.https}/v1/messages", "--json", '{"text": "by HTTPS"}', *options,
                    certificate=router.certificate).status

    own, other = f"https://localhost:{router.https}", "https://elsewhere.example"
    assert post() == 202
    assert post("--header", f"Origin: {own}") == 202
    assert post("--header", f"Origin: {own.replace('https', 'http')}") == 403
    assert post("--header", f"Origin: {other}") == 403
    assert len(router.wait_for_inbox("inbox:me", count=2)) == 2
    operators = curl(f"https://localhost:{router.https}/v1/status", certificate=router.certificate)
    assert operators.status == 403


def test_the_oldest_version_can_be_set(make_router):
    router = make_router(ROUTES, secure=True, settings="""
        tls: {certificates: {chain: tls/chain.pem, key: tls/key.pem}, minimum: 1.3}
    """)
    assert health(router, "--tls-max", "1.2").code in CLIENT_CODES
    assert health(router).status == 200


def test_who_speaks_plain_http_is_told_to_speak_https(router):
    got = curl(f"http://127.0.0.1:{router.https}/healthz")
    assert got.status == 400 and "https://" in got.body


def test_a_client_gets_the_certificate_for_the_name_it_asks_for(make_router):
    router = make_router(ROUTES, start=False, secure=True, settings="""
        tls:
          certificates:
            - {chain: tls/chain.pem, key: tls/key.pem}
            - {chain: b/chain.pem, key: b/key.pem}
    """)
    second = make_certificate(router.folder / "b", "b.example", "*.b.example")
    first = make_certificate(router.folder / "tls", "a.example")
    router.start()
    names = {"a.example": first, "b.example": second, "x.b.example": second, "c.example": first, "x.y.b.example": first}
    assert {name: shown_fingerprint(router, name) for name in names} == names


@pytest.mark.parametrize("demand", ["require", "request"])
def test_clients_show_a_certificate_that_is_trusted(make_router, demand):
    router = make_router(ROUTES, start=False, secure=True, settings=f"""
        tls:
          certificates: {{chain: tls/chain.pem, key: tls/key.pem}}
          client_certificates: {demand}
          client_ca: client/chain.pem
    """)
    for name in ["client", "stranger"]:
        make_certificate(router.folder / name, f"{name}.example")

    def shows(name):
        folder = router.folder / name
        return health(router, "--cert", folder / "chain.pem", "--key", folder / "key.pem")

    router.start()
    assert shows("client").status == 200
    assert shows("stranger").code in CLIENT_CODES
    without = health(router)
    assert without.status == 200 if demand == "request" else without.code in CLIENT_CODES


def test_certificates_are_renewed_under_load_and_nobody_notices(router):
    kept = requests.Session()
    kept.verify, kept.trust_env = False, False
    url = f"https://127.0.0.1:{router.https}/healthz"
    assert kept.get(url, timeout=10).status_code == 200
    stop, failures, counts = threading.Event(), [], [0, 0]

    def ask(index, session):
        while not stop.is_set():
            try:
                with session() as client:
                    client.verify, client.trust_env = False, False
                    assert client.get(url, timeout=10).status_code == 200
                    counts[index] += 1
            except Exception as error:
                failures.append(repr(error))
                return

    class Kept:
        def __enter__(self):
            return kept

        def __exit__(self, *_):
            pass

    threads = [threading.Thread(target=ask, args=arguments)
               for arguments in [(0, Kept), (1, requests.Session), (1, requests.Session)]]
    for thread in threads:
        thread.start()
    try:
        for _ in range(4):
            fingerprint = make_certificate(router.folder / "tls", "localhost", "127.0.0.1")
            eventually(lambda: shown_fingerprint(router) == fingerprint, "the new certificate is shown")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert min(counts) > 10
    assert router.log_text().count("certificates renewed") == 4
    assert "not reloaded" not in router.log_text()


@pytest.mark.parametrize("fault", ["missing", "other key", "no certificate"])
def test_a_bad_certificate_changes_nothing_and_is_told_until_a_good_one_comes(router, fault):
    before = shown_fingerprint(router)
    chain, key = router.folder / "tls" / "chain.pem", router.folder / "tls" / "key.pem"
    if fault == "missing":
        chain.unlink()
    elif fault == "other key":
        make_certificate(router.folder / "other", "localhost")
        shutil.copy(router.folder / "other" / "key.pem", key)
    else:
        chain.write_text("this is none\n")
    router.wait_for_log("not reloaded")
    assert re.search(r"routes\.yaml:\d+:\d+: router\.tls\.certificates\.(chain|key): ", router.log_text())
    assert shown_fingerprint(router) == before
    assert health(router, "--insecure").status == 200
    after = make_certificate(router.folder / "tls", "localhost")
    eventually(lambda: shown_fingerprint(router) == after, "the good certificate is shown")


def test_other_certificates_in_the_file_are_taken_up_without_a_restart(router):
    fingerprint = make_certificate(router.folder / "second", "localhost")
    router.settings = "tls: {certificates: {chain: second/chain.pem, key: second/key.pem}, minimum: 1.3}"
    router.write(ROUTES)
    eventually(lambda: shown_fingerprint(router) == fingerprint, "the other certificate is shown")
    assert health(router, "--insecure", "--tls-max", "1.2").code in CLIENT_CODES
    assert "restart" not in router.log_text()


def test_a_listener_that_comes_or_goes_waits_for_a_restart_and_the_log_says_so(router):
    del router.listen["https"]
    router.write(ROUTES)
    router.wait_for_log("needs a restart")
    assert re.search(r'needs a restart keys=router\.listen ', router.log_text())
    assert health(router).status == 200


@pytest.mark.parametrize(("listen", "settings", "words"), [
    ({"https": "127.0.0.1:0"}, "", "router.listen.https: TLS needs a certificate"),
    ({"https": "hq.example:443"}, "tls: {certificates: {chain: a, key: b}}", "listening takes an address"),
    ({}, "tls: {certificates: {chain: none.pem, key: none.pem}}", "router.tls.certificates.chain: cannot read"),
    ({}, "tls: {certificates: {chain: routes.yaml, key: routes.yaml}}", "holds no certificate"),
    ({}, "tls: {minimum: 1.1}", "expected 1.2 or 1.3"),
    ({}, "tls: {client_certificates: require}", "client_ca, which is missing"),
    ({}, "tls: {certificates: {chain: a.pem, kee: a.pem}}", 'did you mean "key"'),
    ({}, "http: {trusted_proxies: [10.0.0.1/8]}", "expected a network"),
    ({}, "http: {cors: {origins: [app.example]}}", "expected an origin"),
    ({}, "http: {rate_limit: {client: 5}}", "expected a rate"),
    ({}, 'proxy: {url: "ftp://user:hush@proxy"}', "router.proxy.url: "),
    ({}, 'proxy: {url: "http://proxy", except: ["a/b"]}', "router.proxy.except[0]: "),
])
def test_settings_that_cannot_work_are_told_with_their_place(make_router, listen, settings, words):
    router = make_router(ROUTES, start=False, listen=listen, settings=settings)
    done = router.run("check")
    assert done.returncode == 1
    [line] = [line for line in done.stdout.splitlines() if words in line]
    assert re.match(r"\S*routes\.yaml:\d+:\d+: router\.", line), line
    assert "hush" not in done.stdout + done.stderr
    router.start(wait=False)
    assert router.server.process.wait(20) == 1
    assert words in router.log_text()


def test_a_certificate_for_trying_out_is_made_used_and_shown(make_router):
    router = make_router(ROUTES, start=False)
    made = router.cli("cert", "self-signed")
    assert router.run("cert", "self-signed").returncode == 1, "what is there is not overwritten"
    for name in ["chain.pem", "key.pem"]:
        assert (router.folder / "tls" / name).stat().st_mode & 0o777 == 0o600
    settings = made.split("under router:\n")[1].replace("127.0.0.1:8443", f"127.0.0.1:{router.https}")
    settings = settings.replace("  listen:\n", f"  listen:\n    http: \"127.0.0.1:{router.http}\"\n")
    text = router.file.read_text().replace(f"  listen: {json.dumps(router.listen)}\n", "")
    router.replace_file(text.replace("router:\n", "router:\n" + settings, 1))
    router.start()
    assert health(router).status == 200
    [certificate] = router.json("cert", "show", "tls/chain.pem")["certificates"]
    assert "localhost" in certificate["names"] and "127.0.0.1" in certificate["addresses"]
    [row] = router.json("status")["certificates"]
    assert row["fingerprint"] == certificate["fingerprint"]
    assert pathlib.Path(row["file"]).name == "chain.pem"
