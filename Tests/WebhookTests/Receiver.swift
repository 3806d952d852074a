import AdapterTestSupport
import Crypto
import Messages
import Synchronization
import TestSupport
import Transport

@testable import Webhook

/// A receiver of webhooks that answers what a test wants, and keeps what it got.
final class Receiver: Sendable {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private let state: Mutex<(requests: [HTTPRequest], answers: [HTTPResponse])>

    init(_ answers: [HTTPResponse]) {
        state = Mutex(([], answers))
    }

    /// What came, in its order.
    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// Takes a request; the last answer is given for ever.
    func answer(_ request: HTTPRequest) -> HTTPResponse {
        state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
    }

    /// Tells whether a request is signed with a key, as a receiver would check it.
    static func isSigned(_ request: HTTPRequest, with secret: String) throws -> Bool {
        let content = StandardWebhookKey.signedContent(
            id: request.headers["webhook-id"] ?? "", timestamp: request.headers["webhook-timestamp"] ?? "",
            body: request.body)
        return try StandardWebhookKey(parsing: secret)
            .isValid(request.headers["webhook-signature"] ?? "", for: content)
    }
}

/// Runs a test with the mailbox `hook`, whose endpoint `crm` is a receiver that gives these answers.
func withReceiver(
    _ answers: [HTTPResponse], settings: String = "secret: \(Receiver.secret)",
    _ body: @escaping @Sendable (WebhookAdapter, Receiver, AdapterFixture, String) async throws -> Void
) async throws {
    try await withAdapterFixture(mailbox: "hook") { fixture in
        let receiver = Receiver(answers)
        let route = try HTTPRoute(.post, "/hooks/{name...}", bodyLimit: 1 << 20) { receiver.answer($0) }
        try await withServer([route], on: fixture) { url in
            let yaml = "{allow_private: true, endpoints: {crm: {url: \"\(url)/hooks/crm\", \(settings)}}}"
            try await body(try fixture.adapter(WebhookAdapter.self, yaml), receiver, fixture, url)
        }
    }
}
