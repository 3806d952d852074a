"""A server of feeds that answers by a script."""

import hashlib
import http.server
import threading

from .waiting import eventually

_RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>{title}</title><link>http://127.0.0.1/</link><description>News</description>
{items}
</channel></rss>
"""
_ITEM = """<item><title>{title}</title><link>http://127.0.0.1/{id}</link><guid isPermaLink="false">{id}</guid>
<pubDate>Tue, 0{day} Jan 2024 15:04:05 GMT</pubDate><description>{text}</description></item>"""


def rss(*titles, title="Test news"):
    """An RSS document of these entries, the newest last."""
    items = [_ITEM.format(title=name, id=hashlib.sha1(name.encode()).hexdigest()[:12], day=number % 9 + 1,
                          text=f"About {name}") for number, name in enumerate(titles)]
    return _RSS.format(title=title, items="\n".join(reversed(items))).encode()


class FeedServer:
    """Serves `feeds[path]`, bytes with an ETag; `faults[path]` is a (status, headers, body) that goes before it."""

    def __init__(self):
        self.feeds, self.faults, self.requests = {}, {}, []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def answer(self, path, headers):
        """The status, headers and body for a request, which is recorded with its status."""
        status, fields, body = self._answer(path, headers)
        with self._lock:
            self.requests.append((path, status, headers))
        return status, fields, body

    def _answer(self, path, headers):
        if path in self.faults:
            return self.faults[path]
        if path not in self.feeds:
            return 404, {}, b"no such feed"
        body = self.feeds[path]
        tag = f'"{hashlib.sha1(body).hexdigest()}"'
        if headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        return 200, {"ETag": tag, "Content-Type": "application/rss+xml"}, body

    def statuses(self, path):
        with self._lock:
            return [status for asked, status, _ in self.requests if asked == path]

    def wait_for(self, path, status, count=1, seconds=20):
        eventually(lambda: self.statuses(path).count(status) >= count,
                   lambda: f"{count} answers {status} for {path}, got {self.statuses(path)}", seconds)

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, feeds):
        self.feeds = feeds
        super().__init__(address, _Handler)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, fields, body = self.server.feeds.answer(self.path, headers)
        self.send_response_only(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """The recorded requests tell enough."""
