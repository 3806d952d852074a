import AdapterKit
import Clocks
import Configuration
import Files
import Messages
import Routing
import Spooling
import Stages

/// The verb `postroad explain`.
enum ExplainVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "explain",
        summary: "Says which routes a message takes and why, which it does not and why, and what the stages change.",
        discussion: """
            It reads the configuration, and the subscriptions and lists that the spool keeps, where there is one. The router
            need not run, and nothing is sent.
            """,
        arguments: [.init(name: "TOPIC", prose: "what the message is about, as in news:lobsters")],
        options: [
            .init(name: "subject", value: "TEXT", prose: "the message's subject"),
            .init(name: "text", value: "TEXT", prose: "the message's text"),
            .init(name: "from", value: "ADDRESS", prose: "the sender"),
            .init(name: "to", value: "ADDRESS", prose: "a recipient that the sender names", isRepeated: true),
            .init(name: "meta", value: "NAME=VALUE", prose: "a fact from the adapter", isRepeated: true),
            .init(name: "header", value: "NAME=VALUE", prose: "a header field", isRepeated: true),
            .init(name: "envelope", value: "FILE", prose: "read the rest of the message from FILE, as JSON"),
            .json,
        ],
        examples: [
            .init(line: "postroad explain mail:support --subject 'URGENT: help'", prose: "where such a mail would go")
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let file = try ConfigurationFile.load(arguments)
        let clock = SystemClock()
        let envelope = try envelope(arguments, clock)
        let context = StageContext(now: clock.now, router: file.configuration.router.name)
        var table = file.configuration.table
        table.directory = try directory(file, of: envelope.topic)
        let explanation = table.explain(envelope, context: context)
        if arguments.has("json") { return console.answer(explanation.json) }
        console.print(explanation.text(width: console.width))
        let mailboxes = file.configuration.mailboxes.map(\.name)
        if !mailboxes.contains(envelope.topic.source) {
            let meant = nearest(to: envelope.topic.source, among: mailboxes)
            console.note(
                "There is no mailbox \"\(envelope.topic.source)\"" + (meant.map { "; did you mean \"\($0)\"?" } ?? "."))
        }
        return .good
    }

    /// What users have arranged, as far as it concerns a topic.
    private static func directory(_ file: ConfigurationFile, of topic: Topic) throws -> Directory {
        let directory = Directory()
        guard let stored = try StoredDirectory(folder: FilePath(file.paths.data)) else { return directory }
        try stored.forEachSubscription { if $0.pattern.matches(topic) { directory.add($0) } }
        for list in try stored.lists() { directory.set(list) }
        try stored.forEachMembership { directory.set($0) }
        return directory
    }

    private static func envelope(_ arguments: ParsedArguments, _ clock: SystemClock) throws -> Envelope {
        let topic = try Topic(parsing: arguments.positionals[0])
        var random = SystemRandomNumberGenerator()
        var envelope = Envelope(
            id: MessageID(time: clock.now, using: &random), time: clock.now,
            from: try Address(platform: topic.source, user: "somebody"), topic: topic)
        if let path = arguments["envelope"] {
            envelope = try Envelope(parsing: try InputFile.read(path))
            envelope.topic = topic
        }
        if let from = arguments["from"] { envelope.from = try Address(parsing: from) }
        for recipient in arguments.all("to") { envelope.to.append(try Address(parsing: recipient)) }
        if let subject = arguments["subject"] { envelope.subject = subject }
        if let text = arguments["text"] { envelope.setText(text) }
        for (name, value) in try pairs(arguments, "meta") { envelope.meta[name] = .string(value) }
        for (name, value) in try pairs(arguments, "header") { envelope.headers[name] = value }
        return envelope
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
