"""A new process takes a router's place: no connection is refused, and nothing is lost or done twice."""

import json
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time

import pytest
import requests

from support.router import BINARY
from support.sinks import routes_to
from support.waiting import eventually, free_port

@pytest.fixture
def router(make_router, sink):
    router = make_router(routes_to(sink))
    yield router
    end(router)


def end(router):
    """Stops whoever serves: after a restart that is no child of ours."""
    try:
        process = status(router)["pid"]
    except (OSError, requests.RequestException, KeyError, ValueError):
        return
    os.kill(process, signal.SIGTERM)
    eventually(lambda: not pathexists(f"/proc/{process}/exe"), f"process {process} ends", 20)


def pathexists(path):
    try:
        os.readlink(path)
        return True
    except OSError:
        return False


def status(router):
    """What the control socket tells."""
    done = subprocess.run(
        ["curl", "-sS", "--max-time", "20", "--unix-socket", router.data / "control.sock", "http://localhost/v1/status"],
        capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr)
    return json.loads(done.stdout)


class Load:
    """Clients that never stop; whatever goes wrong for one of them is a failure."""

    def __init__(self, router):
        self.router, self.stopped = router, threading.Event()
        self.acknowledged, self.faults = [], []
        self.threads = [threading.Thread(target=self.guarded, args=[work]) for work in
                        [self.post_on_new_connections, self.post_on_kept_connections, self.post_on_kept_connections,
                         self.mail]]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def guarded(self, work):
        try:
            work()
        except Exception as fault:  # noqa: BLE001: the test shows it
            self.faults.append(repr(fault))

    def take(self, answer):
        assert answer.status_code == 202, f"{answer.status_code}: {answer.text}"
        self.acknowledged.append(answer.json()["id"])

    def post_on_new_connections(self):
        while not self.stopped.is_set():
            self.take(requests.post(self.router.url("/v1/messages"), json={"text": "new"}, timeout=60))

    def post_on_kept_connections(self):
        session = requests.Session()
        session.trust_env = False
        while not self.stopped.is_set():
            self.take(session.post(self.router.url("/v1/messages"), json={"text": "kept"}, timeout=60))

    def mail(self):
        number = 0
        while not self.stopped.is_set():
            number += 1
            mark = f"mail-{number}"
            with smtplib.SMTP("127.0.0.1", self.router.smtp, timeout=60) as client:
                client.sendmail("a@example.org", ["support@hq.example"], f"Subject: {mark}\r\n\r\nx\r\n")
            self.acknowledged.append(mark)


def name(request):
    """What a delivery was acknowledged as."""
    envelope = request.envelope
    subject = envelope.get("subject") or ""
    return subject if subject.startswith("mail-") else envelope["id"]


def test_restarts_under_load_refuse_nobody_and_lose_nothing(router, sink):
    processes = [status(router)["pid"]]
    with Load(router) as load:
        for _ in range(4):
            before = len(load.acknowledged)
            eventually(lambda: len(load.acknowledged) > before + 40 or load.faults, "messages pass", 30)
            answer = router.cli("restart")
            processes.append(status(router)["pid"])
            assert f"process {processes[-1]} " in answer and f"from {processes[-2]} " in answer
        before = len(load.acknowledged)
        eventually(lambda: len(load.acknowledged) > before + 40 or load.faults, "messages pass", 30)
    assert load.faults == []
    assert len(set(processes)) == 5, "each time another process"
    assert router.server.process.wait(15) == 0, "the first one has ended well"
    expected = sorted(load.acknowledged)
    eventually(lambda: len(sink.requests) >= len(expected), "all arrive", 60)
    assert sorted(name(request) for request in list(sink.requests)) == expected, "each one once"


def test_a_bad_configuration_is_refused_and_the_router_goes_on(router, sink):
    process = status(router)["pid"]
    good = router.file.read_text()
    router.replace_file(good + "\nnonsense: 1\n")
    done = router.run("restart")
    assert done.returncode == 1, done
    assert "nonsense" in done.stdout + done.stderr
    assert status(router)["pid"] == process
    router.replace_file(good)
    router.send(text="still here")
    sink.wait_for(1)


def test_sigusr2_restarts_and_brings_settings_into_force(router):
    process, port = status(router)["pid"], free_port()
    text = router.file.read_text()
    router.replace_file(text.replace(f'"127.0.0.1:{router.lmtp}"', f'"127.0.0.1:{port}"'))
    router.server.signal(signal.SIGUSR2)
    eventually(lambda: status(router)["pid"] != process, "another process serves")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        assert client.recv(100).startswith(b"220 ")
    eventually(lambda: is_refused(router.lmtp), "nobody listens where the settings no longer say so")


def is_refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
        return False
    except ConnectionRefusedError:
        return True


def test_a_replaced_program_is_what_starts_and_one_that_cannot_is_refused(make_router, sink, tmp_path, monkeypatch):
    program = tmp_path / "postroad"
    shutil.copy(BINARY, program)
    router = make_router(routes_to(sink), start=False)
    monkeypatch.setattr("support.router.BINARY", str(program))
    router.start()
    process = status(router)["pid"]
    replace(program, "#!/bin/sh\nexit 3\n")
    done = restart(router)
    assert done.returncode == 1 and "ended before it was ready" in done.stderr, done
    assert status(router)["pid"] == process
    replace(program, f'#!/bin/sh\nexport NEW=1\nexec {BINARY} "$@"\n')
    assert restart(router).returncode == 0
    successor = status(router)["pid"]
    assert successor != process and b"NEW=1" in open(f"/proc/{successor}/environ", "rb").read()
    end(router)


def test_a_successor_that_dies_while_it_takes_over_leaves_the_old_router_serving(make_router, sink, tmp_path, monkeypatch):
    program = tmp_path / "postroad"
    shutil.copy(BINARY, program)
    router = make_router(routes_to(sink), start=False)
    monkeypatch.setattr("support.router.BINARY", str(program))
    router.start()
    before = status(router)
    # Says that it is ready, and dies as soon as it is told to go.
    replace(program, f"#!{sys.executable}\nimport os\nos.write(3, b'ready 9\\n')\nos.read(3, 100)\n")
    with Load(router) as load:
        eventually(lambda: len(load.acknowledged) > 20 or load.faults, "messages pass")
        done = restart(router)
        assert done.returncode == 1 and "the old one goes on" in done.stderr, done
        reached = len(load.acknowledged)
        eventually(lambda: len(load.acknowledged) > reached + 20 or load.faults, "messages pass again")
    assert load.faults == []
    after = status(router)
    assert after["pid"] == before["pid"] and "ended before it served" in after["restart_failure"]
    eventually(lambda: len(sink.requests) >= len(load.acknowledged), "all arrive", 60)
    assert sorted(name(request) for request in list(sink.requests)) == sorted(load.acknowledged)
    assert router.stop() == 0
    assert not (router.data / "control.sock").exists()


def test_sigterm_while_a_successor_prepares_ends_both(make_router, sink, tmp_path, monkeypatch):
    program = tmp_path / "postroad"
    shutil.copy(BINARY, program)
    router = make_router(routes_to(sink), start=False)
    monkeypatch.setattr("support.router.BINARY", str(program))
    router.start()
    mark = tmp_path / "pid"
    replace(program, f"#!/bin/sh\necho $$ > {mark}.new; mv {mark}.new {mark}; exec sleep 1000\n")
    router.server.signal(signal.SIGUSR2)
    eventually(mark.exists, "the successor runs")
    assert router.stop() == 0
    successor = int(mark.read_text())
    eventually(lambda: not pathexists(f"/proc/{successor}/exe"), "the successor is gone")


def replace(program, text):
    """Puts another file in the program's place, as an update does."""
    fresh = program.with_suffix(".new")
    fresh.write_text(text)
    fresh.chmod(0o755)
    os.replace(fresh, program)


def restart(router):
    """The verb, of the program as it was built."""
    return subprocess.run(
        [BINARY, "restart", "--config", router.file], capture_output=True, text=True, timeout=90, cwd=router.folder,
        env=router.environment)


LAUNCHER = """
import os, socket, sys
sockets = []
for text in sys.argv[1].split(","):
    host, port = text.split(":")
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((host, int(port)))
    one.listen(64)
    sockets.append(one)
copies = [os.dup2(os.dup(one.fileno()), 50 + index) for index, one in enumerate(sockets)]
for index, copy in enumerate(copies):
    os.dup2(copy, 3 + index)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(copies)), LISTEN_FDNAMES=sys.argv[2])
os.execv(sys.argv[3], sys.argv[3:])
"""


def test_sockets_of_a_service_manager_are_used_and_survive_restarts(make_router, sink, tmp_path):
    router = make_router(routes_to(sink), start=False)
    notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notified.bind(f"\0postroad-{os.getpid()}-{router.http}")
    notified.settimeout(20)
    environment = {**router.environment, "NOTIFY_SOCKET": f"@postroad-{os.getpid()}-{router.http}"}
    elsewhere = free_port()
    command = [BINARY, "serve", "--config", str(router.file)]
    with open(router.log, "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, f"127.0.0.1:{router.http},127.0.0.1:{elsewhere}", "x:smtp", *command],
            cwd=router.folder, env=environment, stdout=log, stderr=log)
    try:
        assert f"MAINPID={process.pid}" in wait_for(notified, "READY=1")
        router.send(text="by the socket that was passed")
        sink.wait_for(1)
        with socket.create_connection(("127.0.0.1", elsewhere), timeout=10) as client:
            assert client.recv(100).startswith(b"220 "), "found by its name"
        assert restart(router).returncode == 0
        successor = status(router)["pid"]
        wait_for(notified, "RELOADING=1")
        told = [wait_for(notified, "MAINPID="), wait_for(notified, "MAINPID=")]
        assert all(f"MAINPID={successor}" in text for text in told), told
        assert process.wait(15) == 0
        router.send(text="again")
        sink.wait_for(2)
        os.kill(successor, signal.SIGTERM)
        wait_for(notified, "STOPPING=1")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_for(notified, text):
    """The next notification that has the text."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        message = notified.recv(4096).decode()
        if text in message:
            return message
    raise AssertionError(f"no {text}")


def test_a_descriptor_that_is_no_listening_socket_is_refused(make_router, sink):
    router = make_router(routes_to(sink), start=False)
    done = subprocess.run(
        ["sh", "-c", f'LISTEN_PID=$$ LISTEN_FDS=1 exec "{BINARY}" serve --config "{router.file}" 3</dev/null'],
        capture_output=True, text=True, timeout=30, cwd=router.folder, env=router.environment)
    assert done.returncode == 1 and "no socket" in done.stderr, done


@pytest.mark.skipif(shutil.which("systemd-socket-activate") is None, reason="systemd-socket-activate is not installed")
def test_systemd_socket_activate_starts_a_router(make_router, sink):
    router = make_router(routes_to(sink), start=False)
    with open(router.log, "ab") as log:
        process = subprocess.Popen(
            ["systemd-socket-activate", "-l", f"127.0.0.1:{router.http}", BINARY, "serve", "--config", str(router.file)],
            cwd=router.folder, env=router.environment, stdout=log, stderr=log)
    try:
        def is_served():
            try:
                return router.get("/healthz").status_code == 200
            except requests.ConnectionError:
                return False

        eventually(is_served, "the router answers", 30)
    finally:
        process.terminate()
        process.wait(20)
