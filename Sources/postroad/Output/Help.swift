/// Turns declarations into help and into the manual.
enum Help {
    /// What `postroad help` prints.
    static func overview() -> String {
        let verbs = VerbTable.all.map { $0.declaration }
        let width = verbs.map(\.name.count).max() ?? 0
        let lines = verbs.map { "  \(padded($0.name, to: width))  \($0.summary)" }
        return """
            Postroad routes messages between chats, mail, feeds, webhooks and people.

            Usage: postroad VERB [ARGUMENTS] [OPTIONS]

            \(lines.joined(separator: "\n"))

            Options of every verb:
            \(options(VerbDeclaration.Option.common))

            `postroad help VERB` tells more. Exit codes: 0 good, 1 bad input, 2 wrong usage, 70 a bug of ours.
            """
    }

    /// What `postroad help VERB` prints.
    static func text(of verb: VerbDeclaration) -> String {
        var text = "\(verb.summary)\n\nUsage: \(usage(of: verb))\n"
        if let discussion = verb.discussion { text += "\n\(discussion)\n" }
        if !verb.arguments.isEmpty {
            let width = verb.arguments.map(\.name.count).max() ?? 0
            let lines = verb.arguments.map { "  \(padded($0.name, to: width))  \($0.prose)" }
            text += "\nArguments:\n\(lines.joined(separator: "\n"))\n"
        }
        if !verb.options.isEmpty { text += "\nOptions:\n\(options(verb.options))\n" }
        if !verb.examples.isEmpty {
            text += "\nExamples:\n" + verb.examples.map { "  \($0.line)\n      \($0.prose)\n" }.joined()
        }
        text += "\nOptions of every verb are listed by `postroad help`."
        return text
    }

    /// The manual of all verbs, as Markdown.
    static func markdown() -> String {
        var text = """
            # The command line

            Made by `make docs` from the verbs' own declarations; do not edit.

            Every verb takes `--config FILE` (default `./routes.yaml`), `--log-level`, `--log-file`, `--log-format` and `--help`.
            The verbs that ask the running router find it through the Unix socket in its data folder.
            Exit codes: 0 good, 1 the input is bad, 2 wrong usage, 70 a bug of ours. Colours respect `NO_COLOR`.

            """
        for verb in VerbTable.all.map({ $0.declaration }) {
            text += "\n## postroad \(verb.name)\n\n```\n\(Self.text(of: verb))\n```\n"
        }
        return text
    }

    private static func usage(of verb: VerbDeclaration) -> String {
        let arguments = verb.arguments.map { argument in
            let name = argument.isRepeated ? "\(argument.name)…" : argument.name
            return argument.isRequired ? name : "[\(name)]"
        }
        let options = verb.options.map { option in
            let name = option.value.map { "--\(option.name) \($0)" } ?? "--\(option.name)"
            return "[\(name)]\(option.isRepeated ? "…" : "")"
        }
        var lines = ["postroad \(verb.name)"]
        for piece in arguments + options {
            if lines[lines.count - 1].count + piece.count < 100 {
                lines[lines.count - 1] += " \(piece)"
            } else {
                lines.append("    \(piece)")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func options(_ options: [VerbDeclaration.Option]) -> String {
        let names = options.map { option in option.value.map { "--\(option.name) \($0)" } ?? "--\(option.name)" }
        let width = names.map(\.count).max() ?? 0
        return zip(names, options).map { "  \(padded($0, to: width))  \($1.prose)" }.joined(separator: "\n")
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
