import Messages

/// The verb `postroad lists list`.
enum ListsListVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "lists list", summary: "Lists the lists of routes.yaml and those made at run time.", options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let answer = try await router.get("/v1/lists")
            guard !arguments.has("json") else { return console.answer(answer) }
            var table = Table("NAME", "MEMBERS", "POST", "JOIN", "ORIGIN")
            for row in answer["lists"]?.array ?? [] {
                table.append(
                    row.text("name"), "\(row["members"]?.integer ?? 0)", row.text("post"), row.text("join"),
                    row.text("origin"))
            }
            console.print(table)
            return .good
        }
    }
}

/// The verb `postroad lists show`.
enum ListsShowVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "lists show", summary: "Shows a list: its rules, its owners, its members.",
        arguments: [ListVerb.name], options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let answer = try await router.get(ListVerb.path(arguments))
            guard !arguments.has("json") else { return console.answer(answer) }
            ListVerb.print(answer, console)
            return .good
        }
    }
}

/// The verb `postroad lists set`.
enum ListsSetVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "lists set", summary: "Makes a list at run time, or changes the rules of one.",
        discussion: "A list that stands in routes.yaml is changed there.",
        arguments: [ListVerb.name],
        options: [
            .init(name: "post", value: "RULE", prose: "who may write: anyone, authenticated, members or owners"),
            .init(name: "join", value: "RULE", prose: "who may become a member: open or owners"), .json,
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        var body = JSONObject()
        for name in ["post", "join"] { body[name] = arguments[name].map(JSON.string) }
        return try await ListVerb.run("set", arguments, console, body)
    }
}

/// The verb `postroad lists remove`.
enum ListsRemoveVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "lists remove", summary: "Dissolves a list that was made at run time.", arguments: [ListVerb.name],
        options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let answer = try await router.post(ListVerb.path(arguments) + "/remove")
            guard !arguments.has("json") else { return console.answer(answer) }
            console.note("\(answer.text("name")): removed")
            return .good
        }
    }
}

/// The verb `postroad lists join`.
enum ListsJoinVerb: Verb {
    static let declaration = ListVerb.declaration("join", "Makes an address a member of a list.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ListVerb.change("join", arguments, console)
    }
}

/// The verb `postroad lists leave`.
enum ListsLeaveVerb: Verb {
    static let declaration = ListVerb.declaration(
        "leave", "Takes an address from a list, also one that routes.yaml names.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ListVerb.change("leave", arguments, console)
    }
}

/// The verb `postroad lists own`.
enum ListsOwnVerb: Verb {
    static let declaration = ListVerb.declaration("own", "Makes an address an owner of a list.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ListVerb.change("own", arguments, console)
    }
}

/// The verb `postroad lists disown`.
enum ListsDisownVerb: Verb {
    static let declaration = ListVerb.declaration("disown", "Makes an owner of a list a plain member.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ListVerb.change("disown", arguments, console)
    }
}

/// The verb `postroad lists mute`.
enum ListsMuteVerb: Verb {
    static let declaration = ListVerb.declaration("mute", "Keeps an address from writing to a list.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ListVerb.change("mute", arguments, console)
    }
}

/// The verb `postroad lists unmute`.
enum ListsUnmuteVerb: Verb {
    static let declaration = ListVerb.declaration("unmute", "Lets an address write to a list again.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ListVerb.change("unmute", arguments, console)
    }
}

/// What the verbs of lists have in common.
private enum ListVerb {
    static let name = VerbDeclaration.Argument(name: "NAME", prose: "the list's name, as in list:NAME")

    static func declaration(_ action: String, _ summary: String) -> VerbDeclaration {
        VerbDeclaration(
            name: "lists \(action)", summary: summary,
            arguments: [name, .init(name: "ADDRESS", prose: "whose membership it is")],
            options: [
                .init(
                    name: "by", value: "ADDRESS", prose: "who asks for it, by the rules of the list; you unless given"),
                .json,
            ])
    }

    static func path(_ arguments: ParsedArguments) -> String {
        "/v1/lists/\(ControlClient.percentEncoded(arguments.positionals[0]))"
    }

    static func change(_ action: String, _ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        var body: JSONObject = ["address": .string(try Address(parsing: arguments.positionals[1]).description)]
        body["by"] = arguments["by"].map(JSON.string)
        return try await run(action, arguments, console, body)
    }

    static func run(
        _ action: String, _ arguments: ParsedArguments, _ console: Console, _ body: JSONObject
    ) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let answer = try await router.post(path(arguments) + "/\(action)", .object(body))
            guard !arguments.has("json") else { return console.answer(answer) }
            print(answer, console)
            return .good
        }
    }

    static func print(_ list: JSON, _ console: Console) {
        console.print(
            "list:\(list.text("name"))  post \(list.text("post")), join \(list.text("join")), from \(list.text("origin"))"
        )
        for key in ["members", "owners", "muted", "senders"] {
            let addresses = (list[key]?.array ?? []).compactMap(\.string)
            if !addresses.isEmpty || key == "members" {
                console.print("  \(key): \(addresses.isEmpty ? "none" : addresses.joined(separator: ", "))")
            }
        }
    }
}
