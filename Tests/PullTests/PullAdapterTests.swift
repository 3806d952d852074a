import AdapterKit
import AdapterTestSupport
import Messages
import TestSupport
import Testing
import Transport

@testable import Pull

@Suite struct PullAdapterTests {
    @Test("messages come as they lie in the spool, with the lease to answer with")
    func takes() async throws {
        try await withQueue("tokens: {worker: secret-1}") { queue in
            queue.fixture.lender.put(try queue.leased(7, #"{"id":"x","parts":[]}"#))
            let answer = try await queue.get("?wait=30s&max=5&lease=20s", token: "secret-1")
            #expect(answer.status == .ok)
            let message = try #require(try JSON(parsing: answer.body)["messages"]?.array?.first)
            #expect(message["lease"] == "7-1")
            #expect(message["attempt"] == 1)
            #expect(message["until"] == "2023-11-14T22:13:40.000Z")
            #expect(message["message"] == ["id": "x", "parts": []])
            #expect(message["idempotency_key"]?.string?.hasSuffix("-7") == true)
            #expect(
                queue.fixture.lender.requests == [
                    .lease(
                        from: queue.address, terms: LeaseTerms(count: 5, duration: .seconds(20)), wait: .seconds(30))
                ])
        }
    }

    @Test("a lease is acknowledged, given back and prolonged; one that did not hold is named")
    func settles() async throws {
        try await withQueue("tokens: {worker: secret-1}") { queue in
            for number in 1...3 { queue.fixture.lender.put(try queue.leased(Int64(number), "{}")) }
            _ = try await queue.get("", token: "secret-1")
            let acknowledged = try await queue.post("ack", #"{"leases": ["1-1", "9-1"]}"#, token: "secret-1")
            #expect(try JSON(parsing: acknowledged.body) == ["settled": 1, "lost": ["9-1"]])
            let back = try await queue.post(
                "nack", #"{"leases": ["2-1"], "delay": "5s", "reason": "busy"}"#, token: "secret-1")
            #expect(try JSON(parsing: back.body)["settled"] == 1)
            _ = try await queue.post("extend", #"{"leases": ["3-1"], "lease": "2m"}"#, token: "secret-1")
            let now = queue.fixture.clock.now
            let endings: [LeaseEnding] = queue.fixture.lender.requests.compactMap {
                if case .settle(_, _, let ending) = $0 { ending } else { nil }
            }
            #expect(
                endings == [
                    .delivered, .returned(reason: "busy", due: now + .seconds(5)),
                    .extended(until: now + .seconds(120)),
                ])
        }
    }

    @Test(
        "without the token nobody gets a message, nor learns of one", arguments: [nil, "wrong", "secret"])
    func unauthorized(token: String?) async throws {
        try await withQueue("tokens: {worker: secret-1}") { queue in
            queue.fixture.lender.put(try queue.leased(7, "{}"))
            let answer = try await queue.get("", token: token)
            #expect(answer.status == .unauthorized)
            #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            let answer1 = try await queue.post("ack", #"{"leases": []}"#, token: token)
            #expect(answer1.status == .unauthorized)
            #expect(queue.fixture.lender.requests.isEmpty)
        }
    }

    @Test("without tokens programs of this machine get in, and pages in its browsers do not")
    func local() async throws {
        try await withQueue("{}") { queue in
            let answer2 = try await queue.get("", token: nil)
            #expect(answer2.status == .ok)
            let page = try await queue.get("", token: nil, headers: ["Sec-Fetch-Site": "cross-site"])
            #expect(page.status == .forbidden)
            let form = try await queue.post("ack", "leases=1", token: nil, type: "application/x-www-form-urlencoded")
            #expect(form.status == .forbidden)
        }
    }

    @Test(
        "a value out of bounds is refused with what was expected",
        arguments: ["?max=0", "?max=1001", "?max=x", "?wait=2m", "?wait=soon", "?lease=0s", "?lease=13h"])
    func badQuery(query: String) async throws {
        try await withQueue("{}") { queue in
            let answer = try await queue.get(query, token: nil)
            #expect(answer.status == .badRequest)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("expected"))
        }
    }

    @Test(
        "a body that is no list of leases is refused",
        arguments: ["", "[]", "{}", #"{"leases": ["x"]}"#, #"{"leases": ["1-0"]}"#, #"{"leases": [], "delay": "1s"}"#])
    func badOrder(body: String) async throws {
        try await withQueue("{}") { queue in
            let answer3 = try await queue.post("ack", body, token: nil)
            #expect(answer3.status == .badRequest)
        }
    }

    @Test("another mailbox's address, and another action, are not found")
    func others() async throws {
        try await withQueue("{}") { queue in
            let answer4 = try await queue.get("", token: nil, address: "other:work")
            #expect(answer4.status == .notFound)
            let answer5 = try await queue.get("", token: nil, address: "jobs")
            #expect(answer5.status == .notFound)
            let answer6 = try await queue.post("drop", #"{"leases": []}"#, token: nil)
            #expect(answer6.status == .notFound)
        }
    }

    @Test("files come with their bytes")
    func files() async throws {
        try await withQueue("{}") { queue in
            let blob = try await queue.fixture.blobs.store(Array("a,b".utf8))
            var envelope = try queue.fixture.dispatch(to: "work").envelope
            envelope.parts.append(
                Part(type: .file, mediaType: "text/csv", name: "t.csv", content: .blob(blob)))
            queue.fixture.lender.put(try queue.leased(7, String(decoding: envelope.encoded(), as: UTF8.self)))
            let answer = try await queue.get("", token: nil)
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(text.contains("YSxi"))
            #expect(!text.contains("\"blob\""))
        }
    }

    @Test("a router that stops, or is overrun, says so and when to come again")
    func unavailable() async throws {
        try await withQueue("{}") { queue in
            queue.fixture.lender.refuse(with: .tooManyWaiting(limit: 1))
            let answer = try await queue.get("", token: nil)
            #expect(answer.status == .tooManyRequests)
            #expect(answer.headers["retry-after"] == "5")
        }
    }
}
