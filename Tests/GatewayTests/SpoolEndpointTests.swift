import AdapterKit
import Messages
import TestSupport
import Testing
import Transport

@Suite struct SpoolEndpointTests {
    private let rejecting: [Receipt] = [.rejected(reason: "HTTP 400 no such user")]

    @Test("a listing has what the filter fits, the newest first, and pages by number")
    func list() async throws {
        try await GatewayFixture.run { fixture in
            for subject in ["one", "two", "three"] { try await fixture.accept(subject) }
            try await fixture.await("state=delivered", count: 3)
            let all = try #require(try await fixture.json(.get, "/v1/spool")["dispatches"]?.array)
            #expect(all.compactMap { $0["subject"]?.string } == ["three", "two", "one"])
            let two = try await fixture.json(.get, "/v1/spool?filter=subject~two")["dispatches"]?.array
            #expect(two?.map { $0["subject"]?.string } == ["two"])
            #expect(two?.first?["to"]?.string == "hook:crm")
            #expect(two?.first?["state"]?.string == "delivered")
            #expect(two?.first?["route"]?.string == "all")
            let number = try #require(all[0]["number"]?.integer)
            let rest = try await fixture.json(.get, "/v1/spool?before=\(number)&limit=1")["dispatches"]?.array
            #expect(rest?.map { $0["subject"]?.string } == ["two"])
        }
    }

    static let badQueries: [(String, String)] = [
        ("filter=stat%3Ddead", "no condition \"stat\""), ("filter=state%3Ddaed", "no state \"daed\""),
        ("filter=age%3Esoon", "soon"), ("limit=ten", "limit: expected a number, found \"ten\""),
        ("before=x", "before: expected a number"),
    ]

    @Test("a query that cannot be read is refused, and told what is wrong", arguments: badQueries)
    func badQuery(query: String, words: String) async throws {
        try await GatewayFixture.run { fixture in
            let response = try await fixture.send(.get, "/v1/spool?\(query)")
            #expect(response.status == .badRequest)
            #expect(response.detail.contains(words), "\(response.text)")
        }
    }

    @Test("a dry run says what would be done, and does nothing")
    func dryRun() async throws {
        try await GatewayFixture.run(hook: HookAdapter(rejecting)) { fixture in
            try await fixture.accept()
            try await fixture.await("state=dead")
            let answer = try await fixture.json(
                .post, "/v1/spool/drop", #"{"filter":"state=dead","dry_run":true}"#)
            #expect(answer["dry_run"]?.bool == true)
            #expect(answer["dispatches"]?.array?.count == 1)
            try await fixture.await("state=dead")
        }
    }

    @Test("a dead dispatch is retried, and the log says who asked")
    func retry() async throws {
        try await GatewayFixture.run(hook: HookAdapter(rejecting)) { fixture in
            let id = try await fixture.accept()
            try await fixture.await("state=dead")
            let answer = try await fixture.json(
                .post, "/v1/spool/retry", #"{"filter":"to=hook:* error~\"no such\"","by":"ann"}"#)
            #expect(answer["dispatches"]?.array?.count == 1)
            try await fixture.await("message=\(id) state=delivered")
            #expect(fixture.log.text.contains("by=ann"))
        }
    }

    @Test("a dispatch is held, released and dropped, with the reason that was given")
    func holdReleaseDrop() async throws {
        let hook = HookAdapter([.deferred(reason: "HTTP 503", retryAfter: nil)])
        try await GatewayFixture.run(hook: hook) { fixture in
            try await fixture.accept()
            try await fixture.await("state=waiting attempts>=1")
            let held = try await fixture.json(
                .post, "/v1/spool/hold", #"{"filter":"state=waiting","reason":"until Monday"}"#)
            #expect(held["dispatches"]?.array?.first?["reason"]?.string?.contains("until Monday") == true)
            _ = try await fixture.json(.post, "/v1/spool/release", #"{"filter":"state=held"}"#)
            try await fixture.await("state=held", count: 0)
            try await fixture.await("state=delivered")
            let dropped = try await fixture.json(.post, "/v1/spool/drop", #"{"filter":"state=delivered"}"#)
            #expect(dropped["dispatches"]?.array == [])
        }
    }

    static let badActions: [(String, String, HTTPStatus, String)] = [
        ("drop", "{", .badRequest, "offset 1"),
        ("drop", "[]", .badRequest, "expected an object"),
        ("drop", "{}", .badRequest, "filter: expected a string"),
        ("drop", #"{"fliter":"state=held"}"#, .badRequest, "no field is named \"fliter\""),
        ("drop", #"{"filter":7}"#, .badRequest, "filter: expected a string"),
        ("drop", #"{"filter":"","dry_run":"true"}"#, .badRequest, "dry_run: expected true or false"),
        ("drop", #"{"filter":"","by":1}"#, .badRequest, "by: expected a string"),
        ("drop", #"{"filter":"","to":"hook:b"}"#, .badRequest, "no field is named \"to\""),
        ("reroute", #"{"filter":""}"#, .badRequest, "to: expected an address"),
        ("reroute", #"{"filter":"","to":"hok:b"}"#, .unprocessableContent, "did you mean \"hook\"?"),
        ("reroute", #"{"filter":"","to":"api:b"}"#, .unprocessableContent, "the mailbox \"api\" only receives"),
        ("reroute", #"{"filter":"","to":"x!hook:b"}"#, .unprocessableContent, "no peer is named \"x\""),
        ("hold", #"{"filter":"","until":"soon"}"#, .badRequest, "soon"),
        ("drop", #"{"filter":"colour=red"}"#, .badRequest, "no condition \"colour\""),
        ("burn", #"{"filter":""}"#, .notFound, "expected retry, drop, hold, release or reroute"),
    ]

    @Test("an action that cannot be understood does nothing, least of all to everything", arguments: badActions)
    func badAction(action: String, body: String, status: HTTPStatus, words: String) async throws {
        try await GatewayFixture.run(hook: HookAdapter(rejecting)) { fixture in
            try await fixture.accept()
            try await fixture.await("state=dead")
            let response = try await fixture.send(.post, "/v1/spool/\(action)", body)
            #expect(response.status == status)
            #expect(response.detail.contains(words), "\(response.text)")
            try await fixture.await("state=dead")
        }
    }

    @Test("what is rerouted is delivered elsewhere, and the audit says who did it, a dry run excepted")
    func reroute() async throws {
        try await GatewayFixture.run(hook: HookAdapter(rejecting)) { fixture in
            try await fixture.accept()
            try await fixture.await("state=dead")
            let body = #"{"filter":"state=dead","to":"hook:other","by":"ann","reason":"crm is gone""#
            let dry = try await fixture.json(.post, "/v1/spool/reroute", body + #","dry_run":true}"#)
            #expect(dry["dispatches"]?.array?.count == 1)
            #expect(try await fixture.json(.get, "/v1/spool/audit")["audit"]?.array == [])
            let answer = try await fixture.json(.post, "/v1/spool/reroute", body + "}")
            #expect(answer["dispatches"]?.array?.first?["to"]?.string == "hook:other")
            try await fixture.await("to=hook:other state=delivered")
            let audit = try #require(try await fixture.json(.get, "/v1/spool/audit?limit=5")["audit"]?.array?.first)
            #expect(audit["by"]?.string == "ann" && audit["changed"]?.integer == 1)
            #expect(audit["target"]?.string == "hook:other" && audit["filter"]?.string == "state=dead")
        }
    }

    @Test("a sound spool has no damaged rows to list")
    func damaged() async throws {
        try await GatewayFixture.run { fixture in
            let answer = try await fixture.json(.get, "/v1/spool/damaged")
            #expect(answer == ["damaged": []])
        }
    }
}
