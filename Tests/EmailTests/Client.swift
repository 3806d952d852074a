@testable import Email

/// The other end of a session without a wire: sends bytes, takes replies, and answers deliveries with what a test wants.
struct Client {
    private var session: SMTPSession
    private(set) var transcript: String
    private(set) var mails: [MailTransaction] = []
    private(set) var isClosed = false
    var results: [ServerReply] = [ServerReply(250, "2.0.0", "queued")]

    init(
        _ dialect: SMTPConfiguration.Dialect = .smtp, configure: (inout SMTPConfiguration) -> Void = { _ in },
        authenticate: @escaping @Sendable (MailLogin) -> LoginVerdict = { _ in .refused }
    ) {
        var configuration = SMTPConfiguration(hostName: "mx.hq.example", dialect: dialect, maximumMessage: 1_000)
        configuration.maximumRecipients = 3
        configure(&configuration)
        session = SMTPSession(configuration: configuration) { recipient in
            ["a@hq.example", "b@hq.example", "Postmaster"].contains(recipient) ? .accepted : .unknown
        } authenticate: {
            authenticate($0)
        }
        transcript = String(decoding: session.greeting, as: UTF8.self)
    }

    /// A client that was told to send its message.
    static func inData() -> Client {
        var client = Client()
        client.send("EHLO c\r\nMAIL FROM:<ann@c>\r\nRCPT TO:<a@hq.example>\r\nDATA\r\n")
        return client
    }

    mutating func send(_ text: String) { send(Array(text.utf8)) }

    mutating func send(_ bytes: [UInt8]) {
        guard !isClosed else { return }
        var step = session.receive(bytes)
        while true {
            transcript += String(decoding: step.replies, as: UTF8.self)
            switch step.action {
            case .read: return
            case .close: return isClosed = true
            case .startTLS: return session.secure(version: "TLSv1.3")
            case .deliver(let mail):
                mails.append(mail)
                step = session.finish(results)
            }
        }
    }

    /// The last lines of all replies after the greeting.
    var lines: [Substring] {
        transcript.split(separator: "\r\n").filter { !$0.dropFirst(3).hasPrefix("-") }.dropFirst().map { $0 }
    }

    /// The codes of all replies after the greeting.
    var codes: [String] { lines.map { String($0.prefix(3)) } }
}
