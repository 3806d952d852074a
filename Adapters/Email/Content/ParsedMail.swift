public import Crypto
public import Messages

/// A mail that was read: what a person sees of it, and what the router needs to know.
public struct ParsedMail: Sendable {
    /// All fields of the header, raw.
    public var header: HeaderFields
    /// The subject, decoded, in one line.
    public var subject: String?
    /// The first author.
    public var from: MailAddress?
    /// The recipients the mail names.
    public var to: [MailAddress]
    /// Those it names as copied.
    public var cc: [MailAddress]
    /// Where answers go instead of the author.
    public var replyTo: MailAddress?
    /// The mail's id, without angle brackets.
    public var messageID: String?
    /// The ids of the mails it answers, without angle brackets.
    public var inReplyTo: [String]
    /// The ids of the thread, the oldest first, without angle brackets.
    public var references: [String]
    /// When it was written, as the mail says.
    public var date: Timestamp?
    /// The texts and files.
    public var parts: [MailPart]
    /// What it reports, when it is a report.
    public var report: MailReport?
    /// Whether a machine wrote it (RFC 3834).
    public var isAutomatic: Bool
    /// A digest of date, author, subject and body: the same for each copy of one mail.
    public var digest: SHA256Digest
}

/// Reads mails (RFC 5322, MIME).
public enum MailParser {
    /// Reads one mail; what is malformed is read as well as can be.
    ///
    /// - Parameters:
    ///   - bytes: The mail, its lines ended with CRLF or LF.
    ///   - limits: How much is read.
    /// - Returns: What was read.
    /// - Throws: ``MailError`` when it is empty or beyond a limit.
    public static func parse(_ bytes: [UInt8], limits: MailLimits = MailLimits()) throws(MailError) -> ParsedMail {
        guard !bytes.isEmpty else { throw .empty }
        var reader = MIMEReader(limits: limits)
        let message = try reader.read(bytes[...])
        let header = message.header
        let from = addresses(header, "from").first ?? addresses(header, "sender").first
        return ParsedMail(
            header: header, subject: header.text("subject").map(singleLine).flatMap { $0.isEmpty ? nil : $0 },
            from: from,
            to: addresses(header, "to"), cc: addresses(header, "cc"), replyTo: addresses(header, "reply-to").first,
            messageID: ids(header, "message-id").first, inReplyTo: ids(header, "in-reply-to"),
            references: ids(header, "references"), date: header["date"].flatMap { GMimeSyntax.date($0) },
            parts: MailContentReader.parts(of: message), report: MailReport(in: message, limits: limits),
            isAutomatic: AutomaticMail.isAutomatic(header, from: from),
            digest: try digest(of: message))
    }

    /// The most bytes of a field with addresses or ids that are read.
    private static let maximumList = 65_536
    /// The longest id that counts as one; longer ones are noise.
    private static let maximumID = 998

    private static func addresses(_ header: HeaderFields, _ name: String) -> [MailAddress] {
        guard let value = header[name] else { return [] }
        return GMimeSyntax.addresses(value.prefix(maximumList)).filter { !$0.address.isEmpty }
    }

    private static func ids(_ header: HeaderFields, _ name: String) -> [String] {
        guard let value = header[name] else { return [] }
        return GMimeSyntax.messageIDs(value.prefix(maximumList)).map(\.trimmed)
            .filter { !$0.isEmpty && $0.utf8.count <= maximumID && $0.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }
    }

    private static func singleLine(_ text: String) -> String {
        let cleaned = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return String(String.UnicodeScalarView(cleaned)).trimmed
    }

    private static func digest(of message: MIMEEntity) throws(MailError) -> SHA256Digest {
        do {
            var hash = try SHA256()
            for name in ["date", "from", "subject"] {
                try hash.update(message.header[name] ?? [])
                try hash.update([0])
            }
            try hash.update(message.body)
            return try hash.finish()
        } catch {
            throw .badEnvelope(reason: "\(error)")
        }
    }
}
