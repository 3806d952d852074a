import Messages

/// What an endpoint's answer means for the delivery (Standard Webhooks, "Delivery").
enum WebhookAnswer: Sendable, Hashable {
    /// The dispatch is settled, or tried again.
    case receipt(Receipt)
    /// The endpoint is gone for good: 410.
    case gone

    /// Reads the status, `Retry-After` and what the endpoint says.
    init(status: Int, retryAfter: String?, excerpt: AnswerExcerpt? = nil, now: Timestamp) {
        let name = "HTTP \(status)"
        let answer = excerpt.map { "\(name): \($0.text)" } ?? name
        switch status {
        case 200..<300: self = .receipt(.delivered(remoteIDs: [], detail: name))
        case 410: self = .gone
        case 408, 425, 429, 500..<600:
            let pause = retryAfter.flatMap { RetryAfter.parse($0, now: now) }
            self = .receipt(.deferred(reason: "the endpoint answered \(answer)", retryAfter: pause))
        case 300..<400:
            self = .receipt(
                .rejected(reason: "the endpoint answered \(name), and redirections are not followed: set its new URL"))
        default: self = .receipt(.rejected(reason: "the endpoint answered \(answer)"))
        }
    }

    /// What a status means by itself; a 410 whose answer was cut off is told by the next attempt.
    static func receipt(ofStatus status: Int) -> Receipt {
        switch WebhookAnswer(status: status, retryAfter: nil, now: Timestamp(seconds: 0)) {
        case .receipt(let receipt): receipt
        case .gone: .deferred(reason: "the endpoint answered HTTP 410", retryAfter: nil)
        }
    }
}
