import Messages
import TestSupport
import Testing
import Transport

@Suite struct ReplayEndpointTests {
    @Test("messages of a time are replayed page by page, and the audit names who did it")
    func pages() async throws {
        try await GatewayFixture.run { fixture in
            for subject in ["one", "two", "three"] { try await fixture.accept(subject) }
            try await fixture.await("state=delivered", count: 3)
            let body =
                #"{"topics":["api:**"],"limit":2,"dry_run":false,"by":"ann","until":"\#(fixture.clock.now + .seconds(1))"}"#
            let page = try await fixture.json(.post, "/v1/replay", body)
            #expect(page["messages"]?.array?.compactMap { $0["subject"]?.string } == ["one", "two"])
            let next = try #require(page["next"]?.integer)
            let rest = try await fixture.json(
                .post, "/v1/replay", #"{"topics":["api:**"],"limit":1,"after":\#(next),"dry_run":false}"#)
            #expect(rest["messages"]?.array?.compactMap { $0["subject"]?.string } == ["three"])
            try await fixture.await("state=delivered", count: 6)
            let audit = try await fixture.json(.get, "/v1/spool/audit")["audit"]?.array
            #expect(audit?.last?["action"]?.string == "replay" && audit?.last?["by"]?.string == "ann")
            #expect(audit?.last?["changed"]?.integer == 2)
        }
    }

    @Test("without a word about it nothing is sent")
    func dryByDefault() async throws {
        try await GatewayFixture.run { fixture in
            let id = try await fixture.accept()
            try await fixture.await("state=delivered")
            let answer = try await fixture.json(.post, "/v1/replay", #"{"message":"\#(id)"}"#)
            #expect(answer["dry_run"]?.bool == true)
            #expect(answer["messages"]?.array?.first?["recipients"]?.array?.first?["to"]?.string == "hook:crm")
            try await fixture.await("state=delivered", count: 1)
        }
    }

    static let bad: [(String, HTTPStatus, String)] = [
        ("{}", .badRequest, "not all messages at once"),
        (#"{"message":"1"}"#, .badRequest, "1"),
        (#"{"message":"019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07"}"#, .notFound, "no message"),
        (#"{"message":"019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07","topics":["a:b"]}"#, .badRequest, "either message"),
        (#"{"topics":["nothing"]}"#, .badRequest, "nothing"), (#"{"topics":[1]}"#, .badRequest, "list of strings"),
        (#"{"since":"soon"}"#, .badRequest, "soon"), (#"{"topic":"a:b"}"#, .badRequest, "no field is named"),
        (#"{"topics":["a:b"],"limit":"ten"}"#, .badRequest, "limit: expected a whole number"),
    ]

    @Test("a request that cannot be read is refused, and told what is wrong", arguments: bad)
    func badRequest(body: String, status: HTTPStatus, words: String) async throws {
        try await GatewayFixture.run { fixture in
            let response = try await fixture.send(.post, "/v1/replay", body)
            #expect(response.status == status)
            #expect(response.detail.contains(words), "\(response.text)")
        }
    }
}
