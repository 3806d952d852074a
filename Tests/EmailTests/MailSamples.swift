import Messages

@testable import Email

/// Joins lines as mail has them.
func mail(_ lines: String...) -> [UInt8] {
    Array(lines.joined(separator: "\r\n").utf8)
}

/// The texts of a mail, each with its format in front.
func texts(_ mail: ParsedMail) -> [String] {
    mail.parts.compactMap { part in
        if case .text(let text, let format) = part { "\(format.rawValue): \(text)" } else { nil }
    }
}

/// The files of a mail.
func files(_ mail: ParsedMail) -> [MailFile] {
    mail.parts.compactMap { part in
        if case .file(let file) = part { file } else { nil }
    }
}

/// Facts of a mail that came to support@hq.example.
func facts(
    class: String = "support", returnPath: String? = "ann@client.example", hasNullSender: Bool = false
) -> MailFacts {
    MailFacts(
        mailbox: "mail", class: `class`, receivedAt: Timestamp(seconds: 1_704_207_845), returnPath: returnPath,
        hasNullSender: hasNullSender, recipients: ["support@hq.example"], hello: "mx.client.example",
        client: "192.0.2.1")
}

/// An id for envelopes of tests.
let someID = MessageID(high: 0x018C_CB36_8A88_7000, low: 0x8000_0000_0000_0001)
