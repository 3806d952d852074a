"""The command line: each verb, its exit codes, and its JSON."""

import json
import stat

import pytest
from support.feeds import rss
from support.router import run_verb, text_of
from support.waiting import eventually

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
  mail: {adapter: email, address: support@hq.example}
  hook:
    adapter: webhook
    allow_private: true
    endpoints:
      away: {url: "http://127.0.0.1:1/", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}
stages:
  brief: [{truncate: 10}]
routes:
  - {name: alerts, match: "api:alert/**", where: {subject: /disk/i}, via: [brief], to: inbox:ops, stop: true}
  - {name: hooks, match: "api:hook", to: hook:away}
  - {name: all, match: "api:**", to: inbox:me}
"""


@pytest.fixture
def router(make_router):
    return make_router(ROUTES)


# Help, usage, exit codes

def test_version_and_help_work_without_a_file():
    assert run_verb("version").stdout.strip()
    assert run_verb("--version").returncode == 0
    overview = run_verb("help")
    assert overview.returncode == 0
    for verb in ["init", "check", "serve", "send", "explain", "trace", "spool", "mailboxes", "inbox", "feed", "mail",
                 "config"]:
        assert verb in overview.stdout
    assert "--dry-run" in run_verb("help", "spool", "retry").stdout
    assert run_verb("spool", "list", "--help").stdout == run_verb("help", "spool", "list").stdout


@pytest.mark.parametrize(("words", "hint"), [
    ([], ""), (["sevre"], "serve"), (["serve", "--confg", "x"], "--config"), (["spool"], "list"),
    (["spool", "lst"], "list"), (["trace"], "ID"), (["trace", "a", "b"], "b"), (["send", "--to"], "--to"),
    (["spool", "list", "--limit", "many"], "--limit"), (["spool", "retry"], "FILTER"),
    (["check", "--json", "--json"], "--json"), (["version", "x"], "x"),
])
def test_wrong_usage_ends_with_2_and_says_what_was_meant(tmp_path, words, hint):
    done = run_verb(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert hint in done.stderr + done.stdout


@pytest.mark.parametrize("words", [["--log-level", "loud"], ["--log-format", "loud"]])
def test_a_log_option_with_a_wrong_value_is_wrong_usage(make_router, words):
    router = make_router(ROUTES, start=False)
    done = router.run("serve", *words)
    assert done.returncode == 2
    assert words[0] in done.stderr


def test_a_verb_that_needs_the_router_says_when_it_does_not_run(make_router):
    router = make_router(ROUTES, start=False)
    done = router.run("spool", "list")
    assert done.returncode == 1
    assert "serve" in done.stderr and "control.sock" in done.stderr


def test_the_control_socket_is_for_the_operator_alone(router):
    assert stat.S_IMODE((router.data / "control.sock").stat().st_mode) == 0o600
    assert stat.S_IMODE(router.data.stat().st_mode) & 0o007 == 0
    for path in ["/v1/spool", "/v1/mailboxes", "/v1/status"]:
        assert router.get(path).status_code == 403
    assert router.post("/v1/spool/drop", json={"filter": ""}).status_code == 403


# Sending and reading

def test_send_goes_to_a_recipient_or_by_the_routes(router):
    message = router.cli("send", "--to", "inbox:ann", "--subject", "Hello", "It works.").split()[0]
    assert text_of(router.wait_for_inbox("inbox:ann")[0]) == "It works."
    router.cli("send", "--topic", "api:note", input="from standard input\n")
    assert "from standard input" in text_of(router.wait_for_inbox("inbox:me")[0])
    assert router.json("send", "--to", "inbox:ann", "again")["dispatches"][0]["to"] == "inbox:ann"
    bad = router.run("send", "--to", "wrok:ann", "x")
    assert bad.returncode == 1 and "wrok" in bad.stderr
    assert router.json("trace", message)["message"]["subject"] == "Hello"


def test_a_whole_envelope_can_be_sent(router, tmp_path):
    file = tmp_path / "envelope.json"
    file.write_text(json.dumps({"topic": "api:note", "subject": "Whole", "parts": [{"type": "text", "text": "x"}],
                                "priority": "urgent"}))
    router.cli("send", "--envelope", file)
    assert router.wait_for_inbox("inbox:me")[0]["priority"] == "urgent"
    file.write_text("{")
    assert router.run("send", "--envelope", file).returncode == 1


def test_inbox_lists_and_shows(router):
    router.send(subject="First", text="the text of it")
    router.wait_for_inbox("inbox:me")
    assert "First" in router.cli("inbox")
    assert "First" in router.cli("inbox", "inbox:me")
    [row] = router.json("inbox", "inbox:me")["messages"]
    number = router.cli("inbox").splitlines()[1].split()[0]
    for name in [number, row["id"], row["message_id"]]:
        assert "the text of it" in router.cli("inbox", name)
    assert "no messages" in router.run("inbox", "inbox:nobody").stderr


def test_trace_tells_the_route_the_stages_and_the_attempts(router):
    sent = router.send(**{"class": "alert/x", "subject": "Disk full", "text": "far more than ten characters"})
    router.wait_for_state(sent["id"], "inbox:ops", "delivered")
    text = router.cli("trace", sent["id"])
    for word in ["alerts", "truncate", "inbox:ops", "delivered", "routes.yaml"]:
        assert word in text, text
    missing = router.run("trace", "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07")
    assert missing.returncode == 1 and "019a9c5f" in missing.stderr
    assert router.run("trace", "nonsense").returncode in (1, 2)


def test_explain_says_why_and_why_not(make_router):
    router = make_router(ROUTES, start=False)
    text = router.cli("explain", "api:alert/x", "--subject", "Disk full", "--text", "far more than ten characters")
    for word in ["alerts", "hooks", "all", "truncate", "inbox:ops", "subject"]:
        assert word in text, text
    other = router.json("explain", "api:alert/x", "--subject", "fine")
    assert "inbox:me" in json.dumps(other)
    assert router.run("explain", "nonsense").returncode in (1, 2)


# The spool

def test_the_spool_is_listed_filtered_and_shown(router):
    router.cli("mailboxes", "pause", "inbox")
    ids = [router.send(subject=f"number {number}", text="x")["id"] for number in range(5)]
    rows = router.json("spool", "list")["dispatches"]
    assert [row["message"] for row in rows] == list(reversed(ids))
    assert {row["state"] for row in rows} == {"waiting"}
    for words, count in [(["state=waiting", "to=inbox:*"], 5), ([f"id={ids[0]}"], 1), (['subject~"number 3"'], 1),
                         (["topic=api:**"], 5), (["route=all"], 5), (["to=hook:*"], 0), (["age>1h"], 0),
                         (["from=api:local"], 5), (["attempts>=1"], 0), ([f"number={rows[0]['number']}"], 1)]:
        assert len(router.json("spool", "list", *words)["dispatches"]) == count, words
    assert len(router.json("spool", "list", "--limit", "2")["dispatches"]) == 2
    assert "number 0" in router.cli("spool", "list", "subject~number")
    assert router.json("spool", "show", ids[0]) == router.json("spool", "show", str(rows[-1]["number"]))
    assert router.json("spool", "list", "--damaged")["damaged"] == []
    bad = router.run("spool", "list", "sttae=dead")
    assert bad.returncode == 1 and "state" in bad.stderr


def test_hold_release_drop_and_retry_do_what_they_say_and_nothing_in_a_dry_run(router):
    router.cli("mailboxes", "pause", "inbox")
    one, two = (router.send(text=text)["id"] for text in ["one", "two"])
    router.cli("spool", "hold", f"id={one}", "--dry-run")
    assert router.states(one) == {"inbox:me": "waiting"}
    router.cli("spool", "hold", f"id={one}", "--reason", "wait for Bo")
    assert router.states(one) == {"inbox:me": "held"}
    assert "wait for Bo" in router.cli("trace", one)
    router.cli("spool", "drop", f"id={two}", "--reason", "spam")
    assert router.states(two) == {"inbox:me": "dropped"}
    router.cli("mailboxes", "resume", "inbox")
    router.cli("spool", "release", f"id={one}")
    router.wait_for_state(one, "inbox:me", "delivered")
    router.cli("spool", "retry", f"id={two}")
    router.wait_for_state(two, "inbox:me", "delivered")
    nothing = router.run("spool", "retry", "to=nobody:*")
    assert nothing.returncode == 1


def test_a_retry_tries_at_once_what_would_wait(router):
    sent = router.send(**{"class": "hook", "text": "x"})
    dispatch = f"id={sent['id']} to=hook:away".split()
    eventually(lambda: router.json("spool", "list", *dispatch)["dispatches"][0]["attempts"] == 1, "one attempt")
    assert router.json("spool", "retry", *dispatch)["dispatches"]
    eventually(lambda: len(router.trace(sent["id"])["dispatches"][0]["attempts_made"]) == 2, "a second attempt")


# Mailboxes

def test_mailboxes_are_listed_shown_paused_and_resumed(router):
    rows = {row["name"]: row for row in router.json("mailboxes", "list")["mailboxes"]}
    assert {"inbox", "api", "mail", "hook", "local"} <= set(rows)
    assert "webhook" in router.cli("mailboxes", "list")
    router.cli("mailboxes", "pause", "hook")
    assert router.json("mailboxes", "show", "hook")["outgoing"]["paused"] is True
    router.restart()
    assert router.json("mailboxes", "show", "hook")["outgoing"]["paused"] is True, "over a restart too"
    assert "paused" in router.cli("mailboxes", "list")
    router.cli("mailboxes", "resume", "hook")
    assert router.json("mailboxes", "show", "hook")["outgoing"]["paused"] is False
    wrong = router.run("mailboxes", "show", "hok")
    assert wrong.returncode == 1 and "hook" in wrong.stderr
    assert router.run("mailboxes", "pause", "hok").returncode == 1


def test_a_dead_endpoint_shows_in_the_mailbox_and_a_reset_probes_it(router):
    for number in range(6):
        router.send(**{"class": "hook", "text": str(number)})
    status = eventually(lambda: (found := router.json("mailboxes", "show", "hook"))["outgoing"]["open_lanes"] and found,
                        "the lane's breaker opens")
    assert status["outgoing"]["open_lanes"][0]["recipient"] == "hook:away"
    assert "hook:away" in router.cli("mailboxes", "show", "hook")
    router.cli("mailboxes", "reset", "hook")


# Files

def test_mail_and_feed_show_what_a_file_would_become(make_router, tmp_path):
    router = make_router(ROUTES, start=False)
    mail = tmp_path / "mail.eml"
    mail.write_text("From: Ann <ann@example.org>\nTo: support@hq.example\nSubject: =?utf-8?B?5L2g5aW9?=\n"
                    "Message-ID: <1@example.org>\n\nHello\n")
    assert "你好" in router.cli("mail", mail)
    envelope = router.json("mail", mail)
    assert envelope["subject"] == "你好" and text_of(envelope).strip() == "Hello"
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss("One", "Two"))
    assert "One" in router.cli("feed", feed)
    router.json("feed", feed)
    assert router.run("mail", tmp_path / "none").returncode == 1
    feed.write_bytes(b"no feed")
    assert router.run("feed", feed).returncode == 1


def test_config_show_prints_a_part_and_masks_secrets(make_router):
    router = make_router(ROUTES, start=False)
    assert f"127.0.0.1:{router.http}" in router.cli("config", "show", "router.listen")
    assert "whsec_" not in router.cli("config", "show")
    assert "***" in router.cli("config", "show", "mailboxes.hook")
    assert router.run("config", "show", "mailboxes.hok").returncode == 1


def test_every_listing_with_json_parses(router):
    sent = router.send(subject="x", text="y")
    router.wait_for_state(sent["id"], "inbox:me", "delivered")
    for words in [["spool", "list"], ["spool", "list", "state=delivered"], ["spool", "list", "--damaged"],
                  ["spool", "show", sent["id"]], ["trace", sent["id"]], ["mailboxes", "list"],
                  ["mailboxes", "show", "api"],
                  ["inbox"], ["inbox", "inbox:me"], ["explain", "api:x"], ["check"],
                  ["spool", "hold", "--dry-run", "all"]]:
        assert isinstance(router.json(*words), (dict, list)), words


def test_init_asks_nothing_when_silent_and_keeps_what_is_there(tmp_path):
    assert run_verb("init", "--silent", cwd=tmp_path).returncode == 0
    first = (tmp_path / "routes.yaml").read_text()
    again = run_verb("init", "--silent", cwd=tmp_path)
    assert again.returncode == 1 and "--overwrite" in again.stderr
    assert run_verb("init", "--silent", "--overwrite", cwd=tmp_path).returncode == 0
    assert (tmp_path / "routes.yaml.old").read_text() == first
    assert run_verb("check", cwd=tmp_path).returncode == 0
