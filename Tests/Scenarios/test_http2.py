"""HTTP/2 without TLS, by clients that other people wrote: curl, nghttp and h2load; and a shutdown under their load."""

import json
import re
import subprocess

import pytest

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
routes:
  - {match: "api:**", to: inbox:ann}
"""


@pytest.fixture
def router(make_router):
    return make_router(ROUTES)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def curl(*arguments, **options):
    """What came, and on the last line the version and the status."""
    answer = run("curl", "-sS", "--http2-prior-knowledge", "-w", "\n%{http_version} %{http_code}", *arguments, **options)
    assert answer.returncode == 0, answer.stderr
    body, _, verdict = answer.stdout.rpartition("\n")
    return body, verdict


def test_a_page_is_the_same_by_either_version(router):
    body, verdict = curl(router.url("/inbox"))
    assert verdict == "2 200"
    assert body == router.get("/inbox").text


def test_messages_are_taken_by_http2(router):
    subjects = [f"number {number}" for number in range(20)]
    for subject in subjects:
        body, verdict = curl("--json", json.dumps({"subject": subject, "text": "x"}), router.url("/v1/messages"))
        assert verdict == "2 202", body
    assert [envelope["subject"] for envelope in router.wait_for_inbox("inbox:ann", 20)] == subjects


def test_a_large_message_goes_both_ways(router):
    text = "x" * 3_000_000
    body, verdict = curl("--json", "@-", router.url("/v1/messages"), input=json.dumps({"text": text}))
    assert verdict == "2 202", body
    assert len(router.wait_for_inbox("inbox:ann")) == 1
    entry = router.inbox("inbox:ann")[0]["id"]
    body, verdict = curl(router.url(f"/inbox/api/messages/{entry}"))
    assert verdict == "2 200"
    assert body == router.get(f"/inbox/api/messages/{entry}").text


def test_what_is_too_large_is_answered_before_it_is_sent(router):
    body, verdict = curl("--json", "@-", router.url("/v1/messages"), input="x" * 40_000_000)
    assert verdict == "2 413", body


def test_nghttp_is_understood_frame_by_frame(router):
    answer = run("nghttp", "-v", "-n", "-m", "5", router.url("/healthz"))
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count(":status: 200") == 5
    assert "SETTINGS_MAX_CONCURRENT_STREAMS" in answer.stdout
    assert "RST_STREAM" not in answer.stdout


@pytest.mark.parametrize("streams", [1, 10, 100])
def test_h2load_gets_every_answer(router, streams):
    answer = run("h2load", "-n", "5000", "-c", "10", "-m", str(streams), router.url("/healthz"))
    assert re.search(r"5000 succeeded, 0 failed, 0 errored, 0 timeout", answer.stdout), answer.stdout


def test_a_shutdown_under_load_loses_no_answer(router):
    load = subprocess.Popen(
        ["h2load", "-D", "4", "-c", "4", "-m", "10", router.url("/healthz")], stdout=subprocess.PIPE, text=True)
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            load.wait(timeout=1.5)
        assert router.stop() == 0
        answer = load.communicate(timeout=30)[0]
    finally:
        load.kill()
        load.wait()
    done = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", answer)
    assert done, answer
    assert int(done[1]) > 0 and done.groups()[1:] == ("0", "0", "0")
