"""curl, as people call it."""

import dataclasses
import subprocess

_MARK = "\n--curl--"


@dataclasses.dataclass
class Got:
    """What curl got: its exit code, and if that is 0 the answer."""

    code: int
    status: int = 0
    version: str = ""
    body: str = ""
    error: str = ""


def curl(url, *options, certificate=None):
    """Asks for a URL; `certificate` is the one to trust."""
    trust = ["--cacert", str(certificate)] if certificate else []
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "20", *trust, *map(str, options),
         "--write-out", _MARK + "%{http_code} %{http_version}", url], capture_output=True, text=True, timeout=30)
    body, _, facts = done.stdout.rpartition(_MARK)
    status, version = facts.split()
    return Got(done.returncode, int(status), version, body, done.stderr.strip())
