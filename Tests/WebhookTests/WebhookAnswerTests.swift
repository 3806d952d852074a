import Messages
import Testing

@testable import Webhook

@Suite struct WebhookAnswerTests {
    static let now = Timestamp(seconds: 784_111_747)

    @Test("2xx is delivered", arguments: [200, 201, 202, 204, 299])
    func delivered(status: Int) {
        #expect(
            WebhookAnswer(status: status, retryAfter: nil, now: Self.now)
                == .receipt(.delivered(remoteIDs: [], detail: "HTTP \(status)")))
    }

    @Test(
        "what may pass is tried again, not before the endpoint allows", arguments: [408, 425, 429, 500, 502, 503, 504])
    func deferred(status: Int) {
        let reason = "the endpoint answered HTTP \(status)"
        #expect(
            WebhookAnswer(status: status, retryAfter: "30", now: Self.now)
                == .receipt(.deferred(reason: reason, retryAfter: .seconds(30))))
        #expect(
            WebhookAnswer(status: status, retryAfter: nil, now: Self.now)
                == .receipt(.deferred(reason: reason, retryAfter: nil)))
    }

    @Test("what will not pass is rejected, redirections too", arguments: [300, 301, 307, 400, 401, 404, 413, 422])
    func rejected(status: Int) {
        guard case .receipt(.rejected(let reason)) = WebhookAnswer(status: status, retryAfter: "30", now: Self.now)
        else {
            Issue.record("expected a rejection")
            return
        }
        #expect(reason.contains("\(status)"))
    }

    @Test("410 means gone for good")
    func gone() {
        #expect(WebhookAnswer(status: 410, retryAfter: nil, now: Self.now) == .gone)
    }
}
