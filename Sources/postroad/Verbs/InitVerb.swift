import Configuration
import Files
import Messages

/// The verb `postroad init`.
enum InitVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "init", summary: "Writes a routes.yaml to begin with.",
        discussion: "It asks a few questions; with --silent, or where nobody can answer, it takes the defaults.",
        options: [
            .init(name: "silent", prose: "ask nothing"),
            .init(name: "overwrite", prose: "replace a file that is there; the old one is kept as FILE.old"),
        ])

    /// What the questions are about.
    private struct Answers {
        var name = "postroad.local"
        var http = "127.0.0.1:8025"
        var smtp = "127.0.0.1:2525"
        var smarthost = ""
    }

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let path = FilePath(arguments.configuration)
        let files = FileSystem.posix
        let exists = try files.exists(path)
        guard !exists || arguments.has("overwrite") else {
            throw CommandError.input(
                "\(path.text) is there already; --overwrite replaces it, --config writes elsewhere.")
        }
        let answers = arguments.has("silent") || !console.isInteractive ? Answers() : try ask(console)
        if exists { try files.move(path, to: FilePath("\(path.text).old")) }
        try files.write(Array(text(answers).utf8), to: path)
        console.print("wrote \(path.text)")
        let errors = ConfigurationFile.read(path: path.text).1.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw CommandError.input(
                "It is not right yet; mend it, or run `postroad init --overwrite` again:\n"
                    + errors.map(\.description).joined(separator: "\n"))
        }
        console.note("Next: `postroad check`, then `postroad serve`, and open http://\(answers.http)/inbox")
        return .good
    }

    private static func ask(_ console: Console) throws -> Answers {
        var answers = Answers()
        answers.name = console.ask("Name of this router, as in mail addresses", default: answers.name)
        answers.http = console.ask("Listen for HTTP on", default: answers.http)
        answers.smtp = console.ask("Listen for mail on", default: answers.smtp)
        answers.smarthost = console.ask("Mail server that takes outgoing mail (host:port, - for none)", default: "-")
        if answers.smarthost == "-" { answers.smarthost = "" }
        return answers
    }

    /// `mail.example:587` or `[::1]:25` as a mapping; without a port it is 25.
    private static func smarthost(_ text: String) -> String {
        var host = text[...]
        var port = "25"
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            host = text[..<colon]
            port = String(text[text.index(after: colon)...])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return "{host: \(JSON.string(String(host))), port: \(Int(port).map(String.init) ?? "\(JSON.string(port))")}"
    }

    private static func text(_ answers: Answers) -> String {
        let smtp = answers.smarthost.isEmpty ? "" : ", smtp: \(smarthost(answers.smarthost))"
        return """
            # Every key is described in docs/routes.md; `postroad check` tells what is wrong with a change.

            router:
              name: \(JSON.string(answers.name))
              data: ./data
              listen: {http: \(JSON.string(answers.http)), smtp: \(JSON.string(answers.smtp))}

            mailboxes:
              inbox: {adapter: inbox}          # keeps what it is sent; read it at http://\(answers.http)/inbox
              api: {adapter: http}             # POST /v1/messages, from this machine only until it has tokens
              mail: {adapter: email, address: \(JSON.string("postroad@\(answers.name)")), accepts: [\(JSON.string("*@\(answers.name)"))]\(smtp)}

            routes:
              - {name: posted messages, match: "api:**", to: inbox:everyone}
              - {name: mail, match: "mail:**", to: inbox:mail}

            tests:
              - given: {topic: "api:hello", text: "Hello"}
                expect: {to: ["inbox:everyone"]}

            """
    }
}
