import AdapterKit
import AdapterTestSupport
import Crypto
import Messages
import TestSupport
import Testing
import Transport

@testable import HTTP

@Suite struct SignedEventTests {
    static let body = #"{"title": "Deployed", "text": "v1"}"#

    @Test("a code of the body lets in, in hexadecimal and Base64", arguments: ["hex", "base64"])
    func plainCode(encoding: String) async throws {
        let yaml = "hmac: {secret: s3cret, header: X-Sign, encoding: \(encoding), prefix: \"v=\", sender: deploy}"
        let code = try HMAC(.sha256, key: Array("s3cret".utf8)).code(for: Array(Self.body.utf8))
        let text = encoding == "hex" ? Hex.encode(code) : Base64.standard.encode(code)
        try await withMailbox(yaml) { mailbox in
            let good = try await mailbox.post(Self.body, to: "/in/api/deploys/web", headers: ["X-Sign": "v=\(text)"])
            let bad = try await mailbox.post(
                Self.body + " ", to: "/in/api/deploys/web", headers: ["X-Sign": "v=\(text)"])
            let bare = try await mailbox.post(Self.body, to: "/in/api/deploys/web", headers: ["X-Sign": text])
            #expect(good.status == .accepted)
            #expect(bad.status == .unauthorized && bare.status == .unauthorized)
            let envelope = try #require(mailbox.fixture.acceptor.arrivals.first?.envelope)
            #expect(envelope.from.description == "api:deploy" && envelope.topic.description == "api:deploys/web")
            #expect(envelope.subject == "Deployed" && envelope.text == "v1")
            #expect(mailbox.fixture.acceptor.arrivals.count == 1)
        }
    }

    @Test("a Standard Webhook lets in while its time is near the router's")
    func standard() async throws {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        try await withMailbox("hmac: {standard: \(secret)}") { mailbox in
            let now = mailbox.fixture.clock.now.seconds
            for (age, status) in [
                (0, HTTPStatus.accepted), (299, .accepted), (301, .unauthorized), (-301, .unauthorized),
            ] {
                let time = String(now - Int64(age))
                let content = StandardWebhookKey.signedContent(
                    id: "m\(age)", timestamp: time, body: Array(Self.body.utf8))
                let signature = try StandardWebhookKey(parsing: secret).signature(for: content)
                let answer = try await mailbox.post(
                    Self.body, to: "/in/api/hooks",
                    headers: ["webhook-id": "m\(age)", "webhook-timestamp": time, "webhook-signature": signature])
                #expect(answer.status == status, "\(age) s old")
            }
            #expect(mailbox.fixture.acceptor.arrivals.map(\.eventKey) == ["id webhook m0", "id webhook m299"])
        }
    }

    @Test("a token lets in where signatures do")
    func tokenToo() async throws {
        try await withMailbox("hmac: {secret: s3cret}\ntokens: {ci: secret-1}") { mailbox in
            try await #expect(
                mailbox.post("x", to: "/in/api/a", token: "secret-1", type: "text/plain").status == .accepted)
            try await #expect(
                mailbox.post("x", to: "/in/api/a", token: "other", type: "text/plain").status == .unauthorized)
            #expect(mailbox.fixture.acceptor.arrivals.map(\.envelope.from.description) == ["api:ci"])
        }
    }

    @Test("another mailbox's path is nobody's")
    func otherPath() async throws {
        try await withMailbox("tokens: {ci: secret-1}") { mailbox in
            try await #expect(mailbox.post("x", to: "/in/other/a", token: "secret-1").status == .notFound)
            try await #expect(mailbox.post("x", to: "/v2/messages", token: "secret-1").status == .notFound)
        }
    }
}
