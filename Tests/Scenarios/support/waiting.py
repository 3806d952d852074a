"""Waiting for something to become true, with a deadline; and ports that nobody else takes."""

import random
import socket
import time

# Debian gives outgoing connections ports from 32768 on, so one from below stays free until its server has it.
_PORTS = range(10_000, 32_000)


def eventually(check, what, seconds=15.0, pause=0.02):
    """Returns the first true answer of `check`; fails with `what` and the last answer when none comes in time.

    `what` is a text, or a function that is asked for one at the failure, when it has something to show.
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            text = what() if callable(what) else what
            raise AssertionError(f"not within {seconds:g} s: {text}; last seen: {answer!r}")
        time.sleep(pause)


def never(check, what, seconds):
    """Watches for a while that something does not happen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = check()
        assert not answer, f"{what}: {answer!r}"
        time.sleep(0.05)


def free_port():
    """A port of 127.0.0.1 that is free now and that the kernel gives to nobody by itself."""
    for port in random.SystemRandom().sample(_PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no free port")


def accepts_connections(port):
    """Whether a server listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
