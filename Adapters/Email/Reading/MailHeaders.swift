import Messages

/// The fields of a mail's header as the envelope shows them.
enum MailHeaders {
    /// The most bytes of one value, and of all together.
    private static let maximumValue = 8_192
    private static let maximumTotal = 65_536

    /// The fields by their names in lower case, decoded; those that stand several times have a line for each.
    ///
    /// What is beyond the limits is left out, the last fields first.
    static func shown(_ header: HeaderFields) -> [String: String] {
        var shown: [String: String] = [:]
        var total = 0
        for field in header.fields {
            let value = clean(GMimeSyntax.decodedText(field.value)).cut(toBytes: maximumValue)
            total += field.name.utf8.count + value.utf8.count
            guard total <= maximumTotal else { break }
            shown[field.name] = shown[field.name].map { "\($0)\n\(value)" } ?? value
        }
        return shown
    }

    /// How urgent the sender says it is (`Importance` of RFC 4021, `X-Priority`, `Priority`).
    static func priority(_ header: HeaderFields) -> Priority {
        switch header.word("importance") ?? header.word("priority") {
        case "high", "urgent": return .high
        case "low", "non-urgent": return .low
        default: break
        }
        switch header.word("x-priority")?.first {
        case "1", "2": return .high
        case "4", "5": return .low
        default: return .normal
        }
    }

    /// The text without control characters: field values are single lines.
    static func clean(_ text: String) -> String {
        let kept = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return String(String.UnicodeScalarView(kept))
    }
}
