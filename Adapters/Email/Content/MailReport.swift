public import Messages

/// What a machine reports in a `multipart/report` (RFC 6522).
public struct MailReport: Sendable, Hashable {
    /// What became of one recipient (RFC 3464 §2.3).
    public struct Recipient: Sendable, Hashable {
        /// The address that failed or was reached, without its type.
        public var finalRecipient: String?
        /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
        public var action: String?
        /// The status code of RFC 3463, as in `5.1.1`.
        public var status: String?
        /// What the other server said.
        public var diagnostic: String?
    }

    /// The kind of report: `delivery-status`, `disposition-notification`, `feedback-report`.
    public var type: String
    /// The recipients of a delivery report.
    public var recipients: [Recipient]
    /// The id of the message it is about, when the report has it.
    public var originalMessageID: String?

    /// The report as `meta` holds it.
    public var json: JSON {
        var object = JSONObject()
        object["type"] = .string(type)
        object["original_message_id"] = originalMessageID.map(JSON.string)
        guard let first = recipients.first else { return .object(object) }
        for (name, value) in first.members { object[name] = value }
        if recipients.count > 1 {
            object["recipients"] = .array(
                recipients.map { recipient in
                    var entry = JSONObject()
                    for (name, value) in recipient.members { entry[name] = value }
                    return .object(entry)
                })
        }
        return .object(object)
    }
}

extension MailReport.Recipient {
    fileprivate var members: [(String, JSON)] {
        [("status", status), ("action", action), ("final_recipient", finalRecipient), ("diagnostic", diagnostic)]
            .compactMap { name, value in value.map { (name, JSON.string($0)) } }
    }
}

extension MailReport {
    /// The most recipients that are read.
    private static let maximumRecipients = 100

    /// The report in a message; `nil` when it is none.
    init?(in message: MIMEEntity, limits: MailLimits) {
        guard message.contentType.mediaType == "multipart/report" else { return nil }
        type = (message.contentType.parameters["report-type"] ?? "unknown").lowercased()
        recipients = []
        for part in message.children {
            switch part.contentType.mediaType {
            case "message/delivery-status", "message/global-delivery-status":
                recipients += Self.recipients(in: part.decodedBody(), limits)
            case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
                originalMessageID = originalMessageID ?? Self.messageID(in: part.decodedBody(), limits)
            default: break
            }
        }
    }

    /// Blocks of fields with empty lines between them; the first one is about the message (RFC 3464 §2.1).
    private static func recipients(in body: [UInt8], _ limits: MailLimits) -> [Recipient] {
        var found: [Recipient] = []
        var rest = body[...]
        while !rest.isEmpty, found.count < maximumRecipients {
            var next = rest.startIndex
            guard let block = try? HeaderFields(reading: rest, limits: limits, bodyStart: &next) else { break }
            if block["final-recipient"] != nil || block["action"] != nil { found.append(Recipient(block)) }
            // A line that is no field ends a block without being read; it is stepped over.
            if next == rest.startIndex {
                var lines = LineCursor(rest)
                next = lines.next()?.end ?? rest.endIndex
            }
            rest = rest[next...]
        }
        return found
    }

    private static func messageID(in body: [UInt8], _ limits: MailLimits) -> String? {
        var start = 0
        let header = try? HeaderFields(reading: body[...], limits: limits, bodyStart: &start)
        return header?["message-id"].flatMap { GMimeSyntax.messageIDs($0).first }
    }
}

extension MailReport.Recipient {
    fileprivate init(_ block: HeaderFields) {
        finalRecipient = block.text("final-recipient").map(Self.withoutType)
        action = block.word("action").map { String($0.prefix(32)) }
        status = block.word("status").map { String($0.prefix { $0.isNumber || $0 == "." }.prefix(16)) }
        diagnostic = block.text("diagnostic-code").map { String(Self.withoutType($0).prefix(1_000)) }
    }

    /// What stands after `rfc822;` or `smtp;`.
    private static func withoutType(_ text: String) -> String {
        (text.firstIndex(of: ";").map { text[text.index(after: $0)...] } ?? text[...]).trimmed
    }
}
