import Messages

/// An envelope for a person.
struct EnvelopePrinter {
    let console: Console

    func print(_ envelope: Envelope) {
        line("id", envelope.id.description)
        line("time", envelope.time.description)
        line("from", [envelope.sender?.name, envelope.from.description].compactMap { $0 }.joined(separator: ", "))
        for address in envelope.to { line("to", address.description) }
        line("topic", envelope.topic.description)
        if envelope.kind != .message { line("kind", envelope.kind.rawValue) }
        if let subject = envelope.subject { line("subject", subject) }
        if let thread = envelope.thread { line("thread", thread) }
        if let answered = envelope.inReplyTo { line("answers", answered) }
        for (name, value) in envelope.headers.sorted(by: { $0.key < $1.key }) {
            line("headers.\(name.lowercased())", value)
        }
        for member in envelope.meta.members {
            line("meta.\(member.name)", member.value.string ?? member.value.description)
        }
        for part in envelope.parts { print(part) }
    }

    private func print(_ part: Part) {
        console.print()
        switch part.content {
        case .text(let text, let format):
            if format != .plain { console.print(console.styled("[\(format.rawValue)]", .dim)) }
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                console.print(Table.printable(String(line)))
            }
        case .bytes(let bytes): describe(part, "\(bytes.count) bytes")
        case .value(let value): describe(part, value.indented())
        case .blob(let blob): describe(part, "\(blob.size) bytes, SHA-256 \(blob.digest)")
        }
    }

    private func describe(_ part: Part, _ content: String) {
        let facts = [part.name, part.mediaType].compactMap { $0 }.joined(separator: ", ")
        console.print(
            console.styled("[\(part.type.rawValue)\(facts.isEmpty ? "" : ": \(Table.printable(facts))")]", .dim))
        for line in content.split(separator: "\n", omittingEmptySubsequences: false) {
            console.print(Table.printable(String(line)))
        }
    }

    private func line(_ name: String, _ value: String) {
        console.print(name, value)
    }
}
