import AdapterKit
import AdapterTestSupport
import Crypto
import Messages
import TestSupport
import Testing
import Transport

@testable import Webhook

@Suite struct WebhookAdapterTests {
    @Test("a message arrives as the envelope's JSON, signed, with the dispatch's key as its id")
    func delivers() async throws {
        let settings = "secret: \(Receiver.secret), headers: {X-Team: support}"
        try await withReceiver([HTTPResponse(.noContent)], settings: settings) { adapter, receiver, fixture, _ in
            let dispatch = try fixture.dispatch(to: "crm")
            try await #expect(adapter.deliver(dispatch) == .delivered(remoteIDs: [], detail: "HTTP 204"))
            let request = try #require(receiver.requests.first)
            #expect(try Envelope(parsing: request.body) == dispatch.envelope)
            #expect(try Receiver.isSigned(request, with: Receiver.secret))
            #expect(request.headers["webhook-id"] == dispatch.idempotencyKey)
            #expect(request.headers["webhook-timestamp"] == "1700000000")
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.headers["x-team"] == "support")
            #expect(request.headers["postroad-router"] == "hq.example")
        }
    }

    @Test("every attempt has the same id and its own time")
    func attempts() async throws {
        let answers = [HTTPResponse(.serviceUnavailable), HTTPResponse(.ok)]
        try await withReceiver(answers) { adapter, receiver, fixture, _ in
            let dispatch = try fixture.dispatch(to: "crm")
            guard case .deferred = try await adapter.deliver(dispatch) else {
                Issue.record("expected a deferral")
                return
            }
            fixture.clock.advance(by: .seconds(30))
            try await #expect(adapter.deliver(dispatch) == .delivered(remoteIDs: [], detail: "HTTP 200"))
            #expect(Set(receiver.requests.map { $0.headers["webhook-id"] }).count == 1)
            #expect(receiver.requests.map { $0.headers["webhook-timestamp"] } == ["1700000000", "1700000030"])
            for request in receiver.requests { #expect(try Receiver.isSigned(request, with: Receiver.secret)) }
        }
    }

    @Test("while a secret is changed, every request is signed with both, Ed25519 too")
    func severalSecrets() async throws {
        let seed = try Hex.decode("9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5")
        let settings = "secret: \(Receiver.secret), secrets: [\"whsk_\(Base64.standard.encode(seed))\"]"
        try await withReceiver([HTTPResponse(.ok)], settings: settings) { adapter, receiver, fixture, _ in
            _ = try await adapter.deliver(fixture.dispatch(to: "crm"))
            let request = try #require(receiver.requests.first)
            #expect(try Receiver.isSigned(request, with: Receiver.secret))
            #expect(try Receiver.isSigned(request, with: "whpk_JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="))
        }
    }

    @Test(
        "429 is tried again when the endpoint says, in seconds or as a date",
        arguments: [("90", 90), ("Tue, 14 Nov 2023 22:14:20 GMT", 60), ("nonsense", nil as Int?)])
    func retryAfter(header: String, seconds: Int?) async throws {
        let answer = HTTPResponse(.tooManyRequests, headers: ["Retry-After": header])
        try await withReceiver([answer]) { adapter, _, fixture, _ in
            let expected = Receipt.deferred(
                reason: "the endpoint answered HTTP 429", retryAfter: seconds.map { .seconds($0) })
            try await #expect(adapter.deliver(fixture.dispatch(to: "crm")) == expected)
        }
    }

    @Test("a redirection is not followed")
    func redirection() async throws {
        let answer = HTTPResponse(HTTPStatus(rawValue: 307), headers: ["Location": "/hooks/other"])
        try await withReceiver([answer, HTTPResponse(.ok)]) { adapter, receiver, fixture, _ in
            guard case .rejected(let reason) = try await adapter.deliver(fixture.dispatch(to: "crm")) else {
                Issue.record("expected a rejection")
                return
            }
            #expect(reason.contains("307") && receiver.requests.count == 1)
        }
    }

    @Test("an unknown endpoint is rejected with the nearest name")
    func unknownEndpoint() async throws {
        try await withReceiver([HTTPResponse(.ok)]) { adapter, receiver, fixture, _ in
            let receipt = try await adapter.deliver(fixture.dispatch(to: "cmr"))
            #expect(receipt == .rejected(reason: "hook has no endpoint named \"cmr\"; did you mean hook:crm?"))
            #expect(receiver.requests.isEmpty)
        }
    }

    @Test("a private address is refused unless the mailbox allows it")
    func privateAddress() async throws {
        try await withReceiver([HTTPResponse(.ok)]) { _, receiver, fixture, url in
            let yaml = "endpoints: {crm: {url: \"\(url)/hooks/crm\", secret: \(Receiver.secret)}}"
            let adapter = try fixture.adapter(WebhookAdapter.self, yaml)
            guard case .rejected(let reason) = try await adapter.deliver(fixture.dispatch(to: "crm")) else {
                Issue.record("expected a rejection")
                return
            }
            #expect(reason.contains("127.0.0.1") && reason.contains("allow_private"))
            #expect(receiver.requests.isEmpty)
        }
    }

    @Test(
        "settings that cannot work are refused with their place",
        arguments: [
            "{url: \"https://a.example\"}", "{url: \"https://a.example\", secret: whsec_c2hvcnQ=}",
            "{url: \"https://a.example\", secret: \"whpk_JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\"}",
            "{url: \"ftp://a.example\", secret: \(Receiver.secret)}",
            "{url: \"https://a.example\", secret: \(Receiver.secret), headers: {\"X-A\": \"a\\r\\nB: c\"}}",
            "{url: \"https://a.example\", secret: \(Receiver.secret), timeout: 1h}",
        ])
    func badSettings(endpoint: String) async throws {
        try await withAdapterFixture(mailbox: "hook") { fixture in
            let error = #expect(throws: AdapterError.self) {
                try fixture.adapter(WebhookAdapter.self, "endpoints: {crm: \(endpoint)}")
            }
            #expect(error?.description.contains("routes.yaml:1:") == true)
            #expect(error?.description.contains("c2hvcnQ") == false)
        }
    }
}
