"""routes.yaml: every fault is told at its place, and a reload changes all or nothing."""

import json
import re
import signal

import pytest
from support.waiting import eventually, never

# Each marked line has one fault; after the mark stands what its diagnostic must say.
FAULTY = """\
router:
  nmae: hq.example                                        # FAULT name
  retention: soon                                         # FAULT 15m
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: htpp}                                    # FAULT http
  hook: {adapter: webhook, endpoints: {crm: {url: "https://crm.example.org/", secert: x}}} # FAULT secret
  news: {adapter: feed, feeds: {a: {url: "https://a.example/rss", every: 5}}}              # FAULT every
stages:
  brief: [{trunkate: 10}]                                 # FAULT truncate
routes:
  - {match: "inbox:**", to: inbxo:me}                     # FAULT inbox
  - {match: "inbox",     to: inbox:me}                    # FAULT match
  - {match: "inbox:x", via: [breif], to: inbox:me}        # FAULT brief
  - {match: "inbox:y", where: {subjct: x}, to: inbox:me}  # FAULT subject
"""
GOOD = """
mailboxes:
  inbox: {{adapter: inbox}}
  api: {{adapter: http}}
routes:
  - {{match: "api:**", to: inbox:{user}}}
tests:
  - given: {{topic: "api:x", text: hello}}
    expect: {{to: ["inbox:{expected}"]}}
"""


def good(user, expected=None):
    return GOOD.format(user=user, expected=expected or user)


def arrives_at(router, user):
    message = router.send(text=f"for {user}")
    assert [dispatch["to"] for dispatch in message["dispatches"]] == [f"inbox:{user}"]


def test_ten_faults_give_ten_diagnostics_with_places_and_nearest_words(make_router):
    router = make_router(start=False)
    router.replace_file(FAULTY)
    done = router.run("check")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    told = {}
    for line in lines:
        found = re.match(r"(?:\S*/)?routes\.yaml:(\d+):(\d+): (.*)", line)
        assert found, f"no diagnostic: {line}"
        told.setdefault(int(found[1]), []).append((int(found[2]), found[3]))
    expected = {number: mark[1] for number, line in enumerate(FAULTY.splitlines(), 1)
                if (mark := re.search(r"# FAULT (.*)", line))}
    assert len(expected) == 10
    assert told.keys() == expected.keys(), done.stdout
    for number, word in expected.items():
        [(column, text)] = told[number]
        assert word in text, f"line {number} says {text!r}"
        assert 3 <= column <= len(FAULTY.splitlines()[number - 1])
    assert "10 errors" in done.stderr


def test_the_column_is_that_of_the_faulty_word(make_router):
    router = make_router(start=False)
    router.replace_file("mailboxes:\n  inbox: {adapter: inbox}\nroutes:\n  - {match: \"inbox:**\", to: wrok:me}\n")
    done = router.run("check")
    column = "  - {match: \"inbox:**\", to: wrok:me}".index("wrok") + 1
    assert f"routes.yaml:4:{column}: " in done.stdout


@pytest.mark.parametrize(("text", "word"), [
    ("routes: [", ""), ("a: b: c", ""), ("\t- x", "tab"), ("router: {name: a}\nrouter: {name: b}\n", "router"),
    ("&a x: *a\n", ""), ("<<: {a: 1}\n", ""), ("", ""), ("[]", ""), ("\x00", ""), ("- \ufffe", ""),
    ("router: {data: \"${NOT_SET}\"}\n", "NOT_SET"), ("include: [none/*.yaml, none.yaml]\n", "none.yaml"),
    ("x: " + "[" * 5000, ""),
])
def test_a_file_that_is_none_is_told_and_never_crashes(make_router, text, word):
    router = make_router(start=False)
    router.replace_file(text)
    done = router.run("check")
    assert done.returncode in ((0, 1) if text == "" else (1,)), done.stdout + done.stderr
    assert word in done.stdout + done.stderr
    if text:
        assert "routes.yaml" in done.stdout + done.stderr


def test_a_file_that_is_missing_is_told(make_router):
    router = make_router(start=False)
    router.file.unlink()
    done = router.run("check")
    assert done.returncode == 1 and "routes.yaml" in done.stdout + done.stderr


def test_check_as_json_has_the_same_faults(make_router):
    router = make_router(start=False)
    router.replace_file(FAULTY)
    done = router.run("check", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert len([entry for entry in report["diagnostics"] if entry["severity"] == "error"]) == 10


def test_a_failing_test_fails_the_check_and_says_what_it_got(make_router):
    router = make_router(good("me", expected="you"), start=False)
    done = router.run("check")
    assert done.returncode == 1
    assert re.search(r"routes\.yaml:\d+:\d+: ", done.stdout)
    assert "inbox:me" in done.stdout and "inbox:you" in done.stdout
    router.start(wait=False)
    assert router.server.process.wait(20) == 1, "a router does not start with failing tests"


def test_a_good_file_is_taken_up_by_itself(make_router):
    router = make_router(good("me"))
    arrives_at(router, "me")
    router.write(good("you"))
    router.wait_for_log("configuration reloaded")
    arrives_at(router, "you")


def test_a_file_that_is_written_in_place_is_taken_up(make_router):
    router = make_router(good("me"))
    router.replace_file(router.text(good("you")))
    router.wait_for_log("configuration reloaded")
    arrives_at(router, "you")


def test_sighup_reloads(make_router):
    router = make_router(good("me"))
    router.server.signal(signal.SIGHUP)
    router.wait_for_log("configuration reloaded")
    arrives_at(router, "me")


@pytest.mark.parametrize("bad", ["routes: [", good("you").replace("adapter: http", "adapter: htpp"), good("you", "he")],
                         ids=["no YAML", "unknown adapter", "failing test"])
def test_a_bad_file_changes_nothing_and_is_reported(make_router, bad):
    router = make_router(good("me"))
    router.write(bad)
    router.wait_for_log("not reloaded")
    assert "routes.yaml:" in router.log_text()
    arrives_at(router, "me")
    router.server.signal(signal.SIGHUP)
    never(lambda: "configuration reloaded" in router.log_text(), "a bad file was taken", 0.5)
    arrives_at(router, "me")
    router.write(good("you"))
    router.wait_for_log("configuration reloaded")
    arrives_at(router, "you")


def test_mailboxes_whose_settings_did_not_change_stay_as_they_are(make_router):
    router = make_router(good("me"))
    since = {row["name"]: row["since"] for row in router.json("mailboxes", "list")["mailboxes"]}
    fresh = good("you").replace("mailboxes:\n", "mailboxes:\n  second: {adapter: inbox}\n")
    fresh = fresh.replace("{adapter: inbox}", "{adapter: inbox, keep: 77}", 2).replace(
        "second: {adapter: inbox, keep: 77}", "second: {adapter: inbox}")
    router.write(fresh)
    router.wait_for_log("configuration reloaded")
    after = {row["name"]: row["since"] for row in router.json("mailboxes", "list")["mailboxes"]}
    assert after["api"] == since["api"]
    assert after["inbox"] != since["inbox"], "its settings changed"
    assert "second" in after
    arrives_at(router, "you")


def test_what_is_spooled_keeps_its_route_over_a_reload(make_router, sink):
    second = f"""
mailboxes:
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    endpoints: {{sink: {{url: "{sink.url()}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
"""
    router = make_router(second + "  - {name: first, match: api:h, to: hook:sink}\n")
    router.cli("mailboxes", "pause", "hook")
    sent = router.send(**{"class": "h", "text": "old"})
    router.write(second + "  - {name: second, match: api:other, to: hook:sink}\n")
    router.wait_for_log("configuration reloaded")
    router.cli("mailboxes", "resume", "hook")
    [request] = sink.wait_for(1)
    assert request.envelope["id"] == sent["id"]
    assert "first" in {dispatch["route"] for dispatch in router.trace(sent["id"])["dispatches"]}


def test_a_mailbox_that_goes_away_does_not_take_its_messages_along(make_router):
    router = make_router(good("me"))
    router.cli("mailboxes", "pause", "inbox")
    sent = router.send(text="waits")
    router.write("mailboxes:\n  api: {adapter: http}\n")
    router.wait_for_log("configuration reloaded")
    assert router.states(sent["id"])["inbox:me"] in ("waiting", "held", "dead")
    router.write(good("me"))
    eventually(lambda: router.log_text().count("configuration reloaded") == 2, "a second reload")
    router.cli("mailboxes", "resume", "inbox")
    router.run("spool", "retry", f"id={sent['id']}")
    router.wait_for_inbox("inbox:me")


def test_the_environment_overrides_any_key_and_fills_in(make_router):
    router = make_router(good("me"), start=False)
    router.environment |= {"POSTROAD_ROUTER__NAME": "other.example", "POSTROAD_UNROUTED": "inbox:lost"}
    assert "other.example" in router.cli("config", "show", "router.name")
    assert "inbox:lost" in router.cli("config", "show", "unrouted")


def test_an_include_is_read_and_its_faults_have_its_name(make_router):
    router = make_router("include: [routes.d/*.yaml]\n" + good("me"), start=False)
    (router.folder / "routes.d").mkdir()
    (router.folder / "routes.d" / "more.yaml").write_text("routes:\n  - {match: \"api:more\", to: inbxo:me}\n")
    done = router.run("check")
    assert re.search(r"routes\.d/more\.yaml:2:\d+: ", done.stdout), done.stdout
