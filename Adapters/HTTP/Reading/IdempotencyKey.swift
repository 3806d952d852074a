/// Reads `Idempotency-Key` (draft of the IETF's httpapi group): a string of RFC 9651 §3.3.3, or bare as many write it.
enum IdempotencyKey {
    /// The most bytes a key has.
    static let maximumLength = 255

    /// Parses the header.
    ///
    /// - Throws: ``Problem`` with status 400.
    static func parse(_ header: String) throws(Problem) -> String {
        let text = header[...].trimmed
        let key = text.utf8.first == UInt8(ascii: "\"") ? try unquoted(text) : String(text)
        try check(key, "Idempotency-Key")
        return key
    }

    /// Checks a key, from wherever it is.
    ///
    /// - Throws: ``Problem`` with status 400.
    static func check(_ key: String, _ name: String) throws(Problem) {
        guard !key.isEmpty else { throw Problem(400, "\(name) is empty") }
        guard key.utf8.count <= maximumLength else { throw Problem(400, "\(name) has more than 255 bytes") }
        guard key.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Problem(400, "\(name) has a control character")
        }
    }

    private static func unquoted(_ text: Substring) throws(Problem) -> String {
        var bytes: [UInt8] = []
        var isEscaped = false
        var rest = text.utf8.dropFirst()
        while let byte = rest.popFirst() {
            if isEscaped {
                guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { break }
                bytes.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                guard rest.isEmpty else { break }
                return String(decoding: bytes, as: UTF8.self)
            } else {
                bytes.append(byte)
            }
        }
        throw Problem(400, "Idempotency-Key: expected one string in quotes, as in \"8e03978e-40d5\"")
    }
}
