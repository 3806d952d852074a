/// The header fields of a message: in order, found without regard to case, any name as often as it came (RFC 9110 §5).
public struct HTTPFields: Sendable, Hashable {
    /// One field: its name as it was written, and its value without the spaces around it.
    public struct Field: Sendable, Hashable {
        /// The name, a token.
        public let name: String
        /// The value; bytes that are not UTF-8 are read as ISO 8859-1.
        public let value: String

        /// Creates a field.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The fields in their order.
    public private(set) var fields: [Field]

    /// Creates fields from an array.
    public init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The first value of this name; setting it replaces all of that name, and nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.isEqual($0.name, name) }?.value }
        set {
            fields.removeAll { Self.isEqual($0.name, name) }
            if let newValue { add(name, newValue) }
        }
    }

    /// All values of this name, in their order.
    public func values(_ name: String) -> [String] {
        fields.compactMap { Self.isEqual($0.name, name) ? $0.value : nil }
    }

    /// The elements of a comma-separated list spread over all fields of this name, without spaces around them and empty
    /// ones.
    public func list(_ name: String) -> [Substring] {
        fields.filter { Self.isEqual($0.name, name) }.flatMap { field in
            field.value.split(separator: ",").map { $0.trimmingHTTPSpace() }.filter { !$0.isEmpty }
        }
    }

    /// Adds a field after the others.
    public mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Tells whether a field of this name is there.
    public func contains(_ name: String) -> Bool {
        fields.contains { Self.isEqual($0.name, name) }
    }

    /// Tells whether two names, or tokens, are the same but for the case of ASCII letters.
    static func isEqual(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
        let left = left.utf8
        let right = right.utf8
        return left.count == right.count && zip(left, right).allSatisfy { $0.asciiLowercase == $1.asciiLowercase }
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    /// Creates fields from names and values, in their order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Field(name: $0, value: $1) })
    }
}

extension HTTPFields: RandomAccessCollection {
    /// The index of the first field.
    public var startIndex: Int { fields.startIndex }
    /// The index after the last field.
    public var endIndex: Int { fields.endIndex }
    /// The field at an index.
    public subscript(position: Int) -> Field { fields[position] }
}

extension UInt8 {
    /// The byte, lower case if it is a capital ASCII letter.
    var asciiLowercase: UInt8 {
        (0x41...0x5A).contains(self) ? self | 0x20 : self
    }

    /// Tells whether the byte may stand in a token (RFC 9110 §5.6.2).
    var isHTTPToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }
}

extension StringProtocol {
    /// The text without spaces and tabs around it.
    func trimmingHTTPSpace() -> SubSequence {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = self[...].drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }

    /// Tells whether the text is a token (RFC 9110 §5.6.2).
    var isHTTPToken: Bool {
        !isEmpty && utf8.allSatisfy(\.isHTTPToken)
    }

    /// Tells whether the text may be a field's value: no control characters but tabs, so that it cannot end its line.
    var isHTTPValue: Bool {
        utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
