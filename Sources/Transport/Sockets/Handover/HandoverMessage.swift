/// What a router and its successor tell each other, a line each.
public enum HandoverMessage: Sendable, Hashable {
    /// The successor could take over; its version.
    case ready(version: String)
    /// The successor cannot take over, and why.
    case failed(reason: String)
    /// The predecessor has let go of everything: take over.
    case go
    /// The successor serves.
    case serving

    /// The line, without its end.
    var line: String {
        switch self {
        case .ready(let version): "ready \(version)"
        case .failed(let reason):
            "failed " + reason.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        case .go: "go"
        case .serving: "serving"
        }
    }

    /// Reads a line; nil for one that says nothing known.
    init?(line: String) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.count) {
        case ("ready", 2): self = .ready(version: String(parts[1]))
        case ("failed", 2): self = .failed(reason: Self.unescaped(parts[1]))
        case ("go", 1): self = .go
        case ("serving", 1): self = .serving
        default: return nil
        }
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
