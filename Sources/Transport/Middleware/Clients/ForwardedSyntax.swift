/// Takes a `Forwarded` field apart: elements with commas between, pairs with semicolons between (RFC 7239 §4).
struct ForwardedSyntax {
    private var rest: Substring.UTF8View

    /// The pairs of each element, their names in lower case; nil when the field is malformed.
    static func elements(of value: String) -> [[(name: String, value: String)]]? {
        var reader = ForwardedSyntax(rest: value[...].utf8)
        var elements: [[(name: String, value: String)]] = [[]]
        while true {
            reader.skipSpace()
            guard let next = reader.rest.first else { break }
            switch next {
            case UInt8(ascii: ","):
                elements.append([])
                reader.rest.removeFirst()
            case UInt8(ascii: ";"):
                reader.rest.removeFirst()
            default:
                guard let pair = reader.pair(), reader.isAtEndOfPair else { return nil }
                let last = elements.count - 1
                // A name twice may mean two things to two readers.
                guard !elements[last].contains(where: { $0.name == pair.name }) else { return nil }
                elements[last].append(pair)
            }
        }
        return elements.filter { !$0.isEmpty }
    }

    private var isAtEndOfPair: Bool {
        mutating get {
            skipSpace()
            return rest.isEmpty || rest.first == UInt8(ascii: ",") || rest.first == UInt8(ascii: ";")
        }
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    }

    private mutating func pair() -> (name: String, value: String)? {
        guard let name = token(), rest.popFirst() == UInt8(ascii: "=") else { return nil }
        let value = rest.first == UInt8(ascii: "\"") ? quoted() : token()
        return value.map { (name.lowercased(), $0) }
    }

    private mutating func token() -> String? {
        let text = rest.prefix { $0.isHTTPToken }
        guard !text.isEmpty else { return nil }
        rest = rest.dropFirst(text.count)
        return String(text)
    }

    /// A quoted string (RFC 9110 §5.6.4).
    private mutating func quoted() -> String? {
        var bytes: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
