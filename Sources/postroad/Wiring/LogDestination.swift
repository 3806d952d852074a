import Clocks
import Configuration
import Logging

/// Where `--log-level`, `--log-file` and `--log-format` send the log.
struct LogDestination: Sendable {
    /// The logger.
    let logger: Logger
    private let file: LogFile?

    /// Checks the words that every verb takes, also those that log nothing.
    ///
    /// - Throws: ``CommandError/usage(_:verb:)``
    static func check(_ arguments: ParsedArguments) throws(CommandError) {
        _ = try choice("log-level", arguments, of: LogLevel.allCases)
        _ = try choice("log-format", arguments, of: LogFormat.allCases)
    }

    /// Opens the log.
    ///
    /// - Throws: ``CommandError/usage(_:verb:)`` for words that are none, `LoggingError` when the file cannot be opened.
    init(_ arguments: ParsedArguments, clock: any WallClock) throws {
        let level = try Self.choice("log-level", arguments, of: LogLevel.allCases) ?? .info
        let format = try Self.choice("log-format", arguments, of: LogFormat.allCases) ?? .text
        file = try arguments["log-file"].map { path throws(LoggingError) in try LogFile(path: path) }
        let output: any LogOutput = file ?? StandardErrorOutput(environment: processEnvironment())
        logger = Logger(level: level, sink: LogWriter(format: format, output: output) { clock.now })
    }

    /// Opens the log file anew, after it was moved away.
    func reopen() {
        do {
            try file?.reopen()
        } catch {
            logger.error("log file cannot be opened again", ["error": "\(error)"])
        }
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ name: String, _ arguments: ParsedArguments, of choices: [Choice]
    ) throws(CommandError) -> Choice? {
        guard let text = arguments[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let words = choices.map(\.rawValue)
            let near = nearest(to: text, among: words).map { "; did you mean \($0)?" } ?? ""
            throw .usage("--\(name) takes \(words.joined(separator: ", "))\(near)", verb: nil)
        }
        return choice
    }
}
