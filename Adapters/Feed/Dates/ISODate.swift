import Messages

/// Reads dates that begin with a year: RFC 3339, ISO 8601's basic and shortened forms, and what is near them.
struct ISODate {
    private var rest: Substring.UTF8View
    private let text: Substring

    init(_ text: String) {
        self.text = text[...]
        self.rest = self.text.utf8
    }

    /// The time, `nil` for a text of another form.
    var timestamp: Timestamp? {
        var reader = self
        return reader.read()?.timestamp
    }

    private mutating func read() -> DateFields? {
        var fields = DateFields()
        guard let year = number(of: 4) else { return nil }
        fields.year = year
        skip("-/.")
        guard !rest.isEmpty else { return fields }
        guard let month = number(of: 2) else { return nil }
        fields.month = month
        skip("-/.")
        guard !rest.isEmpty else { return fields }
        guard let day = number(of: 2) else { return nil }
        fields.day = day
        guard !rest.isEmpty else { return fields }
        skip("Tt ,")
        guard readTime(into: &fields) else { return nil }
        let zone = String(Substring(rest)).split(separator: " ").joined()
        guard let offset = DateZone.offset(zone) else { return nil }
        fields.zone = offset
        return fields
    }

    private mutating func readTime(into fields: inout DateFields) -> Bool {
        guard let hour = number(of: 2) else { return false }
        fields.hour = hour
        skip(":")
        guard let minute = number(of: 2) else { return rest.isEmpty }
        fields.minute = minute
        skip(":")
        guard let second = number(of: 2) else { return true }
        fields.second = second
        guard rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") else { return true }
        rest.removeFirst()
        let digits = rest.prefix { $0.isDigit }
        rest = rest[digits.endIndex...]
        let milliseconds = (Array(digits.prefix(3)) + [0x30, 0x30, 0x30]).prefix(3)
        fields.millisecond = milliseconds.reduce(0) { $0 * 10 + Int($1) - 0x30 }
        return !digits.isEmpty
    }

    private mutating func number(of count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(\.isDigit) else { return nil }
        rest = rest[digits.endIndex...]
        return digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    private mutating func skip(_ characters: StaticString) {
        guard let first = rest.first else { return }
        if characters.withUTF8Buffer({ $0.contains(first) }) { rest.removeFirst() }
    }
}
