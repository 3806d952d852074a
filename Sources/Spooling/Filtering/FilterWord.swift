/// Why a word of a filter is wrong.
struct FilterFault: Error {
    let reason: String
}

/// One word of a filter: `attempts>=3` has the key `attempts`, the operation `>=` and the value `3`.
struct FilterWord {
    /// Where the word begins, in bytes.
    let offset: Int
    let key: String
    let operation: String
    let value: String

    /// Reads the value.
    func parsed<Value>(_ expected: String, _ parse: (String) -> Value?) throws(FilterFault) -> Value {
        guard let parsed = parse(value) else {
            throw FilterFault(reason: "expected \(expected), found \"\(value)\"")
        }
        return parsed
    }

    /// Parts a filter into its words.
    static func split(_ text: String) throws(SpoolError) -> [FilterWord] {
        var words: [FilterWord] = []
        var rest = Substring(text)
        while true {
            rest = rest.drop { $0.isWhitespace }
            guard !rest.isEmpty else { return words }
            let offset = text.utf8.distance(from: text.startIndex, to: rest.startIndex)
            let key = rest.prefix { $0.isLetter }
            let operation = rest.dropFirst(key.count).prefix { "=~<>".contains($0) }
            guard !key.isEmpty, !operation.isEmpty else {
                throw .badFilter(text: text, offset: offset, reason: "expected a condition, as in state=dead")
            }
            rest = rest.dropFirst(key.count + operation.count)
            guard let value = Self.value(&rest) else {
                throw .badFilter(text: text, offset: offset, reason: "the closing quote is missing")
            }
            guard !value.isEmpty else {
                throw .badFilter(text: text, offset: offset, reason: "expected a value after \(key)\(operation)")
            }
            words.append(FilterWord(offset: offset, key: String(key), operation: String(operation), value: value))
        }
    }

    /// Takes a value, quoted or not, from the front; `nil` when its closing quote is missing.
    private static func value(_ rest: inout Substring) -> String? {
        guard rest.first == "\"" else {
            let value = rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(value.count)
            return String(value)
        }
        var value = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            if character == "\"" { return value }
            if character == "\\", let next = rest.popFirst() { value.append(next) } else { value.append(character) }
        }
        return nil
    }
}
