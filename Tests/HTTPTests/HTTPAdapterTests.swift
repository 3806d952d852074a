import AdapterKit
import AdapterTestSupport
import Messages
import TestSupport
import Testing
import Transport

@testable import HTTP

@Suite struct HTTPAdapterTests {
    @Test("a webhook of this router is refused, one of another is taken", arguments: ["/v1/messages", "/in/api/alert"])
    func ownWebhook(path: String) async throws {
        try await withMailbox("{}") { mailbox in
            let own = try await mailbox.post(
                #"{"text": "round"}"#, to: path,
                headers: HTTPFields([.init(name: "Postroad-Router", value: "hq.example")]))
            #expect(own.status.rawValue == 422)
            #expect(String(decoding: own.body, as: UTF8.self).contains("webhook loop"))
            let other = try await mailbox.post(
                #"{"text": "round"}"#, to: path,
                headers: HTTPFields([.init(name: "Postroad-Router", value: "b.example")]))
            #expect(other.status.rawValue == 202)
        }
    }

    @Test("a message is taken with 202, its id and where it goes")
    func takes() async throws {
        try await withMailbox("tokens: {ci: secret-1}") { mailbox in
            mailbox.fixture.acceptor.route(to: [
                .init(dispatch: 4_097, address: try Address(parsing: "inbox:ann"), route: "envelope")
            ])
            let answer = try await mailbox.post(#"{"to": "inbox:ann", "text": "hi"}"#, token: "secret-1")
            let arrival = try #require(mailbox.fixture.acceptor.arrivals.first)
            #expect(answer.status == .accepted)
            #expect(
                try JSON(parsing: answer.body) == [
                    "id": .string(arrival.envelope.id.description),
                    "dispatches": [["number": 4_097, "to": "inbox:ann", "route": "envelope"]], "duplicate": false,
                ])
            #expect(arrival.envelope.from.description == "api:ci")
        }
    }

    @Test("a repetition is answered with the first id, and another body under the same key with 422")
    func repetition() async throws {
        try await withMailbox("tokens: {ci: secret-1}") { mailbox in
            let key: HTTPFields = ["Idempotency-Key": "\"k1\""]
            let first = try await mailbox.post(#"{"text": "hi"}"#, token: "secret-1", headers: key)
            let second = try await mailbox.post(#"{"text": "hi"}"#, token: "secret-1", headers: key)
            let other = try await mailbox.post(#"{"text": "ho"}"#, token: "secret-1", headers: key)
            #expect(first.status == .accepted && second.status == .accepted)
            let ids = try [first, second].map { try JSON(parsing: $0.body)["id"] }
            #expect(ids[0] == ids[1])
            #expect(try JSON(parsing: second.body)["duplicate"] == true)
            #expect(other.status.rawValue == 422)
            #expect(mailbox.fixture.acceptor.arrivals.count == 1)
        }
    }

    @Test("a batch is answered with a list")
    func batch() async throws {
        try await withMailbox("tokens: {ci: secret-1}") { mailbox in
            let answer = try await mailbox.post(
                "{\"text\": \"a\"}\n{\"text\": \"b\"}", token: "secret-1", type: "application/x-ndjson")
            #expect(try JSON(parsing: answer.body).array?.count == 2)
            #expect(mailbox.fixture.acceptor.arrivals.map(\.envelope.text) == ["a", "b"])
        }
    }

    @Test(
        "without a token, or with one that nobody knows, the answer is 401 with a challenge", arguments: [nil, "wrong"])
    func unauthorized(token: String?) async throws {
        try await withMailbox("tokens: {ci: secret-1}") { mailbox in
            let answer = try await mailbox.post(#"{"text": "hi"}"#, token: token)
            #expect(answer.status == .unauthorized)
            #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(mailbox.fixture.acceptor.arrivals.isEmpty)
        }
    }

    @Test("two mailboxes share the path, and the token tells which one is meant")
    func sharedPath() async throws {
        try await withAdapterFixture(mailbox: "api") { fixture in
            let one = try fixture.adapter(HTTPAdapter.self, "tokens: {ci: secret-1}")
            let two = try fixture.adapter(HTTPAdapter.self, "tokens: {cd: secret-2}", mailbox: "ops")
            try await withServer(one.endpoints + two.endpoints, on: fixture) { url in
                let mailbox = Mailbox(fixture: fixture, url: url)
                try await #expect(mailbox.post(#"{"text": "x"}"#, token: "secret-2").status == .accepted)
                try await #expect(mailbox.post(#"{"text": "x"}"#, token: "secret-3").status == .unauthorized)
                #expect(fixture.acceptor.arrivals.map(\.envelope.from.description) == ["ops:cd"])
            }
        }
    }

    @Test(
        "what the router cannot take now is told by its status",
        arguments: [
            (AcceptError.busy(retryAfter: .milliseconds(1_500)), 429, 2...2 as ClosedRange<Int>?),
            (.full(reason: "the spool is full"), 507, 30...90), (.unavailable(reason: "stopping"), 503, 3...8),
            (.refused(reason: "a loop"), 422, nil),
        ])
    func busy(error: AcceptError, status: Int, retryAfter: ClosedRange<Int>?) async throws {
        try await withMailbox("tokens: {ci: secret-1}") { mailbox in
            mailbox.fixture.acceptor.refuse(with: error)
            let answer = try await mailbox.post(#"{"text": "hi"}"#, token: "secret-1")
            #expect(answer.status.rawValue == status)
            let seconds = answer.headers["retry-after"].flatMap(Int.init)
            #expect(seconds.map { retryAfter?.contains($0) == true } ?? (retryAfter == nil))
        }
    }

    @Test("what is wrong is answered as a problem with pointers")
    func problem() async throws {
        try await withMailbox("tokens: {ci: secret-1}") { mailbox in
            let answer = try await mailbox.post(#"{"txet": "hi"}"#, token: "secret-1")
            #expect(answer.status == .badRequest)
            let problem = try JSON(parsing: answer.body)
            #expect(problem["title"] == "Bad Request" && problem["status"] == 400)
            #expect(problem["errors"]?.array?.first?["pointer"] == "#/txet")
        }
    }

    @Test("a body over the limit is answered with 413")
    func tooLarge() async throws {
        try await withMailbox("tokens: {ci: secret-1}\nmax_body: 1KiB") { mailbox in
            let body = "{\"text\": \"\(String(repeating: "a", count: 2_000))\"}"
            try await #expect(mailbox.post(body, token: "secret-1").status.rawValue == 413)
        }
    }

    @Test("a part over 64 KiB goes to the blob store, a smaller one stays")
    func largeParts() async throws {
        try await withMailbox("tokens: {ci: secret-1}") { mailbox in
            let long = String(repeating: "a", count: 65_537)
            let body = "{\"text\": \"\(long)\", \"parts\": [{\"type\": \"text\", \"text\": \"short\"}]}"
            try await #expect(mailbox.post(body, token: "secret-1").status == .accepted)
            let parts = try #require(mailbox.fixture.acceptor.arrivals.first?.envelope.parts)
            guard case .blob(let blob) = parts[0].content else {
                Issue.record("expected a claim check")
                return
            }
            #expect(blob.size == 65_537 && parts[0].mediaType == "text/plain")
            #expect(try await mailbox.fixture.blobs.read(blob).count == 65_537)
            #expect(parts[1] == .text("short"))
        }
    }

    @Test("settings that cannot be used are refused with their place")
    func badSettings() async throws {
        try await withAdapterFixture(mailbox: "api") { fixture in
            for yaml in ["tokens: {ci: \"\"}", "hmac: {secret: \"\"}", "hmac: {standard: whsec_short}", "tokns: {}"] {
                let error = #expect(throws: AdapterError.self, "\(yaml)") {
                    try fixture.adapter(HTTPAdapter.self, yaml)
                }
                #expect(error?.description.contains("routes.yaml:1:") == true)
            }
        }
    }

    @Test("a secret is in no log line and no answer")
    func secrets() async throws {
        try await withMailbox("tokens: {ci: planted-secret}") { mailbox in
            let answers = [
                try await mailbox.post(#"{"text": "hi"}"#, token: "planted-secret"),
                try await mailbox.post(#"{"txet": "hi"}"#, token: "planted-secret"),
                try await mailbox.post(#"{"text": "hi"}"#, token: "planted-secret-2"),
            ]
            for answer in answers { #expect(!String(decoding: answer.body, as: UTF8.self).contains("planted")) }
            #expect(!mailbox.fixture.log.text.contains("planted"))
        }
    }
}
