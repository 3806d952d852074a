"""A secret never reaches a log line, a trace, an error message or an API answer (I9)."""

import base64
import json

from support.sinks import Answer

SECRETS = {
    "CI_TOKEN": "planted-token-5f7a",
    "HMAC_SECRET": "planted-hmac-9c1e",
    "HOOK_SECRET": "whsec_" + base64.b64encode(b"planted-webhook-secret-of-32-byt").decode(),
    "HOOK_HEADER": "planted-header-77aa",
    "SMTP_PASSWORD": "planted-password-0d3b",
}
ROUTES = """
mailboxes:
  inbox: {{adapter: inbox}}
  api: {{adapter: http, tokens: {{ci: "${{CI_TOKEN}}"}}}}
  signed: {{adapter: http, hmac: {{secret: "${{HMAC_SECRET}}"}}}}
  filed: {{adapter: http, tokens: {{ci: {{file: token.txt}}}}}}
  mail:
    adapter: email
    address: support@hq.example
    smtp: {{host: 127.0.0.1, port: 1, user: me, password: "${{SMTP_PASSWORD}}", tls: none}}
  hook:
    adapter: webhook
    allow_private: true
    endpoints: {{crm: {{url: "{url}", secret: "${{HOOK_SECRET}}", headers: {{X-Key: "${{HOOK_HEADER}}"}}}}}}
routes:
  - {{match: "api:**", to: [inbox:me, hook:crm, "mail:ann@example.org"]}}
"""
PLANTED = [*SECRETS.values(), "planted-file-31c2", base64.b64encode(b"planted-password-0d3b").decode(),
           base64.b64encode(b"\0me\0planted-password-0d3b").decode(), "planted-webhook-secret"]


def test_no_secret_is_in_any_output_log_trace_or_answer(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()), start=False, environment=SECRETS)
    (router.folder / "token.txt").write_text("planted-file-31c2\n")
    router.start("--log-level", "debug")
    outputs = {}

    def note(name, text):
        outputs[name] = text

    sink.behave = lambda request: Answer(500, body=b"no")
    headers = {"Authorization": f"Bearer {SECRETS['CI_TOKEN']}"}
    accepted = router.post("/v1/messages", json={"text": "x"}, headers=headers)
    assert accepted.status_code == 202
    message = accepted.json()["id"]
    sink.wait_for(1)
    assert sink.requests[0].headers["x-key"] == SECRETS["HOOK_HEADER"], "the receiver does get its header"
    note("answer", accepted.text)
    for name, options in {
        "wrong token": {"json": {}, "headers": {"Authorization": "Bearer planted-token-5f7"}},
        "bad body": {"data": b"{", "headers": {**headers, "Content-Type": "application/json"}},
    }.items():
        answer = router.post("/v1/messages", **options)
        note(name, answer.text + str(answer.headers))
    note("unsigned", router.post("/in/signed/x", json={}, headers={"X-Hub-Signature-256": "sha256=00"}).text)
    for words in [["trace", message], ["trace", message, "--json"], ["spool", "show", message],
                  ["spool", "list", "--json"], ["mailboxes", "list", "--json"], ["mailboxes", "show", "hook"],
                  ["mailboxes", "show", "mail", "--json"],
                  ["config", "show"], ["config", "show", "--json"], ["config", "show", "mailboxes.hook"],
                  ["config", "show", "mailboxes.mail.smtp.password"], ["config", "show", "mailboxes.api.tokens"],
                  ["check", "--json"], ["explain", "api:x"], ["explain", "api:x", "--json"]]:
        done = router.run(*words)
        note(" ".join(words), done.stdout + done.stderr)
    note("trace by HTTP", json.dumps(router.trace(message)))

    # A faulty file tells its faults without what was filled in.
    router.write(ROUTES.format(url="ftp://nowhere").replace("password:", "pasword:").replace("user: me", "user: 1"))
    router.wait_for_log("not reloaded")
    done = router.run("check")
    note("check of a faulty file", done.stdout + done.stderr)
    router.stop()
    note("log", router.log_text())
    shown = {name: secret for name, text in outputs.items() for secret in PLANTED if secret in text}
    assert shown == {}


def test_a_secret_with_a_fault_is_not_shown_in_the_diagnostic(make_router):
    routes = ROUTES.format(url="http://127.0.0.1:1/")
    bad = {**SECRETS, "HOOK_SECRET": "planted-no-key-44de", "SMTP_PASSWORD": "planted\nline"}
    router = make_router(routes, start=False, environment=bad)
    (router.folder / "token.txt").write_text("x")
    for words in [["check"], ["config", "show"]]:
        done = router.run(*words)
        assert "planted" not in done.stdout + done.stderr, done.stdout + done.stderr
    router.start(wait=False)
    router.server.process.wait(20)
    assert router.server.process.returncode == 1, "an endpoint without a key cannot sign"
    assert "planted" not in router.log_text()
    assert "routes.yaml:" in router.log_text()
