import Configuration
import Glibc
import Transport

/// The program: finds the verb, runs it, and tells what went wrong.
@main
enum Postroad {
    /// The version, as `postroad version` prints it.
    static let version = "0.1.0"

    static func main() {
        // A reader that goes away (`postroad trace … | head`) ends the program quietly, a peer that does is an error code.
        signal(SIGPIPE, SIG_IGN)
        ProcessJobs.run {
            let console = Console(environment: processEnvironment())
            return await run(Array(CommandLine.arguments.dropFirst()), console).rawValue
        }
    }

    /// Runs one command line.
    static func run(_ words: [String], _ console: Console) async -> ExitCode {
        do {
            if words.isEmpty || ["-h", "--help"].contains(words[0]) {
                console.print(Help.overview())
                return words.isEmpty ? .wrongUsage : .good
            }
            if words[0] == "--version" {
                return try await VersionVerb.run(ParsedArguments([], for: .init(name: "", summary: "")), console)
            }
            if words.count == 2, ["-h", "--help"].contains(words[1]), !VerbTable.group(words[0]).isEmpty {
                return try await HelpVerb.run(ParsedArguments([words[0]], for: HelpVerb.declaration), console)
            }
            let (verb, rest) = try VerbTable.find(words)
            let arguments = try ParsedArguments(rest, for: verb.declaration)
            try LogDestination.check(arguments)
            if arguments.has("help") {
                console.print(Help.text(of: verb.declaration))
                return .good
            }
            return try await verb.run(arguments, console)
        } catch let error as CommandError {
            console.note(error.description)
            return error.exitCode
        } catch let error as any CustomStringConvertible {
            console.note(error.description)
            return .badInput
        } catch {
            // Every error that can happen has words of its own.
            console.note("postroad: an error that nobody has words for, please report it: \(error)")
            return .bug
        }
    }
}
