import Messages

extension EnvelopeField {
    /// What the field holds in a message; `nil` when it holds nothing.
    ///
    /// Facts keep their type, everything else is a text.
    func value(in envelope: Envelope) -> JSON? {
        let text: String? =
            switch self {
            case .subject: envelope.subject
            case .text: envelope.text.isEmpty ? nil : envelope.text
            case .thread: envelope.thread
            case .senderName: envelope.sender?.name
            case .priority: envelope.priority.rawValue
            case .replyTo: envelope.replyTo?.description
            case .expires: envelope.expires?.description
            case .notBefore: envelope.notBefore?.description
            case .header(let name): envelope.header(name)
            case .meta: nil
            }
        if case .meta(let path) = self { return MetaPath.value(path, in: envelope.meta) }
        return text.map { .string($0) }
    }

    /// Takes the field out of a message.
    func remove(from envelope: inout Envelope) {
        switch self {
        case .text: envelope.parts.removeAll { $0.type == .text }
        case .priority: envelope.priority = .normal
        case .meta(let path): EnvelopeChange.meta(path, nil).apply(to: &envelope)
        case .header(let name): EnvelopeChange.header(name, "").apply(to: &envelope)
        case .subject: envelope.subject = nil
        case .thread: envelope.thread = nil
        case .senderName: envelope.sender?.name = nil
        case .replyTo: envelope.replyTo = nil
        case .expires: envelope.expires = nil
        case .notBefore: envelope.notBefore = nil
        }
    }

    /// What putting a value of another field into this one does.
    ///
    /// - Throws: ``StageError/badValue(field:text:expected:)``
    func change(to value: JSON, now: Timestamp) throws(StageError) -> EnvelopeChange {
        if case .meta(let path) = self { return .meta(path, value) }
        return try change(to: value.string ?? value.description, now: now)
    }
}
