/// What the other end did against the protocol, and the code that the connection is closed with.
struct WebSocketViolation: Error, Hashable {
    let code: WebSocketCloseCode
    let detail: String

    static func protocolError(_ detail: String) -> WebSocketViolation {
        WebSocketViolation(code: .protocolError, detail: detail)
    }

    static var invalidText: WebSocketViolation {
        WebSocketViolation(code: .invalidData, detail: "a text is not UTF-8")
    }

    static func tooBig(_ limit: Int) -> WebSocketViolation {
        WebSocketViolation(code: .tooBig, detail: "a message has more than \(limit) bytes")
    }
}
