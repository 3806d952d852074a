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
        let answers = try answers(console, asks: console.isInteractive && !arguments.has("silent"), path: path.text)
        if exists { try files.move(path, to: FilePath("\(path.text).old")) }
        try files.write(Array(text(answers).utf8), to: path)
        console.print("wrote \(path.text)")
        console.note("Next: `postroad check`, then `postroad serve`, and open http://\(answers.http)/inbox")
        return .good
    }

    /// Asks until the answers make a sound file, three times at the most; nothing has been written by then.
    private static func answers(_ console: Console, asks: Bool, path: String) throws(CommandError) -> Answers {
        var answers = Answers()
        var faults = ""
        for _ in 1...(asks ? 3 : 1) {
            if asks { answers = ask(answers, console) }
            faults = ConfigurationFile.faults(in: text(answers), path: path)
            if faults.isEmpty { return answers }
            console.note("\(faults)\nThis is not right yet.")
        }
        throw .input("Nothing was written.")
    }

    private static func ask(_ given: Answers, _ console: Console) -> Answers {
        var answers = given
        answers.name = console.ask("Name of this router, as in mail addresses", default: answers.name)
        answers.http = console.ask("Listen for HTTP on", default: answers.http)
        answers.smtp = console.ask("Listen for mail on", default: answers.smtp)
        answers.smarthost = console.ask(
            "Mail server that takes outgoing mail (host:port, - for none)",
            default: answers.smarthost.isEmpty ? "-" : answers.smarthost)
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
