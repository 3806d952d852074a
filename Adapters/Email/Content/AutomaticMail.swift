/// Tells mail that a machine wrote, which must get no automatic answer (RFC 3834 §2, RFC 2919, RFC 2369).
enum AutomaticMail {
    /// Whether the header says so.
    static func isAutomatic(_ header: HeaderFields, from: MailAddress?) -> Bool {
        if let value = header.word("auto-submitted"), firstWord(value) != "no" { return true }
        if let value = header.word("precedence"), precedences.contains(firstWord(value)) { return true }
        if marks.contains(where: { header[$0] != nil }) { return true }
        if header.word("return-path") == "<>" { return true }
        if let value = header.word("x-auto-response-suppress"), suppressesAnswers(value) { return true }
        return header.word("content-type")?.hasPrefix("multipart/report") == true || from.map(isMachine) == true
    }

    private static let precedences: Set<String> = ["bulk", "junk", "list", "auto_reply"]
    private static let marks = [
        "list-id", "list-unsubscribe", "list-post", "x-autoreply", "x-autorespond", "x-auto-reply-from",
    ]
    private static let machines: Set<String> = ["mailer-daemon", "postmaster", "noreply", "no-reply"]

    private static func isMachine(_ from: MailAddress) -> Bool {
        let name = from.localPart.lowercased()
        return machines.contains(name) || name.hasSuffix("-bounces") || name.hasPrefix("owner-")
    }

    private static func suppressesAnswers(_ value: String) -> Bool {
        value.split(separator: ",").contains { ["all", "autoreply", "oof"].contains($0.trimmed) }
    }

    /// The word before a comment or a parameter.
    private static func firstWord(_ value: String) -> String {
        value.prefix { $0 != ";" && $0 != "(" && $0 != " " }.trimmed
    }
}
