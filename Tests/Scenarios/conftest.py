"""What every scenario may ask for. Whatever a test starts is stopped when it ends, by its own process id."""

import os
import pathlib
import shutil

import pytest

from support.faults import Faults
from support.feeds import FeedServer
from support.mail import Dovecot, Postfix
from support.router import BINARY, Router
from support.sinks import WebhookSink


def pytest_configure(config):
    if not pathlib.Path(BINARY).exists():
        pytest.exit(f"{BINARY} is missing: build it, or set POSTROAD", returncode=2)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the routers and servers of the test logged last."""
    report = (yield).get_result()
    if report.failed:
        for name, value in getattr(item, "scenario_logs", []):
            report.sections.append((f"log of {name}", value()))


@pytest.fixture
def watch(request):
    """Notes a log that a failure is to show."""
    request.node.scenario_logs = []
    return lambda name, tail: request.node.scenario_logs.append((name, tail))


@pytest.fixture
def make_router(tmp_path, watch):
    """Makes routers, each in a folder of its own; `start=False` leaves it to the test to start them."""
    routers = []

    def make(routes="", start=True, folder=None, **options):
        router = Router(folder or tmp_path / f"router{len(routers)}", routes, **options)
        routers.append(router)
        watch(f"router {router.name}", router.log_tail)
        return router.start() if start else router

    yield make
    for router in routers:
        router.stop()


@pytest.fixture
def faults(tmp_path):
    """Faults for routers that get `environment=faults.environment`."""
    return Faults(tmp_path / "faults")


@pytest.fixture
def sink():
    server = WebhookSink()
    yield server
    server.close()


@pytest.fixture
def feeds():
    server = FeedServer()
    yield server
    server.close()


def _need_root(program):
    if os.geteuid() != 0:
        pytest.skip(f"{program} in a scratch folder needs root")
    if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin") is None:
        pytest.fail(f"{program} is missing: run `make setup-test`")


@pytest.fixture
def make_postfix(tmp_path, watch):
    """Makes Postfix relays."""
    _need_root("postfix")
    relays = []

    def make(transports):
        relay = Postfix(tmp_path / f"postfix{len(relays)}", transports)
        relays.append(relay)
        watch("Postfix", relay.log_tail)
        return relay.start()

    yield make
    for relay in relays:
        relay.stop()


@pytest.fixture
def dovecot(tmp_path, watch):
    _need_root("dovecot")
    server = Dovecot(tmp_path / "dovecot").start()
    watch("Dovecot", server.log_tail)
    yield server
    server.stop()
