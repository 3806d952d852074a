import Clocks
import Email
import Messages

/// The verb `postroad mail`.
enum MailVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "mail", summary: "Shows what the router would make of a mail; nothing is sent.",
        arguments: [.init(name: "FILE", prose: "the mail as it came in (.eml); `-` for standard input")],
        options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let mail = try InputFile.read(arguments.positionals[0])
        var random = SystemRandomNumberGenerator()
        let now = SystemClock().now
        let id = MessageID(time: now, using: &random)
        let envelope = try MailEnvelope(file: mail, mailbox: "mail", now: now, id: id).envelope
        if arguments.has("json") { return console.answer(try envelope.json()) }
        EnvelopePrinter(console: console).print(envelope)
        return .good
    }
}
