/// A place in a configuration file, or the environment variable that a value came from.
public struct SourcePosition: Sendable, Hashable {
    /// The file as the user named it, or `$NAME` for an environment variable.
    public var file: String
    /// The line, counted from 1; 0 where there are no lines, as in an environment variable.
    public var line: Int
    /// The column in Unicode scalars, counted from 1; 0 where there are no lines.
    public var column: Int

    /// Makes the position from lines and columns that count from 1.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// Makes the position of a value that an environment variable holds.
    public init(environmentVariable name: String) {
        self.init(file: "$" + name, line: 0, column: 0)
    }

    /// The position of what a program states itself, such as the default of a setting.
    public static let builtIn = SourcePosition(file: "built-in", line: 0, column: 0)

    /// Whether the value came from an environment variable; such values are never shown in messages.
    public var isEnvironment: Bool { line == 0 && file.utf8.first == UInt8(ascii: "$") }

    /// The folder of the file with a slash at its end, or nothing for a bare name: what relative paths stand in.
    public var folder: String {
        guard !isEnvironment, let slash = file.lastIndex(of: "/") else { return "" }
        return String(file[...slash])
    }
}

extension SourcePosition: Comparable {
    /// Orders by file, then line, then column; environment variables come last.
    public static func < (left: Self, right: Self) -> Bool {
        if left.isEnvironment != right.isEnvironment { return right.isEnvironment }
        return (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourcePosition: CustomStringConvertible {
    /// The position as compilers write it: `routes.yaml:31:9`, or `$POSTROAD_ROUTER__NAME`.
    public var description: String {
        line == 0 ? printable(file) : "\(printable(file)):\(line):\(column)"
    }
}
