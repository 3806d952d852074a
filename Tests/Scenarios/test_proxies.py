"""Behind a proxy: who the client is, as trusted proxies tell it, and nobody else."""

import re
import socket
import ssl
import struct

import pytest
from support.curl import curl
from support.processes import Server
from support.waiting import accepts_connections, eventually, free_port

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
  mail: {adapter: email, address: support@hq.example}
routes:
  - {match: ["api:**", "mail:**"], to: inbox:me}
"""
V2 = b"\r\n\r\n\x00\r\nQUIT\n"


@pytest.fixture
def make(make_router):
    def make(http="", listen=None, **options):
        return make_router(ROUTES, listen=listen, settings=f"http: {{access_log: true{http and ', ' + http}}}",
                           **options)

    return make


def clients(router, path):
    """The clients that the access log names for a path, without their ports."""
    pattern = rf"request method=\S+ path={re.escape(path)} .* remote=(\S+) "
    return [found.rpartition(":")[0] for found in re.findall(pattern, router.log_text())]


def client(router, path, *headers, **options):
    curl(router.url(path), *(word for header in headers for word in ("--header", header)), **options)
    return eventually(lambda: clients(router, path), f"the log names the client of {path}")[-1]


@pytest.mark.parametrize(("headers", "seen"), [
    (["X-Forwarded-For: 192.0.2.7"], "192.0.2.7"),
    (["X-Forwarded-For: 192.0.2.9, 192.0.2.7"], "192.0.2.7"),
    (["X-Forwarded-For: 192.0.2.9, 10.1.1.1"], "192.0.2.9"),
    (["X-Forwarded-For: 192.0.2.9", "X-Forwarded-For: 192.0.2.7"], "192.0.2.7"),
    (["X-Forwarded-For: 2001:db8::7"], "[2001:db8::7]"),
    (["X-Forwarded-For: nonsense"], "127.0.0.1"),
    (["Forwarded: for=192.0.2.7"], "127.0.0.1"),
    ([], "127.0.0.1"),
])
def test_a_trusted_proxy_tells_who_the_client_is(make, headers, seen):
    router = make("trusted_proxies: [127.0.0.1, 10.0.0.0/8]")
    assert client(router, "/seen", *headers) == seen


@pytest.mark.parametrize(("header", "seen"), [
    ("Forwarded: for=192.0.2.7;proto=https", "192.0.2.7"),
    ('Forwarded: for="[2001:db8::7]:4711"', "[2001:db8::7]"),
    ("Forwarded: for=192.0.2.9, for=192.0.2.7", "192.0.2.7"),
    ("X-Forwarded-For: 192.0.2.7", "127.0.0.1"),
])
def test_the_standard_field_counts_where_proxies_write_that(make, header, seen):
    router = make("trusted_proxies: 127.0.0.1, proxy_fields: forwarded")
    assert client(router, "/seen", header) == seen


def test_who_is_no_trusted_proxy_tells_nothing(make):
    router = make("trusted_proxies: 10.0.0.0/8")
    assert client(router, "/seen", "X-Forwarded-For: 192.0.2.7") == "127.0.0.1"


def test_nobody_becomes_a_program_of_this_machine_by_a_field(make):
    router = make("trusted_proxies: [127.0.0.1]")
    for value in ["127.0.0.1", "::1", "192.0.2.7", "localhost"]:
        answer = router.post("/v1/messages", json={"text": "x"}, headers={"X-Forwarded-For": value})
        assert answer.status_code in (401, 403), value


def test_a_rate_limit_counts_each_client_behind_a_proxy_by_itself(make):
    router = make("trusted_proxies: 127.0.0.1, rate_limit: {client: 3/m}")

    def ask(address):
        return router.get("/healthz", headers={"X-Forwarded-For": address})

    assert [ask("192.0.2.1").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask("192.0.2.2").status_code == 200
    assert int(ask("192.0.2.1").headers["Retry-After"]) in range(1, 61)
    assert "running since" in router.cli("status"), "the operator is never limited"


def test_a_page_of_a_listed_origin_may_read_answers_and_no_other(make):
    router = make('cors: {origins: ["https://app.example"]}')
    listed = router.get("/healthz", headers={"Origin": "https://app.example"}).headers
    other = router.get("/healthz", headers={"Origin": "https://evil.example"}).headers
    assert listed["Access-Control-Allow-Origin"] == "https://app.example"
    assert "Access-Control-Allow-Origin" not in other
    question = router.session.options(router.url("/v1/messages"), headers={
        "Origin": "https://app.example", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type"})
    assert question.status_code in (200, 204)
    assert "POST" in question.headers["Access-Control-Allow-Methods"]


def test_how_clients_are_treated_changes_without_a_restart(make):
    router = make()
    router.settings = 'http: {access_log: true, trusted_proxies: [127.0.0.1]}'
    router.write(ROUTES)
    router.wait_for_log("configuration reloaded")
    assert client(router, "/seen", "X-Forwarded-For: 192.0.2.7") == "192.0.2.7"
    assert "restart" not in router.log_text()


# nginx

NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://unix:{socket}; {fields} }}
  }}
}}
"""


@pytest.fixture
def make_nginx(tmp_path):
    servers = []

    def make(path, fields):
        folder = tmp_path / "nginx"
        folder.mkdir()
        port = free_port()
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, socket=path, fields=fields))
        servers.append(Server(["/usr/sbin/nginx", "-p", folder, "-c", folder / "nginx.conf"], folder / "log"))
        eventually(lambda: accepts_connections(port), "nginx listens")
        return f"http://127.0.0.1:{port}"

    yield make
    for server in servers:
        server.stop()


@pytest.mark.parametrize("trusted", [True, False])
def test_whoever_comes_by_nginx_and_a_unix_socket_is_a_stranger(make, make_nginx, trusted, tmp_path):
    path = tmp_path / "http.sock"
    router = make("trusted_proxies: unix" if trusted else "", listen={"http": [f"127.0.0.1:{free_port()}"]}, start=False)
    router.listen["http"] = [f"127.0.0.1:{router.http}", f"unix:{path}"]
    router.write(ROUTES)
    router.start()
    page = make_nginx(path, "proxy_set_header X-Forwarded-For $remote_addr;" if trusted else "")
    assert curl(f"{page}/healthz").body == "ok\n"
    assert curl(f"{page}/v1/status").status == 403
    assert curl(f"{page}/v1/messages", "--json", '{"text": "x"}').status in (401, 403)
    assert curl(f"{page}/inbox/api/messages").status == 403
    seen = eventually(lambda: clients(router, "/healthz"), "a line of the log")
    assert ("127.0.0.1" if trusted else "0.0.0.0") in seen or "unix" in "".join(seen)
    assert path.stat().st_mode & 0o777 == 0o600


# The PROXY protocol

def v1(address="192.0.2.7"):
    return f"PROXY TCP4 {address} 192.0.2.1 4711 80\r\n".encode()


def v2(address="192.0.2.7"):
    addresses = socket.inet_aton(address) + socket.inet_aton("192.0.2.1") + struct.pack("!HH", 4711, 80)
    return V2 + b"\x21\x11" + struct.pack("!H", len(addresses)) + addresses


def converse(port, *pieces, tls=None):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        answer = b""
        try:
            connection.sendall(pieces[0])
            if tls:
                connection = tls.wrap_socket(connection, server_hostname="localhost")
            for piece in pieces[1:]:
                connection.sendall(piece)
            while data := connection.recv(65536):
                answer += data
        except OSError:
            pass
        return answer


REQUEST = b"GET /proxied HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("header", [v1(), v2()], ids=["v1", "v2"])
@pytest.mark.parametrize("service", ["http", "https"])
def test_a_load_balancer_names_the_client_before_the_first_byte(make, header, service):
    router = make(listen={"proxy_protocol": {"https": ["127.0.0.0/8"]}}, secure=True, start=False)
    port = router.https
    if service == "http":
        port = free_port()
        router.listen |= {"http": f"127.0.0.1:{port}", "proxy_protocol": {"http": ["127.0.0.0/8"]}}
    router.write(ROUTES)
    router.start(wait=False)
    router.wait_for_log("router ready")
    context = None
    if service == "https":
        context = ssl.create_default_context(cafile=str(router.certificate))
    assert converse(port, header, REQUEST, tls=context).startswith(b"HTTP/1.1 404")
    assert eventually(lambda: clients(router, "/proxied"), "the log names the client") == ["192.0.2.7"]


@pytest.mark.parametrize("header", [b"", b"PROXY TCP4 x y 1 2\r\n", b"PROXY " + b"x" * 200, V2 + b"\x31\x11\x00\x00",
                                    V2 + b"\x21\x11\xff\xff", b"GET / HTTP/1.1\r\n"])
def test_a_load_balancer_that_says_nothing_sound_is_sent_away(make, header):
    router = make(listen={"proxy_protocol": {"http": ["127.0.0.0/8"]}}, start=False)
    router.start(wait=False)
    router.wait_for_log("router ready")
    assert b"404" not in converse(router.http, header or b"\x00", REQUEST)
    assert clients(router, "/proxied") == []


def test_who_is_no_load_balancer_cannot_name_itself(make):
    router = make(listen={"proxy_protocol": {"http": ["10.0.0.0/8"]}})
    assert converse(router.http, v1(), REQUEST).startswith(b"HTTP/1.1 400")
    assert b"404" not in converse(router.http, v2(), REQUEST)
    assert converse(router.http, REQUEST).startswith(b"HTTP/1.1 404")
