"""A receiver of webhooks that records what comes and misbehaves on request."""

import http.server
import json
import socket
import threading
import time
from dataclasses import dataclass, field

from .waiting import eventually

ROUTES = """
mailboxes:
  api: {{adapter: http}}
  mail: {{adapter: email, address: support@hq.example}}
  hook:
    adapter: webhook
    allow_private: true
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: ["api:**", "mail:**"], to: hook:sink}}
"""


def routes_to(sink):
    """A routes.yaml that sends all that comes by HTTP and mail to the receiver."""
    return ROUTES.format(url=sink.url())


@dataclass
class Answer:
    """What the receiver does with a request: waits, then answers, or closes without a word."""

    status: int = 204
    headers: dict = field(default_factory=dict)
    delay: float = 0
    closes: bool = False
    body: bytes = b""


@dataclass
class Request:
    """A request as it came."""

    path: str
    headers: dict
    body: bytes
    time: float

    @property
    def id(self):
        return self.headers["webhook-id"]

    @property
    def envelope(self):
        return json.loads(self.body)

    @property
    def text(self):
        return next((part["text"] for part in self.envelope["parts"] if part["type"] == "text"), None)


class WebhookSink:
    """`sink.behave = lambda request: Answer(503)` changes what it answers from then on."""

    def __init__(self):
        self.requests = []
        self.behave = lambda request: Answer()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self):
        return self._server.server_address[1]

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"

    def take(self, request):
        with self._lock:
            self.requests.append(request)
        return self.behave(request)

    def at(self, path):
        with self._lock:
            return [request for request in self.requests if request.path == path]

    def wait_for(self, count=1, path=None, seconds=20):
        """Waits for so many requests, to one path or to all, and returns them."""
        def found():
            requests = self.at(path) if path else list(self.requests)
            return requests if len(requests) >= count else None

        return eventually(found, lambda: f"{count} requests to {path or 'any path'}, of {len(self.requests)}", seconds)

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, sink):
        self.sink = sink
        super().__init__(address, _Handler)

    def handle_error(self, request, client_address):
        """A router that is killed cuts its connections; that is no error here."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.sink.take(Request(self.path, headers, body, time.monotonic()))
        if answer.delay:
            time.sleep(answer.delay)
        if answer.closes:
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *arguments):
        """The recorded requests tell enough."""
