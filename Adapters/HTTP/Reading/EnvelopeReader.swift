import Configuration
import Messages

/// Reads an envelope as a client writes it: the fields of the envelope, with shorthands, and without what the router
/// decides.
struct EnvelopeReader: Sendable {
    /// The mailbox that it comes in by.
    let mailbox: String
    /// The topic of what does not say its class.
    private let plainTopic: Topic

    init(mailbox: String) throws(MessageError) {
        self.mailbox = mailbox
        plainTopic = try Topic(source: mailbox, class: "message")
    }

    /// Reads an envelope.
    ///
    /// - Parameters:
    ///   - json: The envelope.
    ///   - client: Who sent the request; the sender unless the envelope names another of the mailbox.
    ///   - id: The message's new id.
    ///   - time: Now.
    ///   - prefix: The pointer to the envelope in a batch, as in `/2`.
    /// - Returns: The envelope, ready to be accepted.
    /// - Throws: ``Problem`` with the pointers of the fields that are wrong.
    func read(
        _ json: JSON, from client: Client, id: MessageID, time: Timestamp, prefix: String = ""
    ) throws(Problem) -> Envelope {
        guard var object = json.object else {
            throw Problem(400, pointer: "#\(prefix)", "expected an envelope: an object such as {\"text\": \"hello\"}")
        }
        try Self.checkNames(of: object, prefix: prefix)
        if case .string = object["to"], let to = object["to"] { object["to"] = .array([to]) }
        var template = Envelope(id: id, time: time, from: client.address, topic: plainTopic)
        var envelope: Envelope
        do throws(MessageError) {
            if let name = object["class"] { template.topic = try topic(name) }
            envelope = try Envelope(.object(object), template: template)
        } catch {
            throw Problem(error, prefix: prefix)
        }
        if let part = try Self.shorthand(object, prefix: prefix) { envelope.parts.insert(part, at: 0) }
        try check(&envelope, object, client, prefix: prefix)
        return envelope
    }

    private func topic(_ name: JSON) throws(MessageError) -> Topic {
        guard let name = name.string else { throw .badField(path: "class", reason: "expected a string") }
        do {
            return try Topic(source: mailbox, class: name)
        } catch {
            throw .badField(path: "class", reason: error.description)
        }
    }

    /// What holds for a client's envelope beyond its form.
    private func check(
        _ envelope: inout Envelope, _ object: JSONObject, _ client: Client, prefix: String
    ) throws(Problem) {
        guard envelope.from.platform == mailbox, envelope.from.peers.isEmpty else {
            throw Problem(
                403, pointer: "#\(prefix)/from",
                "a message by this mailbox is from an address of its own, \(mailbox):…, not \(envelope.from)")
        }
        guard envelope.topic.source == mailbox else {
            throw Problem(
                422, pointer: "#\(prefix)/topic",
                "a message by this mailbox has a topic of its own, \(mailbox):…, not \(envelope.topic)")
        }
        if object["class"] != nil, object["topic"] != nil {
            throw Problem(400, pointer: "#\(prefix)/class", "give the topic or its class, not both")
        }
        if envelope.kind == .message, envelope.parts.isEmpty, envelope.subject == nil {
            throw Problem(
                400, pointer: "#\(prefix)/text", "the message is empty: give text, markdown, html, parts or a subject")
        }
        if let index = envelope.parts.firstIndex(where: { if case .blob = $0.content { true } else { false } }) {
            throw Problem(
                422, pointer: "#\(prefix)/parts/\(index)/blob",
                "a claim check is for the router to make; send the bytes as data in Base64")
        }
        guard client.isAuthenticated || envelope.sender != nil else { return }
        var sender = envelope.sender ?? Sender()
        let isVouchedFor = object["sender"]?["authenticated"]?.bool ?? true
        sender.isAuthenticated = client.isAuthenticated && isVouchedFor
        envelope.sender = sender
    }
}

extension EnvelopeReader {
    private static let shorthands = ["text", "markdown", "html"]
    /// What the router decides, and nobody else.
    private static let decided = ["id", "root", "depth", "received"]
    private static let names = Set(Envelope.fieldNames).subtracting(decided).union(shorthands).union(["class"])
    private static let partNames: Set = ["type", "media_type", "name", "text", "format", "data", "blob"]
    private static let senderNames: Set = ["name", "avatar", "authenticated", "auto"]

    /// Refuses fields that nobody knows, all of them at once: a field that is passed over is a message gone wrong.
    private static func checkNames(of object: JSONObject, prefix: String) throws(Problem) {
        var faults = unknown(in: object, names, prefix, isTop: true)
        if let sender = object["sender"]?.object { faults += unknown(in: sender, senderNames, "\(prefix)/sender") }
        if let parts = object["parts"]?.array {
            for (index, part) in parts.enumerated() {
                guard let part = part.object else { continue }
                faults += unknown(in: part, partNames, "\(prefix)/parts/\(index)")
            }
        }
        guard let first = faults.first else { return }
        throw Problem(400, first.detail, faults: faults)
    }

    private static func unknown(in object: JSONObject, _ known: Set<String>, _ prefix: String, isTop: Bool = false)
        -> [Problem.Fault]
    {
        var faults: [Problem.Fault] = []
        for member in object.members where !known.contains(member.name) {
            var detail = "no field is named \"\(member.name.prefix(60))\""
            if isTop, decided.contains(member.name) {
                detail = "\"\(member.name)\" is for the router to decide"
                if member.name == "id" { detail += "; against repetitions there is idempotency_key" }
            } else if let nearest = nearest(to: member.name, among: known.sorted()) {
                detail += "; did you mean \"\(nearest)\"?"
            }
            faults.append(Problem.Fault(pointer: "#\(prefix)\(Problem.pointer(escaped: member.name))", detail: detail))
        }
        return faults
    }

    /// The part that `text`, `markdown` or `html` stands for.
    static func shorthand(_ object: JSONObject, prefix: String) throws(Problem) -> Part? {
        var part: Part?
        for name in shorthands {
            guard let value = object[name], value != .null else { continue }
            guard let text = value.string else {
                throw Problem(400, pointer: "#\(prefix)/\(name)", "expected a string")
            }
            guard part == nil else {
                throw Problem(
                    400, pointer: "#\(prefix)/\(name)",
                    "give one of text, markdown and html; several go into parts")
            }
            part = .text(text, format: TextFormat(rawValue: name) ?? .plain)
        }
        return part
    }
}

extension Problem {
    /// The JSON Pointer of one member of the top object.
    static func pointer(escaped name: String) -> String {
        var pointer = "/"
        for character in name.prefix(60) {
            switch character {
            case "~": pointer += "~0"
            case "/": pointer += "~1"
            default: pointer.append(character)
            }
        }
        return pointer
    }
}
