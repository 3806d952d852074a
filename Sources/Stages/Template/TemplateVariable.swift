import Messages

/// What can stand between the braces of a template.
enum TemplateVariable: Sendable, Hashable {
    case id, time, subject, text, kind, priority, thread
    case from, fromPlatform, fromUser, senderName
    case topic, topicSource, topicClass
    case recipient, recipientUser, router
    case meta([String])
    case header(String)

    /// The names that are fixed, and what they stand for, in the order of the reference page.
    static let named: [(name: String, variable: TemplateVariable, prose: String)] = [
        ("subject", .subject, "the subject"),
        ("text", .text, "the text of all text parts, parted by empty lines"),
        ("from", .from, "the sender's address"),
        ("from.platform", .fromPlatform, "the sender's mailbox"),
        ("from.user", .fromUser, "the sender's id on its platform"),
        ("sender.name", .senderName, "the sender's name, where the platform gives one"),
        ("topic", .topic, "the topic, `source:class`"),
        ("topic.source", .topicSource, "the mailbox it came in by"),
        ("topic.class", .topicClass, "the class"),
        ("time", .time, "when it was written, as RFC 3339 unless `date` says otherwise"),
        ("id", .id, "the message's id"),
        ("thread", .thread, "the conversation it belongs to"),
        ("kind", .kind, "`message`, `edit`, `event` and so on"),
        ("priority", .priority, "`low`, `normal`, `high` or `urgent`"),
        ("to", .recipient, "the address this dispatch goes to"),
        ("to.user", .recipientUser, "the recipient's id on its platform"),
        ("router", .router, "this router's name"),
    ]

    /// Reads a name.
    init?(parsing name: String) {
        if let (_, variable, _) = Self.named.first(where: { $0.name == name }) {
            self = variable
        } else if name.hasPrefix("headers."), name.utf8.count > 8 {
            self = .header(String(name.dropFirst(8)))
        } else if name.hasPrefix("meta."), let path = MetaPath.parse(name.dropFirst(5)) {
            self = .meta(path)
        } else {
            return nil
        }
    }

    /// Whether the variable may hold a time.
    var mayBeTime: Bool {
        switch self {
        case .time, .meta, .header: true
        default: false
        }
    }

    /// What it stands for in a message.
    func value(in envelope: Envelope, context: StageContext) -> TemplateValue {
        switch self {
        case .id: .text(envelope.id.description)
        case .time: .time(envelope.time)
        case .subject: TemplateValue(envelope.subject)
        case .text: .text(envelope.text)
        case .kind: .text(envelope.kind.rawValue)
        case .priority: .text(envelope.priority.rawValue)
        case .thread: TemplateValue(envelope.thread)
        case .from: .text(envelope.from.description)
        case .fromPlatform: .text(envelope.from.platform)
        case .fromUser: .text(envelope.from.user)
        case .senderName: TemplateValue(envelope.sender?.name)
        case .topic: .text(envelope.topic.description)
        case .topicSource: .text(envelope.topic.source)
        case .topicClass: .text(envelope.topic.class)
        case .recipient: TemplateValue(context.recipient?.description)
        case .recipientUser: TemplateValue(context.recipient?.user)
        case .router: .text(context.router)
        case .meta(let path): TemplateValue(MetaPath.value(path, in: envelope.meta)?.shownText)
        case .header(let name): TemplateValue(envelope.header(name))
        }
    }
}

extension Envelope {
    /// The header field of this name, in whatever case it is written.
    func header(_ name: String) -> String? {
        headers[name] ?? headers.first { $0.key.lowercased() == name.lowercased() }?.value
    }
}

extension JSON {
    /// The value as a template inserts it: a string as it is, a list with commas, nothing for null.
    fileprivate var shownText: String? {
        switch self {
        case .null: nil
        case .string(let text): text
        case .array(let elements): elements.compactMap(\.shownText).joined(separator: ", ")
        default: description
        }
    }
}
