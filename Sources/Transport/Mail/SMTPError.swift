/// Why a mail was not taken.
public enum SMTPError: Error, Sendable, Hashable {
    /// An address, or another part, cannot be sent.
    case invalidRequest(String)
    /// The server's name has no address.
    case unresolvable(host: String)
    /// The address is not one of the public Internet's, and the request refuses those.
    case privateAddress(IPAddress)
    /// Nobody accepts the connection.
    case connectionFailed(host: String, detail: String)
    /// There is no secure connection, and the request wants one.
    case insecure(host: String, detail: String)
    /// The server said no; the reply tells whether for now (4xx) or for good (5xx). The recipients are those asked for
    /// so far.
    case rejected(stage: SMTPStage, reply: SMTPReply, recipients: [SMTPRecipientReply])
    /// The time is over; whether the server has the message is unknown when it was sent.
    case timedOut(host: String, stage: SMTPStage, messageWasSent: Bool)
    /// The connection broke; whether the server has the message is unknown when it was sent.
    case connectionLost(host: String, stage: SMTPStage, detail: String, messageWasSent: Bool)
    /// The task was cancelled.
    case cancelled(messageWasSent: Bool)
    /// The client, or its loop, has been stopped.
    case stopped(messageWasSent: Bool)

    /// Tells whether the server may have taken the message; false is certain.
    public var messageWasSent: Bool {
        switch self {
        case .timedOut(_, _, let sent), .connectionLost(_, _, _, let sent), .cancelled(let sent), .stopped(let sent):
            sent
        case .invalidRequest, .unresolvable, .privateAddress, .connectionFailed, .insecure, .rejected: false
        }
    }
}

extension SMTPError: CustomStringConvertible {
    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .invalidRequest(let reason): "the mail cannot be sent: \(reason)"
        case .unresolvable(let host): "no address found for \(host); check the name and the machine's DNS"
        case .privateAddress(let address): "\(address) is a private address; only public ones may be asked here"
        case .connectionFailed(let host, let detail): "no connection to \(host): \(detail)"
        case .insecure(let host, let detail): "no secure connection to \(host): \(detail)"
        case .rejected(let stage, let reply, _): "the server refused at \(stage.rawValue): \(reply)"
        case .timedOut(let host, let stage, let sent):
            "\(host) did not answer in time at \(stage.rawValue); \(Self.fate(sent))"
        case .connectionLost(let host, let stage, let detail, let sent):
            "the connection to \(host) broke at \(stage.rawValue): \(detail); \(Self.fate(sent))"
        case .cancelled(let sent): "sending was cancelled; \(Self.fate(sent))"
        case .stopped(let sent): "the client has been stopped; \(Self.fate(sent))"
        }
    }

    private static func fate(_ sent: Bool) -> String {
        sent ? "the server may have taken the message" : "the message was not sent"
    }
}
