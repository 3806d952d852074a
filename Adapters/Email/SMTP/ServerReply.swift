/// An answer of a mail server (RFC 5321 §4.2, RFC 2034).
public struct ServerReply: Sendable, Hashable {
    /// The three digits.
    public let code: Int
    /// The enhanced status code (RFC 3463), as in `2.1.0`; `nil` where none belongs.
    public let status: String?
    /// The lines of text, at least one.
    public let lines: [String]

    /// Creates a reply of one line; characters that would break the protocol become spaces.
    public init(_ code: Int, _ status: String?, _ text: String) {
        self.init(code, status, lines: [text])
    }

    /// Creates a reply of several lines.
    init(_ code: Int, _ status: String?, lines: [String]) {
        self.code = code
        self.status = status
        self.lines = lines.map { line in
            let cleaned = line.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? Character($0) : " " }
            return String(cleaned.prefix(450))
        }
    }

    /// The reply as it goes over the wire.
    public var bytes: [UInt8] {
        var text = ""
        for (index, line) in lines.enumerated() {
            let separator = index == lines.count - 1 ? " " : "-"
            text += "\(code)\(separator)\(status.map { "\($0) " } ?? "")\(line)\r\n"
        }
        return Array(text.utf8)
    }

    /// Whether the reply says that the command was wrong, for good.
    var isError: Bool { code >= 500 }
}
