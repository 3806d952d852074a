/// One thing that `postroad` does.
protocol Verb: Sendable {
    /// What it says of itself.
    static var declaration: VerbDeclaration { get }

    /// Does it.
    ///
    /// - Throws: ``CommandError``, or any error that describes itself, which then counts as bad input.
    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode
}

/// How the program ends.
enum ExitCode: Int32, Sendable {
    /// All is well.
    case good = 0
    /// The input is bad, or what was asked for could not be done.
    case badInput = 1
    /// The command line is wrong.
    case wrongUsage = 2
    /// Postroad is wrong.
    case bug = 70
}

/// What a person can do something about.
enum CommandError: Error, CustomStringConvertible {
    /// The command line is wrong; the verb, if it was recognised, has help.
    case usage(String, verb: String?)
    /// The input is bad.
    case input(String)
    /// The daemon is not there.
    case notRunning(socket: String)
    /// The daemon refused.
    case refused(status: Int, detail: String)

    var description: String {
        switch self {
        case .usage(let text, let verb):
            "\(text)\nRun `postroad help\(verb.map { " \($0)" } ?? "")` to see how it is used."
        case .input(let text): text
        case .notRunning(let socket):
            """
            the router is not running (nobody listens on \(socket)).
            Start it with `postroad serve`, or name its configuration with --config.
            """
        case .refused(let status, let detail): "the router refused (\(status)): \(detail)"
        }
    }

    var exitCode: ExitCode {
        if case .usage = self { .wrongUsage } else { .badInput }
    }
}
