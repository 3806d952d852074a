import AdapterKit
import Messages

extension Problem {
    /// What the router said when it did not take a message.
    ///
    /// - Parameters:
    ///   - error: What the router said.
    ///   - spread: Makes of a pause another one for each client.
    init(_ error: AcceptError, spread: (Duration) -> Duration) {
        switch error {
        case .refused(let reason): self.init(422, reason)
        case .busy(let retryAfter): self.init(429, error.description, retryAfter: retryAfter)
        case .full(let reason): self.init(507, reason, retryAfter: spread(.seconds(60)))
        case .unavailable(let reason): self.init(503, reason, retryAfter: spread(.seconds(5)))
        }
    }

    /// What is wrong with the JSON of a body; `prefix` is the pointer to what was read, as in `/2` of a batch.
    init(_ error: MessageError, prefix: String = "") {
        switch error {
        case .badField(let path, let reason):
            let pointer = Self.pointer(path)
            self.init(
                400, error.description, faults: [Fault(pointer: "#\(prefix)\(pointer)", detail: reason)])
        default: self.init(400, error.description, faults: [Fault(detail: error.description)])
        }
    }

    /// The JSON Pointer of a path such as `parts[2].type`: `/parts/2/type`.
    static func pointer(_ path: String) -> String {
        guard path != "envelope" else { return "" }
        var pointer = "/"
        for character in path {
            switch character {
            case ".", "[": pointer.append("/")
            case "]": continue
            case "~": pointer.append("~0")
            case "/": pointer.append("~1")
            default: pointer.append(character)
            }
        }
        return pointer
    }

    /// The faults of several entries of a batch as one problem; `nil` when there are none.
    static func joined(_ problems: [Problem], outOf count: Int) -> Problem? {
        guard let first = problems.first else { return nil }
        let detail =
            problems.count == 1
            ? "1 of \(count) messages is wrong, and none was taken: \(first.detail)"
            : "\(problems.count) of \(count) messages are wrong, and none was taken"
        return Problem(first.status, detail, faults: problems.flatMap(\.faults))
    }
}
