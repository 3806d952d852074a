import Glibc
import Messages

/// Where a verb prints: the answer to standard output, everything else to standard error.
struct Console: Sendable {
    /// Whether standard output is a terminal that shows colours, and nobody asked for none.
    let hasColour: Bool
    /// Whether a person sits at standard input.
    let isInteractive: Bool
    /// The columns of the terminal; 80 when there is none.
    let width: Int

    private let output: Output

    /// Writes text to standard output, or to standard error.
    typealias Output = @Sendable (_ text: String, _ descriptor: CInt) -> Void

    /// Creates a console that hands on what is printed.
    init(width: Int = 80, hasColour: Bool = false, isInteractive: Bool = false, output: @escaping Output) {
        self.width = width
        self.hasColour = hasColour
        self.isInteractive = isInteractive
        self.output = output
    }

    /// Looks at the standard streams and at NO_COLOR.
    init(environment: [String: String]) {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        hasColour = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        isInteractive = isatty(STDIN_FILENO) == 1
        var size = winsize()
        let known = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = known ? max(40, Int(size.ws_col)) : 80
        output = Self.write
    }

    /// Prints a line of the answer.
    func print(_ line: String = "") {
        output("\(line)\n", STDOUT_FILENO)
    }

    /// Prints a table, cut to the terminal's width.
    func print(_ table: Table) {
        for line in table.lines(width: width) { print(line) }
    }

    /// Prints an answer as JSON, which is all that a program wants.
    func answer(_ json: JSON) -> ExitCode {
        print(json.indented())
        return .good
    }

    /// Prints a line beside the answer: errors, progress.
    func note(_ line: String) {
        output("\(line)\n", STDERR_FILENO)
    }

    /// Asks a question; the answer without its line end, or the default when it is empty.
    func ask(_ question: String, default fallback: String) -> String {
        output("\(question) [\(fallback)]: ", STDERR_FILENO)
        guard let answer = readLine(), !answer.isEmpty else { return fallback }
        return answer
    }

    /// The text in a colour, where colours are shown.
    func styled(_ text: String, _ style: Style) -> String {
        hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// A way to set text apart.
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    @Sendable private static func write(_ text: String, to descriptor: CInt) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if errno == EINTR { continue }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}

/// The environment of the process as a dictionary.
func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
        entry += 1
    }
    return result
}
