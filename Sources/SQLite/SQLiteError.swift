/// Why the database could not do what it was asked to.
///
/// SQL text is part of an error; the values bound to it never are, for they belong to users.
public enum SQLiteError: Error, Sendable, Hashable {
    /// SQLite refused. `message` is SQLite's own text, `operation` the SQL or what was done to the file.
    case failed(code: ResultCode, message: String, operation: String)
    /// The file was written by a newer release, whose tables this one does not know.
    case newerSchema(path: String, found: Int, known: Int)
    /// The file is a database of another program.
    case foreignFile(path: String, found: Int32, expected: Int32)
    /// A column holds a value of another type than asked for.
    case unexpectedType(column: String, found: String, expected: String)
    /// The integrity check found damage; `findings` are SQLite's first lines.
    case damaged(path: String, findings: [String])
}

extension SQLiteError {
    /// Whether what lies in the file is damaged, so that reading it again finds nothing else.
    public var isDamage: Bool {
        switch self {
        case .failed(let code, _, _): .corrupt ~= code
        case .unexpectedType, .damaged: true
        case .newerSchema, .foreignFile: false
        }
    }

    /// SQLite's code, if SQLite refused.
    public var code: ResultCode? {
        if case .failed(let code, _, _) = self { code } else { nil }
    }
}

extension SQLiteError: CustomStringConvertible {
    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .failed(let code, let message, let operation):
            "\(code): \(message), in \(Self.shortened(operation))\(Self.advice(for: code).map { "; \($0)" } ?? "")"
        case .newerSchema(let path, let found, let known):
            "\(path) has schema version \(found), and this release knows versions up to \(known); "
                + "use the release that wrote it, or restore a backup made before the upgrade"
        case .foreignFile(let path, let found, let expected):
            "\(path) belongs to another program (application id \(found), expected \(expected)); is it the right file?"
        case .unexpectedType(let column, let found, let expected):
            "column \(column) holds \(found), expected \(expected)"
        case .damaged(let path, let findings):
            "\(path) is damaged: \(findings.joined(separator: "; ")); restore a backup, or salvage it with sqlite3's .recover"
        }
    }

    /// A long statement is cut: its beginning tells which one it is.
    private static func shortened(_ operation: String) -> String {
        let line = operation.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > 160 ? "\(line.prefix(160))…" : line
    }

    private static func advice(for code: ResultCode) -> String? {
        switch code {
        case .full: "free some space on that file system or raise the spool's limit"
        case .busy: "another process is using the file; stop it or try again"
        case .readOnly: "check the owner and the permissions of the file and its folder"
        case .cannotOpen: "check that the folder exists and may be written to"
        case .inputOutput: "the disk is failing or full; look at the system's log"
        case .corrupt: "restore a backup, or salvage the file with sqlite3's .recover"
        case .notADatabase: "is it the right file?"
        default: nil
        }
    }
}
