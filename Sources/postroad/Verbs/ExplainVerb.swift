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
            It reads the configuration, and the subscriptions and lists that the spool keeps, where there is one; nothing
            is sent. The message is made of the options, read from a file, or one that the running router keeps. With --live
            it goes on until it is ended with Ctrl-C and tells of every message that the router accepts; TOPIC is then a
            pattern.
            """,
        arguments: [
            .init(
                name: "TOPIC", prose: "what the message is about, as in news:lobsters; or the id of a kept message",
                isRequired: false)
        ],
        options: [
            .init(name: "subject", value: "TEXT", prose: "the message's subject"),
            .init(name: "text", value: "TEXT", prose: "the message's text"),
            .init(name: "from", value: "ADDRESS", prose: "the sender"),
            .init(name: "to", value: "ADDRESS", prose: "a recipient that the sender names", isRepeated: true),
            .init(name: "meta", value: "NAME=VALUE", prose: "a fact from the adapter", isRepeated: true),
            .init(name: "header", value: "NAME=VALUE", prose: "a header field", isRepeated: true),
            .init(
                name: "envelope", value: "FILE",
                prose: "read the message from FILE, an envelope as JSON or a mail (.eml); `-` for standard input"),
            .init(name: "live", prose: "explain every message that the running router accepts from now on"), .json,
        ],
        examples: [
            .init(line: "postroad explain mail:support --subject 'URGENT: help'", prose: "where such a mail would go"),
            .init(line: "postroad explain --envelope complaint.eml", prose: "where this mail would go"),
            .init(
                line: "postroad explain 019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07",
                prose: "where a message of last week would go today"),
            .init(line: "postroad explain --live 'web:**'", prose: "why each message of a mailbox goes where it goes"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let explainer = Explainer(
            file: try ConfigurationFile.load(arguments), console: console, isJSON: arguments.has("json"))
        if arguments.has("live") { return try await live(explainer, arguments) }
        return try explainer.explain(try await ExplainedMessage(arguments, explainer.file.configuration).envelope)
    }

    /// Explains what the router accepts, until somebody ends it.
    private static func live(_ explainer: Explainer, _ arguments: ParsedArguments) async throws -> ExitCode {
        let topics = try arguments.positionals.first.map { try TopicPattern(parsing: $0) }
        let query = topics.map { [("filter", "topic=\($0)")] } ?? []
        try await ControlClient.run(arguments) { router in
            try await router.events("/v1/events", query: query, after: nil) { event in
                guard event.name == "accepted", let data = try? JSON(parsing: event.data) else { return }
                let trace = try await router.get("/v1/messages/\(data.text("message"))/trace")
                try explainer.explainNext(try Envelope(trace["message"] ?? .null))
            }
        }
        explainer.console.note("the router has ended")
        return .badInput
    }
}

/// Asks a configuration about messages, and prints what it says.
private struct Explainer: Sendable {
    let file: ConfigurationFile
    let console: Console
    let isJSON: Bool

    func explain(_ envelope: Envelope) throws -> ExitCode {
        let explanation = try explanation(of: envelope)
        if isJSON { return console.answer(explanation.json) }
        console.print(explanation.text(width: console.width))
        let mailboxes = file.configuration.mailboxes.map(\.name)
        if !mailboxes.contains(envelope.topic.source) {
            let meant = nearest(to: envelope.topic.source, among: mailboxes)
            console.note(
                "There is no mailbox \"\(envelope.topic.source)\"" + (meant.map { "; did you mean \"\($0)\"?" } ?? "."))
        }
        return .good
    }

    /// Explains one message of many: in a line of JSON, or below its id and without the routes for other topics.
    func explainNext(_ envelope: Envelope) throws {
        let explanation = try explanation(of: envelope)
        guard !isJSON else {
            return console.print(String(decoding: explanation.json.encoded(), as: UTF8.self))
        }
        console.print(console.styled("message \(envelope.id)", .bold))
        console.print(explanation.text(width: console.width, includesOtherTopics: false))
    }

    private func explanation(of envelope: Envelope) throws -> Explanation {
        let context = StageContext(now: SystemClock().now, router: file.configuration.router.name)
        var table = file.configuration.table
        table.directory = try directory(for: envelope.topic)
        return table.explain(envelope, context: context)
    }

    /// What users have arranged, as far as it concerns a topic.
    private func directory(for topic: Topic) throws -> Directory {
        let directory = Directory()
        guard let stored = try StoredDirectory(folder: FilePath(file.paths.data)) else { return directory }
        try stored.forEachSubscription { if $0.pattern.matches(topic) { directory.add($0) } }
        for list in try stored.lists() { directory.set(list) }
        try stored.forEachMembership { directory.set($0) }
        return directory
    }
}
