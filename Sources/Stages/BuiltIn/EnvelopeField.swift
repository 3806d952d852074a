import Configuration
import Messages

/// A field of the envelope that `set` writes.
enum EnvelopeField: Sendable, Hashable {
    case subject, text, priority, thread, replyTo, expires, notBefore, senderName
    case meta([String])
    case header(String)

    /// The fields with a fixed name, and what their value must be, in the order of the reference page.
    static let named: [(name: String, field: EnvelopeField, prose: String)] = [
        ("subject", .subject, "one line; empty removes it"),
        ("text", .text, "takes the place of all text parts"),
        ("priority", .priority, "`low`, `normal`, `high` or `urgent`"),
        ("thread", .thread, "the conversation; messages of one are delivered in order"),
        ("reply_to", .replyTo, "an address for answers; empty removes it"),
        ("sender.name", .senderName, "the sender's name to show; empty removes it"),
        ("expires", .expires, "a duration from now such as `1h`, or an RFC 3339 time; the message bounces after it"),
        ("not_before", .notBefore, "likewise; the message is not delivered before it"),
    ]

    /// Reads a name.
    init?(parsing name: String) {
        if let (_, field, _) = Self.named.first(where: { $0.name == name }) {
            self = field
        } else if name.hasPrefix("meta."), let path = MetaPath.parse(name.dropFirst(5)) {
            self = .meta(path)
        } else if name.hasPrefix("headers."), Self.isHeaderName(name.dropFirst(8)) {
            self = .header(String(name.dropFirst(8)))
        } else {
            return nil
        }
    }

    /// The name as it is written.
    var name: String {
        switch self {
        case .meta(let path): "meta." + path.joined(separator: ".")
        case .header(let name): "headers." + name
        default: Self.named.first { $0.field == self }?.name ?? ""
        }
    }

    /// RFC 5322 §3.6.8: printable ASCII without the colon.
    private static func isHeaderName(_ name: Substring) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: ":") }
    }

    /// What setting the field to this text does.
    ///
    /// - Throws: ``StageError/badValue(field:text:expected:)``
    func change(to text: String, now: Timestamp) throws(StageError) -> EnvelopeChange {
        switch self {
        case .subject: return .subject(text)
        case .text: return .text(text)
        case .thread: return .thread(text)
        case .senderName: return .senderName(text)
        case .meta(let path): return .meta(path, text.isEmpty ? nil : .string(text))
        case .header(let name): return .header(name, text)
        case .priority:
            guard let priority = Priority(rawValue: text) else { throw bad(text, "low, normal, high or urgent") }
            return .priority(priority)
        case .replyTo:
            guard !text.isEmpty else { return .replyTo(nil) }
            guard let address = try? Address(parsing: text) else {
                throw bad(text, "an address such as mail:ann@example.org")
            }
            return .replyTo(address)
        case .expires: return .expires(try time(text, now))
        case .notBefore: return .notBefore(try time(text, now))
        }
    }

    private func time(_ text: String, _ now: Timestamp) throws(StageError) -> Timestamp? {
        if text.isEmpty { return nil }
        if let duration = Duration(parsing: text) { return now + duration }
        if let time = try? Timestamp(parsing: text) { return time }
        throw bad(text, "a duration such as 1h30m, or a time such as 2026-01-31T12:00:00Z")
    }

    private func bad(_ text: String, _ expected: String) -> StageError {
        .badValue(field: name, text: text, expected: expected)
    }
}

/// A change to one field, checked.
enum EnvelopeChange: Sendable, Hashable {
    case subject(String)
    case text(String)
    case thread(String)
    case senderName(String)
    case priority(Priority)
    case replyTo(Address?)
    case expires(Timestamp?)
    case notBefore(Timestamp?)
    case meta([String], JSON?)
    case header(String, String)

    /// Makes the change.
    func apply(to envelope: inout Envelope) {
        switch self {
        case .subject(let text): envelope.subject = Self.line(text)
        case .text(let text): envelope.setText(text)
        case .thread(let text): envelope.thread = Self.line(text)
        case .senderName(let text):
            var sender = envelope.sender ?? Sender()
            sender.name = Self.line(text)
            envelope.sender = sender
        case .priority(let priority): envelope.priority = priority
        case .replyTo(let address): envelope.replyTo = address
        case .expires(let time): envelope.expires = time
        case .notBefore(let time): envelope.notBefore = time
        case .meta(let path, let value): MetaPath.set(value, at: path[...], in: &envelope.meta)
        case .header(let name, let value):
            for known in envelope.headers.keys where known.lowercased() == name.lowercased() {
                envelope.headers[known] = nil
            }
            envelope.headers[name] = Self.line(value)
        }
    }

    /// One line without control characters, so that a value cannot end a header; `nil` when it is empty.
    private static func line(_ text: String) -> String? {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text.isEmpty ? nil : text }
        let words = text.split { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}
