// An SMTP and an LMTP session with a hostile client: however its bytes are cut into pieces, it gets the same replies.

import Email
import FuzzDriver

/// Everything that a session answers to these bytes, given in pieces of this size.
func replies(to bytes: [UInt8], pieces size: Int, _ dialect: SMTPConfiguration.Dialect) -> [UInt8] {
    let configuration = SMTPConfiguration(hostName: "hq.example", dialect: dialect, maximumMessage: 4_096)
    var session = SMTPSession(configuration: configuration) { $0.hasPrefix("no") ? .unknown : .accepted }
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
        var step = session.receive(Array(bytes[start..<min(start + size, bytes.count)]))
        output += step.replies
        while case .deliver(let mail) = step.action {
            let count = dialect == .lmtp ? mail.recipients.count : 1
            step = session.finish(Array(repeating: ServerReply(250, "2.0.0", "taken"), count: count))
            output += step.replies
        }
        if step.action == .close { break }
    }
    return output
}

fuzz { start, count in
    let bytes = bytes(start, count)
    for dialect in [SMTPConfiguration.Dialect.smtp, .lmtp] {
        let whole = replies(to: bytes, pieces: max(bytes.count, 1), dialect)
        expect(replies(to: bytes, pieces: 1, dialect) == whole, "single bytes get the same replies")
        expect(replies(to: bytes, pieces: 7, dialect) == whole, "pieces get the same replies")
    }
    return 0
}
