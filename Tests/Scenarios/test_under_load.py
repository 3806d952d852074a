"""What holds while much happens at once: reloads, repetitions, limits, many clients."""

import concurrent.futures
import subprocess
import threading
import time

import requests
from support.waiting import eventually

ROUTES = """
mailboxes:
  inbox: {{adapter: inbox, keep: 5000}}
  api: {{adapter: http}}
  mail: {{adapter: email, address: support@hq.example, accepts: ["*@hq.example"]}}
  hook:
    adapter: webhook
    allow_private: true
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
{more}
routes:
  - {{match: "api:**", to: hook:sink}}
  - {{match: "mail:**", to: inbox:mail}}
"""


def routes(sink, more=""):
    return ROUTES.format(url=sink.url(), more=more)


def test_the_same_key_from_many_clients_at_once_is_one_message(make_router, sink):
    router = make_router(routes(sink))

    def post(_):
        return requests.post(router.url("/v1/messages"), json={"text": "once"}, headers={"Idempotency-Key": "one"},
                             timeout=30)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(60)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum(not answer.json()["duplicate"] for answer in answers) == 1
    router.send(text="last")
    sink.wait_for(2)
    assert len(sink.requests) == 2


def test_reloads_refuse_no_message_and_lose_none(make_router, sink):
    router = make_router(routes(sink))
    stopped, accepted, refused = threading.Event(), [], []

    def post():
        session = requests.Session()
        while not stopped.is_set():
            answer = session.post(router.url("/v1/messages"), json={"text": "x"}, timeout=30)
            (accepted if answer.status_code == 202 else refused).append(answer.json())

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for number in range(10):
            router.write(routes(sink, f"  extra{number}: {{adapter: inbox}}"))
            eventually(lambda: router.log_text().count("configuration reloaded") > number, f"reload {number}")
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    assert refused == []
    eventually(lambda: len(sink.requests) >= len(accepted), f"all {len(accepted)} arrive", 40)
    assert len({request.id for request in sink.requests}) == len(sink.requests) == len(accepted)


def test_a_rate_limit_is_kept(make_router, sink):
    router = make_router(routes(sink).replace("adapter: webhook", "adapter: webhook\n    rate: 5/s"))
    for number in range(20):
        router.send(text=str(number))
    requests = sink.wait_for(20, seconds=20)
    took = requests[-1].time - requests[0].time
    assert 2.5 <= took <= 8, f"20 messages at 5/s took {took:.1f} s"


def test_a_limit_of_one_delivery_at_a_time_is_kept(make_router, sink):
    from support.sinks import Answer
    active, most = [0], [0]
    lock = threading.Lock()

    def behave(request):
        with lock:
            active[0] += 1
            most[0] = max(most[0], active[0])
        time.sleep(0.02)
        with lock:
            active[0] -= 1
        return Answer()

    sink.behave = behave
    router = make_router(routes(sink).replace("adapter: webhook", "adapter: webhook\n    concurrency: 1"))
    for number in range(30):
        router.send(text=str(number))
    sink.wait_for(30)
    assert most[0] == 1


def test_many_mail_clients_at_once_are_all_served(make_router, sink):
    router = make_router(routes(sink))
    done = subprocess.run(["smtp-source", "-s", "20", "-m", "400", "-l", "4000", "-f", "ann@example.org",
                           "-t", "support@hq.example", f"127.0.0.1:{router.smtp}"],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    eventually(lambda: len(router.json("spool", "list", "state=delivered", "to=inbox:mail", "--limit", "1000")
                           ["dispatches"]) == 400, "400 mails are delivered", 30, 0.3)


def test_the_log_file_is_opened_anew_on_sighup(make_router, sink):
    import signal
    router = make_router(routes(sink), start=False)
    log = router.folder / "own.log"
    router.start("--log-file", log)
    log.rename(router.folder / "own.log.1")
    router.server.signal(signal.SIGHUP)
    eventually(lambda: log.exists() and "configuration reloaded" in log.read_text(), "the new file is written")


def test_a_page_of_another_site_reads_nothing(make_router, sink):
    router = make_router(routes(sink))
    sent = router.send(text="private")
    for path in ["/inbox", "/inbox/api/messages", f"/v1/messages/{sent['id']}/trace", "/inbox/events"]:
        answer = router.get(path, headers={"Host": "evil.example"})
        assert answer.status_code in (403, 421), f"{path}: {answer.status_code}"
        assert "private" not in answer.text
        assert "Access-Control-Allow-Origin" not in router.session.options(router.url(path), timeout=10).headers


def test_a_misspelt_variable_that_overrides_nothing_is_an_error(make_router, sink):
    router = make_router(routes(sink), start=False)
    done = router.run("check", environment={"POSTROAD_ROUTER__LISTEN__HTPP": "127.0.0.1:1"})
    assert done.returncode == 1
    assert "POSTROAD_ROUTER__LISTEN__HTPP" in done.stdout
