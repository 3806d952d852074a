public import Messages

/// A text with `{{variables}}` in it, parsed once.
///
/// Values are inserted raw: what a sender wrote into a subject is neither escaped nor quoted, so a template for Markdown
/// or HTML lets the sender's own markup through.
public struct Template: Sendable, Hashable {
    /// The most bytes that a template renders to, larger than any message the router takes by default.
    public static let maximumLength = 32 << 20

    /// A stretch of the template.
    enum Piece: Sendable, Hashable {
        case literal(String)
        case variable(TemplateVariable, filters: [TemplateFilter])
    }

    let pieces: [Piece]

    init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// Whether nothing of the text depends on a message.
    var isConstant: Bool {
        pieces.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    /// The text of a constant template.
    var constantText: String {
        pieces.map { if case .literal(let text) = $0 { text } else { "" } }.joined()
    }

    /// The text for a message.
    ///
    /// - Throws: ``StageError/tooLarge(limit:)`` above ``maximumLength``.
    public func render(_ envelope: Envelope, context: StageContext) throws(StageError) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .literal(let text): result += text
            case .variable(let variable, let filters):
                let value = filters.reduce(variable.value(in: envelope, context: context)) { $1.apply(to: $0) }
                result += value.text
            }
            guard result.utf8.count <= Self.maximumLength else { throw .tooLarge(limit: Self.maximumLength) }
        }
        return result
    }
}

/// What a variable stands for.
enum TemplateValue: Sendable, Hashable {
    case nothing
    case text(String)
    case time(Timestamp)

    /// The value as it is inserted: nothing is empty, a time is RFC 3339.
    var text: String {
        switch self {
        case .nothing: ""
        case .text(let text): text
        case .time(let time): time.description
        }
    }

    init(_ text: String?) {
        self = text.map { .text($0) } ?? .nothing
    }
}
