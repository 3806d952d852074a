import Glibc
import Messages
import Synchronization

@testable import postroad

/// What a command line printed, and how it ended.
struct CommandLineRun: Sendable {
    /// How it ended.
    let code: ExitCode
    /// What stood on standard output.
    let answer: String
    /// What stood on standard error.
    let notes: String

    /// Runs a command line in this process.
    init(_ words: [String], width: Int = 80) async {
        let printed = Printed()
        let console = Console(width: width) { text, descriptor in
            printed.streams.withLock { $0[descriptor, default: ""] += text }
        }
        code = await Postroad.run(words, console)
        answer = printed.streams.withLock { $0[STDOUT_FILENO] ?? "" }
        notes = printed.streams.withLock { $0[STDERR_FILENO] ?? "" }
    }

    /// Runs a command line of words parted by spaces.
    init(_ line: String) async {
        await self.init(line.split(separator: " ").map(String.init))
    }

    /// The answer as JSON.
    func json() throws -> JSON {
        try JSON(parsing: Array(answer.utf8))
    }

    private final class Printed: Sendable {
        let streams = Mutex<[CInt: String]>([:])
    }
}

/// What a console prints while the body runs.
func printed(width: Int = 80, hasColour: Bool = false, _ body: (Console) throws -> Void) rethrows -> String {
    let lines = Mutex("")
    try body(Console(width: width, hasColour: hasColour) { text, _ in lines.withLock { $0 += text } })
    return lines.withLock { $0 }
}
