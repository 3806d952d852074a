"""A router of one's own: the real daemon in a scratch folder."""

import json
import os
import pathlib
import subprocess
import textwrap

import requests

from .processes import Server
from .waiting import eventually, free_port

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("POSTROAD", str(ROOT / ".build" / "debug" / "postroad"))

HEADER = """\
router:
  name: {name}
  data: {data}
  listen: {listen}
{settings}
"""


SECURE = """\
tls: {certificates: {chain: tls/chain.pem, key: tls/key.pem}}
"""


class CommandFailed(AssertionError):
    """A verb that should have worked did not."""


class Router:
    """`postroad serve` in a folder; `routes` is the file without its `router:` key.

    `secure` gives it an HTTPS listener with a certificate of its own; `listen` has more places, or others.
    """

    def __init__(self, folder, routes="", name="hq.example", settings="", data="./data", environment=None,
                 listen=None, secure=False):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.http, self.smtp, self.lmtp, self.https = free_port(), free_port(), free_port(), free_port()
        self.listen = {"http": f"127.0.0.1:{self.http}", "smtp": f"127.0.0.1:{self.smtp}",
                       "lmtp": f"127.0.0.1:{self.lmtp}"}
        self.certificate = self.folder / "tls" / "chain.pem"
        if secure:
            self.listen["https"] = f"127.0.0.1:{self.https}"
            make_certificate(self.folder / "tls", "localhost", "127.0.0.1")
            if "certificates:" not in settings:
                settings = SECURE + textwrap.dedent(settings)
        self.listen |= listen or {}
        self.name, self.settings, self.data_setting = name, settings, data
        self.environment = {"PATH": os.environ["PATH"], "USER": "tester", **(environment or {})}
        self.file = self.folder / "routes.yaml"
        self.data = (self.folder / data).resolve()
        self.log = self.folder / "router.log"
        self.server = None
        self.session = requests.Session()
        self.session.trust_env = False
        self.write(routes)

    # The file

    def text(self, routes):
        """What the file holds for these routes."""
        header = HEADER.format(
            name=self.name, data=self.data_setting, listen=json.dumps(self.listen),
            settings=textwrap.indent(textwrap.dedent(self.settings), "  "))
        return header + textwrap.dedent(routes)

    def write(self, routes):
        """Replaces the file at once, as editors do."""
        self.replace_file(self.text(routes))

    def replace_file(self, text):
        """Puts a whole new file in the place of routes.yaml: a router that looks at that moment sees no half of it."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(text)
        os.replace(fresh, self.file)

    # The process

    def start(self, *options, wait=True):
        assert self.server is None or not self.server.is_running, "the router runs already"
        self.server = Server(
            [BINARY, "serve", "--config", self.file, *options], self.log, cwd=self.folder, env=self.environment)
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds=30):
        def is_ready():
            assert self.server.is_running, f"the router ended with {self.server.process.returncode}:\n{self.log_tail()}"
            try:
                return self.session.get(self.url("/healthz"), timeout=2).status_code == 200
            except requests.RequestException:
                return False

        eventually(is_ready, "/healthz answers 200", seconds)

    def stop(self):
        return self.server.stop() if self.server else None

    def kill9(self):
        self.server.kill()

    def restart(self, *options):
        self.stop()
        return self.start(*options)

    @property
    def is_running(self):
        return self.server is not None and self.server.is_running

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def log_tail(self, lines=40):
        return "\n".join(self.log_text().splitlines()[-lines:])

    def wait_for_log(self, text, seconds=15, after=0):
        eventually(lambda: text in self.log_text()[after:], f"the log says {text!r}", seconds)

    # HTTP

    def url(self, path):
        return f"http://127.0.0.1:{self.http}{path}"

    def get(self, path, **options):
        return self.session.get(self.url(path), timeout=30, **options)

    def post(self, path, **options):
        return self.session.post(self.url(path), timeout=30, **options)

    def send(self, **envelope):
        """Posts an envelope and returns what the router answered; it must have been taken."""
        answer = self.post("/v1/messages", json=envelope)
        assert answer.status_code == 202, f"{answer.status_code}: {answer.text}"
        return answer.json()

    def trace(self, message):
        answer = self.get(f"/v1/messages/{message}/trace")
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        return answer.json()

    def states(self, message):
        """The states of a message's dispatches by recipient."""
        return {dispatch["to"]: dispatch["state"] for dispatch in self.trace(message)["dispatches"]}

    def wait_for_state(self, message, recipient, state, seconds=20):
        eventually(
            lambda: self.states(message).get(recipient) == state,
            lambda: f"{message} to {recipient} is {state}: {self.states(message)}", seconds)

    def inbox(self, recipient):
        """The lines of an inbox, the newest first."""
        answer = self.get("/inbox/api/messages", params={"recipient": recipient, "limit": 200})
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        return answer.json()["messages"]

    def wait_for_inbox(self, recipient, count=1, seconds=20):
        """Waits until an inbox has so many messages; their envelopes, the oldest first."""
        eventually(lambda: len(self.inbox(recipient)) >= count, f"{count} messages in {recipient}", seconds)
        return [self.open(line["id"])["envelope"] for line in reversed(self.inbox(recipient))]

    def open(self, entry):
        answer = self.get(f"/inbox/api/messages/{entry}")
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        return answer.json()

    # The command line

    def run(self, *words, input=None, environment=None):
        """Runs a verb with this router's file, whatever comes of it."""
        return run_verb(*words, "--config", self.file, input=input, cwd=self.folder,
                        environment={**self.environment, **(environment or {})})

    def cli(self, *words, input=None):
        """Runs a verb that must work; its standard output."""
        done = self.run(*words, input=input)
        if done.returncode != 0:
            raise CommandFailed(f"postroad {' '.join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *words):
        """Runs a verb with --json; what it printed, parsed."""
        return json.loads(self.cli(*words, "--json"))


def run_verb(*words, input=None, cwd=None, environment=None):
    """Runs the program to its end."""
    return subprocess.run(
        [BINARY, *map(str, words)], input=input, capture_output=True, text=True, timeout=60, cwd=cwd,
        env=environment or {"PATH": os.environ["PATH"]})


def make_certificate(folder, *names, days=30):
    """Makes chain.pem and key.pem in a folder; its fingerprint."""
    words = [word for name in names for word in ("--name", name)]
    done = run_verb("cert", "self-signed", "--out", folder, "--days", days, "--force", *words)
    assert done.returncode == 0, done.stderr
    return next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("sha256"))


def text_of(envelope):
    """The text of an envelope's first part."""
    return next((part["text"] for part in envelope.get("parts", []) if part["type"] == "text"), None)
