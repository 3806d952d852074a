"""A newcomer starts the repository's own routes.yaml, without any account or network."""

import os
import re
import shutil
import subprocess

import pytest
import requests
from support.mail import swaks
from support.router import ROOT, Router, text_of
from support.waiting import eventually


class Newcomer(Router):
    """The repository's file as it is; only the ports are others, by the environment, so that tests can run at once."""

    def __init__(self, folder):
        super().__init__(folder)
        shutil.copy(ROOT / "routes.yaml", self.file)
        shutil.copytree(ROOT / "examples", self.folder / "examples")
        self.environment |= {
            "POSTROAD_ROUTER__LISTEN__HTTP": f"127.0.0.1:{self.http}",
            "POSTROAD_ROUTER__LISTEN__SMTP": f"127.0.0.1:{self.smtp}",
        }


@pytest.fixture
def newcomer(tmp_path, watch):
    router = Newcomer(tmp_path / "copy")
    watch("the newcomer's router", router.log_tail)
    yield router.start()
    router.stop()


def test_the_file_passes_its_check(tmp_path):
    router = Newcomer(tmp_path / "copy")
    done = router.run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "tests passed" in done.stderr
    assert done.stdout == "", "there is no warning"


def test_the_log_names_a_page_that_opens(newcomer):
    page = re.search(r"page=\"?(http://\S+/inbox)", newcomer.log_text()).group(1)
    answer = requests.get(page, timeout=10)
    assert answer.status_code == 200
    assert "text/html" in answer.headers["Content-Type"]
    assert "Content-Security-Policy" in answer.headers


def test_curl_swaks_and_the_feed_arrive_with_their_traces(newcomer):
    done = subprocess.run(["curl", "--silent", "--json", '{"text": "Hello by curl"}', newcomer.url("/v1/messages")],
                          capture_output=True, text=True, timeout=20)
    posted = done.stdout
    assert '"id"' in posted, posted
    assert swaks(newcomer.smtp, "--from", "me@example.org", "--to", "hello@postroad.local",
                 "--header", "Subject: Hello by mail", "--body", "It works.").returncode == 0
    assert text_of(newcomer.wait_for_inbox("inbox:everyone")[0]) == "Hello by curl"
    assert newcomer.wait_for_inbox("inbox:mail")[0]["subject"] == "Hello by mail"
    news = newcomer.wait_for_inbox("inbox:news", seconds=40)[0]
    assert text_of(news).startswith("*")
    for recipient in ["inbox:everyone", "inbox:mail", "inbox:news"]:
        [line, *_] = newcomer.inbox(recipient)
        trace = newcomer.cli("trace", line["message_id"])
        assert recipient in trace and "delivered" in trace


def test_alerts_and_urgent_mail_go_where_the_file_says(newcomer):
    newcomer.send(**{"class": "alert/disk", "subject": "Disk full", "text": "/var is at 99 %"})
    [alert] = newcomer.wait_for_inbox("inbox:alerts")
    assert (alert["subject"], alert["priority"]) == ("ALERT: Disk full", "high")
    swaks(newcomer.smtp, "--from", "me@example.org", "--to", "hello@postroad.local",
          "--header", "Subject: URGENT: the printer", "--body", "It burns.")
    newcomer.wait_for_inbox("inbox:alerts", 2)
    newcomer.wait_for_inbox("inbox:mail")
    assert newcomer.inbox("inbox:everyone") == []


def test_pulling_the_plug_loses_none(newcomer):
    ids = [newcomer.send(text=f"message {number}")["id"] for number in range(100)]
    newcomer.kill9()
    newcomer.start()
    eventually(lambda: {line["message_id"] for line in newcomer.inbox("inbox:everyone")} >= set(ids),
               "all 100 are there")
    assert len(newcomer.inbox("inbox:everyone")) == 100


def test_a_new_entry_of_the_example_feed_arrives(newcomer):
    newcomer.wait_for_inbox("inbox:news", seconds=40)
    feed = newcomer.folder / "examples" / "news.xml"
    entry = "<item><title>Fresh from the editor</title><guid>fresh-1</guid><description>New</description></item>"
    text = feed.read_text()
    mark = "<item>" if "<item>" in text else "<entry>"
    assert mark == "<item>", "the example is RSS"
    fresh = feed.with_suffix(".new")
    fresh.write_text(text.replace("<item>", entry + "<item>", 1))
    os.replace(fresh, feed)
    newcomer.cli("mailboxes", "reset", "news")
    eventually(lambda: any("Fresh from the editor" in line["snippet"] for line in newcomer.inbox("inbox:news")),
               "the entry arrives")


def test_a_router_of_init_works(tmp_path, watch):
    """`postroad init --silent` makes a file that serves; nothing is asked."""
    router = Router(tmp_path / "fresh")
    router.file.unlink()
    router.cli("init", "--silent")
    assert router.run("init", "--silent").returncode == 1, "a file that is there stays"
    router.cli("init", "--silent", "--overwrite")
    assert (router.folder / "routes.yaml.old").exists()
    assert router.run("check").returncode == 0
    router.environment |= {"POSTROAD_ROUTER__LISTEN__HTTP": f"127.0.0.1:{router.http}",
                           "POSTROAD_ROUTER__LISTEN__SMTP": f"127.0.0.1:{router.smtp}"}
    watch("the router of init", router.log_tail)
    router.start()
    try:
        router.send(text="hello")
        router.wait_for_inbox("inbox:everyone")
    finally:
        router.stop()
