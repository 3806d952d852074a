"""Programs take their messages: leases that outlive kill -9, long polls, and the words that end a lease."""

import threading

import requests
from support.waiting import eventually

ROUTES = """
mailboxes:
  api: {adapter: http}
  jobs: {adapter: pull, tokens: {worker: secret-1}}
routes:
  - {match: "api:**", to: jobs:work}
"""
HEADERS = {"Authorization": "Bearer secret-1"}


def take(router, **query):
    answer = requests.get(f"http://127.0.0.1:{router.http}/v1/mailboxes/jobs:work/messages", params=query,
                          headers=HEADERS, timeout=40)
    assert answer.status_code == 200, answer.text
    return answer.json()["messages"]


def settle(router, action, leases, **more):
    answer = requests.post(f"http://127.0.0.1:{router.http}/v1/mailboxes/jobs:work/messages/{action}",
                           json={"leases": leases, **more}, headers=HEADERS, timeout=40)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_program_takes_a_message_and_acknowledges_it(make_router):
    router = make_router(ROUTES)
    sent = router.send(text="resize 17")
    [message] = take(router, wait="5s")
    assert message["message"]["id"] == sent["id"] and message["attempt"] == 1
    assert message["message"]["parts"][0]["text"] == "resize 17"
    assert take(router) == []
    assert settle(router, "ack", [message["lease"]]) == {"settled": 1, "lost": []}
    assert settle(router, "ack", [message["lease"]]) == {"settled": 0, "lost": [message["lease"]]}
    router.wait_for_state(sent["id"], "jobs:work", "delivered")


def test_a_lease_outlives_kill_9_and_comes_back_with_the_same_key(make_router):
    router = make_router(ROUTES)
    for number in range(3):
        router.send(text=str(number))
    kept, lost, late = take(router, lease="4s")
    router.kill9()
    router.start()
    assert settle(router, "ack", [kept["lease"]])["settled"] == 1
    assert take(router) == [], "others wait for the end of the lease"
    again = take(router, wait="20s")
    assert [message["idempotency_key"] for message in again] == [lost["idempotency_key"], late["idempotency_key"]]
    assert [message["attempt"] for message in again] == [2, 2]
    assert settle(router, "ack", [lost["lease"]])["lost"] == [lost["lease"]]


def test_whoever_waits_gets_what_comes_and_what_is_given_back(make_router):
    router = make_router(ROUTES)
    taken = []
    waiting = threading.Thread(target=lambda: taken.extend(take(router, wait="30s")))
    waiting.start()
    sent = router.send(text="at last")
    waiting.join(20)
    assert [message["message"]["id"] for message in taken] == [sent["id"]]
    settle(router, "nack", [taken[0]["lease"]], reason="no room", delay="1s")
    [again] = take(router, wait="20s")
    assert again["attempt"] == 2 and again["idempotency_key"] == taken[0]["idempotency_key"]


def test_nobody_without_the_token_takes_anything(make_router):
    router = make_router(ROUTES)
    router.send(text="for workers")
    url = f"http://127.0.0.1:{router.http}/v1/mailboxes/jobs:work/messages"
    assert requests.get(url, timeout=10).status_code == 401
    assert requests.get(url, headers={"Authorization": "Bearer other"}, timeout=10).status_code == 401
    assert eventually(lambda: take(router))
