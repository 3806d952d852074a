/// What a mail server says to a command (RFC 5321 §4.2).
public struct SMTPReply: Sendable, Hashable, CustomStringConvertible {
    /// The code: 2xx and 3xx are good, 4xx is not now, 5xx is never.
    public let code: Int
    /// The text of all its lines, without the codes, with a line feed between them.
    public let text: String

    /// Creates a reply.
    public init(code: Int, text: String) {
        self.code = code
        self.text = text
    }

    /// Tells whether the command was done.
    public var isPositive: Bool { 200..<400 ~= code }
    /// Tells whether the same may work later (4xx).
    public var isTransient: Bool { 400..<500 ~= code }
    /// Tells whether the same will never work (5xx).
    public var isPermanent: Bool { 500..<600 ~= code }

    /// The enhanced status code the text begins with, such as `5.1.1` (RFC 3463), if it does.
    public var enhancedCode: Substring? {
        guard let word = text.split(whereSeparator: \.isWhitespace).first else { return nil }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        let areNumbers = parts.allSatisfy { 1...3 ~= $0.count && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        return parts.count == 3 && areNumbers ? word : nil
    }

    /// The code and the text: `550 5.1.1 no such user`.
    public var description: String { "\(code) \(text)" }
}

/// How far a mail had come.
public enum SMTPStage: String, Sendable, Hashable {
    /// Connecting, and the server's greeting.
    case greeting
    /// `EHLO` or `HELO`.
    case hello
    /// `STARTTLS` and the handshake.
    case security
    /// `AUTH`.
    case authentication
    /// `MAIL FROM`.
    case sender
    /// `RCPT TO`.
    case recipient
    /// `DATA`.
    case data
    /// The message, and the reply to it.
    case message
}

/// A recipient and what the server said to it.
public struct SMTPRecipientReply: Sendable, Hashable {
    /// The recipient's address.
    public let recipient: String
    /// The reply to its `RCPT TO`.
    public let reply: SMTPReply

    /// Creates a recipient's reply.
    public init(recipient: String, reply: SMTPReply) {
        self.recipient = recipient
        self.reply = reply
    }
}

/// The server took the message, for some recipients at least.
public struct SMTPResponse: Sendable, Hashable {
    /// The reply to the message; its text often holds the server's queue id.
    public let reply: SMTPReply
    /// What the server said to each recipient, in their order; those of a negative reply do not get the message.
    public let recipients: [SMTPRecipientReply]

    /// The recipients that do not get the message.
    public var refused: [SMTPRecipientReply] { recipients.filter { !$0.reply.isPositive } }
}
