"""What the router tells monitors: metrics that Prometheus reads, life and readiness."""

import shutil
import socket
import subprocess

from prometheus_client.parser import text_string_to_metric_families
from support.sinks import Answer
from support.waiting import eventually

ROUTES = """
mailboxes:
  api: {{adapter: http}}
  hook:
    adapter: webhook
    allow_private: true
    retry: {{first: 1s, maximum: 1s}}
    endpoints: {{sink: {{url: "{url}", secret: whsec_bm9ib2R5IHdpbGwgZXZlciBndWVzcyB0aGlzIG9uZQ==}}}}
routes:
  - {{match: "api:**", to: hook:sink}}
"""


def metrics(router):
    """Every sample by its name and labels, and the families."""
    answer = router.get("/metrics")
    assert answer.status_code == 200, answer.text
    families = list(text_string_to_metric_families(answer.text))
    samples = {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
               for family in families for sample in family.samples}
    return samples, families


def value(samples, name, **labels):
    return samples.get((name, tuple(sorted(labels.items()))), 0)


def test_metrics_count_what_happened_and_parse_as_prometheus_does(make_router, sink):
    answers = [Answer(503), Answer(503)]
    sink.behave = lambda request: answers.pop() if answers else Answer()
    router = make_router(ROUTES.format(url=sink.url()), settings="metrics: local")
    for number in range(20):
        router.send(text=str(number))
    assert router.post("/v1/messages", json={"to": ["nobody:x"], "text": "x"}).status_code == 422
    eventually(lambda: value(metrics(router)[0], "postroad_dispatches", state="delivered") == 20, "all are delivered")
    samples, families = metrics(router)
    assert value(samples, "postroad_messages_accepted_total", mailbox="api") == 20
    assert value(samples, "postroad_messages_refused_total", mailbox="api", outcome="refused") == 1
    assert value(samples, "postroad_attempts_total", mailbox="hook", outcome="delivered") == 20
    assert value(samples, "postroad_attempts_total", mailbox="hook", outcome="deferred") == 2
    assert value(samples, "postroad_accept_duration_seconds_count") == 20
    assert value(samples, "process_resident_memory_bytes") > 1_000_000
    for family in families:
        assert family.documentation, family.name
        names = {name for sample in family.samples for name in sample.labels}
        assert names <= {"mailbox", "outcome", "state", "le", "version"}, family.name
        if family.type == "histogram":
            check_histogram(family)


def check_histogram(family):
    """Buckets grow, the last one is +Inf and the count."""
    series = {}
    for sample in family.samples:
        labels = {name: text for name, text in sample.labels.items() if name != "le"}
        series.setdefault(tuple(sorted(labels.items())), []).append(sample)
    for samples in series.values():
        buckets = [sample.value for sample in samples if sample.name.endswith("_bucket")]
        [count] = [sample.value for sample in samples if sample.name.endswith("_count")]
        assert buckets == sorted(buckets) and buckets[-1] == count, family.name
        assert [s for s in samples if s.name.endswith("_bucket")][-1].labels["le"] == "+Inf"


def check_names(family):
    """What `promtool check metrics` finds wrong: names that are against the conventions."""
    name, names = family.name, {sample.name for sample in family.samples}
    assert name == name.lower() and name.startswith(("postroad_", "process_")), name
    if names:  # of what has not happened yet nothing is told
        assert (family.type == "counter") == any(sample.endswith("_total") for sample in names), name
    if family.type != "histogram":
        assert not name.endswith(("_count", "_sum", "_bucket")), name
    for unit in ["milliseconds", "microseconds", "minutes", "kilobytes", "mib", "percent"]:
        assert unit not in name.split("_"), f"{name}: seconds, bytes and ratios are the base units"
    for kind in ["counter", "gauge", "histogram"]:
        assert kind not in name.split("_"), name


def test_the_names_of_metrics_keep_to_the_conventions_and_four_durations_are_histograms(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()), settings="metrics: local")
    sent = router.send(text="x")
    router.wait_for_state(sent["id"], "hook:sink", "delivered")
    samples, families = metrics(router)
    for family in families:
        check_names(family)
    for what in ["accept_duration", "commit_duration", "queue_wait"]:
        assert value(samples, f"postroad_{what}_seconds_count") >= 1, what
    assert value(samples, "postroad_attempt_duration_seconds_count", mailbox="hook") == 1
    if promtool := shutil.which("promtool"):
        text = router.get("/metrics").text
        done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_metrics_are_for_the_operator_unless_told_otherwise(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()))
    assert router.get("/metrics").status_code == 403
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(router.data / "control.sock"))
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        text = b"".join(iter(lambda: connection.recv(65536), b""))
    assert text.startswith(b"HTTP/1.1 200") and b"postroad_build_info" in text


def test_a_router_says_whether_it_is_alive_and_ready(make_router, sink):
    router = make_router(ROUTES.format(url=sink.url()))
    assert router.get("/healthz").text == "ok\n"
    eventually(lambda: router.get("/readyz").status_code == 200, "the router is ready")
    ready = router.get("/readyz").json()
    assert ready["ready"] and {mailbox["name"] for mailbox in ready["mailboxes"]} >= {"api", "hook"}
    router.cli("mailboxes", "pause", "hook")
    [hook] = router.get("/readyz?mailbox=hook").json()["mailboxes"]
    assert hook["ready"] and hook["reasons"] == ["paused by an operator"]
    stranger = router.get("/readyz", headers={"X-Forwarded-For": "192.0.2.7"}).json()
    assert stranger == {"ready": True}
