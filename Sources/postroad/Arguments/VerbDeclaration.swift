/// What a verb says of itself, once: parsing, help and the manual come from it.
struct VerbDeclaration: Sendable {
    /// A positional argument.
    struct Argument: Sendable {
        let name: String
        let prose: String
        var isRequired = true
        var isRepeated = false
    }

    /// An option: `--name VALUE`, or a flag without a value.
    struct Option: Sendable {
        let name: String
        /// What the value is called in help; `nil` for a flag.
        var value: String?
        let prose: String
        var isRepeated = false
    }

    /// A line to copy, and what it does.
    struct Example: Sendable {
        let line: String
        let prose: String
    }

    /// One word, or two for a verb of a group: `spool list`.
    let name: String
    /// One sentence.
    let summary: String
    /// More, where one sentence is not enough.
    var discussion: String?
    var arguments: [Argument] = []
    var options: [Option] = []
    var examples: [Example] = []
}

extension VerbDeclaration.Option {
    static let config = Self(name: "config", value: "FILE", prose: "the configuration; ./routes.yaml unless given")
    static let json = Self(name: "json", prose: "print JSON instead of text")
    static let limit = Self(name: "limit", value: "N", prose: "print at most N rows; 100 unless given")
    static let dryRun = Self(name: "dry-run", prose: "say what would be done, and do nothing")

    /// The options that every verb takes.
    static let common: [Self] = [
        config,
        Self(name: "log-level", value: "LEVEL", prose: "debug, info (unless given), warning or error"),
        Self(name: "log-file", value: "FILE", prose: "append the log to FILE instead of standard error"),
        Self(name: "log-format", value: "FORMAT", prose: "text (unless given) or json"),
        Self(name: "help", prose: "print the help of the verb"),
    ]
}
