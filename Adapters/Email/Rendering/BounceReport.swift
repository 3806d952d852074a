import Messages

/// A bounce as mail knows it: words for a person, fields for a machine, and what is known of the mail that failed
/// (RFC 3464, RFC 6522).
///
/// The envelope's data part has `recipient`, `reason` and, where known, `status`.
struct BounceReport {
    private let dispatch: Dispatch
    private let router: String

    init(_ dispatch: Dispatch, router: String) {
        self.dispatch = dispatch
        self.router = router
    }

    var node: MIMENode {
        .multipart(
            "multipart/report; report-type=delivery-status",
            [
                .text(dispatch.envelope.text, subtype: "plain"), .report("message/delivery-status", deliveryStatus),
                .report("text/rfc822-headers", original),
            ])
    }

    private var facts: JSON? {
        dispatch.envelope.parts.lazy.compactMap { part -> JSON? in
            if part.type == .data, case .value(let value) = part.content { value } else { nil }
        }.first
    }

    private var deliveryStatus: MailHeaderWriter {
        var fields = MailHeaderWriter()
        fields.structured("Reporting-MTA", "dns; \(Self.ascii(router))")
        fields.structured("Arrival-Date", dispatch.envelope.time.mailDate)
        fields.blankLine()
        let recipient = facts?["recipient"]?.string ?? "unknown"
        let isMail =
            recipient.split(separator: ":", maxSplits: 1).last.map { MailRenderer.isAddress(String($0)) } ?? false
        let shown =
            isMail ? recipient.split(separator: ":", maxSplits: 1).last.map(String.init) ?? recipient : recipient
        fields.structured("Final-Recipient", "\(isMail ? "rfc822" : "x-postroad"); \(Self.ascii(shown))")
        fields.structured("Action", "failed")
        fields.structured("Status", status)
        if let reason = facts?["reason"]?.string {
            fields.structured("Diagnostic-Code", "x-postroad; \(Self.ascii(reason.cut(toBytes: 600)))")
        }
        return fields
    }

    /// The status code; 5.0.0 says that it failed for good and nothing more (RFC 3463 §3.1).
    private var status: String {
        guard let given = facts?["status"]?.string, given.utf8.first == UInt8(ascii: "5"), given.utf8.count <= 11,
            given.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
        else { return "5.0.0" }
        return given
    }

    private var original: MailHeaderWriter {
        var fields = MailHeaderWriter()
        if let id = dispatch.remoteInReplyTo, EncodedWord.isPlain(id), !id.contains(" ") {
            fields.structured("Message-ID", "<\(id)>")
        }
        return fields
    }

    /// Fields of a report have no encoding: what is not ASCII is shown as `?`, and words are cut to fit a line.
    private static func ascii(_ text: String) -> String {
        let shown = MailHeaderWriter.singleLine(text).unicodeScalars.map {
            (0x20...0x7E).contains($0.value) ? Character($0) : "?"
        }
        return String(shown).split(separator: " ").map { $0.prefix(500) }.joined(separator: " ")
    }
}
