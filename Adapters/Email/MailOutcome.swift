import Messages
import Transport

/// What handing a mail to a server means for its dispatch.
struct MailOutcome {
    private let outcome: Result<SMTPResponse, SMTPError>
    private let server: String

    init(_ outcome: Result<SMTPResponse, SMTPError>, server: String) {
        self.outcome = outcome
        self.server = server
    }

    /// The receipt; a mail that may have been taken is `unknown`.
    func receipt(messageID: String) -> Receipt {
        switch outcome {
        case .success(let response):
            guard let refused = response.refused.first else {
                return .delivered(remoteIDs: [messageID], detail: "\(server) said \(response.reply)")
            }
            return receipt(for: refused.reply)
        case .failure(.rejected(_, let reply, _)):
            if case .failure(let error) = outcome, Self.isServerFault(error) {
                return .deferred(reason: "\(server) takes no mail from here: \(reply)", retryAfter: nil)
            }
            return receipt(for: reply)
        case .failure(.invalidRequest(let reason)): return .rejected(reason: reason)
        case .failure(let error):
            return error.messageWasSent
                ? .unknown(reason: error.description) : .deferred(reason: error.description, retryAfter: nil)
        }
    }

    private func receipt(for reply: Transport.SMTPReply) -> Receipt {
        reply.isPermanent
            ? .rejected(reason: "\(server) refused the mail: \(reply)")
            : .deferred(reason: "\(server) put the mail off: \(reply)", retryAfter: nil)
    }

    /// Whether the server, the way to it or our standing with it is at fault, and not this mail: nothing bounces for that.
    static func isServerFault(_ error: SMTPError) -> Bool {
        switch error {
        case .unresolvable, .privateAddress, .connectionFailed, .insecure: true
        case .rejected(let stage, let reply, _):
            switch stage {
            case .greeting, .hello, .security, .authentication: true
            // 530 asks for a user or TLS, whatever the mail (RFC 4954 §6).
            case .sender, .recipient, .data, .message: reply.code == 530 || reply.code == 421
            }
        case .timedOut(_, let stage, _), .connectionLost(_, let stage, _, _): stage == .greeting || stage == .hello
        case .invalidRequest, .cancelled, .stopped: false
        }
    }
}
