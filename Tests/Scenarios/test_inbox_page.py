"""The inbox in a browser: sending by the form, messages that arrive while one looks, and mail that means harm."""

import email.message

import pytest
from support.mail import swaks

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
  mail: {adapter: email, address: support@hq.example}
routes:
  - {name: posted, match: "api:**", to: inbox:everyone}
  - {name: mail, match: "mail:**", to: inbox:mail}
"""


@pytest.fixture
def browser(tmp_path):
    from support.browser import Browser
    browser = Browser(tmp_path / "chromium")
    yield browser
    browser.close()


@pytest.fixture
def router(make_router):
    return make_router(ROUTES)


def test_a_message_sent_by_the_form_arrives_and_shows_its_trace(router, browser):
    browser.open(router.url("/inbox"))
    browser.wait_for_text("live", "#live")
    browser.find("#write").click()
    browser.find("#compose [name=to]").send_keys("inbox:ann")
    browser.find("#compose [name=subject]").send_keys("By the form")
    browser.find("#compose [name=text]").send_keys("It **works** — 你好")
    browser.press("Send", "#compose button")
    browser.wait_for_text("By the form", "#list")
    browser.find("#list a").click()
    browser.wait_for_text("你好", "#article")
    browser.press("Trace")
    browser.wait_for_text("delivered", "#article")
    assert router.wait_for_inbox("inbox:ann")[0]["subject"] == "By the form"
    assert browser.problems() == []


def test_a_message_arrives_while_one_looks_and_after_the_router_was_killed(router, browser):
    browser.open(router.url("/inbox"))
    browser.wait_for_text("live", "#live")
    router.send(subject="First", text="x")
    browser.wait_for_text("First", "#list")
    router.kill9()
    router.start()
    router.send(subject="Second", text="x")
    browser.wait_for_text("Second", "#list", seconds=40)
    assert "First" in browser.text("#list")


def test_a_mail_that_means_harm_shows_its_text_and_runs_nothing(router, browser):
    mail = email.message.EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        '"<img src=x onerror=document.title=1>" <evil@example.org>', "support@hq.example",
        "<script>document.title = 'taken over'</script>")
    mail.set_content("<p>Dear customer</p><script>parent.document.title='taken over'</script>"
                     "<img src=x onerror=\"parent.document.title='taken over'\">"
                     "<form action=//evil.example><input></form>",
                     subtype="html")
    mail.add_attachment("<script>parent.document.title='taken over'</script>".encode(), maintype="text", subtype="html",
                        filename="<b>page</b>.html")
    assert swaks(router.smtp, "--from", "evil@example.org", "--to", "support@hq.example",
                 data=mail.as_bytes()).returncode == 0
    router.wait_for_inbox("inbox:mail")
    browser.open(router.url("/inbox"))
    browser.wait_for_text("<script>", "#list")
    browser.find("#list a").click()
    browser.wait_for_text("<script>document.title", "#article")
    for label in ["Trace", "Details", "Raw", "Message"]:
        browser.press(label)
    assert browser.driver.title.endswith("Inbox · Postroad")


def test_a_reply_on_the_page_goes_out(router, browser):
    router.send(**{"from": "api:bo", "subject": "Question", "text": "Well?"})
    router.wait_for_inbox("inbox:everyone")
    browser.open(router.url("/inbox"))
    browser.wait_for_text("Question", "#list")
    browser.find("#list a").click()
    browser.wait_for_text("Well?", "#article")
    field = browser.find("#article textarea")
    field.send_keys("Very well.")
    browser.press("Reply", "#article button")
    rows = lambda: router.json("spool", "list", "from=inbox:everyone")["dispatches"]  # noqa: E731
    from support.waiting import eventually
    [row] = eventually(rows, "the reply is in the spool")
    assert (row["to"], row["route"]) == ("api:bo", "reply")
