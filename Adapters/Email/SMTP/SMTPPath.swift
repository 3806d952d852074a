/// The path of MAIL and RCPT: `<local@domain>`, `<>`, a quoted local part, an address literal (RFC 5321 §4.1.2).
struct SMTPPath: Sendable, Hashable {
    /// The longest path, in bytes (RFC 5321 §4.5.3.1.3).
    static let maximumLength = 256

    /// The address without brackets and source route; empty for the null path.
    let address: String

    /// Whether it has characters beyond ASCII, which only SMTPUTF8 allows.
    var isInternational: Bool { address.utf8.contains { $0 >= 0x80 } }

    /// Reads a path and what follows it; `nil` when it is none.
    static func parse(_ text: ArraySlice<UInt8>) -> (path: SMTPPath, rest: ArraySlice<UInt8>)? {
        guard text.first == UInt8(ascii: "<"), let end = closingBracket(of: text) else { return nil }
        var inner = text[text.index(after: text.startIndex)..<end]
        if inner.first == UInt8(ascii: "@") {
            // A source route is read over, as RFC 5321 appendix C wants.
            guard let colon = inner.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            inner = inner[inner.index(after: colon)...]
        }
        guard inner.count <= maximumLength, let address = String(validating: inner, as: UTF8.self),
            isAddress(address)
        else { return nil }
        return (SMTPPath(address: address), text[text.index(after: end)...])
    }

    /// The `>` that ends the path; one in a quoted local part does not.
    private static func closingBracket(of text: ArraySlice<UInt8>) -> Int? {
        var isQuoted = false
        var isEscaped = false
        for (index, byte) in zip(text.indices, text) {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, byte == UInt8(ascii: ">") {
                return index
            }
        }
        return nil
    }

    private static func isAddress(_ text: String) -> Bool {
        guard !text.isEmpty else { return true }
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { return false }
        let at = text.lastIndex(of: "@")
        let local = at.map { text[..<$0] } ?? text[...]
        let domain = at.map { text[text.index(after: $0)...] }
        let isQuoted = local.count >= 2 && local.hasPrefix("\"") && local.hasSuffix("\"")
        guard !local.isEmpty, isQuoted || !local.contains(where: { " <>()[]:;,\"@\\".contains($0) }) else {
            return false
        }
        guard let domain else { return true }
        if domain.hasPrefix("[") { return domain.hasSuffix("]") && domain.count > 2 }
        return !domain.isEmpty
            && domain.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x80 || scalar == "." || scalar == "-" || scalar == "_"
                    || scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
            }
    }
}
