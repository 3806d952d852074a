import Messages

/// The verb `postroad mailboxes list`.
enum MailboxesListVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "mailboxes list", summary: "Lists the mailboxes and how they are.", options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let answer = try await router.get("/v1/mailboxes")
            guard !arguments.has("json") else { return console.answer(answer) }
            MailboxPrinter(console: console).print(list: answer["mailboxes"]?.array ?? [])
            return .good
        }
    }
}

/// The verb `postroad mailboxes show`.
enum MailboxesShowVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "mailboxes show",
        summary: "Shows one mailbox: how it receives, how it sends, which lanes are in trouble.",
        arguments: [.init(name: "NAME", prose: "the mailbox's name in routes.yaml")], options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let name = arguments.positionals[0]
        return try await ControlClient.run(arguments) { router in
            let rows = try await router.get("/v1/mailboxes")["mailboxes"]?.array ?? []
            guard let row = rows.first(where: { $0.text("name") == name }) else {
                let names = rows.map { $0.text("name") }.joined(separator: ", ")
                throw CommandError.input("no mailbox named \"\(name)\"; there are \(names)")
            }
            guard !arguments.has("json") else { return console.answer(row) }
            MailboxPrinter(console: console).print(row)
            return .good
        }
    }
}

/// The verb `postroad mailboxes pause`.
enum MailboxesPauseVerb: Verb {
    static let declaration = MailboxAction.declaration(
        "pause", "Holds up everything that goes out by a mailbox, over restarts too.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await MailboxAction.run("pause", arguments, console)
    }
}

/// The verb `postroad mailboxes resume`.
enum MailboxesResumeVerb: Verb {
    static let declaration = MailboxAction.declaration("resume", "Lets a paused mailbox go on.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await MailboxAction.run("resume", arguments, console)
    }
}

/// The verb `postroad mailboxes reset`.
enum MailboxesResetVerb: Verb {
    static let declaration = MailboxAction.declaration(
        "reset", "Closes the breakers of a mailbox, and has it try again what it has disabled.",
        more: [
            .init(
                name: "ADDRESS", prose: "the one recipient whose lane is meant; all unless given", isRequired: false)
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let recipient = arguments.positionals.dropFirst().first
        return try await MailboxAction.run(
            "reset", arguments, console, recipient.map { ["recipient": .string($0)] } ?? [:])
    }
}

/// What the three actions on mailboxes have in common.
private enum MailboxAction {
    static func declaration(
        _ name: String, _ summary: String, more: [VerbDeclaration.Argument] = []
    ) -> VerbDeclaration {
        VerbDeclaration(
            name: "mailboxes \(name)", summary: summary,
            arguments: [.init(name: "NAME", prose: "the mailbox's name in routes.yaml")] + more)
    }

    static func run(
        _ action: String, _ arguments: ParsedArguments, _ console: Console, _ body: JSON = [:]
    ) async throws -> ExitCode {
        let name = arguments.positionals[0]
        return try await ControlClient.run(arguments) { router in
            _ = try await router.post("/v1/mailboxes/\(ControlClient.percentEncoded(name))/\(action)", body)
            console.note("\(name): \(action) done")
            return .good
        }
    }
}
