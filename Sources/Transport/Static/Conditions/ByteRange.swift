/// What of a representation a `Range` field asks for (RFC 9110 §14.1.2).
enum ByteRange: Hashable {
    /// All of it: there is no field, or one that is not understood, malformed, or asks for several ranges at once.
    case whole
    /// These bytes, at least one.
    case part(Range<Int>)
    /// None of it is there; the answer is 416.
    case unsatisfiable

    /// Reads a field for a representation of so many bytes.
    init(_ value: String?, length: Int) {
        self = .whole
        guard let value, let equals = value.firstIndex(of: "="), HTTPFields.isEqual(value[..<equals], "bytes") else {
            return
        }
        let text = value[value.index(after: equals)...].trimmingHTTPSpace()
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !text.contains(",") else { return }
        switch (parts[0].isEmpty, parts[1].isEmpty) {
        case (true, false):
            guard let count = Self.number(parts[1]) else { return }
            self = count == 0 || length == 0 ? .unsatisfiable : .part(max(0, length - count)..<length)
        case (false, true):
            guard let first = Self.number(parts[0]) else { return }
            self = first < length ? .part(first..<length) : .unsatisfiable
        case (false, false):
            guard let first = Self.number(parts[0]), let last = Self.number(parts[1]), first <= last else { return }
            self = first < length ? .part(first..<min(last, length - 1) + 1) : .unsatisfiable
        case (true, true): return
        }
    }

    /// A number of digits only; one too large for us is as large as possible.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text) ?? .max
    }
}
