"""A router whose disk takes nothing more: what all its doors say meanwhile, and what has to come afterwards (I1, I8)."""

from support.mail import swaks
from support.waiting import eventually

ROUTES = """
mailboxes:
  api: {{adapter: http}}
  mail: {{adapter: email, address: support@hq.example}}
  hook:
    adapter: webhook
    allow_private: true
    retry: {{first: 100ms, factor: 1, maximum: 1s}}
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: ["api:**", "mail:**"], to: hook:sink}}
"""


def check_refusal(router, refusal, status, code):
    """The HTTP answer, what mail is told, and what the router says of itself."""
    assert refusal.status_code == status, refusal.text
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert int(refusal.headers["Retry-After"]) > 0
    mail = swaks(router.smtp, "--from", "ann@example.org", "--to", "support@hq.example", "--body", "x" * 3000)
    assert mail.returncode != 0 and f"<** {code} " in mail.stdout, mail.stdout[-1500:]
    assert router.is_running
    assert router.get("/readyz").status_code == 503, "the router says that it takes nothing"


def check_recovery(router, acknowledged):
    """Messages are taken again; the first of them is among those that were acknowledged."""
    answer = eventually(
        lambda: (taken := router.post("/v1/messages", json={"text": "after"})).status_code == 202 and taken,
        "messages are taken again", 30, 0.2)
    acknowledged.add(answer.json()["id"])
    assert router.get("/readyz").status_code == 200


def check_arrival(sink, acknowledged):
    """Everything that was acknowledged arrives."""
    eventually(lambda: {request.envelope["id"] for request in list(sink.requests)} >= acknowledged,
               f"all {len(acknowledged)} acknowledged messages arrive", 40)
