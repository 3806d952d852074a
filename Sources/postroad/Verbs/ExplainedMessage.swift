import Clocks
import Email
import Messages
import Routing

/// The message that `postroad explain` is asked about: made of options, read from a file, or kept by the router.
struct ExplainedMessage {
    /// The message.
    let envelope: Envelope

    /// Finds the message, and changes in it what the options say.
    init(_ arguments: ParsedArguments, _ configuration: RouterConfiguration) async throws {
        var envelope = try await Self.message(arguments, configuration)
        if let from = arguments["from"] { envelope.from = try Address(parsing: from) }
        for recipient in arguments.all("to") { envelope.to.append(try Address(parsing: recipient)) }
        if let subject = arguments["subject"] { envelope.subject = subject }
        if let text = arguments["text"] { envelope.setText(text) }
        for (name, value) in try Self.pairs(arguments, "meta") { envelope.meta[name] = .string(value) }
        for (name, value) in try Self.pairs(arguments, "header") { envelope.headers[name] = value }
        self.envelope = envelope
    }

    private static func message(
        _ arguments: ParsedArguments, _ configuration: RouterConfiguration
    ) async throws -> Envelope {
        let word = arguments.positionals.first
        if let id = word.flatMap({ try? MessageID(parsing: $0) }) {
            guard arguments["envelope"] == nil else {
                throw CommandError.usage("postroad explain: expected either an id or --envelope", verb: "explain")
            }
            return try await kept(id, arguments)
        }
        let topic = try word.map { try Topic(parsing: $0) }
        if let path = arguments["envelope"] {
            var envelope = try read(path, mailbox: topic?.source ?? mailMailbox(configuration))
            if let topic { envelope.topic = topic }
            return envelope
        }
        guard let topic else {
            throw CommandError.usage("postroad explain: TOPIC is missing, an id, or --envelope", verb: "explain")
        }
        let (id, now) = newIdentity()
        return Envelope(id: id, time: now, from: try Address(platform: topic.source, user: "somebody"), topic: topic)
    }

    /// The message as it was accepted.
    private static func kept(_ id: MessageID, _ arguments: ParsedArguments) async throws -> Envelope {
        try await ControlClient.run(arguments) { router in
            try Envelope(try await router.get("/v1/messages/\(id)/trace")["message"] ?? .null)
        }
    }

    /// A message in a file: JSON begins with a brace, which the head of a mail does not.
    private static func read(_ path: String, mailbox: String) throws -> Envelope {
        let bytes = try InputFile.read(path)
        if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "{") {
            return try Envelope(parsing: bytes)
        }
        let (id, now) = newIdentity()
        return try MailEnvelope(file: bytes, mailbox: mailbox, now: now, id: id).envelope
    }

    /// The mailbox that mail comes in by: the first of its adapter.
    private static func mailMailbox(_ configuration: RouterConfiguration) -> String {
        configuration.mailboxes.first { $0.adapter == "email" }?.name ?? "mail"
    }

    private static func newIdentity() -> (MessageID, Timestamp) {
        var random = SystemRandomNumberGenerator()
        let now = SystemClock().now
        return (MessageID(time: now, using: &random), now)
    }

    private static func pairs(_ arguments: ParsedArguments, _ option: String) throws -> [(String, String)] {
        try arguments.all(option).map { text in
            guard let mark = text.firstIndex(of: "="), mark > text.startIndex else {
                throw CommandError.usage(
                    "postroad explain: --\(option) takes NAME=VALUE, found \"\(text)\"", verb: "explain")
            }
            return (String(text[..<mark]), String(text[text.index(after: mark)...]))
        }
    }
}
