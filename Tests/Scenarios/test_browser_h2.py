"""A browser over HTTPS: HTTP/2, a connection that stays, a router that is restarted meanwhile, and every size of page."""

import pytest
from support.waiting import eventually

ROUTES = """
mailboxes:
  inbox: {adapter: inbox}
  api: {adapter: http}
routes:
  - {match: "api:**", to: inbox:everyone}
"""


@pytest.fixture
def browser(tmp_path):
    from support.browser import Browser
    browser = Browser(tmp_path / "chromium", "--ignore-certificate-errors")
    yield browser
    browser.close()


@pytest.fixture
def router(make_router):
    return make_router(ROUTES, secure=True)


@pytest.fixture
def page(router, browser):
    browser.open(f"https://localhost:{router.https}/inbox")
    browser.wait_for_text("live", "#live")
    return browser


def test_a_page_and_all_it_loads_come_by_http2(router, page):
    router.send(subject="Over HTTP/2", text="x")
    page.wait_for_text("Over HTTP/2", "#list")
    assert page.protocols() == {"h2"}
    assert page.problems() == []


def test_a_message_is_written_on_the_page_under_tls(router, page):
    page.find("#write").click()
    page.find("#compose [name=to]").send_keys("inbox:ann")
    page.find("#compose [name=subject]").send_keys("By the form")
    page.find("#compose [name=text]").send_keys("under TLS")
    page.press("Send", "#compose button")
    page.wait_for_text("By the form", "#list")
    assert router.wait_for_inbox("inbox:ann")[0]["subject"] == "By the form"
    assert page.problems() == []


def test_the_page_goes_on_after_a_restart_of_the_router(router, page):
    router.send(subject="Before", text="x")
    page.wait_for_text("Before", "#list")
    assert router.stop() == 0, "a page that is open holds up no stop"
    page.wait_for_text("reconnecting", "#live")
    router.start()
    router.send(subject="After", text="x")
    page.wait_for_text("After", "#list", seconds=40)
    page.wait_for_text("live", "#live", seconds=40)
    assert "Before" in page.text("#list")
    assert page.protocols() == {"h2"}


@pytest.mark.parametrize("size", [(390, 844), (820, 1180), (1440, 900)], ids=["phone", "tablet", "desktop"])
def test_nothing_of_the_page_is_cut_off(router, page, size, tmp_path):
    router.send(subject="A subject that is rather long and goes on for a while " * 3, text="word " * 300)
    page.wait_for_text("A subject", "#list")
    page.resize(*size)
    page.find("#list a").click()
    page.wait_for_text("word", "#article")
    page.driver.save_screenshot(str(tmp_path / "page.png"))
    widths = page.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], "the page is wider than the window"
    eventually(lambda: page.find("#article").is_displayed(), "the message is shown")


def test_the_page_hears_of_messages_by_a_websocket_over_http2(router, page):
    router.send(subject="By WebSocket", text="x")
    page.wait_for_text("By WebSocket", "#list")
    answers = page.events("Network.webSocketHandshakeResponseReceived")
    # HTTP/1.1 would answer 101; RFC 8441 §5 has 200.
    assert {answer["params"]["response"]["status"] for answer in answers} == {200}
